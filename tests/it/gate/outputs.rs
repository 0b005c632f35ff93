//! The command: its exit codes, its outputs, and the files for pipelines, run as they stand.

use std::path::Path;

use cutover::gate::rules::Rules;
use serde_json::Value;

use super::{CHURNED, Folder, TAKEN, summary};
use crate::support::{cutover, read, root, scenario};

/// A folder with a summary of five replications, and of one.
fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("now/summary.json", &summary(&CHURNED, &TAKEN).to_string());
    folder.write("one/summary.json", &summary(&[100.0], &[10.0]).to_string());
    folder
}

fn code(folder: &Folder, arguments: &[&str]) -> (i32, String, String) {
    let output = cutover(folder.path()).arg("gate").args(arguments).output().expect("started");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_exit_code_says_what_the_build_should_do() {
    let folder = folder();
    let rules = |check: &str, undecided: &str| {
        format!("strategy = \"lazy\"\n[[rule]]\ncheck = \"{check}\"\nundecided = \"{undecided}\"\n")
    };
    for (check, undecided, file, wanted) in [
        ("churned < 200 with 95 %", "pass", "now", 0),
        ("churned < 50 with 95 %", "pass", "now", 1),
        ("churned < 200 with 95 %", "pass", "one", 0),
        ("churned < 200 with 95 %", "fail", "one", 2),
        ("churned < 200 wiht 95 %", "fail", "now", 2),
        ("churned < 200", "fail", "none", 2),
    ] {
        folder.write("gate.toml", &rules(check, undecided));
        let (got, said, error) = code(&folder, &["gate.toml", file]);
        assert_eq!(got, wanted, "{check} of {file}: {said}{error}");
    }
    for wrong in [
        &["none.toml", "now"] as &[&str],
        &["now", "now"],
        &["gate.toml", "now", "--baseline", "none"],
        &["gate.toml", "now", "--against", "none"],
        &["gate.toml", "now", "--json", "-", "--markdown", "-"],
        &["gate.toml", "now", "--most-pairs", "1"],
    ] {
        folder.write("gate.toml", &rules("churned not worse than baseline", "pass"));
        assert_eq!(code(&folder, wrong).0, 2, "{wrong:?}");
    }
    assert_eq!(code(&folder, &["gate.toml", "now", "--json", "no/folder/gate.json"]).0, 3);
}

/// Names that mean something in XML, in Markdown or on a terminal.
const HOSTILE: &str = r#"
strategy = "lazy"
[[rule]]
name = "]]> <b>&amp; | `code` @all ![x](y) Ünï 🏽"
check = "churned < 50"
[[rule]]
name = "kept"
check = "churned < 500"
[[rule]]
name = "open"
check = "wait_s.p90 < 500 with 95 %"
[[rule]]
name = "open, and stops"
check = "wait_s.p90 < 500 with 95 %"
undecided = "fail"
"#;

#[test]
fn the_verdict_is_written_in_four_forms_with_the_same_bytes_each_time() {
    let folder = folder();
    folder.write("gate.toml", HOSTILE);
    let all = [
        "gate.toml",
        "now",
        "--json",
        "gate.json",
        "--junit",
        "gate.xml",
        "--markdown",
        "gate.md",
    ];
    let (exit, said, _) = code(&folder, &all);
    assert_eq!(exit, 1);
    assert!(said.contains("4 rules: 1 passed, 1 failed, 2 undecided, of which 1 stop the build."), "{said}");
    assert!(said.contains("churned is 100; wanted < 50"), "{said}");
    let written = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect(name);

    let xml = written("gate.xml");
    let tree = roxmltree::Document::parse(&xml).unwrap_or_else(|error| panic!("{error}: {xml}"));
    let suite = tree.descendants().find(|node| node.has_tag_name("testsuite")).expect("a suite");
    let counts = ["tests", "failures", "errors", "disabled"].map(|name| suite.attribute(name));
    assert_eq!(counts[..3], [Some("4"), Some("1"), Some("1")], "{xml}");
    let cases = tree.descendants().filter(|node| node.has_tag_name("testcase"));
    let names: Vec<&str> = cases.filter_map(|case| case.attribute("name")).collect();
    assert_eq!(names[0], "]]> <b>&amp; | `code` @all ![x](y) Ünï 🏽");
    assert_eq!(tree.descendants().filter(|node| node.has_tag_name("skipped")).count(), 1);

    let json: Value = serde_json::from_str(&written("gate.json")).expect("JSON");
    assert_eq!((&json["outcome"], &json["failed"], &json["undecided"]), (&"failed".into(), &1.into(), &2.into()));
    assert_eq!(json["rules"][0]["figures"][0]["value"], 100.0);

    let markdown = written("gate.md");
    assert!(markdown.contains("## The gate failed") && markdown.contains("\\`code\\` &#64;all"), "{markdown}");

    let before = (xml.clone(), written("gate.json"), markdown.clone());
    code(&folder, &all);
    assert_eq!(before, (written("gate.xml"), written("gate.json"), written("gate.md")));
    for (form, wanted) in [
        ("--json", before.1.clone()),
        ("--junit", xml.clone()),
        ("--markdown", markdown.clone()),
    ] {
        assert_eq!(code(&folder, &["gate.toml", "now", form, "-"]).1, wanted);
    }
}

#[test]
fn a_page_of_a_job_stays_within_its_limit() {
    let folder = folder();
    // Each of these takes five bytes on a page of Markdown.
    let (name, gap) = ("&".repeat(300), " ".repeat(100));
    let rules: String = (0..1_000)
        .map(|n| format!("[[rule]]\nname = \"{n} {name}\"\ncheck = \"accounts{gap}> 5\"\n"))
        .collect();
    folder.write("gate.toml", &rules);
    let (exit, page, error) = code(&folder, &["gate.toml", "now", "--markdown", "-"]);
    assert_eq!(exit, 0, "{error}");
    assert!(page.len() <= 1 << 20 && page.len() > 1 << 19, "{} bytes", page.len());
    assert!(page.contains("more rules have no place on this page"), "{}", &page[page.len() - 200..]);
}

#[test]
fn nothing_that_is_read_is_written_over_and_each_output_has_a_file() {
    let folder = folder();
    let text = "[[rule]]\ncheck = \"strategies.lazy.churned not worse than baseline\"\n[[rule]]\nsamples = \"times.json\"\n\
                slower = \"10 %\"\n";
    folder.write("gate.toml", text);
    folder.write("times.json", "[1.0, 1.1, 1.2]");
    #[cfg(unix)]
    std::os::unix::fs::symlink("now/summary.json", folder.path().join("link")).expect("a link");
    #[cfg(not(unix))]
    folder.write("link", "");
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect(name);
    let names = ["gate.toml", "times.json", "now/summary.json", "one/summary.json"];
    let before = names.map(read);
    for (outputs, said) in [
        (&["--json", "now/summary.json"] as &[&str], "--json now/summary.json: the gate reads this file"),
        (&["--markdown", "gate.toml"], "--markdown gate.toml: the gate reads this file"),
        (&["--junit", "one/../one/summary.json"], "the gate reads this file"),
        (&["--junit", "times.json"], "the gate reads this file"),
        (&["--json", "out", "--markdown", "./out"], "--json writes to this file already"),
        #[cfg(unix)]
        (&["--json", "link"], "the gate reads this file"),
    ] {
        let all: Vec<&str> = ["gate.toml", "now", "--baseline", "one"].iter().chain(outputs).copied().collect();
        let (exit, _, error) = code(&folder, &all);
        assert_eq!(exit, 2, "{outputs:?}: {error}");
        assert!(error.contains(said), "{outputs:?}: {error}");
    }
    assert_eq!(names.map(read), before);
    // An earlier verdict is replaced, and nothing is left beside it.
    folder.write("gate.toml", "[[rule]]\ncheck = \"accounts > 5\"\n");
    folder.write("out", &"x".repeat(100_000));
    assert_eq!(code(&folder, &["gate.toml", "now", "--json", "out"]).0, 0);
    assert!(read("out").starts_with('{'), "{}", read("out"));
    let mut left = std::fs::read_dir(folder.path()).expect("a folder").filter_map(Result::ok);
    assert!(left.all(|entry| !entry.file_name().to_string_lossy().starts_with(".cutover-")));
}

#[cfg(unix)]
#[test]
fn a_program_that_does_not_end_is_ended_with_what_it_has_started() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    folder.write("gate.toml", "[[rule]]\ntime = [\"x\"]\nslower = \"10 %\"\n");
    let script = folder.write("hang.sh", "#!/bin/sh\nsleep 300 &\necho $! > started\nwait\n");
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).expect("set");
    let (exit, _, error) = code(&folder, &["gate.toml", "--against", "hang.sh", "--longest", "1"]);
    assert_eq!(exit, 3, "{error}");
    assert!(error.contains("hang.sh x: it has not ended after 1 s") && error.contains("--longest"), "{error}");
    let started = std::fs::read_to_string(folder.path().join("started")).expect("it was started");
    let stat = format!("/proc/{}/stat", started.trim());
    // What was killed may still be waited for by somebody.
    let is_gone = || !std::fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z"));
    for _ in 0..100 {
        if is_gone() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("{stat} is still there");
}

