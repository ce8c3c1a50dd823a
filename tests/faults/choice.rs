//! Which cases are tried, and how: a fixed number, spread over every kind; on two threads.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use super::table;

/// Takes so many cases of all: every kind has its turn, the rare ones whole, the common ones at even distances. Where words choose the
/// cases they choose among all.
///
/// # Panics
/// There are fewer than so many.
pub fn spread<C, K: Ord>(cases: Vec<C>, kind: impl Fn(&C) -> K, wanted: usize) -> Vec<C> {
    if table::is_long() || only().is_some() {
        return cases;
    }
    assert!(cases.len() >= wanted, "there are {} cases, and {wanted} are wanted", cases.len());
    let mut of_kind: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for (place, case) in cases.iter().enumerate() {
        of_kind.entry(kind(case)).or_default().push(place);
    }
    let mut shares: Vec<usize> = vec![0; of_kind.len()];
    let mut left = wanted;
    while left > 0 {
        for (share, places) in shares.iter_mut().zip(of_kind.values()) {
            if left > 0 && *share < places.len() {
                *share += 1;
                left -= 1;
            }
        }
    }
    let even = |(share, places): (&usize, &Vec<usize>)| -> Vec<usize> {
        (0..*share).map(|turn| places[turn * places.len() / share]).collect()
    };
    let mut taken: Vec<usize> = shares.iter().zip(of_kind.values()).flat_map(even).collect();
    taken.sort_unstable();
    let mut taken = taken.into_iter().peekable();
    let chosen = |(place, case)| taken.next_if_eq(&place).map(|_| case);
    cases.into_iter().enumerate().filter_map(chosen).collect()
}

/// Tries cases on two threads, each by its name and in a folder of its own (by number), and gives what was not survived.
pub fn try_all<C: Sync>(
    cases: &[C],
    name: impl Fn(&C) -> String + Sync,
    attack: impl Fn(&C, usize) -> Result<(), String> + Sync,
) -> Vec<String> {
    assert!(!cases.is_empty(), "no case is tried: no place has the words of CHARTROOM_POINT in its name");
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((place, case)) = {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    cases.get(place).map(|case| (place, case))
                } {
                    if let Err(why) = attack(case, place) {
                        failures.lock().expect("no panic").push((place, format!("{}: {why}", name(case))));
                    }
                }
            });
        }
    });
    let mut failures = failures.into_inner().expect("no panic");
    failures.sort();
    failures.into_iter().map(|(_, words)| words).collect()
}

/// Ends a family: says what was not survived, and records the numbers.
pub fn conclude(family: &str, tried: usize, failures: &[String], command: &str) {
    for failure in failures.iter().take(if table::is_long() { 10_000 } else { 40 }) {
        crate::shared_folder::say(&format!("{family}: {failure}"));
    }
    if only().is_none() {
        table::record(family, tried as u64, (tried - failures.len()) as u64, command);
    }
    assert!(failures.is_empty(), "{family}: {} not survived", failures.len());
}

/// The words of the cases that alone are to be tried.
pub fn only() -> Option<String> {
    std::env::var("CHARTROOM_POINT").ok().filter(|words| !words.is_empty())
}

#[test]
fn every_kind_has_its_turn_and_the_number_is_what_was_asked_for() {
    let cases: Vec<(u8, usize)> = (0..100).map(|place| (0, place)).chain([(1, 100), (2, 101), (2, 102)]).collect();
    let chosen = spread(cases, |case| case.0, 13);
    if !table::is_long() && only().is_none() {
        let places: Vec<usize> = chosen.iter().map(|case| case.1).collect();
        assert_eq!(places, [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 101, 102]);
    }
}
