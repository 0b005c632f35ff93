//! Told: what a report is made of.

use super::series::HourlySeries;
use super::summary::Summary;
use super::verdict::Verdict;
use crate::scenario_file::Loaded;
use crate::sensitivity::Sensitivity;
use crate::why::Why;

/// What a report tells.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// The scenario, with where its values were written.
    pub loaded: &'a Loaded,
    /// Means, intervals and comparisons.
    pub summary: &'a Summary,
    /// Hourly series by strategy, the control arm first.
    pub series: &'a [HourlySeries],
    /// What it means.
    pub verdict: &'a Verdict,
    /// What a reader should know before believing it.
    pub doubts: &'a [String],
    /// In how many worlds that fit what is known the answer holds, if that was looked into.
    pub how_sure: Option<&'a Sensitivity>,
    /// What makes the difference between the best strategy and its rival, if that was looked into.
    pub why: Option<&'a Why>,
    /// How reading the directory export went, if there is one.
    pub import: Option<&'a str>,
}
