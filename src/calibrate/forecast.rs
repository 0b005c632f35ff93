//! The forecast: what worlds come to under all strategies, before and after they were learnt from a pilot.

use super::check::band;
use super::found::{Advice, Band, Checked, Daily, Outlook, Rest, Standing};
use super::simulated::{DRAWN, WholeWorld};
use crate::probe::Figures;
use crate::results::Metric;
use crate::scenario::Scenario;
use crate::sensitivity::interval::Interval;
use crate::sensitivity::sure::{best_in, choices, options};
use crate::strategy::STAY;

/// A strategy is advised if it has the lowest bill in this part of the learnt worlds.
const MOST_WORLDS: f64 = 0.8;
/// Beyond this part of numbers that cannot be explained nothing is advised.
const UNEXPLAINED: f64 = 0.1;

/// Worlds before and after.
#[derive(Clone, Copy, Debug)]
pub struct Worlds<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Place of the arm of the pilot's strategy.
    pub arm: usize,
    /// Worlds that fit what was known.
    pub before: &'a [WholeWorld],
    /// Worlds that were learnt from the pilot.
    pub after: &'a [WholeWorld],
}

impl Worlds<'_> {
    /// How the strategies stand, before and after.
    pub fn standings(&self) -> [Standing; 2] {
        [self.before, self.after].map(|worlds| self.standing(worlds))
    }

    fn standing(&self, worlds: &[WholeWorld]) -> Standing {
        let figures: Vec<&[Figures]> = worlds.iter().map(|world| world.figures.as_slice()).collect();
        let bills: Vec<Vec<f64>> = figures.iter().map(|arms| Figures::bills(arms)).collect();
        let share = |holds: &dyn Fn(usize) -> bool| {
            Interval::share((0..worlds.len()).filter(|world| holds(*world)).count() as f64, worlds.len())
        };
        let limit = self.scenario.desk.target.abandoned_share.get();
        let strategies = 1..bills.first().map_or(1, Vec::len);
        Standing {
            best_in: best_in(&figures),
            choices: choices(&bills),
            cheapest_share: share(&|world| strategies.clone().all(|arm| bills[world][self.arm] <= bills[world][arm])),
            below_stay_share: share(&|world| bills[world][self.arm] < bills[world][0]),
            within_limit_share: share(&|world| worlds[world].given_up[self.arm] <= limit),
        }
    }

    /// Whether to go on.
    pub fn advice(&self, after: &Standing, observed: &[Checked]) -> Advice {
        let unexplained = observed.iter().filter(|checked| checked.unexplained).count();
        if unexplained as f64 > UNEXPLAINED * observed.len() as f64 {
            return Advice::NotExplained;
        }
        let arms = self.scenario.strategies.len() + 1;
        let shares = after.best_in.iter().find(|best| best.metric == Metric::Cost).map(|best| &best.shares);
        let most = shares.and_then(|shares| {
            let (place, share) = shares.iter().enumerate().max_by(|a, b| a.1.value.total_cmp(&b.1.value))?;
            (share.value >= MOST_WORLDS).then_some(options(arms).start + place)
        });
        match most {
            Some(arm) if arm == self.arm => Advice::GoOn,
            Some(arm) => Advice::Change(self.name(arm)),
            None => Advice::Undecided,
        }
    }

    /// The name of an arm.
    pub fn name(&self, arm: usize) -> String {
        self.scenario.arms().nth(arm).flatten().map_or(STAY, |strategy| &strategy.name).to_owned()
    }

    /// What is to come from a day on.
    pub fn rest(&self, from: usize) -> Vec<Rest> {
        let sums = |worlds: &[WholeWorld], place: usize| -> Band {
            let sum = |world: &WholeWorld| world.by_day[place][from.min(world.by_day[place].len())..].iter().sum();
            band(&mut worlds.iter().map(sum).collect::<Vec<f64>>())
        };
        DRAWN
            .into_iter()
            .enumerate()
            .map(|(place, measure)| Rest {
                measure,
                before: sums(self.before, place),
                after: sums(self.after, place),
            })
            .collect()
    }

    /// What each arm comes to.
    pub fn figures(&self) -> Vec<Outlook> {
        let of = |worlds: &[WholeWorld], arm: usize, metric: Metric| {
            band(&mut worlds.iter().map(|world| world.figures[arm].of(metric)).collect::<Vec<f64>>())
        };
        (0..=self.scenario.strategies.len())
            .map(|arm| Outlook {
                arm: self.name(arm),
                metrics: Metric::ALL
                    .into_iter()
                    .map(|metric| (metric, of(self.before, arm, metric), of(self.after, arm, metric)))
                    .collect(),
            })
            .collect()
    }

    /// The pilot's strategy by day: what has happened up to its end.
    pub fn by_day(&self) -> Vec<Daily> {
        let bands = |worlds: &[WholeWorld], place: usize| -> Vec<Band> {
            let summed: Vec<Vec<f64>> = worlds.iter().map(|world| summed(&world.by_day[place])).collect();
            let days = summed.first().map_or(0, Vec::len);
            (0..days)
                .map(|day| band(&mut summed.iter().map(|world| world[day]).collect::<Vec<f64>>()))
                .collect()
        };
        DRAWN
            .into_iter()
            .enumerate()
            .map(|(place, measure)| Daily {
                measure,
                before: bands(self.before, place),
                after: bands(self.after, place),
            })
            .collect()
    }
}

/// Sums up to each value.
fn summed(values: &[f64]) -> Vec<f64> {
    let sums = values.iter().scan(0.0, |sum, value| {
        *sum += value;
        Some(*sum)
    });
    sums.collect()
}
