//! Runs as they lie in their folders, and which of their strategies are held against each other.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::followed::{self, Ledger};
use super::told;
use crate::cli::finished;
use crate::cli::progress::Progress;
use crate::error::{Error, Result};
use crate::folder::{Kind, Lock, MANIFEST, Manifest};
use crate::report::contrast::{Contrasts, Pairing, Side};
use crate::report::summary::Summary;
use crate::results::Metric;
use crate::results::figure::named;
use crate::strategy::STAY;
use crate::text;

/// A run, and perhaps one of its strategies: `reports/before` or `reports/before:lazy`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    folder: PathBuf,
    strategy: Option<String>,
}

/// How the figures are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// For the terminal.
    Text,
    /// Tables in Markdown.
    Markdown,
    /// As JSON.
    Json,
}

/// The runs that the arguments name; `None` if they are scenarios.
///
/// # Errors
///
/// If some of them are runs and others are not.
pub(super) fn asked(arguments: &[PathBuf]) -> Result<Option<Vec<Asked>>> {
    let all: Vec<Option<Asked>> = arguments.iter().map(|argument| split(argument)).collect();
    let is_run = |asked: &Asked| {
        asked.strategy.is_some() || ["summary.json", MANIFEST].iter().any(|name| asked.folder.join(name).exists())
    };
    let Some(run) = all.iter().flatten().find(|asked| is_run(asked)) else {
        return Ok(None);
    };
    if let Some(place) = all.iter().position(Option::is_none) {
        return Err(Error::Input(format!(
            "{} is the folder of a run and {} is none: expected runs alone, or scenarios alone",
            text::path(&run.folder),
            text::path(&arguments[place])
        )));
    }
    Ok(Some(all.into_iter().flatten().collect()))
}

/// A folder, or a folder and what stands behind its last colon.
fn split(argument: &Path) -> Option<Asked> {
    if argument.is_dir() {
        return Some(Asked { folder: argument.to_owned(), strategy: None });
    }
    let (folder, strategy) = argument.to_str()?.rsplit_once(':')?;
    Path::new(folder).is_dir().then(|| Asked {
        folder: PathBuf::from(folder),
        strategy: Some(strategy.to_owned()),
    })
}

/// A finished run. Nobody can write into its folder as long as this lives.
struct Opened {
    folder: PathBuf,
    label: String,
    strategy: Option<String>,
    summary: Summary,
    _lock: Option<Lock>,
}

impl Opened {
    fn new(asked: &Asked) -> Result<Self> {
        let folder = &asked.folder;
        let label = text::path(folder);
        let lock = Lock::shared(folder)?;
        let manifest = Manifest::read(folder)?;
        if let Some(manifest) = &manifest {
            if manifest.kind != Kind::Run {
                return Err(Error::Input(format!(
                    "{label}: this folder holds {}, and runs are compared: expected what `cutover run` has written",
                    manifest.kind
                )));
            }
            manifest.must_be_complete(folder).map_err(|_| {
                Error::Input(format!(
                    "{label}: this run has not ended: go on with it by the same `cutover run` with --resume, then compare"
                ))
            })?;
            manifest.check(folder)?;
        }
        let Some(summary) = finished::summary(folder)? else {
            return Err(Error::Input(format!(
                "{label}: this is not the folder of a run: there is no summary.json. Expected what `cutover run` has written"
            )));
        };
        Ok(Self {
            folder: folder.clone(),
            label,
            strategy: asked.strategy.clone(),
            summary,
            _lock: lock,
        })
    }

    fn side(&self, name: &str) -> Result<Side<'_>> {
        Side::new(&self.label, &self.summary, name)
    }
}

/// Compares runs, and prints what came of it.
///
/// # Errors
///
/// If one is no finished run, if a strategy or a measure is not known, or if two cannot be compared.
pub(super) fn compare(asked: &[Asked], measures: &[String], format: Format) -> Result<()> {
    let metrics = metrics(measures)?;
    let runs: Vec<Opened> = asked.iter().map(Opened::new).collect::<Result<_>>()?;
    let (pairs, left_out) = pairs(&runs)?;
    for name in left_out {
        crate::cli::say(&format!("{name}\n"));
    }
    let mut contrasts = Contrasts::new(&pairs, &metrics)?;
    follow(&runs, &pairs, &mut contrasts)?;
    let told = match format {
        Format::Text => told::terminal(&contrasts),
        Format::Markdown => told::markdown(&contrasts),
        Format::Json => {
            let json = serde_json::to_string_pretty(&contrasts);
            json.map_err(|error| Error::Store(format!("the figures cannot be written: {error}")))? + "\n"
        }
    };
    crate::cli::print(&told)
}

