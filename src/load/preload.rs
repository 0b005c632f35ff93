//! Preload: the store as it is when the window begins. The whole directory in the first cohort; of further cohorts those
//! customers who act in the window.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::request;
use super::sequence::{moved, moved_identifier, moved_identity};
use super::window::FoundWindow;
use crate::calendar::SimTime;
use crate::engine::operations::ArmOperations;
use crate::error::{Error, Result};
use crate::identity::dossier::Dossier;
use crate::identity::table::{Audit, Identifiers, Legacy, Sessions, Table, Target, Tickets, Tokens};
use crate::identity::trees::codec::{self, KeyBytes, TreeKey};
use crate::identity::trees::{Tree, TreeRow, TreeStore};
use crate::terms::operation::{AccountId, TicketId, TokenId};
use crate::watch::Watch;

/// Where a store keeps how far its preload has got.
const PROGRESS: &[u8] = b"preload";

/// Accounts of a cohort that are loaded at once.
const DOSSIERS_AT_ONCE: usize = 10_000;

/// How far a preload has got.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preloaded {
    /// What it is for: scenario, strategy, window and size of records, as a hash.
    pub key: String,
    /// Chunks of the first cohort that are in the store.
    chunks: u32,
    /// Further cohorts that are in the store.
    further: u32,
    /// Accounts in the store.
    pub accounts: u64,
    /// Records in the store.
    pub records: u64,
    /// Bytes of their keys and values.
    pub bytes: u64,
    /// Milliseconds that it has taken.
    pub milliseconds: u64,
}

impl Preloaded {
    /// What a store says of its preload; `None` if it has none.
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    pub fn of(store: &dyn TreeStore) -> Result<Option<Self>> {
        let mut bytes = Vec::new();
        let mut found = false;
        store.transact(false, &mut |transaction| {
            found = transaction.get(Tree::Meta, PROGRESS, &mut bytes)?;
            Ok(())
        })?;
        if found {
            codec::read(Tree::Meta, &bytes).map(Some)
        } else {
            Ok(None)
        }
    }

    /// Whether it holds all that is wanted.
    pub fn is_enough(&self, operations: &ArmOperations, wanted: &PreloadSpec) -> bool {
        self.chunks as usize >= operations.chunks() && u64::from(self.further) + 1 >= wanted.cohorts
    }

    /// Notes it in the store. What it tells of must be on disk before.
    fn note(&self, store: &dyn TreeStore) -> Result<()> {
        let mut value = Vec::new();
        codec::write(Tree::Meta, PROGRESS, self, 0, &mut value)?;
        store.load(&[TreeRow { tree: Tree::Meta, key: KeyBytes::of(&[PROGRESS]), value }])
    }

    fn add(&mut self, loaded: &RowBatch) {
        self.accounts += loaded.accounts;
        self.records += loaded.rows.len() as u64;
        self.bytes += loaded.rows.iter().map(|row| (row.key.len() + row.value.len()) as u64).sum::<u64>();
    }
}

/// What is to be loaded.
#[derive(Clone, Debug)]
pub struct PreloadSpec {
    /// What it is for.
    pub key: String,
    /// Cohorts, the first one included.
    pub cohorts: u64,
    /// Least size of the records of accounts and identities, in bytes.
    pub record_bytes: usize,
}

/// Rows on their way.
#[derive(Default)]
struct RowBatch {
    rows: Vec<TreeRow>,
    accounts: u64,
}

