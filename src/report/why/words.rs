//! What makes the difference between two strategies, in words.

use crate::measure::statistics::Estimate;
use crate::numbers::{grouped, money, percent};
use crate::results::Metric;
use crate::text;
use crate::why::whole::apportioned;
use crate::why::{Contribution, Kind, Measured, OfKind, PartFound, Together, Why};

/// Parts that a table or a chart has at most.
pub const ROWS: usize = 12;
/// Parts whose two sides are told in sentences.
const SIDES: usize = 3;
/// Letters of one side of a part in a table.
const SIDE: usize = 60;
/// Part of the difference from which on something is worth a word.
const LITTLE: f64 = 0.02;

/// The value of a metric with the parts that make the difference, rounded so that what is shown sums to the whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown<'a> {
    /// The metric.
    pub measured: &'a Measured,
    /// What each part adds, the one first that adds most either way: its place, and its value in cents or pieces.
    pub parts: Vec<(usize, f64)>,
    /// Their sum.
    pub sum: f64,
    /// What is rounded to: a hundred cents where bills are large, else one cent, or one piece.
    step: f64,
}

impl<'a> Shown<'a> {
    /// What is shown of a metric; nothing where it was not looked at.
    pub fn new(found: &'a Why, metric: Metric) -> Option<Self> {
        let measured = found.measured(metric)?;
        let added: Vec<f64> = measured.parts.iter().map(|part| part.adds.mean).collect();
        let most = added.iter().copied().chain([measured.difference.mean]).fold(0.0, |most: f64, x| most.max(x.abs()));
        let step = if metric == Metric::Cost && most >= 10_000.0 {
            100.0
        } else {
            1.0
        };
        let whole =
            apportioned(&added.iter().map(|value| value / step).collect::<Vec<_>>(), measured.difference.mean / step);
        let mut parts: Vec<(usize, f64)> = whole.iter().map(|whole| *whole as f64 * step).enumerate().collect();
        parts.sort_by(|a, b| added[b.0].abs().total_cmp(&added[a.0].abs()).then(a.0.cmp(&b.0)));
        let sum = parts.iter().map(|(_, value)| value).sum();
        Some(Self { measured, parts, sum, step })
    }

    /// A value without its sign.
    fn plain(&self, value: f64) -> String {
        match (self.measured.metric, self.step > 1.0) {
            (Metric::Cost, true) => grouped((value / 100.0).abs()),
            (Metric::Cost, false) => money(value.abs()),
            _ => grouped(value.abs()),
        }
    }

    /// A value with its sign.
    pub fn signed(&self, value: f64) -> String {
        match self.plain(value) {
            nothing if nothing.trim_matches(['0', '.']).is_empty() => "0".to_owned(),
            plain if value < 0.0 => format!("−{plain}"),
            plain => format!("+{plain}"),
        }
    }

    /// An interval: `−300 to +2,300`.
    fn interval(&self, estimate: &Estimate) -> String {
        estimate
            .ci95
            .map_or("–".to_owned(), |[low, high]| format!("{} to {}", self.signed(low), self.signed(high)))
    }

    /// Whether a value is so small a part of the difference that it needs no word.
    fn is_little(&self, value: f64) -> bool {
        let most = self.parts.iter().map(|(_, value)| value.abs()).fold(self.sum.abs(), f64::max);
        value.abs() <= LITTLE * most
    }
}

/// A part as it stands in a sentence.
fn the(part: &PartFound) -> String {
    match part.kind {
        Kind::Migrating => part.name.clone(),
        _ => format!("the {}", part.name),
    }
}

/// The answer in one sentence.
pub fn headline(found: &Why, metric: Metric) -> String {
    let Some(shown) = Shown::new(found, metric) else {
        return format!("{} was not looked at.", metric.word());
    };
    let Why { a, b, .. } = found;
    let difference = &shown.measured.difference;
    let is_nothing = shown.signed(shown.sum) == "0";
    if found.parts.is_empty() || is_nothing && difference.ci95.is_none_or(|ends| ends == [0.0; 2]) {
        return match found.parts.as_slice() {
            [] if a == b => format!("{a} and {b} are one strategy: the difference is nothing."),
            [] => format!("{a} and {b} are one strategy under two names: the difference is nothing."),
            _ => format!("{a} and {b} come to the same in {}.", metric.word()),
        };
    }
    if difference.ci95.is_some() && !difference.is_clear() {
        return format!(
            "{a} and {b} cannot be told apart in {}: the difference of {} lies within luck ({}).",
            metric.word(),
            shown.plain(shown.sum),
            shown.interval(difference)
        );
    }
    let (less, size) = (if shown.sum > 0.0 { "less" } else { "more" }, shown.plain(shown.sum));
    let whole = match metric {
        Metric::Cost => format!("{a} costs {size} {less} than {b}"),
        _ => format!("Under {a} {} come to {size} {less} than under {b}", metric.word()),
    };
    format!("{whole}: {}.", by_what(found, &shown))
}

