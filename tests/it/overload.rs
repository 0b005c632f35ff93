//! A desk that is overloaded must be reported as collapsed: when, for how long, and at what loss; a busy one must not.

use cutover::report::collapse::CollapseSummary;
use cutover::report::doubts::doubts;
use cutover::report::series;
use cutover::report::summary::Summary;
use cutover::report::verdict::Verdict;
use cutover::terms::Channel;

use super::support::{self, load, replications, run};

/// Forty agents' worth of calls round the clock, 50 agents on duty; on the third day only 20.
fn text(extra: &str) -> String {
    format!(
        r#"
        start = "2026-03-02"
        horizon_days = 6
        replications = 3
        strategies = []
        {extra}

        [population]
        accounts = 0

        [desk.tier1]
        agents = 50
        exceptions = [{{ from = "2026-03-04", value = 20 }}]

        [desk.review]
        agents = 0

        [desk.phone.patience.exponential]
        mean_s = 120

        [desk.baseline]
        phone_per_hour = 800
        email_per_hour = 0
        phone_handle_time = {{ exponential = {{ mean_s = 180 }} }}
        "#
    )
}

#[test]
fn a_day_with_twice_the_load_of_the_agents_is_one_collapse_of_a_day() {
    let loaded = load(&text(""), &[]);
    let replications = replications(&loaded);
    let summary = Summary::new(&loaded.scenario, &replications);
    let [collapse]: &[CollapseSummary] = &summary.strategies[0].desk.collapses else {
        panic!("{:?}", summary.strategies[0].desk.collapses);
    };
    assert_eq!(collapse.start, "2026-03-04T00:00:00");
    assert!((23..=25).contains(&collapse.hours), "{} hours", collapse.hours);
    // Half of the offered load is more than the agents can bear.
    assert!(
        (collapse.offered / (800.0 * collapse.hours as f64) - 1.0).abs() < 0.03,
        "{} calls",
        collapse.offered
    );
    let lost = collapse.abandoned / collapse.offered;
    assert!((0.47..0.53).contains(&lost), "{lost} of calls given up");
    assert!(collapse.longest_wait_s > 120.0, "{} s", collapse.longest_wait_s);

    let hourly = series::hourly(&loaded.scenario, &replications);
    let verdict = Verdict::new(&loaded.scenario, &summary, &hourly, &replications);
    let [told] = &verdict.collapses[..] else {
        panic!("{:?}", verdict.collapses)
    };
    assert!(told.contains("Under stay") && told.contains("from Wed 2026-03-04 00:00"), "{told}");
}

#[test]
fn callers_who_never_give_up_make_a_collapse_that_outlasts_its_cause() {
    let patient = text("").replace(
        "[desk.phone.patience.exponential]\n        mean_s = 120",
        "[desk.phone]\n        patience = \"endless\"",
    );
    let summary = run(&patient, &[]);
    let [collapse] = &summary.strategies[0].desk.collapses[..] else {
        panic!("{:?}", summary.strategies[0].desk.collapses);
    };
    assert!(collapse.start.as_str() >= "2026-03-04T01:00:00" && collapse.start.as_str() <= "2026-03-04T03:00:00");
    assert!(collapse.hours > 24, "{} hours", collapse.hours);
    assert_eq!(collapse.abandoned, 0.0);
}

/// Mails on working days, 200 an hour, and agents for more of them.
fn mails(sets: &[&str]) -> (Summary, Vec<String>) {
    let text = text("").replace("exceptions = [{ from = \"2026-03-04\", value = 20 }]", "");
    let mut all = vec![
        "horizon_days=28",
        "desk.baseline.phone_per_hour=0",
        "desk.email.patience=\"endless\"",
        "desk.baseline.email_per_hour=[{ days = \"Mon-Fri\", hours = \"8-20\", value = 200 }]",
        "desk.tier1.agents=[{ days = \"Mon-Fri\", hours = \"8-20\", value = 30 }]",
    ];
    all.extend(sets);
    let loaded = load(&text, &all);
    let replications = replications(&loaded);
    let summary = Summary::new(&loaded.scenario, &replications);
    let doubts = doubts(&loaded.scenario, &summary, &series::hourly(&loaded.scenario, &replications));
    (summary, doubts)
}

#[test]
fn mail_that_is_late_is_a_collapse_of_the_hours_in_which_it_came() {
    let short = "desk.tier1.exceptions=[{ from = \"2026-03-03\", to = \"2026-03-06\", hours = \"8-20\", value = 5 }]";
    let (summary, _) = mails(&[short]);
    let desk = &summary.strategies[0].desk;
    let [first, ..] = &desk.collapses[..] else {
        panic!("{:?}", desk.collapses)
    };
    // Five agents do a fraction of a day's mail: what comes on Tuesday afternoon is not answered by Wednesday afternoon.
    assert_eq!(first.channel, Channel::Email);
    assert!(
        first.start.as_str() >= "2026-03-03T09:00:00" && first.start.as_str() < "2026-03-04T00:00:00",
        "{first:?}"
    );
    assert!(first.answered_in_time < 0.3 * first.offered && first.longest_wait_s > 86_400.0, "{first:?}");
}

