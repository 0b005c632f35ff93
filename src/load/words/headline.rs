//! The answer in a few sentences: will the store hold?

use super::standing::Standing;
use super::{is_reference, listed, requests};
use crate::identity::trees::outlives::Outlives;
use crate::load::report::{BackendReport, LoadReport};
use crate::numbers::{grouped, micros, seconds};

/// The answer.
pub fn headline(report: &LoadReport) -> String {
    let mut sentences: Vec<String> = Vec::new();
    let wrong: Vec<String> = report.backends().filter_map(wrong).collect();
    if !wrong.is_empty() {
        sentences.push(format!("Not right: {}.", listed(wrong.into_iter())));
    }
    sentences.extend(
        report
            .backends()
            .filter_map(BackendReport::too_few_crashes)
            .map(|said| format!("Not shown: {said}.")),
    );
    if report.others.is_empty() {
        sentences.extend([alone(&report.run), waits(&report.run)]);
    } else {
        sentences.extend(together(report));
    }
    sentences.extend(mortal(report));
    sentences.extend(report.limit.iter().map(|limit| limit.verdict.clone()));
    let broken: Vec<&str> = report.fail_if.iter().filter(|j| j.broken).map(|judged| judged.limit.as_str()).collect();
    if !broken.is_empty() {
        sentences.push(format!("The test fails by its limits: {}.", broken.join(", ")));
    }
    sentences.join(" ")
}

/// What makes a store unfit at any rate. What keeps nothing cannot be.
fn wrong(run: &BackendReport) -> Option<String> {
    let mut parts = Vec::new();
    if let Some(from_s) = run.silent_from_s {
        parts.push(format!("stopped answering after {}", seconds(from_s)));
    }
    if run.acknowledged_lost > 0 && !run.lost_is_allowed {
        parts.push(format!("lost {}", requests(run.acknowledged_lost, "acknowledged ")));
    }
    if run.invariants_broken > 0 {
        parts.push(format!("broke invariants {} times", grouped(run.invariants_broken as f64)));
    }
    // After a crash a request whose answer was not told is sent again, and may meet what it has done itself.
    if run.unlike_predicted_alone > 0 && run.crashes_survived == 0 && run.acknowledged_lost == 0 {
        let times = grouped(run.unlike_predicted_alone as f64);
        parts.push(format!("gave {times} answers that no order of requests explains"));
    }
    let is_wrong = !parts.is_empty() && run.backend != "nothing";
    is_wrong.then(|| format!("{} {}", run.backend, parts.join(" and ")))
}

/// Whose acknowledgements end with the power: that belongs to the answer.
fn mortal(report: &LoadReport) -> Option<String> {
    let is_mortal = |run: &&BackendReport| {
        let promises = !run.durability.starts_with("none");
        promises && run.outlives == Some(Outlives::Process) && !is_reference(run)
    };
    let names: Vec<String> = report.backends().filter(is_mortal).map(|run| run.backend.clone()).collect();
    let outlives = Outlives::Process;
    (!names.is_empty()).then(|| format!("What {} acknowledged outlives {outlives}.", listed(names.into_iter())))
}

/// The rate asked for, and the most of it where that differs: `1,000 requests/s asked (at the most 1,900)`.
fn asked(run: &BackendReport) -> String {
    let asked = run.asked_per_s.unwrap_or(0.0);
    let most = run.asked_most_per_s.filter(|most| *most > 1.2 * asked);
    let most = most.map_or(String::new(), |most| format!(" on average (at the most {})", grouped(most)));
    format!("{} requests/s asked{most}", grouped(asked))
}

/// Whether a lone store holds the rate.
fn alone(run: &BackendReport) -> String {
    let name = format!("{} {}", run.backend, run.version).trim().to_owned();
    let took = format!("{name} took {} of {}", grouped(run.achieved_per_s), asked(run));
    match Standing::of(run) {
        Standing::Unknown => format!(
            "The harness was too slow to ask {name} for {} requests/s on this machine: the figures are about the harness, and \
             not about the store. Ask for less, or give it more cores.",
            run.asked_per_s.map_or(String::new(), grouped)
        ),
        Standing::Holds => format!("{took}: it holds this rate."),
        Standing::HoldsByFlushing => {
            format!("{took}: it holds this rate, but only just, for it cannot flush much more.")
        }
        Standing::LimitedByFlushing => {
            format!("{took}: it does not hold this rate. What it took is what flushing allows.")
        }
        Standing::Fails => format!("{took}: it does not hold this rate."),
        Standing::Closed => format!(
            "{name} took {} requests/s in a closed loop, in which each waits for the one before: the most it does, and nothing \
             about how long customers would wait.",
            grouped(run.achieved_per_s)
        ),
    }
}

/// Which of several stores hold the rate.
fn together(report: &LoadReport) -> Vec<String> {
    let rate = |run: &BackendReport| format!("{} {}", run.backend, grouped(run.achieved_per_s));
    let rates = listed(report.backends().map(rate));
    let mut sentences = vec![match report.run.asked_per_s {
        Some(_) => format!("Of {}, these were taken: {rates}.", asked(&report.run)),
        None => format!("Requests/s taken in a closed loop: {rates}."),
    }];
    let of = |wanted: &[Standing]| -> Vec<&str> {
        let them = report.backends().filter(|run| wanted.contains(&Standing::of(run)));
        them.filter(|run| !is_reference(run) || wanted == [Standing::Unknown])
            .map(|run| run.backend.as_str())
            .collect()
    };
    for (wanted, one, more) in [
        (
            &[Standing::Unknown][..],
            "was asked too slowly by the harness to tell",
            "were asked too slowly by the harness to tell",
        ),
        (&[Standing::Holds], "holds this rate", "hold this rate"),
        (
            &[Standing::HoldsByFlushing],
            "only just holds this rate: flushing allows little more",
            "only just hold this rate: flushing allows little more",
        ),
        (
            &[Standing::LimitedByFlushing],
            "does not hold this rate: it took what flushing allows",
            "do not hold this rate: they took what flushing allows",
        ),
        (&[Standing::Fails], "does not hold this rate", "do not hold this rate"),
    ] {
        let names = of(wanted);
        if !names.is_empty() {
            let does = if names.len() == 1 { one } else { more };
            sentences.push(format!("{} {does}.", listed(names.iter().map(|name| (*name).to_owned()))));
        }
    }
    sentences
}

fn waits(run: &BackendReport) -> String {
    let Some(latency) = run.all.latency_us else {
        return "Nothing was measured after the warm-up.".to_owned();
    };
    let least = if run.all.latency_is_at_least { "at least " } else { "" };
    let given_up = match run.unanswered {
        0 => String::new(),
        some => format!(", and {} of {} were given up", grouped(some as f64), requests(run.tried, "")),
    };
    format!(
        "Half of the requests took {least}{} from when they were due, one in a hundred {least}{} or longer{given_up}.",
        micros(latency.p50 as f64),
        micros(latency.p99 as f64)
    )
}
