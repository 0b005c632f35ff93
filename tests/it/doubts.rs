//! What is legal in a scenario but surely not meant: it is warned of, at its place, with what cures it, and runs.

use std::path::Path;

use cutover::scenario::Scenario;
use cutover::scenario_file::diagnostics;

use super::rejects::says;
use super::support;

/// How many warnings a scenario gives, and what they say.
fn warned(text: &str, sets: &[&str]) -> (usize, String) {
    let loaded = support::load(text, sets);
    (loaded.warnings.len(), diagnostics::render_warnings(&loaded.source.texts, &loaded.warnings))
}

/// A desk without doubts, open and staffed from 8 to 18, for nobody but the baseline.
const OFFICE: &str = r#"
strategies = []
horizon_days = 14
population.accounts = 0
[desk]
open = { hours = [{ days = "Mon-Fri", hours = "8-18" }] }
tier1 = { agents = [{ days = "Mon-Fri", hours = "8-18", value = 5 }], takes = ["phone", "chat"] }
tier2 = { agents = [{ days = "Mon-Fri", hours = "8-18", value = 1 }], takes = ["proofing", "email"] }
review.agents = 0
baseline.phone_per_hour = [{ days = "Mon-Fri", hours = "8-18", value = 30 }]
baseline.email_per_hour = 0
"#;

/// The office with some keys set gives one warning, which says all this; or none.
fn says_once(sets: &[&str], parts: &[&str]) {
    let (count, said) = warned(OFFICE, sets);
    assert_eq!(count, usize::from(!parts.is_empty()), "{sets:?}: {said}");
    says(&said, parts);
}

/// What is legal but surely not meant is warned of, at its place, and runs.
#[test]
fn what_is_surely_not_meant_is_warned_of() {
    let text = r#"
strategies = [{ preset = "lazy", controls.fallback = "tier2" }]
horizon_days = 90
[desk]
baseline.phone_per_hour = 10
tier1.exceptions = [
  { from = "2026-03-10", value = 3 },
  { from = "2027-01-01", to = "2027-01-06", value = 0 },
]
"#;
    let (count, said) = warned(text, &[]);
    assert_eq!(count, 3, "{said}");
    for [key, line, message] in [
        [
            "warning: desk.baseline.phone_per_hour: ",
            "test.toml:5:1",
            "% of the baseline's phone contacts arrive while nobody",
        ],
        [
            "warning: desk.tier1.exceptions[1]: ",
            "test.toml:8:3",
            "dates outside the simulated time (2026-03-02 to 2026-05-30)",
        ],
        [
            "warning: strategies[0].controls.fallback: ",
            "test.toml:2:",
            "a team that rosters nobody at any hour",
        ],
    ] {
        let warning = said.split("warning: ").find(|part| part.contains(message)).unwrap_or_else(|| panic!("{said}"));
        assert!(format!("warning: {warning}").starts_with(key) && warning.contains(line), "{key}, {line}: {warning}");
    }
    // 68 of the 168 hours of a week are covered, and more on the first exception.
    says(
        &said,
        &[
            "58.5 %",
            "(Mon 00:00-08:00, Mon 20:00-24:00, Tue 00:00-08:00, and 10 more spans)",
            "desk.open",
        ],
    );

    let rate = "desk.baseline.phone_per_hour=[{ days = \"Mon-Fri\", hours = \"8-20\", value = 10 }]";
    let cured = [rate, "desk.tier1.exceptions=[]", "desk.tier2.agents=1"];
    assert_eq!(warned(text, &cured), (0, String::new()), "each warning says what cures it");
    let (_, said) = warned(
        "strategies = [\"lazy\"]",
        &[
            "journey.choice.by_chat_share=0.1",
            "desk.tier1.takes=[\"phone\", \"email\"]",
        ],
    );
    says(
        &said,
        &[
            "journey.choice.by_chat_share: nobody ever serves chat contacts",
            "they write instead",
        ],
    );
    for shipped in [
        "quickstart",
        "retail",
        "directory",
        "desk-only",
        "lazy-coverage",
        "tiny",
        "canary",
    ] {
        let path = support::scenario(shipped);
        let loaded = Scenario::load(Path::new(&path), &[], &[]).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(loaded.warnings, [], "{shipped} should not be doubtful");
    }
}

