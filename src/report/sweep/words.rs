//! What a sweep found, in words.

use crate::measure::statistics::Estimate;
use crate::numbers::{grouped, money, percent};
use crate::results::Metric;
use crate::sweep::figure::Figure;
use crate::sweep::front::Standing;
use crate::sweep::{AxisFound, PointFound, SettingFound, Sweep};
use crate::text;

/// Rows that a table on a terminal has at most.
const ROWS: usize = 24;

/// The values that have a part in what a strategy comes to at a point: `KEY = VALUE` each; nothing if none has.
fn values(found: &Sweep, place: (usize, usize)) -> String {
    let one = |(at, axis): (usize, &AxisFound)| {
        let labels = found.values_of(place, at)?;
        Some(format!("{} = {}", axis.key, either(&labels)))
    };
    found.axes.iter().enumerate().filter_map(one).collect::<Vec<_>>().join(", ")
}

/// `30`, `30 or 45`, `9 values from 10 to 90`.
fn either(labels: &[&str]) -> String {
    match labels {
        [first, .., last] if labels.len() > 3 => format!("{} values from {first} to {last}", labels.len()),
        _ => labels.join(" or "),
    }
}

/// A value of a key, as people read it.
pub fn value(axis: &AxisFound, setting: &SettingFound) -> String {
    match (axis.unit, setting.number) {
        ("share", Some(share)) => crate::numbers::stated_percent(share),
        ("cents", Some(cents)) => money(cents),
        ("day", Some(_)) => format!("day {}", setting.label),
        (unit, Some(_)) if !unit.is_empty() && !["weight", "factor", "power"].contains(&unit) => {
            format!("{} {unit}", setting.label)
        }
        _ if setting.label == "[]" => "none".to_owned(),
        _ => setting.label.clone(),
    }
}

/// The answer in one sentence.
pub fn headline(found: &Sweep) -> String {
    let Some((at, arm)) = found.cheapest() else {
        return "No point is allowed.".to_owned();
    };
    let with = match values(found, (at, arm)) {
        none if none.is_empty() => ", whatever the values".to_owned(),
        some => format!(" with {some}"),
    };
    format!(
        "The lowest bill of {} is that of {}{with}: {}.",
        many(found.points.len(), "point"),
        found.strategies[arm],
        bill(found, at, arm),
    )
}

/// `1 point`, `24 points`.
fn many(count: usize, what: &str) -> String {
    format!("{} {what}{}", grouped(count as f64), if count == 1 { "" } else { "s" })
}

fn bill(found: &Sweep, at: usize, arm: usize) -> String {
    let estimate = found.points[at].arms[arm].of(Figure::COST);
    match estimate.ci95 {
        Some([low, high]) => format!("{} ({} to {})", money(estimate.mean), money(low), money(high)),
        None => money(estimate.mean),
    }
}

/// What stands below it.
pub fn sentences(found: &Sweep) -> Vec<String> {
    let mut said = Vec::new();
    said.extend(changes(found));
    said.extend(front(found));
    if once(found).count() < found.points.iter().map(|point| point.arms.len() - first(found)).sum::<usize>() {
        said.push(
            "What comes to the very same at several points is told and counted once: “any” stands for a value that has no \
             part in it."
                .to_owned(),
        );
    }
    if let Some(refused) = found.refused.first() {
        said.push(format!(
            "{} left out, because their values are not allowed together; the first: {}",
            if found.refused.len() == 1 {
                "1 point is".to_owned()
            } else {
                format!("{} points are", grouped(found.refused.len() as f64))
            },
            refused.because.lines().next().unwrap_or_default()
        ));
    }
    said
}

/// Where another strategy becomes the cheapest along the only axis.
fn changes(found: &Sweep) -> Vec<String> {
    let [axis] = found.axes.as_slice() else {
        return Vec::new();
    };
    if found.strategies.len() < 3 || found.is_sobol {
        return Vec::new();
    }
    let best = |point: &PointFound| {
        let arms = (1..found.strategies.len())
            .min_by(|&a, &b| point.arms[a].of(Figure::COST).mean.total_cmp(&point.arms[b].of(Figure::COST).mean));
        arms.unwrap_or(0)
    };
    let pairs = found.points.windows(2).filter(|pair| best(&pair[0]) != best(&pair[1]));
    pairs
        .map(|pair| {
            format!(
                "Between {} and {} the cheapest strategy changes from {} to {}.",
                value(axis, &pair[0].settings[0]),
                value(axis, &pair[1].settings[0]),
                found.strategies[best(&pair[0])],
                found.strategies[best(&pair[1])]
            )
        })
        .take(3)
        .collect()
}

/// How many are on the front, and how many are outdone.
fn front(found: &Sweep) -> Option<String> {
    let standings = || once(found).filter_map(move |(at, arm)| found.points[at].arms[arm].standing);
    let all = standings().count();
    if all < 2 {
        return None;
    }
    let of = |wanted: &str| standings().filter(|standing| standing.key() == wanted).count();
    Some(format!(
        "In cost, customers lost and takeovers together {} of {} outdone by another one, {} not told apart from a better \
         one, and {} on the front.",
        match of("outdone") {
            0 => "none".to_owned(),
            some => grouped(some as f64),
        },
        match all {
            _ if of("outdone") == 1 => format!("{} is", grouped(all as f64)),
            _ => format!("{} are", grouped(all as f64)),
        },
        grouped(of("not_told_apart") as f64),
        grouped(of("front") as f64)
    ))
}

