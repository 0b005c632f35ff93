//! The study: combinations simulated, and what each part adds.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::found::{Contribution, Measured, OfKind, PartFound, Together, Why};
use super::parts::{Between, Grain, Kind, idle};
use super::plan::{Plan, combination, pair_sets, pairs};
use super::shapley::{self, Players, everybody};
use super::whole::apportioned;
use crate::error::{Error, Result};
use crate::measure::statistics::{Estimate, estimate};
use crate::probe::{Figures, Probe};
use crate::results::Metric;
use crate::scenario::Scenario;
use crate::sensitivity::lab::{Forgetful, Memory};
use crate::sensitivity::{FEWEST_ACCOUNTS, MOST_ACCOUNTS};
use crate::strategy::{STAY, Strategy};
use crate::text::one_of;
use crate::watch::Watch;

/// How a difference is taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Accounts of each combination; by the rule if left out.
    pub accounts: Option<u64>,
    /// Replications, from 1 to [`Settings::MOST_REPLICATIONS`]; the intervals come from their spread.
    pub replications: u32,
    /// How finely.
    pub grain: Grain,
}

impl Settings {
    /// Replications if nothing else is asked for.
    pub const REPLICATIONS: u32 = 5;
    /// Most replications.
    pub const MOST_REPLICATIONS: u32 = 200;
}

/// Replications in which the two strategies are looked at before it is known how many accounts are needed.
const PILOT: u32 = 4;
/// Half of the interval of the difference, as part of the difference, that accounts are chosen for.
const HALF_SHARE: f64 = 0.1;
/// Accounts times combinations times replications, at most, where the rule chooses them.
const MOST_WORK: u64 = 16_000_000;
/// Accounts are chosen in steps of so many.
const STEP: u64 = 2_000;
/// Combinations that are simulated at once, on one population.
const BATCH: usize = 8;
/// Replications in a report.
const IN_REPORT: u32 = 3;
/// Parts of which it is looked at what two of them do together, where not all combinations are simulated.
const PAIRED: usize = 4;

/// Who knows what was simulated before, and who may stop it.
type Around<'a> = (&'a dyn Memory, &'a dyn Watch);

/// Takes the difference between two strategies of a scenario apart: its own, built-in ones, or `stay`.
///
/// # Errors
///
/// If there is no such strategy, if one is not allowed in the scenario, if there is nobody to simulate, or if `watch` stops
/// it.
pub fn study(
    scenario: &Scenario,
    (a, b): (&str, &str),
    settings: Settings,
    memory: &dyn Memory,
    watch: &dyn Watch,
) -> Result<Why> {
    let scenario = &scenario.checked()?;
    let pair = asked(scenario, (a, b), settings)?;
    let replications = settings.replications;
    let plan = Plan::new(scenario, &pair.between, settings.grain, replications)?;
    let accounts = match settings.accounts {
        Some(accounts) => accounts,
        None => by_rule(scenario, &plan, replications, (memory, watch))?,
    };
    pair.study(scenario, &plan, accounts, replications, (memory, watch))
}

/// Whether a study can begin.
///
/// # Errors
///
/// As [`study`].
pub fn must_be_possible(scenario: &Scenario, (a, b): (&str, &str), settings: Settings) -> Result<()> {
    let scenario = &scenario.checked()?;
    let pair = asked(scenario, (a, b), settings)?;
    // One luck suffices to see whether both strategies are allowed.
    Plan::new(scenario, &pair.between, settings.grain, 1).map(drop)
}

/// The two strategies, if so much may be asked of them.
fn asked<'a>(scenario: &Scenario, (a, b): (&'a str, &'a str), settings: Settings) -> Result<Pair<'a>> {
    let replications = settings.replications;
    if !(1..=Settings::MOST_REPLICATIONS).contains(&replications) {
        let most = Settings::MOST_REPLICATIONS;
        return Err(Error::Input(format!("{replications} replications: expected 1 to {most}")));
    }
    if settings.accounts == Some(0) || scenario.population.accounts.get() == 0 {
        return Err(Error::Input(
            "0 accounts: expected at least 1, for strategies differ in what they do to customers".into(),
        ));
    }
    Pair::find(scenario, a, b)
}

/// The same for a report, by kind of part, where it takes no more than so many accounts times combinations times
/// replications; nothing where it would, or where so few accounts say nothing.
///
/// # Errors
///
/// As [`study`].
pub fn within(scenario: &Scenario, (a, b): (&str, &str), most_work: u64, watch: &dyn Watch) -> Result<Option<Why>> {
    let all = scenario.population.accounts.get();
    let pair = Pair::find(scenario, a, b)?;
    let plan = Plan::new(scenario, &pair.between, Grain::Coarse, IN_REPORT)?;
    let accounts = most_work / (plan.strategies.len() as u64 * u64::from(IN_REPORT));
    let is_too_large = scenario.population.directory.is_some() && all > accounts;
    if all < FEWEST_ACCOUNTS || accounts < FEWEST_ACCOUNTS || is_too_large {
        return Ok(None);
    }
    let accounts = accounts.min(MOST_ACCOUNTS);
    pair.study(scenario, &plan, accounts, IN_REPORT, (&Forgetful, watch)).map(Some)
}

