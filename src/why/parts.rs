//! Parts: what two strategies differ in, and the combinations that lie between them.

use serde::Serialize;

use super::align::{Step, align};
use super::controls::Group;
use super::words;
use crate::listed::listed;
use crate::strategy::policy::{Rule, Scorecard};
use crate::strategy::rollout::{Rollout, Waves};
use crate::strategy::treatment::Treatment;
use crate::strategy::{CutOff, Strategy};

listed! {
    /// What a part is about.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Kind {
        /// That anything is migrated at all.
        Migrating,
        /// When accounts are moved.
        Rollout,
        /// When the legacy platform ends, and what happens then.
        CutOff,
        /// Who gets what.
        Policy,
        /// Safeguards.
        Controls,
    }
}

impl Kind {
    /// Name for people.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Migrating => "migrating at all",
            Self::Rollout => "rollout",
            Self::CutOff => "end of the legacy platform",
            Self::Policy => "policy",
            Self::Controls => "controls",
        }
    }
}

/// How finely a difference is taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grain {
    /// By rule, by group of controls, by what makes up a rollout.
    Fine,
    /// By kind.
    Coarse,
}

/// The least that can be taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Atom {
    /// The whole rollout.
    Rollout,
    /// When waves come.
    Timing,
    /// Who comes first.
    Order,
    /// Who goes ahead.
    Canary,
    /// What it reacts to.
    Gates,
    /// The whole end of the legacy platform.
    CutOff,
    /// Its day.
    CutOffDay,
    /// What happens then.
    Tail,
    /// Steps of the two policies beside each other.
    Rules(Vec<usize>),
    /// Points of the risk score.
    Risk,
    /// A group of controls.
    Controls(Group),
}

/// What two strategies differ in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is about.
    pub kind: Kind,
    /// Name for people.
    pub name: String,
    /// What the first strategy has.
    pub first: String,
    /// What the second strategy has.
    pub second: String,
    atoms: Vec<Atom>,
}

impl Part {
    fn new(kind: Kind, name: impl Into<String>, [first, second]: [String; 2], atom: Atom) -> Self {
        Self { kind, name: name.into(), first, second, atoms: vec![atom] }
    }

    /// Two parts that go over together.
    #[must_use]
    pub fn with(mut self, other: Self) -> Self {
        let both = |one: String, other: String| format!("{one}; {other}");
        self.name = format!("{} with {}", self.name, other.name);
        self.first = both(self.first, other.first);
        self.second = both(self.second, other.second);
        self.atoms.extend(other.atoms);
        self
    }
}

/// Two strategies, their policies beside each other.
#[derive(Clone, Debug)]
pub struct Between {
    first: Strategy,
    second: Strategy,
    steps: Vec<Step>,
}

impl Between {
    /// Lays two strategies beside each other.
    pub fn new(first: Strategy, second: Strategy) -> Self {
        // The same steps from either side, so that the way back is the way turned round.
        let steps = if essence(&first) <= essence(&second) {
            align(&first.policy, &second.policy)
        } else {
            align(&second.policy, &first.policy).into_iter().map(Step::turned).collect()
        };
        Self { first, second, steps }
    }

    /// What they are called.
    pub fn names(&self) -> [&str; 2] {
        [&self.first, &self.second].map(|strategy| strategy.name.as_str())
    }

    /// What they differ in, in the order of a strategy's keys. What a strategy is called and said to do makes no difference.
    pub fn parts(&self, grain: Grain) -> Vec<Part> {
        // Every key is named: a new one does not compile until it is a part, or none.
        let Strategy {
            name: _,
            summary: _,
            rollout,
            cut_off,
            policy: _,
            controls,
            risk,
            refused: _,
        } = &self.first;
        let mut parts = self.of_rollout(rollout);
        parts.extend(self.of_cut_off(cut_off.as_ref()));
        parts.extend(self.of_policy());
        if *risk != self.second.risk {
            let told = words::keys_that_differ(risk, &self.second.risk);
            parts.push(Part::new(Kind::Policy, "points of the risk score", told, Atom::Risk));
        }
        parts.extend(Group::ALL.into_iter().filter(|group| group.differs(controls, &self.second.controls)).map(
            |group| {
                let told = words::keys_that_differ(controls, &group.taken(controls, &self.second.controls));
                Part::new(Kind::Controls, group.word(), told, Atom::Controls(group))
            },
        ));
        match grain {
            Grain::Fine => parts,
            Grain::Coarse => self.by_kind(&parts),
        }
    }

