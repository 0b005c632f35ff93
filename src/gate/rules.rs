//! Rules: the file that says what must hold.

mod table;

use std::path::{Path, PathBuf};

use table::{Reader, Value};

use super::check::{Amount, Check, Unit, is_confidence, number};
use crate::error::{Error, Result};
use crate::scenario_file::diagnostics;
use crate::scenario_file::source::{Origin, Problem, Text};
use crate::text;

/// What must hold.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The file, for complaints about what it says.
    pub text: Text,
    /// Whether what noise breaks is counted for all rules together, and not for each alone.
    pub together: bool,
    /// The rules, in the order of the file.
    pub rules: Vec<Rule>,
}

/// One rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// What to call it.
    pub name: String,
    /// What it says.
    pub says: Says,
    /// The result file, if the rule or the file of rules states one.
    pub file: Option<PathBuf>,
    /// The strategy below which paths begin; `*` for each.
    pub strategy: Option<String>,
    /// Which way is better, if it is stated.
    pub better: Option<Better>,
    /// Whether undecided counts as failed.
    pub undecided_fails: bool,
    /// Where it stands in the file of rules.
    pub origin: Origin,
}

/// What a rule says.
#[derive(Clone, Debug, PartialEq)]
pub enum Says {
    /// A check of a figure, as it is written.
    Check(String, Check),
    /// A program does not become slower.
    Time(Time),
}

/// What a rule about time says.
#[derive(Clone, Debug, PartialEq)]
pub struct Time {
    /// What is timed.
    pub what: Timed,
    /// A slowdown that must be seen, as a share: 0.1 for a tenth.
    pub slower: f64,
    /// How sure a failure must be, as a share.
    pub confidence: f64,
}

/// What is timed.
#[derive(Clone, Debug, PartialEq)]
pub enum Timed {
    /// Arguments that both programs are started with.
    Command(Vec<String>),
    /// Samples that were recorded: the new ones, and those to hold them against if they are not those of the baseline.
    Samples(PathBuf, Option<PathBuf>),
}

/// Which way a figure is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// Less is better.
    Lower,
    /// More is better.
    Higher,
}

/// Bytes of a file of rules, at most; and rules.
const MOST_BYTES: u64 = 1 << 20;
const MOST_RULES: usize = 1_000;

/// Keys of the file, and of a rule.
const TOP: [&str; 6] = ["file", "strategy", "undecided", "together", "better", "rule"];
const OF_A_RULE: [&str; 10] = [
    "name",
    "check",
    "time",
    "samples",
    "against",
    "slower",
    "with",
    "file",
    "strategy",
    "undecided",
];
const ALSO: &str = "better";

impl Rules {
    /// Reads a file of rules.
    ///
    /// # Errors
    ///
    /// All that is wrong with it, each with its line and what is allowed.
    pub fn load(path: &Path) -> Result<Self> {
        let wrong = |what: String| Error::Input(format!("{}: {what}", text::path(path)));
        let bytes = crate::input::read(path, MOST_BYTES).map_err(wrong)?;
        let text =
            String::from_utf8(bytes).map_err(|_| wrong("this is not UTF-8 text; save the file as UTF-8".to_owned()))?;
        Self::parse(&path.display().to_string(), &text)
    }

    /// Reads rules from a text; `name` is what to call it in complaints.
    ///
    /// # Errors
    ///
    /// As [`Rules::load`].
    pub fn parse(name: &str, text: &str) -> Result<Self> {
        let told = Text { name: name.to_owned(), text: text.to_owned() };
        let mut reader = Reader::new(text);
        let read = reader.parse().map(|root| file(&mut reader, &root));
        match read {
            Some((together, rules)) if reader.problems.is_empty() => Ok(Self { text: told, together, rules }),
            _ => Err(complain(&told, &reader.problems)),
        }
    }

    /// What is wrong with these rules, shown at their places.
    pub(super) fn complain(&self, problems: &[Problem]) -> Error {
        complain(&self.text, problems)
    }
}

fn complain(text: &Text, problems: &[Problem]) -> Error {
    Error::Input(diagnostics::render(std::slice::from_ref(text), problems))
}

/// What stands at the top of the file holds for each rule that does not say otherwise.
struct Defaults {
    file: Option<PathBuf>,
    strategy: Option<String>,
    undecided_fails: bool,
    better: Option<Better>,
}

fn file(reader: &mut Reader<'_>, root: &Value<'_>) -> (bool, Vec<Rule>) {
    reader.allow(root, &TOP, "at the top of a file of rules");
    let defaults = Defaults {
        file: reader.text(root, "file").map(PathBuf::from),
        strategy: reader.text(root, "strategy"),
        undecided_fails: undecided(reader, root).unwrap_or(false),
        better: better(reader, root),
    };
    let together = reader.truth(root, "together").unwrap_or(true);
    let tables = reader.tables(root, "rule");
    if tables.is_empty() && reader.problems.is_empty() {
        reader.complain(
            "rule",
            "there is no rule: expected [[rule]] with check = \"desk.wait_s.p90 < 300\"".to_owned(),
            None,
        );
    }
    if tables.len() > MOST_RULES {
        reader.complain("rule", format!("there are {} rules, expected at most {MOST_RULES}", tables.len()), None);
    }
    let rules = tables.iter().take(MOST_RULES).filter_map(|table| rule(reader, table, &defaults));
    let rules: Vec<Rule> = rules.collect();
    (together, rules)
}

