//! One at a time: what the difference of two strategies is when one key has another value and all others stand as they are.

use std::ops::Range;

use rayon::prelude::*;

use super::lab::{LUCKS, Lab};
use super::pair::Pair;
use crate::engine::Replication;
use crate::error::{Error, Result};
use crate::measure::statistics::{Estimate, estimate};
use crate::probe::Figures;
use crate::uncertain::Z90;

/// The scenario as it stands, in which keys are turned one at a time.
pub struct Alone<'a> {
    lab: &'a Lab<'a>,
    /// The strategies whose difference is looked at.
    pub pair: Pair,
    replications: Vec<Replication>,
    leads: Vec<f64>,
    /// Bills as the scenario stands over all accounts, by replication and arm.
    stated: Vec<Vec<f64>>,
}

/// The difference at both ends of a key's 90 % interval, in cents; `None` where the scenario is not allowed there.
pub type Ends = [Option<f64>; 2];

impl<'a> Alone<'a> {
    /// Simulates the scenario as it stands.
    ///
    /// # Errors
    ///
    /// If the watch stops it.
    pub fn new(lab: &'a Lab<'a>, pair: Pair) -> Result<Self> {
        let replications: Vec<Replication> =
            (0..LUCKS).into_par_iter().map(|number| lab.probe.run(number, lab.watch)).collect::<Result<_>>()?;
        let bills = replications.iter().zip(0..);
        let bills: Vec<Vec<f64>> =
            bills.map(|(replication, number)| lab.repriced(lab.probe, (number, replication), &[])).collect();
        let leads = bills.iter().map(|bills| pair.lead(bills)).collect();
        let whole: Vec<Vec<f64>> = lab.level.whole.iter().map(|arms| Figures::bills(arms)).collect();
        let stated = if whole.is_empty() { bills } else { whole };
        Ok(Self { lab, pair, replications, leads, stated })
    }

    /// The difference as the scenario stands, with the luck of a number, in cents.
    pub fn lead(&self, number: u32) -> f64 {
        self.leads[number as usize]
    }

    /// The same, over all lucks.
    pub fn mean_lead(&self) -> f64 {
        self.leads.iter().sum::<f64>() / self.leads.len().max(1) as f64
    }

    /// The difference as the scenario stands over all accounts, with its luck.
    pub fn stated(&self) -> Estimate {
        self.stated_lead(self.pair)
    }

    /// The option with the smallest bill as the scenario stands; the best over worlds where it cannot be told from it.
    pub fn best(&self, options: Range<usize>) -> usize {
        let mean = |arm: usize| self.stated.iter().map(|bills| bills[arm]).sum::<f64>();
        let Some(least) = options.min_by(|&a, &b| mean(a).total_cmp(&mean(b))) else {
            return self.pair.best;
        };
        // By how much the best over worlds is dearer here.
        let lead = self.stated_lead(Pair { best: least, rival: self.pair.best });
        if lead.ci95.is_some_and(|[low, _]| low > 0.0) {
            least
        } else {
            self.pair.best
        }
    }

    fn stated_lead(&self, pair: Pair) -> Estimate {
        estimate(&self.stated.iter().map(|bills| pair.lead(bills)).collect::<Vec<_>>())
    }

    /// Half of a 95 % interval of the luck that all worlds share, because they are told from one level.
    pub fn half_of_level(&self) -> f64 {
        if self.lab.level.whole.is_empty() {
            return 0.0;
        }
        self.stated().ci95.map_or(0.0, |[low, high]| (high - low) / 2.0)
    }

    /// The difference with one key at a score, in cents; `None` if the scenario is not allowed there.
    ///
    /// # Errors
    ///
    /// If the watch stops it.
    pub fn at(&self, place: usize, score: f64, number: u32) -> Result<Option<f64>> {
        if self.lab.uncertain.keys()[place].is_price() {
            let replication = (number, &self.replications[number as usize]);
            let bills = self.lab.repriced(self.lab.probe, replication, &[(place, score)]);
            return Ok(Some(self.pair.lead(&bills)));
        }
        let scenario = match self.lab.uncertain.with(self.lab.probe.scenario(), &[(place, score)]) {
            Err(Error::Input(_)) => return Ok(None),
            scenario => scenario?,
        };
        Ok(Some(self.pair.lead(&Figures::bills(&self.lab.figures(scenario, number)?))))
    }

