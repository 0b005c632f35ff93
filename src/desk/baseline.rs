//! Baseline traffic: contacts that have nothing to do with sign-in, a Poisson process with a rate for each hour of the
//! week. Each hour is a stream of draws of its own, so it is the same under every strategy.

use rand_distr::{Distribution, Exp1};

use super::Channel;
use super::durations::Sampler;
use crate::calendar::{Calendar, HOUR_MS, SimTime, Span, WEEK_H};
use crate::random::{Draw, Purpose, Seed};
use crate::scenario::Scenario;
use crate::scenario::values::{Duration, Weekly};

/// Arrivals of one channel.
#[derive(Clone, Debug)]
pub struct Arrivals {
    /// The next arrival, and what it brings.
    pub next: SimTime,
    per_hour: [f64; WEEK_H],
    handle: Sampler,
    patience: Option<Sampler>,
    calendar: Calendar,
    seed: Seed,
    channel: Channel,
    hours: usize,
    hour: usize,
    /// Time within the hour, in milliseconds.
    clock_ms: f64,
    mean_gap_ms: f64,
    draw: Draw,
}

impl Arrivals {
    /// The baseline traffic of `channel`.
    pub fn new(scenario: &Scenario, seed: Seed, channel: Channel) -> Self {
        let baseline = &scenario.desk.baseline;
        let (per_hour, handle, patience): (&Weekly, Duration, _) = match channel {
            Channel::Email => (&baseline.email_per_hour, baseline.email_handle_time, scenario.desk.email.patience),
            Channel::Phone | Channel::Review => {
                (&baseline.phone_per_hour, baseline.phone_handle_time, scenario.desk.phone.patience)
            }
        };
        let scale = scenario.desk_scale();
        let mut arrivals = Self {
            next: SimTime::START,
            per_hour: per_hour.hours().map(|rate| rate * scale),
            handle: Sampler::new(handle),
            patience: Sampler::patience(patience),
            calendar: scenario.calendar(),
            seed,
            channel,
            hours: scenario.hours(),
            hour: 0,
            clock_ms: 0.0,
            mean_gap_ms: f64::INFINITY,
            draw: seed.draw(0, Purpose::Baseline, 0),
        };
        arrivals.enter(0);
        arrivals.advance();
        arrivals
    }

    /// Begins an hour: a stream of its own.
    fn enter(&mut self, hour: usize) {
        self.hour = hour;
        self.clock_ms = 0.0;
        self.draw = self.seed.draw(hour as u64, Purpose::Baseline, self.channel as u32);
        self.mean_gap_ms = HOUR_MS as f64 / self.per_hour[self.calendar.hour_of_week(hour)];
    }

    /// Draws the next arrival.
    #[inline]
    pub fn advance(&mut self) {
        while self.hour < self.hours {
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

    /// Handle time and patience of the contact that arrives now.
    #[inline]
    pub fn traits(&mut self) -> (Span, Option<Span>) {
        let handle = self.handle.sample(&mut self.draw);
        (handle, self.patience.map(|patience| patience.sample(&mut self.draw)))
    }

    /// Handle time and patience from another stream of draws: a call that is tried again.
    pub fn traits_with(&self, mut draw: Draw) -> (Span, Option<Span>) {
        let handle = self.handle.sample(&mut draw);
        (handle, self.patience.map(|patience| patience.sample(&mut draw)))
    }
}
