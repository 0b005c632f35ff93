//! What a calibration found, in words.

use crate::calibrate::{Advice, Band, Calibration, Checked, Moved};
use crate::numbers::{grouped, money, percent};
use crate::report::sensitivity::words::in_unit;
use crate::results::Metric;
use crate::text;

/// Rows that a table on a terminal has at most.
const ROWS: usize = 12;

/// Whether to go on, in one sentence.
pub fn headline(found: &Calibration) -> String {
    let Calibration { strategy, after, before, .. } = found;
    let worlds = grouped(f64::from(found.worlds));
    let cheapest = percent(after.cheapest_share.value);
    let was = percent(before.cheapest_share.value);
    match &found.advice {
        Advice::NotExplained => format!(
            "Do not trust the forecast yet: {} of {} observed values lie where hardly any learnt world has them.",
            found.unexplained().len(),
            found.observed.len()
        ),
        Advice::GoOn if found.options.len() > 1 && found.options[0] == crate::strategy::STAY => format!(
            "Go on with {strategy}: in {} of the {worlds} worlds that explain the pilot it costs less than leaving everything \
             as it is.",
            percent(after.below_stay_share.value)
        ),
        Advice::GoOn => format!(
            "Go on with {strategy}: in {cheapest} of the {worlds} worlds that explain the pilot it has the lowest bill of all \
             strategies (before: {was})."
        ),
        Advice::Change(other) if other == crate::strategy::STAY => format!(
            "Think again: {strategy} costs more than leaving everything as it is in {} of the {worlds} worlds that explain the \
             pilot.",
            percent(1.0 - after.below_stay_share.value)
        ),
        Advice::Change(other) => format!(
            "Think again: {other} has the lowest bill in most of the {worlds} worlds that explain the pilot, {strategy} in \
             {cheapest} (before: {was})."
        ),
        Advice::Undecided => format!(
            "The pilot does not settle it: {strategy} has the lowest bill in {cheapest} of the {worlds} worlds that explain it \
             (before: {was})."
        ),
    }
}

/// What stands below it.
pub fn sentences(found: &Calibration) -> Vec<String> {
    let mut said = Vec::new();
    if found.unexplained().is_empty() {
        said.push(match found.observed.len() {
            1 => "The model explains the observed value.".to_owned(),
            n => format!("The model explains all {n} observed values."),
        });
    }
    said.extend(most_moved(found));
    said.push(silent(found));
    said.push(stay_and_limit(found));
    said.extend(rest(found));
    said.extend(together(found));
    said
}

/// What the model cannot explain, if there is any: it stands above all else.
pub fn unexplained(found: &Calibration) -> Option<String> {
    let unexplained = found.unexplained();
    let first = unexplained.first()?;
    let where_to = if first.only_contradicts() {
        format!("{} were expected: only values far beyond their ranges could explain it", between(first.before))
    } else {
        format!("learnt worlds have {}", between(first.after))
    };
    Some(format!(
        "The model cannot explain {} of {} observed values: most of all {} up to {}, {} where {where_to}.",
        unexplained.len(),
        found.observed.len(),
        first.measure.word(),
        first.to,
        grouped(first.value)
    ))
}

fn most_moved(found: &Calibration) -> Vec<String> {
    let told = found.moved.iter().take(3).map(|moved| {
        format!(
            "{} was {}, and is {} now.",
            moved.key,
            range(moved, [moved.before[0], moved.before[2]]),
            range(moved, [moved.after[0], moved.after[2]])
        )
    });
    let told: Vec<String> = told.collect();
    if told.is_empty() {
        return vec![none_moved(found).to_owned()];
    }
    told
}

/// What is said if the pilot moved no value.
pub fn none_moved(found: &Calibration) -> &'static str {
    if found.unexplained().is_empty() {
        "The pilot moved no value: what it showed is what was expected."
    } else {
        "The pilot moved no value beyond luck."
    }
}

fn silent(found: &Calibration) -> String {
    let silent = found.uncertain_keys - found.moved.len();
    format!(
        "Of {} values with a range the pilot moved {}; about the other {} it says nothing, or nothing new.",
        grouped(found.uncertain_keys as f64),
        grouped(found.moved.len() as f64),
        grouped(silent as f64)
    )
}

fn stay_and_limit(found: &Calibration) -> String {
    let Calibration { strategy, before, after, .. } = found;
    let [below, was_below] = [after, before].map(|standing| percent(standing.below_stay_share.value));
    let [within, was_within] = [after, before].map(|standing| percent(standing.within_limit_share.value));
    format!(
        "{strategy} costs less than leaving everything as it is in {below} of learnt worlds (before: {was_below}). Under \
         {strategy} the calls keep the desk's limit for giving up in {within} of them (before: {was_within})."
    )
}

fn rest(found: &Calibration) -> Option<String> {
    let told: Vec<String> = found
        .rest
        .iter()
        .take(3)
        .map(|rest| format!("{} {}", between(rest.after), rest.measure.word()))
        .collect();
    let last = found.by_day.first().map_or(0, |daily| daily.after.len());
    (found.pilot_ends_day + 1 < last)
        .then(|| format!("Still to come under {} nine times in ten: {}.", found.strategy, told.join("; ")))
}

