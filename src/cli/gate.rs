//! `cutover gate`.

mod outputs;

mod runner;

use std::path::{Path, PathBuf};

use clap::Args;

use super::progress::Progress;
use crate::error::{Error, Result};
use crate::gate::rules::Rules;
use crate::gate::timing::{NoTimer, Timer};
use crate::gate::verdict::Outcome;
use crate::gate::{Gate, Places, junit, markdown, words};
use crate::watch::Watch;
use runner::{Limits, Runner};

#[derive(Debug, Args)]
#[command(
    after_help = "Exit codes: 0 nothing stops the build, 1 a rule failed, 2 a rule is undecided and says undecided = \"fail\", \
                  or bad input, 3 a file cannot be written or a program cannot be timed, 130 interrupted.\n\n\
                  What rules may say: docs/gate.md"
)]
pub(super) struct GateArguments {
    /// The file of rules (TOML)
    rules: PathBuf,
    /// Result file, or folder of a run, for rules that name none
    results: Option<PathBuf>,
    /// What `not worse than baseline` means: a result file, or a folder in which each file is at the same path
    #[arg(long, value_name = "PATH")]
    baseline: Option<PathBuf>,
    /// Program that rules about time hold this one against
    #[arg(long, value_name = "BINARY")]
    against: Option<PathBuf>,
    /// Program that rules about time judge [default: this one]
    #[arg(long, value_name = "BINARY", requires = "against")]
    binary: Option<PathBuf>,
    /// Pairs of runs that a rule about time may take
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(6..=1_000))]
    most_pairs: u32,
    /// Seconds that a single run of a program may take; one that takes longer is ended, and not timed
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..=86_400))]
    longest: u32,
    /// Write the verdict as JSON to this file; `-` prints it instead of the text
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write the verdict as JUnit XML to this file; `-` prints it instead of the text
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write the verdict as Markdown to this file, within 1 MiB; `-` prints it instead of the text
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
}

impl GateArguments {
    pub(super) fn run(self) -> Result<()> {
        let printed = [&self.json, &self.junit, &self.markdown].into_iter().flatten().filter(|path| is_printed(path));
        if printed.count() > 1 {
            return Err(Error::Input("only one of --json, --junit and --markdown can be printed by -".to_owned()));
        }
        let rules = Rules::load(&self.rules)?;
        let places = Places {
            results: self.results.clone(),
            baseline: self.baseline.clone(),
        };
        self.must_keep_inputs(&rules, &places)?;
        let progress = Progress::new();
        let limits = Limits {
            most_pairs: self.most_pairs as usize,
            longest_s: self.longest,
        };
        let mut runner = match &self.against {
            Some(old) => Some(Runner::new(old, self.binary.as_deref(), limits, &progress)?),
            None => None,
        };
        let timer: &mut dyn Timer = match &mut runner {
            Some(runner) => runner,
            None => &mut NoTimer,
        };
        let gate = Gate::judge(&rules, &places, timer)?;
        progress.end();
        self.write(&gate)?;
        match gate.outcome {
            Outcome::Passed => Ok(()),
            Outcome::Failed => Err(Error::Check("The gate failed.".to_owned())),
            Outcome::Undecided => Err(Error::Undecided(
                "The gate is undecided, and a rule says that this stops the build: it takes more replications or samples."
                    .to_owned(),
            )),
        }
    }

    /// Nothing that is written takes the place of something that is read.
    fn must_keep_inputs(&self, rules: &Rules, places: &Places) -> Result<()> {
        let named = [
            ("--json", &self.json),
            ("--junit", &self.junit),
            ("--markdown", &self.markdown),
        ];
        let outputs: Vec<(&str, &Path)> = named
            .into_iter()
            .filter_map(|(option, path)| Some((option, path.as_deref()?)))
            .filter(|(_, path)| !is_printed(path))
            .collect();
        let mut inputs = Gate::reads(rules, places);
        inputs.push(self.rules.clone());
        inputs.extend([&self.against, &self.binary].into_iter().flatten().cloned());
        inputs.extend(std::env::current_exe().ok());
        outputs::must_be_apart(&outputs, &inputs)
    }

    fn write(&self, gate: &Gate) -> Result<()> {
        let json = String::from_utf8_lossy(&gate.json()?).into_owned() + "\n";
        let all = [
            (&self.json, json),
            (&self.junit, junit::render(gate)?),
            (&self.markdown, markdown::render(gate)),
        ];
        let mut is_told = false;
        for (path, text) in all.iter().filter_map(|(path, text)| path.as_deref().map(|path| (path, text))) {
            if is_printed(path) {
                super::print(text)?;
                is_told = true;
            } else {
                outputs::write(path, text)?;
            }
        }
        if is_told {
            Ok(())
        } else {
            super::print(&words::terminal(gate))
        }
    }
}

fn is_printed(path: &Path) -> bool {
    path == Path::new("-")
}
