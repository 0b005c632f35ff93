//! Treatments: what a policy can give to an account. How each of them goes for a customer is told in `journey`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an account is given when the rollout reaches it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Treatment {
    /// The password hash is imported; the customer notices nothing.
    HashImport,
    /// The next sign-in is verified at the legacy platform and the password is rehashed in passing.
    LazyVerify,
    /// The social identity is linked again at the next social sign-in.
    SocialRelink,
    /// The password is refused from now on; a mailed link lets the customer choose a new one.
    ResetLink,
    /// The next sign-in is confirmed by a code or link sent to the e-mail address.
    MagicLink,
    /// The next sign-in is confirmed on a second channel: a code to the phone, or a document check.
    StepUp,
    /// The next sign-in opens a case that a reviewer decides.
    ManualReview,
    /// The customer is asked to contact the help desk.
    DeskFallback,
    /// The account stays on the legacy platform for now.
    Defer,
    /// The account is archived; a customer who comes back must claim it.
    Retire,
}