fn together(found: &Calibration) -> Vec<String> {
    let (kept, dropped): (Vec<_>, Vec<_>) = found.together.iter().partition(|pair| pair.kept);
    let named = |pairs: &[&crate::calibrate::Together]| -> String {
        let told = pairs
            .iter()
            .take(2)
            .map(|pair| format!("{} with {} ({:+.2})", pair.keys[0], pair.keys[1], pair.correlation).replace('-', "−"));
        told.collect::<Vec<_>>().join("; ")
    };
    let mut said = Vec::new();
    if !kept.is_empty() {
        said.push(format!("Learnt together, and kept so in learnt.toml: {}.", named(&kept)));
    }
    if !dropped.is_empty() {
        said.push(format!("Learnt together, and not kept, as a key stands in one list only: {}.", named(&dropped)));
    }
    said
}

/// `1,200 to 1,500`.
pub fn between(band: Band) -> String {
    let [low, _, high] = band;
    if grouped(low) == grouped(high) {
        grouped(low)
    } else {
        format!("{} to {}", grouped(low), grouped(high))
    }
}

/// A range of a key in its unit.
pub fn range(moved: &Moved, ends: [f64; 2]) -> String {
    let [low, high] = ends.map(|end| in_unit(moved.unit, end));
    format!("{low} to {high}")
}

/// The text on a terminal.
pub fn terminal(found: &Calibration) -> String {
    let mut text = unexplained(found).map(|said| format!("{said}\n\n")).unwrap_or_default();
    text += &format!("{}\n\n", headline(found));
    for said in sentences(found) {
        text += &format!("{said}\n");
    }
    if !found.moved.is_empty() {
        let table = text::table(&MOVED_HEAD.map(str::to_owned), &moved_rows(found, ROWS));
        text += &format!("\n{table}{}\n", left_out(found.moved.len()));
    }
    let table = text::table(&CHECK_HEAD.map(str::to_owned), &check_rows(found, ROWS));
    text += &format!("\n{table}{}\n", left_out(found.observed.len()));
    text += &format!("\n{}\n", text::table(&OPTION_HEAD.map(str::to_owned), &option_rows(found)));
    text + &format!("\n{}\n", how(found))
}

/// The line below a table of so many rows, if it does not show all of them.
fn left_out(rows: usize) -> String {
    match rows.saturating_sub(ROWS) {
        0 => String::new(),
        more => format!(" … and {more} more in calibration.json\n"),
    }
}

/// Heads of the table of values that moved.
pub const MOVED_HEAD: [&str; 6] = ["value", "known as", "stated", "before", "now", "width"];

/// The values that moved, a row each.
pub fn moved_rows(found: &Calibration, most: usize) -> Vec<Vec<String>> {
    let row = |moved: &Moved| {
        vec![
            moved.key.clone(),
            moved.grade.word().to_owned(),
            in_unit(moved.unit, moved.now),
            range(moved, [moved.before[0], moved.before[2]]),
            range(moved, [moved.after[0], moved.after[2]]),
            percent(moved.narrower),
        ]
    };
    found.moved.iter().take(most).map(row).collect()
}

/// Heads of the table of observed values.
pub const CHECK_HEAD: [&str; 6] = [
    "measure",
    "up to",
    "observed",
    "expected before",
    "expected now",
    "as far out",
];

/// The observed values, those first that are explained least.
pub fn check_rows(found: &Calibration, most: usize) -> Vec<Vec<String>> {
    let mut checked: Vec<&Checked> = found.observed.iter().collect();
    checked.sort_by(|a, b| a.tail.total_cmp(&b.tail).then(a.line.cmp(&b.line)));
    let row = |checked: &&Checked| {
        let wave = checked.wave.map_or(String::new(), |wave| format!(", wave {wave}"));
        vec![
            format!("{}{wave}", checked.measure.word()),
            checked.to.clone(),
            grouped(checked.value),
            between(checked.before),
            between(checked.after),
            tail(checked.tail),
        ]
    };
    checked.iter().take(most).map(row).collect()
}

/// How probable it is to lie as far out.
pub fn tail(share: f64) -> String {
    if share < 0.001 {
        "below 0.1 %".to_owned()
    } else {
        percent(share)
    }
}

/// Heads of the table of strategies.
pub const OPTION_HEAD: [&str; 5] = [
    "",
    "lowest bill before",
    "lowest bill now",
    "mean bill now",
    "regret now",
];

/// The strategies, a row each.
pub fn option_rows(found: &Calibration) -> Vec<Vec<String>> {
    let shares = |standing: &crate::calibrate::Standing, place: usize| {
        let cost = standing.best_in.iter().find(|best| best.metric == Metric::Cost);
        cost.and_then(|best| best.shares.get(place)).copied().unwrap_or_default()
    };
    let row = |(place, name): (usize, &String)| {
        let now = shares(&found.after, place);
        let choice = found.after.choices.get(place);
        vec![
            name.clone(),
            percent(shares(&found.before, place).value),
            format!("{} ({}–{})", percent(now.value), percent(now.low), percent(now.high)),
            choice.map_or("–".to_owned(), |choice| money(choice.mean_cents)),
            choice.map_or("–".to_owned(), |choice| money(choice.regret_cents)),
        ]
    };
    found.options.iter().enumerate().map(row).collect()
}

/// How it was found.
pub fn how(found: &Calibration) -> String {
    format!(
        "{} {} of {} worlds, {} accounts each; {} of {} values with a range move what was observed, and explain {} of how \
         worlds differ beyond luck. The learnt ranges rest on {} independent draws.",
        found.rounds,
        if found.rounds == 1 { "round" } else { "rounds" },
        grouped(f64::from(found.worlds)),
        grouped(found.accounts_simulated as f64),
        found.keys_that_matter,
        found.uncertain_keys,
        percent(found.explained_share),
        grouped(found.effective_draws)
    )
}
