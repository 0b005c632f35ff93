//! `[desk]`: the help desk that all customers share.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::calendar::Span;
use crate::terms::Reason;
use crate::terms::{Channel, Skill};
use crate::values::{
    Agents, Amount, Confidence, DayCv, Days, Duration, Empirical, Exception, Factor, Hours, Opening, Patience, PerHour,
    Positive, Share, Shrinkage, Weekly, Whole, Window, WorkS,
};

section! {
    /// The help desk: teams, channels, and the traffic that has nothing to do with the migration.
    pub struct Desk {
        /// Staffing and baseline traffic are stated for this many accounts and scaled to the population. 0: they are
        /// taken as they stand, as they must be for a population of 0.
        for_accounts: Whole<0, 1_000_000_000> = Whole::new(0), Setting, "";
        /// A call answered within this time counts for the service level.
        service_level_s: Positive = Positive::new(20.0), Vendor, "80 % within 20 s is the usual target";
        /// When calls and chats are taken: whenever somebody is on duty who takes them, or in stated opening hours.
        /// Customers who find the desk closed come back when it opens; baseline callers are turned away.
        open: Opening = Opening::Staffed, Setting, "";
        /// Reasons that go ahead of all others in every queue. Nobody is interrupted for them.
        urgent: Vec<Reason> = Vec::new(), Setting, "first come, first served";
    } sections {
        /// First line.
        tier1: Tier1;
        /// Second line: proves identities.
        tier2: Tier2;
        /// Review team: checks evidence, separates and merges identities.
        review: Review;
        /// A partner who takes what waits too long, at a price.
        partner: Partner;
        /// Calls.
        phone: Phone;
        /// Chats.
        chat: Chat;
        /// Written contacts.
        email: Email;
        /// Callers passed on to the second line.
        proofing: Proofing;
        /// Traffic that would be there without any migration and without any sign-in trouble.
        baseline: Baseline;
        /// Handle time by reason.
        handle_time: HandleTime;
        /// How callers prove who they are, and how well it works.
        checks: Checks;
        /// What `cutover size` sizes the desk for.
        target: Target;
        /// The shifts that agents can be given.
        shifts: Shifts;
    }
}

section! {
    /// First line.
    pub struct Tier1 {
        /// Agents rostered, by hour of the week. What scale and shrinkage leave is rounded to the nearest whole agent,
        /// but at least one where somebody is rostered.
        agents: Weekly<Agents> = office(Agents::new(24.0), Agents::new(12.0)), Setting, "";
        /// Dates on which another number is rostered. The last entry that is about an hour decides.
        exceptions: Vec<Exception> = Vec::new(), Setting, "";
        /// Share of rostered time that is lost (breaks, training, absence). Who is left is rounded to whole agents, so
        /// of a small team another share may be lost.
        shrinkage_share: Shrinkage = Shrinkage::new(0.0), Setting, "agents are counted net of shrinkage unless the scenario says so";
        /// The channels they take, the first of them first.
        takes: Vec<Channel> = vec![Channel::Phone, Channel::Chat, Channel::Email], Setting, "";
    } sections {}
}

section! {
    /// Second line: callers who fail the first line's check are passed on to it where a strategy's `fallback` is
    /// `"tier2"`, and prove their identity with a document.
    pub struct Tier2 {
        /// Agents rostered, by hour of the week. What scale and shrinkage leave is rounded to the nearest whole agent,
        /// but at least one where somebody is rostered.
        agents: Weekly<Agents> = Weekly::Always(Agents::new(0.0)), Setting, "";
        /// Dates on which another number is rostered.
        exceptions: Vec<Exception> = Vec::new(), Setting, "";
        /// Share of rostered time that is lost (breaks, training, absence). Who is left is rounded to whole agents, so
        /// of a small team another share may be lost.
        shrinkage_share: Shrinkage = Shrinkage::new(0.0), Setting, "agents are counted net of shrinkage unless the scenario says so";
        /// The channels they take, the first of them first.
        takes: Vec<Channel> = vec![Channel::Proofing], Setting, "";
    } sections {}
}

