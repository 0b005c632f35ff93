//! Sheets: every CSV file that we write, safe to open in a spreadsheet.

use crate::error::{Error, Result};
use crate::text::cell;

/// A CSV file of this name: a line of titles, then the rows. A cell that a spreadsheet would take for a formula is
/// written as text ([`cell`]).
///
/// # Errors
///
/// If the file cannot be written.
pub fn sheet<S: AsRef<str>>(name: &str, head: &[S], rows: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    let failed = |error: &dyn std::fmt::Display| Error::Store(format!("{name} cannot be written: {error}"));
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(head.iter().map(|title| title.as_ref())).map_err(|error| failed(&error))?;
    for row in rows {
        writer
            .write_record(row.iter().map(|text| cell(text).into_owned()))
            .map_err(|error| failed(&error))?;
    }
    writer.into_inner().map_err(|error| failed(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_written_as_text_and_the_rest_as_it_is() {
        let rows = [vec!["=1+2", "-3", "a,\"b\""], vec!["@x", "", "lazy"]];
        let rows = rows.into_iter().map(|row| row.into_iter().map(str::to_owned).collect::<Vec<_>>());
        let bytes = sheet("test.csv", &["strategy", "n", "x"], rows).expect("a sheet");
        assert_eq!(String::from_utf8_lossy(&bytes), "strategy,n,x\n'=1+2,-3,\"a,\"\"b\"\"\"\n'@x,,lazy\n");
    }
}
