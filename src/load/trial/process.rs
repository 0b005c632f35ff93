//! The playing process, as the one that ordered it sees it: it ends by itself, or is killed when its time has come, or
//! when it has not been heard of for too long.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::Audience;
use super::tail::Tail;
use crate::error::{Error, Result};
use crate::process::Stopwatch;

/// How often the log is read.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// The most that counts of a silence between two looks: a machine that stood still has not listened.
const MOST_AT_ONCE_US: u64 = 500_000;
/// What a process is given to say itself that its store has stopped answering.
const GRACE_US: (u64, u64) = (1_000_000, 10_000_000);
/// Opening a store may take so many times longer than a call to it.
const OPENING: u64 = 20;
/// And at least so long: whoever was killed before may still be dying.
const OPENING_US: u64 = 30_000_000;
/// A process that was killed is gone after this, unless the system itself is stuck.
const DYING_US: u64 = 60_000_000;

/// When a process is killed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kill {
    /// After so many microseconds.
    pub(super) after_us: u64,
    /// They are counted from when the store was open, and not from when the process was started.
    pub(super) once_open: bool,
}

/// How the life of a process ended.
#[derive(Debug, Default)]
pub(super) struct ChildEnd {
    /// It was killed because its time had come.
    pub(super) killed: bool,
    /// It had opened the store.
    pub(super) opened: bool,
    /// Why it failed, if it did.
    pub(super) failure: Option<Error>,
}

/// A playing process. It is killed if nobody watches it any more.
pub(super) struct Process {
    child: Child,
    /// Where it complains.
    complaints: PathBuf,
    /// How long its store may be silent, in microseconds.
    silence_us: u64,
    killed: bool,
}

/// Since when nothing new has been in the log.
struct Listening {
    bytes: u64,
    looked: Stopwatch,
    quiet_us: u64,
}

impl Listening {
    /// For how long, in microseconds.
    fn listen(&mut self, bytes: u64) -> u64 {
        let passed_us = std::mem::replace(&mut self.looked, Stopwatch::start()).micros();
        if bytes == self.bytes {
            self.quiet_us += passed_us.min(MOST_AT_ONCE_US);
        } else {
            (self.bytes, self.quiet_us) = (bytes, 0);
        }
        self.quiet_us
    }
}

impl Process {
    pub(super) fn start(order: &Path, silence_us: u64) -> Result<Self> {
        let program = std::env::current_exe().map_err(|error| {
            Error::Store(format!("the path of this program is not known: {error}; start it by its full path"))
        })?;
        let complaints = order.with_file_name("errors.txt");
        let stderr = File::create(&complaints).map_err(|error| Error::file(&complaints, "write it", error))?;
        let child = Command::new(&program)
            .arg("play-load")
            .arg(order)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(stderr)
            .spawn()
            .map_err(|error| {
                Error::Store(format!(
                    "{}: cannot be started again as the process that holds the store: {error}. Look whether the program was \
                     moved or replaced since the test began, and whether the system allows one more process",
                    program.display()
                ))
            })?;
        Ok(Self { child, complaints, silence_us, killed: false })
    }

    /// Watches the process until it ends, or kills it when its time has come or it was silent for too long.
    ///
    /// # Errors
    ///
    /// If it cannot be watched, or on interruption.
    pub(super) fn watch(
        mut self,
        kill: Option<Kill>,
        tail: &mut Tail<'_>,
        audience: &mut dyn Audience,
    ) -> Result<ChildEnd> {
        let (earlier, started, mut open) = (tail.tally.lives.len(), Stopwatch::start(), None);
        let mut listening = Listening { bytes: tail.seal().bytes, looked: started, quiet_us: 0 };
        loop {
            let ended = self.child.try_wait().map_err(|error| {
                Error::Store(format!("the process that plays cannot be watched any more ({error}): run the test again"))
            })?;
            tail.read()?;
            if tail.tally.lives.len() > earlier && open.is_none() {
                open = Some(Stopwatch::start());
            }
            let opened = open.is_some();
            if let Some(status) = ended {
                let failure = (!status.success()).then(|| self.complaint());
                return Ok(ChildEnd { killed: false, opened, failure });
            }
            if audience.stopped() {
                return Err(Error::Interrupted("interrupted; what is preloaded is kept and will be used".to_owned()));
            }
            if let Some(open) = &open {
                let from_us = tail.tally.lives.last().map_or(0, |life| life.from_us);
                audience.see(from_us + open.micros(), &tail.tally);
            }
            let clock = if kill.is_some_and(|kill| kill.once_open) {
                open
            } else {
                Some(started)
            };
            let left_us = kill.zip(clock).map(|(kill, clock)| kill.after_us.saturating_sub(clock.micros()));
            if left_us == Some(0) && !tail.tally.has_ended {
                let is_gone = self.kill(DYING_US);
                tail.read()?;
                let opened = tail.tally.lives.len() > earlier;
                let failure = (!is_gone).then(|| self.stuck(tail));
                return Ok(ChildEnd { killed: is_gone, opened, failure });
            }
            let patience_us = match tail.tally.silent_from_us {
                // It has said so itself, and has only to leave.
                Some(_) => self.grace_us(),
                None => self.patience_us(opened),
            };
            if listening.listen(tail.seal().bytes) > patience_us {
                let failure = Some(self.give_up(opened, tail)?);
                return Ok(ChildEnd { killed: false, opened, failure });
            }
            std::thread::sleep(left_us.map_or(LOOK_EVERY, Duration::from_micros).min(LOOK_EVERY));
        }
    }

