//! `[population.trouble]`: what is wrong behind an account and stands on no record. Policies never see it; the record only
//! hints at it.

use crate::values::{AgainDays, Factor, Power, Share};

section! {
    /// Hidden trouble. Each kind has a share, and factors that say where it is more common: so the record hints at it, and a
    /// scorecard can find some of it. A share is told of a population whose records are as the defaults have them: where
    /// more has leaked or less is verified than there, there is more trouble.
    pub struct Trouble {
        /// How well the record hints at trouble: every factor below is raised to this power. 1: as the evidence has it. 0:
        /// trouble lies anywhere it can, and a scorecard finds next to nothing. The shares stay as they are.
        hints_power: Power = Power::new(1.0), Assumption, "1 takes the factors as they stand; the quality of your own records differs";
        /// Of the accounts that the organisation has disabled, share whose owner is a genuine customer who wants in. The
        /// others were disabled for fraud, at a death, or at the owner's own wish: nobody waits behind them.
        disabled_genuine_share: Share = Share::new(0.40), Assumption, "fraud, death and erasure are the usual reasons; their split is not published";
    } sections {
        /// Accounts that are in other hands on the first day.
        intruder: Intruder;
        /// Accounts with an address that was never the owner's.
        mistyped: Mistyped;
        /// Accounts in which an attacker planted a contact point before the owner came.
        planted: Planted;
        /// Accounts with nobody behind them.
        nobody: Nobody;
    }
}

section! {
    /// Already in other hands: on the first day somebody else knows the password or holds a living session, and the owner does
    /// not know it.
    pub struct Intruder {
        /// Share of accounts, where records are as the defaults have them.
        share: Share = Share::new(0.007), Measured,
            "0.74 % of accounts opened by intruders (Roku 2024), 0.1 % (23andMe 2023); 1.4 % exposed with working credentials (5-300 M users, vendor)";
        /// So many times as common where the password has leaked.
        leaked_factor: Factor = Factor::new(10.0), Measured, "odds of a hijack times 10 after a leak (Thomas et al., CCS 2017)";
        /// So many times as common where a second factor is enrolled.
        mfa_factor: Factor = Factor::new(0.0144), Measured, "98.56 % fewer with a leaked password (Meyer et al., arXiv 2305.00945)";
        /// So many times as common where the e-mail address was never verified.
        unverified_factor: Factor = Factor::new(1.5), Assumption, "no proof of the owner was ever asked for; not published";
        /// So many times as common where nobody has signed in for 90 days.
        unused_factor: Factor = Factor::new(1.5), Assumption,
            "65 % of accounts taken over had been unused for 90 days (DataVisor 2019); the share of all accounts that are is not told";
        /// Of intruders, share that knows the password and holds no session. Where there is no password, they hold a session.
        password_only_share: Share = Share::new(0.75), Assumption, "99 % of attacks are on passwords (Microsoft DDR 2024); what intruders keep is not published";
        /// Of intruders, share that holds a session and does not know the password. With `password_only_share` at most 1; the
        /// rest have both.
        session_only_share: Share = Share::new(0.15), Assumption, "17 % of 54 bn stolen cookies were still active (NordVPN 2024); not by account";
    } sections {}
}

section! {
    /// Never the owner's address: mistyped, and the mailbox is a stranger's. Only addresses that were never verified, that
    /// one account alone has, and that no provider vouches for can be; those that do not exist are among the dead mailboxes.
    pub struct Mistyped {
        /// Share of the addresses that were never verified, that one account alone has and that are somebody's.
        share: Share = Share::new(0.01), Assumption,
            "0.6-1 % of addresses have a mistyped domain, 15-40 % keyed at a till are invalid; most of them do not exist";
    } sections {}
}

section! {
    /// Planted accounts (a trojan identifier): somebody registered with the owner's address before the owner came, and left
    /// a contact point of their own behind, to which links and codes go too.
    pub struct Planted {
        /// Share of accounts, where records are as the defaults have them.
        share: Share = Share::new(0.0005), Assumption, "35 of 75 services were open to it (Sudhodanan and Paverd, USENIX 2022); the rate is not published";
        /// So many times as common where the e-mail address was never verified.
        unverified_factor: Factor = Factor::new(4.0), Assumption, "a verified address means that its owner was asked once";
        /// Of them, share in which the phone is planted too, if there is one of their own on record.
        phone_share: Share = Share::new(0.3), Assumption, "not published";
        /// Mean time until whoever planted it comes back for the account (exponential), again and again.
        returns_mean_days: AgainDays = AgainDays::new(365.0), Assumption, "not published";
    } sections {}
}

section! {
    /// Nobody behind it: bots, fakes and test accounts. They count as accounts and not as customers, and cost what accounts
    /// cost. Those that have been found out are disabled for good, and counted there.
    pub struct Nobody {
        /// Share of accounts, where records are as the defaults have them.
        share: Share = Share::new(0.03), Measured, "2-5 % (Facebook 10-K), 5-19 % (estimates for Twitter)";
        /// So many times as common where nobody has signed in since the account was made.
        never_back_factor: Factor = Factor::new(5.0), Assumption, "made to be counted or to collect a bonus; not published";
        /// So many times as common where the e-mail address was never verified.
        unverified_factor: Factor = Factor::new(3.0), Assumption, "LinkedIn lets 10-31 % of fakes pass its sign-up filters; by verification not published";
        /// So many times as common where the record is incomplete.
        incomplete_factor: Factor = Factor::new(2.0), Assumption, "nobody fills in more than is asked; not published";
        /// Of them, share that a program keeps using; the others never come back.
        active_share: Share = Share::new(0.2), Assumption, "not published";
    } sections {}
}
