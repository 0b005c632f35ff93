//! The rules of identity keep every invariant, and a broken invariant is noticed.

use cutover::calendar::SimTime;
use cutover::identity::dossier::Dossier;
use cutover::identity::record::{CredentialState, Moment};
use cutover::identity::rules;
use cutover::identity::verify::{INVARIANTS, ScanResult, verify_dossier};
use cutover::population::unit::{Account, Unit, UnitKind};
use cutover::terms::operation::{
    AccountId, Actor, Evidence, Factor, Identifier, IdentityId, Operation, Platform, Refusal,
};
use proptest::prelude::*;

use super::support::cases;

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
    let mut found = ScanResult::default();
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

/// An identity that a roll back leaves behind is not made a second time, under another identifier.
#[test]
fn who_was_rolled_back_is_not_linked_again() {
    let mut account = Account::default();
    account.record.email = true;
    let unit = Unit { accounts: vec![account], ..Unit::default() };
    let mut dossier = Dossier::default();
    dossier.open(&unit, |_| true);
    let mut apply = |actor: Actor, operation: Operation| {
        let Ok(answer) = rules::apply(&mut dossier, AccountId(0), SimTime(5), actor, operation);
        answer
    };
    let link = |evidence: Evidence, identifier: Identifier| Operation::Link { evidence, identifier };
    assert_eq!(apply(Actor::Owner, link(Evidence::Subject, Identifier::Email(0))), Ok(()));
    assert_eq!(apply(Actor::System, Operation::RollBack), Ok(()));
    let again = apply(Actor::System, link(Evidence::HashImport, Identifier::Username(0)));
    assert_eq!(again, Err(Refusal::AlreadyLinked));
    assert_eq!(apply(Actor::System, Operation::RetireCredential), Err(Refusal::TooEarly));
    assert_eq!((dossier.legacy[0].1.linked, dossier.target[0].1.accounts), (None, 0));
    let mut found = ScanResult::default();
    verify_dossier(&dossier, None, &mut found);
    assert_eq!(&found.broken[..5], &[0; 5], "{found:?}");
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
        Just(Operation::RollBack),
        Just(Operation::RestoreCredential),
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
        for (account, legacy) in &dossier.legacy {
            let mut entries = dossier.audit.iter().filter(|((owner, _), _)| owner == account);
            let undone = entries.any(|(_, entry)| entry.operation == Operation::RollBack && entry.refused.is_none());
            let linked = legacy.linked.is_some() || undone;
            prop_assert!(legacy.credential != CredentialState::Retired || (linked && legacy.revoked_at.is_past()));
        }
        let mut found = ScanResult::default();
        verify_dossier(&dossier, None, &mut found);
        prop_assert_eq!(&found.broken[..5], &[0; 5], "{:?}", found);
        prop_assert_eq!(found.broken[6], 0);
    }
}