    fn grace_us(&self) -> u64 {
        self.silence_us.clamp(GRACE_US.0, GRACE_US.1)
    }

    /// How long nothing may come from the process.
    fn patience_us(&self, opened: bool) -> u64 {
        if opened {
            self.silence_us + self.grace_us()
        } else {
            (OPENING * self.silence_us).max(OPENING_US)
        }
    }

    /// Ends a process that is silent, and says why. It may not be possible: what waits for a disk cannot be killed.
    fn give_up(&mut self, opened: bool, tail: &mut Tail<'_>) -> Result<Error> {
        let patience_s = self.patience_us(opened) as f64 / 1e6;
        self.kill(GRACE_US.1);
        tail.read()?;
        let tally = &mut tail.tally;
        let last_us = tally.lives.last().map_or(0, |life| life.last.time_us);
        let last_s = last_us as f64 / 1e6;
        if tally.silent_from_us.is_some() {
            // It has said so itself, and could not leave.
            return Ok(self.complaint());
        }
        tally.silent_from_us = Some(last_us);
        Ok(Error::Store(match (opened, tally.has_ended) {
            (false, _) => format!(
                "the store stopped answering: it was not open after {patience_s:.0} s, and its process was killed. If it takes \
                 so long, allow more with --silence"
            ),
            (true, false) => format!(
                "the store stopped answering after {last_s:.1} s of the test: its process wrote nothing into its log for \
                 {patience_s:.0} s and was killed"
            ),
            (true, true) => format!(
                "the store stopped answering when the test was over: it could not be closed within {patience_s:.0} s, and its \
                 process was killed"
            ),
        }))
    }

    /// A process that was killed and is still there.
    fn stuck(&self, tail: &mut Tail<'_>) -> Error {
        let tally = &mut tail.tally;
        tally.silent_from_us = Some(tally.lives.last().map_or(0, |life| life.last.time_us));
        Error::Store(format!(
            "process {} was killed and does not end: the system is stuck in what it does for it, most likely the disk",
            self.child.id()
        ))
    }

    fn complaint(&self) -> Error {
        let said = std::fs::read_to_string(&self.complaints);
        if said.as_ref().is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound) {
            return Error::Store(format!(
                "{}: the folder of the stores was taken away while the test was at work: run it again, and leave the folder \
                 alone",
                self.complaints.parent().unwrap_or(&self.complaints).display()
            ));
        }
        let said = said.unwrap_or_default();
        Error::Store(match said.trim() {
            "" => "the process that holds the store was killed, and not by this test: look whether memory ran out"
                .to_owned(),
            said => said.to_owned(),
        })
    }

    /// SIGKILL: it gets no chance to put anything in order. Waits until it is gone; whether it is.
    fn kill(&mut self, patience_us: u64) -> bool {
        self.killed = true;
        let _ = self.child.kill();
        let dying = Stopwatch::start();
        while matches!(self.child.try_wait(), Ok(None)) {
            if dying.micros() > patience_us {
                return false;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        true
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that was killed already and cannot end is not waited for again.
        if !self.killed && matches!(self.child.try_wait(), Ok(None)) {
            self.kill(GRACE_US.1);
        }
    }
}
