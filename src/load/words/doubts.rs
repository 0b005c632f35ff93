//! Doubts: what to know before one believes the figures.

use super::{is_reference, listed, requests};
use crate::identity::trees::outlives::Outlives;
use crate::load::report::{BackendReport, Figures, LoadReport};
use crate::numbers::{grouped, percent, seconds};

/// Requests that must lie beyond a percentile for it to mean something.
const BEYOND: f64 = 10.0;
/// The shortest test that says anything of flushing, compaction and caches, in seconds.
const SHORTEST_S: f64 = 30.0;

/// The doubts, each in a sentence or two.
pub fn doubts(report: &LoadReport) -> Vec<String> {
    let mut doubts: Vec<String> = report
        .backends()
        .filter(|run| run.generator_limited)
        .map(|run| format!("{}: {}", run.backend, run.generator))
        .collect();
    doubts.extend(of_backends(report));
    // A closed loop that has done everything early has measured what was left.
    let measured_s = (report.run.duration_s - report.warm_up_s).max(0.0);
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
    let mut accounts = report.backends().filter(|run| !is_reference(run)).map(|run| run.preload.accounts);
    if let Some(first) = accounts.next()
        && accounts.any(|others| others != first)
    {
        doubts.push(
            "The stores did not hold the same number of accounts before the test: an earlier and longer test has filled one              further. Delete the folder store/ of the report to compare them alike."
                .to_owned(),
        );
    }
    if report.backends().any(|run| run.backend == "sled" && run.outlives == Some(Outlives::Process)) {
        doubts.push(
            "sled keeps what it has flushed through a loss of power only if it is asked to (--outlives power), and no record \
             is longer than 4,096 bytes. Larger pages are in files of their own, which it does not put on disk in order."
                .to_owned(),
        );
    }
    if report.backends().any(|run| run.backend == "fjall") {
        doubts.push(
            "fjall syncs what it has flushed, and a loss of power costs none of it. But if the disk has kept a part of what was \
             written after that, with a hole in it, fjall 3.1 refuses to open the store."
                .to_owned(),
        );
    }
    doubts
}

/// What may befall a backend, with those that it befell.
fn of_backends(report: &LoadReport) -> Vec<String> {
    let who = |of: &dyn Fn(&BackendReport) -> Option<String>| {
        let befallen = report.backends().filter_map(|run| Some(format!("{} {}", run.backend, of(run)?)));
        let befallen: Vec<String> = befallen.collect();
        (!befallen.is_empty()).then(|| listed(befallen.into_iter()))
    };
    let given_up = who(&|run| {
        let unanswered = run.unanswered;
        run.all
            .latency_is_at_least
            .then(|| format!("({} of {})", grouped(unanswered as f64), requests(run.tried, "")))
    });
    let failed = who(&|run| {
        let share = run.failed as f64 / run.tried.max(1) as f64;
        (run.failed > 0).then(|| format!("at {} ({})", requests(run.failed, ""), percent(share)))
    });
    let held_back = who(&|run| (run.held_back_s > 0.0).then(|| format!("for {}", seconds(run.held_back_s))));
    let lost = who(&|run| {
        let is_told = run.acknowledged_lost > 0 && run.lost_is_allowed;
        is_told.then(|| format!("{} ({})", requests(run.acknowledged_lost, ""), run.durability))
    });
    let used_up = who(&|run| {
        let after = run.used_up_s?;
        Some(format!("after {} ({})", seconds(after), requests(run.tried, "")))
    });
    let unproved = who(&|run| {
        let is_unknown = !run.proved && !is_reference(run);
        is_unknown.then(|| run.failures.first().map_or(String::new(), |why| format!("({why})")))
    });
    let told = [
        unproved.map(|who| {
            format!("What was acknowledged could not be looked for in the store, so nothing is known of what is lost: {who}.")
        }),
        used_up.map(|who| {
            format!(
                "All requests for which the store was filled were used up before the time was over: {who}. Its figures are of a \
                 shorter test than was asked for, and it is not ranked. Fill it for more with --closed-up-to."
            )
        }),
        given_up.map(|who| {
            format!(
                "Requests were given up when the test ended, and count with the time that they had waited by then: {who}. \
                 Percentiles of latency are at least what is told; those of service are of the answered ones."
            )
        }),
        failed.map(|who| format!("The store failed: {who}. Failed requests are in no percentile.")),
        held_back.map(|who| {
            format!(
                "Writes waited so long to be flushed that requests were held back, all together: {who}. Without that bound a store \
                 would seem faster, and a loss of power would cost ever more."
            )
        }),
        lost.map(|who| format!("Acknowledged requests are lost, as the durability allows: {who}.")),
    ];
    told.into_iter().flatten().collect()
}

/// Kinds of which too few requests were measured for the percentiles that are told.
fn few(run: &BackendReport) -> Option<String> {
    let names = |share: f64| -> Vec<String> {
        let is_few = |figures: &Figures| (figures.measured as f64) * (1.0 - share) < BEYOND;
        run.operations.iter().filter(|(_, of)| is_few(of)).map(|(kind, _)| kind.replace('_', " ")).collect()
    };
    let told = |(share, percentile): (f64, &str)| {
        let kinds = names(share);
        let all = kinds.len() == run.operations.len();
        let who = if all {
            "every kind".to_owned()
        } else {
            listed(kinds.clone().into_iter())
        };
        (!kinds.is_empty()).then(|| format!("the {percentile} percentile of {who}"))
    };
    let parts: Vec<String> = [(0.99, "99th"), (0.999, "99.9th")].into_iter().filter_map(told).collect();
    (!parts.is_empty()).then(|| format!("Few requests lie beyond {}: luck has its part in it.", parts.join(", and ")))
}
