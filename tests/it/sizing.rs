//! `size` must do what it says: the target holds in every hour, on contacts it was not found with and in the eyes of a
//! simulator that shares no code with the desk; and one agent fewer breaks it.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use cutover::calendar::{HOUR_MS, SimTime};
use cutover::desk::{Channel, Request, Skill};
use cutover::engine::watch::Unwatched;
use cutover::random::Seed;
use cutover::scenario::Loaded;
use cutover::size::plan::{Plan, Planned};
use cutover::size::refine::Because;
use cutover::size::sample::{Feed, with_baseline};
use cutover::size::study::{Needs, study};

use super::support::load;

/// Calls of two days that swing between 20 and 100 an hour, and nothing else.
fn sinusoid(extra: &str) -> Loaded {
    let windows: Vec<String> = (0..24)
        .map(|hour| {
            let rate = 60.0 + 40.0 * (std::f64::consts::TAU * f64::from(hour) / 24.0).sin();
            format!("{{ hours = \"{hour}-{}\", value = {rate:.3} }}", hour + 1)
        })
        .collect();
    let text = format!(
        r#"
        strategies = []
        replications = 1
        horizon_days = 2
        population.accounts = 0
        desk.tier1.agents = 1
        desk.review.agents = 0
        desk.baseline.email_per_hour = 0
        desk.baseline.phone_per_hour = [{}]
        desk.baseline.phone_handle_time = {{ lognormal = {{ mean_s = 300, cv = 1.08 }} }}
        desk.phone.patience = {{ exponential = {{ mean_s = 380 }} }}
        {extra}
        "#,
        windows.join(", ")
    );
    load(&text, &[])
}

fn needs(loaded: &Loaded) -> Needs {
    let (_, mut needs) = study(&loaded.scenario, None, &Unwatched).expect("a study");
    needs.remove(0)
}

/// Calls of one hour, as the other simulator counts them.
#[derive(Clone, Copy, Default)]
struct Hour {
    offered: f64,
    within: f64,
    abandoned: f64,
}

/// First come, first served with impatience and agents by the hour; those whose shift ends finish their call.
fn other_simulator(contacts: &[Request], agents: &[u32], within_ms: i64) -> Vec<Hour> {
    let mut hours = vec![Hour::default(); agents.len()];
    let mut busy: BinaryHeap<Reverse<i64>> = BinaryHeap::new();
    let mut queue: VecDeque<Request> = VecDeque::new();
    let mut arrivals = contacts.iter().filter(|contact| contact.channel == Channel::Phone).peekable();
    let (mut now, mut change) = (0, 0);
    let horizon = agents.len() as i64 * HOUR_MS;
    while now < horizon {
        // Serve whom the agents of this moment can serve.
        let on_duty = agents[(now / HOUR_MS) as usize] as usize;
        while busy.len() < on_duty
            && let Some(first) = queue.pop_front()
        {
            let hour = &mut hours[first.at.hour()];
            let gives_up = first.patience.map_or(i64::MAX, |patience| first.at.0 + patience.0);
            if gives_up <= now {
                hour.abandoned += 1.0;
                continue;
            }
            hour.within += f64::from(u8::from(now - first.at.0 <= within_ms));
            busy.push(Reverse(now + first.handle.0 + first.after.0));
        }
        // Go to what happens next.
        let end = busy.peek().map_or(i64::MAX, |Reverse(end)| *end);
        let arrival = arrivals.peek().map_or(i64::MAX, |contact| contact.at.0);
        let next = end.min(arrival).min(change + HOUR_MS);
        if next == end {
            busy.pop();
        } else if next == arrival {
            let contact = *arrivals.next().expect("peeked");
            hours[contact.at.hour().min(agents.len() - 1)].offered += 1.0;
            queue.push_back(contact);
        } else {
            change += HOUR_MS;
        }
        now = next;
    }
    hours
}

#[test]
fn a_sinusoidal_day_holds_the_target_in_every_hour_in_another_simulators_eyes() {
    let loaded = sinusoid("desk.target.sample_contacts = 1_000_000");
    let needs = needs(&loaded);
    let scenario = &loaded.scenario;
    let staffing = needs.refined.staffing(scenario);
    let agents = staffing.of(Skill::Tier1).hours();
    let (replications, mut sums) = (600, vec![Hour::default(); agents.len()]);
    for number in 0..replications {
        // Other days than any that the plan was found with or tried on.
        let seed = Seed::new(77, 9_000_000 + number);
        let contacts = with_baseline(scenario, seed, &Feed::sampled(&[], seed));
        for (sum, hour) in sums.iter_mut().zip(other_simulator(&contacts, agents, 20_000)) {
            sum.offered += hour.offered;
            sum.within += hour.within;
            sum.abandoned += hour.abandoned;
        }
    }
    for (number, hour) in sums.iter().enumerate().take(agents.len() - 1) {
        let (answered, abandoned) = (hour.within / hour.offered, hour.abandoned / hour.offered);
        // About 12,000 to 60,000 calls: half a point is more than the luck of the other simulator.
        assert!(answered > 0.795, "hour {number}: {answered:.4} answered in time with {} agents", agents[number]);
        assert!(abandoned < 0.052, "hour {number}: {abandoned:.4} given up with {} agents", agents[number]);
    }
    // And not with one agent fewer, in whatever hour.
    for (number, hour) in needs.refined.hours[0].iter().enumerate() {
        assert_eq!(hour.because, Because::Live, "hour {number}");
        for (_, met) in &hour.with_one_fewer {
            let holds = met.answered.at_least() >= 0.8 && met.abandoned.at_most() <= 0.05;
            assert!(!holds, "hour {number}: one agent fewer than {} would do", hour.agents);
        }
        assert!(!hour.with_one_fewer.is_empty(), "hour {number}: one agent fewer was not tried");
    }
    // Theory, which knows the mean of the handle time but not its tail, comes close.
    let (found, theory): (u32, u32) = (agents.iter().sum(), needs.theory.agents[0].iter().sum());
    assert!(found.abs_diff(theory) * 20 < theory, "{found} agent-hours, {theory} by theory");
}

