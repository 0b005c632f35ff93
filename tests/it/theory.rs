//! What is known exactly must come out: gamma-Poisson coverage, Erlang-A and Erlang-C, the lognormal click curve.

use cutover::desk::erlang;
use cutover::report::desk_summary::{ChannelIntervals, DeskSummary};
use cutover::report::series;
use cutover::scenario::Scenario;
use cutover::terms::Outcome;

use super::support::{self, load, replications, run};

/// Accounts linked by the end of each day, as shares, under the last strategy of a scenario.
fn coverage(text: &str, sets: &[&str]) -> Vec<f64> {
    let loaded = load(text, sets);
    let replications = replications(&loaded);
    let hourly = series::hourly(&loaded.scenario, &replications);
    let linked = &hourly.last().expect("a strategy").events[1];
    let accounts = loaded.scenario.population.accounts.get() as f64;
    let mut sum = 0.0;
    linked
        .chunks(24)
        .map(|day| {
            sum += day.iter().sum::<f64>() / accounts;
            sum
        })
        .collect()
}

#[test]
fn lazy_coverage_follows_the_closed_form() {
    let text = support::read("scenarios/lazy-coverage.toml");
    // (shape, rate in days, days)
    for (r, b, days) in [(0.176, 7.27, 365), (2.0, 30.0, 120), (0.5, 1.0, 60)] {
        let sets = [
            format!("population.sign_ins.shape={r}"),
            format!("population.sign_ins.rate_days={b}"),
            format!("horizon_days={days}"),
            "population.accounts=100000".to_owned(),
        ];
        let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
        for (day, got) in coverage(&text, &sets).into_iter().enumerate() {
            let expected = 1.0 - (b / (b + day as f64 + 1.0)).powf(r);
            let error = (expected * (1.0 - expected) / 100_000.0).sqrt();
            // Days of one population hang together; five standard errors over all of them is a fair family-wise bound.
            assert!((got - expected).abs() < 5.0 * error, "r {r}, b {b}, day {}: {got} for {expected}", day + 1);
        }
    }
}

/// Mean wait and share abandoned of the pure queue.
fn queue(sets: &[String]) -> (f64, f64, f64) {
    let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
    let summary = run(&support::read("scenarios/desk-only.toml"), &sets);
    let desk = &summary.strategies[0].desk;
    (
        desk.calls.mean_wait_s,
        desk.calls.abandoned / (desk.calls.answered + desk.calls.abandoned),
        desk.occupancy,
    )
}

#[test]
fn the_desk_is_erlang_a() {
    // (agents, calls per hour, handle time, patience, days): busy, overloaded, quiet.
    for (agents, per_hour, handle, patience, days) in [
        (50, 2880.0, 60.0, 120.0, 30),
        (14, 200.0, 180.0, 300.0, 300),
        (5, 200.0, 120.0, 60.0, 300),
    ] {
        let sets = [
            format!("desk.tier1.agents={agents}"),
            format!("desk.baseline.phone_per_hour={per_hour}"),
            format!("desk.baseline.phone_handle_time.exponential.mean_s={handle}"),
            format!("desk.phone.patience.exponential.mean_s={patience}"),
            format!("horizon_days={days}"),
            "replications=1".to_owned(),
        ];
        let (wait, abandoned, occupancy) = queue(&sets);
        let exact = erlang::erlang_a(agents, per_hour / 3600.0, handle, patience);
        // About two million calls: the standard error of the wait is near 1 % here.
        assert!((wait / exact.mean_wait_s - 1.0).abs() < 0.04, "{agents}: wait {wait} for {}", exact.mean_wait_s);
        assert!((abandoned / exact.abandons - 1.0).abs() < 0.04, "{agents}: {abandoned} for {}", exact.abandons);
        assert!((occupancy / exact.occupancy - 1.0).abs() < 0.005, "{agents}: {occupancy} for {}", exact.occupancy);
    }
}

