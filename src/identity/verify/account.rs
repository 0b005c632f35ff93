//! What must hold of one account and everything that it owns, wherever that is stored.

use super::found::{Invariant, ScanResult};
use super::trail::{TrailFacts, accepted};
use crate::calendar::SimTime;
use crate::identity::record::{AuditRecord, CredentialState, LegacyRecord, SessionRecord, TokenRecord};
use crate::strategy::Strategy;
use crate::strategy::controls::Sessions;
use crate::terms::operation::{AccountId, Operation};

/// The rows of one account. Tickets break nothing: of them it matters only that there is an account.
#[derive(Clone, Debug, Default)]
pub struct AccountRows {
    /// The account itself.
    pub legacy: Option<LegacyRecord>,
    /// Its session.
    pub session: Option<SessionRecord>,
    /// Its links and codes, by number.
    pub tokens: Vec<(u32, TokenRecord)>,
    /// Its audit trail, by number, as it was found.
    pub trail: Vec<(u32, AuditRecord)>,
}

impl AccountRows {
    /// Makes room for the next account.
    pub fn clear(&mut self) {
        self.legacy = None;
        self.session = None;
        self.tokens.clear();
        self.trail.clear();
    }
}

/// Checks an account; `strategy` is `None` for the control arm.
pub fn check(account: AccountId, rows: &AccountRows, strategy: Option<&Strategy>, found: &mut ScanResult) {
    found.audits += rows.trail.len() as u64;
    let Some(legacy) = &rows.legacy else {
        found.break_one(Invariant::Owner, account.0);
        return;
    };
    found.accounts += 1;
    tokens(account, rows, found);
    let told = TrailFacts::read(account, &rows.trail);
    found.expect(told.links <= 1, Invariant::LinkedOnce, account.0);
    let linked = legacy.linked.zip(legacy.linked_at.time());
    let was_linked = legacy.linked.is_some() || told.unlinked;
    let evident = told.grounded && told.linked == linked && was_linked == legacy.linked_at.is_past();
    found.expect(evident, Invariant::Evidence, account.0);
    let retired = legacy.credential == CredentialState::Retired;
    let in_turn = was_linked && legacy.revoked_at.is_past() && told.retired;
    found.expect(!told.retired_early && (!retired || in_turn), Invariant::Retirement, account.0);
    let must_be_revoked = match strategy.map(|strategy| strategy.controls.sessions) {
        Some(Sessions::RevokeOnLink) => legacy.linked.is_some() || legacy.archived,
        Some(Sessions::InvalidateAtCutover) => told.revoked || legacy.linked.is_some(),
        Some(Sessions::Leave) | None => legacy.archived,
    };
    let alive = rows.session.is_some_and(|session| !session.revoked_at.is_past());
    found.expect(!(must_be_revoked && alive), Invariant::Session, account.0);
    found.expect(told.in_order && told.entries == legacy.audits, Invariant::Trail, account.0);
}

/// What a token says of its use is what the trail says.
fn tokens(account: AccountId, rows: &AccountRows, found: &mut ScanResult) {
    let redeemed = || {
        accepted(&rows.trail).filter_map(|entry| match entry.operation {
            Operation::Redeem { token } => Some((token, entry.at)),
            _ => None,
        })
    };
    for (number, record) in &rows.tokens {
        let told = redeemed().filter(|(token, _)| token == number).map(|(_, at)| at);
        let in_time = |at: SimTime| at <= record.expires;
        let used = record.redeemed_at.time();
        found.expect(used.is_none_or(in_time) && told.eq(used), Invariant::Token, account.0);
    }
    for (token, _) in redeemed() {
        let known = rows.tokens.iter().any(|(number, _)| *number == token);
        found.expect(known, Invariant::Token, account.0);
    }
}
