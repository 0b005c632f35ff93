//! What a study found, in words.

use crate::numbers::{grouped, money, percent};
use crate::results::Metric;
use crate::scenario_file::keys::Reference;
use crate::sensitivity::interval::Interval;
use crate::sensitivity::{KeyFound, Sensitivity};
use crate::strategy::STAY;
use crate::text;

/// Keys that a table has at most.
const ROWS: usize = 12;

/// How many worlds a strategy is the cheapest in, as people count: `41 of 64 worlds`.
pub fn worlds(found: &Sensitivity, share: f64) -> String {
    format!(
        "{} of {} worlds",
        grouped((share * f64::from(found.worlds)).round()),
        grouped(f64::from(found.worlds))
    )
}

/// In how many worlds the best is the cheapest of all.
pub fn best_share(found: &Sensitivity, option: &str) -> Interval {
    let place = found.options.iter().position(|name| name == option).unwrap_or(0);
    let cost = found.best_in.iter().find(|best| best.metric == Metric::Cost);
    cost.and_then(|best| best.shares.get(place)).copied().unwrap_or_default()
}

/// The answer in one sentence.
pub fn headline(found: &Sensitivity) -> String {
    let Sensitivity { best, rival, .. } = found;
    let share = best_share(found, best);
    let count = worlds(found, share.value);
    if found.spread.quantiles_cents == [0.0; 5] {
        let is_one =
            found.best_in.iter().all(|best| best.shares.iter().all(|share| share.value == best.shares[0].value));
        let why = if is_one {
            ": as far as can be seen they are one strategy under two names"
        } else {
            ""
        };
        return format!("{best} and {rival} cost the same in every world{why}.");
    }
    if share.value >= 1.0 {
        return format!(
            "{best} has the lowest bill in all {} worlds that fit what is known.",
            grouped(f64::from(found.worlds))
        );
    }
    format!(
        "{best} has the lowest bill in {count} that fit what is known ({} to {}); where it has not, it is most often {rival}.",
        percent(share.low),
        percent(share.high)
    )
}

/// What a report says beside its own answer, for the strategy that has the lowest bill there: in how many worlds it has it,
/// and what to do about it.
pub fn beside(found: &Sensitivity, best: &str) -> Vec<String> {
    let share = best_share(found, best);
    let count = worlds(found, share.value);
    let own = if share.value >= 1.0 {
        format!(
            "How sure: {best} has the lowest bill in all {} worlds that fit what is known of the values behind this run.",
            found.worlds
        )
    } else {
        let other = found.options.iter().filter(|name| *name != best);
        let other = other.max_by(|a, b| best_share(found, a).value.total_cmp(&best_share(found, b).value));
        let other = other.map_or(String::new(), |other| {
            format!(
                "; {other} has it in {}",
                grouped((best_share(found, other).value * f64::from(found.worlds)).round())
            )
        });
        format!(
            "How sure: {best} has the lowest bill in {count} that fit what is known of the values behind this run{other}."
        )
    };
    let mut said = vec![own];
    if found.best != best {
        said.push(format!(
            "Averaged over those worlds {} costs least: what is not known may cost more than it saves.",
            found.best
        ));
    }
    said.extend(rests_on(found).map(|rests| format!("{rests} {}", measure_first(found))));
    said
}

/// What stands below it: by how much, what it rests on, what to measure, and what would turn it.
pub fn sentences(found: &Sensitivity) -> Vec<String> {
    let mut said: Vec<String> = by_how_much(found).into_iter().collect();
    said.extend(other_measures(found));
    said.extend(rests_on(found));
    said.push(measure_first(found));
    if found.spread.quantiles_cents != [0.0; 5] {
        said.extend(turns(found));
    }
    said.extend(horizon(found));
    said.extend(as_stated(found));
    said
}

/// From so many worlds on, the parts of the spread are told: below, their intervals say too little.
const WORLDS_FOR_PARTS: u32 = 256;

