//! A trial: one test of one backend, from a fresh copy of the preloaded store to the proof.
//!
//! The playing process writes the log of acknowledgements, and this one reads it as it grows: for whoever watches, and to
//! kill that process in the middle of its work and start it again, if a crash is asked for.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::ack::{self, Entry};
use super::child::Order;
use super::player::Plan;
use super::sequence::Sequence;
use super::stores::{Stores, disk_bytes};
use super::tally::{Tally, Timing};
use crate::error::{Error, Result};
use crate::identity::trees::backend::Backend;
use crate::identity::trees::outlives::Outlives;
use crate::process::Stopwatch;

/// When the playing process is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crashes {
    /// A single crash comes after so many microseconds; each of several at some moment up to that.
    pub after_us: u64,
    /// How many.
    pub count: u32,
    /// Seed of those moments.
    pub seed: u64,
}

/// One test of one backend.
#[derive(Debug)]
pub struct Trial<'a> {
    /// Where the stores are.
    pub stores: &'a Stores,
    /// The backend.
    pub backend: Backend,
    /// What is played.
    pub sequence: &'a Sequence,
    /// How.
    pub plan: Plan,
    /// From when on it is measured, in microseconds.
    pub warm_up_us: u64,
    /// Crashes on the way.
    pub crashes: Option<Crashes>,
    /// What is flushed must outlive.
    pub outlives: Outlives,
}

/// What a trial left.
#[derive(Debug)]
pub struct Tried<'a> {
    /// Everything measured.
    pub tally: Tally<'a>,
    /// Bytes of the store on disk, before and after.
    pub store_bytes: (u64, u64),
    /// Why the playing process failed, if it did.
    pub failure: Option<Error>,
}

/// Who watches a trial.
pub trait Audience {
    /// How things stand, several times a second: time since the schedule's beginning, and all that was measured so far.
    fn see(&mut self, time_us: u64, tally: &Tally<'_>);
    /// Whether to stop.
    fn stopped(&self) -> bool;
}

/// How often the log is read.
const LOOK_EVERY: Duration = Duration::from_millis(50);

impl<'a> Trial<'a> {
    /// Plays, and reads what was measured.
    ///
    /// # Errors
    ///
    /// If the process cannot be started or logs nothing that can be read, or on interruption.
    pub fn run(&self, audience: &mut dyn Audience) -> Result<Tried<'a>> {
        let (stores, backend) = (self.stores, self.backend);
        stores.clear(backend)?;
        if backend.persists() {
            stores.copy(backend)?;
        }
        let before = disk_bytes(&stores.played(backend));
        let log = stores.log(backend);
        let order = Order {
            backend: backend.key().to_owned(),
            store: stores.played(backend),
            sequence: stores.sequence(),
            log: log.clone(),
            plan: self.plan.clone(),
            outlives: self.outlives,
        };
        let path = stores.order(backend);
        std::fs::create_dir_all(path.parent().unwrap_or(&path))
            .map_err(|error| Error::file(&path, "make its folder", error))?;
        order.write(&path)?;

        let mut timing = Timing {
            warm_up_us: self.warm_up_us,
            duration_us: self.plan.duration_us,
            closed: self.plan.pace.is_none(),
        };
        let mut tail = Tail::new(log.clone(), Tally::new(timing, self.sequence)?);
        let mut failure = None;
        for life in 0.. {
            let kill_after_us = self.crashes.and_then(|crashes| crashes.after_us(life));
            failure = Process::start(&path)?.watch(kill_after_us, &mut tail, audience)?;
            if tail.tally.has_ended || failure.is_some() {
                break;
            }
        }
        if !tail.tally.has_ended && failure.is_none() {
            failure = Some(Error::Store(format!("the process that played on {} ended too early", backend.key())));
        }
        let mut tally = tail.tally;
        if timing.closed && log.exists() {
            // A closed loop has sustained what it has done in the time until everything was on disk.
            timing.duration_us = tally.lives.last().map_or(0, |life| life.last.time_us).max(10);
            // It may have come to the end of the preloaded cohorts early.
            timing.warm_up_us = timing.warm_up_us.min(timing.duration_us / 10);
            tally = Tally::new(timing, self.sequence)?;
            ack::read(&log, |entry| tally.add(&entry))?;
        }
        Ok(Tried {
            tally,
            store_bytes: (before, disk_bytes(&stores.played(backend))),
            failure,
        })
    }

