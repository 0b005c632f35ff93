//! Contrasts: strategies of runs against each other, measure by measure and account by account.
//!
//! What was run with the same seed is compared pair by pair: replications of the same number share their luck, whatever
//! else differs. Other runs are compared as samples that know nothing of each other. All differences that one command
//! tells are corrected together ([`contrast::correct`]).

use serde::Serialize;

use super::comparison::WITH_TRANSITIONS;
use super::summary::{StrategySummary, Summary};
use crate::error::{Error, Result};
use crate::measure::contrast::{self, Contrast};
use crate::measure::outcomes::Transitions;
use crate::numbers::tidy;
use crate::results::Metric;
use crate::results::figure::Values;
use crate::terms::Outcome;
use crate::text::one_of;

/// A strategy of a run.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// What to call the run: its folder, as it was given.
    pub label: &'a str,
    /// What it found.
    pub summary: &'a Summary,
    /// The strategy.
    pub strategy: &'a StrategySummary,
}

impl<'a> Side<'a> {
    /// The strategy of this name in a run.
    ///
    /// # Errors
    ///
    /// If there is none: the nearest is named, and those that there are.
    pub fn new(label: &'a str, summary: &'a Summary, name: &str) -> Result<Self> {
        if let Some(strategy) = summary.strategy(name) {
            return Ok(Self { label, summary, strategy });
        }
        let names = || summary.strategies.iter().map(|strategy| strategy.name.clone());
        let alike = |known: &String| strsim::jaro_winkler(known, name);
        let near = names().max_by(|a, b| alike(a).total_cmp(&alike(b))).filter(|near| alike(near) > 0.8);
        let near = near.map_or(String::new(), |near| format!("did you mean {near}? "));
        Err(Error::Input(format!(
            "{label}: there is no strategy \"{}\" in this run: {near}{}",
            crate::text::visible_line(name),
            one_of(names())
        )))
    }

    fn values(&self, metric: Metric) -> Result<&'a [f64]> {
        let Values(values) = &self.strategy.by_replication[metric];
        if values.len() == self.summary.replications as usize && !values.is_empty() {
            return Ok(values);
        }
        let why = if self.strategy.by_replication.values().all(|values| values.0.is_empty()) {
            "its summary.json has no values by replication: it was made by an earlier version. Run the scenario again"
                .to_owned()
        } else {
            format!("its summary.json does not have {}: leave it out with --measure", metric.key())
        };
        Err(Error::Input(format!("{}: {why}", self.label)))
    }
}

/// By what right two strategies are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pairing {
    /// The same accounts with the same luck.
    SameAccounts,
    /// Other accounts, but the same seed: replications of the same number share what luck they can.
    SameSeed,
    /// Another seed: nothing is shared.
    Independent,
}

/// A strategy against another one.
#[derive(Clone, Debug, Serialize)]
pub struct Compared {
    /// The first.
    pub a: Named,
    /// The second.
    pub b: Named,
    /// How they are compared.
    pub pairing: Pairing,
    /// What else differs between the two runs, or is left out, in a sentence each.
    pub notes: Vec<String>,
    /// Measure by measure.
    pub measures: Vec<Measured>,
    /// Accounts that end differently, if the same accounts can be followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transitions: Option<Moves>,
}

/// A strategy by its name, and that of its run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Named {
    /// The folder of the run, as it was given.
    pub run: String,
    /// Its strategy.
    pub strategy: String,
    /// Replications that are compared.
    pub replications: usize,
}

/// One measure.
#[derive(Clone, Debug, Serialize)]
pub struct Measured {
    /// What is compared.
    pub metric: Metric,
    /// Mean under the first.
    pub a: f64,
    /// Mean under the second.
    pub b: f64,
    /// Mean of the first less the second.
    pub difference: f64,
    /// Its own 95 % interval; absent with a single replication.
    pub ci95: Option<[f64; 2]>,
    /// Its interval where those of all differences hold together at 95 % (Bonferroni).
    pub ci95_together: Option<[f64; 2]>,
    /// How likely luck alone makes a difference this large, corrected for all that is told (Holm).
    pub p_corrected: Option<f64>,
    /// Share of replications in which the first is better, ties by half.
    pub better_share: f64,
    /// The 95 % interval of that share.
    pub better_ci95: [f64; 2],
    /// Whether a difference is shown.
    pub shown: bool,
    /// The smallest difference that would have been shown four times in five.
    pub visible: Option<f64>,
}

