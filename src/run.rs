//! Run: a scenario simulated in this process, and what came out.
//!
//! [`Run::execute`] is the whole way in one call: the scenario is checked, the directory export that it names is read,
//! every replication is simulated, and what a store was given is held against what was counted. [`RunResult`] has the
//! results ([`results`](crate::results)) and, on demand, what is written about them: summary, hours, verdict, doubts.
//! Nothing touches the disk or the terminal, unless the scenario names a file or the run is given a store or a watch.

mod result;

#[cfg(feature = "store")]
mod stored;

use std::fmt;
use std::sync::Arc;

use crate::desk::baseline;
use crate::engine::{self, Replication};
use crate::error::{Error, Result};
use crate::folder::{self, Kind};
#[cfg(feature = "store")]
use crate::identity::store::DossierStore;
use crate::journey::listener::Nobody;
use crate::measure::Measure;
use crate::population::directory::{self, Imported, Report};
use crate::process::Stopwatch;
use crate::results::Results;
use crate::results::precision::{Follower, Precision};
use crate::scenario::Scenario;
use crate::terms::Channel;
use crate::watch::{Unwatched, Watch};
pub use result::{RunResult, Timing};

/// A run that is to be executed; `M` is what measures beside the built-in counts, if anything does.
///
/// ```
/// use cutover::prelude::*;
///
/// let scenario = Scenario::builder("small")
///     .accounts(2_000)
///     .horizon_days(60)
///     .strategy(Strategy::preset("lazy")?.with("cut_off.day", 50)?)
///     .build()?;
/// let run = Run::new(&scenario).replications(2).threads(1).execute()?;
/// assert_eq!(run.arms().count(), 2, "the control arm and the strategy");
/// # Ok::<(), Error>(())
/// ```
pub struct Run<'a, M = Nobody> {
    scenario: &'a Scenario,
    /// The scenario as it is run, once it is known.
    ready: Option<Scenario>,
    imported: Option<Arc<Imported>>,
    replications: Option<u32>,
    precision: Option<Precision>,
    threads: Option<usize>,
    control_alone: bool,
    watch: &'a dyn Watch,
    #[cfg(feature = "store")]
    store: Option<&'a DossierStore>,
    measure: Option<MeasureMaker<'a, M>>,
}

/// Makes a measure for a part of the customers.
type MeasureMaker<'a, M> = Box<dyn Fn() -> M + Send + Sync + 'a>;

/// Most threads: more than any machine has cores to run them on, and few enough to be had.
const MOST_THREADS: usize = 1024;

impl<'a> Run<'a> {
    /// A run of this scenario, on the threads of the current pool, with nobody watching and nothing stored.
    pub fn new(scenario: &'a Scenario) -> Self {
        Self {
            scenario,
            ready: None,
            imported: None,
            replications: None,
            precision: None,
            threads: None,
            control_alone: false,
            watch: &Unwatched,
            #[cfg(feature = "store")]
            store: None,
            measure: None,
        }
    }

    /// Lets a measure of one's own listen to every journey: `make` makes one for each part of the customers, and the parts
    /// are merged in their order. [`RunResult::measure`] returns it by arm. What is measured files nothing.
    #[must_use]
    pub fn measure<M: Measure>(self, make: impl Fn() -> M + Send + Sync + 'a) -> Run<'a, M> {
        Run {
            scenario: self.scenario,
            ready: self.ready,
            imported: self.imported,
            replications: self.replications,
            precision: self.precision,
            threads: self.threads,
            control_alone: self.control_alone,
            watch: self.watch,
            #[cfg(feature = "store")]
            store: self.store,
            measure: Some(Box::new(make)),
        }
    }

    /// A store in which the first replication files a dossier for every account and arm, from where it goes on if it was
    /// begun there, and which is checked at the end.
    #[cfg(feature = "store")]
    #[must_use]
    pub fn store(mut self, store: Option<&'a DossierStore>) -> Self {
        self.store = store;
        self
    }
}

impl<'a, M: Measure> Run<'a, M> {
    /// Another number of replications than the scenario states.
    #[must_use]
    pub fn replications(mut self, replications: u32) -> Self {
        self.replications = Some(replications);
        self
    }

    /// As many replications as it takes to know measures as closely as is asked; those of the scenario at least.
    #[must_use]
    pub fn precision(mut self, precision: Option<Precision>) -> Self {
        self.precision = precision;
        self
    }

    /// A pool of so many threads for this run; the results do not depend on it.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// Who watches the run, and may stop it.
    #[must_use]
    pub fn watch(mut self, watch: &'a dyn Watch) -> Self {
        self.watch = watch;
        self
    }

    /// Lets the control arm run alone if the scenario has no strategies, which is otherwise taken for a mistake.
    #[must_use]
    pub fn control_alone(mut self) -> Self {
        self.control_alone = true;
        self
    }

