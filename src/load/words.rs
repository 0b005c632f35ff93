//! What the command says when the test is over.

mod doubts;

mod headline;

mod standing;

mod tables;

mod ties;

use super::report::{BackendReport, LoadReport};
use crate::numbers::grouped;
use crate::text;
pub use doubts::doubts;
pub use headline::headline;
pub use standing::Standing;
pub use tables::{Table, by_kind, costs, proof, trials};
pub use ties::side_by_side;

/// The whole of it: the answer, what to doubt, figures, stores side by side, proof, costs, and the limits.
pub fn told(report: &LoadReport) -> String {
    let mut text = headline(report) + "\n";
    let doubts = doubts(report);
    if !doubts.is_empty() {
        text += "\nBefore you believe it:\n";
        text.extend(doubts.iter().map(|doubt| format!("- {doubt}\n")));
    }
    text += &format!(
        "\n{}: latency from when requests were due, service from when the store began.\n",
        report.run.backend
    );
    text += &by_kind(&report.run).text();
    if let Some((table, note)) = side_by_side(report) {
        text += &format!("\nSide by side\n{}{note}\n", table.text());
    }
    text += &format!("\nProof\n{}", proof(report).text());
    text += &format!("\nCosts\n{}", costs(report).text());
    text.extend(report.backends().map(|run| format!(" {}: durability {}\n", run.backend, durability(run))));
    if let Some(limit) = &report.limit {
        text += &format!("\nTrials\n{}", trials(limit).text());
    }
    if !report.fail_if.is_empty() {
        text += "\nLimits\n";
        text.extend(
            report
                .fail_if
                .iter()
                .map(|judged| format!("{} | {}: {}\n", judged.backend, judged.limit, judged.why)),
        );
    }
    text
}

/// A backend's durability and what it means.
pub fn durability(run: &BackendReport) -> String {
    let means = match run.durability.split(':').next() {
        Some("none") => ": acknowledged when committed; a crash may cost what is not flushed",
        Some("group") => ": acknowledged when flushed, many at once",
        Some("each") => ": each flushed for itself before it is acknowledged",
        _ => "",
    };
    let outlives = run.outlives.map_or(String::new(), |outlives| format!("; what is flushed outlives {outlives}"));
    format!("{}{means}{outlives}", run.durability)
}

/// Whether a backend keeps nothing safe, and is there to show what all else costs.
fn is_reference(run: &BackendReport) -> bool {
    ["memory", "nothing"].contains(&run.backend.as_str())
}

/// `sled`, `sled and redb`, `sled, redb and fjall`.
fn listed(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((only, _)) => only.clone(),
        None => String::new(),
    }
}

/// `1 request`, `2,000 acknowledged requests`.
fn requests(number: u64, of_which_kind: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{} {of_which_kind}request{ending}", grouped(number as f64))
}

impl Table {
    /// For the terminal.
    pub fn text(&self) -> String {
        text::table(&self.head, &self.rows)
    }
}

#[cfg(test)]
mod tests;
