//! Proof: nothing that the store has acknowledged is lost, and nothing that it has acknowledged contradicts itself.
//!
//! The log says what the client was told, the store what is there. Each acknowledged request must have left its
//! operations in the account's audit trail, where the acknowledgement says, with what was said of each.

use std::path::Path;

use serde::Serialize;

use super::ack::{self, LogEntry, StoreAnswer};
use super::sequence::{Sequence, Turn};
use crate::error::{Error, Result};
use crate::identity::record::AuditRecord;
use crate::identity::table::{Audit, Legacy, View};
use crate::identity::trees::codec::TreeKey;
use crate::identity::trees::{Cursor, Encoded, Scratch, TreeStore};
use crate::terms::operation::{AccountId, Identifier, IdentityId, Operation};

/// What the log and the store say together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LogProof {
    /// Requests acknowledged.
    pub acknowledged: u64,
    /// Those of them of which the rules refused an operation.
    pub refused: u64,
    /// Those of them that have left an operation not where the acknowledgement says, or another one than was asked for.
    pub lost: u64,
    /// Acknowledgements of a request that was acknowledged before.
    pub doubled: u64,
    /// Acknowledged uses of a token after the first.
    pub redeemed_again: u64,
    /// Acknowledged links of an account after the first.
    pub linked_again: u64,
    /// Acknowledged gifts of an identifier after the first.
    pub given_again: u64,
    /// The first that should not be.
    pub example: Option<String>,
}

impl LogProof {
    /// Acknowledgements that contradict others, by what must not be.
    pub fn contradictions(&self) -> [(&'static str, u64); 4] {
        [
            ("a request is acknowledged at most once", self.doubled),
            ("a token is acknowledged as redeemed at most once", self.redeemed_again),
            ("an account is acknowledged as linked at most once", self.linked_again),
            ("an identifier is acknowledged to one identity", self.given_again),
        ]
    }

    /// Fails if something acknowledged was lost or contradicts itself.
    ///
    /// # Errors
    ///
    /// Then.
    pub fn must_hold(&self) -> Result<()> {
        match &self.example {
            None => Ok(()),
            Some(example) => Err(Error::Check(format!(
                "of {} acknowledged requests {} are lost and {} contradict others: {example}",
                self.acknowledged,
                self.lost,
                self.contradictions().iter().map(|(_, count)| count).sum::<u64>()
            ))),
        }
    }

    fn note(&mut self, example: impl FnOnce() -> String) {
        self.example.get_or_insert_with(example);
    }
}

/// An acknowledgement, as small as can be: there is one for each request of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Claim {
    account: AccountId,
    place: u64,
    first_audit: u32,
    refused: u32,
}

/// Holds the log of acknowledgements of a sequence against the store.
///
/// # Errors
///
/// If the log or the store cannot be read. What is lost is no error, but told in the [`LogProof`].
pub fn prove(store: &dyn TreeStore, sequence: &Sequence, log: &Path) -> Result<LogProof> {
    let mut proof = LogProof::default();
    let mut claims = claims(sequence, log)?;
    claims.sort_unstable();
    claims.dedup_by(|again, first| {
        let doubled = again.place == first.place;
        if doubled {
            proof.doubled += 1;
            proof.note(|| format!("request {} was acknowledged twice", again.place));
        }
        doubled
    });
    let mut trails = Cursor::<Audit>::new(store);
    let mut account = ProvenAccount { sequence, trail: Vec::new(), known: true };
    let mut given = Vec::new();
    for claims in claims.chunk_by_mut(|a, b| a.account == b.account) {
        claims.sort_unstable_by_key(|claim| (claim.first_audit, claim.place));
        account.read(&mut trails, store, claims[0].account)?;
        account.check(claims, &mut proof);
        account.agree(claims, &mut given, &mut proof);
    }
    given.sort_unstable();
    for pair in given.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        proof.given_again += 1;
        let (identifier, first, second) = (pair[0].0, pair[0].1.0, pair[1].1.0);
        proof.note(|| format!("{identifier:?} was given to identity {first} and again to {second}"));
    }
    Ok(proof)
}

fn claims(sequence: &Sequence, log: &Path) -> Result<Vec<Claim>> {
    let mut claims = Vec::new();
    let mut beyond = None;
    ack::read(log, |entry| {
        let LogEntry::Answered(answered) = entry else { return };
        let StoreAnswer::Acknowledged { first_audit, refused, .. } = answered.answer else {
            return;
        };
        let place = answered.place;
        // No test gets that far, but a damaged log could name any place.
        if place / sequence.len() > u64::from(u32::MAX) {
            beyond.get_or_insert(place);
            return;
        }
        let account = sequence.turn(place).account;
        claims.push(Claim { account, place, first_audit, refused });
    })?;
    match beyond {
        Some(place) => Err(Error::Check(format!("the log of acknowledgements names a request {place}: it is damaged"))),
        None => Ok(claims),
    }
}

