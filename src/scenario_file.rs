//! Scenario file: reading and checking one.
//!
//! Reading goes in four steps: the texts (file, presets, `--set`) are laid over each other ([`source`]); the values
//! become types whose existence proves their limits (`typed`, [`values`]); what must agree with each
//! other is checked (`check`, and `warnings` for what is legal but surely not meant); and every complaint, all at once,
//! is shown at its place in the file ([`diagnostics`]).
//!
//! A scenario that is built in code goes through the same types and checks: [`Scenario::builder`], [`Scenario::set`].

pub mod path;

pub mod source;

mod file;

pub mod schema;

mod shape;

mod reader;

mod typed;

mod check;

mod warnings;

pub mod diagnostics;

pub mod listing;

pub mod keys;

pub mod number;

pub mod settable;

pub mod strategy_file;

mod in_code;

use std::path::Path;

pub use in_code::{InvalidValue, ScenarioBuilder, ScenarioError};
use source::Source;

use crate::error::{Error, Result};
use crate::scenario::Scenario;
use crate::strategy::controls::ControlSet;
use crate::values;

impl Scenario {
    /// Reads a scenario file, keeping only the strategies `chosen` (all of them if empty) and applying `sets`
    /// (`KEY=VALUE`).
    pub fn load(path: &Path, chosen: &[String], sets: &[String]) -> Result<Loaded> {
        Self::load_under(path, chosen, None, sets)
    }

    /// Reads a scenario file as [`Scenario::load`] does, and puts every strategy under this set of controls, if one is given:
    /// controls that it states are dropped, apart from whether it announces itself and when it reminds.
    pub fn load_under(path: &Path, chosen: &[String], under: Option<ControlSet>, sets: &[String]) -> Result<Loaded> {
        let text = file::read(path)?;
        let name = path.display().to_string();
        Loaded::parse_under(&name, &text, (chosen, under), sets)
    }

    /// Reads the distributions that are kept in files.
    fn read_values(&mut self, source: &Source) -> Vec<source::Problem> {
        let folder = self.folder.clone();
        let problem =
            |key: &str, message: String| source.problem(&path::Path::keys(&format!("desk.{key}.empirical")), message);
        let read = |(key, empirical): (&'static str, &mut values::Empirical)| {
            empirical.read(&folder).err().map(|message| problem(key, message))
        };
        self.desk.empirical().into_iter().filter_map(read).collect()
    }
}

/// A valid scenario together with the texts it came from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The scenario.
    pub scenario: Scenario,
    /// Where each value was written.
    pub source: Source,
    /// What is legal but surely not meant.
    pub warnings: Vec<source::Problem>,
}

impl Loaded {
    /// Reads a scenario from text. `name` is the file it came from, or what else to call it in messages; a scenario
    /// without a name of its own is named after it.
    pub fn parse(name: &str, text: &str, chosen: &[String], sets: &[String]) -> Result<Self> {
        Self::parse_under(name, text, (chosen, None), sets)
    }

    /// As [`Loaded::parse`], with every strategy under a set of controls, if one is given.
    fn parse_under(
        name: &str,
        text: &str,
        (chosen, under): (&[String], Option<ControlSet>),
        sets: &[String],
    ) -> Result<Self> {
        let fail =
            |texts: &[source::Text], problems: &[source::Problem]| Error::Input(diagnostics::render(texts, problems));
        let source =
            Source::read(name, text, (chosen, under), sets).map_err(|(texts, problems)| fail(&texts, &problems))?;
        let (mut scenario, mut problems, removed) = typed::deserialize(&source);
        scenario.resolve_segments();
        scenario.folder = Path::new(name).parent().map(Path::to_owned).unwrap_or_default();
        problems.extend(scenario.read_values(&source));
        if scenario.name.is_empty() {
            scenario.name = Path::new(name).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        }
        problems.extend(check::check(&scenario, &source, &removed));
        if !problems.is_empty() {
            return Err(fail(&source.texts, &problems));
        }
        let warnings = warnings::warnings(&scenario, &source);
        Ok(Self { scenario, source, warnings })
    }
}
