//! `cutover compare`: strategies as rows, scenarios side by side.

use std::path::PathBuf;

use clap::Args;

use super::progress::Progress;
use super::{control_set, forecast, runtime};
use crate::engine::forecast::Forecast;
use crate::error::{Error, Result};
use crate::numbers::{grouped, money, percent, signed};
use crate::results::Estimate;
use crate::results::rivals::{Rival, Rivals};
use crate::run::Run;
use crate::scenario::Scenario;
use crate::scenario_file::diagnostics;
use crate::strategy::controls::ControlSet;
use crate::strategy::{STAY, Strategy};
use crate::text;
use crate::watch::Watch;

#[derive(Debug, Args)]
pub(super) struct CompareArguments {
    /// Scenario files (TOML)
    #[arg(required = true)]
    scenarios: Vec<PathBuf>,
    /// Number of accounts, in every scenario
    #[arg(long, value_name = "N")]
    accounts: Option<u64>,
    /// Seed of all random draws
    #[arg(long, value_name = "N")]
    seed: Option<u32>,
    /// Independent repetitions
    #[arg(long, value_name = "N")]
    replications: Option<u32>,
    /// Compare this strategy, of the scenario or built-in; may be repeated [default: every built-in strategy]
    #[arg(long, value_name = "NAME")]
    strategy: Vec<String>,
    /// Run every strategy under this set of controls instead of its own
    #[arg(long, value_name = "SET", value_parser = control_set)]
    controls: Option<ControlSet>,
    /// Override a value in every scenario, as in prices.takeover_cents=5000; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Threads [default: one for each core]; the results do not depend on it
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Print one table in Markdown
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
    /// Print the figures as JSON
    #[arg(long)]
    json: bool,
}

impl CompareArguments {
    pub(super) fn run(self) -> Result<()> {
        let (pool, threads) = runtime::pool(self.threads)?;
        let scenarios = self.load()?;
        for scenario in &scenarios {
            forecast::tell(&Forecast::run(scenario, threads))?;
        }
        let rivals = pool.install(|| scenarios.iter().map(compared).collect::<Result<Vec<_>>>())?;
        let told = if self.json {
            let json = serde_json::to_string_pretty(&rivals);
            json.map_err(|error| Error::Store(format!("the figures cannot be written: {error}")))? + "\n"
        } else if self.markdown {
            markdown(&rivals)
        } else {
            terminal(&rivals)
        };
        super::print(&told)
    }

    /// Reads every scenario before any of them is run.
    fn load(&self) -> Result<Vec<Scenario>> {
        let mut sets = self.set.clone();
        sets.extend(self.accounts.map(|n| format!("population.accounts={n}")));
        sets.extend(self.seed.map(|n| format!("seed={n}")));
        sets.extend(self.replications.map(|n| format!("replications={n}")));
        let chosen = match &self.strategy[..] {
            [] => Strategy::presets().map(str::to_owned).collect(),
            chosen => chosen.to_vec(),
        };
        let load = |path: &PathBuf| {
            let loaded = Scenario::load_under(path, &chosen, self.controls, &sets)?;
            super::say(&diagnostics::render_warnings(&loaded.source.texts, &loaded.warnings));
            Ok(loaded.scenario)
        };
        self.scenarios.iter().map(load).collect()
    }
}

/// One scenario, run in this process; nothing is stored.
fn compared(scenario: &Scenario) -> Result<Rivals> {
    let progress = Progress::new();
    let run = Run::new(scenario).watch(&progress).execute()?;
    progress.end();
    Ok(Rivals::new(run.results()))
}

/// What is told of a strategy in each scenario.
const FIGURES: [&str; 5] = [
    "bill − stay",
    "can sign in",
    "customers lost",
    "takeover days",
    "peak calls",
];

fn figures(rivals: &Rivals, rival: &Rival) -> [String; FIGURES.len()] {
    let bill = match rival.name.as_str() {
        STAY => "–".to_owned(),
        name => bill(rival.bill_to_stay_cents) + mark(rivals, name),
    };
    [
        bill,
        percent(rival.can_sign_in_share.mean),
        grouped(rival.customers_lost.mean),
        grouped(rival.takeover_days.mean),
        grouped(rival.peak_calls.mean),
    ]
}

/// Stars the best, and marks what cannot be told from it.
fn mark(rivals: &Rivals, name: &str) -> &'static str {
    if rivals.best.as_deref() == Some(name) {
        " ★"
    } else if rivals.ties.iter().any(|tie| tie == name) {
        " ≈"
    } else {
        ""
    }
}

/// `+12,300 ± 400`, in whole units of the currency.
fn bill(cents: Estimate) -> String {
    let mean = match cents.mean {
        small if small.abs() < 100_000.0 => format!("{}{}", if small > 0.0 { "+" } else { "" }, money(small)),
        large => signed(large / 100.0),
    };
    match cents.ci95 {
        Some([low, high]) => format!("{mean} ± {}", money((high - low) / 2.0)),
        None => mean,
    }
}

/// Which strategy is best in a scenario, and which cannot be told from it.
fn sentence(rivals: &Rivals) -> String {
    let Some(best) = &rivals.best else {
        return format!("{}: there is nothing to compare.", rivals.scenario);
    };
    let ties = match (&rivals.ties[..], rivals.replications) {
        (_, 1) => "With one replication no tie can be told".to_owned(),
        ([], _) => "No other is as good".to_owned(),
        (ties, _) => format!("Not to be told from it: {}", ties.join(", ")),
    };
    let stay = rivals.strategy(best).map_or(0.0, |rival| rival.bill_to_stay_cents.mean);
    let against = if stay > 0.0 {
        format!(", {} above that of {STAY}", money(stay))
    } else {
        format!(", {} below that of {STAY}", money(-stay))
    };
    format!(
        "{} ({} accounts, {} replications): {best} has the lowest bill{against}. {ties}.",
        rivals.scenario,
        grouped(rivals.accounts as f64),
        rivals.replications,
    )
}

fn terminal(all: &[Rivals]) -> String {
    let table = |rivals: &Rivals| {
        let head: Vec<String> = [rivals.scenario.as_str()].into_iter().chain(FIGURES).map(str::to_owned).collect();
        let row = |rival: &Rival| std::iter::once(rival.name.clone()).chain(figures(rivals, rival)).collect();
        let rows: Vec<Vec<String>> = rivals.strategies.iter().map(row).collect();
        format!("{}\n{}\n", text::table(&head, &rows), sentence(rivals))
    };
    all.iter().map(table).collect::<Vec<_>>().join("\n")
}

/// One table for all scenarios: a row for each strategy.
fn markdown(all: &[Rivals]) -> String {
    let mut rows = vec![vec!["strategy".to_owned()], vec!["---".to_owned()]];
    for rivals in all {
        rows[0].extend(FIGURES.map(|figure| format!("{}: {figure}", rivals.scenario)));
        rows[1].extend(FIGURES.map(|_| "---:".to_owned()));
    }
    let names: Vec<&str> =
        all.first().into_iter().flat_map(|first| &first.strategies).map(|r| r.name.as_str()).collect();
    for name in names {
        let mut row = vec![format!("`{name}`")];
        for rivals in all {
            row.extend(rivals.strategy(name).map(|rival| figures(rivals, rival)).into_iter().flatten());
        }
        rows.push(row);
    }
    let lines = rows.iter().map(|row| format!("| {} |\n", row.join(" | ")));
    let sentences = all.iter().map(|rivals| format!("- {}\n", sentence(rivals)));
    lines.chain(std::iter::once("\n".to_owned())).chain(sentences).collect()
}