/// Accounts by their outcome under the first strategy and under the second, where the two differ; the largest first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Moves {
    /// Replications over which the counts are means.
    pub replications: u32,
    /// Accounts that end in the same outcome.
    pub same: f64,
    /// The others.
    pub moved: Vec<Move>,
}

/// Accounts that end in one outcome under the first strategy and in another under the second.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Move {
    /// Under the first.
    pub a: Outcome,
    /// Under the second.
    pub b: Outcome,
    /// So many accounts.
    pub accounts: f64,
}

/// Everything that one command compares.
#[derive(Clone, Debug, Serialize)]
pub struct Contrasts {
    /// How intervals and verdicts are made.
    pub method: &'static str,
    /// Differences that are corrected together.
    pub family: usize,
    /// Pair by pair.
    pub pairs: Vec<Compared>,
}

const METHOD: &str = "Student's t of paired differences, Welch's t where nothing is shared; together by Bonferroni, shown \
                      by Holm at 5 %; better_share by Wilson, of independent runs by Newcombe";

impl Contrasts {
    /// Each pair in these metrics.
    ///
    /// # Errors
    ///
    /// If two of a pair cannot be compared, or a run does not have a metric.
    pub fn new(pairs: &[(Side<'_>, Side<'_>)], metrics: &[Metric]) -> Result<Self> {
        let mut found = Vec::new();
        for (a, b) in pairs {
            must_be_comparable(a, b)?;
            for &metric in metrics {
                let (of_a, of_b) = (a.values(metric)?, b.values(metric)?);
                found.push(match pairing(a, b) {
                    Pairing::Independent => contrast::independent(of_a, of_b),
                    _ => contrast::paired(of_a, of_b),
                });
            }
        }
        contrast::correct(&mut found);
        let rows = found.chunks(metrics.len().max(1));
        let pairs = pairs.iter().zip(rows).map(|((a, b), rows)| Compared::new(a, b, metrics, rows));
        Ok(Self { method: METHOD, family: found.len(), pairs: pairs.collect() })
    }
}

impl Compared {
    fn new(a: &Side<'_>, b: &Side<'_>, metrics: &[Metric], found: &[Contrast]) -> Self {
        let pairing = pairing(a, b);
        let replications = |of: &Side<'_>| match pairing {
            Pairing::Independent => of.summary.replications as usize,
            _ => a.summary.replications.min(b.summary.replications) as usize,
        };
        let [n, m] = [replications(a), replications(b)];
        let named = |of: &Side<'_>, replications| Named {
            run: of.label.to_owned(),
            strategy: of.strategy.name.clone(),
            replications,
        };
        let mean = |of: &Side<'_>, n: usize, metric: Metric| {
            tidy(Values(of.strategy.by_replication[metric].0.iter().take(n).copied().collect()).mean())
        };
        let measure = |(&metric, found): (&Metric, &Contrast)| {
            Measured::new(metric, [mean(a, n, metric), mean(b, m, metric)], found)
        };
        Self {
            a: named(a, n),
            b: named(b, m),
            pairing,
            notes: notes(a, b),
            measures: metrics.iter().zip(found).map(measure).collect(),
            transitions: within(a, b),
        }
    }

    /// Accounts that were followed from one run to the other, in the first replication.
    pub fn follow(&mut self, table: &Transitions) {
        let each = |from: Outcome, to: Outcome| table[from.index()][to.index()] as f64;
        self.transitions = Some(Moves::new(1, each));
    }
}

impl Measured {
    fn new(metric: Metric, [a, b]: [f64; 2], found: &Contrast) -> Self {
        let ends = |ends: [f64; 2]| ends.map(tidy);
        let below = found.below;
        let (better_share, better_ci95) = if metric.more_is_better() {
            (1.0 - below.share, [1.0 - below.ci95[1], 1.0 - below.ci95[0]])
        } else {
            (below.share, below.ci95)
        };
        Self {
            metric,
            a,
            b,
            difference: tidy(found.difference.mean),
            ci95: found.difference.ci95.map(ends),
            ci95_together: found.together.map(ends),
            p_corrected: found.p_together.map(tidy),
            better_share: tidy(better_share),
            better_ci95: ends(better_ci95),
            shown: found.is_shown(),
            visible: found.visible.map(tidy),
        }
    }

