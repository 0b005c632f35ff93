//! What a command will take is told before it begins, if it is much; what cannot fit is refused.

use crate::engine::forecast::Forecast;
use crate::error::{Error, Result};
use crate::process;

/// What takes less than this is not worth a word.
const MUCH_BYTES: f64 = 2e9;
/// The same of time, in seconds.
const LONG_S: f64 = 600.0;
/// By so much the forecast may be too high.
const ERROR: f64 = 2.0;

/// Tells what is to come if it is much.
///
/// # Errors
///
/// [`Error::Input`] if even half of the memory is more than there is.
pub(super) fn tell(forecast: &Forecast) -> Result<()> {
    let (told, fits) = sentence(forecast, process::available_bytes());
    if fits {
        if let Some(told) = told {
            super::say(&format!("{told}\n"));
        }
        Ok(())
    } else {
        Err(Error::Input(format!("{}; nothing was run.", told.unwrap_or_default())))
    }
}

/// What is said, if anything, and whether it may fit into so many bytes.
fn sentence(forecast: &Forecast, available: Option<u64>) -> (Option<String>, bool) {
    let bytes = forecast.bytes();
    let available = available.map(|bytes| bytes as f64);
    let most = forecast
        .most()
        .map_or(String::new(), |part| format!(", {} of it for {}", size(part.bytes), part.what));
    let needs = format!("about {} of memory{most}", size(bytes));
    if let Some(there) = available.filter(|there| bytes / ERROR > *there) {
        let advice = "take fewer accounts, replications, strategies, days or contacts, or more memory";
        return (Some(format!("this would need {needs}; there are {}: {advice}", size(there))), false);
    }
    let much = bytes >= MUCH_BYTES || available.is_some_and(|there| bytes > there);
    let there = match available {
        Some(there) if bytes > there => format!(" (there are {}: it may not fit)", size(there)),
        _ => String::new(),
    };
    let told = match (much, forecast.seconds >= LONG_S) {
        (false, false) => return (None, true),
        (true, false) => format!("this will need {needs}{there}"),
        (false, true) => format!("this will take about {}", time(forecast.seconds)),
        (true, true) => format!("this will take about {} and {needs}{there}", time(forecast.seconds)),
    };
    (Some(format!("warning: {told}")), true)
}

fn size(bytes: f64) -> String {
    match bytes {
        ..1e9 => format!("{:.0} MB", bytes / 1e6),
        1e9..10e9 => format!("{:.1} GB", bytes / 1e9),
        10e9..1e13 => format!("{} GB", crate::numbers::grouped((bytes / 1e9).round())),
        _ => format!("{} TB", crate::numbers::grouped((bytes / 1e12).round())),
    }
}

fn time(seconds: f64) -> String {
    let in_units = |unit: f64, name: &str| {
        let count = (seconds / unit).round();
        format!("{} {name}{}", crate::numbers::grouped(count), if count == 1.0 { "" } else { "s" })
    };
    match seconds {
        ..5400.0 => in_units(60.0, "minute"),
        5400.0..172_800.0 => in_units(3600.0, "hour"),
        172_800.0..6.3e7 => in_units(86_400.0, "day"),
        _ => in_units(31_557_600.0, "year"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::forecast::Part;

    fn forecast(bytes: f64, seconds: f64) -> Forecast {
        let part = Part { what: "the accounts".to_owned(), bytes };
        Forecast { memory: vec![part], seconds }
    }

    #[test]
    fn little_is_not_worth_a_word_much_is_told_and_too_much_is_refused() {
        let there = Some(8_000_000_000);
        assert_eq!(sentence(&forecast(1e8, 5.0), there), (None, true));
        let (told, fits) = sentence(&forecast(1e8, 10_000.0), there);
        assert_eq!((told.as_deref(), fits), (Some("warning: this will take about 3 hours"), true));
        let (told, fits) = sentence(&forecast(3e9, 700.0), there);
        let wanted =
            "warning: this will take about 12 minutes and about 3.1 GB of memory, 3.0 GB of it for the accounts";
        assert_eq!((told.as_deref(), fits), (Some(wanted), true));
        let (told, fits) = sentence(&forecast(12e9, 5.0), there);
        assert!(fits && told.is_some_and(|told| told.ends_with("(there are 8.0 GB: it may not fit)")));
        let (told, fits) = sentence(&forecast(17e9, 5.0), there);
        assert!(
            !fits && told.is_some_and(|told| told.starts_with("this would need about 17 GB of memory, 17 GB of it"))
        );
        assert!(sentence(&forecast(1e15, 5.0), None).1, "where the system does not tell, it is tried");
    }
}
