//! Sentences that a reader must read twice: none has more than 35 words, in the documents and in what a report says.

use super::support::{GUIDES, cutover, read, scenario};

/// Most words of a sentence.
const MOST: usize = 35;

/// Documents for people, beside the guides. Tables, code, formulas and headings in them are not sentences.
const DOCUMENTS: &[&str] = &[
    "README.md",
    "scenarios/README.md",
    "reports/README.md",
    "reports/BIAS.md",
    "benches/README.md",
    "docs/validation.md",
    "docs/extending.md",
    "scenarios/call-centre/README.md",
];

/// Paragraphs and list items of a Markdown text.
fn paragraphs(markdown: &str) -> Vec<String> {
    let prose: Vec<&str> = markdown.split("```").step_by(2).collect();
    let prose = prose.join("\n\n");
    let prose: Vec<&str> = prose.split("$$").step_by(2).collect();
    let mut paragraphs = vec![String::new()];
    for line in prose.join("\n\n").lines().map(str::trim) {
        let item = line
            .strip_prefix("- ")
            .or_else(|| line.split_once(". ").filter(|(n, _)| is_number(n)).map(|(_, rest)| rest));
        if line.is_empty() || line.starts_with(['|', '#', '!']) {
            paragraphs.push(String::new());
        } else if let Some(item) = item {
            paragraphs.push(item.to_owned());
        } else if let Some(last) = paragraphs.last_mut() {
            *last = format!("{last} {line}");
        }
    }
    paragraphs
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit())
}

/// A paragraph in which code and formulas are one word, and links are their text.
fn plain(paragraph: &str) -> String {
    let one_word = |text: String, mark: char, word: &str| -> String {
        let parts = text.split(mark).enumerate();
        parts.map(|(place, part)| if place % 2 == 0 { part } else { word }).collect()
    };
    let text = one_word(one_word(paragraph.to_owned(), '`', "code"), '$', "formula");
    let mut kept = String::new();
    let mut rest = text.as_str();
    while let Some((before, link)) = rest.split_once("](") {
        kept += before;
        rest = link.split_once(')').map_or("", |(_, after)| after);
    }
    kept + rest
}

/// Paragraphs, list items and captions of an HTML page or of a template, what stands in tables left out.
fn texts(html: &str) -> Vec<String> {
    let without = |html: &str, from: &str, to: &str, instead: &str| {
        let mut parts = html.split(from);
        let mut kept = parts.next().unwrap_or("").to_owned();
        for part in parts {
            kept += instead;
            kept += part.split_once(to).map_or("", |(_, after)| after);
        }
        kept
    };
    let html = without(html, "<style>", "</style>", "");
    let html = without(&html, "<svg", "</svg>", "");
    let html = without(&html, "<table", "</table>", "\n\n");
    let html = without(&html, "{%", "%}", "");
    let mut html = without(&html, "{{", "}}", " value ");
    for tag in [
        "p",
        "li",
        "dt",
        "dd",
        "h1",
        "h2",
        "h3",
        "strong><ul",
        "nav",
        "a",
        "summary",
        "figcaption",
    ] {
        html = html.replace(&format!("</{tag}>"), "\n\n");
    }
    let html = html.replace("<ul>", "\n\n");
    without(&html, "<", ">", "").split("\n\n").map(str::to_owned).collect()
}

/// Sentences of a paragraph that have too many words.
fn too_long(paragraph: &str) -> Vec<String> {
    let mut sentences = vec![Vec::new()];
    for word in paragraph.split_whitespace() {
        if let Some(sentence) = sentences.last_mut() {
            sentence.push(word);
        }
        if word.trim_end_matches([')', '"', '”', '*', '\'']).ends_with(['.', '!', '?']) {
            sentences.push(Vec::new());
        }
    }
    let words = |sentence: &[&str]| sentence.iter().filter(|word| word.chars().any(char::is_alphanumeric)).count();
    let long = sentences.into_iter().filter(|sentence| words(sentence) > MOST);
    long.map(|sentence| format!("{} words: {}", words(&sentence), sentence.join(" "))).collect()
}

#[test]
fn what_is_too_long_is_seen() {
    let words = |n: usize| "word ".repeat(n);
    assert!(too_long(&format!("{}end. {}end.", words(34), words(34))).is_empty());
    assert_eq!(too_long(&format!("{}end.", words(35))).len(), 1);
    let markdown =
        format!("- One.\n- {}\n  {}\n\n| {} |\n\n```\n{}\n```\n", words(20), words(20), words(40), words(40));
    let long: Vec<String> = paragraphs(&markdown).iter().flat_map(|text| too_long(text)).collect();
    assert_eq!(long.len(), 1, "{long:?}");
    let html = format!("<p>{} <em>{}</em></p><table><td>{}</td></table>", words(20), words(20), words(40));
    let long: Vec<String> = texts(&html).iter().flat_map(|text| too_long(text)).collect();
    assert_eq!(long.len(), 1, "{long:?}");
}

#[test]
fn no_sentence_of_a_document_is_too_long() {
    for document in DOCUMENTS.iter().copied().chain(GUIDES) {
        let paragraphs = paragraphs(&read(document));
        assert!(paragraphs.iter().filter(|text| text.contains(' ')).count() > 3, "{document} has hardly any text");
        let long: Vec<String> = paragraphs.iter().flat_map(|text| too_long(&plain(text))).collect();
        assert!(long.is_empty(), "{document}: more than {MOST} words in\n{}", long.join("\n"));
    }
}

#[test]
fn no_sentence_of_a_plan_of_agents_is_too_long() {
    let folder = tempfile::tempdir().expect("a folder");
    let size = cutover(folder.path())
        .args(["size", &scenario("quickstart"), "--accounts", "5000"])
        .assert()
        .success();
    let said = String::from_utf8_lossy(&size.get_output().stdout).into_owned();
    let lines: Vec<&str> = said.split('\n').filter(|line| !line.contains("  ")).collect();
    assert!(lines.iter().any(|line| line.contains("At the peak, reset-only needs")), "no headline in {said}");
    let long: Vec<String> = lines.iter().flat_map(|text| too_long(text)).collect();
    assert!(long.is_empty(), "more than {MOST} words in\n{}", long.join("\n"));
}

#[test]
fn no_sentence_of_a_report_is_too_long() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = cutover(folder.path()).args(["run", &scenario("tiny"), "--out", "out"]).assert().success();
    let said = String::from_utf8_lossy(&run.get_output().stdout).into_owned();
    let page = std::fs::read_to_string(folder.path().join("out/index.html")).expect("a page");
    // Tables on the terminal have gaps of several spaces.
    let mut all: Vec<String> = said.split('\n').filter(|line| !line.contains("  ")).map(str::to_owned).collect();
    assert!(all.iter().any(|line| line.contains("costs")), "no verdict in {said}");
    all.extend(texts(&page));
    for template in ["report.html", "size.html", "load.html"] {
        all.extend(texts(&read(&format!("templates/{template}"))));
    }
    assert!(all.iter().filter(|text| text.contains(' ')).count() > 60, "hardly any text");
    let long: Vec<String> = all.iter().flat_map(|text| too_long(text)).collect();
    assert!(long.is_empty(), "more than {MOST} words in\n{}", long.join("\n"));
}
