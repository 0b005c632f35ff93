//! Words of the TOML reader, and what `--set KEY=VALUE` says: the value, and the place that the key names.

use std::borrow::Cow;
use std::ops::Range;

use toml::{Table, Value};

use super::built_in;
use super::control_sets::completed;
use crate::scenario_file::path::Path;
use crate::scenario_file::shape::Shape;
use crate::text::one_of;

/// Levels of tables and lists that a scenario has, at most; what can be meant needs fewer than ten.
pub(super) const DEEPEST: usize = 32;

pub(super) fn too_deep() -> String {
    format!("tables or lists are nested too deeply: at most {DEEPEST} levels are allowed")
}

/// What the TOML reader complains of, and where.
pub(super) fn in_plain_words(text: &str, error: &toml::de::Error) -> (String, Option<Range<usize>>) {
    let message = error.message();
    let span = error.span();
    // The library has no kinds of errors, only prose: what is nested too deeply is known by this part of a word.
    if !message.contains("recurs") {
        return (format!("not valid TOML: {message}"), span);
    }
    // Of a key with too many parts the reader does not say where it stands: it is in the line with the most dots.
    let line = text.split_inclusive('\n').max_by_key(|line| line.bytes().filter(|byte| *byte == b'.').count());
    let of_line = |line: &str| {
        let start = line.as_ptr() as usize - text.as_ptr() as usize;
        start..start + line.trim_end().len()
    };
    (too_deep(), span.or_else(|| line.map(of_line)))
}

/// The value of `--set KEY=VALUE`: TOML, or a text as it stands. What begins like a list, a table or a quoted text must be
/// one.
pub(in crate::scenario_file) fn written(text: &str) -> Result<Value, String> {
    let text = text.trim();
    let read = match format!("value = {text}").parse::<Table>() {
        Ok(mut table) if table.len() == 1 => table.remove("value"),
        Ok(_) => None,
        Err(error) if text.starts_with(['[', '{', '"', '\'']) => {
            let what = match error.message() {
                message if message.contains("recurs") => too_deep(),
                message => message.to_owned(),
            };
            return Err(format!("the value is not valid TOML: {what}"));
        }
        Err(_) => None,
    };
    Ok(read.unwrap_or_else(|| Value::String(text.to_owned())))
}

/// The place that a dotted key names, and its path. What is not there yet is made, as it is by default.
pub(in crate::scenario_file) fn place<'a>(
    root: &'a mut Value,
    key: &str,
    shape: &Shape,
) -> Result<(Path, &'a mut Value), String> {
    let mut path = Path::default();
    let mut value = root;
    let mut default = shape.defaults.as_ref().map(Cow::Borrowed);
    let dotted = key.replace('[', ".").replace(']', "");
    if dotted.split('.').count() > DEEPEST {
        return Err(format!("a key of {} parts is not allowed: expected at most {DEEPEST}", dotted.split('.').count()));
    }
    for step in dotted.split('.') {
        if step.is_empty() {
            return Err(format!("\"{key}\" is not a key: expected something like population.accounts"));
        }
        if let Value::Array(array) = value {
            let index =
                element(array, step).map_err(|allowed| format!("{path} has no element \"{step}\": {allowed}"))?;
            path = path.index(index);
            value = &mut array[index];
            default = preset_of(value).map(Cow::Owned).or_else(|| inner(default?, |of| of.get(index)));
        } else {
            // A plain value gives way to the table that the key asks for; its type is checked later.
            if !value.is_table() {
                *value = Value::Table(Table::new());
            }
            let Value::Table(table) = value else {
                unreachable!("it was just made a table")
            };
            if shape.is_choice(&path) && !table.contains_key(step) {
                table.clear();
            }
            path = path.key(step);
            default = default.and_then(|default| inner(default, |of| of.get(step)));
            let made = || default.as_deref().cloned().unwrap_or_else(|| Value::Table(Table::new()));
            value = table.entry(step.to_owned()).or_insert_with(made);
        }
    }
    Ok((path, value))
}

/// What stands inside a value; nothing is copied that need not be.
fn inner<'a>(value: Cow<'a, Value>, get: impl for<'b> Fn(&'b Value) -> Option<&'b Value>) -> Option<Cow<'a, Value>> {
    match value {
        Cow::Borrowed(value) => get(value).map(Cow::Borrowed),
        Cow::Owned(value) => get(&value).cloned().map(Cow::Owned),
    }
}

/// The place of the element that `step` names by number or by name, or what would be allowed.
fn element(array: &[Value], step: &str) -> Result<usize, String> {
    let name_of = |element: &Value| element.get("name").and_then(Value::as_str).map(str::to_owned);
    let named = || array.iter().position(|element| name_of(element).as_deref() == Some(step));
    let index = step.parse().ok().or_else(named).filter(|index| *index < array.len());
    index.ok_or_else(|| match (array.len(), array.iter().filter_map(name_of).collect::<Vec<_>>()) {
        (0, _) => "the list is empty; set it as a whole".to_owned(),
        (length, names) if names.is_empty() => one_of((0..length).map(|index| index.to_string())),
        (_, names) => one_of(names),
    })
}

/// The values of the preset that a strategy starts from, if it does.
fn preset_of(strategy: &Value) -> Option<Value> {
    let (_, text) = built_in(strategy.get("preset")?.as_str()?)?;
    text.parse().ok().map(|preset| Value::Table(completed(preset)))
}
