//! Numbers as people read them.

/// `1,234,567`.
pub fn grouped(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if value < 0.0 && digits != "0" {
        format!("−{text}")
    } else {
        text
    }
}

/// `+1,234` or `−1,234`.
pub fn signed(value: f64) -> String {
    match grouped(value) {
        text if text.starts_with('−') || text == "0" => text,
        text => format!("+{text}"),
    }
}

/// Cents as whole units of money, with thousands separated; small sums keep their cents.
pub fn money(cents: f64) -> String {
    let units = cents / 100.0;
    let text = match units.abs() {
        x if x < 100.0 => format!("{:.2}", units.abs()),
        _ => grouped(units.abs()),
    };
    if units < 0.0 && !text.trim_matches(['0', '.']).is_empty() {
        format!("−{text}")
    } else {
        text
    }
}

/// A share as a percentage with a sensible number of digits.
pub fn percent(share: f64) -> String {
    let text = match (share * 100.0).abs() {
        0.0 => "0".to_owned(),
        x if x < 0.1 => format!("{:.3}", share * 100.0),
        x if x < 10.0 => format!("{:.1}", share * 100.0),
        _ => format!("{:.0}", share * 100.0),
    };
    minus(text) + " %"
}

/// A stated share, without digits that nobody stated: `80 %`, `2.5 %`.
pub fn stated_percent(share: f64) -> String {
    percent(share).replace(".0 %", " %")
}

/// A change as a whole percentage: `+5 %`, `−23 %`, `0 %`.
pub fn change(share: f64) -> String {
    signed(100.0 * share) + " %"
}

/// A formatted number with a true minus sign, and without a sign where nothing is left of the number.
fn minus(text: String) -> String {
    match text.strip_prefix('-') {
        Some(zero) if zero.chars().all(|c| matches!(c, '0' | '.')) => zero.to_owned(),
        Some(digits) => format!("−{digits}"),
        None => text,
    }
}

/// A value with the half-width of its interval, told to the digits that the interval leaves: `3.735 ± 0.021`.
///
/// Without an interval three digits are told; a value without spread is told alone.
pub fn measured(value: f64, ci95: Option<[f64; 2]>) -> String {
    let half = ci95.map_or(0.0, |[low, high]| (high - low) / 2.0);
    let leading = if half > 0.0 { half } else { value.abs().max(1e-9) };
    let kept = if half > 0.0 { 1 } else { 2 };
    let decimals = (kept - leading.log10().floor() as i32).clamp(0, 5) as usize;
    if half > 0.0 {
        format!("{} ± {half:.decimals$}", minus(format!("{value:.decimals$}")))
    } else if value == 0.0 {
        "0".to_owned()
    } else {
        minus(format!("{value:.decimals$}"))
    }
}

/// Seconds as people say them: `45 s`, `3.5 min`, `6.2 h`, `2.1 d`.
pub fn seconds(value: f64) -> String {
    match value {
        x if x < 10.0 => format!("{x:.1} s"),
        x if x < 120.0 => format!("{x:.0} s"),
        x if x < 7_200.0 => format!("{:.1} min", x / 60.0),
        x if x < 172_800.0 => format!("{:.1} h", x / 3_600.0),
        x => format!("{:.1} d", x / 86_400.0),
    }
}

/// A stated limit of time, without digits that nobody stated: `20 s`, `24 h`, `2 d`.
pub fn within(seconds: f64) -> String {
    let (unit, per) = match seconds {
        x if x < 120.0 => ("s", 1.0),
        x if x < 7_200.0 => ("min", 60.0),
        x if x < 172_800.0 => ("h", 3_600.0),
        _ => ("d", 86_400.0),
    };
    format!("{} {unit}", (seconds / per * 100.0).round() / 100.0)
}

/// Microseconds as people say them, to three digits: `850 µs`, `1.24 ms`, `12.4 s`, `6.2 min`.
pub fn micros(value: f64) -> String {
    let digits = |value: f64| match value {
        x if x < 9.995 => format!("{x:.2}"),
        x if x < 99.95 => format!("{x:.1}"),
        x => format!("{x:.0}"),
    };
    match value {
        x if x < 999.5 => format!("{x:.0} µs"),
        x if x < 999_500.0 => digits(x / 1e3) + " ms",
        x if x < 120e6 => digits(x / 1e6) + " s",
        x => seconds(x / 1e6),
    }
}

/// Bytes as people say them: `512 B`, `3.4 MiB`, `120 GiB`.
pub fn bytes(value: f64) -> String {
    let mut value = value;
    for unit in ["B", "KiB", "MiB", "GiB"] {
        if value < 1_023.5 {
            return if value < 99.95 && unit != "B" {
                format!("{value:.1} {unit}")
            } else {
                format!("{value:.0} {unit}")
            };
        }
        value /= 1_024.0;
    }
    format!("{value:.1} TiB")
}

