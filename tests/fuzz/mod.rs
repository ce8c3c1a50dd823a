//! What the fuzz targets do, run here on a fixed corpus: seeds, and some thousands of changes of each by fixed seeds.
//!
//! `cargo fuzz run --fuzz-dir tests/fuzz expression` looks further; what it finds becomes a seed.

mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::{
    faults::table::{is_long, record},
    hostile_corpus::mutation::Chance,
};

/// Runs a target on its seeds and on changes of each, and of changes again.
fn hold(target: &str, seeds: &[Vec<u8>], changes: usize, run: fn(&[u8])) {
    let changes = if is_long() { changes * 20 } else { changes };
    let mut chance = Chance::of(target.bytes().map(u64::from).sum());
    let mut tried = 0;
    let mut hold = |bytes: &[u8]| {
        tried += 1;
        if catch_unwind(AssertUnwindSafe(|| run(bytes))).is_err() {
            panic!("{target} does not hold for {}", bytes.escape_ascii());
        }
    };
    for seed in seeds {
        hold(seed);
        let mut last = seed.clone();
        for number in 0..changes {
            // A change of a change goes further from what is sound; every eighth begins anew.
            last = chance.change(if number % 8 == 0 { seed } else { &last });
            hold(&last);
        }
    }
    record(&format!("fuzz target {target}"), tried, tried, &format!("cargo test --test chartroom fuzz::{target}"));
}

macro_rules! targets {
    ($($target:ident $changes:literal)*) => {
        $(#[test]
        fn $target() {
            hold(stringify!($target), &targets::$target::seeds(), $changes, targets::$target::run);
        })*
    };
}

targets! {
    audit_sheet 1000
    bag 500
    delimited 20000
    expression 6000
    layout 2000
    pipeline 1000
    site_map 2000
    workbook_guard 2000
}
