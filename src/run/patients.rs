//! The edits between the records of one patient, asked after all partitions: the stays in brief are merged by patient.

use crate::{
    edits::{
        between::{MOST_RECORDS, examine_patient, patient_rules},
        engine::ActiveRules,
        rule::Context,
        scorecard::Scorecard,
    },
    ingest::sorter::Sorter,
    record::finding::Finding,
};

use super::pipeline::RunFault;

/// Asks the rules of every patient's stays and gives the findings on, patient by patient.
///
/// # Errors
/// The sorter's temporary file cannot be read, or the findings cannot be written.
pub fn examine_stays(
    stays: Sorter,
    rules: &ActiveRules,
    context: &Context,
    scorecard: &mut Scorecard,
    write: &mut dyn FnMut(&[Finding]) -> Result<(), RunFault>,
) -> Result<(), RunFault> {
    let asked = patient_rules(rules);
    let mut merge = stays.merge().map_err(RunFault::Write)?;
    let mut patient: Vec<u8> = Vec::new();
    let mut key: Vec<u8> = Vec::new();
    let mut records = 0;
    let mut findings = Vec::new();
    while let Some(row) = merge.row() {
        if row.key() != key.as_slice() {
            examine_patient(&patient, &asked, rules, context, scorecard, &mut findings);
            write(&findings)?;
            findings.clear();
            patient.clear();
            key.clear();
            key.extend_from_slice(row.key());
            records = 0;
        }
        records += 1;
        if records <= MOST_RECORDS {
            patient.extend_from_slice(row.bytes());
        }
        merge.advance().map_err(RunFault::Write)?;
    }
    examine_patient(&patient, &asked, rules, context, scorecard, &mut findings);
    write(&findings)
}
