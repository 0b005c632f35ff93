//! Complaints about a scenario, each shown at its place in the file.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::source::{Problem, Text};
use crate::text::cut_numbers;

/// Renders all problems, one after the other, each with file, line, key, and what is allowed.
pub fn render(texts: &[Text], problems: &[Problem]) -> String {
    let (reports, hidden) = reports(texts, problems, &Level::ERROR);
    let more = match hidden {
        0 => String::new(),
        n => format!(" ({n} of them not shown)"),
    };
    let count = match reports.len() + hidden {
        1 => "1 problem".to_owned(),
        n => format!("{n} problems"),
    };
    format!("{}\n\n{count}{more}; nothing was run.", reports.join("\n\n"))
}

/// Renders all warnings in the same manner; empty if there are none.
pub fn render_warnings(texts: &[Text], warnings: &[Problem]) -> String {
    let (reports, hidden) = reports(texts, warnings, &Level::WARNING);
    let mut text: String = reports.iter().map(|report| format!("{report}\n\n")).collect();
    if hidden > 0 {
        text += &format!("{hidden} more warnings of this kind.\n\n");
    }
    text
}

/// So many are shown: who has read these mends them first.
const SHOWN: usize = 30;

/// The first of the reports, each once, and how many problems are left.
fn reports(texts: &[Text], problems: &[Problem], level: &Level<'static>) -> (Vec<String>, usize) {
    let renderer = Renderer::plain();
    let mut reports: Vec<String> = Vec::new();
    for (place, problem) in problems.iter().enumerate() {
        if reports.len() == SHOWN {
            return (reports, problems.len() - place);
        }
        let message = cut_numbers(&problem.message);
        let title = match problem.key.as_str() {
            "" => message.into_owned(),
            key => format!("{key}: {message}"),
        };
        let report = match &problem.origin {
            Some(origin) if origin.text < texts.len() => {
                let text = &texts[origin.text];
                let end = origin.span.end.clamp(origin.span.start, text.text.len());
                // A table of many lines is pointed at by its first line.
                let first_line = text.text[origin.span.start..end].find('\n');
                let span = origin.span.start..first_line.map_or(end, |line| origin.span.start + line);
                let snippet = Snippet::source(text.text.as_str())
                    .path(text.name.as_str())
                    .annotation(AnnotationKind::Primary.span(span));
                renderer.render(&[level.clone().primary_title(title.as_str()).element(snippet)])
            }
            _ => renderer.render(&[Group::with_title(level.clone().primary_title(title.as_str()))]),
        };
        if !reports.contains(&report) {
            reports.push(report);
        }
    }
    (reports, 0)
}
