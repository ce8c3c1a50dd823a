//! `chartroom check PIPELINE`.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    io::IsTerminal as _,
    path::{Path, PathBuf},
};

use clap::Args;

use super::{complain, complain_lines, complain_of_each, complain_styled, exit::Exit, log, print};
use crate::{
    edits::{engine::ActiveRules, explain::known, profile::Profile},
    fs::{entries_of, path::shown, read_configuration_text},
    plan::{Overrides, Plan, check::check as check_plan},
    record::{date::Day, field::Field, listed, shown},
    run::{
        dry_run::what_would_become,
        places::{self, PlaceFault},
        publication::{family_name, folder_name},
        releases::imported,
        state,
        trial::{Trial, try_inputs},
    },
};

#[derive(Debug, Args)]
pub struct CheckArguments {
    /// The pipeline file
    pipeline: Option<PathBuf>,
    /// Print the JSON schema of pipeline files instead
    #[arg(long)]
    schema: bool,
    /// Print every edit with the severity in force and where it comes from, every condition and every acceptance
    #[arg(long)]
    effective: bool,
}

/// Checks a pipeline file and everything it names.
pub fn check(arguments: &CheckArguments) -> Exit {
    if arguments.schema {
        return print(&crate::plan::written::json_schema());
    }
    let Some(pipeline) = &arguments.pipeline else {
        complain("error: name a pipeline file: chartroom check pipelines/nightly.toml");
        return Exit::Configuration;
    };
    match plan_of(pipeline, &Overrides::default()) {
        Ok(plan) if arguments.effective => print(&effective(&plan)),
        Ok(plan) => tell(&plan, None),
        Err(exit) => exit,
    }
}

/// The checked plan; its problems are printed where it has any.
pub fn plan_of(path: &Path, overrides: &Overrides) -> Result<Plan, Exit> {
    if path.is_dir() {
        complain_lines(&format!("error: {}", pipelines_of(path)));
        return Err(Exit::Configuration);
    }
    check_plan(path, overrides, &known()).map_err(|problems| {
        let exit = if problems.is_of_the_system() { Exit::FileSystem } else { Exit::Configuration };
        if log::is_on() {
            log::problems(&problems);
            return exit;
        }
        let styled = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        complain_styled(problems.render(styled).trim_end());
        exit
    })
}

/// What to say of a folder where a pipeline file is wanted: the pipelines that lie in it.
fn pipelines_of(folder: &Path) -> String {
    let entries = entries_of(folder).map(|entries| entries.filter_map(Result::ok).collect::<Vec<_>>());
    let mut pipelines: Vec<String> = entries
        .unwrap_or_default()
        .iter()
        .map(std::fs::DirEntry::path)
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .filter(|path| read_configuration_text(path).is_ok_and(|text| text.contains("[[ingest]]")))
        .map(|path| shown::path(&path))
        .collect();
    pipelines.sort();
    let folder = shown::path(folder);
    if pipelines.is_empty() {
        return format!("{folder} is a folder and has no pipeline file; `chartroom init` writes a first one");
    }
    format!("{folder} is a folder; name one of its pipelines:\n  {}", pipelines.join("\n  "))
}