/// Figures that tables show.
const SHOWN: [Figure; 5] = [
    Figure::COST,
    Figure::Metric(Metric::CustomersLost),
    Figure::Metric(Metric::TakenOver),
    Figure::Metric(Metric::CanSignIn),
    Figure::Metric(Metric::PeakCalls),
];

/// The first arm that is told: the control is left out where there are strategies.
fn first(found: &Sweep) -> usize {
    usize::from(found.strategies.len() > 1)
}

/// Places of the points and strategies that are told, those that come to the very same once.
fn once(found: &Sweep) -> impl Iterator<Item = (usize, usize)> {
    let first = first(found);
    let all = found.points.iter().enumerate().flat_map(move |(at, point)| {
        point.arms.iter().enumerate().skip(first).map(move |(arm, of)| ((at, arm), of.same_as_point))
    });
    all.filter_map(|(place, same)| same.is_none().then_some(place))
}

/// Heads of the table of points.
pub fn head(found: &Sweep) -> Vec<String> {
    let keys = found.axes.iter().map(|axis| axis.key.clone());
    let [bill, others @ ..] = SHOWN.map(Figure::word);
    let figures = [bill, "more than the best".to_owned()].into_iter().chain(others);
    keys.chain(["strategy".to_owned()]).chain(figures).chain(["where it stands".to_owned()]).collect()
}

/// By how much the bill exceeds the lowest one, with the interval of the paired difference.
fn above(estimate: &Estimate) -> String {
    let show = |value: f64| Figure::COST.show_difference(value);
    match estimate.ci95 {
        None | Some([0.0, 0.0]) if estimate.mean == 0.0 => "–".to_owned(),
        Some([low, high]) => format!("{} [{} to {}]", show(estimate.mean), show(low), show(high)),
        None => show(estimate.mean),
    }
}

/// A row for each strategy at each point, those that come to the very same once.
pub fn rows(found: &Sweep, most: usize) -> Vec<Vec<String>> {
    let row = |place: (usize, usize)| {
        let arm = &found.points[place.0].arms[place.1];
        let mut cells: Vec<String> = (0..found.axes.len())
            .map(|axis| found.values_of(place, axis).map_or("any".to_owned(), |labels| either(&labels)))
            .collect();
        cells.push(arm.strategy.clone());
        for figure in SHOWN {
            let estimate = arm.of(figure);
            let half = estimate.ci95.map(|[low, high]| (high - low) / 2.0).filter(|half| *half > 0.0);
            let half = half.map_or(String::new(), |half| format!(" ± {}", figure.show(half)));
            cells.push(figure.show(estimate.mean) + &half);
            if figure == Figure::COST {
                cells.push(above(&arm.above_lowest_cents));
            }
        }
        cells.push(arm.standing.map_or("–".to_owned(), |standing| stands(found, standing)));
        cells
    };
    once(found).take(most).map(row).collect()
}

/// Where one stands, and because of whom.
pub fn stands(found: &Sweep, standing: Standing) -> String {
    let by = |place: usize| {
        let (at, arm) = found.candidate(place);
        let labels = (0..found.axes.len()).filter_map(|axis| found.values_of((at, arm), axis));
        let labels: Vec<String> = labels.map(|labels| either(&labels)).collect();
        match labels.is_empty() {
            true => found.strategies[arm].clone(),
            false => format!("{} at {}", found.strategies[arm], labels.join(", ")),
        }
    };
    match standing {
        Standing::Front => "front".to_owned(),
        Standing::NotToldApart(place) => format!("not told apart from {}", by(place)),
        Standing::Outdone(place) => format!("outdone by {}", by(place)),
    }
}

/// The text on a terminal.
pub fn terminal(found: &Sweep) -> String {
    let mut told = format!("{}\n\n", headline(found));
    for said in sentences(found) {
        told += &format!("{said}\n");
    }
    let rows = rows(found, ROWS);
    let all = once(found).count();
    told += &format!("\n{}\n", text::table(&head(found), &rows));
    if all > rows.len() {
        told += &format!("{} more are in points.csv.\n", grouped((all - rows.len()) as f64));
    }
    told + &format!("\n{}\n", how(found))
}

/// How it was found.
pub fn how(found: &Sweep) -> String {
    let luck = found
        .luck_share
        .map_or(String::new(), |share| format!(" Luck is {} of what points differ by.", percent(share)));
    format!(
        "{} of {} accounts each, {} each; figures are those of all {} accounts, ± is half of a 95 % interval. “More than the \
         best” is the paired difference to the lowest bill, with its own.{luck}",
        many(found.points.len(), "point"),
        grouped(found.accounts_simulated as f64),
        many(found.replications as usize, "replication"),
        grouped(found.accounts as f64)
    )
}
