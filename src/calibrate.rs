//! Calibrate: what a pilot taught.
//!
//! A pilot wave, or a campaign of the past, showed numbers: opens, clicks, calls, by date ([`observed`]). Worlds that fit
//! what is known are drawn and simulated, and each says what would have been observed in it ([`predict`], [`heard`]). An
//! [`emulator`] of these predictions tells which assumptions they rest on, and which worlds explain the pilot
//! ([`posterior`]); worlds are drawn again around those, and so on ([`infer`]). From the last ones come what was learnt,
//! what the model cannot explain, and the forecast of what remains.

mod algebra;

pub mod shown;

pub mod heard;

pub mod likelihood;

pub mod predict;

pub mod emulator;

pub mod posterior;

pub mod infer;

pub mod observed;

pub mod simulated;

mod check;

mod moved;

mod forecast;

mod found;

mod study;

mod written;

pub use found::{Advice, Band, Calibration, Checked, Daily, Moved, Outlook, Rest, Standing, Together};
pub use study::{Settings, calibrate};
pub use written::{learnt_scenario, must_be_writable};
