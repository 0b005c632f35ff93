//! What an audit trail says, read once from its beginning.

use crate::calendar::SimTime;
use crate::identity::record::AuditRecord;
use crate::terms::operation::{AccountId, Actor, Evidence, Factor, IdentityId, Operation, Platform, Resolution};

/// What a trail says of its account.
#[derive(Clone, Copy, Debug)]
pub(super) struct TrailFacts {
    /// How long it is.
    pub(super) entries: u32,
    /// Its entries are numbered from 0 without a gap, and none is older than the one before.
    pub(super) in_order: bool,
    /// How often the account was linked.
    pub(super) links: u32,
    /// To what it was linked last, and when.
    pub(super) linked: Option<(IdentityId, SimTime)>,
    /// Each link's grounds come before it.
    pub(super) grounded: bool,
    /// Sessions were revoked.
    pub(super) revoked: bool,
    /// The credential was retired.
    pub(super) retired: bool,
    /// It was retired before it was linked or its sessions were revoked.
    pub(super) retired_early: bool,
    /// Its link was taken back, as its migration was undone.
    pub(super) unlinked: bool,
}

/// The operations that were not refused.
pub(super) fn accepted(trail: &[(u32, AuditRecord)]) -> impl Iterator<Item = &AuditRecord> {
    trail.iter().map(|(_, entry)| entry).filter(|entry| entry.refused.is_none())
}

impl TrailFacts {
    pub(super) fn read(account: AccountId, trail: &[(u32, AuditRecord)]) -> Self {
        let numbered = trail.iter().zip(0..).all(|((number, _), place)| *number == place);
        let in_time = trail.windows(2).all(|pair| pair[0].1.at <= pair[1].1.at);
        let mut told = Self {
            entries: trail.len() as u32,
            in_order: numbered && in_time,
            links: 0,
            linked: None,
            grounded: true,
            revoked: false,
            retired: false,
            retired_early: false,
            unlinked: false,
        };
        for (place, (_, entry)) in trail.iter().enumerate() {
            if entry.refused.is_some() {
                continue;
            }
            match entry.operation {
                Operation::Link { evidence, .. } => {
                    told.link(
                        IdentityId::linked(account),
                        entry,
                        has_grounds(account, evidence, entry, &trail[..place]),
                    );
                }
                Operation::Merge { evidence, into } => {
                    told.link(into, entry, has_grounds(account, evidence, entry, &trail[..place]));
                }
                Operation::RevokeSessions | Operation::Archive => told.revoked = true,
                Operation::RetireCredential => {
                    told.retired = true;
                    told.retired_early |= told.links == 0 || !told.revoked;
                }
                // What was linked before is not any more.
                Operation::RollBack => told.unlinked |= told.linked.take().is_some(),
                _ => {}
            }
        }
        told
    }

    fn link(&mut self, identity: IdentityId, entry: &AuditRecord, grounded: bool) {
        self.links += 1;
        self.linked = Some((identity, entry.at));
        self.grounded &= grounded;
    }
}

/// Whether the evidence of a link is in the trail before it; what leaves no entry of its own must at least come from the
/// one who alone can have it.
fn has_grounds(account: AccountId, evidence: Evidence, link: &AuditRecord, before: &[(u32, AuditRecord)]) -> bool {
    let just_then = |operation: Operation| accepted(before).any(|e| e.at == link.at && e.operation == operation);
    match evidence {
        Evidence::HashImport => link.actor == Actor::System,
        Evidence::LegacyPassword => just_then(Operation::SignIn(Platform::Legacy)),
        Evidence::Token(token) => just_then(Operation::Redeem { token }),
        Evidence::Subject | Evidence::SocialEmail => link.actor == Actor::Owner,
        // Whether the other account had moved by then is in its own trail.
        Evidence::Delegated(by) => by != account,
        Evidence::StepUp(factor) => last_proved(before) == Some(factor),
        Evidence::Review | Evidence::Desk => {
            let solved = |e: &AuditRecord| {
                e.at == link.at && matches!(e.operation, Operation::CloseTicket { resolution: Resolution::Solved, .. })
            };
            link.actor == Actor::Agent && accepted(before).any(solved)
        }
    }
}

fn last_proved(trail: &[(u32, AuditRecord)]) -> Option<Factor> {
    let tried = accepted(trail).filter_map(|entry| match entry.operation {
        Operation::StepUp { factor, passed } => Some(passed.then_some(factor)),
        _ => None,
    });
    tried.last().flatten()
}