/// The configuration in force, after profiles and the pipeline's own words.
fn effective(plan: &Plan) -> String {
    let edits = &plan.edits;
    let rules = ActiveRules::new(&edits.ignore, &edits.severity).applying(&edits.apply).with_site(&edits.site);
    let mut text = format!("{}: configuration in force\n\n", shown::shown(&plan.title));
    for profile in &edits.profiles {
        let _ = writeln!(
            text,
            "{}",
            shown::shown(&format!("profile {}: {} ({})", profile.name, profile.title, profile.source))
        );
    }
    let _ = writeln!(
        text,
        "stays are long from {} days{}; patient numbers are {}{}\n\nedits",
        edits.long_stay_days + 1,
        edits.longest_stay_days.map_or(String::new(), |days| format!(" and errors from {}", days + 1)),
        if edits.patient_numbers_by_facility { "each facility's own" } else { "shared by all facilities" },
        if edits.encounter_numbers_by_facility { "; encounter numbers are each facility's own" } else { "" }
    );
    for number in 0..rules.count() {
        let rule = rules.described(number);
        let of_profile = |profile: &&Profile| profile.severity.iter().any(|(code, _)| code == rule.code);
        let own = edits.severity.iter().filter(|(code, _)| code == rule.code).count();
        let of_profiles = edits.profiles.iter().filter(of_profile).count();
        let from = if number >= rules.rules.len() {
            "the site's own".to_owned()
        } else if own > of_profiles {
            "pipeline".to_owned()
        } else {
            edits.profiles.iter().rfind(of_profile).map_or(String::new(), |profile| profile.name.clone())
        };
        let _ = writeln!(
            text,
            "{}",
            shown::shown(
                format!("  {:<16} {:<8} {:<42} {from}", rule.code, rule.severity.name(), rule.name).trim_end()
            )
        );
    }
    for code in &edits.ignore {
        let _ = writeln!(text, "  {code:<16} ignored");
    }
    for profile in &edits.profiles {
        let _ = writeln!(text, "\nconditions of {}", shown::shown(&profile.name));
        for condition in &profile.conditions {
            let wait = condition.after.map_or(String::new(), |after| {
                format!(", asked from {} after the {}", after.time.words(), after.start.words())
            });
            let words = format!("  {}: {}{wait} ({})", condition.name, condition.limit.words(), condition.source);
            let _ = writeln!(text, "{}", shown::shown(&words));
        }
    }
    if !edits.targets.is_empty() {
        text.push_str("\ndischarges expected a month\n");
        for (facility, target) in &edits.targets {
            let _ = writeln!(text, "  {:<16} {target}", shown::shown(facility));
        }
    }
    if !edits.acceptances.is_empty() {
        text.push_str("\nverified as true\n");
        for acceptance in &edits.acceptances {
            let rule = if acceptance.rule.is_empty() { "any edit" } else { &acceptance.rule };
            let of = match (&acceptance.condition, acceptance.record.is_empty()) {
                (Some(condition), _) => format!(" where {}", condition_shown(&condition.text)),
                (None, false) => " on one record".to_owned(),
                (None, true) => String::new(),
            };
            let until = acceptance.until.map_or(String::new(), |until| format!(", until {until}"));
            let words = format!("  {rule}{of}: {} ({}{until})", acceptance.reason, acceptance.author);
            let _ = writeln!(text, "{}", shown::shown(&words));
        }
    }
    text
}

/// A condition as it is written; where it may name a patient or a stay, by a field that identifies one, that field alone.
fn condition_shown(text: &str) -> String {
    let mut words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    let of = words.find_map(|word| {
        Field::from_name(word).filter(|field| field.entry().identifying || *field == Field::EncounterId)
    });
    of.map_or_else(|| text.to_owned(), |field| format!("a condition on {} holds", field.name()))
}

/// Says what a plan would read and write, and what of its inputs does not fit. The exit code is the one a run would have for its inputs: 65 where one of them as
/// a whole cannot be used, 74 where the system cannot read it, a folder of inputs is not
/// there, a file of the state or of the store of code sets is damaged, a place that it writes to takes no files, or something that is not this program's has a
/// name that it needs.
pub fn tell(plan: &Plan, business_date: Option<Day>) -> Exit {
    let trials = try_inputs(plan);
    let of_places = places::faults(plan);
    // In what is no folder no file is looked for.
    let is_no_folder = places::is_no_folder(&of_places, "state");
    let mut of_files = if is_no_folder { Vec::new() } else { state::faults(plan) };
    of_files.extend(imported::faults(&plan.coding));
    let of_files = of_files.into_iter().map(|fault| fault.to_string());
    let faults: Vec<String> = of_places.iter().map(PlaceFault::words).chain(of_files).collect();
    let printed = print(&description(plan, business_date, &trials, !faults.is_empty()));
    let mut exit = match printed {
        Exit::Done if trials.iter().any(|trial| trial.is_unreadable) => Exit::FileSystem,
        Exit::Done if trials.iter().any(Trial::is_unusable) => Exit::Input,
        printed => printed,
    };
    let mut faults = faults_of_folders(plan).into_iter().map(str::to_owned).chain(faults).peekable();
    if faults.peek().is_some() {
        complain_of_each(faults);
        exit = Exit::FileSystem;
    }
    exit
}

