//! Treatment: reset link. The password is refused from now on; a mailed link lets the customer choose a new one.
//!
//! How a link expires, for one customer:
//!
//! 1. The rollout reaches the account (`Walk::begin`) and this file refuses the password and puts a mail into the
//!    send queue. Reminders follow it.
//! 2. The mail leaves with a token of its own, good for `link_lifetime_h` ([`campaign`](super::campaign)). It may
//!    bounce, land in spam, be read and left, be read by somebody else, or be clicked after a lognormal delay: half of
//!    those who click do so within three hours, a fifth need more than a day.
//! 3. Whoever clicks after the lifetime finds the link expired. That is frustrating, and frustration makes people leave
//!    ([`leaving`](super::leaving)). Two of three ask for a fresh link at once ([`recovery`](super::recovery)); the
//!    others wait for the next reminder or the next sign-in.
//! 4. Meanwhile the customer's own habit goes on. The next sign-in finds the password refused, and the customer, with
//!    attention now, asks for a link that arrives within minutes: if the mailbox is alive and theirs. If it is not,
//!    there is the desk, a new sign-up, another try later, or leaving ([`choice`](super::choice)).

use super::listener::{Fact, Listener};
use super::walk::Walk;
use crate::random::Purpose;

impl<L: Listener> Walk<'_, L> {
    /// Refuses the password and queues the first mail.
    pub(super) fn begin_reset_link(&mut self, m: usize) {
        self.suspend_credential(m);
        self.queue_campaign_mail(m);
    }

    /// The owner signs in and finds the password refused.
    pub(super) fn sign_in_with_reset_due(&mut self, m: usize) {
        // A social sign-in still works, unless the strategy takes it away: there is no password to refuse.
        if !self.record(m).has_password() && !self.plan.controls.reset_social {
            self.relink_social(m, false);
            return;
        }
        self.tell(m, Fact::Refused);
        if self.frustrate(m, self.world.behaviour.frustration.failure_points.get()) {
            return;
        }
        // Somebody who never had a password presses the social button instead, and becomes a new customer.
        if !self.record(m).has_password() {
            let mut luck = self.luck(m, Purpose::Social, self.state(m).used.recoveries);
            if luck.chance(self.world.behaviour.choice.social_sign_up_share.get()) {
                self.sign_up(m);
                return;
            }
        }
        self.ask_for_link(m, 1);
    }
}
