//! Whole runs, in a store and in memory, on any number of threads: the same bytes.

use crate::support::{cutover, scenario};

fn summary_json(dir: &std::path::Path, arguments: &[&str]) -> Vec<u8> {
    cutover(dir).arg("run").args(arguments).args(["--out", "out", "--no-report"]).assert().success();
    std::fs::read(dir.join("out/summary.json")).expect("summary.json")
}

#[test]
fn threads_and_stores_give_the_same_bytes() {
    let dir = tempfile::tempdir().expect("a folder");
    let quickstart = scenario("quickstart");
    // More accounts than a chunk holds units, so that threads share the work.
    let base = [quickstart.as_str(), "--accounts", "40000", "--replications", "2"];
    let with = |more: &[&'static str]| [&base[..], more].concat();
    let one = summary_json(dir.path(), &with(&["--threads", "1"]));
    assert_eq!(one, summary_json(dir.path(), &with(&["--threads", "2"])), "threads 1 and 2");
    assert_eq!(one, summary_json(dir.path(), &with(&["--store", "memory"])), "sled and memory");
    assert_eq!(one, summary_json(dir.path(), &with(&["--store", "memory", "--threads", "7"])), "memory, 7 threads");
    assert_ne!(one, summary_json(dir.path(), &with(&["--store", "memory", "--seed", "2"])), "another seed");
}
