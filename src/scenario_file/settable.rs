//! What can be set in a scenario: keys as people write them, where they lead, and which numbers are allowed there.

use toml::Value;

use super::number::Number;
use super::path::{Path, Step};
use super::shape::Shape;
use super::source::{place, written};
use crate::text::one_of;

/// A place in a scenario whose value can be set.
#[derive(Clone, Debug, PartialEq)]
pub struct Settable {
    /// Where it stands. Of a delay or a duration that is a table: of its median or mean, if `limits` are known.
    pub path: Path,
    /// What stands there.
    pub now: Option<Value>,
    /// The numbers that are allowed there, if numbers are.
    pub limits: Option<Limits>,
}

/// The numbers that are allowed somewhere.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// The least.
    pub least: f64,
    /// The most.
    pub most: f64,
    /// Whether only whole numbers are.
    pub is_whole: bool,
}

impl Settable {
    /// The place that a key names in the values of a scenario: a key as `--set` takes it, or the name of a strategy and one of
    /// its own keys, of which `rollout`, `controls` and `risk` may be left out: `lazy.link_lifetime_h`.
    ///
    /// # Errors
    ///
    /// If there is no such key: the nearest one is named.
    pub fn find(root: &Value, key: &str) -> Result<Self, String> {
        let key = key.trim();
        let full = of_strategy(root, key)?.unwrap_or_else(|| key.to_owned());
        let shape = Shape::get();
        let (path, _) = place(&mut root.clone(), &full, shape)?;
        if let Some(known) = (1..=path.0.len()).find(|steps| shape.nodes(&Path(path.0[..*steps].to_vec())).is_empty()) {
            let around = Path(path.0[..known - 1].to_vec());
            return Err(format!(
                "there is no key \"{key}\": {}",
                nearest(shape.keys(&around), &path.0[known - 1], &around)
            ));
        }
        if let Ok(number) = Number::find(root, &full) {
            let Number { least, most, is_whole, .. } = number;
            let now = number.path.find(root).cloned();
            let is_whole = is_whole || is_people(&number.path);
            return Ok(Self {
                path: number.path,
                now,
                limits: Some(Limits { least, most, is_whole }),
            });
        }
        let limits = shape.limits(&path).map(|(least, most, is_whole)| {
            let is_whole = is_whole || is_people(&path);
            Limits { least, most, is_whole }
        });
        Ok(Self { now: path.find(root).cloned(), path, limits })
    }

    /// The number that stands there, if one does.
    pub fn number(&self) -> Option<f64> {
        self.now.as_ref().and_then(number_of)
    }

    /// A number as a value for this place, whole where only whole numbers are.
    pub fn value(&self, number: f64) -> Value {
        if self.limits.is_some_and(|limits| limits.is_whole) {
            Value::Integer(number.round() as i64)
        } else {
            Value::Float(number)
        }
    }

    /// What stands there times a factor: a number, or every value of a list of windows; whole numbers stay whole. `None` if
    /// nothing that can be multiplied stands there.
    pub fn times(&self, factor: f64) -> Option<Value> {
        let times = |value: &Value| number_of(value).map(|number| self.value(number * factor));
        match self.now.as_ref()? {
            Value::Array(windows) => {
                let windows = windows.iter().map(|window| {
                    let mut window = window.as_table()?.clone();
                    let slot = window.get_mut("value")?;
                    *slot = times(slot)?;
                    Some(Value::Table(window))
                });
                windows.collect::<Option<Vec<_>>>().map(Value::Array)
            }
            plain => times(plain),
        }
    }
}

/// The value that is written behind the `=` of `--set`.
///
/// # Errors
///
/// If it begins like a list, a table or a quoted text and is none.
pub fn read_value(text: &str) -> Result<Value, String> {
    written(text)
}

/// A number, whole or not.
pub fn number_of(value: &Value) -> Option<f64> {
    value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64))
}

/// Whether people are counted there: a part of one is legal, as a mean over hours, and never what is looked for.
fn is_people(path: &Path) -> bool {
    matches!(path.0.last(), Some(Step::Key(key)) if key == "agents")
}

