//! The store of a load test: what the rules write into trees is sound, and each way in which it could be unsound is
//! seen, as the same thing in both layouts.

use cutover::calendar::SimTime;
use cutover::engine;
use cutover::identity::dossier::Dossier;
use cutover::identity::record::{CredentialState, Moment, SessionRecord, TicketRecord, TokenRecord};
use cutover::identity::rules;
use cutover::identity::store::DossierStore;
use cutover::identity::table::{Audit, Identifiers, Legacy, Sessions, Target, Tickets, Tokens, View};
use cutover::identity::trees::codec::{KeyBytes, TreeKey};
use cutover::identity::trees::memory::MemoryTrees;
use cutover::identity::trees::sled::SledTrees;
use cutover::identity::trees::verify::verify_trees;
use cutover::identity::trees::{Tree, TreeStore};
use cutover::identity::verify::{INVARIANTS, ScanResult, verify_arm, verify_dossier};
use cutover::terms::Reason;
use cutover::terms::operation::{
    AccountId, Actor, Evidence, Factor, Identifier, IdentityId, Operation, Platform, Refusal, Resolution, TicketId,
    TokenId,
};
use cutover::watch::Unwatched;
use proptest::prelude::*;

use super::invariants::any_operation;
use super::records::{add, as_rows, before, change, in_both, memory, rewrite, rows};
use super::support::{cases, load, read};

/// Applies an operation as a request of its own.
fn apply(store: &dyn TreeStore, account: u64, at: i64, actor: Actor, operation: Operation) -> Result<(), Refusal> {
    change(store, |view| {
        rules::apply(view, AccountId(account), SimTime(at), actor, operation).expect("a sound store")
    })
}

fn lazy() -> cutover::strategy::Strategy {
    load("strategies = [\"lazy\"]", &[]).scenario.strategies.swap_remove(0)
}

/// Plays one account of each fate.
fn play(store: &dyn TreeStore) {
    use Actor::{Agent, Owner, System};
    store.load(&as_rows(&before(6))).expect("loaded");
    let link = |evidence, identifier| Operation::Link { evidence, identifier };
    let merge = |evidence| Operation::Merge { evidence, into: IdentityId::earlier(AccountId(1)) };
    let phone = Factor::Phone;
    let steps = [
        (0, 1, System, Operation::IssueToken { token: 0, expires: SimTime(100) }),
        (0, 50, Owner, Operation::Redeem { token: 0 }),
        (0, 50, Owner, link(Evidence::Token(0), Identifier::Email(0))),
        (0, 50, System, Operation::RevokeSessions),
        (0, 50, System, Operation::RetireCredential),
        (1, 60, Owner, Operation::StepUp { factor: phone, passed: true }),
        (1, 60, Owner, merge(Evidence::StepUp(phone))),
        (1, 60, System, Operation::RevokeSessions),
        (2, 70, Owner, Operation::SignIn(Platform::Legacy)),
        (2, 70, Owner, link(Evidence::LegacyPassword, Identifier::Username(2))),
        (2, 70, System, Operation::RevokeSessions),
        (3, 80, Owner, Operation::Register { identifier: Identifier::OtherEmail(3) }),
        (3, 81, Owner, Operation::OpenTicket { ticket: 0, reason: Reason::Access }),
        (3, 90, Agent, Operation::CloseTicket { ticket: 0, resolution: Resolution::Solved }),
        (3, 90, Agent, merge(Evidence::Desk)),
        (3, 90, System, Operation::RevokeSessions),
        (4, 99, System, Operation::Archive),
    ];
    for (account, at, actor, operation) in steps {
        assert_eq!(apply(store, account, at, actor, operation), Ok(()), "{operation:?}");
    }
    assert_eq!(apply(store, 0, 99, Actor::Stranger, Operation::Redeem { token: 0 }), Err(Refusal::Redeemed));
}

/// The invariants that are broken, and how often.
fn broken(found: &ScanResult) -> Vec<(usize, u64)> {
    let broken = |invariant: usize| (invariant, found.broken[invariant]);
    (0..INVARIANTS.len()).map(broken).filter(|(_, times)| *times > 0).collect()
}

#[test]
fn a_sound_history_is_found_to_be_sound_in_every_store() {
    let folder = tempfile::tempdir().expect("a folder");
    let stores: [&dyn TreeStore; 2] = [
        &MemoryTrees::default(),
        &SledTrees::open(folder.path()).expect("opened"),
    ];
    for store in stores {
        play(store);
        let found = verify_trees(store, &lazy()).expect("scanned");
        found.must_hold().expect("sound");
        assert_eq!((found.accounts, found.audits, found.example), (6, 18, None));
    }
    assert_eq!(rows(stores[0], None), rows(stores[1], None));
}