section! {
    /// Review team.
    pub struct Review {
        /// Reviewers rostered, by hour of the week. What scale and shrinkage leave is rounded to the nearest whole
        /// agent, but at least one where somebody is rostered.
        agents: Weekly<Agents> = office(Agents::new(8.0), Agents::new(0.0)), Setting, "";
        /// Dates on which another number is rostered.
        exceptions: Vec<Exception> = Vec::new(), Setting, "";
        /// Share of rostered time that is lost (breaks, training, absence). Who is left is rounded to whole agents, so
        /// of a small team another share may be lost.
        shrinkage_share: Shrinkage = Shrinkage::new(0.0), Setting, "reviewers are counted net of shrinkage unless the scenario says so";
        /// The channels they take, the first of them first.
        takes: Vec<Channel> = vec![Channel::Review], Setting, "";
        /// Chance that a genuine customer's case is turned down.
        false_reject_share: Share = Share::new(0.05), Assumption, "not published";
        /// Chance that a case of somebody who is not the customer is let through; and, here as at the desk, that two people
        /// behind one address are taken for one.
        false_accept_share: Share = Share::new(0.05), Assumption, "people err; not published";
        /// On an incomplete record reviewers err so many times as often, either way.
        incomplete_factor: Factor = Factor::new(3.0), Assumption, "there is less to compare; not published";
    } sections {}
}

section! {
    /// A partner (outsourcer) who takes contacts that have waited too long.
    pub struct Partner {
        /// The partner's agents, by hour of the week; scaled and rounded like the desk's own.
        agents: Weekly<Agents> = Weekly::Always(Agents::new(0.0)), Setting, "";
        /// Dates on which another number is there.
        exceptions: Vec<Exception> = Vec::new(), Setting, "";
        /// The channels that overflow, the first of them first.
        takes: Vec<Channel> = vec![Channel::Phone], Setting, "";
        /// A contact overflows once it has waited this long. 0: at once, if all other agents are busy.
        after_s: Amount = Amount::new(120.0), Setting, "";
    } sections {}
}

section! {
    /// Calls.
    pub struct Phone {
        /// How long callers wait before they hang up.
        patience: Patience = Patience::exponential(380.0), Measured,
            "mean wait 72 s with 81 % answered gives 72/0.19 s (Erlang-A identity, Mandelbaum and Zeltyn)";
        /// Calls that can wait on the line at once; further callers hear the busy tone and count as given up. Those who
        /// wait to be called back need no line. 0: no limit.
        lines: Whole<0, 1_000_000> = Whole::new(0), Setting, "";
        /// Mean time an agent is busy after a call has ended (exponential). The caller has gone by then. 0: none.
        after_work_s: WorkS = WorkS::new(0.0), Setting, "handle times include it unless the scenario says so";
        /// Of callers who are told of a wait longer than their patience, share that hang up at once. 0: they are not
        /// told.
        balk_share: Share = Share::new(0.0), Setting, "no announcement";
    } sections {
        /// The offer to be called back.
        call_back: CallBackOffer;
    }
}

section! {
    /// The offer to be called back: the caller hangs up and keeps their place in the queue.
    pub struct CallBackOffer {
        /// The offer is made to callers whose expected wait is at least this long.
        offered_after_s: Amount = Amount::new(120.0), Setting, "";
        /// Share of them that accepts: they hang up, keep their place and lose no patience. 0: no offer is made.
        accepts_share: Share = Share::new(0.0), Setting, "no offer";
        /// Share of those who accepted that answers when called. The others count as given up.
        reached_share: Share = Share::new(0.85), Assumption, "not published";
        /// Time an agent loses when nobody answers.
        attempt_s: WorkS = WorkS::new(45.0), Assumption, "dial, ring, note";
    } sections {}
}

