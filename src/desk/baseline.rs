//! Baseline traffic: contacts that have nothing to do with sign-in, a Poisson process with a rate for each hour of the
//! week, that may grow, and whose days may be good or bad. Each hour is a stream of draws of its own, so it is the same
//! under every strategy.

use std::sync::Arc;

use rand::Rng;
use rand_distr::{Distribution, Exp1, Gamma};

use super::Request;
use super::durations::{Sampler, sample_if};
use super::opening::OpenHours;
use crate::calendar::{HOUR_MS, SimTime};
use crate::random::{Draw, Purpose, Seed, Stream};
use crate::scenario::Scenario;
use crate::terms::Channel;
use crate::terms::Reason;
use crate::values::{Duration, Patience, PerHour, Weekly};

/// Channels with baseline traffic.
pub const CHANNELS: [Channel; 3] = [Channel::Phone, Channel::Chat, Channel::Email];

/// Arrivals of one channel.
#[derive(Clone, Debug)]
pub struct Arrivals {
    /// The next arrival.
    pub next: SimTime,
    channel: Channel,
    seed: Seed,
    rates: Arc<[f64]>,
    traits: Arc<Traits>,
    open: Option<OpenHours>,
    hour: usize,
    /// Time within the hour, in milliseconds.
    clock_ms: f64,
    mean_gap_ms: f64,
    draw: Stream,
}

#[derive(Debug)]
struct Traits {
    handle: Sampler,
    after: Option<Sampler>,
    patience: Option<Sampler>,
    lucky: bool,
}

/// Mean arrivals by hour since the start, before the luck of the day.
pub fn expected(scenario: &Scenario, channel: Channel) -> Vec<f64> {
    let baseline = &scenario.desk.baseline;
    let none = Weekly::Always(PerHour::new(0.0));
    let weekly = match channel {
        Channel::Phone => &baseline.phone_per_hour,
        Channel::Chat => &baseline.chat_per_hour,
        Channel::Email => &baseline.email_per_hour,
        Channel::Proofing | Channel::Review => &none,
    };
    let (week, scale, calendar) = (weekly.hours(), scenario.desk_scale(), scenario.calendar());
    let growth = baseline.growth_share_per_year.get().ln_1p() / (365.25 * 24.0);
    (0..scenario.hours())
        .map(|hour| week[calendar.hour_of_week(hour)] * scale * (growth * hour as f64).exp())
        .collect()
}

/// Distribution of the handle time of baseline contacts.
pub fn handle_time(scenario: &Scenario, channel: Channel) -> &Duration {
    let baseline = &scenario.desk.baseline;
    match channel {
        Channel::Chat => &baseline.chat_handle_time,
        Channel::Email => &baseline.email_handle_time,
        Channel::Phone | Channel::Proofing | Channel::Review => &baseline.phone_handle_time,
    }
}

/// How long contacts of a channel wait.
pub fn patience(scenario: &Scenario, channel: Channel) -> &Patience {
    let desk = &scenario.desk;
    match channel {
        Channel::Phone => &desk.phone.patience,
        Channel::Chat => &desk.chat.patience,
        Channel::Email => &desk.email.patience,
        Channel::Proofing => &desk.proofing.patience,
        Channel::Review => &Patience::Endless,
    }
}

/// After-contact work of a channel.
pub fn after_work(scenario: &Scenario, channel: Channel) -> Option<Sampler> {
    match channel {
        Channel::Phone => Sampler::after_work(scenario.desk.phone.after_work_s),
        Channel::Chat => Sampler::after_work(scenario.desk.chat.after_work_s),
        Channel::Email | Channel::Proofing | Channel::Review => None,
    }
}

