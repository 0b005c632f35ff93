//! The answer in a few sentences: will the store hold?

use super::standing::Standing;
use crate::load::report::{BackendReport, LoadReport};
use crate::report::numbers::{grouped, micros};

/// The answer.
pub fn headline(report: &LoadReport) -> String {
    let mut sentences: Vec<String> = report.backends().filter_map(wrong).collect();
    sentences.extend(report.backends().map(|run| held(run, report.others.is_empty())));
    sentences.extend(report.limit.iter().map(|limit| limit.verdict.clone()));
    let broken: Vec<&str> = report.fail_if.iter().filter(|j| j.broken).map(|judged| judged.limit.as_str()).collect();
    if !broken.is_empty() {
        sentences.push(format!("The test fails by its limits: {}.", broken.join(", ")));
    }
    sentences.join(" ")
}

/// What makes a store unfit at any rate.
fn wrong(run: &BackendReport) -> Option<String> {
    let mut parts = Vec::new();
    if run.acknowledged_lost > 0 && !run.lost_is_allowed {
        parts.push(format!("lost {} acknowledged requests", grouped(run.acknowledged_lost as f64)));
    }
    if run.invariants_broken > 0 {
        parts.push(format!("broke invariants {} times", grouped(run.invariants_broken as f64)));
    }
    if run.unlike_predicted_alone > 0 {
        let times = grouped(run.unlike_predicted_alone as f64);
        parts.push(format!("gave {times} answers that no order of requests explains"));
    }
    (!parts.is_empty()).then(|| format!("{} is not right: it {}.", run.backend, parts.join(", and ")))
}

/// Whether it holds the rate.
fn held(run: &BackendReport, at_length: bool) -> String {
    let name = format!("{} {}", run.backend, run.version).trim().to_owned();
    let achieved = grouped(run.achieved_per_s);
    let asked = run.asked_per_s.map_or(String::new(), grouped);
    let waits = match at_length {
        true => format!(" {}", waits(run)),
        false => String::new(),
    };
    match Standing::of(run) {
        Standing::Unknown => format!(
            "The harness was too slow to ask {name} for {asked} requests/s on this machine: the figures are about the harness, \
             and not about the store. Ask for less, or give it more cores."
        ),
        Standing::Holds => format!("{name} took {achieved} of {asked} requests/s asked: it holds this rate.{waits}"),
        Standing::HoldsByFlushing => format!(
            "{name} took {achieved} of {asked} requests/s asked: it holds this rate, but only just, for it cannot flush much \
             more.{waits}"
        ),
        Standing::LimitedByFlushing => format!(
            "{name} took {achieved} of {asked} requests/s asked: it does not hold this rate. What it took is what flushing \
             allows.{waits}"
        ),
        Standing::Fails => {
            format!("{name} took {achieved} of {asked} requests/s asked: it does not hold this rate.{waits}")
        }
        Standing::Closed => format!(
            "{name} took {achieved} requests/s in a closed loop, in which each waits for the one before: the most it does, and \
             nothing about how long customers would wait.{waits}"
        ),
    }
}

fn waits(run: &BackendReport) -> String {
    let Some(latency) = run.all.latency_us else {
        return "Nothing was measured after the warm-up.".to_owned();
    };
    let least = if run.all.latency_is_at_least { "at least " } else { "" };
    let given_up = match run.unanswered {
        0 => String::new(),
        some => format!(", and {} of {} requests were given up", grouped(some as f64), grouped(run.tried as f64)),
    };
    format!(
        "Half of the requests took {least}{} from when they were due, one in a hundred {least}{} or longer{given_up}.",
        micros(latency.p50 as f64),
        micros(latency.p99 as f64)
    )
}