    /// One part for each kind.
    fn by_kind(&self, parts: &[Part]) -> Vec<Part> {
        let (first, second) = (&self.first, &self.second);
        let of = |kind: Kind| {
            let some: Vec<&Part> = parts.iter().filter(|part| part.kind == kind).collect();
            if let [only] = some.as_slice() {
                return Some((*only).clone());
            }
            let told = match kind {
                Kind::Migrating => return None,
                Kind::Rollout => [first, second].map(|of| words::rollout(&of.rollout)),
                Kind::CutOff => [first, second].map(|of| words::cut_off(of.cut_off.as_ref())),
                Kind::Policy => [first, second].map(|of| words::rules(&of.policy)),
                Kind::Controls => {
                    let side = |of: fn(&Part) -> &String| {
                        some.iter().map(|part| of(part).as_str()).collect::<Vec<_>>().join(", ")
                    };
                    [side(|part| &part.first), side(|part| &part.second)]
                }
            };
            let atoms: Vec<Atom> = some.iter().flat_map(|part| part.atoms.clone()).collect();
            (!atoms.is_empty()).then(|| Part {
                kind,
                name: kind.word().to_owned(),
                first: told[0].clone(),
                second: told[1].clone(),
                atoms,
            })
        };
        Kind::ALL.into_iter().filter_map(of).collect()
    }

    fn of_rollout(&self, first: &Rollout) -> Vec<Part> {
        let second = &self.second.rollout;
        let part = |name: &str, told: [String; 2], atom: Atom| Part::new(Kind::Rollout, name, told, atom);
        let (Some(a), Some(b)) = (first.waves(), second.waves()) else {
            let differ = first != second;
            let told = [first, second].map(words::rollout);
            return differ.then(|| part("rollout", told, Atom::Rollout)).into_iter().collect();
        };
        let mut parts = Vec::new();
        if timed(*a, b) != *a {
            parts.push(part("time of the waves", [a, b].map(words::timing), Atom::Timing));
        }
        if a.order != b.order {
            parts.push(part("order of the waves", [a.order, b.order].map(words::order), Atom::Order));
        }
        if a.canary_share != b.canary_share {
            parts.push(part("canary", [a, b].map(words::canary), Atom::Canary));
        }
        if first.with_waves(*a) != second.with_waves(*a) {
            parts.push(part("gates", [first, second].map(words::gates), Atom::Gates));
        }
        parts
    }

    fn of_cut_off(&self, first: Option<&CutOff>) -> Vec<Part> {
        let second = self.second.cut_off.as_ref();
        let part = |name: &str, told: [String; 2], atom: Atom| Part::new(Kind::CutOff, name, told, atom);
        let (Some(CutOff { day, tail }), Some(other)) = (first, second) else {
            let told = [first, second].map(words::cut_off);
            return (first != second).then(|| part(Kind::CutOff.word(), told, Atom::CutOff)).into_iter().collect();
        };
        let mut parts = Vec::new();
        if *day != other.day {
            let told = [day, &other.day].map(|day| format!("day {}", day.get()));
            parts.push(part("day on which the legacy platform ends", told, Atom::CutOffDay));
        }
        if *tail != other.tail {
            let told = [tail, &other.tail].map(|tail| tail.key().to_owned());
            parts.push(part("treatment at the end of the legacy platform", told, Atom::Tail));
        }
        parts
    }