/// The same in a run, which says itself by how much the two differ: what makes the difference, in parts of it. Nothing where
/// the sample does not show a difference of its own.
pub fn beside(found: &Why, metric: Metric) -> Option<String> {
    let shown = Shown::new(found, metric)?;
    if !shown.measured.difference.is_clear() || found.parts.is_empty() || shown.sum == 0.0 {
        return None;
    }
    let less = if shown.sum > 0.0 { "less" } else { "more" };
    let Why { a, b, .. } = found;
    let whole = match metric {
        Metric::Cost => format!("{a} costs {less} than {b}"),
        _ => format!("under {a} {} come to {less} than under {b}", metric.word()),
    };
    let groups = groups(found, &shown);
    let told = |sign: f64, how: &dyn Fn(&str, &str) -> String| {
        let some = groups.iter().filter(|(_, value)| value * sign > 0.0).take(2);
        some.map(|(name, value)| how(&percent((value / shown.sum).abs()), name)).collect::<Vec<_>>()
    };
    let towards = told(shown.sum.signum(), &|share, name| format!("{share} because of {name}"));
    let against = told(-shown.sum.signum(), &|share, name| format!("{share} the other way because of {name}"));
    let parts = match towards.is_empty() && against.is_empty() {
        true => "No part of the difference is beyond luck by itself".to_owned(),
        false => format!("Of the difference, {}", [towards, against].concat().join(", ")),
    };
    let told: f64 = [1.0, -1.0]
        .iter()
        .flat_map(|sign| groups.iter().filter(move |(_, value)| value * sign > 0.0).take(2))
        .map(|(_, value)| value / shown.sum)
        .sum();
    let rest = match told {
        _ if groups.is_empty() => "",
        told if told > 1.0 + REST => " Parts that cannot be told from luck one by one take some of it back.",
        told if told < 1.0 - REST => " The rest comes of parts that cannot be told from luck one by one.",
        _ => "",
    };
    Some(format!("{}, {whole}. {parts}.{rest}", sample(found)))
}

/// What a run says where [`beside`] says nothing.
pub fn hidden(found: &Why) -> String {
    format!(
        "{}, luck hides by how much the two differ, so that nothing is said of what makes the difference.",
        sample(found)
    )
}

/// Over whom it was looked at.
fn sample(found: &Why) -> String {
    let all = grouped(found.accounts as f64);
    match found.accounts_simulated < found.accounts {
        true => format!("Over {} of {all} accounts", grouped(found.accounts_simulated as f64)),
        false => format!("Over all {all} accounts"),
    }
}

/// From this part of the difference on, what is not told is mentioned.
const REST: f64 = 0.25;

/// Where no part is beyond luck.
const NOT_BY_ONE: &str = "no part is beyond luck by itself";

/// Whether luck alone does not explain it; with a single replication nothing is known of luck.
pub(super) fn is_beyond_luck(estimate: &Estimate) -> bool {
    estimate.ci95.is_none() || estimate.is_clear()
}

/// `60 % of it because of the rollout, 25 % of it because of the policy`; in amounts, where parts work against each other.
/// What may be luck is left out.
fn by_what(found: &Why, shown: &Shown<'_>) -> String {
    let groups = groups(found, shown);
    let with = |sign: f64| {
        let some = groups.iter().filter(move |(_, value)| value * sign > 0.0);
        some.take(2).cloned().collect::<Vec<_>>()
    };
    let (towards, against) = (with(shown.sum.signum()), with(-shown.sum.signum()));
    let amount = |(name, value): &(String, f64)| format!("{} because of {name}", shown.plain(*value));
    match (towards.as_slice(), against.as_slice()) {
        ([], []) => NOT_BY_ONE.to_owned(),
        ([(only, value)], []) if shown.is_little(shown.sum - value) => format!("all of it because of {only}"),
        (parts, []) => {
            let told =
                parts.iter().map(|(name, value)| format!("{} of it because of {name}", percent(value / shown.sum)));
            told.collect::<Vec<_>>().join(", ")
        }
        ([], [(other, back), ..]) => format!("{NOT_BY_ONE}; {} the other way because of {other}", shown.plain(*back)),
        (parts, [(other, back), ..]) => {
            let told: Vec<String> = parts.iter().map(amount).collect();
            format!("{}; {} the other way because of {other}", told.join(", "), shown.plain(*back))
        }
    }
}

