//! The log of acknowledgements: what the client was told, and when. It is written in the order in which things happen and
//! is all that is measured from; it survives the death of the process that writes it.
//!
//! The file is a row of [`Entry`], each in postcard after its length in one byte. What a killed process left half-written
//! is cut off.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Something that happened. Times are microseconds of real time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Entry {
    /// A process begins to send requests, or goes on after one that was killed.
    Start {
        /// Where in the schedule, in microseconds from its beginning.
        from_us: u64,
        /// Memory held by the process when it had the sequence but had not opened the store.
        rss_bytes: u64,
        /// Time that opening the store took.
        opening_us: u64,
    },
    /// A request was answered.
    Answered(Answered),
    /// A flush ended.
    Flush {
        /// Since the schedule's beginning.
        time_us: u64,
        /// Age of the oldest write that was not on disk before: how much a loss of power would have cost.
        lag_us: u64,
        /// Transactions it covered.
        transactions: u64,
        /// Time that it took; 0 where it was part of a transaction.
        took_us: u64,
    },
    /// How things stand, a few times each second.
    Gauge(Gauge),
    /// All is sent and answered or given up, and on disk.
    End(Gauge),
}

/// An answer to a request, and when it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// Its place in the sequence.
    pub place: u64,
    /// When it was due, since the schedule's beginning. A closed loop knows no schedule: there it is due when it is sent.
    pub due_us: u64,
    /// How much later the harness sent it.
    pub late_us: u64,
    /// From due until the store began to work on it.
    pub begun_us: u64,
    /// From due until it was acknowledged; for a request that was given up, until then.
    pub done_us: u64,
    /// What was said.
    pub answer: Answer,
}

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// It was done, or refused by the rules.
    Acknowledged {
        /// Number of the first entry that it left in the account's audit trail.
        first_audit: u32,
        /// A bit for each operation that the rules refused, the first one lowest.
        refused: u32,
        /// Whether every operation was answered as the simulation had said.
        as_predicted: bool,
    },
    /// The store failed.
    Failed,
    /// There was no answer before the test ended.
    Unanswered,
}

/// How things stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gauge {
    /// Since the schedule's beginning.
    pub time_us: u64,
    /// Requests sent and not answered.
    pub in_flight: u64,
    /// Age of the oldest write that is not on disk.
    pub flush_lag_us: u64,
    /// Time for which requests were held back, all together, because that had grown too old.
    pub held_back_us: u64,
    /// Most memory held by the process.
    pub peak_rss_bytes: u64,
    /// Bytes that the process has caused to be written to the storage, the log apart.
    pub device_bytes: u64,
    /// Bytes of keys and values written by transactions.
    pub logical_bytes: u64,
    /// Transactions committed.
    pub transactions: u64,
}

/// Encodes an entry behind what is in `bytes`.
pub fn encode(entry: &Entry, bytes: &mut Vec<u8>) {
    let at = bytes.len();
    bytes.push(0);
    // Entries are at most a hundred bytes long and always can be encoded.
    *bytes = postcard::to_extend(entry, std::mem::take(bytes)).unwrap_or_default();
    bytes[at] = (bytes.len() - at - 1) as u8;
}

/// Reads whole entries; where the last of them ends.
///
/// # Errors
///
/// If a whole entry cannot be read.
pub fn decode(bytes: &[u8], mut visit: impl FnMut(Entry)) -> Result<usize> {
    let mut at = 0;
    while let Some(&length) = bytes.get(at) {
        let Some(entry) = bytes.get(at + 1..at + 1 + usize::from(length)) else {
            break;
        };
        let entry = postcard::from_bytes(entry);
        visit(
            entry.map_err(|error| {
                Error::Check(format!("the log of acknowledgements is damaged at byte {at}: {error}"))
            })?,
        );
        at += 1 + usize::from(length);
    }
    Ok(at)
}

/// Reads a log from its beginning.
///
/// # Errors
///
/// If it cannot be read.
pub fn read(path: &Path, visit: impl FnMut(Entry)) -> Result<()> {
    let bytes = std::fs::read(path).map_err(|error| Error::file(path, "read it", error))?;
    decode(&bytes, visit).map(drop)
}

/// A log that is being written.
#[derive(Debug)]
pub struct AckLog {
    file: File,
    name: String,
    /// Bytes in the file.
    written: u64,
    waiting: Vec<u8>,
    /// Why it cannot be written any more: what would follow is not written either, lest it follow a torn entry.
    broken: Option<String>,
}

impl AckLog {
    /// Opens a log to write behind what is in it, which is visited, without what was left half-written, which is cut off.
    ///
    /// # Errors
    ///
    /// If it cannot be opened or is damaged.
    pub fn open(path: &Path, visit: impl FnMut(Entry)) -> Result<Self> {
        let failed = |error| Error::file(path, "write the log of acknowledgements", error);
        let whole = match path.exists() {
            true => decode(&std::fs::read(path).map_err(failed)?, visit)? as u64,
            false => 0,
        };
        let mut options = File::options();
        let mut file = options.create(true).truncate(false).write(true).open(path).map_err(failed)?;
        file.set_len(whole).map_err(failed)?;
        std::io::Seek::seek(&mut file, std::io::SeekFrom::Start(whole)).map_err(failed)?;
        Ok(Self {
            file,
            name: path.display().to_string(),
            written: 0,
            waiting: Vec::new(),
            broken: None,
        })
    }

    /// Adds an entry, which is in the file after the next [`write`](Self::write).
    pub fn add(&mut self, entry: &Entry) {
        encode(entry, &mut self.waiting);
    }

    /// Bytes that wait to be written.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Bytes written by this process.
    pub fn written(&self) -> u64 {
        self.written
    }

    /// Hands what was added to the operating system: from here on it outlives the process.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn write(&mut self) -> Result<()> {
        if self.broken.is_none() {
            self.broken = self.file.write_all(&self.waiting).err().map(|error| error.to_string());
            self.written += self.waiting.len() as u64;
        }
        self.waiting.clear();
        match &self.broken {
            None => Ok(()),
            Some(error) => {
                Err(Error::Store(format!("{}: cannot write the log of acknowledgements: {error}", self.name)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_comes_back_without_its_torn_end() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("acks.log");
        let answered = |place| {
            Entry::Answered(Answered {
                place,
                due_us: u64::MAX,
                late_us: 3,
                begun_us: 70_000,
                done_us: 1 << 40,
                answer: Answer::Acknowledged { first_audit: 7, refused: u32::MAX, as_predicted: true },
            })
        };
        let entries = [
            answered(1),
            Entry::End(Gauge { time_us: u64::MAX, in_flight: u64::MAX, ..Gauge::default() }),
            answered(2),
        ];
        let mut log = AckLog::open(&path, |_| ()).expect("opened");
        entries.iter().for_each(|entry| log.add(entry));
        log.write().expect("written");
        let whole = std::fs::read(&path).expect("read");
        assert_eq!(whole.len() as u64, log.written());
        for cut in 0..whole.len() {
            let mut found = Vec::new();
            let end = decode(&whole[..cut], |entry| found.push(entry)).expect("decoded");
            assert!(end <= cut && entries.starts_with(&found) && found.len() < 3);
        }
        std::fs::write(&path, &whole[..whole.len() - 2]).expect("written");
        let mut log = AckLog::open(&path, |_| ()).expect("opened");
        log.add(&answered(3));
        log.write().expect("written");
        let mut found = Vec::new();
        read(&path, |entry| found.push(entry)).expect("read");
        assert_eq!(found, [entries[0], entries[1], answered(3)]);
    }
}
