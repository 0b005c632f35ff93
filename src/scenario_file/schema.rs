//! The JSON Schema of the scenario file, for editors: closed to unknown keys, and with the short ways to write a strategy.

use serde_json::Value as Json;

use crate::scenario::Scenario;
use crate::strategy::controls::ControlSet;

/// JSON Schema of the scenario file, for editors.
pub fn json_schema() -> Json {
    let mut schema = schemars::schema_for!(Scenario);
    schema.insert("title".to_owned(), "cutover scenario".into());
    let mut value = schema.to_value();
    // A scenario may name a built-in strategy or a file with one, or start from either and change any of its keys.
    let names: Vec<_> = crate::strategy::PRESETS.iter().map(|(name, _)| *name).collect();
    let named = serde_json::json!({
        "anyOf": [{ "type": "string", "enum": names }, { "type": "string", "pattern": "\\.toml$" }]
    });
    let mut changed = value["$defs"]["Strategy"].clone();
    changed["description"] = "A built-in strategy with changes.".into();
    if let Some(properties) = changed["properties"].as_object_mut() {
        let tables = properties.iter_mut().filter(|(key, _)| *key != "policy");
        tables.for_each(|(_, node)| *node = loosened(node, &value["$defs"]));
        properties.insert("preset".to_owned(), named.clone());
    }
    changed["required"] = serde_json::json!(["preset"]);
    // The name of a set of controls stands for the whole table.
    let sets: Vec<_> = ControlSet::ALL.into_iter().map(ControlSet::key).collect();
    for strategy in [&mut changed, &mut value["$defs"]["Strategy"]] {
        let table = strategy["properties"]["controls"].take();
        strategy["properties"]["controls"] =
            serde_json::json!({ "anyOf": [{ "type": "string", "enum": sets }, table] });
    }
    let strategies = &mut value["properties"]["strategies"]["items"];
    let whole = strategies.take();
    *strategies = serde_json::json!({ "anyOf": [named, changed, whole] });
    close(&mut value);
    value
}

/// A schema node with nothing required and what it refers to written out.
fn loosened(node: &Json, definitions: &Json) -> Json {
    match node {
        Json::Array(nodes) => nodes.iter().map(|node| loosened(node, definitions)).collect(),
        Json::Object(keys) => {
            let mut out = serde_json::Map::new();
            for (key, inner) in keys.iter().filter(|(key, _)| *key != "required") {
                let referred = inner.as_str().filter(|_| key == "$ref").and_then(|to| to.rsplit('/').next());
                match referred.map(|name| loosened(&definitions[name], definitions)) {
                    Some(Json::Object(definition)) => out.extend(definition),
                    _ => drop(out.insert(key.clone(), loosened(inner, definitions))),
                }
            }
            Json::Object(out)
        }
        other => other.clone(),
    }
}

/// Closes every table of a schema to keys that it does not name, so that editors flag them.
fn close(node: &mut Json) {
    match node {
        Json::Array(nodes) => nodes.iter_mut().for_each(close),
        Json::Object(keys) => {
            keys.values_mut().for_each(close);
            if keys.contains_key("properties") {
                keys.insert("additionalProperties".to_owned(), false.into());
            }
        }
        _ => {}
    }
}
