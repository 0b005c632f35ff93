//! From values to types, with every mistake found in one go.
//!
//! Serde stops at the first mistake. So each mistake is noted, the offending value is taken out, and reading starts
//! again until nothing is wrong; what was taken out is reported, so that later checks do not complain about its absence.

use std::collections::{BTreeMap, BTreeSet};

use serde_path_to_error::Segment;
use toml::Value;

use super::path::{Path, Step};
use super::reader::{Given, Mistake};
use super::source::{Problem, Source};
use crate::scenario::Scenario;
use crate::text::one_of;

/// The scenario (defaults standing in for what is wrong), what is wrong, and which keys were taken out.
pub fn deserialize(source: &Source) -> (Scenario, Vec<Problem>, Vec<Path>) {
    let mut reading = Reading {
        source,
        value: source.value.clone(),
        gone: BTreeMap::new(),
        removed: Vec::new(),
        problems: Vec::new(),
    };
    while let Some(path) = reading.list_for_table(&Path::default()) {
        let as_written = reading.as_written(&path);
        reading.problems.push(source.problem(&as_written, "a list is not allowed here: expected a table"));
        reading.remove(path);
    }
    let mut unknown = BTreeSet::new();
    loop {
        let mut passed_over = Vec::new();
        let mut note = |path: serde_ignored::Path| passed_over.push(ignored_path(&path));
        let deserializer = serde_ignored::Deserializer::new(Given(reading.value.clone()), &mut note);
        let read = serde_path_to_error::deserialize::<_, Scenario>(deserializer);
        unknown.extend(passed_over.iter().map(|path| reading.as_written(&reading.with_kinds(path))));
        match read {
            Ok(scenario) => {
                reading.unknown_keys(&unknown);
                return (scenario, reading.problems, reading.removed);
            }
            Err(error) => {
                if !reading.take_out(&error) {
                    return (Scenario::default(), reading.problems, reading.removed);
                }
            }
        }
    }
}

struct Reading<'a> {
    source: &'a Source,
    value: Value,
    /// Array elements that were taken out, by the path of the array, as numbered in the file.
    gone: BTreeMap<Path, BTreeSet<usize>>,
    removed: Vec<Path>,
    problems: Vec<Problem>,
}

