//! What must hold between accounts: identifiers and identities lead to each other, and an identity knows how many
//! accounts it has.

use std::collections::BTreeMap;

use super::found::{Invariant, ScanResult};
use crate::identity::table::{Identifiers, Target, View};
use crate::terms::operation::{Identifier, IdentityId};

/// Whether the identity that an identifier leads to names it back.
pub fn leads_back<V: View>(view: &V, identifier: Identifier, identity: IdentityId) -> Result<bool, V::Error> {
    Ok(view.get::<Target>(identity)?.is_some_and(|target| target.identifier == identifier))
}

/// Whether the identifier that an identity names leads to it.
pub fn is_found<V: View>(view: &V, identity: IdentityId, identifier: Identifier) -> Result<bool, V::Error> {
    Ok(view.get::<Identifiers>(identifier)? == Some(identity))
}

/// Accounts linked to identities, against what the identities say. Only those are kept that do not balance, or not yet.
#[derive(Clone, Debug, Default)]
pub struct Balance(BTreeMap<IdentityId, i64>);

impl Balance {
    /// An account is linked to the identity.
    pub fn linked(&mut self, identity: IdentityId) {
        self.add(identity, 1);
    }

    /// The identity says that it has so many accounts.
    pub fn said(&mut self, identity: IdentityId, accounts: u32) {
        self.add(identity, -i64::from(accounts));
    }

    fn add(&mut self, identity: IdentityId, by: i64) {
        if by == 0 {
            return;
        }
        let balance = self.0.entry(identity).or_default();
        *balance += by;
        if *balance == 0 {
            self.0.remove(&identity);
        }
    }

    /// All is told: what does not balance now is broken.
    pub fn close(self, found: &mut ScanResult) {
        self.0.keys().for_each(|identity| found.break_one(Invariant::Identifier, identity.account().0));
    }
}
