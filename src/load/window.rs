//! The window: which hour of the migration is played.

use jiff::civil::DateTime;
use jiff::{SignedDuration, Span, SpanRelativeTo};

use super::request;
use super::rush::Rush;
use super::sequence::Sequence;
use crate::calendar::{Calendar, HOUR_MS, SimTime};
use crate::engine::operations::ArmOperations;
use crate::error::{Error, Result};
use crate::watch::Watch;

/// Which window is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// The hour in which customers, agents and attackers ask most of the store; the rollout's batch jobs do not decide.
    PeakHour,
    /// From a date and time on, for so many milliseconds.
    From(DateTime, i64),
}

const ALLOWED: &str = "expected peak-hour, or start/length as in 2026-03-02T18:00/PT2H";

impl Window {
    /// Reads `peak-hour` or `2026-03-02T18:00/PT2H`.
    ///
    /// # Errors
    ///
    /// If it is neither.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text == "peak-hour" {
            return Ok(Self::PeakHour);
        }
        let wrong = |what: String| format!("{what}: {ALLOWED}");
        let (start, length) = text.split_once('/').ok_or_else(|| wrong(format!("'{text}' is not a window")))?;
        let start: DateTime = start.parse().map_err(|error| wrong(format!("{start} is no date and time ({error})")))?;
        let span: Span = length.parse().map_err(|error| wrong(format!("{length} is no length ({error})")))?;
        let length = span
            .to_duration(SpanRelativeTo::days_are_24_hours())
            .map_err(|error| wrong(format!("{length} is no length ({error})")))?;
        let length_ms = i64::try_from(length.as_millis()).unwrap_or(0);
        if length_ms < 1 {
            return Err(wrong(format!("{length} is not above 0")));
        }
        Ok(Self::From(start, length_ms))
    }

    /// Where the window begins in simulated time, and how many milliseconds it is long.
    ///
    /// # Errors
    ///
    /// If it does not lie within the simulated time.
    fn place(self, calendar: &Calendar, hours: usize, rush: &Rush) -> Result<(SimTime, i64)> {
        let (start, length_ms) = match self {
            Self::PeakHour => (SimTime(rush.peak_hour() as i64 * HOUR_MS), HOUR_MS),
            Self::From(start, length_ms) => {
                let zero = calendar.civil(SimTime::START);
                let since: SignedDuration = start.duration_since(zero);
                (SimTime(i64::try_from(since.as_millis()).unwrap_or(i64::MAX)), length_ms)
            }
        };
        let end = SimTime(hours as i64 * HOUR_MS);
        if start < SimTime::START || start.0.saturating_add(length_ms) > end.0 {
            return Err(Error::Input(format!(
                "--window: the simulation lasts from {} to {}, and the window must lie within",
                calendar.iso(SimTime::START),
                calendar.iso(end)
            )));
        }
        Ok((start, length_ms))
    }
}

/// A window that was found, and its requests.
#[derive(Debug)]
pub struct FoundWindow {
    /// When batch jobs ran.
    pub rush: Rush,
    /// The requests.
    pub sequence: Sequence,
}

/// Finds the window in the operations and puts its requests in order.
///
/// # Errors
///
/// If it is empty, or does not lie within the simulated time.
pub fn find(
    operations: &ArmOperations,
    window: Window,
    calendar: &Calendar,
    hours: usize,
    watch: &dyn Watch,
) -> Result<FoundWindow> {
    watch.begin("looking for the window", operations.accounts());
    let noted = operations.visit(watch, |rush: &mut Rush, _, _, dossier| {
        request::drafts(dossier).for_each(|draft| rush.note(draft.at, draft.may_be_batch()));
        Ok(())
    })?;
    let rush = noted.into_iter().fold(Rush::default(), Rush::merge).settled();
    let (start, length_ms) = window.place(calendar, hours, &rush)?;

    watch.begin("gathering its requests", operations.accounts());
    let end = SimTime(start.0 + length_ms);
    let parts = operations.visit(watch, |parts: &mut Vec<_>, unit, _, dossier| {
        let timed = request::timed(dossier, &rush);
        let inside = timed.iter().filter(|(at, _)| (start..end).contains(at));
        parts.extend(inside.map(|(at, draft)| (draft.account, *at, unit.accounts.len() == 1, draft.deeds())));
        Ok(())
    })?;
    watch.end();
    let sequence = Sequence::new(start, length_ms, operations.accounts(), parts.into_iter().flatten().collect())?;
    Ok(FoundWindow { rush, sequence })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_read_and_refused() {
        let start = "2026-03-02T18:00".parse().expect("a date");
        assert_eq!(Window::parse("2026-03-02T18:00/PT2H").expect("valid"), Window::From(start, 2 * HOUR_MS));
        assert_eq!(Window::parse("2026-03-02T18:00/P1D").expect("valid"), Window::From(start, 24 * HOUR_MS));
        assert_eq!(Window::parse("peak-hour").expect("valid"), Window::PeakHour);
        for wrong in [
            "peak",
            "2026-03-02T18:00",
            "2026-13-02T18:00/PT1H",
            "2026-03-02T18:00/1 elephant",
            "2026-03-02T18:00/PT0S",
        ] {
            let said = Window::parse(wrong).expect_err(wrong);
            assert!(said.contains("PT2H"), "{said}");
        }
    }
}