/// Loads what is missing; `clock_ms` tells real time. Goes on where an earlier preload stopped.
///
/// # Errors
///
/// If the store fails, or was preloaded for something else, or on interruption; what is loaded stays.
pub fn preload(
    operations: &ArmOperations,
    found: &FoundWindow,
    store: &dyn TreeStore,
    wanted: &PreloadSpec,
    watch: &dyn Watch,
    clock_ms: &dyn Fn() -> u64,
) -> Result<Preloaded> {
    let mut done =
        Preloaded::of(store)?.unwrap_or_else(|| Preloaded { key: wanted.key.clone(), ..Preloaded::default() });
    if done.key != wanted.key {
        return Err(Error::Input("the store was preloaded for another test".to_owned()));
    }
    let (began, before) = (clock_ms(), done.milliseconds);
    let started = found.sequence.start;
    let put = |done: &mut Preloaded, mut loaded: RowBatch| {
        loaded.rows.sort_unstable();
        store.load(&loaded.rows)?;
        done.add(&loaded);
        watch.advance(loaded.accounts);
        if watch.stopped() {
            Err(Error::Interrupted("interrupted; what is preloaded is kept and will be used".to_owned()))
        } else {
            Ok(())
        }
    };
    let mark = |done: &mut Preloaded| {
        store.sync()?;
        done.milliseconds = before + clock_ms() - began;
        done.note(store)
    };

    watch.begin("preloading the directory", operations.accounts());
    watch.advance(done.accounts.min(operations.accounts()));
    let chunks = operations.chunks();
    while (done.chunks as usize) < chunks {
        let first = done.chunks as usize;
        let some: Vec<RowBatch> = (first..chunks.min(first + rayon::current_num_threads()))
            .into_par_iter()
            .map(|chunk| {
                operations.visit_chunk(chunk, watch, |loaded: &mut RowBatch, unit, sessions, whole| {
                    let dossier = request::before(started, unit, sessions, whole, &found.rush)?;
                    loaded.accounts += unit.accounts.len() as u64;
                    rows(&dossier, 0, wanted.record_bytes, &mut loaded.rows)
                })
            })
            .collect::<Result<_>>()?;
        for loaded in some {
            put(&mut done, loaded)?;
            done.chunks += 1;
        }
        mark(&mut done)?;
    }

    let further = wanted.cohorts.saturating_sub(1) as u32;
    if done.further < further {
        let cast = cast(operations, found, watch)?;
        let accounts = cast.iter().map(|dossier| dossier.legacy.len() as u64).sum::<u64>();
        watch.begin("preloading further cohorts", accounts * u64::from(further - done.further));
        while done.further < further {
            let shift = found.sequence.stride * u64::from(done.further + 1);
            for dossiers in cast.chunks(DOSSIERS_AT_ONCE) {
                let mut loaded = RowBatch::default();
                for dossier in dossiers {
                    loaded.accounts += dossier.legacy.len() as u64;
                    rows(dossier, shift, wanted.record_bytes, &mut loaded.rows)?;
                }
                put(&mut done, loaded)?;
            }
            done.further += 1;
            mark(&mut done)?;
        }
    }
    watch.end();
    // The mark itself.
    store.sync()?;
    Ok(done)
}

/// The dossiers of all units that act in the window.
fn cast(operations: &ArmOperations, found: &FoundWindow, watch: &dyn Watch) -> Result<Vec<Dossier>> {
    let (start, end) = (found.sequence.start, SimTime(found.sequence.start.0 + found.sequence.length_ms));
    watch.begin("gathering who acts", operations.accounts());
    let cast = operations.visit(watch, |cast: &mut Vec<Dossier>, unit, sessions, whole| {
        if request::timed(whole, &found.rush).iter().any(|(at, _)| (start..end).contains(at)) {
            cast.push(request::before(start, unit, sessions, whole, &found.rush)?);
        }
        Ok(())
    })?;
    Ok(cast.into_iter().flatten().collect())
}

/// The rows of a dossier, as those of a cohort whose account numbers are higher by `shift`.
///
/// # Errors
///
/// If a record cannot be encoded.
pub fn rows(dossier: &Dossier, shift: u64, record_bytes: usize, rows: &mut Vec<TreeRow>) -> Result<()> {
    let account = |account: AccountId| AccountId(account.0 + shift);
    let mut writer = Writer { rows, record_bytes };
    for (key, record) in &dossier.legacy {
        let linked = record.linked.map(|identity| moved_identity(identity, shift));
        let record = crate::identity::record::LegacyRecord { linked, ..*record };
        writer.write::<Legacy>(account(*key), &record)?;
    }
    for (key, record) in &dossier.target {
        let mut record = *record;
        record.identifier = moved_identifier(record.identifier, shift);
        writer.write::<Target>(moved_identity(*key, shift), &record)?;
    }
    for (key, identity) in &dossier.identifiers {
        writer.write::<Identifiers>(moved_identifier(*key, shift), &moved_identity(*identity, shift))?;
    }
    for (key, record) in &dossier.tokens {
        writer.write::<Tokens>(TokenId { account: account(key.account), ..*key }, record)?;
    }
    for (key, record) in &dossier.sessions {
        writer.write::<Sessions>(account(*key), record)?;
    }
    for (key, record) in &dossier.tickets {
        writer.write::<Tickets>(TicketId { account: account(key.account), ..*key }, record)?;
    }
    for ((key, number), record) in &dossier.audit {
        let mut record = *record;
        record.operation = moved(record.operation, shift);
        writer.write::<Audit>((account(*key), *number), &record)?;
    }
    Ok(())
}

struct Writer<'a> {
    rows: &'a mut Vec<TreeRow>,
    record_bytes: usize,
}

impl Writer<'_> {
    fn write<T: Table>(&mut self, key: T::Key, record: &T::Record) -> Result<()> {
        let key = key.encode();
        let mut value = Vec::new();
        codec::write(T::TREE, &key, record, self.record_bytes, &mut value)?;
        self.rows.push(TreeRow { tree: T::TREE, key, value });
        Ok(())
    }
}
