//! A strategy changed in code: `Strategy::preset("reset-only")?.named("patient").link_lifetime_h(72.0)`.
//!
//! A value outside its limits is not taken; it is kept aside, and the scenario that is built with the strategy is refused
//! with key, value and what is allowed, together with whatever else is wrong with it. Every other key can be set by its
//! name: see `Strategy::set`.

use super::Strategy;
use super::controls::{Controls, DeskCheck, Fallback, OnConflict, Sessions};
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

    /// Puts it under these controls, as in `under(Controls::strict())`. What is set on it afterwards is laid over them.
    #[must_use]
    pub fn under(mut self, controls: Controls) -> Self {
        self.refused.retain(|(of, _)| !of.starts_with("controls."));
        self.controls = controls;
        self
    }

    /// Lifetime of a link that the campaign mails, in hours.
    #[must_use]
    pub fn link_lifetime_h(self, hours: f64) -> Self {
        let read = Positive::try_from(hours);
        self.take("controls.link_lifetime_h", hours, read, |controls| &mut controls.link_lifetime_h)
    }

    /// Lifetime of a link or code that the customer asked for, in minutes.
    #[must_use]
    pub fn code_lifetime_min(self, minutes: f64) -> Self {
        let read = Positive::try_from(minutes);
        self.take("controls.code_lifetime_min", minutes, read, |controls| &mut controls.code_lifetime_min)
    }

    /// Days after the first campaign mail at which a reminder with a fresh link goes to those who have not moved, in
    /// ascending order.
    #[must_use]
    pub fn reminders_days(self, days: impl IntoIterator<Item = f64>) -> Self {
        let days: Vec<f64> = days.into_iter().collect();
        let read = days.iter().map(|&day| Positive::try_from(day)).collect::<Result<Vec<_>, _>>();
        self.take("controls.reminders_days", days, read, |controls| &mut controls.reminders_days)
    }

    /// Links or codes that a customer can ask for in one attempt.
    #[must_use]
    pub fn resend_limit(self, links: u32) -> Self {
        let read = Whole::try_from(i64::from(links));
        self.take("controls.resend_limit", links, read, |controls| &mut controls.resend_limit)
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
    pub fn duplicate_detection_share(self, share: f64) -> Self {
        let read = Share::try_from(share);
        self.take("controls.duplicate_detection_share", share, read, |controls| {
            &mut controls.duplicate_detection_share
        })
    }

    /// Share of takeovers that fraud monitoring detects.
    #[must_use]
    pub fn fraud_detection_share(self, share: f64) -> Self {
        let read = Share::try_from(share);
        self.take("controls.fraud_detection_share", share, read, |controls| &mut controls.fraud_detection_share)
    }

    /// Mean time from takeover to detection, in hours.
    #[must_use]
    pub fn fraud_detection_h(self, hours: f64) -> Self {
        let read = Amount::try_from(hours);
        self.take("controls.fraud_detection_h", hours, read, |controls| &mut controls.fraud_detection_h)
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

    /// Takes a value that is allowed, and keeps one aside that is not.
    fn take<T>(
        mut self,
        key: &'static str,
        written: impl Into<toml::Value>,
        read: Result<T, String>,
        slot: fn(&mut Controls) -> &mut T,
    ) -> Self {
        self.refused.retain(|(of, _)| *of != key);
        match read {
            Ok(value) => *slot(&mut self.controls) = value,
            Err(_) => self.refused.push((key, written.into())),
        }
        self
    }
}
