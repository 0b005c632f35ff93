//! Files on their way into a folder: whole or not at all, and never in place of what is not ours.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::manifest::{FileMark, MANIFEST, Manifest, State};
use super::{CORNER, Kind, Lock, gone, no_link};
use crate::error::{Error, Result};
use crate::process;

/// Names at the top of a folder that results have: what lies there under one of them and is not ours is in the way.
const NAMES: [&str; 10] = [
    "summary.json",
    "size.json",
    "load.json",
    "index.html",
    "run.json",
    "timeseries.csv",
    "requirements.csv",
    "shifts.csv",
    "arrivals.csv",
    MANIFEST,
];

/// How the names of folders begin in which files lie until they are in place.
const STAGED: &str = "staged-";

/// A result on its way. The folder is locked as long as this lives; nothing is in place before [`commit`](Self::commit).
#[derive(Debug)]
pub struct Files {
    folder: PathBuf,
    kind: Kind,
    run: String,
    lock: Lock,
    /// What the folder holds of ours.
    manifest: Option<Manifest>,
    /// Where files lie until they are in place.
    staged: PathBuf,
    /// Their names, and what is in them.
    added: Vec<(String, Option<FileMark>)>,
    /// Folders that were made, the inner ones first.
    made: Vec<PathBuf>,
    has_begun: bool,
}

impl Files {
    /// Takes the folder, and makes it if it is not there. Makes sure that nothing in it is in the way: no command at work,
    /// no result of another kind, and nothing that is not ours. What is there stays as it is until [`begin`](Self::begin).
    ///
    /// `run` names the run that the files are of.
    ///
    /// # Errors
    ///
    /// If something is in the way, or the folder cannot be made or written to.
    pub fn new(folder: &Path, kind: Kind, run: &str) -> Result<Self> {
        let mut made = Vec::new();
        let done = Self::take(folder, kind, run, &mut made);
        if done.is_err() {
            made.iter().for_each(|folder| drop(fs::remove_dir(folder)));
        }
        done
    }

