//! Verify: every invariant of a run's store, checked by scanning it.

use serde::Serialize;

use super::dossier::Dossier;
use super::operation::{Identifier, IdentityId, Operation};
use super::pages::{self, PageKind};
use super::store::DossierStore;
use super::table::CredentialState;
use crate::error::{Error, Result};
use crate::journey::Outcome;
use crate::measure::counts::{Counts, OUTCOMES};
use crate::strategy::Strategy;
use crate::strategy::controls::Sessions;

/// The invariants, in the order in which they are reported.
pub const INVARIANTS: [&str; 8] = [
    "a token is redeemed at most once and never after expiry",
    "an identifier leads to exactly one living identity and back",
    "no legacy account is linked twice",
    "a link has evidence in the audit trail",
    "a legacy credential is retired only after link and revocation",
    "no living legacy session outlasts the session policy",
    "each audit trail is gapless and in order of time",
    "each outcome agrees with the state of the account",
];

/// What a scan of one arm found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Found {
    /// Dossiers read.
    pub dossiers: u64,
    /// Accounts read.
    pub accounts: u64,
    /// Audit entries read.
    pub audits: u64,
    /// Accounts by outcome, in the order of [`Outcome::ALL`].
    pub outcomes: [u64; OUTCOMES],
    /// How often each invariant is broken, in the order of [`INVARIANTS`].
    pub broken: [u64; INVARIANTS.len()],
    /// The first account for which one is broken.
    pub example: Option<(usize, u64)>,
}

impl Found {
    /// Fails if an invariant is broken.
    pub fn must_hold(&self) -> Result<()> {
        let Some((invariant, account)) = self.example else {
            return Ok(());
        };
        Err(Error::Check(format!(
            "the store breaks an invariant {} times: {} (first for account {account})",
            self.broken[invariant], INVARIANTS[invariant]
        )))
    }

    /// Fails if the outcomes recounted from the store are not those that were counted.
    pub fn must_equal(&self, counts: &Counts) -> Result<()> {
        for outcome in Outcome::ALL {
            let (stored, counted) = (self.outcomes[outcome.index()], counts.outcome(outcome));
            if stored != counted {
                return Err(Error::Check(format!(
                    "store and summary disagree: {stored} accounts are {} in the store, {counted} were counted",
                    outcome.word()
                )));
            }
        }
        Ok(())
    }

    fn break_one(&mut self, invariant: usize, account: u64) {
        self.broken[invariant] += 1;
        self.example.get_or_insert((invariant, account));
    }

    fn merge(&mut self, other: &Self) {
        self.dossiers += other.dossiers;
        self.accounts += other.accounts;
        self.audits += other.audits;
        self.outcomes.iter_mut().zip(other.outcomes).for_each(|(a, b)| *a += b);
        self.broken.iter_mut().zip(other.broken).for_each(|(a, b)| *a += b);
        self.example = self.example.or(other.example);
    }
}

/// Scans the dossiers of one arm; `strategy` is `None` for the control arm.
pub fn verify_arm(store: &DossierStore, arm: u8, strategy: Option<&Strategy>) -> Result<Found> {
    use rayon::prelude::*;
    let mut found = Found::default();
    for kind in [PageKind::Alone, PageKind::Settled] {
        let mut scan = store.pages(kind, arm);
        loop {
            let some: Vec<_> = scan.by_ref().take(256).collect::<Result<_>>()?;
            if some.is_empty() {
                break;
            }
            let parts: Vec<Found> = some.par_iter().map(|page| verify_page(page, strategy)).collect::<Result<_>>()?;
            parts.iter().for_each(|part| found.merge(part));
        }
    }
    Ok(found)
}

fn verify_page(page: &[u8], strategy: Option<&Strategy>) -> Result<Found> {
    let mut found = Found::default();
    pages::read(page, |_, dossier| {
        verify_dossier(&dossier, strategy, &mut found);
        Ok(())
    })?;
    Ok(found)
}

