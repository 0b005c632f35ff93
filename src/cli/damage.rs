//! Damage: on some damaged files sled panics instead of returning an error; to the user it is an error like any other.

use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, Result};

static SLED_GAVE_UP: AtomicBool = AtomicBool::new(false);

/// Runs a command; where sled panics under it, the store is said to be damaged.
pub(super) fn told(command: impl FnOnce() -> Result<()>) -> Result<()> {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |panic| match panic.location() {
        Some(at) if at.file().contains("sled-0.") => SLED_GAVE_UP.store(true, Ordering::Relaxed),
        _ => usual(panic),
    }));
    match panic::catch_unwind(AssertUnwindSafe(command)) {
        Ok(done) => done,
        Err(_) if SLED_GAVE_UP.load(Ordering::Relaxed) => Err(Error::Check(
            "the store is damaged: sled cannot read its own files. Run the scenario again without --resume.".to_owned(),
        )),
        Err(panic) => panic::resume_unwind(panic),
    }
}
