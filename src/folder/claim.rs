//! Claiming a folder inside a command's folder, for what is kept there between commands: a store. It bears a mark, and holds
//! nothing but what we put there; only then may anything in it be replaced or deleted.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

use crate::error::{Error, Result};

/// The file by which a folder is known as one of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FolderMark {
    /// Its name.
    pub name: &'static str,
    /// What it says to people.
    pub text: &'static str,
}

/// The names in a folder; none if it is not there.
///
/// # Errors
///
/// If it cannot be looked into.
pub fn names(folder: &Path) -> Result<Vec<String>> {
    let failed = |error| Error::file(folder, "look into this folder", error);
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(failed)?,
    };
    let name = |entry: std::io::Result<fs::DirEntry>| Ok(entry?.file_name().to_string_lossy().into_owned());
    let mut names = entries.map(name).collect::<std::io::Result<Vec<_>>>().map_err(failed)?;
    names.sort();
    Ok(names)
}

/// Makes a folder of ours, which nobody else may look into, or makes sure that the one there is ours: it bears the mark and
/// holds nothing but what `is_known` knows, or it is empty.
///
/// # Errors
///
/// If the folder is somebody else's or a link, or cannot be made.
pub fn claim(folder: &Path, mark: FolderMark, is_known: impl Fn(&str) -> bool) -> Result<()> {
    super::no_link(folder)?;
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            return Err(Error::file(folder, "make this folder", error));
        }
        _ => {}
    }
    check(folder, mark, is_known)?;
    let path = folder.join(mark.name);
    match fs::File::options().write(true).create_new(true).open(&path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        made => made
            .and_then(|mut file| file.write_all(mark.text.as_bytes()))
            .map_err(|error| Error::file(&path, "write it", error)),
    }
}

/// Makes sure that a folder is one of ours, with nothing in it but what is known, or that it is empty.
///
/// # Errors
///
/// If it is not.
pub fn check(folder: &Path, mark: FolderMark, is_known: impl Fn(&str) -> bool) -> Result<()> {
    let names = names(folder)?;
    let is_marked = names.iter().any(|name| name == mark.name);
    let stranger = names.iter().find(|name| *name != mark.name && !(is_marked && is_known(name)));
    match stranger {
        None => names.iter().try_for_each(|name| not_linked(&folder.join(name))),
        Some(name) => Err(Error::Input(format!(
            "{}: this folder is in the way of the store and was not made by cutover, or by another version of it: it holds \
             {name:?}{}. Choose another --out, or take it away",
            folder.display(),
            if is_marked { "" } else { " and no mark of ours" },
        ))),
    }
}

/// What is written to, read or removed under a name of ours must be a file or a folder: a link leads to others, and a pipe
/// never answers.
///
/// # Errors
///
/// If it is something else.
pub fn not_linked(path: &Path) -> Result<()> {
    match fs::symlink_metadata(path) {
        Ok(data) if !data.is_file() && !data.is_dir() => Err(Error::Input(format!(
            "{}: this is a {}, where cutover keeps files of its own: take it away or choose another --out",
            path.display(),
            if data.is_symlink() { "link" } else { "device or a pipe" }
        ))),
        _ => Ok(()),
    }
}
