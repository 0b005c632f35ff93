//! Rollouts that react: what their gates do when the cause is turned up, down and off, under the same luck; and that they
//! are exactly plain waves as long as nothing fires.

use cutover::calendar::{DAY_MS, HOUR_MS, SimTime};
use cutover::engine::{ArmResult, Replication};
use cutover::measure::counts::Series;
use cutover::results::{Decision, Deed};
use cutover::terms::{Outcome, Signal};

use super::support::{load, replications};

#[cfg(feature = "cli")]
mod stored;

/// A scenario with one strategy whose rollout is this.
pub fn text(rollout: &str) -> String {
    format!(
        r#"
        name = "adaptive"
        horizon_days = 50
        replications = 1
        strategies = [{{ preset = "reset-only", name = "it", cut_off = {{ day = 45 }}, rollout = {rollout} }}]
        [population]
        accounts = 12000
        [desk]
        for_accounts = 12000
        tier1 = {{ agents = [{{ days = "Mon-Sat", hours = "8-18", value = 2 }}] }}
        review = {{ agents = [{{ days = "Mon-Fri", hours = "9-17", value = 1 }}] }}
        baseline = {{ phone_per_hour = [{{ days = "Mon-Sat", hours = "8-18", value = 4 }}], email_per_hour = 1 }}
        "#
    )
}

/// Waves of so many days, first the canary on day 7.
pub fn waves(more: &str) -> String {
    format!("{{ day = 14, count = 3, gap_days = 7, canary_share = 0.08{more} }}")
}

/// The same with gates.
pub fn gated(more: &str, gates: &str) -> String {
    format!("{{ adaptive = {{ waves = {}, look_every_h = 6, window_h = 24, gates = [{gates}] }} }}", waves(more))
}

fn run(rollout: &str, sets: &[&str]) -> Vec<Replication> {
    replications(&load(&text(rollout), sets))
}

/// The arm whose rollout reacts, in the first replication.
fn arm(rollout: &str, sets: &[&str]) -> ArmResult {
    run(rollout, sets)[0].arms[1].clone()
}

fn bytes(replication: &Replication) -> Vec<u8> {
    let arms = replication.arms.iter().map(|arm| (&arm.counts, &arm.desk));
    postcard::to_stdvec(&(arms.collect::<Vec<_>>(), &replication.transitions)).expect("encoded")
}

fn deeds(arm: &ArmResult) -> Vec<Deed> {
    arm.decisions.iter().map(|decision| decision.deed).collect()
}

fn at(arm: &ArmResult, wanted: Deed) -> Option<SimTime> {
    arm.decisions.iter().find(|decision| decision.deed == wanted).map(|decision| decision.at)
}

const NEVER_FIRES: &str = r#"{ signal = "bounce_share", above = 0.99, response = "stop" }"#;
const CALLERS_WAIT: &str = r#"{ signal = "phone_wait_p95_s", above = 30, at_least = 10, response = "#;

#[test]
fn a_gate_that_never_fires_gives_the_bytes_of_plain_waves() {
    let orders = [
        "",
        ", order = \"active_first\"",
        ", order = \"low_value_first\"",
        ", send_over_h = 60",
    ];
    for more in orders {
        let plain = run(&format!("{{ waves = {} }}", waves(more)), &["replications=2"]);
        let gates = format!("{NEVER_FIRES}, {{ signal = \"desk_backlog\", above = 1e9, response = \"roll_back\" }}");
        let gated = run(&gated(more, &gates), &["replications=2"]);
        for (plain, gated) in plain.iter().zip(&gated) {
            assert_eq!(bytes(plain), bytes(gated), "{more}");
            let begun: Vec<_> = (0..4).map(Deed::Release).collect();
            assert_eq!(deeds(&gated.arms[1]), begun, "{more}");
        }
    }
}

