//! The store: what it holds is sound, and a check that it is sound can fail.

use std::path::Path;

use cutover::calendar::SimTime;
use cutover::identity::dossier::Dossier;
use cutover::identity::record::{CredentialState, Moment};
use cutover::identity::rules;
use cutover::identity::store::DossierStore;
use cutover::identity::verify::{Found, INVARIANTS, verify_arm, verify_dossier};
use cutover::population::unit::{Account, Unit, UnitKind};
use cutover::terms::operation::{
    AccountId, Actor, Evidence, Factor, Identifier, IdentityId, Operation, Platform, Refusal,
};
use cutover::watch::Unwatched;
use proptest::prelude::*;

use super::support::{cases, cutover, scenario};

fn run(dir: &Path, more: &[&str]) {
    cutover(dir)
        .args(["run", &scenario("tiny"), "--out", "out", "--no-report"])
        .args(more)
        .assert()
        .success();
}

#[test]
fn a_finished_store_verifies_and_says_what_was_checked() {
    let dir = tempfile::tempdir().expect("a folder");
    run(dir.path(), &[]);
    let assert = cutover(dir.path()).args(["verify", "out"]).assert().success();
    let said = String::from_utf8_lossy(&assert.get_output().stdout).into_owned();
    for part in INVARIANTS.iter().chain(&[
        "reset-only",
        "risk-based",
        "lazy",
        "stay",
        "2,000",
        "compared with summary.json",
    ]) {
        assert!(said.contains(part), "{part} is not in:\n{said}");
    }
}

#[test]
fn a_store_that_disagrees_with_its_summary_fails() {
    let dir = tempfile::tempdir().expect("a folder");
    run(dir.path(), &[]);
    let path = dir.path().join("out/summary.json");
    let mut summary: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).expect("read")).expect("JSON");
    let migrated = &mut summary["strategies"][1]["outcomes_stored"]["migrated"];
    *migrated = (migrated.as_f64().expect("a number") + 1.0).into();
    std::fs::write(&path, summary.to_string()).expect("write");
    let complaint = || {
        let assert = cutover(dir.path()).args(["verify", "out"]).assert().code(1);
        String::from_utf8_lossy(&assert.get_output().stderr).into_owned()
    };
    assert!(complaint().contains("summary.json: it is not what run"), "{}", complaint());
    // Without its mark in the manifest it is held against the store all the same.
    let path = dir.path().join("out/manifest.json");
    let mut manifest: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).expect("read")).expect("JSON");
    manifest["files"]["summary.json"] = serde_json::Value::Null;
    std::fs::write(&path, manifest.to_string()).expect("write");
    assert!(complaint().contains("summary.json says"), "{}", complaint());
}

#[test]
fn a_damaged_store_is_an_error_and_not_a_panic() {
    let dir = tempfile::tempdir().expect("a folder");
    run(dir.path(), &[]);
    let db = dir.path().join("out/store/db");
    let sound = std::fs::read(&db).expect("read");
    let mut noticed = 0;
    // Which of its bytes hold what depends on when sled wrote them: damage of all kinds is met by damaging many places.
    for place in 1..12 {
        let mut bytes = sound.clone();
        let at = place * sound.len() / 12;
        bytes[at..at + 4096].fill(0x5a);
        std::fs::write(&db, bytes).expect("write");
        let output = cutover(dir.path()).args(["verify", "out"]).output().expect("run");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        // sled drops what fails its checksums; then accounts are missing, or a page cannot be read.
        noticed += u32::from(!output.status.success());
        assert!(output.status.code().is_some_and(|code| code <= 3), "{:?} {said}", output.status);
        assert!(!said.contains("panicked"), "{said}");
    }
    assert!(noticed > 0, "a damaged store must not pass");
}

