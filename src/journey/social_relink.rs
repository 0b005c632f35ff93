//! Treatment: social relink. The next social sign-in links the account again: by the provider's subject id where it is
//! portable, else by the e-mail address if the strategy allows it and the addresses agree. Where nothing agrees, the
//! target takes the visitor for a new customer.

use super::listener::{Fact, Listener};
use super::walk::Walk;
use crate::random::Purpose;
use crate::terms::operation::{Actor, Evidence};
use crate::terms::record::Provider;

impl<L: Listener> Walk<'_, L> {
    /// The owner signs in through the provider.
    ///
    /// `knows` says whether the password would work, if it comes to that.
    pub(super) fn relink_social(&mut self, m: usize, knows: bool) {
        let record = self.record(m);
        if record.provider == Provider::None {
            // No social identity after all: the password is verified as under lazy migration.
            self.sign_in_lazily(m, knows);
            return;
        }
        if record.subject_portable {
            self.tell(m, Fact::SignedIn);
            self.link(m, Evidence::Subject, Actor::Owner);
            return;
        }
        let providers = &self.world.providers;
        let differs = match record.provider {
            Provider::Apple => providers.apple_relay_share,
            _ => providers.email_differs_share,
        };
        let same_email = record.email && !self.luck(m, Purpose::Social, 255).chance(differs.get());
        if self.plan.controls.social_by_email && same_email {
            self.tell(m, Fact::SignedIn);
            self.link(m, Evidence::SocialEmail, Actor::Owner);
        } else if record.has_password() {
            self.sign_in_lazily(m, knows);
        } else {
            self.meet_empty_account(m);
        }
    }
}