/// A number for an axis: `1.2M`, `45k`, `300`.
pub fn short(value: f64) -> String {
    let trim = |text: String| minus(text.trim_end_matches(".0").to_owned());
    match value.abs() {
        x if x >= 1e9 => trim(format!("{:.1}", value / 1e9)) + "G",
        x if x >= 1e6 => trim(format!("{:.1}", value / 1e6)) + "M",
        x if x >= 1e3 => trim(format!("{:.1}", value / 1e3)) + "k",
        x if x >= 10.0 || x == 0.0 => minus(format!("{value:.0}")),
        x if x >= 0.1 => trim(format!("{value:.1}")),
        _ => minus(format!("{value:.3}")),
    }
}

/// Numbers for the ticks of one axis: all in the same unit, with as many digits as tell each from the next one.
pub fn steps(ticks: &[f64]) -> Vec<String> {
    let largest = ticks.iter().fold(0.0, |most: f64, tick| most.max(tick.abs()));
    let (per, unit) = match largest {
        x if x >= 1e9 => (1e9, "G"),
        x if x >= 1e6 => (1e6, "M"),
        x if x >= 1e4 => (1e3, "k"),
        _ => (1.0, ""),
    };
    let apart = ticks.windows(2).map(|pair| (pair[1] - pair[0]).abs()).filter(|step| *step > 0.0);
    let step = apart.fold(f64::INFINITY, f64::min);
    if step == f64::INFINITY {
        return ticks.iter().map(|tick| short(*tick)).collect();
    }
    // A step is 1, 2 or 5 of something: its first digit is the last one that is needed.
    let decimals = (-(step / per).log10() - 1e-6).ceil().clamp(0.0, 9.0) as usize;
    let told = |tick: &f64| match tick.abs() {
        x if x < step / 2.0 => "0".to_owned(),
        _ if unit.is_empty() && decimals == 0 => grouped(*tick),
        _ => minus(format!("{:.decimals$}", tick / per)) + unit,
    };
    ticks.iter().map(told).collect()
}

/// Rounded to six decimals, so that files do not carry the noise of the last bits.
pub fn tidy(value: f64) -> f64 {
    let rounded = (value * 1e6).round() / 1e6;
    if rounded == 0.0 { 0.0 } else { rounded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(grouped(1_234_567.4), "1,234,567");
        assert_eq!(grouped(-999.6), "−1,000");
        assert_eq!(signed(12.0), "+12");
        assert_eq!(signed(0.2), "0");
        assert_eq!(money(123_456_700.0), "1,234,567");
        assert_eq!(money(-150.0), "−1.50");
        assert_eq!(seconds(90.0), "90 s");
        assert_eq!((within(20.0), within(86_400.0), within(5_400.0)), ("20 s".into(), "24 h".into(), "90 min".into()));
        assert_eq!(seconds(36_000.0), "10.0 h");
        assert_eq!(short(45_300.0), "45.3k");
        assert_eq!(
            [0.0, 850.0, 999.7, 12_400.0, 999_600.0, 3.72e8].map(micros),
            ["0 µs", "850 µs", "1.00 ms", "12.4 ms", "1.00 s", "6.2 min"]
        );
        assert_eq!([512.0, 3_565_158.0, 1.5e12].map(bytes), ["512 B", "3.4 MiB", "1.4 TiB"]);
        assert_eq!(percent(0.000_5), "0.050 %");
        assert_eq!(measured(3.734_6, Some([3.713_6, 3.755_6])), "3.735 ± 0.021");
        assert_eq!(measured(812.3, Some([780.0, 844.6])), "812 ± 32");
        assert_eq!(measured(93.26, None), "93.3");
        assert_eq!(measured(0.0, Some([0.0, 0.0])), "0");
    }

    #[test]
    fn ticks_are_told_from_each_other() {
        assert_eq!(steps(&[2_100.0, 2_150.0, 2_200.0]), ["2,100", "2,150", "2,200"]);
        assert_eq!(steps(&[265_000.0, 265_200.0, 265_400.0]), ["265.0k", "265.2k", "265.4k"]);
        assert_eq!(steps(&[-20_000.0, 0.0, 20_000.0]), ["−20k", "0", "20k"]);
        assert_eq!(steps(&[1.2e6, 1.25e6, 1.3e6]), ["1.20M", "1.25M", "1.30M"]);
        assert_eq!(steps(&[0.0, 0.5, 1.0]), ["0", "0.5", "1.0"]);
        assert_eq!(steps(&[45_300.0]), ["45.3k"]);
        assert!(steps(&[]).is_empty());
    }

    #[test]
    fn nothing_is_never_negative() {
        for little in [-0.0, -1e-9, -0.004] {
            let texts = [
                grouped(little),
                signed(little),
                money(little),
                change(little / 10.0),
                measured(little, Some([little - 1.0, little + 1.0])),
            ];
            for text in texts {
                assert!(!text.contains(['-', '−']), "{text}");
            }
        }
        assert_eq!((percent(-0.0), percent(-1e-9), short(-0.0), short(-1e-5)), zeros());
        assert_eq!((change(-0.226), change(0.05), percent(-0.042)), ("−23 %".into(), "+5 %".into(), "−4.2 %".into()));
        assert_eq!((stated_percent(0.05), stated_percent(0.025)), ("5 %".into(), "2.5 %".into()));
    }

    fn zeros() -> (String, String, String, String) {
        ("0 %".into(), "0.000 %".into(), "0".into(), "0.000".into())
    }
}
