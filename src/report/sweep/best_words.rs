//! The best values of a strategy, in words.

use super::words::value;
use crate::measure::statistics::Estimate;
use crate::numbers::grouped;
use crate::results::Metric;
use crate::sweep::best::{Best, LimitFound, Met, Outcome};
use crate::sweep::figure::Figure;
use crate::sweep::goal::Limit;
use crate::sweep::{AxisFound, SettingFound};
use crate::text;

/// Paths as they are typed behind a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// Of the scenario.
    pub scenario: String,
    /// Of the file with the strategy as found.
    pub strategy: String,
}

/// The answer in one sentence.
pub fn headline(found: &Best) -> String {
    let figure = found.figure();
    let gain = || format!("{} ({})", figure.show(found.gain.mean.abs()), ends(figure, &found.gain));
    match found.outcome {
        Outcome::Better => format!(
            "{} does better with other values: {} {} {}, in luck that the search has not seen.",
            found.strategy,
            figure.word(),
            if figure.more_is_better() {
                "rises by"
            } else {
                "falls by"
            },
            gain(),
        ),
        Outcome::MeetsLimits if found.gain.mean < 0.0 => format!(
            "{} can meet the limits, which it misses as given: {} gets worse by {}.",
            found.strategy,
            figure.word(),
            gain()
        ),
        Outcome::MeetsLimits => format!(
            "{} can meet the limits, which it misses as given, and {} gets better by {}.",
            found.strategy,
            figure.word(),
            gain()
        ),
        Outcome::Undecided => format!(
            "{} as found may meet the limits, which it misses as given: {} replications do not decide it.",
            found.strategy, found.replications_confirmed
        ),
        Outcome::NoBetter => format!(
            "No better parameters found: {} is as good as given, by {} points and luck that the search has not seen.",
            found.strategy,
            grouped(found.tried as f64)
        ),
        Outcome::NoneMeets => format!(
            "Nothing that was tried meets the limits for {}: {} points.",
            found.strategy,
            grouped(found.tried as f64)
        ),
    }
}

fn ends(figure: Figure, estimate: &Estimate) -> String {
    estimate
        .ci95
        .map_or(String::new(), |[low, high]| format!("{} to {}", figure.show(low), figure.show(high)))
}

/// What stands below it.
pub fn sentences(found: &Best, typed: &Typed) -> Vec<String> {
    let figure = found.figure();
    let mut said: Vec<String> = found.limits.iter().map(limit).collect();
    if matches!(found.outcome, Outcome::Better) && found.gain_searched > found.gain.mean {
        said.push(format!(
            "The luck of the search promised {}; that is what choosing does, and is not to be believed.",
            figure.show(found.gain_searched)
        ));
    }
    let worse = worse(found);
    if !worse.is_empty() && found.outcome.is_kept() {
        said.push(format!("It has a price: {}.", worse.join(", ")));
    }
    let ends: Vec<&str> = found.axes.iter().zip(&found.settings).filter_map(at_an_end).collect();
    if !ends.is_empty() && found.outcome.is_kept() {
        said.push(format!(
            "At an end of what was looked through: {}. Look further that way with --vary, if that makes sense.",
            ends.join(", ")
        ));
    }
    if found.refused > 0 {
        said.push(format!(
            "{} points that were drawn are not allowed and were drawn again.",
            grouped(found.refused as f64)
        ));
    }
    let with: String = found.sets.iter().map(|set| format!(" --set '{set}'")).collect();
    if found.found.is_some() {
        said.push(format!("Run it: cutover run {} --strategy {}{with}", typed.scenario, typed.strategy));
    } else if !found.sets.is_empty() {
        said.push(format!("Run it: cutover run {}{with}", typed.scenario));
    }
    said
}

/// Which of the figures that are told get worse, beyond luck, and by how much.
fn worse(found: &Best) -> Vec<String> {
    let row = |figure: &Figure| {
        let told = found.figures.iter().find(|told| told.figure == figure.key())?;
        let [low, high] = told.difference.ci95?;
        let is_worse = if figure.more_is_better() { high < 0.0 } else { low > 0.0 };
        is_worse.then(|| format!("{} {}", figure.word(), figure.show_difference(told.difference.mean)))
    };
    SHOWN.iter().filter_map(row).collect()
}

/// The key, if its value stands at an end of its range, or within a fiftieth of it.
fn at_an_end<'a>((axis, setting): (&'a AxisFound, &SettingFound)) -> Option<&'a str> {
    let ([low, high], number) = (axis.ends?, setting.number?);
    let near = (high - low) / 50.0;
    (number <= low + near || number >= high - near).then_some(axis.key.as_str())
}

/// Name of the file with the strategy as found.
pub fn file(found: &Best) -> String {
    format!("{}-best.toml", found.strategy)
}

