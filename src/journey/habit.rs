//! Habit: when the owner of an account would sign in, whatever anybody does to the account.
//!
//! Sign-ins are a Poisson process with the account's own rate, bent to the hours of the week in the customer's time
//! zone. Those with a forgotten password are a share of it, which is a Poisson process of its own; keeping the two
//! apart means that an account whose sign-ins all succeed costs nothing. Both are the same under every strategy.

use crate::calendar::{HOUR_MS, Profile, SimTime};
use crate::population::unit::Account;
use crate::random::{Draw, Exponential, Purpose, Seed};

/// The sign-ins of one account, worked out as far as somebody has asked.
#[derive(Clone, Debug)]
pub struct Habit {
    window: ZoneTime,
    remembered: Timeline,
    forgotten: Timeline,
    /// Whether there is any sign-in at all, if somebody has asked.
    has_any: Option<bool>,
}

#[derive(Clone, Debug)]
struct Timeline {
    draw: Draw,
    /// The gap to the next sign-in, if it has been drawn already, in means.
    gap: Option<Exponential>,
    /// Mean operational days between two events; infinite if there are none.
    gap_days: f64,
    operational: f64,
    times: Vec<SimTime>,
}

/// Where simulated time starts and ends on the bent time axis of one time zone.
#[derive(Clone, Copy, Debug, Default)]
pub struct ZoneTime {
    /// Milliseconds from Monday 00:00, local time, to the start.
    start_ms: i64,
    /// The start, in operational days.
    start: f64,
    /// The horizon, in operational days.
    end: f64,
}

impl ZoneTime {
    /// The window from `start_hour` hours after Monday 00:00, desk time, to `horizon` later, where customers are
    /// `offset_h` hours ahead of the desk.
    pub fn new(profile: &Profile, start_hour: usize, horizon: SimTime, offset_h: f64) -> Self {
        let start_ms = start_hour as i64 * HOUR_MS + (offset_h * HOUR_MS as f64) as i64;
        Self {
            start_ms,
            start: profile.operational(start_ms),
            end: profile.operational(start_ms + horizon.0),
        }
    }
}

/// Far more than rounding can amount to, in operational days.
const SURELY_DAYS: f64 = 1e-6;

impl Default for Habit {
    fn default() -> Self {
        let timeline = || Timeline {
            draw: Seed::new(0, 0).draw(0, Purpose::SignIns, 0),
            gap: None,
            gap_days: f64::INFINITY,
            operational: 0.0,
            times: Vec::new(),
        };
        Self {
            window: ZoneTime::default(),
            remembered: timeline(),
            forgotten: timeline(),
            has_any: None,
        }
    }
}

impl Habit {
    /// Starts the habit of account `number`; `forgotten` is the share of sign-ins with a forgotten password, and the
    /// exponential draw for the first of them.
    #[inline]
    pub fn start(
        &mut self,
        seed: Seed,
        number: u64,
        account: &Account,
        forgotten: (f64, Exponential),
        window: ZoneTime,
    ) {
        let (forgotten, first) = forgotten;
        let rate = account.rate_per_day();
        let forgotten = if account.record.has_password() { forgotten } else { 0.0 };
        let begin = |timeline: &mut Timeline, purpose, rate: f64| {
            timeline.draw = seed.draw(number, purpose, 0);
            timeline.gap_days = 1.0 / rate;
            timeline.gap = None;
            timeline.operational = window.start;
            timeline.times.clear();
        };
        self.window = window;
        self.has_any = None;
        begin(&mut self.remembered, Purpose::SignIns, rate * (1.0 - forgotten));
        begin(&mut self.forgotten, Purpose::Forgotten, rate * forgotten);
        self.forgotten.gap = Some(first);
    }

    /// The first sign-in with a remembered password after `time`, within the horizon.
    #[inline]
    pub fn remembered_after(&mut self, time: SimTime, profile: &Profile) -> SimTime {
        self.remembered.after(time, &self.window, profile)
    }

    /// Whether the owner signs in at all between the start and the horizon.
    #[inline]
    pub fn has_any(&mut self, horizon: SimTime, profile: &Profile) -> bool {
        let Self { window, remembered, forgotten, has_any } = self;
        *has_any.get_or_insert_with(|| {
            remembered.has_any(horizon, window, profile) || forgotten.has_any(horizon, window, profile)
        })
    }

    /// The first sign-in with a forgotten password after `time`, within the horizon.
    #[inline]
    pub fn forgotten_after(&mut self, time: SimTime, profile: &Profile) -> SimTime {
        self.forgotten.after(time, &self.window, profile)
    }
}

impl Timeline {
    #[inline]
    fn after(&mut self, time: SimTime, window: &ZoneTime, profile: &Profile) -> SimTime {
        match self.times.last() {
            Some(last) if *last > time => match self.times.as_slice() {
                [only] => *only,
                times => times[times.partition_point(|at| *at <= time)],
            },
            _ => self.work_out(time, window, profile),
        }
    }