#[test]
fn a_sized_desk_is_the_same_for_any_number_of_threads() {
    let loaded = sinusoid("desk.target.sample_contacts = 100_000");
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| {
            let (target, needs) = study(&loaded.scenario, None, &Unwatched).expect("a study");
            let planned: Vec<_> = needs.into_iter().map(|n| Planned::new(&loaded.scenario, n, Vec::new())).collect();
            serde_json::to_string(&Plan::new(&loaded.scenario, &target, &planned)).expect("json")
        })
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn shifts_cover_what_is_to_be_rostered_and_shrinkage_is_added() {
    let loaded = sinusoid("desk.tier1.shrinkage_share = 0.3\n desk.target.sample_contacts = 100_000");
    let planned = Planned::new(&loaded.scenario, needs(&loaded), Vec::new());
    let shifts = planned.shifts[0].as_ref().expect("a shift plan");
    for (hour, (&covered, &rostered)) in shifts.covered().iter().zip(&planned.rostered[0]).enumerate() {
        let on_duty = planned.needs.refined.hours[0][hour].agents;
        assert!(f64::from(rostered) * 0.7 >= f64::from(on_duty) - 1e-9, "hour {hour}");
        assert!(f64::from(rostered - 1) * 0.7 < f64::from(on_duty), "hour {hour}: one fewer would do");
        assert!(covered >= rostered, "hour {hour}: {covered} cover {rostered}");
    }
}

/// Mail that comes in around the clock, a desk that works by day: what is due is done, by the last working hour before
/// it is due, and with one agent-hour fewer a day it would not be.
#[test]
fn written_work_is_done_when_it_is_due() {
    let text = r#"
        strategies = []
        replications = 1
        horizon_days = 14
        population.accounts = 0
        desk.tier1.agents = [{ days = "Mon-Fri", hours = "8-18", value = 1 }]
        desk.review.agents = 0
        desk.baseline.phone_per_hour = 0
        desk.baseline.email_per_hour = 20
        desk.email.patience = "endless"
        desk.target.sample_contacts = 200_000
    "#;
    let loaded = load(text, &[]);
    let (target, needs) = study(&loaded.scenario, None, &Unwatched).expect("a study");
    let proof = &needs[0].proof;
    let days: Vec<_> = proof.days[0].iter().enumerate().filter_map(|(day, share)| Some((day, (*share)?))).collect();
    assert!(days.len() >= 8, "{} days with work that is due", days.len());
    for (day, share) in &days {
        assert!(share.mean >= 0.95, "day {day}: {} in time", share.mean);
    }
    let open = |day: usize| target.hours_of(day, 14 * 24).filter(|&hour| target.open[0][hour]);
    let hours = |day: usize| open(day).map(|hour| needs[0].refined.hours[0][hour].agents).sum::<u32>();
    // 20 mails an hour of 300 s, day and night, are 40 agent-hours a day. What comes in on the last three days is due
    // after the end.
    let total: u32 = (0..14).map(hours).sum();
    let work = 20.0 * 24.0 * 11.0 * 300.0 / 3600.0;
    assert!(f64::from(total) > work && f64::from(total) < 1.25 * work, "{total} agent-hours for {work} of work");
    assert!((5..7).chain(12..14).all(|day| hours(day) == 0), "nobody works on weekends");
    // The deadlines themselves: Friday noon is due on Monday noon, Saturday and Sunday do not count.
    let due = |hour: i64| target.due(Channel::Email, SimTime(hour * HOUR_MS)).map(|(at, day)| (at.0 / HOUR_MS, day));
    assert_eq!(due(12), Some((36, 1)), "Monday noon is due on Tuesday noon");
    assert_eq!(due(4 * 24 + 12), Some((7 * 24 + 12, 7)), "Friday noon is due on Monday noon");
    assert_eq!(due(5 * 24 + 3), Some((8 * 24, 7)), "Saturday is due at midnight after Monday: Monday decides");
    assert_eq!(due(4 * 24 + 3), Some((7 * 24 + 3, 4)), "Friday 3:00 is due before Monday opens: Friday decides");
}
