//! The scenario file: read as text, with a sentence for what can be wrong with a file before a word of it is understood.

use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::error::{Error, Result};
use crate::text;

/// Bytes of a scenario file, at most. Any scenario is far smaller.
const MOST_BYTES: u64 = 16 << 20;
/// Files that are named where one was looked for in vain.
const LISTED: usize = 6;

/// The text of a scenario file.
///
/// # Errors
///
/// If there is no such file, or it is no text; the complaint says what to do.
pub fn read(path: &Path) -> Result<String> {
    let wrong = |what: String| Err(Error::Input(format!("{}: {what}", text::path(path))));
    match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return wrong(missing(path)),
        Err(error) => return wrong(format!("cannot be read: {error}")),
        Ok(kind) if kind.is_dir() => {
            let held = match scenarios(path) {
                held if held.is_empty() => "it holds no file that ends in .toml".to_owned(),
                held => format!("it holds {}", listed(path, &held)),
            };
            return wrong(format!("this is a folder, and a scenario is a file: {held}"));
        }
        Ok(_) => {}
    }
    let bytes = match crate::input::read(path, MOST_BYTES) {
        Ok(bytes) => bytes,
        Err(what) => return wrong(what),
    };
    match decoded(bytes) {
        Err(what) => wrong(what),
        Ok(text) if text.trim().is_empty() => wrong(
            "this file is empty: a scenario holds at least a line such as strategies = [\"reset-only\", \"lazy\"]; \
             scenarios/quickstart.toml is one to begin with"
                .to_owned(),
        ),
        Ok(text) => Ok(text),
    }
}

/// What to say of a file that is not there: files that could have been meant.
fn missing(path: &Path) -> String {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let wanted = stem(path.as_os_str());
    let (mut near, mut others) = (Vec::new(), Vec::new());
    for folder in [Path::new("scenarios"), folder] {
        for name in scenarios(folder) {
            let known = stem(OsStr::new(&name));
            let file = folder.join(&name);
            let file = text::path(file.strip_prefix(".").unwrap_or(&file));
            let apart = strsim::damerau_levenshtein(&known, &wanted);
            if apart <= 1 + wanted.chars().count() / 4 && !others.contains(&file) {
                near.push((apart, file.clone()));
            }
            others.push(file);
        }
    }
    near.sort();
    let what = if folder.is_dir() {
        "there is no such file".to_owned()
    } else {
        format!("there is no such file, and no folder {}", text::path(folder))
    };
    others.dedup();
    match (near.first(), others.as_slice()) {
        (Some((_, near)), _) => format!("{what}; did you mean {near}?"),
        (None, []) => format!("{what}: expected the path of a scenario file (TOML)"),
        (None, some) => format!("{what}; there are {}", joined(some)),
    }
}

fn stem(path: &OsStr) -> String {
    Path::new(path).file_stem().unwrap_or_default().to_string_lossy().to_lowercase()
}

/// Names of the files in a folder that could be scenarios, in order.
fn scenarios(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(|entry| entry.ok());
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".toml") && name != "Cargo.toml").collect();
    names.sort();
    names
}

fn listed(folder: &Path, names: &[String]) -> String {
    joined(&names.iter().map(|name| text::path(&folder.join(name))).collect::<Vec<_>>())
}

fn joined(names: &[String]) -> String {
    match names.len() {
        n if n > LISTED => format!("{} and {} more", names[..LISTED].join(", "), n - LISTED),
        _ => names.join(", "),
    }
}

/// The bytes as text, or where they are not UTF-8 and which encoding they look like.
fn decoded(bytes: Vec<u8>) -> Result<String, String> {
    let wide = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let nul = |at: usize| bytes.get(at) == Some(&0) && bytes.get(at + 2) == Some(&0);
    if wide || nul(0) || nul(1) {
        return Err("is not UTF-8 text from its first byte on; it looks like UTF-16: save it as UTF-8 \
                    (iconv -f UTF-16 -t UTF-8 OLD > NEW)"
            .to_owned());
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let line = 1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count();
        let begin = bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let byte = bytes[at];
        // In Latin-1 a byte is its character; Windows-1252 differs in 0x80 to 0x9F only.
        let reading = match byte {
            0xa0.. => format!(" (in Latin-1: “{}”)", char::from(byte)),
            _ => String::new(),
        };
        format!(
            "is not UTF-8 text: line {line}, byte {} of the line (byte {at} of the file) is 0x{byte:02X}{reading}; it looks \
             like Latin-1 or Windows-1252: save it as UTF-8 (iconv -f WINDOWS-1252 -t UTF-8 OLD > NEW)",
            at - begin + 1
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_utf8_is_found_and_guessed() {
        let latin = decoded(b"a = 1\nname = \"caf\xe9\"\n".to_vec()).expect_err("Latin-1");
        assert!(
            latin.contains("line 2, byte 12 of the line (byte 17 of the file) is 0xE9 (in Latin-1: “é”)"),
            "{latin}"
        );
        for wide in [&b"\xff\xfea\0=\0"[..], b"\xfe\xff\0a\0=", b"a\0=\0", b"\0a\0="] {
            assert!(decoded(wide.to_vec()).expect_err("UTF-16").contains("UTF-16"), "{wide:?}");
        }
        assert_eq!(decoded("ä".as_bytes().to_vec()).as_deref(), Ok("ä"));
    }
}
