//! Tables, for the terminal and the page.

use crate::identity::trees::outlives::Outlives;
use crate::load::report::{BackendReport, Figures, LimitReport, LoadReport, Percentiles, TrialReport};
use crate::numbers::{bytes, grouped, micros, percent, seconds};

/// A table; its first column names the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Names of the columns.
    pub head: Vec<String>,
    /// Rows.
    pub rows: Vec<Vec<String>>,
}

/// What is told where there is nothing.
pub(super) const NONE: &str = "–";

/// Counts and times by kind of request, and of all.
pub fn by_kind(run: &BackendReport) -> Table {
    let head = [
        "requests",
        "tried",
        "answered",
        "refused",
        "failed",
        "given up",
        "p50",
        "p99",
        "p99.9",
        "max",
        "service p50",
        "service p99",
    ];
    let row = |(name, of): (&str, &Figures)| {
        let least = if of.latency_is_at_least { "≥" } else { "" };
        let latency = |at: fn(&Percentiles<u64>) -> u64| {
            of.latency_us.map_or(NONE.to_owned(), |latency| format!("{least}{}", micros(at(&latency) as f64)))
        };
        let service = |at: fn(&Percentiles<u64>) -> u64| {
            of.service_us.map_or(NONE.to_owned(), |service| micros(at(&service) as f64))
        };
        let counts = [of.tried, of.acknowledged, of.refused, of.failed, of.unanswered].map(|n| grouped(n as f64));
        let times = [
            latency(|p| p.p50),
            latency(|p| p.p99),
            latency(|p| p.p999),
            latency(|p| p.max),
        ];
        let mut row = vec![name.replace('_', " ")];
        row.extend(counts);
        row.extend(times);
        row.extend([service(|p| p.p50), service(|p| p.p99)]);
        row
    };
    let kinds = crate::load::kind::RequestKind::ALL.into_iter();
    let kinds = kinds.filter_map(|kind| Some((kind.key(), run.operations.get(kind.key())?)));
    let mut table = Table {
        head: head.map(str::to_owned).to_vec(),
        rows: kinds.chain([("all", &run.all)]).map(row).collect(),
    };
    // What did not occur needs no column; the proof says so.
    for (place, occurred) in [(5, run.unanswered), (4, run.failed)] {
        if occurred == 0 {
            table.head.remove(place);
            table.rows.iter_mut().for_each(|row| drop(row.remove(place)));
        }
    }
    table
}

/// The proof that answers were right and nothing is lost: a column for each backend.
pub fn proof(report: &LoadReport) -> Table {
    let count = |of: fn(&BackendReport) -> u64| move |run: &BackendReport| grouped(of(run) as f64);
    // What keeps nothing answers as if nobody were known, and has nothing to lose.
    let proven = |of: fn(&BackendReport) -> u64| {
        move |run: &BackendReport| match run.backend.as_str() {
            "nothing" => NONE.to_owned(),
            _ => grouped(of(run) as f64),
        }
    };
    let mut table = Table::by_backend(report);
    table.row(report, "requests tried", count(|run| run.tried));
    table.row(report, "acknowledged", count(|run| run.acknowledged));
    table.row(report, "of these, refused by the rules", count(|run| run.refused));
    table.row(report, "failed", count(|run| run.failed));
    table.row(report, "given up unanswered", count(|run| run.unanswered));
    table.row(report, "answered as simulated", proven(|run| run.as_predicted));
    table.row(report, "otherwise, contact point shared", proven(|run| run.unlike_predicted_shared));
    table.row(report, "otherwise, contact point not shared", proven(|run| run.unlike_predicted_alone));
    table.row(report, "crashes survived", |run| {
        let survived = if run.crashes_survived < run.crashes_asked {
            format!("{} of {}", run.crashes_survived, run.crashes_asked)
        } else {
            run.crashes_survived.to_string()
        };
        run.reopened_s
            .map_or(survived.clone(), |longest| format!("{survived}, reopened within {longest:.2} s"))
    });
    table.row(report, "acknowledged and lost", |run| match (run.acknowledged_lost, run.lost_is_allowed) {
        (0, _) if !run.proved => NONE.to_owned(),
        (0, _) => proven(|run| run.acknowledged_lost)(run),
        (lost, true) => format!("{} (allowed)", grouped(lost as f64)),
        (lost, false) => grouped(lost as f64),
    });
    table.row(report, "invariants broken", |run| {
        let broken = run.broken.iter().filter(|(_, times)| **times > 0);
        let names: Vec<String> = broken.map(|(name, times)| format!("{name}: {}", grouped(*times as f64))).collect();
        if !names.is_empty() {
            names.join(", ")
        } else if run.proved {
            proven(|run| run.invariants_broken)(run)
        } else {
            NONE.to_owned()
        }
    });
    table
}

