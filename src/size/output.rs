//! Output: `size.json`, the tables that workforce tools import, and what the terminal says.

pub mod tables;

pub mod wording;

pub mod words;

pub mod headline;

pub mod goal;

use super::plan::StaffingPlan;
use crate::error::{Error, Result};

/// `size.json`, as bytes.
pub fn json(plan: &StaffingPlan) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(plan)
        .map_err(|error| Error::Store(format!("size.json cannot be written: {error}")))?;
    bytes.push(b'\n');
    Ok(bytes)
}
