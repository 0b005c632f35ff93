//! `--vary KEY=…`: a list of values, a range with a step or a number of values, or a range to choose from.
//!
//! ```text
//! desk.tier1.agents=20,30,40           these
//! lazy.link_lifetime_h=24..96:24       24, 48, 72, 96
//! lazy.link_lifetime_h=24..96/4        the same: four values
//! lazy.link_lifetime_h=24..96          Sobol' points between the ends (--points, --best)
//! desk.tier1.agents=*0.8..1.4/4        times what is stated, hour by hour
//! lazy.reminders_days=[],[3],[3,10]    lists, and anything else that --set takes
//! KEY+KEY=…                            several keys, the same value
//! ```

use toml::Value;

use super::axis::{Axis, Between, Setting, Values};
use crate::scenario::Scenario;
use crate::scenario_file::number;
use crate::scenario_file::path::{Path, Step};
use crate::scenario_file::settable::{Settable, number_of, read_value};

/// Most values of one axis.
pub const MOST_VALUES: usize = 256;

/// Ends so far apart, as a ratio, are gone through in equal ratios.
const FAR_APART: f64 = 10.0;

/// Reads what `--vary` says about a scenario.
///
/// # Errors
///
/// If there is no such key, if points would not differ or could not be compared, or if a value is not allowed there: key,
/// value and what is allowed are named.
pub fn read(scenario: &Scenario, text: &str) -> Result<Axis, String> {
    let root = number::values(scenario);
    let (key, spec) = text
        .split_once('=')
        .ok_or_else(|| format!("--vary {text}: expected KEY=VALUES, as in desk.tier1.agents=20,30,40"))?;
    let (key, spec) = (key.trim(), spec.trim());
    let wrong = |said: String| format!("--vary {key}={spec}: {said}");
    let places = key.split('+').map(|key| Settable::find(&root, key)).collect::<Result<Vec<_>, _>>().map_err(wrong)?;
    if let Some(said) = places.iter().find_map(|place| fixed(&place.path)) {
        return Err(wrong(said));
    }
    let mut further = places.iter().enumerate();
    if further.any(|(at, place)| places[..at].iter().any(|before| before.path == place.path)) {
        return Err(wrong("the same key stands there twice".to_owned()));
    }
    axis(key, places, spec).map_err(wrong)
}

/// Keys that cannot be varied, with all that stands in them, and why.
const FIXED: [(&str, &str); 13] = [
    ("replications", "every point has the same replications: set them with --replications"),
    ("seed", "luck is the same at all points: set it with --seed"),
    (
        "horizon_days",
        "bills over different times are not compared: run each by itself, `cutover run --set horizon_days=N`",
    ),
    (
        "population.accounts",
        "bills of different numbers of customers are not compared: run each by itself, `cutover run --accounts N`",
    ),
    (
        "population.directory",
        "all points have the same customers: run each export by itself, `cutover run --set`",
    ),
    ("name", NO_RESULT),
    ("question", NO_RESULT),
    ("expected", NO_RESULT),
    ("analysis", NO_RESULT),
    ("baseline", NO_RESULT),
    ("grades", NO_RESULT),
    ("uncertain", NO_RESULT),
    ("correlated", NO_RESULT),
];

const NO_RESULT: &str = "it changes no result";

/// Why a place cannot be varied, if it cannot.
fn fixed(path: &Path) -> Option<String> {
    if let Some((_, why)) = FIXED.iter().find(|(key, _)| path.is_within(&Path::keys(key))) {
        return Some((*why).to_owned());
    }
    if let Some((key, _)) = FIXED.iter().find(|(key, _)| Path::keys(key).is_within(path)) {
        return Some(format!("{key} is in it, which cannot be varied: expected a key in {path}"));
    }
    match path.0.as_slice() {
        [Step::Key(first)] | [Step::Key(first), _] if first == "strategies" => {
            Some("a strategy is not varied as a whole: expected a key of it, as lazy.link_lifetime_h".to_owned())
        }
        [Step::Key(first), .., Step::Key(last)] if first == "strategies" && (last == "name" || last == "summary") => {
            Some(NO_RESULT.to_owned())
        }
        _ => None,
    }
}

fn axis(key: &str, places: Vec<Settable>, spec: &str) -> Result<Axis, String> {
    let (spec, is_factor) = match spec.strip_prefix('*') {
        Some(rest) => (rest.trim(), true),
        None => (spec, false),
    };
    if is_factor && places.iter().any(|place| place.times(1.0).is_none()) {
        return Err("there is no number to multiply: expected values without the *".to_owned());
    }
    let made = Axis::new(key, places, is_factor, Values::Listed(Vec::new()));
    let values = match range(spec)? {
        Some(range) => ranged(&made, range)?,
        None => Values::Listed(listed(&made, spec)?),
    };
    Ok(Axis { values, ..made })
}

/// A range as it is written.
struct Range {
    low: f64,
    high: f64,
    by: By,
}

