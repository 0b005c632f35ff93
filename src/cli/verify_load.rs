//! `cutover verify` of a load test: what it has acknowledged, its stores and what it says of them in `load.json` are held
//! against each other.

use std::collections::BTreeMap;
use std::path::Path;

use super::scratch;
use crate::error::{Error, Result};
use crate::folder::{Lock, Manifest};
use crate::identity::store::Header;
use crate::identity::trees::backend::Backend;
use crate::identity::verify::{INVARIANTS, Invariant};
use crate::load::ack;
use crate::load::child::PlayOrder;
use crate::load::guard::guarded;
use crate::load::report::{BackendReport, LoadReport, SCHEMA_VERSION, StoreEvidence};
use crate::load::sequence::Sequence;
use crate::load::stores::Stores;
use crate::load::tally::{LoadTally, TestTiming};
use crate::load::test_bench;
use crate::numbers::grouped;
use crate::strategy::Strategy;

/// Verifies the load test in this folder.
pub(super) fn run(dir: &Path, stores: &Stores) -> Result<()> {
    let _lock = Lock::shared(dir)?;
    let manifest = Manifest::read(dir)?;
    let path = stores.scenario();
    let text = std::fs::read(&path).map_err(|error| Error::file(&path, "read it", error))?;
    let header: Header = serde_json::from_slice(&text)
        .map_err(|error| Error::Check(format!("{}: not a scenario of this version: {error}", path.display())))?;
    let scenario = super::finished::scenario(&header)?;
    let sequence = Sequence::read(&stores.sequence())?;
    let report = report(dir)?;
    let mut wrong = Vec::new();
    // Its files are of one test, and as it has written them.
    let whole = match manifest {
        Some(manifest) => manifest.must_be_complete(dir).and_then(|()| manifest.check(dir)),
        None => Err(Error::Check(format!(
            "{}: there is no manifest.json: whether the files of the report belong together is not known",
            dir.display()
        ))),
    };
    wrong.extend(whole.err().map(|error| error.to_string()));
    for (what, told, there) in [
        ("sequence", &report.sequence_hash, sequence.hash()),
        ("scenario", &report.scenario_hash, header.scenario_hash.clone()),
    ] {
        if *told != there {
            wrong.push(format!("load.json is of another test: its {what} is {told}, and that of the stores {there}"));
        }
    }
    let mut test = Test {
        stores,
        sequence: &sequence,
        strategy: &scenario.strategies[0],
        rows: Vec::new(),
        wrong,
    };
    let mut played = Vec::new();
    for told in report.backends() {
        let backend = Backend::named(&told.backend).map_err(Error::Input)?;
        played.push(backend);
        // A search has left what its last trial did, and tells of another one.
        let evidence = report.last_evidence.as_ref().or(told.evidence.as_ref());
        match test.verify(backend, told, evidence, report.limit.is_some()) {
            Err(Error::Check(said)) => test.wrong.push(said),
            done => done?,
        }
    }
    for backend in Backend::ALL.into_iter().filter(|backend| !played.contains(backend)) {
        if stores.log(backend).exists() || stores.played(backend).exists() {
            let key = backend.key();
            test.wrong
                .push(format!("{key}: it was played on, and load.json says nothing of it: it is of another test"));
        }
    }
    super::print(&test.text())?;
    if test.wrong.is_empty() {
        Ok(())
    } else {
        Err(Error::Check(test.wrong.join("\n")))
    }
}

/// What the test says of itself.
fn report(dir: &Path) -> Result<LoadReport> {
    let path = dir.join("load.json");
    let bytes = match std::fs::read(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(Error::Check(format!(
                "{}: it is missing: the load test has not ended, or its figures were taken away. There is nothing that the \
                 stores could be held against: run it again",
                path.display()
            )));
        }
        bytes => bytes.map_err(|error| Error::file(&path, "read it", error))?,
    };
    let wrong = |why: String| Error::Check(format!("{}: {why}", path.display()));
    let json: serde_json::Value = serde_json::from_slice(&bytes)
        .map_err(|error| wrong(format!("it is damaged ({error}): run the load test again")))?;
    match json["schema_version"].as_u64() {
        Some(version) if version == u64::from(SCHEMA_VERSION) => {}
        version => {
            let version = version.map_or("none".to_owned(), |version| version.to_string());
            return Err(wrong(format!(
                "its schema_version is {version} and this program reads {SCHEMA_VERSION}: use the version of cutover that wrote it"
            )));
        }
    }
    serde_json::from_value(json).map_err(|error| wrong(format!("it is damaged ({error}): run the load test again")))
}

/// What is verified, and what came of it.
struct Test<'a> {
    stores: &'a Stores,
    sequence: &'a Sequence,
    strategy: &'a Strategy,
    rows: Vec<Vec<String>>,
    wrong: Vec<String>,
}