    fn take(folder: &Path, kind: Kind, run: &str, made: &mut Vec<PathBuf>) -> Result<Self> {
        let failed = |doing: &'static str| {
            move |error| Error::file(folder, doing, format!("{error}; choose another folder with --out"))
        };
        refuse_inside(folder)?;
        made.extend(folder.ancestors().take_while(|folder| !folder.exists()).map(Path::to_owned));
        fs::create_dir_all(folder).map_err(failed("make this folder"))?;
        let lock = Lock::exclusive(folder, kind.command())?;
        let staged = folder.join(CORNER).join(format!("{STAGED}{:016x}", process::once()));
        let mut files = Self {
            folder: folder.to_owned(),
            kind,
            run: run.to_owned(),
            lock,
            manifest: None,
            staged,
            added: Vec::new(),
            made: std::mem::take(made),
            has_begun: false,
        };
        if kind != Kind::Validation {
            files.manifest = Manifest::read(folder)?;
            files.check()?;
        }
        files.tidy()?;
        // New, so that it leads nowhere else.
        fs::create_dir(&files.staged).map_err(failed("write into this folder"))?;
        Ok(files)
    }

    /// Makes sure that nothing is in the way.
    fn check(&self) -> Result<()> {
        let folder = self.folder.display();
        if let Some(manifest) = self.manifest.as_ref().filter(|manifest| manifest.kind != self.kind) {
            let (what, result) = (manifest.kind, manifest.kind.result());
            return Err(Error::Input(format!(
                "{folder}: this folder holds {what} ({result}), whose page would be overwritten: choose another --out"
            )));
        }
        let listed = self.manifest.iter().flat_map(|manifest| manifest.files.keys());
        if let Some(name) = listed.into_iter().find(|name| self.folder.join(name).is_dir()) {
            return Err(Error::Input(format!(
                "{folder}: {name} has become a folder, and a file of the report is to go there: take it away or choose \
                 another --out"
            )));
        }
        match NAMES.iter().find(|name| !self.is_ours(name) && exists(&self.folder.join(name))) {
            Some(name) => Err(Error::Input(format!(
                "{folder}: its {name} was not made by cutover, or by another version of it, and would be overwritten: \
                 choose another --out, or take it away"
            ))),
            None => no_link(&self.folder.join("charts")),
        }
    }

    fn is_ours(&self, name: &str) -> bool {
        self.manifest.as_ref().is_some_and(|manifest| name == MANIFEST || manifest.files.contains_key(name))
    }

    /// Takes away what a killed command has left on its way.
    fn tidy(&self) -> Result<()> {
        let corner = self.folder.join(CORNER);
        let failed = |error| Error::file(&corner, "look into this folder", error);
        for entry in fs::read_dir(&corner).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let is_staged = entry.file_name().to_string_lossy().starts_with(STAGED);
            if is_staged && entry.file_type().map_err(failed)?.is_dir() {
                gone(&entry.path(), fs::remove_dir_all(entry.path()))?;
            }
        }
        Ok(())
    }

    /// The run that the files are of.
    pub fn run(&self) -> &str {
        &self.run
    }

    /// Whether the folder holds something of another run, finished or not.
    pub fn holds_another_run(&self) -> bool {
        self.manifest.as_ref().is_some_and(|manifest| manifest.run != self.run)
    }

    /// Whether the folder holds something of this very run, finished or not.
    pub fn holds_this_run(&self) -> bool {
        self.manifest.as_ref().is_some_and(|manifest| manifest.run == self.run)
    }

    /// The work begins: what an earlier command has written goes, the figures first, so that whatever happens from here on
    /// nobody takes the one for the other. Files of other names stay. With `goes_on`, the files of the same run stay until
    /// the new ones replace them: they will be the same.
    ///
    /// # Errors
    ///
    /// If they cannot be removed.
    pub fn begin(&mut self, goes_on: bool) -> Result<()> {
        self.has_begun = true;
        if goes_on && self.holds_this_run() {
            return Ok(());
        }
        let mut manifest = Manifest::new(self.kind, &self.run);
        let before = self.manifest.take().map(|before| before.files).unwrap_or_default();
        manifest.files = before.keys().map(|name| (name.clone(), None)).collect();
        self.note(&mut manifest, State::UnderWay)?;
        self.remove(before.into_keys())?;
        manifest.files.clear();
        self.note(&mut manifest, State::UnderWay)?;
        self.manifest = Some(manifest);
        Ok(())
    }

    /// Removes files of ours, the figures first.
    fn remove(&self, names: impl Iterator<Item = String>) -> Result<()> {
        let mut names: Vec<String> = names.collect();
        names.sort_by_key(|name| name != self.kind.result());
        for name in names {
            let path = self.folder.join(name);
            if let Some(parent) = path.parent().filter(|parent| *parent != self.folder) {
                no_link(parent)?;
            }
            gone(&path, fs::remove_file(&path))?;
        }
        // Goes only if it is empty.
        let _ = fs::remove_dir(self.folder.join("charts"));
        Ok(())
    }

    /// Writes the manifest down.
    fn note(&self, manifest: &mut Manifest, state: State) -> Result<()> {
        manifest.state = state;
        self.stage(MANIFEST, &manifest.json()?)?;
        self.put(MANIFEST)?;
        sync_folder(&self.folder)
    }

    /// Writes a file to where it waits until all are put in place.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        self.stage(name, bytes)?;
        self.added.push((name.to_owned(), Some(FileMark::of(bytes))));
        Ok(())
    }

    /// The same for a file that tells of real time: in the manifest it has no mark, so that two manifests of one run are
    /// the same.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn add_timed(&mut self, name: &str, bytes: &[u8]) -> Result<()> {
        self.stage(name, bytes)?;
        self.added.push((name.to_owned(), None));
        Ok(())
    }

    fn stage(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.staged.join(name);
        let failed = |error| Error::file(&self.folder.join(name), "write it", error);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        let mut file = fs::File::create(&path).map_err(failed)?;
        // A name must not get to the disk before its content.
        file.write_all(bytes).and_then(|()| file.sync_data()).map_err(failed)
    }

    /// Puts all files in place, the figures last. What an earlier result of ours left and this one does not write goes.
    ///
    /// # Errors
    ///
    /// If something that is not ours lies where a file is to go, which then stays, or if a file cannot be put there.
    pub fn commit(&mut self) -> Result<()> {
        self.lock.must_hold()?;
        let before = self.manifest.as_ref().map(|before| before.files.clone()).unwrap_or_default();
        let mut manifest = Manifest::new(self.kind, &self.run);
        let mut added = std::mem::take(&mut self.added);
        added.sort_by_key(|(name, _)| name == self.kind.result());
        for (name, _) in &added {
            if !before.contains_key(name) && exists(&self.folder.join(name)) {
                return Err(Error::Input(format!(
                    "{}: this was not made by cutover and would be overwritten: take it away or choose another --out",
                    self.folder.join(name).display()
                )));
            }
        }
        let both = before.keys().chain(added.iter().map(|(name, _)| name));
        manifest.files = both.map(|name| (name.clone(), None)).collect();
        self.note(&mut manifest, State::UnderWay)?;
        self.manifest = Some(manifest.clone());
        // The old figures go before anything that they could be taken to belong to comes.
        let goes = |name: &String| name == self.kind.result() || added.iter().all(|(added, _)| added != name);
        self.remove(before.into_keys().filter(goes))?;
        self.place(&added)?;
        manifest.files = added.into_iter().collect();
        self.note(&mut manifest, State::Complete)?;
        self.manifest = Some(manifest);
        Ok(())
    }

    /// Puts all files in place, beside whatever else is in the folder, and over files of the same names.
    ///
    /// # Errors
    ///
    /// If a file cannot be put there.
    pub fn place_beside(&mut self) -> Result<()> {
        let mut added = std::mem::take(&mut self.added);
        added.sort_by_key(|(name, _)| name == self.kind.result());
        self.place(&added)
    }

    fn place(&mut self, added: &[(String, Option<FileMark>)]) -> Result<()> {
        for (name, _) in added {
            self.put(name)?;
        }
        let mut folders: Vec<&Path> = added.iter().filter_map(|(name, _)| Path::new(name).parent()).collect();
        folders.dedup();
        folders.into_iter().try_for_each(|below| sync_folder(&self.folder.join(below)))
    }

    /// Puts a file in place. A link of its name is replaced and not followed.
    fn put(&self, name: &str) -> Result<()> {
        let target = self.folder.join(name);
        let parent = target.parent().unwrap_or(&self.folder);
        if parent != self.folder {
            no_link(parent)?;
            match fs::create_dir(parent) {
                Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                    return Err(Error::file(parent, "make this folder", error));
                }
                _ => {}
            }
        }
        fs::rename(self.staged.join(name), &target)
            .map_err(|error| Error::file(&target, "put this file in place", error))
    }
}