    /// Requests that the schedule holds after the warm-up; `None` for a closed loop.
    pub fn asked(&self) -> Option<u64> {
        let due = |time_us| self.plan.due_before(self.sequence, time_us);
        self.plan.pace.is_some().then(|| due(self.plan.duration_us) - due(self.warm_up_us))
    }
}

impl Crashes {
    /// How long a life lasts until it is killed, if it is.
    fn after_us(&self, life: u32) -> Option<u64> {
        if life >= self.count {
            return None;
        }
        let moment = xxhash_rust::xxh3::xxh3_64_with_seed(&life.to_le_bytes(), self.seed);
        match self.count {
            1 => Some(self.after_us),
            _ => Some(moment % (self.after_us + 1)),
        }
    }
}

/// The log, read as it grows.
struct Tail<'a> {
    path: PathBuf,
    file: Option<File>,
    /// Where the next entry begins.
    at: u64,
    bytes: Vec<u8>,
    tally: Tally<'a>,
}

impl<'a> Tail<'a> {
    fn new(path: PathBuf, tally: Tally<'a>) -> Self {
        Self { path, file: None, at: 0, bytes: Vec::new(), tally }
    }

    /// Reads what is new. An entry that is half there is left for the next time.
    fn read(&mut self) -> Result<()> {
        let failed = |error| Error::file(&self.path, "read the log of acknowledgements", error);
        if self.file.is_none() {
            match File::open(&self.path) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
                file => self.file = Some(file.map_err(failed)?),
            }
        }
        let Some(file) = &mut self.file else { return Ok(()) };
        self.bytes.clear();
        file.seek(SeekFrom::Start(self.at))
            .and_then(|_| file.read_to_end(&mut self.bytes))
            .map_err(failed)?;
        let tally = &mut self.tally;
        self.at += ack::decode(&self.bytes, |entry: Entry| tally.add(&entry))? as u64;
        Ok(())
    }
}

/// A playing process. It is killed if nobody watches it any more.
struct Process {
    child: Child,
    /// Where it complains.
    complaints: PathBuf,
}

impl Process {
    fn start(order: &Path) -> Result<Self> {
        let failed = |error| Error::Store(format!("cannot start the process that plays: {error}"));
        let program = std::env::current_exe().map_err(failed)?;
        let complaints = order.with_file_name("errors.txt");
        let stderr = File::create(&complaints).map_err(failed)?;
        let child = Command::new(program)
            .arg("play-load")
            .arg(order)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(stderr)
            .spawn()
            .map_err(failed)?;
        Ok(Self { child, complaints })
    }

    /// Watches the process until it ends, or kills it when its time has come; why it failed, if it did.
    fn watch(
        mut self,
        kill_after_us: Option<u64>,
        tail: &mut Tail<'_>,
        audience: &mut dyn Audience,
    ) -> Result<Option<Error>> {
        let (earlier, mut alive) = (tail.tally.lives.len(), None);
        loop {
            let ended = self.child.try_wait().map_err(|error| Error::Store(format!("the playing process: {error}")))?;
            tail.read()?;
            if tail.tally.lives.len() > earlier && alive.is_none() {
                alive = Some(Stopwatch::start());
            }
            if let Some(status) = ended {
                return Ok((!status.success()).then(|| self.complaint()));
            }
            if audience.stopped() {
                return Err(Error::Interrupted("interrupted; what is preloaded is kept and will be used".to_owned()));
            }
            if let Some(alive) = &alive {
                let from_us = tail.tally.lives.last().map_or(0, |life| life.from_us);
                audience.see(from_us + alive.micros(), &tail.tally);
                if kill_after_us.is_some_and(|after_us| alive.micros() >= after_us) && !tail.tally.has_ended {
                    self.kill();
                    tail.read()?;
                    return Ok(None);
                }
            }
            let left = kill_after_us.zip(alive).map(|(after, alive)| after.saturating_sub(alive.micros()));
            std::thread::sleep(left.map_or(LOOK_EVERY, Duration::from_micros).min(LOOK_EVERY));
        }
    }

    fn complaint(&self) -> Error {
        let said = std::fs::read_to_string(&self.complaints).unwrap_or_default();
        Error::Store(match said.trim() {
            "" => "the process that plays was killed".to_owned(),
            said => said.to_owned(),
        })
    }

    /// SIGKILL: it gets no chance to put anything in order.
    fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
