//! Inference: worlds drawn from what is known, weighed by what was observed, and drawn again where the weight is.
//!
//! Worlds of the first round fill the prior. An emulator is fitted to them, its posterior is drawn, and the worlds of the
//! next round are simulated around it, somewhat wider. The emulator is then fitted anew where the posterior is. Whatever
//! the emulator does not explain is part of the likelihood (Kennedy and O'Hagan, JRSS B 63, 2001).

use super::emulator::{Emulator, Number, Trained};
use super::likelihood::Kind;
use super::posterior::{Evidence, Posterior};
use super::predict::{Predicted, Predicts};
use crate::error::Result;
use crate::uncertain::Points;

/// Seed of the points of the first round; those of later rounds follow.
const SEED: u32 = 11;
/// Seed of the posterior's points.
const SEED_POSTERIOR: u32 = 101;
/// Replications of one world by which luck is measured.
pub const LUCKS: u32 = 16;
/// Luck of those is numbered from here.
const LUCK_OF_LUCKS: u32 = 1 << 20;
/// How much wider the worlds of a round are than the posterior they are drawn from.
const WIDER: f64 = 1.5;

/// A number that was observed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Value {
    /// What it is.
    pub kind: Kind,
    /// The number.
    pub value: f64,
    /// Accounts it is among.
    pub of: f64,
    /// Numbers of the same group have the same overdispersion.
    pub group: usize,
}

/// How inference is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Worlds of a round.
    pub worlds: u32,
    /// Rounds.
    pub rounds: u32,
}

/// What was inferred.
#[derive(Clone, Debug)]
pub struct Inferred {
    /// The last emulator.
    pub emulator: Emulator,
    /// What it was fitted to say.
    pub numbers: Vec<Number>,
    /// Its posterior.
    pub posterior: Posterior,
    /// By point of the posterior: all scores, those that do not matter drawn from the prior.
    pub scores: Vec<Vec<f64>>,
    /// Worlds that were simulated, round by round; the first fill the prior.
    pub rounds: Vec<Vec<Trained>>,
}

impl Inferred {
    /// The scores of `n` worlds, drawn from the posterior.
    pub fn draw(&self, n: usize) -> Vec<Vec<f64>> {
        let points = Points::new(self.scores.first().map_or(0, Vec::len), SEED + 63);
        let places = self.posterior.resample(n);
        let drawn = places.iter().zip(0..).map(|(place, number)| {
            // Scores that do not matter are spread evenly over these worlds as well.
            let mut scores = points.normal(number);
            for &at in &self.emulator.active {
                scores[at] = self.scores[*place][at];
            }
            scores
        });
        drawn.collect()
    }
}

/// Infers which worlds explain what was observed.
///
/// # Errors
///
/// If a world cannot be simulated, or if somebody stops it.
pub fn infer(predicts: &dyn Predicts, values: &[Value], plan: Plan) -> Result<Inferred> {
    let scores = of_prior(predicts.dimensions(), plan.worlds, 0);
    let first = predicts.worlds(&plan.phase(0), &scores, 0)?;
    infer_from(predicts, values, plan, trained(scores, first))
}

/// The scores of the worlds of a round, as far as nothing is known of them.
pub fn of_prior(dimensions: usize, worlds: u32, round: u32) -> Vec<Vec<f64>> {
    let points = Points::new(dimensions, SEED + round);
    (0..worlds).map(|number| points.normal(number)).collect()
}

fn trained(scores: Vec<Vec<f64>>, predicted: Vec<Predicted>) -> Vec<Trained> {
    let worlds = scores.into_iter().zip(predicted);
    worlds.map(|(scores, predicted)| Trained { scores, predicted }).collect()
}

impl Plan {
    /// What a round is called while it goes on.
    pub fn phase(&self, round: u32) -> String {
        format!("worlds, round {} of {}", round + 1, self.rounds)
    }
}

