//! Verdicts that mislead: the best strategy is held against the best alternative and the baseline, never against the worst;
//! ties are ties; what is cut off at the horizon is told.

use cutover::error::Error;
use cutover::prelude::*;
use cutover::report::glance;

use super::charts::FIFTEEN;
use super::support::load;

fn executed(text: &str, sets: &[&str]) -> RunResult {
    Run::new(&load(text, sets).scenario).execute().unwrap_or_else(|error| panic!("{error}"))
}

const THREE: &str = r#"
    horizon_days = 60
    replications = 4
    strategies = ["risk-based", "lazy", { preset = "lazy", name = "twin" }]
    population.accounts = 2_000
    desk.for_accounts = 100_000
    [prices.setup]
    scoring_cents = 30_000_000
    lazy_verify_cents = 0
"#;

#[test]
fn ties_are_told_as_ties_and_the_worst_is_no_rival() {
    let run = executed(THREE, &[]);
    let verdict = run.verdict();
    assert_eq!(verdict.pair, Some(("lazy".to_owned(), "twin".to_owned())), "{}", verdict.headline);
    assert_eq!(verdict.ties, ["twin"]);
    assert!(
        verdict
            .headline
            .starts_with("lazy has the smallest bill, but cannot be told apart from twin at 95 %.")
    );
    assert!(!verdict.headline.contains("risk-based"), "{}", verdict.headline);
    // The baseline, left out, is the first of the list.
    assert_eq!(verdict.baseline.as_deref(), Some("risk-based"));
    assert!(
        verdict.beside.iter().any(|said| said.contains("Against the baseline risk-based it costs 3")),
        "{:?}",
        verdict.beside
    );
    assert!(verdict.rows.iter().all(|row| row.to_baseline.is_some()));
    let marks: Vec<_> = glance::table(run.summary(), verdict).into_iter().map(|row| (row.name, row.mark)).collect();
    let expected = [
        ("stay", ""),
        ("risk-based", ""),
        ("lazy", "smallest bill"),
        ("twin", "not told apart"),
    ];
    assert_eq!(marks, expected.map(|(name, mark)| (name.to_owned(), mark.to_owned())));
    // A tie is no order that a price could turn.
    assert_eq!(
        verdict.flips,
        ["The bills of lazy and twin cannot be told apart as prices are: luck alone may put them in the other order."]
    );

    // Without the twin nothing is tied, and the best alternative is the baseline: one column says both.
    let text = THREE.replace(", { preset = \"lazy\", name = \"twin\" }", "");
    let run = executed(&text, &[]);
    let verdict = run.verdict();
    assert!(verdict.ties.is_empty() && verdict.baseline.is_none(), "{:?}", verdict.baseline);
    assert!(verdict.headline.starts_with("lazy costs 3") && verdict.headline.contains("less than risk-based"));
    // One replication says nothing about luck: there is no tie, and no clear winner either.
    let run = executed(&text, &["replications=1"]);
    assert!(run.verdict().ties.is_empty() && run.doubts()[0].contains("One replication"));
}

#[test]
fn the_best_of_three_is_held_against_the_second_and_the_baseline_of_the_scenario() {
    let text = THREE.replace("name = \"twin\" }", "name = \"dear\", cut_off = { day = 58, tail = \"magic_link\" } }");
    let sets = ["prices.setup.magic_link_cents=10000000", "baseline=\"stay\""];
    let run = executed(&text, &sets);
    let verdict = run.verdict();
    assert_eq!(verdict.pair, Some(("lazy".to_owned(), "dear".to_owned())), "{}", verdict.headline);
    assert_eq!(verdict.baseline.as_deref(), Some("stay"));
    assert!(verdict.headline.contains("less than dear, the best of 2 alternatives"), "{}", verdict.headline);
}

/// Nobody is asked for anything: that is cheap, and no migration.
#[test]
fn a_small_bill_of_nothing_done_is_not_called_the_best_without_saying_so() {
    let text = r#"
        horizon_days = 60
        replications = 3
        population.accounts = 2_000
        desk.for_accounts = 100_000
        prices.pending_cents = 0
        [[strategies]]
        preset = "lazy"
        [[strategies]]
        preset = "lazy"
        name = "waits"
        policy = [{ name = "Everybody", treat = "defer" }]
    "#;
    let run = executed(text, &[]);
    let verdict = run.verdict();
    assert!(verdict.headline.starts_with("waits (moved nobody) costs "), "{}", verdict.headline);
    let row = glance::table(run.summary(), verdict).into_iter().find(|row| row.name == "waits").expect("a row");
    assert_eq!(row.mark, "best, moved nobody");
    let few = run.summary().strategy("lazy").expect("an arm").clone();
    let with = |moved: f64, waiting: f64| {
        let mut arm = few.clone();
        arm.rollout = None;
        arm.outcomes = cutover::terms::Each::new(|of| if of == Outcome::Migrated { moved } else { 0.0 });
        arm.outcomes_active = arm.outcomes.clone();
        arm.outcomes[Outcome::Pending] = waiting;
        arm.outcomes_active[Outcome::Pending] = waiting;
        cutover::report::standing::remark(&arm)
    };
    assert_eq!(with(60.0, 40.0), None);
    assert_eq!(with(30.0, 70.0).as_deref(), Some("70 % of the active have not moved"));
    assert_eq!(with(0.0, 70.0).as_deref(), Some("moved nobody"));
}

