//! `chartroom`: the program.

fn main() {}
