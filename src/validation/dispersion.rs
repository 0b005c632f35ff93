//! Dispersion: good and bad days. Counts of the same hour over many days vary more than Poisson; `desk.baseline.day_cv`
//! gives each day a factor of its own. What two real call centres imply for it, and that the simulator does it.

use rayon::prelude::*;

use super::probe::Probe;
use super::steady::{Effort, SEED, scenario};
use super::verdict::mean_and_half;
use crate::desk::staffing::Staffing;
use crate::desk::{Floor, NoCallers};
use crate::error::Result;
use crate::random::Seed;
use crate::watch::Watch;

/// Days in one replication.
const DAYS: usize = 200;

/// Counts of a call centre over many days, as in `scenarios/call-centre/README.md`.
#[derive(Clone, Copy, Debug)]
pub struct Centre {
    /// Name.
    pub name: &'static str,
    /// Variance over mean of counts of the same hour of the week.
    pub recorded: f64,
    /// (variance - mean) / mean², pooled over hours of the week.
    pub pooled: f64,
    /// The same, of totals of days.
    pub of_days: f64,
}

/// The centres.
pub const CENTRES: [Centre; 3] = [
    Centre {
        name: "Anonymous Bank 1999, all days",
        recorded: 11.3,
        pooled: 0.121,
        of_days: 0.069,
    },
    Centre {
        name: "Anonymous Bank 1999, without holidays",
        recorded: 7.2,
        pooled: 0.065,
        of_days: 0.030,
    },
    Centre {
        name: "bank in the USA 2003, weekdays",
        recorded: 11.4,
        pooled: 0.0046,
        of_days: 0.0033,
    },
];

/// A centre and what the simulator makes of it.
#[derive(Clone, Copy, Debug)]
pub struct Dispersion {
    /// The centre.
    pub centre: Centre,
    /// Calls per hour of the slots that weigh in the pooled figure.
    pub per_hour: f64,
    /// The `day_cv` that its totals of days imply.
    pub day_cv: f64,
    /// Variance over mean that this implies for an hour: 1 + cv² × calls per hour.
    pub implied: f64,
    /// Mean over replications of the simulated variance over mean, and half the width of its 95 % interval.
    pub simulated: (f64, f64),
    /// The same without `day_cv`.
    pub poisson: (f64, f64),
}

/// Simulates the arrivals of each centre.
///
/// # Errors
///
/// If `watch` stops it.
pub fn run(effort: Effort, watch: &dyn Watch) -> Result<Vec<Dispersion>> {
    let one = |(number, centre): (usize, Centre)| {
        let per_hour = ((centre.recorded - 1.0) / centre.pooled).round();
        let day_cv = (centre.of_days.sqrt() * 1000.0).round() / 1000.0;
        let seed = SEED + 2000 + 2 * number as u64;
        Ok(Dispersion {
            centre,
            per_hour,
            day_cv,
            implied: 1.0 + day_cv * day_cv * per_hour,
            simulated: simulate(per_hour, day_cv, seed, effort.replications, watch)?,
            poisson: simulate(per_hour, 0.0, seed + 1, effort.replications, watch)?,
        })
    };
    CENTRES.into_iter().enumerate().map(one).collect()
}

/// Variance over mean of the calls between 10 and 11 o'clock over the days.
fn simulate(per_hour: f64, day_cv: f64, seed: u64, replications: u32, watch: &dyn Watch) -> Result<(f64, f64)> {
    let text = format!(
        "horizon_days = {DAYS}\nstrategies = []\npopulation.accounts = 0\n[desk]\nreview.agents = 0\n\
         tier1 = {{ agents = 100, takes = [\"phone\"] }}\n[desk.baseline]\nemail_per_hour = 0\nday_cv = {day_cv}\n\
         phone_per_hour = [{{ hours = \"10-11\", value = {per_hour} }}]\n\
         phone_handle_time = {{ constant = {{ mean_s = 1 }} }}\n"
    );
    let scenario = scenario(&text)?;
    let staffing = Staffing::new(&scenario);
    let ratio = |replication: u32| {
        let mut probe = Probe::new(0..24 * DAYS);
        probe.arrivals_by_hour = Some(vec![0; 24 * DAYS]);
        let floor = Floor::new(&scenario, &staffing, Seed::new(seed, replication), probe);
        let probe = floor.run(24 * DAYS, &mut NoCallers, watch)?;
        let counts: Vec<f64> = probe
            .arrivals_by_hour
            .unwrap_or_default()
            .iter()
            .skip(10)
            .step_by(24)
            .map(|&n| f64::from(n))
            .collect();
        let mean = counts.iter().sum::<f64>() / counts.len() as f64;
        let squares: f64 = counts.iter().map(|count| (count - mean).powi(2)).sum();
        Ok(squares / (counts.len() as f64 - 1.0) / mean)
    };
    let ratios: Vec<f64> = (0..replications).into_par_iter().map(ratio).collect::<Result<_>>()?;
    let (mean, half, _) = mean_and_half(&ratios);
    Ok((mean, half))
}
