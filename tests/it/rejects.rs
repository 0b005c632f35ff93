//! Bad input: a clear error that names file, line, key, value and what is allowed; never a panic, nothing half-written.

#[cfg(feature = "cli")]
mod arguments;

mod desk;

use cutover::scenario::section::Grade;
use cutover::scenario_file::{Loaded, listing};
use proptest::prelude::*;

use super::support::{self, cases};

/// The complaint about a scenario text.
fn complaint(text: &str) -> String {
    match Loaded::parse("bad.toml", text, &[], &[]) {
        Ok(_) => panic!("this should have been refused:\n{text}"),
        Err(error) => error.to_string(),
    }
}

/// The complaint about `--set`.
fn set_complaint(set: &str) -> String {
    match Loaded::parse("ok.toml", "strategies = [\"lazy\"]", &[], &[set.to_owned()]) {
        Ok(_) => panic!("--set {set} should have been refused"),
        Err(error) => error.to_string(),
    }
}

pub fn says(complaint: &str, parts: &[&str]) {
    for part in parts {
        assert!(complaint.contains(part), "\"{part}\" is not in:\n{complaint}");
    }
}

/// Scenarios with one mistake each, and what the complaint must say.
const MISTAKES: &[(&str, &[&str])] = &[
    (
        "population.accounts = 1_000_000_000_000",
        &[
            "bad.toml:1",
            "population.accounts",
            "1000000000000 is not allowed",
            "0 to 1000000000",
        ],
    ),
    ("population.accounts = -5", &["population.accounts", "-5 is not allowed"]),
    (
        "population.accounts = \"many\"",
        &[
            "population.accounts",
            "string \"many\" is not allowed here",
            "expected a whole number",
        ],
    ),
    ("population.accounts = 1.5", &["population.accounts", "floating point `1.5`"]),
    (
        "journey.mail.inbox_share = nan",
        &["journey.mail.inbox_share", "NaN is not allowed", "a share from 0 to 1"],
    ),
    ("journey.mail.inbox_share = inf", &["journey.mail.inbox_share", "inf is not allowed"]),
    ("desk.service_level_s = -20", &["desk.service_level_s", "-20 is not allowed", "a number above 0"]),
    (
        "journey.mail.click = { median_h = -1, sigma = 1 }",
        &["journey.mail.click.median_h", "-1 is not allowed"],
    ),
    ("horizon_days = 0", &["horizon_days", "1 to 36500"]),
    ("start = \"soon\"", &["start", "\"soon\" is not a date", "2026-03-02"]),
    ("populaton.accounts = 1", &["unknown key `populaton`", "did you mean `population`"]),
    ("population.shares.housholds = 0.1", &["population.shares.housholds", "did you mean `household`"]),
    ("journey.frobnicate = 1", &["journey.frobnicate", "expected one of", "mail"]),
    (
        "strategies = [\"rest-only\"]",
        &[
            "no built-in strategy \"rest-only\"",
            "expected one of reset-only, waved-reset",
        ],
    ),
    ("strategies = [\"lazy\", \"lazy\"]", &["two strategies named \"lazy\""]),
    ("strategies = [{ preset = \"lazy\", name = \"stay\" }]", &["the control arm"]),
    ("strategies = [{ preset = \"lazy\", policy = [] }]", &["strategies[0].policy", "at least one rule"]),
    (
        "strategies = [{ preset = \"lazy\", policy = [{ name = \"x\", when = { mfa = true }, treat = \"retire\" }] }]",
        &["strategies[0].policy[0]", "the last rule must have no `when`"],
    ),
    (
        "strategies = [{ preset = \"lazy\", policy = [{ name = \"x\", treat = \"defer\" }, { name = \"y\", treat = \"retire\" }] }]",
        &["strategies[0].policy[0]", "no rule after it can ever match"],
    ),
    (
        "strategies = [{ preset = \"lazy\", policy = [{ name = \"x\", treat = \"resetlink\" }] }]",
        &[
            "strategies[0].policy[0].treat",
            "`resetlink` is not allowed here",
            "\"reset_link\"",
        ],
    ),
    (
        "strategies = [{ preset = \"lazy\", policy = [{ name = \"x\", when = { segment = [\"vip\"] }, treat = \"retire\" }, { name = \"y\", treat = \"defer\" }] }]",
        &["when.segment", "no segment \"vip\"", "expected all"],
    ),
    (
        "strategies = [{ preset = \"lazy\", policy = [{ name = \"x\", when = { risk = { min = 9, max = 3 } }, treat = \"retire\" }, { name = \"y\", treat = \"defer\" }] }]",
        &["when.risk", "`min` lies above `max`"],
    ),
    (
        "horizon_days = 30\nstrategies = [{ preset = \"lazy\", rollout.on_sign_in.day = 30 }]",
        &["rollout.on_sign_in.day", "the horizon is 30 days"],
    ),
    (
        "strategies = [{ preset = \"lazy\", cut_off.day = 3 }]",
        &["cut_off.day", "before the rollout is done"],
    ),
    (
        "strategies = [{ preset = \"lazy\", cut_off.tail = \"lazy_verify\" }]",
        &["cut_off.tail", "no longer answers"],
    ),
    (
        "strategies = [{ preset = \"lazy\", controls = { sessions = \"leave\" } }]",
        &["controls.retire_credential", "link and revocation"],
    ),
    (
        "strategies = [{ preset = \"risk-based\", rollout.waves.count = 0 }]",
        &["rollout.waves.count", "1 to 1000"],
    ),
    (
        "strategies = [{ preset = \"lazy\", rollout = { fortnightly = {} } }]",
        &[
            "strategies[0].rollout",
            "`fortnightly` is not allowed here",
            "{ big_bang = ... }",
        ],
    ),
    ("strategies = [{ name = \"own\" }]", &["strategies[0]", "missing"]),
    (
        "population.segments = [{ name = \"a\", share = 0.5 }, { name = \"b\", share = 0.4 }]",
        &["population.segments", "sum to 0.900000"],
    ),
    (
        "population.segments = [{ name = \"a\", share = 0.5 }, { name = \"a\", share = 0.5 }]",
        &["two segments named \"a\""],
    ),
    ("population.segments = [{ share = 1.0 }]", &["population.segments[0]", "`name` is missing"]),
    (
        "population.shares = { household = 0.7, duplicate = 0.5 }",
        &["household + business_mailbox + duplicate", "at most 1.0000"],
    ),
    ("population.shares.no_living_channel = 0.5", &["no_living_channel", "it must lie from"]),
    (
        "population.trouble.planted.returns_mean_days = 0.0001",
        &["returns_mean_days: 0.0001 is not allowed here: expected a mean from 0.5 to 1e6 days"],
    ),
    (
        "population.shares = { social_only = 0.3, social_and_password = 0.6, organisation_only = 0.2 }",
        &[
            "social_only + social_and_password + organisation_only is 1.1000",
            "at most 1.0000",
        ],
    ),
    (
        "population.shares = { organisation_only = 0.8, social_only = 0.1, social_and_password = 0, nonportable_hash = 0, leaked = 0.3 }",
        &["leaked (of accounts with a password) is 0.3000", "at most 0.1000"],
    ),
    (
        "population.trouble.intruder = { password_only_share = 0.7, session_only_share = 0.4 }",
        &[
            "population.trouble.intruder",
            "password_only_share + session_only_share is 1.1000: at most 1 is possible",
        ],
    ),
    ("population.trouble.hints_power = 11", &["population.trouble.hints_power", "a power from 0 to 10"]),
    (
        "population.unit_sizes = { household_fours_share = 0.6, household_threes_share = 0.6 }",
        &[
            "population.unit_sizes",
            "household_fours_share + household_threes_share is 1.2000",
        ],
    ),
    ("population.ageing.hash_power = 11", &["population.ageing.hash_power", "a power from 0 to 10"]),
    (
        "population.shares = { leaked = 0.9, social_only = 0.5, social_and_password = 0.0 }",
        &["leaked", "at most 0.5000"],
    ),
    (
        "population.shares.in_target = 0.95",
        &[
            "in_target (of accounts with an e-mail of their own) is 0.9500",
            "at most 0.8600",
        ],
    ),
    ("population.time_zones = [{ offset_h = 2, share = 0.3 }]", &["time_zones", "sum to 0.300000"]),
    ("population.sign_in_hours = 0", &["sign_in_hours", "nobody ever signs in"]),
    (
        "population.directory = { file = \"x.csv\", columns = { phone = \"p\" } }",
        &["population.directory.columns", "`email` must name a column"],
    ),
    (
        "desk.tier1.agents = [{ days = \"Mon-Fry\", value = 3 }]",
        &["desk.tier1.agents[0].days", "\"Mon-Fry\" are not weekdays", "Mon-Fri"],
    ),
    (
        "desk.tier1.agents = [{ hours = \"8-12\", value = 3 }, { hours = \"11-13\", value = 2 }]",
        &["desk.tier1.agents", "two windows claim Mon 11:00"],
    ),
    (
        "desk.target.confidence_share = 1.0",
        &[
            "bad.toml:1",
            "desk.target.confidence_share",
            "1 is not allowed",
            "from 0.5 to 0.999",
        ],
    ),
    ("desk.target.confidence_share = 0", &["desk.target.confidence_share", "from 0.5 to 0.999"]),
    ("desk.tier1.agents = 1e9", &["desk.tier1.agents", "a number of agents from 0 to 100,000"]),
    (
        "desk.phone.patience = { pareto = { mean_s = 3 } }",
        &[
            "desk.phone.patience",
            "`pareto` is not allowed here",
            "\"endless\", { exponential = ... }",
        ],
    ),
    (
        "desk.tier1.agents = [{ hours = \"22-6\", value = 3 }]",
        &["agents[0].hours", "\"22-6\" are not hours of a day"],
    ),
    ("desk.tier1.agents = [{ dayz = \"Mon\", value = 3 }]", &["agents[0].dayz", "did you mean `days`"]),
    ("desk.tier1.agents = [{ hours = \"8-12\" }]", &["desk.tier1.agents[0]", "`value` is missing"]),
    ("desk.tier1.agents = [3]", &["desk.tier1.agents[0]", "integer `3`", "expected a table"]),
    ("desk.tier1.agents = \"many\"", &["desk.tier1.agents", "expected a number, or a list"]),
    (
        "desk.handle_time.access = 30",
        &["desk.handle_time.access", "30 is not allowed", "{ lognormal = ... }"],
    ),
    (
        "desk.phone.patience = { exponential = { mean_s = 3, cv = 1 } }",
        &[
            "desk.phone.patience.exponential.cv",
            "unknown key `cv`: expected mean_s",
        ],
    ),
    (
        "desk.phone.patience = { exponential = { mean_s = 3 }, gamma = { mean_s = 3, cv = 1 } }",
        &["desk.phone.patience", "exactly one key is needed", "{ gamma = ... }"],
    ),
    ("journey.mail.click = { median_h = 5 }", &["journey.mail.click", "`sigma` is missing"]),
    ("journey.mail.open = { median_h = 5, sigma = 1 }", &["unknown key `open`"]),
    (
        "journey.choice = { later_weight = 0, desk_weight = 0, sign_up_weight = 0, give_up_weight = 0 }",
        &["journey.choice", "all weights are 0"],
    ),
    ("seed = -1", &["seed", "expected a whole number from 0 to 4294967295"]),
    ("strategies = 3", &["strategies", "expected a list"]),
    ("strategies = [3]", &["strategies[0]", "expected a table"]),
    (
        "journey.mail.click = [5, 1]",
        &["journey.mail.click", "a list is not allowed here: expected a table"],
    ),
    (
        "desk.handle_time.access = { constant = [5] }",
        &["desk.handle_time.access.constant", "expected a table"],
    ),
    ("population = 3", &["population", "expected a table"]),
    ("threat.enabled = 1", &["threat.enabled", "expected true or false"]),
    (
        "strategies = [{ preset = \"lazy\", rollout.on_sign_in.dayy = 3 }]",
        &["strategies[0].rollout.on_sign_in.dayy", "did you mean `day`"],
    ),
    (
        "strategies = [{ preset = \"lazy\", rollout.waves = { day = 3, count = 2 } }]",
        &["strategies[0].rollout.waves", "`gap_days` is missing"],
    ),
    (
        "strategies = [{ preset = \"lazy\", policy = [{ name = \"x\", when = { mfaa = true }, treat = \"retire\" }, { name = \"y\", treat = \"defer\" }] }]",
        &["strategies[0].policy[0].when.mfaa", "did you mean `mfa`"],
    ),
    (
        "strategies = [{ preset = \"lazy\", controls.reminders_days = [3, 3] }]",
        &["strategies[0].controls.reminders_days", "ascending order"],
    ),
    (
        "strategies = [{ preset = \"lazy\", controls.sessions = 4 }]",
        &["strategies[0].controls.sessions", "4 is not allowed here", "\"leave\""],
    ),
    (include_str!("../../scenarios/strategies/lazy.toml"), &["this is a strategy, not a scenario"]),
    ("prices.sms_cents = 1.5", &["prices.sms_cents", "1.5"]),
    ("name = \"../../etc\"", &["name", "letters, digits"]),
    ("seed = 1\nseed = 2", &["bad.toml:2", "not valid TOML"]),
    ("accounts = [", &["not valid TOML"]),
];

