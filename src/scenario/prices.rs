//! `[prices]`: what things cost, in integer cents.

use crate::values::Whole;

/// A price in whole cents.
pub type Cents = Whole<0, 100_000_000_000>;

section! {
    /// Unit prices. Money is counted in cents; the currency is yours.
    pub struct Prices {
        /// A thousand e-mails.
        email_cents_per_1000: Cents = Whole::new(100), Assumption, "bulk senders charge about 1 USD per 1,000";
        /// One text message.
        sms_cents: Cents = Whole::new(3), Assumption, "differs by country";
        /// One document check of a customer in a step-up.
        document_cents: Cents = Whole::new(150), Assumption, "1-2 USD is common";
        /// A minute of a first-line agent on a call, chat or e-mail.
        desk_cents_per_min: Cents = Whole::new(104), Measured, "5.25 USD per call (ContactBabel US, about 2017) of 302 s";
        /// A minute of a reviewer.
        review_cents_per_min: Cents = Whole::new(130), Assumption, "a quarter more than the first line";
        /// A minute of a second-line agent.
        tier2_cents_per_min: Cents = Whole::new(115), Assumption, "a tenth more than the first line";
        /// A contact that a partner takes, baseline traffic included.
        partner_cents_per_contact: Cents = Whole::new(700), Assumption, "a third more than a call of one's own; set this to your contract";
        /// Running the legacy platform for a day, per 1,000 accounts of the population, until the cut-off; without one, to
        /// the horizon and for the days after (`legacy_days_after`).
        legacy_cents_per_1000_accounts_per_day: Cents = Whole::new(60), Assumption, "set this to your contract";
        /// Running the new platform for a day, per 1,000 accounts that are linked there; for those that are at the horizon,
        /// the days after as well (`legacy_days_after`), so that both platforms are charged for the same time.
        target_cents_per_1000_accounts_per_day: Cents = Whole::new(60), Assumption, "like the legacy platform; set this to your contract";
        /// Loss at once by one account takeover: the mean over all, of which few are turned into money.
        takeover_cents: Cents = Whole::new(1_000), Measured, "2.7 % of entered accounts lost 375 USD each (DraftKings 2022); at most 0.07 % did at Roku 2024";
        /// Further loss for each day on which an intruder holds an account.
        takeover_cents_per_day: Cents = Whole::new(20), Assumption, "not published; it depends on what an account can buy";
        /// Setting right a takeover that was noticed, beside the time at the desk.
        takeover_solved_cents: Cents = Whole::new(5_000), Assumption, "290 USD in all (Juniper, repeated by vendors); a large part of it is desk time, counted there";
        /// An account that is in other hands at the horizon goes on costing: it is held for so many days more, and is set right
        /// in the end like one that was noticed.
        takeover_days_after: Whole<0, 3_650> = Whole::new(180), Assumption, "an intruder whom nobody has noticed yet is not free of charge; half a year, as for the legacy platform";
        /// A wrong link, from the first sign-in that shows one person another's data: incident, notices, damages.
        wrong_link_cents: Cents = Whole::new(12_000), Assumption, "100 EUR damages for loss of control (a court) and a notice of 1.50-5.50 USD to each of two people; how often damages are claimed is a guess";
        /// Putting two identities of one customer together.
        duplicate_cents: Cents = Whole::new(1_500), Assumption, "50-96 USD in health care, where records are at stake; a consumer account takes less";
        /// A genuine customer challenged by fraud monitoring.
        alarm_cents: Cents = Whole::new(1_300), Vendor, "5-15 minutes a case, at the price of a reviewer";
        /// An active customer who has not moved at the horizon: the chance of what is still to come. The control arm, which
        /// moves nobody, is not charged.
        pending_cents: Cents = Whole::new(300), Assumption, "a contact for one in three; set this to what the rest cost you so far";
        /// Days for which the legacy platform runs on after the horizon where its end is not set before.
        legacy_days_after: Whole<0, 3_650> = Whole::new(180), Assumption, "half a year until somebody has set a date";
    } sections {
        /// What it takes to build and run a strategy.
        setup: Setup;
    }
}

section! {
    /// What it takes to build and run a strategy: each is charged once, to a strategy that uses it.
    pub struct Setup {
        /// Any migration at all: project, tests, going live.
        base_cents: Cents = Whole::new(2_000_000), Assumption, "set this to your own";
        /// Sending campaign mails: texts, sender, follow-up.
        campaign_cents: Cents = Whole::new(300_000), Assumption, "set this to your own";
        /// Carrying hashes over.
        hash_import_cents: Cents = Whole::new(500_000), Assumption, "set this to your own";
        /// Verifying at the legacy platform at a sign-in (a password hook).
        lazy_verify_cents: Cents = Whole::new(1_200_000), Assumption, "set this to your own";
        /// Linking social identities again.
        social_relink_cents: Cents = Whole::new(600_000), Assumption, "set this to your own";
        /// Sign-in by mailed link or code.
        magic_link_cents: Cents = Whole::new(600_000), Assumption, "set this to your own";
        /// Step-up by text and document.
        step_up_cents: Cents = Whole::new(1_500_000), Assumption, "set this to your own";
        /// Passkeys.
        passkey_cents: Cents = Whole::new(1_500_000), Assumption, "set this to your own";
        /// Federation with the legacy platform.
        federate_cents: Cents = Whole::new(800_000), Assumption, "set this to your own";
        /// Hiring and training reviewers.
        review_cents: Cents = Whole::new(1_000_000), Assumption, "set this to your own";
        /// Matching old and new directory, where a rule looks at match confidence.
        matching_cents: Cents = Whole::new(1_500_000), Assumption, "set this to your own";
        /// A risk score, where a rule looks at it.
        scoring_cents: Cents = Whole::new(1_000_000), Assumption, "set this to your own";
    } sections {}
}

impl Prices {
    /// The prices with another value of one key, a section within having a dot; `None` if that is not allowed.
    pub(crate) fn with(&self, key: &str, number: u64) -> Option<Self> {
        let mut value = serde_json::to_value(self).ok()?;
        let slot = value.pointer_mut(&format!("/{}", key.replace('.', "/")))?;
        *slot = number.into();
        serde_json::from_value(value).ok()
    }
}
