//! Estimate: a figure, and how sure it is. Bounds are one-sided: with 95 % the truth lies above the lower one, and with
//! 95 % below the upper one.

use super::ranks::Ranks;
use crate::measure::statistics::students_t;

/// A figure with what is known of its luck.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// The figure as it is told.
    pub value: f64,
    /// What its bounds come from.
    pub evidence: Evidence,
}

/// What bounds come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Evidence {
    /// Nothing, and why.
    None(&'static str),
    /// It is so without luck: the same program did the same thing.
    Certain,
    /// A value for each replication.
    Replications(Vec<f64>),
    /// Standard errors downwards and upwards, with their degrees of freedom (infinite for a normal distribution).
    Errors {
        /// Downwards and upwards; they differ for intervals that are not symmetric.
        errors: [f64; 2],
        /// Degrees of freedom.
        freedom: f64,
    },
    /// Values whose ranks are looked at, because outliers are to weigh little.
    Ranks(Ranks),
}

/// Mean and standard error of the mean of two values or more.
///
/// Whole numbers hide up to half a unit: values that happen to be all alike would claim to be certain. So the variance of
/// rounding, `grain²/12`, is added unless all of them are 0 (Sheppard's correction, the other way round).
fn mean_and_error(values: &[f64], grain: f64) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let is_whole = values.iter().all(|value| value.fract() == 0.0) && values.iter().any(|value| *value != 0.0);
    let rounding = if is_whole { grain * grain / 12.0 } else { 0.0 };
    (mean, ((variance + rounding) / n).sqrt())
}

/// What one replication, or none, leaves to say.
pub(super) const ONE: &str = "one replication tells nothing about its own luck; run it with more";

impl Estimate {
    /// The mean of values by replication.
    pub(super) fn of_replications(values: Vec<f64>) -> Self {
        let value = values.iter().sum::<f64>() / values.len().max(1) as f64;
        let evidence = if values.len() < 2 {
            Evidence::None(ONE)
        } else {
            Evidence::Replications(values)
        };
        Self { value, evidence }
    }

    /// A figure with a two-sided interval of this level, from a t distribution with so many degrees of freedom.
    pub(super) fn of_interval(value: f64, [low, high]: [f64; 2], level: f64, freedom: f64) -> Self {
        let width = students_t(0.5 + level / 2.0, freedom);
        let errors = [value - low, high - value].map(|half| half.max(0.0) / width);
        Self { value, evidence: Evidence::Errors { errors, freedom } }
    }

    /// Lower and upper bound, each with this confidence; why there are none otherwise.
    ///
    /// # Errors
    ///
    /// If nothing is known of its luck, or too little for so much confidence.
    pub fn bounds(&self, confidence: f64) -> Result<[f64; 2], &'static str> {
        let ([below, above], freedom) = match &self.evidence {
            Evidence::None(why) => return Err(why),
            Evidence::Certain => return Ok([self.value; 2]),
            Evidence::Ranks(ranks) => return ranks.bounds(confidence),
            Evidence::Replications(values) => {
                let (_, error) = mean_and_error(values, 1.0);
                ([error; 2], values.len() as f64 - 1.0)
            }
            Evidence::Errors { errors, freedom } => (*errors, *freedom),
        };
        let width = students_t(confidence, freedom);
        Ok([self.value - width * below, self.value + width * above])
    }

    /// This minus `factor` times another: paired if both had the same luck and tell values by replication.
    ///
    /// Otherwise by Welch's approximation (The generalization of Student's problem, Biometrika 34, 1947).
    pub(super) fn minus(&self, factor: f64, other: &Self, have_same_luck: bool) -> (Self, How) {
        let value = self.value - factor * other.value;
        if have_same_luck && let (Some(own), Some(others)) = (self.replications(), other.replications()) {
            let pairs = own.iter().zip(others);
            let differences: Vec<f64> = pairs.map(|(own, other)| own - factor * other).collect();
            if differences.len() >= 2 && own.len() == others.len() {
                let (mean, error) = mean_and_error(&differences, 2.0_f64.sqrt());
                let errors = [error; 2];
                let evidence = Evidence::Errors { errors, freedom: differences.len() as f64 - 1.0 };
                return (Self { value: mean, evidence }, How::Paired(differences.len()));
            }
        }
        let (own, others) = match (self.errors(), other.errors()) {
            (Ok(own), Ok(others)) => (own, others),
            (Err(why), _) | (_, Err(why)) => return (Self { value, evidence: Evidence::None(why) }, How::Apart),
        };
        // What is above one is below the difference with the other.
        let parts = |side: usize| [own.0[side].powi(2), (factor * others.0[1 - side]).powi(2)];
        let [mine, theirs] = parts(0);
        let slack = (mine + theirs).powi(2) / (mine.powi(2) / own.1 + theirs.powi(2) / others.1);
        let freedom = if slack.is_finite() && slack < 1e6 {
            slack
        } else {
            f64::INFINITY
        };
        let errors = [0, 1].map(|side| parts(side).iter().sum::<f64>().sqrt());
        (Self { value, evidence: Evidence::Errors { errors, freedom } }, How::Apart)
    }

    /// Whether it is 0, and surely so.
    pub(super) fn is_nothing(&self) -> bool {
        self.value == 0.0 && self.errors().is_ok_and(|(errors, _)| errors == [0.0; 2])
    }

    /// Values by replication, if there are.
    pub(super) fn replications(&self) -> Option<&[f64]> {
        match &self.evidence {
            Evidence::Replications(values) => Some(values),
            _ => None,
        }
    }

    /// Standard errors and their degrees of freedom.
    fn errors(&self) -> Result<([f64; 2], f64), &'static str> {
        match &self.evidence {
            Evidence::None(why) => Err(why),
            Evidence::Certain => Ok(([0.0; 2], f64::INFINITY)),
            Evidence::Ranks(_) => Err("times are compared by rules of their own"),
            Evidence::Errors { errors, freedom } => Ok((*errors, *freedom)),
            Evidence::Replications(values) => Ok(([mean_and_error(values, 1.0).1; 2], values.len() as f64 - 1.0)),
        }
    }
}

