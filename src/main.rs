//! The command line: arguments become one command; errors are printed; the exit code says which kind they were.

use std::process::ExitCode;

fn main() -> ExitCode {
    cutover::cli::main()
}