section! {
    /// Chats.
    pub struct Chat {
        /// Chats that one agent holds at once. Meanwhile the agent takes nothing else, and no further chat while
        /// somebody waits on a channel that stands before `chat` in the team's `takes`.
        concurrency: Whole<1, 20> = Whole::new(3), Assumption, "two to three is usual";
        /// How long customers wait before they leave the chat.
        patience: Patience = Patience::exponential(180.0), Assumption, "less than on the phone";
        /// Mean time until the place of a chat that has ended is free again (exponential). 0: none.
        after_work_s: WorkS = WorkS::new(0.0), Setting, "handle times include it unless the scenario says so";
    } sections {}
}

section! {
    /// Written contacts.
    pub struct Email {
        /// How long people wait for an answer to an e-mail before they stop caring about it.
        patience: Patience = Patience::exponential(432_000.0), Assumption, "five days";
    } sections {}
}

section! {
    /// Callers passed on to the second line.
    pub struct Proofing {
        /// How long callers who are passed on wait before they hang up.
        patience: Patience = Patience::exponential(380.0), Assumption, "like any caller";
    } sections {}
}

section! {
    /// Baseline traffic: a Poisson process with a rate for each hour of the week.
    pub struct Baseline {
        /// Calls per hour, by hour of the week.
        phone_per_hour: Weekly<PerHour> = office(PerHour::new(45.0), PerHour::new(15.0)), Setting, "";
        /// Chats per hour, by hour of the week.
        chat_per_hour: Weekly<PerHour> = Weekly::Always(PerHour::new(0.0)), Setting, "";
        /// E-mails per hour, by hour of the week.
        email_per_hour: Weekly<PerHour> = office(PerHour::new(12.0), PerHour::new(4.0)), Setting, "";
        /// By how much calls, chats and e-mails grow over a year, steadily: 0.1 is a tenth more after a year.
        growth_share_per_year: Share = Share::new(0.0), Setting, "";
        /// Coefficient of variation of a factor that all rates of a day share (gamma, mean 1). 0: plain Poisson.
        day_cv: DayCv = DayCv::new(0.0), Assumption,
            "plain Poisson understates bad days: recorded call centres imply 0.17 (a small one, 1999, without holidays) and 0.06 (a large one, 2003); see docs/validation.md";
        /// Handle time of a baseline call.
        phone_handle_time: Duration = Duration::lognormal(302.0, 1.08), Vendor,
            "302 s per call (industry benchmark); spread from the Anonymous Bank, 1 Aug 1999 (lognormal sigma 0.88)";
        /// Handle time of a baseline chat, from its first word to its last.
        chat_handle_time: Duration = Duration::lognormal(715.0, 1.0), Vendor, "11 min 55 s (Comm100 2019; 11 min 53 s in 2018), of which the agent is needed for a part";
        /// Handle time of a baseline e-mail.
        email_handle_time: Duration = Duration::lognormal(300.0, 1.08), Assumption, "like a call";
        /// Share of baseline contacts that were given up, on any channel, and are tried again.
        redial_share: Share = Share::new(0.0), Assumption, "baseline traffic is usually counted with its redials";
        /// Mean time until they try again (exponential).
        redial_mean_min: Positive = Positive::new(30.0), Assumption, "not published";
        /// Further tries after having given up, at most.
        redial_limit: Whole<0, 50> = Whole::new(3), Assumption, "not published";
        /// Share of answered baseline contacts that are settled at once; the others come again.
        resolved_share: Share = Share::new(1.0), Assumption, "baseline traffic is usually counted with its repeats";
        /// Mean time until they come again (exponential).
        repeat_mean_h: Positive = Positive::new(24.0), Assumption, "not published";
    } sections {}
}

