//! The document that the command writes.

use std::path::Path;

use crate::support::{cutover, root};

fn written(folder: &Path) -> Vec<(String, String)> {
    [
        "validation.md",
        "validation/wait-tail.svg",
        "validation/bank-arrivals.svg",
    ]
    .map(|name| (name.to_owned(), std::fs::read_to_string(folder.join(name)).expect("a file")))
    .into()
}

#[test]
fn the_command_writes_the_same_bytes_with_any_number_of_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |threads: &str| {
        let out = folder.path().join(threads);
        let arguments = ["validation", "--length", "0.005", "--threads", threads, "--out"];
        // So short a run is biased: whether it agrees does not matter here.
        let _ = cutover(&root()).args(arguments).arg(&out).assert();
        written(&out)
    };
    assert_eq!(run("1"), run("3"));
    cutover(&root()).args(["validation", "--length", "0"]).assert().code(2);
}
