//! The tail: the log of acknowledgements, read as it grows.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;

use crate::error::{Error, Result};
use crate::load::ack::{Decoder, LogEntry, Seal, of};
use crate::load::tally::LoadTally;

/// The log, read as it grows.
pub(super) struct Tail<'a> {
    path: PathBuf,
    file: Option<File>,
    decoder: Decoder,
    bytes: Vec<u8>,
    pub(super) tally: LoadTally<'a>,
}

impl<'a> Tail<'a> {
    pub(super) fn new(path: PathBuf, tally: LoadTally<'a>) -> Self {
        Self {
            path,
            file: None,
            decoder: Decoder::default(),
            bytes: Vec::new(),
            tally,
        }
    }

    /// What was read so far.
    pub(super) fn seal(&self) -> Seal {
        self.decoder.seal()
    }

    /// Reads what is new. An entry that is half there is left for the next time.
    pub(super) fn read(&mut self) -> Result<()> {
        let failed = |error| Error::file(&self.path, "read the log of acknowledgements", error);
        if self.file.is_none() {
            match File::open(&self.path) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
                file => self.file = Some(file.map_err(failed)?),
            }
        }
        let Some(file) = &mut self.file else { return Ok(()) };
        self.bytes.clear();
        file.seek(SeekFrom::Start(self.decoder.seal().bytes))
            .and_then(|_| file.read_to_end(&mut self.bytes))
            .map_err(failed)?;
        let tally = &mut self.tally;
        let read = self.decoder.decode(&self.bytes, |entry: LogEntry| tally.add(&entry));
        read.map(drop).map_err(|error| of(&self.path, error))
    }
}
