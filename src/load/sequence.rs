//! The sequence: the requests of a window of the simulated migration, in time order, and without end.
//!
//! When the window is over it begins again for another *cohort*: the same customers' window, under account numbers of
//! their own. So a test of any length and rate plays one sequence, which depends on nothing but the scenario, its seed
//! and the window; and every token, mailbox and account in it is used as often as in life.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::kind::RequestKind;
use crate::calendar::SimTime;
use crate::error::{Error, Result};
use crate::terms::operation::{AccountId, Actor, Identifier, IdentityId, Operation, Refusal};

/// One operation of a request, and what the simulation says the store will answer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Deed {
    /// By whom.
    pub actor: Actor,
    /// What.
    pub operation: Operation,
    /// Why it will be refused, if it will.
    pub refused: Option<Refusal>,
}

/// What one account's owner, an agent or a job asks of the store at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoadRequest {
    /// The account, in the first cohort.
    pub account: AccountId,
    /// When, in simulated time.
    pub at: SimTime,
    /// Its kind.
    pub kind: RequestKind,
    /// Whether the account shares no contact point with others: then nobody can get in its way.
    pub alone: bool,
    /// The account's previous request in the window must be answered before: nobody clicks a link before it is sent.
    pub follows: bool,
    /// Place of the account's next request in the window, if there is one.
    pub next: Option<u32>,
    /// First of its deeds.
    first_deed: u32,
    /// Number of its deeds.
    deeds: u16,
}

/// A window's requests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sequence {
    /// Where the window begins.
    pub start: SimTime,
    /// How long it is, in milliseconds.
    pub length_ms: i64,
    /// Accounts between one cohort and the next.
    pub stride: u64,
    requests: Vec<LoadRequest>,
    deeds: Vec<Deed>,
}

/// A request of some cohort.
#[derive(Clone, Copy, Debug)]
pub struct Turn<'a> {
    /// The request, as in the first cohort.
    pub request: &'a LoadRequest,
    /// The account.
    pub account: AccountId,
    deeds: &'a [Deed],
    shift: u64,
}

impl Turn<'_> {
    /// What is done, in order.
    pub fn deeds(&self) -> impl ExactSizeIterator<Item = Deed> {
        self.deeds.iter().map(|deed| Deed { operation: moved(deed.operation, self.shift), ..*deed })
    }
}

impl Sequence {
    /// A sequence of these requests, each with its deeds; they are put in order of time, and of account where that is the
    /// same.
    ///
    /// # Errors
    ///
    /// If there are none, or more than 4 billion operations.
    pub fn new(
        start: SimTime,
        length_ms: i64,
        stride: u64,
        mut parts: Vec<(AccountId, SimTime, bool, Vec<Deed>)>,
    ) -> Result<Self> {
        parts.retain(|(.., deeds)| !deeds.is_empty());
        if parts.is_empty() {
            return Err(Error::Input("the window holds no operation: choose another --window".to_owned()));
        }
        // Stable: requests of one unit at one moment stay in their order.
        parts.sort_by_key(|(_, at, ..)| *at);
        let mut sequence = Self {
            start,
            length_ms,
            stride,
            requests: Vec::with_capacity(parts.len()),
            deeds: Vec::new(),
        };
        let mut latest = std::collections::BTreeMap::new();
        for (account, at, alone, deeds) in parts {
            let place = sequence.requests.len();
            let first = u32::try_from(sequence.deeds.len());
            let (Ok(first_deed), Ok(number)) = (first, u32::try_from(place)) else {
                return Err(Error::Input(
                    "the window holds over 4 billion operations: choose a shorter one".to_owned(),
                ));
            };
            let before = latest.insert(account, place);
            if let Some(before) = before {
                sequence.requests[before].next = Some(number);
            }
            sequence.requests.push(LoadRequest {
                account,
                at,
                kind: RequestKind::of(deeds[0].operation),
                alone,
                follows: before.is_some(),
                next: None,
                first_deed,
                deeds: deeds.len() as u16,
            });
            sequence.deeds.extend(deeds);
        }
        Ok(sequence)
    }

