//! `[desk]`: the help desk that all customers share.

use super::values::{Amount, Duration, Patience, Positive, Share, Weekly, Whole, Window};

section! {
    /// The help desk: teams, channels, and the traffic that has nothing to do with the migration.
    pub struct Desk {
        /// Staffing and baseline traffic below are for this many accounts and are scaled to the population
        /// (agents to the nearest whole agent, but at least one where somebody is rostered). 0: they are taken as they
        /// stand.
        for_accounts: Whole<0, 1_000_000_000> = Whole::new(0), Setting, "";
        /// Service level: share of calls answered within this time.
        service_level_s: Positive = Positive::new(20.0), Vendor, "80 % within 20 s is the usual target";
    } sections {
        /// First line: answers calls and e-mails.
        tier1: Tier1;
        /// Review team: checks evidence, separates and merges identities.
        review: Review;
        /// Calls.
        phone: Phone;
        /// Written contacts.
        email: Email;
        /// Traffic that would be there without any migration and without any sign-in trouble.
        baseline: Baseline;
        /// Handle time by reason.
        handle_time: HandleTime;
        /// How callers prove who they are, and how well it works.
        checks: Checks;
    }
}

section! {
    /// First line.
    pub struct Tier1 {
        /// Agents rostered, by hour of the week.
        agents: Weekly = office(24.0, 12.0), Setting, "";
        /// Share of rostered time in which an agent is not available (breaks, training, absence).
        shrinkage_share: Share = Share::new(0.0), Setting, "agents are counted net of shrinkage unless the scenario says so";
    } sections {}
}

section! {
    /// Review team.
    pub struct Review {
        /// Reviewers rostered, by hour of the week.
        agents: Weekly = office(8.0, 0.0), Setting, "";
        /// Share of rostered time in which a reviewer is not available.
        shrinkage_share: Share = Share::new(0.0), Setting, "reviewers are counted net of shrinkage unless the scenario says so";
        /// Chance that a genuine customer's case is turned down.
        false_reject_share: Share = Share::new(0.05), Assumption, "not published";
    } sections {}
}

section! {
    /// Calls.
    pub struct Phone {
        /// How long callers wait before they hang up.
        patience: Patience = Patience::Exponential(super::values::Mean { mean_s: Positive::new(380.0) }), Measured,
            "mean wait 72 s with 81 % answered gives 72/0.19 s (Erlang-A identity, Mandelbaum and Zeltyn)";
    } sections {}
}

section! {
    /// Written contacts.
    pub struct Email {
        /// How long people wait for an answer before they stop caring about it.
        patience: Patience = Patience::Exponential(super::values::Mean { mean_s: Positive::new(432_000.0) }), Assumption,
            "five days";
    } sections {}
}

section! {
    /// Baseline traffic.
    pub struct Baseline {
        /// Calls per hour, by hour of the week.
        phone_per_hour: Weekly = office(45.0, 15.0), Setting, "";
        /// E-mails per hour, by hour of the week.
        email_per_hour: Weekly = office(12.0, 4.0), Setting, "";
        /// Handle time of a baseline call.
        phone_handle_time: Duration = Duration::lognormal(302.0, 1.08), Vendor,
            "302 s per call (industry benchmark); spread from the Anonymous Bank, 1 Aug 1999 (lognormal sigma 0.88)";
        /// Handle time of a baseline e-mail.
        email_handle_time: Duration = Duration::lognormal(300.0, 1.08), Assumption, "like a call";
        /// Share of abandoned baseline callers who call again.
        redial_share: Share = Share::new(0.0), Assumption, "baseline traffic is usually counted with its redials";
        /// Mean time until they call again, in minutes.
        redial_mean_min: Positive = Positive::new(30.0), Assumption, "not published";
    } sections {}
}

section! {
    /// Handle time by reason, the identity check excluded.
    pub struct HandleTime {
        /// A customer who cannot sign in.
        access: Duration = Duration::lognormal(240.0, 1.08), Vendor,
            "3.5 min per reset (ITGlue) and more when more than a reset is needed; spread from the Anonymous Bank 1999";
        /// A customer who reports that somebody else is in the account.
        takeover: Duration = Duration::lognormal(900.0, 1.08), Assumption, "15 minutes";
        /// A case of the review team.
        review: Duration = Duration::lognormal(720.0, 1.0), Vendor, "10-20 min including the identity check (Bloksec)";
        /// A written contact about sign-in.
        email: Duration = Duration::lognormal(360.0, 1.08), Assumption, "a little longer than on the phone";
    } sections {}
}

section! {
    /// Identity checks that the desk can use; a strategy's controls pick one.
    pub struct Checks {
        /// Share of solved contacts among callers who passed the check.
        resolved_share: Share = Share::new(0.92), Assumption, "first-contact resolution once identity is settled";
    } sections {
        /// Knowledge questions.
        knowledge: Knowledge;
        /// Call back on the number on record.
        call_back: CallBack;
        /// Document and selfie.
        document: Document;
    }
}

section! {
    /// Knowledge questions.
    pub struct Knowledge {
        /// Time the check takes, in seconds.
        takes_s: Amount = Amount::new(60.0), Assumption, "45-90 s is usually claimed";
        /// Genuine callers who fail.
        false_reject_share: Share = Share::new(0.33), Vendor, "a third of genuine callers forget (Pindrop)";
        /// Impostors who pass.
        false_accept_share: Share = Share::new(0.53), Vendor, "53 % of fraudsters pass knowledge questions (Pindrop)";
    } sections {}
}

section! {
    /// Call back on the number on record; it needs a phone that still is the customer's.
    pub struct CallBack {
        /// Time the check takes, in seconds.
        takes_s: Amount = Amount::new(120.0), Assumption, "hang up, look up, dial";
        /// Genuine callers with a living phone who fail.
        false_reject_share: Share = Share::new(0.10), Assumption, "not reached";
        /// Impostors who pass.
        false_accept_share: Share = Share::new(0.02), Assumption, "SIM swaps and forwarded numbers";
    } sections {}
}

section! {
    /// Document and selfie.
    pub struct Document {
        /// Time the check takes, in seconds.
        takes_s: Amount = Amount::new(240.0), Assumption, "the customer does most of it alone";
        /// Genuine callers who fail.
        false_reject_share: Share = Share::new(0.22), Vendor, "15-30 % of customers fail identity proofing (Gartner, quoted by Pindrop)";
        /// Impostors who pass.
        false_accept_share: Share = Share::new(0.03), Assumption,
            "up to 60 % of criminals are said to pass weak proofing (Gartner, quoted by Pindrop); this assumes a strong one";
    } sections {}
}

/// Weekdays 8 to 20 and Saturdays 9 to 17.
fn office(weekday: f64, saturday: f64) -> Weekly {
    let window = |days: &str, hours: &str, value: f64| Window {
        days: days.parse().unwrap_or_default(),
        hours: hours.parse().unwrap_or_default(),
        value: Amount::new(value),
    };
    Weekly::Windows(vec![window("Mon-Fri", "8-20", weekday), window("Sat", "9-17", saturday)])
}
