//! The state of one account on its way through a strategy.

use crate::calendar::{SimTime, Span};
use crate::listed::listed;
use crate::strategy::treatment::Treatment;
use crate::terms::Answer;
use crate::terms::Reason;
use crate::terms::Vector;
use crate::terms::operation::Actor;
use crate::terms::record::Foothold;

listed! {
    /// The clocks of an account. At equal times they fire in this order, then by place in the unit.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Clock {
        /// The rollout reaches the account.
        Begin,
        /// The migration is undone.
        RollBack,
        /// The legacy platform stops.
        CutOff,
        /// The next campaign mail leaves.
        Campaign,
        /// The owner acts on a campaign mail.
        Reaction,
        /// The desk has answered the owner.
        Answer,
        /// The desk has answered an impostor.
        ImpostorAnswer,
        /// The next step of something the owner has begun.
        Step,
        /// The owner signs in and remembers the password.
        SignIn,
        /// The owner signs in and has forgotten the password.
        Forgotten,
        /// The owner, who has stopped trying, has been away long enough.
        Return,
        /// Credential stuffing.
        Stuffing,
        /// Somebody uses a session that is not theirs.
        Session,
        /// An impostor calls the desk.
        Impostor,
        /// Phished credentials are used.
        Phished,
        /// What everyday phishing got from the owner is used.
        Duped,
        /// Somebody else acts on a campaign mail.
        Stranger,
        /// The legacy store leaks; later a password from it is tried.
        StoreLeak,
        /// Whoever planted a contact point comes back for the account.
        Planted,
        /// Fraud monitoring notices a takeover.
        Detection,
        /// Somebody tells the owner of an intruder, or the other person of a wrong link sees whose account it is.
        Told,
        /// Fraud monitoring takes the owner for an intruder.
        Alarm,
        /// The owner leaves.
        Leave,
    }
}

/// Number of clocks.
pub const CLOCKS: usize = Clock::ALL.len();

const _: () = assert!(CLOCKS <= u32::BITS as usize, "the clocks that run are a word of 32 bits");

/// Where an account is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The legacy platform serves it as ever.
    Legacy,
    /// The rollout has reached it; its treatment decides what happens next.
    Open,
    /// It has an identity in the target.
    Linked,
    /// It is archived.
    Retired,
}

/// Who holds the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// Its owner.
    Owner,
    /// Another person of the unit, by mistake.
    Other,
    /// An attacker.
    Attacker(Vector),
}

/// How the owner is done with the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Left for good.
    Left,
    /// Signed up again instead.
    Duplicate,
    /// Has another account in the target that works, and leaves this one be.
    Content,
}

/// The legacy password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// Accepted.
    Active,
    /// Refused, but not gone.
    Suspended,
    /// Gone.
    Retired,
}

/// What the owner is in the middle of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing.
    Idle,
    /// Waiting for a link or code that was asked for, to use it.
    UseLink {
        /// The link.
        link: MailedLink,
        /// Links asked for in this attempt, this one included.
        asked: u64,
    },
    /// Waiting for a link or code that will not be used.
    MissLink,
    /// Proving a second channel; the second field is the result.
    Prove(crate::terms::operation::Factor, bool),
    /// About to contact the desk; the second field: again, having given up before.
    Contact(Reason, bool),
    /// Waiting for somebody to vouch; the account of whom.
    AskDelegate(crate::terms::operation::AccountId),
    /// With a new account, and about to miss the old one.
    MissHistory,
}