#[test]
fn each_mistake_is_named_with_its_place_and_what_is_allowed() {
    for (text, parts) in MISTAKES.iter().chain(desk::MISTAKES) {
        let complaint = complaint(text);
        says(&complaint, parts);
        assert!(complaint.ends_with("\n1 problem; nothing was run."), "one mistake is one problem:\n{complaint}");
    }
}

#[test]
fn too_many_time_zones_and_a_file_name_that_is_no_name_are_refused() {
    let zones = "{ offset_h = 0, share = 0.004 }, ".repeat(250);
    says(&complaint(&format!("population.time_zones = [{zones}]")), &["250 time zones", "at most 200"]);
    let error = Loaded::parse("we!rd.toml", "", &[], &[]).expect_err("a file name that cannot name a folder");
    says(&error.to_string(), &["named after its file", "\"we!rd\" cannot name a folder"]);
}

#[test]
fn all_mistakes_are_named_at_once() {
    let text = support::read("tests/data/everything_wrong.toml");
    let complaint = complaint(&text);
    says(
        &complaint,
        &[
            "horizon_days",
            "unknown key `colour`",
            "population.accounts: 1000000000000",
            "population.segments: the shares of the segments sum to 0.800000",
            "journey.mail.inbox_share: NaN",
            "journey.mail.click.median_h: -3",
            "desk.tier1.agents[0].hours: \"20-8\" are not hours of a day",
            "two strategies named \"lazy\": give one of them another `name`\n  --> bad.toml:19",
            "strategies[2].policy[0].treat: `resett` is not allowed here",
            "the rollout reaches day 500",
        ],
    );
    assert!(complaint.ends_with("10 problems; nothing was run."), "{complaint}");
}

