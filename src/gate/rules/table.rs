//! Table: TOML read with its places, so that each complaint points at what is wrong.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::scenario_file::source::{Origin, Problem};
use crate::text::{one_of, visible_line};

/// A table of a file, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Value<'a> {
    table: DeTable<'a>,
    span: Range<usize>,
}

impl Value<'_> {
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// The place of the first of these keys that is there.
    pub(super) fn place_of<const N: usize>(&self, keys: [&str; N]) -> Range<usize> {
        keys.into_iter().find_map(|key| self.table.get(key)).map_or(self.span(), Spanned::span)
    }
}

/// Reads tables, and gathers what is wrong with them.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    text: &'a str,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, problems: Vec::new() }
    }

    /// The whole file; `None` if it is no TOML.
    pub(super) fn parse(&mut self) -> Option<Value<'a>> {
        match DeTable::parse(self.text) {
            Ok(root) => Some(Value { span: root.span(), table: root.into_inner() }),
            Err(error) => {
                let span = error.span();
                self.complain("", format!("this is no TOML: {}", error.message()), span);
                None
            }
        }
    }

    pub(super) fn complain(&mut self, key: &str, message: String, span: Option<Range<usize>>) {
        // A span in the middle of a character cannot be shown.
        let span = span.map(|span| self.floor(span.start)..self.floor(span.end.max(span.start)));
        let origin = span.map(|span| Origin { text: 0, span });
        self.problems.push(Problem { key: key.to_owned(), message, origin });
    }

    fn floor(&self, mut at: usize) -> usize {
        at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    /// Complains about the value of a key.
    pub(super) fn wrong(&mut self, table: &Value<'_>, key: &str, message: &str) {
        let span = table.table.get(key).map(Spanned::span);
        self.complain(key, message.to_owned(), span);
    }

    /// Complains about every key but these.
    pub(super) fn allow(&mut self, table: &Value<'_>, keys: &[&str], place: &str) {
        for key in table.table.keys().filter(|key| !keys.contains(&key.as_ref().as_ref())) {
            let name: &str = key.as_ref();
            let alike = |known: &str| strsim::jaro_winkler(known, name);
            let near = keys.iter().max_by(|a, b| alike(a).total_cmp(&alike(b))).filter(|near| alike(near) > 0.8);
            let near = near.map(|near| format!("did you mean {near}? ")).unwrap_or_default();
            let known = one_of(keys.iter().map(|key| (*key).to_owned()));
            let message = format!("there is no such key {place}: {near}{known}");
            self.complain(&visible_line(name), message, Some(key.span()));
        }
    }

    pub(super) fn text(&mut self, table: &Value<'_>, key: &str) -> Option<String> {
        match table.table.get(key)?.get_ref() {
            DeValue::String(text) if text.chars().any(crate::text::unprintable) => {
                self.wrong(table, key, "holds a character that cannot be seen");
                None
            }
            DeValue::String(text) if text.trim().is_empty() => {
                self.wrong(table, key, "is empty: expected a text");
                None
            }
            DeValue::String(text) => Some(text.to_string()),
            other => {
                let message = format!("is {}: expected a text in quotes", kind(other));
                self.wrong(table, key, &message);
                None
            }
        }
    }

    pub(super) fn truth(&mut self, table: &Value<'_>, key: &str) -> Option<bool> {
        match table.table.get(key)?.get_ref() {
            DeValue::Boolean(truth) => Some(*truth),
            other => {
                let message = format!("is {}: expected true or false", kind(other));
                self.wrong(table, key, &message);
                None
            }
        }
    }

    pub(super) fn texts(&mut self, table: &Value<'_>, key: &str, wanted: &str) -> Option<Vec<String>> {
        let list = match table.table.get(key)?.get_ref() {
            DeValue::Array(list) => list,
            other => {
                let message = format!("is {}: expected a list of {wanted}", kind(other));
                self.wrong(table, key, &message);
                return None;
            }
        };
        let texts = list.iter().map(|each| each.get_ref().as_str().map(str::to_owned));
        let texts: Option<Vec<String>> = texts.collect();
        if texts.is_none() {
            self.wrong(table, key, &format!("holds something that is no text: expected a list of {wanted}"));
        }
        texts
    }

    /// Tables of a list: `[[key]]`.
    pub(super) fn tables<'v>(&mut self, table: &Value<'v>, key: &str) -> Vec<Value<'v>> {
        let Some(found) = table.table.get(key) else {
            return Vec::new();
        };
        let list = match found.get_ref() {
            DeValue::Array(list) => list,
            other => {
                let message = format!("is {}: expected [[{key}]], once for each", kind(other));
                self.wrong(table, key, &message);
                return Vec::new();
            }
        };
        let mut tables = Vec::new();
        for each in list {
            match each.get_ref() {
                DeValue::Table(table) => tables.push(Value { table: table.clone(), span: each.span() }),
                other => {
                    let message = format!("{} stands in the list: expected [[{key}]], once for each", kind(other));
                    self.complain(key, message, Some(each.span()));
                }
            }
        }
        tables
    }

    /// The place of some bytes of a text in the file: exact where it is written without escapes.
    pub(super) fn within(&self, table: &Value<'_>, key: &str, text: &str, bytes: Range<usize>) -> Option<Range<usize>> {
        let whole = table.table.get(key).map(Spanned::span)?;
        let written = self.text.get(whole.clone())?;
        Some(match written.find(text) {
            Some(start) => whole.start + start + bytes.start..whole.start + start + bytes.end,
            None => whole,
        })
    }
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
