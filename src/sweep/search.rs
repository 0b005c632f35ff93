//! Search: the place where something noisy is least, within limits.
//!
//! It goes in rounds. The first spreads Sobol' points over the whole box; each later one spreads them over a smaller box
//! around the best place so far. Within a round, places are thinned by *successive halving*: all get few replications, the
//! better half gets twice as many, and so on (Karnin, Koren and Somekh, ICML 2013). All places have the same replications,
//! so their means are compared in pairs. After the first round a parabola along each axis is laid through the places in the
//! box, and its least place is tried as well: for a smooth optimum it comes nearer than any point.
//!
//! What is found has been chosen by the luck of these replications and looks better than it is. Whoever uses it confirms it
//! with other luck.

mod parabola;

use std::ops::Range;

use crate::error::Result;
use crate::measure::statistics::estimate;
use crate::uncertain::Points;

/// Where something is tried.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// As it was given, which may lie outside of the box.
    AsGiven,
    /// At parts of the way along each axis, 0 to 1.
    At(Vec<f64>),
}

/// What is tried. Samples are what is to be small, and by how much each limit is missed (0 or less: it is met).
pub trait Trial {
    /// The place that stands for all that are the same as this one.
    fn settled(&self, at: Vec<f64>) -> Vec<f64> {
        at
    }

    /// Samples of the places in the replications of these numbers: by place and number; `None` of a place that is not
    /// allowed.
    ///
    /// # Errors
    ///
    /// If it is stopped.
    fn samples(&self, phase: &str, places: &[Place], numbers: Range<u32>) -> Result<Vec<Option<Vec<Vec<f64>>>>>;
}

/// How it is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Places of the first round; later ones have half as many.
    pub places: u32,
    /// Replications that each place begins with.
    pub first: u32,
    /// Most replications of a place.
    pub most: u32,
}

impl Default for Effort {
    fn default() -> Self {
        Self { places: 32, first: 2, most: 16 }
    }
}

/// Half of the width of the box in each round.
const HALVES: [f64; 5] = [0.5, 0.25, 0.12, 0.06, 0.03];
/// Places that a round is thinned to.
const FEW: usize = 3;
/// So many places are drawn at most for one that is allowed.
const DRAWN: u32 = 8;
/// Standard errors by which a limit must be met in the end, if any place meets it so.
const SAFE: f64 = 1.0;

/// A place with what was seen of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Tried {
    /// Where.
    pub place: Place,
    /// Samples by replication, from number 0 on.
    pub samples: Vec<Vec<f64>>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Searched {
    /// The best place.
    pub best: Tried,
    /// Places that were tried.
    pub tried: usize,
    /// Places that are not allowed.
    pub refused: usize,
    /// Replications in all.
    pub replications: usize,
    /// Whether the best one meets all limits, by its means.
    pub meets: bool,
}

impl Tried {
    fn mean(&self, at: usize, numbers: usize) -> f64 {
        let some = &self.samples[..numbers.min(self.samples.len())];
        some.iter().map(|sample| sample[at]).sum::<f64>() / some.len().max(1) as f64
    }

    /// How much the limits are missed, each in its own units and scale, and then what is to be small; over so many numbers.
    fn score(&self, numbers: usize, scales: &[f64], safe: f64) -> (f64, f64) {
        let missed = (1..=scales.len()).map(|limit| {
            let values: Vec<f64> = self.samples.iter().take(numbers).map(|sample| sample[limit]).collect();
            let error = estimate(&values).ci95.map_or(0.0, |_| standard_error(&values));
            (self.mean(limit, numbers) + safe * error).max(0.0) / scales[limit - 1]
        });
        (missed.sum(), self.mean(0, numbers))
    }
}

fn standard_error(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0).max(1.0) / n).sqrt()
}

/// Searches a box, of which `given` is the place nearest to what is given: one part for each axis. `None` if no place is
/// allowed.
///
/// # Errors
///
/// If it is stopped.
pub fn search(given: &[f64], effort: Effort, trial: &dyn Trial) -> Result<Option<Searched>> {
    let dimensions = given.len();
    let mut search = Search { dimensions, effort, trial, known: Vec::new(), refused: 0 };
    let mut best: Option<Place> = None;
    let mut finalists = Vec::new();
    for (round, half) in HALVES.into_iter().enumerate() {
        let centre = match &best {
            Some(Place::At(at)) => at.clone(),
            Some(Place::AsGiven) => given.to_vec(),
            None => vec![0.5; dimensions],
        };
        let phase = format!("round {} of {}", round + 1, HALVES.len());
        let mut places = search.spread(round, &centre, half)?;
        places.extend(best.clone().or(Some(Place::AsGiven)));
        if round > 0 {
            // From the widest view to the closest one: luck blurs a close view, and bends a wide one.
            let views = HALVES[..=round].iter().filter_map(|half| search.parabola(&centre, *half));
            places.extend(views.collect::<Vec<_>>());
        }
        finalists = search.halve(&phase, places, if round > 0 { SAFE } else { 0.0 })?;
        best = finalists.first().map(|&at| search.known[at].place.clone());
        if best.is_none() {
            return Ok(None);
        }
    }
    Ok(search.chosen(&finalists))
}

