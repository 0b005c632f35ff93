//! `cutover validate`.

mod composition;

use clap::Args;

use super::{ScenarioArguments, forecast, run};
use crate::engine::forecast::Forecast;
use crate::error::{Error, Result};
use crate::plan::Plan;
use crate::population::Population;
use crate::population::unit::Unit;
use crate::random::Seed;
use crate::scenario::Scenario;
use crate::scenario_file::Loaded;
use crate::scenario_file::listing::{self, Listed};
use crate::terms::record::{Behind, ContactPoint, Foothold, Status, Truth};

#[derive(Debug, Args)]
pub(super) struct ValidateArguments {
    #[command(flatten)]
    scenario: ScenarioArguments,
    /// Show so many accounts, drawn at random, instead of the values
    #[arg(long, value_name = "N")]
    sample: Option<u64>,
    /// Count the whole population by segment, unit and edge case, and say how well each scorecard finds hidden trouble,
    /// instead of showing the values
    #[arg(long, conflicts_with = "sample")]
    composition: bool,
    /// Print as JSON
    #[arg(long)]
    json: bool,
}

impl ValidateArguments {
    pub(super) fn run(self) -> Result<()> {
        let mut loaded = self.scenario.load()?;
        let imported = run::import(&mut loaded.scenario)?;
        if let Some(imported) = &imported {
            super::say(&imported.report().text());
        }
        forecast::tell(&Forecast::run(&loaded.scenario, super::runtime::cores()))?;
        let seed = Seed::new(u64::from(loaded.scenario.seed), 0);
        let population = || Population::new(&loaded.scenario, seed, imported.as_ref());
        let text = match (self.sample, self.composition) {
            (Some(wanted), _) => sample(&loaded.scenario, &population(), seed, wanted),
            (None, true) => composition::text(&loaded.scenario, &population(), seed, self.json)?,
            (None, false) => values(&loaded, self.json)?,
        };
        super::print(&text)
    }
}

fn values(loaded: &Loaded, json: bool) -> Result<String> {
    let values = listing::values_in_force(loaded);
    if json {
        let object = |v: &Listed| serde_json::json!({ "key": v.key, "value": v.value, "unit": v.unit, "grade": v.grade.word(), "source": v.source });
        let list: Vec<_> = values.iter().map(object).collect();
        return json_text(&list);
    }
    let head = ["key", "value", "unit", "grade", "source"].map(str::to_owned);
    let rows: Vec<Vec<String>> = values
        .iter()
        .map(|value| {
            let shown = shorten(&value.value.replace('\n', " "), 48);
            vec![
                value.key.clone(),
                shown,
                value.unit.to_owned(),
                value.grade.word().to_owned(),
                value.source.clone(),
            ]
        })
        .collect();
    let hash = loaded.scenario.hash();
    Ok(format!(
        "{}\n{} values in force; scenario hash {hash}\n",
        crate::text::table(&head, &rows),
        values.len()
    ))
}

fn json_text(value: &impl serde::Serialize) -> Result<String> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Error::Store(format!("JSON cannot be written: {error}")))?;
    Ok(text + "\n")
}

fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() > most {
        text.chars().take(most - 1).chain(['…']).collect()
    } else {
        text.to_owned()
    }
}

/// Sample accounts: what the record says, and after the bar what is so.
fn sample(scenario: &Scenario, population: &Population, seed: Seed, wanted: u64) -> String {
    let head = [
        "account",
        "segment",
        "unit",
        "signs in by",
        "status",
        "age",
        "last seen",
        "e-mail",
        "phone",
        "risk",
        "|",
        "mailbox is",
        "phone is",
        "leaked",
        "sign-ins",
        "trouble",
    ]
    .map(str::to_owned);
    let looked_at = Plan::sample(population, seed);
    let strategies = scenario.strategies.iter().take(1);
    let plans: Vec<Plan> = strategies.map(|strategy| Plan::new(strategy, scenario, &looked_at)).collect();
    let mut unit = Unit::default();
    let mut rows = Vec::new();
    for account in population.sample(seed, wanted) {
        population.unit(population.unit_of(account), &mut unit);
        let traits = &unit.accounts[(account - unit.first_account) as usize];
        let (record, truth, history) = (&traits.record, &traits.truth, traits.history());
        let years = |days: f32| format!("{:.1} y", days / 365.25);
        let word = |channel: ContactPoint| match channel {
            ContactPoint::None => "-",
            ContactPoint::Alive => "own",
            ContactPoint::Dead => "dead",
            ContactPoint::Mistyped => "a stranger's",
            ContactPoint::Recycled => "recycled",
        };
        let contact = |there: bool, sure: bool, shared: bool| {
            let mut text = if there {
                if sure { "verified" } else { "yes" }
            } else {
                "-"
            }
            .to_owned();
            text += if there && shared { ", shared" } else { "" };
            text
        };
        let method = match (record.has_password(), record.provider.word()) {
            (true, "none") => "password".to_owned(),
            (true, provider) => format!("password, {provider}"),
            (false, provider) => provider.to_owned(),
        };
        rows.push(vec![
            account.to_string(),
            population.segments()[usize::from(record.segment)].clone(),
            unit.kind.word().to_owned(),
            method,
            match record.status {
                Status::Active => "active",
                Status::Locked => "locked",
                Status::Disabled => "disabled",
            }
            .to_owned(),
            years(history.age_days),
            format!("{:.0} d", history.last_seen_days),
            contact(record.email, record.email_verified, record.email_shared),
            contact(record.phone, false, record.phone_shared),
            plans.first().map_or("-".to_owned(), |plan| format!("{:.0}", plan.risk(traits))),
            "|".to_owned(),
            word(truth.mailbox).to_owned(),
            word(truth.phone).to_owned(),
            if truth.leaked { "yes" } else { "no" }.to_owned(),
            format!("{:.2}/month", traits.rate_per_day() * 30.0),
            trouble(record.in_target, truth),
        ]);
    }
    crate::text::table(&head, &rows) + "\nLeft of the bar: the record, all that policies see. Right: the truth.\n"
}

/// What is wrong behind an account, in a few words.
fn trouble(in_target: bool, truth: &Truth) -> String {
    let has = |foothold| truth.foothold.has(foothold);
    let wrong = [
        (has(Foothold::PASSWORD.or(Foothold::SESSION)), "in other hands"),
        (has(Foothold::MAIL), "planted"),
        (matches!(truth.behind, Behind::Nobody | Behind::Program), "nobody behind it"),
        (truth.behind == Behind::Gone, "disabled for good"),
        (in_target && !truth.same_in_target, "wrong match"),
    ];
    let found: Vec<&str> = wrong.into_iter().filter_map(|(is, what)| is.then_some(what)).collect();
    if found.is_empty() {
        "-".to_owned()
    } else {
        found.join(", ")
    }
}
