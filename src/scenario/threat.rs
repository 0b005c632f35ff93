//! `[threat]`: attackers, as competing hazards on the customers' own timeline.

use crate::values::{Amount, Attempts, Delay, Factor, PerYear, Positive, Share};

section! {
    /// What attackers try. Whether it works depends on the account's state and the strategy's controls at that moment.
    pub struct Threat {
        /// `false` for a world without attackers.
        enabled: bool = true, Setting, "";
        /// Credential stuffing attempts per year with the right password, on each account whose password has leaked.
        stuffing_per_year: PerYear = PerYear::new(0.06), Assumption,
            "credential stuffing was 34 % of authentication events (Auth0, Q1 2022); attempts per leaked account are not published";
        /// Share of attacks with the right password that a second factor stops.
        mfa_stops_share: Share = Share::new(0.95), Assumption, "Google 2015 and others report 76-100 % by factor";
        /// Share of customers who, once sent a campaign mail, give their credentials to a copy of it.
        phished_share: Share = Share::new(0.0008), Assumption, "not published";
        /// Time from the campaign mail to the phished credentials being used.
        phishing_delay: Delay = Delay::new(30.0, 1.5), Assumption, "days";
        /// Of phished customers who were given a reset link or a magic link, share whose link is relayed in real time
        /// as well.
        phishing_relays_share: Share = Share::new(0.25), Assumption, "adversary-in-the-middle kits exist; their share is not published";
        /// Share of links sent to a recycled mailbox that its present holder uses.
        recycled_uses_share: Share = Share::new(0.05), Assumption, "not published";
        /// Share of links for another person at a shared mailbox that somebody there uses on purpose.
        shared_misuse_share: Share = Share::new(0.003), Assumption, "not published";
        /// Share of accounts with a session that somebody else holds (a lost or sold device, a stolen cookie).
        session_exposed_share: Share = Share::new(0.002), Assumption, "not published";
        /// Mean time until an exposed session is used (exponential).
        session_mean_days: Positive = Positive::new(120.0), Assumption, "not published";
        /// Calls to the desk by somebody who pretends to be the customer, outside campaigns.
        desk_attempts_per_100k_accounts_per_month: Attempts = Attempts::new(3.0), Vendor,
            "1 in 599 calls is fraudulent (Pindrop 2024), at 1.8 calls per 100 accounts and month";
        /// Multiplies the attempts on the desk for `campaign_visible_days` after the rollout has reached an account that is sent
        /// a reset link, or any account if the campaign is announced.
        campaign_factor: Factor = Factor::new(3.0), Assumption, "attackers follow announcements; not published";
        /// How long a campaign that customers have been told of makes a pretext for calls to the desk.
        campaign_visible_days: Amount = Amount::new(30.0), Assumption, "a month, in which customers still talk of it; not published";
        /// Least time between two calls of impostors about one account.
        desk_attempts_gap_h: Amount = Amount::new(24.0), Assumption, "who was turned down does not call the same shift again; not published";
        /// An impostor who finds the desk closed calls so long after it opens.
        desk_opening_delay_min: Amount = Amount::new(1.0), Assumption, "at once: a tired first shift is no worse a target; not published";
    } sections {}
}
