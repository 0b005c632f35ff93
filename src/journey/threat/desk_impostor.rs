//! Social engineering of the desk: an impostor calls, waits like anybody else, and faces the identity check.

use crate::calendar::{SimTime, Span};
use crate::desk::Request;
use crate::desk::durations::sample_if;
use crate::journey::campaign::AFTERWARDS;
use crate::journey::listener::Listener;
use crate::journey::member::{Clock, Stage, next};
use crate::journey::walk::Walk;
use crate::random::Purpose;
use crate::terms::Channel;
use crate::terms::Reason;
use crate::terms::Vector;
use crate::terms::operation::{Actor, Operation, Resolution};

impl<L: Listener> Walk<'_, L> {
    /// An impostor may call: candidates come at the rate of a campaign, and fewer of them call without one.
    pub(crate) fn impostor_calls(&mut self, m: usize) {
        match self.world.opens(Channel::Phone, self.now) {
            None => return,
            Some(opens) if opens > self.now => {
                self.set(
                    m,
                    Clock::Impostor,
                    opens + Span::from_minutes(self.world.threat.desk_opening_delay_min.get()),
                );
                return;
            }
            Some(_) => {}
        }
        let number = next(&mut self.member(m).used.attacks);
        let mut luck = self.luck(m, Purpose::SocialEngineering, number);
        let gap = luck.exponential() / self.world.impostor_candidates_per_ms();
        self.set(m, Clock::Impostor, SimTime(self.now.0.saturating_add(gap as i64)));
        let factor = self.world.threat.campaign_factor.get();
        let intensity = if self.campaign_shows(m) { factor } else { 1.0 } / factor.max(1.0);
        if !luck.chance(intensity) {
            return;
        }
        let contacts = &self.world.contacts;
        let (channel, work, check) = if self.is_for_reviewers(m) {
            (Channel::Review, &contacts.review, Span::ZERO)
        } else {
            (Channel::Phone, &contacts.access, Span::from_seconds(self.check_takes_s()))
        };
        let handle = Span(work.sample(&mut luck).0 + check.0);
        let patience = contacts.patience[channel as usize].as_ref().map(|patience| patience.sample(&mut luck));
        let after = sample_if(contacts.after_work[channel as usize].as_ref(), &mut luck);
        let chance = if contacts.lucky { luck.word() } else { 0 };
        let ticket = next(&mut self.member(m).used.tickets);
        self.member(m).ticket.1 = ticket;
        let reason = Reason::Impostor;
        self.operate(m, Actor::Attacker, Operation::OpenTicket { ticket, reason });
        let request = Request {
            at: self.now,
            channel,
            reason,
            handle,
            after,
            patience,
            redial: false,
            luck: chance,
        };
        self.stop(m, Clock::Impostor);
        self.request(m, Clock::ImpostorAnswer, request);
        let rest = Span::from_hours(self.world.threat.desk_attempts_gap_h.get());
        self.set(m, Clock::Impostor, SimTime(self.now.0.saturating_add((gap as i64).saturating_add(rest.0))));
    }

    /// Whether customers have been told of a campaign so lately that it makes a pretext.
    fn campaign_shows(&self, m: usize) -> bool {
        let member = self.state(m);
        let visible = Span::from_hours(24.0 * self.world.threat.campaign_visible_days.get());
        let shows = |told: SimTime| told <= self.now && self.now - told < visible;
        let mailed = member.treatment.traits().mailed && shows(member.first_mail);
        mailed || (self.plan.controls.announced && member.begun_at.is_some_and(shows))
    }

    /// Whether the desk does not decide about the account: who asks for it is a case for the review team.
    fn is_for_reviewers(&self, m: usize) -> bool {
        let member = self.state(m);
        member.stage == Stage::Open && member.treatment.traits().reviewed
    }

    /// The desk has taken the impostor's call, or the impostor has hung up.
    pub(crate) fn impostor_hears_answer(&mut self, m: usize) {
        let served = self.state(m).answers[1].served;
        let ticket = self.state(m).ticket.1;
        let number = self.state(m).used.attacks;
        let errs = if self.is_for_reviewers(m) {
            self.review_false_accept(m)
        } else {
            self.check_false_accept()
        };
        let passes = self.luck(m, Purpose::SocialEngineering, AFTERWARDS | number).chance(errs);
        let resolution = match (served, passes) {
            (false, _) => Resolution::Abandoned,
            (true, true) => Resolution::Solved,
            (true, false) => Resolution::Refused,
        };
        self.operate(m, Actor::Agent, Operation::CloseTicket { ticket, resolution });
        self.attack(m, Vector::DeskImpostor, served && passes);
    }
}