#[test]
fn each_invariant_can_be_broken_in_trees_and_is_then_reported() {
    let sound = MemoryTrees::default();
    play(&sound);
    let sound = rows(&sound, None);
    let strategy = lazy();
    let breaking = |expected: &[(usize, u64)], account: u64, change: &dyn Fn(&dyn TreeStore)| {
        in_both(&sound, |store| {
            change(store);
            let found = verify_trees(store, &strategy).expect("scanned");
            assert_eq!(broken(&found), expected, "{found:?}");
            assert_eq!(found.example.map(|(_, account)| account), Some(account));
            assert!(found.must_hold().is_err());
        });
    };
    let id = AccountId;
    let token = |account, number| TokenId { account: id(account), number };
    // One more entry at the end of the first account's trail, which is six long.
    let append = |store: &dyn TreeStore, from: u32, at: i64| {
        change(store, |view| {
            let mut entry = view.get::<Audit>((id(0), from)).expect("read").expect("an entry");
            entry.at = SimTime(at);
            view.put::<Audit>((id(0), 6), entry).expect("written");
        });
        rewrite::<Legacy>(store, id(0), |legacy| legacy.audits += 1);
    };

    let late = Moment::at(SimTime(101));
    breaking(&[(0, 1)], 0, &|s| rewrite::<Tokens>(s, token(0, 0), |token| token.redeemed_at = late));
    breaking(&[(0, 1)], 0, &|s| rewrite::<Tokens>(s, token(0, 0), |token| token.redeemed_at = Moment::NEVER));
    breaking(&[(0, 1)], 0, &|s| append(s, 1, 99));

    let stray = IdentityId(99);
    breaking(&[(1, 2)], 12, &|s| rewrite::<Identifiers>(s, Identifier::Email(0), |identity| *identity = stray));
    breaking(&[(1, 1)], 12, &|s| add::<Identifiers>(s, Identifier::Phone(5), stray));
    breaking(&[(1, 1)], 0, &|s| add::<Identifiers>(s, Identifier::Phone(5), IdentityId(0)));
    breaking(&[(1, 1)], 1, &|s| rewrite::<Target>(s, IdentityId(9), |target| target.accounts = 1));
    breaking(&[(1, 2)], 3, &|s| {
        rewrite::<Target>(s, IdentityId(26), |target| target.identifier = Identifier::Email(0));
    });

    // The first link once more, and its token redeemed at that very moment.
    breaking(&[(2, 1)], 0, &|s| {
        (3..6).for_each(|number| rewrite::<Audit>(s, (id(0), number), |entry| entry.at = SimTime(50)));
        append(s, 2, 50);
    });

    let evidence = |s: &dyn TreeStore, account, number, evidence| {
        rewrite::<Audit>(s, (id(account), number), |entry| match &mut entry.operation {
            Operation::Link { evidence: old, .. } | Operation::Merge { evidence: old, .. } => *old = evidence,
            other => panic!("no link: {other:?}"),
        });
    };
    breaking(&[(3, 1)], 0, &|s| evidence(s, 0, 2, Evidence::Token(1)));
    breaking(&[(3, 1)], 0, &|s| evidence(s, 0, 2, Evidence::LegacyPassword));
    breaking(&[(3, 1)], 1, &|s| evidence(s, 1, 1, Evidence::StepUp(Factor::Document)));
    breaking(&[(3, 1)], 1, &|s| evidence(s, 1, 1, Evidence::HashImport));
    breaking(&[(3, 1)], 2, &|s| evidence(s, 2, 1, Evidence::Review));
    breaking(&[(3, 1)], 3, &|s| {
        rewrite::<Audit>(s, (id(3), 2), |entry| entry.refused = Some(Refusal::Unknown));
    });
    breaking(&[(3, 1)], 2, &|s| rewrite::<Legacy>(s, id(2), |legacy| legacy.linked_at = Moment::at(SimTime(7))));
    breaking(&[(1, 1), (3, 1), (5, 1)], 5, &|s| {
        rewrite::<Legacy>(s, id(5), |legacy| {
            legacy.linked = Some(IdentityId(16));
            legacy.linked_at = Moment::at(SimTime(7));
        });
    });

    breaking(&[(4, 1)], 0, &|s| rewrite::<Legacy>(s, id(0), |legacy| legacy.revoked_at = Moment::NEVER));
    breaking(&[(4, 1)], 5, &|s| {
        rewrite::<Legacy>(s, id(5), |legacy| legacy.credential = CredentialState::Retired);
    });
    breaking(&[(4, 1)], 0, &|s| {
        rewrite::<Audit>(s, (id(0), 3), |entry| entry.operation = Operation::SuspendCredential);
    });

    for account in [0, 4] {
        breaking(&[(5, 1)], account, &|s| {
            rewrite::<Sessions>(s, id(account), |session| session.revoked_at = Moment::NEVER);
        });
    }

    breaking(&[(6, 1)], 0, &|s| rewrite::<Audit>(s, (id(0), 0), |entry| entry.at = SimTime(60)));
    breaking(&[(6, 1)], 5, &|s| rewrite::<Legacy>(s, id(5), |legacy| legacy.audits = 1));
    let gap = memory(&rows(&memory(&sound), Some((Tree::Audit, (id(0), 0).encode()))));
    assert_eq!(broken(&verify_trees(&gap, &strategy).expect("scanned")), [(6, 1)]);

    let open = TicketRecord { reason: Reason::Access, opened_at: SimTime(1), closed: None };
    breaking(&[(8, 1)], 7, &|s| add::<Tickets>(s, TicketId { account: id(7), number: 0 }, open));
    breaking(&[(8, 1)], 8, &|s| add::<Sessions>(s, id(8), SessionRecord { revoked_at: Moment::NEVER }));
    breaking(&[(8, 1)], 9, &|s| {
        add::<Tokens>(s, token(9, 0), TokenRecord { expires: SimTime(1), redeemed_at: Moment::NEVER });
    });
    let lost = memory(&rows(&memory(&sound), Some((Tree::Legacy, id(4).encode()))));
    assert_eq!(broken(&verify_trees(&lost, &strategy).expect("scanned")), [(8, 1)]);
}

