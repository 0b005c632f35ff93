//! Opening hours, ends of shifts, exceptions by date.

use cutover::terms::{Channel, Skill};

use super::{Script, at_s, contact, measured, noted, played, seconds};

#[test]
fn a_closed_desk_is_offered_nothing_and_counts_whom_it_turns_away() {
    let sets = [
        "horizon_days=14",
        "desk.open={ hours = [{ days = \"Mon-Fri\", hours = \"8-18\" }, { days = \"Sat\", hours = \"9-10\" }] }",
        "desk.tier1.agents=2",
        "desk.baseline.phone_per_hour=60",
        "desk.baseline.chat_per_hour=30",
        "desk.baseline.email_per_hour=5",
        // Whoever comes again may find the desk closed as well.
        "desk.baseline.redial_share=0.8",
        "desk.baseline.resolved_share=0.8",
        "desk.baseline.repeat_mean_h=8",
    ];
    let closed = measured(&sets);
    for channel in [Channel::Phone, Channel::Chat] {
        let measure = &closed.channels[channel as usize];
        for (hour, counts) in measure.hours.iter().enumerate() {
            let (day, hour_of_day) = (hour / 24 % 7, hour % 24);
            let open = (day < 5 && (8..18).contains(&hour_of_day)) || (day == 5 && hour_of_day == 9);
            assert!(open || counts.offered == 0, "{channel:?}: {} offered in hour {hour}", counts.offered);
            assert!(!open || counts.offered > 0, "{channel:?}: nothing in hour {hour}");
        }
    }
    assert!(
        closed.channels[Channel::Email as usize].hours.iter().any(|hour| hour.offered > 0),
        "mail has no hours"
    );
    assert_eq!(closed.channels[Channel::Email as usize].turned_away, 0);

    // Of the first tries, which are the same whether or not the desk is open, all are offered or turned away.
    let once = ["desk.baseline.redial_share=0", "desk.baseline.resolved_share=1"];
    let closed = measured(&[&sets[..], &once].concat());
    let open = measured(&[&sets[..], &once, &["desk.open=\"staffed\""]].concat());
    for channel in [Channel::Phone, Channel::Chat] {
        let (closed, open) = (&closed.channels[channel as usize], &open.channels[channel as usize]);
        assert_eq!(closed.total().offered + closed.turned_away, open.total().offered);
        let share = closed.turned_away as f64 / open.total().offered as f64;
        assert!((share - (168.0 - 51.0) / 168.0).abs() < 0.02, "{share} turned away");
    }
}

#[test]
fn agents_finish_what_they_do_when_their_shift_ends_and_take_nothing_new() {
    let mut script = Script::heard(vec![
        contact(8.0 * 3600.0 + 3500.0, Channel::Phone, 300.0),
        contact(8.0 * 3600.0 + 3550.0, Channel::Phone, 60.0),
        contact(9.0 * 3600.0 + 100.0, Channel::Phone, 60.0),
    ]);
    let shift = "desk.tier1.agents=[{ hours = \"8-9\", value = 1 }]";
    let ledger = played(&["horizon_days=2", shift], &mut script);
    assert_eq!(script.answer(0).at, at_s(8.0 * 3600.0 + 3800.0), "five minutes, of which most after hours");
    let tomorrow = 86_400.0 + 8.0 * 3600.0;
    assert_eq!(script.answer(1).at, at_s(tomorrow + 60.0), "who waits at closing time waits for the next day");
    assert_eq!(script.answer(2).at, at_s(tomorrow + 120.0));
    let busy = &ledger.measure.teams[Skill::Tier1 as usize].busy_ms;
    assert_eq!((busy[8], busy[9], busy[32]), (100_000, 200_000, 120_000));
    assert_eq!(ledger.measure.teams[Skill::Tier1 as usize].agents[9], 0);
}

/// A shift ends before a service that ends in the same instant.
#[test]
fn an_agent_who_is_done_as_the_shift_ends_takes_nothing_more() {
    let calls = vec![
        contact(3540.0, Channel::Phone, 60.0),
        contact(3550.0, Channel::Phone, 60.0),
    ];
    let mut script = Script::heard(calls);
    let ledger = played(&["desk.tier1.agents=[{ hours = \"0-1\", value = 1 }]"], &mut script);
    assert_eq!(script.answer(0).at, at_s(3600.0));
    assert_eq!(script.answers[1], None);
    assert_eq!(ledger.channel(Channel::Phone).left_waiting, 1);
}

/// The same for agents who chat: they take no further chat, though they have room.
#[test]
fn an_agent_whose_shift_has_ended_takes_no_further_chat() {
    let mut script = Script::heard(vec![
        contact(8.0 * 3600.0 + 3500.0, Channel::Chat, 1000.0),
        contact(9.0 * 3600.0 + 100.0, Channel::Chat, 60.0),
    ]);
    let ledger = played(&["horizon_days=2", "desk.tier1.agents=[{ hours = \"8-9\", value = 1 }]"], &mut script);
    assert_eq!(script.answer(1).at, at_s(86_400.0 + 8.0 * 3600.0 + 60.0));
    assert_eq!(ledger.measure.teams[0].busy_ms[9], 900_000);
}

