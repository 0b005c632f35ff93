//! Planted contact points: whoever registered with the owner's address before the owner came has left a contact point of
//! their own behind. Links go there too, and one day they come back for the account.

use crate::calendar::{SimTime, Span};
use crate::journey::listener::Listener;
use crate::journey::member::{Clock, Control, MailedLink, Stage, next};
use crate::journey::walk::Walk;
use crate::random::Purpose;
use crate::strategy::treatment::Treatment;
use crate::terms::Vector;
use crate::terms::operation::{Actor, Evidence, Factor, Operation};
use crate::terms::record::Foothold;

impl<L: Listener> Walk<'_, L> {
    /// Whoever planted a contact point comes back and asks for a link, or for a code where the phone is planted too.
    pub(crate) fn planter_returns(&mut self, m: usize) {
        let member = self.state(m);
        if !member.foothold.has(Foothold::MAIL) {
            return;
        }
        // They come back now and then for as long as their way in is there.
        let mut luck = self.luck(m, Purpose::Intruder, 5 << 29 | self.state(m).used.attacks);
        let gap_ms = luck.exponential() * self.world.returns_mean_days * 86_400_000.0;
        self.set(m, Clock::Planted, SimTime(self.now.0.saturating_add(gap_ms as i64)));
        let member = self.state(m);
        if matches!(member.control, Control::Attacker(_)) {
            return;
        }
        let (stage, disabled, treatment) = (member.stage, member.disabled, member.treatment);
        let by_phone = member.foothold.has(Foothold::PHONE) && self.record(m).phone;
        let guarded = member.guarded && !by_phone;
        next(&mut self.member(m).used.attacks);
        let works = match stage {
            Stage::Legacy => !disabled,
            Stage::Linked => !disabled && !guarded,
            Stage::Retired => false,
            Stage::Open if disabled => false,
            Stage::Open => match treatment {
                Treatment::StepUp => by_phone && self.planter_proves_phone(m),
                Treatment::ManualReview | Treatment::DeskFallback | Treatment::Defer | Treatment::Retire => false,
                Treatment::HashImport
                | Treatment::LazyVerify
                | Treatment::SocialRelink
                | Treatment::ResetLink
                | Treatment::AskReset
                | Treatment::MagicLink
                | Treatment::Passkey
                | Treatment::Federate => self.record(m).email && self.planter_uses_link(m),
            },
        };
        self.attack(m, Vector::Planted, works);
    }

    fn planter_uses_link(&mut self, m: usize) -> bool {
        let lifetime = Span::from_minutes(self.plan.controls.code_lifetime_min.get());
        let token = self.issue(m, lifetime);
        let link = MailedLink { token, expires: self.now + lifetime, ..MailedLink::default() };
        if !self.redeem(m, Actor::Attacker, link) {
            return false;
        }
        self.link(m, Evidence::Token(token), Actor::Attacker);
        self.state(m).stage == Stage::Linked
    }

    fn planter_proves_phone(&mut self, m: usize) -> bool {
        let factor = Factor::Phone;
        next(&mut self.member(m).used.texts);
        self.operate(m, Actor::Attacker, Operation::StepUp { factor, passed: true });
        self.link(m, Evidence::StepUp(factor), Actor::Attacker);
        self.state(m).stage == Stage::Linked
    }
}
