//! `[threat]`: attackers, as competing hazards on the customers' own timeline.

use crate::values::{Amount, Attempts, Delay, Factor, PerYear, Positive, Share};

section! {
    /// What attackers try. Whether it works depends on the account's state and the strategy's controls at that moment.
    pub struct Threat {
        /// `false` for a world without attackers.
        enabled: bool = true, Setting, "";
        /// Credential stuffing attempts per year with the right password, on each account whose password has leaked.
        stuffing_per_year: PerYear = PerYear::new(0.15), Assumption,
            "not published by account; with the other vectors it keeps takeovers under `stay` between 0.1 and 0.75 % a year (Google: 0.33 %)";
        /// Share of attacks with the right password that a second factor stops.
        mfa_stops_share: Share = Share::new(0.9856), Measured, "98.56 % fewer compromises with a leaked password (Meyer et al., arXiv 2305.00945)";
        /// Chance per year that the owner of an account gives the password that is good today to a phisher, whatever the company
        /// sends. A passkey cannot be given away.
        phished_per_year: PerYear = PerYear::new(0.0005), Assumption, "a part of the 0.33 % of accounts hijacked by hand in a year (Bursztein et al., IMC 2014); the split by way in is not published";
        /// Share of customers who, once sent a campaign mail, give their credentials to a copy of it.
        phished_share: Share = Share::new(0.0008), Assumption, "not published";
        /// Time from the campaign mail to the phished credentials being used.
        phishing_delay: Delay = Delay::new(9.0, 1.5), Measured, "21 h from the first to the last victim of a campaign, detected after 9 h (Oest et al., USENIX 2020)";
        /// Of phished customers who were given a reset link or a magic link, share whose link is relayed in real time
        /// as well; and of all phished customers, share whose second factor is.
        phishing_relays_share: Share = Share::new(0.25), Assumption, "adversary-in-the-middle kits exist; their share is not published";
        /// Share of step-ups by text to a phone that is somebody else's by now which its present holder turns into a takeover.
        recycled_phone_uses_share: Share = Share::new(0.01), Assumption, "the holder must know whose number it was; 100 of 259 recycled numbers led to leaked credentials (Princeton 2021)";
        /// Share of links sent to a mistyped address that the stranger there uses.
        mistyped_uses_share: Share = Share::new(0.02), Assumption, "a stranger with no account there has little reason to; not published";
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
        campaign_factor: Factor = Factor::new(2.1), Measured, "15.0 % fall for a lure with a good pretext where 7.0 % fall for a poor one (arXiv 2506.19899, n = 12,511)";
        /// How long a campaign that customers have been told of makes a pretext for calls to the desk.
        campaign_visible_days: Amount = Amount::new(30.0), Assumption, "a month, in which customers still talk of it; not published";
        /// Least time between two calls of impostors about one account.
        desk_attempts_gap_h: Amount = Amount::new(24.0), Assumption, "who was turned down does not call the same shift again; not published";
        /// An impostor who finds the desk closed calls so long after it opens.
        desk_opening_delay_min: Amount = Amount::new(1.0), Assumption, "at once: a tired first shift is no worse a target; not published";
        /// Day on which a copy of the legacy directory leaks (a dump, a backup, a staging database); none if left out. Retired
        /// credentials are not in it.
        store_leak_day: Option<Amount> = None, Setting, "a what-if: no rate is published";
        /// Of leaked hashes that the target could import, share that is cracked and tried.
        cracked_strong_share: Share = Share::new(0.05), Assumption, "weak passwords fall even behind good hashes; not published by kind";
        /// Of leaked hashes of other, older kinds, share that is cracked and tried.
        cracked_weak_share: Share = Share::new(0.6), Assumption, "most unsalted and fast hashes fall within days; not published by kind";
        /// Time from the leak to the first try.
        store_leak_delay: Delay = Delay::new(336.0, 1.0), Assumption, "two weeks; not published";
        /// Chance that the owner notices a silent intruder at a sign-in: an order, a message, a changed detail.
        owner_notices_share: Share = Share::new(0.03), Assumption, "under a third of silent takeovers are noticed by the owner (Commtouch 2011); per sign-in not published";
        /// How often somebody else tells the owner of an intruder (a friend, a bill, a bank), per year.
        told_per_year: PerYear = PerYear::new(0.3), Assumption, "over half of hijacked owners were told by friends (Commtouch 2011); the rate is not published";
        /// Share of takeovers of which the owner is locked out at once, where the intruder came in with the old password or a
        /// session. Who came in by a link or through the desk has always chosen a new password.
        loud_share: Share = Share::new(0.3), Assumption, "not published";
        /// Of forced new passwords, share that is the old one with a character or two altered.
        trivial_change_share: Share = Share::new(0.49), Vendor, "49 % alter a character or two when forced (HYPR)";
        /// Share of intruders who try variants of the old password when it is refused.
        variant_tried_share: Share = Share::new(0.25), Assumption, "38 % reuse and 20 % modify passwords (Wang et al. 2018), and tools know it; the rate is not published";
        /// False alarms about a genuine account per year, of a monitoring that detected every takeover; one that detects a
        /// share of them has that share of the alarms.
        false_alarms_per_year: PerYear = PerYear::new(0.03), Assumption, "four in five flagged sign-ins are genuine (vendors), at the takeovers of a year";
        /// Of genuine customers who are challenged by a false alarm, share that fails at once.
        alarm_fails_share: Share = Share::new(0.03), Measured, "97 % of challenged users get in within a short time (Doerfler et al., WWW 2019, 1.2 M users)";
    } sections {}
}
