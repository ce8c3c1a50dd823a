//! Findings and deficiencies from night to night, as a run follows them: what the nights before left, what tonight comes to, and what is remembered of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    edits::engine::ActiveRules,
    fs::{hexadecimal, staging::Staging},
    partition::registers::absences::Absences,
    plan::Plan,
    record::{
        account::InputAccount,
        date::Day,
        field::CanonicalTable,
        finding::Finding,
        life::{LifeOf, LifeStatus},
        subject::Subject,
    },
    run::{
        clinicians::{self, ClinicianNightEnd, NightAccounts},
        desks::DeskAccounts,
        fault::RunFault,
        options::RunOptions,
        outputs::Outputs,
        read::ReadInputs,
        state::StateFolder,
        what_changed::NightScope,
    },
    store::content::RememberedNight,
    tracking::{
        account::{CHANGED, EVERYTHING, NightAccount},
        night::{AcceptedBy, Night, NightBegin, Sighting},
        tables::{NoLongerFound, ToResolve, ToResolveLine},
    },
};

/// What is said where nothing is followed although the records are kept: a later night was.
const LATER_NIGHT: &str = "a later night has run, and findings are followed from there";

/// Whether a run takes files and keeps their records, so that it follows what is found in them.
pub fn keeps(plan: &Plan) -> bool {
    plan.records.as_ref().is_some_and(|records| records.takes)
}

/// The night of a run: what was decided, and, where the records are kept, what the nights before left.
///
/// # Errors
/// The state cannot be read, or is not what the last run left.
pub fn begin(
    plan: &Plan,
    business_date: Day,
    state: &StateFolder,
    read: &mut ReadInputs,
    inputs: &[InputAccount],
) -> Result<Night, RunFault> {
    let mut night = Night::with(std::mem::take(&mut read.registers.decisions));
    if !keeps(plan) || is_past(state, business_date) {
        // A decision holds of the value that it held of on the nights of the pipeline that took it.
        if plan.records.is_some() {
            night.remembers();
        }
        for key in night.keys_decided() {
            let row = plan.records.as_ref().map_or(Ok(None), |records| state.tracked(&records.pipeline, key))?;
            row.into_iter().for_each(|row| night.know(row));
        }
        return Ok(night);
    }
    let basis = basis(plan, read);
    let before = state.night_before(business_date);
    night.follow(
        business_date,
        NightBegin {
            previous: before.map(|(day, _)| day),
            edits_changed: before.is_some_and(|(_, before)| before.basis != basis),
            delinquency_held: why_held(plan, inputs).unwrap_or_default(),
            documents_as_of: documents_as_of(plan, business_date, state, inputs),
            history_days: plan.records.as_ref().and_then(|records| records.history_days),
            came_tonight: inputs.iter().map(|input| (!input.taken_before).then(|| input.label())).collect(),
        },
    );
    state.each_tracked(&mut |row| night.remember(row))?;
    Ok(night)
}

fn is_past(state: &StateFolder, business_date: Day) -> bool {
    state.nights().iter().any(|(day, _)| *day > business_date)
}

/// Digest of all but the records that findings come from: the edition, the pipeline with all that it names, and the code sets that were imported.
pub(super) fn basis(plan: &Plan, read: &ReadInputs) -> String {
    let mut digest = Sha256::new();
    let mut add = |text: &str| {
        digest.update((text.len() as u64).to_le_bytes());
        digest.update(text);
    };
    add(env!("CARGO_PKG_VERSION"));
    for (name, sha256) in &plan.sources {
        add(name);
        add(sha256);
    }
    for entry in &read.imported.entries {
        add(&entry.name);
        add(&entry.source_sha256);
    }
    hexadecimal(&digest.finalize())
}

/// Why the document index does not speak of tonight: its file did not come, or could not be used.
fn why_held(plan: &Plan, inputs: &[InputAccount]) -> Option<String> {
    if !clinicians::looks_at_charts(plan) {
        return None;
    }
    let is_of_documents = |input: &&InputAccount| {
        plan.feeds.iter().any(|feed| feed.name == input.feed && feed.layout.table == CanonicalTable::Documents)
    };
    let tonight: Vec<&InputAccount> =
        inputs.iter().filter(is_of_documents).filter(|input| !input.taken_before).collect();
    let fault = tonight.iter().find_map(|input| match (input.missing.is_empty(), input.fault.is_empty()) {
        (false, _) => Some(format!("{}: {}", input.feed, input.missing)),
        (true, false) => Some(format!("{} could not be used", input.label())),
        (true, true) => None,
    });
    fault.or_else(|| (!tonight.iter().any(|input| input.brings_rows())).then(|| "no document index came".to_owned()))
}

