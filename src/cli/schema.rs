//! `cutover schema`.

use clap::Args;

use crate::error::{Error, Result};
use crate::scenario_file::keys::Reference;
use crate::scenario_file::schema::json_schema;

#[derive(Debug, Args)]
pub(super) struct SchemaArguments {
    /// Print the reference of keys instead, as a page: meaning, unit, limits, default, grade and source of each
    #[arg(long)]
    keys: bool,
}

impl SchemaArguments {
    /// Prints the JSON Schema of the scenario file, or the reference of its keys.
    pub(super) fn run(self) -> Result<()> {
        if self.keys {
            return super::print(&Reference::new().page());
        }
        let text = serde_json::to_string_pretty(&json_schema())
            .map_err(|error| Error::Store(format!("the schema cannot be written: {error}")))?;
        super::print(&(text + "\n"))
    }
}