#[test]
fn mail_of_a_weekend_is_neither_a_collapse_nor_a_desk_that_cannot_keep_up() {
    let around_the_clock = "desk.baseline.email_per_hour=50";
    // 28 days end on a Sunday night.
    let (summary, doubts) = mails(&[around_the_clock]);
    let email = &summary.strategies[0].desk.by_channel[Channel::Email];
    assert!(email.left_waiting > 1000.0, "{email:?}");
    assert_eq!(email.left_overdue, 0.0);
    assert_eq!(summary.strategies[0].desk.collapses, []);
    assert!(doubts.iter().all(|doubt| !doubt.contains("keep up")), "{doubts:?}");
    let (_, doubts) = mails(&[
        around_the_clock,
        "desk.tier1.agents=[{ days = \"Mon-Fri\", hours = \"8-20\", value = 5 }]",
    ]);
    assert!(doubts.iter().any(|doubt| doubt.contains("e-mails still wait at the horizon")), "{doubts:?}");
}

#[test]
fn those_who_still_wait_are_told_and_have_waited_until_the_end() {
    let endless = [
        "horizon_days=1",
        "desk.phone.patience=\"endless\"",
        "desk.baseline.phone_per_hour=20000",
    ];
    let loaded = load(&text(""), &endless);
    let replications = replications(&loaded);
    let summary = Summary::new(&loaded.scenario, &replications);
    let [collapse] = &summary.strategies[0].desk.collapses[..] else {
        panic!("one collapse")
    };
    assert!(collapse.longest_wait_s >= 22.0 * 3600.0 && collapse.left_waiting > 400_000.0, "{collapse:?}");
    let verdict =
        Verdict::new(&loaded.scenario, &summary, &series::hourly(&loaded.scenario, &replications), &replications);
    assert!(verdict.collapses[0].contains("still wait at the end"), "{:?}", verdict.collapses);
    // They cannot give up, so nobody says how many did.
    assert!(!verdict.collapses[0].contains("given up"), "{:?}", verdict.collapses);
}

#[test]
fn who_answers_counts_and_not_the_name_of_the_team() {
    let nobody = |sets: &[&str]| {
        let loaded = load(&text(""), sets);
        let replications = replications(&loaded);
        let summary = Summary::new(&loaded.scenario, &replications);
        let doubts = doubts(&loaded.scenario, &summary, &series::hourly(&loaded.scenario, &replications));
        doubts.iter().any(|doubt| doubt.contains("Nobody is ever on duty for calls"))
    };
    let no_first_line = ["desk.tier1.agents=0", "desk.tier1.exceptions=[]"];
    assert!(!nobody(
        &[
            &no_first_line[..],
            &["desk.partner.agents=50", "desk.partner.after_s=0"]
        ]
        .concat()
    ));
    assert!(!nobody(
        &[
            &no_first_line[..],
            &["desk.tier2.agents=50", "desk.tier2.takes=[\"phone\"]"]
        ]
        .concat()
    ));
}

#[test]
fn a_busy_desk_has_not_collapsed() {
    let busy = run(&support::read("scenarios/desk-only.toml"), &["replications=2"]);
    assert_eq!(busy.strategies[0].desk.collapses, []);
    // Few calls, one agent: luck alone makes bad hours.
    let small = run(
        &support::read("scenarios/desk-only.toml"),
        &[
            "replications=1",
            "horizon_days=60",
            "desk.tier1.agents=2",
            "desk.baseline.phone_per_hour=50",
        ],
    );
    assert_eq!(small.strategies[0].desk.collapses, []);
}

#[test]
fn agents_needed_are_those_of_theory_and_know_no_e_mails() {
    let of = |sets: &[&str]| {
        let loaded = load(&text(""), sets);
        let replications = replications(&loaded);
        let summary = Summary::new(&loaded.scenario, &replications);
        let hourly = series::hourly(&loaded.scenario, &replications);
        let agents = Verdict::new(&loaded.scenario, &summary, &hourly, &replications).agents[0].clone();
        (agents, summary.strategies[0].desk.calls.handle_s)
    };
    let (agents, handle_s) = of(&[]);
    assert!((handle_s / 180.0 - 1.0).abs() < 0.02, "{handle_s} s");
    let target = cutover::desk::erlang::Target { within_s: 20.0, answered: 0.8, abandoned_at_most: 0.05 };
    let exact = cutover::desk::erlang::agents_for_the_impatient(agents.calls / 3600.0, handle_s, 120.0, target);
    let exact = exact.expect("attainable");
    assert!(agents.needed.abs_diff(exact) <= 1, "{} for {exact}", agents.needed);
    // Long e-mails change what agents do, not what calls ask for.
    let (with_mail, _) = of(&[
        "desk.baseline.email_per_hour=20",
        "desk.baseline.email_handle_time.lognormal.mean_s=1800",
        "desk.baseline.email_handle_time.lognormal.cv=1",
    ]);
    assert!(with_mail.needed.abs_diff(agents.needed) <= 2, "{} and {}", with_mail.needed, agents.needed);
}
