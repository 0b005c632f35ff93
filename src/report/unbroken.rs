//! Text on a page in which dates, times and figures with their units stay on one line.

/// The text as HTML.
pub fn unbroken(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let runs = words.chunk_by(|a, b| belong_together(a, b));
    let runs: Vec<String> = runs.map(whole).collect();
    runs.join(" ")
}

/// A key as HTML: a line may end behind its dots and underscores, and nowhere else.
pub fn key(key: &str) -> String {
    escaped(key).replace('.', ".<wbr>").replace('_', "_<wbr>")
}

fn whole(run: &[&str]) -> String {
    let text = escaped(&run.join(" "));
    let has_date = run.iter().any(|word| bare(word).bytes().filter(|byte| *byte == b'-').count() == 2);
    if run.len() > 1 || (has_date && text.contains(|c: char| c.is_ascii_digit())) {
        format!("<span class=\"whole\">{text}</span>")
    } else {
        text
    }
}

/// Whether no line may end between two words: `Mon 2026-03-02`, `2026-03-02 08:00`, `9 Mar`, `20 s`, `5 %`.
fn belong_together(first: &str, second: &str) -> bool {
    const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const BEHIND: [&str; 23] = [
        "%",
        "µs",
        "ms",
        "s",
        "min",
        "h",
        "d",
        "KiB",
        "MiB",
        "GiB",
        "requests/s",
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "May",
        "Jun",
        "Jul",
        "Aug",
        "Sep",
        "Oct",
        "Nov",
        "Dec",
    ];
    let (first, second) = (bare(first), bare(second));
    let is_number = |word: &str| word.ends_with(|c: char| c.is_ascii_digit());
    let is_clock = second.len() == 5 && second.as_bytes()[2] == b':';
    is_number(second) && (WEEKDAYS.contains(&first) || is_clock) || is_number(first) && BEHIND.contains(&second)
}

/// A word without the marks around it.
fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| matches!(c, '(' | ')' | '[' | ']' | ',' | '.' | ';' | ':'))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_times_and_units_stay_whole() {
        let text = "needs 12 agents (Tue 2026-03-10 08:00), 90 days from 2026-03-02; within 20 s, 5 %. From 9 Mar <b>.";
        let expected = "needs 12 agents <span class=\"whole\">(Tue 2026-03-10 08:00),</span> 90 days from \
                        <span class=\"whole\">2026-03-02;</span> within <span class=\"whole\">20 s,</span> \
                        <span class=\"whole\">5 %.</span> From <span class=\"whole\">9 Mar</span> &lt;b&gt;.";
        assert_eq!(unbroken(text), expected);
        assert_eq!(unbroken("risk-based and 3 people"), "risk-based and 3 people");
    }
}
