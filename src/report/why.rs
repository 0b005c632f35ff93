//! What makes the difference between two strategies, told: in words, as a chart and as a page.

pub mod words;

#[cfg(feature = "charts")]
pub mod chart;

#[cfg(feature = "charts")]
pub mod page;
