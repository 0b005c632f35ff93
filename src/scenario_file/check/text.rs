//! Texts: names and prose hold what can be seen, and the scenario's name can be the name of a folder.

use toml::Value;

use super::Checks;
use crate::scenario::Scenario;
use crate::scenario_file::path::{Path, Step};
use crate::text::{code_point, hidden, unprintable};

/// Characters of a name, at most.
const NAME: usize = 200;
/// Characters of prose, at most.
const PROSE: usize = 100_000;
/// Characters of the scenario's own name, at most.
const FOLDER: usize = 100;

/// Names that Windows keeps for devices, with or without an ending.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

impl Checks<'_> {
    /// Every text of the scenario, whatever it is for, so that none is forgotten.
    pub(super) fn texts(&mut self) {
        self.text(&Path::default(), &self.source.value);
    }

    fn text(&mut self, path: &Path, value: &Value) {
        match value {
            Value::String(text) if is_prose(path) => self.prose(path, text),
            Value::String(text) => self.plain(path, text),
            Value::Array(values) => {
                values.iter().enumerate().for_each(|(place, value)| self.text(&path.index(place), value));
            }
            Value::Table(table) => table.iter().for_each(|(key, value)| self.text(&path.key(key), value)),
            _ => {}
        }
    }

    fn plain(&mut self, path: &Path, text: &str) {
        let is_name = matches!(path.0.last(), Some(Step::Key(key)) if key == "name");
        let length = text.chars().count();
        if let Some((place, c)) = text.chars().enumerate().find(|(_, c)| hidden(*c)) {
            let message = format!(
                "character {} is {} ({}), which is not allowed here: expected letters, digits, punctuation and spaces, \
                 on one line",
                place + 1,
                code_point(c),
                kind(c)
            );
            self.say(path, message);
        } else if text.is_empty() && *path == Path::keys("name") {
            // A scenario without a name is named after its file.
        } else if is_name && text.trim().is_empty() {
            self.say(path, "a name is needed here: expected at least one letter or digit");
        } else if is_name && length > NAME {
            self.say(path, format!("a name of {length} characters is not allowed: expected at most {NAME}"));
        }
    }

    fn prose(&mut self, path: &Path, text: &str) {
        let length = text.chars().count();
        if let Some((place, c)) = text.chars().enumerate().find(|(_, c)| unprintable(*c)) {
            let line = 1 + text.chars().take(place).filter(|c| *c == '\n').count();
            let message = format!(
                "line {line} of this text holds {} ({}), which is not allowed: expected letters, digits, punctuation, \
                 spaces and new lines",
                code_point(c),
                kind(c)
            );
            self.say(path, message);
        } else if length > PROSE {
            self.say(path, format!("a text of {length} characters is not allowed: expected at most {PROSE}"));
        }
    }

    /// The name of a scenario is the name of a folder, on every system.
    pub(super) fn name(&mut self, scenario: &Scenario) {
        let name = &scenario.name;
        let path = Path::keys("name");
        let stated = self.source.is_stated(&path);
        // What is wrong with any name has been said.
        if stated && !name.is_empty() && (name.trim().is_empty() || name.contains(hidden)) {
            return;
        }
        let is_of_file = !stated && !self.source.is_code();
        let whose = if is_of_file {
            "the scenario is named after its file, and "
        } else {
            ""
        };
        let instead = if is_of_file { "; state another `name` in it" } else { "" };
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_. ".contains(c);
        if !name.chars().all(plain) || name.is_empty() || name.len() > FOLDER {
            let message = format!(
                "{whose}\"{}\" cannot name a folder: expected up to {FOLDER} letters, digits, -, _, . or spaces, letters from \
                 A to Z{instead}",
                short(name)
            );
            self.say(&path, message);
        } else if name.starts_with(['.', ' ']) || name.ends_with(['.', ' ']) {
            let message = format!(
                "{whose}\"{name}\" cannot name a folder: expected a name that neither begins nor ends with a dot or a \
                 space{instead}"
            );
            self.say(&path, message);
        } else if is_device(name) {
            let message = format!(
                "{whose}\"{name}\" cannot name a folder: Windows keeps it for a device; choose another name{instead}"
            );
            self.say(&path, message);
        }
    }
}

/// Fields that are text to be read, with lines and paragraphs.
fn is_prose(path: &Path) -> bool {
    match path.0.as_slice() {
        [Step::Key(key)] => ["question", "expected", "analysis"].contains(&key.as_str()),
        [Step::Key(strategies), Step::Index(_), Step::Key(key)] => strategies == "strategies" && key == "summary",
        _ => false,
    }
}

fn kind(c: char) -> &'static str {
    match c {
        '\n' | '\r' => "a new line",
        '\t' => "a tab",
        '\u{1b}' => "the escape character of terminals",
        c if c.is_control() => "a control character",
        '\u{2028}' | '\u{2029}' => "a line or paragraph separator",
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            "it turns the direction of writing"
        }
        _ => "it cannot be seen",
    }
}

/// A name as it is quoted: not longer than a line.
fn short(name: &str) -> String {
    match name.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_ascii_lowercase();
    DEVICES.iter().any(|device| match stem.strip_prefix(device) {
        Some("") => !matches!(*device, "com" | "lpt"),
        Some(number) => matches!(*device, "com" | "lpt") && number.len() == 1 && number.as_bytes()[0].is_ascii_digit(),
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_known_whatever_their_ending() {
        for device in ["CON", "nul.toml", "Com1", "LPT9.x", "aux ", "prn"] {
            assert!(is_device(device), "{device}");
        }
        for name in ["con1", "com", "com10", "lpt", "console", "retail", "nully"] {
            assert!(!is_device(name), "{name}");
        }
    }
}