/// Two arms, and two strategies whose difference is taken apart.
struct Pair<'a> {
    a: &'a str,
    b: &'a str,
    between: Between,
    /// Which of the two is the control, in which nothing is migrated: beside it stands a strategy that moves nobody.
    stay: [bool; 2],
}

impl<'a> Pair<'a> {
    fn find(scenario: &Scenario, a: &'a str, b: &'a str) -> Result<Self> {
        let found = [find(scenario, a)?, find(scenario, b)?];
        let stay = [found[0].is_none(), found[1].is_none()];
        let between = match found {
            [Some(a), Some(b)] => Between::new(a, b),
            [Some(a), None] => Between::new(a.clone(), idle(&a)),
            [None, Some(b)] => Between::new(idle(&b), b),
            [None, None] => {
                return Err(Error::Input(format!(
                    "{STAY} against {STAY}: the control has no strategy whose parts could be told; name a strategy beside it"
                )));
            }
        };
        Ok(Self { a, b, between, stay })
    }

    fn study(
        &self,
        scenario: &Scenario,
        plan: &Plan,
        accounts: u64,
        replications: u32,
        around: Around<'_>,
    ) -> Result<Why> {
        let probe = Probe::new(scenario, accounts, around.1)?;
        let mut table = Table::simulate(&probe, &plan.strategies, replications, around)?;
        let pairs = match plan.orders {
            None => pairs(plan.parts.len()).collect(),
            Some(_) => table.look_at_pairs(plan, &self.between, &probe, around)?,
        };
        let mut parts: Vec<PartFound> = plan
            .parts
            .iter()
            .map(|part| PartFound {
                kind: part.kind,
                name: part.name.clone(),
                a: part.first.clone(),
                b: part.second.clone(),
            })
            .collect();
        if self.stay != [false; 2] {
            let mut told = ["nothing is built".to_owned(), "built, and everybody stays".to_owned()];
            if self.stay[1] {
                told.reverse();
            }
            let [a, b] = told;
            parts.push(PartFound {
                kind: Kind::Migrating,
                name: Kind::Migrating.word().to_owned(),
                a,
                b,
            });
        }
        let measures = Metric::ALL.into_iter().map(|metric| self.measured(plan, &table, &pairs, metric)).collect();
        Ok(Why {
            schema_version: 1,
            scenario: scenario.name.clone(),
            scenario_hash: scenario.hash(),
            a: self.a.to_owned(),
            b: self.b.to_owned(),
            accounts: scenario.population.accounts.get().max(probe.accounts()),
            accounts_simulated: probe.accounts(),
            replications,
            combinations: table.combinations,
            orders: plan.orders.as_ref().and_then(|orders| orders.first().map(Vec::len)),
            joined: plan.joined.clone(),
            parts,
            measures,
        })
    }

