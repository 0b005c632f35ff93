//! What the commands say of an import, and what they must not let out.

use super::write;
use crate::support::{cutover, root, scenario};

#[test]
fn wrong_columns_and_files_are_clear_errors() {
    let dir = tempfile::tempdir().expect("a folder");
    let toml = |file: &str, column: &str| {
        format!("[population.directory]\nfile = \"{file}\"\ncolumns = {{ email = \"{column}\" }}\n")
    };
    for (file, column, part) in [
        ("export.csv", "e-mail", "names columns that are not in the file: e-mail; expected mail"),
        ("nowhere.csv", "mail", "(population.directory.file, named from the folder of the scenario)"),
        ("empty.csv", "mail", "not in the file"),
        ("twice.csv", "mail", "names columns that are in the file twice: mail; expected each title once"),
    ] {
        std::fs::write(dir.path().join("empty.csv"), "").expect("write");
        std::fs::write(dir.path().join("twice.csv"), "mail,id,mail\na@x.example,1,b@x.example\n").expect("write");
        let path = write(dir.path(), "mail\na@x.example\n", &toml(file, column));
        let assert = cutover(dir.path()).arg("run").arg(&path).assert().code(2);
        let said = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
        assert!(said.contains(part), "{part} is not in:\n{said}");
    }
}

#[test]
fn an_import_runs_explains_and_leaks_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    let assert = cutover(dir.path()).args(["run", &scenario("directory"), "--out", "out"]).assert().success();
    let said = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
    for part in [
        "1973 accounts, 0 rows left out",
        "units: household",
        "imputed for 1973 accounts: last sign-in",
    ] {
        assert!(said.contains(part), "{part} is not in:\n{said}");
    }
    cutover(dir.path()).args(["verify", "out"]).assert().success();
    let told = cutover(dir.path()).args(["explain", "out", "5"]).assert().success();
    assert!(String::from_utf8_lossy(&told.get_output().stdout).contains("line 7 of the export"));

    // Not one address, number or surname of the export may be found in anything that was written.
    let csv = std::fs::read_to_string(root().join("tests/data/ciam_synth.csv")).expect("read");
    let mut secrets: Vec<&str> = csv.lines().skip(1).flat_map(|line| line.split(',').skip(5).take(2)).collect();
    secrets.retain(|secret| secret.len() > 6);
    assert!(secrets.len() > 3_000);
    let mut files = vec![dir.path().join("out")];
    let mut looked_at = 0;
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(&path).expect("list").map(|entry| entry.expect("entry").path()));
            continue;
        }
        let bytes = std::fs::read(&path).expect("read");
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        looked_at += 1;
        for secret in secrets.iter().step_by(7) {
            assert!(!text.contains(&secret.to_lowercase()), "{secret} is in {}", path.display());
        }
    }
    assert!(looked_at > 15, "{looked_at} files");
}