/// How a range is gone through.
enum By {
    Step(f64),
    Count(usize),
    Anything,
}

/// `lo..hi`, `lo..hi:step` or `lo..hi/n`; `None` if there are no dots between two numbers.
fn range(spec: &str) -> Result<Option<Range>, String> {
    let Some((low, rest)) = spec.split_once("..") else {
        return Ok(None);
    };
    let number = |text: &str| {
        let read = text.trim().replace('_', "").parse::<f64>().ok().filter(|number| number.is_finite());
        read.ok_or_else(|| format!("\"{}\" is not a number: expected a range as 10..60:10 or 10..60/6", text.trim()))
    };
    let (high, by) = if let Some((high, step)) = rest.split_once(':') {
        let step = number(step)?;
        if step <= 0.0 {
            return Err(format!("a step of {step}: expected one above 0"));
        }
        (high, By::Step(step))
    } else if let Some((high, count)) = rest.split_once('/') {
        let counted = count.trim().parse().ok().filter(|count| (2..=MOST_VALUES).contains(count));
        let count = counted.ok_or_else(|| format!("\"{}\" values: expected 2 to {MOST_VALUES}", count.trim()))?;
        (high, By::Count(count))
    } else {
        (rest, By::Anything)
    };
    let (low, high) = (number(low)?, number(high)?);
    if low >= high {
        return Err(format!("{low}..{high}: expected a low end below the high one"));
    }
    Ok(Some(Range { low, high, by }))
}

fn ranged(axis: &Axis, Range { low, high, by }: Range) -> Result<Values, String> {
    if !axis.is_factor && Axis::limits(&axis.places).is_none() {
        return Err("no number stands there: expected a list of values, as --set takes them".to_owned());
    }
    let is_log = low > 0.0 && high / low >= FAR_APART;
    let numbers: Vec<f64> = match by {
        By::Anything => {
            [low, high].into_iter().try_for_each(|end| allowed(axis, end))?;
            return Ok(Values::Between(Between { low, high, is_log }));
        }
        By::Step(step) => {
            let count = ((high - low) / step + 1e-9).floor() as usize + 1;
            if count > MOST_VALUES {
                return Err(format!("{count} values: expected at most {MOST_VALUES}"));
            }
            (0..count).map(|n| tidied(low + step * n as f64)).collect()
        }
        By::Count(count) => {
            let part = |n: usize| n as f64 / (count - 1) as f64;
            let mut numbers: Vec<f64> = (0..count).map(|n| tidied(low + (high - low) * part(n))).collect();
            if axis.is_whole() {
                numbers.iter_mut().for_each(|number| *number = number.round());
                numbers.dedup();
            }
            numbers
        }
    };
    numbers.iter().try_for_each(|&number| allowed(axis, number))?;
    Ok(Values::Listed(numbers.into_iter().map(|number| axis.at_number(number)).collect()))
}

/// Without the noise of the last bits.
fn tidied(number: f64) -> f64 {
    (number * 1e9).round() / 1e9
}

fn allowed(axis: &Axis, number: f64) -> Result<(), String> {
    if axis.is_factor {
        return if (0.0..=1_000.0).contains(&number) {
            Ok(())
        } else {
            Err(format!("a factor of {number}: expected 0 to 1000"))
        };
    }
    let Some(limits) = Axis::limits(&axis.places) else {
        return Ok(());
    };
    if limits.is_whole && number.fract() != 0.0 {
        return Err(format!("{number} is not allowed there: expected a whole number"));
    }
    if (limits.least..=limits.most).contains(&number) {
        return Ok(());
    }
    Err(match (limits.least > -1e12, limits.most < 1e12) {
        (true, false) => format!("{number} is not allowed there: expected {} or more", limits.least),
        _ => format!("{number} is not allowed there: expected {} to {}", limits.least, limits.most),
    })
}

fn listed(axis: &Axis, spec: &str) -> Result<Vec<Setting>, String> {
    let mut settings: Vec<Setting> = Vec::new();
    for text in split(spec) {
        let value = read_value(text)?;
        if text.trim().is_empty() {
            return Err("a value is empty: expected values with commas between them".to_owned());
        }
        let setting = match (number_of(&value), &value) {
            (Some(number), _) if axis.is_factor || Axis::limits(&axis.places).is_some() => {
                allowed(axis, number)?;
                axis.at_number(number)
            }
            (None, _) if axis.is_factor => return Err(format!("{} is not a factor: expected a number", text.trim())),
            (None, Value::String(word)) if Axis::limits(&axis.places).is_some() && axis.number_as_given.is_some() => {
                return Err(format!("\"{word}\" is not a number, and a number stands there"));
            }
            _ => axis.at_value(&value),
        };
        if settings.contains(&setting) {
            return Err(format!("{} stands there twice", setting.label));
        }
        settings.push(setting);
    }
    if settings.len() > MOST_VALUES {
        return Err(format!("{} values: expected at most {MOST_VALUES}", settings.len()));
    }
    Ok(settings)
}