#[test]
fn traffic_outside_opening_hours_is_warned_of_if_it_is_more_than_a_rest() {
    let rate = |windows: &str| format!("desk.baseline.phone_per_hour=[{windows}]");
    let always = "desk.baseline.phone_per_hour=30";
    says_once(
        &[always],
        &[
            "desk.baseline.phone_per_hour: 70.2 % of the baseline's phone contacts arrive while the desk is closed",
            "Mon 00:00-08:00",
            "they are turned away",
        ],
    );
    // 50 hours of 3 and 10 of 4 are 79 % of it, 10 of 3 are 83 %.
    let fifth = |value: &str| {
        rate(&format!(
            "{{ days = \"Mon-Fri\", hours = \"8-18\", value = 3 }}, {{ days = \"Sat\", hours = \"8-18\", value = {value} }}"
        ))
    };
    says_once(&[&fifth("4")], &["21.1 %", "(Sat 08:00-18:00)"]);
    says_once(&[&fifth("3")], &[]);
    says_once(
        &["desk.baseline.chat_per_hour=[{ days = \"Sun\", value = 3 }]"],
        &["desk.baseline.chat_per_hour: 100.0 %", "the baseline's chat contacts"],
    );
}

#[test]
fn opening_hours_without_anybody_on_duty_are_warned_of() {
    let shift = "desk.tier1.agents=[{ days = \"Mon-Fri\", hours = \"9-18\", value = 5 }]";
    let (_, said) = warned(OFFICE, &[shift]);
    says(
        &said,
        &[
            "10.0 %",
            "while nobody is on duty (Mon 08:00-09:00",
            "or leave these hours out of desk.open",
        ],
    );
    assert!(!said.contains("or opening hours in"), "they are stated: {said}");
    let (_, said) = warned(OFFICE, &[shift, "desk.open=\"staffed\""]);
    says(&said, &["roster somebody, state the rate by hour of the week, or opening hours in desk.open"]);

    // Customers come too, and perhaps nobody else.
    let customers = [shift, "population.accounts=1000", "desk.baseline.phone_per_hour=0"];
    says_once(
        &customers,
        &["desk.open: calls are taken in hours in which nobody is on duty for them (Mon 08:00-09:00"],
    );
    let nobody_calls = [&customers[..], &["journey.choice.by_phone_share=0"]].concat();
    says_once(&nobody_calls, &[]);
    let night = "desk.tier1.agents=[{ days = \"Mon-Fri\", hours = \"18-19\", value = 5 }]";
    says_once(&[night], &["desk.baseline.phone_per_hour: 100.0 %", "while nobody is on duty"]);
}

#[test]
fn agents_whose_channels_are_all_closed_are_warned_of() {
    let shift = |hours: &str| format!("desk.tier1.agents=[{{ days = \"Mon-Fri\", hours = \"{hours}\", value = 5 }}]");
    says_once(
        &[&shift("6-18")],
        &["desk.tier1.agents: 16.7 % of the agent-hours lie outside desk.open (Mon 06:00-08:00"],
    );
    says_once(&[&shift("8-19")], &[]);
    says_once(&[&shift("8-20")], &["8.3 %", "Mon 19:00-20:00"]);
    says_once(&[&shift("6-22"), "desk.tier1.takes=[\"phone\", \"chat\", \"email\"]"], &[]);
    says_once(&[&shift("6-22"), "desk.open=\"staffed\""], &[]);
    let proofing = ["desk.tier2.agents=1", "desk.tier2.takes=[\"proofing\"]"];
    says_once(&proofing, &["desk.tier2.agents: ", "or let it take written work"]);
}

