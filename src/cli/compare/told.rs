//! What `cutover compare RUN...` says: for each pair a sentence, a table, what could not be told apart, and who ends
//! elsewhere.

use crate::numbers::{grouped, percent};
use crate::report::contrast::{Compared, Contrasts, Measured, Move, Moves, Pairing};
use crate::text;

/// Transitions that are told, at most.
const MOVES: usize = 8;

/// What stands above the columns, after the measure and the two strategies.
const HEAD: [&str; 4] = [
    "difference [95 %]",
    "[95 %, all together]",
    "first is better in",
    "shown",
];

/// For the terminal.
pub(super) fn terminal(all: &Contrasts) -> String {
    let pair = |one: &Compared| {
        let head: Vec<String> = head(one).into_iter().collect();
        let table = text::table(&head, &rows(one));
        let said: String = after(one).into_iter().map(|line| format!("{line}\n")).collect();
        format!("{}\n\n{table}\n{said}", sentence(one))
    };
    let pairs: Vec<String> = all.pairs.iter().map(pair).collect();
    format!("{}\n{}\n", pairs.join("\n"), method(all))
}

/// In Markdown.
pub(super) fn markdown(all: &Contrasts) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let pair = |one: &Compared| {
        let mut table = line(head(one));
        let rules = (0..HEAD.len() + 3).map(|column| if column == 0 { "---" } else { "---:" }.to_owned());
        table += &line(rules.collect());
        rows(one).into_iter().for_each(|row| table += &line(row));
        let said: String = after(one).into_iter().map(|line| format!("- {line}\n")).collect();
        format!("{}\n\n{table}\n{said}\n", sentence(one))
    };
    let pairs: String = all.pairs.iter().map(pair).collect();
    format!("{pairs}{}\n", method(all))
}

/// What to call the two: by their strategies, and by their runs where those differ.
fn names(one: &Compared) -> [String; 2] {
    let (a, b) = (&one.a, &one.b);
    if a.run == b.run {
        [a.strategy.clone(), b.strategy.clone()]
    } else {
        [a, b].map(|side| format!("{}:{}", side.run, side.strategy))
    }
}

fn head(one: &Compared) -> Vec<String> {
    std::iter::once(String::new()).chain(names(one)).chain(HEAD.map(str::to_owned)).collect()
}

fn rows(one: &Compared) -> Vec<Vec<String>> {
    one.measures.iter().map(row).collect()
}

fn row(of: &Measured) -> Vec<String> {
    let difference = |value: f64| of.metric.show_difference(value);
    let ends = |ends: Option<[f64; 2]>| {
        ends.map_or(String::new(), |[low, high]| format!("[{} to {}]", difference(low), difference(high)))
    };
    let [low, high] = of.better_ci95.map(|share| grouped(share * 100.0));
    vec![
        of.metric.word().to_owned(),
        of.metric.show(of.a),
        of.metric.show(of.b),
        format!("{} {}", difference(of.difference), ends(of.ci95)).trim_end().to_owned(),
        ends(of.ci95_together),
        format!("{} ({low} to {high} %)", percent(of.better_share)),
        verdict(of).to_owned(),
    ]
}

/// What is shown of a measure, in a word or two.
fn verdict(of: &Measured) -> &'static str {
    match of {
        of if of.is_same() => "the same",
        Measured { ci95: None, .. } => "nothing: 1 replication",
        Measured { shown: false, .. } => "no difference shown",
        Measured { difference, metric, .. } => match (*difference < 0.0, metric.more_is_better()) {
            (true, true) => "less, worse",
            (true, false) => "less, better",
            (false, true) => "more, better",
            (false, false) => "more, worse",
        },
    }
}

/// Who is compared with whom, by what right, and in how much they differ.
fn sentence(one: &Compared) -> String {
    let [a, b] = names(one);
    let (n, m) = (one.a.replications, one.b.replications);
    let right = match one.pairing {
        Pairing::SameAccounts => format!("{} with the same accounts and the same luck", pairs(n)),
        Pairing::SameSeed => format!("{} with the same seed, but other accounts", pairs(n)),
        Pairing::Independent => format!("{n} and {m} replications of different seeds, which share nothing"),
    };
    let judged = one.measures.len();
    let shown = one.measures.iter().filter(|of| of.shown).count();
    let same = one.measures.iter().filter(|of| of.is_same()).count();
    let found = match (n, shown) {
        (1, _) => "1 replication says nothing of its own luck, so no difference can be shown".to_owned(),
        (_, 0) if same == judged => "they are the same in every replication".to_owned(),
        (_, 0) => "no difference shown".to_owned(),
        _ => format!("a difference is shown in {shown} of {}", measures(judged)),
    };
    let notes: String = one.notes.iter().map(|note| format!(" {note}")).collect();
    format!("{a} against {b} ({right}): {found}.{notes}")
}

fn pairs(n: usize) -> String {
    if n == 1 {
        "1 replication".to_owned()
    } else {
        format!("{n} pairs of replications")
    }
}

fn measures(n: usize) -> String {
    if n == 1 {
        "1 measure".to_owned()
    } else {
        format!("{n} measures")
    }
}

/// What could not be told apart, and who ends elsewhere.
fn after(one: &Compared) -> Vec<String> {
    let unseen: Vec<String> = one
        .measures
        .iter()
        .filter(|of| !of.shown && !of.is_same())
        .filter_map(|of| Some(format!("{} ({})", of.metric.word(), of.metric.show(of.visible?))))
        .collect();
    let mut said = Vec::new();
    if !unseen.is_empty() {
        said.push(format!(
            "No difference shown in: {}. In parentheses: the difference that would have been shown four times in five.",
            unseen.join(", ")
        ));
    }
    said.extend(one.transitions.as_ref().map(|moves| moved(one, moves)));
    said
}

/// Accounts that end elsewhere.
fn moved(one: &Compared, moves: &Moves) -> String {
    let [a, b] = names(one);
    let over = match moves.replications {
        1 => "first replication".to_owned(),
        n => format!("mean of {n} replications"),
    };
    let all: f64 = moves.moved.iter().map(|it| it.accounts).sum();
    if moves.moved.is_empty() {
        return format!("The same accounts ({over}): all {} end alike.", grouped(moves.same));
    }
    let told = |it: &Move| format!("{} {} → {}", grouped(it.accounts), it.a.word(), it.b.word());
    let mut list: Vec<String> = moves.moved.iter().take(MOVES).map(told).collect();
    let rest: f64 = moves.moved.iter().skip(MOVES).map(|it| it.accounts).sum();
    if rest > 0.0 {
        list.push(format!("{} otherwise", grouped(rest)));
    }
    format!(
        "The same accounts ({over}): {} end alike, {} do not. Under {a} → under {b}: {}.",
        grouped(moves.same),
        grouped(all),
        list.join(", ")
    )
}

/// How it was judged.
fn method(all: &Contrasts) -> String {
    match all.family {
        0 | 1 => "The interval is Student's at 95 %. It covers the luck of the draw, not what is assumed.".to_owned(),
        family => format!(
            "The {family} differences are corrected together. Intervals by Bonferroni hold all at once at 95 %. A difference is \
             shown if Holm's test at 5 % says so, which sees a little more. Intervals cover the luck of the draw, not what is \
             assumed."
        ),
    }
}
