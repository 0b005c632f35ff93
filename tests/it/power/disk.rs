//! What a disk may hold after a loss of power: `tests/power/disk.c` says by what rules.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::super::support::root;

/// Compiles the library that a program is run with; nothing, with a word about it, where there is no C compiler.
pub fn shim(folder: &Path) -> Option<PathBuf> {
    let library = folder.join("disk.so");
    let source = root().join("tests/power/disk.c");
    let mut compiler = Command::new("cc");
    let compiler = compiler
        .args(["-O2", "-shared", "-fPIC", "-o"])
        .arg(&library)
        .arg(&source)
        .args(["-ldl", "-lpthread"]);
    match compiler.status() {
        Ok(done) => {
            assert!(done.success(), "cc cannot compile {}", source.display());
            Some(library)
        }
        Err(error) => {
            eprintln!("SKIPPED: no loss of power is played, for there is no C compiler cc: {error}");
            None
        }
    }
}

/// Luck that can be had again.
pub struct Luck(pub u64);

impl Luck {
    /// A number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (x ^ (x >> 31)) % bound
    }

    fn hits(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// A folder as the program has left it, and its shadow.
pub struct Cut<'a> {
    pub real: &'a Path,
    pub shadow: &'a Path,
}

/// What the disk has done of what it was not made to do.
#[derive(Clone, Copy, Debug)]
pub enum Kept {
    /// Nothing.
    Nothing,
    /// So many percent of the names and of the sectors of this size, whichever luck takes.
    Some { percent: u64, sector: usize },
}

impl Cut<'_> {
    /// Writes into `image` what the disk holds below `inside`; the bytes that it has kept of its own accord.
    pub fn image(&self, inside: &str, image: &Path, kept: Kept, luck: &mut Luck) -> u64 {
        fs::create_dir_all(image).expect("a folder");
        let (real, durable) = (self.real.join(inside), self.shadow.join("tree").join(inside));
        let names: BTreeSet<String> = names(&real).chain(names(&durable)).collect();
        let mut extra = 0;
        for name in names {
            let (in_real, in_durable) = (real.join(&name), durable.join(&name));
            let (now, then) = (in_real.symlink_metadata().ok(), in_durable.symlink_metadata().ok());
            let is_kept = |luck: &mut Luck| matches!(kept, Kept::Some { percent, .. } if luck.hits(percent));
            let target = image.join(&name);
            let below = if inside.is_empty() {
                name.clone()
            } else {
                format!("{inside}/{name}")
            };
            let is_folder = now.as_ref().or(then.as_ref()).is_some_and(fs::Metadata::is_dir);
            if is_folder {
                if then.is_some() != (now.is_some() && is_kept(luck)) || (now.is_some() && then.is_some()) {
                    extra += self.image(&below, &target, kept, luck);
                }
                continue;
            }
            let synced = now.as_ref().map(|now| self.shadow.join("inodes").join(now.ino().to_string()));
            let synced_ino = synced.as_ref().and_then(|path| path.metadata().ok()).map(|data| data.ino());
            let is_same = then.as_ref().is_some_and(|then| synced_ino == Some(then.ino()));
            match (now.is_some(), then.is_some()) {
                (true, true) if is_same => extra += mix(&in_real, Some(&in_durable), &target, kept, luck),
                // Another file under the name, or a new name, or one that has gone.
                (true, _) if is_kept(luck) => extra += mix(&in_real, synced.as_deref(), &target, kept, luck),
                (false, true) if is_kept(luck) => {}
                (_, true) => drop(fs::copy(&in_durable, &target).expect("copied")),
                (_, false) => {}
            }
        }
        extra
    }
}

fn names(folder: &Path) -> impl Iterator<Item = String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.file_name().into_string().expect("a name in UTF-8"))
        .collect::<Vec<_>>()
        .into_iter()
}

/// What was synced of a file, with some of what was not; how many bytes of that.
fn mix(now: &Path, synced: Option<&Path>, target: &Path, kept: Kept, luck: &mut Luck) -> u64 {
    let mut bytes = synced.and_then(|path| fs::read(path).ok()).unwrap_or_default();
    let mut extra = 0;
    if let Kept::Some { percent, sector } = kept {
        let now = fs::read(now).expect("read");
        let length = if luck.hits(percent) { now.len() } else { bytes.len() };
        bytes.resize(length, 0);
        for (kept, wanted) in bytes.chunks_mut(sector).zip(now.chunks(sector)) {
            let common = kept.len().min(wanted.len());
            if kept[..common] != wanted[..common] && luck.hits(percent) {
                kept[..common].copy_from_slice(&wanted[..common]);
                extra += common as u64;
            }
        }
    }
    fs::write(target, bytes).expect("written");
    extra
}
