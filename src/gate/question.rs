//! Question: what a rule asks of its files.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;

use super::Places;
use super::check::{Amount, Check, Comparison, Condition, Limit, Unit};
use super::estimate::{Estimate, Evidence, How};
use super::evidence::{Figure, Reading, figures, measure_of};
use super::files::{self, Library};
use super::meaning::{self, plain, shown};
use super::rules::{Better, Rule, Says, Time, Timed};
use super::timing::{self, Timer};
use super::verdict::{Question, Region};
use crate::error::Error;
use crate::text::visible_line;

/// A rule, and what it is judged on.
pub(super) struct Ground<'a> {
    pub(super) rule: &'a Rule,
    pub(super) places: &'a Places,
}

/// What is asked of one figure.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// The file, as it was named.
    pub file: Option<String>,
    /// The path to the figure.
    pub path: String,
    /// What is asked, and how to tell it.
    pub what: What,
}

/// What is asked.
#[derive(Clone, Debug)]
pub(super) enum What {
    /// Whether a text, or a yes, is what it must be: decided already.
    Plain { is_kept: bool, told: String },
    /// Whether a number keeps a limit.
    Limit {
        question: Question,
        names: Vec<String>,
        wanted: String,
    },
    /// Whether a number is not worse than in the baseline.
    Baseline {
        question: Question,
        /// The difference itself, without the margin.
        change: Estimate,
        names: Vec<String>,
        now: f64,
        was: f64,
        allowed: f64,
        better: Better,
        how: How,
    },
    /// Nothing, because there is nothing to hold it against.
    Nothing { why: &'static str },
    /// How long two programs take, which is to be tried.
    Command,
    /// How long they took, in seconds: the new one, and the old one.
    Recorded(Vec<f64>, Vec<f64>),
    /// How long they took, held against each other.
    Time(timing::Found),
}

impl Ground<'_> {
    /// What the rule asks.
    ///
    /// # Errors
    ///
    /// Whatever is wrong with its files or paths.
    pub(super) fn ask(&self, library: &mut Library) -> Result<Vec<Asked>, String> {
        match &self.rule.says {
            Says::Check(_, check) => self.check(check, library),
            Says::Time(time) => self.time(time).map(|asked| vec![asked]),
        }
    }