fn by_how_much(found: &Sensitivity) -> Option<String> {
    let [low, .., high] = found.spread.quantiles_cents;
    if low == 0.0 && high == 0.0 {
        return None;
    }
    let mean = found.spread.mean_cents.value;
    Some(format!(
        "Over all worlds {} costs {} less than {} on average; in nine of ten it is between {} and {}.",
        found.best,
        money(mean),
        found.rival,
        more_or_less(low),
        more_or_less(high)
    ))
}

/// `12,000 less` or `3,000 more`, of a lead.
fn more_or_less(lead_cents: f64) -> String {
    if lead_cents < 0.0 {
        format!("{} more", money(-lead_cents))
    } else {
        format!("{} less", money(lead_cents))
    }
}

/// Measures in which another strategy is mostly the best one.
fn other_measures(found: &Sensitivity) -> Option<String> {
    let wanted = [
        Metric::CustomersLost,
        Metric::CanSignIn,
        Metric::TakenOver,
        Metric::PeakCalls,
    ];
    let place = found.options.iter().position(|name| *name == found.best)?;
    let mut told = Vec::new();
    for metric in wanted {
        let best = found.best_in.iter().find(|best| best.metric == metric)?;
        let (first, share) =
            best.shares.iter().enumerate().max_by(|a, b| a.1.value.total_cmp(&b.1.value).then(b.0.cmp(&a.0)))?;
        if first != place && share.value > 0.5 {
            told.push(format!("{}: {} ({})", metric.word(), found.options[first], percent(share.value)));
        }
    }
    let told = told.join("; ");
    (!told.is_empty()).then(|| format!("By other measures another one is the best in most worlds: {told}."))
}

/// Which key the difference rests on most.
fn rests_on(found: &Sensitivity) -> Option<String> {
    let most = found.keys.iter().filter(|key| key.ends_cents.is_some());
    let most = most.max_by(|a, b| a.swing_cents().total_cmp(&b.swing_cents()))?;
    let [Some(low), Some(high)] = most.ends_cents? else {
        return None;
    };
    let told = |part: &Interval| {
        let [value, low, high] = [part.value, part.low, part.high].map(|part| percent(part.clamp(0.0, 1.0)));
        format!("{value} ({low} to {high})")
    };
    let part = most.indices.filter(|_| found.worlds >= WORLDS_FOR_PARTS).map_or(String::new(), |indices| {
        let others = found.others.map_or(String::new(), |others| {
            format!("; all values but the first few together have one in {}", told(&others.total))
        });
        format!(" It has a part in {} of the spread{others}.", told(&indices.total))
    });
    Some(format!(
        "The difference to {} rests most on {}: with {} {} costs {}, with {} it costs {}.{part}",
        found.rival,
        most.key,
        value(most, most.range[0]),
        found.best,
        more_or_less(low),
        value(most, most.range[1]),
        more_or_less(high),
    ))
}

fn measure_first(found: &Sensitivity) -> String {
    let worthy: Vec<&KeyFound> = found.keys.iter().filter(|key| key.worth_of_knowing_cents.value >= 100.0).collect();
    let all = found.worth_of_knowing_all_cents;
    match worthy.as_slice() {
        [] if all < 100.0 => "Nothing is worth measuring for this choice: it costs least in every world.".to_owned(),
        [] => format!(
            "No single key is worth measuring first, as far as {} worlds show; to know all of them would be worth {}.",
            grouped(f64::from(found.worlds)),
            money(all)
        ),
        [first, rest @ ..] => {
            let next = rest.first().map_or(String::new(), |next| {
                format!("; next comes {}, worth {}", next.key, money(next.worth_of_knowing_cents.value))
            });
            format!(
                "Measure {} first: knowing it is worth {} ({} to {}){next}. To know everything would be worth {}.",
                first.key,
                money(first.worth_of_knowing_cents.value),
                money(first.worth_of_knowing_cents.low),
                money(first.worth_of_knowing_cents.high),
                money(all)
            )
        }
    }
}

