//! Detection: a takeover begins, and monitoring, the owner or somebody else may notice. Monitoring also errs.

use crate::calendar::SimTime;
use crate::journey::campaign::AFTERWARDS;
use crate::journey::listener::{Fact, Listener};
use crate::journey::member::{Clock, Control, News, Stage, next};
use crate::journey::walk::Walk;
use crate::journey::world::{self, YEAR_MS};
use crate::random::{Draw, Purpose};
use crate::terms::record::{Behind, Foothold};
use crate::terms::{Means, Reason, Vector};

impl<L: Listener> Walk<'_, L> {
    /// An attacker holds the account from now on.
    pub(crate) fn take_over(&mut self, m: usize, vector: Vector) {
        let mut luck = self.luck(m, Purpose::Detection, self.state(m).used.attacks);
        let mut unknown = self.luck(m, Purpose::Intruder, self.state(m).used.attacks);
        let now = self.now;
        let gained = match vector.means() {
            Means::OldPassword | Means::Inside => Foothold::PASSWORD,
            Means::Session => Foothold::SESSION,
            Means::Link | Means::Desk => Foothold::CREDENTIAL,
        };
        let loud = unknown.chance(self.world.threat.loud_share.get());
        let member = self.member(m);
        member.control = Control::Attacker(vector);
        member.held_since = now;
        member.told = false;
        member.foothold = member.foothold.or(gained);
        member.password_known |= gained.has(Foothold::PASSWORD);
        if loud {
            member.foothold = member.foothold.or(Foothold::CREDENTIAL);
        }
        self.watch_for(m, &mut luck);
        let told = now.0 as f64 + unknown.exponential() * YEAR_MS / self.world.threat.told_per_year.get();
        self.set(m, Clock::Told, SimTime(told as i64));
    }

    /// Fraud monitoring looks at the account from now on: it finds an intruder sooner or later, or never.
    pub(crate) fn watch_for(&mut self, m: usize, luck: &mut Draw) {
        self.search(m, self.monitoring(m), luck);
    }

    /// The monitoring of a strategy begins to look at an account when the rollout reaches it, also for whoever is inside. What
    /// the monitoring of the legacy platform has missed, only a better one finds.
    pub(crate) fn look_for_resident(&mut self, m: usize) {
        let member = self.state(m);
        let known = member.told || member.is_running(Clock::Detection);
        if known || !matches!(member.control, Control::Attacker(_)) {
            return;
        }
        let (share, mean_h) = world::monitoring(&self.plan.controls);
        let found_before = self.world.legacy_monitoring.0;
        if share > found_before {
            let mut luck = self.luck(m, Purpose::Detection, AFTERWARDS);
            self.search(m, ((share - found_before) / (1.0 - found_before), mean_h), &mut luck);
        }
    }

    fn search(&mut self, m: usize, (share, mean_h): (f64, f64), luck: &mut Draw) {
        if luck.chance(share) {
            let delay_ms = luck.exponential() * mean_h * 3.6e6;
            self.set(m, Clock::Detection, SimTime(self.now.0.saturating_add(delay_ms as i64)));
        }
    }

    /// Share of takeovers that is detected now, and mean hours until then.
    fn monitoring(&self, m: usize) -> (f64, f64) {
        match self.state(m).stage {
            Stage::Legacy => self.world.legacy_monitoring,
            _ => world::monitoring(&self.plan.controls),
        }
    }

    /// Nobody looks for an intruder any more.
    pub(crate) fn stop_search(&mut self, m: usize) {
        self.stop(m, Clock::Detection);
        self.stop(m, Clock::Told);
    }

    /// Fraud monitoring notices: the intruder is put out and the account locked until its owner recovers it. The owner
    /// learns of it at the next sign-in.
    pub(crate) fn takeover_is_noticed(&mut self, m: usize) {
        if !matches!(self.state(m).control, Control::Attacker(_)) {
            return;
        }
        let told = self.state(m).told;
        self.put_out(m, self.now, true);
        let member = self.member(m);
        member.locked = true;
        if !told {
            member.news = News::Intruder;
        }
        member.password_changed = true;
        member.variant_known = false;
        member.changed_at_legacy = true;
        if self.state(m).stage != Stage::Legacy && self.state(m).revoked_at.is_none() {
            self.revoke_sessions(m);
        }
    }

    /// Somebody tells the owner of an intruder; or whoever is at the other end of a wrong link sees whose account it is.
    pub(crate) fn somebody_tells(&mut self, m: usize) {
        match self.state(m).control {
            Control::Owner => {}
            Control::Other => self.wrong_link_is_reported(m),
            Control::Attacker(_) => {
                let member = self.state(m);
                if member.told || member.end.is_some() || self.truth(m).behind != Behind::Customer {
                    return;
                }
                self.learn_of_intruder(m, false);
            }
        }
    }

    /// The owner learns of an intruder, and contacts the desk if that does not make them leave.
    pub(crate) fn learn_of_intruder(&mut self, m: usize, by_themselves: bool) {
        self.member(m).told = true;
        self.tell(m, Fact::LearnsOfIntruder(by_themselves));
        if !self.frustrate(m, self.world.behaviour.frustration.takeover_points.get()) && !self.state(m).is_busy() {
            let luck = self.luck(m, Purpose::Redial, AFTERWARDS | self.state(m).used.contacts);
            self.call_soon(m, Reason::Takeover, luck);
        }
    }

    /// Fraud monitoring takes the owner for an intruder. Candidates come as if it detected every takeover.
    pub(crate) fn raise_false_alarm(&mut self, m: usize) {
        let number = next(&mut self.member(m).used.candidates) + 1;
        let mut luck = self.luck(m, Purpose::Alarm, number);
        let gap_ms = luck.exponential() * YEAR_MS / self.world.threat.false_alarms_per_year.get();
        self.set(m, Clock::Alarm, SimTime(self.now.0.saturating_add(gap_ms as i64)));
        let raised = luck.chance(self.monitoring(m).0);
        let fails = luck.chance(self.world.threat.alarm_fails_share.get());
        let member = self.state(m);
        let in_use = matches!(member.stage, Stage::Legacy | Stage::Linked)
            && member.control == Control::Owner
            && member.end.is_none()
            && !(member.turned_away || member.locked || member.disabled || member.is_busy());
        // Who never signs in raises no alarm.
        if !(raised && in_use && self.appears(m)) {
            return;
        }
        next(&mut self.member(m).used.alarms);
        self.tell(m, Fact::FalseAlarm(!fails));
        if fails {
            self.member(m).locked = true;
            self.be_shut_out(m);
            if !self.frustrate(m, self.world.behaviour.frustration.failure_points.get()) {
                self.ask_for_link(m, 1);
            }
        }
    }
}
