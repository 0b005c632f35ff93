//! Reading a limit: `FIGURE OPERATOR VALUE`.

use std::str::FromStr;

use super::{Limit, LimitUnit, LimitedMeasure, Operator};
use crate::error::Result;
use crate::load::kind::RequestKind;
use crate::load::report::{Figures, Percentiles};

/// Figures that stand alone.
const ALONE: [(&str, LimitedMeasure); 4] = [
    ("achieved", LimitedMeasure::Achieved),
    ("lost", LimitedMeasure::Lost),
    ("invariants_broken", LimitedMeasure::InvariantsBroken),
    ("crashes_survived", LimitedMeasure::CrashesSurvived),
];

const TIMES: [LimitUnit; 3] = [LimitUnit("us", 1.0), LimitUnit("ms", 1e3), LimitUnit("s", 1e6)];
const RATES: [LimitUnit; 1] = [LimitUnit("/s", 1.0)];
const COUNTS: [LimitUnit; 1] = [LimitUnit("", 1.0)];

impl FromStr for Limit {
    type Err = String;

    /// # Errors
    ///
    /// If it cannot be read: with what is allowed in that place.
    fn from_str(text: &str) -> Result<Self, String> {
        parsed(text.trim())
    }
}

fn parsed(text: &str) -> Result<Limit, String> {
    let shape = "write FIGURE OPERATOR VALUE, such as 'redeem.p99 > 20ms', 'all.failed > 0' or 'achieved < 19000/s'";
    let at = text.find(['<', '>', '=', '!']).ok_or_else(|| format!("there is no operator; {shape}"))?;
    let (figure, rest) = (text[..at].trim(), &text[at..]);
    let (operator, value) = [
        (">=", Operator::AtLeast),
        ("<=", Operator::AtMost),
        (">", Operator::Over),
        ("<", Operator::Under),
    ]
    .into_iter()
    .find_map(|(sign, operator)| rest.strip_prefix(sign).map(|value| (operator, value.trim())))
    .ok_or("the operator must be one of >, >=, <, <=; a test fails if what is written is true")?;
    if figure.is_empty() || value.is_empty() {
        return Err(format!("something is missing; {shape}"));
    }
    let measure = measure(figure)?;
    let (bound, unit) = bound(measure, figure, value)?;
    Ok(Limit { text: text.to_owned(), measure, operator, bound, unit })
}

fn measure(figure: &str) -> Result<LimitedMeasure, String> {
    let Some((group, name)) = figure.split_once('.') else {
        let alone = ALONE.iter().find(|(name, _)| *name == figure).map(|(_, measure)| *measure);
        return alone.ok_or_else(|| {
            if groups().contains(&figure) {
                format!("{figure} needs a figure behind it, such as {figure}.p99")
            } else {
                unknown("figure", figure, &[alone_names(), groups()].concat())
            }
        });
    };
    let percentile = |name: &str| Percentiles::NAMES.into_iter().find(|known| *known == name);
    let kind = match group {
        "flush_lag" | "lateness" => {
            let found = percentile(name).ok_or_else(|| unknown("percentile", name, &Percentiles::NAMES))?;
            return Ok(match group {
                "lateness" => LimitedMeasure::Lateness(found),
                _ => LimitedMeasure::FlushLag(found),
            });
        }
        "all" => None,
        _ => {
            let unknown = || unknown("kind of request", group, &groups());
            Some(RequestKind::named(group).ok_or_else(unknown)?)
        }
    };
    if let Some(found) = percentile(name) {
        return Ok(LimitedMeasure::Latency(kind, found));
    }
    if let Some(found) = name.strip_prefix("service_").and_then(percentile) {
        return Ok(LimitedMeasure::Service(kind, found));
    }
    let count = Figures::COUNTS.into_iter().find(|known| *known == name);
    count.map(|count| LimitedMeasure::Count(kind, count)).ok_or_else(|| {
        let services: Vec<String> = Percentiles::NAMES.iter().map(|name| format!("service_{name}")).collect();
        let mut known: Vec<&str> = Percentiles::NAMES.to_vec();
        known.extend(services.iter().map(String::as_str));
        known.extend(Figures::COUNTS);
        unknown("figure", name, &known)
    })
}

fn alone_names() -> Vec<&'static str> {
    ALONE.iter().map(|(name, _)| *name).collect()
}

/// What stands before a dot.
fn groups() -> Vec<&'static str> {
    let kinds = RequestKind::ALL.into_iter().map(RequestKind::key);
    ["all", "flush_lag", "lateness"].into_iter().chain(kinds).collect()
}

fn bound(measure: LimitedMeasure, figure: &str, value: &str) -> Result<(f64, LimitUnit), String> {
    let digits = value.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '_')).unwrap_or(value.len());
    let (number, unit) = (value[..digits].replace('_', ""), value[digits..].trim());
    let number: f64 = number
        .parse()
        .map_err(|_| format!("'{value}' does not begin with a number that is 0 or more, such as 20 or 0.5"))?;
    let units: &[LimitUnit] = match measure {
        LimitedMeasure::Achieved => &RATES,
        LimitedMeasure::Count(..)
        | LimitedMeasure::Lost
        | LimitedMeasure::InvariantsBroken
        | LimitedMeasure::CrashesSurvived => &COUNTS,
        _ => &TIMES,
    };
    // A lone unit may be left out.
    let lone = (units.len() == 1 && unit.is_empty()).then_some(&units[0]);
    let found = lone.or_else(|| units.iter().find(|known| known.0 == unit || known.0 == "us" && unit == "µs"));
    let unit = found.ok_or_else(|| match units {
        [LimitUnit("", _)] => format!("{figure} is a count and has no unit, but there is '{unit}'"),
        [only] => format!("the unit of {figure} is {}, not '{unit}'", only.0),
        _ if unit.is_empty() => format!("{figure} is a time and needs a unit: us, ms or s"),
        _ => format!("{figure} is a time, and its unit must be us, ms or s, not '{unit}'"),
    })?;
    Ok((number * unit.1, *unit))
}

fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    let apart = |known: &&&str| strsim::damerau_levenshtein(known, name);
    let near = known.iter().filter(|known| apart(known) <= 1 + name.len() / 4).min_by_key(apart);
    let near = near.map_or(".".to_owned(), |near| format!("; did you mean '{near}'?"));
    format!("unknown {what} '{name}'{near} Allowed: {}", known.join(", "))
}
