//! Check: one line of a rule, read.
//!
//! ```text
//! check    = figure condition [ "with" number "%" ]
//! figure   = path | "number of" path
//! condition = ("<" | "<=" | ">" | ">=" | "==" | "!=") limit
//!          | "between" limit "and" limit
//!          | "not worse than baseline" [ "by" amount ]
//! limit    = amount [ "of" path ] | text in quotes | true | false
//! amount   = number [ "%" | "pp" | "us" | "ms" | "s" | "min" | "h" | "d" ]
//! ```

mod words;

use std::ops::Range;

use words::{Token, Words};

use super::path::Path;
use crate::text::visible_line;

/// What a rule says of a figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Which figure.
    pub path: Path,
    /// Whether its entries are counted, instead of its value taken.
    pub is_count: bool,
    /// What must hold of it.
    pub condition: Condition,
    /// How sure it must be, as a share; `None` takes the figure as it is told.
    pub confidence: Option<f64>,
}

/// What must hold of a figure.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// It keeps a limit.
    Limit(Comparison, Limit),
    /// It lies between two, the ends included.
    Between(Limit, Limit),
    /// It is not worse than in the baseline, or by so much at most.
    Baseline(Amount),
}

/// How a figure stands to its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `==`
    Equal,
    /// `!=`
    Unequal,
}

impl Comparison {
    const ALL: [(&'static str, Self); 6] = [
        ("<", Self::Below),
        ("<=", Self::AtMost),
        (">", Self::Above),
        (">=", Self::AtLeast),
        ("==", Self::Equal),
        ("!=", Self::Unequal),
    ];

    /// How it is written.
    pub fn sign(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, comparison)| *comparison == self).map_or("", |(sign, _)| sign)
    }
}

/// A limit.
#[derive(Clone, Debug, PartialEq)]
pub enum Limit {
    /// A number, perhaps of another figure.
    Number {
        /// How much.
        amount: Amount,
        /// Of which figure, as in `2 % of accounts`.
        of: Option<Path>,
    },
    /// A text.
    Text(String),
    /// Yes or no.
    Truth(bool),
}

/// A number with its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Amount {
    /// The number as it is written.
    pub number: f64,
    /// What it is a number of.
    pub unit: Unit,
}

/// The unit of an amount.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unit {
    /// That of the figure itself.
    Plain,
    /// Hundredths.
    Percent,
    /// Percentage points: of the figure if it is a share, of all accounts if it counts accounts.
    Points,
    /// A time, of so many microseconds.
    Micros(f64),
}

impl Unit {
    const ALL: [(&'static str, Self); 9] = [
        ("%", Self::Percent),
        ("pp", Self::Points),
        ("us", Self::Micros(1.0)),
        ("µs", Self::Micros(1.0)),
        ("ms", Self::Micros(1e3)),
        ("s", Self::Micros(1e6)),
        ("min", Self::Micros(6e7)),
        ("h", Self::Micros(3.6e9)),
        ("d", Self::Micros(8.64e10)),
    ];

    pub(super) fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(name, _)| *name == word).map(|(_, unit)| unit)
    }
}

/// What is wrong with a line, and which bytes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// What is wrong and what is allowed.
    pub message: String,
    /// Where.
    pub bytes: Range<usize>,
}

/// Characters of a check, at most.
const LONGEST: usize = 1_000;

impl Check {
    /// Reads a check.
    ///
    /// # Errors
    ///
    /// What is wrong, where, and what could have stood there.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        if text.len() > LONGEST {
            let message = format!("this check has {} bytes, expected at most {LONGEST}", text.len());
            return Err(Wrong { message, bytes: 0..text.len() });
        }
        let mut words = Words::read(text)?;
        let is_count = words.takes(&["number", "of"]);
        let path = path(&mut words, "the figure to check, as in desk.wait_s.p90")?;
        let condition = condition(&mut words)?;
        let confidence = confidence(&mut words)?;
        if let Some((token, bytes)) = words.next() {
            let message =
                format!("\"{}\" is too much here: {}", token.shown(), after(&condition, confidence.is_some()));
            return Err(Wrong { message, bytes });
        }
        let check = Self { path, is_count, condition, confidence };
        check.agrees(text)?;
        Ok(check)
    }

    /// What must not stand together.
    fn agrees(&self, text: &str) -> Result<(), Wrong> {
        let wrong = |message: &str| Err(Wrong { message: message.to_owned(), bytes: 0..text.len() });
        let limits: &[&Limit] = match &self.condition {
            Condition::Limit(_, limit) => &[limit],
            Condition::Between(low, high) => &[low, high],
            Condition::Baseline(_) => &[],
        };
        let are_numbers = limits.iter().all(|limit| matches!(limit, Limit::Number { .. }));
        match self.condition {
            Condition::Limit(Comparison::Equal | Comparison::Unequal, _) if self.confidence.is_some() => wrong(
                "no evidence shows that a figure is exactly something: leave out `with`, or say `between A and B`",
            ),
            Condition::Limit(Comparison::Equal | Comparison::Unequal, _) => Ok(()),
            _ if !are_numbers => wrong("a text, true and false can only be compared by == or !="),
            _ => Ok(()),
        }
    }
}

