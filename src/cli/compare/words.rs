//! What `cutover compare` says: a table, a sentence on the lowest bill, and how sure it is.

use super::Compared;
use crate::numbers::{grouped, money, percent, signed};
use crate::results::Estimate;
use crate::results::rivals::{Rival, Rivals};
use crate::strategy::STAY;
use crate::text;

/// What is told of a strategy in each scenario.
const FIGURES: [&str; 5] = [
    "bill − stay",
    "can sign in",
    "customers lost",
    "takeover days",
    "peak calls",
];

fn figures(rivals: &Rivals, rival: &Rival) -> [String; FIGURES.len()] {
    let bill = match rival.name.as_str() {
        STAY => "–".to_owned(),
        name => bill(rival.bill_to_stay_cents) + mark(rivals, name),
    };
    [
        bill,
        rival.can_sign_in_share.map_or("–".to_owned(), |share| percent(share.mean)),
        grouped(rival.customers_lost.mean),
        grouped(rival.takeover_days.mean),
        grouped(rival.peak_calls.mean),
    ]
}

/// A star for the lowest bill; where others cannot be told from it, the same sign for all of them.
fn mark(rivals: &Rivals, name: &str) -> &'static str {
    let is_best = rivals.best.as_deref() == Some(name);
    if is_best && rivals.ties.is_empty() {
        " ★"
    } else if is_best || rivals.ties.iter().any(|tie| tie == name) {
        " ≈"
    } else {
        ""
    }
}

/// `+12,300 ± 400`, in whole units of the currency.
fn bill(cents: Estimate) -> String {
    let mean = match cents.mean {
        small if small.abs() < 100_000.0 => format!("{}{}", if small > 0.0 { "+" } else { "" }, money(small)),
        large => signed(large / 100.0),
    };
    match cents.ci95 {
        Some([low, high]) => format!("{mean} ± {}", money((high - low) / 2.0)),
        None => mean,
    }
}

/// The bill of a strategy against that of the control.
fn against_stay(rivals: &Rivals, name: &str) -> String {
    let Some(difference) = rivals.strategy(name).map(|rival| rival.bill_to_stay_cents) else {
        return String::new();
    };
    match difference {
        Estimate { ci95: Some(_), .. } if !difference.is_clear() => {
            format!("as high as that of {STAY}, as far as can be told")
        }
        Estimate { mean, .. } if mean > 0.0 => format!("{} above that of {STAY}", money(mean)),
        Estimate { mean, .. } => format!("{} below that of {STAY}", money(-mean)),
    }
}

/// Which strategy has the lowest bill in a scenario, and which cannot be told from it.
fn sentence(one: &Compared) -> String {
    let rivals = &one.rivals;
    let remark = one.remark.as_ref().map_or(String::new(), |remark| format!(" ({remark})"));
    let said = match (&rivals.best, &rivals.ties[..]) {
        (None, _) => match rivals.strategies.get(1) {
            Some(only) => format!("{} alone: its bill is {}.", only.name, against_stay(rivals, &only.name)),
            None => "there is nothing to compare.".to_owned(),
        },
        (Some(best), []) => {
            let sure = if rivals.replications > 1 {
                " All others are clearly dearer."
            } else {
                ""
            };
            format!("{best}{remark} has the lowest bill, {}.{sure}", against_stay(rivals, best))
        }
        (Some(best), [others @ .., last]) => {
            let names: Vec<&str> = [best].into_iter().chain(others).map(String::as_str).collect();
            format!(
                "the lowest bills are those of {} and {last}, which cannot be told apart at 95 %; that of {best}{remark} is {}.",
                names.join(", "),
                against_stay(rivals, best)
            )
        }
    };
    let replications = if rivals.replications == 1 {
        "replication"
    } else {
        "replications"
    };
    format!(
        "{} ({} accounts, {} {replications}): {said}",
        one.label,
        grouped(rivals.accounts as f64),
        rivals.replications,
    )
}

/// That a precision that was asked for is reached; that one is not is among the doubts.
fn reached(one: &Compared, before: &str) -> String {
    let reached = one.precision.as_ref().filter(|precision| precision.reached);
    reached.map_or(String::new(), |precision| format!("{before}{}\n", precision.sentence()))
}

/// A table for each scenario, with its sentence and its doubts below.
pub(super) fn terminal(all: &[Compared]) -> String {
    let table = |one: &Compared| {
        let rivals = &one.rivals;
        let head: Vec<String> = [one.label.as_str()].into_iter().chain(FIGURES).map(str::to_owned).collect();
        let row = |rival: &Rival| std::iter::once(rival.name.clone()).chain(figures(rivals, rival)).collect();
        let rows: Vec<Vec<String>> = rivals.strategies.iter().map(row).collect();
        let doubts: String = one.doubts.iter().map(|doubt| format!("  Doubt: {doubt}\n")).collect();
        format!("{}\n{}\n{}{doubts}", text::table(&head, &rows), sentence(one), reached(one, "  "))
    };
    all.iter().map(table).collect::<Vec<_>>().join("\n")
}

/// One table for all scenarios: a row for each strategy.
pub(super) fn markdown(all: &[Compared]) -> String {
    let mut rows = vec![vec!["strategy".to_owned()], vec!["---".to_owned()]];
    for one in all {
        rows[0].extend(FIGURES.map(|figure| format!("{}: {figure}", one.label)));
        rows[1].extend(FIGURES.map(|_| "---:".to_owned()));
    }
    let names: Vec<&str> = all
        .first()
        .into_iter()
        .flat_map(|first| &first.rivals.strategies)
        .map(|rival| rival.name.as_str())
        .collect();
    for name in names {
        let mut row = vec![format!("`{name}`")];
        for one in all {
            let told = one.rivals.strategy(name).map(|rival| figures(&one.rivals, rival));
            row.extend(told.into_iter().flatten());
        }
        rows.push(row);
    }
    let lines = rows.iter().map(|row| format!("| {} |\n", row.join(" | ")));
    let said = all.iter().map(|one| {
        let doubts: String = one.doubts.iter().map(|doubt| format!("  - {doubt}\n")).collect();
        format!("- {}\n{}{doubts}", sentence(one), reached(one, "  - "))
    });
    lines.chain(std::iter::once("\n".to_owned())).chain(said).collect()
}