#[test]
fn accounts_of_many_pages_are_all_read() {
    let store = MemoryTrees::default();
    store.load(&as_rows(&before(1_000))).expect("loaded");
    for account in (0..1_000).filter(|account| account % 3 > 0) {
        let link = Operation::Link {
            evidence: Evidence::Subject,
            identifier: Identifier::Subject(account),
        };
        for operation in [link, Operation::RevokeSessions, Operation::RetireCredential] {
            assert_eq!(apply(&store, account, 5, Actor::Owner, operation), Ok(()));
        }
    }
    let found = verify_trees(&store, &lazy()).expect("scanned");
    found.must_hold().expect("sound");
    assert_eq!((found.accounts, found.audits), (1_000, 3 * 666));
    for account in [1, 256, 767, 998] {
        rewrite::<Sessions>(&store, AccountId(account), |session| session.revoked_at = Moment::NEVER);
        rewrite::<Target>(&store, IdentityId(8 * account), |target| target.accounts = 2);
        rewrite::<Identifiers>(&store, Identifier::Subject(account), |identity| *identity = IdentityId(3));
    }
    // An identity that says too much, one that is not found, and an identifier that leads nowhere.
    assert_eq!(broken(&verify_trees(&store, &lazy()).expect("scanned")), [(1, 12), (5, 4)]);
}

#[test]
fn a_damaged_record_is_an_error_and_not_a_panic() {
    for tree in [Tree::Legacy, Tree::Target, Tree::Tokens, Tree::Audit] {
        let store = MemoryTrees::default();
        play(&store);
        let mut rows = rows(&store, None);
        let place = rows.iter().position(|row| row.tree == tree).expect("a row");
        rows[place].value = vec![9, 9, 9];
        assert!(verify_trees(&memory(&rows), &lazy()).is_err());
        rows[place].key = KeyBytes::of(&[b"short"]);
        assert!(verify_trees(&memory(&rows), &lazy()).is_err());
    }
}

#[test]
fn what_a_run_stores_is_sound_as_trees_as_well() {
    let folder = tempfile::tempdir().expect("a folder");
    let loaded = load(&read("scenarios/tiny.toml"), &[]);
    let store = DossierStore::open(&folder.path().join("store")).expect("opened");
    engine::run(&loaded.scenario, None, Some(&store), &Unwatched).expect("run");
    for (arm, strategy) in (1..).zip(&loaded.scenario.strategies) {
        let trees = MemoryTrees::default();
        let mut units = 0;
        while let Some(dossier) = store.dossier(units, arm).expect("read") {
            trees.load(&as_rows(&dossier)).expect("loaded");
            units += 1;
        }
        assert!(units > 500, "{units} units of {}", strategy.name);
        let in_trees = verify_trees(&trees, strategy).expect("scanned");
        let in_dossiers = verify_arm(&store, arm, Some(strategy), &Unwatched).expect("scanned");
        assert_eq!(in_trees.broken, [0; INVARIANTS.len()], "{}", strategy.name);
        assert_eq!((in_trees.accounts, in_trees.audits), (in_dossiers.accounts, in_dossiers.audits));
    }
}