/// One account of a unit.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// When each clock fires next, if it is running.
    pub clocks: [SimTime; CLOCKS],
    /// The clocks that are running, as bits.
    pub running: u32,
    /// Where it is on its way.
    pub stage: Stage,
    /// What the policy gave it; meaningless before `Open`.
    pub treatment: Treatment,
    /// Who holds it.
    pub control: Control,
    /// How its owner is done with it, if so.
    pub end: Option<End>,
    /// The legacy password.
    pub credential: Credential,
    /// The legacy account refuses sign-ins until it is recovered.
    pub locked: bool,
    /// The latest contact with the desk is a call.
    pub on_phone: bool,
    /// The organisation has disabled the legacy account.
    pub disabled: bool,
    /// The password is no longer the one that may have leaked.
    pub password_changed: bool,
    /// That was so at the legacy platform already, before any link.
    pub changed_at_legacy: bool,
    /// A second channel was proved at the link, and the target asks for it on every new device.
    pub guarded: bool,
    /// The link has been confirmed by somebody, not only made.
    pub link_verified: bool,
    /// The link was made for the wrong person.
    pub false_link: bool,
    /// The link was made by the desk or the review team.
    pub by_desk: bool,
    /// Legacy sessions were ended.
    pub revoked_at: Option<SimTime>,
    /// By what somebody who is not the owner gets in. A planted contact point lies there while the owner is in control.
    pub foothold: Foothold,
    /// Somebody who means ill knows the password that the owner had, whether or not it opens anything.
    pub password_known: bool,
    /// The legacy store has leaked while the account was in it.
    pub exposed: bool,
    /// The intruder knows the new password too: it is a variant of the old one.
    pub variant_known: bool,
    /// The owner knows of the intruder, or of the wrong link.
    pub told: bool,
    /// What the owner will learn at the next sign-in.
    pub news: News,
    /// Through the wrong link somebody has seen another person's data.
    pub wrong_link_seen: bool,
    /// Since when an intruder holds the account; `NEVER` if none does.
    pub held_since: SimTime,
    /// Simulated time for which intruders have held it until then.
    pub held: Span,
    /// What has become of an intruder of the first day.
    pub resident: Resident,
    /// Since when the owner has wanted to sign in and could not; `NEVER` if that is not so.
    pub shut_since: SimTime,
    /// Simulated time for which the owner wanted to sign in and could not, until then.
    pub shut: Span,
    /// The owner has typed a password at the target before.
    pub knows_page: bool,
    /// The password is new and was forced upon the owner, who has not typed it again yet.
    pub fresh_password: bool,
    /// The first sign-in at the target is behind whoever uses the account: second factor and claims are settled.
    pub settled: bool,
    /// The owner has a passkey instead of a password.
    pub passkey: bool,
    /// The owner has shown up since the start.
    pub seen: bool,
    /// The owner has tried and stopped trying, for now.
    pub turned_away: bool,
    /// The owner is done with the desk.
    pub desk_exhausted: bool,
    /// A reviewer has decided for the owner before.
    pub reviewed: bool,
    /// The owner has given contact points that are theirs, or somebody trustworthy has vouched for them.
    pub renewed: bool,
    /// The owner only asks the desk whether a mail is genuine.
    pub only_asks: bool,
    /// The desk has told the owner that the campaign is genuine.
    pub reassured: bool,
    /// What the owner is in the middle of.
    pub step: Step,
    /// Frustration, in points.
    pub frustration: f64,
    /// When the account was linked.
    pub linked_at: Option<SimTime>,
    /// When the rollout reached it.
    pub begun_at: Option<SimTime>,
    /// When its first campaign mail left.
    pub first_mail: SimTime,
    /// Phishers have seen that a campaign runs.
    pub baited: bool,
    /// The link that the owner is about to act on.
    pub campaign_link: MailedLink,
    /// The link that somebody else is about to act on, and who.
    pub stranger_link: (MailedLink, Actor, Vector),
    /// The rule that matched.
    pub rule: usize,
    /// How long the first campaign mail waits in the send queue.
    pub queue: Span,
    /// Of campaign mails that would reach an inbox, the part that still does.
    pub inbox_factor: f64,
    /// Why the owner is in contact with the desk, if so.
    pub reason: Option<Reason>,
    /// What the desk has answered the owner, and an impostor.
    pub answers: [Answer; 2],
    /// Numbers of the open tickets of the owner and of an impostor.
    pub ticket: (u32, u32),
    /// Numbers of draws and things used up so far.
    pub used: Used,
    /// Which steps of the funnel the account has reached.
    pub funnel: Funnel,
}

/// A link in a mail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MailedLink {
    /// Its number among the account's tokens.
    pub token: u32,
    /// Last moment at which it is good.
    pub expires: SimTime,
    /// It has been used by somebody.
    pub spent: bool,
    /// The owner would get stuck on the page behind it.
    pub sticks: bool,
}

/// How often things have happened to an account.
#[derive(Clone, Copy, Debug, Default)]
pub struct Used {
    /// Campaign mails.
    pub mails: u32,
    /// Tokens.
    pub tokens: u32,
    /// Tickets.
    pub tickets: u32,
    /// Attended links asked for.
    pub recoveries: u32,
    /// Step-ups.
    pub step_ups: u32,
    /// Failures that called for a choice.
    pub choices: u32,
    /// Times that the owner stopped trying.
    pub absences: u32,
    /// Contacts by the owner.
    pub contacts: u32,
    /// Calls abandoned in a row.
    pub abandoned: u32,
    /// Attacks.
    pub attacks: u32,
    /// Campaign mails that would leave after the horizon.
    pub late_mails: u32,
    /// E-mails sent, for their price.
    pub emails: u32,
    /// Text messages sent.
    pub texts: u32,
    /// Document checks.
    pub documents: u32,
    /// Times that somebody was asked to vouch.
    pub delegations: u32,
    /// Passwords typed.
    pub typed: u32,
    /// Sign-ins to an account with a silent intruder.
    pub visits: u32,
    /// Arrivals at the target that were not to the end.
    pub arrivals: u32,
    /// Candidates of false alarms.
    pub candidates: u32,
    /// Takeovers that were noticed and set right.
    pub solved: u32,
    /// False alarms of fraud monitoring.
    pub alarms: u32,
    /// Wrong links through which somebody has seen another person's data.
    pub wrong_links: u32,
    /// Times that two identities of the owner were put together.
    pub merged: u32,
}

