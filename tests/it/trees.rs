//! Trees: whatever store holds them, it holds the same, all of a transaction or nothing, whoever else is writing.

use std::path::Path;
use std::sync::Barrier;
use std::time::Duration;

use cutover::calendar::SimTime;
use cutover::error::{Error, Result};
use cutover::identity::dossier::Dossier;
use cutover::identity::record::{AuditRecord, LegacyRecord};
use cutover::identity::rules;
use cutover::identity::table::{Identifiers, Legacy, Sessions, Table};
use cutover::identity::trees::backend::Backend;
use cutover::identity::trees::codec::{self, TreeKey};
use cutover::identity::trees::faulty::{Fault, Faulty};
use cutover::identity::trees::memory::MemoryTrees;
use cutover::identity::trees::{Encoded, Scratch, Stop, Tree, TreeRow, TreeStore};
use cutover::population::unit::{Account, Unit};
use cutover::terms::Reason;
use cutover::terms::operation::{AccountId, Actor, Factor, Identifier, IdentityId, Operation, Refusal};
use proptest::prelude::*;
use tempfile::TempDir;

use super::invariants::any_operation;
use super::support::cases;

/// Bytes of an account or identity.
const RECORD_BYTES: usize = 100;

/// Threads that get in each other's way.
const THREADS: usize = 8;

/// Every store that this build has and that keeps what it is given, empty.
fn stores() -> impl Iterator<Item = (Backend, Box<dyn TreeStore>, TempDir)> {
    Backend::built().filter(|backend| *backend != Backend::Nothing).map(|backend| {
        let folder = tempfile::tempdir().expect("a folder");
        let store = backend.open(folder.path()).unwrap_or_else(|error| panic!("{backend:?}: {error}"));
        (backend, store, folder)
    })
}

fn rows<T: Table>(dossier: &Dossier) -> Vec<TreeRow> {
    let row = |&(key, record): &(T::Key, T::Record)| {
        let (key, mut value) = (key.encode(), Vec::new());
        codec::write(T::TREE, &key, &record, RECORD_BYTES, &mut value).expect("encoded");
        TreeRow { tree: T::TREE, key, value }
    };
    T::column(dossier).iter().map(row).collect()
}

/// Loads accounts as they stand before the migration.
fn preload(store: &dyn TreeStore, accounts: usize) {
    let mut account = Account::default();
    account.record.email = true;
    let unit = Unit { accounts: vec![account; accounts], ..Unit::default() };
    let mut dossier = Dossier::default();
    dossier.open(&unit, |_| true);
    let rows = [rows::<Legacy>(&dossier), rows::<Sessions>(&dossier)].concat();
    store.load(&rows).expect("loaded");
}

/// What is asked for in one transaction: who, when, by whom, what.
type Deed = (u64, i64, Actor, Operation);

/// Asks for some operations in one transaction; with `fails`, it fails after the last of them.
fn ask(store: &dyn TreeStore, durable: bool, deeds: &[Deed], fails: bool) -> Result<Vec<Result<(), Refusal>>> {
    let (mut answers, mut scratch) = (Vec::new(), Scratch::default());
    store.transact(durable, &mut |transaction| {
        answers.clear();
        let mut view = Encoded::new(transaction, &mut scratch, RECORD_BYTES);
        for &(account, at, actor, operation) in deeds {
            answers.push(rules::apply(&mut view, AccountId(account), SimTime(at), actor, operation)?);
        }
        if fails {
            Err(Stop::Failed(Error::Check("planted".to_owned())))
        } else {
            Ok(())
        }
    })?;
    Ok(answers)
}

/// The answer to a single operation.
fn ask_one(store: &dyn TreeStore, account: u64, operation: Operation) -> Result<(), Refusal> {
    ask(store, false, &[(account, 1, Actor::Owner, operation)], false).expect("answered")[0]
}

