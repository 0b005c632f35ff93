//! A node of the schema in words: its meaning, what it allows, its default as TOML.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::Table;
use super::page::slug;

/// The meaning of a node on one line.
pub(super) fn meaning(node: &Json) -> String {
    node["description"].as_str().unwrap_or("").replace('\n', " ")
}

/// A node without the `null` of what may be left out.
pub(super) fn present(node: &Json) -> &Json {
    let choices = node["anyOf"].as_array().map_or(&[][..], Vec::as_slice);
    let is_nothing = |node: &&Json| node["type"] == "null";
    match choices.iter().find(is_nothing) {
        Some(_) => choices.iter().find(|node| !is_nothing(node)).unwrap_or(node),
        None => node,
    }
}

/// The definition that a node refers to, with its name.
pub(super) fn definition<'a>(schema: &'a Json, node: &'a Json) -> Option<(&'a str, &'a Json)> {
    let to = node["$ref"].as_str()?;
    let name = to.rsplit('/').next()?;
    Some((name, schema.pointer(to.trim_start_matches('#'))?))
}

/// The name of a definition without the number that tells its variants apart.
pub(super) fn plain(definition: &str) -> &str {
    definition.trim_end_matches(|c: char| c.is_ascii_digit())
}

/// What a kind of value is called on the page.
pub(super) fn title(definition: &str) -> String {
    match plain(definition) {
        "Weekly" => "weekly value".to_owned(),
        "Exception" => "exception by date".to_owned(),
        "Opening" => "opening hours".to_owned(),
        "Open" => "window of opening hours".to_owned(),
        "Between" => "range".to_owned(),
        "Shaped" => "mean and shape".to_owned(),
        "Spread" => "mean and spread".to_owned(),
        "Empirical" => "column of a file".to_owned(),
        other => other.chars().enumerate().fold(String::new(), |text, (place, c)| {
            let gap = if place > 0 && c.is_uppercase() { " " } else { "" };
            text + gap + &c.to_lowercase().to_string()
        }),
    }
}

/// What a node allows.
pub(super) fn allowed(schema: &Json, node: &Json) -> String {
    let node = present(node);
    if let Some((name, definition)) = definition(schema, node) {
        let title = title(name);
        let link = format!("[{title}](#{})", slug(&title));
        let words = definition["oneOf"].as_array().into_iter().flatten().map(|node| node["const"].as_str());
        return match words.collect::<Option<Vec<_>>>() {
            Some(words) if !words.is_empty() => {
                let words: Vec<String> = words.iter().map(|word| format!("`\"{word}\"`")).collect();
                format!("{link}: {}", words.join(", "))
            }
            _ => match definition["anyOf"].as_array().and_then(|ways| ways.first()) {
                Some(number) => format!("{link}: {}", allowed(schema, number)),
                None => link,
            },
        };
    }
    if let Some(items) = node.get("items") {
        let each = allowed(schema, items);
        return match each.strip_prefix('[').and_then(|rest| rest.split_once([' ', ']'])) {
            Some((first, _)) => format!("list of {}", each.replacen(first, &format!("{first}s"), 1)),
            None => format!("list of {each}"),
        };
    }
    let is = |kind: &str| {
        node["type"] == kind || node["type"].as_array().is_some_and(|kinds| kinds.iter().any(|k| k == kind))
    };
    let end = |key: &str| node[key].as_f64();
    if is("boolean") {
        "`true`, `false`".to_owned()
    } else if is("integer") {
        let most = end("maximum").unwrap_or(f64::from(u32::MAX));
        format!("whole, {} to {}", number(end("minimum").unwrap_or(0.0)), number(most))
    } else if is("number") {
        limits(end("minimum"), end("maximum"))
    } else if let Some(example) = node["examples"][0].as_str() {
        format!("text like `\"{example}\"`")
    } else {
        "text".to_owned()
    }
}

/// Limits in words. Those of 1e12 only keep numbers finite.
fn limits(least: Option<f64>, most: Option<f64>) -> String {
    const FINITE: f64 = 1e12;
    let most = most.filter(|most| *most < FINITE).map(number);
    match (least.filter(|least| *least > -FINITE), most) {
        (None, None) => "any number".to_owned(),
        (None, Some(most)) => format!("up to {most}"),
        (Some(least), None) if least > 0.0 && least < 1e-6 => "above 0".to_owned(),
        (Some(least), Some(most)) if least > 0.0 && least < 1e-6 => format!("above 0, to {most}"),
        (Some(least), None) => format!("{} or more", number(least)),
        (Some(least), Some(most)) => format!("{} to {most}", number(least)),
    }
}

/// A number for reading.
fn number(value: f64) -> String {
    if value >= 1e10 {
        format!("{value:e}")
    } else if value.fract() == 0.0 && value >= 1000.0 {
        grouped(value, ',')
    } else {
        value.to_string()
    }
}

/// A whole number in groups of three digits.
fn grouped(value: f64, separator: char) -> String {
    let digits = format!("{value:.0}");
    let first = digits.len();
    let gap = |place: usize| place > 0 && (first - place).is_multiple_of(3);
    let parts = digits
        .chars()
        .enumerate()
        .flat_map(|(place, digit)| gap(place).then_some(separator).into_iter().chain([digit]));
    parts.collect()
}

/// One of several things that may be written, and what it means.
pub(super) fn choice(schema: &Json, node: &Json) -> (String, String) {
    let written = match (node["const"].as_str(), node["properties"].as_object().and_then(|keys| keys.iter().next())) {
        (Some(word), _) => format!("`\"{word}\"`"),
        (None, Some((key, inner))) => format!("`{{ {key} = … }}` with a {}", allowed(schema, inner)),
        (None, None) if node.get("items").is_some() => allowed(schema, node),
        (None, None) => "one number".to_owned(),
    };
    (written, meaning(node))
}

/// A value as it may be written in the file.
pub(super) fn toml(value: &Json) -> String {
    format!("`{}`", plain_toml(value))
}

fn plain_toml(value: &Json) -> String {
    match value {
        Json::Array(values) => format!("[{}]", values.iter().map(plain_toml).collect::<Vec<_>>().join(", ")),
        Json::Object(keys) => {
            let pairs: Vec<_> = keys.iter().map(|(key, value)| format!("{key} = {}", plain_toml(value))).collect();
            format!("{{ {} }}", pairs.join(", "))
        }
        Json::Number(number) => match number.as_f64() {
            Some(value) if value.fract() == 0.0 && value >= 10_000.0 => grouped(value, '_'),
            Some(value) => value.to_string(),
            None => number.to_string(),
        },
        other => other.to_string(),
    }
}

/// The anchors of all that tables link to.
pub(super) fn kinds_in(tables: &[Table]) -> BTreeSet<String> {
    let allowed = tables.iter().flat_map(|table| table.keys.iter().map(|key| &key.allowed));
    let chosen = tables.iter().flat_map(|table| table.choices.iter().map(|(written, _)| written));
    let links = allowed.chain(chosen).flat_map(|text| text.split('[').skip(1));
    links
        .filter_map(|rest| rest.split_once("](#")?.1.split_once(')').map(|(anchor, _)| anchor.to_owned()))
        .collect()
}
