//! Inventory: what a preloaded store holds and how its files are, written when it was closed. A store whose files are so
//! still is used again as it is; any that are not are damaged.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::Xxh3Default;

use super::preload::Preloaded;
use crate::error::{Error, Result};

/// Bytes that are read at once.
const BLOCK: usize = 1 << 20;

/// What a preloaded store holds and how its files are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inventory {
    /// What it holds.
    pub preloaded: Preloaded,
    /// Its files: their lengths and checksums, by their names.
    files: BTreeMap<String, (u64, String)>,
}

impl Inventory {
    /// Takes the inventory of a store that is closed.
    ///
    /// # Errors
    ///
    /// If a file cannot be read.
    pub fn take(preloaded: Preloaded, folder: &Path) -> Result<Self> {
        let mut files = BTreeMap::new();
        list(folder, "", &mut files)?;
        Ok(Self { preloaded, files })
    }

    /// The inventory that was written down; none if there is none that can be read.
    pub fn read(path: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(path).ok()?).ok()
    }

    /// Writes it down.
    ///
    /// # Errors
    ///
    /// If that fails.
    pub fn write(&self, path: &Path) -> Result<()> {
        let bytes = serde_json::to_vec_pretty(self)
            .map_err(|error| Error::Store(format!("{}: cannot be written: {error}", path.display())))?;
        fs::write(path, bytes).map_err(|error| Error::file(path, "write it", error))
    }

    /// What is not as it was, if anything is.
    pub fn damage(&self, folder: &Path) -> Option<String> {
        let there = match Self::take(self.preloaded.clone(), folder) {
            Ok(there) => there.files,
            Err(error) => return Some(error.to_string()),
        };
        let names = self.files.keys().chain(there.keys());
        names.filter(|name| self.files.get(*name) != there.get(*name)).min().map(|name| {
            match (self.files.get(name), there.get(name)) {
                (Some(_), None) => format!("its file {name} is missing"),
                (None, _) => format!("there is a file {name} that it does not know"),
                (Some(_), Some(_)) => format!("its file {name} is not as it was written"),
            }
        })
    }
}

fn list(folder: &Path, prefix: &str, files: &mut BTreeMap<String, (u64, String)>) -> Result<()> {
    let failed = |error| Error::file(folder, "look into this folder", error);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type().map_err(failed)?.is_dir() {
            list(&entry.path(), &format!("{name}/"), files)?;
        } else {
            drop(files.insert(name, checksum(&entry.path())?));
        }
    }
    Ok(())
}

fn checksum(path: &Path) -> Result<(u64, String)> {
    let failed = |error| Error::file(path, "read it", error);
    let mut file = File::open(path).map_err(failed)?;
    let (mut hash, mut length, mut block) = (Xxh3Default::new(), 0, vec![0; BLOCK]);
    loop {
        match file.read(&mut block).map_err(failed)? {
            0 => return Ok((length, format!("{:016x}", hash.digest()))),
            read => {
                hash.update(&block[..read]);
                length += read as u64;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_change_of_any_file_is_damage() {
        let dir = tempfile::tempdir().expect("a folder");
        let folder = dir.path().join("store");
        let inner = folder.join("blobs");
        fs::create_dir_all(&inner).expect("made");
        fs::write(folder.join("db"), [7; 3_000]).expect("written");
        fs::write(inner.join("1"), b"x").expect("written");
        let inventory = Inventory::take(Preloaded::default(), &folder).expect("taken");
        let path = dir.path().join("inventory.json");
        assert_eq!(Inventory::read(&path), None);
        inventory.write(&path).expect("written");
        assert_eq!(Inventory::read(&path), Some(inventory.clone()));
        assert_eq!(inventory.damage(&folder), None);

        fs::write(inner.join("2"), b"").expect("written");
        assert!(inventory.damage(&folder).is_some_and(|said| said.contains("blobs/2 that it does not know")));
        fs::remove_file(inner.join("2")).expect("removed");
        let mut bytes = vec![7; 3_000];
        bytes[1_234] ^= 16;
        fs::write(folder.join("db"), bytes).expect("written");
        assert!(inventory.damage(&folder).is_some_and(|said| said.contains("db is not as it was")));
        fs::remove_file(folder.join("db")).expect("removed");
        assert!(inventory.damage(&folder).is_some_and(|said| said.contains("db is missing")));
    }
}
