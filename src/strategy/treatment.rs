//! Treatments: what a policy can give to an account. How each of them goes for a customer is told in `journey`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an account is given when the rollout reaches it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Treatment {
    /// The password hash is carried over when the rollout reaches the account; the customer notices nothing. If it
    /// cannot be imported, or the account is locked or disabled, the customer finds the password refused at the next
    /// sign-in and asks for a link.
    HashImport,
    /// The next sign-in is verified at the legacy platform and the password is rehashed in passing. A forgotten
    /// password needs a link. An account without a password is treated as under `social_relink`.
    LazyVerify,
    /// The next social sign-in links the account by the provider's subject id. If that is not portable: by e-mail if
    /// the control `social_by_email` allows it and the addresses agree, else by the password if there is one, else the
    /// visitor becomes a new customer. An account without a social identity is treated as under `lazy_verify`.
    SocialRelink,
    /// The password is refused from now on, and a link is mailed, with reminders. The only treatment that sends
    /// campaign mail.
    ResetLink,
    /// The next sign-in is confirmed by a link or code sent to the e-mail address; without an address it is refused.
    MagicLink,
    /// The next sign-in is confirmed by a code to the phone on record, else by a document check.
    StepUp,
    /// The next sign-in opens a case that a reviewer decides.
    ManualReview,
    /// The next sign-in is refused and the customer is shown the number of the desk.
    DeskFallback,
    /// The account stays on the legacy platform, until the cut-off if there is one.
    Defer,
    /// The account is archived and its sessions end. A customer who comes back must claim it through the desk.
    Retire,
}
