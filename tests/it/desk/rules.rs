//! Rules of the floor: chats held at once, after-contact work, lines, announcements, call-backs, the partner.

use cutover::desk::{Loss, Lost, Request, Taken};
use cutover::random::{Purpose, Seed};
use cutover::results::Line;
use cutover::terms::Reason;
use cutover::terms::{Channel, Skill};

use super::{Script, at_s, contact, near_share, noted, played, seconds};
use crate::support;

/// The customer hangs up before the agent has written things down.
#[test]
fn the_customer_is_told_before_the_agent_is_free() {
    let first = Request { after: seconds(50.0), ..contact(0.0, Channel::Phone, 100.0) };
    let mut script = Script::heard(vec![first, contact(10.0, Channel::Phone, 100.0)]);
    let ledger = played(&[], &mut script);
    assert_eq!(script.answer(0).at, at_s(100.0));
    assert_eq!((script.answer(1).waited, script.answer(1).at), (seconds(140.0), at_s(250.0)));
    assert_eq!(ledger.measure.teams[0].busy_ms[0], 250_000, "150 s and 100 s");
}

/// An agent who comes off a call has room for several chats, and takes all that wait.
#[test]
fn an_agent_off_a_call_takes_as_many_chats_as_wait() {
    let chat = |at: f64| (contact(at, Channel::Chat, 300.0), true);
    for listens in [true, false] {
        let call = (contact(0.0, Channel::Phone, 100.0), listens);
        let mut script = Script::new(vec![call, chat(10.0), chat(20.0), chat(30.0), chat(40.0), chat(110.0)]);
        let ledger = played(&["desk.chat.concurrency=3"], &mut script);
        let ends: Vec<_> = (1..6).map(|number| script.answer(number).at).collect();
        let (first, second) = (at_s(400.0), at_s(700.0));
        assert_eq!(ends, [first, first, first, second, second], "three at once, then two");
        assert_eq!(ledger.measure.teams[0].busy_ms[0], 700_000, "one agent, however many the chats");
    }
}

/// Chats are given to an agent who chats already, so that the other stays free for calls; written work comes last.
#[test]
fn chats_are_packed_and_the_first_channel_goes_first() {
    let mut script = Script::heard(vec![
        contact(0.0, Channel::Chat, 1000.0),
        contact(1.0, Channel::Chat, 1000.0),
        contact(2.0, Channel::Phone, 100.0),
        contact(3.0, Channel::Email, 100.0),
        contact(4.0, Channel::Phone, 100.0),
    ]);
    played(&["desk.tier1.agents=2", "desk.chat.concurrency=2"], &mut script);
    let ends: Vec<_> = (0..5).map(|number| script.answer(number).at).collect();
    assert_eq!(ends, [at_s(1000.0), at_s(1001.0), at_s(102.0), at_s(302.0), at_s(202.0)]);
}

/// While a caller waits, the one agent holds no further chat, so that the call is next.
#[test]
fn nobody_who_waits_on_an_earlier_channel_is_passed_over_for_a_further_chat() {
    let chat = |at: f64| contact(at, Channel::Chat, 300.0);
    let call = contact(10.0, Channel::Phone, 60.0);
    let ends = |script: &Script| (0..4).map(|number| script.answer(number).at).collect::<Vec<_>>();
    let mut script = Script::heard(vec![chat(0.0), call, chat(20.0), chat(30.0)]);
    played(&[], &mut script);
    assert_eq!(ends(&script), [at_s(300.0), at_s(360.0), at_s(660.0), at_s(660.0)]);
    // Where chats are the first channel, they go first.
    let mut script = Script::heard(vec![chat(0.0), call, chat(20.0), chat(30.0)]);
    played(&["desk.tier1.takes=[\"chat\", \"phone\", \"email\"]"], &mut script);
    assert_eq!(ends(&script), [at_s(300.0), at_s(390.0), at_s(320.0), at_s(330.0)]);
}

