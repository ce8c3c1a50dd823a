//! Power failures: a night is recorded, its calls are followed on a model of the disk, and the failure comes after each of them.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use super::{
    aftermath::{again, differences, nothing_is_half},
    choice::{conclude, only, spread, try_all},
    disk::{Disk, Left, Loss},
    site::{Ground, Scenario, copy, picture},
    trace::{Call, Kind, has_strace, record},
};
use crate::shared_folder::say;

/// Where the power goes, and what that leaves.
struct Cut<'g> {
    scenario: &'g Scenario,
    /// The call before it.
    after: String,
    loss: Loss,
    left: Left,
}

impl Cut<'_> {
    fn name(&self) -> String {
        format!("{}, power lost after {}, unflushed lost: {:?}", self.scenario.name, self.after, self.loss)
    }
}

fn words(call: &Call, place: usize, site: &Path) -> String {
    let paths = call.paths().into_iter().map(|path| path.strip_prefix(site).unwrap_or(&path).display().to_string());
    let paths: Vec<String> = paths.collect();
    format!("{place} {}({})", call.name, paths.join(", "))
}

/// Where the night of a scenario is recorded.
fn powered(ground: &Ground, scenario: &Scenario) -> PathBuf {
    ground.new_folder(&format!("powered {}", scenario.name))
}

/// Every cut of a night that leaves another disk than the ones before.
fn cuts<'g>(ground: &Ground, scenario: &'g Scenario) -> Vec<Cut<'g>> {
    let site = powered(ground, scenario);
    copy(&scenario.before, &site);
    let calls = record(scenario, &site, &site.with_extension("trace"));
    let mut disk = Disk::of(&scenario.before, &site);
    let (mut seen, mut cuts) = (BTreeSet::new(), Vec::new());
    for (place, call) in calls.iter().enumerate().filter(|(_, call)| call.result.is_some()) {
        disk.follow(call);
        if !call.kind().is_some_and(Kind::changes) {
            continue;
        }
        let place_in_seeds = 4 * place as u64;
        for loss in [Loss::All, Loss::Data, Loss::Some(place_in_seeds), Loss::Some(place_in_seeds + 1)] {
            let left = disk.after(loss);
            if seen.insert(left.fingerprint()) {
                cuts.push(Cut { scenario, after: words(call, place, &site), loss, left });
            }
        }
    }
    // The model is right: with nothing lost it is the disk that the run left.
    let modelled = ground.new_folder(&format!("modelled {}", scenario.name));
    disk.after(Loss::None).lay_out(&modelled);
    assert_eq!(
        differences(&picture(&modelled), &picture(&site)),
        None,
        "{}: the model of the disk is wrong",
        scenario.name
    );
    say(&format!("{}: {} disks that a power failure can leave", scenario.name, cuts.len()));
    cuts
}

#[test]
fn a_power_failure_leaves_whole_outputs_and_the_next_run_makes_it_good() {
    if !has_strace() {
        return;
    }
    let ground = Ground::prepare();
    let mut all = Vec::new();
    for (scenario, wanted) in ground.scenarios.iter().zip([40, 60, 50, 50]) {
        let of_loss = |cut: &Cut<'_>| match cut.loss {
            Loss::All => 0,
            Loss::Data => 1,
            Loss::None | Loss::Some(_) => 2,
        };
        all.extend(spread(cuts(&ground, scenario), of_loss, wanted));
    }
    if let Some(words) = only() {
        all.retain(|cut| cut.name().contains(&words));
    }
    let failures = try_all(&all, Cut::name, |cut, place| {
        let site = ground.new_folder(&format!("site {place}"));
        cut.left.lay_out(&site);
        let held = nothing_is_half(&picture(&site), &cut.scenario.pictures).and_then(|_| again(cut.scenario, &site));
        std::fs::remove_dir_all(&site).expect("removed");
        held
    });
    conclude("power failures", all.len(), &failures, "cargo test --test chartroom faults::power");
}
