//! What all journeys of a replication have in common.

use super::habit::ZoneTime;
use crate::calendar::{Calendar, Profile, SimTime, Span};
use crate::desk::baseline;
use crate::desk::durations::Sampler;
use crate::desk::opening::OpenHours;
use crate::desk::staffing::Staffing;
use crate::random::Seed;
use crate::scenario::Scenario;
use crate::scenario::behaviour::Behaviour;
use crate::scenario::desk::Checks;
use crate::scenario::population::Providers;
use crate::scenario::target::Target;
use crate::scenario::threat::Threat;
use crate::strategy::controls::Controls;
use crate::terms::{CHANNELS, Channel};

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
    pub zones: Vec<ZoneTime>,
    /// Human behaviour.
    pub behaviour: Behaviour,
    /// Attackers.
    pub threat: Threat,
    /// The new platform.
    pub target: Target,
    /// Fraud monitoring of the legacy platform: share of takeovers detected, and mean hours until then.
    pub legacy_monitoring: (f64, f64),
    /// Identity checks of the desk.
    pub checks: Checks,
    /// Social providers.
    pub providers: Providers,
    /// Segments.
    pub segments: Vec<SegmentWorld>,
    /// How contacts of customers are handled.
    pub contacts: Contacts,
    /// When calls and when chats are taken.
    pub open: [OpenHours; 2],
    /// Hazard of leaving without any migration, per millisecond.
    pub attrition_per_ms: f64,
    /// Hazard of an impostor's call per account, per millisecond.
    pub impostor_per_ms: f64,
    /// Hazard of a stuffing attempt per leaked password, per millisecond.
    pub stuffing_per_ms: f64,
    /// Mean days until whoever planted a contact point comes back.
    pub returns_mean_days: f64,
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
    /// Handle time of a chat.
    pub chat: Sampler,
    /// Handle time of a caller who is passed on to the second line.
    pub proofing: Sampler,
    /// Patience, by channel.
    pub patience: [Option<Sampler>; CHANNELS],
    /// After-contact work, by channel.
    pub after_work: [Option<Sampler>; CHANNELS],
    /// Whether callers need luck of their own at the desk.
    pub lucky: bool,
    /// Chance that the review team turns a genuine customer down, on a complete record and on an incomplete one.
    pub review_false_reject: [f64; 2],
    /// Chance that it takes somebody else for the customer, on a complete record and on an incomplete one.
    pub review_false_accept: [f64; 2],
}

/// Share of takeovers that controls detect, and mean hours until then.
pub(super) fn monitoring(controls: &Controls) -> (f64, f64) {
    (controls.fraud_detection_share.get(), controls.fraud_detection_h.get())
}

/// A year in milliseconds.
pub(super) const YEAR_MS: f64 = 365.25 * 86_400_000.0;

impl World {
    /// The world of one replication of a scenario.
    pub fn new(scenario: &Scenario, seed: Seed) -> Self {
        let behaviour = scenario.journey.clone();
        let threat = scenario.threat.clone();
        let (desk, staffing) = (&scenario.desk, Staffing::new(scenario));
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
        let on_record =
            |share: f64| [1.0, desk.review.incomplete_factor.get()].map(|factor: f64| (share * factor).min(1.0));
        let window = |offset_h| ZoneTime::new(&sign_in_hours, start_hour, scenario.horizon(), offset_h);
        Self {
            seed,
            horizon: scenario.horizon(),
            calendar: scenario.calendar(),
            zones: offsets.into_iter().map(window).collect(),
            sign_in_hours,
            attrition_per_ms: behaviour.frustration.attrition_per_year.get() / YEAR_MS,
            impostor_per_ms: threat.desk_attempts_per_100k_accounts_per_month.get() / 1e5 / (30.0 * 86_400_000.0),
            stuffing_per_ms: threat.stuffing_per_year.get() / YEAR_MS,
            returns_mean_days: scenario.population.trouble.planted.returns_mean_days.get(),
            session: Span::from_hours(behaviour.sign_in.session_days.get() * 24.0),
            behaviour,
            threat,
            target: scenario.target.clone(),
            legacy_monitoring: monitoring(&Controls::default()),
            checks: desk.checks.clone(),
            providers: scenario.population.providers.clone(),
            segments,
            open: [Channel::Phone, Channel::Chat].map(|channel| OpenHours::new(scenario, &staffing, channel)),
            contacts: Contacts {
                access: Sampler::new(&desk.handle_time.access),
                takeover: Sampler::new(&desk.handle_time.takeover),
                chat: Sampler::new(&desk.handle_time.chat),
                email: Sampler::new(&desk.handle_time.email),
                proofing: Sampler::new(&desk.handle_time.proofing),
                review: Sampler::new(&desk.handle_time.review),
                patience: Channel::ALL.map(|channel| Sampler::patience(baseline::patience(scenario, channel))),
                after_work: Channel::ALL.map(|channel| baseline::after_work(scenario, channel)),
                lucky: desk.phone.balk_share.get() > 0.0 || desk.phone.call_back.accepts_share.get() > 0.0,
                review_false_reject: on_record(desk.review.false_reject_share.get()),
                review_false_accept: on_record(desk.review.false_accept_share.get()),
            },
        }
    }

    /// When a channel is next open: now, or at the beginning of an opening hour; `None` if never.
    pub fn opens(&self, channel: Channel, now: SimTime) -> Option<SimTime> {
        match channel {
            Channel::Phone => self.open[0].next(now),
            Channel::Chat => self.open[1].next(now),
            Channel::Email | Channel::Proofing | Channel::Review => Some(now),
        }
    }
}
