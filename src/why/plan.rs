//! Plan: which combinations of two strategies are simulated.
//!
//! With few parts all combinations are; with more of them those along orders that are drawn anew for each luck, so that the
//! interval over lucks covers the choice of orders as well. Parts that are not allowed without each other go over together,
//! which is told.

use std::collections::BTreeMap;

use super::found::Joined;
use super::parts::{Between, Grain, Kind, Part, essence};
use super::shapley::{MOST, Players, everybody, orders};
use crate::error::{Error, Result};
use crate::random::Seed;
use crate::scenario::Scenario;
use crate::strategy::Strategy;

/// Most parts of which all combinations are simulated.
pub const EXACT: usize = 8;
/// Most parts by rule: beyond, the policy counts as one.
const FINE: usize = 32;
/// Orders that are drawn for each luck.
const ORDERS: usize = 8;
/// Seed of the orders.
const SEED: u64 = 1;

/// What is simulated.
pub struct Plan {
    /// The players.
    pub parts: Vec<Part>,
    /// Parts that go over together, and why.
    pub joined: Vec<Joined>,
    /// By luck, the orders; none where all combinations are simulated.
    pub orders: Option<Vec<Vec<Vec<usize>>>>,
    /// The different strategies: the first strategy, the second, and those in between.
    pub strategies: Vec<Strategy>,
    /// The place there of each combination that is looked at.
    places: BTreeMap<Players, usize>,
}

impl Plan {
    /// Plans for two strategies and so many lucks.
    ///
    /// # Errors
    ///
    /// If one of the two is not allowed in the scenario.
    pub fn new(scenario: &Scenario, between: &Between, grain: Grain, lucks: u32) -> Result<Self> {
        let mut parts = between.parts(grain);
        if parts.len() > FINE.min(MOST) {
            let policy = between.parts(Grain::Coarse).into_iter().filter(|part| part.kind == Kind::Policy);
            parts.retain(|part| part.kind != Kind::Policy);
            parts.extend(policy);
        }
        let mut desk = Clerk::new(scenario);
        let ends = [between.combination(&[]), between.combination(&parts)];
        for (strategy, name) in ends.iter().zip(between.names()) {
            desk.allowed(strategy).map_err(|why| Error::Input(format!("{name}: {why}")))?;
        }
        let mut joined = Vec::new();
        loop {
            let orders = (parts.len() > EXACT).then(|| drawn(parts.len(), lucks));
            let wanted = wanted(parts.len(), orders.as_deref());
            // Some pairs are looked at afterwards.
            let later = orders.iter().flat_map(|_| pairs(parts.len())).flat_map(|pair| pair_sets(parts.len(), pair));
            let refused = wanted
                .iter()
                .copied()
                .chain(later)
                .find_map(|set| desk.allowed(&combination(between, &parts, set)).err().map(|why| (set, why)));
            if let Some((set, why)) = refused {
                let (one, other) = desk.conflict(between, &parts, set);
                let second = parts.remove(other);
                let first = parts.remove(one);
                joined.push(Joined { parts: [first.name.clone(), second.name.clone()], why });
                parts.insert(one, first.with(second));
                continue;
            }
            let (strategies, places) = different(between, &parts, &wanted);
            return Ok(Self { parts, joined, orders, strategies, places });
        }
    }

    /// Place of a combination among the strategies.
    pub fn place(&self, set: Players) -> usize {
        self.places.get(&set).copied().unwrap_or(0)
    }
}

fn drawn(players: usize, lucks: u32) -> Vec<Vec<Vec<usize>>> {
    (0..lucks).map(|luck| orders(players, ORDERS, Seed::new(SEED, luck))).collect()
}

/// The combinations that are looked at: nobody and everybody first.
fn wanted(players: usize, orders: Option<&[Vec<Vec<usize>>]>) -> Vec<Players> {
    let all = everybody(players);
    let mut wanted = vec![0, all];
    let Some(orders) = orders else {
        wanted.extend(1..all);
        return wanted;
    };
    // Each alone and each at last.
    for one in 0..players {
        wanted.extend([1 << one, all & !(1 << one)]);
    }
    for order in orders.iter().flatten() {
        let mut before = 0;
        for player in order {
            before |= 1 << player;
            wanted.push(before);
        }
    }
    wanted
}

/// The combinations that say what two parts do together at both ends, beside those of each alone.
pub fn pair_sets(players: usize, (one, other): (usize, usize)) -> [Players; 2] {
    let both = 1 << one | 1 << other;
    [both, everybody(players) & !both]
}

/// Every two of so many.
pub fn pairs(players: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..players).flat_map(move |one| (one + 1..players).map(move |other| (one, other)))
}

/// The first strategy with the parts of a set.
pub fn combination(between: &Between, parts: &[Part], set: Players) -> Strategy {
    between.combination(parts.iter().enumerate().filter(|(place, _)| set >> place & 1 == 1).map(|(_, part)| part))
}

