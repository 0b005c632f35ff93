//! What the tests share.

use std::path::PathBuf;

use cutover::engine::{self, Replication};
use cutover::report::summary::Summary;
use cutover::scenario_file::Loaded;
use cutover::watch::Unwatched;

/// The repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A file of the repository.
pub fn read(path: &str) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A valid scenario from its text, with `KEY=VALUE` overrides.
pub fn load(text: &str, sets: &[&str]) -> Loaded {
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
    Loaded::parse("test.toml", text, &[], &sets).unwrap_or_else(|error| panic!("{error}"))
}

/// Runs a scenario in memory.
pub fn replications(loaded: &Loaded) -> Vec<Replication> {
    engine::run(&loaded.scenario, None, None, &Unwatched).unwrap_or_else(|error| panic!("{error}"))
}

/// Runs a scenario in memory and sums it up.
pub fn run(text: &str, sets: &[&str]) -> Summary {
    let loaded = load(text, sets);
    Summary::new(&loaded.scenario, &replications(&loaded))
}

/// The command line, started in `folder`.
#[cfg(feature = "cli")]
pub fn cutover(folder: &std::path::Path) -> assert_cmd::Command {
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_cutover"));
    command.current_dir(folder);
    command
}

/// Pages on what the commands do, and how.
#[cfg(feature = "cli")]
pub const GUIDES: [&str; 9] = [
    "docs/model.md",
    "docs/sizing.md",
    "docs/load.md",
    "docs/sensitivity.md",
    "docs/why.md",
    "docs/compare.md",
    "docs/sweep.md",
    "docs/calibrate.md",
    "docs/gate.md",
];

/// A scenario of the repository, by name.
pub fn scenario(name: &str) -> String {
    root().join(format!("scenarios/{name}.toml")).display().to_string()
}

/// Cases of a property test: few by default, as many as `PROPTEST_CASES` says for a long run.
pub fn cases(few: u32) -> proptest::test_runner::Config {
    let wanted = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok());
    proptest::test_runner::Config {
        cases: wanted.unwrap_or(few),
        failure_persistence: None,
        ..Default::default()
    }
}