/// The trials of a search for the limit, in the order in which they were made.
pub fn trials(limit: &LimitReport) -> Table {
    let head = [
        "requests/s",
        "achieved",
        "p50",
        "p99",
        "p99.9",
        "over the target",
        "seconds",
        "verdict",
    ];
    let row = |trial: &TrialReport| {
        let [low, mean, high] = trial.over_target_share.map(percent);
        let mut row: Vec<String> = [trial.rate_per_s, trial.achieved_per_s].map(grouped).to_vec();
        row.extend([trial.p50_us, trial.p99_us, trial.p999_us].map(|us| micros(us as f64)));
        row.push(format!("{mean} [{low} – {high}]"));
        row.push(grouped(trial.seconds));
        row.push(trial.verdict.word().to_owned());
        row
    };
    Table {
        head: head.map(str::to_owned).to_vec(),
        rows: limit.trials.iter().map(row).collect(),
    }
}

/// Flushing, space and memory: a column for each backend.
pub fn costs(report: &LoadReport) -> Table {
    let lag = |at: fn(&Percentiles<f64>) -> f64| {
        move |run: &BackendReport| run.flush_lag_ms.map_or(NONE.to_owned(), |lag| micros(1e3 * at(&lag)))
    };
    let size = |of: fn(&BackendReport) -> u64| {
        move |run: &BackendReport| match of(run) {
            0 => NONE.to_owned(),
            some => bytes(some as f64),
        }
    };
    let mut table = Table::by_backend(report);
    table.row(report, "flush lag, median", lag(|lag| lag.p50));
    table.row(report, "flush lag, 99 %", lag(|lag| lag.p99));
    table.row(report, "flush lag, most", lag(|lag| lag.max));
    let took = |at: fn(&Percentiles<f64>) -> f64| {
        move |run: &BackendReport| run.flush_took_ms.map_or(NONE.to_owned(), |took| micros(1e3 * at(&took)))
    };
    table.row(report, "a flush takes, median", took(|took| took.p50));
    table.row(report, "a flush takes, 99 %", took(|took| took.p99));
    table.row(report, "the flushed outlives the loss of power", |run| match run.outlives {
        Some(Outlives::Power) => "yes".to_owned(),
        Some(Outlives::Process) => "no".to_owned(),
        None => NONE.to_owned(),
    });
    table.row(report, "flushes", |run| grouped(run.flushes as f64));
    table.row(report, "held back by flushing", |run| seconds(run.held_back_s));
    table.row(report, "size of the store", size(|run| run.disk_bytes));
    table.row(report, "size before the test", size(|run| run.preloaded_bytes));
    table.row(report, "written to the storage", size(|run| run.device_bytes));
    table.row(report, "for each byte of keys and values", |run| {
        run.write_amplification.map_or(NONE.to_owned(), |times| format!("{times:.1}"))
    });
    table.row(report, "memory, most", size(|run| run.peak_rss_bytes));
    table.row(report, "of it before the store was opened", size(|run| run.harness_rss_bytes));
    table.row(report, "accounts before the test", |run| grouped(run.preload.accounts as f64));
    table.row(report, "records before the test", |run| grouped(run.preload.records as f64));
    table.row(report, "time to fill it with them", |run| {
        if run.preload.reused {
            format!("{} (an earlier test)", seconds(run.preload.seconds))
        } else {
            seconds(run.preload.seconds)
        }
    });
    table
}

impl Table {
    /// A table without rows, with a column for each backend.
    pub(super) fn by_backend(report: &LoadReport) -> Self {
        let name = |run: &BackendReport| format!("{} {}", run.backend, run.version).trim().to_owned();
        let head = std::iter::once(String::new()).chain(report.backends().map(name));
        Self { head: head.collect(), rows: Vec::new() }
    }

    fn row(&mut self, report: &LoadReport, name: &str, of: impl Fn(&BackendReport) -> String) {
        self.rows.push(std::iter::once(name.to_owned()).chain(report.backends().map(of)).collect());
    }
}
