//! Queues of which the stationary state is known exactly.

use cutover::desk::{Request, erlang};
use cutover::measure::desk::{ChannelMeasure, Hour};
use cutover::random::{Purpose, Seed};
use cutover::terms::Channel;
use cutover::terms::Reason;

use super::{Script, at_s, contact, measured, near, played, seconds};

/// Sums over each day but the first, which begins with an empty desk.
fn daily(measure: &ChannelMeasure, of: impl Fn(&Hour) -> (f64, f64)) -> Vec<(f64, f64)> {
    let day = |hours: &[Hour]| hours.iter().map(&of).fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    measure.hours.chunks(24).skip(1).map(day).collect()
}

fn abandoned(hour: &Hour) -> (f64, f64) {
    (hour.abandoned as f64, hour.offered as f64)
}

fn wait_s(hour: &Hour) -> (f64, f64) {
    (hour.wait_ms as f64 / 1000.0, hour.offered as f64)
}

/// M/M/n/n+K: share that finds all places taken, and mean number waiting, from the balance of births and deaths.
fn limited(agents: u32, places: u32, load: f64) -> (f64, f64) {
    let (mut state, mut total, mut waiting) = (1.0, 1.0, 0.0);
    for k in 1..=agents + places {
        state *= load / f64::from(k.min(agents));
        total += state;
        waiting += f64::from(k.saturating_sub(agents)) * state;
    }
    (state / total, waiting / total)
}

#[test]
fn a_desk_with_few_lines_is_a_queue_with_few_places() {
    // (agents, lines, calls per hour, handle time): overloaded, busy, one of each.
    for (agents, lines, per_hour, handle) in [(5, 4, 165.0, 120.0), (3, 8, 80.0, 120.0), (1, 1, 20.0, 90.0)] {
        let desk = measured(&[
            "horizon_days=200",
            &format!("desk.tier1.agents={agents}"),
            &format!("desk.phone.lines={lines}"),
            "desk.phone.patience=\"endless\"",
            &format!("desk.baseline.phone_per_hour={per_hour}"),
            &format!("desk.baseline.phone_handle_time={{ exponential = {{ mean_s = {handle} }} }}"),
        ]);
        let phone = &desk.channels[Channel::Phone as usize];
        let (blocked, waiting) = limited(agents, lines, per_hour / 3600.0 * handle);
        near(&format!("{agents} agents, {lines} lines: blocked"), &daily(phone, abandoned), blocked);
        near("wait", &daily(phone, wait_s), waiting / (per_hour / 3600.0));
        assert_eq!(phone.blocked, phone.total().abandoned, "nobody gives up in another way");
    }
}

/// Agents who each hold several chats are as many servers as they can hold chats.
#[test]
fn a_desk_of_chats_is_erlang_a_with_a_server_for_each_chat() {
    for (agents, concurrency, per_hour, handle, patience) in [(5, 3, 480.0, 120.0, 180.0), (7, 2, 110.0, 400.0, 90.0)] {
        let desk = measured(&[
            "horizon_days=150",
            &format!("desk.tier1.agents={agents}"),
            "desk.tier1.takes=[\"chat\", \"phone\", \"email\"]",
            &format!("desk.chat.concurrency={concurrency}"),
            &format!("desk.chat.patience={{ exponential = {{ mean_s = {patience} }} }}"),
            &format!("desk.baseline.chat_per_hour={per_hour}"),
            &format!("desk.baseline.chat_handle_time={{ exponential = {{ mean_s = {handle} }} }}"),
        ]);
        let chat = &desk.channels[Channel::Chat as usize];
        let exact = erlang::erlang_a(agents * concurrency, per_hour / 3600.0, handle, patience);
        near("abandoned chats", &daily(chat, abandoned), exact.abandons);
        near("wait for a chat", &daily(chat, wait_s), exact.mean_wait_s);
        let load = per_hour / 3600.0 * handle * (1.0 - exact.abandons);
        let (busy, slots) = (desk.teams[0].occupancy() * f64::from(agents), f64::from(concurrency));
        assert!(busy <= f64::from(agents) && busy > load / slots, "{busy} agents busy with {load} chats");
    }
}

