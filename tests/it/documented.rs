//! Documents that tell the truth: every key is described, links lead somewhere, commands exist, files stay short.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::support::{GUIDES, cutover, read, root};

/// Files of the repository below `folder` with one of these endings.
fn files(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() && !["target", ".git", "store"].contains(&name.as_str()) {
                folders.push(path);
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no files with {endings:?} in {folder}");
    found
}

/// Every key that may stand in a scenario file, from its JSON Schema: `[0]` stands for any place in a list.
fn keys_of_the_schema() -> BTreeSet<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let output = cutover(folder.path()).arg("schema").assert().success();
    let schema: serde_json::Value = serde_json::from_slice(&output.get_output().stdout).expect("JSON");
    let mut keys = BTreeSet::new();
    let mut nodes = vec![(String::new(), &schema)];
    while let Some((path, node)) = nodes.pop() {
        let referred = node["$ref"].as_str().and_then(|to| schema.pointer(to.trim_start_matches('#')));
        nodes.extend(referred.map(|node| (path.clone(), node)));
        for several in ["anyOf", "oneOf", "allOf"] {
            nodes.extend(node[several].as_array().into_iter().flatten().map(|node| (path.clone(), node)));
        }
        nodes.extend(node.get("items").map(|items| (format!("{path}[0]"), items)));
        for (key, inner) in node["properties"].as_object().into_iter().flatten() {
            let dot = if path.is_empty() { "" } else { "." };
            keys.insert(format!("{path}{dot}{key}"));
            nodes.push((format!("{path}{dot}{key}"), inner));
        }
    }
    assert!(keys.len() > 500, "only {} keys", keys.len());
    keys
}

/// What a page writes between backticks, its blocks of code left out.
fn quoted(page: &str) -> BTreeSet<String> {
    let prose: Vec<&str> = page.split("```").step_by(2).collect();
    prose.iter().flat_map(|part| part.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

#[test]
fn the_page_of_keys_is_what_the_program_prints() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = cutover(folder.path()).args(["schema", "--keys"]).assert().success();
    let printed = String::from_utf8_lossy(&output.get_output().stdout).into_owned();
    let anew = "write it anew with: cargo run -- schema --keys > scenarios/KEYS.md";
    let kept = read("scenarios/KEYS.md");
    let first = kept.lines().zip(printed.lines()).find(|(kept, printed)| kept != printed);
    assert_eq!(first, None, "scenarios/KEYS.md is not what the program says; {anew}");
    assert!(kept == printed, "scenarios/KEYS.md is shorter or longer than what the program says; {anew}");
}

/// A key is told in a row or as the heading of a table; what stands in many places is told once, and linked from the row
/// of the key around it.
#[test]
fn every_key_of_the_schema_is_told_on_the_page_of_keys() {
    let page = read("scenarios/KEYS.md");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let (plain, linked): (Vec<_>, Vec<_>) = rows.partition(|(_, rest)| !rest.contains("](#"));
    let headings = page.lines().filter(|line| line.starts_with('#')).filter_map(|line| line.split_once(' '));
    let mut told: BTreeSet<&str> = headings.map(|(_, heading)| heading).collect();
    told.extend(plain.iter().chain(&linked).map(|(key, _)| *key));
    let linked: BTreeSet<&str> = linked.iter().map(|(key, _)| *key).collect();
    let is_told = |key: &str| {
        let around = key.char_indices().filter(|(_, c)| ['.', '['].contains(c)).map(|(end, _)| &key[..end]);
        told.contains(key) || around.into_iter().any(|around| linked.contains(around))
    };
    let keys = keys_of_the_schema();
    let missing: Vec<_> = keys.iter().filter(|key| !is_told(key)).collect();
    assert!(missing.is_empty(), "scenarios/KEYS.md does not tell {missing:#?}");
    assert!(
        keys.iter().filter(|key| told.contains(key.as_str())).count() > 200,
        "hardly any key is told by itself"
    );
    let stale: Vec<_> = plain.iter().filter(|(key, _)| key.contains('.') && !keys.contains(*key)).collect();
    assert!(stale.is_empty(), "scenarios/KEYS.md tells what does not exist: {stale:?}");
}

#[test]
fn documents_name_no_key_that_does_not_exist() {
    let keys = keys_of_the_schema();
    let tables: BTreeSet<&str> = keys.iter().filter_map(|key| key.split(['.', '[']).next()).collect();
    let is_key = |text: &&String| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "._[]".contains(c);
        text.contains('.') && text.chars().all(plain) && tables.contains(text.split(['.', '[']).next().unwrap_or(""))
    };
    // Figures of the desk that limits and rules may be about.
    let figures: BTreeSet<String> = cutover::sweep::figure::Figure::all().iter().map(|figure| figure.key()).collect();
    let mut seen = 0;
    for page in ["README.md", "scenarios/README.md"].into_iter().chain(GUIDES) {
        let written = quoted(&read(page));
        seen += written.iter().filter(is_key).count();
        // A path into summary.json names a strategy.
        let is_path = |key: &str| key.starts_with("strategies.") && page == "docs/gate.md";
        let is_known = |key: &&String| keys.contains(*key) || figures.contains(*key) || is_path(key);
        let stale: Vec<_> = written.iter().filter(is_key).filter(|key| !is_known(key)).collect();
        assert!(stale.is_empty(), "{page} names keys that do not exist: {stale:#?}");
    }
    assert!(seen > 20, "only {seen} keys were found");
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut seen = 0;
    for path in files("", &[".md"]) {
        let text = std::fs::read_to_string(&path).expect("a file");
        let folder = path.parent().expect("a folder");
        for target in text.split("](").skip(1).filter_map(|rest| rest.split_once(')').map(|(target, _)| target)) {
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            if target.contains("://") || target.contains(' ') {
                continue;
            }
            seen += 1;
            let linked = if file.is_empty() {
                path.clone()
            } else {
                folder.join(file)
            };
            assert!(linked.exists(), "{}: {target} leads nowhere", path.display());
            if !anchor.is_empty() {
                let text = std::fs::read_to_string(&linked).expect("a linked file");
                let found = text.lines().filter(|line| line.starts_with('#')).any(|line| slug(line) == anchor);
                assert!(found, "{}: {target} has no such heading", path.display());
            }
        }
    }
    assert!(seen > 40, "only {seen} links were found");
}

