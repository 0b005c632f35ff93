//! Files: result files, each read once; and where the same file of the baseline is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use crate::text;

/// Bytes of a result file, at most.
const MOST_BYTES: u64 = 512 << 20;

/// Files with all figures, by their names; the first that a folder holds is the one that is meant.
const NAMES: [&str; 6] = [
    "summary.json",
    "size.json",
    "load.json",
    "sensitivity.json",
    "estimates.json",
    "new/estimates.json",
];

/// Result files that were read.
#[derive(Debug, Default)]
pub(super) struct Library {
    read: BTreeMap<PathBuf, Result<Arc<Value>, String>>,
}

impl Library {
    /// The content of a file, or of the one with all figures in a folder.
    ///
    /// # Errors
    ///
    /// If there is none, or it is no JSON.
    pub(super) fn read(&mut self, path: &Path) -> Result<Arc<Value>, String> {
        let path = within(path)?;
        self.read.entry(path.clone()).or_insert_with(|| content(&path)).clone()
    }
}

fn content(path: &Path) -> Result<Arc<Value>, String> {
    let wrong = |what: &str| format!("{}: {what}", text::path(path));
    let bytes = crate::input::read(path, MOST_BYTES).map_err(|what| wrong(&what))?;
    let read = serde_json::from_slice(&bytes);
    read.map(Arc::new).map_err(|error| wrong(&format!("this is no JSON: {error}")))
}

/// The file that a path means: itself, or the one with all figures in a folder.
///
/// # Errors
///
/// If there is none.
pub(super) fn within(path: &Path) -> Result<PathBuf, String> {
    let shown = text::path(path);
    if !path.exists() {
        return Err(format!("{shown}: there is no such file or folder"));
    }
    if !path.is_dir() {
        return Ok(path.to_owned());
    }
    if let Some(known) = NAMES.iter().map(|name| path.join(name)).find(|file| file.is_file()) {
        return Ok(known);
    }
    // A command of which nothing is known here writes one such file beside its manifest.
    let entries = std::fs::read_dir(path).map_err(|error| format!("{shown}: cannot be read: {error}"))?;
    let json = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).filter(|file| {
        let is_json = file.extension().is_some_and(|extension| extension == "json");
        is_json && file.file_name().is_some_and(|name| name != crate::folder::MANIFEST)
    });
    match json.collect::<Vec<_>>().as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(format!("{shown}: this folder holds no result file, such as summary.json")),
        _ => Err(format!("{shown}: this folder holds several files of JSON: name the one that is meant")),
    }
}

/// Where the baseline of a result file is: the baseline itself if it is a file; below its folder at the same path, or by
/// the same name, or the file with all figures that the folder holds.
///
/// # Errors
///
/// If it is nowhere.
pub(super) fn baseline(of: &Path, baseline: &Path) -> Result<PathBuf, String> {
    within(&baseline_place(of, baseline))
}

/// The same without a look into a folder that is found.
pub(super) fn baseline_place(of: &Path, baseline: &Path) -> PathBuf {
    if !baseline.is_dir() {
        return baseline.to_owned();
    }
    let name = of.file_name().map(|name| baseline.join(name));
    let mut places = [Some(baseline.join(of)), name].into_iter().flatten();
    places.find(|place| place.exists() && place != of).unwrap_or_else(|| baseline.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_baseline_of_a_file_is_at_its_path_or_by_its_name() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = |path: &str| {
            let path = dir.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(&path, "{\"a\": 1}").expect("written");
            path
        };
        let base = dir.path().join("base");
        let same_path = file("base/out/run/summary.json");
        let by_name = file("base/size.json");
        assert_eq!(baseline(Path::new("out/run/summary.json"), &base), Ok(same_path.clone()));
        assert_eq!(baseline(Path::new("out/run"), &base), Ok(same_path.clone()));
        assert_eq!(baseline(Path::new("elsewhere/size.json"), &base), Ok(by_name.clone()));
        assert_eq!(baseline(Path::new("x/summary.json"), &base.join("out/run")), Ok(same_path));
        assert_eq!(baseline(Path::new("x/summary.json"), &by_name), Ok(by_name));
        assert!(baseline(Path::new("x"), &dir.path().join("none")).is_err());
        let mut library = Library::default();
        assert!(library.read(&base.join("out/run")).is_ok());
        let broken = file("broken.json");
        std::fs::write(&broken, "{").expect("written");
        assert!(library.read(&broken).expect_err("broken").contains("this is no JSON"));
    }
}
