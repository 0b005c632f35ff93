//! Command line: one file for each subcommand, all of one shape: read and check everything, do it, say what came of it.

mod run;

mod compare;

mod precision;

mod validate;

mod schema;

mod damage;

mod finished;

mod explain;

mod forecast;

mod verify;

mod verify_load;

mod study;

mod sensitivity;

mod why;

mod gate;

mod calibrate;

mod sweep;

mod size;

mod load;

mod live;

mod validation;

mod progress;

mod scratch;

mod watchdog;

mod runtime;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::error::{Error, Result};
use crate::scenario::Scenario;
use crate::scenario_file::{Loaded, diagnostics};
use crate::strategy::controls::ControlSet;
use crate::text::{one_of, visible};

/// Simulate a customer-identity migration before you force a password reset on a million customers.
///
/// Give it a scenario and it drives every account through competing migration strategies, couples the journeys to a
/// help desk and to attackers, and reports support load, churn, duplicates, takeovers and cost, side by side.
#[derive(Debug, Parser)]
#[command(name = "cutover", version, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 ok, 1 a check failed, 2 bad input or usage, 3 store or I/O failure, 130 interrupted.\n\n\
                        Start with: cutover run scenarios/quickstart.toml"
)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a scenario and write its report
    Run(run::RunArguments),
    /// Compare all built-in strategies, or some, on one scenario or several; or strategies of finished runs
    Compare(compare::CompareArguments),
    /// Check a scenario and print every value in force with its source
    Validate(validate::ValidateArguments),
    /// Print the JSON Schema of the scenario file, or the reference of its keys
    Schema(schema::SchemaArguments),
    /// Tell the story of one account under each strategy of a finished run
    Explain(explain::ExplainArguments),
    /// Check every invariant of a run's store
    Verify(verify::VerifyArguments),
    /// Find how many agents, in which hours and on which shifts, meet the service target, and what that costs
    Size(size::SizeArguments),
    /// Find how sure the answer is, what it rests on, what to measure first, and what would turn it
    Sensitivity(sensitivity::SensitivityArguments),
    /// Take the difference between two strategies apart: which part of them makes it
    Why(why::WhyArguments),
    /// Learn from a pilot: which assumptions it moved, what the model cannot explain, what is to come, whether to go on
    Calibrate(calibrate::CalibrateArguments),
    /// Vary values and see what each strategy comes to
    Sweep(sweep::SweepArguments),
    /// Play the operations of a simulated migration against a real store, and prove that nothing is lost
    Load(Box<load::LoadArguments>),
    /// What `load` starts: the process that holds the store
    #[command(hide = true)]
    PlayLoad {
        /// What it is told
        order: PathBuf,
    },
    /// Judge by rules what runs, plans, load tests and benches found: passed, failed or undecided, for a pipeline
    Gate(gate::GateArguments),
    /// Hold the desk against queueing theory and a recorded day, and write docs/validation.md
    Validation(validation::ValidationArguments),
}

/// Which scenario, and what to change in it.
#[derive(Debug, Args)]
struct ScenarioArguments {
    /// The scenario file (TOML)
    scenario: PathBuf,
    #[command(flatten)]
    changes: Changes,
}

/// What to change in a scenario.
#[derive(Debug, Args)]
struct Changes {
    /// Number of accounts
    #[arg(long, value_name = "N")]
    accounts: Option<u64>,
    /// Seed of all random draws
    #[arg(long, value_name = "N")]
    seed: Option<u32>,
    /// Independent repetitions
    #[arg(long, value_name = "N")]
    replications: Option<u32>,
    /// Take this strategy only: one of the scenario's, a built-in one, or a file with one (mine.toml); may be repeated
    #[arg(long, value_name = "NAME")]
    strategy: Vec<String>,
    /// Run every strategy under this set of controls instead of its own
    #[arg(long, value_name = "SET", value_parser = control_set)]
    controls: Option<ControlSet>,
    /// Override a value, as in desk.tier1.agents=30 or strategies.lazy.controls.link_lifetime_h=72; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
}

/// Where dossiers are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum StoreChoice {
    /// In a sled database in the report's folder
    Sled,
    /// Nowhere: operations are applied and checked in memory, then dropped
    Memory,
}

