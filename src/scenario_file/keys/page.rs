//! The reference of keys as a page.

use std::fmt::Write as _;

use super::{Key, Reference, Table};

const HEAD: &str = "# Keys of the scenario file

This page is written by `cutover schema --keys`: change the program, not the page. [How a scenario is written](README.md)
is told beside it.

- `[0]` stands for any place in a list.
- \"Must be given\" holds if the table around the key is written at all and no preset brings the key.
- A number without a limit may be up to 1e12, so that it stays finite.
- The last column says how well the default is known ([grades](README.md#how-a-file-is-read)), and from where.
- What stands in many places is told once, under [kinds of value](#kinds-of-value).

";

impl Reference {
    /// The page, in Markdown.
    pub fn page(&self) -> String {
        let mut page = HEAD.to_owned();
        for table in &self.tables {
            let level = if table.name.contains('.') { "###" } else { "##" };
            let title = if table.name.is_empty() {
                "Top level"
            } else {
                &table.name
            };
            section(&mut page, level, title, table);
        }
        page += "## Kinds of value\n\n";
        for kind in &self.kinds {
            section(&mut page, "###", &first_upper(&kind.name), kind);
        }
        page.truncate(page.trim_end().len());
        page + "\n"
    }
}

/// The anchor of a heading, as the usual renderers make it.
pub(super) fn slug(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).flat_map(char::to_lowercase).collect()
}

fn section(page: &mut String, level: &str, title: &str, table: &Table) {
    let _ = writeln!(page, "{level} {title}\n");
    if !table.meaning.is_empty() && !table.name.is_empty() {
        let _ = writeln!(page, "{}\n", table.meaning);
    }
    if !table.choices.is_empty() {
        *page += "| Written | Meaning |\n| --- | --- |\n";
        for (written, meaning) in &table.choices {
            let _ = writeln!(page, "| {written} | {} |", cell(meaning));
        }
        page.push('\n');
    }
    if !table.keys.is_empty() {
        *page +=
            "| Key | Meaning | Unit | Allowed | Default | Grade and source |\n| --- | --- | --- | --- | --- | --- |\n";
        table.keys.iter().for_each(|key| row(page, key));
        page.push('\n');
    }
}

fn row(page: &mut String, key: &Key) {
    let known = match key.source {
        "" => key.grade.word().to_owned(),
        source => format!("{}: {source}", key.grade.word()),
    };
    let _ = writeln!(
        page,
        "| `{}` | {} | {} | {} | {} | {} |",
        key.path,
        cell(&key.meaning),
        key.unit,
        key.allowed,
        cell(&key.default),
        cell(&known)
    );
}

/// Text that does not end the cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn first_upper(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
