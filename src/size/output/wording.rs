//! Wording: dates of a plan, and lists, as people read them.

use jiff::civil::DateTime;

/// Date and time of a plan as people read it: `Mon 2026-03-02 09:00`.
pub fn moment(iso: &str) -> String {
    reads(iso, "%a %Y-%m-%d %H:%M")
}

/// A date of a plan without its year: `2 Mar`.
pub fn date(iso: &str) -> String {
    reads(iso, "%-d %b")
}

/// A date of a plan with its day of the week: `Mon 2026-03-02`.
pub fn day(iso: &str) -> String {
    reads(iso, "%a %Y-%m-%d")
}

fn reads(iso: &str, form: &str) -> String {
    iso.parse::<DateTime>().map_or_else(|_| iso.to_owned(), |at| at.strftime(form).to_string())
}

/// `a, b and c`.
pub(super) fn listed(parts: &[String]) -> String {
    match parts.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => parts.join(""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_lists_read_well() {
        assert_eq!(moment("2026-03-02T09:00:00"), "Mon 2026-03-02 09:00");
        assert_eq!(date("2026-03-02T00:00:00"), "2 Mar");
        assert_eq!(day("2026-03-02"), "Mon 2026-03-02");
        assert_eq!(listed(&["a".to_owned(), "b".to_owned(), "c".to_owned()]), "a, b and c");
    }
}
