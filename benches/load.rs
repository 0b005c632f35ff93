//! One operation as one transaction, on every store that is built in, beside the same reads and writes written by hand
//! against sled.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use criterion::{Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use cutover::calendar::SimTime;
use cutover::identity::record::{
    AuditRecord, CredentialState, LegacyRecord, Moment, TargetRecord, TicketRecord, TokenRecord,
};
use cutover::identity::rules;
use cutover::identity::trees::backend::Backend;
use cutover::identity::trees::codec::{self, TreeKey};
use cutover::identity::trees::{Encoded, Scratch, Tree, TreeRow, TreeStore};
use cutover::load::kind::RequestKind;
use cutover::terms::Reason;
use cutover::terms::operation::{AccountId, Actor, Evidence, Identifier, IdentityId, Operation, Platform, TokenId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sled::transaction::{TransactionResult, Transactional, TransactionalTree, UnabortableTransactionError};
use tempfile::TempDir;
use xxhash_rust::xxh3::Xxh3;

/// Accounts in a store. Each is used once, then there is a new store.
const ACCOUNTS: u64 = 20_000;

/// Accounts whose result is compared between stores, and all there are when the bench is only shown to work.
const COMPARED: u64 = 1_000;

/// Transactions from one flush to the next: without a bound, sled queues up work that nobody times.
const FLUSHED: u64 = 256;

/// Bytes of an account or identity.
const RECORD_BYTES: usize = 400;

/// When everything happens.
const AT: SimTime = SimTime(1_000);

/// When links expire.
const EXPIRES: SimTime = SimTime(2_000);

const KINDS: [RequestKind; 5] = [
    RequestKind::IssueToken,
    RequestKind::Redeem,
    RequestKind::SignIn,
    RequestKind::Register,
    RequestKind::OpenTicket,
];

/// What one transaction of this kind does. A link is redeemed and the account linked on its strength.
fn deeds(kind: RequestKind, account: u64) -> impl Iterator<Item = (Actor, Operation)> {
    let evidence = Evidence::Token(0);
    let (first, second) = match kind {
        RequestKind::IssueToken => ((Actor::System, Operation::IssueToken { token: 1, expires: EXPIRES }), None),
        RequestKind::Redeem => {
            let link = Operation::Link { evidence, identifier: Identifier::Email(account) };
            ((Actor::Owner, Operation::Redeem { token: 0 }), Some((Actor::Owner, link)))
        }
        RequestKind::Register => {
            let identifier = Identifier::OtherEmail(account);
            ((Actor::Owner, Operation::Register { identifier }), None)
        }
        RequestKind::OpenTicket => ((Actor::Owner, Operation::OpenTicket { ticket: 0, reason: Reason::Access }), None),
        _ => ((Actor::Owner, Operation::SignIn(Platform::Legacy)), None),
    };
    [Some(first), second].into_iter().flatten()
}

/// The store before: accounts, each with a link that has been sent.
fn rows(accounts: u64) -> Vec<TreeRow> {
    let legacy = LegacyRecord::untouched(CredentialState::Active);
    let token = TokenRecord { expires: EXPIRES, redeemed_at: Moment::NEVER };
    let ids = || (0..accounts).map(AccountId);
    let legacy = ids().map(|id| row(Tree::Legacy, id, &legacy));
    legacy
        .chain(ids().map(|account| row(Tree::Tokens, TokenId { account, number: 0 }, &token)))
        .collect()
}

fn row(tree: Tree, key: impl TreeKey, record: &impl Serialize) -> TreeRow {
    let (key, mut value) = (key.encode(), Vec::new());
    codec::write(tree, &key, record, RECORD_BYTES, &mut value).expect("encoded");
    TreeRow { tree, key, value }
}

/// sled without any of `cutover` around it, and with only those trees in a transaction that it needs.
struct Bare {
    db: sled::Db,
    trees: Vec<sled::Tree>,
}

impl Bare {
    fn open(folder: &TempDir, kind: RequestKind, rows: &[TreeRow]) -> Self {
        let needed: &[Tree] = match kind {
            RequestKind::IssueToken => &[Tree::Legacy, Tree::Audit, Tree::Tokens],
            RequestKind::Redeem => &[Tree::Legacy, Tree::Audit, Tree::Tokens, Tree::Identifiers, Tree::Target],
            RequestKind::Register => &[Tree::Legacy, Tree::Audit, Tree::Identifiers, Tree::Target],
            RequestKind::OpenTicket => &[Tree::Legacy, Tree::Audit, Tree::Tickets],
            _ => &[Tree::Legacy, Tree::Audit],
        };
        let config = sled::Config::new().path(folder.path()).cache_capacity(256 << 20).flush_every_ms(None);
        let db = config.open().expect("a database");
        let open = |tree: &Tree| db.open_tree(tree.name()).expect("a tree");
        for chunk in rows.chunk_by(|a, b| a.tree == b.tree).flat_map(|rows| rows.chunks(1_000)) {
            let mut batch = sled::Batch::default();
            chunk.iter().for_each(|row| batch.insert(&row.key[..], &row.value[..]));
            open(&chunk[0].tree).apply_batch(batch).expect("loaded");
        }
        Self { trees: needed.iter().map(open).collect(), db }
    }

    fn transact(&self, kind: RequestKind, account: u64) -> TransactionResult<(), ()> {
        self.trees[..].transaction(|trees: &Vec<TransactionalTree>| {
            let mut value = Vec::with_capacity(2 * RECORD_BYTES);
            for (actor, operation) in deeds(kind, account) {
                Self::apply(trees, account, actor, operation, &mut value)?;
            }
            Ok(())
        })
    }

    fn apply(
        trees: &[TransactionalTree],
        account: u64,
        actor: Actor,
        operation: Operation,
        value: &mut Vec<u8>,
    ) -> Result<(), UnabortableTransactionError> {
        let mut legacy: LegacyRecord = read(&trees[0], &account.to_be_bytes())?.expect("an account");
        match operation {
            Operation::IssueToken { token, expires } => {
                let record = TokenRecord { expires, redeemed_at: Moment::NEVER };
                write(&trees[2], &numbered(account, token), &record, 0, value)?;
            }
            Operation::Redeem { token } => {
                let mut record: TokenRecord = read(&trees[2], &numbered(account, token))?.expect("a link");
                assert!(!record.redeemed_at.is_past() && record.expires >= AT);
                record.redeemed_at = Moment::at(AT);
                write(&trees[2], &numbered(account, token), &record, 0, value)?;
            }
            Operation::Link { identifier, .. } => {
                let token: TokenRecord = read(&trees[2], &numbered(account, 0))?.expect("a link");
                assert!(legacy.linked.is_none() && token.redeemed_at == Moment::at(AT));
                let identity = IdentityId(account * 8);
                identify(
                    &trees[3..],
                    b'e',
                    account,
                    identity,
                    TargetRecord { since: AT, accounts: 1, identifier },
                    value,
                )?;
                (legacy.linked, legacy.linked_at) = (Some(identity), Moment::at(AT));
            }
            Operation::Register { identifier } => {
                let identity = IdentityId(account * 8 + 2);
                assert!(trees[3].get(identity.0.to_be_bytes())?.is_none());
                identify(
                    &trees[2..],
                    b'o',
                    account,
                    identity,
                    TargetRecord { since: AT, accounts: 0, identifier },
                    value,
                )?;
            }
            Operation::OpenTicket { ticket, reason } => {
                let record = TicketRecord { reason, opened_at: AT, closed: None };
                write(&trees[2], &numbered(account, ticket), &record, 0, value)?;
            }
            _ => legacy.signed_in_at = Moment::at(AT),
        }
        let entry = AuditRecord { at: AT, actor, operation, refused: None };
        write(&trees[1], &numbered(account, legacy.audits), &entry, 0, value)?;
        legacy.audits += 1;
        write(&trees[0], &account.to_be_bytes(), &legacy, RECORD_BYTES, value)
    }
}

fn numbered(account: u64, number: u32) -> [u8; 12] {
    let mut key = [0; 12];
    key[..8].copy_from_slice(&account.to_be_bytes());
    key[8..].copy_from_slice(&number.to_be_bytes());
    key
}

fn identify(
    trees: &[TransactionalTree],
    kind: u8,
    account: u64,
    identity: IdentityId,
    target: TargetRecord,
    value: &mut Vec<u8>,
) -> Result<(), UnabortableTransactionError> {
    let mut key = [kind; 9];
    key[1..].copy_from_slice(&account.to_be_bytes());
    assert!(trees[0].get(key)?.is_none());
    write(&trees[0], &key, &identity, 0, value)?;
    write(&trees[1], &identity.0.to_be_bytes(), &target, RECORD_BYTES, value)
}

fn read<R: DeserializeOwned>(tree: &TransactionalTree, key: &[u8]) -> Result<Option<R>, UnabortableTransactionError> {
    let record = |value: sled::IVec| postcard::take_from_bytes(&value[1..]).expect("a record").0;
    Ok(tree.get(key)?.map(record))
}

fn write<R: Serialize>(
    tree: &TransactionalTree,
    key: &[u8],
    record: &R,
    bytes: usize,
    value: &mut Vec<u8>,
) -> Result<(), UnabortableTransactionError> {
    value.clear();
    value.push(1);
    *value = postcard::to_extend(record, std::mem::take(value)).expect("encoded");
    let mut state = if bytes > 0 { xxhash_rust::xxh3::xxh3_64(key) } else { 0 };
    while value.len() < bytes {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let word = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9).to_le_bytes();
        let wanted = (bytes - value.len()).min(8);
        value.extend_from_slice(&word[..wanted]);
    }
    tree.insert(key, &value[..]).map(drop)
}

