//! Strategies: names, days, cut-offs, controls, and policies whose rules can match.

use std::collections::BTreeSet;

use super::Checks;
use crate::scenario::Scenario;
use crate::scenario_file::path::Path;
use crate::strategy::controls::Sessions;
use crate::strategy::gate::Gate;
use crate::strategy::policy::{Rule, When};
use crate::strategy::rollout::{Rollout, Waves};
use crate::strategy::treatment::Treatment;
use crate::strategy::{STAY, Strategy};
use crate::text::one_of;
use crate::values::Between;

impl Checks<'_> {
    pub(super) fn strategies(&mut self, scenario: &Scenario) {
        let root = Path::keys("strategies");
        let mut names = BTreeSet::new();
        for (place, strategy) in scenario.strategies.iter().enumerate() {
            let path = root.index(place);
            let name = strategy.name.trim();
            if name.is_empty() {
                // Said of every name.
            } else if name == STAY {
                self.say(
                    &path.key("name"),
                    format!("\"{STAY}\" is the control arm that every run has: choose another name"),
                );
            } else if !names.insert(name) {
                let message = format!("there are two strategies named \"{name}\": give one of them another `name`");
                // A strategy that has its name from its preset is pointed at as a whole.
                let own = self.source.is_stated(&path.key("name"));
                self.say(&if own { path.key("name") } else { path.clone() }, message);
            }
            self.strategy(scenario, &path, strategy);
        }
        let arms = || std::iter::once(STAY).chain(scenario.strategies.iter().map(|strategy| strategy.name.as_str()));
        if let Some(baseline) = scenario.baseline.as_deref().filter(|&baseline| arms().all(|name| name != baseline)) {
            let message = format!("there is no strategy \"{baseline}\": {}", one_of(arms().map(str::to_owned)));
            self.say(&Path::keys("baseline"), message);
        }
        if scenario.strategies.len() > 15 {
            let message = format!("{} strategies: at most 15 can be compared in one run", scenario.strategies.len());
            self.say(&root, message);
        }
    }

    fn strategy(&mut self, scenario: &Scenario, path: &Path, strategy: &Strategy) {
        let horizon = scenario.horizon_days.get() as f64;
        let rollout = path.key("rollout");
        let (at, last_day) = match &strategy.rollout {
            Rollout::BigBang(plan) => (rollout.key("big_bang").key("day"), plan.day.get()),
            Rollout::OnSignIn(plan) => (rollout.key("on_sign_in").key("day"), plan.day.get()),
            Rollout::Waves(plan) => {
                let at = rollout.key("waves");
                (at.clone(), self.waves(&at, plan))
            }
            Rollout::Adaptive(plan) => {
                let at = rollout.key("adaptive");
                self.gates(&at.key("gates"), &plan.gates);
                (at.key("waves"), self.waves(&at.key("waves"), &plan.waves))
            }
        };
        if last_day >= horizon {
            let message = format!("the rollout reaches day {last_day}, but the horizon is {horizon} days");
            self.say(&at, message);
        }
        if let Some(cut_off) = &strategy.cut_off {
            let at = path.key("cut_off").key("day");
            let day = cut_off.day.get();
            if day <= last_day {
                let message =
                    format!("the legacy platform would stop on day {day}, before the rollout is done (day {last_day})");
                self.say(&at, message);
            }
            if !cut_off.tail.traits().may_be_tail {
                let allowed = Treatment::ALL.into_iter().filter(|treatment| treatment.traits().may_be_tail);
                let message = format!(
                    "after the cut-off the legacy platform no longer answers, and a treatment must not need it: {}",
                    one_of(allowed.map(|treatment| treatment.key().to_owned()))
                );
                self.say(&path.key("cut_off").key("tail"), message);
            }
            let goes_on = strategy.policy.iter().position(|rule| rule.treat.traits().keeps_credential);
            if let Some(place) = goes_on {
                let message = "federated accounts are verified by the legacy platform for good, and it would stop: leave \
                               `cut_off` out, or put its day beyond the horizon, or give them another treatment";
                if day < horizon {
                    self.say(&path.key("policy").index(place).key("treat"), message);
                }
            }
        }
        if strategy.controls.retire_credential && strategy.controls.sessions == Sessions::Leave {
            let message = "a legacy credential is retired only after link and revocation: with sessions = \"leave\" nothing \
                           is ever revoked; set it to \"revoke_on_link\", or retire_credential to false";
            self.say(&path.key("controls").key("retire_credential"), message);
        }
        if !strategy.controls.reminders_days.is_sorted_by(|a, b| a < b) {
            let message = "each reminder must come later than the one before: write the days in ascending order";
            self.say(&path.key("controls").key("reminders_days"), message);
        }
        self.policy(scenario, &path.key("policy"), &strategy.policy);
    }

    /// The day of the last wave.
    fn waves(&mut self, at: &Path, plan: &Waves) -> f64 {
        if plan.canary_share.get() > 0.0 && plan.day.get() < plan.gap_days.get() {
            let message = "a canary goes one gap ahead of the first wave, which would be before the start: let `day` be \
                           at least `gap_days`";
            self.say(at, message);
        }
        plan.day.get() + (plan.count.get() - 1) as f64 * plan.gap_days.get()
    }

    fn gates(&mut self, path: &Path, gates: &[Gate]) {
        if gates.is_empty() {
            self.say(path, "a rollout that reacts needs at least one gate; without gates write `waves`");
        }
        for (place, gate) in gates.iter().enumerate() {
            let at = path.index(place);
            if gate.signal.is_share() && gate.above.get() >= 1.0 {
                let message = format!("{} is a share: above {} it can never be", gate.signal.key(), gate.above.get());
                self.say(&at.key("above"), message);
            }
            if gate.calm_below.is_some_and(|calm| calm.get() > gate.above.get()) {
                self.say(
                    &at.key("calm_below"),
                    "`calm_below` lies above `above`: the gate would fire and be calm at once",
                );
            }
            if gate.slower_factor.get() < 1.0 {
                self.say(&at.key("slower_factor"), "expected 1 or more: mails cannot leave faster than planned");
            }
        }
    }

    fn policy(&mut self, scenario: &Scenario, path: &Path, policy: &[Rule]) {
        let Some(last) = policy.last() else {
            self.say(path, "a policy needs at least one rule");
            return;
        };
        if last.when != When::default() {
            let at = path.index(policy.len() - 1);
            self.say(&at, "the last rule must have no `when`, so that every account is given something");
        }
        for (place, rule) in policy.iter().enumerate() {
            let at = path.index(place);
            if place + 1 < policy.len() && rule.when == When::default() {
                self.say(&at, "a rule without `when` matches everything: no rule after it can ever match");
            }
            for name in &rule.when.segment {
                if !scenario.segments().iter().any(|segment| segment.name == *name) {
                    let known = scenario.segments().iter().map(|segment| segment.name.clone());
                    let message = format!("there is no segment \"{name}\": {}", one_of(known));
                    self.say(&at.key("when").key("segment"), message);
                }
            }
            for (key, range) in ranges(&rule.when) {
                if range.is_empty() {
                    self.say(&at.key("when").key(key), "`min` lies above `max`: no account can match");
                }
            }
        }
    }
}

fn ranges(when: &When) -> impl Iterator<Item = (&'static str, Between)> {
    [
        ("last_seen_days", when.last_seen_days),
        ("verified_days", when.verified_days),
        ("age_days", when.age_days),
        ("risk", when.risk),
        ("match_confidence", when.match_confidence),
    ]
    .into_iter()
    .filter_map(|(key, range)| range.map(|range| (key, range)))
}
