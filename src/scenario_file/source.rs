//! Reading a scenario: file, presets and `--set` are laid over each other, and every key remembers where it came from.

mod control_sets;

mod files;

mod keys;

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table, Value};

use super::path::{Path, Step};
use super::shape::Shape;
use crate::strategy::PRESETS;
use crate::strategy::controls::ControlSet;
use crate::text::one_of;
use keys::{DEEPEST, in_plain_words, too_deep};
pub(super) use keys::{place, written};

/// A text that values come from.
#[derive(Clone, Debug)]
pub struct Text {
    /// What to call it in messages: a file name, or `--set`.
    pub name: String,
    /// The text itself.
    pub text: String,
}

/// Where a value was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Which of the [`Source::texts`].
    pub text: usize,
    /// Bytes of that text.
    pub span: Range<usize>,
}

/// What is wrong with a scenario, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key, as in `population.accounts`; empty if the file as a whole is meant.
    pub key: String,
    /// What is wrong and what is allowed.
    pub message: String,
    /// Where it was written.
    pub origin: Option<Origin>,
}

/// A scenario document, complete but not yet typed.
#[derive(Clone, Debug)]
pub struct Source {
    /// The texts that values came from, the scenario file first.
    pub texts: Vec<Text>,
    /// All values, presets and overrides laid in.
    pub value: Value,
    /// What may stand where.
    pub shape: &'static Shape,
    origins: BTreeMap<Path, Origin>,
    /// Whether the values were written in code: then nothing has an origin.
    is_code: bool,
}

impl Source {
    /// Reads `text`, keeps the strategies `chosen` (scenario strategies or built-in ones; all of the scenario's if
    /// empty), applies `sets` (`KEY=VALUE`), and lays in presets and what segments inherit.
    ///
    /// With `under`, every strategy runs under that set of controls and none of its own; `sets` are laid over it.
    pub fn read(
        name: &str,
        text: &str,
        (chosen, under): (&[String], Option<ControlSet>),
        sets: &[String],
    ) -> Result<Self, (Vec<Text>, Vec<Problem>)> {
        let mut source = Self {
            texts: Vec::new(),
            value: Value::Table(Table::new()),
            shape: Shape::get(),
            origins: BTreeMap::new(),
            is_code: false,
        };
        let mut problems = Vec::new();
        match source.add(name, text, &Path::default()) {
            Ok(value) => source.value = value,
            Err(found) => return Err((source.texts, found)),
        }
        if source.value.get("policy").is_some() && source.value.get("rollout").is_some() {
            let message = "this is a strategy, not a scenario: a scenario has it in its list `strategies`";
            let problem = source.problem(&Path::default(), message);
            return Err((source.texts, vec![problem]));
        }
        let folder = std::path::Path::new(name).parent().map(std::path::Path::to_owned).unwrap_or_default();
        source.lay_in_files(&folder, &mut problems);
        source.name_strategies();
        let chosen = source.add_chosen_files(chosen, &mut problems);
        source.choose(&chosen, &mut problems);
        if let Some(under) = under {
            source.put_under(under);
        }
        for set in sets {
            source.set(set, &mut problems);
        }
        source.lay_in_presets(under, &mut problems);
        source.lay_in_control_sets(&mut problems);
        source.lay_in_inheritance();
        if problems.is_empty() {
            Ok(source)
        } else {
            Err((source.texts, problems))
        }
    }

    /// Takes values that were written in code, and lays `sets` (key and value) over them, in order. What names a preset or
    /// inherits is completed as in a file.
    pub fn of_values(value: Value, sets: &[(String, Value)]) -> (Self, Vec<Problem>) {
        let mut source = Self {
            texts: Vec::new(),
            value,
            shape: Shape::get(),
            origins: BTreeMap::new(),
            is_code: true,
        };
        let mut problems = Vec::new();
        for (key, value) in sets {
            match place(&mut source.value, key.trim(), source.shape) {
                Ok((path, slot)) => {
                    *slot = value.clone();
                    source.begin_anew_under_set(&path);
                }
                Err(message) => problems.push(Problem { key: key.clone(), message, origin: None }),
            }
        }
        source.name_strategies();
        source.lay_in_presets(None, &mut problems);
        source.lay_in_control_sets(&mut problems);
        source.lay_in_inheritance();
        (source, problems)
    }

