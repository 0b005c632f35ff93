//! Evidence: how a result file tells what is known of the luck of a figure.
//!
//! - An estimate of its own: `{ mean, ci95, n }`, `{ value, low, high }` (95 %), or criterion's `{ point_estimate,
//!   confidence_interval }`.
//! - A list of values, one for each replication.
//! - A metric of a strategy, whose values by replication stand under `by_replication`.
//! - A number beside whose name, or under the same name, a `ci95` stands.

use serde_json::Value;

use super::estimate::{Estimate, Evidence, ONE};
use super::find::{Found, find, find_below};
use super::path::{Path, Step, written};
use crate::results::Metric;
use crate::text::visible_line;

/// What a figure is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Reading {
    /// A number.
    Number(Estimate),
    /// A text.
    Text(String),
    /// Yes or no.
    Truth(bool),
}

/// A figure of a file.
#[derive(Clone, Debug)]
pub(super) struct Figure {
    /// The path to it.
    pub path: String,
    /// The names on this path.
    pub names: Vec<String>,
    /// What stands there.
    pub reading: Reading,
    /// Accounts of the run that it is of, if the file tells.
    pub accounts: Option<f64>,
}

/// Where a metric stands in the summary of a strategy, if it stands at one place.
const PLACES: [(Metric, &[&str]); 13] = [
    (Metric::CanSignIn, &["totals", "can_sign_in"]),
    (Metric::LinkedUnseen, &["outcomes", "linked_unseen"]),
    (Metric::ShutOut, &["totals", "shut_out"]),
    (Metric::CustomersLost, &["customers_lost"]),
    (Metric::Churned, &["outcomes", "churned"]),
    (Metric::Duplicate, &["outcomes", "duplicate"]),
    (Metric::Blocked, &["outcomes", "blocked"]),
    (Metric::Misbound, &["outcomes", "misbound"]),
    (Metric::WrongLinks, &["totals", "wrong_links"]),
    (Metric::InOtherHands, &["totals", "in_other_hands"]),
    (Metric::Contacted, &["totals", "contacted"]),
    (Metric::Contacts, &["desk", "contacts"]),
    (Metric::Cost, &["cost_cents", "total"]),
];

/// The figures that a path leads to, under a strategy if one is given.
///
/// # Errors
///
/// If it leads nowhere, or to something that is no figure.
pub(super) fn figures(
    root: &Value,
    path: &Path,
    strategy: Option<&str>,
    is_count: bool,
) -> Result<Vec<Figure>, String> {
    if is_count {
        return reached(root, path, strategy)?.iter().map(count).collect();
    }
    let way = match strategy {
        Some(strategy) => path.below_strategy(strategy),
        None => path.clone(),
    };
    let found = match metric(root, &way) {
        Some(found) => found,
        None => reached(root, path, strategy)?,
    };
    if found.is_empty() {
        return Err(format!("\"{way}\" leads to nothing: the list or table before `*` is empty"));
    }
    found.iter().map(read).collect()
}

fn reached<'a>(root: &'a Value, path: &Path, strategy: Option<&str>) -> Result<Vec<Found<'a>>, String> {
    match strategy {
        Some(strategy) => find_below(root, strategy, path),
        None => find(root, path),
    }
}

/// `strategies.lazy.churned`: a metric by its name alone. Its values by replication are what is meant, or where it stands.
fn metric<'a>(root: &'a Value, way: &Path) -> Option<Vec<Found<'a>>> {
    let [before @ .., Step::To(name)] = way.steps() else {
        return None;
    };
    let metric = Metric::ALL.into_iter().find(|metric| metric.key() == name)?;
    let [.., Step::To(strategies), _] = before else {
        return None;
    };
    if strategies != "strategies" {
        return None;
    }
    let (_, place) = PLACES.into_iter().find(|(of, _)| *of == metric).unwrap_or((metric, &[]));
    let below = |steps: &[&str]| {
        let mut path = before.to_vec();
        path.extend(steps.iter().map(|step| Step::To((*step).to_owned())));
        find(root, &Path::from(path)).ok()
    };
    let told = below(&["by_replication", name]).filter(|found| found.iter().all(|each| read(each).is_ok()));
    told.or_else(|| if place.is_empty() { None } else { below(place) })
}

fn count(found: &Found<'_>) -> Result<Figure, String> {
    let entries = match found.node() {
        Value::Array(list) => list.len(),
        Value::Object(table) => table.len(),
        _ => return Err(format!("{} is one value: only entries of a list or a table are counted", found.path())),
    };
    let reading = Reading::Number(Estimate { value: entries as f64, evidence: Evidence::Certain });
    let path = format!("number of {}", found.path());
    Ok(Figure {
        path,
        names: vec!["number".to_owned()],
        reading,
        accounts: None,
    })
}

