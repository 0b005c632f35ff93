//! The reference of keys: every key of the scenario file with its meaning, unit, limits, default, grade and source.
//!
//! All of it is read from where it is declared: the JSON Schema knows keys, meanings, limits and defaults, the sections
//! know grades and sources. What stands in many places (weekly values, durations, ranges …) is told once, as a kind.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::listing;
use crate::scenario::Scenario;
use crate::scenario::section::{Evidence, Grade, join, unit_of};

use crate::strategy::PRESETS;

mod page;

mod words;

/// One key.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// Dotted key, as `--set` takes it; `[0]` stands for any place in a list.
    pub path: String,
    /// What it means.
    pub meaning: String,
    /// Its unit, if it has one.
    pub unit: &'static str,
    /// What it may be.
    pub allowed: String,
    /// What it is if it is left out.
    pub default: String,
    /// How well the default is known.
    pub grade: Grade,
    /// Where the default comes from.
    pub source: &'static str,
}

/// A table of the scenario file, or a kind of value that stands in many places.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Dotted key of the table, or name of the kind.
    pub name: String,
    /// What it is about.
    pub meaning: String,
    /// What may be written where there is a choice, each with its meaning.
    pub choices: Vec<(String, String)>,
    /// The keys in it.
    pub keys: Vec<Key>,
}

/// The reference of keys.
#[derive(Clone, Debug)]
pub struct Reference {
    /// Tables of the file, in its order.
    pub tables: Vec<Table>,
    /// Kinds of value.
    pub kinds: Vec<Table>,
    schema: Json,
    evidence: Vec<Evidence>,
    /// Where the keys of a definition were told.
    told: BTreeMap<String, String>,
}

/// Tables that are kinds of value, because they stand in many places.
const VALUES: [&str; 9] = [
    "Window",
    "Open",
    "Exception",
    "Mean",
    "Spread",
    "Shaped",
    "Empirical",
    "Delay",
    "Between",
];

/// Choices that are told where they stand, because what may be chosen are tables of their own.
const IN_PLACE: [&str; 1] = ["Rollout"];

/// What a key holds.
enum Held<'a> {
    /// A table with keys of its own, and the name of its definition.
    Table(&'a str, &'a Json),
    /// A list of such tables.
    Tables(&'a Json),
    /// Anything else.
    Value,
}

impl Default for Reference {
    fn default() -> Self {
        Self::new()
    }
}

impl Reference {
    /// The reference of the scenario file of this program.
    pub fn new() -> Self {
        let schema = schemars::schema_for!(Scenario).to_value();
        let mut reference = Self {
            tables: Vec::new(),
            kinds: Vec::new(),
            schema: schema.clone(),
            evidence: listing::evidence(),
            told: BTreeMap::new(),
        };
        reference.table("", &schema);
        reference.tell_kinds();
        reference
    }