impl Reading<'_> {
    /// Notes a mistake and takes its value out. False if there is nothing left to take out.
    fn take_out(&mut self, error: &serde_path_to_error::Error<Mistake>) -> bool {
        let mut path = Path(
            error
                .path()
                .iter()
                .filter_map(|segment| match segment {
                    Segment::Seq { index } => Some(Step::Index(*index)),
                    Segment::Map { key } => Some(Step::Key(key.clone())),
                    Segment::Enum { variant } => Some(Step::Key(variant.clone())),
                    Segment::Unknown => None,
                })
                .collect(),
        );
        while !path.0.is_empty() && path.find(&self.value).is_none() {
            path.0.pop();
        }
        let mistake = error.inner();
        if matches!(mistake, Mistake::UnknownKind(_)) && self.source.shape.is_choice(&path.around()) {
            path.0.pop();
        }
        let as_written = self.as_written(&path);
        // A key that was wrong and is out is not missing.
        let known = matches!(mistake, Mistake::Missing(key) if self.removed.contains(&as_written.key(key)));
        if !known {
            let message = self.in_plain_words(mistake, &path);
            self.problems.push(self.source.problem(&as_written, message));
        }
        self.remove(path)
    }

    /// A list where a table must be, which serde would take for the values of the table in order.
    fn list_for_table(&self, path: &Path) -> Option<Path> {
        match path.find(&self.value)? {
            Value::Array(_) if self.source.shape.is_table(path) => Some(path.clone()),
            Value::Array(array) => (0..array.len()).find_map(|index| self.list_for_table(&path.index(index))),
            Value::Table(table) => table.keys().find_map(|key| self.list_for_table(&path.key(key))),
            _ => None,
        }
    }

    /// A mistake in the words of the file.
    fn in_plain_words(&self, mistake: &Mistake, path: &Path) -> String {
        let kinds = || one_of(self.source.shape.kinds(path));
        match mistake {
            Mistake::NotOneKind => format!("exactly one key is needed: {}", kinds()),
            Mistake::UnknownKind(kind) => format!("`{kind}` is not allowed here: {}", kinds()),
            Mistake::NoSuchForm => match path.find(&self.value) {
                Some(value) => format!("{value} is not allowed here: {}", kinds()),
                None => mistake.to_string(),
            },
            Mistake::NotExpected { found, expected } => {
                format!("{found} is not allowed here: expected {}", of_type(expected))
            }
            // A key without quotes is a table of tables.
            Mistake::Missing(_) if matches!(path.0.first(), Some(Step::Key(first)) if first == "uncertain") => {
                format!(
                    "{mistake}: write the whole key in quotes, as in \"journey.choice.desk_weight\" = {{ low = 0.1, high = 0.5 }}"
                )
            }
            Mistake::Missing(_) => mistake.to_string(),
            Mistake::Said(said) => said.trim_end().to_owned(),
        }
    }

    /// Takes a value out. False if there is nothing left to take out.
    fn remove(&mut self, mut path: Path) -> bool {
        // What must hold exactly one thing is wrong as a whole if that thing is.
        while self.source.shape.is_choice(&path.around()) {
            path.0.pop();
        }
        let as_written = self.as_written(&path);
        let Some(last) = path.0.pop() else { return false };
        match (path.find_mut(&mut self.value), last) {
            (Some(Value::Table(table)), Step::Key(key)) => {
                table.remove(&key);
            }
            (Some(Value::Array(array)), Step::Index(index)) => {
                array.remove(index);
                let mut array_path = as_written.clone();
                if let Some(Step::Index(written)) = array_path.0.pop() {
                    self.gone.entry(array_path).or_default().insert(written);
                }
            }
            _ => return false,
        }
        self.removed.push(as_written);
        true
    }

    /// The path as numbered in the file, before elements were taken out of arrays.
    fn as_written(&self, path: &Path) -> Path {
        let mut written = Path::default();
        for step in &path.0 {
            let step = match step {
                Step::Key(key) => Step::Key(key.clone()),
                Step::Index(index) => {
                    let gone = self.gone.get(&written);
                    let mut place = *index;
                    for number in gone.into_iter().flatten() {
                        place += usize::from(*number <= place);
                    }
                    Step::Index(place)
                }
            };
            written.0.push(step);
        }
        written
    }

    fn unknown_keys(&mut self, unknown: &BTreeSet<Path>) {
        for path in unknown {
            let Some(Step::Key(key)) = path.0.last() else { continue };
            let known = self.source.shape.keys(&path.around());
            let near = known
                .iter()
                .filter(|name| strsim::damerau_levenshtein(name, key) <= 1 + key.len() / 4)
                .min_by_key(|name| strsim::damerau_levenshtein(name, key));
            let message = match near {
                Some(near) => format!("unknown key `{key}`; did you mean `{near}`?"),
                None => format!("unknown key `{key}`: {}", one_of(known.iter().cloned())),
            };
            self.problems.push(self.source.problem(path, message));
            self.removed.push(path.clone());
        }
    }

    /// The path of an unknown key with the kinds of rollout or duration in it, which the reader passes over.
    fn with_kinds(&self, path: &Path) -> Path {
        let mut whole = Path::default();
        for step in &path.0 {
            if let (true, Some(Value::Table(table))) = (self.source.shape.is_choice(&whole), whole.find(&self.value))
                && let Some(kind) = table.keys().next()
            {
                whole = whole.key(kind);
            }
            whole.0.push(step.clone());
        }
        whole
    }
}

/// What a type that reads values says that it expects, in the words of the file.
fn of_type(expected: &str) -> &str {
    match expected {
        "i64" => "a whole number",
        "u32" => "a whole number from 0 to 4294967295",
        "f64" => "a number",
        "a boolean" => "true or false",
        "path string" => "a string",
        "a sequence" => "a list",
        "a map" => "a table",
        other if other.starts_with("struct ") => "a table",
        other => other,
    }
}

fn ignored_path(path: &serde_ignored::Path) -> Path {
    use serde_ignored::Path as P;
    match path {
        P::Root => Path::default(),
        P::Seq { parent, index } => ignored_path(parent).index(*index),
        P::Map { parent, key } => ignored_path(parent).key(key),
        P::Some { parent } | P::NewtypeStruct { parent } | P::NewtypeVariant { parent } => ignored_path(parent),
    }
}