/// A result does not go into what another one keeps for itself.
fn refuse_inside(folder: &Path) -> Result<()> {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let inside = absolute.ancestors().find(|inner| {
        let is_kept = ["store", "charts", CORNER].iter().any(|name| inner.ends_with(name));
        is_kept && inner.parent().is_some_and(|outer| exists(&outer.join(MANIFEST)))
    });
    match inside {
        Some(inner) => Err(Error::Input(format!(
            "{}: this lies in {}, which belongs to another result: choose another --out",
            folder.display(),
            inner.display()
        ))),
        None => Ok(()),
    }
}

/// Whether there is something of this name, be it a link that leads nowhere.
fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Puts the names in a folder on disk.
fn sync_folder(folder: &Path) -> Result<()> {
    if cfg!(unix) {
        fs::File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(|error| Error::file(folder, "put this folder on disk", error))
    } else {
        // Elsewhere a folder cannot be opened as a file.
        Ok(())
    }
}

impl Drop for Files {
    /// What was not put in place goes. Where nothing is kept of the command, neither stays its manifest, its lock, nor a
    /// folder that was made for it.
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.staged);
        let manifest = self.manifest.as_ref();
        if manifest.is_some_and(|manifest| !manifest.files.is_empty()) || exists(&self.folder.join("store")) {
            return;
        }
        if self.has_begun {
            let _ = fs::remove_file(self.folder.join(MANIFEST));
        }
        self.lock.erase();
        for folder in &self.made {
            let _ = fs::remove_dir(folder);
        }
    }
}
