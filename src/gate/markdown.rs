//! Markdown: a verdict for the page of a CI job, within what such a page may hold.

use std::borrow::Cow;

use super::verdict::Outcome;
use super::words::{sum, told};
use super::{Gate, Judged};

/// Bytes of the summary of a step that GitHub shows, at most; more is not shown at all.
pub const MOST_BYTES: usize = 1 << 20;

/// Characters of a name, of what a rule says, and of what was found, at most: one long text must not take the page.
const MOST_NAME: usize = 200;
const MOST_TOLD: usize = 1_000;

/// The verdict as a table, within [`MOST_BYTES`]. What stops the build comes first; what has no place is counted.
pub fn render(gate: &Gate) -> String {
    within(gate, MOST_BYTES)
}

fn within(gate: &Gate, most: usize) -> String {
    let word = match gate.outcome {
        Outcome::Passed => "passed",
        Outcome::Undecided => "is undecided",
        Outcome::Failed => "failed",
    };
    let mut text =
        format!("## The gate {word}\n\n{}\n\n| outcome | rule | what was found |\n| --- | --- | --- |\n", sum(gate));
    let mut rules: Vec<&Judged> = gate.rules.iter().collect();
    rules.sort_by_key(|rule| std::cmp::Reverse((rule.stops(), rule.outcome)));
    let left_out =
        |n: usize| format!("\n{n} more rules have no place on this page; the log and gate.json hold all of them.\n");
    let room = left_out(rules.len()).len();
    let mut without = 0;
    for rule in rules {
        let lines: Vec<String> = told(rule).iter().map(|line| cell(&cut(line, MOST_TOLD))).collect();
        let row = format!("| {} | {} | {} |\n", rule.outcome.word(), cell(&short_heading(rule)), lines.join("<br>"));
        if text.len() + row.len() + room > most {
            without += 1;
        } else {
            text += &row;
        }
    }
    match without {
        0 => text,
        n => text + &left_out(n),
    }
}

/// The name of a rule, and what it says if that is something else, each cut to what a table can hold.
fn short_heading(rule: &Judged) -> String {
    let says = cut(&rule.says, MOST_TOLD);
    if rule.says.starts_with(&rule.name) {
        says.into_owned()
    } else {
        format!("{}: {says}", cut(&rule.name, MOST_NAME))
    }
}

/// The beginning of a text that is longer than so many characters.
fn cut(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => Cow::Borrowed(text),
        Some(_) => Cow::Owned(text.chars().take(most - 1).chain(['…']).collect()),
    }
}

/// A text as it may stand in a cell: nothing in it is a mark of Markdown or of HTML.
fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '~' | '!' | '$' => out.extend(['\\', c]),
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '&' => out += "&amp;",
            // Nobody is called by a name that is quoted, and no issue is linked.
            '@' => out += "&#64;",
            c if crate::text::hidden(c) => out.push('�'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::Part;

    fn gate(rules: usize) -> Gate {
        let part = |outcome, told: &str| Part {
            path: "x".to_owned(),
            outcome,
            told: told.to_owned(),
            value: None,
            baseline: None,
            bounds: None,
            confidence: None,
            paired_replications: None,
            samples: None,
        };
        let judged = (0..rules).map(|n| Judged {
            name: format!("rule {n}"),
            says: "a | b < 5".to_owned(),
            file: None,
            outcome: if n + 1 == rules {
                Outcome::Failed
            } else {
                Outcome::Passed
            },
            undecided_fails: false,
            figures: vec![part(Outcome::Passed, "it is <b>5</b> @all")],
        });
        let rules: Vec<Judged> = judged.collect();
        Gate {
            schema_version: 1,
            outcome: Outcome::Failed,
            passed: rules.len() - 1,
            failed: 1,
            undecided: 0,
            together: true,
            rules,
        }
    }

    #[test]
    fn it_keeps_its_size_and_says_what_it_leaves_out() {
        for most in [400, 1_000, 5_000] {
            let text = within(&gate(1_000), most);
            assert!(text.len() <= most, "{} for {most}", text.len());
            assert!(text.contains("more rules have no place"), "{text}");
            assert!(text.contains("| failed | rule 999"), "what failed comes first: {text}");
        }
        assert!(!render(&gate(3)).contains("no place"));
    }

    #[test]
    fn a_long_name_is_cut_and_takes_no_place_from_the_others() {
        let mut gate = gate(3);
        gate.rules[2].name = "<".repeat(800_000);
        gate.rules[1].figures[0].told = "é".repeat(800_000);
        let text = render(&gate);
        assert!(text.contains("| rule 0: a") && text.contains("| rule 1: a") && text.len() < 5_000, "{}", text.len());
        assert!(text.contains("&lt;…: a \\| b") && text.contains("é… |") && !text.contains("no place"), "{text}");
        assert_eq!((cut("abc", 3), cut("abcd", 3)), ("abc".into(), "ab…".into()));
    }

    #[test]
    fn nothing_that_is_quoted_is_a_mark() {
        let text = render(&gate(1));
        assert!(text.contains("a \\| b &lt; 5") && text.contains("&lt;b&gt;5&lt;/b&gt; &#64;all"), "{text}");
    }
}
