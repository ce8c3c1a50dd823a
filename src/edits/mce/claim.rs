//! A claim as the editor takes it, and what the editor says of it.

use super::edit::{COUNT, Edit, EditSet, Review};
use crate::record::date::Day;

/// The revision the codes of a claim are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revision {
    /// ICD-9-CM.
    Icd9,
    /// ICD-10-CM and ICD-10-PCS.
    Icd10,
}

/// A claim for inpatient care. Codes are upper case without dots; presence on admission does not bear on these edits.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    /// Revision of all codes.
    pub revision: Revision,
    /// Day of discharge; `None` where it is missing or no date.
    pub discharged: Option<Day>,
    /// Age in completed years at admission.
    pub age: i32,
    /// 1 male, 2 female; anything else is neither.
    pub sex: u8,
    /// Discharge status as a number.
    pub discharge_status: u16,
    /// Length of stay in days.
    pub length_of_stay: i32,
    /// Admitting diagnosis; empty where there is none.
    pub admitting: &'a str,
    /// Diagnoses, the principal one first.
    pub diagnoses: &'a [&'a str],
    /// Procedures.
    pub procedures: &'a [&'a str],
}

/// The edits of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimVerdict {
    /// By diagnosis.
    pub diagnoses: Vec<EditSet>,
    /// By procedure.
    pub procedures: Vec<EditSet>,
    /// Of the admitting diagnosis, without the range of age. Of these only [`Edit::InvalidAdmittingDiagnosis`] counts for the claim.
    pub admitting: EditSet,
    /// Of the claim as a whole.
    pub claim: EditSet,
    /// How often each edit is raised, by [`Edit`] as a number.
    pub counts: [u16; COUNT],
    /// The claim has no day of discharge that the editor has tables of (see [`super::days`]), and nothing else was asked of it.
    pub invalid_discharge_date: bool,
}

impl Default for ClaimVerdict {
    fn default() -> ClaimVerdict {
        ClaimVerdict {
            diagnoses: Vec::new(),
            procedures: Vec::new(),
            admitting: EditSet::NONE,
            claim: EditSet::NONE,
            counts: [0; COUNT],
            invalid_discharge_date: false,
        }
    }
}

impl ClaimVerdict {
    /// How often an edit is raised.
    pub fn count(&self, edit: Edit) -> u16 {
        self.counts[edit as usize]
    }

    /// The edits raised, with how often.
    pub fn raised(&self) -> impl Iterator<Item = (Edit, u16)> {
        Edit::ALL.into_iter().zip(self.counts).filter(|(_, count)| *count > 0)
    }

    /// When the claim is to be reviewed.
    pub fn review(&self) -> Review {
        if self.invalid_discharge_date {
            return Review::InvalidDischargeDate;
        }
        let any = |review: Review| self.raised().any(|(edit, _)| edit.review() == review);
        match (any(Review::Prepayment), any(Review::Postpayment)) {
            (true, true) => Review::Both,
            (true, false) => Review::Prepayment,
            (false, true) => Review::Postpayment,
            (false, false) => Review::None,
        }
    }

    /// Counts the edits of all parts.
    pub(super) fn count_all(&mut self) {
        self.counts = [0; COUNT];
        let of_admitting =
            EditSet::NONE.with_if(self.admitting.has(Edit::InvalidAdmittingDiagnosis), Edit::InvalidAdmittingDiagnosis);
        let parts = self.diagnoses.iter().chain(&self.procedures).chain([&self.claim, &of_admitting]);
        for edit in parts.flat_map(|set| set.counted().iter()) {
            self.counts[edit as usize] += 1;
        }
    }
}