/// The different strategies among combinations, and where each combination is found.
fn different(between: &Between, parts: &[Part], wanted: &[Players]) -> (Vec<Strategy>, BTreeMap<Players, usize>) {
    let mut strategies = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let mut places = BTreeMap::new();
    for &set in wanted {
        let strategy = combination(between, parts, set);
        let place = *known.entry(essence(&strategy)).or_insert_with(|| {
            let number = strategies.len();
            strategies.push(strategy.named(format!("combination {number}")));
            number
        });
        places.insert(set, place);
    }
    (strategies, places)
}

/// Says what is allowed, and asks of nothing twice.
struct Clerk {
    scenario: Scenario,
    known: BTreeMap<String, Option<String>>,
}

impl Clerk {
    fn new(scenario: &Scenario) -> Self {
        let mut scenario = scenario.clone();
        scenario.baseline = None;
        Self { scenario, known: BTreeMap::new() }
    }

    /// Whether a strategy is allowed in the scenario, and if not, why.
    fn allowed(&mut self, strategy: &Strategy) -> std::result::Result<(), String> {
        let essence = essence(strategy);
        let known = match self.known.get(&essence) {
            Some(known) => known.clone(),
            None => {
                self.scenario.strategies = vec![strategy.clone()];
                let told =
                    self.scenario.checked().err().map(|error| {
                        error.problems.into_iter().next().map_or_else(String::new, |problem| problem.message)
                    });
                self.known.insert(essence, told.clone());
                told
            }
        };
        known.map_or(Ok(()), Err)
    }

    /// Two parts that are not allowed without each other: one of a combination that is refused, and one beyond it.
    fn conflict(&mut self, between: &Between, parts: &[Part], set: Players) -> (usize, usize) {
        let players = parts.len();
        let holds = |place: &usize| set >> place & 1 == 1;
        let pairs = (0..players).filter(holds).flat_map(|one| {
            let beyond = (0..players).filter(|place| !holds(place));
            beyond.map(move |other| (one, other))
        });
        let pairs: Vec<(usize, usize)> = pairs.collect();
        let mut fine = |set: Players| self.allowed(&combination(between, parts, set)).is_ok();
        // Alone the first is refused, with the second it is not; or the second heals what is refused.
        let apart = pairs.iter().find(|(one, other)| !fine(1 << one) && fine(1 << one | 1 << other)).copied();
        let healed = apart.or_else(|| pairs.iter().find(|(_, other)| fine(set | 1 << other)).copied());
        let (one, other) = healed.or(pairs.first().copied()).unwrap_or((0, 1));
        (one.min(other), one.max(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenario() -> Scenario {
        Scenario::builder("plan").accounts(1_000).horizon_days(120).build().expect("a scenario")
    }

    fn between(a: &str, b: &str) -> Between {
        let preset = |name| Strategy::preset(name).expect("a preset");
        Between::new(preset(a), preset(b))
    }

    #[test]
    fn few_parts_are_combined_in_all_ways_and_what_is_the_same_is_simulated_once() {
        let plan = Plan::new(&scenario(), &between("lazy", "reset-only"), Grain::Fine, 3).expect("a plan");
        assert!(plan.orders.is_none() && plan.joined.is_empty());
        let players = plan.parts.len();
        assert!((3..=EXACT).contains(&players), "{:?}", plan.parts);
        assert_eq!(plan.places.len(), 1 << players);
        assert!(plan.strategies.len() <= 1 << players);
        assert_eq!((plan.place(0), plan.place(everybody(players))), (0, 1));
        let same = Plan::new(&scenario(), &between("lazy", "lazy"), Grain::Fine, 3).expect("a plan");
        assert_eq!((same.parts.len(), same.strategies.len()), (0, 1));
    }

    #[test]
    fn parts_that_are_not_allowed_without_each_other_go_over_together() {
        // Waves that reach beyond the day on which the platform of the other ends.
        let plan = Plan::new(&scenario(), &between("reset-only", "guided-reset"), Grain::Fine, 3).expect("a plan");
        assert_eq!(plan.joined.len(), 1, "{:?}", plan.joined);
        let joined = &plan.joined[0];
        assert_eq!(joined.parts, ["rollout", "day on which the legacy platform ends"]);
        assert!(joined.why.contains("before the rollout is done"), "{}", joined.why);
        assert_eq!(plan.parts[0].name, "rollout with day on which the legacy platform ends");
        // A federated account needs the platform for good.
        let plan = Plan::new(&scenario(), &between("lazy", "federate"), Grain::Coarse, 3).expect("a plan");
        assert!(!plan.joined.is_empty() && plan.joined[0].why.contains("federated"), "{:?}", plan.joined);
    }

    #[test]
    fn many_parts_are_taken_along_orders_that_differ_by_luck() {
        let plan = Plan::new(&scenario(), &between("lazy", "risk-based"), Grain::Fine, 2).expect("a plan");
        let orders = plan.orders.as_ref().expect("orders");
        assert!(plan.parts.len() > EXACT && plan.parts.len() <= FINE);
        assert_eq!((orders.len(), orders[0].len()), (2, ORDERS));
        assert_ne!(orders[0], orders[1]);
        let coarse = Plan::new(&scenario(), &between("lazy", "risk-based"), Grain::Coarse, 2).expect("a plan");
        assert!(coarse.orders.is_none() && coarse.parts.len() <= 4);
    }
}