/// All rows of a tree, which must come in the order of their keys.
fn tree(store: &dyn TreeStore, tree: Tree) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut rows = Vec::new();
    let visit = &mut |key: &[u8], value: &[u8]| {
        rows.push((key.to_vec(), value.to_vec()));
        Ok(())
    };
    store.scan(tree, visit).expect("scanned");
    assert!(rows.is_sorted_by(|a, b| a.0 < b.0), "{tree:?} is out of order");
    rows
}

fn everything(store: &dyn TreeStore) -> Vec<Vec<(Vec<u8>, Vec<u8>)>> {
    Tree::ALL.into_iter().map(|name| tree(store, name)).collect()
}

/// The audit trail of an account, which must be numbered without a gap and be as long as the account says.
fn trail(store: &dyn TreeStore, account: u64) -> Vec<AuditRecord> {
    let id = AccountId(account);
    let (_, value) = tree(store, Tree::Legacy).into_iter().find(|(key, _)| **key == *id.encode()).expect("an account");
    let length = codec::read::<LegacyRecord>(Tree::Legacy, &value).expect("a record").audits;
    let rows = tree(store, Tree::Audit).into_iter();
    let entries: Vec<_> = rows.filter(|(key, _)| key.starts_with(&id.encode())).collect();
    for (number, (key, _)) in entries.iter().enumerate() {
        assert_eq!(TreeKey::decode(key), Some((id, number as u32)));
    }
    assert_eq!(entries.len() as u32, length);
    entries.iter().map(|(_, value)| codec::read(Tree::Audit, value).expect("a record")).collect()
}

/// Runs `action` on as many threads as there are, which start together; what each of them said.
fn at_once<R: Send>(action: impl Fn(u64) -> R + Sync) -> Vec<R> {
    let barrier = Barrier::new(THREADS);
    std::thread::scope(|scope| {
        let start = |thread| {
            let (action, barrier) = (&action, &barrier);
            scope.spawn(move || {
                barrier.wait();
                action(thread)
            })
        };
        let threads: Vec<_> = (0..THREADS as u64).map(start).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    })
}

fn issue(token: u32) -> Operation {
    Operation::IssueToken { token, expires: SimTime(1_000) }
}

/// One to four operations in a transaction; one in eight transactions fails.
fn any_transaction() -> impl Strategy<Value = (Vec<(u64, Actor, Operation)>, bool, i64)> {
    let more = prop_oneof![
        (0u32..4).prop_map(issue),
        (0u32..3).prop_map(|ticket| Operation::OpenTicket { ticket, reason: Reason::Access }),
        any::<bool>().prop_map(|passed| Operation::StepUp { factor: Factor::Phone, passed }),
    ];
    // The third account does not exist.
    let deed = prop_oneof![any_operation(), (0u64..3, Just(Actor::System), more)];
    (prop::collection::vec(deed, 1..5), (0..8).prop_map(|one| one == 0), 0i64..200)
}

proptest! {
    #![proptest_config(cases(10))]

    #[test]
    fn every_store_equals_the_oracle(transactions in prop::collection::vec(any_transaction(), 1..60)) {
        for (backend, store, _folder) in stores() {
            let oracle = MemoryTrees::default();
            preload(&*store, 2);
            preload(&oracle, 2);
            let mut now = 0;
            for (number, (deeds, fails, later)) in transactions.iter().enumerate() {
                now += later;
                let deeds: Vec<Deed> = deeds.iter().map(|&(who, actor, what)| (who, now, actor, what)).collect();
                let expected = ask(&oracle, false, &deeds, *fails).ok();
                let answers = ask(&*store, number % 16 == 0, &deeds, *fails).ok();
                prop_assert_eq!(answers, expected, "{:?}: {:?}", backend, deeds);
            }
            prop_assert!(everything(&*store) == everything(&oracle), "{:?} holds something else", backend);
        }
    }
}

