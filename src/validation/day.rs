//! Arrivals that rise and fall within the day, with more agents than anybody needs: the mean number of busy agents is
//! the modified offered load of Eick, Massey and Whitt, which lags behind the arrivals.

use rayon::prelude::*;

use super::law::Law;
use super::ledger::Kept;
use super::probe::Probe;
use super::steady::{Effort, SEED, scenario};
use super::verdict::{Statement, Statistic};
use crate::desk::erlang::{self, Before};
use crate::desk::staffing::Staffing;
use crate::desk::{Floor, NoCallers};
use crate::error::Result;
use crate::random::Seed;
use crate::watch::Watch;

/// Days that warm the desk up, and that count.
const DAYS: (usize, f64) = (2, 30.0);

/// A day with rising and falling arrivals.
#[derive(Clone, Debug)]
pub struct VaryingDay {
    /// Name in tables.
    pub id: &'static str,
    /// Handle time.
    pub handle: Law,
    /// Arrivals by hour of the day.
    pub per_hour: [f64; 24],
    /// Busy agents by hour of the day, against the modified offered load.
    pub statements: Vec<Statement>,
    /// Little's law and conservation.
    pub kept: Kept,
}

/// A sine with one wave a day, 120 calls an hour on average, as a step for each hour.
fn arrivals() -> [f64; 24] {
    std::array::from_fn(|hour| {
        let angle = (hour as f64 + 0.5 - 6.0) / 24.0 * std::f64::consts::TAU;
        ((120.0 * (1.0 + 0.8 * angle.sin())) * 100.0).round() / 100.0
    })
}

/// Simulates the days.
///
/// # Errors
///
/// If `watch` stops it.
pub fn run(effort: Effort, watch: &dyn Watch) -> Result<Vec<VaryingDay>> {
    let days = ((DAYS.1 * effort.length).ceil() as usize).max(1);
    let laws = [
        ("exponential", Law::Exponential(3600.0)),
        ("lognormal", Law::Lognormal(3600.0, 1.5)),
        ("constant", Law::Constant(3600.0)),
    ];
    laws.into_iter()
        .enumerate()
        .map(|(number, (id, handle))| {
            let per_hour = arrivals();
            let windows: Vec<String> = (0..24)
                .map(|hour| format!("{{ hours = \"{hour}-{}\", value = {} }}", hour + 1, per_hour[hour]))
                .collect();
            let text = format!(
                "horizon_days = {}\nstrategies = []\npopulation.accounts = 0\n[desk]\nreview.agents = 0\n\
                 tier1 = {{ agents = 600, takes = [\"phone\"] }}\n[desk.baseline]\nemail_per_hour = 0\n\
                 phone_per_hour = [{}]\nphone_handle_time = {}\n",
                DAYS.0 + days,
                windows.join(", "),
                handle.toml(),
            );
            let scenario = scenario(&text)?;
            let staffing = Staffing::new(&scenario);
            let play = |replication: u32| {
                let mut probe = Probe::new(24 * DAYS.0..24 * (DAYS.0 + days));
                probe.busy_by_hour = Some([0; 24]);
                let seed = Seed::new(SEED + 1000 + number as u64, replication);
                Floor::new(&scenario, &staffing, seed, probe).run(24 * (DAYS.0 + days), &mut NoCallers, watch)
            };
            let probes: Vec<Probe> = (0..effort.replications).into_par_iter().map(play).collect::<Result<_>>()?;
            let per_s: Vec<f64> = per_hour.iter().map(|rate| rate / 3600.0).collect();
            let survival = |x: f64| handle.survival(x);
            let theory = erlang::offered_load_general(&per_s, 3600.0, survival, Before::Repeats);
            let statement = |(hour, load): (usize, &erlang::OfferedLoad)| {
                let hours_ms = (days as i64 * 3_600_000) as f64;
                let busy = |probe: &Probe| probe.busy_by_hour.map_or(f64::NAN, |busy| busy[hour] as f64 / hours_ms);
                let values: Vec<f64> = probes.iter().map(busy).collect();
                Statement::new(id, Statistic::Busy(hour as u32), load.mean, &values)
            };
            Ok(VaryingDay {
                id,
                handle,
                per_hour,
                statements: theory.iter().enumerate().map(statement).collect(),
                kept: probes.iter().map(|probe| probe.ledger.kept()).fold(Kept::default(), Kept::and),
            })
        })
        .collect()
}
