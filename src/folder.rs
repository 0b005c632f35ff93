//! Folder: where a command writes. A folder belongs to one command at a time, and holds one whole result of one command.
//!
//! ```text
//! take (lock) ─► begin (the earlier result goes) ─► add, add, … (under names of their own) ─► commit (in place at once)
//! ```
//!
//! - *One command.* The [`lock`] is held for the whole command and is let go by the system when the process dies.
//! - *One result.* [`Manifest`] lists the files of a result, with the run that they are of. It says `under_way` from the
//!   moment at which the earlier result goes until the last file of the new one is in place. Only what a manifest lists is
//!   ever overwritten or removed.
//! - *Own names.* What is on its way lies in [`CORNER`], under names that were not there before; no link is followed.

pub mod claim;

mod files;

pub mod lock;

mod manifest;

use std::fmt;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
pub use files::Files;
pub use lock::Lock;
pub use manifest::{FileMark, MANIFEST, Manifest, State};

/// The folder inside a command's folder in which its lock lies, and its files until they are in place.
pub const CORNER: &str = ".cutover";

/// What is written into a folder. Pages and charts of different kinds have the same names, so a folder holds one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The report of a run.
    Run,
    /// A plan of `cutover size`.
    Plan,
    /// A load test.
    Load,
    /// What an answer rests on, by `cutover sensitivity`.
    Sensitivity,
    /// What makes the difference between two strategies, by `cutover why`.
    Why,
    /// What a pilot taught, by `cutover calibrate`.
    Calibration,
    /// What varied values came to, by `cutover sweep`.
    Sweep,
    /// The validation, which is written into a folder of documents, beside others, and has no manifest.
    Validation,
}

impl Kind {
    /// The file with all figures: the first to go and the last to come.
    pub fn result(self) -> &'static str {
        match self {
            Self::Run => "summary.json",
            Self::Plan => "size.json",
            Self::Load => "load.json",
            Self::Sensitivity => "sensitivity.json",
            Self::Why => "why.json",
            Self::Calibration => "calibration.json",
            Self::Sweep => "sweep.json",
            Self::Validation => "validation.md",
        }
    }

    /// The command that writes it.
    pub fn command(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Plan => "size",
            Self::Load => "load",
            Self::Sensitivity => "sensitivity",
            Self::Why => "why",
            Self::Calibration => "calibrate",
            Self::Sweep => "sweep",
            Self::Validation => "validation",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Run => "the report of a `cutover run`",
            Self::Plan => "the plan of a `cutover size`",
            Self::Load => "the report of a `cutover load`",
            Self::Sensitivity => "what a `cutover sensitivity` found",
            Self::Why => "what a `cutover why` found",
            Self::Calibration => "what a `cutover calibrate` found",
            Self::Sweep => "what a `cutover sweep` found",
            Self::Validation => "the document of a `cutover validation`",
        })
    }
}

/// Makes sure that what is at `path` is a folder, or nothing: a link would lead to where others keep their files.
///
/// # Errors
///
/// If it is a link or a file.
pub fn no_link(path: &Path) -> Result<()> {
    let refused = |what: &str| {
        Err(Error::Input(format!(
            "{}: this is a {what}, where cutover keeps files of its own: take it away or choose another --out",
            path.display()
        )))
    };
    match std::fs::symlink_metadata(path) {
        Ok(data) if data.is_symlink() => refused("link"),
        Ok(data) if !data.is_dir() => refused("file"),
        _ => Ok(()),
    }
}

/// Names a run by what decides its results, and this version: the same inputs have the same name.
pub fn run_id(command: Kind, of: &[&str]) -> String {
    let parts = [&[env!("CARGO_PKG_VERSION"), command.command()], of].concat();
    format!("{:016x}", xxhash_rust::xxh3::xxh3_64(parts.join("\n").as_bytes()))
}

/// What is to be deleted, or a failure of another kind than that it is gone already.
fn gone(path: &Path, done: std::io::Result<()>) -> Result<()> {
    match done {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::file(path, "remove what an earlier command left", error))
        }
        _ => Ok(()),
    }
}
