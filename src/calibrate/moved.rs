//! What was learnt of each value, and which learnt values go together.

use super::found::{Moved, Together};
use super::infer::Inferred;
use crate::scenario::Scenario;
use crate::uncertain::{Uncertain, UncertainKey, Z90};

/// A value has moved if at least so much was learnt of it, in nats: its interval is a quarter narrower, or its middle has
/// gone by three tenths of a standard deviation.
const LEAST_NATS: f64 = 0.045;
/// Learnt values go together from this correlation on.
const LEAST_CORRELATION: f64 = 0.5;

/// What was learnt.
#[derive(Clone, Debug)]
pub struct Learnt {
    /// Values that moved, those first of which most was learnt.
    pub moved: Vec<Moved>,
    /// Keys that matter and did not move.
    pub not_moved: Vec<String>,
    /// Learnt values that go together.
    pub together: Vec<Together>,
}

/// What was learnt of the values of a scenario.
pub fn learnt(scenario: &Scenario, uncertain: &Uncertain, inferred: &Inferred) -> Learnt {
    let scores: Vec<Vec<f64>> = inferred.scores.iter().map(|scores| uncertain.scores(scores)).collect();
    let weights = &inferred.posterior.weights;
    let matters = |factor: &&Vec<usize>| factor.iter().any(|key| inferred.emulator.active.contains(key));
    let factors = uncertain.factors();
    let mut found: Vec<(usize, Moved)> = Vec::new();
    let mut not_moved = Vec::new();
    for place in factors.iter().filter(matters).flatten().copied() {
        let told = told(&uncertain.keys()[place], scores.iter().map(|scores| scores[place]), weights);
        if told.learnt_nats >= LEAST_NATS {
            found.push((place, told));
        } else {
            not_moved.push(told.key);
        }
    }
    found.sort_by(|a, b| b.1.learnt_nats.total_cmp(&a.1.learnt_nats));
    let together = together(scenario, &found, &scores, weights);
    Learnt {
        moved: found.into_iter().map(|(_, moved)| moved).collect(),
        not_moved,
        together,
    }
}

fn told(key: &UncertainKey, scores: impl Iterator<Item = f64>, weights: &[f64]) -> Moved {
    let mut weighted: Vec<(f64, f64)> = scores.zip(weights.iter().copied()).collect();
    weighted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mean: f64 = weighted.iter().map(|(score, weight)| score * weight).sum();
    let variance: f64 = weighted.iter().map(|(score, weight)| weight * (score - mean).powi(2)).sum();
    let [low, middle, high] = [0.05, 0.5, 0.95].map(|share| below(&weighted, share));
    let ends = [low, high].map(|score| key.unrounded(score));
    Moved {
        key: key.key.clone(),
        unit: key.unit,
        grade: key.grade,
        now: key.now(),
        before: [-Z90, 0.0, Z90].map(|score| key.at(score)),
        after: [low, middle, high].map(|score| key.at(score)),
        narrower: variance.sqrt(),
        moved_by: mean,
        // Of one normal number from the standard one (Kullback and Leibler 1951).
        learnt_nats: 0.5 * (variance + mean * mean - 1.0 - variance.max(1e-12).ln()),
        range: key.may_range(ends[0], ends[1]).is_ok().then_some(ends),
    }
}

/// The value below which a share of weighted, sorted values lies.
fn below(weighted: &[(f64, f64)], share: f64) -> f64 {
    let mut sum = 0.0;
    for (value, weight) in weighted {
        sum += weight;
        if sum >= share {
            return *value;
        }
    }
    weighted.last().map_or(0.0, |(value, _)| *value)
}

/// Pairs of learnt values that go together, the closest first. A key can stand in one list of `[[correlated]]` only.
fn together(scenario: &Scenario, found: &[(usize, Moved)], scores: &[Vec<f64>], weights: &[f64]) -> Vec<Together> {
    let mean = |of: &dyn Fn(&[f64]) -> f64| -> f64 { scores.iter().zip(weights).map(|(z, w)| w * of(z)).sum() };
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for a in 0..found.len() {
        for b in a + 1..found.len() {
            let (at, other) = (found[a].0, found[b].0);
            let (first, second) = (mean(&|z| z[at]), mean(&|z| z[other]));
            let product = mean(&|z| (z[at] - first) * (z[other] - second));
            let correlation = product / (found[a].1.narrower * found[b].1.narrower).max(1e-12);
            if correlation.abs() >= LEAST_CORRELATION {
                pairs.push((correlation.clamp(-0.99, 0.99), a, b));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    let mut taken: Vec<&str> =
        scenario.correlated.iter().flat_map(|group| group.keys.iter().map(String::as_str)).collect();
    let mut told = Vec::new();
    for (correlation, a, b) in pairs {
        let (a, b) = (&found[a].1, &found[b].1);
        let kept = [a, b].iter().all(|moved| moved.range.is_some() && !taken.contains(&moved.key.as_str()));
        if kept {
            taken.extend([a.key.as_str(), b.key.as_str()]);
        }
        told.push(Together { keys: [a.key.clone(), b.key.clone()], correlation, kept });
    }
    told
}