/// The same from worlds of the first round that were simulated before, those of [`of_prior`].
///
/// # Errors
///
/// As [`infer`].
pub fn infer_from(predicts: &dyn Predicts, values: &[Value], plan: Plan, first: Vec<Trained>) -> Result<Inferred> {
    let dimensions = predicts.dimensions();
    let mut rounds = vec![first];
    let mut numbers = luck(predicts, values, &vec![0.0; dimensions], 0)?;
    let mut round = 0;
    loop {
        let all: Vec<Trained> = rounds.iter().flatten().cloned().collect();
        let local = if rounds.len() > 1 { plan.worlds as usize } else { 0 };
        let emulator = Emulator::fit(&all, local, &numbers);
        let observed: Vec<(f64, f64)> = values.iter().map(|value| (value.value, value.of)).collect();
        let posterior = Evidence::new(&emulator, &numbers, &observed).draw(SEED_POSTERIOR + round);
        round += 1;
        if round >= plan.rounds {
            let scores = completed(&emulator, &posterior, dimensions);
            return Ok(Inferred { emulator, numbers, posterior, scores, rounds });
        }
        let middle = mean(&posterior, emulator.active.len());
        if round == 1 {
            let mut scores = vec![0.0; dimensions];
            emulator.active.iter().zip(&middle).for_each(|(at, value)| scores[*at] = *value);
            numbers = luck(predicts, values, &scores, LUCKS)?;
        }
        let mut next = of_prior(dimensions, plan.worlds, round);
        for (scores, place) in next.iter_mut().zip(posterior.resample(plan.worlds as usize)) {
            for (at, &active) in emulator.active.iter().enumerate() {
                scores[active] = middle[at] + WIDER * (posterior.points[place][at] - middle[at]);
            }
        }
        let predicted = predicts.worlds(&plan.phase(round), &next, round * plan.worlds)?;
        rounds.push(trained(next, predicted));
    }
}

/// The mean of the scores that matter.
fn mean(posterior: &Posterior, active: usize) -> Vec<f64> {
    let weighted = posterior.points.iter().zip(&posterior.weights);
    (0..active).map(|at| weighted.clone().map(|(point, weight)| weight * point[at]).sum()).collect()
}

/// By point of the posterior: all scores.
fn completed(emulator: &Emulator, posterior: &Posterior, dimensions: usize) -> Vec<Vec<f64>> {
    let points = Points::new(dimensions, SEED + 64);
    let all = posterior.points.iter().zip(0..).map(|(point, number)| {
        let mut scores = points.normal(number);
        emulator.active.iter().zip(point).for_each(|(at, value)| scores[*at] = *value);
        scores
    });
    all.collect()
}

