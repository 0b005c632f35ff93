//! Whatever the desk: nobody is lost, nobody is served twice, nobody overtakes, nobody works more than they can, and
//! the same seed gives the same bytes.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use cutover::calendar::{HOUR_MS, SimTime};
use cutover::desk::{Loss, Request, opening};
use cutover::measure::desk::DeskMeasure;
use cutover::scenario::Scenario;
use cutover::terms::Reason;
use cutover::terms::{Channel, Skill};
use cutover::watch::Unwatched;
use proptest::prelude::*;

use super::{Ledger, Script, floor, scenario, seconds};
use crate::support::cases;

/// A desk with anything that a desk can have.
#[derive(Clone, Debug)]
struct AnyDesk {
    sets: Vec<String>,
    script: Vec<(Request, bool)>,
}

const PATIENCE: [&str; 4] = [
    "\"endless\"",
    "{ exponential = { mean_s = 60 } }",
    "{ constant = { mean_s = 45 } }",
    "{ weibull = { mean_s = 200, shape = 0.6 } }",
];
const HANDLE: [&str; 3] = [
    "{ constant = { mean_s = 60 } }",
    "{ lognormal = { mean_s = 240, cv = 1.2 } }",
    "{ gamma = { mean_s = 120, cv = 2.0 } }",
];
const TAKES: [&str; 4] = [
    "[\"phone\", \"chat\", \"email\"]",
    "[\"chat\", \"email\", \"phone\"]",
    "[\"email\", \"phone\", \"chat\", \"proofing\"]",
    "[\"phone\", \"email\", \"chat\", \"review\"]",
];
const PARTNER: [&str; 3] = [
    "[\"phone\"]",
    "[\"email\", \"chat\"]",
    "[\"chat\", \"phone\", \"proofing\"]",
];

prop_compose! {
    fn staffing()(
        agents in 1u32..7,
        evening in 0u32..4,
        tier2 in 0u32..3,
        review in 0u32..2,
        partner in 0u32..3,
        after_s in prop::sample::select(vec![0, 30, 200]),
        (takes, overflows) in (0..TAKES.len(), 0..PARTNER.len()),
        exception in any::<bool>(),
        open in any::<bool>(),
        start_hour in 0u32..3,
    ) -> Vec<String> {
        let mut sets = vec![
            format!("start=\"2026-03-02T{:02}:00\"", 6 * start_hour),
            "horizon_days=2".to_owned(),
            format!("desk.tier1.agents=[{{ hours = \"7-19\", value = {agents} }}, {{ hours = \"19-24\", value = {evening} }}]"),
            format!("desk.tier1.takes={}", TAKES[takes]),
            format!("desk.tier2.agents={tier2}"),
            format!("desk.review.agents={review}"),
            format!("desk.partner.agents={partner}"),
            format!("desk.partner.takes={}", PARTNER[overflows]),
            format!("desk.partner.after_s={after_s}"),
        ];
        if exception {
            sets.push("desk.tier1.exceptions=[{ from = \"2026-03-03\", hours = \"9-12\", value = 0 }]".to_owned());
        }
        if open {
            sets.push("desk.open={ hours = [{ hours = \"8-20\" }] }".to_owned());
        }
        sets
    }
}

prop_compose! {
    fn rules()(
        concurrency in 1u32..5,
        lines in prop::sample::select(vec![0, 0, 1, 6]),
        after_work in prop::sample::select(vec![0, 40]),
        balk in prop::sample::select(vec![0.0, 0.5, 1.0]),
        accepts in prop::sample::select(vec![0.0, 0.5, 1.0]),
        reached in prop::sample::select(vec![0.0, 0.7, 1.0]),
        offered_after_s in prop::sample::select(vec![0, 60]),
        patience in [0..PATIENCE.len(), 0..PATIENCE.len(), 0..PATIENCE.len()],
        urgent in prop::sample::select(vec!["[]", "[\"access\"]", "[\"baseline\"]", "[\"takeover\", \"impostor\"]"]),
    ) -> Vec<String> {
        vec![
            format!("desk.chat.concurrency={concurrency}"),
            format!("desk.phone.lines={lines}"),
            format!("desk.phone.after_work_s={after_work}"),
            format!("desk.chat.after_work_s={after_work}"),
            format!("desk.phone.balk_share={balk}"),
            format!("desk.phone.call_back.accepts_share={accepts}"),
            format!("desk.phone.call_back.reached_share={reached}"),
            format!("desk.phone.call_back.offered_after_s={offered_after_s}"),
            format!("desk.phone.patience={}", PATIENCE[patience[0]]),
            format!("desk.chat.patience={}", PATIENCE[patience[1]]),
            format!("desk.email.patience={}", PATIENCE[patience[2]]),
            format!("desk.urgent={urgent}"),
        ]
    }
}

