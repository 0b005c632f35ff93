//! `cutover verify`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::finished::LeftRun;
use super::progress::{self, Progress};
use crate::error::{Error, Result};
use crate::folder::{Kind, Lock, Manifest};
use crate::identity::verify::{INVARIANTS, ScanResult, verify_arm};
use crate::load::stores::Stores;
use crate::numbers::grouped;
use crate::report::summary::Summary;
use crate::strategy::STAY;

#[derive(Debug, Args)]
pub(super) struct VerifyArguments {
    /// Folder of a run, a load test or a plan: the one that holds summary.json, load.json or size.json
    dir: PathBuf,
}

impl VerifyArguments {
    pub(super) fn run(self) -> Result<()> {
        progress::keeps("interrupted; nothing was changed");
        if let Some(stores) = Stores::left(&self.dir.join("store")) {
            return super::verify_load::run(&self.dir, &stores);
        }
        if let Some(plan) = Manifest::read(&self.dir)?.filter(|manifest| manifest.kind == Kind::Plan) {
            return check_plan(&self.dir, &plan);
        }
        let left = LeftRun::open(&self.dir)?;
        let (store, scenario) = (&left.store, &left.scenario);
        let progress = Progress::new();
        let mut text = String::new();
        let mut failed = None;
        let summary = left.summary(&self.dir).unwrap_or_else(|error| {
            failed = Some(error);
            None
        });
        let mut accounts = 0;
        let mut rows = Vec::new();
        for (arm, strategy) in scenario.arms().enumerate() {
            let found = verify_arm(store, arm as u8, strategy, &progress)?;
            let name = strategy.map_or(STAY, |strategy| strategy.name.as_str());
            let broken: u64 = found.broken.iter().sum();
            rows.push(vec![
                name.to_owned(),
                grouped(found.dossiers as f64),
                grouped(found.accounts as f64),
                grouped(found.audits as f64),
                broken.to_string(),
            ]);
            failed = failed.or(found.must_hold().err());
            if let Some(summary) = &summary {
                failed = failed.or(recount(&found, summary, name).err());
            }
            accounts = accounts.max(found.accounts);
        }
        let head = ["strategy", "dossiers", "accounts", "audit entries", "broken"].map(str::to_owned);
        text += &crate::text::table(&head, &rows);
        text += "\nChecked for every account:\n";
        for invariant in INVARIANTS {
            text += &format!("  {invariant}\n");
        }
        let partial = accounts < scenario.population.accounts.get();
        text += match (&summary, partial) {
            // It is said why not.
            (None, _) if failed.is_some() => "",
            (None, _) => {
                "\nThe run is not finished: only what it has committed was checked. Resume it with --resume.\n"
            }
            (Some(_), true) => "\nThe store holds fewer accounts than the scenario: it belongs to an unfinished run.\n",
            (Some(_), false) => {
                "\nEvery file of the report is the one that this run has written. The outcomes recounted from the store were \
                 compared with summary.json.\n"
            }
        };
        super::print(&text)?;
        failed.map_or(Ok(()), Err)
    }
}

/// A plan has no store: its files must be those that one `size` has written.
fn check_plan(dir: &Path, plan: &Manifest) -> Result<()> {
    let _lock = Lock::shared(dir)?;
    plan.must_be_complete(dir)?;
    plan.check(dir)?;
    super::print(&format!("Every file of the plan is the one that run {} has written.\n", plan.run))
}

/// The outcomes recounted from the store must be those of `summary.json`.
fn recount(found: &ScanResult, summary: &Summary, name: &str) -> Result<()> {
    let Some(strategy) = summary.strategy(name) else {
        return Err(Error::Check(format!("summary.json knows no strategy {name}")));
    };
    for outcome in crate::terms::Outcome::ALL {
        let (stored, told) = (found.outcomes[outcome.index()] as f64, strategy.outcomes_stored[outcome]);
        if stored != told {
            return Err(Error::Check(format!(
                "{name}: {stored} accounts are {} in the store, summary.json says {told}",
                outcome.word()
            )));
        }
    }
    Ok(())
}