    fn measured(&self, plan: &Plan, table: &Table, pairs: &[(usize, usize)], metric: Metric) -> Measured {
        let players = plan.parts.len();
        let all = everybody(players);
        let over = |of: &dyn Fn(usize) -> f64| estimate(&(0..table.lucks.len()).map(of).collect::<Vec<f64>>());
        let worth = |luck: usize, set: Players| table.lucks[luck].worth(plan, set, metric);
        let control = |luck: usize| table.lucks[luck].control.of(metric);
        let ends = |luck: usize| {
            let [a, b] = [worth(luck, 0), worth(luck, all)];
            match self.stay {
                [true, _] => [control(luck), b],
                [_, true] => [a, control(luck)],
                _ => [a, b],
            }
        };
        let values: Vec<Vec<f64>> = (0..table.lucks.len())
            .map(|luck| match &plan.orders {
                None => shapley::exact(players, &|set| worth(luck, set)),
                Some(orders) => shapley::along(players, &orders[luck], &|set| worth(luck, set)),
            })
            .collect();
        let mut parts: Vec<[Estimate; 3]> = (0..players)
            .map(|part| {
                let own = 1 << part;
                [
                    over(&|luck| values[luck][part]),
                    over(&|luck| worth(luck, own) - worth(luck, 0)),
                    over(&|luck| worth(luck, all) - worth(luck, all & !own)),
                ]
            })
            .collect();
        let mut kinds: Vec<OfKind> = Kind::ALL
            .into_iter()
            .filter(|kind| plan.parts.iter().any(|part| part.kind == *kind))
            .map(|kind| {
                let own = |part: &usize| plan.parts[*part].kind == kind;
                let adds = over(&|luck| (0..players).filter(own).map(|part| values[luck][part]).sum());
                OfKind { kind, adds }
            })
            .collect();
        // What it takes to migrate at all stands before or behind all else.
        match self.stay {
            [true, _] => parts.push([over(&|luck| worth(luck, 0) - control(luck)); 3]),
            [_, true] => parts.push([over(&|luck| control(luck) - worth(luck, all)); 3]),
            _ => {}
        }
        kinds.extend(parts.get(players).map(|[adds, ..]| OfKind { kind: Kind::Migrating, adds: *adds }));
        let difference = over(&|luck| ends(luck)[1] - ends(luck)[0]);
        let added: Vec<f64> = parts.iter().map(|[adds, ..]| adds.mean).collect();
        let whole = apportioned(&added, difference.mean);
        let together = pairs.iter().map(|&(one, other)| Together {
            parts: [one, other],
            adds: over(&|luck| match plan.orders {
                None => shapley::interaction(players, (one, other), &|set| worth(luck, set)),
                Some(_) => shapley::interaction_at_ends(players, (one, other), &|set| worth(luck, set)),
            }),
        });
        let strongest = together.max_by(|a, b| a.adds.mean.abs().total_cmp(&b.adds.mean.abs()));
        Measured {
            metric,
            a: over(&|luck| ends(luck)[0]),
            b: over(&|luck| ends(luck)[1]),
            difference,
            whole: whole.iter().sum(),
            parts: parts
                .into_iter()
                .zip(whole)
                .map(|([adds, alone, last], whole)| Contribution { adds, whole, alone, last })
                .collect(),
            kinds,
            together: strongest.filter(|together| together.adds.mean != 0.0),
        }
    }
}

/// The strategy of a name: one of the scenario, or a built-in one; the control has none.
fn find(scenario: &Scenario, name: &str) -> Result<Option<Strategy>> {
    if name == STAY {
        return Ok(None);
    }
    let own = scenario.strategies.iter().find(|strategy| strategy.name == name).cloned();
    own.or_else(|| Strategy::preset(name).ok()).map(Some).ok_or_else(|| {
        let known = scenario.arms().map(|arm| arm.map_or(STAY, |strategy| &strategy.name).to_owned());
        Error::Input(format!("there is no strategy \"{name}\" in this scenario: {}, or a built-in one", one_of(known)))
    })
}

/// What the strategies came to, by luck.
struct Table {
    lucks: Vec<Luck>,
    combinations: usize,
}

/// What the strategies came to in one replication.
struct Luck {
    control: Figures,
    strategies: Vec<Figures>,
    /// Combinations that were looked at afterwards.
    further: BTreeMap<Players, Figures>,
}

impl Luck {
    fn worth(&self, plan: &Plan, set: Players, metric: Metric) -> f64 {
        let later = self.further.get(&set);
        later.or(self.strategies.get(plan.place(set))).map_or(0.0, |figures| figures.of(metric))
    }
}

impl Table {
    fn simulate(
        probe: &Probe,
        strategies: &[Strategy],
        replications: u32,
        (memory, watch): Around<'_>,
    ) -> Result<Self> {
        let batches: Vec<&[Strategy]> = strategies.chunks(BATCH).collect();
        let orders: Vec<(u32, &[Strategy])> =
            (0..replications).flat_map(|luck| batches.iter().map(move |batch| (luck, *batch))).collect();
        watch.begin("combinations", orders.len() as u64);
        let done: Vec<Vec<Figures>> = orders
            .par_iter()
            .map(|(luck, batch)| {
                watch.look()?;
                let mut scenario = probe.scenario().clone();
                scenario.strategies = batch.to_vec();
                let found = figures(&probe.with(scenario), *luck, (memory, watch))?;
                watch.advance(1);
                Ok(found)
            })
            .collect::<Result<_>>()?;
        let lucks = done.chunks(batches.len()).map(|of_luck| Luck {
            control: of_luck[0][0],
            strategies: of_luck.iter().flat_map(|figures| figures[1..].iter().copied()).collect(),
            further: BTreeMap::new(),
        });
        Ok(Self { lucks: lucks.collect(), combinations: strategies.len() })
    }

