//! What a run found, and what is written about it.

use std::sync::OnceLock;

use crate::engine::Replication;
use crate::error::{Error, Result};
use crate::journey::listener::Nobody;
use crate::probe::Figures;
use crate::report::building::Building;
use crate::report::precision_summary::PrecisionSummary;
use crate::report::series::{self, HourlySeries};
use crate::report::summary::Summary;
use crate::report::verdict::Verdict;
use crate::report::{beyond, doubts};
use crate::results::precision::Precision;
use crate::results::{Arm, Comparison, Results};
use crate::scenario::Scenario;
use crate::sensitivity::lab::Forgetful;
use crate::sensitivity::{self, Depth, Sensitivity, Settings};
use crate::strategy::STAY;
use crate::uncertain::Uncertain;
use crate::watch::{Unwatched, Watch};
use crate::why::{self, Why};

/// One so-manieth of the work of a run may go into what makes the difference.
const PART_FOR_WHY: u64 = 10;

/// What a run found. What is written about it is worked out when it is first asked for.
#[derive(Debug)]
pub struct RunResult<M = Nobody> {
    results: Results,
    /// By arm, over all replications, if somebody measured.
    measures: Vec<M>,
    timing: Timing,
    precision: Option<Precision>,
    summary: OnceLock<Summary>,
    hourly: OnceLock<Vec<HourlySeries>>,
    verdict: OnceLock<Verdict>,
    doubts: OnceLock<Doubts>,
}

/// What a reader should know before believing the numbers: all of it, and in a line each what matters where strategies are
/// only held against each other.
#[derive(Debug)]
struct Doubts {
    all: Vec<String>,
    brief: Vec<String>,
}

/// Wall-clock figures of a run, apart from results, which know no clock.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Timing {
    /// Seconds for journeys and desk, the store's writes included.
    pub simulate_s: f64,
    /// Seconds for the final check of the store.
    pub verify_s: f64,
}

impl<M> RunResult<M> {
    pub(super) fn new(results: Results, measures: Vec<M>, (timing, precision): (Timing, Option<Precision>)) -> Self {
        Self {
            results,
            measures,
            timing,
            precision,
            summary: OnceLock::new(),
            hourly: OnceLock::new(),
            verdict: OnceLock::new(),
            doubts: OnceLock::new(),
        }
    }

    /// The results.
    pub fn results(&self) -> &Results {
        &self.results
    }

    /// The scenario as it was run.
    pub fn scenario(&self) -> &Scenario {
        self.results.scenario()
    }

