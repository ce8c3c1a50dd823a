//! Power failures: a night is recorded, its calls are followed on a model of the disk, and the failure comes after each of them.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};

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

/// Lets the record of a commit speak of the site that it lies in, and not of the one where it was recorded, whose output is at its place.
fn stand_where(site: &Path, recorded: &Path) {
    for name in ["pending", "pending.new"] {
        let record = site.join("state/.state.at-work").join(name);
        if let Ok(text) = std::fs::read_to_string(&record) {
            // A record that was lost in part stays so; a whole one ends in the digest of what stands before.
            let Some((line, _)) = text.strip_suffix('\n').and_then(|text| text.rsplit_once('\n')) else { continue };
            let line = line.replace(&*recorded.to_string_lossy(), &site.to_string_lossy());
            let digest: String = Sha256::digest(&line).iter().map(|octet| format!("{octet:02x}")).collect();
            std::fs::write(&record, format!("{line}\n{digest}\n")).expect("written");
        }
    }
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
        stand_where(&site, &powered(&ground, cut.scenario));
        let held = nothing_is_half(&picture(&site), &cut.scenario.pictures).and_then(|_| again(cut.scenario, &site));
        std::fs::remove_dir_all(&site).expect("removed");
        held
    });
    conclude("power failures", all.len(), &failures, "cargo test --test chartroom faults::power");
}

/// A name that is in the record and not in the work folder has taken its place: so the names of the followers are flushed before the record is put in force.
#[test]
fn the_names_of_the_followers_last_before_the_record_that_names_them() {
    if !has_strace() {
        return;
    }
    let ground = Ground::prepare();
    let mut records = 0;
    for scenario in &ground.scenarios {
        let site = ground.new_folder(&format!("flushed {}", scenario.name));
        copy(&scenario.before, &site);
        let calls = record(scenario, &site, &site.with_extension("trace"));
        let kept: Vec<(Kind, Vec<PathBuf>)> = calls
            .iter()
            .filter(|call| call.result.is_some())
            .filter_map(|call| Some((call.kind()?, call.paths())))
            .collect();
        for (place, (kind, paths)) in kept.iter().enumerate() {
            let Some(pending) = paths.get(1).filter(|path| *kind == Kind::Rename && path.ends_with("pending")) else {
                continue;
            };
            let folder = site.join(pending.parent().expect("a work folder"));
            let is_in = |path: &PathBuf| site.join(path).parent() == Some(&folder);
            let named =
                kept[..place].iter().rposition(|(kind, paths)| *kind == Kind::Create && paths.iter().any(is_in));
            let named = named.expect("the record was made");
            let is_flushed =
                kept[named..place].iter().any(|(kind, paths)| *kind == Kind::Sync && *paths == [folder.as_path()]);
            assert!(is_flushed, "{}: the folder of the record is not flushed before it is in force", scenario.name);
            records += 1;
        }
    }
    assert!(records >= 3, "{records} records were put in force");
}