/// The full key, if this one begins with the name of a strategy.
fn of_strategy(root: &Value, key: &str) -> Result<Option<String>, String> {
    let shape = Shape::get();
    let strategies = root.get("strategies").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let names = strategies.iter().enumerate().filter_map(|(at, it)| Some((at, it.get("name")?.as_str()?)));
    // Of two names of which one begins like the other, the longer one is meant.
    let named = names.filter_map(|(at, name)| Some((at, name, key.strip_prefix(name)?.strip_prefix('.')?)));
    let Some((at, name, own)) = named.max_by_key(|(_, name, _)| name.len()) else {
        return Ok(None);
    };
    let strategy = Path::keys("strategies").index(at);
    let first = own.split(['.', '[']).next().unwrap_or(own);
    if shape.keys(&strategy).iter().any(|known| known == first) {
        return Ok(Some(format!("strategies.{at}.{own}")));
    }
    let mut near = shape.keys(&strategy);
    for within in ["rollout", "controls", "risk"] {
        let known = shape.keys(&strategy.key(within));
        if known.iter().any(|known| known == first) {
            return Ok(Some(format!("strategies.{at}.{within}.{own}")));
        }
        near.extend(known);
    }
    Err(format!(
        "{name} has no key \"{own}\": {}",
        nearest(near, &Step::Key(first.to_owned()), &Path::keys(name))
    ))
}

/// What to say of a step that there is not: the nearest of those that there are, or all of a few.
fn nearest(known: Vec<String>, step: &Step, around: &Path) -> String {
    let wrong = match step {
        Step::Key(key) => key.clone(),
        Step::Index(place) => place.to_string(),
    };
    let alike = known.iter().map(|known| (strsim::jaro_winkler(known, &wrong), known));
    let prefix = if around.0.is_empty() {
        String::new()
    } else {
        format!("{around}.")
    };
    match alike.max_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((alike, near)) if alike > 0.8 => format!("did you mean {prefix}{near}?"),
        Some(_) if known.len() <= 24 => one_of(known),
        _ => "expected one that `cutover schema --keys` lists".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::scenario_file::number::values;
    use crate::strategy::Strategy;

    fn root() -> Value {
        let built = Scenario::builder("settable")
            .strategy(Strategy::preset("lazy").expect("a preset"))
            .strategy(Strategy::preset("risk-based").expect("a preset"));
        values(&built.build().expect("a scenario"))
    }

    #[test]
    fn keys_of_strategies_are_found_by_name_and_in_short() {
        let root = root();
        let path = |key: &str| Settable::find(&root, key).expect(key).path.to_string();
        assert_eq!(path("risk-based.waves.count"), "strategies[1].rollout.waves.count");
        assert_eq!(path("lazy.link_lifetime_h"), "strategies[0].controls.link_lifetime_h");
        assert_eq!(path("strategies.lazy.controls.link_lifetime_h"), "strategies[0].controls.link_lifetime_h");
        assert_eq!(path("risk-based.leak_known"), "strategies[1].risk.leak_known");
        assert_eq!(path("lazy.cut_off.day"), "strategies[0].cut_off.day");
        assert_eq!(path("journey.choice.absence"), "journey.choice.absence.median_h");
        let agents = Settable::find(&root, "desk.tier1.agents").expect("agents");
        assert!(agents.limits.is_some_and(|limits| limits.is_whole && limits.least == 0.0), "{agents:?}");
    }

    #[test]
    fn wrong_keys_are_told_the_nearest() {
        let root = root();
        for (key, says) in [
            ("lazy.link_lifetme_h", "link_lifetime_h"),
            ("desk.tier1.agnts", "did you mean desk.tier1.agents?"),
            ("nobody.waves.count", "there is no key"),
            ("risk-based.policy.99.treat", "has no element"),
        ] {
            let said = Settable::find(&root, key).expect_err(key);
            assert!(said.contains(says), "{key}: {said}");
        }
    }

    #[test]
    fn what_stands_in_windows_is_multiplied_window_by_window() {
        let windows: Value = toml::from_str::<toml::Table>("v = [{ hours = '8-18', value = 3 }, { value = 10 }]")
            .expect("TOML")["v"]
            .clone();
        let limits = Some(Limits { least: 0.0, most: 100.0, is_whole: true });
        let settable = Settable { path: Path::keys("x"), now: Some(windows), limits };
        let twice = settable.times(1.5).expect("numbers");
        let values: Vec<_> = twice.as_array().expect("a list").iter().map(|window| window["value"].clone()).collect();
        assert_eq!(values, [Value::Integer(5), Value::Integer(15)]);
    }
}