fn average(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The printed intervals cover what they should, as often as they should, and are no wider than the luck of the draw.
#[test]
fn intervals_of_the_desk_cover_erlang_a() {
    const RUNS: usize = 60;
    let exact = erlang::erlang_a(14, 200.0 / 3600.0, 180.0, 300.0);
    let text = support::read("scenarios/desk-only.toml");
    let desks: Vec<DeskSummary> = (0..RUNS)
        .map(|seed| {
            let seed = format!("seed={seed}");
            let sets = [
                "desk.tier1.agents=14",
                "desk.baseline.phone_per_hour=200",
                "desk.baseline.phone_handle_time.exponential.mean_s=180",
                "desk.phone.patience.exponential.mean_s=300",
                "horizon_days=5",
                "replications=10",
                &seed,
            ];
            run(&text, &sets).strategies.swap_remove(0).desk
        })
        .collect();
    let intervals = |of: fn(&ChannelIntervals) -> [f64; 2]| {
        desks.iter().map(move |desk| of(&desk.calls.ci95.expect("ten replications"))).collect::<Vec<_>>()
    };
    let values = |of: fn(&DeskSummary) -> f64| desks.iter().map(of).collect::<Vec<f64>>();
    let occupancies = desks.iter().map(|desk| desk.occupancy_ci95.expect("ten replications")).collect();
    for (what, exact, values, intervals) in [
        ("wait", exact.mean_wait_s, values(|desk| desk.calls.mean_wait_s), intervals(|ci| ci.mean_wait_s)),
        ("waited", exact.waits, values(|desk| desk.calls.waited_share), intervals(|ci| ci.waited_share)),
        (
            "abandoned",
            exact.abandons,
            values(|desk| desk.calls.abandoned_share),
            intervals(|ci| ci.abandoned_share),
        ),
        ("occupancy", exact.occupancy, values(|desk| desk.occupancy), occupancies),
    ] {
        // Of 60 intervals 57 cover on the mean, and fewer than 50 in one of some thousand tries.
        let cover = intervals.iter().filter(|ci| (ci[0]..=ci[1]).contains(&exact)).count();
        assert!(cover >= 50, "{what}: {cover} of {RUNS} cover {exact}");
        let mean = average(&values);
        let spread = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (RUNS as f64 - 1.0)).sqrt();
        assert!((mean / exact - 1.0).abs() < 0.01, "{what}: {mean} for {exact}");
        // Half the width is Student's 2.262 standard errors.
        let half_width = average(&intervals.iter().map(|ci| (ci[1] - ci[0]) / 2.0).collect::<Vec<_>>());
        let ratio = half_width / (2.262 * spread);
        assert!((0.75..1.25).contains(&ratio), "{what}: the intervals are {ratio} times as wide as they should be");
    }
}

#[test]
fn with_endless_patience_the_desk_is_erlang_c() {
    let sets = [
        "desk.tier1.agents=14".to_owned(),
        "desk.baseline.phone_per_hour=200".to_owned(),
        "desk.baseline.phone_handle_time.exponential.mean_s=180".to_owned(),
        "desk.phone.patience=\"endless\"".to_owned(),
        "horizon_days=400".to_owned(),
        "replications=1".to_owned(),
    ];
    let (wait, abandoned, occupancy) = queue(&sets);
    let exact = erlang::erlang_c(14, 200.0 / 3600.0, 180.0).expect("stable");
    assert_eq!(abandoned, 0.0);
    assert!((wait / exact.mean_wait_s - 1.0).abs() < 0.04, "wait {wait} for {}", exact.mean_wait_s);
    assert!((occupancy / exact.occupancy - 1.0).abs() < 0.005);
}