/// The agent's time is the handle time and the after-contact work, whatever their distribution.
#[test]
fn after_contact_work_keeps_agents_busy() {
    let desk = measured(&[
        "horizon_days=200",
        "desk.tier1.agents=5",
        "desk.phone.after_work_s=60",
        "desk.phone.patience=\"endless\"",
        "desk.baseline.phone_per_hour=80",
        "desk.baseline.phone_handle_time={ lognormal = { mean_s = 120, cv = 1.1 } }",
    ]);
    let days = desk.teams[0].busy_ms.chunks(24).skip(1);
    let busy: Vec<_> = days.map(|day| (day.iter().sum::<u64>() as f64, 5.0 * 24.0 * 3.6e6)).collect();
    near("occupancy", &busy, 80.0 / 3600.0 * 180.0 / 5.0);
    let phone = desk.channels[Channel::Phone as usize].total();
    assert_eq!(phone.offered, phone.answered + desk.channels[Channel::Phone as usize].left_waiting);
}

/// A. Cobham, "Priority assignment in waiting line problems", Operations Research 2 (1954): waits by class, without
/// interruption of service, are exact for any number of servers if the classes have one exponential service time.
#[test]
fn urgent_contacts_wait_as_cobham_says() {
    let (agents, handle_s, urgent_share, days) = (4_u32, 120.0, 0.3, 250);
    let per_s = 0.85 * f64::from(agents) / handle_s;
    let mut luck = Seed::new(7, 0).draw(0, Purpose::Contact, 0);
    let (mut at, mut requests) = (0.0, Vec::new());
    loop {
        at += luck.exponential() / per_s;
        if at > f64::from(days) * 86_400.0 {
            break;
        }
        let handle = luck.exponential() * handle_s;
        let urgent = luck.chance(urgent_share);
        let reason = if urgent { Reason::Takeover } else { Reason::Access };
        requests.push(Request { reason, ..contact(at, Channel::Phone, handle) });
    }
    let mut script = Script::heard(requests);
    let horizon = format!("horizon_days={}", days + 1);
    played(&[&horizon, "desk.tier1.agents=4", "desk.urgent=[\"takeover\"]"], &mut script);

    let exact = erlang::erlang_c(agents, per_s, handle_s).expect("stable");
    let until_one_is_free = exact.waits * handle_s / f64::from(agents);
    let load = per_s * handle_s / f64::from(agents);
    let wait_of = |reason: Reason| {
        let mut batches = vec![(0.0, 0.0); days as usize + 1];
        for (number, (request, _)) in script.contacts.iter().enumerate().filter(|(_, (r, _))| r.reason == reason) {
            let batch = &mut batches[request.at.days() as usize];
            batch.0 += script.answer(number).waited.0 as f64 / 1000.0;
            batch.1 += 1.0;
        }
        batches.drain(1..days as usize).collect::<Vec<_>>()
    };
    let first = until_one_is_free / (1.0 - urgent_share * load);
    near("wait of the urgent", &wait_of(Reason::Takeover), first);
    near("wait of the others", &wait_of(Reason::Access), first / (1.0 - load));
}

/// With constant service the urgent overtake, but interrupt nobody.
#[test]
fn the_urgent_go_first_and_interrupt_nobody() {
    let urgent = |at: f64| Request {
        reason: Reason::Impostor,
        ..contact(at, Channel::Phone, 100.0)
    };
    let mut script = Script::heard(vec![
        contact(0.0, Channel::Phone, 100.0),
        contact(10.0, Channel::Phone, 100.0),
        urgent(20.0),
        urgent(30.0),
    ]);
    played(&["desk.urgent=[\"impostor\", \"takeover\"]"], &mut script);
    let ends: Vec<_> = (0..4).map(|number| script.answer(number).at).collect();
    assert_eq!(ends, [at_s(100.0), at_s(400.0), at_s(200.0), at_s(300.0)]);
    assert_eq!(script.answer(1).waited, seconds(290.0));
}
