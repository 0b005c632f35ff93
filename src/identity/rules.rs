//! The rules of identity operations: one implementation for every store.
//!
//! A rule reads what it needs through a [`View`], decides, and writes. It knows nothing of journeys: that the two agree
//! about every single operation is checked whenever a run applies them.

use super::record::{AuditRecord, CredentialState, LegacyRecord, Moment, TargetRecord, TicketRecord, TokenRecord};
use super::table::{Audit, Identifiers, Legacy, Sessions, Target, Tickets, Tokens, View};
use crate::calendar::SimTime;
use crate::terms::operation::{
    AccountId, Actor, Evidence, IdentityId, Operation, Platform, Refusal, Resolution, TicketId, TokenId,
};

/// Applies an operation on `account` and appends it to the account's audit trail. Inside: `Err` if the rules refuse it,
/// and then nothing but the audit trail has changed. Outside: what is wrong with the store.
#[inline]
pub fn apply<V: View>(
    view: &mut V,
    account: AccountId,
    at: SimTime,
    actor: Actor,
    operation: Operation,
) -> Result<Result<(), Refusal>, V::Error> {
    let Some(mut legacy) = view.get::<Legacy>(account)? else {
        return Ok(Err(Refusal::Unknown));
    };
    let case = Case { account, at, actor };
    let answer = case.decide(view, &mut legacy, operation)?;
    let entry = AuditRecord { at, actor, operation, refused: answer.err() };
    view.insert::<Audit>((account, legacy.audits), entry)?;
    legacy.audits += 1;
    view.put::<Legacy>(account, legacy)?;
    Ok(answer)
}

struct Case {
    account: AccountId,
    at: SimTime,
    actor: Actor,
}

/// What a rule says, and what is wrong with the store.
type Ruling<E> = Result<Result<(), Refusal>, E>;

impl Case {
    #[inline]
    fn decide<V: View>(&self, view: &mut V, legacy: &mut LegacyRecord, operation: Operation) -> Ruling<V::Error> {
        match operation {
            Operation::SignIn(platform) => Ok(self.sign_in(legacy, platform)),
            Operation::IssueToken { token, expires } => self.issue_token(view, token, expires),
            Operation::Redeem { token } => self.redeem(view, token),
            Operation::StepUp { factor, passed } => {
                legacy.proved = passed.then_some(factor);
                Ok(Ok(()))
            }
            Operation::Link { evidence, identifier } => {
                let identity = IdentityId::linked(self.account);
                if let Err(refusal) = self.may_link(view, legacy, evidence)? {
                    return Ok(Err(refusal));
                }
                if view.get::<Identifiers>(identifier)?.is_some() {
                    return Ok(Err(Refusal::IdentifierTaken));
                }
                view.put::<Identifiers>(identifier, identity)?;
                let target = TargetRecord { since: self.at, accounts: 1, identifier };
                view.put::<Target>(identity, target)?;
                self.bind(legacy, identity);
                Ok(Ok(()))
            }
            Operation::Merge { evidence, into } => {
                if let Err(refusal) = self.may_link(view, legacy, evidence)? {
                    return Ok(Err(refusal));
                }
                let Some(mut target) = view.get::<Target>(into)? else {
                    return Ok(Err(Refusal::Unknown));
                };
                target.accounts += 1;
                view.put::<Target>(into, target)?;
                self.bind(legacy, into);
                Ok(Ok(()))
            }
            Operation::Register { identifier } => {
                if view.get::<Identifiers>(identifier)?.is_some() {
                    return Ok(Err(Refusal::IdentifierTaken));
                }
                let identity = IdentityId::signed_up(self.account);
                if view.get::<Target>(identity)?.is_some() {
                    return Ok(Err(Refusal::AlreadyRegistered));
                }
                view.put::<Identifiers>(identifier, identity)?;
                let target = TargetRecord { since: self.at, accounts: 0, identifier };
                view.put::<Target>(identity, target)?;
                Ok(Ok(()))
            }
            Operation::RevokeSessions => {
                self.end_sessions(view, legacy)?;
                Ok(Ok(()))
            }
            Operation::SuspendCredential => Ok(match legacy.credential {
                CredentialState::Active => {
                    legacy.credential = CredentialState::Suspended;
                    Ok(())
                }
                _ => Err(Refusal::CredentialRefused),
            }),
            Operation::RetireCredential => Ok(match (legacy.linked, legacy.revoked_at.is_past(), legacy.credential) {
                (Some(_), true, CredentialState::Active | CredentialState::Suspended) => {
                    legacy.credential = CredentialState::Retired;
                    Ok(())
                }
                _ => Err(Refusal::TooEarly),
            }),
            Operation::Archive => {
                if legacy.linked.is_some() {
                    return Ok(Err(Refusal::AlreadyLinked));
                }
                legacy.archived = true;
                if legacy.credential == CredentialState::Active {
                    legacy.credential = CredentialState::Suspended;
                }
                self.end_sessions(view, legacy)?;
                Ok(Ok(()))
            }
            Operation::RollBack => {
                self.void_tokens(view)?;
                // When it was linked stays on record: its identity is still there, and must not be made a second time.
                if let Some(identity) = legacy.linked.take()
                    && let Some(mut target) = view.get::<Target>(identity)?
                {
                    target.accounts = target.accounts.saturating_sub(1);
                    view.put::<Target>(identity, target)?;
                }
                legacy.archived = false;
                if legacy.credential == CredentialState::Suspended {
                    legacy.credential = CredentialState::Active;
                }
                Ok(Ok(()))
            }
            Operation::RestoreCredential => Ok(match legacy.credential {
                CredentialState::Suspended | CredentialState::Retired => {
                    legacy.credential = CredentialState::Active;
                    Ok(())
                }
                CredentialState::Active | CredentialState::None => Err(Refusal::CredentialRefused),
            }),
            Operation::OpenTicket { ticket, reason } => {
                let record = TicketRecord { reason, opened_at: self.at, closed: None };
                view.insert::<Tickets>(self.ticket(ticket), record)?;
                Ok(Ok(()))
            }
            Operation::CloseTicket { ticket, resolution } => self.close_ticket(view, legacy, ticket, resolution),
        }
    }