struct Search<'a> {
    dimensions: usize,
    effort: Effort,
    trial: &'a dyn Trial,
    known: Vec<Tried>,
    refused: usize,
}

impl Search<'_> {
    /// Sobol' points of a box that are allowed.
    fn spread(&mut self, round: usize, centre: &[f64], half: f64) -> Result<Vec<Place>> {
        let wanted = if round == 0 {
            self.effort.places
        } else {
            self.effort.places / 2
        };
        let sequence = Points::new(self.dimensions, super::plan::SEED + 1 + round as u32);
        let mut places = Vec::new();
        for number in 0..wanted * DRAWN {
            places.push(Place::At(self.trial.settled(within(&sequence.uniform(number), centre, half))));
            if places.len() == wanted as usize {
                let allowed = self.trial.samples("", &places, 0..0)?;
                let before = places.len();
                let mut allowed = allowed.iter().map(Option::is_some);
                places.retain(|_| allowed.next().unwrap_or(false));
                self.refused += before - places.len();
                if places.len() == wanted as usize {
                    break;
                }
            }
        }
        Ok(places)
    }

    /// Thins places: few replications for all, twice as many for the better half, and so on. The places that are left, the
    /// best first.
    fn halve(&mut self, phase: &str, places: Vec<Place>, safe: f64) -> Result<Vec<usize>> {
        let mut left: Vec<usize> = Vec::new();
        for place in places {
            let known = self.known.iter().position(|tried| tried.place == place);
            let at = known.unwrap_or_else(|| {
                self.known.push(Tried { place, samples: Vec::new() });
                self.known.len() - 1
            });
            if !left.contains(&at) {
                left.push(at);
            }
        }
        let mut numbers = self.effort.first;
        loop {
            left = self.sampled(phase, left, numbers)?;
            self.order(&mut left, numbers as usize, safe);
            if left.len() <= FEW || numbers >= self.effort.most {
                left.truncate(FEW);
                return self.sampled(phase, left, self.effort.most).map(|mut left| {
                    self.order(&mut left, self.effort.most as usize, safe);
                    left
                });
            }
            left.truncate(left.len().div_ceil(2).max(FEW));
            numbers = (2 * numbers).min(self.effort.most);
        }
    }

    /// Brings places to so many replications; those that are not allowed are gone.
    fn sampled(&mut self, phase: &str, left: Vec<usize>, numbers: u32) -> Result<Vec<usize>> {
        let mut kept = Vec::new();
        // Those that have as many are asked for together.
        let mut groups: std::collections::BTreeMap<usize, Vec<usize>> = std::collections::BTreeMap::new();
        for at in left {
            groups.entry(self.known[at].samples.len()).or_default().push(at);
        }
        for (length, some) in groups {
            if length >= numbers as usize {
                kept.extend(some);
                continue;
            }
            let places: Vec<Place> = some.iter().map(|&at| self.known[at].place.clone()).collect();
            let found = self.trial.samples(phase, &places, length as u32..numbers)?;
            for (at, samples) in some.into_iter().zip(found) {
                match samples {
                    Some(samples) => {
                        self.known[at].samples.extend(samples);
                        kept.push(at);
                    }
                    None => self.refused += 1,
                }
            }
        }
        Ok(kept)
    }

    /// Puts the best first: those that meet the limits by what is to be small, the others by how much they miss them.
    fn order(&self, left: &mut [usize], numbers: usize, safe: f64) {
        let scales = self.scales();
        let score = |at: usize| self.known[at].score(numbers, &scales, safe);
        left.sort_by(|&a, &b| {
            let (a, b) = (score(a), score(b));
            a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
        });
    }

    /// What a miss of one is for each limit: its spread over places, so that limits of different units can be added.
    fn scales(&self) -> Vec<f64> {
        let limits = self.known.iter().find_map(|tried| tried.samples.first()).map_or(0, |sample| sample.len() - 1);
        (1..=limits)
            .map(|limit| {
                let known = self.known.iter().filter(|tried| !tried.samples.is_empty());
                let means: Vec<f64> = known.map(|tried| tried.mean(limit, usize::MAX)).collect();
                let spread = standard_error(&means) * (means.len() as f64).sqrt();
                if spread > 0.0 && spread.is_finite() {
                    spread
                } else {
                    1.0
                }
            })
            .collect()
    }

    /// The best of all places with most replications: one that meets the limits with room for luck, if any does.
    fn chosen(&self, finalists: &[usize]) -> Option<Searched> {
        let most = self.effort.most as usize;
        let mut all: Vec<usize> = (0..self.known.len())
            .filter(|&at| self.known[at].samples.len() >= most)
            .chain(finalists.iter().copied())
            .collect();
        all.sort_unstable();
        all.dedup();
        let scales = self.scales();
        self.order(&mut all, most, SAFE);
        let safe = all.first().filter(|&&at| self.known[at].score(most, &scales, SAFE).0 <= 0.0).copied();
        self.order(&mut all, most, 0.0);
        let best = &self.known[safe.or(all.first().copied())?];
        Some(Searched {
            best: best.clone(),
            tried: self.known.iter().filter(|tried| !tried.samples.is_empty()).count(),
            refused: self.refused,
            replications: self.known.iter().map(|tried| tried.samples.len()).sum(),
            meets: best.score(most, &scales, 0.0).0 <= 0.0,
        })
    }
}

