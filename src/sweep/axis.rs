//! An axis: a key, and the values that it is given.

use toml::Value;

use crate::scenario_file::path::Step;
use crate::scenario_file::settable::{Limits, Settable, number_of};

/// A key that is varied, or several that are given the same value.
#[derive(Clone, Debug)]
pub struct Axis {
    /// As it was asked for.
    pub key: String,
    /// The unit of its numbers, if they have one.
    pub unit: &'static str,
    /// Whether its numbers are factors: they multiply what is stated.
    pub is_factor: bool,
    /// What it is given.
    pub values: Values,
    /// What is stated, as people write it.
    pub as_given: String,
    /// The number that is stated, if one is.
    pub number_as_given: Option<f64>,
    pub(super) places: Vec<Settable>,
}

/// What an axis is given.
#[derive(Clone, Debug)]
pub enum Values {
    /// These, in this order.
    Listed(Vec<Setting>),
    /// Anything between two ends.
    Between(Between),
}

/// The ends of a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Between {
    /// The low end.
    pub low: f64,
    /// The high end.
    pub high: f64,
    /// Whether equal ratios are equal steps.
    pub is_log: bool,
}

/// One value of an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// As people write it.
    pub label: String,
    /// As a number, if it is one.
    pub number: Option<f64>,
    /// Keys and values that set it.
    pub(super) sets: Vec<(String, Value)>,
}

/// Digits of a value that is chosen from a range: nobody sets a link to 71.28341 hours.
const DIGITS: i32 = 3;

impl Axis {
    /// An axis over places; factors multiply what stands there.
    pub(super) fn new(key: &str, places: Vec<Settable>, is_factor: bool, values: Values) -> Self {
        let first = places.first();
        let number_as_given = if is_factor {
            Some(1.0)
        } else {
            first.and_then(Settable::number)
        };
        let as_given = match first.and_then(|place| place.now.as_ref()) {
            _ if is_factor => "×1".to_owned(),
            Some(now) => label(now),
            None => "–".to_owned(),
        };
        let path = first.map(|place| place.path.to_string()).unwrap_or_default();
        Self {
            key: key.to_owned(),
            unit: if is_factor {
                ""
            } else {
                crate::scenario::section::unit_of(&path)
            },
            is_factor,
            values,
            as_given,
            number_as_given,
            places,
        }
    }

    /// The limits that all places keep.
    pub(super) fn limits(places: &[Settable]) -> Option<Limits> {
        let all = places.iter().map(|place| place.limits);
        all.reduce(|a, b| {
            let (a, b) = (a?, b?);
            Some(Limits {
                least: a.least.max(b.least),
                most: a.most.min(b.most),
                is_whole: a.is_whole || b.is_whole,
            })
        })
        .flatten()
    }

    /// The axis at a number.
    pub(super) fn at_number(&self, number: f64) -> Setting {
        let sets = self.places.iter().filter_map(|place| {
            let value = if self.is_factor {
                place.times(number)?
            } else {
                place.value(number)
            };
            Some((place.path.to_string(), value))
        });
        let cross = if self.is_factor { "×" } else { "" };
        Setting {
            label: format!("{cross}{number}"),
            number: Some(number),
            sets: sets.collect(),
        }
    }

    /// The axis at a value.
    pub(super) fn at_value(&self, value: &Value) -> Setting {
        Setting {
            label: label(value),
            number: number_of(value),
            sets: self.places.iter().map(|place| (place.path.to_string(), value.clone())).collect(),
        }
    }

    /// The axis at a part of the way from its first value to its last, 0 to 1.
    pub fn at(&self, part: f64) -> Setting {
        match &self.values {
            Values::Listed(settings) => {
                settings[((part * settings.len() as f64) as usize).min(settings.len() - 1)].clone()
            }
            Values::Between(between) => self.at_number(self.between(*between, part)),
        }
    }

    fn between(&self, Between { low, high, is_log }: Between, part: f64) -> f64 {
        if self.is_whole() {
            // Each whole number has as much room as any other.
            return (low + (part * (high - low + 1.0)).floor()).min(high);
        }
        let number = if is_log {
            low * (high / low).powf(part)
        } else {
            low + (high - low) * part
        };
        rounded(number).clamp(low, high)
    }