    /// The files that the rule is judged on, as far as they are there.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        let baseline = self.places.baseline.as_ref();
        let found = match &self.rule.says {
            Says::Check(..) => {
                let now = self.file().ok();
                let was = now.as_ref().zip(baseline).and_then(|(now, baseline)| files::baseline(now, baseline).ok());
                [now.and_then(|path| files::within(&path).ok()), was]
            }
            Says::Time(Time { what: Timed::Command(_), .. }) => [None, None],
            Says::Time(Time { what: Timed::Samples(now, against), .. }) => {
                let was = against.clone().or_else(|| Some(files::baseline_place(now, baseline?)));
                [
                    Some(timing::sample_file(now)),
                    was.map(|path| timing::sample_file(&path)),
                ]
            }
        };
        found.into_iter().flatten().collect()
    }

    fn time(&self, time: &Time) -> Result<Asked, String> {
        let (path, file, what) = match &time.what {
            Timed::Command(words) => (words.join(" "), None, What::Command),
            Timed::Samples(samples, against) => {
                let now = timing::recorded(samples)?;
                let was = match (against, &self.places.baseline) {
                    (Some(against), _) => Some(against.clone()),
                    (None, Some(baseline)) => Some(files::baseline_place(samples, baseline)),
                    (None, None) => None,
                };
                let what = match was {
                    Some(was) => What::Recorded(now, timing::recorded(&was)?),
                    None => What::Nothing { why: NO_BASELINE },
                };
                (samples.display().to_string(), Some(samples.display().to_string()), what)
            }
        };
        Ok(Asked { file, path, what })
    }

    fn file(&self) -> Result<PathBuf, String> {
        self.rule.file.clone().or_else(|| self.places.results.clone()).ok_or_else(|| {
            "no file is named: say file = \"…/summary.json\" here or at the top, or name one behind the rules on the \
             command line"
                .to_owned()
        })
    }

    fn check(&self, check: &Check, library: &mut Library) -> Result<Vec<Asked>, String> {
        let path = self.file()?;
        let now = library.read(&path)?;
        let strategy = self.rule.strategy.as_deref();
        let found = figures(&now, &check.path, strategy, check.is_count)?;
        let was = match (&check.condition, &self.places.baseline) {
            (Condition::Baseline(_), Some(baseline)) => {
                Some(files::baseline(&path, baseline).and_then(|path| library.read(&path))?)
            }
            _ => None,
        };
        let asked = found.into_iter().map(|figure| {
            let file = Some(path.display().to_string());
            let path = figure.path.clone();
            let what = match &check.condition {
                Condition::Baseline(margin) => self.baseline(check, *margin, figure, (&now, was.as_ref()))?,
                Condition::Limit(comparison, limit) => self.limit(check, *comparison, limit, figure, &now)?,
                Condition::Between(low, high) => self.between(check, [low, high], figure, &now)?,
            };
            Ok(Asked { file, path, what })
        });
        asked.collect()
    }

    /// A limit as a number in the unit of the figure.
    fn number(&self, limit: &Limit, figure: &Figure, root: &Value) -> Result<f64, String> {
        match limit {
            Limit::Number { amount, of: None } => meaning::amount(*amount, &figure.names),
            Limit::Number {
                amount: Amount { unit: Unit::Micros(_) | Unit::Points, .. },
                of: Some(_),
            } => Err("a part of another figure is a plain number or a percentage, as in `2 % of accounts`".to_owned()),
            Limit::Number { amount, of: Some(of) } => {
                let whole = measure_of(root, of, self.rule.strategy.as_deref())?;
                let part = if amount.unit == Unit::Percent { 0.01 } else { 1.0 };
                Ok(amount.number * part * whole)
            }
            Limit::Text(_) | Limit::Truth(_) => {
                Err("a text, true and false can only be compared by == or !=".to_owned())
            }
        }
    }

    fn limit(
        &self,
        check: &Check,
        comparison: Comparison,
        limit: &Limit,
        figure: Figure,
        root: &Value,
    ) -> Result<What, String> {
        let is_equal = comparison == Comparison::Equal;
        let plain = |is_same: bool, value: String, wanted: String| {
            let (is_kept, sign) = (is_same == is_equal, comparison.sign());
            Ok(What::Plain {
                is_kept,
                told: format!("{} is {value}; wanted {sign} {wanted}", figure.path),
            })
        };
        let estimate = match (&figure.reading, limit) {
            (Reading::Number(estimate), Limit::Number { .. }) => estimate.clone(),
            (Reading::Text(text), Limit::Text(wanted)) => {
                let shown = |text: &str| format!("\"{}\"", visible_line(text));
                return plain(text == wanted, shown(text), shown(wanted));
            }
            (Reading::Truth(truth), Limit::Truth(wanted)) => {
                return plain(truth == wanted, truth.to_string(), wanted.to_string());
            }
            (reading, _) => return Err(format!("{} is {}", figure.path, unlike(reading))),
        };
        let end = self.number(limit, &figure, root)?;
        let question = Question {
            estimate,
            region: Region::of(comparison, end),
            confidence: check.confidence,
        };
        let wanted = format!("{} {}", comparison.sign(), shown(end, &figure.names));
        Ok(What::Limit { question, names: figure.names, wanted })
    }

    fn between(&self, check: &Check, ends: [&Limit; 2], figure: Figure, root: &Value) -> Result<What, String> {
        let Reading::Number(estimate) = &figure.reading else {
            return Err(format!("{} is {}", figure.path, unlike(&figure.reading)));
        };
        let [low, high] = ends.map(|limit| self.number(limit, &figure, root));
        let (low, high) = (low?, high?);
        if low > high {
            let [low, high] = [low, high].map(plain);
            return Err(format!("nothing lies between {low} and {high}: expected the lower end first"));
        }
        let region = Region::Inside { low, high, with_ends: true };
        let question = Question {
            estimate: estimate.clone(),
            region,
            confidence: check.confidence,
        };
        let wanted = format!("between {} and {}", plain(low), shown(high, &figure.names));
        Ok(What::Limit { question, names: figure.names, wanted })
    }

    fn baseline(
        &self,
        check: &Check,
        margin: Amount,
        figure: Figure,
        (now, was): (&Value, Option<&Arc<Value>>),
    ) -> Result<What, String> {
        let Reading::Number(estimate) = &figure.reading else {
            return Err(format!("{} is {}", figure.path, unlike(&figure.reading)));
        };
        let better = self.rule.better.or_else(|| meaning::better(&figure.names)).ok_or_else(|| {
            format!("whether less of {} is better is not known: say better = \"lower\" or \"higher\"", figure.path)
        })?;
        let mut factor = 1.0;
        let mut allowed = match margin.unit {
            Unit::Percent => 0.0,
            Unit::Points => meaning::points(margin.number, &figure.names, figure.accounts)?,
            Unit::Plain | Unit::Micros(_) => meaning::amount(margin, &figure.names)?,
        };
        let Some(was) = was else {
            return Ok(What::Nothing { why: NO_BASELINE });
        };
        if !are_alike(now, was) {
            return Ok(What::Nothing { why: UNLIKE });
        }
        let path =
            super::path::Path::parse(&figure.path).or_else(|_| super::path::Path::parse(&check.path.to_string()))?;
        let of_baseline = match figures(was, &path, None, false) {
            Ok(found) => found,
            // A file written before: the metric stands elsewhere in it.
            Err(_) => match figures(was, &check.path, self.rule.strategy.as_deref(), check.is_count) {
                Ok(found) if found.len() == 1 => found,
                _ => return Ok(What::Nothing { why: NOT_THERE }),
            },
        };
        let [Figure { reading: Reading::Number(old), .. }] = of_baseline.as_slice() else {
            return Ok(What::Nothing { why: NOT_THERE });
        };
        if margin.unit == Unit::Percent {
            let share = margin.number / 100.0 * if old.value < 0.0 { -1.0 } else { 1.0 };
            factor = if better == Better::Lower {
                1.0 + share
            } else {
                1.0 - share
            };
            allowed = margin.number / 100.0 * old.value.abs();
        }
        let (mut change, how) = estimate.minus(1.0, old, has_same_luck(now, was));
        let same = same_program_of_luck(now, was) && estimate.value == old.value;
        if same && matches!(change.evidence, Evidence::None(_)) {
            change.evidence = Evidence::Certain;
        }
        let (mut difference, _) = estimate.minus(factor, old, has_same_luck(now, was));
        // What has not changed at all is within any margin, however much its replications differ from each other.
        let is_certain = same && change.evidence == Evidence::Certain;
        if is_certain || (matches!(how, How::Paired(_)) && change.is_nothing()) {
            difference.evidence = Evidence::Certain;
        }
        let end = if margin.unit == Unit::Percent { 0.0 } else { allowed };
        let region = match better {
            Better::Lower => Region::of(Comparison::AtMost, end),
            Better::Higher => Region::of(Comparison::AtLeast, -end),
        };
        let question = Question { estimate: difference, region, confidence: check.confidence };
        let (names, now, was) = (figure.names, estimate.value, old.value);
        Ok(What::Baseline { question, change, names, now, was, allowed, better, how })
    }
}