section! {
    /// Handle time by reason and channel, the identity check excluded.
    pub struct HandleTime {
        /// A call of a customer who cannot sign in, or of an impostor.
        access: Duration = Duration::lognormal(240.0, 1.08), Vendor,
            "3.5 min per reset (ITGlue) and more when more than a reset is needed; spread from the Anonymous Bank 1999";
        /// A call of a customer who reports that somebody else is in the account.
        takeover: Duration = Duration::lognormal(900.0, 1.08), Assumption, "15 minutes";
        /// A chat about sign-in.
        chat: Duration = Duration::lognormal(480.0, 1.0), Assumption, "twice a call: two or three are held at once";
        /// A written contact about sign-in.
        email: Duration = Duration::lognormal(360.0, 1.08), Assumption, "a little longer than on the phone";
        /// A caller passed on to the second line.
        proofing: Duration = Duration::lognormal(300.0, 0.8), Assumption, "with the document at hand";
        /// A case of the review team.
        review: Duration = Duration::lognormal(720.0, 1.0), Vendor, "10-20 min including the identity check (Bloksec)";
    } sections {}
}

section! {
    /// The service target of `cutover size`. Calls and chats meet it in every hour, written work and cases on every day.
    pub struct Target {
        /// Share of calls that is answered within `desk.service_level_s`, of all that were offered.
        answered_share: Share = Share::new(0.80), Vendor, "80 % within 20 s is the usual target";
        /// Share of calls and chats that may be given up.
        abandoned_share: Share = Share::new(0.05), Vendor, "3-5 % is the usual target (Talkdesk)";
        /// Share of chats that is answered within `desk.target.chat_within_s`.
        chat_share: Share = Share::new(0.80), Assumption, "like calls";
        /// Chats are answered within this time.
        chat_within_s: Positive = Positive::new(45.0), Vendor, "mean waits of 35 to 48 s (Comm100 2018-20)";
        /// Share of e-mails that is answered within `desk.target.email_within_h`.
        email_share: Share = Share::new(0.95), Assumption, "not published";
        /// E-mails are answered within this time; days without opening hours do not count.
        email_within_h: Positive = Positive::new(24.0), Assumption, "one working day";
        /// Share of cases that is decided within `desk.target.review_within_h`.
        review_share: Share = Share::new(0.95), Assumption, "not published";
        /// Cases are decided within this time; days on which the review team is off do not count.
        review_within_h: Positive = Positive::new(48.0), Assumption, "two working days";
        /// Fewest agents of a team that is open.
        least_agents: Whole<1, 1000> = Whole::new(1), Setting, "";
        /// Confidence with which the target must hold in an hour or on a day: at least one half, and short of certainty,
        /// which no number of samples gives.
        confidence_share: Confidence = Confidence::new(0.95), Setting, "";
        /// Contacts that are simulated for each strategy, at most, to settle on a number of agents; more take longer and
        /// leave less to luck.
        sample_contacts: Whole<1_000, 1_000_000_000> = Whole::new(6_000_000), Setting, "";
    } sections {}
}

section! {
    /// Shifts: `cutover size` covers the agents that it finds with these, at least cost.
    pub struct Shifts {
        /// The shifts that agents can be given, 1 to 20 of them.
        patterns: Vec<ShiftPattern> = ShiftPattern::usual(), Setting, "";
        /// Most days in a week that one person works.
        days_per_week: Whole<1, 7> = Whole::new(5), Setting, "";
    } sections {}
}

/// A shift that agents can be given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShiftPattern {
    /// Name of the shift.
    pub name: String,
    /// From begin to end, breaks included.
    pub length_h: Whole<1, 24>,
    /// Unpaid breaks of an hour, each given by the hours from the beginning of the shift. There is work before and
    /// after each.
    #[serde(default)]
    pub breaks_after_h: Vec<Whole<1, 23>>,
    /// Hours of the day at which it can begin, the last one excluded; all of them if left out.
    #[serde(default)]
    pub starts: Hours,
    /// Days on which it can begin; all of them if left out.
    #[serde(default)]
    pub days: Days,
    /// Pay per hour, breaks excluded; that of the team, from its price per minute, if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cents_per_hour: Option<Whole<0, 100_000_000>>,
}