/// What is timed: a backend, or the hand-written code.
type Subject = Option<Backend>;

fn name(subject: Subject) -> &'static str {
    subject.map_or("by hand", Backend::key)
}

enum Store {
    Trees(Box<dyn TreeStore>, Scratch),
    Bare(Bare),
}

impl Store {
    fn open(subject: Subject, kind: RequestKind, folder: &TempDir, rows: &[TreeRow]) -> Self {
        let store = match subject {
            Some(backend) => {
                let store = backend.open(folder.path()).expect("a store");
                store.load(rows).expect("loaded");
                Self::Trees(store, Scratch::default())
            }
            None => Self::Bare(Bare::open(folder, kind, rows)),
        };
        store.sync();
        store
    }

    fn transact(&mut self, kind: RequestKind, account: u64) {
        match self {
            Self::Trees(store, scratch) => {
                let done = store.transact(false, &mut |transaction| {
                    let mut view = Encoded::new(transaction, scratch, RECORD_BYTES);
                    for (actor, operation) in deeds(kind, account) {
                        let answer = rules::apply(&mut view, AccountId(account), AT, actor, operation)?;
                        assert_eq!(answer, Ok(()), "{operation:?}");
                    }
                    Ok(())
                });
                done.expect("committed");
            }
            Self::Bare(bare) => bare.transact(kind, account).expect("committed"),
        }
    }