/// A dossier of one account, with every kind of thing in it, and how to break each invariant.
fn sound() -> (Unit, Dossier) {
    let mut account = Account::default();
    account.record.email = true;
    let unit = Unit { accounts: vec![account], ..Unit::default() };
    let mut dossier = Dossier::default();
    dossier.open(&unit, |_| true);
    let id = AccountId(0);
    let steps = [
        (1, Actor::System, Operation::IssueToken { token: 0, expires: SimTime(100) }),
        (50, Actor::Owner, Operation::Redeem { token: 0 }),
        (
            50,
            Actor::Owner,
            Operation::Link {
                evidence: Evidence::Token(0),
                identifier: Identifier::Email(0),
            },
        ),
        (50, Actor::System, Operation::RevokeSessions),
        (50, Actor::System, Operation::RetireCredential),
    ];
    for (at, actor, operation) in steps {
        let Ok(answer) = rules::apply(&mut dossier, id, SimTime(at), actor, operation);
        assert_eq!(answer, Ok(()), "{operation:?}");
    }
    dossier.outcomes.push(0);
    (unit, dossier)
}

fn broken(dossier: &Dossier) -> Vec<usize> {
    let lazy = cutover::scenario_file::Loaded::parse("x", "strategies = [\"lazy\"]", &[], &[])
        .expect("valid")
        .scenario;
    let mut found = Found::default();
    verify_dossier(dossier, Some(&lazy.strategies[0]), &mut found);
    (0..INVARIANTS.len()).filter(|&invariant| found.broken[invariant] > 0).collect()
}

#[test]
fn each_invariant_can_be_broken_and_is_then_reported() {
    let (_, dossier) = sound();
    assert_eq!(broken(&dossier), [0; 0]);
    let breaking = |change: &dyn Fn(&mut Dossier)| {
        let mut dossier = dossier.clone();
        change(&mut dossier);
        broken(&dossier)
    };
    assert!(
        breaking(&|d| d.tokens[0].1.redeemed_at = Moment::at(SimTime(101))).contains(&0),
        "redeemed too late"
    );
    assert!(breaking(&|d| d.tokens[0].1.redeemed_at = Moment::NEVER).contains(&0), "redeemed twice or never");
    assert!(breaking(&|d| d.identifiers[0].1 = IdentityId(99)).contains(&1), "leads nowhere");
    assert!(breaking(&|d| d.identifiers.push(d.identifiers[0])).contains(&1), "two owners");
    assert!(
        breaking(&|d| {
            let mut link = d.audit[2];
            link.0.1 = d.audit.len() as u32;
            link.1.at = SimTime(60);
            d.audit.push(link);
            d.legacy[0].1.audits += 1;
        })
        .contains(&2),
        "linked twice"
    );
    assert!(
        breaking(&|d| {
            d.audit[2].1.refused = Some(Refusal::NoEvidence);
        })
        .contains(&3),
        "a link without evidence"
    );
    assert!(breaking(&|d| d.legacy[0].1.revoked_at = Moment::NEVER).contains(&4), "retired without revocation");
    assert!(
        breaking(&|d| d.sessions[0].1.revoked_at = Moment::NEVER).contains(&5),
        "a session outlasts the policy"
    );
    assert!(breaking(&|d| d.audit[3].0.1 = 7).contains(&6), "a gap in the audit trail");
    assert!(breaking(&|d| d.audit[4].1.at = SimTime(0)).contains(&6), "an audit trail out of order");
    assert!(breaking(&|d| d.outcomes[0] = 3).contains(&7), "dormant but linked");
}

#[test]
fn the_store_gives_back_what_was_put_in() {
    let dir = tempfile::tempdir().expect("a folder");
    run(dir.path(), &[]);
    let store = DossierStore::open(&dir.path().join("out/store")).expect("open");
    let (mut units, mut accounts) = (0, 0);
    while let Some(dossier) = store.dossier(units, 1).expect("read") {
        assert_eq!(dossier.legacy[0].0, AccountId(accounts), "unit {units}");
        accounts += dossier.legacy.len() as u64;
        units += 1;
    }
    assert_eq!(accounts, 2_000);
    let found = verify_arm(&store, 1, None, &Unwatched).expect("scan");
    assert_eq!((found.dossiers, found.accounts), (units, accounts));
}