/// Without a canary, with waves that fall on no full hour, and with a look at every hour.
#[test]
fn nor_does_it_depend_on_when_the_gates_are_looked_at() {
    let waves = "{ day = 3.3, count = 5, gap_days = 2.71 }";
    let plain = run(&format!("{{ waves = {waves} }}"), &[]);
    for every in [1, 5, 24, 700] {
        let rollout =
            format!("{{ adaptive = {{ waves = {waves}, look_every_h = {every}, gates = [{NEVER_FIRES}] }} }}");
        assert_eq!(bytes(&plain[0]), bytes(&run(&rollout, &[])[0]), "{every}");
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let gates = format!("{CALLERS_WAIT} \"hold\" }}, {CALLERS_WAIT} \"slow\", slower_factor = 3 }}");
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let found = pool.install(|| run(&gated("", &gates), &["population.accounts=40000"]));
        (bytes(&found[0]), found[0].arms[1].decisions.clone())
    };
    let (bytes, decisions) = on(1);
    assert!(decisions.iter().any(|decision| decision.deed == Deed::Hold), "{decisions:?}");
    assert_eq!(on(2), (bytes.clone(), decisions.clone()));
    assert_eq!(on(3), (bytes, decisions));
}

/// The cause, dead mailboxes, turned up, down and off: the gate fires where it should, and is told of what it saw.
#[test]
fn a_rollout_stops_on_what_bounces() {
    let rollout = gated("", r#"{ signal = "bounce_share", above = 0.12, response = "stop" }"#);
    let with = |share: &str| {
        let dead = format!("population.shares.dead_mailbox={share}");
        arm(&rollout, &[&dead, "population.shares.no_living_channel=0"])
    };
    for share in ["0.0", "0.06"] {
        assert!(!deeds(&with(share)).contains(&Deed::Stop), "{share}");
    }
    let stopped = with("0.25");
    assert_eq!(deeds(&stopped), [Deed::Release(0), Deed::Stop], "in the canary");
    let Some(Decision { at, cause: Some(cause), .. }) = stopped.decisions.last() else {
        panic!("no cause")
    };
    assert_eq!((cause.gate, cause.signal), (0, Signal::BounceShare));
    assert!(cause.seen.is_some_and(|seen| (0.12..0.6).contains(&seen)), "{cause:?}");
    // After it, only reminders go out: no more accounts are reached than the canary has.
    let plain = arm(&format!("{{ waves = {} }}", waves("")), &["population.shares.dead_mailbox=0.25"]);
    let (few, many) = (stopped.counts.funnel[0], plain.counts.funnel[0]);
    assert!(few > 500 && few * 8 < many, "{few} of {many}");
    // An operator knows it only after mails have bounced.
    assert!(*at > SimTime(7 * DAY_MS) && *at <= SimTime(8 * DAY_MS), "{at:?}");
}

#[test]
fn a_hold_moves_all_waves_that_follow_and_ends_when_it_is_calm() {
    let hold = |agents: u32| {
        let agents = format!("desk.tier1.agents=[{{ days = \"Mon-Sat\", hours = \"8-18\", value = {agents} }}]");
        arm(&gated("", &format!("{CALLERS_WAIT} \"hold\" }}")), &[&agents])
    };
    let calm = hold(60);
    assert_eq!(deeds(&calm), (0..4).map(Deed::Release).collect::<Vec<_>>());
    let held = hold(2);
    let begins: Vec<SimTime> = (0..4).map(|wave| at(&held, Deed::Release(wave)).expect("it begins")).collect();
    let planned = |wave: i64| SimTime((7 + 7 * wave) * DAY_MS);
    assert!(begins.iter().zip(0..).all(|(begin, wave)| *begin >= planned(wave)), "{begins:?}");
    assert!(begins.iter().zip(0..).any(|(begin, wave)| *begin > planned(wave)), "{begins:?}");
    assert!(begins.windows(2).all(|pair| (pair[1] - pair[0]).0 >= 7 * DAY_MS), "no gap is shorter than planned");
    let (began, ended) = (at(&held, Deed::Hold).expect("a hold"), at(&held, Deed::GoOn).expect("its end"));
    assert!(began < ended && (ended - began).0 % (6 * HOUR_MS) == 0, "gates are looked at every six hours");
}

#[test]
fn the_longest_hold_ends_as_the_gate_says() {
    let ends = |afterwards: &str| {
        let gate =
            format!("{CALLERS_WAIT} \"hold\", calm_below = 0, longest_hold_days = 3, afterwards = \"{afterwards}\" }}");
        let held = arm(&gated("", &gate), &[]);
        let began = at(&held, Deed::Hold).expect("a hold");
        let next = held.decisions.iter().find(|decision| decision.at > began).expect("its end");
        assert!(((next.at - began).0 - 3 * DAY_MS) <= 6 * HOUR_MS && (next.at - began).0 >= 3 * DAY_MS, "{next:?}");
        next.deed
    };
    assert_eq!(ends("go_on"), Deed::GoOn);
    assert_eq!(ends("stop"), Deed::Stop);
    assert_eq!(ends("roll_back"), Deed::RollBack);
}

/// Mails leave later, and none is lost.
#[test]
fn mails_leave_more_slowly_while_a_gate_fires() {
    let mails = |factor: u32| {
        let gate = format!("{CALLERS_WAIT} \"slow\", slower_factor = {factor} }}");
        arm(&gated(", send_over_h = 96", &gate), &[])
    };
    let (same, slow) = (mails(1), mails(5));
    assert!(deeds(&slow).iter().any(|deed| matches!(deed, Deed::Slow(5000))));
    let plain = arm(&format!("{{ waves = {} }}", waves(", send_over_h = 96")), &[]);
    assert_eq!(same.counts, plain.counts, "a factor of one changes nothing");
    // But for those who have come by themselves before their mail left.
    let (mailed, planned) = (slow.counts.funnel[0], plain.counts.funnel[0]);
    assert!(mailed <= planned && mailed * 20 > planned * 19, "{mailed} of {planned}");
    let mean = |arm: &ArmResult| {
        let hours = &arm.counts.series[Series::Mails as usize];
        let sum: u64 = hours.iter().zip(0..).map(|(&mails, hour)| u64::from(mails) * hour).sum();
        sum as f64 / hours.iter().map(|&mails| f64::from(mails)).sum::<f64>()
    };
    assert!(mean(&slow) > mean(&plain) + 2.0, "{} {}", mean(&slow), mean(&plain));
}

#[test]
fn what_is_rolled_back_is_at_the_legacy_platform_again() {
    // The gates are looked at so rarely that many have moved by then.
    let gate = r#"{ signal = "bounce_share", above = 0.05, response = "roll_back" }"#;
    let rollout = gated("", gate).replace("look_every_h = 6, window_h = 24", "look_every_h = 240, window_h = 240");
    // Nobody filters or stops the sender, so that many act on the mails.
    let sets = [
        "population.shares.dead_mailbox=0.2",
        "population.responds_share=0.9",
        "target.gateway={ filtered_per_bounce_share = 0, bounce_pause_share = 1 }",
        "journey.frustration.leaving_per_point=0.1",
    ];
    let undone = arm(&rollout, &sets);
    assert_eq!(deeds(&undone).last(), Some(&Deed::RollBack));
    assert!(undone.counts.series[Series::Linked as usize].iter().sum::<u32>() > 300, "they had moved before");
    let plain = arm(&format!("{{ waves = {} }}", waves("")), &sets);
    let migrated =
        |arm: &ArmResult| arm.counts.outcome(Outcome::Migrated) + arm.counts.outcome(Outcome::MigratedByDesk);
    assert_eq!(migrated(&undone), 0);
    assert!(migrated(&plain) > 1000);
    // Passwords that had been refused are accepted again: as many as where nothing is migrated, but for those who left.
    let stay = run(&gated("", gate), &sets)[0].arms[0].clone();
    let (alive, all) = (undone.counts.credentials_alive, stay.counts.credentials_alive);
    assert!(alive > all * 9 / 10 && alive <= all, "{alive} of {all}");
    // Who had chosen a new password is refused at first: that costs contacts and customers.
    let churned = |arm: &ArmResult| arm.counts.outcome(Outcome::Churned);
    assert!(churned(&undone) > churned(&stay), "{} {}", churned(&undone), churned(&stay));
}

/// Accounts of a wave that begins after the cut-off are cut off as they begin, not on a day that has passed.
#[test]
fn a_wave_that_is_held_beyond_the_cut_off_begins_when_it_begins() {
    let gates = format!(
        "{CALLERS_WAIT} \"hold\" }}, {{ signal = \"phone_wait_p95_s\", above = 120, response = \"roll_back\" }}"
    );
    let sets = [
        "population.accounts=4000",
        "population.sign_ins.shape=0.35519838406759086",
        "population.sign_ins.rate_days=6.1071371011643585",
        "journey.recovery.used_share=0.7807005013527203",
    ];
    let held = arm(&gated("", &gates), &sets);
    let cut_off = SimTime(45 * DAY_MS);
    let late = |decision: &Decision| matches!(decision.deed, Deed::Release(_)) && decision.at > cut_off;
    assert!(held.decisions.iter().any(late), "{:?}", held.decisions);
}

/// What a load test plays is what was counted: the operations of every account under the decisions of its rollout.
#[test]
fn operations_are_played_under_the_same_decisions() {
    use cutover::engine::operations::ArmOperations;
    use cutover::terms::operation::Operation;
    use cutover::watch::Unwatched;
    let gates = format!(
        "{CALLERS_WAIT} \"hold\" }}, {{ signal = \"phone_wait_p95_s\", above = 60, response = \"roll_back\" }}"
    );
    let loaded = load(&text(&gated("", &gates)), &["population.accounts=60000", "journey.choice.desk_weight=20"]);
    let counted = replications(&loaded)[0].arms[1].clone();
    assert!(
        deeds(&counted).contains(&Deed::Hold) && deeds(&counted).contains(&Deed::RollBack),
        "{:?}",
        deeds(&counted)
    );
    let played = ArmOperations::new(&loaded.scenario, None, 0, 0, &Unwatched).expect("operations");
    let parts = played.visit(&Unwatched, |links: &mut [u64; 2], _, _, dossier| {
        for (_, entry) in dossier.audit.iter().filter(|(_, entry)| entry.refused.is_none()) {
            links[0] += u64::from(matches!(entry.operation, Operation::Link { .. } | Operation::Merge { .. }));
            links[1] += u64::from(entry.operation == Operation::RollBack);
        }
        Ok(())
    });
    let [links, undone] = parts.expect("visited").iter().fold([0, 0], |sum, part| [sum[0] + part[0], sum[1] + part[1]]);
    let linked: u64 = counted.counts.series[Series::Linked as usize].iter().map(|&links| u64::from(links)).sum();
    assert_eq!(links, linked);
    assert!(undone > linked, "whoever was reached is rolled back: {undone}, of whom {linked} had moved");
}

/// The shipped scenario: a fifth of the club's mailboxes is dead and nobody knew. With the gate the rollout stops in the
/// canary; without it the desk collapses; and with as many dead mailboxes as planned for neither happens.
#[test]
fn the_canary_stops_a_rollout_before_it_hurts() {
    use cutover::prelude::*;
    let text = super::support::read("scenarios/canary.toml");
    let of = |dead: &str| {
        let dead = format!("population.segments[1].shares.dead_mailbox={dead}");
        let loaded = load(&text, &["replications=1", &dead]);
        Run::new(&loaded.scenario).execute().expect("a run")
    };
    let (bad, planned) = (of("0.20"), of("0.02"));
    let place = |run: &RunResult, name: &str| run.results().arm(name).expect("an arm").place();
    let decisions = |run: &RunResult| {
        let arm = &run.results().replications()[0].arms[place(run, "gated")];
        arm.decisions.iter().map(|decision| decision.deed).collect::<Vec<_>>()
    };
    assert_eq!(decisions(&bad), [Deed::Release(0), Deed::Stop]);
    assert!(!decisions(&planned).contains(&Deed::Stop), "{:?}", decisions(&planned));
    let collapses = |run: &RunResult, name: &str| {
        run.verdict()
            .collapses
            .iter()
            .any(|collapse| collapse.contains(&format!("Under {name} the desk collapses")))
    };
    assert!(collapses(&bad, "waves") && !collapses(&bad, "gated"));
    assert!(!collapses(&planned, "waves"));
}