    /// The difference at both ends of some keys.
    ///
    /// # Errors
    ///
    /// If the watch stops it.
    pub fn ends(&self, places: &[usize]) -> Result<Vec<Ends>> {
        let watch = self.lab.watch;
        watch.begin("one key at a time", 2 * places.len() as u64);
        let ends: Vec<Option<f64>> = (0..2 * places.len())
            .into_par_iter()
            .map(|which| {
                watch.look()?;
                let score = if which % 2 == 0 { -Z90 } else { Z90 };
                let lead = self.at(places[which / 2], score, 0)?;
                watch.advance(1);
                Ok(lead)
            })
            .collect::<Result<_>>()?;
        Ok(ends.chunks_exact(2).map(|ends| [ends[0], ends[1]]).collect())
    }

    /// The same, over all lucks: `first` is what it is with the first one.
    ///
    /// # Errors
    ///
    /// If the watch stops it.
    pub fn ends_over_lucks(&self, places: &[usize], first: &[Ends]) -> Result<Vec<Ends>> {
        let watch = self.lab.watch;
        watch.begin("the most important keys with other luck", 2 * places.len() as u64);
        let ends: Vec<Option<f64>> = (0..2 * places.len())
            .into_par_iter()
            .map(|which| {
                let (key, end) = (which / 2, which % 2);
                let score = [-Z90, Z90][end];
                let lead = self.over_lucks(places[key], score, first[key][end])?;
                watch.advance(1);
                Ok(lead)
            })
            .collect::<Result<_>>()?;
        Ok(ends.chunks_exact(2).map(|ends| [ends[0], ends[1]]).collect())
    }

    /// The mean difference over all lucks with one key at a score, `first` being that with the first luck.
    fn over_lucks(&self, place: usize, score: f64, first: Option<f64>) -> Result<Option<f64>> {
        let Some(mut sum) = first else { return Ok(None) };
        for number in 1..LUCKS {
            self.lab.watch.look()?;
            let Some(lead) = self.at(place, score, number)? else {
                return Ok(None);
            };
            sum += lead;
        }
        Ok(Some(sum / f64::from(LUCKS)))
    }

    /// The score that a key has as the scenario stands.
    pub fn now(&self, place: usize) -> f64 {
        let key = &self.lab.uncertain.keys()[place];
        key.score(key.now())
    }

    /// How far the difference moves over a key's 90 % interval from what it is `now`, in cents.
    pub fn swing(now: f64, ends: Ends) -> f64 {
        let values = || ends.into_iter().flatten().chain([now]);
        values().fold(f64::NEG_INFINITY, f64::max) - values().fold(f64::INFINITY, f64::min)
    }

    /// The difference along some keys: scores with the difference there, in order.
    ///
    /// # Errors
    ///
    /// If the watch stops it.
    pub fn curves(&self, places: &[usize]) -> Result<Vec<Vec<(f64, f64)>>> {
        const STEPS: usize = 7;
        let watch = self.lab.watch;
        watch.begin("along single keys", (STEPS * places.len()) as u64);
        let points: Vec<(f64, Option<f64>)> = (0..STEPS * places.len())
            .into_par_iter()
            .map(|which| {
                watch.look()?;
                let score = Z90 * (2.0 * (which % STEPS) as f64 / (STEPS - 1) as f64 - 1.0);
                let place = places[which / STEPS];
                let lead = self.over_lucks(place, score, self.at(place, score, 0)?)?;
                watch.advance(1);
                Ok((score, lead))
            })
            .collect::<Result<_>>()?;
        let allowed =
            |points: &[(f64, Option<f64>)]| points.iter().filter_map(|(at, lead)| Some((*at, (*lead)?))).collect();
        Ok(points.chunks_exact(STEPS).map(allowed).collect())
    }
}