fn after(condition: &Condition, confident: bool) -> &'static str {
    match condition {
        _ if confident => "a check ends after `with 95 %`",
        Condition::Baseline(_) => "expected `by 0.2pp`, `with 95 %`, or the end of the check",
        _ => "expected `of` with another figure, `with 95 %`, or the end of the check",
    }
}

fn path(words: &mut Words, what: &str) -> Result<Path, Wrong> {
    let whole = words.rest();
    match words.next() {
        Some((Token::Word(word), bytes)) => Path::parse(&word).map_err(|message| Wrong { message, bytes }),
        Some((token, bytes)) => Err(Wrong {
            message: format!("\"{}\" stands where {what}, is expected", token.shown()),
            bytes,
        }),
        None => Err(Wrong {
            message: format!("here ends the check: expected {what}"),
            bytes: whole,
        }),
    }
}

const CONDITIONS: &str = "expected <, <=, >, >=, ==, != with a limit, `between A and B`, or `not worse than baseline`";

fn condition(words: &mut Words) -> Result<Condition, Wrong> {
    let whole = words.rest();
    if words.takes(&["between"]) {
        let low = limit(words)?;
        if !words.takes(&["and"]) {
            let message = "expected `and` with the upper end, as in `between 0.2 and 1`".to_owned();
            return Err(Wrong { message, bytes: words.rest() });
        }
        return Ok(Condition::Between(low, limit(words)?));
    }
    if words.takes(&["not", "worse", "than", "baseline"]) {
        return match words.takes(&["by"]) {
            true => Ok(Condition::Baseline(margin(words)?)),
            false => Ok(Condition::Baseline(Amount { number: 0.0, unit: Unit::Plain })),
        };
    }
    match words.next() {
        Some((Token::Sign(sign), bytes)) => match Comparison::ALL.into_iter().find(|(written, _)| *written == sign) {
            Some((_, comparison)) => Ok(Condition::Limit(comparison, limit(words)?)),
            None => Err(Wrong {
                message: format!("\"{sign}\" is no comparison: {CONDITIONS}"),
                bytes,
            }),
        },
        Some((token, bytes)) => Err(Wrong {
            message: format!("\"{}\": {CONDITIONS}", token.shown()),
            bytes,
        }),
        None => Err(Wrong {
            message: format!("here ends the check: {CONDITIONS}"),
            bytes: whole,
        }),
    }
}

const LIMITS: &str = "expected a limit: a number, a text in quotes, true or false";

fn limit(words: &mut Words) -> Result<Limit, Wrong> {
    let whole = words.rest();
    match words.peek() {
        Some(Token::Word(word)) if word == "true" || word == "false" => {
            let is_true = word == "true";
            words.next();
            Ok(Limit::Truth(is_true))
        }
        Some(Token::Word(word)) if word.starts_with('"') => {
            let text = Path::parse(word).ok().and_then(|path| path.text());
            let bytes = words.next().map_or(whole, |(_, bytes)| bytes);
            let message = "a text is one pair of quotes, with nothing behind it, as in \"power\"".to_owned();
            text.map(Limit::Text).ok_or(Wrong { message, bytes })
        }
        None => Err(Wrong {
            message: format!("here ends the check: {LIMITS}"),
            bytes: whole,
        }),
        Some(_) => {
            let amount = amount(words, LIMITS)?;
            let of = match words.takes(&["of"]) {
                true => Some(path(words, "another figure, as in `2 % of accounts`")?),
                false => None,
            };
            Ok(Limit::Number { amount, of })
        }
    }
}

fn margin(words: &mut Words) -> Result<Amount, Wrong> {
    let whole = words.rest();
    let wanted = "expected by how much: as in 0.2pp (of all accounts), 5 % (of the baseline), or 100";
    let margin = amount(words, wanted)?;
    if margin.number < 0.0 {
        return Err(Wrong {
            message: "less than nothing is no margin: expected 0 or more".to_owned(),
            bytes: whole,
        });
    }
    Ok(margin)
}

fn amount(words: &mut Words, wanted: &str) -> Result<Amount, Wrong> {
    let whole = words.rest();
    let (word, bytes) = match words.next() {
        Some((Token::Word(word), bytes)) => (word, bytes),
        Some((token, bytes)) => return Err(Wrong { message: format!("\"{}\": {wanted}", token.shown()), bytes }),
        None => {
            return Err(Wrong {
                message: format!("here ends the check: {wanted}"),
                bytes: whole,
            });
        }
    };
    // A unit may stand at its number: 0.2pp, 300s.
    let end = word.find(|c: char| c.is_alphabetic() && !matches!(c, 'e' | 'E') || c == '%').unwrap_or(word.len());
    let (digits, unit) = word.split_at(end);
    let number = match number(digits) {
        Ok(number) => number,
        Err(what) => {
            return Err(Wrong {
                message: format!("\"{}\" {what}: {wanted}", visible_line(&word)),
                bytes,
            });
        }
    };
    let unit = if unit.is_empty() {
        match words.peek() {
            Some(Token::Word(next)) => match Unit::named(next) {
                Some(unit) => {
                    words.next();
                    unit
                }
                None => Unit::Plain,
            },
            _ => Unit::Plain,
        }
    } else {
        Unit::named(unit).ok_or_else(|| Wrong {
            message: format!("\"{}\" is no unit: expected %, pp, us, ms, s, min, h or d", visible_line(unit)),
            bytes,
        })?
    };
    Ok(Amount { number, unit })
}

