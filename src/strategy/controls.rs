//! Controls: the safeguards under which a strategy runs. Three named sets are an axis of their own, so that every strategy
//! can be run under each.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::listed::listed;
use crate::values::{Amount, Positive, Share, Whole};

/// Safeguards of a strategy. A named set may stand for the whole table, as in `controls = "strict"`. Links are always single
/// use and their lifetime is always strict.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Controls {
    /// The named set from which the keys are taken that are not stated beside it.
    pub set: ControlSet,
    /// Lifetime of a link that the campaign mails.
    pub link_lifetime_h: Positive,
    /// Lifetime of a link or code that the customer asked for.
    pub code_lifetime_min: Positive,
    /// Days after the first campaign mail at which a reminder with a fresh link goes to those who have not moved, in
    /// ascending order. `[]` for none.
    pub reminders_days: Vec<Positive>,
    /// Links or codes that a customer asks for in one attempt, at most.
    pub resend_limit: Whole<1, 20>,
    /// Whether customers with an e-mail address are sent one more mail that announces the campaign, when the rollout
    /// reaches them.
    pub announced: bool,
    /// When legacy sessions end.
    pub sessions: Sessions,
    /// Whether the legacy password is retired once the link is confirmed and the sessions are revoked. It cannot go
    /// with `leave`.
    pub retire_credential: bool,
    /// What the target does when an e-mail already belongs to an identity there.
    pub on_conflict: OnConflict,
    /// Whether a social sign-in without a portable subject id may be linked by its e-mail address.
    pub social_by_email: bool,
    /// Whether `reset_link` takes a social sign-in away that still works: the customer then has to choose a password.
    pub reset_social: bool,
    /// Whether a link is used up by a press on the page behind it rather than by opening it: then a mail scanner that opens
    /// links uses none up.
    pub confirm_page: bool,
    /// Share of sign-ups by known customers that are recognised and led back to the old account by a step-up.
    pub duplicate_detection_share: Share,
    /// Share of takeovers that fraud monitoring detects.
    pub fraud_detection_share: Share,
    /// Mean time from takeover to detection (exponential), of those that are detected.
    pub fraud_detection_h: Amount,
    /// Whether somebody at the same household or company, whose account has moved, can vouch for a customer who failed.
    pub delegated_recovery: bool,
    /// How the desk checks who is calling; how well that works is in `desk.checks`.
    pub desk_check: DeskCheck,
    /// Where callers go who fail that check. Who wrote cannot be passed on to the second line.
    pub fallback: Fallback,
}

listed! {
    /// A named set of controls.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum ControlSet {
        /// What a platform does if nobody asks for more: long links, sessions and old passwords left alone, sign-ins by the same
        /// address taken for the same person, no monitoring beyond the platform's own, questions at the desk.
        Minimal,
        /// What a team with an eye on it does: links for a day, sessions and passwords ended with the link, conflicts and
        /// failed callers to a reviewer, half of the doubled recognised, the monitoring of the legacy platform kept up.
        #[default]
        Standard,
        /// What a supervised company does: codes for ten minutes, every session ended when the rollout arrives, proof by
        /// document at the desk, most of the doubled recognised, closer monitoring.
        Strict,
    }
}

impl ControlSet {
    /// Name in scenario files.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Minimal => "minimal",
            Self::Standard => "standard",
            Self::Strict => "strict",
        }
    }

    /// The set of this name, if there is one.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|set| set.key() == name)
    }

    /// What it holds.
    pub fn controls(self) -> Controls {
        match self {
            Self::Minimal => Controls::minimal(),
            Self::Standard => Controls::standard(),
            Self::Strict => Controls::strict(),
        }
    }
}

/// Keys that belong to how a strategy writes to customers, and not to its safeguards: whoever runs it under another set keeps
/// them.
pub(crate) const CONDUCT: [&str; 2] = ["announced", "reminders_days"];

impl Default for Controls {
    fn default() -> Self {
        Self::standard()
    }
}

impl Controls {
    /// What a platform does if nobody asks for more.
    pub fn minimal() -> Self {
        Self {
            set: ControlSet::Minimal,
            // Five days is what one platform gives a ticket if nobody says otherwise.
            link_lifetime_h: Positive::new(120.0),
            code_lifetime_min: Positive::new(60.0),
            resend_limit: Whole::new(5),
            sessions: Sessions::Leave,
            retire_credential: false,
            on_conflict: OnConflict::Refuse,
            confirm_page: false,
            duplicate_detection_share: Share::new(0.0),
            fraud_detection_share: Share::new(0.1),
            fraud_detection_h: Amount::new(72.0),
            desk_check: DeskCheck::Knowledge,
            fallback: Fallback::Letter,
            ..Self::standard()
        }
    }

    /// What a team with an eye on it does. What a strategy leaves out is taken from here.
    pub fn standard() -> Self {
        Self {
            set: ControlSet::Standard,
            link_lifetime_h: Positive::new(24.0),
            code_lifetime_min: Positive::new(30.0),
            reminders_days: vec![Positive::new(3.0), Positive::new(10.0)],
            resend_limit: Whole::new(3),
            announced: false,
            sessions: Sessions::RevokeOnLink,
            retire_credential: true,
            on_conflict: OnConflict::Review,
            social_by_email: true,
            reset_social: false,
            confirm_page: true,
            duplicate_detection_share: Share::new(0.5),
            fraud_detection_share: Share::new(0.3),
            fraud_detection_h: Amount::new(48.0),
            delegated_recovery: false,
            desk_check: DeskCheck::CallBack,
            fallback: Fallback::Review,
        }
    }

    /// What a supervised company does.
    pub fn strict() -> Self {
        Self {
            set: ControlSet::Strict,
            code_lifetime_min: Positive::new(10.0),
            sessions: Sessions::InvalidateAtCutover,
            social_by_email: false,
            duplicate_detection_share: Share::new(0.7),
            fraud_detection_share: Share::new(0.5),
            fraud_detection_h: Amount::new(24.0),
            desk_check: DeskCheck::Document,
            ..Self::standard()
        }
    }
}

/// What happens to legacy sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sessions {
    /// All of them end when the rollout reaches the account.
    InvalidateAtCutover,
    /// They end when the account is linked.
    RevokeOnLink,
    /// Nobody ends them.
    Leave,
}

/// What the target does when an e-mail already belongs to an identity there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnConflict {
    /// The second account is refused.
    Refuse,
    /// The second account is merged into the identity: right for one person twice, wrong for two.
    Merge,
    /// A reviewer separates or merges.
    Review,
}

/// How the desk checks who is calling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeskCheck {
    /// Knowledge questions.
    Knowledge,
    /// Call back on the number on record.
    CallBack,
    /// Document and selfie.
    Document,
}

/// Where customers go who fail the desk's check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fallback {
    /// To the review team.
    Review,
    /// They are passed on to the second line at once, and prove their identity with a document.
    Tier2,
    /// They are told to write a letter, which is to say nowhere.
    Letter,
}