    /// Writes it down for other processes.
    ///
    /// # Errors
    ///
    /// If that fails.
    pub fn write(&self, path: &Path) -> Result<()> {
        let bytes = postcard::to_stdvec(self)
            .map_err(|error| Error::Store(format!("the sequence cannot be encoded: {error}")))?;
        std::fs::write(path, bytes).map_err(|error| Error::file(path, "write it", error))
    }

    /// Reads one.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(|error| Error::file(path, "read it", error))?;
        postcard::from_bytes(&bytes)
            .map_err(|error| Error::Check(format!("{}: not a sequence of this version: {error}", path.display())))
    }

    /// Requests of one cohort.
    pub fn len(&self) -> u64 {
        self.requests.len() as u64
    }

    /// Operations of one cohort's requests.
    pub fn operations(&self) -> u64 {
        self.deeds.len() as u64
    }

    /// Whether there are no requests; never so.
    pub fn is_empty(&self) -> bool {
        self.requests.is_empty()
    }

    /// The requests of one cohort.
    pub fn requests(&self) -> &[LoadRequest] {
        &self.requests
    }

    /// The request in this place of the endless sequence.
    pub fn turn(&self, place: u64) -> Turn<'_> {
        let (cohort, request) = (place / self.len(), &self.requests[(place % self.len()) as usize]);
        let shift = cohort * self.stride;
        let first = request.first_deed as usize;
        Turn {
            request,
            account: AccountId(request.account.0 + shift),
            deeds: &self.deeds[first..first + usize::from(request.deeds)],
            shift,
        }
    }

    /// The place of the account's next request after this one, if it has one in its cohort's window.
    pub fn next(&self, place: u64) -> Option<u64> {
        let request = &self.requests[(place % self.len()) as usize];
        request.next.map(|next| place - place % self.len() + u64::from(next))
    }

    /// Where a place stands in the flow of time, counted in requests: with a steady flow it would be the place itself;
    /// bursts and lulls move it.
    pub fn flow(&self, place: u64) -> f64 {
        let (cohort, request) = (place / self.len(), &self.requests[(place % self.len()) as usize]);
        let part = (request.at - self.start).0 as f64 / self.length_ms as f64;
        (cohort as f64 + part) * self.len() as f64
    }

    /// Hash of everything that is asked, by whom and when: what two tests must share to be compared.
    pub fn hash(&self) -> String {
        let bytes = postcard::to_stdvec(self).unwrap_or_default();
        format!("{:016x}", xxhash_rust::xxh3::xxh3_64(&bytes))
    }
}

/// The operation as done by another cohort, whose accounts have higher numbers.
pub fn moved(operation: Operation, shift: u64) -> Operation {
    match operation {
        Operation::Link { evidence, identifier } => {
            Operation::Link { evidence, identifier: moved_identifier(identifier, shift) }
        }
        Operation::Register { identifier } => Operation::Register { identifier: moved_identifier(identifier, shift) },
        Operation::Merge { evidence, into } => Operation::Merge { evidence, into: moved_identity(into, shift) },
        other => other,
    }
}

/// The identity of another cohort.
pub fn moved_identity(identity: IdentityId, shift: u64) -> IdentityId {
    IdentityId(identity.0 + IdentityId::linked(AccountId(shift)).0)
}

/// The identifier of another cohort.
pub fn moved_identifier(identifier: Identifier, shift: u64) -> Identifier {
    match identifier {
        Identifier::Email(number) => Identifier::Email(number + shift),
        Identifier::Phone(number) => Identifier::Phone(number + shift),
        Identifier::Subject(number) => Identifier::Subject(number + shift),
        Identifier::Username(number) => Identifier::Username(number + shift),
        Identifier::OtherEmail(number) => Identifier::OtherEmail(number + shift),
    }
}
