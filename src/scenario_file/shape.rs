//! The shape of a scenario file: which keys may stand where, from its JSON Schema, and what stands there by default.

use std::sync::LazyLock;

use serde_json::Value as Node;
use toml::Value;

use super::path::{Path, Step};
use crate::scenario::Scenario;

/// What may stand in a scenario file.
#[derive(Clone, Debug)]
pub struct Shape {
    schema: Node,
    /// The values of a scenario in which nothing is stated.
    pub defaults: Option<Value>,
}

impl Shape {
    /// The shape of scenario files: worked out once for all that are read or built.
    pub fn get() -> &'static Self {
        static SHAPE: LazyLock<Shape> = LazyLock::new(|| Shape {
            schema: schemars::schema_for!(Scenario).to_value(),
            defaults: Value::try_from(Scenario::default()).ok(),
        });
        &SHAPE
    }

    /// The keys that the table at `path` may have.
    pub fn keys(&self, path: &Path) -> Vec<String> {
        let properties = |node: &Node| node.get("properties").and_then(Node::as_object).cloned();
        self.nodes(path).into_iter().filter_map(properties).flatten().map(|(key, _)| key).collect()
    }

    /// What may stand at `path` where there is a choice: words, or tables with one key.
    pub fn kinds(&self, path: &Path) -> Vec<String> {
        let words = |node: &Node| match (node.get("const"), node.get("enum").and_then(Node::as_array)) {
            (Some(word), _) => vec![word.to_string()],
            (None, Some(words)) => words.iter().map(Node::to_string).collect(),
            (None, None) => Vec::new(),
        };
        let words: Vec<_> = self.nodes(path).into_iter().flat_map(words).collect();
        let tables = self.keys(path).into_iter().map(|key| format!("{{ {key} = ... }}"));
        words.into_iter().chain(tables).collect()
    }

    /// Whether a table, and no list, may stand at `path`.
    pub fn is_table(&self, path: &Path) -> bool {
        let nodes = self.nodes(path);
        let any = |key: &str| nodes.iter().any(|node| node.get(key).is_some());
        any("properties") && !any("items")
    }

    /// Whether the table at `path` holds exactly one key of a choice, as a rollout, a duration or opening hours do.
    pub fn is_choice(&self, path: &Path) -> bool {
        let nodes = self.nodes(path);
        let tables = nodes.iter().filter(|node| node.get("properties").is_some()).count();
        let words = nodes.iter().any(|node| node.get("const").is_some());
        tables > 1 || (tables == 1 && words)
    }

    /// All that may stand at `path`.
    pub(super) fn nodes(&self, path: &Path) -> Vec<&Node> {
        let whole = self.alternatives(&self.schema);
        path.0.iter().fold(whole, |nodes, step| {
            let inner = nodes.into_iter().filter_map(|node| match step {
                Step::Index(_) => node.get("items"),
                Step::Key(key) => node.get("properties")?.get(key),
            });
            inner.flat_map(|node| self.alternatives(node)).collect()
        })
    }

    /// What a node stands for: what it refers to, or one of several.
    fn alternatives<'a>(&'a self, node: &'a Node) -> Vec<&'a Node> {
        let referred = node
            .get("$ref")
            .and_then(Node::as_str)
            .and_then(|to| self.schema.pointer(to.trim_start_matches('#')));
        let several = node.get("anyOf").or_else(|| node.get("oneOf")).and_then(Node::as_array);
        match (referred, several) {
            (Some(node), _) => self.alternatives(node),
            (None, Some(nodes)) => nodes.iter().flat_map(|node| self.alternatives(node)).collect(),
            (None, None) => vec![node],
        }
    }
}