    /// A part for each rule that differs. A rule that stands elsewhere in the other policy is one part.
    fn of_policy(&self) -> Vec<Part> {
        let (a, b) = (&self.first.policy, &self.second.policy);
        let none = || "no such rule".to_owned();
        let name = |rule: &Rule| format!("rule “{}”", rule.name);
        let part = |name: String, told: [String; 2], steps: Vec<usize>| {
            Part::new(Kind::Policy, name, told, Atom::Rules(steps))
        };
        let mut parts = Vec::new();
        let mut moved = Vec::new();
        for (place, step) in self.steps.iter().enumerate() {
            match *step {
                Step::Both(i, j) if a[i].when == b[j].when && a[i].treat == b[j].treat => {}
                Step::Both(i, j) if a[i].when == b[j].when => {
                    let told = [&a[i], &b[j]].map(|rule| rule.treat.key().to_owned());
                    parts.push(part(name(&a[i]), told, vec![place]));
                }
                Step::Both(i, j) => parts.push(part(name(&b[j]), [&a[i], &b[j]].map(words::rule), vec![place])),
                Step::First(i) => {
                    let elsewhere = self.steps.iter().enumerate().find_map(|(other, step)| match *step {
                        Step::Second(j) if a[i].when == b[j].when && !moved.contains(&other) => Some((other, j)),
                        _ => None,
                    });
                    let Some((other, j)) = elsewhere else {
                        parts.push(part(name(&a[i]), [words::rule(&a[i]), none()], vec![place]));
                        continue;
                    };
                    moved.push(other);
                    let told = [(i, &a[i]), (j, &b[j])];
                    let told = told.map(|(at, rule)| format!("{} as rule {}", words::rule(rule), at + 1));
                    parts.push(part(name(&a[i]), told, vec![place, other]));
                }
                Step::Second(_) => {}
            }
        }
        for (place, step) in self.steps.iter().enumerate() {
            if let Step::Second(j) = *step
                && !moved.contains(&place)
            {
                parts.push(part(name(&b[j]), [none(), words::rule(&b[j])], vec![place]));
            }
        }
        parts
    }

    /// The first strategy with these parts of the second.
    pub fn combination<'a>(&self, parts: impl IntoIterator<Item = &'a Part>) -> Strategy {
        let (a, b) = (&self.first, &self.second);
        let mut made = a.clone();
        let mut steps = Vec::new();
        let mut gates = &a.rollout;
        for atom in parts.into_iter().flat_map(|part| &part.atoms) {
            match atom {
                Atom::Rollout => made.rollout = b.rollout.clone(),
                Atom::Timing | Atom::Order | Atom::Canary => take_waves(&mut made.rollout, &b.rollout, atom),
                Atom::Gates => gates = &b.rollout,
                Atom::CutOff => made.cut_off = b.cut_off,
                Atom::CutOffDay => {
                    made.cut_off = made.cut_off.zip(b.cut_off).map(|(own, other)| CutOff { day: other.day, ..own });
                }
                Atom::Tail => {
                    made.cut_off = made.cut_off.zip(b.cut_off).map(|(own, other)| CutOff { tail: other.tail, ..own });
                }
                Atom::Rules(some) => steps.extend(some.iter().copied()),
                Atom::Risk => made.risk = b.risk.clone(),
                Atom::Controls(group) => made.controls = group.taken(&made.controls, &b.controls),
            }
        }
        if let Some(waves) = made.rollout.waves().filter(|_| a.rollout.waves().is_some() && b.rollout.waves().is_some())
        {
            made.rollout = gates.with_waves(*waves);
        }
        made.policy = self.policy(&steps);
        made
    }

    /// The first policy with these steps of the second.
    fn policy(&self, steps: &[usize]) -> Vec<Rule> {
        let (a, b) = (&self.first.policy, &self.second.policy);
        let rules = self.steps.iter().enumerate().filter_map(|(place, step)| match (*step, steps.contains(&place)) {
            (Step::Both(i, _) | Step::First(i), false) => Some(&a[i]),
            (Step::Both(_, j) | Step::Second(j), true) => Some(&b[j]),
            (Step::First(_), true) | (Step::Second(_), false) => None,
        });
        rules.cloned().collect()
    }
}

/// Waves at the times of others.
fn timed(of: Waves, from: &Waves) -> Waves {
    // Every key is named, as above; order and canary are parts of their own.
    let Waves { day, count, gap_days, order: _, canary_share: _, send_over_h } = *from;
    Waves { day, count, gap_days, send_over_h, ..of }
}

/// Takes over a part of the waves of another rollout.
fn take_waves(of: &mut Rollout, from: &Rollout, atom: &Atom) {
    let (Some(own), Some(other)) = (of.waves().copied(), from.waves()) else {
        return;
    };
    let waves = match atom {
        Atom::Timing => timed(own, other),
        Atom::Order => Waves { order: other.order, ..own },
        _ => Waves { canary_share: other.canary_share, ..own },
    };
    *of = of.with_waves(waves);
}

/// A strategy that is built and moves nobody: each of its rules lets the account stay where it is, for good. What it comes to
/// beside `stay` is what it takes to migrate at all.
pub fn idle(of: &Strategy) -> Strategy {
    let mut idle = of.clone();
    idle.cut_off = None;
    let stays = Treatment::ALL.into_iter().find(|treatment| treatment.traits().stays).unwrap_or_default();
    for rule in &mut idle.policy {
        rule.treat = stays;
    }
    idle
}