    /// The gap to the next sign-in.
    fn next_gap(&mut self) -> Exponential {
        let draw = &mut self.draw;
        *self.gap.get_or_insert_with(|| Exponential::draw(draw))
    }

    /// Whether there is a sign-in between the start and the horizon; mostly seen without working out when.
    fn has_any(&mut self, horizon: SimTime, window: &ZoneTime, profile: &Profile) -> bool {
        if self.times.is_empty() && self.gap_days < f64::INFINITY {
            let gap = self.next_gap();
            if window.start + gap.above() * self.gap_days >= window.end {
                return false;
            }
            // Surely before the horizon, and surely not at the very start.
            if window.start + gap.below() * self.gap_days < window.end - SURELY_DAYS
                && gap.above() * self.gap_days > SURELY_DAYS
            {
                return true;
            }
        }
        self.after(SimTime::START, window, profile) < horizon
    }

    /// Draws sign-ins until one lies after `time`.
    fn work_out(&mut self, time: SimTime, window: &ZoneTime, profile: &Profile) -> SimTime {
        if self.gap_days == f64::INFINITY {
            return SimTime::NEVER;
        }
        loop {
            let gap = self.next_gap();
            self.gap = None;
            let soonest = self.operational + gap.above() * self.gap_days;
            self.operational = if soonest < window.end {
                self.operational + gap.value() * self.gap_days
            } else {
                soonest
            };
            let at = if self.operational < window.end {
                SimTime(profile.real(self.operational) - window.start_ms)
            } else {
                SimTime::NEVER
            };
            self.times.push(at);
            if at > time {
                return at;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::WEEK_H;

    /// The share of accounts seen by day t follows `1 - exp(-rate t)` for one rate, and asking in any order gives the
    /// same times.
    #[test]
    fn habits_are_poisson_and_do_not_depend_on_who_asks() {
        let mut weights = [0.2; WEEK_H];
        (0..7).for_each(|day| (8..22).for_each(|hour| weights[day * 24 + hour] = 2.0));
        let profile = Profile::new(weights);
        let window = ZoneTime::new(&profile, 5, SimTime::from_days(70.0), 0.0);
        let account = Account::of_habit(0.05);
        let (mut seen, accounts) = ([0.0; 10], 40_000);
        for number in 0..accounts {
            let mut habit = Habit::default();
            habit.start(Seed::new(1, 0), number, &account, (0.03, Exponential::default()), window);
            let mut again = habit.clone();
            let late = again.remembered_after(SimTime::from_days(30.0), &profile);
            let first = habit.remembered_after(SimTime::START, &profile);
            assert_eq!(first, again.remembered_after(SimTime::START, &profile));
            assert_eq!(late, habit.remembered_after(SimTime::from_days(30.0), &profile));
            (0..10).for_each(|week| seen[week] += f64::from(first <= SimTime::from_days(7.0 * (week + 1) as f64)));
        }
        for (week, seen) in seen.iter().enumerate() {
            let expected = 1.0 - (-0.05_f64 * 0.97 * 7.0 * (week + 1) as f64).exp();
            let error = (expected * (1.0 - expected) / accounts as f64).sqrt();
            assert!((seen / accounts as f64 - expected).abs() < 4.5 * error);
        }
    }

    /// Whether somebody appears at all is what the times say, whoever asks first.
    #[test]
    fn who_appears_is_seen_without_the_times() {
        let mut weights = [0.0; WEEK_H];
        (0..5).for_each(|day| (9..17).for_each(|hour| weights[day * 24 + hour] = 1.0));
        let (profile, horizon) = (Profile::new(weights), SimTime::from_days(30.0));
        let window = ZoneTime::new(&profile, 9, horizon, -8.0);
        let (mut appear, accounts) = (0, 20_000);
        for number in 0..accounts {
            let account = Account::of_habit(10.0_f64.powf(-(number as f64) / 4000.0));
            let mut luck = Seed::new(2, 0).draw(number, Purpose::Rollout, 0);
            let mut habit = Habit::default();
            habit.start(Seed::new(1, 0), number, &account, (0.3, Exponential::draw(&mut luck)), window);
            let mut again = habit.clone();
            let times = again.remembered_after(SimTime::START, &profile) < horizon
                || again.forgotten_after(SimTime::START, &profile) < horizon;
            assert_eq!(habit.has_any(horizon, &profile), times, "{number}");
            assert_eq!(again.has_any(horizon, &profile), times, "{number}");
            assert_eq!(
                habit.remembered_after(SimTime::START, &profile),
                again.remembered_after(SimTime::START, &profile)
            );
            appear += usize::from(times);
        }
        assert!((2000..18_000).contains(&appear), "{appear}");
    }
}