impl ShiftPattern {
    /// Eight hours with a break in the middle, and four hours without.
    fn usual() -> Vec<Self> {
        let pattern = |name: &str, length_h: u64, breaks: &[u64]| Self {
            name: name.to_owned(),
            length_h: Whole::new(length_h),
            breaks_after_h: breaks.iter().map(|&hours| Whole::new(hours)).collect(),
            starts: Hours::default(),
            days: Days::default(),
            cents_per_hour: None,
        };
        vec![pattern("full time", 9, &[4]), pattern("part time", 4, &[])]
    }
}

/// A desk in code: each method takes the roster of a team or the traffic of a channel; every other key is a field.
impl Desk {
    /// A desk in which nothing is stated.
    pub fn new() -> Self {
        Self::default()
    }

    /// Staffing and baseline traffic are for this many accounts and are scaled to the population; 0: they are taken as they
    /// stand.
    #[must_use]
    pub fn for_accounts(mut self, accounts: u32) -> Self {
        self.for_accounts = Whole::try_from(i64::from(accounts)).unwrap_or(self.for_accounts);
        self
    }

    /// First-line agents rostered.
    #[must_use]
    pub fn tier1(mut self, agents: Weekly<Agents>) -> Self {
        self.tier1.agents = agents;
        self
    }

    /// Second-line agents rostered.
    #[must_use]
    pub fn tier2(mut self, agents: Weekly<Agents>) -> Self {
        self.tier2.agents = agents;
        self
    }

    /// Reviewers rostered.
    #[must_use]
    pub fn review(mut self, reviewers: Weekly<Agents>) -> Self {
        self.review.agents = reviewers;
        self
    }

    /// A partner's agents.
    #[must_use]
    pub fn partner(mut self, agents: Weekly<Agents>) -> Self {
        self.partner.agents = agents;
        self
    }

    /// Calls per hour that have nothing to do with the migration.
    #[must_use]
    pub fn calls_per_hour(mut self, calls: Weekly<PerHour>) -> Self {
        self.baseline.phone_per_hour = calls;
        self
    }

    /// Chats per hour that have nothing to do with the migration.
    #[must_use]
    pub fn chats_per_hour(mut self, chats: Weekly<PerHour>) -> Self {
        self.baseline.chat_per_hour = chats;
        self
    }

    /// E-mails per hour that have nothing to do with the migration.
    #[must_use]
    pub fn emails_per_hour(mut self, emails: Weekly<PerHour>) -> Self {
        self.baseline.email_per_hour = emails;
        self
    }
}

impl Desk {
    /// Agents rostered of a team, by hour of the week.
    pub fn agents(&self, skill: Skill) -> &Weekly<Agents> {
        match skill {
            Skill::Tier1 => &self.tier1.agents,
            Skill::Tier2 => &self.tier2.agents,
            Skill::Review => &self.review.agents,
            Skill::Partner => &self.partner.agents,
        }
    }

    /// Dates on which another number of a team is rostered.
    pub fn exceptions(&self, skill: Skill) -> &[Exception] {
        match skill {
            Skill::Tier1 => &self.tier1.exceptions,
            Skill::Tier2 => &self.tier2.exceptions,
            Skill::Review => &self.review.exceptions,
            Skill::Partner => &self.partner.exceptions,
        }
    }

    /// Share of rostered time in which an agent of a team is not available; a partner states who is there.
    pub fn shrinkage_share(&self, skill: Skill) -> f64 {
        match skill {
            Skill::Tier1 => self.tier1.shrinkage_share.get(),
            Skill::Tier2 => self.tier2.shrinkage_share.get(),
            Skill::Review => self.review.shrinkage_share.get(),
            Skill::Partner => 0.0,
        }
    }

    /// The time within which a contact of this channel counts as answered in time.
    pub fn in_time(&self, channel: Channel) -> Span {
        match channel {
            Channel::Phone | Channel::Proofing => Span::from_seconds(self.service_level_s.get()),
            Channel::Chat => Span::from_seconds(self.target.chat_within_s.get()),
            Channel::Email => Span::from_hours(self.target.email_within_h.get()),
            Channel::Review => Span::from_hours(self.target.review_within_h.get()),
        }
    }