    fn sync(&self) {
        match self {
            Self::Trees(store, _) => store.sync().expect("flushed"),
            Self::Bare(bare) => drop(bare.db.flush().expect("flushed")),
        }
    }

    /// Hash of every row.
    fn hash(&self) -> u64 {
        let mut hash = Xxh3::new();
        let mut visit = |key: &[u8], value: &[u8]| {
            hash.update(key);
            hash.update(value);
            Ok(())
        };
        for tree in Tree::ALL {
            match self {
                Self::Trees(store, _) => store.scan(tree, &mut visit).expect("scanned"),
                Self::Bare(bare) => {
                    for row in &bare.db.open_tree(tree.name()).expect("a tree") {
                        let (key, value) = row.expect("a row");
                        visit(&key, &value).expect("hashed");
                    }
                }
            }
        }
        hash.digest()
    }
}

/// A store whose accounts are used up one after the other.
struct Supply<'a> {
    subject: Subject,
    kind: RequestKind,
    rows: &'a [TreeRow],
    store: Option<(Store, TempDir)>,
    used: u64,
}

impl<'a> Supply<'a> {
    fn new(subject: Subject, kind: RequestKind, rows: &'a [TreeRow]) -> Self {
        Self { subject, kind, rows, store: None, used: 0 }
    }

    /// Two rows for each.
    fn accounts(&self) -> u64 {
        self.rows.len() as u64 / 2
    }

