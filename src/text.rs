//! Text that comes from outside: names of a scenario, file names, arguments, cells of exports.
//!
//! Names may hold what can be seen ([`hidden`] says what cannot). Whatever else is quoted from outside is made visible
//! where it is printed: on a terminal by [`visible`], in a drawing by [`drawable`], in a CSV file by [`cell`]. Pages are
//! escaped by their templates.

mod table;

pub(crate) use table::table;

use std::borrow::Cow;
use std::path::Path;

/// What else could have stood there: `expected one of a, b, c`.
pub fn one_of(names: impl IntoIterator<Item = String>) -> String {
    let names: Vec<String> = names.into_iter().collect();
    match names.len() {
        0 => "there is none to choose from".to_owned(),
        1 => format!("expected {}", names[0]),
        _ => format!("expected one of {}", names.join(", ")),
    }
}

/// Digits that are quoted of a number, at most, and how many are left of a longer one.
const DIGITS: (usize, usize) = (40, 12);

/// The text with long numbers cut, as in `999999999999… (300 digits)`: nobody reads more of them.
pub fn cut_numbers(text: &str) -> Cow<'_, str> {
    let (most, kept) = DIGITS;
    let mut out = String::new();
    let mut rest = text;
    let mut is_cut = false;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let length = rest[start..].find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len() - start);
        if length > most {
            out += &format!("{}… ({length} digits)", &rest[..start + kept]);
            is_cut = true;
        } else {
            out += &rest[..start + length];
        }
        rest = &rest[start + length..];
    }
    if is_cut {
        Cow::Owned(out + rest)
    } else {
        Cow::Borrowed(text)
    }
}

/// Whether a character cannot be seen where it stands, or changes how its neighbours are shown: control characters,
/// direction marks and overrides, characters of no width, fillers, line and paragraph separators, tags, and code points
/// that are no characters.
pub fn hidden(c: char) -> bool {
    c.is_control()
        || directs(c)
        || matches!(c,
            '\u{00ad}' | '\u{034f}' | '\u{0600}'..='\u{0605}' | '\u{06dd}' | '\u{070f}' | '\u{0890}' | '\u{0891}'
            | '\u{08e2}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fdd0}'..='\u{fdef}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
        || u32::from(c) & 0xfffe == 0xfffe
}

/// Whether a character ends a line or turns the direction of writing, though it is not seen.
fn directs(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character has no place even in prose, where lines and tabs are allowed.
pub fn unprintable(c: char) -> bool {
    match c {
        '\n' | '\r' | '\t' => false,
        // Joiners are part of the spelling of some languages, and of some emoji.
        '\u{200c}' | '\u{200d}' => false,
        _ => hidden(c),
    }
}

/// The text as a terminal may be given it: what cannot be seen is written out, as in `\u{1b}`. Lines stay lines, and
/// letters of any language stay as they are, with their joiners. So do files of ours: a scenario holds nothing else.
pub fn visible(text: &str) -> Cow<'_, str> {
    written_out(text, |c| unprintable(c) || c == '\r')
}

/// The same for a text that must stay on its line, such as a file name.
pub fn visible_line(text: &str) -> Cow<'_, str> {
    written_out(text, hidden)
}

fn written_out(text: &str, unseen: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&unseen) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if unseen(c) {
            // `\n`, `\r`, `\t` by their names, all others by number.
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// A file name for people.
pub fn path(path: &Path) -> String {
    visible_line(&path.to_string_lossy()).into_owned()
}

/// The text as it may stand in a drawing: what XML 1.0 does not allow, or cannot be seen, gives way to `�`.
pub fn drawable(text: &str) -> String {
    text.chars().map(|c| if hidden(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// A text as a cell of a CSV file that a spreadsheet may open: one that would be taken for a formula gets a `'` in front.
/// Numbers stay numbers.
pub fn cell(text: &str) -> Cow<'_, str> {
    let formula = text.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ]);
    let number = text.parse::<f64>().is_ok() && text.contains(|c: char| c.is_ascii_digit());
    if formula && !number {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// What is wrong with a CSV file, in plain words.
pub fn of_csv(error: &csv::Error) -> String {
    let line = error.position().map_or(0, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::Io(error) => format!("cannot be read: {error}"),
        csv::ErrorKind::Utf8 { err, .. } => {
            format!("line {line}, column {}: this is not UTF-8 text; save the file as UTF-8", err.field() + 1)
        }
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            let fields = if *len == 1 { "field" } else { "fields" };
            format!("line {line} has {len} {fields} instead of the {expected_len} of the line of titles")
        }
        _ => error.to_string(),
    }
}

/// How to name a character that cannot be shown: `U+202E`.
pub fn code_point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HIDDEN: &str = "\0\u{1b}\u{7}\n\r\t\u{7f}\u{85}\u{9b}\u{ad}\u{61c}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\
                          \u{2028}\u{2029}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2060}\u{2066}\u{2067}\u{2068}\
                          \u{2069}\u{feff}\u{fffe}\u{ffff}\u{3164}\u{2800}\u{e0041}\u{1fffe}";
    const SEEN: &str = "Az09 _-.,:;!?'\"<>&]=+@#äßøŁЖλשلا中かカ한हिं👍🏽½€\u{a0}\u{fe0f}\u{301}�";

    #[test]
    fn what_cannot_be_seen_is_known_and_everything_else_left_alone() {
        assert!(HIDDEN.chars().all(hidden), "{:?}", HIDDEN.chars().find(|c| !hidden(*c)));
        assert!(!SEEN.chars().any(hidden), "{:?}", SEEN.chars().find(|c| hidden(*c)));
        assert_eq!(visible(SEEN), SEEN);
        assert_eq!(visible_line(SEEN), SEEN);
    }

    #[test]
    fn what_is_printed_can_be_seen() {
        assert_eq!(visible("a\u{1b}[2Jb\u{202e}\r\nc\td"), "a\\u{1b}[2Jb\\u{202e}\\r\nc\td");
        assert_eq!(visible("می\u{200c}خواهم"), "می\u{200c}خواهم");
        assert_eq!(visible_line("a\nb\0"), "a\\nb\\u{0}");
        let printed = visible_line(HIDDEN);
        assert!(printed.bytes().all(|byte| (b' '..0x7f).contains(&byte)), "{printed}");
    }

    #[test]
    fn long_numbers_are_cut_and_others_left_alone() {
        let long = "7".repeat(300);
        assert_eq!(
            cut_numbers(&format!("a {long}.5 b 12 {long}")),
            "a 777777777777… (300 digits).5 b 12 777777777777… (300 digits)"
        );
        for plain in ["", "a", "12", &"7".repeat(40), "sha 0123456789abcdef0123456789"] {
            assert_eq!(cut_numbers(plain), plain);
        }
    }

    #[test]
    fn formulas_are_text_and_numbers_numbers() {
        for formula in [
            "=1+2", "+cmd", "-2+3", "@SUM(A1)", "\tx", "\r=1", "＝1", "-", "--3", "+", "-inf",
        ] {
            assert_eq!(cell(formula), format!("'{formula}"));
        }
        for plain in ["-3", "-0.5", "+7", "-1e-3", "lazy", "a=b", "", "'", "12:00"] {
            assert_eq!(cell(plain), plain);
        }
    }

    #[test]
    fn drawings_hold_what_xml_allows() {
        assert_eq!(drawable("a\0\u{b}\u{fffe}b<&>"), "a���b<&>");
        assert_eq!(drawable(SEEN), SEEN);
    }
}
