//! Input files. A device or a pipe has no end, and may never answer: what is read is a regular file, of a size that can
//! be read.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

/// Reads a regular file of at most so many bytes; the complaint goes with the name of the file before it.
pub fn read(path: &Path, most_bytes: u64) -> Result<Vec<u8>, String> {
    let failed = |error: std::io::Error| format!("cannot be read: {error}");
    let metadata = fs::metadata(path).map_err(failed)?;
    if metadata.is_dir() {
        return Err("cannot be read: it is a folder, expected a file".to_owned());
    }
    if !metadata.is_file() {
        return Err("cannot be read: it is a device, a pipe or a socket, expected a regular file".to_owned());
    }
    let mut bytes = Vec::new();
    // It may grow while it is read, and the files of /proc say that they are empty.
    if metadata.len() <= most_bytes {
        File::open(path)
            .and_then(|file| file.take(most_bytes.saturating_add(1)).read_to_end(&mut bytes))
            .map_err(failed)?;
    }
    match metadata.len().max(bytes.len() as u64) {
        size if size > most_bytes => Err(format!(
            "cannot be read: it holds {:.1} MB, expected at most {:.1} MB",
            size as f64 / 1e6,
            most_bytes as f64 / 1e6
        )),
        _ => Ok(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_regular_files_of_a_size_are_read() {
        let dir = tempfile::tempdir().expect("a folder");
        let file = dir.path().join("file");
        fs::write(&file, b"12345").expect("written");
        assert_eq!(read(&file, 5).expect("read"), b"12345");
        assert!(read(&file, 4).expect_err("too long").contains("it holds 0.0 MB, expected at most"));
        assert!(read(dir.path(), 5).expect_err("a folder").contains("it is a folder"));
        assert!(read(&dir.path().join("none"), 5).expect_err("nothing").starts_with("cannot be read: "));
        #[cfg(unix)]
        assert!(read(Path::new("/dev/zero"), u64::MAX).expect_err("endless").contains("expected a regular file"));
    }

    /// What says that it is empty is still bounded.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_that_lies_about_its_size_is_bounded() {
        assert!(read(Path::new("/proc/self/maps"), 16).expect_err("longer").contains("expected at most"));
    }
}
