//! Doubts: what to know before one believes the figures.

use crate::load::report::{BackendReport, Figures, LoadReport};
use crate::report::numbers::{grouped, percent, seconds};

/// Requests that must lie beyond a percentile for it to mean something.
const BEYOND: f64 = 10.0;
/// The shortest test that says anything of flushing, compaction and caches, in seconds.
const SHORTEST_S: f64 = 30.0;

/// The doubts, each in a sentence or two.
pub fn doubts(report: &LoadReport) -> Vec<String> {
    let mut doubts: Vec<String> = report.backends().flat_map(of_backend).collect();
    let measured_s = report.run.duration_s - report.warm_up_s;
    if measured_s < SHORTEST_S {
        doubts.push(format!(
            "Only {} were measured: too short for what a store puts off, such as compaction and a full cache.",
            seconds(measured_s)
        ));
    }
    if report.warm_up_s <= 0.0 {
        doubts.push("There was no warm-up: cold caches and the first growth of files are in the figures.".to_owned());
    }
    doubts.extend(few(&report.run));
    if report.backends().any(|run| run.backend == "sled") {
        doubts.push(
            "sled asks the system to write its file but neither its metadata nor the device's cache: that what it calls flushed \
             outlives a loss of power is unproven. What is proven here is that it outlives the death of its process."
                .to_owned(),
        );
    }
    doubts
}

fn of_backend(run: &BackendReport) -> Vec<String> {
    let name = &run.backend;
    let mut doubts = Vec::new();
    if run.generator_limited {
        doubts.push(format!("{name}: {}", run.generator));
    }
    if run.all.latency_is_at_least {
        doubts.push(format!(
            "{name}: {} requests were given up when the test ended, with the time that they had waited by then. Percentiles of \
             latency are at least what is told; those of service are of the answered ones.",
            grouped(run.unanswered as f64)
        ));
    }
    if run.failed > 0 {
        doubts.push(format!(
            "{name}: the store failed at {} requests ({}), which are in no percentile.",
            grouped(run.failed as f64),
            percent(run.failed as f64 / run.tried.max(1) as f64)
        ));
    }
    if run.held_back_s > 0.0 {
        doubts.push(format!(
            "{name}: writes waited so long to be flushed that requests were held back for {} in all. Without that bound it would \
             seem faster, and a loss of power would cost ever more.",
            seconds(run.held_back_s)
        ));
    }
    if run.acknowledged_lost > 0 && run.lost_is_allowed {
        doubts.push(format!(
            "{name}: {} acknowledged requests are lost, as its durability ({}) allows.",
            grouped(run.acknowledged_lost as f64),
            run.durability
        ));
    }
    doubts
}

/// Kinds of which too few requests were measured for the percentiles that are told.
fn few(run: &BackendReport) -> Option<String> {
    let names = |share: f64| -> Vec<&str> {
        let is_few = |figures: &Figures| (figures.measured as f64) * (1.0 - share) < BEYOND;
        run.operations.iter().filter(|(_, of)| is_few(of)).map(|(kind, _)| kind.as_str()).collect()
    };
    let (rare, scarce) = (names(0.99), names(0.999));
    let told = |kinds: &[&str], percentile: &str| {
        let all = kinds.len() == run.operations.len();
        format!("the {percentile} percentile of {}", if all { "every kind".to_owned() } else { kinds.join(", ") })
    };
    let parts: Vec<String> = [(&rare, "99th"), (&scarce, "99.9th")]
        .into_iter()
        .filter(|(kinds, _)| !kinds.is_empty())
        .map(|(kinds, percentile)| told(kinds, percentile))
        .collect();
    (!parts.is_empty()).then(|| format!("Few requests lie beyond {}: luck has its part in it.", parts.join(" and ")))
}