    /// The part of the way at which what is stated lies, brought to the nearer end where it lies outside.
    pub(super) fn part_as_given(&self) -> f64 {
        match &self.values {
            Values::Listed(settings) => {
                let place = settings.iter().position(|setting| setting.label == self.as_given);
                place.map_or(0.5, |place| (place as f64 + 0.5) / settings.len() as f64)
            }
            Values::Between(between) => self.number_as_given.map_or(0.5, |number| self.part(*between, number)),
        }
    }

    /// The part of the way that stands for all that lead to the same value.
    pub(super) fn settled(&self, part: f64) -> f64 {
        match (&self.values, self.at(part).number) {
            (Values::Between(between), Some(number)) => self.part(*between, number),
            (Values::Listed(settings), _) => {
                let of = settings.len() as f64;
                ((part * of).floor().min(of - 1.0) + 0.5) / of
            }
            (Values::Between(_), None) => part,
        }
    }

    fn part(&self, Between { low, high, is_log }: Between, number: f64) -> f64 {
        let part = if self.is_whole() {
            (number - low + 0.5) / (high - low + 1.0)
        } else if is_log {
            (number.max(low) / low).ln() / (high / low).ln()
        } else {
            (number - low) / (high - low)
        };
        part.clamp(0.0, 1.0)
    }

    /// Whether a setting leaves everything as it is stated: agents stay whole, so that a factor may change nothing.
    pub(super) fn leaves_as_given(&self, setting: &Setting) -> bool {
        let is_as_given = |((_, value), place): (&(String, Value), &Settable)| {
            place.now.as_ref().is_some_and(|now| match self.is_factor {
                true => numbers_in(now) == numbers_in(value),
                false => label(now) == setting.label,
            })
        };
        setting.sets.iter().zip(&self.places).all(is_as_given)
    }

    /// What is stated, as people write it; of what is multiplied, the numbers that stand there.
    pub(super) fn told_as_given(&self) -> String {
        let now = self.places.iter().filter_map(|place| place.now.as_ref());
        self.told(&self.as_given, now)
    }

    /// A setting as it comes out, told in the same way.
    pub(super) fn told_setting(&self, setting: &Setting) -> (String, Option<f64>) {
        if self.leaves_as_given(setting) {
            return (self.told_as_given(), self.number_as_given);
        }
        (self.told(&setting.label, setting.sets.iter().map(|(_, value)| value)), setting.number)
    }

    fn told<'a>(&self, label: &str, values: impl Iterator<Item = &'a Value>) -> String {
        if !self.is_factor {
            return label.to_owned();
        }
        format!("{label}: {}", values.map(numbers).collect::<Vec<_>>().join(", "))
    }

    /// Places of the strategies whose own key it is; none if it is one of the scenario, or not of strategies alone.
    pub(super) fn own_of(&self) -> Vec<usize> {
        let own = self.places.iter().map(|place| match place.path.0.as_slice() {
            [Step::Key(key), Step::Index(strategy), ..] if key == "strategies" => Some(*strategy),
            _ => None,
        });
        let mut own = own.collect::<Option<Vec<usize>>>().unwrap_or_default();
        own.sort_unstable();
        own.dedup();
        own
    }

    /// Whether it is something that one can choose: keys of strategies and of the desk.
    pub(super) fn is_choice(&self) -> bool {
        let is_one = |place: &Settable| match place.path.0.first() {
            Some(Step::Key(first)) => first == "strategies" || first == "desk",
            _ => false,
        };
        self.places.iter().all(is_one)
    }

    /// Whether only whole numbers are allowed.
    pub(super) fn is_whole(&self) -> bool {
        !self.is_factor && Self::limits(&self.places).is_some_and(|limits| limits.is_whole)
    }

    /// How many values it has, if they are listed.
    pub fn len(&self) -> Option<usize> {
        match &self.values {
            Values::Listed(settings) => Some(settings.len()),
            Values::Between(_) => None,
        }
    }

    /// Whether it has no values at all, which a parsed axis never has.
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }

    /// Whether all of its values are numbers.
    pub fn is_numeric(&self) -> bool {
        match &self.values {
            Values::Listed(settings) => settings.iter().all(|setting| setting.number.is_some()),
            Values::Between(_) => true,
        }
    }
}

