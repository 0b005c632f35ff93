//! What all journeys of a replication have in common.

use super::habit::Window;
use crate::calendar::{Calendar, HOUR_MS, Profile, SimTime, Span, WEEK_H};
use crate::desk::durations::Sampler;
use crate::random::Seed;
use crate::scenario::Scenario;
use crate::scenario::behaviour::Behaviour;
use crate::scenario::desk::Checks;
use crate::scenario::population::Providers;
use crate::scenario::threat::Threat;

/// A scenario made ready for journeys: limits, behaviour, distributions. The same for every strategy.
#[derive(Clone, Debug)]
pub struct World {
    /// Seed of the replication.
    pub seed: Seed,
    /// End of simulated time.
    pub horizon: SimTime,
    /// The civil calendar.
    pub calendar: Calendar,
    /// When in the week people sign in.
    pub sign_in_hours: Profile,
    /// Simulated time on the bent axis of each time zone.
    pub zones: Vec<Window>,
    /// Human behaviour.
    pub behaviour: Behaviour,
    /// Attackers.
    pub threat: Threat,
    /// Identity checks of the desk.
    pub checks: Checks,
    /// Social providers.
    pub providers: Providers,
    /// Segments.
    pub segments: Vec<SegmentWorld>,
    /// How contacts of customers are handled.
    pub contacts: Contacts,
    /// Hours of the week in which somebody answers the phone.
    pub phone_open: [bool; WEEK_H],
    /// Hazard of leaving without any migration, per millisecond.
    pub attrition_per_ms: f64,
    /// Hazard of an impostor's call per account, per millisecond.
    pub impostor_per_ms: f64,
    /// Hazard of a stuffing attempt per leaked password, per millisecond.
    pub stuffing_per_ms: f64,
    /// Lifetime of a session after the last sign-in.
    pub session: Span,
}

/// What journeys need of a segment.
#[derive(Clone, Copy, Debug)]
pub struct SegmentWorld {
    /// Share that acts on campaign mail.
    pub responds_share: f64,
    /// Hazard of leaving per point of frustration.
    pub leaving_per_point: f64,
}

/// Distributions of contacts.
#[derive(Clone, Debug)]
pub struct Contacts {
    /// Handle time of a call about access.
    pub access: Sampler,
    /// Handle time of a call about a takeover.
    pub takeover: Sampler,
    /// Handle time of a review case.
    pub review: Sampler,
    /// Handle time of an e-mail.
    pub email: Sampler,
    /// Patience of callers.
    pub phone_patience: Option<Sampler>,
    /// Patience of writers.
    pub email_patience: Option<Sampler>,
    /// Chance that the review team turns a genuine customer down.
    pub review_false_reject: f64,
}

const YEAR_MS: f64 = 365.25 * 86_400_000.0;

impl World {
    /// The world of one replication of a scenario.
    pub fn new(scenario: &Scenario, seed: Seed) -> Self {
        let behaviour = scenario.journey.clone();
        let threat = scenario.threat.clone();
        let desk = &scenario.desk;
        let segments = scenario
            .segments()
            .iter()
            .map(|segment| SegmentWorld {
                responds_share: segment.responds_share,
                leaving_per_point: behaviour.frustration.leaving_per_point.get() / segment.attachment,
            })
            .collect();
        let sign_in_hours = Profile::new(scenario.population.sign_in_hours.hours());
        let offsets: Vec<f64> = match scenario.population.time_zones.as_slice() {
            [] => vec![0.0],
            zones => zones.iter().map(|zone| zone.offset_h.get()).collect(),
        };
        let start_hour = scenario.calendar().start_hour();
        let window = |offset_h| Window::new(&sign_in_hours, start_hour, scenario.horizon(), offset_h);
        Self {
            seed,
            horizon: scenario.horizon(),
            calendar: scenario.calendar(),
            zones: offsets.into_iter().map(window).collect(),
            sign_in_hours,
            attrition_per_ms: behaviour.frustration.attrition_per_year.get() / YEAR_MS,
            impostor_per_ms: threat.desk_attempts_per_100k_accounts_per_month.get() / 1e5 / (30.0 * 86_400_000.0),
            stuffing_per_ms: threat.stuffing_per_year.get() / YEAR_MS,
            session: Span::from_hours(behaviour.sign_in.session_days.get() * 24.0),
            behaviour,
            threat,
            checks: desk.checks.clone(),
            providers: scenario.population.providers.clone(),
            segments,
            phone_open: desk.tier1.agents.hours().map(|agents| agents > 0.0),
            contacts: Contacts {
                access: Sampler::new(desk.handle_time.access),
                takeover: Sampler::new(desk.handle_time.takeover),
                review: Sampler::new(desk.handle_time.review),
                email: Sampler::new(desk.handle_time.email),
                phone_patience: Sampler::patience(desk.phone.patience),
                email_patience: Sampler::patience(desk.email.patience),
                review_false_reject: desk.review.false_reject_share.get(),
            },
        }
    }

    /// When the phone is next answered: now, or at the beginning of an opening hour; `None` if never.
    pub fn phone_opens(&self, now: SimTime) -> Option<SimTime> {
        let open = |hour: usize| self.phone_open[self.calendar.hour_of_week(hour)];
        let hour = now.hour();
        if open(hour) {
            return Some(now);
        }
        let ahead = (1..WEEK_H).find(|ahead| open(hour + ahead))?;
        Some(SimTime((hour + ahead) as i64 * HOUR_MS))
    }
}