impl Arrivals {
    /// The baseline traffic of `channel`. With opening hours of its own, what comes outside them is not for the desk.
    pub fn new(scenario: &Scenario, seed: Seed, channel: Channel, open: OpenHours) -> Self {
        let phone = &scenario.desk.phone;
        let has_hours = channel.is_live() && scenario.desk.open.week().is_some();
        let mut arrivals = Self {
            next: SimTime::START,
            rates: rates(scenario, seed, channel).into(),
            traits: Arc::new(Traits {
                handle: Sampler::new(handle_time(scenario, channel)),
                after: after_work(scenario, channel),
                patience: Sampler::patience(patience(scenario, channel)),
                lucky: phone.balk_share.get() > 0.0 || phone.call_back.accepts_share.get() > 0.0,
            }),
            open: has_hours.then_some(open),
            seed,
            channel,
            hour: 0,
            clock_ms: 0.0,
            mean_gap_ms: f64::INFINITY,
            draw: seed.draw(0, Purpose::Baseline, 0).into(),
        };
        arrivals.enter(0);
        arrivals.advance();
        arrivals
    }

    /// Begins an hour: a stream of its own.
    fn enter(&mut self, hour: usize) {
        self.hour = hour;
        self.clock_ms = 0.0;
        self.draw = self.seed.draw(hour as u64, Purpose::Baseline, self.channel as u32).into();
        self.mean_gap_ms = self.rates.get(hour).map_or(f64::INFINITY, |per_hour| HOUR_MS as f64 / per_hour);
    }

    /// Draws the next arrival.
    #[inline(always)]
    pub fn advance(&mut self) {
        while self.hour < self.rates.len() {
            if self.mean_gap_ms.is_finite() {
                let gap: f64 = Exp1.sample(&mut self.draw);
                self.clock_ms += gap * self.mean_gap_ms;
                if self.clock_ms < HOUR_MS as f64 {
                    self.next = SimTime(self.hour as i64 * HOUR_MS + self.clock_ms as i64);
                    return;
                }
            }
            self.enter(self.hour + 1);
        }
        self.next = SimTime::NEVER;
    }

    /// Whether the one that arrives now finds the desk closed.
    #[inline]
    pub fn is_turned_away(&self) -> bool {
        self.is_closed(self.next)
    }

    /// Whether the desk is closed to this traffic at a time.
    #[inline]
    pub fn is_closed(&self, at: SimTime) -> bool {
        self.open.as_ref().is_some_and(|open| !open.in_hour(at.hour()))
    }

    /// The contact that arrives now.
    #[inline(always)]
    pub fn request(&mut self) -> Request {
        let traits = &self.traits;
        request(self.channel, self.next, traits, &mut self.draw)
    }

    /// A contact that comes again, with another stream of draws.
    pub fn again(&self, at: SimTime, mut draw: Draw, redial: bool) -> Request {
        Request { redial, ..request(self.channel, at, &self.traits, &mut draw) }
    }
}

#[inline(always)]
fn request(channel: Channel, at: SimTime, traits: &Traits, draw: &mut impl Rng) -> Request {
    Request {
        at,
        channel,
        reason: Reason::Baseline,
        handle: traits.handle.sample(draw),
        after: sample_if(traits.after.as_ref(), draw),
        patience: traits.patience.as_ref().map(|patience| patience.sample(draw)),
        redial: false,
        luck: if traits.lucky { draw.next_u32() } else { 0 },
    }
}

/// Arrivals per hour: the mean, times the luck of the day, which all channels share.
fn rates(scenario: &Scenario, seed: Seed, channel: Channel) -> Vec<f64> {
    let mut rates = expected(scenario, channel);
    let cv = scenario.desk.baseline.day_cv.get();
    if cv > 0.0 {
        let first = scenario.calendar().start_hour() % 24;
        let factor = |day: usize| {
            let mut draw = seed.draw(day as u64, Purpose::BaselineDay, 0);
            Gamma::new(cv.powi(-2), cv.powi(2)).map_or(1.0, |gamma| gamma.sample(&mut draw))
        };
        let factors: Vec<f64> = (0..=(first + rates.len()) / 24).map(factor).collect();
        rates.iter_mut().enumerate().for_each(|(hour, rate)| *rate *= factors[(first + hour) / 24]);
    }
    rates
}
