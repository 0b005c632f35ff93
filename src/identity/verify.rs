//! Verify: every invariant of a store, checked by scanning it.
//!
//! A run's store is read here, dossier by dossier; a load test's is read [by account](super::trees::verify) from its
//! trees. What must hold of one [`account`], and between accounts in the [`directory`], is said once for both.

pub mod account;

pub mod directory;

mod found;

#[cfg(feature = "store")]
mod stored;

mod trail;

use super::dossier::Dossier;
use super::record::LegacyRecord;
use crate::strategy::Strategy;
use crate::terms::Outcome;
use crate::terms::operation::AccountId;
use account::AccountRows;
use directory::Balance;
pub use found::{INVARIANTS, Invariant, ScanResult};
#[cfg(feature = "store")]
pub use stored::verify_arm;

/// Checks all invariants of one dossier.
pub fn verify_dossier(dossier: &Dossier, strategy: Option<&Strategy>, found: &mut ScanResult) {
    found.dossiers += 1;
    let mut rows = AccountRows::default();
    for account in owners(dossier) {
        gather(dossier, account, &mut rows);
        account::check(account, &rows, strategy, found);
    }
    identities(dossier, found);
    for (place, (account, legacy)) in dossier.legacy.iter().enumerate() {
        let outcome = dossier.outcomes.get(place).and_then(|place| Outcome::ALL.get(usize::from(*place)));
        if let Some(outcome) = outcome {
            found.outcomes[outcome.index()] += 1;
        }
        let agrees = outcome.is_some_and(|outcome| agrees(*outcome, legacy));
        found.expect(agrees, Invariant::Outcome, account.0);
    }
}

/// The accounts of a dossier, and then those that have left something behind but are not there.
fn owners(dossier: &Dossier) -> Vec<AccountId> {
    let mut owners: Vec<_> = dossier.legacy.iter().map(|(account, _)| *account).collect();
    let tokens = dossier.tokens.iter().map(|(token, _)| token.account);
    let sessions = dossier.sessions.iter().map(|(account, _)| *account);
    let tickets = dossier.tickets.iter().map(|(ticket, _)| ticket.account);
    let trails = dossier.audit.iter().map(|((account, _), _)| *account);
    for account in tokens.chain(sessions).chain(tickets).chain(trails) {
        if !owners.contains(&account) {
            owners.push(account);
        }
    }
    owners
}

fn gather(dossier: &Dossier, account: AccountId, rows: &mut AccountRows) {
    rows.clear();
    rows.legacy = dossier.legacy.iter().find(|(of, _)| *of == account).map(|(_, legacy)| *legacy);
    rows.session = dossier.sessions.iter().find(|(of, _)| *of == account).map(|(_, session)| *session);
    let tokens = dossier.tokens.iter().filter(|(token, _)| token.account == account);
    rows.tokens.extend(tokens.map(|(token, record)| (token.number, *record)));
    let trail = dossier.audit.iter().filter(|((of, _), _)| *of == account);
    rows.trail.extend(trail.map(|((_, number), entry)| (*number, *entry)));
}

fn identities(dossier: &Dossier, found: &mut ScanResult) {
    let mut balance = Balance::default();
    dossier
        .legacy
        .iter()
        .filter_map(|(_, legacy)| legacy.linked)
        .for_each(|identity| balance.linked(identity));
    for (place, (identifier, identity)) in dossier.identifiers.iter().enumerate() {
        let unique = dossier.identifiers[..place].iter().all(|(other, _)| other != identifier);
        let Ok(back) = directory::leads_back(dossier, *identifier, *identity);
        found.expect(unique && back, Invariant::Identifier, identity.account().0);
    }
    for (place, (identity, target)) in dossier.target.iter().enumerate() {
        let unique = dossier.target[..place].iter().all(|(other, _)| other != identity);
        let Ok(back) = directory::is_found(dossier, *identity, target.identifier);
        found.expect(unique && back, Invariant::Identifier, identity.account().0);
        balance.said(*identity, target.accounts);
    }
    balance.close(found);
}

fn agrees(outcome: Outcome, legacy: &LegacyRecord) -> bool {
    match outcome {
        Outcome::Migrated | Outcome::MigratedByDesk | Outcome::LinkedUnseen | Outcome::Misbound => {
            legacy.linked.is_some()
        }
        Outcome::Retired => legacy.archived,
        Outcome::Pending | Outcome::Dormant => legacy.linked.is_none(),
        Outcome::Blocked | Outcome::Churned | Outcome::Duplicate | Outcome::TakenOver => true,
    }
}
