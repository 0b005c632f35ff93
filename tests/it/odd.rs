//! Odd stories: what no support lead would believe. Thousands of stories are played under a nasty scenario, and each is read.

use cutover::calendar::SimTime;
use cutover::engine;
use cutover::journey::Closing;
use cutover::journey::listener::{Fact, Heard, Line, Listener, Recorder};
use cutover::measure::Measure;
use cutover::population::unit::{Account, Unit};
use cutover::terms::operation::{Actor, Evidence, Operation, Refusal, Resolution};
use cutover::terms::record::{Behind, Status};
use cutover::terms::{Outcome, Reason};
use cutover::watch::Unwatched;

use super::support::load;

/// Everything that can go wrong goes wrong often.
const NASTY: &str = r#"
    horizon_days = 150
    replications = 1
    [population]
    accounts = 5_000
    sign_ins = { shape = 1.0, rate_days = 12 }
    [population.shares]
    disabled = 0.06
    locked = 0.05
    social_only = 0.25
    in_target = 0.15
    in_target_same_person = 0.6
    mfa = 0.2
    leaked = 0.3
    incomplete = 0.3
    stays_signed_in = 0.3
    [population.trouble]
    disabled_genuine_share = 0.9
    intruder = { share = 0.1 }
    planted = { share = 0.02, returns_mean_days = 40 }
    mistyped = { share = 0.02 }
    [threat]
    stuffing_per_year = 3
    owner_notices_share = 0.1
    told_per_year = 3
    phished_share = 0.02
    session_exposed_share = 0.02
    false_alarms_per_year = 0.5
    [journey.frustration]
    leaving_per_point = 0.05
    [journey.mail]
    suspicion_contacts_share = 0.5
    [journey.recovery]
    stuck_share = 0.2
    [desk]
    for_accounts = 50_000
"#;

/// One account's story.
struct Story {
    account: Account,
    strategy: String,
    lines: Vec<Line>,
    closing: Closing,
}

impl Story {
    fn facts(&self) -> impl DoubleEndedIterator<Item = (SimTime, Fact)> + '_ {
        self.lines.iter().filter_map(|line| match line.heard {
            Heard::Fact(fact) => Some((line.at, fact)),
            Heard::Operation(..) => None,
        })
    }

    fn operations(&self) -> impl Iterator<Item = (SimTime, Actor, Operation, Option<Refusal>)> + '_ {
        self.lines.iter().filter_map(|line| match line.heard {
            Heard::Fact(_) => None,
            Heard::Operation(actor, operation, refused) => Some((line.at, actor, operation, refused)),
        })
    }

    fn read(&self) -> String {
        let lines: Vec<String> = self.lines.iter().map(|line| format!("  {line:?}")).collect();
        format!("{} {:?}\n{}\n{:?}", self.strategy, self.account.record, lines.join("\n"), self.closing.outcome)
    }
}

#[derive(Default)]
struct Stories {
    told: Vec<Story>,
    now: Recorder,
}

impl Listener for Stories {
    fn fact(&mut self, at: SimTime, member: usize, fact: Fact) {
        self.now.fact(at, member, fact);
    }

    fn operation(&mut self, at: SimTime, member: usize, actor: Actor, operation: Operation, refused: Option<Refusal>) {
        self.now.operation(at, member, actor, operation, refused);
    }
}

impl Measure for Stories {
    fn begin(&mut self, _: &Unit) {
        self.now.lines.clear();
    }

    fn close(&mut self, unit: &Unit, closings: &[Closing]) {
        for (m, (account, closing)) in unit.accounts.iter().zip(closings).enumerate() {
            let of_member = |line: &&Line| usize::from(line.member) == m;
            self.told.push(Story {
                account: account.clone(),
                strategy: String::new(),
                lines: self.now.lines.iter().filter(of_member).copied().collect(),
                closing: *closing,
            });
        }
    }

    fn merge(&mut self, other: Self) {
        self.told.extend(other.told);
    }
}

/// All stories under the control arm and these strategies.
fn stories(strategies: &str, sets: &[&str]) -> Vec<Story> {
    let loaded = load(&format!("strategies = [{strategies}]\n{NASTY}"), sets);
    let (_, heard) = engine::run_measured(&loaded.scenario, None, &Stories::default, &Unwatched).expect("a run");
    let names = std::iter::once("stay".to_owned()).chain(loaded.scenario.strategies.iter().map(|s| s.name.clone()));
    names
        .zip(heard)
        .flat_map(|(name, heard)| heard.told.into_iter().map(move |story| Story { strategy: name.clone(), ..story }))
        .collect()
}