    /// The control arm `stay`, then the strategies of the scenario.
    pub fn arms(&self) -> impl Iterator<Item = Arm<'_>> {
        self.results.arms()
    }

    /// The arm of this name.
    ///
    /// # Errors
    ///
    /// If there is none: those that there are are named.
    pub fn arm(&self, name: &str) -> Result<Arm<'_>> {
        self.results.arm(name)
    }

    /// Arm `a` against arm `b`, over the same customers with the same luck.
    ///
    /// # Errors
    ///
    /// If there is no arm of one of the names: those that there are are named.
    pub fn compare(&self, a: &str, b: &str) -> Result<Comparison<'_>> {
        self.results.compare(a, b)
    }

    /// What the measure of this run heard under the arm of this name, in all replications together.
    ///
    /// # Errors
    ///
    /// If there is no such arm, or if nothing measured.
    pub fn measure(&self, name: &str) -> Result<&M> {
        let place = self.arm(name)?.place();
        self.measures.get(place).ok_or_else(|| {
            let message = "nothing measured in this run: expected `Run::measure` before it is executed";
            Error::Input(message.to_owned())
        })
    }

    /// All that `summary.json` says.
    pub fn summary(&self) -> &Summary {
        let sum_up = || {
            let mut summary = Summary::new(self.scenario(), self.replications());
            if let Some(precision) = &self.precision {
                summary.run = super::run_id(self.scenario(), Some(precision));
                summary.precision = Some(PrecisionSummary::new(self.scenario(), self.replications(), precision));
            }
            summary
        };
        self.summary.get_or_init(sum_up)
    }

    /// Every series by the hour, arm by arm.
    pub fn hourly(&self) -> &[HourlySeries] {
        self.hourly.get_or_init(|| series::hourly(self.scenario(), self.replications()))
    }

    /// Which strategy is better, on what, by how much, and what would have to be true for the answer to flip.
    pub fn verdict(&self) -> &Verdict {
        self.verdict
            .get_or_init(|| Verdict::new(self.scenario(), self.summary(), self.hourly(), self.replications()))
    }

    /// What a reader should know before believing the numbers. The first time it runs the strategies over a smaller
    /// population, to see whether their order changes at twice the horizon.
    pub fn doubts(&self) -> &[String] {
        let found = || self.find_doubts(&Unwatched).unwrap_or_else(|_| self.own_doubts());
        &self.doubts.get_or_init(found).all
    }

    /// The same, where `watch` may stop the run over the smaller population.
    ///
    /// # Errors
    ///
    /// If it does.
    pub fn doubts_under(&self, watch: &dyn Watch) -> Result<&[String]> {
        if self.doubts.get().is_none() {
            let _ = self.doubts.set(self.find_doubts(watch)?);
        }
        Ok(self.doubts())
    }

    /// Of the doubts those that matter where strategies are only held against each other, in a line each.
    ///
    /// # Errors
    ///
    /// If `watch` stops the run over the smaller population.
    pub fn brief_doubts_under(&self, watch: &dyn Watch) -> Result<&[String]> {
        self.doubts_under(watch)?;
        Ok(self.doubts.get().map_or(&[], |doubts| &doubts.brief))
    }

    /// How sure the answer is: in how many of so many worlds that fit what is known each strategy has the lowest bill.
    /// Nothing where that cannot be said: for fewer accounts than outweigh luck, for a directory export that is too large to
    /// be simulated so often, without strategies, and where all values are taken as known.
    ///
    /// # Errors
    ///
    /// If the number of worlds is not allowed, or if `watch` stops it.
    pub fn how_sure(&self, worlds: u32, watch: &dyn Watch) -> Result<Option<Sensitivity>> {
        let scenario = self.scenario();
        let accounts = scenario.population.accounts.get();
        let is_large_export = scenario.population.directory.is_some() && accounts > sensitivity::MOST_ACCOUNTS;
        let none = accounts < sensitivity::FEWEST_ACCOUNTS
            || is_large_export
            || scenario.strategies.is_empty()
            || Uncertain::new(scenario)?.keys().is_empty();
        if none {
            return Ok(None);
        }
        let settings = Settings { worlds, accounts: None, depth: Depth::HowSure };
        let replications = self.replications().iter();
        let whole = replications.map(|replication| Figures::of_arms(scenario, replication, 1.0)).collect();
        sensitivity::study_beside(scenario, Some(whole), settings, &Forgetful, watch).map(Some)
    }

    /// What makes the difference between the strategy with the smallest bill and its nearest rival that can be told from it:
    /// by kind of part, over part of the accounts, in about a tenth of the work of the run. Nothing where there are no two,
    /// or where so little work says nothing.
    ///
    /// # Errors
    ///
    /// If `watch` stops it.
    pub fn why(&self, watch: &dyn Watch) -> Result<Option<Why>> {
        let Some((best, next)) = &self.verdict().pair else {
            return Ok(None);
        };
        let ties = &self.verdict().ties;
        let others = self
            .summary()
            .strategies
            .iter()
            .filter(|other| other.name != STAY && other.name != *best && !ties.contains(&other.name));
        let rival = others.min_by_key(|other| other.cost_cents.total()).map_or(next, |other| &other.name);
        let scenario = self.scenario();
        let strategies = scenario.strategies.len() as u64;
        let work = scenario.population.accounts.get() * strategies * self.replications().len() as u64;
        why::within(scenario, (best, rival), work / PART_FOR_WHY, watch)
    }

    fn find_doubts(&self, watch: &dyn Watch) -> Result<Doubts> {
        let mut doubts = self.own_doubts();
        if let Some(beyond) = beyond::found(self.scenario(), self.summary(), self.verdict(), watch)? {
            doubts.all.push(beyond.sentence());
            doubts.brief.push(beyond.short());
        }
        Ok(doubts)
    }

    fn own_doubts(&self) -> Doubts {
        let mut all = doubts::doubts(self.scenario(), self.summary(), self.hourly());
        let mut brief = doubts::brief(self.summary());
        if let Some(building) = Building::decides(self.scenario(), self.replications(), self.verdict()) {
            all.push(building.sentence());
            brief.push(building.short());
        }
        Doubts { all, brief }
    }

    /// How long it took.
    pub fn timing(&self) -> Timing {
        self.timing
    }

    fn replications(&self) -> &[Replication] {
        self.results.replications()
    }
}
