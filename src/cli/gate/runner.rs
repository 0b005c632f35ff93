//! Runner: runs two programs in turn and takes the time. None of them outlives an interruption, or the time that it has.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use super::super::progress::Progress;
use crate::error::{Error, Result};
use crate::gate::timing::{Program, Timer};
use crate::process::Stopwatch;
use crate::text;
use crate::watch::Watch;

/// Two programs.
pub(super) struct Runner<'a> {
    new: PathBuf,
    old: PathBuf,
    limits: Limits,
    watch: &'a Progress,
}

/// What programs may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Pairs of runs for one rule.
    pub most_pairs: usize,
    /// Seconds for a single run.
    pub longest_s: u32,
}

/// How often it is looked whether to go on.
const LOOK: Duration = Duration::from_millis(50);

/// The same once its output has ended.
const SOON: Duration = Duration::from_millis(1);

/// How long it is waited for what a program that has failed complained of: what it has started may go on talking.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Bytes of what a program that fails has said, at most.
const SAID: usize = 2_000;

impl<'a> Runner<'a> {
    pub(super) fn new(old: &Path, new: Option<&Path>, limits: Limits, watch: &'a Progress) -> Result<Self> {
        let new = match new {
            Some(new) => new.to_owned(),
            None => std::env::current_exe()
                .map_err(|error| Error::Store(format!("where this program lies is not told: {error}")))?,
        };
        for (path, option) in [(old, "--against"), (new.as_path(), "--binary")] {
            if !path.is_file() {
                return Err(Error::Input(format!(
                    "{option} {}: there is no such file: expected the path of a program",
                    text::path(path)
                )));
            }
        }
        // A bare name would be looked for on the search path, and be another program.
        let whole = |path: &Path| std::path::absolute(path).map_err(|error| Error::file(path, "be found", error));
        Ok(Self { new: whole(&new)?, old: whole(old)?, limits, watch })
    }
}

impl Timer for Runner<'_> {
    fn most_pairs(&self) -> Option<usize> {
        Some(self.limits.most_pairs)
    }

    fn seconds(&mut self, program: Program, arguments: &[String]) -> Result<f64> {
        let path = if program == Program::New { &self.new } else { &self.old };
        self.watch.look()?;
        let shown = || format!("{} {}", text::path(path), text::visible_line(&arguments.join(" ")));
        let stopwatch = Stopwatch::start();
        let mut command = Command::new(path);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // A group of its own, so that it can be ended together with whatever it has started.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let child = command.spawn();
        let mut child = child.map_err(|error| Error::Store(format!("{} cannot be started: {error}", shown())))?;
        let (ended, said) = listen(&mut child, stopwatch);
        // Its output ends when it does, and when whatever it has started does.
        let micros = loop {
            match ended.recv_timeout(LOOK) {
                Ok(micros) => break Some(micros),
                Err(RecvTimeoutError::Disconnected) => break None,
                Err(RecvTimeoutError::Timeout) => self.must_go_on(&mut child, stopwatch, &shown)?,
            }
        };
        let status = loop {
            match child.try_wait() {
                Ok(Some(status)) => break status,
                Ok(None) => self.must_go_on(&mut child, stopwatch, &shown)?,
                Err(error) => return Err(Error::Store(format!("{} was lost: {error}", shown()))),
            }
            thread::sleep(SOON);
        };
        if let (Some(micros), true) = (micros, status.success()) {
            return Ok(micros as f64 / 1e6);
        }
        let said = said.recv_timeout(LAST_WORDS).unwrap_or_default();
        Err(Error::Store(format!("{}: {status}; it is not timed. It said:\n{}", shown(), said.trim())))
    }
}

impl Runner<'_> {
    /// Ends a program if the command was interrupted, or if the program has had its time.
    fn must_go_on(&self, child: &mut Child, stopwatch: Stopwatch, shown: &dyn Fn() -> String) -> Result<()> {
        let longest = self.limits.longest_s;
        let is_over = stopwatch.seconds() > f64::from(longest);
        if !is_over && !self.watch.stopped() {
            return Ok(());
        }
        end(child);
        self.watch.look()?;
        Err(Error::Store(format!(
            "{}: it has not ended after {longest} s, so it was ended, and is not timed: --longest gives a run more seconds",
            shown()
        )))
    }
}

/// Ends a program and whatever it has started.
fn end(child: &mut Child) {
    // It is not yet waited for, so no other group can have its number.
    #[cfg(unix)]
    let _ = Command::new("/bin/sh")
        .args(["-c", &format!("kill -s KILL -- -{}", child.id())])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let _ = child.kill();
    let _ = child.wait();
}

/// Reads what a program says, so that it never waits for a reader; tells when its output ends, and what it complained of.
fn listen(child: &mut Child, stopwatch: Stopwatch) -> (Receiver<u64>, Receiver<String>) {
    let (tell, ended) = channel();
    let (complain, said) = channel();
    let (out, err) = (child.stdout.take(), child.stderr.take());
    thread::spawn(move || {
        if let Some(mut out) = out {
            let _ = std::io::copy(&mut out, &mut std::io::sink());
        }
        let _ = tell.send(stopwatch.micros());
    });
    thread::spawn(move || {
        let mut all = Vec::new();
        if let Some(mut err) = err {
            let mut piece = [0; 4_096];
            while let Ok(n @ 1..) = err.read(&mut piece) {
                all.extend_from_slice(&piece[..n]);
                all.drain(..all.len().saturating_sub(SAID));
            }
        }
        let _ = complain.send(String::from_utf8_lossy(&all).into_owned());
    });
    (ended, said)
}
