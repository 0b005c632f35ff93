//! Signal: what an operator can see of a migration while it runs. Gates of a rollout look at it, and at nothing else.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::listed::listed;

listed! {
    /// What an operator can see, over the hours up to now.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    pub enum Signal {
        /// Share of campaign mails that bounced.
        BounceShare,
        /// Share of links clicked or asked for that came to nothing: expired, used before, never used, or left at the
        /// page behind them.
        FailedResetShare,
        /// Sign-ups by customers who have an account, as found by comparing new identities with old ones.
        DuplicateSignUps,
        /// Takeovers that fraud monitoring or the owner noticed.
        TakeoverAlarms,
        /// Wait that half of the callers do not exceed, in seconds.
        PhoneWaitP50S,
        /// Wait that 95 of 100 callers do not exceed, in seconds.
        PhoneWaitP95S,
        /// Share of callers who gave up.
        PhoneAbandonedShare,
        /// Contacts of all channels that wait at the end of the last full hour.
        DeskBacklog,
    }
}

impl Signal {
    /// Name in scenario files and results.
    pub fn key(self) -> &'static str {
        match self {
            Self::BounceShare => "bounce_share",
            Self::FailedResetShare => "failed_reset_share",
            Self::DuplicateSignUps => "duplicate_sign_ups",
            Self::TakeoverAlarms => "takeover_alarms",
            Self::PhoneWaitP50S => "phone_wait_p50_s",
            Self::PhoneWaitP95S => "phone_wait_p95_s",
            Self::PhoneAbandonedShare => "phone_abandoned_share",
            Self::DeskBacklog => "desk_backlog",
        }
    }

    /// Whether it is a share, 0 to 1.
    pub fn is_share(self) -> bool {
        match self {
            Self::BounceShare | Self::FailedResetShare | Self::PhoneAbandonedShare => true,
            Self::DuplicateSignUps
            | Self::TakeoverAlarms
            | Self::PhoneWaitP50S
            | Self::PhoneWaitP95S
            | Self::DeskBacklog => false,
        }
    }

    /// What was seen, in words: "12 % of mails bounced".
    pub fn words(self, value: f64) -> String {
        let percent = || format!("{:.1} %", 100.0 * value);
        match self {
            Self::BounceShare => format!("{} of mails bounced", percent()),
            Self::FailedResetShare => format!("{} of links came to nothing", percent()),
            Self::DuplicateSignUps => format!("{value:.0} customers signed up again"),
            Self::TakeoverAlarms => format!("{value:.0} takeovers were noticed"),
            Self::PhoneWaitP50S => format!("half of the callers waited longer than {value:.0} s"),
            Self::PhoneWaitP95S => format!("one caller in twenty waited longer than {value:.0} s"),
            Self::PhoneAbandonedShare => format!("{} of callers gave up", percent()),
            Self::DeskBacklog => format!("{value:.0} contacts waited at the desk"),
        }
    }
}
