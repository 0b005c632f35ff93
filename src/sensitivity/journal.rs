//! Journal: worlds that were simulated, kept in a file as they come, so that a study which was interrupted goes on.
//!
//! One record after the other: number, count, values, and a hash of it all. A record that is damaged or cut off ends the
//! journal, and what follows is simulated again.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use xxhash_rust::xxh3::xxh3_64;

use super::lab::Memory;
use crate::error::{Error, Result};
use crate::text;

/// What every journal begins with.
const MARK: &str = "cutover worlds ";
/// No first line is longer.
const MOST_OF_HEAD: u64 = 1_024;

/// What is on file of a study.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    inner: Mutex<Inner>,
    found: usize,
}

#[derive(Debug)]
struct Inner {
    file: File,
    known: BTreeMap<u64, Vec<f64>>,
}

impl Journal {
    /// Opens the journal at a path, of the study of this name: if the study goes on, what is on file of it is known from now
    /// on; otherwise the journal is begun anew.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or written, if it is no journal, or if the study goes on and the journal is of another one.
    pub fn open(path: &Path, study: &str, goes_on: bool) -> Result<Self> {
        Self::look(path, study, goes_on)?;
        let failed = |error| Error::file(path, "keep what was simulated", error);
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(failed)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed)?;
        let head = format!("{MARK}{study}\n");
        let rest = bytes.strip_prefix(head.as_bytes()).filter(|_| goes_on);
        let (known, whole) = rest.map_or((BTreeMap::new(), 0), read);
        let kept = if rest.is_some() { head.len() + whole } else { 0 };
        file.set_len(kept as u64).map_err(failed)?;
        drop(file);
        let mut file = OpenOptions::new().append(true).open(path).map_err(failed)?;
        if kept == 0 {
            file.write_all(head.as_bytes()).map_err(failed)?;
        }
        let found = known.len();
        Ok(Self {
            path: path.to_owned(),
            inner: Mutex::new(Inner { file, known }),
            found,
        })
    }

    /// Whether the journal could be opened so. It changes nothing.
    ///
    /// # Errors
    ///
    /// As [`Journal::open`].
    pub fn look(path: &Path, study: &str, goes_on: bool) -> Result<()> {
        let refused = |why: &str| Err(Error::Input(format!("{}: {why}", text::path(path))));
        match std::fs::symlink_metadata(path) {
            Err(_) => return Ok(()),
            Ok(found) if found.is_file() => {}
            Ok(_) => return refused("it is no file, and what is simulated would be kept there: choose another --out"),
        }
        let mut head = Vec::new();
        let read = File::open(path).and_then(|file| file.take(MOST_OF_HEAD).read_to_end(&mut head));
        read.map_err(|error| Error::file(path, "read it", error))?;
        if !head.starts_with(MARK.as_bytes()) && !MARK.as_bytes().starts_with(&head) {
            return refused("it is not of cutover, and what is simulated would be kept there: choose another --out");
        }
        if goes_on && head.contains(&b'\n') && !head.starts_with(format!("{MARK}{study}\n").as_bytes()) {
            return refused(
                "what is kept there was simulated with another scenario, other options or another version: without --resume \
                 it is begun anew",
            );
        }
        Ok(())
    }

    /// How much was on file when it was opened.
    pub fn found(&self) -> usize {
        self.found
    }

    /// Takes the file away: the study is done.
    ///
    /// # Errors
    ///
    /// If it cannot be removed.
    pub fn done(self) -> Result<()> {
        let Self { path, .. } = self;
        std::fs::remove_file(&path).map_err(|error| Error::file(&path, "remove it", error))
    }
}

impl Memory for Journal {
    fn find(&self, id: u64) -> Option<Vec<f64>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).known.get(&id).cloned()
    }

    fn keep(&self, id: u64, values: &[f64]) -> Result<()> {
        let record = record(id, values);
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner
            .file
            .write_all(&record)
            .map_err(|error| Error::file(&self.path, "keep what was simulated", error))
    }
}

fn record(id: u64, values: &[f64]) -> Vec<u8> {
    let mut bytes = id.to_le_bytes().to_vec();
    bytes.extend((values.len() as u64).to_le_bytes());
    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    let hash = xxh3_64(&bytes);
    bytes.extend(hash.to_le_bytes());
    bytes
}

/// The records of a journal, and how many bytes they take.
fn read(bytes: &[u8]) -> (BTreeMap<u64, Vec<f64>>, usize) {
    let mut known = BTreeMap::new();
    let mut at = 0;
    let word = |at: usize| -> Option<u64> { Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?)) };
    while let (Some(id), Some(count)) = (word(at), word(at + 8)) {
        let Some(end) = usize::try_from(count)
            .ok()
            .and_then(|count| count.checked_mul(8))
            .and_then(|long| long.checked_add(at + 16))
        else {
            break;
        };
        if word(end).is_none_or(|hash| hash != xxh3_64(&bytes[at..end])) {
            break;
        }
        let values = bytes[at + 16..end]
            .chunks_exact(8)
            .map(|value| f64::from_le_bytes(value.try_into().unwrap_or_default()));
        known.insert(id, values.collect());
        at = end + 8;
    }
    (known, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_known_again_up_to_the_first_damage() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("worlds.journal");
        let journal = Journal::open(&path, "a", true).expect("a journal");
        let values = [1.5, -0.0, f64::MAX];
        journal.keep(7, &values).expect("kept");
        journal.keep(8, &[]).expect("kept");
        drop(journal);
        let again = Journal::open(&path, "a", true).expect("a journal");
        assert_eq!((again.found(), again.find(7), again.find(9)), (2, Some(values.to_vec()), None));
        drop(again);
        // A record that was cut off is gone, and what comes after stands in its place.
        let bytes = std::fs::read(&path).expect("bytes");
        std::fs::write(&path, &bytes[..bytes.len() - 3]).expect("cut");
        let cut = Journal::open(&path, "a", true).expect("a journal");
        assert_eq!(cut.found(), 1);
        cut.keep(9, &[2.0]).expect("kept");
        drop(cut);
        assert_eq!(Journal::open(&path, "a", true).expect("a journal").found(), 2);
        let other = Journal::open(&path, "b", true).expect_err("of another study").to_string();
        assert!(other.contains("without --resume"), "{other}");
        assert_eq!(Journal::open(&path, "a", true).expect("left alone").found(), 2);
        assert_eq!(Journal::open(&path, "b", false).expect("anew").found(), 0);
    }

    #[test]
    fn no_bytes_break_it() {
        let whole = record(3, &[1.0, 2.0]);
        for cut in 0..whole.len() {
            assert!(read(&whole[..cut]).0.is_empty());
        }
        let mut wrong = whole.clone();
        wrong[8..16].copy_from_slice(&u64::MAX.to_le_bytes());
        assert!(read(&wrong).0.is_empty());
        assert_eq!(read(&whole).0.len(), 1);
    }
}