#[test]
fn programs_are_run_in_turn_and_one_that_fails_is_told() {
    let folder = folder();
    let program = Path::new(env!("CARGO_BIN_EXE_cutover")).display().to_string();
    folder.write("gate.toml", "[[rule]]\ntime = [\"schema\", \"--keys\"]\nslower = \"1000 %\"\n");
    let few = ["gate.toml", "--against", program.as_str(), "--most-pairs", "12"];
    let (exit, said, error) = code(&folder, &few);
    assert_eq!(exit, 0, "{said}{error}");
    assert!(said.contains("12 samples of each"), "{said}");
    folder.write("gate.toml", "[[rule]]\ntime = [\"run\", \"none.toml\"]\nslower = \"10 %\"\n");
    let (exit, _, error) = code(&folder, &few);
    assert_eq!(exit, 3);
    assert!(error.contains("it is not timed") && error.contains("none.toml"), "{error}");
}

/// What stands between `# begin` and `# end` in a file for a pipeline.
fn block(file: &str) -> String {
    let text = read(file);
    let inside = text.split("# begin\n").nth(1).and_then(|rest| rest.split("# end").next()).expect("a block");
    inside.lines().map(|line| line.trim().to_owned() + "\n").collect()
}

#[cfg(unix)]
#[test]
fn the_files_for_pipelines_do_what_they_say() {
    let folder = Folder::new();
    folder.write("gate.toml", &read("deploy/ci/gate.toml").replace("5 min", "5 d").replace("< 10 %", "<= 100 %"));
    let program = Path::new(env!("CARGO_BIN_EXE_cutover")).parent().expect("a folder").display().to_string();
    let path = format!("{program}:{}", std::env::var("PATH").unwrap_or_default());
    for file in ["deploy/ci/github-actions.yml", "deploy/ci/gitlab-ci.yml"] {
        let run = || {
            let mut shell = std::process::Command::new("sh");
            shell.args(["-euc", &block(file)]).current_dir(folder.path()).env("PATH", &path);
            shell.env("SCENARIO", scenario("tiny")).env("RULES", "gate.toml").env("SUMMARY", "summary.md");
            let output = shell.output().expect("a shell");
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(output.status.success(), "{file}: {said}{}", String::from_utf8_lossy(&output.stderr));
            said
        };
        let _ = std::fs::remove_dir_all(folder.path().join("baseline"));
        let first = run();
        assert!(first.contains("there is no baseline yet"), "{first}");
        std::fs::create_dir(folder.path().join("baseline")).expect("made");
        std::fs::copy(folder.path().join("now/summary.json"), folder.path().join("baseline/summary.json"))
            .expect("kept");
        // The same scenario and program: each difference is nothing, and shown to be.
        let second = run();
        assert!(second.contains("2 replications with the same luck"), "{second}");
        assert!(second.contains("5 rules: 5 passed."), "{second}");
        for made in ["gate.json", "gate.xml", "summary.md"] {
            assert!(folder.path().join(made).exists(), "{file} makes no {made}");
        }
    }
}

#[test]
fn rules_that_are_kept_in_the_repository_can_be_read() {
    for (file, most) in [(".ci/gate.toml", 10), (".ci/time.toml", 3), ("deploy/ci/gate.toml", 5)] {
        let rules = Rules::load(&root().join(file)).unwrap_or_else(|error| panic!("{error}"));
        assert!(rules.rules.len() >= most, "{file} has {} rules", rules.rules.len());
    }
    // Those on the page are rules too.
    let page = read("docs/gate.md");
    let blocks = page.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
    for block in blocks {
        Rules::parse("docs/gate.md", block).unwrap_or_else(|error| panic!("{error}"));
    }
}