fn limit(found: &LimitFound) -> String {
    let figure = Limit::read(&found.limit).map_or(Figure::COST, |limit| limit.figure);
    let estimate = &found.as_found;
    format!(
        "{}: {}, {} ({}); as given {}.",
        found.limit,
        match found.is_met {
            Met::Met => "met",
            Met::Missed => "missed",
            Met::Undecided => "undecided",
        },
        figure.show(estimate.mean),
        ends(figure, estimate),
        figure.show(found.as_given.mean)
    )
}

/// The values, a row each: key, as given, as found; `unchanged` where both are the same.
pub fn settings(found: &Best) -> Vec<Vec<String>> {
    let row = |(axis, setting): (&AxisFound, &SettingFound)| {
        let given = SettingFound { label: axis.as_given.clone(), number: axis.number_as_given };
        let found = match setting.label == given.label {
            true => "unchanged".to_owned(),
            false => value(axis, setting),
        };
        vec![axis.key.clone(), value(axis, &given), found]
    };
    found.axes.iter().zip(&found.settings).map(row).collect()
}

/// Figures that are told before and after.
const SHOWN: [Figure; 6] = [
    Figure::COST,
    Figure::StaffedCost,
    Figure::Metric(Metric::CustomersLost),
    Figure::Metric(Metric::TakenOver),
    Figure::Metric(Metric::CanSignIn),
    Figure::Metric(Metric::PeakCalls),
];

/// What else changes, a row each: figure, as given, as found, difference.
pub fn changes(found: &Best) -> Vec<Vec<String>> {
    let limits = found.limits.iter().filter_map(|limit| Limit::read(&limit.limit).ok()).map(|limit| limit.figure);
    let mut shown: Vec<Figure> = SHOWN.into_iter().chain([found.figure()]).chain(limits).collect();
    let mut once: Vec<Figure> = Vec::new();
    shown.retain(|figure| {
        let is_new = !once.contains(figure);
        once.push(*figure);
        is_new
    });
    let row = |figure: Figure| {
        let told = found.figures.iter().find(|told| told.figure == figure.key())?;
        let difference = told.difference.ci95.map_or(String::new(), |[low, high]| {
            format!(" [{} to {}]", figure.show_difference(low), figure.show_difference(high))
        });
        Some(vec![
            figure.word(),
            figure.show(told.as_given.mean),
            figure.show(told.as_found.mean),
            figure.show_difference(told.difference.mean) + &difference,
        ])
    };
    shown.into_iter().filter_map(row).collect()
}

/// Heads of the table of values.
pub const SETTINGS_HEAD: [&str; 3] = ["", "as given", "as found"];
/// Heads of the table of figures.
pub const CHANGES_HEAD: [&str; 4] = ["", "as given", "as found", "difference [95 %]"];

/// The text on a terminal.
pub fn terminal(found: &Best, typed: &Typed) -> String {
    let mut told = format!("{}\n\n", headline(found));
    for said in sentences(found, typed) {
        told += &format!("{said}\n");
    }
    told += &format!("\n{}\n", text::table(&SETTINGS_HEAD.map(str::to_owned), &settings(found)));
    told += &format!("\n{}\n", text::table(&CHANGES_HEAD.map(str::to_owned), &changes(found)));
    told + &format!("\n{}\n", how(found))
}

/// How it was found.
pub fn how(found: &Best) -> String {
    format!(
        "{} points of {} accounts each, {} replications in all; confirmed in {} fresh replications of {} accounts, as given \
         and as found. Figures are those of all {} accounts.",
        grouped(found.tried as f64),
        grouped(found.accounts_searched as f64),
        grouped(found.replications_searched as f64),
        found.replications_confirmed,
        grouped(found.accounts_confirmed as f64),
        grouped(found.accounts as f64)
    )
}

/// What the file with the strategy says of where it comes from.
pub fn origin(found: &Best, command: &str) -> Vec<String> {
    let mut lines = vec![
        format!("The best values found for the strategy {}, by", found.strategy),
        format!("  {command}"),
        format!("in the scenario {} ({}).", found.scenario, found.scenario_hash),
        String::new(),
        headline(found),
    ];
    lines.extend(found.limits.iter().map(limit));
    lines.extend(settings(found).into_iter().map(|row| match row[2].as_str() {
        "unchanged" => format!("  {}: {}, unchanged", row[0], row[1]),
        value => format!("  {}: {value} instead of {}", row[0], row[1]),
    }));
    lines.extend(found.sets.iter().map(|set| format!("It goes with --set '{set}'.")));
    lines.push(
        "What else the scenario assumes is assumed here too: try it with other values before you trust it.".to_owned(),
    );
    lines
}
