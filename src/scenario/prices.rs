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
        /// Running the legacy platform for a day, per 1,000 accounts of the population, until the cut-off or the
        /// horizon.
        legacy_cents_per_1000_accounts_per_day: Cents = Whole::new(60), Assumption, "set this to your contract";
        /// Loss by one account takeover.
        takeover_cents: Cents = Whole::new(15_000), Assumption, "refunds, goodwill, handling; set this to your own";
    } sections {}
}