    /// Whether the value at `path` was stated, and does not come from a preset or a default. In code that cannot be told
    /// from a value that is the default's.
    pub fn is_stated(&self, path: &Path) -> bool {
        if !self.is_code {
            return self.yours(path).is_some();
        }
        let default = self.shape.defaults.as_ref().and_then(|defaults| path.find(defaults));
        path.find(&self.value).is_some_and(|value| Some(value) != default)
    }

    /// Whether the values were written in code.
    pub fn is_code(&self) -> bool {
        self.is_code
    }

    /// Where the value at `path` was written, or the nearest thing around it.
    pub fn origin(&self, path: &Path) -> Option<Origin> {
        let mut path = path.clone();
        loop {
            if let Some(origin) = self.origins.get(&path) {
                return Some(origin.clone());
            }
            path.0.pop()?;
        }
    }

    /// Where the user wrote the value at `path`, or a part of it; `None` if it comes from a preset or a default.
    pub fn yours(&self, path: &Path) -> Option<Origin> {
        let yours = |origin: &Origin| !self.texts[origin.text].name.starts_with(BUILT_IN);
        self.origins_within(path).map(|(_, origin)| origin).find(|origin| yours(origin)).cloned()
    }

    /// Where the value at `path` and its parts were written.
    fn origins_within<'a>(&'a self, path: &'a Path) -> impl Iterator<Item = (&'a Path, &'a Origin)> {
        self.origins.range(path.clone()..).take_while(|(at, _)| at.is_within(path))
    }

    /// A problem at `path`, shown where it or a part of it was written, or else at what stands around it.
    pub fn problem(&self, path: &Path, message: impl Into<String>) -> Problem {
        let origin = self.origins_within(path).next().map(|(_, origin)| origin.clone());
        Problem {
            key: path.to_string(),
            message: message.into(),
            origin: origin.or_else(|| self.origin(path)),
        }
    }

    /// Parses a text whose root will stand at `root`, and remembers where each of its values was written.
    fn add(&mut self, name: &str, text: &str, root: &Path) -> Result<Value, Vec<Problem>> {
        let number = self.texts.len();
        self.texts.push(Text { name: name.to_owned(), text: text.to_owned() });
        let (table, errors) = DeTable::parse_recoverable(text);
        if !errors.is_empty() {
            let problem = |error: &toml::de::Error| {
                let (message, span) = in_plain_words(text, error);
                Problem {
                    key: String::new(),
                    message,
                    origin: span.map(|span| Origin { text: number, span }),
                }
            };
            return Err(errors.iter().map(problem).collect());
        }
        self.table(number, table.get_ref(), root)
    }

    fn table(&mut self, text: usize, table: &DeTable<'_>, path: &Path) -> Result<Value, Vec<Problem>> {
        let mut values = Table::new();
        for (key, value) in table {
            let path = path.key(key.get_ref());
            let span = key.span().start..value.span().end.max(key.span().end);
            self.origins.insert(path.clone(), Origin { text, span });
            values.insert(key.get_ref().to_string(), self.convert(text, value, &path)?);
        }
        Ok(Value::Table(values))
    }

    fn convert(&mut self, text: usize, value: &Spanned<DeValue<'_>>, path: &Path) -> Result<Value, Vec<Problem>> {
        let wrong = |message: String| {
            vec![Problem {
                key: path.to_string(),
                message,
                origin: Some(Origin { text, span: value.span() }),
            }]
        };
        if path.0.len() > DEEPEST {
            let outer = Path(path.0[..3].to_vec());
            return Err(vec![Problem {
                key: format!("{outer}…"),
                message: too_deep(),
                origin: Some(Origin { text, span: value.span() }),
            }]);
        }
        Ok(match value.get_ref() {
            DeValue::String(string) => Value::String(string.to_string()),
            DeValue::Boolean(boolean) => Value::Boolean(*boolean),
            DeValue::Datetime(datetime) => Value::String(datetime.to_string()),
            DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix())
                .map(Value::Integer)
                .map_err(|_| wrong(format!("{integer} is too large a whole number")))?,
            DeValue::Float(float) => {
                float.as_str().parse().map(Value::Float).map_err(|_| wrong(format!("{float} is not a number")))?
            }
            DeValue::Array(array) => {
                let mut values = Vec::new();
                for (index, value) in array.iter().enumerate() {
                    let path = path.index(index);
                    self.origins.insert(path.clone(), Origin { text, span: value.span() });
                    values.push(self.convert(text, value, &path)?);
                }
                Value::Array(values)
            }
            DeValue::Table(table) => self.table(text, table, path)?,
        })
    }

    /// Writes every strategy as a table with a name, so that it can be found by it.
    fn name_strategies(&mut self) {
        let Some(Value::Array(strategies)) = self.value.get_mut("strategies") else {
            return;
        };
        for strategy in strategies {
            if let Value::String(preset) = strategy {
                *strategy = preset_table(preset);
            }
            if let Value::Table(table) = strategy
                && !table.contains_key("name")
                && let Some(preset) = table.get("preset").cloned()
            {
                table.insert("name".to_owned(), preset);
            }
        }
    }

    /// Keeps the chosen strategies; a name the scenario does not have is a built-in one.
    fn choose(&mut self, chosen: &[String], problems: &mut Vec<Problem>) {
        if chosen.is_empty() {
            return;
        }
        let own = match self.value.get("strategies") {
            Some(Value::Array(strategies)) => strategies.clone(),
            _ => Vec::new(),
        };
        let name_of = |strategy: &Value| strategy.get("name").and_then(Value::as_str).map(str::to_owned);
        let mut kept = Vec::new();
        let mut origins = Vec::new();
        for name in chosen {
            if let Some(index) = own.iter().rposition(|strategy| name_of(strategy).as_ref() == Some(name)) {
                origins.push(Some(index));
                kept.push(own[index].clone());
            } else if built_in(name).is_some() {
                origins.push(None);
                kept.push(preset_table(name));
            } else {
                let mut known: Vec<String> = own.iter().filter_map(name_of).collect();
                let built_in = PRESETS.iter().map(|(name, _)| (*name).to_owned());
                known.extend(built_in.filter(|name| !own.iter().any(|own| name_of(own).as_ref() == Some(name))));
                problems.push(self.flag(
                    "--strategy",
                    name,
                    format!("there is no strategy \"{name}\": {}", one_of(known)),
                ));
            }
        }
        let root = Path::keys("strategies");
        let moved: Vec<_> =
            self.origins.range(root.clone()..).map(|(path, origin)| (path.clone(), origin.clone())).collect();
        self.origins.retain(|path, _| !path.is_within(&root) || *path == root);
        for (place, old) in origins.iter().enumerate() {
            let Some(old) = old else { continue };
            for (path, origin) in moved.iter().filter(|(path, _)| path.is_within(&root.index(*old))) {
                let mut path = path.clone();
                path.0[1] = Step::Index(place);
                self.origins.insert(path, origin.clone());
            }
        }
        if let Value::Table(table) = &mut self.value {
            // A baseline that was not chosen is none.
            let is_left_out =
                |baseline: &String| own.iter().any(|strategy| name_of(strategy).as_ref() == Some(baseline));
            let is_kept = |baseline: &String| kept.iter().any(|strategy| name_of(strategy).as_ref() == Some(baseline));
            let stated = table.get("baseline").and_then(Value::as_str).map(str::to_owned);
            if stated.is_some_and(|baseline| is_left_out(&baseline) && !is_kept(&baseline)) {
                table.remove("baseline");
                self.origins.remove(&Path::keys("baseline"));
            }
            table.insert("strategies".to_owned(), Value::Array(kept));
        }
    }

    /// A problem with a command-line flag.
    fn flag(&mut self, flag: &str, argument: &str, message: String) -> Problem {
        let text = self.texts.len();
        self.texts.push(Text {
            name: COMMAND_LINE.to_owned(),
            text: format!("{flag} {argument}"),
        });
        Problem {
            key: String::new(),
            message,
            origin: Some(Origin { text, span: flag.len() + 1..flag.len() + 1 + argument.len() }),
        }
    }

    /// Applies one `KEY=VALUE`. A key steps into arrays by number or by the `name` of an element. What stands around
    /// the value keeps its default.
    fn set(&mut self, set: &str, problems: &mut Vec<Problem>) {
        let Some((key, text)) = set.split_once('=') else {
            let message = format!("\"{set}\" has no \"=\": expected KEY=VALUE, as in population.accounts=200000");
            problems.push(self.flag("--set", set, message));
            return;
        };
        let value = match written(text) {
            Ok(value) => value,
            Err(message) => {
                problems.push(self.flag("--set", set, message));
                return;
            }
        };

        match place(&mut self.value, key.trim(), self.shape) {
            Err(message) => problems.push(self.flag("--set", set, message)),
            Ok((path, slot)) => {
                *slot = value.clone();
                let number = self.texts.len();
                self.texts.push(Text { name: COMMAND_LINE.to_owned(), text: format!("--set {set}") });
                let origin = Origin { text: number, span: 6..6 + set.len() };
                self.origins.retain(|at, _| !at.is_within(&path));
                self.begin_anew_under_set(&path);
                self.mark(path, &value, &origin);
                self.name_strategies();
            }
        }
    }

    /// Remembers where a value and all that is in it was written.
    fn mark(&mut self, path: Path, value: &Value, origin: &Origin) {
        match value {
            Value::Table(table) => table.iter().for_each(|(key, value)| self.mark(path.key(key), value, origin)),
            Value::Array(array) => {
                array.iter().enumerate().for_each(|(index, value)| self.mark(path.index(index), value, origin));
            }
            _ => {}
        }
        self.origins.insert(path, origin.clone());
    }

    /// How many strategies are listed.
    fn strategies(&self) -> usize {
        self.value.get("strategies").and_then(Value::as_array).map_or(0, Vec::len)
    }

    /// Replaces `preset = "..."` by the preset's own values under the strategy's.
    fn lay_in_presets(&mut self, under: Option<ControlSet>, problems: &mut Vec<Problem>) {
        let root = Path::keys("strategies");
        for place in 0..self.strategies() {
            let path = root.index(place);
            let Some(Value::Table(strategy)) = path.find_mut(&mut self.value) else {
                continue;
            };
            let Some(preset) = strategy.remove("preset") else {
                continue;
            };
            let mut own = std::mem::take(strategy);
            control_sets::spell_out(&mut own);
            let Some((name, text)) = preset.as_str().and_then(built_in) else {
                let message = format!(
                    "there is no built-in strategy {preset}: {}",
                    one_of(PRESETS.iter().map(|(name, _)| (*name).to_owned()))
                );
                problems.push(self.problem(&path.key("preset"), message));
                continue;
            };
            let yours: Vec<_> = self.origins_within(&path).map(|(at, origin)| (at.clone(), origin.clone())).collect();
            // The preset's origins go in first, then the scenario's over them.
            match self.add(&format!("{BUILT_IN}{name}.toml"), text, &path) {
                Err(found) => problems.extend(found),
                Ok(mut value) => {
                    if let Value::Table(preset) = &mut value {
                        control_sets::spell_out(preset);
                        if under.is_some() {
                            control_sets::keep_conduct(preset);
                        }
                    }
                    lay_over(&mut value, Value::Table(own));
                    self.origins.extend(yours);
                    if let Some(slot) = path.find_mut(&mut self.value) {
                        *slot = value;
                    }
                }
            }
        }
    }

    /// Gives a segment that states some shares (or one half of a habit) the population's for the rest.
    fn lay_in_inheritance(&mut self) {
        let Some(population) = self.value.get("population").cloned() else {
            return;
        };
        let Some(Value::Array(segments)) = self.value.get_mut("population").and_then(|p| p.get_mut("segments")) else {
            return;
        };
        for segment in segments {
            for key in ["shares", "sign_ins"] {
                if let (Some(own @ Value::Table(_)), Some(inherited @ Value::Table(_))) =
                    (segment.get_mut(key), population.get(key))
                {
                    let stated = std::mem::replace(own, inherited.clone());
                    lay_over(own, stated);
                }
            }
        }
    }
}