#[test]
fn overrides_are_checked_in_the_same_way() {
    says(
        &set_complaint("population.accounts=lots"),
        &["command line", "--set population.accounts=lots", "string \"lots\""],
    );
    says(&set_complaint("population.accounts"), &["has no \"=\"", "KEY=VALUE"]);
    says(&set_complaint("strategies.lizy.cut_off.day=3"), &["has no element \"lizy\"", "lazy"]);
    says(
        &set_complaint("strategies.lazy.cut_off.dayy=3"),
        &["strategies[0].cut_off.dayy", "did you mean `day`"],
    );
    says(&set_complaint("journey.mail.inbox_share=2"), &["2 is not allowed", "a share from 0 to 1"]);
    says(&set_complaint("seed.x.y=3"), &["seed"]);
    says(
        &set_complaint("desk.tier3.agents=1"),
        &["command line", "--set desk.tier3.agents=1", "did you mean"],
    );
    says(&set_complaint("=3"), &["is not a key"]);
    says(&set_complaint("strategies[7].cut_off.day=3"), &["has no element \"7\": expected lazy"]);
    says(&set_complaint("desk.tier1.agents[2].value=3"), &["has no element \"2\": expected one of 0, 1"]);
    says(&set_complaint("population.time_zones[0].share=1"), &["the list is empty; set it as a whole"]);
    says(&set_complaint("strategies=[\"nope\"]"), &["no built-in strategy \"nope\""]);
    let gamma = "desk.handle_time.access.gamma.mean_s=300";
    says(&set_complaint(gamma), &["desk.handle_time.access.gamma", "`cv` is missing"]);
}