#[test]
fn an_unknown_baseline_is_refused_with_the_names_that_exist() {
    let refused = |sets: &[&str], chosen: &[&str]| {
        let owned = |texts: &[&str]| -> Vec<String> { texts.iter().map(|text| (*text).to_owned()).collect() };
        Loaded::parse("test.toml", THREE, &owned(chosen), &owned(sets)).map_err(|error: Error| error.to_string())
    };
    let said = refused(&["baseline=\"lazyy\""], &[]).expect_err("there is none");
    assert!(
        said.contains("there is no strategy \"lazyy\": expected one of stay, risk-based, lazy, twin"),
        "{said}"
    );
    for allowed in ["stay", "twin"] {
        let loaded = refused(&[&format!("baseline=\"{allowed}\"")], &[]).expect("allowed");
        assert_eq!(loaded.scenario.baseline(), allowed);
    }
    // In code it is the same.
    let base = || Scenario::builder("two").accounts(100).strategy(Strategy::preset("lazy").expect("a preset"));
    assert!(base().baseline("lazy").build().is_ok() && base().baseline("stay").build().is_ok());
    let said = base().baseline("nobody").build().expect_err("there is none").to_string();
    assert!(said.contains("baseline") && said.contains("expected one of stay, lazy"), "{said}");
    // One that was not chosen is none.
    let text = format!("baseline = \"risk-based\"\n{THREE}");
    let chosen = ["lazy".to_owned(), "twin".to_owned()];
    let loaded = Loaded::parse("test.toml", &text, &chosen, &[]).expect("a scenario");
    assert_eq!(loaded.scenario.baseline(), "lazy");
}

#[test]
fn a_report_of_fifteen_arms_stays_small() {
    let run = executed(FIFTEEN, &[]);
    let json = String::from_utf8(run.summary().json().expect("JSON")).expect("text");
    assert_eq!(json.matches("\"transitions\"").count(), 15 * 14 / 2 + 15, "once for each pair");
    assert!(json.len() < 1_500_000, "{} bytes", json.len());
    let verdict = run.verdict();
    assert!(verdict.collapsed.len() <= 16, "a line for each strategy");
    assert_eq!(glance::table(run.summary(), verdict).len(), 16);
    let mut ranged = false;
    for agents in &verdict.agents {
        let told = &run.summary().strategy(&agents.strategy).expect("an arm").desk.calls.peak_hour;
        let (least, most) = (told.busiest_least, told.busiest_most);
        assert!(least <= told.busiest_mean && told.busiest_mean <= most && agents.calls <= most, "{agents:?}");
        ranged |= least < most;
    }
    assert!(ranged, "no range at all");
}

#[test]
fn figures_of_people_and_of_accounts_are_kept_apart() {
    let run = executed(THREE, &["population.shares.household=0.3"]);
    for arm in &run.summary().strategies {
        assert!(arm.totals[Total::Contacted] <= arm.desk.contacts, "{}: people are not more than contacts", arm.name);
        assert!(arm.totals[Total::ShutLongHours] >= 24.0 * arm.totals[Total::ShutOut], "{}", arm.name);
        assert!(arm.totals[Total::ShutLongHours] <= arm.totals[Total::ShutHours], "{}", arm.name);
    }
    let stay = &run.summary().strategies[0];
    assert!(
        stay.customers_lost > 0.0 && stay.customers_lost < stay.outcomes[Outcome::Churned],
        "{}",
        stay.customers_lost
    );
    assert_eq!((stay.attributable.cost_cents, stay.attributable.customers_lost), (0, 0.0));
    assert_eq!(stay.cost_cents[Line::Setup] + stay.cost_cents[Line::Unfinished], 0);
}

/// Both pay for the legacy platform to the horizon; one of them ends it soon after, and has paid for that before.
const LATER: &str = r#"
    horizon_days = 60
    replications = 3
    strategies = [
      { preset = "lazy", name = "endless", cut_off = { day = 2_000, tail = "magic_link" } },
      { preset = "reset-only", name = "ends", cut_off = { day = 75, tail = "reset_link" } },
    ]
    population.accounts = 15_000
    desk.for_accounts = 100_000
    [prices]
    legacy_cents_per_1000_accounts_per_day = 10_000_000
    legacy_days_after = 0
    [prices.setup]
    campaign_cents = 3_000_000_000
    lazy_verify_cents = 0
"#;

