//! Scenarios and strategies written in code: built, changed by key, and checked as a file is.
//!
//! A scenario in code goes through the same types and the same checks as a file ([`Source::of_values`] stands in for the
//! texts), but no text is read: presets are read once for the whole process, and a change of one key takes well under a
//! millisecond, so that a sweep can make thousands.

mod builder;

mod refusal;

use std::sync::LazyLock;

use toml::{Table, Value};

use super::path::Path;
use super::source::{Problem, Source};
use super::{check, typed, warnings};
use crate::scenario::Scenario;
use crate::strategy::{PRESETS, Strategy};
use crate::text::one_of;
use crate::values::Empirical;
pub use builder::ScenarioBuilder;
pub use refusal::{InvalidValue, ScenarioError};

impl Scenario {
    /// Begins a scenario of this name, in which nothing else is stated.
    pub fn builder(name: impl Into<String>) -> ScenarioBuilder {
        let mut base = Self::default();
        base.name = name.into();
        ScenarioBuilder::new(base)
    }

    /// Goes on building from this scenario, as when a file is the base.
    pub fn rebuild(&self) -> ScenarioBuilder {
        ScenarioBuilder::new(self.clone())
    }

    /// Sets one value by its key, as `--set` does: `scenario.set("desk.tier1.agents", 30)?`. Elements of lists are named by
    /// their number or their name, as in `strategies.lazy.controls.link_lifetime_h`.
    ///
    /// # Errors
    ///
    /// If there is no such key, if the value is not allowed there, or if it does not agree with the others; the scenario is
    /// then what it was.
    pub fn set(&mut self, key: &str, value: impl Into<Value>) -> Result<&mut Self, ScenarioError> {
        *self = checked(self, &[(key.to_owned(), value.into())])?;
        Ok(self)
    }

    /// The scenario if it holds together: everything that a file is refused for is looked at, also in one whose fields were
    /// changed by hand.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it.
    pub fn checked(&self) -> Result<Self, ScenarioError> {
        checked(self, &[])
    }

    /// What is legal in it but surely not meant, as with files.
    pub fn warnings(&self) -> Vec<InvalidValue> {
        let Ok(source) = source(self, &[]) else {
            return Vec::new();
        };
        let found = warnings::warnings(self, &source);
        found.iter().map(|problem| InvalidValue::new(&source.value, problem)).collect()
    }
}

impl Strategy {
    /// A built-in strategy by name, one of [`Strategy::presets`].
    ///
    /// # Errors
    ///
    /// If there is none of this name.
    pub fn preset(name: &str) -> Result<Self, ScenarioError> {
        static READ: LazyLock<Vec<(&str, Result<Strategy, String>)>> = LazyLock::new(|| {
            PRESETS
                .iter()
                .map(|(name, _)| (*name, read_preset(name).map_err(|error| error.to_string())))
                .collect()
        });
        let found = READ.iter().find(|(preset, _)| *preset == name);
        let wrong = |message: String| ScenarioError::of("strategies", Some(format!("\"{name}\"")), message);
        match found {
            Some((_, Ok(strategy))) => Ok(strategy.clone()),
            Some((_, Err(message))) => Err(wrong(message.clone())),
            None => {
                let known = one_of(PRESETS.iter().map(|(name, _)| (*name).to_owned()));
                Err(wrong(format!("there is no built-in strategy of this name: {known}")))
            }
        }
    }

    /// Names of the built-in strategies.
    pub fn presets() -> impl Iterator<Item = &'static str> {
        PRESETS.iter().map(|(name, _)| *name)
    }

    /// Sets one value by its key, as `--set strategies.NAME.KEY=VALUE` does: `strategy.set("controls.link_lifetime_h", 72)?`.
    ///
    /// # Errors
    ///
    /// If there is no such key or the value is not allowed there; the strategy is then what it was. What must agree with the
    /// rest of a scenario is checked when that is built.
    pub fn set(&mut self, key: &str, value: impl Into<Value>) -> Result<&mut Self, ScenarioError> {
        let strategies = Value::Array(vec![value_of(self)?]);
        let root = Value::Table(Table::from_iter([("strategies".to_owned(), strategies)]));
        let (source, problems) = Source::of_values(root, &[(format!("strategies.0.{key}"), value.into())]);
        refuse(&source, &problems)?;
        let (mut scenario, problems, _) = typed::deserialize(&source);
        refuse(&source, &problems)?;
        if let Some(changed) = scenario.strategies.pop() {
            let refused = std::mem::take(&mut self.refused);
            *self = Self { refused, ..changed };
            self.refused.retain(|(of, _)| *of != key);
        }
        Ok(self)
    }

    /// The strategy with one value set by its key: see [`Strategy::set`].
    ///
    /// # Errors
    ///
    /// As for [`Strategy::set`].
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Result<Self, ScenarioError> {
        self.set(key, value)?;
        Ok(self)
    }
}

