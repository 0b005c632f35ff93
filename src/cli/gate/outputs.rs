//! Outputs: where a verdict is written: never over what it is judged by, and whole or not at all.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::process;
use crate::text;

/// Makes sure that no output, by its option, is one of the files that are read, or another output.
pub(super) fn must_be_apart(outputs: &[(&str, &Path)], inputs: &[PathBuf]) -> Result<()> {
    let read: Vec<PathBuf> = inputs.iter().filter_map(|path| place(path)).collect();
    let mut taken: Vec<(PathBuf, &str)> = Vec::new();
    for (option, path) in outputs {
        let Some(place) = place(path) else { continue };
        let shown = text::path(path);
        if read.contains(&place) {
            return Err(Error::Input(format!(
                "{option} {shown}: the gate reads this file, and would write over it: expected another one"
            )));
        }
        if let Some((_, other)) = taken.iter().find(|(known, _)| *known == place) {
            return Err(Error::Input(format!(
                "{option} {shown}: {other} writes to this file already: expected a file for each"
            )));
        }
        taken.push((place, *option));
    }
    Ok(())
}

/// Where a file is, whatever it is called; `None` for what is no file, such as a device, or has no folder.
fn place(path: &Path) -> Option<PathBuf> {
    match fs::canonicalize(path) {
        Ok(whole) => whole.is_file().then_some(whole),
        Err(_) => {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            Some(fs::canonicalize(folder).ok()?.join(path.file_name()?))
        }
    }
}

/// Writes a file: beside its place first, so that it is there whole or stays as it was.
pub(super) fn write(path: &Path, text: &str) -> Result<()> {
    let failed = |error: std::io::Error| Error::file(path, "be written", error);
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let there = fs::metadata(&target).ok();
    let is_special = ["/dev", "/proc"].iter().any(|folder| path.starts_with(folder));
    // A device or a pipe keeps its place.
    if is_special || there.as_ref().is_some_and(|there| !there.is_file()) {
        return fs::write(path, text).map_err(failed);
    }
    let aside = target.with_file_name(format!(".cutover-{:016x}", process::once()));
    let written = File::create_new(&aside).and_then(|mut file| {
        if let Some(there) = &there {
            file.set_permissions(there.permissions())?;
        }
        // A name must not get to the disk before its content.
        file.write_all(text.as_bytes()).and_then(|()| file.sync_data())
    });
    let Err(error) = written.and_then(|()| fs::rename(&aside, &target)) else {
        return Ok(());
    };
    let _ = fs::remove_file(&aside);
    // A file that is mounted, or whose folder is closed, cannot be replaced.
    let is_fixed = matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ResourceBusy);
    if is_fixed && there.is_some() {
        return fs::write(&target, text).map_err(failed);
    }
    Err(failed(error))
}