fn read(found: &Found<'_>) -> Result<Figure, String> {
    let reading = match found.node() {
        Value::Number(number) => match number.as_f64() {
            Some(value) => Reading::Number(told_beside(found, value)),
            None => return Err(format!("{} is no number that can be compared", found.path())),
        },
        Value::String(text) => Reading::Text(text.clone()),
        Value::Bool(truth) => Reading::Truth(*truth),
        Value::Null => return Err(format!("{} is null: the file tells nothing there", found.path())),
        Value::Array(list) => match numbers(list) {
            Some(values) if !values.is_empty() => Reading::Number(Estimate::of_replications(values)),
            _ => {
                let name = found.path();
                return Err(format!(
                    "{name} is a list: name one of its entries, each by *, or count them by `number of {name}`"
                ));
            }
        },
        Value::Object(table) => match of_its_own(found.node(), found.nodes[0]) {
            Some(estimate) => Reading::Number(estimate),
            None => {
                let some: Vec<String> = table.keys().take(12).map(|key| written(key)).collect();
                let rest = if table.len() > some.len() { " and more" } else { "" };
                return Err(format!("{} is a table: name what of it, as {}{rest}", found.path(), some.join(", ")));
            }
        },
    };
    let accounts = found.nodes.iter().rev().find_map(|node| node.get("accounts")?.as_f64());
    Ok(Figure {
        path: found.path(),
        names: found.names.clone(),
        reading,
        accounts,
    })
}

fn numbers(list: &[Value]) -> Option<Vec<f64>> {
    list.iter().map(Value::as_f64).collect()
}

fn pair(value: Option<&Value>) -> Option<[f64; 2]> {
    match value?.as_array()?.as_slice() {
        [low, high] => Some([low.as_f64()?, high.as_f64()?]),
        _ => None,
    }
}

/// Degrees of freedom of a mean over the replications of a file.
fn freedom(root: &Value) -> f64 {
    root.get("replications")
        .and_then(Value::as_u64)
        .map_or(f64::INFINITY, |n| n.saturating_sub(1) as f64)
}

/// A table that is an estimate.
fn of_its_own(node: &Value, root: &Value) -> Option<Estimate> {
    let number = |key: &str| node.get(key).and_then(Value::as_f64);
    if let Some(value) = number("mean") {
        let n = number("n").map_or(freedom(root), |n| n - 1.0);
        return Some(match pair(node.get("ci95")) {
            Some(interval) if n >= 1.0 => Estimate::of_interval(value, interval, 0.95, n),
            _ => Estimate { value, evidence: Evidence::None(ONE) },
        });
    }
    if let (Some(value), Some(low), Some(high)) = (number("value"), number("low"), number("high")) {
        return Some(Estimate::of_interval(value, [low, high], 0.95, f64::INFINITY));
    }
    let value = number("point_estimate")?;
    let interval = node.get("confidence_interval")?;
    let bound = |key: &str| interval.get(key).and_then(Value::as_f64);
    let ends = [bound("lower_bound")?, bound("upper_bound")?];
    Some(Estimate::of_interval(value, ends, bound("confidence_level")?, f64::INFINITY))
}

/// What is told of a number's luck beside it.
fn told_beside(found: &Found<'_>, value: f64) -> Estimate {
    let (root, name) = (found.nodes[0], found.names.last().map_or("", String::as_str));
    if let Some(values) = by_replication(found, value) {
        return Estimate { value, ..Estimate::of_replications(values) };
    }
    let ([table, around], freedom) = ([found.above(1), found.above(2)], freedom(root));
    let beside = table.get("ci95");
    // `ci95` is the interval of the table's mean, or a table of intervals by name, here or around.
    let interval = pair(table.get(format!("{name}_ci95")))
        .or_else(|| pair(beside.and_then(|intervals| intervals.get(name))))
        .or_else(|| pair(beside).filter(|_| name.starts_with("mean")))
        .or_else(|| pair(around.get("ci95").and_then(|intervals| intervals.get(name))));
    if ["point_estimate", "value", "mean"].contains(&name)
        && let Some(estimate) = of_its_own(table, root)
    {
        return estimate;
    }
    match interval {
        Some(interval) if freedom >= 1.0 => Estimate::of_interval(value, interval, 0.95, freedom),
        _ if freedom < 1.0 => Estimate { value, evidence: Evidence::None(ONE) },
        _ => Estimate { value, evidence: Evidence::None(NO_INTERVAL) },
    }
}

/// What is said of a figure without an interval.
const NO_INTERVAL: &str = "the file tells no interval for this figure; check it without `with`";