/// How luck spreads each number: measured over replications of one world, and pooled over the numbers of a group.
fn luck(predicts: &dyn Predicts, values: &[Value], scores: &[f64], luck: u32) -> Result<Vec<Number>> {
    let worlds: Vec<Vec<f64>> = (0..LUCKS).map(|_| scores.to_vec()).collect();
    let found = predicts.worlds("how much luck there is", &worlds, LUCK_OF_LUCKS + luck)?;
    let groups = values.iter().map(|value| value.group + 1).max().unwrap_or(0);
    let mut pooled = vec![(0.0, 0.0); groups];
    for (place, value) in values.iter().enumerate() {
        let n = found.len() as f64;
        let counts = || found.iter().map(|world| world.counts[place]);
        let mean = counts().sum::<f64>() / n;
        let of = found.iter().map(|world| world.accounts[place]).sum::<f64>() / n;
        let variance = counts().map(|count| (count - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0);
        // Where hardly anything happens nothing is measured.
        if mean > 0.5 {
            let chance = value.kind.slope(mean, of.max(1.0));
            pooled[value.group].0 += variance / chance;
            pooled[value.group].1 += 1.0;
        }
    }
    let overdispersion = |group: usize| {
        let (sum, n) = pooled[group];
        if n > 0.0 { (sum / n).max(1.0) } else { 1.0 }
    };
    Ok(values
        .iter()
        .map(|value| Number {
            kind: value.kind,
            overdispersion: overdispersion(value.group),
        })
        .collect())
}

/// What would be counted at the prior's worlds, for showing what was expected before: rate or share by world.
pub fn rates(worlds: &[Trained], place: usize) -> Vec<f64> {
    let rate = |Predicted { counts, accounts }: &Predicted| counts[place] / accounts[place].max(1.0);
    worlds.iter().map(|world| rate(&world.predicted)).collect()
}

#[cfg(test)]
mod tests {
    use rand_distr::{Distribution, Poisson};
    use rayon::prelude::*;

    use super::*;
    use crate::random::{Purpose, Seed};
    use crate::sensitivity::interval::quantile;

    const KEYS: usize = 30;
    const DATES: usize = 4;
    const STRONG: usize = 5;
    const TRIALS: u32 = 200;

    /// A simulator that is known exactly: three measures by date, moved by five keys much and by all others a little, with
    /// bends and a product that no emulator of curves has, and with luck beyond chance.
    struct Toy {
        accounts: f64,
    }

    impl Toy {
        fn predictor(z: &[f64], place: usize) -> f64 {
            let (measure, date) = (place / DATES, (place % DATES) as f64);
            let little: f64 = (STRONG..KEYS).map(|key| 0.02 * z[key] * f64::from(((key * 7 + place) % 3) as u8)).sum();
            little
                + match measure {
                    0 => -1.6 - 0.5 * date + 0.5 * z[0] - 0.2 * z[1] * date + 0.06 * z[0] * z[0],
                    1 => -4.2 - 0.1 * date + 0.4 * z[2] + 0.3 * z[0] + 0.08 * z[2] * z[3],
                    _ => -7.0 + 0.6 * z[3] + 0.25 * z[4],
                }
        }

        fn counts(&self, z: &[f64], number: u32, purpose: Purpose) -> Vec<f64> {
            let mut luck = Seed::new(17, number).draw(1, purpose, 0);
            // Days in which everybody calls a little more.
            let mut normal = || {
                let value: f64 = rand_distr::StandardNormal.sample(&mut luck);
                value
            };
            let days: Vec<f64> = (0..3 * DATES).map(|_| normal()).collect();
            (0..3 * DATES)
                .map(|place| {
                    let kind = Self::kind(place);
                    let shaken = if place / DATES == 1 {
                        1.5 / self.accounts.sqrt() * days[place]
                    } else {
                        0.0
                    };
                    let mean = self.accounts * kind.rate(Self::predictor(z, place) + shaken);
                    match kind {
                        Kind::Count => Poisson::new(mean).expect("a mean").sample(&mut luck),
                        Kind::Share => rand_distr::Binomial::new(self.accounts as u64, mean / self.accounts)
                            .expect("a share")
                            .sample(&mut luck) as f64,
                    }
                })
                .collect()
        }

        fn kind(place: usize) -> Kind {
            if place / DATES == 0 { Kind::Share } else { Kind::Count }
        }
    }

    impl Predicts for Toy {
        fn dimensions(&self) -> usize {
            KEYS
        }

        fn worlds(&self, _: &str, scores: &[Vec<f64>], luck: u32) -> Result<Vec<Predicted>> {
            let world = |(z, number): (&Vec<f64>, u32)| Predicted {
                counts: self.counts(z, number, Purpose::Mail),
                accounts: vec![self.accounts; 3 * DATES],
            };
            Ok(scores.iter().zip(luck..).map(world).collect())
        }
    }

    /// A world of the prior, what a pilot shows of it, and which keys lie within their intervals afterwards; with how wide
    /// those are beside the ones before.
    fn trial(number: u32) -> (Vec<bool>, Vec<f64>, f64) {
        let mut luck = Seed::new(5, number).draw(0, Purpose::Bootstrap, 0);
        let truth: Vec<f64> = (0..KEYS).map(|_| rand_distr::StandardNormal.sample(&mut luck)).collect();
        let pilot = Toy { accounts: 20_000.0 };
        let counts = pilot.counts(&truth, 1_000 + number, Purpose::Alarm);
        let values: Vec<Value> = counts
            .iter()
            .enumerate()
            .map(|(place, value)| Value {
                kind: Toy::kind(place),
                value: *value,
                of: 20_000.0,
                group: place / DATES,
            })
            .collect();
        let inferred = infer(&Toy { accounts: 4_000.0 }, &values, Plan { worlds: 128, rounds: 2 }).expect("inferred");
        let drawn = inferred.draw(1_000);
        let ends: Vec<(f64, f64)> = (0..KEYS)
            .map(|key| {
                let mut scores: Vec<f64> = drawn.iter().map(|world| world[key]).collect();
                scores.sort_by(f64::total_cmp);
                (quantile(&scores, 0.05), quantile(&scores, 0.95))
            })
            .collect();
        let inside = truth.iter().zip(&ends).map(|(z, (low, high))| low <= z && z <= high).collect();
        let widths = ends.iter().map(|(low, high)| (high - low) / 3.29).collect();
        (inside, widths, inferred.posterior.effective())
    }

    #[test]
    fn planted_truths_lie_within_their_intervals_as_often_as_these_say() {
        let trials: Vec<_> = (0..TRIALS).into_par_iter().map(trial).collect();
        let share = |keys: std::ops::Range<usize>| {
            let all = trials.iter().flat_map(|(inside, ..)| inside[keys.clone()].iter());
            all.clone().filter(|inside| **inside).count() as f64 / all.count() as f64
        };
        let width = |key: usize| trials.iter().map(|(_, widths, _)| widths[key]).sum::<f64>() / trials.len() as f64;
        let told: Vec<(f64, f64)> = (0..STRONG).map(|key| (share(key..key + 1), width(key))).collect();
        // Points enough count behind each interval.
        assert!(trials.iter().all(|(.., effective)| *effective > 300.0));
        // What was learnt is learnt: the first keys are known several times better than before.
        assert!(width(0) < 0.35 && width(2) < 0.4 && width(3) < 0.7, "{told:?}");
        for covered in [share(0..STRONG), share(0..KEYS)] {
            assert!((covered - 0.9).abs() <= 0.04, "{covered}: {told:?}");
        }
    }
}
