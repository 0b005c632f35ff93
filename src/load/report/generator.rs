//! Generator: whether the harness was fast enough for its measurements to be about the store.

use crate::load::tally::LoadTally;
use crate::numbers::{grouped, micros};

/// Lateness of the harness that is always forgiven, in microseconds.
const FORGIVEN_US: u64 = 1_000;
/// Share of the latency that its own lateness may be.
const FORGIVEN_SHARE: f64 = 0.1;
/// Share of the requests asked for that must have been sent in time.
const SENT_SHARE: f64 = 0.99;

/// Why the harness was fast enough; why it was not, as an error.
pub(super) fn generator(tally: &LoadTally<'_>, asked: Option<u64>) -> Result<String, String> {
    let Some(asked) = asked else {
        return Ok("A closed loop sends when it is answered, and cannot be late.".to_owned());
    };
    let sent = tally.sent_in_time;
    let [late, latency] = [&tally.lateness, &tally.all.latency].map(|of| of.value_at_quantile(0.99));
    let bound = ((FORGIVEN_SHARE * latency as f64) as u64).max(FORGIVEN_US);
    let figures = format!(
        "99 % of the requests were sent within {} of when they were due (allowed: {}), and {} of {} in time (needed: 99 %)",
        micros(late as f64),
        micros(bound as f64),
        grouped(sent as f64),
        grouped(asked as f64)
    );
    // What was broken off because too many waited has not been sent for that reason.
    let is_short = tally.broken_off_us().is_none() && (sent as f64) < SENT_SHARE * asked as f64;
    if late > bound || is_short {
        Err(format!("The harness was too slow: {figures}."))
    } else {
        Ok(format!("The harness kept up: {figures}."))
    }
}
