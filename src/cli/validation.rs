//! `cutover validation`.

use std::path::PathBuf;

use clap::Args;

use super::progress::Progress;
use crate::error::{Error, Result};
use crate::folder::{Files, Kind};
use crate::report::drawing::Theme;
use crate::validation::{self, FULL, charts, page};
use crate::watch::Watch;

#[derive(Debug, Args)]
pub(super) struct ValidationArguments {
    /// Folder of validation.md; its charts go to validation/ below it
    #[arg(long, value_name = "DIR", default_value = "docs")]
    out: PathBuf,
    /// Folder of the recorded day
    #[arg(long, value_name = "DIR", default_value = "scenarios/call-centre")]
    call_centre: PathBuf,
    /// Run lengths, as a multiple of those that the document is made with
    #[arg(long, value_name = "X", default_value_t = FULL.length)]
    length: f64,
    /// Threads [default: one for each core]; the results do not depend on it
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
}

impl ValidationArguments {
    pub(super) fn run(self) -> Result<()> {
        if !(self.length > 0.0 && self.length <= 1000.0) {
            let length = self.length;
            return Err(Error::Input(format!("--length {length}: expected a number above 0, at most 1000")));
        }
        let mut files = Files::new(&self.out, Kind::Validation, "")?;
        let (pool, _) = super::runtime::pool(self.threads)?;
        let effort = validation::steady::Effort { length: self.length, ..FULL };
        let progress = Progress::new();
        let findings = pool.install(|| validation::run(&self.call_centre, effort, &progress))?;
        files.add("validation.md", page::write(&findings).as_bytes())?;
        for (name, drawing) in charts::all(&findings) {
            progress.look()?;
            files.add(&format!("validation/{name}.svg"), drawing.svg(Theme::Light)?.as_bytes())?;
        }
        files.place_beside()?;
        super::print(&format!("{}\n", findings.verdict.sentence()))?;
        if findings.verdict.agrees() && findings.kept.holds() {
            Ok(())
        } else {
            Err(Error::Check("the desk does not agree with theory: see validation.md".to_owned()))
        }
    }
}