prop_compose! {
    fn traffic()(
        seed in any::<u32>(),
        rates in [0u32..150, 0u32..80, 0u32..30],
        handle in [0..HANDLE.len(), 0..HANDLE.len(), 0..HANDLE.len()],
        redial in prop::sample::select(vec![0.0, 0.6, 1.0]),
        resolved in prop::sample::select(vec![1.0, 0.7]),
        day_cv in prop::sample::select(vec![0.0, 0.5]),
        growth in prop::sample::select(vec![0.0, 1.0]),
    ) -> Vec<String> {
        vec![
            format!("seed={seed}"),
            format!("desk.baseline.phone_per_hour={}", rates[0]),
            format!("desk.baseline.chat_per_hour={}", rates[1]),
            format!("desk.baseline.email_per_hour={}", rates[2]),
            format!("desk.baseline.phone_handle_time={}", HANDLE[handle[0]]),
            format!("desk.baseline.chat_handle_time={}", HANDLE[handle[1]]),
            format!("desk.baseline.email_handle_time={}", HANDLE[handle[2]]),
            format!("desk.baseline.redial_share={redial}"),
            "desk.baseline.redial_mean_min=2".to_owned(),
            format!("desk.baseline.resolved_share={resolved}"),
            "desk.baseline.repeat_mean_h=1".to_owned(),
            format!("desk.baseline.day_cv={day_cv}"),
            format!("desk.baseline.growth_share_per_year={growth}"),
        ]
    }
}

prop_compose! {
    fn caller()(
        minute in 0i64..2880,
        channel in 0..Channel::ALL.len(),
        reason in 1..Reason::ALL.len(),
        (handle, after) in (0i64..900, prop::sample::select(vec![0i64, 30])),
        patience in prop::option::of(0i64..600),
        redial in any::<bool>(),
        luck in any::<u32>(),
        listens in prop::bool::weighted(0.7),
    ) -> (Request, bool) {
        // Whole minutes, and whole seconds of everything else, so that much happens at the same time.
        let request = Request {
            at: SimTime(minute * 60_000),
            channel: Channel::ALL[channel],
            reason: Reason::ALL[reason],
            handle: seconds(handle as f64),
            after: seconds(after as f64),
            patience: patience.map(|patience| seconds(patience as f64)),
            redial,
            luck,
        };
        (request, listens)
    }
}

prop_compose! {
    fn any_desk()(
        staffing in staffing(),
        rules in rules(),
        traffic in traffic(),
        mut script in prop::collection::vec(caller(), 0..300),
    ) -> AnyDesk {
        script.sort_by_key(|(request, _)| request.at);
        AnyDesk { sets: [staffing, rules, traffic].concat(), script }
    }
}