/// Fewer agents is not none: those who remain go on.
#[test]
fn a_smaller_shift_serves_with_fewer() {
    let calls = (0..4).map(|n| contact(3590.0 + f64::from(n), Channel::Phone, 100.0)).collect();
    let mut script = Script::heard(calls);
    let shifts = "desk.tier1.agents=[{ hours = \"0-1\", value = 2 }, { hours = \"1-24\", value = 1 }]";
    played(&[shifts], &mut script);
    let waits: Vec<_> = (0..4).map(|n| script.answer(n).waited).collect();
    // At 3690 s the first agent goes home; at 3691 s the other takes the next.
    assert_eq!(waits, [seconds(0.0), seconds(0.0), seconds(99.0), seconds(198.0)]);
}

#[test]
fn on_dates_that_are_exceptions_the_last_entry_decides() {
    let exceptions = "desk.tier1.exceptions=[
        { from = \"2026-03-03\", to = \"2026-03-05\", value = 7 },
        { from = \"2026-03-04\", hours = \"10-12\", value = 0 },
        { from = \"2026-03-05\", value = 9 },
        { from = \"2026-03-05\", hours = \"0-8\", value = 1 },
    ]";
    let usual = "desk.tier1.agents=[{ days = \"Mon-Sat\", hours = \"8-18\", value = 3 }]";
    let desk = measured(&["start=\"2026-03-02T06:00\"", "horizon_days=7", usual, exceptions]);
    let on = |day: usize, hour: usize| desk.teams[0].agents[day * 24 + hour - 6];
    let expected = |day: usize, hour: usize| match (day, hour) {
        (2, 10..12) => 0,
        (1 | 2, _) => 7,
        (3, 0..8) => 1,
        (3, _) => 9,
        (6, _) => 0,
        (_, 8..18) => 3,
        _ => 0,
    };
    for (day, hour) in (6..7 * 24).map(|hour| (hour / 24, hour % 24)) {
        assert_eq!(on(day, hour), expected(day, hour), "day {day}, hour {hour}");
    }
}

/// An exception holds for every team, is scaled like the roster, and loses its shrinkage too.
#[test]
fn exceptions_are_scaled_and_shrink_like_the_roster() {
    let sets = [
        "population.accounts=1000",
        "desk.for_accounts=2000",
        "horizon_days=2",
        "desk.tier1.agents=20",
        "desk.tier1.shrinkage_share=0.2",
        "desk.tier1.exceptions=[{ from = \"2026-03-03\", value = 10 }]",
        "desk.tier2.agents=4",
        "desk.tier2.exceptions=[{ from = \"2026-03-03\", value = 0 }]",
        "desk.review.exceptions=[{ from = \"2026-03-03\", value = 1 }]",
        "desk.partner.exceptions=[{ from = \"2026-03-03\", to = \"2026-03-04\", value = 6 }]",
    ];
    let agents: Vec<_> = measured(&sets).teams.iter().map(|team| (team.agents[0], team.agents[24])).collect();
    // A team somebody is rostered for has one agent at least.
    assert_eq!(agents, [(8, 4), (2, 0), (0, 1), (0, 3)]);
}

/// More than twice what the agents can do for a day: the desk gets through it, and every contact is accounted for.
#[test]
fn an_overloaded_desk_counts_its_backlog() {
    let overload = [
        "desk.tier1.agents=10",
        "desk.baseline.phone_per_hour=2000",
        "desk.baseline.phone_handle_time={ exponential = { mean_s = 36 } }",
    ];
    let endless = noted(&[&overload[..], &["desk.phone.patience=\"endless\""]].concat());
    let phone = endless.channel(Channel::Phone);
    let total = phone.total();
    assert!(endless.lost.is_empty());
    assert_eq!(total.offered, total.answered + phone.left_waiting);
    assert!((phone.left_waiting as f64 / 24_000.0 - 1.0).abs() < 0.05, "{} left of 48,000", phone.left_waiting);
    assert!(phone.hours.windows(2).all(|pair| pair[0].backlog < pair[1].backlog), "it grows by the hour");
    assert_eq!(phone.hours[23].backlog, phone.left_waiting);

    let finite = noted(
        &[
            &overload[..],
            &["desk.phone.patience={ exponential = { mean_s = 300 } }"],
        ]
        .concat(),
    );
    let phone = finite.channel(Channel::Phone);
    let total = phone.total();
    assert_eq!(total.offered, total.answered + total.abandoned + phone.left_waiting);
    assert!((total.abandoned as f64 / 24_000.0 - 1.0).abs() < 0.05, "{} of 48,000 give up", total.abandoned);
    // What gives up in an hour and what comes balance: 1000 an hour leave, each after 300 s at most on the mean.
    let backlog = phone.hours[2..].iter().map(|hour| hour.backlog as f64).sum::<f64>() / 22.0;
    assert!((backlog / (1000.0 * 300.0 / 3600.0) - 1.0).abs() < 0.1, "{backlog} wait");
    assert!(finite.measure.teams[0].occupancy() > 0.99);
}