    /// Checks the scenario and reads the directory export that it names, if it does; [`Run::execute`] does it otherwise.
    ///
    /// # Errors
    ///
    /// If the scenario is not allowed, if it has nobody to simulate, or if the export cannot be read.
    pub fn prepare(&mut self) -> Result<()> {
        if self.ready.is_some() {
            return Ok(());
        }
        let mut scenario = self.scenario.checked()?;
        if let Some(replications) = self.replications {
            scenario.set("replications", replications)?;
        }
        if let Some(precision) = &self.precision {
            let stated = scenario.replications.get() as u32;
            let fewest = precision.fewest(stated);
            if fewest > precision.most() {
                return Err(Error::Input(format!(
                    "--max-replications {}: the scenario states {stated} replications, which --precision begins with: expected \
                     {fewest} at least",
                    precision.most()
                )));
            }
            if self.measure.is_some() {
                let message =
                    "a run that is measured has the replications of its scenario: expected a precision or a measure";
                return Err(Error::Input(message.to_owned()));
            }
            scenario.set("replications", fewest)?;
        }
        self.imported = directory::read(&scenario, self.watch)?.map(Arc::new);
        if let Some(imported) = &self.imported {
            scenario.adopt(imported.accounts(), imported.digest());
        }
        self.must_simulate_somebody(&scenario)?;
        #[cfg(feature = "store")]
        if self.store.is_some() && self.measure.is_some() {
            return Err(Error::Input("a run that is measured files nothing: expected a store or a measure".to_owned()));
        }
        self.ready = Some(scenario);
        Ok(())
    }

    /// The scenario as it is run: with the replications that were asked for, and the accounts of the export once
    /// [`Run::prepare`] has read it.
    pub fn scenario(&self) -> &Scenario {
        self.ready.as_ref().unwrap_or(self.scenario)
    }

    /// Names the run, once [`Run::prepare`] has read what it is about: all that is of one run has the same.
    pub fn run_id(&self) -> String {
        run_id(self.scenario(), self.precision.as_ref())
    }

    /// How reading the directory export went, if there is one and it was read.
    pub fn import(&self) -> Option<&Report> {
        self.imported.as_ref().map(|imported| imported.report())
    }

    /// Executes the run.
    ///
    /// # Errors
    ///
    /// If the scenario is not allowed or has nobody to simulate; if a file that it names cannot be read; if the watch
    /// stops it; if the store fails, or does not say what was counted.
    pub fn execute(mut self) -> Result<RunResult<M>> {
        let Some(threads) = self.threads.take() else {
            return self.go();
        };
        if !(1..=MOST_THREADS).contains(&threads) {
            return Err(Error::Input(format!("{threads} threads: expected at least 1, at most {MOST_THREADS}")));
        }
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        pool.map_err(|error| Error::Store(format!("cannot start {threads} threads: {error}")))?
            .install(|| self.go())
    }

    fn go(mut self) -> Result<RunResult<M>> {
        self.prepare()?;
        let scenario = self.ready.take().unwrap_or_default();
        let work = Stopwatch::start();
        let (replications, measures) = self.simulate(&scenario)?;
        let simulate_s = work.seconds();
        let work = Stopwatch::start();
        self.check_store(&scenario, &replications)?;
        let timing = Timing { simulate_s, verify_s: work.seconds() };
        self.watch.look()?;
        Ok(RunResult::new(Results::new(scenario, replications), measures, (timing, self.precision)))
    }

    /// All replications; and what the measure heard in all of them, by arm.
    fn simulate(&self, scenario: &Scenario) -> Result<(Vec<Replication>, Vec<M>)> {
        let imported = self.imported.as_ref();
        let Some(make) = &self.measure else {
            #[cfg(feature = "store")]
            let filing = self.store.map(|store| store as &dyn crate::identity::filing::Filing);
            #[cfg(not(feature = "store"))]
            let filing = None;
            let Some(precision) = &self.precision else {
                return Ok((engine::run(scenario, imported, filing, self.watch)?, Vec::new()));
            };
            let mut follower = Follower::new(scenario, precision);
            let mut enough = |replication: &Replication| {
                follower.add(replication);
                follower.is_enough()
            };
            let until = (precision.most(), &mut enough as &mut dyn FnMut(&Replication) -> bool);
            return Ok((engine::run_until(scenario, imported, filing, self.watch, until)?, Vec::new()));
        };
        engine::run_measured(scenario, imported, &**make, self.watch)
    }

    #[cfg(feature = "store")]
    fn check_store(&self, scenario: &Scenario, replications: &[Replication]) -> Result<()> {
        let Some(store) = self.store.filter(|_| self.measure.is_none()) else {
            return Ok(());
        };
        store.flush()?;
        stored::must_tell_the_same(store, scenario, replications, self.watch)
    }

    #[cfg(not(feature = "store"))]
    #[allow(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "with a store there is something to check"
    )]
    fn check_store(&self, _: &Scenario, _: &[Replication]) -> Result<()> {
        Ok(())
    }

    fn must_simulate_somebody(&self, scenario: &Scenario) -> Result<()> {
        let accounts = scenario.population.accounts.get();
        let comes = |channel: Channel| baseline::expected(scenario, channel).iter().sum::<f64>() > 0.0;
        let message = if accounts == 0 && !Channel::ALL.into_iter().any(comes) {
            "there is nobody to simulate: population.accounts is 0 and the desk has no baseline traffic; expected accounts, \
             or a rate above 0 in desk.baseline"
        } else if accounts > 0 && scenario.strategies.is_empty() && !self.control_alone {
            "there is no strategy to simulate: expected one at least, as in `strategy(Strategy::preset(\"lazy\")?)`, or \
             `Run::control_alone` to let customers live on as they are"
        } else {
            return Ok(());
        };
        Err(Error::Input(message.to_owned()))
    }
}

/// Names a run: of a scenario, and of what precision is asked for.
fn run_id(scenario: &Scenario, precision: Option<&Precision>) -> String {
    match precision {
        None => scenario.run_id(),
        Some(precision) => folder::run_id(Kind::Run, &[&scenario.hash(), &precision.key()]),
    }
}

impl<M> fmt::Debug for Run<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run").field("scenario", &self.scenario.name).finish_non_exhaustive()
    }
}
