//! Every value in force, with its unit, source and grade.

use toml::Value;

use super::Loaded;
use super::path::{Path, Step};
use crate::scenario::section::{Evidence, Grade, Section, unit_of};

/// One value in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Dotted key, as `--set` takes it.
    pub key: String,
    /// The value, as TOML.
    pub value: String,
    /// Its unit, if it has one.
    pub unit: &'static str,
    /// How well it is known.
    pub grade: Grade,
    /// Where it comes from.
    pub source: String,
}

/// Where the defaults of a scenario's sections come from.
pub fn evidence() -> Vec<Evidence> {
    let mut out = Vec::new();
    crate::scenario::population::Population::evidence("population", &mut out);
    crate::scenario::behaviour::Behaviour::evidence("journey", &mut out);
    crate::scenario::threat::Threat::evidence("threat", &mut out);
    crate::scenario::target::Target::evidence("target", &mut out);
    crate::scenario::desk::Desk::evidence("desk", &mut out);
    crate::scenario::prices::Prices::evidence("prices", &mut out);
    crate::scenario::uncertain::Grades::evidence("grades", &mut out);
    out
}

/// All values of a scenario, in the order of its sections.
pub fn values_in_force(loaded: &Loaded) -> Vec<Listed> {
    let evidence = evidence();
    let Ok(value) = Value::try_from(&loaded.scenario) else {
        return Vec::new();
    };
    let mut listed = Vec::new();
    list(&value, &Path::default(), loaded, &evidence, &mut listed);
    listed
}

/// The values that are claims about the world: those with a grade worth questioning.
pub fn assumptions(loaded: &Loaded) -> Vec<Listed> {
    let mut values = values_in_force(loaded);
    values.retain(|value| value.grade != Grade::Setting);
    values.retain(|value| !value.key.starts_with("strategies") && value.key.contains('.'));
    values
}

fn list(value: &Value, path: &Path, loaded: &Loaded, evidence: &[Evidence], out: &mut Vec<Listed>) {
    let key = path.to_string();
    let known = evidence.iter().find(|known| known.key == key);
    match value {
        Value::Table(table) if known.is_none() => {
            for (key, value) in table {
                list(value, &path.key(key), loaded, evidence, out);
            }
        }
        Value::Array(array) if known.is_none_or(|k| k.grade == Grade::Setting) && array.iter().any(Value::is_table) => {
            for (index, value) in array.iter().enumerate() {
                list(value, &path.index(index), loaded, evidence, out);
            }
        }
        _ => out.push(listed(value, path, loaded, known)),
    }
}

fn listed(value: &Value, path: &Path, loaded: &Loaded, known: Option<&Evidence>) -> Listed {
    let key = path.to_string();
    let (grade, source) = match loaded.source.yours(path) {
        Some(origin) => {
            let text = &loaded.source.texts[origin.text];
            let line = text.text[..origin.span.start].matches('\n').count() + 1;
            match text.name.as_str() {
                super::source::COMMAND_LINE => (Grade::Yours, text.text.clone()),
                name => (Grade::Yours, format!("{name}:{line}")),
            }
        }
        None => match known {
            Some(known) if !known.source.is_empty() => (known.grade, known.source.to_owned()),
            _ => (Grade::Setting, inherited(path).to_owned()),
        },
    };
    Listed {
        unit: unit_of(&key),
        key,
        value: value.to_string(),
        grade,
        source,
    }
}

/// What a value without evidence of its own is: part of a preset or a default setting.
fn inherited(path: &Path) -> &'static str {
    match path.0.first() {
        Some(Step::Key(key)) if key == "strategies" => "built-in strategy or default",
        _ => "default",
    }
}