    fn ticket(&self, number: u32) -> TicketId {
        TicketId { account: self.account, number }
    }

    fn token(&self, number: u32) -> TokenId {
        TokenId { account: self.account, number }
    }

    fn sign_in(&self, legacy: &mut LegacyRecord, platform: Platform) -> Result<(), Refusal> {
        match platform {
            Platform::Legacy if legacy.credential != CredentialState::Active => Err(Refusal::CredentialRefused),
            Platform::Target if legacy.linked.is_none() => Err(Refusal::Unknown),
            _ => {
                legacy.signed_in_at = Moment::at(self.at);
                Ok(())
            }
        }
    }

    fn issue_token<V: View>(&self, view: &mut V, number: u32, expires: SimTime) -> Ruling<V::Error> {
        let record = TokenRecord { expires, redeemed_at: Moment::NEVER };
        view.insert::<Tokens>(self.token(number), record)?;
        Ok(Ok(()))
    }

    fn redeem<V: View>(&self, view: &mut V, number: u32) -> Ruling<V::Error> {
        let Some(mut token) = view.get::<Tokens>(self.token(number))? else {
            return Ok(Err(Refusal::Unknown));
        };
        if token.redeemed_at.is_past() {
            return Ok(Err(Refusal::Redeemed));
        }
        if self.at > token.expires {
            return Ok(Err(Refusal::Expired));
        }
        token.redeemed_at = Moment::at(self.at);
        view.put::<Tokens>(self.token(number), token)?;
        Ok(Ok(()))
    }

    /// Links and codes that nobody has used expire now. They are numbered in a row.
    fn void_tokens<V: View>(&self, view: &mut V) -> Result<(), V::Error> {
        let mut number = 0;
        while let Some(mut token) = view.get::<Tokens>(self.token(number))? {
            if !token.redeemed_at.is_past() && token.expires > self.at {
                token.expires = self.at;
                view.put::<Tokens>(self.token(number), token)?;
            }
            number += 1;
        }
        Ok(())
    }

    /// Whether the account may be linked at all, and on this evidence.
    fn may_link<V: View>(&self, view: &V, legacy: &LegacyRecord, evidence: Evidence) -> Ruling<V::Error> {
        if legacy.linked_at.is_past() {
            return Ok(Err(Refusal::AlreadyLinked));
        }
        let strong =
            matches!(evidence, Evidence::StepUp(_) | Evidence::Review | Evidence::Desk | Evidence::Delegated(_));
        if legacy.archived && !strong {
            return Ok(Err(Refusal::Archived));
        }
        let grounded = match evidence {
            Evidence::HashImport => self.actor == Actor::System && legacy.credential == CredentialState::Active,
            Evidence::LegacyPassword => legacy.signed_in_at == Moment::at(self.at),
            Evidence::Token(number) => {
                let token = view.get::<Tokens>(self.token(number))?;
                token.is_some_and(|token| token.redeemed_at == Moment::at(self.at))
            }
            Evidence::Subject | Evidence::SocialEmail => self.actor == Actor::Owner,
            Evidence::StepUp(factor) => legacy.proved == Some(factor),
            Evidence::Delegated(by) => {
                by != self.account && view.get::<Legacy>(by)?.is_some_and(|other| other.linked.is_some())
            }
            Evidence::Review | Evidence::Desk => self.actor == Actor::Agent && legacy.helped_at == Moment::at(self.at),
        };
        Ok(if grounded { Ok(()) } else { Err(Refusal::NoEvidence) })
    }

    fn bind(&self, legacy: &mut LegacyRecord, identity: IdentityId) {
        legacy.linked = Some(identity);
        legacy.linked_at = Moment::at(self.at);
        legacy.archived = false;
    }

    fn end_sessions<V: View>(&self, view: &mut V, legacy: &mut LegacyRecord) -> Result<(), V::Error> {
        legacy.revoked_at.note_first(self.at);
        if let Some(mut session) = view.get::<Sessions>(self.account)? {
            session.revoked_at.note_first(self.at);
            view.put::<Sessions>(self.account, session)?;
        }
        Ok(())
    }

    fn close_ticket<V: View>(
        &self,
        view: &mut V,
        legacy: &mut LegacyRecord,
        number: u32,
        resolution: Resolution,
    ) -> Ruling<V::Error> {
        let Some(mut ticket) = view.get::<Tickets>(self.ticket(number))? else {
            return Ok(Err(Refusal::Unknown));
        };
        ticket.closed = Some((self.at, resolution));
        view.put::<Tickets>(self.ticket(number), ticket)?;
        if resolution == Resolution::Solved {
            legacy.helped_at = Moment::at(self.at);
        }
        Ok(Ok(()))
    }
}
