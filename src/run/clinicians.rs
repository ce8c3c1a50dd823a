//! Clinicians with open deficiencies at the end of a run: their levels, the list of them, and the letters.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    book::sheet::Sheet,
    deficiency::{
        account::ClinicianAccount,
        clinician_sheet,
        clinician_tables::ClinicianList,
        clinicians::{ClinicianHistory, ClinicianNight, ClinicianStanding, Clinicians},
        examine::{Deficiency, NO_VALUE},
        kind::DeficiencyKind,
        settings::DeficiencySettings,
    },
    fs::staging::Staging,
    partition::registers::absences::Absences,
    plan::Plan,
    record::{date::Day, life::LifeOf},
    run::{
        fault::RunFault,
        lives::{KeptRecordCounts, list},
        outputs::{OutputAccount, Outputs, account},
        publication::plain_title,
        state::StateFolder,
    },
    tracking::{
        account::NightAccount,
        night::{AcceptedBy, Sighting},
        tables::ToResolveLine,
    },
};

/// What is remembered of a night, as JSON in the catalogue.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NightAccounts {
    /// Findings and deficiencies.
    pub night: NightAccount,
    /// Clinicians.
    pub clinicians: ClinicianAccount,
    /// The records that are kept.
    pub records: KeptRecordCounts,
}

/// Whether the pipeline looks for chart deficiencies.
pub fn looks_at_charts(plan: &Plan) -> bool {
    plan.deficiency.is_some()
}

/// Whether the pipeline takes clinicians with incomplete records through levels.
pub fn has_levels(plan: &Plan) -> bool {
    plan.deficiency.as_ref().is_some_and(|deficiency| !deficiency.clinicians.levels.is_empty())
}

/// The open deficiencies by clinician, none yet; `None` where the pipeline has no levels, and for a night before the newest one, of which nobody is told anything.
pub fn begin(plan: &Plan, today: Day, is_past: bool) -> Option<Clinicians> {
    (has_levels(plan) && !is_past).then(|| Clinicians::on(today))
}

/// Whether a code is that of a missing document: what is missing is told by the whole document index alone.
pub fn is_missing_document(code: &str) -> bool {
    code == DeficiencyKind::MissingDocument.entry().code
}

/// Follows a deficiency, where the record is incomplete by it or somebody has decided on it.
///
/// # Errors
/// The worklist cannot be written.
pub fn follow_deficiency(outputs: &mut Outputs, deficiency: &Deficiency) -> Result<(), RunFault> {
    let kind = deficiency.kind.entry();
    if !outputs.night.follows() || !kind.open {
        if let Some(clinicians) = outputs.clinicians.as_mut().filter(|_| deficiency.is_open()) {
            clinicians.add(deficiency, None);
        }
        return Ok(());
    }
    let key = deficiency.key();
    let record = deficiency.subject.record();
    let settled = outputs.night.decisions.in_force(key).settled.map(|(disposition, _)| disposition);
    let sighting = Sighting {
        of: LifeOf::Deficiency,
        key,
        code: kind.code,
        severity: None,
        facility_id: deficiency.subject.facility_id(),
        record: &record,
        field: &deficiency.document,
        values: NO_VALUE,
        accepted: settled.filter(|_| deficiency.settled).map(AcceptedBy::Decision),
        delinquent: deficiency.delinquent,
        is_of_a_record: true,
    };
    let Some(seen) = outputs.night.see(&sighting) else { return Ok(()) };
    if let Some(clinicians) = outputs.clinicians.as_mut().filter(|_| deficiency.is_open()) {
        clinicians.add(deficiency, Some(seen.first_seen));
    }
    outputs.night.count_due(deficiency.due.filter(|_| deficiency.is_open()));
    let line = ToResolveLine {
        status: seen.status,
        of: LifeOf::Deficiency,
        severity: "",
        code: kind.code,
        message: kind.name,
        facility_id: deficiency.subject.facility_id(),
        record: &record,
        field: &deficiency.document,
        value: &deficiency.document_id,
        owner: &deficiency.clinician,
        first_seen: seen.first_seen,
        days_open: 0,
        due: deficiency.due,
        note: "",
        key,
    };
    list(outputs, line)
}