/// A place in a box, from parts of the way along each of its sides.
fn within(parts: &[f64], centre: &[f64], half: f64) -> Vec<f64> {
    let part = |(part, centre): (&f64, &f64)| {
        let (low, high) = ((centre - half).max(0.0), (centre + half).min(1.0));
        low + part * (high - low)
    };
    parts.iter().zip(centre).map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Purpose, Seed};

    /// A bowl with luck that all places share and luck of their own.
    struct Bowl {
        least: Vec<f64>,
        own: f64,
        seed: u64,
        /// Along the first axis the limit is met from here on.
        from: Option<f64>,
    }

    impl Bowl {
        fn truth(&self, at: &[f64]) -> f64 {
            let bends = [4.0, 1.0, 2.0, 0.5];
            100.0
                + at.iter()
                    .zip(&self.least)
                    .zip(bends)
                    .map(|((at, least), bend)| 100.0 * bend * (at - least).powi(2))
                    .sum::<f64>()
        }

        fn given(&self) -> Vec<f64> {
            vec![0.5; self.least.len()]
        }
    }

    impl Trial for Bowl {
        fn samples(&self, _: &str, places: &[Place], numbers: Range<u32>) -> Result<Vec<Option<Vec<Vec<f64>>>>> {
            let sample = |at: &[f64], number: u32| {
                let subject = at.iter().fold(7_u64, |hash, at| hash.wrapping_mul(31).wrapping_add(at.to_bits())) >> 20;
                let shared = Seed::new(self.seed, number).draw(0, Purpose::Bootstrap, 0).uniform() - 0.5;
                let mut draw = Seed::new(self.seed, number).draw(subject, Purpose::Bootstrap, 1);
                let own = draw.uniform() + draw.uniform() + draw.uniform() - 1.5;
                let mut sample = vec![self.truth(at) + 40.0 * shared + self.own * 2.0 * own];
                sample.extend(self.from.map(|from| from - at[0] + 0.02 * own));
                sample
            };
            let one = |place: &Place| {
                let at = match place {
                    Place::At(at) => at.clone(),
                    Place::AsGiven => self.given(),
                };
                Some(numbers.clone().map(|number| sample(&at, number)).collect())
            };
            Ok(places.iter().map(one).collect())
        }
    }

    fn at(searched: &Searched, bowl: &Bowl) -> Vec<f64> {
        match &searched.best.place {
            Place::At(at) => at.clone(),
            Place::AsGiven => bowl.given(),
        }
    }

    #[test]
    fn a_noisy_bowl_is_met_within_two_in_a_hundred() {
        for (dimensions, own) in [(1, 2.0), (2, 3.0), (4, 3.0)] {
            let far = (0..100_u64).filter(|&seed| {
                let place = |n: u64| 0.1 + 0.8 * ((seed * 37 + n * 61) % 100) as f64 / 100.0;
                let bowl = Bowl {
                    least: (0..dimensions).map(place).collect(),
                    own,
                    seed,
                    from: None,
                };
                let searched = search(&bowl.given(), Effort::default(), &bowl).expect("a search").expect("a place");
                bowl.truth(&at(&searched, &bowl)) > 102.0
            });
            let far = far.count();
            assert!(far <= 5, "{far} of 100 in {dimensions} dimensions");
        }
    }

    #[test]
    fn the_best_place_that_meets_the_limit_lies_at_the_limit() {
        let far = (0..40).filter(|&seed| {
            let bowl = Bowl { least: vec![0.2, 0.6], own: 1.0, seed, from: Some(0.5) };
            let searched = search(&bowl.given(), Effort::default(), &bowl).expect("a search").expect("a place");
            let at = at(&searched, &bowl);
            assert!(searched.meets && at[0] > 0.49, "{at:?}");
            bowl.truth(&at) > 1.02 * bowl.truth(&[0.5, 0.6])
        });
        let far = far.count();
        assert!(far <= 2, "{far} of 40");
    }

    #[test]
    fn where_nothing_meets_the_limit_the_nearest_is_found_and_said_so() {
        let bowl = Bowl { least: vec![0.2], own: 1.0, seed: 1, from: Some(1.3) };
        let searched = search(&bowl.given(), Effort::default(), &bowl).expect("a search").expect("a place");
        assert!(!searched.meets && at(&searched, &bowl)[0] > 0.9, "{searched:?}");
    }
}