/// How two figures were held against each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Replication by replication, with the same luck, so many of them.
    Paired(usize),
    /// Each with its own luck.
    Apart,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(got: f64, wanted: f64) {
        assert!((got - wanted).abs() < 1e-4, "{got} for {wanted}");
    }

    #[test]
    fn bounds_are_students_one_side_at_a_time() {
        // t(0.95, 3) = 2.353363, s = 1.290994, halves.
        let [low, high] = Estimate::of_replications(vec![1.5, 2.5, 3.5, 4.5]).bounds(0.95).expect("four values");
        close(high - 3.0, 2.353_363 * 1.290_994 / 2.0);
        close(low + high, 6.0);
        // A 95 % interval from four values, told as an interval.
        let told = Estimate::of_interval(3.0, [3.0 - 2.054_26, 3.0 + 2.054_26], 0.95, 3.0);
        let [low, high] = told.bounds(0.95).expect("an interval");
        close(high - 3.0, 2.353_363 * 1.290_994 / 2.0);
        close(low + high, 6.0);
        assert_eq!(Estimate::of_replications(vec![1.0]).bounds(0.95), Err(ONE));
    }

    #[test]
    fn whole_numbers_that_are_alike_are_not_certain_but_none_at_all_is() {
        let alike = Estimate::of_replications(vec![3.0; 3]).bounds(0.95).expect("three");
        assert!(alike[1] > 3.4);
        assert_eq!(Estimate::of_replications(vec![0.0; 3]).bounds(0.95), Ok([0.0; 2]));
        assert_eq!(Estimate::of_replications(vec![0.25; 3]).bounds(0.95), Ok([0.25; 2]));
    }

    #[test]
    fn the_same_luck_is_paired_and_other_luck_is_welchs() {
        let own = Estimate::of_replications(vec![10.5, 20.5, 30.5]);
        let other = Estimate::of_replications(vec![10.0, 20.0, 30.0]);
        let (paired, how) = own.minus(1.0, &other, true);
        assert_eq!(how, How::Paired(3));
        assert_eq!(paired.bounds(0.95), Ok([0.5; 2]));
        assert!(!paired.is_nothing() && own.minus(1.0, &own, true).0.is_nothing());
        assert!(!own.minus(1.0, &own, false).0.is_nothing());
        // By hand: s² = 100 each (and 1/12 for whole numbers), se² = 200/3, 4 degrees of freedom, t = 2.131847.
        let (apart, how) = own.minus(1.0, &other, false);
        assert_eq!(how, How::Apart);
        let [low, high] = apart.bounds(0.95).expect("bounds");
        assert!((high - 0.5 - 2.131_847 * (200.083_333_f64 / 3.0).sqrt()).abs() < 2e-3, "{high}");
        close(low + high, 1.0);
        let none = Estimate { value: 1.0, evidence: Evidence::None(ONE) };
        assert_eq!(own.minus(1.0, &none, true).0.bounds(0.95), Err(ONE));
    }
}
