//! The command line: arguments become one command; errors are printed; the exit code says which kind they were.

use std::process::ExitCode;

use clap::Parser;
use cutover::cli::Arguments;

fn main() -> ExitCode {
    match Arguments::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(error.exit_code())
        }
    }
}