/// Most operations, on one of two accounts.
pub(super) fn any_operation() -> impl Strategy<Value = (u64, Actor, Operation)> {
    let actor = prop::sample::select(vec![Actor::Owner, Actor::Other, Actor::Attacker, Actor::Agent, Actor::System]);
    let evidence = prop_oneof![
        Just(Evidence::HashImport),
        Just(Evidence::LegacyPassword),
        (0u32..4).prop_map(Evidence::Token),
        Just(Evidence::Subject),
        Just(Evidence::StepUp(Factor::Phone)),
        Just(Evidence::Desk),
    ];
    let identifier = prop::sample::select(vec![
        Identifier::Email(0),
        Identifier::Email(1),
        Identifier::Username(0),
        Identifier::Username(1),
        Identifier::OtherEmail(0),
    ]);
    let ticket = 0u32..3;
    let resolution = prop::sample::select(vec![
        cutover::terms::operation::Resolution::Solved,
        cutover::terms::operation::Resolution::Refused,
    ]);
    let operation = prop_oneof![
        Just(Operation::SignIn(Platform::Legacy)),
        Just(Operation::SignIn(Platform::Target)),
        Just(Operation::RevokeSessions),
        Just(Operation::SuspendCredential),
        Just(Operation::RetireCredential),
        Just(Operation::Archive),
        (0u32..4).prop_map(|token| Operation::Redeem { token }),
        any::<bool>().prop_map(|passed| Operation::StepUp { factor: Factor::Phone, passed }),
        (evidence.clone(), identifier.clone())
            .prop_map(|(evidence, identifier)| Operation::Link { evidence, identifier }),
        (evidence, 0u64..3).prop_map(|(evidence, into)| Operation::Merge { evidence, into: IdentityId(into * 8) }),
        identifier.prop_map(|identifier| Operation::Register { identifier }),
        (ticket, resolution).prop_map(|(ticket, resolution)| Operation::CloseTicket { ticket, resolution }),
    ];
    (0u64..2, actor, operation)
}

proptest! {
    #![proptest_config(cases(300))]

    /// Whatever is tried, in whatever order: the rules keep every invariant that does not need an outcome.
    #[test]
    fn the_rules_keep_the_invariants(
        operations in prop::collection::vec((any_operation(), 0i64..40), 1..60),
        expiries in prop::collection::vec(0i64..800, 4),
    ) {
        let mut account = Account::default();
        account.record.email = true;
        let unit = Unit { accounts: vec![account; 2], kind: UnitKind::Household, ..Unit::default() };
        let mut dossier = Dossier::default();
        dossier.open(&unit, |_| true);
        for owner in 0..2 {
            for (token, expires) in expiries.iter().enumerate() {
                let operation = Operation::IssueToken { token: token as u32, expires: SimTime(*expires) };
                let Ok(_) = rules::apply(&mut dossier, AccountId(owner), SimTime(0), Actor::System, operation);
            }
            for ticket in 0..3 {
                let operation = Operation::OpenTicket { ticket, reason: cutover::terms::Reason::Access };
                let Ok(_) = rules::apply(&mut dossier, AccountId(owner), SimTime(0), Actor::Owner, operation);
            }
        }
        let mut now = SimTime(0);
        for ((owner, actor, operation), later) in operations {
            now = SimTime(now.0 + later);
            let before = dossier.clone();
            let Ok(answer) = rules::apply(&mut dossier, AccountId(owner), now, actor, operation);
            if answer.is_err() {
                // A refusal changes nothing but the audit trail.
                dossier.legacy.iter().zip(&before.legacy).for_each(|(now, then)| {
                    let mut then = *then;
                    then.1.audits = now.1.audits;
                    assert_eq!(*now, then, "{operation:?}");
                });
                prop_assert_eq!(&dossier.target, &before.target);
                prop_assert_eq!(&dossier.identifiers, &before.identifiers);
                prop_assert_eq!(&dossier.tokens, &before.tokens);
            }
        }
        // Linked twice is refused; a retired credential was linked and revoked; and so on.
        for (_, legacy) in &dossier.legacy {
            prop_assert!(legacy.credential != CredentialState::Retired || (legacy.linked.is_some() && legacy.revoked_at.is_past()));
        }
        let mut found = Found::default();
        verify_dossier(&dossier, None, &mut found);
        prop_assert_eq!(&found.broken[..5], &[0; 5], "{:?}", found);
        prop_assert_eq!(found.broken[6], 0);
    }
}