/// The identity that links patience and wait holds whatever the number of agents: P(abandon) = E[wait] / E[patience].
#[test]
fn abandonment_is_wait_over_patience_even_when_agents_vary() {
    let sets = [
        "desk.tier1.agents=[{ days = \"Mon-Fri\", hours = \"8-20\", value = 30 }, { days = \"Sat\", value = 9 }]"
            .to_owned(),
        "desk.baseline.phone_per_hour=[{ hours = \"7-21\", value = 1500 }]".to_owned(),
        "horizon_days=140".to_owned(),
        "replications=1".to_owned(),
    ];
    let (wait, abandoned, _) = queue(&sets);
    assert!((abandoned / (wait / 120.0) - 1.0).abs() < 0.01, "{abandoned} for {}", wait / 120.0);
}

/// Everybody is mailed once, clicks, and nothing else ever happens: the share of links found expired is the upper tail
/// of the click curve, for any lifetime.
#[test]
fn links_expire_as_the_click_curve_says() {
    let text = r#"
        strategies = [{ preset = "reset-only", cut_off = { day = 300, tail = "retire" } }]
        horizon_days = 400
        replications = 1
        threat.enabled = false
        [population]
        accounts = 40_000
        responds_share = 1.0
        sign_ins = { shape = 1e-6, rate_days = 1e9 }
        shares = { household = 0, business_mailbox = 0, shared_phone = 0, duplicate = 0, no_email = 0, dead_mailbox = 0, recycled_mailbox = 0, no_living_channel = 0, in_target = 0 }
        trouble = { mistyped.share = 0, planted.share = 0, nobody.share = 0 }
        [journey.mail]
        suspected_share = 0.0
        scanned_share = 0.0
        inbox_share = 1.0
        soft_bounce_share = 0.0
        acts_share = 1.0
        [journey.recovery]
        asks_again_share = 0.0
        [journey.frustration]
        attrition_per_year = 0
        leaving_per_point = 0
    "#;
    // Standard normal tail at (ln(lifetime) - ln(median)) / sigma, for median 2.8 h and sigma 2.45.
    for (lifetime_h, tail) in [(1.0, 0.662_82), (24.0, 0.190_28), (72.0, 0.092_57)] {
        let sets = [
            format!("strategies.reset-only.controls.link_lifetime_h={lifetime_h}"),
            "strategies.reset-only.controls.reminders_days=[]".to_owned(),
        ];
        let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
        let summary = run(text, &sets);
        let funnel = &summary.strategies[1].funnel;
        // Clicks later than the horizon do not count; they are one in a thousand.
        let got = funnel.expired / funnel.clicked;
        let error = (tail * (1.0 - tail) / funnel.clicked).sqrt();
        assert!((got - tail).abs() < 4.0 * error + 0.002, "{lifetime_h} h: {got} expired for {tail}");
        assert!(funnel.clicked > 39_000.0, "{} clicked", funnel.clicked);
    }
}

/// Without any migration customers leave at the stated rate and no other.
#[test]
fn attrition_is_exponential() {
    let text = r#"
        horizon_days = 365
        replications = 1
        threat.enabled = false
        population.accounts = 50_000
        threat.false_alarms_per_year = 0
        journey.sign_in.forgotten_least_share = 0
        journey.sign_in.forgotten_most_share = 0
        journey.frustration.attrition_per_year = 0.2
        population.shares.locked = 0
        population.shares.disabled = 0
        population.trouble.nobody.share = 0
    "#;
    let summary = run(text, &[]);
    let left = summary.strategies[0].outcomes[Outcome::Churned] / 50_000.0;
    let expected = 1.0 - (-0.2_f64 * 365.0 / 365.25).exp();
    assert!(
        (left - expected).abs() < 4.0 * (expected * (1.0 - expected) / 50_000.0).sqrt(),
        "{left} for {expected}"
    );
}

#[test]
fn defaults_are_what_the_documents_say() {
    let scenario = Scenario::default();
    let sign_ins = &scenario.population.sign_ins;
    let seen =
        |days: f64| 1.0 - (sign_ins.rate_days.get() / (sign_ins.rate_days.get() + days)).powf(sign_ins.shape.get());
    assert!((seen(30.0) - 0.25).abs() < 0.005 && (seen(365.0) - 0.5).abs() < 0.005);
}