/// The turning points, the likeliest first.
fn turns(found: &Sensitivity) -> Vec<String> {
    let mut turning: Vec<(&KeyFound, _)> =
        found.keys.iter().filter_map(|key| key.turn.map(|turn| (key, turn))).collect();
    turning.sort_by(|a, b| b.1.beyond_share.total_cmp(&a.1.beyond_share));
    let cheaper = if found.as_stated_cents.mean > 0.0 {
        &found.rival
    } else {
        &found.best
    };
    let told = turning.iter().take(3).map(|(key, turn)| {
        format!(
            "{cheaper} would be the cheaper one of the two with {} {} {} ({} to {} by luck; now {}): a chance of {}.",
            key.key,
            if turn.above { "above" } else { "below" },
            value(key, turn.value),
            value(key, turn.ci95[0]),
            value(key, turn.ci95[1]),
            value(key, key.now),
            percent(turn.beyond_share)
        )
    });
    let told: Vec<String> = told.collect();
    if told.is_empty() && found.tried_alone > 0 {
        return vec![format!(
            "No single key turns the order, as far as its value can reasonably be: {} were tried alone.",
            found.tried_alone
        )];
    }
    told
}

fn horizon(found: &Sensitivity) -> Option<String> {
    let horizon = found.horizon?;
    let Some(days) = horizon.turns_at_days else {
        let [low, high] = horizon.at_twice_cents.ci95?;
        return Some(format!(
            "Over twice the horizon, {} days, {} costs {} than {} ({} to {}): the order stays.",
            grouped(2.0 * horizon.days as f64),
            found.best,
            more_or_less(horizon.at_twice_cents.mean),
            found.rival,
            more_or_less(low),
            more_or_less(high),
        ));
    };
    Some(format!(
        "The order turns with the horizon: from about {days} days on (now {}). Let `horizon_days` reach to the end of what you \
         plan.",
        horizon.days
    ))
}

/// That the best over all worlds is not the best in the scenario as it stands.
fn as_stated(found: &Sensitivity) -> Option<String> {
    (found.best_as_stated != found.best).then(|| {
        format!(
            "As the scenario stands {} costs least; averaged over all worlds {} does.",
            found.best_as_stated, found.best
        )
    })
}

/// A value of a key as people read it.
pub fn value(key: &KeyFound, value: f64) -> String {
    in_unit(key.unit, value)
}

/// A value in a unit as people read it.
pub fn in_unit(unit: &str, value: f64) -> String {
    let plain = match value.abs() {
        0.0 => "0".to_owned(),
        x if x >= 1000.0 => grouped(value),
        x => {
            let decimals = (2 - x.log10().floor() as i32).clamp(0, 6) as usize;
            let text = format!("{value:.decimals$}");
            if text.contains('.') {
                text.trim_end_matches('0').trim_end_matches('.').to_owned()
            } else {
                text
            }
        }
    };
    match unit {
        // A part of more than all is a factor.
        "share" if value <= 1.0 => percent(value),
        "" | "share" | "weight" | "factor" | "power" => plain,
        unit => format!("{plain} {unit}"),
    }
}

/// The 90 % interval of a key; its unit is told once.
fn range(key: &KeyFound) -> String {
    let [low, high] = key.range.map(|end| value(key, end));
    let low = if key.unit.is_empty() {
        &low
    } else {
        low.strip_suffix(&format!(" {}", key.unit)).unwrap_or(&low)
    };
    format!("{low} to {high}")
}

/// The text on a terminal.
pub fn terminal(found: &Sensitivity) -> String {
    let mut text = format!("{}\n\n", headline(found));
    for said in sentences(found) {
        text += &format!("{said}\n");
    }
    text += &format!("\n{}\n", options_table(found));
    let keys = keys_rows(found, ROWS);
    if !keys.is_empty() {
        text += &format!("\n{}", text::table(&KEY_HEAD.map(str::to_owned), &keys));
        if found.keys.len() > ROWS {
            text += &format!(" … and {} more in sensitivity.json\n", found.keys.len() - ROWS);
        }
        text += "\n";
    }
    text + &format!("\n{}\n", how(found))
}

