//! Trouble: what stands in the way of a store, as a sentence for people: what happened, where, and what to do.
//!
//! The libraries say it in words of their own, each in other ones. Here they become one of a few causes. A damaged store
//! is an [`Error::Check`], for it does not hold what it should; everything else is an [`Error::Store`].

use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;

use crate::error::{Error, Result};

/// What stands in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Cause {
    Full,
    Forbidden,
    ReadOnly,
    InUse,
    Gone,
    TooManyFiles,
    Damaged,
    OtherVersion,
    /// An earlier write failed, and the library has given up since.
    #[cfg(any(feature = "redb", feature = "fjall"))]
    GivenUp,
    /// Something else, as the system or the library says it.
    Other(String),
}

/// A store and what is being done with it.
#[derive(Clone, Copy, Debug)]
pub struct StorePlace<'a> {
    /// Name of the library.
    pub library: &'static str,
    /// Folder of the store, where it is known.
    pub folder: Option<&'a Path>,
    /// What is being done, as in "open the store".
    pub doing: &'a str,
}

impl StorePlace<'_> {
    fn error(self, cause: &Cause) -> Error {
        let library = self.library;
        let folder = self.folder.map_or_else(|| format!("the {library} store"), |folder| folder.display().to_string());
        let begun = format!("{folder}: cannot {}", self.doing);
        let again = match self.folder {
            Some(folder) => format!("delete {} and run the command that made it again", folder.display()),
            None => "delete the folder store/ of the report and run the command that made it again".to_owned(),
        };
        let text = match cause {
            Cause::Full => format!(
                "{begun}: the disk is full. Make room on it, or choose a folder on another disk with --out. What was \
                 acknowledged before is still in the store."
            ),
            Cause::Forbidden => format!(
                "{begun}: this user may not. Look at the owner and the permissions of the folder and the files in it, or \
                 choose another folder with --out."
            ),
            Cause::ReadOnly => format!(
                "{begun}: the file system is mounted read-only. Copy the report to where files can be written, or choose \
                 another folder with --out."
            ),
            Cause::InUse => format!(
                "{begun}: another process is using it, most likely another cutover. Wait until that has ended, or choose \
                 another folder with --out."
            ),
            Cause::Gone => format!(
                "{begun}: a file of it is not there. If somebody has moved or deleted it: {again}, without --resume if it \
                 was `run`."
            ),
            Cause::TooManyFiles => format!(
                "{begun}: this process may not open more files. Raise the limit (`ulimit -n 4096`) and try again."
            ),
            Cause::Damaged => {
                return Error::Check(format!(
                    "{begun}: the store is damaged, {library} cannot read its own files. They cannot be mended, but \
                     everything in them can be made again: {again}, without --resume if it was `run`."
                ));
            }
            Cause::OtherVersion => format!(
                "{begun}: it was made by another version of {library} than the one in this program. Use the cutover that \
                 made it, or {again}."
            ),
            #[cfg(any(feature = "redb", feature = "fjall"))]
            Cause::GivenUp => format!(
                "{begun}: {library} has given up after a write that failed, as on a full disk. Look for room on the disk \
                 and for errors of the device, and try again."
            ),
            Cause::Other(said) => format!("{begun}: {said}"),
        };
        Error::Store(text)
    }

    /// What an operation of the file system failed with.
    pub fn io(self, error: &io::Error) -> Error {
        self.error(&of_io(error))
    }

    /// What sled says.
    pub fn sled(self, error: &sled::Error) -> Error {
        self.error(&of_sled(error))
    }

    /// What redb says.
    #[cfg(feature = "redb")]
    pub fn redb(self, error: &redb::Error) -> Error {
        self.error(&of_redb(error))
    }

    /// What fjall says.
    #[cfg(feature = "fjall")]
    pub fn fjall(self, error: &fjall::Error) -> Error {
        self.error(&of_fjall(error))
    }

    /// The store is damaged.
    pub fn damaged(self) -> Error {
        self.error(&Cause::Damaged)
    }

    /// Does something with the store. On some damaged files the libraries panic in place of returning an error: here
    /// that is one.
    ///
    /// # Errors
    ///
    /// What is returned, or that the store is damaged.
    pub fn guard<T>(self, action: impl FnOnce() -> Result<T>) -> Result<T> {
        panic::catch_unwind(AssertUnwindSafe(action)).unwrap_or_else(|_| Err(self.damaged()))
    }
}