fn all() -> Vec<Story> {
    let of = |treatment: &str| {
        format!(
            r#"{{ name = "{treatment}", rollout = {{ waves = {{ day = 20, count = 3, gap_days = 10 }} }}, policy = [{{ name = "All", treat = "{treatment}" }}], controls = {{ on_conflict = "merge", fallback = "review", duplicate_detection_share = 0.5, fraud_detection_share = 0.6 }}, cut_off = {{ day = 110, tail = "reset_link" }} }}"#
        )
    };
    let treatments = [
        "reset_link",
        "ask_reset",
        "lazy_verify",
        "hash_import",
        "step_up",
        "manual_review",
        "social_relink",
    ];
    stories(&treatments.map(of).join(", "), &[])
}

const MINUTE_MS: i64 = 60_000;

fn soon(first: SimTime, second: SimTime) -> bool {
    (second.0 - first.0).abs() < MINUTE_MS
}

/// Whether the owner leaves; they do nothing any more then.
fn does_nothing_once_left(story: &Story, facts: &[(SimTime, Fact)]) -> bool {
    let Some(place) = facts.iter().position(|(_, fact)| *fact == Fact::Leaves) else {
        return false;
    };
    assert_eq!(story.closing.outcome, Outcome::Churned, "{}", story.read());
    for (_, fact) in &facts[place + 1..] {
        let acts = matches!(
            fact,
            Fact::MailRead
                | Fact::Clicked
                | Fact::SignedIn
                | Fact::Refused
                | Fact::Forgot
                | Fact::LinkAsked
                | Fact::Suspects
                | Fact::Contacts(_)
                | Fact::Recovered
                | Fact::GivesUp
                | Fact::TriesAgain
                | Fact::Leaves
                | Fact::SignsUp(_)
                | Fact::TriesLater
                | Fact::HearsOfIncident(_)
                | Fact::LearnsOfIntruder(_)
                | Fact::EnrolsAnew(_)
                | Fact::ClaimsAsked(_)
                | Fact::Answered(_)
        );
        assert!(!acts, "{fact:?} after leaving\n{}", story.read());
    }
    true
}

/// How often the owner learns of an intruder: not twice of the same.
fn learns_of_each_intruder_once(story: &Story, facts: &[(SimTime, Fact)]) -> usize {
    let (mut told, mut learned) = (false, 0);
    for (_, fact) in facts {
        match fact {
            Fact::LearnsOfIntruder(_) | Fact::HearsOfIncident(true) => {
                assert!(!told, "told twice of one intruder\n{}", story.read());
                learned += 1;
                told = true;
            }
            Fact::Attack(_, true) | Fact::IntruderOut | Fact::Restored => told = false,
            _ => {}
        }
    }
    learned
}

#[test]
fn stories_hold_together() {
    let stories = all();
    let (mut left, mut asked, mut put_out, mut gave_up, mut reviewed, mut learned) = (0, 0, 0, 0, 0, 0);
    for story in &stories {
        let facts: Vec<(SimTime, Fact)> = story.facts().collect();
        let says = || story.read();
        for pair in facts.windows(2) {
            let [(before, first), (after, second)] = [pair[0], pair[1]];
            // Monitoring puts an intruder out while nobody of theirs is there: nobody can be annoyed by that.
            if first == Fact::Restored && second == Fact::Leaves && soon(before, after) {
                let knew = facts.iter().take_while(|(at, _)| *at <= before).any(|(_, fact)| {
                    matches!(fact, Fact::LearnsOfIntruder(_) | Fact::WrongLinkSeen | Fact::Contacts(_))
                });
                assert!(knew, "put out and gone for what they cannot know\n{}", says());
            }
            assert!(
                !(first == Fact::StepUpAsked && second == Fact::StepUpAsked && soon(before, after)),
                "asked for a second channel twice\n{}",
                says()
            );
        }
        put_out += facts.iter().filter(|(_, fact)| *fact == Fact::Restored).count();
        asked += facts.iter().filter(|(_, fact)| *fact == Fact::StepUpAsked).count();

        left += usize::from(does_nothing_once_left(story, &facts));

        // Who stops trying, and is not brought back, has not moved.
        let last_given = facts.iter().rposition(|(_, fact)| *fact == Fact::GivesUp);
        if let Some(place) = last_given {
            let back = facts[place + 1..].iter().any(|(_, fact)| {
                matches!(
                    fact,
                    Fact::Clicked
                        | Fact::TriesAgain
                        | Fact::Contacts(_)
                        | Fact::Linked
                        | Fact::Recovered
                        | Fact::Leaves
                        | Fact::Attack(_, true)
                        | Fact::RolledBack(_)
                        | Fact::Closed(_)
                        | Fact::Misbound
                )
            });
            gave_up += usize::from(!back);
            let moved = matches!(story.closing.outcome, Outcome::Migrated | Outcome::MigratedByDesk);
            assert!(back || !moved, "stops trying and counts as moved\n{}", says());
        }

        // Nobody without a password has one refused or taken away.
        if !story.account.record.has_password() {
            let suspended = story
                .operations()
                .any(|(_, _, operation, refused)| operation == Operation::SuspendCredential && refused.is_none());
            assert!(!suspended, "there is no password\n{}", says());
        }

        // A reviewer enables an account once; the wave does not ask for the same again.
        let accepted: Vec<SimTime> = story
            .operations()
            .filter(|(.., operation, _)| {
                matches!(operation, Operation::CloseTicket { resolution: Resolution::Solved, .. })
            })
            .map(|(at, ..)| at)
            .collect();
        if story.strategy == "manual_review" && facts.iter().any(|(_, fact)| *fact == Fact::ReviewedBefore) {
            reviewed += 1;
            let told = facts.iter().find(|(_, fact)| *fact == Fact::ReviewedBefore).map(|(at, _)| *at);
            assert!(accepted.iter().any(|at| Some(*at) <= told), "somebody had reviewed it\n{}", says());
            let sent_to_review = facts.windows(2).any(|pair| {
                Some(pair[0].0) > told
                    && pair[0].1 == Fact::Refused
                    && pair[1] == (pair[0].0, Fact::Contacts(Reason::Review))
            });
            assert!(!sent_to_review, "reviewed a second time\n{}", says());
        }

        // A review is not a meeting: nobody enrols or is asked for anything at that moment.
        for (at, _, operation, _) in story.operations() {
            if let Operation::Link { evidence: Evidence::Review, .. } = operation {
                let settles = facts.iter().any(|(when, fact)| {
                    *when == at && matches!(fact, Fact::EnrolsAnew(_) | Fact::ClaimsAsked(_) | Fact::PasskeyMade)
                });
                assert!(!settles, "a review is not a meeting\n{}", says());
            }
        }

        learned += learns_of_each_intruder_once(story, &facts);

        // Programs and nobody do not call, sign up or leave.
        if story.account.truth.behind != Behind::Customer {
            let human = facts.iter().any(|(_, fact)| {
                matches!(fact, Fact::Contacts(_) | Fact::SignsUp(_) | Fact::Leaves | Fact::GivesUp | Fact::LinkAsked)
            });
            assert!(!human, "nobody is behind it\n{}", says());
        }

        // A ticket that is opened is closed, unless it waits at the horizon.
        let opened = story.operations().filter(|(.., o, _)| matches!(o, Operation::OpenTicket { .. })).count();
        let closed = story.operations().filter(|(.., o, _)| matches!(o, Operation::CloseTicket { .. })).count();
        assert!(closed <= opened && opened - closed <= 2, "{opened} opened, {closed} closed\n{}", says());
    }
    // The stories are there: none of the above holds for want of cases.
    let cases = [left, asked, put_out, gave_up, reviewed, learned];
    assert!(cases.iter().all(|count| *count > 20), "{cases:?}");
}