/// What the clinicians came to.
#[derive(Debug, Default)]
pub struct ClinicianNightEnd {
    /// The figures.
    pub account: ClinicianAccount,
    /// How each stands.
    pub standings: Vec<ClinicianStanding>,
    /// The letters that were written.
    pub letters: Vec<OutputAccount>,
}

/// Looks at the clinicians, writes their list and letters, and has what became of them remembered. `held`: the document index did not come or could not be used;
/// `follows`: what became of them on earlier nights is known.
///
/// # Errors
/// A file cannot be written, or a template cannot be filled.
pub fn end(
    plan: &Plan,
    today: Day,
    (state, staging): (&mut StateFolder, &Staging),
    outputs: &mut Outputs,
    absences: &Absences,
    (held, follows): (bool, bool),
) -> Result<ClinicianNightEnd, RunFault> {
    let (Some(clinicians), Some(settings)) = (outputs.clinicians.take(), plan.deficiency.as_ref()) else {
        return Ok(ClinicianNightEnd::default());
    };
    // A run that reads the store follows no nights, and knows what became of clinicians from those of the pipeline that takes the records.
    let reads = plan.records.as_ref().filter(|records| !records.takes).map(|records| records.pipeline.as_str());
    let before = match reads {
        Some(pipeline) => state.clinicians_of(pipeline),
        None if follows => state.clinicians(),
        None => BTreeMap::new(),
    };
    let before = before.into_iter().map(|(name, events)| (name, ClinicianHistory::read(&events).before(today)));
    let mut histories: BTreeMap<String, ClinicianHistory> = before.collect();
    // A month that is counted beside the nights sends nobody a letter.
    let letters_due = plan.period.is_none() && are_letters_due(settings, today, state, follows);
    let night = ClinicianNight {
        today,
        delinquent_after_days: settings.delinquent_after_days,
        held,
        letters: letters_due && !held,
        remembers: follows,
        organization: &plan.archive.source_organization,
    };
    let standings = clinicians.standings(&settings.clinicians, absences, &histories, &night);
    let mut letters = Vec::new();
    for standing in &standings {
        let mut name = String::new();
        if let Some(letter) = &standing.letter {
            name = format!("letters/{:04}-{}", letters.len() / 2 + 1, plain_title(&letter.level));
            for (template, end) in settings.clinicians.templates.iter().zip(["txt", "html"]) {
                // It was tried when the pipeline was read.
                let text = template.fill(letter).map_err(|fault| RunFault::Internal(fault.to_string()))?;
                let path = format!("{name}.{end}");
                letters.push(account(&path, 0, &staging.write(&format!("data/{path}"), text.as_bytes())?));
            }
        }
        outputs.write::<ClinicianList>([(standing, name.as_str())])?;
        let history: &mut ClinicianHistory = histories.entry(standing.clinician.clone()).or_default();
        history.0.extend(standing.events.iter().map(|event| (today, event.clone())));
    }
    if follows {
        state.remember_clinicians(histories.into_iter().map(|(name, history)| (name, history.to_string())).collect());
    }
    let account = ClinicianAccount::of(&standings, letters_due && !held, letters_due && held);
    Ok(ClinicianNightEnd { account, standings, letters })
}

/// Whether letters are due: on their day of the week, or on the first night after it; and where they were held back the night before.
fn are_letters_due(settings: &DeficiencySettings, today: Day, state: &StateFolder, follows: bool) -> bool {
    let due = settings.clinicians.letters_on.last(today);
    let Some((before, night)) = state.night_before(today).filter(|_| follows) else { return due == today };
    let accounts: NightAccounts = serde_json::from_str(&night.account).unwrap_or_default();
    due > before || accounts.clinicians.letters_held_back
}

/// The sheet of clinicians, where the pipeline has levels.
pub fn sheet(plan: &Plan, end: &ClinicianNightEnd, held: &str) -> Option<Sheet> {
    let settings = &plan.deficiency.as_ref()?.clinicians;
    if settings.levels.is_empty() {
        return None;
    }
    let mut notes: Vec<String> = settings
        .levels
        .iter()
        .map(|level| {
            let suspends = if level.suspends { ", on the suspension list" } else { "" };
            format!("Level {}: older than {} days{suspends}.", level.name, level.after_days)
        })
        .collect();
    if !held.is_empty() {
        notes.push(format!("Nobody is raised, suspended or written to tonight: {held}."));
    }
    Some(clinician_sheet::sheet(&end.standings, notes))
}