/// Whether a panic at this place in the source is one of a store's library.
pub fn is_in_library(file: &str) -> bool {
    let libraries = ["sled-", "redb-", "fjall-", "lsm-tree-", "sfa-", "byteview-"];
    let parts = file.split(['/', '\\']);
    let is_version = |rest: &str| rest.starts_with(|first: char| first.is_ascii_digit());
    parts
        .into_iter()
        .any(|part| libraries.iter().any(|name| part.strip_prefix(name).is_some_and(is_version)))
}

fn of_io(error: &io::Error) -> Cause {
    use io::ErrorKind;
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Cause::Full,
        ErrorKind::PermissionDenied => Cause::Forbidden,
        ErrorKind::ReadOnlyFilesystem => Cause::ReadOnly,
        ErrorKind::NotFound => Cause::Gone,
        // What was there when it was written is not there, or is something else.
        ErrorKind::UnexpectedEof | ErrorKind::InvalidData => Cause::Damaged,
        // EMFILE and ENFILE have no kind of their own.
        _ if matches!(error.raw_os_error(), Some(23 | 24)) && cfg!(unix) => Cause::TooManyFiles,
        // A library that hands an error on wraps what the system said into its debug form.
        ErrorKind::Other => Cause::Other(error.to_string()),
        kind => Cause::Other(match error.raw_os_error() {
            Some(_) => error.to_string(),
            None => kind.to_string(),
        }),
    }
}

fn of_sled(error: &sled::Error) -> Cause {
    match error {
        // Of a lock that another holds sled makes an error of kind `Other`: only its prose tells it from others.
        sled::Error::Io(error) if error.to_string().contains("could not acquire lock") => Cause::InUse,
        sled::Error::Io(error) => of_io(error),
        sled::Error::Corruption { .. } | sled::Error::ReportableBug(_) | sled::Error::CollectionNotFound(_) => {
            Cause::Damaged
        }
        sled::Error::Unsupported(_) => Cause::OtherVersion,
    }
}

#[cfg(feature = "redb")]
fn of_redb(error: &redb::Error) -> Cause {
    use redb::Error;
    match error {
        Error::DatabaseAlreadyOpen | Error::LockProtocolMismatch => Cause::InUse,
        Error::Io(error) => of_io(error),
        Error::Corrupted(_)
        | Error::RepairAborted
        | Error::TableTypeMismatch { .. }
        | Error::TableIsMultimap(_)
        | Error::TableIsNotMultimap(_)
        | Error::TypeDefinitionChanged { .. }
        | Error::TableDoesNotExist(_) => Cause::Damaged,
        Error::UpgradeRequired(_) => Cause::OtherVersion,
        Error::PreviousIo | Error::LockPoisoned(_) => Cause::GivenUp,
        other => Cause::Other(other.to_string()),
    }
}

