//! A dossier: everything the store knows of one unit under one strategy. The unit is the consistency boundary.

use serde::{Deserialize, Serialize};

use super::record::{
    AuditRecord, CredentialState, LegacyRecord, Moment, SessionRecord, TargetRecord, TicketRecord, TokenRecord,
};
use crate::calendar::SimTime;
use crate::population::unit::Unit;
use crate::terms::Answer;
use crate::terms::operation::{AccountId, Identifier, IdentityId, TicketId, TokenId};

/// Records, links, tokens, sessions, tickets and audit trail of one unit, and what the desk answered it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Dossier {
    /// Legacy accounts.
    pub legacy: Vec<(AccountId, LegacyRecord)>,
    /// Target identities.
    pub target: Vec<(IdentityId, TargetRecord)>,
    /// Identifiers.
    pub identifiers: Vec<(Identifier, IdentityId)>,
    /// Links and codes.
    pub tokens: Vec<(TokenId, TokenRecord)>,
    /// Legacy sessions.
    pub sessions: Vec<(AccountId, SessionRecord)>,
    /// Cases.
    pub tickets: Vec<(TicketId, TicketRecord)>,
    /// Audit trails.
    pub audit: Vec<((AccountId, u32), AuditRecord)>,
    /// Outcomes at the horizon, by account, as places in [`Outcome::ALL`](crate::terms::Outcome::ALL).
    pub outcomes: Vec<u8>,
    /// What the desk answered, in the order of requests.
    pub answers: Vec<Option<Answer>>,
}

impl Dossier {
    /// Empties the dossier and opens it for `unit`, as the directories stand before the migration.
    pub fn open(&mut self, unit: &Unit, has_session: impl Fn(usize) -> bool) {
        self.legacy.clear();
        self.target.clear();
        self.identifiers.clear();
        self.tokens.clear();
        self.sessions.clear();
        self.tickets.clear();
        self.audit.clear();
        self.outcomes.clear();
        self.answers.clear();
        for (member, account) in unit.accounts.iter().enumerate() {
            let id = AccountId(unit.first_account + member as u64);
            let credential = if account.record.has_password() {
                CredentialState::Active
            } else {
                CredentialState::None
            };
            let record = LegacyRecord::untouched(credential);
            self.legacy.push((id, record));
            if has_session(member) {
                self.sessions.push((id, SessionRecord { revoked_at: Moment::NEVER }));
            }
            if account.record.in_target {
                let identity = IdentityId::earlier(id);
                let identifier = Identifier::Email(id.0);
                let record = TargetRecord { since: SimTime(-1), accounts: 0, identifier };
                self.target.push((identity, record));
                self.identifiers.push((identifier, identity));
            }
        }
    }
}
