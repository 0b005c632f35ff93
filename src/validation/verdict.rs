//! Verdict: does what was simulated agree with what is exact? One test for each statement, and one level for all of them.
//!
//! Replications are independent, so the mean over them, less the exact value and divided by its standard error, has
//! Student's t distribution. With many statements some p-values are small by luck; Holm's procedure (Scandinavian Journal
//! of Statistics 6, 1979) keeps the chance of any false alarm at the level, whatever the statements have to do with each
//! other.

use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::measure::statistics::students_t;

/// Chance of a false alarm in all statements together.
pub const LEVEL: f64 = 0.01;

/// A measure, simulated and exact.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The case it is about.
    pub case: String,
    /// What is measured.
    pub measure: Statistic,
    /// The exact value.
    pub exact: f64,
    /// Mean over replications.
    pub mean: f64,
    /// Half the width of the 95 % interval.
    pub half: f64,
    /// Standard errors between the mean and the exact value.
    pub t: f64,
    /// Chance of a difference at least this large if the exact value is right.
    pub p: f64,
    /// Standard error of the mean.
    pub error: f64,
    /// Replications less one.
    pub freedom: f64,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistic {
    /// Share that waits.
    Waits,
    /// Share that gives up.
    Abandons,
    /// Mean wait of all, in seconds.
    MeanWait,
    /// Share of the offered that is answered within 20 s.
    Within,
    /// Share of agents' time on contacts.
    Occupancy,
    /// Share that still waits after so many seconds.
    StillWaits(u32),
    /// Mean number of busy agents in an hour of the day.
    Busy(u32),
}

impl Statistic {
    /// Its name in tables.
    pub fn name(self) -> String {
        match self {
            Self::Waits => "P(wait > 0)".to_owned(),
            Self::Abandons => "P(abandon)".to_owned(),
            Self::MeanWait => "mean wait, s".to_owned(),
            Self::Within => "answered within 20 s".to_owned(),
            Self::Occupancy => "occupancy".to_owned(),
            Self::StillWaits(after_s) => format!("P(wait > {after_s} s)"),
            Self::Busy(hour) => format!("busy agents, {hour} h"),
        }
    }
}

/// Mean, half width of the 95 % interval and standard error of one value for each replication.
pub fn mean_and_half(values: &[f64]) -> (f64, f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let error = (variance / n).sqrt();
    (mean, students_t(0.975, n - 1.0) * error, error)
}

impl Statement {
    /// Tests one value for each replication, at least two, against the exact value.
    pub fn new(case: &str, measure: Statistic, exact: f64, values: &[f64]) -> Self {
        let (mean, half, error) = mean_and_half(values);
        let freedom = values.len() as f64 - 1.0;
        let (t, p) = student(mean - exact, error, freedom);
        Self {
            case: case.to_owned(),
            measure,
            exact,
            mean,
            half,
            t,
            p,
            error,
            freedom,
        }
    }

    /// The same figures against another exact value.
    pub fn against(&self, exact: f64) -> Self {
        let (t, p) = student(self.mean - exact, self.error, self.freedom);
        Self { exact, t, p, ..self.clone() }
    }
}

/// Standard errors that a mean is off by, and the chance of at least so many.
fn student(off: f64, error: f64, freedom: f64) -> (f64, f64) {
    // Without any spread only equality will do.
    let t = if error > 0.0 {
        off / error
    } else if off.abs() < 1e-12 {
        0.0
    } else {
        f64::INFINITY
    };
    (t, StudentsT::new(0.0, 1.0, freedom).map_or(f64::NAN, |d| 2.0 * d.cdf(-t.abs())).min(1.0))
}

/// All statements together.
#[derive(Clone, Debug)]
pub struct TheoryVerdict {
    /// Number of statements.
    pub statements: usize,
    /// Those that do not agree at the family-wise level.
    pub rejected: Vec<usize>,
    /// The smallest p-value, multiplied by the number of statements (Bonferroni), at most 1.
    pub smallest: f64,
    /// Statements whose 95 % interval does not hold the exact value: one in twenty is expected.
    pub outside: usize,
}

impl TheoryVerdict {
    /// Holm's procedure: the smallest p-value is held against level / N, the next against level / (N - 1), and so on
    /// until one is not rejected.
    pub fn new(statements: &[Statement]) -> Self {
        let n = statements.len();
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|&a, &b| statements[a].p.total_cmp(&statements[b].p));
        let small = |(place, index): &(usize, usize)| {
            let p = statements[*index].p;
            p.is_nan() || p <= LEVEL / (n - place) as f64
        };
        let rejected: Vec<usize> =
            order.iter().copied().enumerate().take_while(small).map(|(_, index)| index).collect();
        let outside = statements.iter().filter(|s| (s.mean - s.exact).abs() > s.half).count();
        let smallest = order.first().map_or(1.0, |&first| (statements[first].p * n as f64).min(1.0));
        Self { statements: n, rejected, smallest, outside }
    }

    /// Whether all agree.
    pub fn agrees(&self) -> bool {
        self.rejected.is_empty()
    }

    /// The verdict in a sentence.
    pub fn sentence(&self) -> String {
        let n = self.statements;
        match self.rejected.len() {
            0 => format!("All {n} agree at a family-wise level of {} %.", 100.0 * LEVEL),
            wrong => format!("{wrong} of {n} do NOT agree at a family-wise level of {} %.", 100.0 * LEVEL),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holm_goes_on_until_one_agrees() {
        let with = |p: f64| Statement {
            p,
            ..Statement::new("a", Statistic::Waits, 0.0, &[-1.0, 1.0])
        };
        let verdict = TheoryVerdict::new(&[with(0.004), with(0.002), with(0.5)]);
        assert_eq!(verdict.rejected, [1, 0], "0.002 <= 0.01/3 and 0.004 <= 0.01/2");
        let verdict = TheoryVerdict::new(&[with(0.004), with(0.5), with(0.5)]);
        assert!(verdict.agrees() && (verdict.smallest - 0.012).abs() < 1e-12);
    }

    #[test]
    fn students_t_by_hand() {
        // Mean 2.5, standard error 1.290994 / 2.
        let s = Statement::new("a", Statistic::MeanWait, 1.0, &[1.0, 2.0, 3.0, 4.0]);
        assert!((s.t - 2.323_790).abs() < 1e-5 && (s.p - 0.102_6).abs() < 1e-3, "{s:?}");
        assert_eq!(Statement::new("a", Statistic::Abandons, 0.0, &[0.0, 0.0]).p, 1.0);
        assert_eq!(Statement::new("a", Statistic::Abandons, 0.1, &[0.0, 0.0]).p, 0.0);
    }
}