#[test]
fn a_body_that_fails_leaves_nothing() {
    for (backend, store, _folder) in stores() {
        preload(&*store, 1);
        let before = everything(&*store);
        let deeds = [issue(0), Operation::Redeem { token: 0 }, Operation::RevokeSessions];
        let deeds = deeds.map(|operation| (0, 5, Actor::Owner, operation));
        let error = ask(&*store, true, &deeds, true).expect_err("it fails");
        assert!(matches!(&error, Error::Check(said) if said == "planted"), "{backend:?}: {error:?}");
        assert!(everything(&*store) == before, "{backend:?} keeps something");
        let answers = ask(&*store, true, &deeds, false).expect("it does not fail");
        assert_eq!(answers, [Ok(()); 3], "{backend:?}");
        assert_eq!(trail(&*store, 0).len(), 3, "{backend:?}");
    }
}

#[test]
fn of_a_body_that_is_run_again_only_the_last_time_counts() {
    for (backend, store, _folder) in stores() {
        let mut runs = 0u8;
        let done = store.transact(false, &mut |transaction| {
            runs += 1;
            let mut value = Vec::new();
            assert!(!transaction.get(Tree::Meta, b"key", &mut value)?, "{backend:?} shows what was given up");
            transaction.put(Tree::Meta, b"key", &[runs])?;
            transaction.put(Tree::Tokens, &[runs], b"value")?;
            assert!(transaction.get(Tree::Meta, b"key", &mut value)? && value == [runs], "{backend:?}");
            if runs < 3 { Err(Stop::Conflict) } else { Ok(()) }
        });
        done.expect("committed");
        assert_eq!(tree(&*store, Tree::Meta), [(b"key".to_vec(), vec![3])], "{backend:?}");
        assert_eq!(tree(&*store, Tree::Tokens), [(vec![3], b"value".to_vec())], "{backend:?}");
    }
}

#[test]
fn a_token_is_redeemed_once_whoever_tries() {
    const TOKENS: u32 = 50;
    for (backend, store, _folder) in stores() {
        preload(&*store, 1);
        for token in 0..TOKENS {
            assert_eq!(ask_one(&*store, 0, issue(token)), Ok(()));
        }
        let answers = at_once(|_| {
            let redeem = |token| ask_one(&*store, 0, Operation::Redeem { token });
            (0..TOKENS).map(redeem).collect::<Vec<_>>()
        });
        for token in 0..TOKENS as usize {
            let redeemed = answers.iter().filter(|answers| answers[token].is_ok()).count();
            let refused = answers.iter().filter(|answers| answers[token] == Err(Refusal::Redeemed)).count();
            assert_eq!((redeemed, refused), (1, THREADS - 1), "{backend:?}, token {token}");
        }
        // Everything that was tried is in the trail, without a gap.
        assert_eq!(trail(&*store, 0).len(), TOKENS as usize * (THREADS + 1), "{backend:?}");
    }
}

#[test]
fn an_address_leads_to_one_identity_whoever_signs_up_with_it() {
    const ADDRESSES: u64 = 50;
    for (backend, store, _folder) in stores() {
        preload(&*store, THREADS * ADDRESSES as usize);
        let identifier = |address| Identifier::Email(address * THREADS as u64);
        let answers = at_once(|thread| {
            let register = |address| {
                let account = address * THREADS as u64 + thread;
                ask_one(&*store, account, Operation::Register { identifier: identifier(address) })
            };
            (0..ADDRESSES).map(register).collect::<Vec<_>>()
        });
        let owners = tree(&*store, Identifiers::TREE);
        assert_eq!((owners.len() as u64, tree(&*store, Tree::Target).len() as u64), (ADDRESSES, ADDRESSES));
        for (address, (key, value)) in (0..ADDRESSES).zip(owners) {
            let winners: Vec<u64> = (0..THREADS as u64)
                .filter(|&thread| answers[thread as usize][address as usize].is_ok())
                .map(|thread| address * THREADS as u64 + thread)
                .collect();
            assert_eq!(Identifier::decode(&key), Some(identifier(address)));
            let owner: IdentityId = codec::read(Identifiers::TREE, &value).expect("a record");
            let expected: Vec<_> = winners.iter().map(|&account| IdentityId::signed_up(AccountId(account))).collect();
            assert_eq!(expected, [owner], "{backend:?}, address {address}");
        }
    }
}

