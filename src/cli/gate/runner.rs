//! Runner: runs two programs in turn and takes the time.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{self, JoinHandle};
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
    most_pairs: usize,
    watch: &'a Progress,
}

/// How often it is looked whether to go on.
const LOOK: Duration = Duration::from_millis(50);

/// Bytes of what a program that fails has said, at most.
const SAID: usize = 2_000;

impl<'a> Runner<'a> {
    pub(super) fn new(old: &Path, new: Option<&Path>, most_pairs: usize, watch: &'a Progress) -> Result<Self> {
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
        Ok(Self { new: whole(&new)?, old: whole(old)?, most_pairs, watch })
    }
}

impl Timer for Runner<'_> {
    fn most_pairs(&self) -> Option<usize> {
        Some(self.most_pairs)
    }

    fn seconds(&mut self, program: Program, arguments: &[String]) -> Result<f64> {
        let path = if program == Program::New { &self.new } else { &self.old };
        self.watch.look()?;
        let shown = || format!("{} {}", text::path(path), text::visible_line(&arguments.join(" ")));
        let stopwatch = Stopwatch::start();
        let child = Command::new(path)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut child = child.map_err(|error| Error::Store(format!("{} cannot be started: {error}", shown())))?;
        let (ended, said) = listen(&mut child, stopwatch);
        // Its output ends when it does.
        let micros = loop {
            match ended.recv_timeout(LOOK) {
                Ok(micros) => break Some(micros),
                Err(RecvTimeoutError::Disconnected) => break None,
                Err(RecvTimeoutError::Timeout) if self.watch.stopped() => {
                    let _ = child.kill();
                    let _ = child.wait();
                    self.watch.look()?;
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        };
        let status = child.wait().map_err(|error| Error::Store(format!("{} was lost: {error}", shown())))?;
        let said = said.join().unwrap_or_default();
        match (micros, status.success()) {
            (Some(micros), true) => Ok(micros as f64 / 1e6),
            _ => Err(Error::Store(format!("{}: {status}; it is not timed. It said:\n{}", shown(), said.trim()))),
        }
    }
}

/// Reads what a program says, so that it never waits for a reader; tells when its output ends, and what it complained of.
fn listen(child: &mut Child, stopwatch: Stopwatch) -> (Receiver<u64>, JoinHandle<String>) {
    let (tell, ended) = channel();
    let (out, err) = (child.stdout.take(), child.stderr.take());
    thread::spawn(move || {
        if let Some(mut out) = out {
            let _ = std::io::copy(&mut out, &mut std::io::sink());
        }
        let _ = tell.send(stopwatch.micros());
    });
    let said = thread::spawn(move || {
        let mut all = Vec::new();
        if let Some(mut err) = err {
            let mut piece = [0; 4_096];
            while let Ok(n @ 1..) = err.read(&mut piece) {
                all.extend_from_slice(&piece[..n]);
                all.drain(..all.len().saturating_sub(SAID));
            }
        }
        String::from_utf8_lossy(&all).into_owned()
    });
    (ended, said)
}
