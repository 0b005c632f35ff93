//! What journeys tell, and to whom.

use crate::calendar::{SimTime, Span};
use crate::terms::Reason;
use crate::terms::Vector;
use crate::terms::operation::{Actor, Operation, Refusal, Resolution};

/// Something that happens to an account, as people would tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The rollout reaches the account; the field is the matching rule.
    Reached(usize),
    /// The legacy platform stops and the tail treatment begins.
    CutOff,
    /// The campaign is announced to the account.
    Announced,
    /// A campaign mail leaves; the field is its number, from 1.
    MailSent(u32),
    /// The mail bounces: the mailbox is dead.
    Bounced,
    /// The mail is lost or lands in spam.
    MailUnseen,
    /// The mail arrives and is not opened.
    MailUnopened,
    /// The mail is read and left at that.
    MailRead,
    /// The owner clicks the link in a campaign mail.
    Clicked,
    /// Somebody else at the mailbox, or who holds it now, clicks the link.
    ClickedByOther,
    /// The link has expired.
    LinkExpired,
    /// The link was used before.
    LinkSpent,
    /// The owner gets stuck on the page behind the link.
    Stuck,
    /// The owner signs in and is let in.
    SignedIn,
    /// The password is forgotten.
    Forgot,
    /// The owner signs in and is refused.
    Refused,
    /// A link or code is sent at the owner's request.
    LinkAsked,
    /// The owner has proved who they are and can sign in again.
    Recovered,
    /// That link never reaches the owner, or is not used.
    LinkMissed,
    /// A second channel is asked for.
    StepUpAsked,
    /// The identifier belongs to somebody else: the account cannot be linked as it is.
    Conflict,
    /// The account has its identity in the target.
    Linked,
    /// The owner will try another time.
    TriesLater,
    /// The owner stops trying.
    GivesUp,
    /// The owner has been away for a while and tries again from now on.
    TriesAgain,
    /// The owner contacts the desk.
    Contacts(Reason),
    /// The desk is closed; the owner will call when it opens.
    DeskClosed,
    /// The owner hangs up after waiting this long.
    HangsUp(Span),
    /// An agent takes the contact after this wait.
    Answered(Span),
    /// The case is closed.
    Closed(Resolution),
    /// The owner signs up again; whether the target notices and leads back to the old account.
    SignsUp(bool),
    /// The owner leaves for good.
    Leaves,
    /// Somebody attacks; whether it works.
    Attack(Vector, bool),
    /// Another person takes the account for the own one.
    Misbound,
    /// A takeover, or a wrong link, is noticed and ended.
    Restored,
    /// An intruder finds the door closed, and nobody knows that there was one.
    IntruderOut,
    /// The owner learns of an intruder; whether by themselves.
    LearnsOfIntruder(bool),
    /// Through a wrong link somebody sees another person's data.
    WrongLinkSeen,
    /// The owner hears of an intruder who is out by now, or else of a wrong link.
    HearsOfIncident(bool),
    /// The desk has told the owner that a mail is genuine.
    Reassured,
    /// A reviewer has decided about the account before, and does not look at it again.
    ReviewedBefore,
    /// Fraud monitoring takes the owner for an intruder; whether they get in all the same.
    FalseAlarm(bool),
    /// The owner takes the mail for phishing.
    Suspects,
    /// A scanner at the mailbox opens the link and uses it up.
    LinkScanned,
    /// The owner's second factor has to be enrolled anew; whether that works.
    EnrolsAnew(bool),
    /// The target asks for what is missing on record; whether the owner gives it.
    ClaimsAsked(bool),
    /// Somebody at the same household or company vouches: for the owner, or by mistake for somebody else.
    VouchedFor(bool),
    /// The owner makes a passkey.
    PasskeyMade,
    /// The owner's passkey is not on the device at hand.
    PasskeyMissing,
    /// The owner finds an empty account where theirs should be.
    EmptyAccount,
    /// The owner, who has signed up again, misses the old account.
    MissesHistory,
    /// The migration of the account is undone; whether the legacy platform then refuses the customer's password.
    RolledBack(bool),
    /// An archived account's owner comes back.
    ComesBack,
}

/// Whoever wants to know what happens in a journey.
pub trait Listener {
    /// Something happens to an account.
    fn fact(&mut self, at: SimTime, member: usize, fact: Fact);
    /// An operation is done; `refused` is what the journey expects the store to say.
    fn operation(&mut self, at: SimTime, member: usize, actor: Actor, operation: Operation, refused: Option<Refusal>);
}

/// Nobody listens.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nobody;

impl Listener for Nobody {
    #[inline]
    fn fact(&mut self, _: SimTime, _: usize, _: Fact) {}
    #[inline]
    fn operation(&mut self, _: SimTime, _: usize, _: Actor, _: Operation, _: Option<Refusal>) {}
}

/// Two listen.
impl<A: Listener, B: Listener> Listener for (&mut A, &mut B) {
    #[inline]
    fn fact(&mut self, at: SimTime, member: usize, fact: Fact) {
        self.0.fact(at, member, fact);
        self.1.fact(at, member, fact);
    }

    #[inline]
    fn operation(&mut self, at: SimTime, member: usize, actor: Actor, operation: Operation, refused: Option<Refusal>) {
        self.0.operation(at, member, actor, operation, refused);
        self.1.operation(at, member, actor, operation, refused);
    }
}

/// What a recorder has heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A fact.
    Fact(Fact),
    /// An operation, by whom, and the expected refusal.
    Operation(Actor, Operation, Option<Refusal>),
}

/// One line of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// When.
    pub at: SimTime,
    /// Which account of the unit.
    pub member: u8,
    /// What.
    pub heard: Heard,
}

/// Writes everything down, in order.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    /// The lines.
    pub lines: Vec<Line>,
}

impl Recorder {
    /// Tells somebody else all that was heard, in order.
    pub fn replay(&self, listener: &mut impl Listener) {
        for line in &self.lines {
            let member = usize::from(line.member);
            match line.heard {
                Heard::Fact(fact) => listener.fact(line.at, member, fact),
                Heard::Operation(actor, operation, refused) => {
                    listener.operation(line.at, member, actor, operation, refused);
                }
            }
        }
    }
}

impl Listener for Recorder {
    #[inline]
    fn fact(&mut self, at: SimTime, member: usize, fact: Fact) {
        self.lines.push(Line { at, member: member as u8, heard: Heard::Fact(fact) });
    }

    #[inline]
    fn operation(&mut self, at: SimTime, member: usize, actor: Actor, operation: Operation, refused: Option<Refusal>) {
        self.lines.push(Line {
            at,
            member: member as u8,
            heard: Heard::Operation(actor, operation, refused),
        });
    }
}