/// Checks all invariants of one dossier.
pub fn verify_dossier(dossier: &Dossier, strategy: Option<&Strategy>, found: &mut Found) {
    found.dossiers += 1;
    found.accounts += dossier.legacy.len() as u64;
    found.audits += dossier.audit.len() as u64;
    tokens(dossier, found);
    identifiers(dossier, found);
    audit_trails(dossier, found);
    for (place, (account, legacy)) in dossier.legacy.iter().enumerate() {
        let trail = || dossier.audit.iter().filter(|((of, _), entry)| of == account && entry.refused.is_none());
        let links: Vec<_> = trail()
            .filter(|(_, entry)| matches!(entry.operation, Operation::Link { .. } | Operation::Merge { .. }))
            .collect();
        if links.len() > 1 {
            found.break_one(2, account.0);
        }
        if legacy.linked.is_some() != (links.len() == 1) {
            found.break_one(3, account.0);
        }
        if legacy.credential == CredentialState::Retired && (legacy.linked.is_none() || !legacy.revoked_at.is_past()) {
            found.break_one(4, account.0);
        }
        let begun = trail().any(|(_, entry)| matches!(entry.operation, Operation::RevokeSessions | Operation::Archive));
        let must_be_revoked = match strategy.map(|strategy| strategy.controls.sessions) {
            Some(Sessions::RevokeOnLink) => legacy.linked.is_some() || legacy.archived,
            Some(Sessions::InvalidateAtCutover) => begun || legacy.linked.is_some(),
            Some(Sessions::Leave) | None => legacy.archived,
        };
        let session = dossier.sessions.iter().find(|(of, _)| of == account);
        if must_be_revoked && session.is_some_and(|(_, session)| !session.revoked_at.is_past()) {
            found.break_one(5, account.0);
        }
        let outcome = dossier.outcomes.get(place).and_then(|place| Outcome::ALL.get(usize::from(*place)));
        match outcome {
            None => found.break_one(7, account.0),
            Some(outcome) => {
                found.outcomes[outcome.index()] += 1;
                let agrees = match outcome {
                    Outcome::Migrated | Outcome::MigratedByDesk | Outcome::Misbound => legacy.linked.is_some(),
                    Outcome::Retired => legacy.archived,
                    Outcome::Pending | Outcome::Dormant | Outcome::Blocked => legacy.linked.is_none(),
                    Outcome::Churned | Outcome::Duplicate | Outcome::TakenOver => true,
                };
                if !agrees {
                    found.break_one(7, account.0);
                }
            }
        }
    }
}

fn tokens(dossier: &Dossier, found: &mut Found) {
    for (token, record) in &dossier.tokens {
        let redeemed = dossier.audit.iter().filter(|((account, _), entry)| {
            *account == token.account
                && entry.refused.is_none()
                && entry.operation == Operation::Redeem { token: token.number }
        });
        let late = record.redeemed_at.time().is_some_and(|at| at > record.expires);
        if late || redeemed.count() != usize::from(record.redeemed_at.is_past()) {
            found.break_one(0, token.account.0);
        }
    }
}

fn identifiers(dossier: &Dossier, found: &mut Found) {
    for (place, (identifier, identity)) in dossier.identifiers.iter().enumerate() {
        let unique = dossier.identifiers[..place].iter().all(|(other, _)| other != identifier);
        let back = leads_back(dossier, *identifier, *identity);
        if !unique || !back {
            found.break_one(1, identity.0 / 8);
        }
    }
    for (identity, target) in &dossier.target {
        if !dossier.identifiers.contains(&(target.identifier, *identity)) {
            found.break_one(1, identity.0 / 8);
        }
    }
}

fn leads_back(dossier: &Dossier, identifier: Identifier, identity: IdentityId) -> bool {
    let mut owners = dossier.target.iter().filter(|(of, _)| *of == identity);
    owners.next().is_some_and(|(_, target)| target.identifier == identifier) && owners.next().is_none()
}

fn audit_trails(dossier: &Dossier, found: &mut Found) {
    for (account, legacy) in &dossier.legacy {
        let trail = dossier.audit.iter().filter(|((of, _), _)| of == account);
        let (mut next, mut last) = (0, crate::calendar::SimTime(i64::MIN));
        let mut sound = true;
        for ((_, number), entry) in trail {
            sound &= *number == next && entry.at >= last;
            next += 1;
            last = entry.at;
        }
        if !sound || next != legacy.audits {
            found.break_one(6, account.0);
        }
    }
}
