//! How to extend the program: the files that `docs/extending.md` names are there, no other file names the variants, and
//! no question about a variant is asked outside of its description.

use std::fs;
use std::path::{Path, PathBuf};

fn page() -> String {
    fs::read_to_string("docs/extending.md").expect("the page")
}

/// The part of the page below a heading.
fn section<'a>(page: &'a str, heading: &str) -> &'a str {
    let start = page.find(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("no section \"{heading}\""));
    let rest = &page[start + 4..];
    rest.find("\n## ").map_or(rest, |end| &rest[..end])
}

/// Whatever looks like a path between backticks.
fn paths(text: &str) -> Vec<&str> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted.filter(|word| word.contains('/') || word.ends_with(".md") || word.ends_with(".rs")).collect()
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
}

/// The lines of code of a file: no comments, nothing from its own tests on.
fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).expect("a source file");
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Whether the code names a variant of the enum, as `Treatment::Defer` does and `Treatment::ALL` does not.
fn names_a_variant(code: &str, name: &str) -> bool {
    let pattern = format!("{name}::");
    code.match_indices(&pattern).any(|(place, _)| {
        let is_whole = !code[..place].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let mut rest = code[place + pattern.len()..].chars();
        let is_camel = rest.next().is_some_and(char::is_uppercase) && rest.next().is_some_and(char::is_lowercase);
        is_whole && is_camel
    })
}

#[test]
fn every_file_that_the_page_names_is_there() {
    let page = page();
    let named = paths(&page);
    assert!(named.len() > 25, "few paths were found: {named:?}");
    let gone: Vec<_> = named.into_iter().filter(|path| !Path::new(path).exists()).collect();
    assert!(gone.is_empty(), "docs/extending.md names what is not there: {gone:?}");
}

#[test]
fn every_file_that_names_variants_is_on_the_page() {
    let page = page();
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    for (heading, name) in [
        ("A treatment", "Treatment"),
        ("A rollout", "Rollout"),
        ("A signal", "Signal"),
        ("An attacker", "Vector"),
    ] {
        let listed = paths(section(&page, heading));
        // A folder stands for files of one's own, not for those that name other people's variants, unless it is all that
        // there is: each attacker's file names its own vector.
        let is_listed = |file: &Path| {
            let path = file.to_string_lossy();
            let in_own_folder = path.starts_with("src/journey/threat/") && name == "Vector";
            listed.contains(&path.as_ref()) || in_own_folder
        };
        let naming: Vec<_> = files.iter().filter(|file| names_a_variant(&code(file), name)).collect();
        assert!(naming.len() > 1, "{name}: few files name its variants: {naming:?}");
        let missing: Vec<_> = naming.into_iter().filter(|file| !is_listed(file)).collect();
        assert!(
            missing.is_empty(),
            "these files name variants of `{name}`: ask its description instead, or add them to \"{heading}\" in \
             docs/extending.md: {missing:?}"
        );
    }
}

#[test]
fn charts_are_drawn_where_the_page_says() {
    let page = page();
    let listed = paths(section(&page, "A chart"));
    let mut files = Vec::new();
    sources(Path::new("src/report"), &mut files);
    let drawing: Vec<_> = files.iter().filter(|file| code(file).contains("funnel::draw(")).collect();
    assert_eq!(drawing, [Path::new("src/report/charts.rs")]);
    assert!(listed.contains(&"src/report/charts.rs"));
}

/// What sets a variant apart is said once, where the compiler asks for it: not by comparing with one variant here and
/// another there, which goes on compiling when a variant is added.
#[test]
fn nobody_compares_with_single_variants() {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    let mut wrong = Vec::new();
    for file in files {
        let code = code(&file);
        let asks_macro = |name: &str| {
            let mut asked = code.split("matches!(").skip(1);
            asked.any(|rest| names_a_variant(rest.split_inclusive(')').next().unwrap_or_default(), name))
        };
        for name in ["Treatment", "Vector"] {
            let compares = ["==", "!="].iter().any(|sign| {
                let mut after = code.split(sign).skip(1);
                after.any(|rest| rest.trim_start().starts_with(&format!("{name}::")))
            });
            if compares || asks_macro(name) {
                wrong.push(format!("{}: asks which {name} it is", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "make it a field of the description (`traits`, `means`):\n{}", wrong.join("\n"));
}
