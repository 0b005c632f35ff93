//! Meaning: what the name of a figure says of it: its unit, whether it is a share, and which way it is better.

use super::check::{Amount, Unit};
use super::rules::Better;
use crate::numbers::grouped;
use crate::results::Metric;

/// Endings of names that state a unit: how to show it, and its microseconds.
const TIMES: [(&str, &str, f64); 7] = [
    ("_us", "µs", 1.0),
    ("_ms", "ms", 1e3),
    ("_s", "s", 1e6),
    ("_min", "min", 6e7),
    ("_h", "h", 3.6e9),
    ("_hours", "h", 3.6e9),
    ("_days", "d", 8.64e10),
];

/// Names of which more is better, beside the metrics that say so.
const HIGHER: [&str; 22] = [
    "of_offered",
    "of_answered",
    "answered",
    "answered_share",
    "answered_at_least",
    "can_sign_in_share",
    "hours_met",
    "acknowledged",
    "achieved_per_s",
    "crashes_survived",
    "completed",
    "completed_on_request",
    "delivered",
    "opened",
    "clicked",
    "at_target",
    "noticed",
    "put_out",
    "migrated_by_desk",
    "solved_takeovers",
    "answered_per_s",
    "throughput",
];

/// Names, or their beginnings, of which less is better.
const LOWER: [&str; 39] = [
    "abandoned",
    "acknowledged_lost",
    "agent_hours",
    "attempts",
    "backlog",
    "balked",
    "bounced",
    "busiest",
    "collapses",
    "contacted",
    "duplicate",
    "expired",
    "failed",
    "false_",
    "generator_limited",
    "in_other_hands",
    "inside",
    "intruder",
    "invariants_broken",
    "left_",
    "legacy_",
    "lost",
    "misbound",
    "not_reached",
    "offered",
    "peak_agents",
    "redialed",
    "refused",
    "shut_",
    "taken_over",
    "takeover",
    "turned_away",
    "unanswered",
    "waited_share",
    "write_amplification",
    "wrong_",
    "mean_difference",
    "median",
    "slope",
];

/// The time that a figure is told in: its sign and its microseconds.
fn time(names: &[String]) -> Option<(&'static str, f64)> {
    let near = names.iter().rev().take(2);
    near.filter(|name| !name.ends_with("_per_s"))
        .find_map(|name| TIMES.into_iter().find(|(ending, ..)| name.ends_with(ending)))
        .map(|(_, sign, micros)| (sign, micros))
}

fn is_money(names: &[String]) -> bool {
    names.iter().rev().take(2).any(|name| name.ends_with("_cents"))
}

/// What stands below a share and is told like it.
const OF_A_SHARE: [&str; 5] = ["value", "low", "high", "mean_difference", "ci95"];

fn is_share(names: &[String]) -> bool {
    let mut near = names
        .iter()
        .rev()
        .map(String::as_str)
        .skip_while(|name| OF_A_SHARE.contains(name) || name.bytes().all(|byte| byte.is_ascii_digit()));
    let Some(name) = near.next() else { return false };
    let name = name.strip_suffix("_ci95").unwrap_or(name);
    ["share", "shares", "occupancy", "of_offered", "of_answered"]
        .iter()
        .any(|ending| name.ends_with(ending))
        || near.next().is_some_and(|around| around.ends_with("shares") || around.ends_with("_share"))
}

/// An amount in the unit of a figure, without what it is a part of.
///
/// # Errors
///
/// If the figure has no such unit.
pub(super) fn amount(amount: Amount, names: &[String]) -> Result<f64, String> {
    match amount.unit {
        Unit::Plain => Ok(amount.number),
        Unit::Percent if is_share(names) => Ok(amount.number / 100.0),
        Unit::Percent => Err(format!(
            "the name of this figure does not say that it is a share, so a percentage of what? Expected a number, or a part of \
             another figure, as in `{} % of accounts`",
            plain(amount.number)
        )),
        Unit::Points => {
            Err("pp belongs to a margin, as in `not worse than baseline by 0.2pp`; a share is 5 % or 0.05".to_owned())
        }
        Unit::Micros(micros) => match time(names) {
            Some((_, own)) => Ok(amount.number * (micros / own)),
            None => Err("this figure is no time: its name ends in none of _us, _ms, _s, _min, _h and _days".to_owned()),
        },
    }
}

/// So many percentage points in the unit of a figure.
///
/// # Errors
///
/// If it is neither a share nor a number of accounts.
pub(super) fn points(number: f64, names: &[String], accounts: Option<f64>) -> Result<f64, String> {
    if is_share(names) {
        return Ok(number / 100.0);
    }
    if time(names).is_some() || is_money(names) {
        return Err(
            "pp is a share of all accounts, and this figure does not count accounts: expected a percentage of \
                    the baseline such as 5 %, or a plain number"
                .to_owned(),
        );
    }
    match accounts {
        Some(accounts) => Ok(number / 100.0 * accounts),
        None => Err("pp is a share of all accounts, and this file does not tell how many there are".to_owned()),
    }
}