/// The day on which a document index came last that could be used: tonight, where nothing of it is missing.
fn documents_as_of(plan: &Plan, business_date: Day, state: &StateFolder, inputs: &[InputAccount]) -> Option<Day> {
    if why_held(plan, inputs).is_none() {
        return Some(business_date);
    }
    let feeds = plan.feeds.iter().filter(|feed| feed.layout.table == CanonicalTable::Documents);
    let names: Vec<&str> = feeds.map(|feed| feed.name.as_str()).collect();
    state.newest_night_of(&names, business_date)
}

/// The night on which the document index came last, and which inputs were there by then, on a night on which none came or could be used; `None` on every other night,
/// and where none is kept.
pub fn documents_of_before(
    plan: &Plan,
    business_date: Day,
    state: &StateFolder,
    inputs: &[InputAccount],
) -> Option<(Day, Vec<bool>)> {
    let is_held = keeps(plan) && why_held(plan, inputs).is_some();
    let day = is_held.then(|| documents_as_of(plan, business_date, state, inputs)).flatten()?;
    // The inputs that are kept come first, in the order in which they were taken.
    Some((day, state.nights_of_inputs().into_iter().map(|night| night.is_some_and(|night| night <= day)).collect()))
}

/// Follows a finding: writes it to the worklist where it is open.
///
/// # Errors
/// The worklist cannot be written.
pub fn follow_finding(outputs: &mut Outputs, finding: &Finding, rules: &ActiveRules) -> Result<(), RunFault> {
    let rule = rules.described(usize::from(finding.rule));
    if !outputs.night.follows() || !rules.is_followed(finding) {
        return Ok(());
    }
    let accepted = finding.accepted.map(|accepted| match rules.accepted_by(accepted) {
        Ok(_) => AcceptedBy::Pipeline,
        Err(disposition) => AcceptedBy::Decision(disposition),
    });
    let record = finding.subject.record();
    let sighting = Sighting {
        of: LifeOf::Finding,
        key: finding.key,
        code: rule.code,
        severity: Some(finding.severity),
        facility_id: finding.subject.facility_id(),
        record: &record,
        field: finding.field.map_or("", crate::record::field::Field::name),
        values: finding.values,
        accepted,
        delinquent: false,
        is_of_a_record: matches!(finding.subject, Subject::Encounter { .. }),
    };
    let Some(seen) = outputs.night.see(&sighting) else { return Ok(()) };
    let line = ToResolveLine {
        status: seen.status,
        of: LifeOf::Finding,
        severity: finding.severity.name(),
        code: rule.code,
        message: rule.message,
        facility_id: finding.subject.facility_id(),
        record: &record,
        field: finding.field.map_or("", crate::record::field::Field::name),
        value: &finding.raw,
        owner: "",
        first_seen: seen.first_seen,
        days_open: 0,
        due: None,
        note: "",
        key: finding.key,
    };
    list(outputs, line)
}

/// Lists what is open, with what was decided of it.
pub(super) fn list(outputs: &mut Outputs, line: ToResolveLine<'_>) -> Result<(), RunFault> {
    if matches!(line.status, LifeStatus::Verified | LifeStatus::Waived) {
        return Ok(());
    }
    let in_force = outputs.night.decisions.in_force(line.key);
    let (assigned_to, note) = (in_force.assigned_to.to_owned(), in_force.note.to_owned());
    let days_open = outputs.night.days_since(line.first_seen);
    let owner = if assigned_to.is_empty() { line.owner } else { &assigned_to };
    outputs.write::<ToResolve>([ToResolveLine { owner, days_open, note: &note, ..line }])
}

/// Records that are kept, as the nights are compared by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeptRecordCounts {
    /// Records, in their newest version.
    pub records: u64,
    /// Older versions of them.
    pub superseded: u64,
    /// Of the records, withdrawn ones.
    pub withdrawn: u64,
}