#[test]
fn a_win_by_a_short_horizon_is_doubted() {
    let doubted = |sets: &[&str]| {
        let run = executed(LATER, sets);
        let doubts = run.doubts().to_vec();
        (
            run.verdict().pair.clone(),
            doubts.into_iter().filter(|doubt| doubt.starts_with("At twice")).collect::<Vec<_>>(),
        )
    };
    let (pair, doubts) = doubted(&[]);
    assert_eq!(pair.map(|(best, _)| best).as_deref(), Some("endless"));
    let [doubt] = &doubts[..] else { panic!("{doubts:?}") };
    assert!(
        doubt.contains("over 60 days endless costs less than ends, over 120 days ends costs less"),
        "{doubt}"
    );
    // The same again, and nothing where the order stays.
    assert_eq!(doubted(&[]).1, doubts);
    assert_eq!(doubted(&["prices.setup.campaign_cents=90000000000"]).1, Vec::<String>::new());
    // Nothing where twice the horizon is refused.
    assert_eq!(doubted(&["strategies=[\"lazy\"]"]).1, Vec::<String>::new());
}

/// What a reset campaign costs more than verifying at sign-in, apart from building either, decides at which price of building
/// the order changes.
#[test]
fn an_order_that_setup_prices_decide_is_doubted() {
    let text = r#"
        horizon_days = 60
        replications = 5
        strategies = ["reset-only", "lazy"]
        population.accounts = 12_000
        desk.for_accounts = 100_000
    "#;
    let free: Vec<String> = cutover::report::flips::keys(&load(text, &[]).scenario.prices)
        .into_iter()
        .filter(|(key, _)| key.starts_with("setup."))
        .map(|(key, _)| format!("prices.{key}=0"))
        .collect();
    let free: Vec<&str> = free.iter().map(String::as_str).collect();
    let costs = |run: &RunResult, name: &str| run.summary().strategy(name).expect("an arm").cost_cents.total();
    let run = executed(text, &free);
    let lead = costs(&run, "reset-only") - costs(&run, "lazy");
    assert!(lead > 0, "the reset is dearer by {lead}");
    let doubted = |cents: i64| {
        let price = format!("prices.setup.lazy_verify_cents={cents}");
        let run = executed(text, &[&free[..], &[&price]].concat());
        let best = run.verdict().pair.clone().expect("two").0;
        let brief = run.brief_doubts_under(&Unwatched).expect("nobody stops it").to_vec();
        let told =
            |all: &[String]| all.iter().filter(|doubt| doubt.starts_with("Setup prices decide")).cloned().collect();
        let (all, brief): (Vec<String>, Vec<String>) = (told(run.doubts()), told(&brief));
        for (long, short) in all.iter().zip(&brief) {
            assert!(long.starts_with(short) && long.contains("`prices.setup`"), "{long}");
        }
        assert_eq!(all.len(), brief.len());
        (best, brief)
    };
    let said = |text: &str| vec![text.to_owned()];
    let half = "Setup prices decide: at half of them lazy is the cheapest, and not reset-only.";
    assert_eq!(doubted(lead * 3 / 2), ("reset-only".to_owned(), said(half)));
    let twice = "Setup prices decide: at twice of them reset-only is the cheapest, and not lazy.";
    assert_eq!(doubted(lead * 3 / 4), ("lazy".to_owned(), said(twice)));
    assert_eq!(doubted(lead * 2 / 5), ("lazy".to_owned(), Vec::new()), "even twice of it is less than the lead");
    assert_eq!(doubted(lead * 3), ("reset-only".to_owned(), Vec::new()), "even half of it is more");
}

#[test]
fn the_probe_beyond_the_horizon_can_be_stopped() {
    struct Stopped;
    impl Watch for Stopped {
        fn begin(&self, _: &str, _: u64) {}
        fn advance(&self, _: u64) {}
        fn end(&self) {}
        fn stopped(&self) -> bool {
            true
        }
    }
    let run = executed(LATER, &["replications=1", "population.accounts=1000"]);
    assert!(matches!(run.doubts_under(&Stopped), Err(Error::Interrupted(_))));
    assert!(run.doubts_under(&Unwatched).is_ok(), "it can be asked again");
}

#[test]
fn campaign_mails_after_the_horizon_are_told() {
    let text = "strategies = [{ preset = \"reset-only\", rollout = { waves = { day = 30, count = 2, gap_days = 7 } } }]\n\
                replications = 1\npopulation.accounts = 500\ndesk.for_accounts = 50_000\n";
    let told = |days: u64| {
        let run = executed(
            text,
            &[
                &format!("horizon_days={days}"),
                "strategies.reset-only.cut_off.day=1000",
            ],
        );
        let doubts = run.doubts().iter().filter(|doubt| doubt.contains("campaign mails would leave after"));
        (doubts.cloned().collect::<Vec<_>>(), run.summary().strategies[1].totals[Total::LateMails])
    };
    assert_eq!(told(120), (Vec::<String>::new(), 0.0));
    // Waves on days 30 and 37, reminders after 3 and 10 days: those of the second wave fall on day 47.
    let (doubts, late) = told(42);
    let [doubt] = &doubts[..] else { panic!("{doubts:?}") };
    let expected = format!("{} campaign mails would leave after the horizon of 42 days", late.round());
    assert!((1.0..1_000.0).contains(&late) && doubt.contains(&expected), "{late}: {doubt}");
}
