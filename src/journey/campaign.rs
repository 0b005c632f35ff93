//! Campaign: the rollout reaches an account, mails go out, and somebody acts on them.

use rand_distr::{Distribution, StandardNormal};

use super::listener::{Fact, Listener};
use super::member::{Clock, Credential, MailedLink, Stage, Step, next};
use super::walk::Walk;
use crate::calendar::{SimTime, Span};
use crate::random::Purpose;
use crate::strategy::controls::Sessions;
use crate::strategy::treatment::{OldPassword, Treatment};
use crate::terms::Reason;
use crate::terms::operation::{Actor, Evidence, Operation, Refusal};
use crate::terms::record::{Behind, ContactPoint, Foothold};

/// Marks the draws of what happens after a link was used, apart from those of its delivery.
pub(crate) const AFTERWARDS: u32 = 1 << 31;
/// Marks the draw of whether a scanner reads a mailbox.
const SCANNER: u32 = 1 << 30;
/// Marks the draws of whether the owner takes the campaign for phishing.
const SUSPICION: u32 = 1 << 29;

impl<L: Listener> Walk<'_, L> {
    /// The rollout reaches the account.
    pub(super) fn begin(&mut self, m: usize) {
        if self.state(m).stage != Stage::Legacy {
            return;
        }
        let now = self.now;
        let member = self.member(m);
        member.stage = Stage::Open;
        member.begun_at = Some(now);
        let rule = member.rule;
        self.look_for_resident(m);
        self.tell(m, Fact::Reached(rule));
        if self.plan.controls.sessions == Sessions::InvalidateAtCutover {
            self.revoke_sessions(m);
        }
        if let Some((day, _)) = self.plan.cut_off {
            // A wave that was held for long may come after it.
            self.set(m, Clock::CutOff, day.max(now));
        }
        if self.plan.rolled_back() < SimTime::NEVER {
            self.set(m, Clock::RollBack, self.plan.rolled_back());
        }
        if self.plan.controls.announced && self.record(m).email {
            self.tell(m, Fact::Announced);
            next(&mut self.member(m).used.emails);
            self.bait(m);
        }
        self.treat(m);
    }

    /// The legacy platform stops and accepts no password any more: what has not moved is given the tail treatment.
    pub(super) fn cut_off(&mut self, m: usize) {
        let Some((_, tail)) = self.plan.cut_off else { return };
        if self.state(m).stage == Stage::Linked {
            self.suspend_credential(m);
            return;
        }
        let member = self.state(m);
        let traits = member.treatment.traits();
        let waiting = member.stage == Stage::Open || traits.stays;
        if !waiting || !traits.leans_on_legacy() {
            return;
        }
        let member = self.member(m);
        member.stage = Stage::Open;
        member.treatment = tail;
        self.tell(m, Fact::CutOff);
        self.treat(m);
        self.suspend_credential(m);
    }

    /// Starts the account's treatment. Those that wait for the customer have nothing to do yet.
    fn treat(&mut self, m: usize) {
        match self.state(m).treatment {
            Treatment::ResetLink => self.begin_reset_link(m),
            Treatment::AskReset => self.queue_campaign_mail(m),
            Treatment::HashImport => self.import_hash(m),
            Treatment::Retire => self.archive(m),
            // Whom a reviewer has let in already is not looked at a second time.
            Treatment::ManualReview if self.state(m).reviewed => self.treat_reviewed(m),
            Treatment::Defer => self.member(m).stage = Stage::Legacy,
            Treatment::MagicLink | Treatment::ManualReview | Treatment::DeskFallback => self.suspend_credential(m),
            Treatment::LazyVerify
            | Treatment::SocialRelink
            | Treatment::StepUp
            | Treatment::Passkey
            | Treatment::Federate => {}
        }
        // Whoever had changed the legacy password finds it refused like anybody else's.
        let member = self.state(m);
        let on_the_way = matches!(member.stage, Stage::Open | Stage::Retired);
        if on_the_way && member.treatment.traits().old_password != OldPassword::Opens {
            let foothold = member.foothold.without(Foothold::CREDENTIAL);
            self.member(m).foothold = foothold;
        }
    }

    /// A reviewer has enabled the account before, and its owner is known: the next sign-in moves it.
    fn treat_reviewed(&mut self, m: usize) {
        self.tell(m, Fact::ReviewedBefore);
        let stopped = self.plan.cut_off.is_some_and(|(day, _)| self.now >= day);
        self.member(m).treatment = if stopped {
            Treatment::MagicLink
        } else {
            Treatment::LazyVerify
        };
        if stopped {
            self.suspend_credential(m);
        }
    }

    pub(super) fn suspend_credential(&mut self, m: usize) {
        if self.state(m).credential == Credential::Active {
            self.member(m).credential = Credential::Suspended;
            self.operate(m, Actor::System, Operation::SuspendCredential);
        }
    }

    pub(super) fn revoke_sessions(&mut self, m: usize) {
        let now = self.now;
        self.member(m).revoked_at.get_or_insert(now);
        self.operate(m, Actor::System, Operation::RevokeSessions);
    }

    /// Puts the first campaign mail into the send queue.
    pub(super) fn queue_campaign_mail(&mut self, m: usize) {
        if self.record(m).email {
            let at = self.now + self.state(m).queue;
            self.member(m).first_mail = at;
            if at >= self.world.horizon {
                self.member(m).used.late_mails = 1 + self.plan.controls.reminders_days.len() as u32;
            }
            self.set(m, Clock::Campaign, at);
        }
    }

    /// Issues a link or code that is good for `lifetime`; its number.
    pub(super) fn issue(&mut self, m: usize, lifetime: Span) -> u32 {
        let token = next(&mut self.member(m).used.tokens);
        let expires = self.now + lifetime;
        self.operate(m, Actor::System, Operation::IssueToken { token, expires });
        next(&mut self.member(m).used.emails);
        token
    }

    /// The next campaign mail leaves: it reaches a mailbox that is alive, filtered, dead, or somebody else's.
    pub(super) fn send_campaign_mail(&mut self, m: usize) {
        let member = self.state(m);
        if member.stage != Stage::Open || !member.treatment.traits().mailed {
            return;
        }
        let lifetime = Span::from_hours(self.plan.controls.link_lifetime_h.get());
        let now = self.now;
        let number = next(&mut self.member(m).used.mails);
        let token = self.issue(m, lifetime);
        let link = MailedLink { token, expires: now + lifetime, spent: false, sticks: false };
        self.tell(m, Fact::MailSent(number + 1));
        if number == 0 {
            self.bait(m);
        }
        self.member(m).funnel.notified = true;

        match self.mailbox_of(m) {
            ContactPoint::None => {}
            ContactPoint::Dead => {
                self.member(m).funnel.bounced = true;
                self.tell(m, Fact::Bounced);
                return; // A hard bounce ends the reminders.
            }
            ContactPoint::Recycled | ContactPoint::Mistyped => {
                self.member(m).funnel.delivered = true;
                self.offer_to_others(m, link, true);
            }
            ContactPoint::Alive => self.deliver(m, number, link),
        }
        let reminders = &self.plan.controls.reminders_days;
        if let Some(day) = reminders.get(number as usize) {
            let at = self.state(m).first_mail + Span::from_hours(day.get() * 24.0);
            if at >= self.world.horizon {
                self.member(m).used.late_mails = reminders.len() as u32 - number;
            }
            self.set(m, Clock::Campaign, at.max(now + Span(1)));
        }
    }

    /// The mail reaches the owner's own mailbox, perhaps among other readers.
    fn deliver(&mut self, m: usize, number: u32, mut link: MailedLink) {
        let mail = &self.world.behaviour.mail;
        let mut luck = self.luck(m, Purpose::Mail, number);
        self.member(m).funnel.delivered = true;
        let lost =
            luck.chance(mail.soft_bounce_share.get() + 1.0 - mail.inbox_share.get() * self.state(m).inbox_factor);
        let acts = luck.chance(mail.acts_share.get());
        let reads = luck.chance(mail.opens_only_share.get());
        link.sticks = luck.chance(self.world.behaviour.recovery.stuck_share.get());
        if lost {
            self.tell(m, Fact::MailUnseen);
            return;
        }
        self.offer_to_others(m, link, true);
        self.scan(m, &mut link);
        let segment = &self.world.segments[usize::from(self.record(m).segment)];
        let lift = if self.plan.controls.announced {
            mail.announced_factor.get()
        } else {
            1.0
        };
        if self.state(m).end.is_some() || self.truth(m).behind != Behind::Customer {
            self.tell(m, Fact::MailUnopened);
            return;
        }
        if self.takes_for_phishing(m) {
            self.suspect(m, number, link);
            return;
        }
        let owner_listens = !self.state(m).is_busy();
        let responds = owner_listens && self.unit.accounts[m].history().responds < segment.responds_share * lift;
        if responds && acts {
            let z: f64 = StandardNormal.sample(&mut luck);
            let at = self.now + mail.click.at(z);
            // An earlier mail that is acted on sooner stays the one that counts.
            if at < self.state(m).clock(Clock::Reaction) {
                self.set(m, Clock::Reaction, at);
                self.member(m).campaign_link = link;
            }
        } else if reads {
            self.member(m).funnel.opened = true;
            self.tell(m, Fact::MailRead);
        } else {
            self.tell(m, Fact::MailUnopened);
        }
    }

    /// A scanner at the mailbox opens the link before its reader does. That uses it up, unless it takes a press on the page.
    pub(super) fn scan(&mut self, m: usize, link: &mut MailedLink) {
        if self.plan.controls.confirm_page {
            return;
        }
        let share = self.world.behaviour.mail.scanned_share.get();
        if self.luck(m, Purpose::Mail, SCANNER).chance(share) {
            self.operate(m, Actor::System, Operation::Redeem { token: link.token });
            self.tell(m, Fact::LinkScanned);
            link.spent = true;
            // Nobody else who reads there can use it either.
            let offered = &mut self.member(m).stranger_link.0;
            offered.spent |= offered.token == link.token;
        }
    }

    /// Whether the owner takes the campaign for phishing, whatever it says.
    fn takes_for_phishing(&self, m: usize) -> bool {
        let mail = &self.world.behaviour.mail;
        let calmed = if self.plan.controls.announced {
            mail.announced_suspicion_factor.get()
        } else {
            1.0
        };
        !self.state(m).reassured && self.luck(m, Purpose::Mail, SUSPICION).chance(mail.suspected_share.get() * calmed)
    }

    /// The owner takes the mail for phishing; some ask the desk about the first one.
    fn suspect(&mut self, m: usize, number: u32, link: MailedLink) {
        self.tell(m, Fact::Suspects);
        let mut luck = self.luck(m, Purpose::Mail, SUSPICION | 1);
        let asks = luck.chance(self.world.behaviour.mail.suspicion_contacts_share.get());
        if number == 0 && asks && !self.state(m).is_busy() {
            self.call_soon(m, Reason::Access, luck);
            let member = self.member(m);
            member.only_asks = true;
            member.campaign_link = link;
        }
    }

    /// The desk says that the campaign is genuine. Who would have acted on the mail does so now.
    pub(super) fn be_reassured(&mut self, m: usize) {
        self.member(m).reassured = true;
        self.tell(m, Fact::Reassured);
        let segment = &self.world.segments[usize::from(self.record(m).segment)];
        let responds = self.unit.accounts[m].history().responds < segment.responds_share;
        if responds && self.state(m).stage == Stage::Open {
            self.after(m, Clock::Reaction, Span::from_minutes(5.0));
        }
    }

    /// The owner clicks the link in a campaign mail.
    pub(super) fn react_to_mail(&mut self, m: usize) {
        let member = self.state(m);
        if member.stage != Stage::Open || member.end.is_some() || member.is_busy() {
            return;
        }
        let link = member.campaign_link;
        let member = self.member(m);
        member.seen = true;
        member.funnel.opened = true;
        member.funnel.clicked = true;
        self.tell(m, Fact::Clicked);
        if self.redeem(m, Actor::Owner, link) {
            self.finish_on_page(m, link);
            return;
        }
        let occurrence = AFTERWARDS | self.state(m).used.mails;
        let mut luck = self.luck(m, Purpose::Mail, occurrence);
        let asks_again = luck.chance(self.world.behaviour.recovery.asks_again_share.get());
        if !self.frustrate(m, self.world.behaviour.frustration.expired_points.get()) && asks_again {
            self.ask_for_link(m, 1);
        }
    }

    /// Somebody uses a mailed or asked-for link; false if it has expired or was used before.
    pub(crate) fn redeem(&mut self, m: usize, actor: Actor, link: MailedLink) -> bool {
        let operation = Operation::Redeem { token: link.token };
        if link.spent {
            self.operate_refused(m, actor, operation, Refusal::Redeemed);
            if actor == Actor::Owner {
                self.tell(m, Fact::LinkSpent);
            }
            return false;
        }
        if self.now > link.expires {
            self.operate_refused(m, actor, operation, Refusal::Expired);
            if actor == Actor::Owner {
                self.tell(m, Fact::LinkExpired);
                let open = self.state(m).stage == Stage::Open;
                self.member(m).funnel.expired |= open;
            }
            return false;
        }
        self.operate(m, actor, operation);
        let member = self.member(m);
        for known in [&mut member.campaign_link, &mut member.stranger_link.0] {
            known.spent |= known.token == link.token;
        }
        // Somebody else has been quicker with a link that the owner is waiting for.
        if let Step::UseLink { link: waiting, .. } = &mut member.step {
            waiting.spent |= waiting.token == link.token;
        }
        true
    }

    /// The link was good; what remains is the page behind it.
    pub(super) fn finish_on_page(&mut self, m: usize, link: MailedLink) {
        if link.sticks {
            self.tell(m, Fact::Stuck);
            if !self.frustrate(m, self.world.behaviour.frustration.failure_points.get()) {
                self.choose(m);
            }
            return;
        }
        if self.state(m).stage == Stage::Open {
            let funnel = &mut self.member(m).funnel;
            funnel.completed = funnel.clicked;
            funnel.completed_on_request = !funnel.clicked;
        }
        self.recovered(m, Evidence::Token(link.token), Actor::Owner);
    }
}