#[test]
fn exceptions_beside_the_simulated_dates_or_against_each_other_are_warned_of() {
    let exceptions = |list: &[(&str, &str, &str)]| {
        let entry = |(from, to, rest): &(&str, &str, &str)| {
            format!("{{ from = \"2026-03-{from}\", to = \"2026-03-{to}\", {rest} }}")
        };
        format!("desk.review.exceptions=[{}]", list.iter().map(entry).collect::<Vec<_>>().join(", "))
    };
    let dates = "(2026-03-02 to 2026-03-15)";
    says_once(
        &[&exceptions(&[("10", "16", "value = 1")])],
        &["exceptions[0]: it is in part about dates outside", dates],
    );
    says_once(
        &[&exceptions(&[("01", "03", "value = 1")])],
        &["exceptions[0]: it is in part about dates outside", dates],
    );
    says_once(
        &[&exceptions(&[("16", "17", "value = 1")])],
        &["exceptions[0]: it is about dates outside the", dates],
    );
    says_once(&[&exceptions(&[("02", "15", "value = 1")])], &[]);

    let (early, late) = (("03", "06", "value = 1"), ("05", "09", "value = 2"));
    says_once(
        &[&exceptions(&[early, late])],
        &[
            "from 2026-03-05 to 2026-03-06 desk.review.exceptions[0] says 1 agents and this entry 2",
            "the later entry",
        ],
    );
    says_once(&[&exceptions(&[early, ("05", "09", "value = 1")])], &[]);
    says_once(&[&exceptions(&[early, ("07", "09", "value = 2")])], &[]);
    // A hole in a longer one is what the order is for; the other way round the shorter one never counts.
    let hole = ("04", "04", "hours = \"14-16\", value = 0");
    says_once(&[&exceptions(&[early, hole])], &[]);
    says_once(&[&exceptions(&[hole, early])], &["exceptions[1]", "put the shorter one last"]);
}

#[test]
fn rounding_that_makes_another_desk_is_warned_of() {
    let shift =
        |agents: u32| format!("desk.tier1.agents=[{{ days = \"Mon-Fri\", hours = \"8-18\", value = {agents} }}]");
    let shrinkage = "desk.tier1.shrinkage_share=0.3";
    says_once(
        &[&shift(1), shrinkage],
        &[
            "desk.tier1.shrinkage_share: agents of the first line are rounded",
            "0.70 become 1, and 70 agent-hours become 100 (+42.9 %)",
        ],
    );
    says_once(&[&shift(2), shrinkage], &["1.40 become 1, and 140 agent-hours become 100 (-28.6 %)"]);
    says_once(&[&shift(10), shrinkage], &[]);
    says_once(&[&shift(0), "desk.baseline.phone_per_hour=0", shrinkage], &[]);
    let half = [
        "population.accounts=1000",
        "desk.for_accounts=2000",
        "desk.tier2.agents=0",
        "journey.choice.by_chat_share=0",
    ];
    let (_, said) = warned(OFFICE, &[&half[..], &[&shift(5)]].concat());
    says(
        &said,
        &[
            "desk.for_accounts: agents of the first line are rounded",
            "2.50 become 3",
        ],
    );
    let directory = "population.directory={ file = \"x.csv\", columns = { email = \"mail\" } }";
    let (_, said) = warned(OFFICE, &[&half[..], &[&shift(5), directory]].concat());
    assert!(!said.contains("rounded"), "how many accounts a directory has is not known yet: {said}");
    says_once(
        &["desk.tier1.agents=[{ days = \"Mon-Fri\", hours = \"8-18\", value = 1.4 }]"],
        &["desk.tier1.agents: ", "(-28.6 %)"],
    );
}

#[test]
fn trouble_that_nobody_makes_use_of_is_warned_of() {
    let off = "threat.enabled=false";
    for key in ["population.trouble.intruder.share", "population.trouble.planted.share"] {
        let stated = format!("{key}=0.01");
        says_once(&[off, &stated], &[key, "it shows nowhere in the results", "threat.enabled is false"]);
        says_once(&[off, &format!("{key}=0")], &[]);
        says_once(&[&stated], &[]);
    }
    says_once(&[off], &[]);
}
