//! `cutover verify`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::progress::{self, Progress};
use crate::error::{Error, Result};
use crate::identity::store::{DossierStore, Header};
use crate::identity::trees::backend::Backend;
use crate::identity::verify::{Found, INVARIANTS, Invariant, verify_arm};
use crate::load::child::Order;
use crate::load::rig;
use crate::load::sequence::Sequence;
use crate::load::stores::Stores;
use crate::report::numbers::grouped;
use crate::report::summary::Summary;
use crate::scenario::{Loaded, Scenario};
use crate::strategy::STAY;

#[derive(Debug, Args)]
pub(super) struct VerifyArguments {
    /// Folder of a run or a load test: the one that holds summary.json or load.json, and store/
    dir: PathBuf,
}

impl VerifyArguments {
    pub(super) fn run(self) -> Result<()> {
        progress::keeps("interrupted; nothing was changed");
        if let Some(stores) = Stores::left(&self.dir.join("store")) {
            return load_test(&self.dir, &stores);
        }
        let (store, _, scenario) = open(&self.dir)?;
        let summary = summary(&self.dir)?;
        let progress = Progress::new();
        let mut text = String::new();
        let mut failed = None;
        let mut accounts = 0;
        let mut rows = Vec::new();
        for arm in 0..=scenario.strategies.len() {
            let strategy = arm.checked_sub(1).map(|place| &scenario.strategies[place]);
            let found = verify_arm(&store, arm as u8, strategy, &progress)?;
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
        text += &super::table(&head, &rows);
        text += "\nChecked for every account:\n";
        for invariant in INVARIANTS {
            text += &format!("  {invariant}\n");
        }
        let partial = accounts < scenario.population.accounts.get();
        text += match (&summary, partial) {
            (None, _) => {
                "\nThe run is not finished: only what it has committed was checked. Resume it with --resume.\n"
            }
            (Some(_), true) => "\nThe store holds fewer accounts than the scenario: it belongs to an unfinished run.\n",
            (Some(_), false) => "\nThe outcomes recounted from the store were compared with summary.json.\n",
        };
        super::print(&text)?;
        failed.map_or(Ok(()), Err)
    }
}

/// The stores that a load test was played on, and what they have acknowledged.
fn load_test(dir: &Path, stores: &Stores) -> Result<()> {
    let path = stores.scenario();
    let text = std::fs::read(&path).map_err(|error| Error::file(&path, "read it", error))?;
    let header: Header = serde_json::from_slice(&text)
        .map_err(|error| Error::Check(format!("{}: not a scenario of this version: {error}", path.display())))?;
    let scenario = scenario(&header)?;
    let sequence = Sequence::read(&stores.sequence())?;
    let (mut rows, mut failed) = (Vec::new(), None);
    for backend in Backend::built().filter(|backend| stores.played(*backend).is_dir()) {
        let (found, proof) = rig::examine(stores, backend, &sequence, &scenario.strategies[0])?;
        let broken = found.broken.iter().chain(proof.contradictions().iter().map(|(_, count)| count)).sum::<u64>();
        let figures = [
            found.accounts,
            found.audits,
            proof.acknowledged,
            proof.refused,
            proof.lost,
            broken,
        ];
        rows.push(std::iter::once(backend.key().to_owned()).chain(figures.map(|n| grouped(n as f64))).collect());
        failed = failed.or(found.must_hold().err());
        // Without a promise a crash may have lost something.
        if Order::read(&stores.order(backend))?.plan.durability.promises() {
            failed = failed.or(proof.must_hold().err());
        }
    }
    if rows.is_empty() {
        return Err(Error::Input(format!("{}: no store of this load test was played on to its end", dir.display())));
    }
    let head = [
        "store",
        "accounts",
        "audit entries",
        "acknowledged",
        "refused",
        "lost",
        "broken",
    ]
    .map(str::to_owned);
    let mut text = super::table(&head, &rows);
    text += "\nChecked: every acknowledged operation is in its audit trail as it was acknowledged; nothing was acknowledged twice;\n";
    text.extend(
        INVARIANTS
            .iter()
            .filter(|invariant| **invariant != INVARIANTS[Invariant::Outcome as usize])
            .map(|invariant| format!("  {invariant}\n")),
    );
    super::print(&text)?;
    failed.map_or(Ok(()), Err)
}

/// The outcomes recounted from the store must be those of `summary.json`.
fn recount(found: &Found, summary: &Summary, name: &str) -> Result<()> {
    let Some(strategy) = summary.strategy(name) else {
        return Err(Error::Check(format!("summary.json knows no strategy {name}")));
    };
    for outcome in crate::journey::Outcome::ALL {
        let (stored, told) = (
            found.outcomes[outcome.index()] as f64,
            strategy.outcomes_stored.get(outcome.key()).copied().unwrap_or(-1.0),
        );
        if stored != told {
            return Err(Error::Check(format!(
                "{name}: {stored} accounts are {} in the store, summary.json says {told}",
                outcome.word()
            )));
        }
    }
    Ok(())
}

/// Opens the store of a run, and the scenario it was made for.
pub(super) fn open(dir: &Path) -> Result<(DossierStore, Header, Scenario)> {
    let folder = dir.join("store");
    if !folder.join("db").is_file() {
        return Err(Error::Input(format!(
            "{}: there is no store; it takes a run with --store sled (the default)",
            dir.display()
        )));
    }
    let store = DossierStore::open(&folder)?;
    let Some(header) = store.header()? else {
        return Err(Error::Input(format!("{}: the store is empty: its run never began", dir.display())));
    };
    let scenario = scenario(&header)?;
    Ok((store, header, scenario))
}

/// The scenario that a store was made for.
fn scenario(header: &Header) -> Result<Scenario> {
    // Files that it names lie where they lay when it was run.
    let name = header.folder.join("the scenario in the store");
    Ok(Loaded::parse(&name.display().to_string(), &header.scenario, &[], &[])?.scenario)
}

/// The summary of a run; `None` if it was never finished.
pub(super) fn summary(dir: &Path) -> Result<Option<Summary>> {
    let path = dir.join("summary.json");
    match std::fs::read(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::file(&path, "read it", error)),
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|error| Error::Input(format!("{}: not a summary of this version: {error}", path.display()))),
    }
}