/// What is said if there is nothing to hold against, or nothing of use.
const NO_PROGRAM: &str = "there is no program to hold this one against: --against names one";
const NO_BASELINE: &str = "there is no baseline yet: --baseline names one";
const UNLIKE: &str = "the baseline simulates other accounts or another horizon: run it anew with this scenario";
const NOT_THERE: &str = "the baseline does not tell this figure: it is of another version or has other strategies";

fn unlike(reading: &Reading) -> &'static str {
    match reading {
        Reading::Number(_) => "a number: expected a limit that is one, as in < 300",
        Reading::Text(_) => "a text: expected == or != with a text in quotes",
        Reading::Truth(_) => "true or false: expected == true or == false",
    }
}

/// Whether two files are about the same accounts for the same time.
fn are_alike(now: &Value, was: &Value) -> bool {
    let same = |key: &str| match (now.get(key), was.get(key)) {
        (Some(now), Some(was)) => now == was,
        _ => true,
    };
    ["scenario", "accounts", "horizon_days", "start"].into_iter().all(same)
}

/// Whether replications of two files have the same luck: the same seed draws the same customers and attacks.
fn has_same_luck(now: &Value, was: &Value) -> bool {
    let same = |key: &str| now.get(key).is_some() && now.get(key) == was.get(key);
    let population = ["population_hash"].into_iter().all(|key| now.get(key) == was.get(key));
    same("seed") && same("accounts") && population
}

/// Whether two files are of the same scenario in force, down to its seed and replications.
fn same_program_of_luck(now: &Value, was: &Value) -> bool {
    let same = |key: &str| now.get(key).is_some() && now.get(key) == was.get(key);
    ["scenario_hash", "seed", "replications"].into_iter().all(same)
}

impl Rule {
    /// What it says, in a line.
    pub fn says(&self) -> String {
        let below = self.strategy.as_ref().map(|strategy| format!(" (strategy {strategy})")).unwrap_or_default();
        match &self.says {
            Says::Check(text, _) => format!("{text}{below}"),
            Says::Time(time) => {
                let [slower, sure] = [time.slower, time.confidence].map(meaning::stated);
                format!("not slower by {slower}, with {sure}")
            }
        }
    }
}

impl Asked {
    /// The question, if it is one of numbers.
    pub(super) fn question(&self) -> Option<&Question> {
        match &self.what {
            What::Limit { question, .. } | What::Baseline { question, .. } => Some(question),
            What::Time(found) => found.question.as_ref(),
            What::Plain { .. } | What::Nothing { .. } | What::Command | What::Recorded(..) => None,
        }
    }

    /// The same with the times that a rule asks for. Among several uncertain figures it takes more to be as sure.
    ///
    /// # Errors
    ///
    /// If a program cannot be run.
    pub(super) fn timed(&self, time: &Time, among: usize, timer: &mut dyn Timer) -> Result<Self, Error> {
        let sure = 1.0 - (1.0 - time.confidence) / among.max(1) as f64;
        let what = match (&self.what, &time.what) {
            (What::Recorded(now, was), _) => What::Time(timing::of_samples(time, sure, now, was)),
            (What::Command, Timed::Command(arguments)) => match timer.most_pairs() {
                Some(most) => {
                    let mut run = |program| timer.seconds(program, arguments);
                    What::Time(timing::in_turn(time, sure, most, &mut run)?)
                }
                None => What::Nothing { why: NO_PROGRAM },
            },
            (other, _) => other.clone(),
        };
        Ok(Self { what, ..self.clone() })
    }
}