/// Changes a record so that something may be wrong with it.
fn spoil(dossier: &mut Dossier, (column, place, by): (u8, usize, i64)) {
    fn pick<R>(column: &mut [R], place: usize) -> Option<&mut R> {
        let place = place.checked_rem(column.len())?;
        column.get_mut(place)
    }
    let moment = Moment::at(SimTime(by));
    match column {
        0 => pick(&mut dossier.tokens, place).into_iter().for_each(|(_, token)| token.redeemed_at = moment),
        1 => pick(&mut dossier.legacy, place).into_iter().for_each(|(_, legacy)| legacy.audits ^= 1),
        2 => pick(&mut dossier.legacy, place).into_iter().for_each(|(_, legacy)| legacy.linked_at = moment),
        3 => {
            let to = Some(IdentityId(by as u64 % 32));
            pick(&mut dossier.legacy, place).into_iter().for_each(|(_, legacy)| legacy.linked = to);
        }
        4 => {
            let retired = CredentialState::Retired;
            pick(&mut dossier.legacy, place).into_iter().for_each(|(_, legacy)| legacy.credential = retired);
        }
        5 => pick(&mut dossier.audit, place).into_iter().for_each(|(_, entry)| entry.at = SimTime(by)),
        6 => pick(&mut dossier.audit, place)
            .into_iter()
            .for_each(|(_, entry)| entry.refused = entry.refused.xor(Some(Refusal::Unknown))),
        7 => pick(&mut dossier.audit, place)
            .into_iter()
            .for_each(|(_, entry)| entry.operation = Operation::Redeem { token: by as u32 % 5 }),
        8 => pick(&mut dossier.target, place).into_iter().for_each(|(_, target)| target.accounts ^= 1),
        9 => pick(&mut dossier.identifiers, place)
            .into_iter()
            .for_each(|(_, identity)| *identity = IdentityId(by as u64 % 32)),
        10 => pick(&mut dossier.sessions, place)
            .into_iter()
            .for_each(|(_, session)| session.revoked_at = Moment::NEVER),
        _ => drop(dossier.legacy.pop()),
    }
}

proptest! {
    #![proptest_config(cases(200))]

    /// Whatever is tried, in whatever order: trees end as a dossier does, and stay sound. And whatever is spoilt then:
    /// both layouts find the same to be broken.
    #[test]
    fn trees_and_dossier_are_sound_and_broken_alike(
        operations in prop::collection::vec((any_operation(), prop_oneof![Just(0i64), 0i64..40]), 1..60),
        expiries in prop::collection::vec(0i64..800, 4),
        spoils in prop::collection::vec((0u8..12, any::<usize>(), 0i64..800), 1..3),
    ) {
        let (mut dossier, trees) = (before(2), MemoryTrees::default());
        trees.load(&as_rows(&dossier)).expect("loaded");
        let mut both = |account: u64, at: i64, actor: Actor, operation: Operation| {
            let Ok(answer) = rules::apply(&mut dossier, AccountId(account), SimTime(at), actor, operation);
            assert_eq!(apply(&trees, account, at, actor, operation), answer, "{operation:?}");
        };
        for account in 0..2 {
            for (token, expires) in (0..).zip(&expiries) {
                both(account, 0, Actor::System, Operation::IssueToken { token, expires: SimTime(*expires) });
            }
            for ticket in 0..3 {
                both(account, 0, Actor::Owner, Operation::OpenTicket { ticket, reason: Reason::Access });
            }
        }
        let mut now = 0;
        for ((account, actor, operation), later) in operations {
            now += later;
            both(account, now, actor, operation);
        }
        prop_assert_eq!(rows(&memory(&as_rows(&dossier)), None), rows(&trees, None));
        let strategy = lazy();
        let found = verify_trees(&trees, &strategy).expect("scanned");
        // The session policy is the strategy's, and nothing here follows one.
        prop_assert!(broken(&found).iter().all(|(invariant, _)| *invariant == 5), "{:?}", found);

        spoils.into_iter().for_each(|what| spoil(&mut dossier, what));
        let in_trees = verify_trees(&memory(&as_rows(&dossier)), &strategy).expect("scanned");
        let mut in_dossier = ScanResult::default();
        verify_dossier(&dossier, Some(&strategy), &mut in_dossier);
        in_dossier.broken[7] = 0;
        prop_assert_eq!(in_trees.broken, in_dossier.broken);
        prop_assert_eq!((in_trees.accounts, in_trees.audits), (in_dossier.accounts, in_dossier.audits));
    }
}
