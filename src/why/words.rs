//! What a strategy has in a part, in a few words.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::numbers::stated_percent;
use crate::strategy::CutOff;
use crate::strategy::policy::Rule;
use crate::strategy::rollout::{Order, Rollout, Waves};

/// What two strategies have where they differ: `link_lifetime_h 24` and `link_lifetime_h 72`, by the keys of scenario files.
pub(super) fn keys_that_differ<T: Serialize>(a: &T, b: &T) -> [String; 2] {
    let table = |of: &T| -> BTreeMap<String, Value> {
        let written = serde_json::to_value(of).unwrap_or_default();
        written.as_object().into_iter().flatten().map(|(key, value)| (key.clone(), value.clone())).collect()
    };
    let (a, b) = (table(a), table(b));
    let told = |one: &BTreeMap<String, Value>, other: &BTreeMap<String, Value>| {
        let differ = one.iter().filter(|(key, value)| other.get(*key) != Some(value));
        differ.map(|(key, value)| format!("{key} {}", plain(value))).collect::<Vec<_>>().join(", ")
    };
    [told(&a, &b), told(&b, &a)]
}

/// A value as a scenario file has it, whole numbers without their decimals.
fn plain(value: &Value) -> String {
    match value {
        Value::String(word) => word.clone(),
        Value::Number(number) => number.as_f64().map_or(number.to_string(), |number| number.to_string()),
        Value::Array(values) => format!("[{}]", values.iter().map(plain).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

/// When accounts are moved.
pub(super) fn rollout(rollout: &Rollout) -> String {
    match rollout {
        Rollout::BigBang(bang) => {
            format!("everybody on day {}, mails within {} h", bang.day.get(), bang.send_over_h.get())
        }
        Rollout::OnSignIn(open) => format!("each at the next sign-in from day {}", open.day.get()),
        Rollout::Waves(waves) => format!("{}, {}", timing(waves), order(waves.order)),
        Rollout::Adaptive(adaptive) => {
            format!("{}, {}, {}", timing(&adaptive.waves), order(adaptive.waves.order), gates(rollout))
        }
    }
}

/// When its waves come.
pub(super) fn timing(waves: &Waves) -> String {
    format!(
        "{} waves from day {}, {} days apart, mails within {} h",
        waves.count.get(),
        waves.day.get(),
        waves.gap_days.get(),
        waves.send_over_h.get()
    )
}

/// Who comes first.
pub(super) fn order(order: Order) -> String {
    match order {
        Order::Random => "in random order",
        Order::ActiveFirst => "active customers first",
        Order::LowValueFirst => "customers of low value first",
    }
    .to_owned()
}

/// Who goes ahead.
pub(super) fn canary(waves: &Waves) -> String {
    match waves.canary_share.get() {
        0.0 => "nobody goes ahead".to_owned(),
        share => format!("{} go ahead", stated_percent(share)),
    }
}

/// What it reacts to.
pub(super) fn gates(rollout: &Rollout) -> String {
    let Some(adaptive) = rollout.reacts() else {
        return "no gates".to_owned();
    };
    let gates = adaptive.gates.iter().map(|gate| format!("{} above {}", gate.signal.key(), gate.above.get()));
    format!("gates at {}", gates.collect::<Vec<_>>().join(", "))
}

/// When the legacy platform ends.
pub(super) fn cut_off(cut_off: Option<&CutOff>) -> String {
    cut_off.map_or("it goes on".to_owned(), |cut_off| {
        format!("it ends on day {}, then {}", cut_off.day.get(), cut_off.tail.key())
    })
}

/// A rule by its conditions and its treatment: `step_up if phone=true and risk max 35`.
pub(super) fn rule(rule: &Rule) -> String {
    let written = serde_json::to_value(&rule.when).unwrap_or_default();
    let condition = |(key, value): (&String, &Value)| match value {
        Value::Object(ends) => {
            let ends = ends.iter().filter(|(_, end)| !end.is_null());
            let ends: Vec<String> = ends.map(|(end, value)| format!("{end} {}", plain(value))).collect();
            format!("{key} {}", ends.join(" "))
        }
        other => format!("{key}={}", plain(other)),
    };
    let conditions: Vec<String> = written.as_object().into_iter().flatten().map(condition).collect();
    match conditions.is_empty() {
        true => rule.treat.key().to_owned(),
        false => format!("{} if {}", rule.treat.key(), conditions.join(" and ")),
    }
}

/// How many rules.
pub(super) fn rules(rules: &[Rule]) -> String {
    match rules.len() {
        1 => "1 rule".to_owned(),
        n => format!("{n} rules"),
    }
}
