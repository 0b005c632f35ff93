//! `cutover explain`.

use std::path::PathBuf;

use clap::Args;

use super::{run, verify};
use crate::engine;
use crate::engine::arm::Walker;
use crate::error::{Error, Result};
use crate::journey::listener::Heard;
use crate::report::story;
use crate::strategy::STAY;

#[derive(Debug, Args)]
pub(super) struct ExplainArguments {
    /// Folder of a run: the one that holds summary.json and store/
    dir: PathBuf,
    /// Number of the account
    account: u64,
    /// Tell the operations on the identity store as well
    #[arg(long)]
    operations: bool,
}

impl ExplainArguments {
    pub(super) fn run(self) -> Result<()> {
        let (store, _, mut scenario) = verify::open(&self.dir)?;
        let imported = run::import(&mut scenario)?;
        let stage = engine::stage(&scenario, imported.as_ref(), 0);
        let accounts = stage.population.accounts();
        if self.account >= accounts {
            let message = match accounts {
                0 => "this run has no accounts".to_owned(),
                n => format!("there is no account {}: expected 0 to {}", self.account, n - 1),
            };
            return Err(Error::Input(message));
        }
        let mut walker = Walker::default();
        walker.take(&stage, stage.population.unit_of(self.account));
        let m = (self.account - walker.unit.first_account) as usize;
        let mut text = story::portrait(&scenario, &stage.population, &walker.unit, m);
        if let Some(imported) = &imported {
            text += &format!("It was read from line {} of the export.\n", imported.line(self.account));
        }
        for (arm, plan) in stage.plans.iter().enumerate() {
            let strategy = arm.checked_sub(1).map(|place| &scenario.strategies[place]);
            let name = strategy.map_or(STAY, |strategy| strategy.name.as_str());
            let Some(dossier) = store.dossier(walker.unit.number, arm as u8)? else {
                text += &format!("\n{name}\n  The run has not got to this account yet.\n");
                continue;
            };
            walker.walk_with(&stage, plan, &dossier.answers);
            self.check_against_store(&walker, &dossier, name)?;
            let lines = walker.recording().lines.iter().filter(|line| usize::from(line.member) == m);
            let closing = walker.closings()[m];
            text += &story::tell(&scenario, strategy, walker.record(m), lines, &closing, self.operations);
        }
        super::print(&text)
    }

    /// The story told anew must be the one that the store has on file.
    fn check_against_store(
        &self,
        walker: &Walker,
        dossier: &crate::identity::dossier::Dossier,
        name: &str,
    ) -> Result<()> {
        let told = walker.recording().lines.iter().filter(|line| matches!(line.heard, Heard::Operation(..))).count();
        match told == dossier.audit.len() {
            true => Ok(()),
            false => Err(Error::Check(format!(
                "{name}: the store has {} operations on file for this unit, the model tells {told}: the run was made by \
                 another version",
                dossier.audit.len()
            ))),
        }
    }
}