/// The parts between commas that stand in no bracket and no quotes.
fn split(spec: &str) -> Vec<&str> {
    let (mut depth, mut quote, mut start) = (0_i32, None, 0);
    let mut parts = Vec::new();
    for (at, c) in spec.char_indices() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth -= 1,
            (None, ',') if depth == 0 => {
                parts.push(&spec[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&spec[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::Strategy;

    fn scenario() -> Scenario {
        let built = Scenario::builder("vary")
            .strategy(Strategy::preset("lazy").expect("a preset"))
            .strategy(Strategy::preset("risk-based").expect("a preset"));
        built.build().expect("a scenario")
    }

    fn labels(text: &str) -> Vec<String> {
        let axis = read(&scenario(), text).expect(text);
        match axis.values {
            Values::Listed(settings) => settings.into_iter().map(|setting| setting.label).collect(),
            Values::Between(between) => vec![format!("{between:?}")],
        }
    }

    #[test]
    fn lists_ranges_and_factors_are_read() {
        assert_eq!(labels("desk.tier1.agents=20, 30,40"), ["20", "30", "40"]);
        assert_eq!(labels("desk.tier1.agents=10..60:10"), ["10", "20", "30", "40", "50", "60"]);
        assert_eq!(labels("desk.tier1.agents=10..60/6"), labels("desk.tier1.agents=10..60:10"));
        assert_eq!(labels("desk.tier1.agents=1..3/9"), ["1", "2", "3"], "whole numbers stay whole");
        assert_eq!(labels("population.shares.mfa=0.1..0.3:0.1"), ["0.1", "0.2", "0.3"]);
        assert_eq!(labels("desk.tier1.agents=*0.5..2/4"), ["×0.5", "×1", "×1.5", "×2"]);
        assert_eq!(labels("lazy.reminders_days=[],[3],[3.5, 10]"), ["[]", "[3]", "[3.5, 10]"]);
        assert_eq!(labels("lazy.sessions=leave,revoke_on_link"), ["leave", "revoke_on_link"]);
        assert!(labels("lazy.link_lifetime_h=4..168")[0].contains("is_log: true"));
        let axis = read(&scenario(), "lazy.waves.count=2,4");
        assert!(axis.is_ok(), "another kind of rollout is refused when the scenario is built");
    }

    #[test]
    fn what_is_not_allowed_is_told_with_key_value_and_limits() {
        for (text, says) in [
            ("desk.tier1.agents", "expected KEY=VALUES"),
            ("desk.tier1.agnts=1,2", "did you mean desk.tier1.agents?"),
            ("desk.tier1.agents=2.5,3", "2.5 is not allowed there: expected a whole number"),
            ("desk.tier1.agents=1..4:1.5", "2.5 is not allowed there"),
            ("population.shares.mfa=0.5,1.5", "1.5 is not allowed there: expected 0 to 1"),
            ("population.shares.mfa=0.5..0.1", "a low end below the high one"),
            ("population.shares.mfa=0..1:0.0001", "expected at most 256"),
            ("population.shares.mfa=much", "\"much\" is not a number"),
            ("lazy.sessions=1..3", "no number stands there"),
            ("lazy.sessions=*2", "no number to multiply"),
            ("lazy.link_lifetime_h=24,24", "twice"),
            ("replications=3,4", "--replications"),
            ("seed=1,2", "luck is the same at all points"),
            ("seed=*2", "luck is the same at all points"),
            ("horizon_days=90,120", "bills over different times are not compared"),
            ("population.accounts=1000,2000", "bills of different numbers of customers are not compared"),
            ("population={ accounts = 1000 }", "population.accounts is in it"),
            ("question=a,b", "it changes no result"),
            ("baseline=stay,lazy", "it changes no result"),
            ("expected=a,b", "it changes no result"),
            ("analysis=a,b", "it changes no result"),
            ("grades.vendor_factor=1.5,2", "it changes no result"),
            ("uncertain={}", "it changes no result"),
            ("lazy.name=a,b", "it changes no result"),
            ("lazy.summary=a,b", "it changes no result"),
            ("strategies=['lazy'],['reset-only']", "not varied as a whole"),
            ("lazy.link_lifetime_h+lazy.controls.link_lifetime_h=24,48", "the same key stands there twice"),
            ("lazy.reminders_days=[3", "not valid TOML"),
        ] {
            let said = read(&scenario(), text).expect_err(text);
            assert!(said.contains(says), "{text}: {said}");
        }
    }

    #[test]
    fn several_keys_are_given_the_same_value() {
        let axis = read(&scenario(), "risk-based.policy.11.when.risk.max+risk-based.policy.12.when.risk.max=20,50");
        let axis = axis.expect("two keys");
        assert_eq!(axis.number_as_given, Some(35.0));
        assert_eq!(axis.at(0.0).sets.len(), 2);
    }
}
