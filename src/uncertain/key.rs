//! A key with its range.

use toml::Value;

use super::Z90;
use crate::scenario::Scenario;
use crate::scenario::section::{Grade, unit_of};
use crate::scenario::uncertain::Range;
use crate::scenario_file::number::Number;

/// On what scale a value is normal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// That of its logarithm.
    Log,
    /// That of its log odds.
    LogOdds,
}

impl Scale {
    /// The value on the scale.
    fn of(self, value: f64) -> f64 {
        match self {
            Self::Log => value.ln(),
            Self::LogOdds => (value / (1.0 - value)).ln(),
        }
    }

    /// The value back from the scale.
    fn back(self, on_scale: f64) -> f64 {
        match self {
            Self::Log => on_scale.exp(),
            Self::LogOdds => 1.0 / (1.0 + (-on_scale).exp()),
        }
    }
}

/// A key whose value is uncertain.
#[derive(Clone, Debug)]
pub struct UncertainKey {
    /// Dotted key, as `--set` takes it.
    pub key: String,
    /// How well its value is known.
    pub grade: Grade,
    /// Its unit, if it has one.
    pub unit: &'static str,
    /// On what scale it is normal.
    pub scale: Scale,
    middle: f64,
    deviation: f64,
    number: Number,
    /// Where else the same value stands, because it was inherited.
    heirs: Vec<Number>,
}

impl UncertainKey {
    /// A value that may be off by a factor; `None` if it has no range: it is 0, all, or taken as exact.
    pub(super) fn within(key: String, number: Number, grade: Grade, factor: f64) -> Option<Self> {
        let scale = scale_of(&number);
        let middle = scale.of(number.now);
        let deviation = factor.ln() / Z90;
        (middle.is_finite() && deviation > 0.0).then(|| Self::new(key, grade, (middle, deviation), number))
    }

    /// A value with a stated range.
    pub(super) fn stated(root: &Value, key: &str, range: Range) -> Result<Self, String> {
        let number = Number::find(root, key)?;
        let (low, high) = (range.low.get(), range.high.get());
        let scale = scale_of(&number);
        number.must_have_range(low, high)?;
        let ends = (scale.of(low), scale.of(high));
        let spread = (f64::midpoint(ends.0, ends.1), (ends.1 - ends.0) / (2.0 * Z90));
        Ok(Self::new(key.to_owned(), Grade::Yours, spread, number))
    }

    fn new(key: String, grade: Grade, (middle, deviation): (f64, f64), number: Number) -> Self {
        Self {
            unit: unit_of(&key),
            key,
            grade,
            scale: scale_of(&number),
            middle,
            deviation,
            number,
            heirs: Vec::new(),
        }
    }

    /// The same, and the segments that have inherited its value.
    pub(super) fn inherited(mut self, root: &Value) -> Self {
        let Some(inner) = self.number.path.to_string().strip_prefix("population.").map(str::to_owned) else {
            return self;
        };
        let segments =
            root.get("population").and_then(|population| population.get("segments")).and_then(Value::as_array);
        for place in 0..segments.map_or(0, Vec::len) {
            let heir = Number::find(root, &format!("population.segments.{place}.{inner}"));
            self.heirs.extend(heir.ok().filter(|heir| heir.now == self.number.now));
        }
        self
    }

    /// The value at a score: 0 is the middle, ±1.645 are the ends of the 90 % interval.
    pub fn at(&self, score: f64) -> f64 {
        self.number.nearest(self.scale.back(self.middle + score * self.deviation))
    }

    /// The same, not rounded where only whole numbers are allowed.
    pub fn unrounded(&self, score: f64) -> f64 {
        self.scale.back(self.middle + score * self.deviation).clamp(self.number.least, self.number.most)
    }

    /// Whether a range with these ends can be stated for it.
    ///
    /// # Errors
    ///
    /// If it cannot, says why.
    pub fn may_range(&self, low: f64, high: f64) -> Result<(), String> {
        self.number.must_have_range(low, high)
    }

    /// The score of a value.
    pub fn score(&self, value: f64) -> f64 {
        (self.scale.of(value) - self.middle) / self.deviation
    }

    /// The value that the scenario has.
    pub fn now(&self) -> f64 {
        self.number.now
    }

    /// The ends of its 90 % interval.
    pub fn range(&self) -> (f64, f64) {
        (self.at(-Z90), self.at(Z90))
    }

    /// Whether it is a price, or what a customer is worth: it changes a bill and nothing of what happens.
    pub fn is_price(&self) -> bool {
        self.key.starts_with("prices.") || self.key == "population.worth_cents"
    }

    /// Gives a price its value at a score, and leaves everything else of the scenario as it is.
    pub fn reprice(&self, scenario: &mut Scenario, score: f64) {
        let cents = self.at(score) as u64;
        if let Some(key) = self.key.strip_prefix("prices.") {
            if let Some(prices) = scenario.prices.with(key, cents) {
                scenario.prices = prices;
            }
        } else {
            // Segments that state no worth of their own have that of the population.
            let inherited = scenario.population.worth_cents.get();
            let worths: Vec<u64> = scenario.segments().iter().map(|segment| segment.worth_cents).collect();
            scenario.set_worths(|place| {
                if worths[place] == inherited {
                    cents
                } else {
                    worths[place]
                }
            });
        }
    }

    /// The last part of the key.
    pub(super) fn last(&self) -> &str {
        self.key.rsplit('.').next().unwrap_or(&self.key)
    }

    /// What sets it to its value at a score.
    pub(super) fn sets(&self, score: f64) -> impl Iterator<Item = (String, Value)> + use<'_> {
        // The value as it stands, to the last bit, where it is meant.
        let value = if self.middle == self.scale.of(self.number.now) && score == 0.0 {
            self.now()
        } else {
            self.at(score)
        };
        std::iter::once(&self.number).chain(&self.heirs).map(move |number| number.set(value))
    }
}

fn scale_of(number: &Number) -> Scale {
    if number.is_share() { Scale::LogOdds } else { Scale::Log }
}