/// What became of the records since the night before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RecordsTonight {
    /// Records that were not there before.
    pub new: u64,
    /// Versions that took the place of others.
    pub corrected: u64,
    /// Records that were withdrawn.
    pub withdrawn: u64,
}

impl RecordsTonight {
    /// What became of records between two nights.
    fn between(before: KeptRecordCounts, now: KeptRecordCounts) -> RecordsTonight {
        RecordsTonight {
            new: now.records.saturating_sub(before.records),
            // A record that is withdrawn leaves its last version behind.
            corrected: now
                .superseded
                .saturating_sub(before.superseded)
                .saturating_sub(now.withdrawn.saturating_sub(before.withdrawn)),
            withdrawn: now.withdrawn.saturating_sub(before.withdrawn),
        }
    }
}

/// What a night comes to, beside what is remembered of it.
#[derive(Debug, Default)]
pub struct LivesEnd {
    /// Findings and deficiencies.
    pub night: NightAccount,
    /// Clinicians.
    pub clinicians: ClinicianNightEnd,
    /// What became of the records; `None` where nights are not followed.
    pub records: Option<RecordsTonight>,
}

/// Ends the night: lists what is no longer found, and the clinicians; has both remembered, and gives their accounts.
///
/// # Errors
/// A row of the state cannot be read, or a list or letter cannot be written.
pub fn end(
    plan: &Plan,
    options: &RunOptions<'_>,
    (state, staging): (&mut StateFolder, &Staging),
    outputs: &mut Outputs,
    desks: &DeskAccounts,
    (read, absences): (&ReadInputs, &Absences),
    (records, examined_tonight): (KeptRecordCounts, u64),
) -> Result<LivesEnd, RunFault> {
    let business_date = options.business_date;
    let night = std::mem::take(&mut outputs.night);
    let follows = night.follows();
    let without_index = desks.deficiencies.is_without_index();
    let held = without_index || !night.delinquency_held().is_empty();
    let clinicians = clinicians::end(plan, business_date, (state, staging), outputs, absences, (held, follows))?;
    let not_asked: Vec<&str> =
        desks.not_asked.iter().flat_map(|table| &table.rules).map(|rule| rule.code.as_str()).collect();
    let is_carried = |of: LifeOf, code: &str, is_without_index: bool| match of {
        LifeOf::Finding => not_asked.contains(&code),
        LifeOf::Deficiency => (without_index || is_without_index) && clinicians::is_missing_document(code),
    };
    let sum = state.tracked_sum();
    let ended = night.end(&plan.title, sum, &is_carried, &mut |key| state.tracked(&plan.title, key))?;
    let (examined, everything_because) = match &read.scope {
        NightScope::Changed(_) => (CHANGED, String::new()),
        NightScope::Everything { why, .. } => (EVERYTHING, why.clone()),
    };
    let Some(mut ended) = ended else {
        let why = if keeps(plan) && is_past(state, business_date) { LATER_NIGHT } else { "" };
        let mut night = NightAccount { not_followed: why.to_owned(), ..NightAccount::default() };
        if plan.records.as_ref().is_some_and(|records| !records.takes && !records.examines_everything) {
            (night.examined, night.everything_because) = (examined.to_owned(), everything_because);
            (night.records_examined, night.records_kept) = (examined_tonight, records.records);
        }
        return Ok(LivesEnd { night, clinicians, records: None });
    };
    ended.account.examined = examined.to_owned();
    ended.account.everything_because = everything_because;
    ended.account.records_examined = examined_tonight;
    ended.account.records_kept = records.records;
    let before = state.night_before(business_date);
    let before: NightAccounts =
        before.and_then(|(_, night)| serde_json::from_str(&night.account).ok()).unwrap_or_default();
    let tonight = RecordsTonight::between(before.records, records);
    outputs.write::<NoLongerFound>(&ended.no_longer_found)?;
    let accounts = NightAccounts { night: ended.account.clone(), clinicians: clinicians.account.clone(), records };
    let account = serde_json::to_string(&accounts)
        .map_err(|_| RunFault::Internal("the account of a night cannot be written as JSON".to_owned()))?;
    state.remember_night(
        business_date,
        RememberedNight { basis: basis(plan, read), account },
        (ended.sum, ended.edits),
    );
    Ok(LivesEnd { night: ended.account, clinicians, records: Some(tonight) })
}