    /// Time for so many transactions, and for their flushes.
    #[allow(clippy::disallowed_methods, reason = "a bench is about real time")]
    fn time(&mut self, transactions: u64) -> (Duration, Duration) {
        let (mut worked, mut flushed) = (Duration::ZERO, Duration::ZERO);
        for _ in 0..transactions {
            if self.used.is_multiple_of(self.accounts()) {
                self.store = None;
                let folder = tempfile::tempdir().expect("a folder");
                self.store = Some((Store::open(self.subject, self.kind, &folder, self.rows), folder));
            }
            // All accounts, in an order that no store could guess.
            let account = self.used.wrapping_mul(7_919) % self.accounts();
            self.used += 1;
            if let Some((store, _)) = &mut self.store {
                let began = Instant::now();
                store.transact(self.kind, account);
                worked += began.elapsed();
                if self.used.is_multiple_of(FLUSHED) {
                    let began = Instant::now();
                    store.sync();
                    flushed += began.elapsed();
                }
            }
        }
        (worked, flushed)
    }
}

/// Hash of a store in which every account has been used.
fn compared(subject: Subject, kind: RequestKind) -> u64 {
    let rows = rows(COMPARED);
    let mut supply = Supply::new(subject, kind, &rows);
    supply.time(COMPARED);
    supply.store.map_or(0, |(store, _)| store.hash())
}

fn load(criterion: &mut Criterion) {
    let only_shown = std::env::args().any(|argument| argument == "--test");
    let accounts = if only_shown { COMPARED } else { ACCOUNTS };
    let rows = rows(accounts);
    let subjects: Vec<Subject> = [None].into_iter().chain(Backend::built().map(Some)).collect();
    for kind in KINDS {
        let mut hashes: BTreeMap<Subject, u64> = BTreeMap::new();
        let mut group = criterion.benchmark_group(format!("load/{}", kind.key()));
        group.sample_size(10).sampling_mode(SamplingMode::Flat).throughput(Throughput::Elements(1));
        group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
        for &subject in &subjects {
            let mut supply = Supply::new(subject, kind, &rows);
            group.bench_function(name(subject), |bencher| {
                hashes.entry(subject).or_insert_with(|| compared(subject, kind));
                bencher.iter_custom(|transactions| {
                    let (worked, flushed) = supply.time(transactions);
                    worked + flushed
                });
            });
        }
        group.finish();
        hashes.remove(&Some(Backend::Nothing));
        let distinct: BTreeSet<u64> = hashes.values().copied().collect();
        assert!(distinct.len() < 2, "stores differ after the same operations: {hashes:?}");
        for hash in distinct {
            println!("{}: {hash:016x} in every store", kind.key());
            side_by_side(&subjects, kind, &rows);
        }
    }
}

/// All accounts of all stores once, in turns from flush to flush, so that a disturbance meets every store: medians of
/// microseconds per transaction, how often the hand-written code would have been done in that time, and flushes.
fn side_by_side(subjects: &[Subject], kind: RequestKind, rows: &[TreeRow]) {
    let supply = |&subject: &Subject| (Supply::new(subject, kind, rows), Vec::new(), Vec::new());
    let mut turns: Vec<_> = subjects.iter().map(supply).collect();
    for _ in 0..turns[0].0.accounts() / FLUSHED {
        // Nobody always goes before or after the same.
        turns.rotate_left(1);
        for (supply, worked, flushed) in &mut turns {
            let micros = |time: Duration| time.as_secs_f64() * 1e6 / FLUSHED as f64;
            let (work, flush) = supply.time(FLUSHED);
            worked.push(micros(work));
            flushed.push(micros(flush));
        }
    }
    turns.sort_by_key(|(supply, ..)| supply.subject);
    let by_hand = median(&mut turns[0].1);
    for (supply, worked, flushed) in &mut turns {
        let (work, flush, name) = (median(worked), median(flushed), name(supply.subject));
        println!(
            "  {name:8} {work:6.1} µs, {:5.2} of by hand; {flush:6.1} µs more for its part of a flush",
            work / by_hand
        );
    }
    println!();
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

criterion_group!(benches, load);
criterion_main!(benches);