/// An override of one part leaves the other parts as they are by default or in the preset, and is listed as the user's.
#[test]
fn an_override_changes_what_it_names_and_nothing_else() {
    for (set, key, value) in [
        ("journey.mail.click.median_h=5", "journey.mail.click", "{ median_h = 5.0, sigma = 2.45 }"),
        (
            "desk.handle_time.access.constant.mean_s=9",
            "desk.handle_time.access",
            "{ constant = { mean_s = 9.0 } }",
        ),
        ("desk.tier1.agents[1].value=5", "desk.tier1.agents[1].value", "5.0"),
        (
            "strategies.lazy.controls.reminders_days[0]=5",
            "strategies[0].controls.reminders_days",
            "[5.0, 10.0]",
        ),
        ("strategies.lazy.policy[1].treat=defer", "strategies[0].policy[1].treat", "\"defer\""),
        ("strategies.lazy.rollout.big_bang.day=3", "strategies[0].rollout.big_bang.day", "3.0"),
        ("strategies=[{ preset = \"reset-only\", cut_off.day = 9 }]", "strategies[0].cut_off.day", "9.0"),
        ("journey.mail={ inbox_share = 0.5 }", "journey.mail.inbox_share", "0.5"),
    ] {
        let loaded = support::load("strategies = [\"lazy\"]", &[set]);
        let listed = listing::values_in_force(&loaded);
        let yours: Vec<_> = listed.iter().filter(|value| value.source.starts_with("--set")).collect();
        assert_eq!(yours.len(), 1, "{yours:#?}");
        assert_eq!((yours[0].key.as_str(), yours[0].value.as_str(), yours[0].grade), (key, value, Grade::Yours));
    }
    let named = support::load("", &["strategies=[\"reset-only\"]"]);
    assert_eq!(named.scenario.strategies, support::load("strategies = [\"reset-only\"]", &[]).scenario.strategies);
}

