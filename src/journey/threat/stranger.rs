//! Other hands: whoever holds a recycled or mistyped mailbox, whoever planted a contact point, and the other people at a
//! shared one.

use rand_distr::{Distribution, StandardNormal};

use crate::journey::campaign::AFTERWARDS;
use crate::journey::listener::{Fact, Listener};
use crate::journey::member::{Clock, Control, MailedLink, Stage, next};
use crate::journey::walk::Walk;
use crate::random::Purpose;
use crate::terms::Vector;
use crate::terms::operation::{Actor, Evidence};
use crate::terms::record::{ContactPoint, Foothold};

/// Somebody who may use a link: with what chance, as whom, and by which way in.
type Hand = (f64, Actor, Vector);

impl<L: Listener> Walk<'_, L> {
    /// A link goes to a mailbox; somebody else may read it there. Housemates do so for campaign mails only.
    pub(crate) fn offer_to_others(&mut self, m: usize, link: MailedLink, campaign: bool) {
        let threat = &self.world.threat;
        let foreign: Option<Hand> = match self.mailbox_of(m) {
            ContactPoint::Recycled => {
                Some((threat.recycled_uses_share.get(), Actor::Stranger, Vector::RecycledMailbox))
            }
            ContactPoint::Mistyped => {
                Some((threat.mistyped_uses_share.get(), Actor::Stranger, Vector::MistypedAddress))
            }
            ContactPoint::None | ContactPoint::Alive | ContactPoint::Dead => None,
        };
        if self.state(m).foothold.has(Foothold::MAIL) {
            self.offer(m, link, &[(1.0, Actor::Attacker, Vector::Planted)]);
        } else if let Some(hand) = foreign {
            if threat.enabled {
                self.offer(m, link, &[hand]);
            }
        } else if campaign && self.others_at_mailbox(m) {
            let misuse = if threat.enabled {
                threat.shared_misuse_share.get()
            } else {
                0.0
            };
            let mistake = self.world.behaviour.choice.shared_mistake_share.get();
            let hands = [
                (misuse, Actor::Attacker, Vector::SharedMailbox),
                (mistake, Actor::Other, Vector::SharedMailbox),
            ];
            self.offer(m, link, &hands);
        }
    }

    /// Whether somebody there takes the link lies in who they are: the same at every mail.
    fn offer(&mut self, m: usize, link: MailedLink, hands: &[Hand]) {
        let mut place = self.luck(m, Purpose::Stranger, AFTERWARDS).uniform();
        let mut luck = self.luck(m, Purpose::Stranger, link.token);
        let taker = hands.iter().find(|(share, ..)| {
            let takes = place < *share;
            place -= share;
            takes
        });
        let Some(&(_, actor, vector)) = taker else { return };
        let z: f64 = StandardNormal.sample(&mut luck);
        self.after(m, Clock::Stranger, self.world.behaviour.mail.click.at(z));
        self.member(m).stranger_link = (link, actor, vector);
    }

    /// Somebody else uses a link.
    pub(crate) fn somebody_else_reacts(&mut self, m: usize) {
        let (link, actor, vector) = self.state(m).stranger_link;
        let on_the_way = self.state(m).stage == Stage::Open;
        self.tell(m, Fact::ClickedByOther);
        if actor == Actor::Other {
            // A mistake needs an account that still has to be set up: otherwise the page greets somebody else.
            if on_the_way && self.state(m).control == Control::Owner && self.redeem(m, actor, link) {
                self.link(m, Evidence::Token(link.token), actor);
                if self.state(m).stage == Stage::Linked {
                    self.misbind(m, true);
                }
            }
            return;
        }
        next(&mut self.member(m).used.attacks);
        let redeemed = self.redeem(m, actor, link);
        let member = self.state(m);
        // Disabled is disabled, and a target that asks for a second channel on a new device asks here too.
        let stopped =
            member.disabled || member.stage == Stage::Retired || (member.stage == Stage::Linked && member.guarded);
        let mut works = redeemed && !stopped;
        if works && on_the_way {
            self.link(m, Evidence::Token(link.token), actor);
            works = self.state(m).stage == Stage::Linked;
        }
        self.attack(m, vector, works);
    }
}
