//! Guard: a library that panics over its own files has failed like one that returns an error, and is told like that.

use std::panic::{self, AssertUnwindSafe};

use crate::error::{Error, Result};

/// Does something with a store.
///
/// # Errors
///
/// What it fails with; if it panics, that the store is damaged.
pub fn guarded<T>(what: &str, body: impl FnOnce() -> Result<T>) -> Result<T> {
    match panic::catch_unwind(AssertUnwindSafe(body)) {
        Ok(done) => done,
        Err(_) => Err(Error::Check(format!(
            "{what}: the store is damaged, its library cannot read its own files. Run the load test again: it makes a new one"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error() {
        assert_eq!(guarded("open", || Ok(3)).expect("done"), 3);
        let none: [u8; 0] = [];
        let error = guarded("reading it", || Ok(none[std::hint::black_box(7)])).expect_err("a panic");
        assert!(error.to_string().starts_with("reading it: the store is damaged"), "{error}");
    }
}
