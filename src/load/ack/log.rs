//! The file of a log: written by one process at a time, read by others.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::codec::{self, Decoder, Seal};
use super::{LogEnd, LogEntry};
use crate::error::{Error, Result};

/// Bytes that are read at once.
const BLOCK: u64 = 1 << 20;

/// What a file of a log holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Its whole entries.
    pub seal: Seal,
    /// Whether the last of them is the end.
    pub ended: bool,
    /// Bytes behind them: an entry that a killed process left half-written.
    pub torn_bytes: u64,
}

/// Reads a log from its beginning, without the entry that may be half-written at its end.
///
/// # Errors
///
/// If it cannot be read, or is damaged.
pub fn read(path: &Path, visit: impl FnMut(LogEntry)) -> Result<Held> {
    let file = File::open(path).map_err(|error| Error::file(path, "read it", error))?;
    let (decoder, torn_bytes) = entries(&file, path, visit)?;
    Ok(Held { seal: decoder.seal(), ended: decoder.has_ended(), torn_bytes })
}

/// Reads all whole entries of a file, and how many bytes are left behind them.
fn entries(file: &File, path: &Path, mut visit: impl FnMut(LogEntry)) -> Result<(Decoder, u64)> {
    let mut decoder = Decoder::default();
    let mut bytes = Vec::new();
    loop {
        let read = Read::take(file, BLOCK).read_to_end(&mut bytes);
        if read.map_err(|error| Error::file(path, "read it", error))? == 0 {
            return Ok((decoder, bytes.len() as u64));
        }
        let whole = decoder.decode(&bytes, &mut visit).map_err(|error| of(path, error))?;
        bytes.drain(..whole);
    }
}

/// Says which file a failed check is of.
pub(in crate::load) fn of(path: &Path, error: Error) -> Error {
    match error {
        Error::Check(said) => Error::Check(format!("{}: {said}", path.display())),
        other => other,
    }
}

/// A log that is being written.
#[derive(Debug)]
pub struct AckLog {
    file: File,
    name: String,
    /// What it holds, with what waits to be written.
    seal: Seal,
    /// Nothing may follow.
    ended: bool,
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
    pub fn open(path: &Path, visit: impl FnMut(LogEntry)) -> Result<Self> {
        let failed = |error| Error::file(path, "write the log of acknowledgements", error);
        let mut options = File::options();
        let mut file = options.create(true).truncate(false).read(true).write(true).open(path).map_err(failed)?;
        let (decoder, _) = entries(&file, path, visit)?;
        let seal = decoder.seal();
        file.set_len(seal.bytes).map_err(failed)?;
        file.seek(SeekFrom::Start(seal.bytes)).map_err(failed)?;
        Ok(Self {
            file,
            name: path.display().to_string(),
            seal,
            ended: decoder.has_ended(),
            written: 0,
            waiting: Vec::new(),
            broken: None,
        })
    }

