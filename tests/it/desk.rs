//! The desk alone: what queueing theory, arithmetic and plain sense say about it must come out. Everything goes through
//! the scenario file.

mod queueing;

mod rules;

mod schedule;

mod traffic;

mod conserved;

use cutover::calendar::{SimTime, Span};
use cutover::desk::staffing::Staffing;
use cutover::desk::{Callers, Ended, Floor, Lost, NOBODY, NoCallers, Request, Taken, Tally};
use cutover::measure::desk::{ChannelMeasure, DeskMeasure};
use cutover::random::Seed;
use cutover::scenario::Scenario;
use cutover::terms::Reason;
use cutover::terms::{Answer, Channel, Skill};
use cutover::watch::Unwatched;

use super::support::load;

/// A desk at which nothing happens unless a test says so.
const QUIET: &str = r#"
    start = "2026-03-02"
    replications = 1
    horizon_days = 1
    strategies = []
    population.accounts = 0
    [desk]
    tier1.agents = 1
    review.agents = 0
    baseline.phone_per_hour = 0
    baseline.email_per_hour = 0
"#;

/// The quiet desk with some keys set.
fn scenario(sets: &[&str]) -> Scenario {
    load(QUIET, sets).scenario
}

/// The desk of a scenario, before it opens.
fn floor<T: Tally>(scenario: &Scenario, tally: impl Fn(DeskMeasure) -> T) -> Floor<T> {
    let staffing = Staffing::new(scenario);
    let measure = DeskMeasure::new(scenario, &staffing);
    Floor::new(scenario, &staffing, Seed::new(u64::from(scenario.seed), 0), tally(measure))
}

/// What is measured of the baseline traffic.
fn measured(sets: &[&str]) -> DeskMeasure {
    let scenario = scenario(sets);
    floor(&scenario, |measure| measure)
        .run(scenario.hours(), &mut NoCallers, &Unwatched)
        .expect("nobody stops it")
        .finish()
}

/// Everything that happens to the baseline traffic.
fn noted(sets: &[&str]) -> Ledger {
    played(sets, &mut Script::default())
}

/// Everything that happens when these contact the desk, besides the baseline traffic.
fn played(sets: &[&str], script: &mut Script) -> Ledger {
    let scenario = scenario(sets);
    let mut ledger = floor(&scenario, Ledger::new).run(scenario.hours(), script, &Unwatched).expect("nobody stops it");
    ledger.measure = ledger.measure.finish();
    ledger
}

/// Everything that happens, as it happens, beside the usual measures.
#[derive(Clone)]
struct Ledger {
    measure: DeskMeasure,
    arrivals: Vec<(SimTime, Channel)>,
    taken: Vec<Taken>,
    lost: Vec<Lost>,
}

impl Ledger {
    fn new(measure: DeskMeasure) -> Self {
        Self {
            measure,
            arrivals: Vec::new(),
            taken: Vec::new(),
            lost: Vec::new(),
        }
    }

    fn channel(&self, channel: Channel) -> &ChannelMeasure {
        &self.measure.channels[channel as usize]
    }
}

impl Tally for Ledger {
    fn offered(&mut self, at: SimTime, channel: Channel, reason: Reason) {
        self.arrivals.push((at, channel));
        self.measure.offered(at, channel, reason);
    }
    fn redialed(&mut self, channel: Channel) {
        self.measure.redialed(channel);
    }
    fn turned_away(&mut self, channel: Channel) {
        self.measure.turned_away(channel);
    }
    fn taken(&mut self, taken: &Taken) {
        self.taken.push(*taken);
        self.measure.taken(taken);
    }
    fn lost(&mut self, lost: &Lost) {
        self.lost.push(*lost);
        self.measure.lost(lost);
    }
    fn busy(&mut self, skill: Skill, from: SimTime, to: SimTime) {
        self.measure.busy(skill, from, to);
    }
    fn waiting(&mut self, channel: Channel, hour: usize, contacts: u64) {
        self.measure.waiting(channel, hour, contacts);
    }
    fn left(&mut self, channel: Channel, contacts: u64) {
        self.measure.left(channel, contacts);
    }
}

/// Contacts at stated times, in order, each with whether its caller listens; and what those who listen were told.
#[derive(Clone, Debug, Default)]
struct Script {
    contacts: Vec<(Request, bool)>,
    next: usize,
    answers: Vec<Option<Answer>>,
}

impl Script {
    fn new(contacts: Vec<(Request, bool)>) -> Self {
        assert!(contacts.is_sorted_by_key(|(request, _)| request.at), "a script goes forward");
        Self { answers: vec![None; contacts.len()], contacts, next: 0 }
    }

    /// Somebody listens to each of these.
    fn heard(requests: Vec<Request>) -> Self {
        Self::new(requests.into_iter().map(|request| (request, true)).collect())
    }

    fn answer(&self, number: usize) -> Answer {
        self.answers[number].expect("an answer")
    }
}

impl Callers for Script {
    fn next(&self) -> SimTime {
        self.contacts.get(self.next).map_or(SimTime::NEVER, |(request, _)| request.at)
    }

    fn act(&mut self, _: SimTime, requests: &mut Vec<(u64, Request)>) {
        let (request, listens) = self.contacts[self.next];
        requests.push((if listens { self.next as u64 } else { NOBODY }, request));
        self.next += 1;
    }

    fn hear(&mut self, ended: Ended, _: &mut Vec<(u64, Request)>) {
        let told = self.answers[ended.listener as usize].replace(ended.answer);
        assert_eq!(told, None, "the answer to contact {} is told twice", ended.listener);
    }
}

fn seconds(seconds: f64) -> Span {
    Span::from_seconds(seconds)
}

fn at_s(at: f64) -> SimTime {
    SimTime::START + seconds(at)
}

/// A contact that waits for ever.
fn contact(at: f64, channel: Channel, handle: f64) -> Request {
    Request {
        at: at_s(at),
        channel,
        reason: Reason::Access,
        handle: seconds(handle),
        after: Span::ZERO,
        patience: None,
        redial: false,
        luck: 0,
    }
}

/// Fails unless the ratio of two sums over independent batches lies within four standard errors of what it should be.
fn near(what: &str, batches: &[(f64, f64)], expected: f64) {
    let (over, under) = batches.iter().fold((0.0, 0.0), |sum, batch| (sum.0 + batch.0, sum.1 + batch.1));
    let (ratio, n) = (over / under, batches.len() as f64);
    let squares: f64 = batches.iter().map(|batch| (batch.0 - ratio * batch.1).powi(2)).sum();
    let error = (squares * n / (n - 1.0)).sqrt() / under;
    assert!(error < 0.1 * expected, "{what}: a standard error of {error} is too large to tell anything");
    assert!((ratio - expected).abs() < 4.0 * error, "{what}: {ratio} for {expected}, standard error {error}");
}

/// Fails unless a count of independent chances lies within four standard errors of what it should be.
fn near_share(what: &str, count: usize, of: usize, expected: f64) {
    let (share, error) = (count as f64 / of as f64, (expected * (1.0 - expected) / of as f64).sqrt());
    assert!(of > 1000, "{what}: {of} are too few to tell anything");
    assert!((share - expected).abs() < 4.0 * error, "{what}: {share} for {expected}, standard error {error}");
}