/// Which way a figure is better; `None` if its name does not tell.
pub(super) fn better(names: &[String]) -> Option<Better> {
    if time(names).is_some() || is_money(names) {
        return Some(Better::Lower);
    }
    names.iter().rev().find_map(|name| {
        let metric = Metric::ALL.into_iter().find(|metric| metric.key() == name);
        match metric {
            Some(metric) if metric.more_is_better() => Some(Better::Higher),
            Some(_) => Some(Better::Lower),
            None if HIGHER.contains(&name.as_str()) => Some(Better::Higher),
            None if LOWER.iter().any(|known| name.starts_with(known)) || name.ends_with("_bytes") => {
                Some(Better::Lower)
            }
            None => None,
        }
    })
}

/// A value as it stands in the file, with the unit that its name states.
pub(super) fn shown(value: f64, names: &[String]) -> String {
    let unit = match time(names) {
        Some((sign, _)) => format!(" {sign}"),
        None if is_money(names) => " cents".to_owned(),
        None => String::new(),
    };
    plain(value) + &unit
}

/// The same with its sign.
pub(super) fn shown_signed(value: f64, names: &[String]) -> String {
    let text = shown(value, names);
    if value > 0.0 { format!("+{text}") } else { text }
}

/// A stated share as a percentage, with the digits that were stated.
pub(super) fn stated(share: f64) -> String {
    plain(100.0 * share) + " %"
}

/// A number with the digits that matter: whole above 1,000, four digits below, and a power of ten where it takes many.
pub(super) fn plain(value: f64) -> String {
    if !value.is_finite() {
        return "nothing that can be told".to_owned();
    }
    if value != 0.0 && !(1e-8..1e15).contains(&value.abs()) {
        let text = format!("{value:.3e}");
        let (digits, power) = text.split_once('e').unwrap_or((text.as_str(), "0"));
        return format!("{}e{power}", digits.trim_end_matches('0').trim_end_matches('.')).replace('-', "−");
    }
    if value.abs() >= 1_000.0 || value.fract() == 0.0 {
        return grouped(value);
    }
    let decimals = (3 - value.abs().log10().floor() as i32).clamp(0, 9) as usize;
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        &text
    };
    text.replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(path: &str) -> Vec<String> {
        path.split('.').map(str::to_owned).collect()
    }

    #[test]
    fn names_say_units_and_ways() {
        assert_eq!(amount(Amount { number: 5.0, unit: Unit::Micros(6e7) }, &names("desk.wait_s.p90")), Ok(300.0));
        assert_eq!(amount(Amount { number: 2.0, unit: Unit::Micros(1e3) }, &names("all.latency_us.p99")), Ok(2_000.0));
        assert!(amount(Amount { number: 2.0, unit: Unit::Micros(1e6) }, &names("achieved_per_s")).is_err());
        let part = Amount { number: 5.0, unit: Unit::Percent };
        for path in [
            "desk.abandoned_share",
            "asked_shares.mfa",
            "desk.ci95.occupancy",
            "cheapest_share.value",
            "best_in.shares.3.high",
            "desk.occupancy_ci95.0",
            "comparisons.lazy.stay.abandoned_share.mean_difference",
            "desk.service_level.of_offered",
        ] {
            assert_eq!(amount(part, &names(path)), Ok(0.05), "{path}");
        }
        for path in [
            "strategies.myshare.churned",
            "churned",
            "cost_cents.total",
            "desk.wait_s.p90",
            "3",
        ] {
            assert!(amount(part, &names(path)).expect_err(path).contains("`5 % of accounts`"), "{path}");
        }
        assert_eq!(points(0.2, &names("strategies.lazy.churned"), Some(1_000.0)), Ok(2.0));
        assert_eq!(points(0.2, &names("desk.abandoned_share"), Some(1_000.0)), Ok(0.002));
        assert!(points(0.2, &names("cost_cents.total"), Some(1_000.0)).is_err());
        for (path, wanted) in [
            ("strategies.lazy.by_replication.churned", Some(Better::Lower)),
            ("strategies.lazy.totals.can_sign_in", Some(Better::Higher)),
            ("desk.service_level.of_offered", Some(Better::Higher)),
            ("security.taken_over.phishing", Some(Better::Lower)),
            ("cost_cents.total", Some(Better::Lower)),
            ("achieved_per_s", Some(Better::Higher)),
            ("strategies.lazy.desk.wait_s.p90", Some(Better::Lower)),
            ("horizon", None),
        ] {
            assert_eq!(better(&names(path)), wanted, "{path}");
        }
    }

    #[test]
    fn values_keep_the_digits_that_matter() {
        assert_eq!(plain(1_234_567.8), "1,234,568");
        assert_eq!(plain(0.012521), "0.01252");
        assert_eq!(plain(-2.5), "−2.5");
        assert_eq!(plain(300.0), "300");
        assert_eq!((plain(-1e300), plain(2.5e-12), plain(0.0)), ("−1e300".into(), "2.5e−12".into(), "0".into()));
        assert_eq!([0.1, 0.07, 0.025, 0.9999, 1e-6].map(stated), ["10 %", "7 %", "2.5 %", "99.99 %", "0.0001 %"]);
        assert_eq!(shown(139.135, &names("wait_s.p99")), "139.1 s");
        assert_eq!(shown_signed(3.0, &names("churned")), "+3");
    }
}
