//! Path: which figure of a result file, as in `strategies.lazy.desk.wait_s.p90`.

use std::fmt;

use crate::text::visible_line;

/// Steps from the root of a file to a figure, or from anywhere if that leaves no doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path(Vec<Step>);

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A key of a table; the name or the number of an entry of a list.
    To(String),
    /// `*`: every entry.
    Each,
}

impl Path {
    /// Reads a path: steps between points, `[3]` for an entry by its number, quotes around a name with points or gaps.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut steps = Vec::new();
        let mut step = String::new();
        let (mut is_quoted, mut was_quoted, mut in_brackets) = (false, false, false);
        let shown = visible_line(text);
        let mut close = |step: &mut String, was_quoted: &mut bool| {
            if step.is_empty() && !*was_quoted {
                return Err(format!("\"{shown}\" has an empty step: expected names between single points"));
            }
            let name = std::mem::take(step);
            let each = name == "*" && !*was_quoted;
            *was_quoted = false;
            steps.push(if each { Step::Each } else { Step::To(name) });
            Ok(())
        };
        let mut after_bracket = false;
        for (place, c) in text.char_indices() {
            match c {
                '"' => (is_quoted, was_quoted) = (!is_quoted, true),
                _ if is_quoted => step.push(c),
                '.' if after_bracket => after_bracket = false,
                '.' | '[' if !in_brackets => {
                    if !(c == '[' && (after_bracket || place == 0)) {
                        close(&mut step, &mut was_quoted)?;
                    }
                    in_brackets = c == '[';
                    after_bracket = false;
                }
                ']' if in_brackets => {
                    close(&mut step, &mut was_quoted)?;
                    (in_brackets, after_bracket) = (false, true);
                }
                '[' | ']' => return Err(format!("\"{shown}\" has brackets that do not match")),
                _ if after_bracket => {
                    return Err(format!("\"{shown}\": expected a point after the closing bracket"));
                }
                c => step.push(c),
            }
        }
        if in_brackets || is_quoted {
            return Err(format!("\"{shown}\" has a bracket or a quote that is not closed"));
        }
        if !after_bracket {
            close(&mut step, &mut was_quoted)?;
        }
        Ok(Self(steps))
    }

    /// A path of these steps.
    pub(super) fn of(steps: &[&str]) -> Self {
        Self(steps.iter().map(|step| Step::To((*step).to_owned())).collect())
    }

    /// The way to one strategy, or to each, and then on by this path.
    pub(super) fn below_strategy(&self, strategy: &str) -> Self {
        let mut steps = vec![Step::To("strategies".to_owned()), named(strategy)];
        steps.extend(self.0.iter().cloned());
        Self(steps)
    }

    /// Its steps.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// What stood between quotes, if it is one step only.
    pub(super) fn text(&self) -> Option<String> {
        match self.0.as_slice() {
            [Step::To(text)] => Some(text.clone()),
            _ => None,
        }
    }
}

impl From<Vec<Step>> for Path {
    fn from(steps: Vec<Step>) -> Self {
        Self(steps)
    }
}

/// The step to a name, or to each.
fn named(name: &str) -> Step {
    if name == "*" {
        Step::Each
    } else {
        Step::To(name.to_owned())
    }
}

/// A name as a step of a path is written.
pub(super) fn written(name: &str) -> String {
    if name.is_empty() || name.contains(|c: char| c.is_whitespace() || ".\"[]<>=!*".contains(c)) {
        format!("\"{}\"", visible_line(name))
    } else {
        visible_line(name).into_owned()
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let steps = self.0.iter().map(|step| match step {
            Step::To(name) => written(name),
            Step::Each => "*".to_owned(),
        });
        f.write_str(&steps.collect::<Vec<_>>().join("."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_and_written() {
        for (text, steps) in [
            ("desk.wait_s.p90", 3),
            ("strategies[1].name", 3),
            ("strategies.*.x", 3),
            ("a[0][1].b", 4),
            (r#"strategies."my way. 2".x"#, 3),
            ("x[2]", 2),
            ("[0].x", 2),
        ] {
            let path = Path::parse(text).expect(text);
            assert_eq!(path.steps().len(), steps, "{text}");
            assert_eq!(Path::parse(&path.to_string()), Ok(path));
        }
        for text in ["", ".", "a.", ".a", "a..b", "a[", "a]", "a[0", "a[]", "a[0]b", "\"a"] {
            assert!(Path::parse(text).is_err(), "{text}");
        }
    }
}
