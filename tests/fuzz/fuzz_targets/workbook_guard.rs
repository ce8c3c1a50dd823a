#![no_main]

#[allow(dead_code)]
#[path = "../targets/workbook_guard.rs"]
mod target;

#[path = "../../hostile_corpus/compound_file.rs"]
mod compound_file;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| target::run(bytes));