/// As soon as the caller has gone, the agent has room for chats again: the caller gives up, whether or not anybody
/// listens, or is taken by another team, or by a partner.
#[test]
fn chats_are_held_again_once_nobody_waits_on_an_earlier_channel() {
    let chat = |at: f64| (contact(at, Channel::Chat, 300.0), true);
    let chats_after = |call: Request, listens: bool, sets: &[&str]| {
        let mut script = Script::new(vec![chat(0.0), (call, listens), chat(20.0), chat(30.0)]);
        played(sets, &mut script);
        [2, 3].map(|number| script.answer(number).at)
    };
    let call = contact(10.0, Channel::Phone, 60.0);
    for listens in [true, false] {
        let impatient = Request { patience: Some(seconds(90.0)), ..call };
        assert_eq!(chats_after(impatient, listens, &[]), [at_s(400.0); 2], "the caller gives up at 100 s");
        let partner = ["desk.partner.agents=1", "desk.partner.after_s=120"];
        assert_eq!(chats_after(call, listens, &partner), [at_s(430.0); 2], "the call overflows at 130 s");
    }
    // The one caller who waits is taken by an agent of the same team.
    for listens in [true, false] {
        let calls = [(1.0, 100.0), (2.0, 60.0)].map(|(at, handle)| (contact(at, Channel::Phone, handle), listens));
        let mut script = Script::new(vec![chat(0.0), calls[0], calls[1], chat(3.0)]);
        played(&["desk.tier1.agents=2", "desk.partner.after_s=0"], &mut script);
        assert_eq!(script.answer(3).at, at_s(401.0), "the second call is taken at 101 s");
    }
    let other_team = [
        "desk.tier2.agents=[{ hours = \"0-1\", value = 0 }, { hours = \"1-2\", value = 1 }]",
        "desk.tier2.takes=[\"phone\"]",
    ];
    let late = |minute: f64, channel: Channel, handle: f64| (contact(minute * 60.0, channel, handle), true);
    let mut script = Script::new(vec![
        late(50.0, Channel::Chat, 1200.0),
        late(51.0, Channel::Phone, 60.0),
        late(52.0, Channel::Chat, 60.0),
    ]);
    played(&other_team, &mut script);
    assert_eq!(script.answer(2).at, at_s(3660.0), "the second line takes the call at 1:00");
    assert_eq!(script.answer(1).at, at_s(3660.0));
}

/// A caller who waits to be called back has hung up: the line is free for the next.
#[test]
fn call_backs_take_no_line() {
    let calls = (0..4).map(|n| contact(f64::from(n), Channel::Phone, 100.0)).collect();
    let mut script = Script::heard(calls);
    let offer = [
        "desk.phone.call_back.accepts_share=1",
        "desk.phone.call_back.offered_after_s=0",
    ];
    let ledger = played(
        &[
            "desk.phone.lines=1",
            offer[0],
            offer[1],
            "desk.phone.call_back.reached_share=1",
        ],
        &mut script,
    );
    assert_eq!(ledger.channel(Channel::Phone).blocked, 0, "all but the first have hung up");
    assert_eq!(ledger.channel(Channel::Phone).called_back, 3);
    assert!((1..4).all(|n| script.answer(n).served && script.answer(n).waited == seconds(0.0)));
    assert_eq!(script.answer(3).at, at_s(400.0), "they keep their place");

    let mut script = Script::heard((0..4).map(|n| contact(f64::from(n), Channel::Phone, 100.0)).collect());
    let ledger = played(&["desk.phone.lines=1"], &mut script);
    assert_eq!(ledger.channel(Channel::Phone).blocked, 2, "one is served, one waits");
    assert_eq!(script.answer(2).at, at_s(2.0), "the busy tone is heard at once");
    assert!(!script.answer(2).served);
}

