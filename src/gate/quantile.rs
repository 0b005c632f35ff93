//! Quantile: of Student's t and of the normal distribution.

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

/// The quantile of Student's t, or of the normal distribution for infinitely many degrees of freedom.
pub(super) fn quantile(share: f64, freedom: f64) -> f64 {
    if freedom.is_finite() {
        StudentsT::new(0.0, 1.0, freedom).map_or(f64::NAN, |t| t.inverse_cdf(share))
    } else {
        Normal::standard().inverse_cdf(share)
    }
}
