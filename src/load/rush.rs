//! Rush: how many requests come when, and which of them are batch jobs of the migration itself.

use std::collections::BTreeMap;

use crate::calendar::SimTime;

/// How many requests come when.
#[derive(Clone, Debug, Default)]
pub struct Rush {
    /// By hour, without batch jobs.
    hours: BTreeMap<usize, u64>,
    /// What the migration itself does at one whole minute.
    jobs: BTreeMap<SimTime, u64>,
}

/// Requests of the migration itself at one moment, from which on they are a batch job.
const BATCH: u64 = 100;

impl Rush {
    /// Notes a request; one that `may_be_batch` counts with the others of its moment.
    pub fn note(&mut self, at: SimTime, may_be_batch: bool) {
        if may_be_batch {
            *self.jobs.entry(at).or_default() += 1;
        } else {
            *self.hours.entry(at.hour()).or_default() += 1;
        }
    }

    /// All that both have noted.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        other.hours.into_iter().for_each(|(hour, count)| *self.hours.entry(hour).or_default() += count);
        other.jobs.into_iter().for_each(|(at, count)| *self.jobs.entry(at).or_default() += count);
        self
    }

    /// Takes what are too few at one moment to be a job for what they are: requests that count where they came.
    #[must_use]
    pub fn settled(mut self) -> Self {
        let (jobs, few): (BTreeMap<_, _>, BTreeMap<_, _>) =
            std::mem::take(&mut self.jobs).into_iter().partition(|(_, count)| *count >= BATCH);
        self.jobs = jobs;
        few.into_iter().for_each(|(at, count)| *self.hours.entry(at.hour()).or_default() += count);
        self
    }

    /// The first of the hours with most requests.
    pub fn peak_hour(&self) -> usize {
        let most = self.hours.values().max();
        self.hours.iter().find(|(_, count)| Some(*count) == most).map_or(0, |(hour, _)| *hour)
    }

    /// Whether so many were done at this moment that it was a batch job.
    pub fn is_batch(&self, at: SimTime) -> bool {
        self.jobs.get(&at).is_some_and(|count| *count >= BATCH)
    }
}