/// Reads a built-in strategy as a scenario does that names it.
fn read_preset(name: &str) -> Result<Strategy, ScenarioError> {
    let named = Table::from_iter([("preset", name), ("name", name)].map(|(key, name)| (key.to_owned(), name.into())));
    let root = Table::from_iter([("strategies".to_owned(), Value::Array(vec![Value::Table(named)]))]);
    let (source, problems) = Source::of_values(Value::Table(root), &[]);
    refuse(&source, &problems)?;
    let (mut scenario, problems, _) = typed::deserialize(&source);
    refuse(&source, &problems)?;
    let none = || ScenarioError::of("strategies", None, format!("the built-in strategy {name} is empty"));
    scenario.strategies.pop().ok_or_else(none)
}

fn value_of<T: serde::Serialize>(of: &T) -> Result<Value, ScenarioError> {
    Value::try_from(of).map_err(|error| ScenarioError::of("", None, format!("it cannot be written: {error}")))
}

/// The values of a scenario, with these laid over them.
fn source(scenario: &Scenario, sets: &[(String, Value)]) -> Result<Source, ScenarioError> {
    let mut root = value_of(scenario)?;
    // What was set in code outside its limits goes to where it was meant for, and is refused there.
    for (place, strategy) in scenario.strategies.iter().enumerate() {
        let strategies = Path::keys("strategies").index(place);
        for (key, value) in &strategy.refused {
            let inside = Path::keys(key);
            let path = Path(strategies.0.iter().chain(&inside.0).cloned().collect());
            if let Some(slot) = path.find_mut(&mut root) {
                *slot = value.clone();
            }
        }
    }
    let (source, problems) = Source::of_values(root, sets);
    refuse(&source, &problems)?;
    Ok(source)
}

/// The scenario with these values laid over its own, if everything agrees.
fn checked(scenario: &Scenario, sets: &[(String, Value)]) -> Result<Scenario, ScenarioError> {
    let source = source(scenario, sets)?;
    let (mut built, mut problems, removed) = typed::deserialize(&source);
    built.resolve_segments();
    built.folder.clone_from(&scenario.folder);
    problems.extend(read_values(&mut built, scenario, &source));
    problems.extend(check::check(&built, &source, &removed));
    refuse(&source, &problems)?;
    Ok(built)
}

/// Reads the distributions that are kept in files, unless the scenario before has read them.
fn read_values(built: &mut Scenario, before: &Scenario, source: &Source) -> Vec<Problem> {
    let folder = built.folder.clone();
    let mut before = before.desk.clone();
    let known: Vec<(&str, Empirical)> =
        before.empirical().into_iter().map(|(key, values)| (key, values.clone())).collect();
    let mut problems = Vec::new();
    for (key, empirical) in built.desk.empirical() {
        let same = |(of, known): &&(&str, Empirical)| {
            *of == key
                && known.file == empirical.file
                && known.column == empirical.column
                && !known.values_ms.is_empty()
        };
        if let Some((_, known)) = known.iter().find(same) {
            *empirical = known.clone();
        } else if let Err(message) = empirical.read(&folder) {
            problems.push(source.problem(&Path::keys(&format!("desk.{key}.empirical")), message));
        }
    }
    problems
}

fn refuse(source: &Source, problems: &[Problem]) -> Result<(), ScenarioError> {
    if problems.is_empty() {
        return Ok(());
    }
    Err(ScenarioError::new(problems.iter().map(|problem| InvalidValue::new(&source.value, problem))))
}
