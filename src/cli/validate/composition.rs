//! The population counted, and how well each scorecard finds what is wrong in it.

use serde_json::{Map, Value, json};

use crate::error::Result;
use crate::numbers::{grouped, percent};
use crate::population::asked::asked;
use crate::population::unit::{EdgeCase, Unit, edge_cases};
use crate::population::{Population, UnitKind};
use crate::random::Seed;
use crate::report::hints::{Finding, Scored, hints};
use crate::scenario::Scenario;
use crate::text::table;

const KINDS: [UnitKind; 5] = [
    UnitKind::Single,
    UnitKind::Household,
    UnitKind::BusinessMailbox,
    UnitKind::SharedPhone,
    UnitKind::Duplicate,
];

/// A line of the count: what, how many, and what share of all accounts the scenario asks for.
struct Line {
    what: String,
    count: u64,
    asked: Option<f64>,
}

/// The population counted by segment, kind of unit and edge case, then the scorecards; as text or as JSON.
pub(super) fn text(scenario: &Scenario, population: &Population, seed: Seed, as_json: bool) -> Result<String> {
    let lines = count(scenario, population);
    let scored = hints(scenario, population, seed);
    if as_json {
        let mut object: Map<String, Value> = lines.iter().map(|line| (line.what.clone(), line.count.into())).collect();
        let asked: Map<String, Value> =
            lines.iter().filter_map(|line| Some((line.what.clone(), json!(line.asked?)))).collect();
        object.insert("asked_shares".to_owned(), asked.into());
        object.insert("scorecards".to_owned(), json!(scored));
        return super::json_text(&object);
    }
    let accounts = population.accounts();
    let of_all = |count: u64| percent(count as f64 / accounts.max(1) as f64);
    let row = |line: Line| {
        let asked = line.asked.map_or("-".to_owned(), percent);
        vec![line.what, grouped(line.count as f64), of_all(line.count), asked]
    };
    let rows: Vec<Vec<String>> = lines.into_iter().map(row).collect();
    let head = [
        format!("{} in replication 1", scenario.name),
        "count".to_owned(),
        "of accounts".to_owned(),
        "asked for".to_owned(),
    ];
    let mut text = table(&head, &rows);
    scored.iter().for_each(|scored| text += &scorecard(scored, accounts));
    text += "\nAUC: the chance that an account with the trouble scores higher than one without (0.5: the score finds nothing \
             of it, 1: all), with its standard error. Policies never see the trouble itself.\n";
    Ok(text)
}

fn count(scenario: &Scenario, population: &Population) -> Vec<Line> {
    let mut segments = vec![0_u64; population.segments().len()];
    let mut cases = [0_u64; EdgeCase::ALL.len()];
    let mut kinds = KINDS.map(|kind| (kind, 0_u64, 0_u64));
    let mut unit = Unit::default();
    for number in 0..population.units() {
        population.unit(number, &mut unit);
        if let Some(slot) = kinds.iter_mut().find(|(kind, ..)| *kind == unit.kind) {
            slot.1 += 1;
            slot.2 += unit.accounts.len() as u64;
        }
        for account in &unit.accounts {
            segments[usize::from(account.record.segment)] += 1;
            let bits = edge_cases(unit.kind, account);
            (0..cases.len()).for_each(|case| cases[case] += bits >> case & 1);
        }
    }
    let line = |what: String, count: u64| Line { what, count, asked: None };
    let mut lines = vec![line("accounts".to_owned(), population.accounts())];
    lines.extend(population.segments().iter().zip(&segments).map(|(name, n)| line(format!("segment {name}"), *n)));
    for (kind, units, members) in kinds {
        lines.push(line(format!("units: {}", kind.word()), units));
        lines.push(line(format!("accounts in units: {}", kind.word()), members));
    }
    lines.extend(EdgeCase::ALL.iter().zip(cases).map(|(case, count)| Line {
        what: case.key().replace('_', " "),
        count,
        asked: asked(scenario, *case),
    }));
    lines
}

/// How well a scorecard finds trouble, as a table.
fn scorecard(scored: &Scored, accounts: u64) -> String {
    let whose = match &scored.strategy {
        Some(name) => format!("What the risk score of {name} finds"),
        None => "What the built-in risk score finds".to_owned(),
    };
    let among = match scored.accounts {
        looked_at if looked_at < accounts => format!(" ({} accounts at random)", grouped(looked_at as f64)),
        _ => String::new(),
    };
    let mut head = vec![format!("{whose}{among}"), "with it".to_owned(), "AUC".to_owned()];
    for sides in scored.findings.first().map_or(&[][..], |finding| &finding.at) {
        let (score, includes) = (sides.score, sides.below_includes);
        let (below, above) = if includes {
            (format!("up to {score}"), format!("above {score}"))
        } else {
            (format!("below {score}"), format!("from {score}"))
        };
        head.push(format!("{below}: {}", grouped(sides.below as f64)));
        head.push(format!("{above}: {}", grouped(sides.above as f64)));
    }
    let row = |finding: &Finding| {
        let auc = match finding.auc {
            None => "-".to_owned(),
            Some(auc) => match auc.standard_error {
                Some(error) => format!("{:.3} ± {error:.3}", auc.area),
                None => format!("{:.3}", auc.area),
            },
        };
        let share = percent(finding.accounts as f64 / scored.accounts.max(1) as f64);
        let mut row = vec![finding.trouble.word().to_owned(), share, auc];
        row.extend(finding.at.iter().flat_map(|at| [percent(at.share_below), percent(at.share_above)]));
        row
    };
    let rows: Vec<Vec<String>> = scored.findings.iter().map(row).collect();
    format!("\n{}", table(&head, &rows))
}
