//! `chartroom`: the program.

use std::process::ExitCode;

fn main() -> ExitCode {
    chartroom::cli::main(std::env::args_os()).into()
}