/// A number with as many digits as people use.
pub(super) fn rounded(number: f64) -> f64 {
    if number == 0.0 || !number.is_finite() {
        return number;
    }
    let digits = DIGITS - 1 - number.abs().log10().floor() as i32;
    if digits >= 0 {
        let power = 10_f64.powi(digits);
        (number * power).round() / power
    } else {
        let power = 10_f64.powi(-digits);
        (number / power).round() * power
    }
}

/// Numbers of a list that are told one by one; of more, the least and the most.
const FEW: usize = 4;

/// The numbers that stand in a value: the value itself, or those of windows.
fn numbers_in(value: &Value) -> Vec<f64> {
    let windows = value.as_array().into_iter().flatten();
    let of_windows = windows.filter_map(|window| window.get("value").and_then(number_of));
    number_of(value).into_iter().chain(of_windows).collect()
}

/// The same as people write them.
fn numbers(value: &Value) -> String {
    let all = numbers_in(value);
    match all.as_slice() {
        [only] if number_of(value).is_some() => only.to_string(),
        few if few.len() <= FEW => {
            let few: Vec<String> = few.iter().map(f64::to_string).collect();
            format!("[{}]", few.join(", "))
        }
        many => {
            let ends =
                many.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(*x), high.max(*x)));
            format!("{} to {}", ends.0, ends.1)
        }
    }
}

/// A value as people write it, on one line.
fn label(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Float(number) => number.to_string(),
        Value::Array(values) if !values.is_empty() && values.iter().all(|value| number_of(value).is_some()) => {
            let numbers: Vec<String> = values.iter().map(label).collect();
            format!("[{}]", numbers.join(", "))
        }
        plain => plain.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario_file::path::Path;

    fn axis(is_whole: bool, values: Values) -> Axis {
        let place = Settable {
            path: Path::keys("x"),
            now: Some(Value::Float(24.0)),
            limits: Some(Limits { least: 0.0, most: 1e6, is_whole }),
        };
        Axis::new("x", vec![place], false, values)
    }

    #[test]
    fn a_range_is_gone_through_from_end_to_end() {
        let linear = axis(false, Values::Between(Between { low: 10.0, high: 30.0, is_log: false }));
        assert_eq!([0.0, 0.5, 1.0].map(|part| linear.at(part).number), [Some(10.0), Some(20.0), Some(30.0)]);
        assert!((linear.part_as_given() - 0.7).abs() < 1e-12);
        let log = axis(false, Values::Between(Between { low: 1.0, high: 100.0, is_log: true }));
        assert_eq!(log.at(0.5).number, Some(10.0));
        let whole = axis(true, Values::Between(Between { low: 2.0, high: 5.0, is_log: false }));
        let numbers: Vec<_> = (0..8).map(|n| whole.at((f64::from(n) + 0.5) / 8.0).number).collect();
        assert_eq!(numbers, [2.0, 2.0, 3.0, 3.0, 4.0, 4.0, 5.0, 5.0].map(Some));
        assert_eq!(whole.at(1.0).sets, [("x".to_owned(), Value::Integer(5))]);
    }

    #[test]
    fn a_factor_that_leaves_whole_agents_as_they_are_is_told_so() {
        let windows = |text: &str| toml::from_str::<toml::Table>(&format!("v = {text}")).expect("TOML")["v"].clone();
        let now = windows("[{ hours = '8-18', value = 3 }, { value = 2 }]");
        let limits = Some(Limits { least: 0.0, most: 100.0, is_whole: true });
        let place = Settable { path: Path::keys("x"), now: Some(now), limits };
        let between = Values::Between(Between { low: 0.5, high: 2.0, is_log: false });
        let axis = Axis::new("x", vec![place], true, between);
        assert_eq!(axis.told_as_given(), "×1: [3, 2]");
        let told = |factor: f64| axis.told_setting(&axis.at_number(factor));
        assert_eq!(told(0.867), ("×1: [3, 2]".to_owned(), Some(1.0)));
        assert_eq!(told(1.3), ("×1.3: [4, 3]".to_owned(), Some(1.3)));
    }

    #[test]
    fn chosen_values_have_few_digits() {
        assert_eq!([71.283_41, 0.012_345, 123_456.0, 0.0].map(rounded), [71.3, 0.0123, 123_000.0, 0.0]);
    }
}
