#![no_main]

#[allow(dead_code)]
#[path = "../targets/site_map.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| target::run(bytes));
