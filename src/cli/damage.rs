//! Damage: on some damaged files the libraries of the stores panic in place of returning an error; to the user it is an
//! error like any other.

use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, Result};
use crate::identity::trees::trouble;

static LIBRARY_GAVE_UP: AtomicBool = AtomicBool::new(false);

/// Runs a command; where the library of a store panics under it, the store is said to be damaged.
pub(super) fn told(command: impl FnOnce() -> Result<()>) -> Result<()> {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |panic| match panic.location() {
        Some(at) if trouble::is_in_library(at.file()) => LIBRARY_GAVE_UP.store(true, Ordering::Relaxed),
        _ => usual(panic),
    }));
    let gave_up = || LIBRARY_GAVE_UP.load(Ordering::Relaxed);
    match panic::catch_unwind(AssertUnwindSafe(command)) {
        // A thread that works for the command has died of it.
        Ok(Err(Error::Store(said))) if gave_up() && said.contains("has died") => Err(damaged()),
        Ok(done) => done,
        Err(_) if gave_up() => Err(damaged()),
        Err(panic) => panic::resume_unwind(panic),
    }
}

fn damaged() -> Error {
    Error::Check(
        "the store is damaged: the library that keeps it cannot read its own files. Delete the folder store/ of the report \
         and run the command that made it again, without --resume if it was `run`."
            .to_owned(),
    )
}