/// What decides what a strategy comes to: the same text, the same figures. Names do not count, and points of the risk score
/// only where a rule looks at it.
pub fn essence(of: &Strategy) -> String {
    let mut essence = of.clone();
    essence.name = String::new();
    essence.summary = String::new();
    essence.controls.set = crate::strategy::controls::ControlSet::default();
    if essence.policy.iter().all(|rule| rule.when.risk.is_none()) {
        essence.risk = Scorecard::default();
    }
    for rule in &mut essence.policy {
        rule.name = String::new();
    }
    serde_json::to_string(&essence).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::controls::Controls;
    use crate::strategy::rollout::Adaptive;

    fn preset(name: &str) -> Strategy {
        Strategy::preset(name).expect("a preset")
    }

    #[test]
    fn all_parts_make_the_other_strategy_and_none_the_same() {
        for a in Strategy::presets().map(preset) {
            for b in Strategy::presets().map(preset) {
                let b = b.under(Controls::strict());
                let between = Between::new(a.clone(), b.clone());
                for grain in [Grain::Fine, Grain::Coarse] {
                    let parts = between.parts(grain);
                    assert_eq!(essence(&between.combination(&parts)), essence(&b), "{} {}", a.name, b.name);
                    assert_eq!(between.combination(&[]), a);
                    // Each of them makes a difference that the others do not make.
                    for part in &parts {
                        let others = parts.iter().filter(|other| *other != part);
                        let made = between.combination(others);
                        assert!(made.policy != b.policy || made.controls != b.controls || made != b, "{}", part.name);
                    }
                }
            }
            assert!(Between::new(a.clone(), a.clone().named("twin")).parts(Grain::Fine).is_empty());
        }
    }

    #[test]
    fn waves_differ_in_time_order_canary_and_gates() {
        let a = preset("waved-reset");
        let mut b = a.clone();
        b.set("rollout.waves.count", 3).expect("allowed");
        b.set("rollout.waves.order", "active_first").expect("allowed");
        b.set("rollout.waves.canary_share", 0.0).expect("allowed");
        let waves = *b.rollout.waves().expect("waves");
        let gates = r#"{ "signal": "bounce_share", "above": 0.1, "response": "stop" }"#;
        let gate = serde_json::from_str(gates).expect("a gate");
        let adaptive = format!(r#"{{ "waves": {}, "gates": [] }}"#, serde_json::to_string(&waves).expect("JSON"));
        let mut adaptive: Adaptive = serde_json::from_str(&adaptive).expect("a rollout");
        adaptive.gates.push(gate);
        b.rollout = Rollout::Adaptive(adaptive);
        for (a, b) in [(&a, &b), (&b, &a)] {
            let between = Between::new(a.clone(), b.clone());
            let parts = between.parts(Grain::Fine);
            let names: Vec<&str> = parts.iter().map(|part| part.name.as_str()).collect();
            assert_eq!(names, ["time of the waves", "order of the waves", "canary", "gates"]);
            assert_eq!(essence(&between.combination(&parts)), essence(b));
            let made = between.combination([&parts[3], &parts[1]]);
            let waves = made.rollout.waves().expect("waves");
            assert_eq!(waves.order, b.rollout.waves().expect("waves").order);
            assert_eq!(waves.count, a.rollout.waves().expect("waves").count);
            assert_eq!(made.rollout.reacts().is_some(), b.rollout.reacts().is_some());
        }
    }

    #[test]
    fn a_rule_put_in_is_one_part_and_a_rule_moved_is_one_part() {
        let a = preset("guided-reset");
        let mut b = a.clone();
        let between = |a: &Strategy, b: &Strategy| {
            let parts = Between::new(a.clone(), b.clone()).parts(Grain::Fine);
            parts.into_iter().map(|part| (part.name, part.first, part.second)).collect::<Vec<_>>()
        };
        let new = a.policy[2].clone();
        b.policy.remove(2);
        let named = format!("rule “{}”", new.name);
        assert_eq!(between(&b, &a), [(named.clone(), "no such rule".to_owned(), "step_up if phone=true".to_owned())]);
        b.policy.insert(0, new);
        let (first, second) = ("step_up if phone=true as rule 3", "step_up if phone=true as rule 1");
        assert_eq!(between(&a, &b), [(named, first.to_owned(), second.to_owned())]);
    }
}