/// How to write a scenario is read in one go; whatever goes beyond belongs into KEYS.md.
#[test]
fn the_page_on_scenario_files_stays_short() {
    let bytes = read("scenarios/README.md").len();
    assert!((5_000..=15_000).contains(&bytes), "scenarios/README.md has {bytes} bytes: at most 15,000");
}

/// The anchor of a heading, as the usual renderers make it.
fn slug(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn the_readme_shows_commands_that_exist_and_figures_of_the_report_that_is_kept() {
    let readme = read("README.md");
    for command in ["cargo run --release -- run scenarios/retail.toml", "cargo test"] {
        assert!(readme.lines().any(|line| line == command), "`{command}` is not a line of the README");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let options = |command: &str| {
        let output = cutover(folder.path()).args([command, "--help"]).assert().success();
        String::from_utf8_lossy(&output.get_output().stdout).into_owned()
    };
    let lines = readme.lines().filter(|line| line.starts_with("cutover "));
    let mut commands = 0;
    for line in lines {
        let line = line.split_once(" #").map_or(line, |(command, _)| command);
        let mut words = line.split_whitespace().skip(1);
        let help = options(words.next().expect("a command"));
        for word in words {
            if let Some(option) = word.strip_prefix("--") {
                assert!(help.contains(&format!("--{option}")), "{line}: there is no --{option}");
            } else if word.ends_with(".toml") {
                assert!(root().join(word).exists(), "{line}: there is no {word}");
            }
        }
        commands += 1;
    }
    assert!(commands >= 6, "only {commands} commands");

    let summary: serde_json::Value = serde_json::from_str(&read("reports/retail/summary.json")).expect("JSON");
    for strategy in summary["strategies"].as_array().expect("strategies") {
        let lost = strategy["outcomes"]["churned"].as_f64().expect("a number").round();
        let shown = cutover::numbers::grouped(lost);
        assert!(readme.contains(&shown), "the README does not say that {} lose {shown} customers", strategy["name"]);
    }
}

#[test]
fn files_have_one_idea_and_name_no_machine() {
    for path in files("src", &[".rs"]).into_iter().chain(files("tests", &[".rs"])) {
        let text = std::fs::read_to_string(&path).expect("a file");
        assert!(text.lines().count() <= 600, "{} has more than 600 lines", path.display());
        assert!(text.starts_with("//!"), "{} does not say what it is about", path.display());
    }
    let home = ["/ho", "me/"].concat();
    for path in files("", &[".rs", ".md", ".toml", ".html", ".json", ".sh"]) {
        let text = std::fs::read_to_string(&path).expect("a file");
        let here = root().display().to_string();
        for machine in [home.as_str(), here.as_str()] {
            assert!(!text.contains(machine), "{} names {machine}", path.display());
        }
    }
}

#[test]
fn every_kept_report_is_in_the_index() {
    let index = read("reports/README.md");
    for entry in std::fs::read_dir(root().join("reports")).expect("reports") {
        let path = entry.expect("an entry").path();
        let kept = path.is_dir() && Path::new(&path).join("summary.json").exists() && is_kept(&path);
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        assert!(!kept || index.contains(&format!("]({name}/)")), "reports/{name}/ is not in reports/README.md");
    }
}

/// Whether a report belongs to the repository: reports that the reader has made are theirs.
fn is_kept(report: &Path) -> bool {
    let name = report.file_name().unwrap_or_default().to_string_lossy().into_owned();
    read(".gitignore").lines().any(|line| line == format!("!/reports/{name}/"))
}