impl AnyDesk {
    fn scenario(&self) -> Scenario {
        scenario(&self.sets.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn play(&self, scenario: &Scenario) -> (Ledger, Script) {
        let mut script = Script::new(self.script.clone());
        let mut ledger = floor(scenario, Ledger::new)
            .run(scenario.hours(), &mut script, &Unwatched)
            .expect("nobody stops it");
        ledger.measure = ledger.measure.finish();
        (ledger, script)
    }
}

fn bytes(measure: &DeskMeasure) -> String {
    serde_json::to_string(measure).expect("JSON")
}

/// Every contact is answered, has given up or waits; every wait is told once in each of the places that keep waits.
fn everything_adds_up(ledger: &Ledger) {
    for channel in Channel::ALL {
        let measure = ledger.channel(channel);
        let total = measure.total();
        assert_eq!(total.offered, total.answered + total.abandoned + measure.left_waiting, "{channel:?}");
        assert_eq!(measure.waits.len(), total.answered + total.abandoned, "{channel:?}: waits in the histogram");
        assert_eq!(measure.answered_wait_ms + measure.abandoned_wait_ms, total.wait_ms, "{channel:?}: sums of waits");
        let bands: u64 = measure.hours.iter().flat_map(|hour| hour.bands).map(u64::from).sum();
        assert_eq!(bands, total.answered + total.abandoned, "{channel:?}: waits in bands");
        assert!(total.within <= total.answered && measure.called_back <= total.answered);
        assert!(measure.balked + measure.blocked + measure.not_reached <= total.abandoned);
        assert_eq!(measure.hours.last().expect("an hour").backlog, measure.left_waiting);
        for (hour, counts) in measure.hours.iter().enumerate() {
            assert!(counts.answered + counts.abandoned <= counts.offered, "{channel:?}, hour {hour}");
        }
    }
    let answered: u64 = ledger.measure.reasons.iter().map(|reason| reason.answered).sum();
    let partner: u64 = ledger.measure.reasons.iter().map(|reason| reason.by_partner).sum();
    assert_eq!(answered, ledger.taken.len() as u64);
    assert_eq!(partner, ledger.taken.iter().filter(|taken| taken.skill == Skill::Partner).count() as u64);
}

/// Little's law as an identity: the time integral of the number waiting is the sum of the waits, those included that
/// last to the horizon.
fn waits_are_the_area_under_the_queue(ledger: &Ledger, horizon: SimTime) {
    for channel in Channel::ALL {
        let mut steps: BTreeMap<SimTime, i64> = BTreeMap::new();
        let arrivals = ledger.arrivals.iter().filter(|arrival| arrival.1 == channel).map(|arrival| arrival.0);
        let taken = ledger.taken.iter().filter(|taken| taken.channel == channel).map(|taken| taken.at);
        let lost = ledger.lost.iter().filter(|lost| lost.channel == channel).map(|lost| lost.at);
        arrivals.for_each(|at| *steps.entry(at).or_default() += 1);
        taken.chain(lost).for_each(|at| *steps.entry(at).or_default() -= 1);
        let (mut area, mut waiting, mut last) = (0, 0, SimTime::START);
        for (at, step) in steps {
            area += waiting * (at - last).0;
            (waiting, last) = (waiting + step, at);
            assert!(waiting >= 0, "{channel:?}: fewer than nobody waits at {at:?}");
        }
        area += waiting * (horizon - last).0;
        let measure = ledger.channel(channel);
        assert_eq!(waiting.unsigned_abs(), measure.left_waiting);
        let known = measure.answered_wait_ms + measure.abandoned_wait_ms;
        let left = area - known as i64;
        assert!(left >= 0 && left <= waiting * horizon.0, "{channel:?}: area {area} for waits of {known}");
        assert!(waiting > 0 || left == 0, "{channel:?}: area {area} for waits of {known}");
    }
}

/// In each queue, contacts are taken in the order in which they came.
fn nobody_overtakes(ledger: &Ledger, urgent: &[Reason]) {
    let mut latest: BTreeMap<(Channel, bool), SimTime> = BTreeMap::new();
    for taken in &ledger.taken {
        let last = latest.entry((taken.channel, urgent.contains(&taken.reason))).or_default();
        assert!(taken.arrived >= *last, "{taken:?} overtakes one who came at {last:?}");
        *last = taken.arrived;
    }
}

/// Whenever a team takes a chat, nobody waits on a channel that it takes first.
fn nobody_is_passed_over_for_a_chat(ledger: &Ledger, scenario: &Scenario) {
    let takes = opening::takes(scenario);
    let at_once = |skill: &Skill| *skill != Skill::Partner || scenario.desk.partner.after_s.get() == 0.0;
    for skill in Skill::ALL.into_iter().filter(at_once) {
        let takes = &takes[skill as usize];
        let before = &takes[..takes.iter().position(|&channel| channel == Channel::Chat).unwrap_or(0)];
        let taken = ledger.taken.iter().map(|taken| (taken.channel, taken.arrived, taken.at));
        let lost = ledger.lost.iter().map(|lost| (lost.channel, lost.arrived, lost.at));
        let waits = taken.chain(lost).filter(|(channel, ..)| before.contains(channel));
        let mut waits: Vec<_> = waits.map(|(_, from, to)| (from, to)).collect();
        waits.sort();
        let (mut next, mut latest) = (0, SimTime::START);
        for chat in ledger.taken.iter().filter(|taken| taken.skill == skill && taken.channel == Channel::Chat) {
            while next < waits.len() && waits[next].0 < chat.at {
                latest = latest.max(waits[next].1);
                next += 1;
            }
            assert!(latest <= chat.at, "{chat:?} is taken although one waits until {latest:?}");
        }
    }
}

/// Whenever a team takes a contact, the agents who are busy then are no more than those on duty.
fn nobody_works_twice(ledger: &Ledger, scenario: &Scenario) {
    let concurrency = scenario.desk.chat.concurrency.get() as usize;
    for skill in Skill::ALL {
        let team = &ledger.measure.teams[skill as usize];
        let (mut others, mut chats) = (BinaryHeap::new(), BinaryHeap::new());
        for taken in ledger.taken.iter().filter(|taken| taken.skill == skill) {
            for heap in [&mut others, &mut chats] {
                while heap.peek().is_some_and(|Reverse(end)| *end <= taken.at) {
                    heap.pop();
                }
            }
            let heap = if taken.channel == Channel::Chat {
                &mut chats
            } else {
                &mut others
            };
            heap.push(Reverse(taken.at + taken.busy));
            let busy = others.len() + chats.len().div_ceil(concurrency);
            let on_duty = team.agents[taken.at.hour()] as usize;
            assert!(busy <= on_duty, "{skill:?}: {busy} busy of {on_duty} at {taken:?}");
        }
        // After the end of a shift, those are busy at most who were on duty before.
        let mut most = 0;
        for (hour, (busy, agents)) in team.busy_ms.iter().zip(&team.agents).enumerate() {
            most = most.max(u64::from(*agents));
            assert!(*busy <= most * HOUR_MS.unsigned_abs(), "{skill:?}, hour {hour}: {busy} ms by {most} agents");
        }
    }
}

/// What the callers are told is what happened.
fn callers_are_told_the_truth(script: &Script, calls_back: bool) {
    for (number, (request, listens)) in script.contacts.iter().enumerate() {
        let Some(answer) = script.answers[number] else { continue };
        assert!(*listens && answer.at >= request.at && answer.waited.0 >= 0);
        if answer.served {
            assert!(answer.at - request.at >= request.handle);
            assert!(request.patience.is_none_or(|patience| answer.waited <= patience), "{request:?}: {answer:?}");
        } else {
            let at_once = request.channel == Channel::Phone && answer.waited.0 == 0;
            assert!(at_once || calls_back || Some(answer.waited) == request.patience, "{request:?}: {answer:?}");
        }
    }
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn any_desk_keeps_its_books(desk in any_desk()) {
        let scenario = desk.scenario();
        let (ledger, script) = desk.play(&scenario);
        everything_adds_up(&ledger);
        waits_are_the_area_under_the_queue(&ledger, scenario.horizon());
        nobody_overtakes(&ledger, &scenario.desk.urgent);
        nobody_is_passed_over_for_a_chat(&ledger, &scenario);
        nobody_works_twice(&ledger, &scenario);
        callers_are_told_the_truth(&script, scenario.desk.phone.call_back.accepts_share.get() > 0.0);
        let overflow = seconds(scenario.desk.partner.after_s.get());
        for taken in &ledger.taken {
            assert!(taken.at >= taken.arrived);
            assert!(taken.skill != Skill::Partner || taken.at - taken.arrived >= overflow, "{taken:?} is early");
        }
        for lost in &ledger.lost {
            let at_once = matches!(lost.how, Loss::Balked | Loss::Blocked);
            assert!(if at_once { lost.at == lost.arrived } else { lost.at >= lost.arrived }, "{lost:?}");
            assert!(lost.how == Loss::Patience || lost.channel == Channel::Phone, "{lost:?}");
        }
        let (again, _) = desk.play(&scenario);
        assert_eq!(bytes(&ledger.measure), bytes(&again.measure), "the same seed, other bytes");
    }

    /// A desk can be stopped anywhere and copied; both copies go on to the same end, which is that of a desk that was
    /// never stopped.
    #[test]
    fn a_stopped_desk_goes_on_as_if_nothing_had_happened(desk in any_desk(), minutes in 1i64..2879) {
        let scenario = desk.scenario();
        let (straight, _) = desk.play(&scenario);
        let mut script = Script::new(desk.script.clone());
        let mut stopped = floor(&scenario, |measure| measure);
        for hour in 1..=minutes / 60 {
            stopped.run_until(SimTime(hour * HOUR_MS), &mut script, &Unwatched).expect("nobody stops it");
        }
        stopped.run_until(SimTime(minutes * 60_000), &mut script, &Unwatched).expect("nobody stops it");
        let (copy, mut second_script) = (stopped.clone(), script.clone());
        let one = stopped.run(scenario.hours(), &mut script, &Unwatched).expect("nobody stops it").finish();
        let other = copy.run(scenario.hours(), &mut second_script, &Unwatched).expect("nobody stops it").finish();
        assert_eq!(bytes(&one), bytes(&other));
        assert_eq!(script.answers, second_script.answers);
        // The backlog of hours that were over when it was stopped is not looked at again.
        let without_backlog = |mut measure: DeskMeasure| {
            measure.channels.iter_mut().flat_map(|channel| &mut channel.hours).for_each(|hour| hour.backlog = 0);
            bytes(&measure)
        };
        assert_eq!(without_backlog(one), without_backlog(straight.measure));
    }
}