/// A disabled account whose owner a reviewer has let in before the wave came.
#[test]
fn disabled_accounts_are_reviewed_once() {
    let strategy = r#"{ name = "review", rollout = { big_bang = { day = 60 } }, policy = [{ name = "Disabled", when = { status = ["disabled"] }, treat = "manual_review" }, { name = "Rest", treat = "lazy_verify" }], controls = { fallback = "review" } }"#;
    let sets = [
        "population.shares.disabled=0.5",
        "desk.review.false_reject_share=0",
        "journey.choice={ desk_weight = 1, later_weight = 0, sign_up_weight = 0, give_up_weight = 0 }",
    ];
    let mut before = 0;
    for story in stories(strategy, &sets).iter().filter(|story| story.strategy == "review") {
        let facts: Vec<(SimTime, Fact)> = story.facts().collect();
        let was_enabled = facts.iter().any(|(at, fact)| *fact == Fact::Recovered && *at < SimTime::from_days(60.0));
        if story.account.record.status == Status::Disabled && was_enabled {
            before += usize::from(facts.iter().any(|(_, fact)| *fact == Fact::ReviewedBefore));
        }
    }
    assert!(before > 50, "{before}");
}

/// Under the control arm nothing moves, and whoever forgot a password and failed once is in again when it comes back to them.
#[test]
fn a_forgotten_password_is_no_lock() {
    let sets = [
        "threat.enabled=false",
        "threat.false_alarms_per_year=0",
        "journey.choice={ desk_weight = 0, later_weight = 1, sign_up_weight = 0, give_up_weight = 0 }",
        "journey.recovery.used_share=0.2",
        "journey.sign_in.forgotten_least_share=0.2",
        "journey.sign_in.manager_share=0",
        "journey.frustration={ leaving_per_point = 0, attrition_per_year = 0 }",
        "population.shares.disabled=0",
        "population.shares.locked=0",
    ];
    let stories = stories("", &sets);
    let failed =
        |story: &&Story| story.facts().any(|(at, fact)| fact == Fact::LinkMissed && at < SimTime::from_days(60.0));
    let (mut often, mut out) = (0, 0);
    for story in stories.iter().filter(failed).filter(|story| story.account.rate_per_day() > 0.2) {
        often += 1;
        out += usize::from(!story.closing.can_sign_in);
    }
    assert!(often > 50, "{often}");
    assert!(out * 5 < often, "{out} of {often} are still outside months later");
}