/// An account, as the store knows it.
struct ProvenAccount<'a> {
    sequence: &'a Sequence,
    trail: Vec<(u32, AuditRecord)>,
    known: bool,
}

impl ProvenAccount<'_> {
    fn read(&mut self, trails: &mut Cursor<'_, Audit>, store: &dyn TreeStore, account: AccountId) -> Result<()> {
        self.trail.clear();
        // An account's number alone sorts before all entries of its trail.
        trails.seek(account.encode());
        while let Some(((_, number), entry)) = trails.next_if(|(of, _)| of == account)? {
            self.trail.push((number, entry));
        }
        self.known = !self.trail.is_empty() || exists(store, account)?;
        Ok(())
    }

    /// Looks for what the requests must have left; no two of them can have left the same.
    fn check(&self, claims: &[Claim], proof: &mut LogProof) {
        let mut free = 0;
        for claim in claims {
            proof.acknowledged += 1;
            proof.refused += u64::from(claim.refused != 0);
            let turn = self.sequence.turn(claim.place);
            let lost = if self.known {
                self.first_lost(claim, &turn, free)
            } else {
                // Of an account that is not there everything is refused, and nothing written.
                (0..).zip(turn.deeds()).find(|(n, _)| said_refused(claim, *n) == Some(false)).map(|(n, _)| n)
            };
            free = free.max(claim.first_audit.saturating_add(turn.deeds().len() as u32));
            if let Some(number) = lost {
                proof.lost += 1;
                proof.note(|| {
                    format!(
                        "request {} was acknowledged, but entry {} of the audit trail of account {} is not what it did",
                        claim.place,
                        u64::from(claim.first_audit) + u64::from(number),
                        claim.account.0
                    )
                });
            }
        }
    }

    /// The first deed of a request that is not in the trail where it should be.
    fn first_lost(&self, claim: &Claim, turn: &Turn<'_>, free: u32) -> Option<u32> {
        (0..).zip(turn.deeds()).find_map(|(n, deed)| {
            let number = claim.first_audit.saturating_add(n);
            let place = self.trail.binary_search_by_key(&number, |(number, _)| *number);
            let there = place.is_ok_and(|place| {
                let entry = &self.trail[place].1;
                number >= free
                    && (entry.at, entry.actor, entry.operation) == (turn.request.at, deed.actor, deed.operation)
                    && said_refused(claim, n).is_none_or(|refused| refused == entry.refused.is_some())
            });
            (!there).then_some(n)
        })
    }

    /// No two acknowledged requests can both have used a token or linked the account.
    fn agree(&self, claims: &[Claim], given: &mut Vec<(Identifier, IdentityId)>, proof: &mut LogProof) {
        let mut redeemed = Vec::new();
        let mut links = 0_u64;
        for claim in claims {
            for (n, deed) in (0..).zip(self.sequence.turn(claim.place).deeds()) {
                if said_refused(claim, n) != Some(false) {
                    continue;
                }
                match deed.operation {
                    Operation::Redeem { token } => redeemed.push(token),
                    Operation::Register { identifier } => {
                        given.push((identifier, IdentityId::signed_up(claim.account)));
                    }
                    Operation::Link { identifier, .. } => {
                        links += 1;
                        given.push((identifier, IdentityId::linked(claim.account)));
                    }
                    Operation::Merge { .. } => links += 1,
                    _ => {}
                }
            }
        }
        let Some(account) = claims.first().map(|claim| claim.account.0) else {
            return;
        };
        redeemed.sort_unstable();
        for pair in redeemed.windows(2).filter(|pair| pair[0] == pair[1]) {
            proof.redeemed_again += 1;
            proof.note(|| format!("token {} of account {account} was redeemed twice", pair[0]));
        }
        if links > 1 {
            proof.linked_again += links - 1;
            proof.note(|| format!("account {account} was linked {links} times"));
        }
    }
}

/// Whether the client was told that the rules refused a request's operation; it is told of the first 32.
fn said_refused(claim: &Claim, operation: u32) -> Option<bool> {
    claim.refused.checked_shr(operation).map(|bits| bits & 1 == 1)
}

fn exists(store: &dyn TreeStore, account: AccountId) -> Result<bool> {
    let (mut scratch, mut exists) = (Scratch::default(), false);
    store.transact(false, &mut |transaction| {
        exists = Encoded::new(transaction, &mut scratch, 0).get::<Legacy>(account)?.is_some();
        Ok(())
    })?;
    Ok(exists)
}
