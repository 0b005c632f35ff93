//! Backends: the stores that can be chosen, by name.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::TreeStore;
#[cfg(feature = "fjall")]
use super::fjall::FjallTrees;
use super::memory::MemoryTrees;
use super::nothing::Nothing;
use super::outlives::Outlives;
#[cfg(feature = "redb")]
use super::redb::RedbTrees;
use super::sled::{LONGEST_SOUND_ROW_BYTES, SledTrees};
use super::sled_syncs;
use super::trouble::StorePlace;
use crate::error::{Error, Result};

/// A kind of store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Backend {
    /// sled, the default.
    Sled,
    /// redb, with the cargo feature of that name.
    Redb,
    /// fjall, with the cargo feature of that name.
    Fjall,
    /// Memory: no store could be simpler.
    Memory,
    /// Does nothing, and so shows what the harness costs.
    Nothing,
}

impl Backend {
    /// All backends, built in or not.
    pub const ALL: [Self; 5] = [Self::Sled, Self::Redb, Self::Fjall, Self::Memory, Self::Nothing];

    /// Name on the command line and in result files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Sled => "sled",
            Self::Redb => "redb",
            Self::Fjall => "fjall",
            Self::Memory => "memory",
            Self::Nothing => "nothing",
        }
    }

    /// Whether this program was built with it.
    pub fn is_built(self) -> bool {
        match self {
            Self::Sled | Self::Memory | Self::Nothing => true,
            Self::Redb => cfg!(feature = "redb"),
            Self::Fjall => cfg!(feature = "fjall"),
        }
    }

    /// The backends that this program was built with.
    pub fn built() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|backend| backend.is_built())
    }

    /// Version of the library behind it; of `cutover` itself where there is none.
    pub fn version(self) -> &'static str {
        match self {
            Self::Sled => "0.34.7",
            Self::Redb => "4.6.0",
            Self::Fjall => "3.1.13",
            Self::Memory | Self::Nothing => env!("CARGO_PKG_VERSION"),
        }
    }

    /// Whether what it holds outlives the process.
    pub fn persists(self) -> bool {
        matches!(self, Self::Sled | Self::Redb | Self::Fjall)
    }

    /// The backend of this name.
    ///
    /// # Errors
    ///
    /// If there is none, or this program was built without it: what to choose, or how to build it.
    pub fn named(name: &str) -> Result<Self, String> {
        match Self::ALL.into_iter().find(|backend| backend.key() == name) {
            Some(backend) if backend.is_built() => Ok(backend),
            Some(backend) => Err(backend.not_built()),
            None => Err(format!("there is no store {name:?}: {}", allowed())),
        }
    }

    /// Opens the store in `folder`, or makes one; what is flushed is synced. Those that do not persist ignore the folder.
    ///
    /// # Errors
    ///
    /// If it cannot be opened, or this program was built without it.
    pub fn open(self, folder: &Path) -> Result<Box<dyn TreeStore>> {
        self.open_for(folder, Outlives::Power)
    }

    /// Makes this process one whose stores keep what was flushed through the loss of power. It takes from sled a system
    /// call that promises too little, from all threads and for good: see [`sled_syncs`].
    ///
    /// # Errors
    ///
    /// If the system does not allow it.
    pub fn make_sound(self) -> Result<()> {
        let refused = |why| {
            Error::Store(format!(
                "sled cannot be made to keep what it has flushed through a loss of power on this machine: {why}. Choose \
                 --outlives process, or another store."
            ))
        };
        match self {
            Self::Sled => sled_syncs::make_sound().map_err(refused),
            _ => Ok(()),
        }
    }

    /// What is flushed to the store in `folder` outlives, where `wanted` was asked for and rows have up to so many bytes.
    /// Nothing for those that do not persist.
    pub fn outlives(self, wanted: Outlives, row_bytes: usize, folder: &Path) -> Option<Outlives> {
        match self {
            Self::Memory | Self::Nothing => None,
            // It has no other way.
            Self::Redb => Some(Outlives::Power),
            // A batch that is torn in the tail of its journal, which nobody had synced, keeps it from opening.
            Self::Fjall => Some(Outlives::Process),
            Self::Sled if row_bytes > LONGEST_SOUND_ROW_BYTES || SledTrees::has_pages_beside(folder) => {
                Some(Outlives::Process)
            }
            Self::Sled => Some(wanted),
        }
    }

    /// Opens the store in `folder`, or makes one, so that what is flushed outlives what is wanted; if that is the loss of
    /// power, the process must have been [made sound](Self::make_sound).
    ///
    /// # Errors
    ///
    /// If it cannot be opened, or this program was built without it.
    pub fn open_for(self, folder: &Path, outlives: Outlives) -> Result<Box<dyn TreeStore>> {
        let place = StorePlace {
            library: self.key(),
            folder: Some(folder),
            doing: "open the store",
        };
        place.guard(|| self.open_unguarded(folder, outlives))
    }

    fn open_unguarded(self, folder: &Path, outlives: Outlives) -> Result<Box<dyn TreeStore>> {
        Ok(match self {
            Self::Sled => Box::new(SledTrees::open_for(folder, outlives)?),
            #[cfg(feature = "redb")]
            Self::Redb => Box::new(RedbTrees::open(folder)?),
            #[cfg(not(feature = "redb"))]
            Self::Redb => return Err(Error::Input(self.not_built())),
            #[cfg(feature = "fjall")]
            Self::Fjall => Box::new(FjallTrees::open_for(folder, outlives)?),
            #[cfg(not(feature = "fjall"))]
            Self::Fjall => return Err(Error::Input(self.not_built())),
            Self::Memory => Box::new(MemoryTrees::default()),
            Self::Nothing => Box::new(Nothing),
        })
    }

    /// A backend that is left out is named after the feature that brings it in.
    fn not_built(self) -> String {
        let key = self.key();
        format!(
            "this program was built without the store {key}: build it with `cargo build --release --features {key}`"
        )
    }
}

/// The allowed names, and which others could be.
fn allowed() -> String {
    let listed = |built| {
        let backends = Backend::ALL.into_iter().filter(|backend| backend.is_built() == built);
        backends.map(Backend::key).collect::<Vec<_>>().join(", ")
    };
    let (built, others) = (listed(true), listed(false));
    if others.is_empty() {
        format!("allowed are {built}")
    } else {
        format!("allowed are {built}; if built with the feature of that name, also {others}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back_or_say_what_is_allowed() {
        for backend in Backend::ALL {
            match Backend::named(backend.key()) {
                Ok(found) => assert!(found == backend && backend.is_built()),
                Err(said) => {
                    assert!(!backend.is_built() && said.contains(&format!("--features {}", backend.key())), "{said}");
                }
            }
        }
        let said = Backend::named("rocksdb").expect_err("no such store");
        assert!(Backend::ALL.iter().all(|backend| said.contains(backend.key())), "{said}");
    }

    #[test]
    fn versions_are_those_of_the_lock_file() {
        let lock = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock")).expect("read");
        for backend in Backend::ALL.into_iter().filter(|backend| backend.persists()) {
            let locked = format!("name = \"{}\"\nversion = \"{}\"\n", backend.key(), backend.version());
            assert!(lock.contains(&locked), "Cargo.lock has not:\n{locked}");
        }
    }
}