/// The files of a store as a killed process would leave them.
fn copied(folder: &Path) -> TempDir {
    fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
        for entry in std::fs::read_dir(from)? {
            let (entry, to) = (entry?, to.to_owned());
            let to = to.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                std::fs::create_dir(&to)?;
                copy(&entry.path(), &to)?;
            } else {
                std::fs::copy(entry.path(), &to)?;
            }
        }
        Ok(())
    }
    let to = tempfile::tempdir().expect("a folder");
    copy(folder, to.path()).expect("copied");
    to
}

#[test]
fn what_was_synced_is_in_the_files_and_so_is_what_was_durable() {
    for (backend, store, folder) in stores().filter(|(backend, ..)| backend.persists()) {
        preload(&*store, 300);
        for account in 0..300 {
            assert_eq!(ask_one(&*store, account, issue(0)), Ok(()));
        }
        store.sync().expect("synced");
        let synced = everything(&*store);
        let files = copied(folder.path());
        let again = backend.open(files.path()).expect("opened");
        assert!(everything(&*again) == synced, "{backend:?}: not all that was synced is there");

        let deed = (0, 5, Actor::Owner, Operation::Redeem { token: 0 });
        assert_eq!(ask(&*store, true, &[deed], false).expect("answered"), [Ok(())]);
        let durable = everything(&*store);
        let files = copied(folder.path());
        let again = backend.open(files.path()).expect("opened");
        assert!(everything(&*again) == durable, "{backend:?}: what was durable is not there");

        // And in life: closed, opened and used again.
        drop(store);
        let again = backend.open(folder.path()).expect("opened");
        assert!(everything(&*again) == durable, "{backend:?}");
        assert_eq!(ask_one(&*again, 0, Operation::Redeem { token: 0 }), Err(Refusal::Redeemed), "{backend:?}");
    }
}

#[test]
fn the_store_that_does_nothing_does_not_even_listen() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Backend::Nothing.open(folder.path()).expect("opened");
    preload(&*store, 1);
    assert_eq!(ask(&*store, true, &[(0, 1, Actor::Owner, issue(0))], true).expect("no failure"), []);
    assert!(everything(&*store).iter().all(Vec::is_empty));
}

#[test]
fn a_planted_fault_strikes_once_and_is_on_record() {
    let length = Duration::from_millis(50);
    for (backend, store, _folder) in stores() {
        let store = Faulty::new(store).with(3, Fault::Fail).with(5, Fault::Stall(length));
        preload(&store, 1);
        let answers: Vec<_> =
            (0..6).map(|token| ask(&store, false, &[(0, 1, Actor::Owner, issue(token))], false)).collect();
        let failed: Vec<usize> = (0..6).filter(|&place| answers[place].is_err()).collect();
        assert_eq!(failed, [2], "{backend:?}");
        assert!(matches!(answers[2], Err(Error::Store(_))), "{backend:?}");
        let tokens: Vec<Operation> = trail(&store, 0).iter().map(|entry| entry.operation).collect();
        assert_eq!(tokens, [0, 1, 3, 4, 5].map(issue), "{backend:?}");
        let stalls = store.stalls();
        assert_eq!((stalls.len(), store.calls()), (1, 6), "{backend:?}");
        assert!(stalls[0].ended - stalls[0].began >= length, "{backend:?}");
    }
}

#[test]
fn a_stall_keeps_nobody_else_waiting() {
    let length = Duration::from_millis(500);
    let store = Faulty::new(MemoryTrees::default()).with(1, Fault::Stall(length));
    preload(&store, THREADS);
    let waiting = at_once(|thread| {
        ask_one(&store, thread, issue(0)).expect("issued");
        store.stalls().is_empty()
    });
    assert_eq!(waiting.iter().filter(|&&before_its_end| before_its_end).count(), THREADS - 1);
}
