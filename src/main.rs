//! `chartroom`: the program.

#![forbid(unsafe_code)]

use std::process::ExitCode;

/// Partitions are made and dropped by the megabyte on every thread; this allocator keeps the pages instead of giving them back each time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    chartroom::cli::main(std::env::args_os()).into()
}
