//! Law: a distribution of durations, as the scenario file writes it and as theory needs it.

use statrs::function::erf::erfc;
use statrs::function::gamma::gamma;

/// A distribution of durations; times in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Law {
    /// Memoryless: mean.
    Exponential(f64),
    /// Always the same.
    Constant(f64),
    /// Mean and coefficient of variation.
    Lognormal(f64, f64),
    /// Mean and shape.
    Weibull(f64, f64),
    /// For ever; only for patience.
    Endless,
}

impl Law {
    /// As a value in a scenario file.
    pub fn toml(self) -> String {
        match self {
            Self::Exponential(mean) => format!("{{ exponential = {{ mean_s = {mean} }} }}"),
            Self::Constant(mean) => format!("{{ constant = {{ mean_s = {mean} }} }}"),
            Self::Lognormal(mean, cv) => format!("{{ lognormal = {{ mean_s = {mean}, cv = {cv} }} }}"),
            Self::Weibull(mean, shape) => format!("{{ weibull = {{ mean_s = {mean}, shape = {shape} }} }}"),
            Self::Endless => "\"endless\"".to_owned(),
        }
    }

    /// In words, for tables.
    pub fn words(self) -> String {
        match self {
            Self::Exponential(mean) => format!("exponential, {mean} s"),
            Self::Constant(mean) => format!("constant, {mean} s"),
            Self::Lognormal(mean, cv) => format!("lognormal, {mean} s, cv {cv}"),
            Self::Weibull(mean, shape) => format!("Weibull, {mean} s, shape {shape}"),
            Self::Endless => "endless".to_owned(),
        }
    }

    /// Mean; infinite for the endless.
    pub fn mean_s(self) -> f64 {
        match self {
            Self::Exponential(mean) | Self::Constant(mean) | Self::Lognormal(mean, _) | Self::Weibull(mean, _) => mean,
            Self::Endless => f64::INFINITY,
        }
    }

    /// Squared coefficient of variation.
    pub fn cv2(self) -> f64 {
        match self {
            Self::Exponential(_) => 1.0,
            Self::Constant(_) | Self::Endless => 0.0,
            Self::Lognormal(_, cv) => cv * cv,
            Self::Weibull(_, shape) => gamma(1.0 + 2.0 / shape) / gamma(1.0 + 1.0 / shape).powi(2) - 1.0,
        }
    }

    /// Share that outlasts `x` seconds.
    pub fn survival(self, x: f64) -> f64 {
        match self {
            _ if x <= 0.0 => 1.0,
            Self::Exponential(mean) => (-x / mean).exp(),
            Self::Constant(mean) => f64::from(u8::from(x < mean)),
            Self::Lognormal(mean, cv) => {
                let sigma2 = (cv * cv).ln_1p();
                let z = (x.ln() - mean.ln() + 0.5 * sigma2) / sigma2.sqrt();
                0.5 * erfc(z / std::f64::consts::SQRT_2)
            }
            Self::Weibull(mean, shape) => (-(x / mean * gamma(1.0 + 1.0 / shape)).powf(shape)).exp(),
            Self::Endless => 1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_is_the_integral_of_survival() {
        for law in [
            Law::Exponential(90.0),
            Law::Constant(90.0),
            Law::Lognormal(90.0, 1.5),
            Law::Weibull(90.0, 0.6),
        ] {
            let integral: f64 = (0..2_000_000).map(|n| law.survival((f64::from(n) + 0.5) * 0.05) * 0.05).sum();
            assert!((integral / 90.0 - 1.0).abs() < 1e-3, "{law:?}: {integral}");
        }
    }
}
