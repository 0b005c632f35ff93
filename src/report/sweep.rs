//! What a sweep found, told: in words, as charts and as a page.

pub mod words;

pub mod best_words;

#[cfg(feature = "charts")]
pub mod charts;

#[cfg(feature = "charts")]
pub mod page;
