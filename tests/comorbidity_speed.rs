//! Times Charlson and Elixhauser of many diagnosis rows; asked for by `tests/bench/peer_comorbidity.py`, which times Polars and DuckDB on the same rows.

use std::{path::PathBuf, time::Instant};

use chartroom::{
    coding::comorbidity::{charlson::Charlson, elixhauser::Elixhauser, prefix::PrefixMatch, quan::QuanTables},
    partition::encounter::PackedCode,
    record::code::CodeSystem,
};
use rayon::prelude::*;

/// A diagnosis row: encounter and ICD-10 code.
type Diagnosis = (u32, PackedCode);

/// Rows of `encounter_id,code` from the bytes of a part of a file that ends at a line's end.
fn diagnoses(bytes: &[u8]) -> impl Iterator<Item = Diagnosis> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let end = memchr::memchr(b'\n', rest)?;
        let line = &rest[..end];
        rest = &rest[end + 1..];
        let comma = memchr::memchr(b',', line).expect("two columns");
        let number = line[..comma].iter().fold(0u32, |number, digit| number * 10 + u32::from(digit - b'0'));
        Some((number, PackedCode::new(&line[comma + 1..]).expect("at most seven characters")))
    })
}

/// Conditions by encounter, in the order in which encounters come: neighbours of one encounter joined.
fn gather(tables: &QuanTables, rows: impl Iterator<Item = Diagnosis>) -> Vec<(u32, PrefixMatch)> {
    let mut gathered: Vec<(u32, PrefixMatch)> = Vec::new();
    for (encounter, code) in rows {
        let found = tables.find(CodeSystem::Icd10Cm, &code);
        match gathered.last_mut() {
            Some((last, sum)) if *last == encounter => *sum |= found,
            _ => gathered.push((encounter, found)),
        }
    }
    gathered
}

/// Joins what parts gathered, in whatever order encounters came, and settles both indices.
fn settle(tables: &QuanTables, parts: Vec<Vec<(u32, PrefixMatch)>>) -> Vec<(u32, Charlson, Elixhauser)> {
    let mut all: Vec<(u32, PrefixMatch)> = parts.concat();
    if !all.is_sorted_by_key(|(encounter, _)| *encounter) {
        all.par_sort_unstable_by_key(|(encounter, _)| *encounter);
    }
    all.dedup_by(|later, kept| {
        let same = later.0 == kept.0;
        if same {
            kept.1 |= later.1;
        }
        same
    });
    all.par_iter()
        .map(|(encounter, found)| {
            let (charlson, elixhauser) = tables.settle(*found);
            (*encounter, charlson, elixhauser)
        })
        .collect()
}

/// Parts of about equal size, cut at line ends.
fn parts(bytes: &[u8]) -> Vec<&[u8]> {
    let (mut parts, mut rest) = (Vec::new(), bytes);
    while !rest.is_empty() {
        let near = (1 << 22).min(rest.len()) - 1;
        let end = memchr::memchr(b'\n', &rest[near..]).map_or(rest.len(), |line| near + line + 1);
        let (part, after) = rest.split_at(end);
        parts.push(part);
        rest = after;
    }
    parts
}

#[test]
#[ignore = "a benchmark: tests/bench/peer_comorbidity.py runs it in a release build"]
fn charlson_and_elixhauser_of_many_rows() {
    let path = PathBuf::from(std::env::var_os("CHARTROOM_COMORBIDITY_ROWS").expect("the file of rows"));
    let tables = QuanTables::shipped();
    for _ in 0..3 {
        let start = Instant::now();
        let bytes = std::fs::read(&path).expect("the file of rows");
        let body = &bytes[memchr::memchr(b'\n', &bytes).expect("a heading") + 1..];
        let gathered = parts(body).par_iter().map(|part| gather(tables, diagnoses(part))).collect();
        let settled = settle(tables, gathered);
        println!("file seconds {:.4}", start.elapsed().as_secs_f64());
        let rows: Vec<Diagnosis> = diagnoses(body).collect();
        let start = Instant::now();
        let gathered = rows.par_chunks(1 << 18).map(|chunk| gather(tables, chunk.iter().copied())).collect();
        let from_memory = settle(tables, gathered);
        println!("memory seconds {:.4}", start.elapsed().as_secs_f64());
        assert_eq!(settled, from_memory);
        let mut sums = [0i64; 8];
        for (_, charlson, elixhauser) in &settled {
            let values = [
                1,
                i64::from(charlson.conditions),
                i64::from(charlson.score_charlson),
                i64::from(charlson.score_quan),
                i64::from(elixhauser.conditions),
                i64::from(elixhauser.van_walraven),
                i64::from(elixhauser.swiss),
                i64::from(charlson.count + elixhauser.count),
            ];
            sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        }
        println!("sums {}", sums.map(|sum| sum.to_string()).join(" "));
    }
}