/// Name prefix of the texts that the binary carries.
const BUILT_IN: &str = "built-in ";
/// Name of the texts that are command-line flags.
pub const COMMAND_LINE: &str = "command line";

/// Name and text of a built-in strategy.
fn built_in(name: &str) -> Option<(&'static str, &'static str)> {
    PRESETS.iter().copied().find(|(preset, _)| *preset == name)
}

fn preset_table(preset: &str) -> Value {
    let mut table = Table::new();
    table.insert("preset".to_owned(), Value::String(preset.to_owned()));
    table.insert("name".to_owned(), Value::String(preset.to_owned()));
    Value::Table(table)
}

/// Lays `over` onto `under`: tables key by key, everything else replaced. A rollout of another kind replaces it whole.
fn lay_over(under: &mut Value, over: Value) {
    match (under, over) {
        (Value::Table(under), Value::Table(over)) => {
            for (key, value) in over {
                let same_kind = |old: &Value| match (&key[..], old, &value) {
                    ("rollout", Value::Table(old), Value::Table(new)) => new.keys().all(|kind| old.contains_key(kind)),
                    _ => true,
                };
                match under.get_mut(&key) {
                    Some(old) if same_kind(old) => lay_over(old, value),
                    _ => {
                        under.insert(key, value);
                    }
                }
            }
        }
        (under, over) => *under = over,
    }
}
