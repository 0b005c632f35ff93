//! Trees: what the tests of them share, and that any store reads them alike.

use cutover::identity::dossier::Dossier;
use cutover::identity::table::{Audit, Identifiers, Legacy, Sessions, Table, Target, Tickets, Tokens, View};
use cutover::identity::trees::codec::{self, KeyBytes, TreeKey};
use cutover::identity::trees::memory::MemoryTrees;
use cutover::identity::trees::sled::SledTrees;
use cutover::identity::trees::{Encoded, Scratch, Transaction, Tree, TreeRow, TreeStore};
use cutover::population::unit::{Account, Unit};
use proptest::prelude::*;

use super::support::cases;

/// Bytes of a stored account: so few that tests stay quick, and more than a record has.
const RECORD_BYTES: usize = 80;

/// Does something to a store in one transaction.
pub fn change<R>(store: &dyn TreeStore, mut what: impl FnMut(&mut Encoded<'_>) -> R) -> R {
    let (mut scratch, mut result) = (Scratch::default(), None);
    let body = &mut |transaction: &mut dyn Transaction| {
        result = Some(what(&mut Encoded::new(transaction, &mut scratch, RECORD_BYTES)));
        Ok(())
    };
    store.transact(false, body).expect("a transaction");
    result.expect("it has run")
}

/// Rewrites one record.
pub fn rewrite<T: Table>(store: &dyn TreeStore, key: T::Key, how: impl Fn(&mut T::Record)) {
    change(store, |view| {
        let mut record = view.get::<T>(key).expect("read").expect("a record");
        how(&mut record);
        view.put::<T>(key, record).expect("written");
    });
}

/// Writes a record that was not there.
pub fn add<T: Table>(store: &dyn TreeStore, key: T::Key, record: T::Record) {
    change(store, |view| view.put::<T>(key, record).expect("written"));
}

/// The rows of a store, but for one.
pub fn rows(store: &dyn TreeStore, without: Option<(Tree, KeyBytes)>) -> Vec<TreeRow> {
    let mut rows = Vec::new();
    for tree in Tree::ALL {
        store
            .scan(tree, &mut |key, value| {
                let key = KeyBytes::of(&[key]);
                if without != Some((tree, key)) {
                    rows.push(TreeRow { tree, key, value: value.to_vec() });
                }
                Ok(())
            })
            .expect("scanned");
    }
    rows
}

/// A store in memory with these rows.
pub fn memory(rows: &[TreeRow]) -> MemoryTrees {
    let store = MemoryTrees::default();
    store.load(rows).expect("loaded");
    store
}

/// A dossier as rows of trees.
pub fn as_rows(dossier: &Dossier) -> Vec<TreeRow> {
    fn of<T: Table>(dossier: &Dossier, rows: &mut Vec<TreeRow>) {
        for (key, record) in T::column(dossier) {
            let (key, mut value) = (key.encode(), Vec::new());
            codec::write(T::TREE, &key, record, RECORD_BYTES, &mut value).expect("encoded");
            rows.push(TreeRow { tree: T::TREE, key, value });
        }
    }
    let mut rows = Vec::new();
    of::<Legacy>(dossier, &mut rows);
    of::<Target>(dossier, &mut rows);
    of::<Identifiers>(dossier, &mut rows);
    of::<Tokens>(dossier, &mut rows);
    of::<Sessions>(dossier, &mut rows);
    of::<Tickets>(dossier, &mut rows);
    of::<Audit>(dossier, &mut rows);
    rows
}

/// Accounts before the migration, each with a session; the second is in the target already.
pub fn before(accounts: usize) -> Dossier {
    let mut account = Account::default();
    account.record.email = true;
    let mut unit = Unit { accounts: vec![account; accounts], ..Unit::default() };
    unit.accounts[1].record.in_target = true;
    let mut dossier = Dossier::default();
    dossier.open(&unit, |_| true);
    dossier
}

/// A check on a store in memory and on the same in sled.
pub fn in_both(rows: &[TreeRow], check: impl Fn(&dyn TreeStore)) {
    check(&memory(rows));
    let folder = tempfile::tempdir().expect("a folder");
    let sled = SledTrees::open(folder.path()).expect("opened");
    sled.load(rows).expect("loaded");
    check(&sled);
}

proptest! {
    #![proptest_config(cases(100))]

    /// Pages of any size, one after the other, are the whole tree.
    #[test]
    fn pages_add_up_to_the_tree(
        keys in prop::collection::btree_set(prop::collection::vec(0u8..3, 1..5), 0..30),
        limit in 1usize..8,
    ) {
        let row = |key: &Vec<u8>| TreeRow { tree: Tree::Audit, key: KeyBytes::of(&[key]), value: key.clone() };
        let rows: Vec<_> = keys.iter().map(row).collect();
        in_both(&rows, |store| {
            let mut seen: Vec<Vec<u8>> = Vec::new();
            loop {
                let (from, after) = (seen.len(), seen.last().cloned().unwrap_or_default());
                let page = store.page(Tree::Audit, &after, limit, &mut |key, value| {
                    assert_eq!(key, value);
                    seen.push(key.to_vec());
                    Ok(())
                });
                page.expect("read");
                assert!(seen.len() <= from + limit);
                if seen.len() == from {
                    break;
                }
            }
            assert!(seen.iter().eq(&keys));
        });
    }
}