/// Why files cannot be looked for, each reason once, however many feeds have it.
fn faults_of_folders(plan: &Plan) -> BTreeSet<&str> {
    let unmatched = plan.feeds.iter().flat_map(|feed| &feed.unmatched);
    unmatched.filter_map(|unmatched| unmatched.fault.as_deref()).collect()
}

/// What a plan would read and write, with one line for each input that does not fit. `is_stopped`: a run would end before it reads anything.
fn description(plan: &Plan, business_date: Option<Day>, trials: &[Trial], is_stopped: bool) -> String {
    let unusable = trials.iter().filter(|trial| trial.is_unusable()).count();
    let mut lines = vec![match unusable {
        0 if !faults_of_folders(plan).is_empty() => format!("{}: files cannot be looked for", plan.title),
        0 if is_stopped => format!("{}: a run would end before it reads anything", plan.title),
        0 => match trials.iter().filter(|trial| !trial.words().is_empty()).count() {
            0 => format!("{}: nothing wrong", plan.title),
            count => {
                format!("{}: nothing wrong with the file; look at {count} of {} inputs", plan.title, trials.len())
            }
        },
        count => format!("{}: {count} of {} inputs cannot be used", plan.title, trials.len()),
    }];
    // `check` speaks of the files as they are, a dry run of what tonight would make of them. A state that cannot be read is told elsewhere.
    let becomes = business_date.and_then(|_| what_would_become(plan).ok().flatten()).unwrap_or_default();
    let is_from_store = plan.records.as_ref().is_some_and(|records| !records.takes);
    for (place, feed) in plan.feeds.iter().enumerate() {
        let delivered =
            feed.delivery.as_ref().map_or(String::new(), |delivery| format!(", delivered as {}", delivery.words()));
        lines.push(format!(
            "  reads {} as {} ({}){delivered}{}",
            feed.name,
            feed.layout.table.name(),
            feed.layout.title,
            if is_from_store { "" } else { ":" },
        ));
        let mut of_feed: Vec<(&Trial, String)> =
            trials.iter().filter(|trial| trial.feed == place).map(|trial| (trial, trial.words())).collect();
        // Where not all are shown, those are that something is said of.
        if of_feed.len() > listed::SHOWN {
            of_feed.sort_by_key(|(_, words)| words.is_empty());
        }
        lines.extend(listed::lines(of_feed.into_iter().map(|(trial, words)| {
            let part = &trial.account.part;
            let part = if part.is_empty() { String::new() } else { format!(" [{part}]") };
            let words = if words.is_empty() { String::new() } else { format!(": {words}") };
            let becomes =
                becomes.get(&(place, trial.file.clone())).map_or(String::new(), |words| format!(" ({words})"));
            format!("    {}{part}{becomes}{words}", shown(&trial.file))
        })));
        let folders = feed.folders.iter();
        lines.extend(listed::lines(
            folders.map(|folder| format!("    {}: a folder; what lies in it is not read", shown(folder))),
        ));
        let unmatched = feed.unmatched.iter().filter(|unmatched| unmatched.fault.is_none());
        lines.extend(listed::lines(unmatched.map(|unmatched| format!("    no file matches {}", unmatched.looked_for))));
    }
    let folder = match business_date {
        Some(day) => plan.output.join(folder_name(plan, day)),
        None => plan.output.clone(),
    };
    lines.push(format!("  writes to {}", shown(&folder)));
    lines.push(format!("  worklists to work on in {}", shown(&plan.worklists.join(family_name(plan)))));
    if let Some(state) = &plan.state {
        lines.push(format!("  remembers in {}", shown(state)));
        lines.extend(plan.records.as_ref().map(|records| match records.takes {
            true => "  keeps its records there: the inbox may be emptied after each run".to_owned(),
            false => format!("  reads no export: the records are those that `{}` keeps there", records.pipeline),
        }));
    }
    lines.iter().map(|line| shown::shown(line).into_owned() + "\n").collect()
}
