//! A strategy changed in code: `Strategy::preset("reset-only")?.named("patient").link_lifetime_h(72.0)`.
//!
//! A value outside its limits is not taken; it is kept aside, and the scenario that is built with the strategy is refused
//! with key, value and what is allowed, together with whatever else is wrong with it. Every other key can be set by its
//! name: see `Strategy::set`.

use super::Strategy;
use super::controls::{DeskCheck, Fallback, OnConflict, Sessions};
use super::rollout::Rollout;
use crate::values::{Amount, Positive, Share, Whole};

impl Strategy {
    /// Gives it another name, unique in the scenario.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Says what it does, in a sentence for the report.
    #[must_use]
    pub fn described(mut self, summary: impl Into<String>) -> Self {
        self.summary = summary.into();
        self
    }

    /// When accounts are moved.
    #[must_use]
    pub fn rolled_out(mut self, rollout: Rollout) -> Self {
        self.rollout = rollout;
        self
    }

    /// Lifetime of a link that the campaign mails, in hours.
    #[must_use]
    pub fn link_lifetime_h(mut self, hours: f64) -> Self {
        match Positive::try_from(hours) {
            Ok(hours) => self.controls.link_lifetime_h = hours,
            Err(_) => self.refuse("controls.link_lifetime_h", hours),
        }
        self
    }

    /// Lifetime of a link or code that the customer asked for, in minutes.
    #[must_use]
    pub fn code_lifetime_min(mut self, minutes: f64) -> Self {
        match Positive::try_from(minutes) {
            Ok(minutes) => self.controls.code_lifetime_min = minutes,
            Err(_) => self.refuse("controls.code_lifetime_min", minutes),
        }
        self
    }

    /// Days after the first campaign mail at which a reminder with a fresh link goes to those who have not moved, in
    /// ascending order.
    #[must_use]
    pub fn reminders_days(mut self, days: impl IntoIterator<Item = f64>) -> Self {
        let days: Vec<f64> = days.into_iter().collect();
        match days.iter().map(|&day| Positive::try_from(day)).collect::<Result<Vec<_>, _>>() {
            Ok(days) => self.controls.reminders_days = days,
            Err(_) => self.refuse("controls.reminders_days", days),
        }
        self
    }

    /// Links or codes that a customer can ask for in one attempt.
    #[must_use]
    pub fn resend_limit(mut self, links: u32) -> Self {
        match Whole::try_from(i64::from(links)) {
            Ok(links) => self.controls.resend_limit = links,
            Err(_) => self.refuse("controls.resend_limit", links),
        }
        self
    }

    /// Whether customers are sent one more mail that announces the campaign.
    #[must_use]
    pub fn announced(mut self, announced: bool) -> Self {
        self.controls.announced = announced;
        self
    }

    /// What happens to legacy sessions.
    #[must_use]
    pub fn sessions(mut self, sessions: Sessions) -> Self {
        self.controls.sessions = sessions;
        self
    }

    /// Whether the legacy credential is retired once link and revocation are verified.
    #[must_use]
    pub fn retire_credential(mut self, retire: bool) -> Self {
        self.controls.retire_credential = retire;
        self
    }

    /// What the target does when an e-mail already belongs to an identity there.
    #[must_use]
    pub fn on_conflict(mut self, on_conflict: OnConflict) -> Self {
        self.controls.on_conflict = on_conflict;
        self
    }

    /// Share of sign-ups by known customers that are recognised and led back to the old account.
    #[must_use]
    pub fn duplicate_detection_share(mut self, share: f64) -> Self {
        match Share::try_from(share) {
            Ok(share) => self.controls.duplicate_detection_share = share,
            Err(_) => self.refuse("controls.duplicate_detection_share", share),
        }
        self
    }

    /// Share of takeovers that fraud monitoring detects.
    #[must_use]
    pub fn fraud_detection_share(mut self, share: f64) -> Self {
        match Share::try_from(share) {
            Ok(share) => self.controls.fraud_detection_share = share,
            Err(_) => self.refuse("controls.fraud_detection_share", share),
        }
        self
    }

    /// Mean time from takeover to detection, in hours.
    #[must_use]
    pub fn fraud_detection_h(mut self, hours: f64) -> Self {
        match Amount::try_from(hours) {
            Ok(hours) => self.controls.fraud_detection_h = hours,
            Err(_) => self.refuse("controls.fraud_detection_h", hours),
        }
        self
    }

    /// How the desk checks who is calling.
    #[must_use]
    pub fn desk_check(mut self, check: DeskCheck) -> Self {
        self.controls.desk_check = check;
        self
    }

    /// Where customers go who fail that check.
    #[must_use]
    pub fn fallback(mut self, fallback: Fallback) -> Self {
        self.controls.fallback = fallback;
        self
    }

    fn refuse(&mut self, key: &'static str, value: impl Into<toml::Value>) {
        self.refused.retain(|(of, _)| *of != key);
        self.refused.push((key, value.into()));
    }
}
