//! Requests, as they are read from the audit trail of a simulated unit.
//!
//! What happens to one account at one moment is one request: a click that redeems a link, links the account, ends its
//! sessions and retires its password is one transaction of an identity service.

use super::rush::Rush;
use super::sequence::Deed;
use crate::calendar::{HOUR_MS, SimTime};
use crate::error::{Error, Result};
use crate::identity::dossier::Dossier;
use crate::identity::record::AuditRecord;
use crate::identity::rules;
use crate::population::unit::Unit;
use crate::terms::operation::{AccountId, Actor};

/// A request as a piece of an audit trail.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'a> {
    /// The account.
    pub account: AccountId,
    /// When, as simulated.
    pub at: SimTime,
    entries: &'a [((AccountId, u32), AuditRecord)],
}

const MINUTE_MS: i64 = 60_000;

impl Draft<'_> {
    /// Whether the migration does it at a whole minute: then it may be part of a batch job.
    pub fn may_be_batch(&self) -> bool {
        self.entries[0].1.actor == Actor::System && self.at.0 % MINUTE_MS == 0
    }

    /// What is done.
    pub fn deeds(&self) -> Vec<Deed> {
        let deed = |entry: &AuditRecord| Deed {
            actor: entry.actor,
            operation: entry.operation,
            refused: entry.refused,
        };
        self.entries.iter().map(|(_, entry)| deed(entry)).collect()
    }

    /// Where in the hour after the job's beginning this account's turn comes.
    fn turn_ms(&self) -> i64 {
        (xxhash_rust::xxh3::xxh3_64(&self.account.0.to_le_bytes()) % HOUR_MS as u64) as i64
    }
}

/// The requests of a unit, in the order in which they happened.
pub fn drafts(dossier: &Dossier) -> impl DoubleEndedIterator<Item = Draft<'_>> {
    let same =
        |a: &((AccountId, u32), AuditRecord), b: &((AccountId, u32), AuditRecord)| a.0.0 == b.0.0 && a.1.at == b.1.at;
    dossier
        .audit
        .chunk_by(same)
        .map(|entries| Draft { account: entries[0].0.0, at: entries[0].1.at, entries })
}

/// The requests of a unit with the times at which they are played, in order.
///
/// The simulation does a batch job in no time at all; no service does. So each account's turn comes somewhere in the hour
/// that follows, but not later than what its unit does next.
pub fn timed<'a>(dossier: &'a Dossier, rush: &Rush) -> Vec<(SimTime, Draft<'a>)> {
    let mut next = SimTime::NEVER;
    let mut timed: Vec<_> = drafts(dossier)
        .rev()
        .map(|draft| {
            let mut at = draft.at;
            if draft.may_be_batch() && rush.is_batch(at) {
                at.0 += draft.turn_ms();
            }
            next = next.min(at);
            (next, draft)
        })
        .collect();
    timed.reverse();
    timed
}

/// The dossier of a unit as it is when the window begins.
///
/// # Errors
///
/// If the rules answer otherwise than in the simulation.
pub fn before(start: SimTime, unit: &Unit, sessions: &[bool], whole: &Dossier, rush: &Rush) -> Result<Dossier> {
    let mut dossier = Dossier::default();
    dossier.open(unit, |m| sessions[m]);
    for (at, draft) in timed(whole, rush).iter().take_while(|(at, _)| *at < start) {
        for deed in draft.deeds() {
            let Ok(answer) = rules::apply(&mut dossier, draft.account, *at, deed.actor, deed.operation);
            if answer.err() != deed.refused {
                return Err(Error::Check(format!(
                    "account {}: {:?} was answered {:?} in the simulation and {:?} when it was played again",
                    draft.account.0,
                    deed.operation,
                    deed.refused,
                    answer.err()
                )));
            }
        }
    }
    Ok(dossier)
}
