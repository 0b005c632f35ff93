//! What a calibration found, told: in words, as charts and as a page.

pub mod words;

#[cfg(feature = "charts")]
pub mod charts;

#[cfg(feature = "charts")]
pub mod page;