    /// Every key that is told, those of kinds left out.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.tables.iter().flat_map(|table| &table.keys)
    }

    /// Tells the table at `path`, then the tables in it.
    fn table(&mut self, path: &str, table: &Json) {
        let mut keys = Vec::new();
        let (mut inner, mut lists) = (Vec::new(), Vec::new());
        for (name, node) in self.in_order(path, table) {
            let place = join(path, name);
            match held(&self.schema, node) {
                Held::Table(definition, held) => {
                    if let Some(first) = self.told.get(definition) {
                        let mut key = self.key(path, name, node, table);
                        key.allowed = format!("a table with the keys of [`{first}`](#{})", page::slug(first));
                        keys.push(key);
                    } else {
                        self.told.insert(definition.to_owned(), place.clone());
                        inner.push((place, held.clone()));
                    }
                }
                Held::Tables(held) => {
                    let each = format!("{place}[0]");
                    let mut key = self.key(path, name, node, table);
                    key.allowed = format!("a list of tables with the keys of [`{each}`](#{})", page::slug(&each));
                    keys.push(key);
                    lists.push((each, held.clone()));
                }
                Held::Value => keys.push(self.key(path, name, node, table)),
            }
        }
        if path == "strategies[0]" {
            keys.push(preset());
        }
        self.tables.push(Table {
            name: path.to_owned(),
            meaning: words::meaning(table),
            choices: Vec::new(),
            keys,
        });
        for (place, table) in inner.into_iter().chain(lists) {
            self.table(&place, &table);
        }
    }

    /// The keys of a table: those with evidence in the order of their declaration, then the needed ones, then the rest.
    fn in_order<'a>(&self, path: &str, table: &'a Json) -> Vec<(&'a str, &'a Json)> {
        let choices = table["oneOf"].as_array().into_iter().flatten();
        let properties = std::iter::once(table).chain(choices).filter_map(|node| node["properties"].as_object());
        let mut keys: Vec<_> = properties.flatten().map(|(name, node)| (name.as_str(), node)).collect();
        let place = |key: &str| {
            let within = |known: &Evidence| {
                known.key.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            };
            self.evidence.iter().position(within).unwrap_or(usize::MAX)
        };
        keys.sort_by_cached_key(|(name, _)| (place(&join(path, name)), !is_needed(table, name), *name));
        keys
    }

    /// One key of a table.
    fn key(&self, around: &str, name: &str, node: &Json, table: &Json) -> Key {
        let path = join(around, name);
        let known = self.evidence.iter().find(|known| known.key == path);
        Key {
            unit: unit_of(&path),
            meaning: words::meaning(node),
            allowed: words::allowed(&self.schema, node),
            default: match node.get("default") {
                Some(Json::Null) => "left out".to_owned(),
                Some(default) => words::toml(default),
                None if is_needed(table, name) => "must be given".to_owned(),
                None => "left out".to_owned(),
            },
            grade: known.map_or(Grade::Setting, |known| known.grade),
            source: known.map_or("", |known| known.source),
            path,
        }
    }

    /// Tells the kinds of value that the tables and other kinds use, each once.
    fn tell_kinds(&mut self) {
        let definitions = self.schema["$defs"].clone();
        let mut told = BTreeSet::new();
        let mut waiting = words::kinds_in(&self.tables);
        while !waiting.is_empty() {
            let mut tables = Vec::new();
            for (definition, node) in definitions.as_object().into_iter().flatten() {
                let title = words::title(definition);
                if waiting.contains(&page::slug(&title)) && told.insert(page::slug(&title)) {
                    tables.push(self.kind(title, node));
                }
            }
            waiting = words::kinds_in(&tables);
            waiting.retain(|anchor| !told.contains(anchor));
            self.kinds.extend(tables);
        }
        self.kinds.sort_by(|a, b| a.name.cmp(&b.name));
    }

    /// A kind of value.
    fn kind(&self, title: String, node: &Json) -> Table {
        let choices = node["oneOf"].as_array().or(node["anyOf"].as_array());
        let keys = node["properties"].as_object().into_iter().flatten();
        let mut keys: Vec<Key> = keys.map(|(name, inner)| self.key("", name, inner, node)).collect();
        keys.sort_by_key(|key| key.default != "must be given");
        // The numbers in windows are those of the key whose value they are.
        keys.iter_mut()
            .filter(|key| title == "window" && key.path == "value")
            .for_each(|key| "a number that the key allows".clone_into(&mut key.allowed));
        Table {
            name: title,
            meaning: words::meaning(node),
            choices: choices.into_iter().flatten().map(|node| words::choice(&self.schema, node)).collect(),
            keys,
        }
    }
}

/// `preset`, which is laid in before the strategy is read, so that its type does not know it.
fn preset() -> Key {
    let names: Vec<String> = PRESETS.iter().map(|(name, _)| format!("`\"{name}\"`")).collect();
    Key {
        path: "strategies[0].preset".to_owned(),
        meaning: "Built-in strategy to start from. It is laid in, so `validate` prints its values and not this key."
            .to_owned(),
        unit: "",
        allowed: names.join(", "),
        default: "left out".to_owned(),
        grade: Grade::Setting,
        source: "",
    }
}

fn is_needed(table: &Json, name: &str) -> bool {
    table["required"].as_array().is_some_and(|needed| needed.iter().any(|key| key == name))
}

/// What the key with this schema holds.
fn held<'a>(schema: &'a Json, node: &'a Json) -> Held<'a> {
    let node = words::present(node);
    let of_list = node.get("items");
    let Some((name, definition)) = words::definition(schema, of_list.unwrap_or(node)) else {
        return Held::Value;
    };
    let is_table = definition.get("properties").is_some() && !VALUES.contains(&words::plain(name));
    match (is_table || IN_PLACE.contains(&name), of_list) {
        (true, None) => Held::Table(name, definition),
        (true, Some(_)) => Held::Tables(definition),
        (false, _) => Held::Value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_with_a_source_is_told_with_it() {
        let reference = Reference::new();
        for known in listing::evidence() {
            let key = reference.keys().find(|key| key.path == known.key);
            match key {
                Some(key) => assert_eq!((key.grade, key.source), (known.grade, known.source), "{}", known.key),
                None => assert!(reference.tables.iter().any(|table| table.name == known.key), "{}", known.key),
            }
        }
    }

    #[test]
    fn every_key_says_what_it_means_and_what_it_may_be() {
        let reference = Reference::new();
        assert!(reference.keys().count() > 200);
        for key in reference.keys().chain(reference.kinds.iter().flat_map(|kind| &kind.keys)) {
            assert!(!key.meaning.is_empty() && !key.allowed.is_empty(), "{key:?}");
        }
    }

    #[test]
    fn what_stands_in_many_places_is_told_once() {
        let reference = Reference::new();
        let mut names: Vec<_> = reference.tables.iter().chain(&reference.kinds).map(|table| &table.name).collect();
        names.sort();
        let told = names.len();
        names.dedup();
        assert_eq!(names.len(), told);
        assert!(reference.kinds.iter().any(|kind| kind.name == "weekly value"));
        assert!(!reference.keys().any(|key| key.path.starts_with("population.segments[0].shares.")));
    }
}