/// What an owner will learn at the next sign-in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum News {
    /// Nothing.
    #[default]
    None,
    /// Fraud monitoring has locked the account over an intruder.
    Intruder,
    /// Another person has seen the account through a wrong link.
    WrongLink,
}

/// What has become of an intruder who was inside on the first day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resident {
    /// There was none.
    #[default]
    None = 0,
    /// Still inside, at the legacy platform.
    Inside,
    /// Still inside, and carried over to the target.
    CarriedOver,
    /// Put out by what the migration did, without anybody knowing.
    PutOut,
    /// Noticed, and put out.
    Noticed,
}

/// Steps of the reset funnel that an account has reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Funnel {
    /// A campaign mail was sent.
    pub notified: bool,
    /// One was delivered.
    pub delivered: bool,
    /// One bounced.
    pub bounced: bool,
    /// One was opened by its owner.
    pub opened: bool,
    /// A link in one was clicked by its owner.
    pub clicked: bool,
    /// A link was found expired.
    pub expired: bool,
    /// The way of the campaign's link was followed to the end.
    pub completed: bool,
    /// A link or code that the owner asked for at a sign-in was followed to the end instead.
    pub completed_on_request: bool,
}

impl Default for Member {
    fn default() -> Self {
        Self {
            clocks: [SimTime::NEVER; CLOCKS],
            running: 0,
            stage: Stage::Legacy,
            treatment: Treatment::default(),
            control: Control::Owner,
            end: None,
            credential: Credential::Active,
            locked: false,
            on_phone: false,
            disabled: false,
            password_changed: false,
            changed_at_legacy: false,
            guarded: false,
            link_verified: false,
            false_link: false,
            by_desk: false,
            revoked_at: None,
            foothold: Foothold::NONE,
            password_known: false,
            exposed: false,
            variant_known: false,
            told: false,
            news: News::None,
            wrong_link_seen: false,
            held_since: SimTime::NEVER,
            held: Span::ZERO,
            resident: Resident::None,
            shut_since: SimTime::NEVER,
            shut: Span::ZERO,
            knows_page: false,
            fresh_password: false,
            settled: false,
            passkey: false,
            seen: false,
            turned_away: false,
            desk_exhausted: false,
            reviewed: false,
            renewed: false,
            only_asks: false,
            reassured: false,
            step: Step::Idle,
            frustration: 0.0,
            linked_at: None,
            begun_at: None,
            first_mail: SimTime::NEVER,
            baited: false,
            campaign_link: MailedLink::default(),
            stranger_link: (MailedLink::default(), Actor::Stranger, Vector::RecycledMailbox),
            rule: 0,
            queue: Span::ZERO,
            inbox_factor: 1.0,
            reason: None,
            answers: [Answer { at: SimTime::NEVER, waited: Span::ZERO, served: false }; 2],
            ticket: (0, 0),
            used: Used::default(),
            funnel: Funnel::default(),
        }
    }
}

impl Member {
    /// Sets a clock; beyond the horizon it never fires.
    #[inline]
    pub fn set(&mut self, clock: Clock, at: SimTime, horizon: SimTime) {
        self.clocks[clock as usize] = at;
        self.running &= !(1 << clock as u32);
        self.running |= u32::from(at < horizon) << clock as u32;
    }

    /// Whether `clock` will fire before the horizon.
    #[inline]
    pub fn is_running(&self, clock: Clock) -> bool {
        self.running >> clock as u32 & 1 == 1
    }

    /// When `clock` fires next.
    #[inline]
    pub fn clock(&self, clock: Clock) -> SimTime {
        if self.is_running(clock) {
            self.clocks[clock as usize]
        } else {
            SimTime::NEVER
        }
    }

    /// Whether a sign-in with a remembered password would make a difference.
    #[inline]
    pub fn sign_in_matters(&self) -> bool {
        let matters = match self.stage {
            Stage::Legacy => self.locked || self.disabled,
            Stage::Open | Stage::Retired => true,
            Stage::Linked => {
                !(self.link_verified && self.settled) || self.locked || self.disabled || self.fresh_password
            }
        };
        let waits = self.shut_since < SimTime::NEVER || self.news != News::None;
        (matters || waits || self.control != Control::Owner)
            && self.end.is_none()
            && !self.turned_away
            && self.reason.is_none()
    }

    /// Whether the owner is in the middle of something or in contact with the desk.
    #[inline]
    pub fn is_busy(&self) -> bool {
        self.step != Step::Idle || self.reason.is_some()
    }
}

/// Counts one more, up to the most the counter holds.
#[inline]
pub fn next(counter: &mut u32) -> u32 {
    let number = *counter;
    *counter = counter.saturating_add(1);
    number
}
