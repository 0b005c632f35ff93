//! The manifest: which files in a folder are those of a result, of which run they are, and what is in them.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::Kind;
use crate::error::{Error, Result};

/// Name of the manifest in its folder.
pub const MANIFEST: &str = "manifest.json";

/// Version of its layout.
const SCHEMA_VERSION: u32 = 1;

/// Most bytes of a manifest: far more than one takes.
const MOST_BYTES: u64 = 16 << 20;

/// Whether a result is whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// All its files are in place.
    Complete,
    /// The command is at work, or was killed: some of the files may be there.
    UnderWay,
}

/// What is in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileMark {
    /// Its length.
    pub bytes: u64,
    /// A hash of it (XXH3, 128 bits, as hexadecimal digits).
    pub xxh3: String,
}

impl FileMark {
    /// The mark of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self {
            bytes: bytes.len() as u64,
            xxh3: format!("{:032x}", xxhash_rust::xxh3::xxh3_128(bytes)),
        }
    }
}

/// Whether this can be the name of a file of ours: in the folder itself, or in one below it.
fn is_plain(name: &str) -> bool {
    let is_part = |part: &str| {
        let is_known = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        !part.is_empty() && !part.starts_with('.') && part.chars().all(is_known)
    };
    name != MANIFEST && name.split('/').count() <= 2 && name.split('/').all(is_part)
}

/// What a command has written into a folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of this layout.
    pub schema_version: u32,
    /// What it is.
    pub kind: Kind,
    /// The run whose files these are: the same scenario, overrides and version have the same.
    pub run: String,
    /// Whether they are all in place.
    pub state: State,
    /// By name, as seen from the folder; without a mark, if it is not yet in place or tells of real time.
    pub files: BTreeMap<String, Option<FileMark>>,
}

impl Manifest {
    /// A result of which nothing is there yet.
    pub(super) fn new(kind: Kind, run: &str) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            kind,
            run: run.to_owned(),
            state: State::UnderWay,
            files: BTreeMap::new(),
        }
    }

    /// The manifest of a folder, if it has one.
    ///
    /// # Errors
    ///
    /// If it cannot be read, is not one of ours, or is of a later version.
    pub fn read(folder: &Path) -> Result<Option<Self>> {
        let path = folder.join(MANIFEST);
        if std::fs::symlink_metadata(&path).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound) {
            return Ok(None);
        }
        super::claim::not_linked(&path)?;
        let refused = |why: String| {
            Error::Input(format!(
                "{}: {why}. Choose another folder, or take away this file and those of the earlier result beside it",
                path.display()
            ))
        };
        let bytes = crate::input::read(&path, MOST_BYTES).map_err(refused)?;
        let damaged = |error: serde_json::Error| {
            refused(format!("this is no manifest of cutover's, or a damaged one (line {})", error.line()))
        };
        let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(damaged)?;
        match value.get("schema_version").and_then(serde_json::Value::as_u64) {
            Some(version) if version != u64::from(SCHEMA_VERSION) => {
                return Err(refused(format!(
                    "it has schema_version {version}, and this program reads {SCHEMA_VERSION}"
                )));
            }
            _ => {}
        }
        let manifest: Self = serde_json::from_value(value).map_err(damaged)?;
        // What it lists may be replaced and removed: it must not lead out of the folder.
        match manifest.files.keys().find(|name| !is_plain(name)) {
            Some(name) => Err(refused(format!("it lists {name:?}, which is no file of a result"))),
            None => Ok(Some(manifest)),
        }
    }

    /// As bytes.
    pub(super) fn json(&self) -> Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec_pretty(self)
            .map_err(|error| Error::Store(format!("{MANIFEST} cannot be written: {error}")))?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Makes sure that all files were put in place.
    ///
    /// # Errors
    ///
    /// If the command is still at work, or was ended before.
    pub fn must_be_complete(&self, folder: &Path) -> Result<()> {
        match self.state {
            State::Complete => Ok(()),
            State::UnderWay => Err(Error::Check(format!(
                "{}: {} was not put in place whole: the command was ended before. Run it again",
                folder.display(),
                self.kind
            ))),
        }
    }

    /// Makes sure that the files in the folder are those that are listed.
    ///
    /// # Errors
    ///
    /// If one is missing or is another.
    pub fn check(&self, folder: &Path) -> Result<()> {
        for (name, mark) in &self.files {
            let path = folder.join(name);
            super::claim::not_linked(&path)?;
            let bytes = match std::fs::read(&path) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                    return Err(Error::Check(format!(
                        "{}: it is missing, but {MANIFEST} says that run {} has written it",
                        path.display(),
                        self.run
                    )));
                }
                bytes => bytes.map_err(|error| Error::file(&path, "read it", error))?,
            };
            if mark.as_ref().is_some_and(|mark| *mark != FileMark::of(&bytes)) {
                return Err(Error::Check(format!(
                    "{}: it is not what run {} has written: it was changed, or is of another run",
                    path.display(),
                    self.run
                )));
            }
        }
        Ok(())
    }
}