/// Heads of the table of keys.
pub const KEY_HEAD: [&str; 8] = [
    "key",
    "now",
    "nine times in ten",
    "lead over that range",
    "worth knowing",
    "turns at",
    "part of the spread",
    "known as",
];

/// The keys that matter, a row each.
pub fn keys_rows(found: &Sensitivity, most: usize) -> Vec<Vec<String>> {
    let row = |key: &KeyFound| {
        let ends = key.ends_cents.map_or("–".to_owned(), |ends| {
            let end = |end: Option<f64>| end.map_or("–".to_owned(), |cents| Metric::Cost.show_difference(cents));
            format!("{} to {}", end(ends[0]), end(ends[1]))
        });
        let part = key.indices.map_or("–".to_owned(), |indices| {
            // Few worlds may estimate a part of more than all.
            let [value, low, high] =
                [indices.total.value, indices.total.low, indices.total.high].map(|part| percent(part.clamp(0.0, 1.0)));
            format!("{value} ({low}–{high})")
        });
        vec![
            key.key.clone(),
            value(key, key.now),
            range(key),
            ends,
            money(key.worth_of_knowing_cents.value),
            key.turn.map_or("–".to_owned(), |turn| {
                format!("{} {}", if turn.above { ">" } else { "<" }, value(key, turn.value))
            }),
            part,
            key.grade.word().to_owned(),
        ]
    };
    found.keys.iter().take(most).map(row).collect()
}

/// The strategies with their chances and regrets.
fn options_table(found: &Sensitivity) -> String {
    let head = [
        "",
        "lowest bill in",
        "mean bill",
        "regret on average",
        "regret in one world of twenty",
    ];
    text::table(&head.map(str::to_owned), &options_rows(found))
}

/// A share with its interval.
pub fn share(share: &Interval) -> String {
    format!("{} ({}–{})", percent(share.value), percent(share.low), percent(share.high))
}

/// A row for each strategy.
pub fn options_rows(found: &Sensitivity) -> Vec<Vec<String>> {
    let row = |(name, choice): (&String, &crate::sensitivity::sure::Choice)| {
        let share = best_share(found, name);
        vec![
            name.clone(),
            self::share(&share),
            money(choice.mean_cents),
            money(choice.regret_cents),
            money(choice.regret_p95_cents),
        ]
    };
    found.options.iter().zip(&found.choices).map(row).collect()
}

/// How it was found.
pub fn how(found: &Sensitivity) -> String {
    let idle = match (found.tried_alone, found.uncertain_keys.saturating_sub(found.tried_alone)) {
        (0, _) => String::new(),
        (tried, others) => {
            let others = match others {
                0 => String::new(),
                1 => "; the other one, which goes with it least, was not turned".to_owned(),
                others => format!("; the other {others}, which go with it least, were not turned"),
            };
            format!(" Of {tried} keys turned alone {} hardly move the difference{others}.", found.idle.len())
        }
    };
    let pulled_in = match found.pulled_in {
        0 => String::new(),
        1 => " In one of them values that are not allowed together were brought nearer to their middle.".to_owned(),
        n => format!(" In {n} of them values that are not allowed together were brought nearer to their middle."),
    };
    let stay = if found.options.iter().any(|name| name == STAY) {
        " The control is compared as well."
    } else {
        ""
    };
    format!(
        "{} worlds of {} accounts, told as {}; {} {} a range, {} are taken as known. Luck is {} of the \
         spread.{pulled_in}{idle}{stay}",
        grouped(f64::from(found.worlds)),
        grouped(found.accounts_simulated as f64),
        grouped(found.accounts as f64),
        found.uncertain_keys,
        if found.uncertain_keys == 1 {
            "key has"
        } else {
            "keys have"
        },
        found.exact_keys,
        percent(found.luck_share),
    )
}

/// What a key means, in the words of the reference.
pub fn meaning(reference: &Reference, key: &str) -> String {
    reference
        .keys()
        .find(|known| known.path == key)
        .map_or(String::new(), |known| known.meaning.clone())
}
