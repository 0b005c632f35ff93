//! Numbers of a scenario by their keys: what they are, and what they may be.

use serde_json::Value as Node;
use toml::Value;

use super::path::Path;
use super::shape::Shape;
use super::source::place;
use crate::scenario::Scenario;

/// A number in a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// Where it stands. Of a delay or a duration it is the median or the mean.
    pub path: Path,
    /// What it is.
    pub now: f64,
    /// The least that it may be.
    pub least: f64,
    /// The most that it may be.
    pub most: f64,
    /// Whether only whole numbers are allowed.
    pub is_whole: bool,
}

impl Number {
    /// The number of this key in the values of a scenario. Elements of lists are named by their number or their name.
    ///
    /// # Errors
    ///
    /// If there is no such key, or no number there; says what is expected.
    pub fn find(root: &Value, key: &str) -> Result<Self, String> {
        let none = || format!("there is no key \"{key}\": {}", expected(key));
        let (path, _) = place(&mut root.clone(), key, Shape::get())?;
        let value = path.find(root).ok_or_else(none)?;
        let (path, now) = plain(value, &path).ok_or_else(|| {
            let found = match value {
                Value::Table(_) => "a table",
                Value::Array(_) => "a list",
                Value::Boolean(_) => "a yes or no",
                _ => "a text",
            };
            format!("{key} is {found}: expected the key of a number, a delay or a duration")
        })?;
        let (least, most, is_whole) = Shape::get().limits(&path).ok_or_else(none)?;
        Ok(Self { path, now, least, most, is_whole })
    }

    /// Whether it is a share: what lies between nothing and all.
    pub fn is_share(&self) -> bool {
        self.least == 0.0 && self.most == 1.0 && !self.is_whole
    }

    /// What is wrong with a range for it, if something is.
    ///
    /// # Errors
    ///
    /// If an end is not allowed there, if the ends are turned round, or if one is a value that has no range: none or all.
    pub fn must_have_range(&self, low: f64, high: f64) -> Result<(), String> {
        if low >= high {
            return Err(format!("low = {low} and high = {high}: expected a low end below the high one"));
        }
        for end in [low, high] {
            if !(self.least..=self.most).contains(&end) {
                return Err(format!("{end} is not allowed there: expected {} to {}", self.least, self.most));
            }
            if end <= 0.0 || (self.is_share() && end >= 1.0) {
                let expected = if self.is_share() {
                    "a share above 0 and below 1"
                } else {
                    "a number above 0"
                };
                return Err(format!("{end} cannot be the end of a range: expected {expected}"));
            }
        }
        Ok(())
    }

    /// A value for it: the nearest one that is allowed.
    pub fn nearest(&self, value: f64) -> f64 {
        let value = if self.is_whole { value.round() } else { value };
        value.clamp(self.least, self.most)
    }

    /// The key and value that set it.
    pub fn set(&self, value: f64) -> (String, Value) {
        let value = self.nearest(value);
        let value = if self.is_whole {
            Value::Integer(value as i64)
        } else {
            Value::Float(value)
        };
        (self.path.to_string(), value)
    }
}

/// What to say of a key that there is not: the nearest of those that make a claim about the world.
fn expected(key: &str) -> String {
    let known = super::listing::evidence();
    let near = known.iter().map(|known| (strsim::jaro_winkler(&known.key, key), &known.key));
    match near.max_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((alike, near)) if alike > 0.93 => format!("did you mean {near}?"),
        _ => "expected one that `cutover schema --keys` lists".to_owned(),
    }
}

/// The values of a scenario, as they are written.
pub fn values(scenario: &Scenario) -> Value {
    Value::try_from(scenario).unwrap_or_else(|_| Value::Table(toml::Table::new()))
}

/// The number at a path, or the one in the middle of what stands there.
fn plain(value: &Value, path: &Path) -> Option<(Path, f64)> {
    match value {
        Value::Float(number) => Some((path.clone(), *number)),
        Value::Integer(number) => Some((path.clone(), *number as f64)),
        Value::Table(table) => {
            let middle = ["median_h", "mean_s"].into_iter().find_map(|key| Some((key, table.get(key)?)));
            if let Some((key, inner)) = middle {
                return plain(inner, &path.key(key));
            }
            // A duration names its kind.
            match table.iter().next() {
                Some((kind, inner @ Value::Table(_))) if table.len() == 1 => plain(inner, &path.key(kind)),
                _ => None,
            }
        }
        _ => None,
    }
}

impl Shape {
    /// The least and the most that the number at `path` may be, and whether it is whole.
    pub(super) fn limits(&self, path: &Path) -> Option<(f64, f64, bool)> {
        self.nodes(path).into_iter().find_map(|node| {
            let limit = |key: &str| node.get(key).and_then(Node::as_f64);
            // What may be left out has two types.
            let kind = node.get("type")?;
            let is = |name: &str| {
                kind.as_str() == Some(name)
                    || kind.as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind.as_str() == Some(name)))
            };
            let is_whole = match (is("integer"), is("number")) {
                (true, _) => true,
                (_, true) => false,
                _ => return None,
            };
            Some((limit("minimum").unwrap_or(-1e12), limit("maximum").unwrap_or(1e12), is_whole))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::Strategy;

    fn root() -> Value {
        let built = Scenario::builder("numbers").strategy(Strategy::preset("reset-only").expect("a preset")).build();
        values(&built.expect("a scenario"))
    }

    #[test]
    fn a_key_leads_to_its_number_and_its_limits() {
        let root = root();
        let find = |key: &str| Number::find(&root, key).expect(key);
        let weight = find("journey.choice.desk_weight");
        assert_eq!((weight.now, weight.least, weight.is_whole, weight.is_share()), (0.25, 0.0, false, false));
        assert!(find("population.shares.mfa").is_share());
        assert!(find("prices.email_cents_per_1000").is_whole);
        assert_eq!(find("desk.chat.patience").path.to_string(), "desk.chat.patience.exponential.mean_s");
        assert_eq!(find("journey.choice.absence").now, 504.0);
        let lifetime = find("strategies.reset-only.controls.link_lifetime_h");
        assert!(lifetime.path.to_string().starts_with("strategies[0].controls"));
    }

    #[test]
    fn what_is_no_number_is_refused_with_what_is_expected() {
        let root = root();
        for (key, says) in [
            ("desk.nothing", "there is no key"),
            ("name", "is a text"),
            ("population.shares", "is a table"),
            ("strategies", "is a list"),
            ("strategies.lazy.controls.link_lifetime_h", "expected"),
        ] {
            let said = Number::find(&root, key).expect_err(key);
            assert!(said.contains(says), "{key}: {said}");
        }
    }

    #[test]
    fn values_are_brought_within_limits() {
        let root = root();
        let number = Number::find(&root, "prices.sms_cents").expect("a price");
        assert_eq!(number.set(2.6).1, Value::Integer(3));
        assert_eq!(number.set(-4.0).1, Value::Integer(0));
        let share = Number::find(&root, "population.shares.mfa").expect("a share");
        assert_eq!(share.set(1.5).1, Value::Float(1.0));
    }
}
