//! The writer of dossiers: listens to a walk, applies each operation to the unit's dossier at once, and notes what will be counted.

use std::convert::Infallible;

use crate::calendar::SimTime;
use crate::error::{Error, Result};
use crate::identity::dossier::Dossier;
use crate::identity::record::CredentialState;
use crate::identity::rules;
use crate::identity::table::{Table, View};
use crate::identity::trees::Tree;
use crate::journey::listener::{Fact, Listener};
use crate::measure::counts::{Event, Series};
use crate::population::unit::Unit;
use crate::terms::operation::{AccountId, Actor, Operation, Refusal};

/// Keeps the dossier of a unit while it walks.
#[derive(Debug, Default)]
pub struct DossierWriter {
    /// What the store will know.
    pub dossier: Dossier,
    /// What will be counted.
    pub events: Vec<(SimTime, Event)>,
    /// Nobody will read the audit trail.
    pub trailless: bool,
    first_account: u64,
    disagreement: Option<Box<Disagreement>>,
}

/// The rules said something else than the journey expected.
#[derive(Debug)]
struct Disagreement {
    account: u64,
    at: SimTime,
    actor: Actor,
    operation: Operation,
    expected: Option<Refusal>,
    ruled: Option<Refusal>,
}

impl DossierWriter {
    /// Opens the dossier of a unit.
    #[inline]
    pub fn open(&mut self, unit: &Unit, has_session: impl Fn(usize) -> bool) {
        self.dossier.open(unit, has_session);
        self.events.clear();
        self.first_account = unit.first_account;
        self.disagreement = None;
    }

    /// Fails if the identity rules and the journey disagreed about an operation.
    #[inline]
    pub fn check(&self) -> Result<()> {
        match &self.disagreement {
            None => Ok(()),
            Some(disagreement) => Err(Error::Check(disagreement.sentence())),
        }
    }
}

impl Disagreement {
    fn sentence(&self) -> String {
        let ruling = |refused: Option<Refusal>| match refused {
            None => "accepted".to_owned(),
            Some(refusal) => format!("refused ({refusal})"),
        };
        format!(
            "model and identity rules disagree about account {} at {} ms: {:?} by {:?} was expected to be {}, but was {}",
            self.account,
            self.at.0,
            self.operation,
            self.actor,
            ruling(self.expected),
            ruling(self.ruled),
        )
    }
}

/// A dossier that drops its audit trail, which no rule ever reads.
struct Trailless<'a>(&'a mut Dossier);

impl View for Trailless<'_> {
    type Error = Infallible;

    #[inline]
    fn get<T: Table>(&self, key: T::Key) -> std::result::Result<Option<T::Record>, Infallible> {
        self.0.get::<T>(key)
    }

    #[inline]
    fn insert<T: Table>(&mut self, key: T::Key, record: T::Record) -> std::result::Result<(), Infallible> {
        if T::TREE == Tree::Audit {
            return Ok(());
        }
        self.0.insert::<T>(key, record)
    }

    #[inline]
    fn put<T: Table>(&mut self, key: T::Key, record: T::Record) -> std::result::Result<(), Infallible> {
        self.0.put::<T>(key, record)
    }
}

impl Listener for DossierWriter {
    #[inline]
    fn fact(&mut self, at: SimTime, _member: usize, fact: Fact) {
        let event = match fact {
            Fact::MailSent(_) => Event::One(Series::Mails),
            Fact::Linked => Event::One(Series::Linked),
            Fact::Leaves => Event::One(Series::Left),
            Fact::SignsUp(false) => Event::One(Series::Duplicates),
            Fact::Attack(vector, works) => Event::Attack(vector, works),
            // Nothing counts these; whoever does brings a measure of their own.
            Fact::Reached(_)
            | Fact::CutOff
            | Fact::Announced
            | Fact::Bounced
            | Fact::MailUnseen
            | Fact::MailUnopened
            | Fact::MailRead
            | Fact::Clicked
            | Fact::ClickedByOther
            | Fact::LinkExpired
            | Fact::LinkSpent
            | Fact::Stuck
            | Fact::SignedIn
            | Fact::Forgot
            | Fact::Refused
            | Fact::LinkAsked
            | Fact::Recovered
            | Fact::LinkMissed
            | Fact::StepUpAsked
            | Fact::Conflict
            | Fact::TriesLater
            | Fact::GivesUp
            | Fact::TriesAgain
            | Fact::Contacts(_)
            | Fact::DeskClosed
            | Fact::HangsUp(_)
            | Fact::Answered(_)
            | Fact::Closed(_)
            | Fact::SignsUp(true)
            | Fact::Misbound
            | Fact::Restored
            | Fact::IntruderOut
            | Fact::LearnsOfIntruder(_)
            | Fact::WrongLinkSeen
            | Fact::HearsOfIncident(_)
            | Fact::Reassured
            | Fact::ReviewedBefore
            | Fact::FalseAlarm(_)
            | Fact::Suspects
            | Fact::LinkScanned
            | Fact::EnrolsAnew(_)
            | Fact::ClaimsAsked(_)
            | Fact::PasskeyMade
            | Fact::PasskeyMissing
            | Fact::VouchedFor(_)
            | Fact::EmptyAccount
            | Fact::MissesHistory
            | Fact::RolledBack(_)
            | Fact::ComesBack => return,
        };
        self.events.push((at, event));
    }

    #[inline]
    fn operation(&mut self, at: SimTime, member: usize, actor: Actor, operation: Operation, refused: Option<Refusal>) {
        let accepted = |dossier: &Dossier| dossier.legacy[member].1.credential == CredentialState::Active;
        let before = accepted(&self.dossier);
        let account = AccountId(self.first_account + member as u64);
        let Ok(ruling) = if self.trailless {
            rules::apply(&mut Trailless(&mut self.dossier), account, at, actor, operation)
        } else {
            rules::apply(&mut self.dossier, account, at, actor, operation)
        };
        if before && !accepted(&self.dossier) {
            self.events.push((at, Event::One(Series::CredentialsEnded)));
        }
        if ruling.err() != refused && self.disagreement.is_none() {
            self.disagreement = Some(Box::new(Disagreement {
                account: account.0,
                at,
                actor,
                operation,
                expected: refused,
                ruled: ruling.err(),
            }));
        }
    }
}