/// What the parts add, those of a kind in one, the largest first: rules of one policy often make sense only together. Parts
/// of a single kind stand for themselves. What is little, or may be luck, is left out.
fn groups(found: &Why, shown: &Shown<'_>) -> Vec<(String, f64)> {
    let measured = shown.measured;
    let of_kind = |of: &OfKind| {
        let some: Vec<&(usize, f64)> =
            shown.parts.iter().filter(|(place, _)| found.parts[*place].kind == of.kind).collect();
        let name = match some.as_slice() {
            [(only, _)] => the(&found.parts[*only]),
            _ => format!("the {}", of.kind.word()),
        };
        (name, some.iter().map(|(_, value)| value).sum::<f64>(), of.adds)
    };
    let of_part = |(place, value): &(usize, f64)| (the(&found.parts[*place]), *value, measured.parts[*place].adds);
    let mut groups: Vec<(String, f64, Estimate)> = match measured.kinds.len() {
        1 => shown.parts.iter().map(of_part).collect(),
        _ => measured.kinds.iter().map(of_kind).collect(),
    };
    groups.retain(|(_, value, adds)| !shown.is_little(*value) && is_beyond_luck(adds));
    groups.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    groups.into_iter().map(|(name, value, _)| (name, value)).collect()
}

/// What stands below it: the two sides of the largest parts, and what parts do together.
pub fn sentences(found: &Why, metric: Metric) -> Vec<String> {
    let Some(shown) = Shown::new(found, metric) else {
        return Vec::new();
    };
    let mut said = sides(found, &shown);
    said.extend(one_by_one(found, &shown));
    said.extend(together(found, &shown));
    said.extend(joined(found));
    said
}

/// What each of the two has in the parts that count most; what may be luck stands in the table alone.
fn sides(found: &Why, shown: &Shown<'_>) -> Vec<String> {
    let counts =
        |(place, value): &&(usize, f64)| !shown.is_little(*value) && is_beyond_luck(&shown.measured.parts[*place].adds);
    let told = shown.parts.iter().filter(counts).take(SIDES);
    told.map(|(place, value)| {
        let part = &found.parts[*place];
        let name = match part.kind {
            Kind::Migrating => "Migrating at all".to_owned(),
            _ => format!("The {}", part.name),
        };
        let adds = &shown.measured.parts[*place].adds;
        format!(
            "{name} makes {} ({}). {}: {}. {}: {}.",
            shown.signed(*value),
            shown.interval(adds),
            found.a,
            part.a,
            found.b,
            part.b
        )
    })
    .collect()
}

/// What the parts come to when each is taken over alone.
fn one_by_one(found: &Why, shown: &Shown<'_>) -> Option<String> {
    if found.parts.len() < 2 || shown.signed(shown.sum) == "0" {
        return None;
    }
    let alone: f64 = shown.measured.parts.iter().map(|part| part.alone.mean).sum();
    let (a, sum) = (&found.a, shown.signed(shown.sum));
    Some(if shown.is_little(alone - shown.measured.difference.mean) {
        format!("Taken over into {a} each alone, the parts add up to the same: they hardly act on each other.")
    } else {
        format!(
            "Taken over into {a} each alone, the parts would add up to {} instead of {sum}: the rest comes of what they do to \
             each other.",
            shown.signed(alone)
        )
    })
}

/// The two parts that do most together.
fn together(found: &Why, shown: &Shown<'_>) -> Option<String> {
    let counts = |together: &Together| !shown.is_little(together.adds.mean) && is_beyond_luck(&together.adds);
    let together = shown.measured.together.filter(counts)?;
    let [one, other] = together.parts.map(|place| found.parts.get(place).map(the));
    let (one, other) = (one?, other?);
    let interval = shown.interval(&together.adds);
    let adds = shown.signed(together.adds.mean);
    Some(format!(
        "Two parts act on each other most, {one} and {other}: both together make {adds} ({interval}) beyond what each makes."
    ))
}