    /// Adds an entry, which is in the file after the next [`write`](Self::write). An end is told how many entries came
    /// before it, and what is added after it is dropped: a thread that was given up may still have something to say.
    pub fn add(&mut self, entry: &LogEntry) {
        if self.ended {
            return;
        }
        let entry = match entry {
            LogEntry::End(end) => LogEntry::End(LogEnd { entries: self.seal.entries, ..*end }),
            other => *other,
        };
        self.ended = matches!(entry, LogEntry::End(_));
        codec::encode(&entry, &mut self.seal, &mut self.waiting);
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
    use super::super::{Answered, Gauge, StoreAnswer};
    use super::*;

    fn answered(place: u64) -> LogEntry {
        LogEntry::Answered(Answered {
            place,
            due_us: u64::MAX,
            late_us: 3,
            begun_us: 70_000,
            done_us: 1 << 40,
            answer: StoreAnswer::Acknowledged { first_audit: 7, refused: u32::MAX, as_predicted: true },
        })
    }

    fn gauge() -> LogEntry {
        LogEntry::Gauge(Gauge { time_us: u64::MAX, in_flight: u64::MAX, ..Gauge::default() })
    }

    fn written(path: &Path, entries: &[LogEntry]) -> Vec<u8> {
        let mut log = AckLog::open(path, |_| ()).expect("opened");
        entries.iter().for_each(|entry| log.add(entry));
        log.write().expect("written");
        std::fs::read(path).expect("read")
    }

    /// The entries of a log, or why it cannot be read.
    fn found(path: &Path, bytes: &[u8]) -> Result<(Vec<LogEntry>, Held)> {
        std::fs::write(path, bytes).expect("written");
        let mut found = Vec::new();
        read(path, |entry| found.push(entry)).map(|held| (found, held))
    }

    #[test]
    fn a_log_comes_back_without_its_torn_end() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("acks.log");
        let entries = [answered(1), gauge(), answered(2)];
        let whole = written(&path, &entries);
        for cut in 0..whole.len() {
            let (some, held) = found(&path, &whole[..cut]).expect("read");
            assert!(entries.starts_with(&some) && some.len() < 3);
            assert_eq!(held.seal.bytes + held.torn_bytes, cut as u64);
        }
        std::fs::write(&path, &whole[..whole.len() - 2]).expect("written");
        written(&path, &[answered(3)]);
        let mut again = Vec::new();
        read(&path, |entry| again.push(entry)).expect("read");
        assert_eq!(again, [entries[0], entries[1], answered(3)]);
    }

    #[test]
    fn every_single_flipped_bit_is_seen() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("acks.log");
        let start = LogEntry::Start { from_us: 0, rss_bytes: 1, opening_us: 2, killed: 0 };
        let entries = [
            start,
            answered(1),
            gauge(),
            answered(2),
            LogEntry::End(LogEnd::default()),
        ];
        let whole = written(&path, &entries);
        let (_, sound) = found(&path, &whole).expect("sound");
        assert!(sound.ended && sound.seal.entries == 5);
        for bit in 0..8 * whole.len() {
            let mut flipped = whole.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let said = found(&path, &flipped).expect_err("a flipped bit").to_string();
            assert!(said.contains("damaged at byte"), "bit {bit}: {said}");
        }
    }

    #[test]
    fn entries_cannot_be_dropped_doubled_moved_or_added() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("acks.log");
        let entries = [answered(1), answered(2), answered(3), LogEntry::End(LogEnd::default())];
        let whole = written(&path, &entries);
        let ends: Vec<usize> =
            (1..=4).map(|n| written(&dir.path().join(format!("{n}")), &entries[..n]).len()).collect();
        let part = |n: usize| &whole[if n == 0 { 0 } else { ends[n - 1] }..ends[n]];
        for order in [
            &[0, 2, 3][..],
            &[1, 2, 3],
            &[0, 1, 3],
            &[0, 0, 1, 2, 3],
            &[1, 0, 2, 3],
            &[0, 1, 2, 3, 3],
        ] {
            let bytes: Vec<u8> = order.iter().flat_map(|n| part(*n)).copied().collect();
            let said = found(&path, &bytes).expect_err("not as it was written").to_string();
            assert!(said.contains("damaged at byte") && said.contains("run the load test again"), "{said}");
        }
        // What is cut off behind an entry is not damage in itself, but the end is missing, and the seal is another.
        let (_, sound) = found(&path, &whole).expect("sound");
        let (_, cut) = found(&path, &whole[..ends[1]]).expect("a log without its end");
        assert!(sound.ended && !cut.ended && cut.seal != sound.seal);
    }

    #[test]
    fn nothing_follows_an_end() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("acks.log");
        let whole = written(&path, &[answered(1), LogEntry::End(LogEnd::default())]);
        assert_eq!(written(&path, &[answered(2)]), whole);
    }
}
