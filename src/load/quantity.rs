//! Quantities as they are written on the command line: `60s`, `10ms`, `20000/s`, `60x`.

use super::pace::Pace;

/// A length of time in microseconds: a number and `us`, `ms`, `s`, `min` or `h`.
///
/// # Errors
///
/// What is wrong and what is allowed.
pub fn duration_us(text: &str) -> Result<u64, String> {
    let wrong = || {
        format!(
            "'{text}' is not a length of time: expected a number above 0 with us, ms, s, min or h, at most a year, as in 10ms or 60s"
        )
    };
    let unit_at = text.find(|c: char| c.is_ascii_alphabetic()).ok_or_else(wrong)?;
    let (number, unit) = text.split_at(unit_at);
    let per_unit_us = match unit {
        "us" => 1.0,
        "ms" => 1e3,
        "s" => 1e6,
        "min" => 60e6,
        "h" => 3600e6,
        _ => return Err(wrong()),
    };
    match number.trim().parse::<f64>() {
        // At most a year.
        Ok(value) if value > 0.0 && value * per_unit_us < 3.2e13 => Ok((value * per_unit_us).round().max(1.0) as u64),
        _ => Err(wrong()),
    }
}

/// The same, or nothing: `0s`.
///
/// # Errors
///
/// What is wrong and what is allowed.
pub fn span_us(text: &str) -> Result<u64, String> {
    match text {
        "0" | "0s" => Ok(0),
        text => duration_us(text),
    }
}

/// The fastest rate that can be asked for, in requests per second.
const FASTEST: f64 = 1e7;

/// A number of requests per second: `20000/s`, or without the `/s`.
///
/// # Errors
///
/// What is wrong and what is allowed.
pub fn rate(text: &str) -> Result<f64, String> {
    let number = text.trim().trim_end_matches("/s").trim().replace('_', "");
    match number.parse::<f64>() {
        Ok(rate) if rate > 0.0 && rate <= FASTEST => Ok(rate),
        _ => Err(format!(
            "'{text}' is not a rate: expected requests per second above 0, at most 10 million, as in 20000/s"
        )),
    }
}

/// How many times faster than life: `60x`.
///
/// # Errors
///
/// What is wrong and what is allowed.
pub fn speed(text: &str) -> Result<f64, String> {
    match text.trim().trim_end_matches('x').parse::<f64>() {
        Ok(speed) if speed > 0.0 && speed <= 1e9 => Ok(speed),
        _ => Err(format!("'{text}' is not a speed: expected how many times faster than life, as in 60x")),
    }
}

/// From one rate to another: `1000..40000/s`.
///
/// # Errors
///
/// What is wrong and what is allowed.
pub fn ramp(text: &str) -> Result<Pace, String> {
    match text.split_once("..") {
        Some((from, to)) => Ok(Pace::Ramp { from: rate(from)?, to: rate(to)? }),
        None => Err(format!("'{text}' is not a ramp: expected two rates, as in 1000..40000/s")),
    }
}

/// One rate after the other: `1000,5000,20000/s`.
///
/// # Errors
///
/// What is wrong and what is allowed.
pub fn steps(text: &str) -> Result<Pace, String> {
    text.split(',').map(rate).collect::<Result<_, _>>().map(Pace::Steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_and_refused() {
        assert_eq!(
            (duration_us("10ms"), duration_us("1.5s"), duration_us("2min")),
            (Ok(10_000), Ok(1_500_000), Ok(120_000_000))
        );
        for wrong in ["", "10", "ms", "-1s", "0s", "10 parsecs", "1e99s", "nans"] {
            assert!(duration_us(wrong).is_err_and(|said| said.contains("10ms")), "{wrong}");
        }
        assert_eq!((rate("20000/s"), rate("20_000"), speed("60x")), (Ok(20_000.0), Ok(20_000.0), Ok(60.0)));
        assert_eq!(ramp("1000..40000/s"), Ok(Pace::Ramp { from: 1_000.0, to: 40_000.0 }));
        assert_eq!(steps("1000,5000/s"), Ok(Pace::Steps(vec![1_000.0, 5_000.0])));
        assert!(ramp("1000").is_err() && ramp("0..5").is_err() && steps("1,,2").is_err());
        for wrong in ["", "0/s", "-5", "NaN", "inf", "1e99", "fast"] {
            assert!(rate(wrong).is_err() && speed(wrong).is_err(), "{wrong}");
        }
    }
}
