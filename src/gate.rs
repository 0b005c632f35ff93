//! Gate: rules over what result files say, for a pipeline that stops on what got worse, and not on noise.
//!
//! A [rule](rules) names a figure of a file by its path and says what must hold of it ([`check`]): a limit, or that it
//! is not worse than in the baseline. With a confidence stated, the luck that the file tells is taken into account
//! ([`estimate`]), and a rule may be neither kept nor broken: undecided. A rule about [time](timing) compares how long two
//! programs take. [`verdict`] judges all of them together.

pub mod check;

pub mod estimate;

mod evidence;

mod files;

mod find;

#[cfg(feature = "cli")]
pub mod junit;

pub mod markdown;

mod meaning;

pub mod path;

mod question;

mod ranks;

pub mod rules;

pub mod timing;

mod told;

pub mod verdict;

pub mod words;

use std::path::PathBuf;

use serde::Serialize;

use crate::error::{Error, Result};
use crate::scenario_file::source::Problem;
use files::Library;
use question::{Asked, Ground};
use rules::{Rules, Says};
use timing::Timer;
use verdict::{Outcome, Question, answers};

/// Version of the layout of the JSON that a gate writes.
pub const SCHEMA_VERSION: u32 = 1;

/// What rules are judged on.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The result file, or its folder, of rules that name none.
    pub results: Option<PathBuf>,
    /// What rules hold figures against: a result file, or a folder of them.
    pub baseline: Option<PathBuf>,
}

/// What came of all rules.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Gate {
    /// Version of this layout.
    pub schema_version: u32,
    /// Failed if a rule did, or if one is undecided and says that this fails.
    pub outcome: Outcome,
    /// Rules that are kept.
    pub passed: usize,
    /// Rules that are broken.
    pub failed: usize,
    /// Rules of which the evidence does not tell.
    pub undecided: usize,
    /// Whether what noise breaks is counted for all rules together.
    pub together: bool,
    /// The rules, in the order of their file.
    pub rules: Vec<Judged>,
}

/// What came of a rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Judged {
    /// Its name.
    pub name: String,
    /// What it says.
    pub says: String,
    /// The file that it is about, as it was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The worst that came of its figures.
    pub outcome: Outcome,
    /// Whether undecided counts as failed.
    pub undecided_fails: bool,
    /// Its figures: several where its path says `*`.
    pub figures: Vec<Part>,
}

/// What came of a figure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Part {
    /// The path to it.
    pub path: String,
    /// What came of it.
    pub outcome: Outcome,
    /// The whole in a sentence.
    pub told: String,
    /// Its value; a text or yes and no are told in the sentence alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Its value in the baseline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<f64>,
    /// Lower and upper bound of the figure, or of its difference to the baseline, or of the ratio of times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bounds: Option<[f64; 2]>,
    /// How sure each bound is, as a share.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    /// How figure and baseline were held against each other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paired_replications: Option<usize>,
    /// Samples of each program that a rule about time has, and asks for; `null` if those here do not tell how many it takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub samples: Option<[Option<usize>; 2]>,
}

impl Judged {
    /// Whether it stops the build.
    pub fn stops(&self) -> bool {
        self.outcome == Outcome::Failed || (self.outcome == Outcome::Undecided && self.undecided_fails)
    }
}

impl Gate {
    /// Judges rules. Times of programs are taken by `timer`.
    ///
    /// # Errors
    ///
    /// All that is wrong with the rules or the files, at once, each at its rule.
    pub fn judge(rules: &Rules, places: &Places, timer: &mut dyn Timer) -> Result<Self> {
        let mut library = Library::default();
        let mut problems = Vec::new();
        let mut asked: Vec<Vec<Asked>> = Vec::new();
        // All that can be refused is, before a program is started.
        for rule in &rules.rules {
            let ground = Ground { rule, places };
            match ground.ask(&mut library) {
                Ok(found) => asked.push(found),
                Err(message) => {
                    let origin = Some(rule.origin.clone());
                    problems.push(Problem { key: "rule".to_owned(), message, origin });
                }
            }
        }
        if !problems.is_empty() {
            return Err(rules.complain(&problems));
        }
        let uncertain = |asked: &&Asked| asked.question().is_none_or(|question| question.confidence.is_some());
        let among = if rules.together {
            asked.iter().flatten().filter(uncertain).count()
        } else {
            1
        };
        for (rule, parts) in rules.rules.iter().zip(&mut asked) {
            if let Says::Time(time) = &rule.says {
                let timed = parts.iter().map(|part| part.timed(time, among, timer));
                *parts = timed.collect::<Result<_>>()?;
            }
        }
        Ok(Self::of(rules, &asked))
    }

    /// The files that rules are judged on, as far as they are there: nothing may be written over them.
    pub fn reads(rules: &Rules, places: &Places) -> Vec<PathBuf> {
        rules.rules.iter().flat_map(|rule| Ground { rule, places }.files()).collect()
    }

    fn of(rules: &Rules, asked: &[Vec<Asked>]) -> Self {
        let questions: Vec<&Question> = asked.iter().flatten().filter_map(Asked::question).collect();
        let mut answers = answers(&questions, rules.together).into_iter();
        let judged = rules.rules.iter().zip(asked).map(|(rule, parts)| {
            let figures: Vec<Part> = parts
                .iter()
                .map(|part| {
                    let answer = part.question().and_then(|_| answers.next());
                    part.told(answer.as_ref())
                })
                .collect();
            Judged {
                name: rule.name.clone(),
                says: rule.says(),
                file: parts.first().and_then(|part| part.file.clone()),
                outcome: figures.iter().map(|figure| figure.outcome).max().unwrap_or(Outcome::Undecided),
                undecided_fails: rule.undecided_fails,
                figures,
            }
        });
        let judged: Vec<Judged> = judged.collect();
        let count = |outcome| judged.iter().filter(|rule| rule.outcome == outcome).count();
        let [passed, failed, undecided] = [Outcome::Passed, Outcome::Failed, Outcome::Undecided].map(count);
        let outcome = match (failed, judged.iter().any(Judged::stops)) {
            (1.., _) => Outcome::Failed,
            (_, true) => Outcome::Undecided,
            _ => Outcome::Passed,
        };
        Self {
            schema_version: SCHEMA_VERSION,
            outcome,
            passed,
            failed,
            undecided,
            together: rules.together,
            rules: judged,
        }
    }

    /// `gate.json`.
    ///
    /// # Errors
    ///
    /// If it cannot be written, which does not happen to finite numbers.
    pub fn json(&self) -> Result<Vec<u8>> {
        serde_json::to_vec_pretty(self).map_err(|error| Error::Store(format!("the verdict cannot be written: {error}")))
    }
}