/// Values by replication of a number in the summary of a strategy, if it is a metric.
fn by_replication(found: &Found<'_>, value: f64) -> Option<Vec<f64>> {
    let strategy = found.nodes.iter().position(|node| node.get("by_replication").is_some())?;
    let place: Vec<&str> = found.names[strategy..].iter().map(String::as_str).collect();
    let list = |node: &Value, metric: &str| numbers(node.get("by_replication")?.get(metric)?.as_array()?);
    let values = match place.as_slice() {
        // What a strategy is charged with is its difference to doing nothing.
        ["attributable", metric] => {
            let all = found.nodes[strategy - 1].as_array()?;
            let stay = all.iter().find(|node| node.get("name").and_then(Value::as_str) == Some("stay"))?;
            let (own, stay) = (list(found.nodes[strategy], metric)?, list(stay, metric)?);
            own.iter().zip(stay).map(|(own, stay)| own - stay).collect()
        }
        place => {
            let (metric, _) = PLACES.into_iter().find(|(_, known)| *known == place)?;
            list(found.nodes[strategy], metric.key())?
        }
    };
    // Files round: means to six digits, money to cents.
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    let slack = if place.iter().any(|name| name.ends_with("cents")) {
        1.0
    } else {
        1e-5
    };
    ((mean - value).abs() <= slack + 1e-9 * value.abs()).then_some(values)
}

/// The value of a figure that a limit is stated in.
pub(super) fn measure_of(root: &Value, path: &Path, strategy: Option<&str>) -> Result<f64, String> {
    // `accounts` is one for the file, whatever the strategy.
    let found = match strategy {
        Some(_) => figures(root, path, None, false).or_else(|_| figures(root, path, strategy, false)),
        None => figures(root, path, None, false),
    };
    match found?.as_slice() {
        [Figure { reading: Reading::Number(estimate), .. }] => Ok(estimate.value),
        [Figure { path, reading: Reading::Text(text), .. }] => {
            Err(format!("{path} is the text \"{}\", and a limit is a number", visible_line(text)))
        }
        _ => Err(format!("\"{path}\" must be one number, for a limit to be stated in it")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(root: &Value, path: &str, strategy: Option<&str>) -> Estimate {
        let path = Path::parse(path).expect("a path");
        match figures(root, &path, strategy, false).expect("a figure").remove(0).reading {
            Reading::Number(estimate) => estimate,
            Reading::Text(_) | Reading::Truth(_) => unreachable!("{path} is no number"),
        }
    }

    fn half(estimate: &Estimate) -> f64 {
        let [low, high] = estimate.bounds(0.975).expect("bounds");
        (high - low) / 2.0
    }

    #[test]
    fn intervals_are_found_wherever_files_tell_them() {
        let file = serde_json::json!({
            "replications": 4,
            "share": { "mean": 0.5, "ci95": [0.4, 0.6], "n": 3 },
            "alone": { "mean": 0.5, "ci95": null, "n": 1 },
            "best": { "value": 0.5, "low": 0.4, "high": 0.6 },
            "bench": { "point_estimate": 10.0, "standard_error": 1.0,
                "confidence_interval": { "confidence_level": 0.95, "lower_bound": 8.0, "upper_bound": 12.0 } },
            "strategies": [
                { "name": "stay", "by_replication": { "churned": [1, 2, 3, 4] } },
                { "name": "lazy", "by_replication": { "churned": [2, 2, 4, 4], "taken_over": [1, 1, 2, 2] },
                  "outcomes": { "churned": 3.0 }, "attributable": { "churned": 0.5 },
                  "outcomes_stored": { "churned": 3.0 },
                  "desk": { "occupancy": 0.5, "occupancy_ci95": [0.3, 0.7],
                      "ci95": { "waited_share": [0.1, 0.3], "of_offered": [0.8, 1.0] },
                      "waited_share": 0.2, "service_level": { "of_offered": 0.9 }, "wait_s": { "p90": 3.0 } } },
            ],
            "comparisons": [{ "a": "lazy", "b": "stay", "mean_difference": 1.0, "ci95": [0.0, 2.0] }],
        });
        for (path, strategy, wanted) in [
            ("share", None, 0.1),
            ("best", None, 0.1),
            ("bench", None, 2.0),
            ("bench.point_estimate", None, 2.0),
            ("desk.occupancy", Some("lazy"), 0.2),
            ("desk.waited_share", Some("lazy"), 0.1),
            ("desk.service_level.of_offered", Some("lazy"), 0.1),
            ("comparisons[0].mean_difference", None, 1.0),
        ] {
            let got = half(&one(&file, path, strategy));
            assert!((got - wanted).abs() < 1e-6, "{path}: {got} for {wanted}");
        }
        assert_eq!(one(&file, "alone", None).bounds(0.95), Err(ONE));
        assert_eq!(one(&file, "desk.wait_s.p90", Some("lazy")).bounds(0.95), Err(NO_INTERVAL));
        let churned = Evidence::Replications(vec![2.0, 2.0, 4.0, 4.0]);
        assert_eq!(one(&file, "churned", Some("lazy")).evidence, churned);
        assert_eq!(one(&file, "outcomes.churned", Some("lazy")).evidence, churned);
        assert_eq!(one(&file, "taken_over", Some("lazy")).value, 1.5);
        let charged = Evidence::Replications(vec![1.0, 0.0, 1.0, 0.0]);
        assert_eq!(one(&file, "attributable.churned", Some("lazy")).evidence, charged);
        assert_eq!(one(&file, "outcomes_stored.churned", Some("lazy")).evidence, Evidence::None(NO_INTERVAL));
    }
}
