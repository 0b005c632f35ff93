//! What a run has left in its folder, held for those who only read it.
//!
//! Nothing in the folder is written, so that it may lie on a read-only file system. sled writes when it opens a store: it is
//! given a copy.

use std::path::Path;

use tempfile::TempDir;

use super::scratch;
use crate::error::{Error, Result};
use crate::folder::{Lock, Manifest, State};
use crate::identity::store::{DossierStore, Header};
use crate::report::summary::{SCHEMA_VERSION, Summary};
use crate::scenario::Scenario;
use crate::scenario_file::Loaded;

/// A run, finished or not. Nobody can write into its folder as long as this lives.
pub(super) struct LeftRun {
    /// A copy of its store. Closed before the copy goes.
    pub(super) store: DossierStore,
    /// What the store says of itself.
    pub(super) header: Header,
    /// The scenario that it was made for.
    pub(super) scenario: Scenario,
    manifest: Option<Manifest>,
    _copy: TempDir,
    _lock: Option<Lock>,
}

impl LeftRun {
    /// Opens what is in `dir`.
    pub(super) fn open(dir: &Path) -> Result<Self> {
        let lock = Lock::shared(dir)?;
        let manifest = Manifest::read(dir)?;
        let folder = dir.join("store");
        if let Err(error) = std::fs::metadata(folder.join("conf"))
            && error.kind() != std::io::ErrorKind::NotFound
        {
            return Err(Error::file(&folder, "look into this store", error));
        }
        if !folder.join("conf").is_file() {
            return Err(Error::Input(format!(
                "{}: there is no store; it takes a run with --store sled (the default)",
                dir.display()
            )));
        }
        let copy = scratch::copy_of(&folder)?;
        let store = DossierStore::open_copy(copy.path(), &folder).map_err(|error| match error {
            Error::Store(said) => Error::Store(format!(
                "{said} It is read from a copy in {}: if it is that disk which is full, set TMPDIR to a folder with room",
                std::env::temp_dir().display()
            )),
            other => other,
        })?;
        let has_ended = manifest.as_ref().is_some_and(|manifest| manifest.state == State::Complete);
        let header = match store.header()? {
            Some(header) => header,
            None if has_ended => {
                return Err(Error::Check(format!(
                    "{}: the store is damaged: it does not say any more of which run it is. Run the scenario again, without \
                     --resume",
                    folder.display()
                )));
            }
            None => return Err(Error::Input(format!("{}: the store is empty: its run never began", dir.display()))),
        };
        let scenario = scenario(&header)?;
        Ok(Self { store, header, scenario, manifest, _copy: copy, _lock: lock })
    }

    /// The summary of the run; `None` if it was not finished. All that lies in the folder must be of this one run.
    pub(super) fn summary(&self, dir: &Path) -> Result<Option<Summary>> {
        let summary = summary(dir)?;
        let of_another = |what: &str, run: &str| {
            Err(Error::Check(format!(
                "{}: {what} is of another run ({run}) than the store ({}): run the scenario again",
                dir.display(),
                self.header.run
            )))
        };
        if let Some(summary) = summary.as_ref().filter(|summary| summary.run != self.header.run) {
            return of_another("this summary", &summary.run);
        }
        match &self.manifest {
            Some(manifest) if manifest.run != self.header.run && manifest.state == State::UnderWay => {
                Err(Error::Check(format!(
                    "{}: a run was begun here and ended before it had a store of its own: what is in the store is of an \
                     earlier one. Run it again",
                    dir.display()
                )))
            }
            Some(manifest) if manifest.run != self.header.run => of_another("the report", &manifest.run),
            Some(manifest) if manifest.state == State::Complete => manifest.check(dir).map(|()| summary),
            Some(manifest) if summary.is_some() => manifest.must_be_complete(dir).map(|()| None),
            None if summary.is_some() => Err(Error::Check(format!(
                "{}: there is a summary.json but no manifest.json: whether its files belong together is not known. Copy the \
                 whole folder, or run the scenario again",
                dir.display()
            ))),
            _ => Ok(None),
        }
    }
}

/// The scenario that a store was made for.
pub(super) fn scenario(header: &Header) -> Result<Scenario> {
    // Files that it names lie where they lay when it was run.
    let name = header.folder.join("the scenario in the store");
    Ok(Loaded::parse(&name.display().to_string(), &header.scenario, &[], &[])?.scenario)
}

/// Most bytes of a summary: far more than the largest takes.
const MOST_BYTES: u64 = 1 << 30;

/// The summary in a folder, if there is one.
pub(super) fn summary(dir: &Path) -> Result<Option<Summary>> {
    let path = dir.join("summary.json");
    if std::fs::metadata(&path).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound) {
        return Ok(None);
    }
    let refused = |why: String| Error::Input(format!("{}: {why}: run the scenario again", path.display()));
    let bytes = crate::input::read(&path, MOST_BYTES).map_err(refused)?;
    let damaged = |error: serde_json::Error| {
        refused(format!("this is no summary of this version, or a damaged one (line {})", error.line()))
    };
    let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(damaged)?;
    let version = value.get("schema_version").and_then(serde_json::Value::as_u64);
    if version != Some(u64::from(SCHEMA_VERSION)) {
        let version = version.map_or("none".to_owned(), |version| version.to_string());
        return Err(refused(format!("its schema_version is {version}, and this program reads {SCHEMA_VERSION}")));
    }
    serde_json::from_value(value).map(Some).map_err(damaged)
}