proptest! {
    #![proptest_config(cases(300))]

    /// A scenario with a few bytes changed is read or refused, but never panics.
    #[test]
    fn damaged_scenarios_never_panic(
        file in prop::sample::select(vec!["scenarios/quickstart.toml", "scenarios/retail.toml", "scenarios/desk-only.toml", "scenarios/strategies/risk-based.toml"]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(b"{}[]=\".,-09azE_ \n#'".to_vec())), 1..6),
    ) {
        let mut bytes = support::read(file).into_bytes();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Ok(text) = String::from_utf8(bytes) {
            let _ = Loaded::parse("damaged.toml", &text, &[], &[]);
        }
    }

    /// Any override is taken or refused, but never panics.
    #[test]
    fn overrides_never_panic(key in "[a-z_.0-9\\[\\]]{0,40}", value in ".{0,20}") {
        let _ = Loaded::parse("x.toml", "strategies = [\"lazy\"]", &[], &[format!("{key}={value}")]);
    }
}

/// A range that holds nothing is no advice: where shares leave no room, that is said, and nothing that follows from it.
#[test]
fn no_range_is_told_that_holds_nothing() {
    let said = complaint("population.shares = { dead_mailbox = 0.7, dead_phone = 0.9, no_living_channel = 0.5 }");
    says(&said, &["dead_phone", "is possible"]);
    assert!(!said.contains("must lie from"), "{said}");
    let mut seen = 0;
    for (mailbox, phone, overlap) in [(0.4, 0.5, 0.9), (0.3, 0.3, 0.7), (0.1, 0.1, 0.3), (0.2, 0.6, 0.5)] {
        let text = format!(
            "population.shares = {{ dead_mailbox = {mailbox}, dead_phone = {phone}, no_living_channel = {overlap} }}"
        );
        for range in complaint(&text).split("it must lie from ").skip(1) {
            let mut ends = range.split_whitespace().filter_map(|word| word.parse::<f64>().ok());
            let (least, most) = (ends.next().expect("a number"), ends.next().expect("a number"));
            assert!(least <= most, "{text}: from {least} to {most}");
            seen += 1;
        }
    }
    assert!(seen >= 3, "only {seen} ranges were told");
}

/// A price that is put together from a measured part and a guess is a guess.
#[test]
fn a_price_that_holds_a_guess_is_an_assumption() {
    let grade = |key: &str| listing::evidence().into_iter().find(|known| known.key == key).expect("a key").grade;
    assert_eq!(grade("prices.wrong_link_cents"), Grade::Assumption);
    assert_eq!(grade("prices.takeover_cents"), Grade::Measured);
}