    /// Simulates what it takes to say what two of the parts that add most do together; the pairs.
    fn look_at_pairs(
        &mut self,
        plan: &Plan,
        between: &Between,
        probe: &Probe,
        around: Around<'_>,
    ) -> Result<Vec<(usize, usize)>> {
        let players = plan.parts.len();
        let mut sums = vec![0.0; players];
        for (luck, orders) in self.lucks.iter().zip(plan.orders.iter().flatten()) {
            let values = shapley::along(players, orders, &|set| luck.worth(plan, set, Metric::Cost));
            sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        }
        let mut most: Vec<usize> = (0..players).collect();
        most.sort_by(|&a, &b| sums[b].abs().total_cmp(&sums[a].abs()).then(a.cmp(&b)));
        most.truncate(PAIRED);
        most.sort_unstable();
        let chosen: Vec<(usize, usize)> = pairs(most.len()).map(|(a, b)| (most[a], most[b])).collect();
        let sets: Vec<Players> = chosen.iter().flat_map(|&pair| pair_sets(players, pair)).collect();
        let strategies: Vec<Strategy> = sets
            .iter()
            .enumerate()
            .map(|(number, &set)| combination(between, &plan.parts, set).named(format!("pair {number}")))
            .collect();
        let further = Self::simulate(probe, &strategies, self.lucks.len() as u32, around)?;
        for (luck, further) in self.lucks.iter_mut().zip(further.lucks) {
            luck.further.extend(sets.iter().copied().zip(further.strategies));
        }
        self.combinations += strategies.len();
        Ok(chosen)
    }
}

/// What the arms of a probe come to in the replication of a number, unless it is known already.
fn figures(probe: &Probe, number: u32, (memory, watch): Around<'_>) -> Result<Vec<Figures>> {
    let name = format!("why {} {} {number}", probe.scenario().hash(), probe.times());
    let found = || Ok(Figures::flat(&probe.figures(&probe.run(number, watch)?)));
    Ok(Figures::shaped(&memory.remembered(name.as_bytes(), found)?))
}

/// How many accounts each combination has: so many that the interval of the difference reaches a tenth of it to either side,
/// from a look at the two strategies over few accounts, and within the work that the combinations may take.
///
/// The variance of a difference falls with the number of accounts (two-stage sampling: Cochran, Sampling Techniques, 1977,
/// chapter 10).
fn by_rule(scenario: &Scenario, plan: &Plan, replications: u32, around: Around<'_>) -> Result<u64> {
    let all = scenario.population.accounts.get();
    if all <= FEWEST_ACCOUNTS || scenario.population.directory.is_some() {
        return Ok(all);
    }
    let probe = Probe::new(scenario, FEWEST_ACCOUNTS, around.1)?;
    let ends = plan.strategies.get(..2).unwrap_or(&plan.strategies);
    let table = Table::simulate(&probe, ends, PILOT, around)?;
    let differences: Vec<f64> = table
        .lucks
        .iter()
        .map(|luck| {
            let cost = |place: usize| luck.strategies.get(place).map_or(0.0, |figures| figures.of(Metric::Cost));
            cost(1) - cost(0)
        })
        .collect();
    let work = plan.strategies.len() as u64 * u64::from(replications);
    Ok(wanted(&differences, replications, MOST_WORK / work.max(1)).min(all))
}

/// The rule itself, for differences that were seen over the fewest accounts.
fn wanted(differences: &[f64], replications: u32, most: u64) -> u64 {
    let seen = estimate(differences);
    let half = seen.ci95.map_or(0.0, |[low, high]| (high - low) / 2.0);
    let half = half * (differences.len() as f64 / f64::from(replications)).sqrt();
    let times = if half > 0.0 {
        (half / (HALF_SHARE * seen.mean).abs()).powi(2)
    } else {
        0.0
    };
    let most = most.clamp(FEWEST_ACCOUNTS, MOST_ACCOUNTS);
    let wanted = (FEWEST_ACCOUNTS as f64 * times).clamp(FEWEST_ACCOUNTS as f64, most as f64) as u64;
    (wanted.div_ceil(STEP) * STEP).min(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_follow_the_luck_of_the_difference_and_the_work() {
        let differences = |mean: f64, by: f64| [mean - by, mean + by, mean - by, mean + by];
        assert_eq!(wanted(&differences(100.0, 0.0), 5, u64::MAX), FEWEST_ACCOUNTS);
        assert_eq!(wanted(&differences(0.0, 1.0), 5, u64::MAX), MOST_ACCOUNTS);
        assert_eq!(wanted(&differences(0.0, 1.0), 5, 9_000), 9_000);
        assert_eq!(wanted(&differences(0.0, 1.0), 5, 10), FEWEST_ACCOUNTS);
        // t(0.975, 3) = 3.182446, s = 1.154701: half is 1.837 of 10 at 4,000 accounts in four replications, 1 is wanted.
        assert_eq!(wanted(&differences(10.0, 1.0), 4, u64::MAX), 14_000);
        assert_eq!(wanted(&differences(10.0, 1.0), 16, u64::MAX), 4_000);
    }
}