    /// The distributions that are read from files, each with its key.
    pub fn empirical(&mut self) -> Vec<(&'static str, &mut Empirical)> {
        let durations = [
            ("handle_time.access", &mut self.handle_time.access),
            ("handle_time.takeover", &mut self.handle_time.takeover),
            ("handle_time.chat", &mut self.handle_time.chat),
            ("handle_time.email", &mut self.handle_time.email),
            ("handle_time.proofing", &mut self.handle_time.proofing),
            ("handle_time.review", &mut self.handle_time.review),
            ("baseline.phone_handle_time", &mut self.baseline.phone_handle_time),
            ("baseline.chat_handle_time", &mut self.baseline.chat_handle_time),
            ("baseline.email_handle_time", &mut self.baseline.email_handle_time),
        ];
        let patience = [
            ("phone.patience", &mut self.phone.patience),
            ("chat.patience", &mut self.chat.patience),
            ("email.patience", &mut self.email.patience),
            ("proofing.patience", &mut self.proofing.patience),
        ];
        let durations = durations.into_iter().filter_map(|(key, duration)| match duration {
            Duration::Empirical(empirical) => Some((key, empirical)),
            _ => None,
        });
        let patience = patience.into_iter().filter_map(|(key, patience)| match patience {
            Patience::Empirical(empirical) => Some((key, empirical)),
            _ => None,
        });
        durations.chain(patience).collect()
    }
}

section! {
    /// Identity checks that the desk can use; a strategy's controls pick one.
    pub struct Checks {
        /// Of callers who passed the check, share whose problem is solved in that contact.
        resolved_share: Share = Share::new(0.80), Vendor, "70 % of contacts are settled at the first (SQM, 500 centres, 2021-22), those that fail the check among the rest";
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
        /// Time the check takes.
        takes_s: WorkS = WorkS::new(60.0), Assumption, "45-90 s is usually claimed";
        /// Genuine callers who fail.
        false_reject_share: Share = Share::new(0.33), Vendor, "a third of genuine callers forget (Pindrop)";
        /// Impostors who pass.
        false_accept_share: Share = Share::new(0.55), Measured, "52 to 57 % of criminals passed (IRS 2015-16: 104,000 of 200,000; 355,262 of 620,931; TIGTA 2016-40-037)";
    } sections {}
}

section! {
    /// Call back on the number on record; it needs a phone that still is the customer's.
    pub struct CallBack {
        /// Time the check takes.
        takes_s: WorkS = WorkS::new(120.0), Assumption, "hang up, look up, dial";
        /// Genuine callers with a living phone who fail. Those without one always fail.
        false_reject_share: Share = Share::new(0.10), Assumption, "not reached";
        /// Impostors who pass.
        false_accept_share: Share = Share::new(0.02), Assumption, "SIM swaps and forwarded numbers";
    } sections {}
}

section! {
    /// Document and selfie.
    pub struct Document {
        /// Time the check takes.
        takes_s: WorkS = WorkS::new(240.0), Assumption, "the customer does most of it alone";
        /// Genuine callers who fail.
        false_reject_share: Share = Share::new(0.105), Measured, "10.5 % of genuine people (best of five products, n = 3,991, arXiv 2409.12318); one rejects over half";
        /// Impostors who pass.
        false_accept_share: Share = Share::new(0.03), Assumption,
            "up to 60 % of criminals are said to pass weak proofing (Gartner, quoted by Pindrop); this assumes a strong one";
    } sections {}
}

/// Weekdays 8 to 20 and Saturdays 9 to 17.
fn office<V>(weekday: V, saturday: V) -> Weekly<V> {
    let window = |days: &str, hours: &str, value: V| Window {
        days: days.parse().unwrap_or_default(),
        hours: hours.parse().unwrap_or_default(),
        value,
    };
    Weekly::Windows(vec![window("Mon-Fri", "8-20", weekday), window("Sat", "9-17", saturday)])
}
