//! Baseline traffic: who comes again, how it grows, how days differ, durations from a file.

use cutover::error::Error;
use cutover::measure::desk::ChannelMeasure;
use cutover::scenario::Scenario;
use cutover::terms::Channel;

use super::{floor, measured};

fn daily(measure: &ChannelMeasure) -> Vec<f64> {
    measure
        .hours
        .chunks(24)
        .map(|day| day.iter().map(|hour| hour.offered).sum::<u64>() as f64)
        .collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn covariance(one: &[f64], other: &[f64]) -> f64 {
    let (a, b) = (mean(one), mean(other));
    one.iter().zip(other).map(|(x, y)| (x - a) * (y - b)).sum::<f64>() / (one.len() - 1) as f64
}

/// The one agent is on the first call for good, so each of the others tries again until the limit.
#[test]
fn those_who_give_up_try_again_up_to_the_limit() {
    for (share, limit) in [(0.8, 3), (0.5, 1), (0.9, 0)] {
        let desk = measured(&[
            "horizon_days=20",
            "desk.phone.patience={ constant = { mean_s = 5 } }",
            "desk.baseline.phone_per_hour=120",
            "desk.baseline.phone_handle_time={ constant = { mean_s = 2.5e6 } }",
            &format!("desk.baseline.redial_share={share}"),
            "desk.baseline.redial_mean_min=1",
            &format!("desk.baseline.redial_limit={limit}"),
        ]);
        let phone = &desk.channels[Channel::Phone as usize];
        let fresh = (phone.total().offered - phone.redialed) as f64;
        let tries: f64 = (1..=limit).map(|n| f64::powi(share, n)).sum();
        // A caller's number of tries varies by less than the square of the limit.
        let error = f64::from(limit) / fresh.sqrt();
        let got = phone.redialed as f64 / fresh;
        assert!((got - tries).abs() <= 4.0 * error, "{got} tries for {tries}, standard error {error}");
        assert_eq!(phone.total().answered, 1);
    }
}

#[test]
fn contacts_that_are_not_settled_come_again() {
    for (key, channel) in [
        ("phone", Channel::Phone),
        ("chat", Channel::Chat),
        ("email", Channel::Email),
    ] {
        let desk = |resolved: f64| {
            let desk = measured(&[
                "horizon_days=20",
                "desk.tier1.agents=200",
                &format!("desk.baseline.{key}_per_hour=100"),
                &format!("desk.baseline.{key}_handle_time={{ constant = {{ mean_s = 20 }} }}"),
                &format!("desk.baseline.resolved_share={resolved}"),
                "desk.baseline.repeat_mean_h=0.05",
            ]);
            let measure = &desk.channels[channel as usize];
            assert_eq!((measure.redialed, measure.total().abandoned), (0, 0), "a repeat is no redial");
            measure.total().offered as f64
        };
        // The first contacts are the same whatever comes after them.
        let (fresh, all) = (desk(1.0), desk(0.75));
        let error = (0.25_f64 / 0.75_f64.powi(2) / fresh).sqrt();
        let got = all / fresh;
        assert!((got - 1.0 / 0.75).abs() < 4.0 * error, "{key}: {got} contacts each, standard error {error}");
    }
}

#[test]
fn traffic_grows_by_its_share_in_a_year() {
    let desk = measured(&[
        "horizon_days=731",
        "desk.tier1.agents=100",
        "desk.baseline.growth_share_per_year=0.5",
        "desk.baseline.phone_per_hour=40",
        "desk.baseline.phone_handle_time={ constant = { mean_s = 10 } }",
    ]);
    let days = daily(&desk.channels[Channel::Phone as usize]);
    let rate = 1.5_f64.ln();
    let expected = |from: f64, to: f64| 960.0 * 365.25 * ((rate * to).exp() - (rate * from).exp()) / rate;
    for (from, to) in [(0, 365), (365, 730), (0, 30), (700, 730)] {
        let count: f64 = days[from..to].iter().sum();
        let exact = expected(from as f64 / 365.25, to as f64 / 365.25);
        assert!((count - exact).abs() < 4.0 * exact.sqrt(), "days {from} to {to}: {count} for {exact}");
    }
}

/// A factor with mean 1 and this coefficient of variation makes the variance of a day's count
/// `lambda + lambda^2 cv^2`; all channels share it.
#[test]
fn days_vary_as_stated_and_together() {
    let cv = 0.4_f64;
    let desk = |cv: f64| {
        measured(&[
            "start=\"2026-03-02T07:00\"",
            "horizon_days=2001",
            "desk.tier1.agents=100",
            &format!("desk.baseline.day_cv={cv}"),
            "desk.baseline.phone_per_hour=10",
            "desk.baseline.email_per_hour=10",
            "desk.baseline.phone_handle_time={ constant = { mean_s = 10 } }",
        ])
    };
    // The factor is that of the date, and the run begins at seven.
    let by_date = |measure: &ChannelMeasure| {
        let mut measure = measure.clone();
        measure.hours.drain(..17);
        measure.hours.truncate(2000 * 24);
        daily(&measure)
    };
    let varied = desk(cv);
    let (phone, email) = (by_date(&varied.channels[0]), by_date(&varied.channels[Channel::Email as usize]));
    let dispersion = covariance(&phone, &phone) / mean(&phone);
    let expected = 1.0 + 240.0 * cv * cv;
    // The standard error of a variance of 2000 values of such a gamma is near 4 %.
    assert!((dispersion / expected - 1.0).abs() < 0.16, "dispersion {dispersion} for {expected}");
    assert!(
        (mean(&phone) / 240.0 - 1.0).abs() < 4.0 * (expected / 240.0 / 2000.0).sqrt(),
        "mean {}",
        mean(&phone)
    );
    let together = covariance(&phone, &email) / (240.0 * 240.0 * cv * cv);
    assert!((together - 1.0).abs() < 0.16, "covariance {together} of what it should be");

    let plain = by_date(&desk(0.0).channels[0]);
    let dispersion = covariance(&plain, &plain) / mean(&plain);
    assert!((dispersion - 1.0).abs() < 0.13, "Poisson has dispersion 1, not {dispersion}");
}

/// A scenario in a folder with a file of durations beside it.
fn from_file(csv: &str, column: &str) -> Result<Scenario, String> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("times.csv"), csv).expect("write");
    let text = format!(
        "horizon_days = 60\nstrategies = []\npopulation.accounts = 0\n[desk]\ntier1.agents = 100\nbaseline.phone_per_hour = 200\nbaseline.email_per_hour = 0\nbaseline.phone_handle_time = {{ empirical = {{ file = \"times.csv\", column = \"{column}\" }} }}\n"
    );
    let path = folder.path().join("empirical.toml");
    std::fs::write(&path, text).expect("write");
    match Scenario::load(&path, &[], &[]) {
        Ok(loaded) => Ok(loaded.scenario),
        Err(Error::Input(message)) => Err(message),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn durations_can_come_from_a_file() {
    let scenario = from_file("agent,talk_s\nann,30\nbob,\nann,90.5\ncid, 600\n", "talk_s").expect("a good file");
    let staffed = floor(&scenario, |measure| measure);
    let desk = staffed
        .run(scenario.hours(), &mut cutover::desk::NoCallers, &cutover::watch::Unwatched)
        .expect("runs")
        .finish();
    let baseline = desk.reasons[0];
    let mean_s = baseline.handle_ms as f64 / 1000.0 / baseline.answered as f64;
    // Three values: mean 240.167, standard deviation 255.7, over some 288,000 calls.
    assert!(baseline.answered > 280_000 && (mean_s - 240.1667).abs() < 2.0, "mean {mean_s}");
}

#[test]
fn a_file_of_durations_that_is_wrong_is_named_with_line_column_and_value() {
    let key = "desk.baseline.phone_handle_time.empirical";
    for (csv, column, parts) in [
        (
            "talk_s\n30\nsoon\n",
            "talk_s",
            &[
                "times.csv, line 3, column talk_s: \"soon\"",
                "seconds from 0 to 4000000",
            ][..],
        ),
        ("id,talk_s\n1,30\n2,-4\n", "talk_s", &["times.csv, line 3, column talk_s: \"-4\""]),
        ("talk_s\nnan\n", "talk_s", &["line 2", "\"nan\""]),
        ("talk_s\n4000001\n", "talk_s", &["line 2", "\"4000001\""]),
        ("talk_s,wait_s\n30,2\n", "talk", &["times.csv has no column \"talk\"", "\"talk_s\", \"wait_s\""]),
        ("talk_s\n\n", "talk_s", &["0 values in column \"talk_s\"", "expected 1 to"]),
        ("talk_s\n0\n0.0\n", "talk_s", &["all values in column \"talk_s\" are 0", "one above 0"]),
        ("talk_s,id,talk_s\n1,2,3\n", "talk_s", &["times.csv has two columns \"talk_s\""]),
        ("talk_s\n1,2,3\n", "talk_s", &["times.csv: line 2 has 3 fields instead of the 1"]),
        ("", "talk_s", &["times.csv is empty: expected a line of titles, \"talk_s\" among them"]),
    ] {
        let complaint = from_file(csv, column).err().unwrap_or_else(|| panic!("{csv:?} should be refused"));
        for part in [&[key, "empirical.toml:8", "1 problem; nothing was run"], parts].concat() {
            assert!(complaint.contains(part), "\"{part}\" is not in:\n{complaint}");
        }
    }
    let text = "desk.phone.patience = { empirical = { file = \"nowhere.csv\", column = \"s\" } }";
    let error = cutover::scenario_file::Loaded::parse("bad.toml", text, &[], &[]).expect_err("there is no such file");
    assert!(error.to_string().contains("nowhere.csv: cannot be read"), "{error}");
}