/// Parts that are not allowed without each other.
fn joined(found: &Why) -> Vec<String> {
    let told = found.joined.iter().map(|joined| {
        let [one, other] = &joined.parts;
        format!("The {one} and the {other} go over together: a strategy with one of them alone is refused.")
    });
    told.collect()
}

/// Heads of the table of parts.
pub fn head(found: &Why) -> [String; 5] {
    [
        format!("from {} to {}", found.a, found.b),
        "adds".to_owned(),
        "95 %".to_owned(),
        "alone".to_owned(),
        "as the last".to_owned(),
    ]
}

/// The parts, a row each, the most important first; then all others in one, and the whole. A row has what differs, its two
/// sides, and figures.
pub fn rows(found: &Why, metric: Metric, most: usize) -> Vec<(String, String, [String; 4])> {
    let Some(shown) = Shown::new(found, metric) else {
        return Vec::new();
    };
    // One more row than allowed is not put together with itself.
    let kept = if shown.parts.len() > most + 1 {
        most
    } else {
        shown.parts.len()
    };
    let (first, rest) = shown.parts.split_at(kept);
    let mut rows: Vec<_> = first
        .iter()
        .map(|(place, value)| {
            let (part, of) = (&found.parts[*place], &shown.measured.parts[*place]);
            let Contribution { adds, alone, last, .. } = of;
            let figures = [
                shown.signed(*value),
                shown.interval(adds),
                shown.signed(alone.mean),
                shown.signed(last.mean),
            ];
            (part.name.clone(), format!("{} → {}", part.a, part.b), figures)
        })
        .collect();
    let blank = || "–".to_owned();
    if !rest.is_empty() {
        let sum: f64 = rest.iter().map(|(_, value)| value).sum();
        let name = format!("{} more parts", rest.len());
        rows.push((name, String::new(), [shown.signed(sum), blank(), blank(), blank()]));
    }
    let whole = [
        shown.signed(shown.sum),
        shown.interval(&shown.measured.difference),
        blank(),
        blank(),
    ];
    rows.push(("in all".to_owned(), String::new(), whole));
    rows
}

/// The text on a terminal; `in_run` is the difference of the bills in the run itself, in cents, if one is known.
pub fn terminal(found: &Why, metric: Metric, in_run: Option<f64>) -> String {
    let mut told = format!("{}\n\n", headline(found, metric));
    if found.parts.is_empty() {
        return told;
    }
    for said in sentences(found, metric) {
        told += &format!("{said}\n");
    }
    let table = rows(found, metric, ROWS);
    if !table.is_empty() {
        let cut = |side: &str| match side.char_indices().nth(2 * SIDE) {
            Some((end, _)) => format!("{}…", &side[..end]),
            None => side.to_owned(),
        };
        let row = |(name, sides, figures): (String, String, [String; 4])| {
            let first = if sides.is_empty() {
                name
            } else {
                format!("{name}: {}", cut(&sides))
            };
            std::iter::once(first).chain(figures).collect()
        };
        let rows: Vec<Vec<String>> = table.into_iter().map(row).collect();
        told += &format!("\n{}", text::table(&head(found), &rows));
    }
    told + &format!("\n{}\n", how(found, metric, in_run))
}

/// How it was found.
pub fn how(found: &Why, metric: Metric, in_run: Option<f64>) -> String {
    let combinations = match found.combinations {
        1 => "One strategy".to_owned(),
        n => format!("{} combinations of the two strategies, each", grouped(n as f64)),
    };
    let orders = found.orders.map_or(String::new(), |orders| {
        format!(" Not all orders were taken, but {orders} for each replication; the intervals cover that choice.")
    });
    let replications = match found.replications {
        1 => "one replication, which has no intervals".to_owned(),
        n => format!("{n} replications with the same luck for all"),
    };
    let in_run = in_run.filter(|_| metric == Metric::Cost && !found.parts.is_empty());
    let run = in_run.map_or(String::new(), |difference| {
        let than = match money(difference.abs()) {
            _ if difference == 0.0 => "the same as".to_owned(),
            size if difference < 0.0 => format!("{size} more than"),
            size => format!("{size} less than"),
        };
        format!(" In the run itself, over all accounts, {} costs {than} {}.", found.a, found.b)
    });
    format!(
        "{combinations} over {} accounts told as {}, in {replications}.{orders}{run}",
        grouped(found.accounts_simulated as f64),
        grouped(found.accounts as f64)
    )
}
