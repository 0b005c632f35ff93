//! Treatment: hash import. The password hash is carried over silently. The link has then been made but not confirmed:
//! that waits for the first sign-in, and so does the retirement of the legacy credential.

use super::listener::{Fact, Listener};
use super::walk::Walk;
use crate::terms::operation::{Actor, Evidence, Operation, Platform};

impl<L: Listener> Walk<'_, L> {
    /// Imports the hash, if there is one that can be imported and nothing stands against it.
    pub(super) fn import_hash(&mut self, m: usize) {
        let record = self.record(m);
        let member = self.state(m);
        if record.hash_portable && record.has_password() && !member.locked && !member.disabled {
            self.link(m, Evidence::HashImport, Actor::System);
        }
    }

    /// The owner signs in, and the import has failed or was impossible: the target knows nobody of that name.
    pub(super) fn sign_in_without_import(&mut self, m: usize) {
        self.suspend_credential(m);
        self.sign_in_with_reset_due(m);
    }

    /// The owner signs in to an imported account for the first time: the link is confirmed.
    pub(super) fn confirm_import(&mut self, m: usize) {
        self.operate(m, Actor::Owner, Operation::SignIn(Platform::Target));
        self.tell(m, Fact::SignedIn);
        self.member(m).link_verified = true;
        self.retire_credential(m);
        self.arrive(m);
    }
}
