//! Steady state: runs the cases and holds each measure against theory.

use rayon::prelude::*;

use super::cases::Case;
use super::law::Law;
use super::ledger::Kept;
use super::probe::Probe;
use super::verdict::{Statement, Statistic};
use crate::desk::staffing::Staffing;
use crate::desk::{Floor, NoCallers};
use crate::error::Result;
use crate::random::Seed;
use crate::scenario::Scenario;
use crate::scenario_file::Loaded;
use crate::watch::Watch;

/// Seed of all runs.
pub const SEED: u64 = 1917;
/// Relaxation times that are cut off at the beginning: what is left of an empty start is then e^-20.
const WARM_UP: f64 = 20.0;

/// A case and what came out.
#[derive(Clone, Debug)]
pub struct SteadyResult {
    /// The case.
    pub case: Case,
    /// Simulated against known, in the order of `case.known`.
    pub statements: Vec<Statement>,
    /// Contacts in the windows of all replications.
    pub contacts: u64,
    /// Hours cut off at the beginning.
    pub warm_up_h: usize,
    /// Hours that count, in each replication.
    pub window_h: usize,
    /// Little's law and conservation, over all runs.
    pub kept: Kept,
}

/// How long and how often.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Independent replications, at least two.
    pub replications: u32,
    /// Run lengths, as a multiple of those that the document is made with.
    pub length: f64,
}

struct Setting {
    scenario: Scenario,
    staffing: Staffing,
    warm_up_h: usize,
    window_h: usize,
    tail_ms: Vec<i64>,
}

/// A scenario from its text.
pub fn scenario(text: &str) -> Result<Scenario> {
    Ok(Loaded::parse("validation", text, &[], &[])?.scenario)
}

impl Setting {
    fn new(case: &Case, length: f64) -> Result<Self> {
        let warm_up_h = (WARM_UP * case.relaxation_s() / 3600.0).ceil() as usize;
        let window_h = ((case.contacts * length / case.per_hour).ceil() as usize).max(1);
        // As many hours again, for the last contacts to come to an end.
        let days = (window_h + 2 * warm_up_h).div_ceil(24);
        let (channel, other) = if case.chats > 1 {
            ("chat", "phone")
        } else {
            ("phone", "chat")
        };
        let text = format!(
            "horizon_days = {days}\nstrategies = []\npopulation.accounts = 0\n[desk]\n\
             review.agents = 0\ntier1 = {{ agents = {}, takes = [\"{channel}\"] }}\n\
             chat.concurrency = {}\n{channel}.patience = {}\n[desk.baseline]\nemail_per_hour = 0\n{other}_per_hour = 0\n\
             {channel}_per_hour = {}\n{channel}_handle_time = {}\n",
            case.agents,
            case.chats.max(1),
            case.patience.toml(),
            case.per_hour,
            case.handle.toml(),
        );
        let scenario = scenario(&text)?;
        let tail = case.known.iter().filter_map(|(measure, _)| match measure {
            Statistic::StillWaits(after_s) => Some(i64::from(*after_s) * 1000),
            _ => None,
        });
        let tail_ms = tail.collect();
        let staffing = Staffing::new(&scenario);
        Ok(Self { scenario, staffing, warm_up_h, window_h, tail_ms })
    }

    fn play(&self, seed: Seed, watch: &dyn Watch) -> Result<Probe> {
        let end_h = self.warm_up_h + self.window_h;
        let probe = Probe::new(self.warm_up_h..end_h).with_tail(&self.tail_ms);
        Floor::new(&self.scenario, &self.staffing, seed, probe).run(end_h + self.warm_up_h, &mut NoCallers, watch)
    }
}

/// One measure of one replication.
fn value(case: &Case, probe: &Probe, measure: Statistic) -> f64 {
    let per_contact = |count: u64| count as f64 / probe.offered.max(1) as f64;
    match measure {
        Statistic::Waits => per_contact(probe.waited),
        Statistic::Abandons => per_contact(probe.abandoned),
        Statistic::MeanWait => probe.wait_ms as f64 / 1000.0 / probe.offered.max(1) as f64,
        Statistic::Within => per_contact(probe.within),
        Statistic::Occupancy => probe.busy_ms as f64 / probe.window_ms() as f64 / f64::from(case.servers()),
        Statistic::StillWaits(after_s) => {
            let after_ms = i64::from(after_s) * 1000;
            let place = probe.after_ms.iter().position(|&ms| ms == after_ms);
            per_contact(place.map_or(0, |place| probe.still_wait[place]))
        }
        Statistic::Busy(_) => f64::NAN,
    }
}

/// Runs all replications of all cases. `first` numbers the first case, so that no two cases share their luck.
///
/// # Errors
///
/// If `watch` stops it.
pub fn run(cases: Vec<Case>, first: u64, effort: Effort, watch: &dyn Watch) -> Result<Vec<SteadyResult>> {
    let settings: Vec<Setting> = cases.iter().map(|case| Setting::new(case, effort.length)).collect::<Result<_>>()?;
    let replications = effort.replications;
    let probes: Vec<Probe> = (0..cases.len() as u64 * u64::from(replications))
        .into_par_iter()
        .map(|job| {
            let (case, replication) = (job / u64::from(replications), (job % u64::from(replications)) as u32);
            settings[case as usize].play(Seed::new(SEED + first + case, replication), watch)
        })
        .collect::<Result<_>>()?;
    let outcome = |(number, case): (usize, Case)| {
        let probes = &probes[number * replications as usize..][..replications as usize];
        let statement = |&(measure, known): &(Statistic, f64)| {
            let values: Vec<f64> = probes.iter().map(|probe| value(&case, probe, measure)).collect();
            Statement::new(case.id, measure, known, &values)
        };
        SteadyResult {
            statements: case.known.iter().map(statement).collect(),
            contacts: probes.iter().map(|probe| probe.offered).sum(),
            warm_up_h: settings[number].warm_up_h,
            window_h: settings[number].window_h,
            kept: probes.iter().map(Probe::kept).fold(Kept::default(), Kept::and),
            case,
        }
    };
    Ok(cases.into_iter().enumerate().map(outcome).collect())
}

impl SteadyResult {
    /// The statement about one measure.
    pub fn of(&self, measure: Statistic) -> Option<&Statement> {
        self.statements.iter().find(|statement| statement.measure == measure)
    }

    /// The desk in words.
    pub fn words(&self) -> String {
        let case = &self.case;
        let agents = match case.chats {
            1 => format!("n = {}", case.agents),
            chats => format!("n = {}, k = {chats}", case.agents),
        };
        let patience = match case.patience {
            Law::Endless => String::new(),
            patience => format!("; patience {}", patience.words()),
        };
        format!("{agents}; {} an hour; handle time {}{patience}", case.per_hour, case.handle.words())
    }
}
