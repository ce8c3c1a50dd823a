//! Kills, and errors of the system.

use std::{os::unix::process::ExitStatusExt as _, path::Path, process::Output};

use super::{
    aftermath::{again, differences, names_nobody, nothing_is_half, run, without_leftovers},
    choice::{conclude, only, spread, try_all},
    site::{Ground, Scenario, copy, picture},
    trace::{Blow, Kind, Point, disturb, has_strace, points, record},
};
use crate::shared_folder::say;

/// A night, a place in it, and what is done there.
#[derive(Clone)]
struct Case<'g> {
    scenario: &'g Scenario,
    point: Point,
    blow: Blow,
}

impl Case<'_> {
    fn name(&self) -> String {
        let Point { call, number, path, .. } = &self.point;
        format!("{}, {:?} at {call} {number} ({path})", self.scenario.name, self.blow)
    }

    /// Copies the site, disturbs the night, and gives what it said.
    fn disturb(&self, site: &Path) -> Result<Output, String> {
        copy(&self.scenario.before, site);
        let done = disturb(self.scenario, site, &self.point, self.blow, &site.with_extension("trace"));
        names_nobody(&done).map(|()| done)
    }
}

/// All places of a night.
fn points_of(ground: &Ground, scenario: &Scenario) -> Vec<Point> {
    let site = ground.new_folder(&format!("traced {}", scenario.name));
    copy(&scenario.before, &site);
    let calls = record(scenario, &site, &site.with_extension("trace"));
    let (points, elsewhere) = points(&calls, &site);
    say(&format!("{}: {} places; {elsewhere} of other threads are not reached", scenario.name, points.len()));
    points
}

/// All places of a night where it is to be killed: before each call that changes the disk. Between two of them the disk stays what it is.
fn kills<'g>(ground: &Ground, scenario: &'g Scenario) -> Vec<Case<'g>> {
    let points = points_of(ground, scenario).into_iter();
    points.filter(|point| point.kind.changes()).map(|point| Case { scenario, point, blow: Blow::Kill }).collect()
}

