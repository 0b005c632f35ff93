//! From values to types, with every mistake found in one go.
//!
//! Serde stops at the first mistake. So each mistake is noted, the offending value is taken out, and reading starts
//! again until nothing is wrong; what was taken out is reported, so that later checks do not complain about its absence.

use std::collections::{BTreeMap, BTreeSet};

use serde_path_to_error::Segment;
use toml::Value;

use super::Scenario;
use super::source::{Path, Problem, Source, Step, one_of};

/// The scenario (defaults standing in for what is wrong), what is wrong, and which keys were taken out.
pub fn deserialize(source: &Source) -> (Scenario, Vec<Problem>, Vec<Path>) {
    let mut reading = Reading {
        source,
        value: source.value.clone(),
        gone: BTreeMap::new(),
        removed: Vec::new(),
        problems: Vec::new(),
    };
    let mut unknown = BTreeSet::new();
    loop {
        let mut note = |path: serde_ignored::Path| {
            unknown.insert(ignored_path(&path));
        };
        let deserializer = serde_ignored::Deserializer::new(reading.value.clone(), &mut note);
        match serde_path_to_error::deserialize::<_, Scenario>(deserializer) {
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
    fn take_out(&mut self, error: &serde_path_to_error::Error<toml::de::Error>) -> bool {
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
        let as_written = self.as_written(&path);
        let mut message = error.inner().message().to_owned();
        let missing = message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
        let known = missing.is_some_and(|field| self.removed.contains(&as_written.key(field)));
        if !known {
            if let Some(field) = missing {
                message = format!("the key `{field}` is missing");
            } else if let (Some(Value::Boolean(_) | Value::Integer(_) | Value::Float(_) | Value::String(_)), true) =
                (path.find(&self.value), message.starts_with("invalid type"))
            {
                message =
                    message.replacen("invalid type: ", "", 1).replace(", expected", " is not allowed here: expected");
            }
            let message = message.trim_end().to_owned();
            self.problems.push(self.source.problem(&as_written, message));
        }
        self.remove(&path, as_written)
    }

    fn remove(&mut self, path: &Path, as_written: Path) -> bool {
        let mut around = path.clone();
        let Some(last) = around.0.pop() else { return false };
        match (around.find_mut(&mut self.value), last) {
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
            let mut around = path.clone();
            around.0.pop();
            let known = known_keys(&around);
            let near = known
                .iter()
                .filter(|name| strsim::damerau_levenshtein(name, key) <= 1 + key.len() / 4)
                .min_by_key(|name| strsim::damerau_levenshtein(name, key));
            let message = match near {
                Some(near) => format!("unknown key `{key}`; did you mean `{near}`?"),
                None => format!("unknown key `{key}`: {}", one_of(known.iter().cloned())),
            };
            self.problems.push(self.source.problem(path, message));
        }
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

/// The keys that the scenario file may have at `path`, from its JSON Schema.
fn known_keys(path: &Path) -> Vec<String> {
    let root = schemars::schema_for!(Scenario).to_value();
    let mut node = &root;
    for step in &path.0 {
        node = follow(&root, node);
        let next = match step {
            Step::Index(_) => node.get("items"),
            Step::Key(key) => {
                let variants = node.get("oneOf").and_then(|variants| variants.as_array());
                node.get("properties")
                    .and_then(|properties| properties.get(key))
                    .or_else(|| variants?.iter().find_map(|variant| variant.get("properties")?.get(key)))
            }
        };
        match next {
            Some(next) => node = next,
            None => return Vec::new(),
        }
    }
    let properties = follow(&root, node).get("properties").and_then(|properties| properties.as_object());
    properties.map(|properties| properties.keys().cloned().collect()).unwrap_or_default()
}

/// What a schema node stands for: an optional section is `anyOf: [section, null]`, a section may be a reference.
fn follow<'a>(root: &'a serde_json::Value, mut node: &'a serde_json::Value) -> &'a serde_json::Value {
    loop {
        let next = match (node.get("anyOf").and_then(|any| any.get(0)), node.get("$ref").and_then(|r| r.as_str())) {
            (Some(first), _) => Some(first),
            (None, Some(reference)) => root.pointer(reference.trim_start_matches('#')),
            (None, None) => None,
        };
        match next {
            Some(next) => node = next,
            None => return node,
        }
    }
}