#[cfg(feature = "fjall")]
fn of_fjall(error: &fjall::Error) -> Cause {
    use fjall::{Error, LsmError};
    match error {
        Error::Io(error) | Error::Storage(LsmError::Io(error)) => of_io(error),
        Error::Locked => Cause::InUse,
        Error::InvalidVersion(_) | Error::Storage(LsmError::InvalidVersion(_)) => Cause::OtherVersion,
        Error::Poisoned => Cause::GivenUp,
        Error::Storage(_)
        | Error::JournalRecovery(_)
        | Error::Decompress(_)
        | Error::InvalidTrailer
        | Error::InvalidTag(_)
        | Error::Unrecoverable => Cause::Damaged,
        other => Cause::Other(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: StorePlace<'_> = StorePlace { library: "sled", folder: None, doing: "open the store" };

    fn there() -> StorePlace<'static> {
        StorePlace { folder: Some(Path::new("out/store")), ..PLACE }
    }

    /// What is said of an error of the system, wherever the library hides it.
    fn said(number: i32) -> String {
        let error = || io::Error::from_raw_os_error(number);
        let said = there().io(&error()).to_string();
        assert_eq!(there().sled(&sled::Error::Io(error())).to_string(), said);
        // As sled hands it from one thread to another.
        let cloned = io::Error::new(error().kind(), format!("{:?}", error()));
        if number != 24 {
            assert_eq!(there().sled(&sled::Error::Io(cloned)).to_string(), said);
        }
        #[cfg(feature = "redb")]
        assert_eq!(there().redb(&redb::Error::Io(error())).to_string(), said);
        #[cfg(feature = "fjall")]
        {
            assert_eq!(there().fjall(&fjall::Error::Io(error())).to_string(), said);
            let inside = fjall::Error::Storage(fjall::LsmError::Io(error()));
            assert_eq!(there().fjall(&inside).to_string(), said);
        }
        said
    }

    #[test]
    #[cfg(unix)]
    fn errors_of_the_system_say_what_to_do() {
        for (number, words) in [
            (28, ["the disk is full", "Make room"]),
            (13, ["may not", "permissions"]),
            (30, ["read-only", "--out"]),
            (2, ["not there", "delete out/store"]),
            (24, ["open more files", "ulimit"]),
        ] {
            let said = said(number);
            assert!(said.starts_with("out/store: cannot open the store: "), "{said}");
            assert!(words.iter().all(|word| said.contains(word)), "{said}");
            assert!(!said.contains("os error") && !said.contains("Kind"), "{said}");
        }
    }

    #[test]
    fn a_lock_a_damage_and_another_version_are_told_apart() {
        let io = |text: &str| sled::Error::Io(io::Error::other(text.to_owned()));
        let lock = there().sled(&io("could not acquire lock on \"db\": Os { code: 11, kind: WouldBlock }"));
        assert!(lock.to_string().contains("out/store: cannot open the store: another process is using it"), "{lock}");
        assert!(!lock.to_string().contains("WouldBlock") && matches!(lock, Error::Store(_)), "{lock}");
        let damaged = there().sled(&sled::Error::ReportableBug("text of the library".to_owned()));
        assert!(matches!(damaged, Error::Check(_)), "{damaged}");
        assert!(damaged.to_string().contains("delete out/store and run"), "{damaged}");
        assert!(!damaged.to_string().contains("text of the library"), "{damaged}");
        let version = there().sled(&sled::Error::Unsupported("pagecache version 0.1".to_owned()));
        assert!(version.to_string().contains("another version of sled"), "{version}");
        let place = StorePlace { folder: None, ..there() };
        let nowhere = place.sled(&sled::Error::ReportableBug(String::new())).to_string();
        assert!(nowhere.contains("the sled store") && nowhere.contains("delete the folder store/"), "{nowhere}");
    }

    #[cfg(feature = "redb")]
    #[test]
    fn so_are_those_of_redb() {
        let place = StorePlace { library: "redb", ..there() };
        assert!(place.redb(&redb::Error::DatabaseAlreadyOpen).to_string().contains("another process"));
        assert!(
            matches!(place.redb(&redb::Error::Corrupted("raw".to_owned())), Error::Check(said) if !said.contains("raw"))
        );
        assert!(place.redb(&redb::Error::UpgradeRequired(1)).to_string().contains("another version of redb"));
        assert!(place.redb(&redb::Error::PreviousIo).to_string().contains("given up"));
    }

    #[cfg(feature = "fjall")]
    #[test]
    fn so_are_those_of_fjall() {
        let place = StorePlace { library: "fjall", ..there() };
        assert!(place.fjall(&fjall::Error::Locked).to_string().contains("another process"));
        assert!(matches!(place.fjall(&fjall::Error::Unrecoverable), Error::Check(said) if !said.contains("Unrec")));
        assert!(matches!(place.fjall(&fjall::Error::Storage(fjall::LsmError::Unrecoverable)), Error::Check(_)));
        assert!(place.fjall(&fjall::Error::InvalidVersion(None)).to_string().contains("another version of fjall"));
        assert!(place.fjall(&fjall::Error::Poisoned).to_string().contains("given up"));
    }

    #[test]
    fn panics_of_the_libraries_are_known_by_their_place() {
        let in_crates = |name: &str| format!("registry/src/index.crates.io-1949/{name}/src/lib.rs");
        for name in [
            "sled-0.34.7",
            "redb-4.6.0",
            "fjall-3.1.13",
            "lsm-tree-3.1.10",
            "sfa-1.0.0",
        ] {
            assert!(is_in_library(&in_crates(name)), "{name}");
        }
        for name in ["rayon-1.12.0", "sled-dog", "sfa"] {
            assert!(!is_in_library(&in_crates(name)), "{name}");
        }
        let caught: Result<()> = there().guard(|| panic::resume_unwind(Box::new(())));
        assert!(matches!(caught, Err(Error::Check(said)) if said.contains("damaged")));
    }
}