/// Tries cases, each on a site of its own that is removed after it.
fn attack(
    ground: &Ground,
    mut cases: Vec<Case<'_>>,
    each: impl Fn(&Case<'_>, &Path) -> Result<(), String> + Sync,
) -> (usize, Vec<String>) {
    let only = only();
    if let Some(words) = &only {
        cases.retain(|case| case.name().contains(words));
    }
    let failures = try_all(&cases, Case::name, |case, place| {
        let site = ground.new_folder(&format!("site {place}"));
        let held = each(case, &site);
        if only.is_some() {
            let kept = std::env::temp_dir().join(format!("chartroom-point-{}-{place}", std::process::id()));
            copy(&site, &kept);
            say(&format!("{}: {}", case.name(), kept.display()));
        }
        std::fs::remove_dir_all(&site).expect("removed");
        held
    });
    (cases.len(), failures)
}

fn was_killed(done: &Output) -> Result<(), String> {
    match done.status.signal() {
        Some(9) => Ok(()),
        _ => Err(format!("it was not killed, but ended with {:?}", done.status.code())),
    }
}

#[test]
fn a_night_that_is_killed_leaves_nothing_half_and_the_next_run_makes_it_good() {
    if !has_strace() {
        return;
    }
    let ground = Ground::prepare();
    let mut cases = Vec::new();
    for (scenario, wanted) in ground.scenarios.iter().zip([50, 70, 60, 60]) {
        cases.extend(spread(kills(&ground, scenario), |case| case.point.kind, wanted));
    }
    let (tried, failures) = attack(&ground, cases, |case, site| {
        was_killed(&case.disturb(site)?)?;
        nothing_is_half(&picture(site), &case.scenario.pictures)?;
        again(case.scenario, site)
    });
    conclude("kills", tried, &failures, "cargo test --test chartroom faults::disturbed::a_night_that_is_killed");
}

/// A run that makes good what a killed one left is killed itself.
#[test]
fn a_recovery_that_is_killed_is_made_good_by_the_run_after_it() {
    if !has_strace() {
        return;
    }
    let ground = Ground::prepare();
    let mut killed = Vec::new();
    for name in ["second night", "the same day replaced", "old outputs removed"] {
        let renames = kills(&ground, ground.scenario(name)).into_iter().filter(|case| case.point.kind == Kind::Rename);
        killed.extend(spread(renames.collect(), |_| (), 3));
    }
    let sites: Vec<Scenario> = (0..)
        .zip(&killed)
        .map(|(place, case): (usize, &Case<'_>)| {
            let before = ground.new_folder(&format!("killed {place}"));
            was_killed(&case.disturb(&before).expect("nobody is named")).expect("killed");
            Scenario { name: case.name(), before, ..case.scenario.clone() }
        })
        .collect();
    let mut cases = Vec::new();
    for scenario in &sites {
        cases.extend(spread(kills(&ground, scenario), |case| case.point.kind, 7));
    }
    let (tried, failures) = attack(&ground, cases, |case, site| {
        was_killed(&case.disturb(site)?)?;
        nothing_is_half(&picture(site), &case.scenario.pictures)?;
        again(case.scenario, site)
    });
    conclude("killed recoveries", tried, &failures, "cargo test --test chartroom faults::disturbed::a_recovery");
}

/// What a killed night has published is finished by the run of the next day, and what it has not published never was.
#[test]
fn a_night_that_is_killed_is_made_good_by_the_night_after_it() {
    if !has_strace() {
        return;
    }
    let mut ground = Ground::prepare();
    let third = ["--as-of", "2026-11-03"];
    let second = ground.scenario("second night").clone();
    let published = ground.new_folder("published");
    copy(&second.before, &published);
    run(second.command(&published, &[])).expect("a night");
    ground.night("after a night", &published, &third);
    ground.night("after none", &second.before, &third);
    let cases = spread(kills(&ground, ground.scenario("second night")), |case| case.point.kind, 40);
    let (tried, failures) = attack(&ground, cases, |case, site| {
        was_killed(&case.disturb(site)?)?;
        let published = nothing_is_half(&picture(site), &case.scenario.pictures)?;
        again(ground.scenario(if published { "after a night" } else { "after none" }), site)
    });
    conclude("killed, and the next night", tried, &failures, "cargo test --test chartroom faults::disturbed::a_night");
}

#[test]
fn an_error_of_the_system_ends_the_night_with_74_and_a_call_that_was_interrupted_is_made_again() {
    if !has_strace() {
        return;
    }
    let ground = Ground::prepare();
    let mut cases = Vec::new();
    for (scenario, wanted) in ground.scenarios.iter().zip([60, 70, 50, 60]) {
        let with_errors = |point: Point| {
            let errors = point.kind.errors().iter();
            errors.map(move |error| Case { scenario, point: point.clone(), blow: Blow::Error(error) })
        };
        let all = points_of(&ground, scenario).into_iter().flat_map(with_errors).collect();
        cases.extend(spread(all, |case: &Case<'_>| (case.point.kind, case.blow), wanted));
    }
    let (tried, failures) = attack(&ground, cases, |case, site| {
        let done = case.disturb(site)?;
        let (now, errors) = (picture(site), String::from_utf8_lossy(&done.stderr));
        match done.status.code() {
            Some(0) if case.blow == Blow::Error("EINTR") => match differences(&now, &case.scenario.pictures.1) {
                Some(differences) => Err(format!("0, and {differences}")),
                None => Ok(()),
            },
            Some(0) => {
                say(&format!("{}: survived", case.name()));
                if let Some(differences) = differences(&without_leftovers(&now), &case.scenario.pictures.1) {
                    return Err(format!("0, and {differences}"));
                }
                again(case.scenario, site)
            }
            Some(74) if case.blow != Blow::Error("EINTR") => {
                let published = nothing_is_half(&now, &case.scenario.pictures)?;
                if errors.contains("published") && errors.contains("error: published") != published {
                    return Err(format!("published: {published}, and it says {errors}"));
                }
                again(case.scenario, site)
            }
            code => Err(format!("ends with {code:?}: {errors}")),
        }
    });
    conclude("errors of the system", tried, &failures, "cargo test --test chartroom faults::disturbed::an_error");
}