/// Follows the same accounts from one run to another, where both have a store.
fn follow(runs: &[Opened], pairs: &[Pair<'_>], contrasts: &mut Contrasts) -> Result<()> {
    let progress = Progress::new();
    let mut ledgers: BTreeMap<&str, Option<Ledger>> = BTreeMap::new();
    for ((a, b), compared) in pairs.iter().zip(&mut contrasts.pairs) {
        if compared.pairing != Pairing::SameAccounts || compared.transitions.is_some() {
            continue;
        }
        for side in [a, b] {
            let run = runs.iter().find(|run| run.label == side.label);
            if let Some(run) = run.filter(|_| !ledgers.contains_key(side.label)) {
                ledgers.insert(side.label, Ledger::open(&run.folder, side.summary.accounts)?);
            }
        }
        let arm = |side: &Side<'_>| {
            let mut names = side.summary.strategies.iter().map(|strategy| &strategy.name);
            names.position(|name| *name == side.strategy.name).unwrap_or(0)
        };
        let of = |side: &Side<'_>| ledgers.get(side.label).and_then(Option::as_ref);
        if let (Some(one), Some(other)) = (of(a), of(b)) {
            compared.follow(&followed::transitions((one, arm(a)), (other, arm(b)), &progress)?);
        } else {
            compared.notes.push(
                "Who ends elsewhere is not told: it takes the stores of both runs, which --store memory does not keep."
                    .to_owned(),
            );
        }
    }
    Ok(())
}

/// The metrics of these names, each once; all if none is named.
fn metrics(names: &[String]) -> Result<Vec<Metric>> {
    let mut metrics = Vec::new();
    for name in names {
        let metric = named(name).map_err(|error| Error::Input(format!("--measure: {error}")))?;
        if !metrics.contains(&metric) {
            metrics.push(metric);
        }
    }
    Ok(if metrics.is_empty() {
        Metric::ALL.to_vec()
    } else {
        metrics
    })
}

/// Two strategies.
type Pair<'a> = (Side<'a>, Side<'a>);

/// Which strategies are held against each other; and of those that have no partner, a sentence each.
///
/// A run alone: its strategy with the lowest bill, or the one that is named, against all others. Several runs: the first
/// against each further one, in the strategy that is named, or in all that both have.
fn pairs(runs: &[Opened]) -> Result<(Vec<Pair<'_>>, Vec<String>)> {
    let Some((first, others)) = runs.split_first() else {
        return Err(Error::Input("there is no run to compare: expected one at least".to_owned()));
    };
    let mut left_out = Vec::new();
    if others.is_empty() {
        return Ok((of_one(first)?, left_out));
    }
    let mut pairs = Vec::new();
    for other in others {
        let (a, b) = match (&first.strategy, &other.strategy) {
            (Some(a), Some(b)) => (a, b),
            (Some(both), None) | (None, Some(both)) => (both, both),
            (None, None) => {
                let has = |run: &Opened, name: &str| run.summary.strategy(name).is_some();
                for (run, partner) in [(first, other), (other, first)] {
                    let alone = run.summary.strategies.iter().map(|strategy| &strategy.name);
                    let alone = alone.filter(|name| !has(partner, name));
                    left_out
                        .extend(alone.map(|name| format!("{}:{name} has no partner in {}", run.label, partner.label)));
                }
                for strategy in first.summary.strategies.iter().filter(|strategy| has(other, &strategy.name)) {
                    pairs.push((first.side(&strategy.name)?, other.side(&strategy.name)?));
                }
                continue;
            }
        };
        pairs.push((first.side(a)?, other.side(b)?));
    }
    Ok((pairs, left_out))
}

/// The strategy that is named, or the one with the lowest bill, against all others of its run.
fn of_one(run: &Opened) -> Result<Vec<Pair<'_>>> {
    let strategies = &run.summary.strategies;
    let bill = |name: &str| {
        let strategy = run.summary.strategy(name);
        strategy.map_or(f64::INFINITY, |strategy| strategy.by_replication[Metric::Cost].mean())
    };
    let names = strategies.iter().map(|strategy| strategy.name.as_str());
    let best = names.clone().filter(|name| *name != STAY).min_by(|a, b| bill(a).total_cmp(&bill(b)));
    let Some(best) = run.strategy.as_deref().or(best) else {
        return Err(Error::Input(format!(
            "{}: this run has no strategies: there is nothing to compare within it",
            run.label
        )));
    };
    let best = run.side(best)?;
    let others = names.filter(|name| *name != best.strategy.name);
    others.map(|other| Ok((best, run.side(other)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_may_name_a_strategy_and_paths_may_hold_colons() {
        let folder = tempfile::tempdir().expect("a folder");
        let run = folder.path().join("a:b");
        std::fs::create_dir(&run).expect("a folder");
        std::fs::write(run.join("summary.json"), "{}").expect("a file");
        let plain = Asked { folder: run.clone(), strategy: None };
        assert_eq!(asked(std::slice::from_ref(&run)).ok().flatten(), Some(vec![plain.clone()]));
        let with = PathBuf::from(format!("{}:lazy", run.display()));
        let named = Asked { strategy: Some("lazy".to_owned()), ..plain };
        assert_eq!(asked(&[with]).ok().flatten(), Some(vec![named]));
        assert_eq!(asked(&[folder.path().to_owned()]).ok(), Some(None), "a folder of something else");
        assert_eq!(asked(&[PathBuf::from("it.toml")]).ok(), Some(None));
        assert!(asked(&[run, PathBuf::from("it.toml")]).is_err());
    }
}
