//! `cutover sweep`.

use std::path::Path;

use clap::Args;

use super::ScenarioArguments;
use super::study::StudyArguments;
use crate::error::{Error, Result};
use crate::folder::{Files, Kind};
use crate::report::sweep::best_words::{self, Typed};
use crate::report::sweep::{charts, page, words};
use crate::scenario::Scenario;
use crate::scenario_file::strategy_file;
use crate::sweep::axis::Axis;
use crate::sweep::best::{Asked, Best, best};
use crate::sweep::figure::Figure;
use crate::sweep::goal::{Goal, Limit};
use crate::sweep::search::Effort;
use crate::sweep::{Settings, sweep, usual, vary};
use crate::text;

#[derive(Debug, Args)]
pub(super) struct SweepArguments {
    #[command(flatten)]
    scenario: ScenarioArguments,
    /// What to vary: a list (KEY=20,30), a range with a step (KEY=10..60:10) or a number of values (KEY=10..60/6), or the ends
    /// of a range (KEY=10..60) with --points; may be repeated. A strategy's own keys begin with its name:
    /// lazy.link_lifetime_h=24..96/4. A * multiplies what is stated: desk.tier1.agents=*0.8,1,1.2
    #[arg(long, value_name = "KEY=VALUES")]
    vary: Vec<String>,
    /// Take so many Sobol' points over all keys instead of every combination of their values. With --best: points of its
    /// first round [default: 32]
    #[arg(long, value_name = "N")]
    points: Option<u32>,
    /// Find the values with which the strategy does best in this figure: cost, staffed_cost, customers_lost, taken_over ….
    /// Without --vary the usual values of the strategy are looked through
    #[arg(long, value_name = "FIGURE")]
    best: Option<String>,
    /// What must hold of the best, as in 'desk.abandoned_share < 0.05'; may be repeated
    #[arg(long, value_name = "LIMIT", requires = "best")]
    subject_to: Vec<String>,
    /// Accounts that each point simulates [default: as many as luck asks for]
    #[arg(long, value_name = "N")]
    accounts_per_point: Option<u64>,
    #[command(flatten)]
    study: StudyArguments,
}

impl SweepArguments {
    pub(super) fn run(self) -> Result<()> {
        let loaded = self.scenario.load()?;
        let scenario = &loaded.scenario;
        let goal = self.goal()?;
        let axes = self.axes(scenario, goal.as_ref())?;
        let effort = Effort {
            places: self.points.unwrap_or(Effort::default().places),
            ..Effort::default()
        };
        let searched = goal.as_ref().map(|goal| Asked { goal, axes: &axes, accounts: self.accounts_per_point, effort });
        let settings = Settings { points: self.points, accounts: self.accounts_per_point };
        match &searched {
            Some(asked) => asked.must_be_possible(scenario)?,
            None => settings.must_be_possible(&axes)?,
        }
        let told = format!(
            "{:?} {:?} {:?} {:?} {:?}",
            self.vary, self.points, self.accounts_per_point, self.best, self.subject_to
        );
        let mut study = self.study.begin(Kind::Sweep, scenario, &[&told], JOURNAL)?;
        if let Some(asked) = &searched {
            let found = study.simulate(|journal, progress| best(scenario, asked, journal, progress))?;
            self.add_best(&mut study.files, &found)?;
            let typed = Typed {
                scenario: typed(&self.scenario.scenario),
                strategy: typed(&study.out.join(best_words::file(&found))),
            };
            study.add_page(charts::of_best(&found), |charts| page::render_best(&found, &typed, charts))?;
            study.end(&found.json()?, &best_words::terminal(&found, &typed), "")
        } else {
            let found = study.simulate(|journal, progress| sweep(scenario, &axes, settings, journal, progress))?;
            study.files.add("points.csv", &found.csv()?)?;
            study.add_page(charts::all(&found), |charts| page::render(&found, charts))?;
            study.end(&found.json()?, &words::terminal(&found), "")
        }
    }

    /// The strategy as found, as a file of its own.
    fn add_best(&self, files: &mut Files, found: &Best) -> Result<()> {
        let Some(strategy) = &found.found else { return Ok(()) };
        let name = format!("{}-best", found.strategy);
        let summary = format!("{}, with the best values that were found for it.", found.strategy);
        let strategy = strategy.clone().named(&name).described(summary);
        let comment = best_words::origin(found, &self.command());
        files.add(&best_words::file(found), strategy_file::text(&strategy, &comment)?.as_bytes())
    }

    /// The command, as far as it decides what is found.
    fn command(&self) -> String {
        let mut words = vec!["cutover sweep".to_owned(), typed(&self.scenario.scenario)];
        let mut option = |name: &str, value: &str| words.push(format!("--{name} '{value}'"));
        let changes = &self.scenario.changes;
        changes.strategy.iter().for_each(|name| option("strategy", name));
        changes.set.iter().for_each(|set| option("set", set));
        let numbers = [
            ("accounts", changes.accounts),
            ("seed", changes.seed.map(u64::from)),
            ("replications", changes.replications.map(u64::from)),
            ("points", self.points.map(u64::from)),
            ("accounts-per-point", self.accounts_per_point),
        ];
        numbers
            .iter()
            .for_each(|(name, number)| number.iter().for_each(|number| option(name, &number.to_string())));
        self.vary.iter().for_each(|vary| option("vary", vary));
        self.best.iter().for_each(|best| option("best", best));
        self.subject_to.iter().for_each(|limit| option("subject-to", limit));
        words.join(" ")
    }

    /// What is to be as good as can be, if something is.
    fn goal(&self) -> Result<Option<Goal>> {
        let Some(best) = &self.best else { return Ok(None) };
        let (figure, _) = Figure::named(best).map_err(|said| Error::Input(format!("--best {best}: {said}")))?;
        let limits = all(self.subject_to.iter().map(|text| Limit::read(text)))?;
        Ok(Some(Goal { figure, limits }))
    }

    /// What is varied; everything that is wrong with it at once.
    fn axes(&self, scenario: &Scenario, goal: Option<&Goal>) -> Result<Vec<Axis>> {
        let mut texts = self.vary.clone();
        if let (Some(goal), true, [strategy]) = (goal, texts.is_empty(), scenario.strategies.as_slice()) {
            texts = usual::usual(scenario, strategy, goal);
        }
        if texts.is_empty() && goal.is_none() {
            return Err(Error::Input(
                "nothing is varied: expected --vary KEY=VALUES, as in --vary desk.tier1.agents=20,30,40".to_owned(),
            ));
        }
        all(texts.iter().map(|text| vary::read(scenario, text)))
    }
}

/// A path as it is typed, in quotes where a shell would take it apart.
fn typed(path: &Path) -> String {
    let path = text::path(path);
    let is_plain = |c: char| c.is_alphanumeric() || "/\\.:_-+,".contains(c);
    if path.chars().all(is_plain) {
        path
    } else {
        format!("'{path}'")
    }
}

/// All of them, or everything that is wrong at once.
fn all<T>(read: impl Iterator<Item = std::result::Result<T, String>>) -> Result<Vec<T>> {
    let (mut good, mut wrong) = (Vec::new(), Vec::new());
    read.for_each(|one| match one {
        Ok(one) => good.push(one),
        Err(said) => wrong.push(said),
    });
    if wrong.is_empty() {
        Ok(good)
    } else {
        Err(Error::Input(wrong.join("\n")))
    }
}

/// What was simulated lies here until the sweep is done.
const JOURNAL: &str = "points.journal";
