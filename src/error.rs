//! The one error type: what went wrong, in the kinds that the exit code tells apart.

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Bad input or usage (exit code 2). The text is a full report, with file, line, key, value and what is allowed.
    #[error("{0}")]
    Input(String),
    /// There is too little evidence to judge, and that is to count as failed (exit code 2).
    #[error("{0}")]
    Undecided(String),
    /// The store or the file system failed (exit code 3).
    #[error("{0}")]
    Store(String),
    /// A check failed (exit code 1): an invariant is broken, or model and store disagree.
    #[error("{0}")]
    Check(String),
    /// Interrupted from the keyboard (exit code 130).
    #[error("{0}")]
    Interrupted(String),
}

impl Error {
    /// The process exit code that stands for this error.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Check(_) => 1,
            Self::Input(_) | Self::Undecided(_) => 2,
            Self::Store(_) => 3,
            Self::Interrupted(_) => 130,
        }
    }

    /// A failed file operation on `path`.
    pub fn file(path: &std::path::Path, doing: &str, error: impl std::fmt::Display) -> Self {
        let error = error.to_string();
        // The number that the system has for it helps nobody.
        let said = match error.split_once(" (os error ") {
            Some((said, rest)) => format!("{said}{}", rest.split_once(')').map_or("", |(_, rest)| rest)),
            None => error,
        };
        let advice = if said.starts_with("No space left on device") {
            ". The disk is full: make room on it, or choose a folder on another one"
        } else {
            ""
        };
        Self::Store(format!("{}: cannot {doing}: {said}{advice}", crate::text::path(path)))
    }
}

/// The result of anything that can fail with [`Error`](enum@Error).
pub type Result<T, E = Error> = std::result::Result<T, E>;