/// A set of controls by its name.
fn control_set(name: &str) -> std::result::Result<ControlSet, String> {
    let known = || one_of(ControlSet::ALL.into_iter().map(|set| set.key().to_owned()));
    ControlSet::named(name).ok_or_else(|| format!("there is no such set: {}", known()))
}

impl ScenarioArguments {
    fn load(&self) -> Result<Loaded> {
        self.changes.load(&self.scenario)
    }
}

impl Changes {
    /// Reads a scenario and changes it; its warnings are said.
    fn load(&self, scenario: &Path) -> Result<Loaded> {
        let mut sets = self.set.clone();
        sets.extend(self.accounts.map(|n| format!("population.accounts={n}")));
        sets.extend(self.seed.map(|n| format!("seed={n}")));
        sets.extend(self.replications.map(|n| format!("replications={n}")));
        let loaded = Scenario::load_under(scenario, &self.strategy, self.controls, &sets)?;
        say(&diagnostics::render_warnings(&loaded.source.texts, &loaded.warnings));
        Ok(loaded)
    }
}

impl Arguments {
    /// Runs the command.
    ///
    /// # Errors
    ///
    /// Whatever stands in the way, as a report for people; its kind decides the exit code.
    pub fn run(self) -> Result<()> {
        progress::catch_signals();
        let done = damage::told(|| match self.command {
            Command::Run(arguments) => arguments.run(),
            Command::Compare(arguments) => arguments.run(),
            Command::Validate(arguments) => arguments.run(),
            Command::Schema(arguments) => arguments.run(),
            Command::Explain(arguments) => arguments.run(),
            Command::Verify(arguments) => arguments.run(),
            Command::Size(arguments) => arguments.run(),
            Command::Sensitivity(arguments) => arguments.run(),
            Command::Why(arguments) => arguments.run(),
            Command::Gate(arguments) => arguments.run(),
            Command::Calibrate(arguments) => arguments.run(),
            Command::Sweep(arguments) => arguments.run(),
            Command::Load(arguments) => arguments.run(),
            Command::PlayLoad { order } => load::play(&order),
            Command::Validation(arguments) => arguments.run(),
        });
        done.map_err(progress::told)
    }
}

/// Takes the arguments, runs the command and prints what went wrong; the exit code says of which kind that was.
pub fn main() -> ExitCode {
    let ran = match Arguments::try_parse() {
        Ok(arguments) => arguments.run(),
        // Help and version are no mistakes, and hold nothing from outside.
        Err(told) if !told.use_stderr() => told.exit(),
        Err(wrong) => Err(Error::Input(misplaced(&wrong).unwrap_or(wrong.render().to_string().trim_end().to_owned()))),
    };
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("{error}\n"));
            ExitCode::from(error.exit_code())
        }
    }
}

/// What to say of an option that this command does not have, and another has.
fn misplaced(wrong: &clap::Error) -> Option<String> {
    let option = match wrong.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(option)) if wrong.kind() == ErrorKind::UnknownArgument => option.clone(),
        _ => return None,
    };
    let long = option.strip_prefix("--")?;
    let commands = Arguments::command();
    let has = |command: &&clap::Command| command.get_arguments().any(|argument| argument.get_long() == Some(long));
    let visible = commands.get_subcommands().filter(|command| !command.is_hide_set());
    let with: Vec<&str> = visible.filter(has).map(clap::Command::get_name).collect();
    let own = std::env::args().skip(1).find(|word| commands.find_subcommand(word).is_some())?;
    let others = match with.as_slice() {
        [] => return None,
        [one] => format!("`{one}` has"),
        [some @ .., last] => format!("`{}` and `{last}` have", some.join("`, `")),
    };
    Some(format!("error: `{own}` has no {option}; {others}. For what `{own}` has, see: cutover {own} --help"))
}

/// Prints to standard error. What comes from outside and cannot be seen is written out; whoever reads the errors having
/// gone away is no failure.
fn say(text: &str) {
    use std::io::Write;
    let _ = std::io::stderr().lock().write_all(visible(text).as_bytes());
}

/// Prints to standard output, what cannot be seen written out; a reader that has gone away is no failure.
fn print(text: &str) -> Result<()> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    match out.write_all(visible(text).as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::Store(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}