/// A number: digits may be grouped by `_` or `,`.
pub(super) fn number(text: &str) -> Result<f64, &'static str> {
    let starts = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !starts.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return Err("is no number");
    }
    // A comma groups three digits; elsewhere it could be meant as a point.
    let grouped = text.split(',').skip(1).all(|group| group.chars().take_while(char::is_ascii_digit).count() == 3);
    if !grouped {
        return Err("has a comma that does not group three digits; a decimal point is a point");
    }
    let plain: String = text.chars().filter(|c| !matches!(c, '_' | ',')).collect();
    match plain.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        Ok(_) => Err("is too large"),
        Err(_) => Err("is no number"),
    }
}

fn confidence(words: &mut Words) -> Result<Option<f64>, Wrong> {
    if !words.takes(&["with"]) {
        return Ok(None);
    }
    let whole = words.rest();
    let wanted = "expected how sure it must be, as in `with 95 %`";
    let amount = amount(words, wanted)?;
    let wrong = |message: String| Err(Wrong { message, bytes: whole.clone() });
    match amount.unit {
        Unit::Percent if is_confidence(amount.number / 100.0) => Ok(Some(amount.number / 100.0)),
        Unit::Percent => wrong(format!("{} % is not allowed: expected above 50 % and at most 99.99 %", amount.number)),
        _ => wrong(wanted.to_owned()),
    }
}

/// Whether evidence can be asked to be so sure.
pub(super) fn is_confidence(share: f64) -> bool {
    share > 0.5 && share <= 0.9999
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> String {
        Check::parse(text).expect_err(text).message
    }

    #[test]
    fn checks_are_read() {
        let check = Check::parse("desk.wait_s.p90 < 5 min").expect("a check");
        let five = Limit::Number {
            amount: Amount { number: 5.0, unit: Unit::Micros(6e7) },
            of: None,
        };
        assert_eq!(check.condition, Condition::Limit(Comparison::Below, five));
        assert_eq!((check.path.to_string().as_str(), check.confidence), ("desk.wait_s.p90", None));
        let check = Check::parse("taken_over<=1,800 with 95 %").expect("a check");
        assert_eq!(check.confidence, Some(0.95));
        let check = Check::parse("churned not worse than baseline by 0.2pp with 99%").expect("a check");
        assert_eq!(check.condition, Condition::Baseline(Amount { number: 0.2, unit: Unit::Points }));
        assert_eq!(check.confidence, Some(0.99));
        let check = Check::parse("number of strategies == 4").expect("a check");
        assert!(check.is_count);
        let check = Check::parse(r#"outlives == "power""#).expect("a check");
        assert_eq!(check.condition, Condition::Limit(Comparison::Equal, Limit::Text("power".to_owned())));
        let check = Check::parse("intruder between 0.2 % of accounts and 2 % of accounts").expect("a check");
        assert!(matches!(check.condition, Condition::Between(Limit::Number { of: Some(_), .. }, _)));
        assert!(Check::parse("number == 4").is_ok(), "a figure may be called number");
    }

    #[test]
    fn what_is_wrong_is_told_with_what_is_allowed() {
        assert!(wrong("").contains("here ends the check: expected the figure"));
        assert!(wrong("a").contains("expected <, <=, >"));
        assert!(wrong("a <").contains("expected a limit"));
        assert!(wrong("a < b").contains("is no number"));
        assert!(wrong("a < 0,5").contains("a decimal point is a point"));
        assert!(wrong("a < 5 with").contains("`with 95 %`"));
        assert!(wrong("a < 5 with 95").contains("`with 95 %`"));
        assert!(wrong("a < 5 with 100 %").contains("at most 99.99 %"));
        assert!(wrong("a < 5 with 5 %").contains("above 50 %"));
        assert!(wrong("a == 5 with 95 %").contains("between A and B"));
        assert!(wrong("a < true").contains("== or !="));
        assert!(wrong("a < 5 6").contains("is too much here"));
        assert!(wrong("a =< 5").contains("is no comparison"));
        assert!(wrong("a < 5 parsecs").contains("is too much here"));
        assert!(wrong("a < 5parsecs").contains("is no unit"));
        assert!(wrong("a not worse than baseline by -1").contains("no margin"));
        assert!(wrong("a < 1e999").contains("is too large"));
        assert!(wrong("a.. < 1").contains("empty"));
        assert!(wrong(&"a".repeat(2_000)).contains("at most"));
    }
}