impl Test<'_> {
    fn verify(
        &mut self,
        backend: Backend,
        told: &BackendReport,
        evidence: Option<&StoreEvidence>,
        is_search: bool,
    ) -> Result<()> {
        let key = backend.key();
        let Some(evidence) = evidence else {
            return Err(Error::Check(format!(
                "{key}: load.json does not say what its log must hold: it was written by an older version of cutover, and \
                 what it says cannot be verified"
            )));
        };
        let found = self.counted(backend, evidence.lost)?;
        self.compare(key, "its log", evidence, &found);
        if !is_search {
            let summed_up = StoreEvidence {
                acknowledged: told.acknowledged,
                refused: told.refused,
                failed: told.failed,
                unanswered: told.unanswered,
                crashes: told.crashes_survived,
                lost: told.proved.then_some(told.acknowledged_lost),
                ..evidence.clone()
            };
            self.compare(key, "its own evidence", &summed_up, evidence);
        }
        if !backend.persists() {
            return Ok(());
        }
        let folder = self.stores.played(backend);
        if !folder.is_dir() {
            return Err(Error::Check(format!(
                "{key}: {} is missing: load.json tells of a test on it, and nothing can be looked for in it",
                folder.display()
            )));
        }
        let what = format!("{key}: reading {}", folder.display());
        // A store writes when it is opened: it is given a copy, and the log lies where it lay.
        let copy = scratch::copy_of(&folder)?;
        let log = self.stores.log(backend);
        let examine = || test_bench::examine(backend, copy.path(), &log, self.sequence, self.strategy);
        let (found, proof) = guarded(&what, examine)?;
        let broken = found.broken.iter().chain(proof.contradictions().iter().map(|(_, count)| count)).sum::<u64>();
        let figures = [
            found.accounts,
            found.audits,
            proof.acknowledged,
            proof.refused,
            proof.lost,
            broken,
        ];
        self.rows.push(std::iter::once(key.to_owned()).chain(figures.map(|n| grouped(n as f64))).collect());
        let mut failed = vec![found.must_hold()];
        // Without a promise a crash may have lost something.
        if PlayOrder::read(&self.stores.order(backend))?.plan.durability.promises() {
            failed.push(proof.must_hold());
        }
        self.wrong.extend(failed.into_iter().filter_map(Result::err).map(|error| error.to_string()));
        if let Some(lost) = evidence.lost.filter(|lost| *lost != proof.lost) {
            let (lost, there) = (grouped(lost as f64), grouped(proof.lost as f64));
            self.wrong
                .push(format!("{key}: load.json says that {lost} acknowledged requests are lost, the store {there}"));
        }
        Ok(())
    }

    /// What the log of a backend holds.
    fn counted(&self, backend: Backend, lost: Option<u64>) -> Result<StoreEvidence> {
        let (key, path) = (backend.key(), self.stores.log(backend));
        if !path.exists() {
            return Err(Error::Check(format!(
                "{key}: {}: the log of acknowledgements is missing, and with it all proof: run the load test again",
                path.display()
            )));
        }
        let timing = TestTiming { warm_up_us: 0, duration_us: u64::MAX, closed: true };
        let mut tally = LoadTally::new(timing, self.sequence)?;
        let held = ack::read(&path, |entry| tally.add(&entry))?;
        Ok(StoreEvidence::new(&tally, held.seal, lost))
    }

    /// Notes where `load.json` and what it tells of differ.
    fn compare(&mut self, key: &str, what: &str, told: &StoreEvidence, found: &StoreEvidence) {
        let counts = |of: &StoreEvidence| {
            BTreeMap::from([
                ("acknowledged requests", of.acknowledged),
                ("refused ones", of.refused),
                ("failed ones", of.failed),
                ("unanswered ones", of.unanswered),
                ("crashes", of.crashes),
                ("entries", of.entries),
            ])
        };
        let (told_counts, found_counts) = (counts(told), counts(found));
        let differ = told_counts.iter().filter(|(name, told)| found_counts.get(*name) != Some(told));
        let mut differ: Vec<String> = differ
            .map(|(name, told)| {
                let found = found_counts.get(name).copied().unwrap_or_default();
                format!("{} {name} and not {}", grouped(found as f64), grouped(*told as f64))
            })
            .collect();
        if differ.is_empty() && told != found {
            differ.push("something else, though as many entries".to_owned());
        }
        if !differ.is_empty() {
            self.wrong.push(format!(
                "{key}: load.json and {what} do not belong together: the latter has {}. It was cut off, altered, or is of \
                 another test: run the load test again",
                differ.join(", ")
            ));
        }
    }

    fn text(&self) -> String {
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
        let mut text = crate::text::table(&head, &self.rows);
        text += "\nChecked: every acknowledged operation is in its audit trail as it was acknowledged; nothing was acknowledged twice;\n\
                 the log of acknowledgements is whole, and the one that load.json tells of;\n";
        let checked = INVARIANTS.iter().filter(|invariant| **invariant != INVARIANTS[Invariant::Outcome as usize]);
        text.extend(checked.map(|invariant| format!("  {invariant}\n")));
        text
    }
}
