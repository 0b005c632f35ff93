//! `cutover explain`.

use std::path::PathBuf;

use clap::Args;

use super::finished::LeftRun;
use super::{progress, run};
use crate::engine;
use crate::engine::arm::Walker;
use crate::error::{Error, Result};
use crate::identity::dossier::Dossier;
use crate::journey::listener::{Heard, Line};
use crate::report::story;
use crate::strategy::STAY;
use crate::text;

#[derive(Debug, Args)]
pub(super) struct ExplainArguments {
    /// Folder of a run: the one that holds summary.json and store/
    dir: PathBuf,
    /// Number of the account
    #[arg(allow_negative_numbers = true)]
    account: String,
    /// Tell the operations on the identity store as well
    #[arg(long)]
    operations: bool,
}

impl ExplainArguments {
    pub(super) fn run(self) -> Result<()> {
        progress::keeps("interrupted; nothing was changed");
        let account = self.account()?;
        let left = LeftRun::open(&self.dir)?;
        let (store, mut scenario) = (&left.store, left.scenario.clone());
        let imported = run::import(&mut scenario)?;
        let mut stage = engine::stage(&scenario, imported.as_ref(), 0);
        // Rollouts that react have decided by the end of the replication: what they decided is an input of the story.
        let done = engine::filed(store, 0)?;
        let decisions = |arm: usize| {
            let arms = done.as_ref().map(|done| done.arms.as_slice()).unwrap_or_default();
            arms.get(arm).map(|arm| arm.decisions.clone()).unwrap_or_default()
        };
        for (arm, plan) in stage.plans.iter_mut().enumerate() {
            *plan = plan.clone().under(&decisions(arm));
        }
        let accounts = stage.population.accounts();
        if account >= accounts {
            let message = match accounts {
                0 => "this run has no accounts".to_owned(),
                n => format!("there is no account {}: expected 0 to {}", account, n - 1),
            };
            return Err(Error::Input(message));
        }
        let mut walker = Walker::default();
        walker.take(&stage, stage.population.unit_of(account));
        let m = (account - walker.unit.first_account) as usize;
        let mut text = story::portrait(&scenario, &stage.population, &walker.unit, m);
        if let Some(imported) = &imported {
            text += &format!("It was read from line {} of the export.\n", imported.line(account));
        }
        for (arm, (plan, strategy)) in stage.plans.iter().zip(scenario.arms()).enumerate() {
            let name = strategy.map_or(STAY, |strategy| strategy.name.as_str());
            let Some(dossier) = store.dossier(walker.unit.number, arm as u8)? else {
                text += &format!("\n{name}\n  The run has not got to this account yet.\n");
                continue;
            };
            if plan.reacts() && done.is_none() {
                text += &format!("\n{name}\n  The run has not ended: what its rollout decided is not known yet.\n");
                continue;
            }
            let decided = story::decided(&decisions(arm), walker.waves(plan).nth(m));
            let (lines, closings) = walker.tell(&stage, plan, &dossier.answers);
            check_against_store(&lines, &dossier, name)?;
            let record = &walker.unit.accounts[m].record;
            let lines = lines.iter().filter(|line| usize::from(line.member) == m);
            text += &story::tell(&scenario, strategy, record, &decided, lines, &closings[m], self.operations);
        }
        super::print(&text)
    }

    /// The number of the account.
    fn account(&self) -> Result<u64> {
        let wrong = |_| {
            let wanted = text::visible_line(&self.account);
            Error::Input(format!(
                "there is no account \"{}\": expected a whole number, from 0 up to one less than the run has accounts",
                text::cut_numbers(&wanted)
            ))
        };
        self.account.parse().map_err(wrong)
    }
}

/// The story told anew must be the one that the store has on file.
fn check_against_store(lines: &[Line], dossier: &Dossier, name: &str) -> Result<()> {
    let told = lines.iter().filter_map(|line| match line.heard {
        Heard::Operation(actor, operation, refused) => Some((line.at, actor, operation, refused)),
        Heard::Fact(_) => None,
    });
    let filed = dossier.audit.iter().map(|(_, entry)| (entry.at, entry.actor, entry.operation, entry.refused));
    if told.eq(filed) {
        Ok(())
    } else {
        Err(Error::Check(format!(
            "{name}: the operations that the store has on file are not those that the model tells: the run was made by \
             another version"
        )))
    }
}
