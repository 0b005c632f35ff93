//! Why a scenario in code is refused: a value for each mistake, without text to point into.

use std::fmt;

use toml::Value;

use crate::error::Error;
use crate::scenario_file::path::{Path, Step};
use crate::scenario_file::source::Problem;
use crate::text::cut_numbers;

/// Everything that is wrong with a scenario or a strategy that was built or changed in code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioError {
    /// Each mistake once, in the order in which they were found.
    pub problems: Vec<InvalidValue>,
}

/// One value that is not allowed, or not meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidValue {
    /// Its key, as in `strategies.patient.controls.link_lifetime_h`; empty if the scenario as a whole is meant.
    pub key: String,
    /// What was stated there, as TOML; `None` if nothing was, or if it is a table or a list.
    pub value: Option<String>,
    /// What is wrong and what is allowed.
    pub message: String,
}

impl ScenarioError {
    pub(super) fn new(problems: impl Iterator<Item = InvalidValue>) -> Self {
        let mut once: Vec<InvalidValue> = Vec::new();
        for problem in problems {
            if !once.contains(&problem) {
                once.push(problem);
            }
        }
        Self { problems: once }
    }

    pub(super) fn of(key: &str, value: Option<String>, message: String) -> Self {
        Self {
            problems: vec![InvalidValue { key: key.to_owned(), value, message }],
        }
    }
}

impl InvalidValue {
    /// A problem with these values.
    pub(super) fn new(root: &Value, problem: &Problem) -> Self {
        let (key, found) = walk(root, &problem.key);
        let value = found.and_then(|value| match value {
            Value::Table(_) | Value::Array(_) => None,
            // As people write it: -3, not -3.0.
            Value::Float(number) => Some(number.to_string()),
            plain => Some(plain.to_string()),
        });
        // The message of a limit begins with the value, which stands before it here.
        let message = match &value {
            Some(value) => problem.message.strip_prefix(&format!("{value} is ")).unwrap_or(&problem.message),
            None => &problem.message,
        };
        let (value, message) = (value.map(|value| cut_numbers(&value).into_owned()), cut_numbers(message).into_owned());
        Self { key, value, message }
    }
}

/// The key with elements of lists called by their names, and the value there.
fn walk<'a>(root: &'a Value, key: &str) -> (String, Option<&'a Value>) {
    let dotted = key.replace('[', ".").replace(']', "");
    let mut at = Some(root);
    let mut steps = Vec::new();
    for step in dotted.split('.').filter(|step| !step.is_empty()) {
        let list = at.and_then(Value::as_array);
        let Some(list) = list else {
            at = at.and_then(|value| value.get(step));
            steps.push(Step::Key(step.to_owned()));
            continue;
        };
        let name_of = |element: &Value| element.get("name").and_then(Value::as_str).map(str::to_owned);
        let named = || list.iter().position(|element| name_of(element).as_deref() == Some(step));
        let place = step.parse().ok().or_else(named);
        at = place.and_then(|place: usize| list.get(place));
        let name = at.and_then(name_of).filter(|name| {
            let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "-_ ".contains(c));
            plain && list.iter().filter(|element| name_of(element).as_ref() == Some(name)).count() == 1
        });
        steps.push(match (name, place) {
            (Some(name), _) => Step::Key(name),
            (None, Some(place)) => Step::Index(place),
            (None, None) => Step::Key(step.to_owned()),
        });
    }
    (Path(steps).to_string(), at)
}

impl fmt::Display for InvalidValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.key.as_str(), &self.value) {
            ("", _) => f.write_str(&self.message),
            (key, Some(value)) => write!(f, "{key} = {value}: {}", self.message),
            (key, None) => write!(f, "{key}: {}", self.message),
        }
    }
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, problem) in self.problems.iter().enumerate() {
            let new_line = if place > 0 { "\n" } else { "" };
            write!(f, "{new_line}{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ScenarioError {}

impl From<ScenarioError> for Error {
    fn from(refused: ScenarioError) -> Self {
        Self::Input(refused.to_string())
    }
}
