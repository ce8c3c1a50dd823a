//! Nights on rows in memory: run again, and with histories that end.

use std::collections::BTreeMap;

use super::*;

type Rows = BTreeMap<FindingKey, TrackedRow>;

/// Runs a night on rows: the keys that are found, each with a value.
fn run(
    rows: &mut Rows,
    sum: &mut TrackedSum,
    day: i32,
    found: &[(u64, &str)],
    history_days: Option<i32>,
) -> NightAccount {
    let previous = rows.values().flat_map(|row| &row.events.0).map(|(day, _)| *day).filter(|own| own.0 < day).max();
    let mut night = Night::default();
    night.follow(Day(day), NightBegin { previous, history_days, ..NightBegin::default() });
    rows.values().for_each(|row| night.remember(row.clone()));
    for (key, value) in found {
        let sighting = Sighting {
            of: LifeOf::Finding,
            key: FindingKey(*key),
            code: "LOG110",
            severity: Some(Severity::Error),
            facility_id: "0042",
            record: "E1",
            field: "sex",
            values: u64::from(value.as_bytes()[0]),
            accepted: None,
            delinquent: false,
            is_of_a_record: true,
        };
        night.see(&sighting).expect("followed");
    }
    let end = night.end("Night", *sum, &|_, _, _| false, &mut |key| Ok::<_, ()>(rows.get(&key).cloned()));
    let end = end.expect("no fault").expect("followed");
    end.edits.removed.iter().for_each(|key| drop(rows.remove(key)));
    let new = end.edits.new.iter().map(NewTracked::row);
    rows.extend(new.chain(end.edits.written).map(|row| (row.key, row)));
    *sum = end.sum;
    let mut all = TrackedSum::default();
    rows.values().for_each(|row| all.add(row));
    assert_eq!(all, *sum, "the sum is that of the rows");
    end.account
}

#[test]
fn a_night_that_is_run_again_leaves_what_it_left_whatever_was_found_in_between() {
    let (mut rows, mut sum) = (Rows::new(), TrackedSum::default());
    run(&mut rows, &mut sum, 100, &[(1, "a"), (2, "b")], None);
    let before = (rows.clone(), sum);
    let tonight = [(1, "z"), (3, "c")];
    let first = run(&mut rows, &mut sum, 101, &tonight, None);
    let after = (rows.clone(), sum);
    assert_eq!((first.findings.new, first.findings.corrected, first.findings.open), (1, 1, 2));
    // More comes on the same day, and goes again.
    run(&mut rows, &mut sum, 101, &[(1, "y"), (2, "b"), (4, "d")], None);
    let again = run(&mut rows, &mut sum, 101, &tonight, None);
    assert_eq!((&rows, sum), (&after.0, after.1));
    assert_eq!(again, first);
    // As if the day had not been.
    run(&mut rows, &mut sum, 101, &[(1, "a"), (2, "b")], None);
    assert_eq!((rows, sum), before);
}

#[test]
fn what_was_corrected_long_ago_is_forgotten_and_found_again_as_new() {
    let (mut rows, mut sum) = (Rows::new(), TrackedSum::default());
    run(&mut rows, &mut sum, 100, &[(1, "a"), (2, "b")], Some(10));
    run(&mut rows, &mut sum, 101, &[(2, "b")], Some(10));
    run(&mut rows, &mut sum, 111, &[(2, "b")], Some(10));
    assert_eq!(rows.len(), 2);
    run(&mut rows, &mut sum, 112, &[(2, "b")], Some(10));
    assert_eq!(rows.len(), 1);
    let account = run(&mut rows, &mut sum, 113, &[(1, "a"), (2, "b")], Some(10));
    assert_eq!((account.findings.new, account.findings.reopened), (1, 0));
}