fn rule(reader: &mut Reader<'_>, table: &Value<'_>, defaults: &Defaults) -> Option<Rule> {
    let allowed: Vec<&str> = OF_A_RULE.into_iter().chain([ALSO]).collect();
    reader.allow(table, &allowed, "in a rule");
    let kinds = ["check", "time", "samples"].map(|key| table.has(key));
    let says = match kinds {
        [true, false, false] => check(reader, table),
        [false, true, false] | [false, false, true] => time(reader, table),
        _ => {
            let message =
                "a rule has one of check, time and samples, as in check = \"desk.wait_s.p90 < 300\"".to_owned();
            reader.complain("rule", message, Some(table.span()));
            None
        }
    };
    let origin = Origin { text: 0, span: table.place_of(["check", "time", "samples"]) };
    let (name, file, strategy) =
        (reader.text(table, "name"), reader.text(table, "file"), reader.text(table, "strategy"));
    let undecided_fails = undecided(reader, table).unwrap_or(defaults.undecided_fails);
    let better = better(reader, table).or(defaults.better);
    let says = says?;
    let name = name.unwrap_or_else(|| match &says {
        Says::Check(text, _) => text.clone(),
        Says::Time(time) => match &time.what {
            Timed::Command(words) => format!("time of {}", words.join(" ")),
            Timed::Samples(file, _) => format!("time of {}", file.display()),
        },
    });
    Some(Rule {
        name,
        says,
        file: file.map(PathBuf::from).or_else(|| defaults.file.clone()),
        strategy: strategy.or_else(|| defaults.strategy.clone()),
        better,
        undecided_fails,
        origin,
    })
}

fn undecided(reader: &mut Reader<'_>, table: &Value<'_>) -> Option<bool> {
    let word = reader.text(table, "undecided")?;
    match word.as_str() {
        "fail" => Some(true),
        "pass" => Some(false),
        _ => {
            reader.wrong(
                table,
                "undecided",
                &format!("\"{}\": expected \"fail\" or \"pass\"", text::visible_line(&word)),
            );
            None
        }
    }
}

fn better(reader: &mut Reader<'_>, table: &Value<'_>) -> Option<Better> {
    let word = reader.text(table, "better")?;
    match word.as_str() {
        "lower" => Some(Better::Lower),
        "higher" => Some(Better::Higher),
        _ => {
            reader.wrong(
                table,
                "better",
                &format!("\"{}\": expected \"lower\" or \"higher\"", text::visible_line(&word)),
            );
            None
        }
    }
}

fn check(reader: &mut Reader<'_>, table: &Value<'_>) -> Option<Says> {
    for key in ["slower", "with", "against"] {
        if table.has(key) {
            reader.wrong(
                table,
                key,
                "belongs to rules about time; a check says it in its own line, as in `… with 95 %`",
            );
        }
    }
    let text = reader.text(table, "check")?;
    match Check::parse(&text) {
        Ok(check) => Some(Says::Check(text, check)),
        Err(wrong) => {
            let span = reader.within(table, "check", &text, wrong.bytes);
            reader.complain("check", wrong.message, span);
            None
        }
    }
}

fn time(reader: &mut Reader<'_>, table: &Value<'_>) -> Option<Says> {
    let slower = share(reader, table, "slower", "\"10 %\"", |share| share > 0.0 && share <= 10.0);
    let confidence = match table.has("with") {
        true => share(reader, table, "with", "\"95 %\"", is_confidence)?,
        false => 0.95,
    };
    if !table.has("slower") {
        let message = "a rule about time says which slowdown must be seen: expected slower = \"10 %\"".to_owned();
        reader.complain("slower", message, Some(table.span()));
    }
    let what = if table.has("time") {
        if table.has("against") {
            reader.wrong(table, "against", "belongs to samples; what a command is held against is --against BINARY");
        }
        let words = reader.texts(table, "time", "the arguments, as in [\"run\", \"scenarios/tiny.toml\"]")?;
        if words.is_empty() {
            reader.wrong(table, "time", "is empty: expected the arguments, as in [\"run\", \"scenarios/tiny.toml\"]");
        }
        Timed::Command(words)
    } else {
        let against = reader.text(table, "against").map(PathBuf::from);
        Timed::Samples(PathBuf::from(reader.text(table, "samples")?), against)
    };
    Some(Says::Time(Time { what, slower: slower?, confidence }))
}

/// A share that is written as a percentage.
fn share(
    reader: &mut Reader<'_>,
    table: &Value<'_>,
    key: &str,
    example: &str,
    allowed: fn(f64) -> bool,
) -> Option<f64> {
    let text = reader.text(table, key)?;
    let amount = text.trim().strip_suffix('%').map(str::trim).map(number);
    match amount {
        Some(Ok(percent)) if allowed(Amount { number: percent, unit: Unit::Percent }.number / 100.0) => {
            Some(percent / 100.0)
        }
        _ => {
            let range = if key == "with" {
                "above 50 % and at most 99.99 %"
            } else {
                "above 0 % and at most 1000 %"
            };
            let shown = text::visible_line(&text).into_owned();
            reader.wrong(table, key, &format!("\"{shown}\": expected a percentage {range}, as in {example}"));
            None
        }
    }
}
