//! Entries as bytes: a head, the entry in postcard, and a checksum of both.
//!
//! The head is the length, with a bit that makes the number of its ones even: a length that was altered must not pass for
//! an entry that was half-written. The checksum is taken with the one before it as its seed, so that no entry can be
//! altered, dropped, doubled or moved without all that follows being out of place.

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::LogEntry;
use crate::error::{Error, Result};

/// Longest entry; the highest bit of the head is not one of the length.
const LONGEST: u8 = 127;
/// Bytes of a checksum in the file, the low ones of what goes on to the next.
const CHECKSUM: usize = 4;

/// What all entries so far come to: two logs with the same seal are the same log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seal {
    /// How many they are.
    pub entries: u64,
    /// How many bytes they take.
    pub bytes: u64,
    /// The checksum of the last of them, and so of all.
    pub checksum: u64,
}

impl Seal {
    /// Takes in the next entry, given its head and what follows it; its checksum.
    fn next(&mut self, bytes: &[u8]) -> [u8; CHECKSUM] {
        self.checksum = xxh3_64_with_seed(bytes, self.checksum);
        self.entries += 1;
        self.bytes += (bytes.len() + CHECKSUM) as u64;
        (self.checksum as u32).to_le_bytes()
    }
}

/// The head of an entry of this length.
fn head(length: u8) -> u8 {
    length | ((length.count_ones() as u8 & 1) << 7)
}

/// Encodes the next entry behind what is in `bytes`.
pub(super) fn encode(entry: &LogEntry, seal: &mut Seal, bytes: &mut Vec<u8>) {
    // On the stack first: postcard is slow where it adds to a vector byte by byte.
    let mut buffer = [0; 1 + LONGEST as usize];
    // Entries are at most a hundred bytes long and always can be encoded.
    let length = postcard::to_slice(entry, &mut buffer[1..]).map_or(0, |entry| entry.len());
    buffer[0] = head(length as u8);
    let entry = &buffer[..=length];
    let checksum = seal.next(entry);
    bytes.extend_from_slice(entry);
    bytes.extend_from_slice(&checksum);
}

/// Reads entries, part by part.
#[derive(Clone, Copy, Debug, Default)]
pub struct Decoder {
    seal: Seal,
    ended: bool,
}

impl Decoder {
    /// What was read so far.
    pub fn seal(&self) -> Seal {
        self.seal
    }

    /// Whether the last entry was an end.
    pub fn has_ended(&self) -> bool {
        self.ended
    }

    /// Reads the whole entries of the next bytes; how many bytes they take. Where less than a whole entry is left, that
    /// is for the next time.
    ///
    /// # Errors
    ///
    /// If an entry is not as it was written: at which byte of the log, and what to do.
    pub fn decode(&mut self, bytes: &[u8], mut visit: impl FnMut(LogEntry)) -> Result<usize> {
        let mut at = 0;
        while let Some(&first) = bytes.get(at) {
            let length = usize::from(first & LONGEST);
            if first.count_ones() & 1 == 1 {
                return Err(self.damaged("the length of an entry was altered"));
            }
            let Some(sealed) = bytes.get(at..at + 1 + length + CHECKSUM) else {
                break;
            };
            let (entry, checksum) = sealed.split_at(1 + length);
            let mut seal = self.seal;
            if seal.next(entry) != checksum {
                return Err(self.damaged("an entry was altered, or one before it is missing"));
            }
            if self.ended {
                return Err(self.damaged("something was written behind the end"));
            }
            let entry: LogEntry = postcard::from_bytes(&entry[1..])
                .map_err(|error| self.damaged(&format!("an entry of another version of cutover ({error})")))?;
            if let LogEntry::End(end) = &entry {
                if end.entries != self.seal.entries {
                    let (told, there) = (end.entries, self.seal.entries);
                    return Err(self.damaged(&format!("the end tells of {told} entries and {there} are there")));
                }
                self.ended = true;
            }
            self.seal = seal;
            visit(entry);
            at += sealed.len();
        }
        Ok(at)
    }

    fn damaged(&self, why: &str) -> Error {
        Error::Check(format!(
            "the log of acknowledgements is damaged at byte {}: {why}. It proves nothing any more: run the load test again",
            self.seal.bytes
        ))
    }
}
