//! What `size` tells of a plan: the targets of the channels that have contacts, and what is not known or not met.

use cutover::calendar::{HOUR_MS, SimTime};
use cutover::size::curve::curve;
use cutover::size::output::headline::headline;
use cutover::size::output::{goal, words};
use cutover::size::study::study;
use cutover::size::target::ServiceTarget;
use cutover::terms::Channel;
use cutover::watch::Unwatched;

use super::sizing::{CALLS, NO_MAIL, calls, plan, week};
use super::support::load;

const NO_CALLS: &str = "desk.baseline.phone_per_hour = 0";
const MAIL: &str = r#"desk.baseline.email_per_hour = [{ days = "Mon-Fri", hours = "8-18", value = 20 }]"#;
const CHATS: &str = r#"desk.baseline.chat_per_hour = [{ days = "Mon-Fri", hours = "8-18", value = 30 }]"#;

/// A target of calls is no target of a desk that only gets mail or chats.
#[test]
fn the_target_that_is_named_is_that_of_the_channels_with_contacts() {
    let mails = plan(&week(&format!("{NO_CALLS}\n{MAIL}\ndesk.email.patience = \"endless\"")));
    let text = headline(&mails);
    assert!(
        text.starts_with("The target is 95 % of e-mails answered within 24 h. It is met on average on "),
        "{text}"
    );
    assert_eq!(goal::whole(&mails), "95 % of e-mails answered within 24 h, on every day");
    assert_eq!(mails.strategies[0].proof.with_journeys[..3], [None; 3], "no call was answered, in time or not");

    // No calls, so that all of them must be answered in time asks for nothing.
    let chats = plan(&week(&format!("{NO_CALLS}\n{NO_MAIL}\n{CHATS}\ndesk.target.answered_share = 1.0")));
    let text = headline(&chats);
    assert!(text.contains("of chats answered within") && !text.contains("calls"), "{text}");
    assert_eq!(chats.strategies[0].proof.hours_beyond_reach, 0, "{text}");
    let chats = plan(&week(&format!("{CALLS}\n{NO_MAIL}\n{CHATS}\ndesk.target.chat_share = 1.0")));
    let text = headline(&chats);
    assert!(
        text.starts_with("No number of agents meets the target in ") && text.contains("100 % of chats answered"),
        "{text}"
    );
}

/// Mail that is due before anybody works again belongs to no day: not to one that is closed, not to one that is over.
#[test]
fn mail_that_is_due_while_nobody_works_is_counted_for_no_day_and_told() {
    let holiday = r#"
        desk.tier1.exceptions = [{ from = "2026-03-03", value = 0 }]
        desk.target.email_within_h = 8
        desk.email.patience = "endless"
    "#;
    let text = week(&format!("{NO_CALLS}\ndesk.baseline.email_per_hour = 20\n{holiday}"));
    let target = ServiceTarget::new(&load(&text, &[]).scenario);
    let due = |hour: i64| target.due(Channel::Email, SimTime(hour * HOUR_MS)).map(|(at, day)| (at.0 / HOUR_MS, day));
    assert_eq!(due(10), Some((18, 0)), "Monday 10:00 is due when Monday closes");
    assert_eq!(due(17), Some((49, 0)), "Monday 17:00 is due on Wednesday at 1:00");
    for hour in [18, 30] {
        assert_eq!(due(hour), None, "hour {hour} is due before Wednesday opens");
        assert!(target.is_due_while_closed(Channel::Email, SimTime(hour * HOUR_MS)));
    }
    // Within the first working hour there is some work before the deadline.
    assert_eq!(target.due(Channel::Email, SimTime(HOUR_MS / 2)), Some((SimTime(17 * HOUR_MS / 2), 0)));

    let plan = plan(&text);
    let (proof, days) = (&plan.strategies[0].proof, &plan.strategies[0].skills[0].days);
    assert!(days[1].in_time_share.is_none(), "nothing is due on the holiday: {:?}", days[1]);
    assert!(proof.due_while_closed > 500.0, "{}", proof.due_while_closed);
    assert!(headline(&plan).contains("due before anybody works again"), "{}", headline(&plan));
}

/// Those who give up before the answer is due are not in the target, so they are told beside it.
#[test]
fn mail_that_is_given_up_is_told() {
    let patience = "desk.email.patience = { exponential = { mean_s = 20_000 } }";
    let lost = plan(&week(&format!("{NO_CALLS}\n{MAIL}\n{patience}")));
    assert!(lost.strategies[0].proof.emails_abandoned_share.is_some_and(|share| share > 0.05));
    assert!(words::doubts(&lost).iter().any(|doubt| doubt.starts_with("E-mails are given up: stay (")));
    assert!(words::figures(&lost).iter().any(|(name, _)| name == "e-mails given up"));
    let none = plan(&calls(""));
    assert_eq!(none.strategies[0].proof.emails_abandoned_share, None);
}

/// The trial knows working hours only; what comes outside of them stands beside it.
#[test]
fn calls_that_come_while_nobody_works_are_told() {
    let late = CALLS.replace("8-18", "8-20");
    let late = plan(&week(&format!("{late}\n{NO_MAIL}")));
    let closed = late.strategies[0].proof.calls_while_closed;
    assert!((200.0..400.0).contains(&closed), "{closed} calls in ten hours of 30");
    assert!(words::figures(&late).iter().any(|(name, _)| name == "calls that come while nobody works"));
}

/// The curve limits the calls given up as the plan does: a service level that this limit implies costs no more.
#[test]
fn the_price_curve_limits_the_calls_given_up_as_the_plan_does() {
    let impatient = "desk.phone.patience = { exponential = { mean_s = 20 } }\ndesk.target.sample_contacts = 300_000";
    let loaded = load(&calls(impatient).replace("desk.target.sample_contacts = 100_000", ""), &[]);
    let (target, needs) = study(&loaded.scenario, None, &Unwatched).expect("a study");
    let points = curve(&loaded.scenario, &target, &needs[0], &Unwatched).expect("a curve");
    for point in &points {
        assert!(point.abandoned < 0.055, "{point:?}");
    }
    assert_eq!(
        points[0].cost_cents, points[2].cost_cents,
        "callers hang up long before the service level is missed"
    );
}
