//! Other hands: whoever holds a recycled mailbox now, and the other people at a shared one.

use rand_distr::{Distribution, StandardNormal};

use crate::journey::listener::{Fact, Listener};
use crate::journey::member::{Clock, Control, MailedLink, Stage, next};
use crate::journey::walk::Walk;
use crate::random::Purpose;
use crate::terms::Vector;
use crate::terms::operation::{Actor, Evidence};

impl<L: Listener> Walk<'_, L> {
    /// A link goes to a mailbox that is somebody else's by now.
    pub(crate) fn offer_to_stranger(&mut self, m: usize, link: MailedLink) {
        if self.world.threat.enabled {
            let share = self.world.threat.recycled_uses_share.get();
            self.offer(m, link, [(share, Actor::Stranger), (0.0, Actor::Other)]);
        }
    }

    /// A link goes to a mailbox that other people read too: some use it on purpose, some by mistake.
    pub(crate) fn offer_to_housemates(&mut self, m: usize, link: MailedLink) {
        let misuse = if self.world.threat.enabled {
            self.world.threat.shared_misuse_share.get()
        } else {
            0.0
        };
        let mistake = self.world.behaviour.choice.shared_mistake_share.get();
        self.offer(m, link, [(misuse, Actor::Attacker), (mistake, Actor::Other)]);
    }

    fn offer(&mut self, m: usize, link: MailedLink, hands: [(f64, Actor); 2]) {
        let mut luck = self.luck(m, Purpose::Stranger, link.token);
        let place = luck.uniform();
        let taker = match place {
            place if place < hands[0].0 => hands[0].1,
            place if place < hands[0].0 + hands[1].0 => hands[1].1,
            _ => return,
        };
        let z: f64 = StandardNormal.sample(&mut luck);
        self.after(m, Clock::Stranger, self.world.behaviour.mail.click.at(z));
        self.member(m).stranger_link = (link, taker);
    }

    /// Somebody else uses a link.
    pub(crate) fn somebody_else_reacts(&mut self, m: usize) {
        let (link, actor) = self.state(m).stranger_link;
        let on_the_way = self.state(m).stage == Stage::Open;
        self.tell(m, Fact::ClickedByOther);
        if actor == Actor::Other {
            // A mistake needs an account that still has to be set up: otherwise the page greets somebody else.
            if on_the_way && self.state(m).control == Control::Owner && self.redeem(m, actor, link) {
                self.link(m, Evidence::Token(link.token), actor);
                if self.state(m).stage == Stage::Linked {
                    self.misbind(m);
                }
            }
            return;
        }
        next(&mut self.member(m).used.attacks);
        let vector = match actor {
            Actor::Stranger => Vector::RecycledMailbox,
            _ => Vector::SharedMailbox,
        };
        let mut works = self.redeem(m, actor, link) && self.state(m).stage != Stage::Retired;
        if works && on_the_way {
            self.link(m, Evidence::Token(link.token), actor);
            works = self.state(m).stage == Stage::Linked;
        }
        self.attack(m, vector, works);
    }
}
