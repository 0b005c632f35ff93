//! `cutover schema`.

use crate::error::{Error, Result};
use crate::scenario_file::schema::json_schema;

/// Prints the JSON Schema of the scenario file.
pub fn run() -> Result<()> {
    let text = serde_json::to_string_pretty(&json_schema())
        .map_err(|error| Error::Store(format!("the schema cannot be written: {error}")))?;
    super::print(&(text + "\n"))
}
