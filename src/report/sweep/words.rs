//! What a sweep found, in words.

use crate::numbers::{grouped, money, percent};
use crate::results::Metric;
use crate::sweep::figure::Figure;
use crate::sweep::front::Standing;
use crate::sweep::{AxisFound, PointFound, SettingFound, Sweep};
use crate::text;

/// Rows that a table on a terminal has at most.
const ROWS: usize = 24;

/// The values of a point, as people read them.
pub fn point(found: &Sweep, point: &PointFound) -> String {
    let settings = found.axes.iter().zip(&point.settings);
    settings
        .map(|(axis, setting)| format!("{} = {}", axis.key, setting.label))
        .collect::<Vec<_>>()
        .join(", ")
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

/// The cheapest strategy at any point: places of the point and the strategy.
pub fn cheapest(found: &Sweep) -> Option<(usize, usize)> {
    let first = usize::from(found.strategies.len() > 1);
    let all = (0..found.points.len()).flat_map(|at| (first..found.strategies.len()).map(move |arm| (at, arm)));
    let bill = |(at, arm): &(usize, usize)| found.points[*at].arms[*arm].of(Figure::COST).mean;
    all.min_by(|a, b| bill(a).total_cmp(&bill(b)))
}

/// The answer in one sentence.
pub fn headline(found: &Sweep) -> String {
    let Some((at, arm)) = cheapest(found) else {
        return "No point is allowed.".to_owned();
    };
    let best = &found.points[at];
    format!(
        "The lowest bill of {} is that of {} with {}: {}.",
        many(found.points.len(), "point"),
        found.strategies[arm],
        point(found, best),
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
    let standings = || found.points.iter().flat_map(|point| &point.arms).filter_map(|arm| arm.standing);
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

/// Heads of the table of points.
pub fn head(found: &Sweep) -> Vec<String> {
    let keys = found.axes.iter().map(|axis| axis.key.clone());
    let figures = SHOWN.iter().map(|figure| figure.word());
    keys.chain(["strategy".to_owned()]).chain(figures).chain(["where it stands".to_owned()]).collect()
}

/// A row for each strategy at each point; the control is left out where there are strategies.
pub fn rows(found: &Sweep, most: usize) -> Vec<Vec<String>> {
    let first = usize::from(found.strategies.len() > 1);
    let all = found.points.iter().flat_map(|point| point.arms[first..].iter().map(move |arm| (point, arm)));
    let row = |(point, arm): (&PointFound, &crate::sweep::ArmFound)| {
        let settings = point.settings.iter().map(|setting| setting.label.clone());
        let figures = SHOWN.iter().map(|figure| {
            let estimate = arm.of(*figure);
            let half = estimate.ci95.map(|[low, high]| (high - low) / 2.0).filter(|half| *half > 0.0);
            let half = half.map_or(String::new(), |half| format!(" ± {}", figure.show(half)));
            figure.show(estimate.mean) + &half
        });
        let standing = arm.standing.map_or("–".to_owned(), |standing| stands(found, standing));
        settings.chain([arm.strategy.clone()]).chain(figures).chain([standing]).collect()
    };
    all.take(most).map(row).collect()
}

/// Where one stands, and because of whom.
pub fn stands(found: &Sweep, standing: Standing) -> String {
    let by = |place: usize| {
        let (at, arm) = found.candidate(place);
        let labels: Vec<&str> = found.points[at].settings.iter().map(|setting| setting.label.as_str()).collect();
        format!("{} at {}", found.strategies[arm], labels.join(", "))
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
    let all = found.points.len() * found.strategies.len().saturating_sub(1).max(1);
    told += &format!("\n{}\n", text::table(&head(found), &rows));
    if all > rows.len() {
        told += &format!("{} more rows are in points.csv.\n", grouped((all - rows.len()) as f64));
    }
    told + &format!("\n{}\n", how(found))
}

/// How it was found.
pub fn how(found: &Sweep) -> String {
    let luck = found
        .luck_share
        .map_or(String::new(), |share| format!(" Luck is {} of what points differ by.", percent(share)));
    format!(
        "{} of {} accounts each, {} each; figures are those of all {} accounts, ± is half of a 95 % interval.{luck}",
        many(found.points.len(), "point"),
        grouped(found.accounts_simulated as f64),
        many(found.replications as usize, "replication"),
        grouped(found.accounts as f64)
    )
}