#[test]
fn who_accepts_a_call_back_gives_up_only_by_not_answering() {
    let desk = [
        "horizon_days=30",
        "desk.tier1.agents=5",
        "desk.phone.patience={ exponential = { mean_s = 20 } }",
        "desk.phone.call_back.offered_after_s=0",
        "desk.phone.call_back.reached_share=0.7",
        "desk.phone.call_back.attempt_s=30",
        "desk.baseline.phone_per_hour=150",
        "desk.baseline.phone_handle_time={ exponential = { mean_s = 120 } }",
    ];
    let all = noted(&[&desk[..], &["desk.phone.call_back.accepts_share=1"]].concat());
    assert!(all.lost.iter().all(|lost| lost.how == Loss::NotReached), "impatience ends with the promise");
    let phone = all.channel(Channel::Phone);
    near_share("reached", phone.called_back as usize, (phone.called_back + phone.not_reached) as usize, 0.7);
    let spoken: i64 = all.taken.iter().map(|taken| taken.busy.0).sum();
    let busy: u64 = all.measure.teams[0].busy_ms.iter().sum();
    let attempts = 30_000 * phone.not_reached as i64;
    assert!((busy as i64 - spoken - attempts).abs() < 5 * 3_600_000, "attempts cost time: {busy} for {spoken}");

    let some = noted(&[&desk[..], &["desk.phone.call_back.accepts_share=0.6"]].concat());
    let phone = some.channel(Channel::Phone);
    let accepted = (phone.called_back + phone.not_reached) as usize;
    let waited = some.taken.iter().filter(|taken| taken.at > taken.arrived && !taken.called_back).count();
    let impatient = some.lost.iter().filter(|lost| lost.how == Loss::Patience).count();
    near_share("accepted", accepted, accepted + waited + impatient, 0.6);
    assert_eq!(impatient + phone.not_reached as usize, some.lost.len());
    let total = phone.total();
    assert_eq!(total.offered, total.answered + total.abandoned + phone.left_waiting);
}

/// With constant handle times the announced wait is exact: two who wait are 180 s for the third, who has 150 s of
/// patience; one who waits is 120 s.
#[test]
fn an_announced_wait_beyond_their_patience_sends_callers_away_at_once() {
    let ledger = noted(&[
        "horizon_days=30",
        "desk.phone.balk_share=1",
        "desk.phone.patience={ constant = { mean_s = 150 } }",
        "desk.baseline.phone_per_hour=90",
        "desk.baseline.phone_handle_time={ constant = { mean_s = 60 } }",
    ]);
    assert!(
        ledger.lost.len() > 1000 && ledger.lost.iter().all(|lost| lost.how == Loss::Balked && lost.at == lost.arrived)
    );
    let waiting_at = |lost: &Lost| {
        let waits = |taken: &&Taken| taken.arrived < lost.at && taken.at > lost.at;
        ledger.taken.iter().filter(waits).count()
    };
    assert!(ledger.lost.iter().take(500).all(|lost| waiting_at(lost) == 2), "two wait whenever a third goes");
    assert!(ledger.taken.iter().all(|taken| taken.at - taken.arrived <= seconds(120.0)));
    let phone = ledger.channel(Channel::Phone);
    assert_eq!(phone.total().offered, phone.total().answered + phone.balked + phone.left_waiting);
    assert_eq!(phone.abandoned_wait_ms, 0);
}

#[test]
fn balking_is_a_share_and_spares_the_patient() {
    let ledger = noted(&[
        "horizon_days=60",
        "desk.phone.balk_share=0.4",
        "desk.phone.patience={ constant = { mean_s = 1 } }",
        "desk.baseline.phone_per_hour=90",
        "desk.baseline.phone_handle_time={ constant = { mean_s = 60 } }",
    ]);
    let balked = ledger.lost.iter().filter(|lost| lost.how == Loss::Balked).count();
    // Whoever cannot be taken at once is told of a minute or more; some of those who stay are taken within a second.
    let met = ledger.lost.len() + ledger.taken.iter().filter(|taken| taken.at > taken.arrived).count();
    near_share("balked", balked, met, 0.4);
    let patient = noted(&[
        "desk.phone.balk_share=1",
        "desk.phone.patience=\"endless\"",
        "desk.baseline.phone_per_hour=90",
    ]);
    assert!(patient.lost.is_empty(), "who never loses patience stays");
}

