//! Rules: what decides about a call that cannot be taken at once, and about who comes again.

use crate::calendar::HOUR_MS;
use crate::scenario::Scenario;
use crate::scenario::desk::Phone;

/// What decides about a call that cannot be taken at once, and about who comes again.
#[derive(Clone, Debug)]
pub struct Rules {
    pub phone: Phone,
    pub announces: bool,
    /// The number waiting must be known exactly at any time.
    pub exact: bool,
    pub returns: bool,
    pub redial_share: f64,
    pub redial_mean_ms: f64,
    pub redial_limit: u64,
    pub resolved_share: f64,
    pub repeat_mean_ms: f64,
}

impl Rules {
    pub fn new(scenario: &Scenario) -> Self {
        let (phone, baseline) = (scenario.desk.phone.clone(), &scenario.desk.baseline);
        let announces = phone.balk_share.get() > 0.0 || phone.call_back.accepts_share.get() > 0.0;
        let (redial_share, resolved_share) = (baseline.redial_share.get(), baseline.resolved_share.get());
        Self {
            announces,
            exact: announces || phone.lines.get() > 0,
            returns: redial_share > 0.0 || resolved_share < 1.0,
            redial_share,
            redial_mean_ms: baseline.redial_mean_min.get() * 60_000.0,
            redial_limit: baseline.redial_limit.get(),
            resolved_share,
            repeat_mean_ms: baseline.repeat_mean_h.get() * HOUR_MS as f64,
            phone,
        }
    }
}