    /// Whether the two are the same in every replication.
    pub fn is_same(&self) -> bool {
        self.difference == 0.0 && self.ci95 == Some([0.0, 0.0])
    }
}

impl Moves {
    fn new(replications: u32, each: impl Fn(Outcome, Outcome) -> f64) -> Self {
        let all = || Outcome::ALL.into_iter().flat_map(|a| Outcome::ALL.into_iter().map(move |b| (a, b)));
        let same: f64 = all().filter(|(a, b)| a == b).map(|(a, b)| each(a, b)).sum();
        let mut moved: Vec<Move> = all()
            .filter(|(a, b)| a != b)
            .map(|(a, b)| Move { a, b, accounts: each(a, b) })
            .filter(|it| it.accounts > 0.0)
            .collect();
        moved.sort_by(|a, b| b.accounts.total_cmp(&a.accounts));
        // Each part was rounded by itself.
        let same = (same * 1e3).round() / 1e3;
        Self { replications, same, moved }
    }
}

/// How two strategies are compared.
fn pairing(a: &Side<'_>, b: &Side<'_>) -> Pairing {
    match (a.summary, b.summary) {
        (a, b) if a.seed != b.seed => Pairing::Independent,
        (a, b) if a.population_hash == b.population_hash => Pairing::SameAccounts,
        _ => Pairing::SameSeed,
    }
}

/// What must be the same for a difference to mean anything.
fn must_be_comparable(a: &Side<'_>, b: &Side<'_>) -> Result<()> {
    let (of_a, of_b) = (a.summary, b.summary);
    if of_a.horizon_days != of_b.horizon_days {
        return Err(Error::Input(format!(
            "{} was run for {} days and {} for {}: what adds up over time cannot be compared. Run both with the same \
             horizon_days",
            a.label, of_a.horizon_days, b.label, of_b.horizon_days
        )));
    }
    if (of_a.accounts == 0) != (of_b.accounts == 0) {
        let (with, without) = if of_a.accounts == 0 { (b, a) } else { (a, b) };
        return Err(Error::Input(format!(
            "{} is a desk without accounts, and {} has accounts: nothing of the two can be compared",
            without.label, with.label
        )));
    }
    Ok(())
}

/// What else differs, or is left out.
fn notes(a: &Side<'_>, b: &Side<'_>) -> Vec<String> {
    let (of_a, of_b) = (a.summary, b.summary);
    let mut notes = Vec::new();
    if of_a.accounts != of_b.accounts {
        notes.push(format!(
            "{} has {} accounts and {} has {}: every count and the bill differ for that alone.",
            a.label, of_a.accounts, b.label, of_b.accounts
        ));
    }
    if of_a.start != of_b.start {
        notes.push(format!("They start at different times, {} and {}.", of_a.start, of_b.start));
    }
    if of_a.replications != of_b.replications && pairing(a, b) != Pairing::Independent {
        notes.push(format!(
            "{} has {} replications and {} has {}: only those that both have are compared.",
            a.label, of_a.replications, b.label, of_b.replications
        ));
    }
    notes
}

/// Transitions between strategies of one run, which its summary has.
fn within(a: &Side<'_>, b: &Side<'_>) -> Option<Moves> {
    if a.summary.run != b.summary.run {
        return None;
    }
    let (first, second) = (&a.strategy.name, &b.strategy.name);
    let replications = a.summary.replications;
    if first == second {
        let outcomes = &a.strategy.outcomes;
        return Some(Moves::new(replications, |from, to| if from == to { outcomes[from] } else { 0.0 }));
    }
    let table = |a: &str, b: &str, summary: &Summary| {
        summary.comparison(a, b, WITH_TRANSITIONS).map(|found| found.transitions.clone())
    };
    if let Some(table) = table(first, second, a.summary) {
        return Some(Moves::new(replications, |from, to| table.of(from, to)));
    }
    table(second, first, a.summary).map(|table| Moves::new(replications, |from, to| table.of(to, from)))
}