#[test]
fn nobody_waits_longer_than_the_overflow_allows_if_the_partner_has_plenty_of_agents() {
    let ledger = noted(&[
        "horizon_days=20",
        "desk.tier1.agents=2",
        "desk.partner.agents=1000",
        "desk.partner.after_s=60",
        "desk.phone.patience=\"endless\"",
        "desk.baseline.phone_per_hour=120",
        "desk.baseline.phone_handle_time={ exponential = { mean_s = 120 } }",
    ]);
    let overflow = seconds(60.0);
    let (partner, own): (Vec<Taken>, Vec<Taken>) =
        ledger.taken.iter().copied().partition(|taken| taken.skill == Skill::Partner);
    assert!(partner.len() > 1000 && partner.iter().all(|taken| taken.at - taken.arrived == overflow));
    assert!(own.len() > 1000 && own.iter().all(|taken| taken.at - taken.arrived <= overflow));
    let baseline = ledger.measure.reasons[Reason::Baseline as usize];
    assert_eq!(baseline.by_partner, partner.len() as u64);
    assert_eq!(baseline.partner_ms, partner.iter().map(|taken| taken.busy.0.unsigned_abs()).sum::<u64>());
    assert_eq!(ledger.channel(Channel::Phone).left_waiting + ledger.taken.len() as u64, baseline.offered);
}

/// A partner with one agent takes late, never early, and an agent of one's own who is free goes first.
#[test]
fn a_busy_partner_takes_late_but_never_early() {
    let ledger = noted(&[
        "horizon_days=20",
        "desk.partner.agents=1",
        "desk.partner.after_s=60",
        "desk.partner.takes=[\"chat\", \"phone\"]",
        "desk.urgent=[\"access\"]",
        "desk.baseline.phone_per_hour=60",
        "desk.baseline.chat_per_hour=20",
    ]);
    let partner: Vec<_> = ledger.taken.iter().filter(|taken| taken.skill == Skill::Partner).collect();
    assert!(partner.iter().all(|taken| taken.at - taken.arrived >= seconds(60.0)));
    assert!(partner.iter().any(|taken| taken.channel == Channel::Chat));
    assert!(partner.iter().any(|taken| taken.at - taken.arrived > seconds(61.0)));
}

#[test]
fn the_partner_is_paid_by_the_contact() {
    let text = r#"
        replications = 1
        horizon_days = 3
        strategies = []
        [population]
        accounts = 0
        [desk]
        tier1.agents = 1
        partner = { agents = 50, after_s = 30 }
        baseline.phone_per_hour = 60
        [prices]
        partner_cents_per_contact = 321
    "#;
    let summary = support::run(text, &[]);
    let stay = &summary.strategies[0];
    assert!(stay.desk.by_partner > 1000.0, "{} overflow", stay.desk.by_partner);
    assert_eq!(stay.cost_cents[Line::Partner], (stay.desk.by_partner * 321.0) as i64);
}

/// Callers who do not listen, and give up in silence, make no difference to those who do.
#[test]
fn it_makes_no_difference_whether_anybody_listens() {
    let calls = |listens: bool| {
        let mut luck = Seed::new(5, 0).draw(0, Purpose::Contact, 0);
        let mut at = 0.0;
        let call = || {
            at += luck.exponential() * 40.0;
            let channel = Channel::ALL[(luck.word() % 3) as usize];
            let patience = Some(seconds(luck.exponential() * 60.0));
            (Request { patience, ..contact(at, channel, luck.exponential() * 100.0) }, listens)
        };
        Script::new(std::iter::repeat_with(call).take(1800).collect())
    };
    let (mut heard, mut unheard) = (calls(true), calls(false));
    let sets = ["desk.chat.concurrency=2", "desk.tier1.agents=2"];
    let (one, other) = (played(&sets, &mut heard), played(&sets, &mut unheard));
    let hours = |ledger: &super::Ledger| serde_json::to_string(&ledger.measure).expect("JSON");
    assert_eq!(hours(&one), hours(&other));
    assert!(heard.answers.iter().all(Option::is_some) && unheard.answers.iter().all(Option::is_none));
}
