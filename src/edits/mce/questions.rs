//! The questions of the edits: of one code with its flags, given what is known of the claim.

use super::{
    claim::Revision,
    coverage,
    edit::{Edit, EditSet},
};
use crate::record::{date::Day, discharge_status::is_taken_by_editor, editor_flags::EditorFlags as Flags};

/// What the edits of one code turn on beside the code.
#[derive(Debug, Clone, Copy)]
pub struct ClaimFacts {
    /// Day of discharge.
    pub discharged: Day,
    /// Age in completed years at admission.
    pub age: i32,
    /// 1 male, 2 female; anything else is neither.
    pub sex: u8,
    /// Discharge status as a number.
    pub discharge_status: u16,
    /// Length of stay in days.
    pub length_of_stay: i32,
    /// Whether the sex edits are asked although the discharge is after 2024-09-30.
    pub sex_edits_continue: bool,
    /// Flags of the principal diagnosis.
    pub principal: Flags,
    /// Flags of all secondary diagnoses together.
    pub secondary: Flags,
    /// Whether there is a secondary diagnosis, in force or not.
    pub has_secondary: bool,
    /// Flags of all procedures together.
    pub procedures: Flags,
    /// Whether an operating room procedure is specific.
    pub specific_operation: bool,
}

impl ClaimFacts {
    /// Takes a procedure's flags into account.
    #[inline]
    pub fn add_procedure(&mut self, flags: Flags) {
        self.procedures = self.procedures.with(flags);
        self.specific_operation |= flags.any(Flags::OPERATING_ROOM) && !flags.any(Flags::NON_SPECIFIC);
    }

    /// Flags of all diagnoses together.
    #[inline]
    pub fn diagnoses(&self) -> Flags {
        self.principal.with(self.secondary)
    }
}

/// Whether an age is one (edit 14).
#[inline]
pub fn is_age(age: i32) -> bool {
    (0..=124).contains(&age)
}

/// Flags of edit 4.
pub const AGE: Flags = Flags::NEWBORN.with(Flags::PEDIATRIC).with(Flags::MATERNITY).with(Flags::ADULT);

/// First day of the maternity ages 9 to 64, 2019-10-01; until then they were 12 to 55.
const MATERNITY_WIDENED: Day = Day(18_170);

/// Edit 4: the code is for ages that the age is not among; an age outside all ranges conflicts with each. One range is named: of V23.85, for adults and
/// for maternity, the latter.
#[inline]
pub fn age_conflict(flags: Flags, age: i32, discharged: Day) -> EditSet {
    if !flags.any(AGE) {
        return EditSet::NONE;
    }
    let maternity = if discharged >= MATERNITY_WIDENED { 9..=64 } else { 12..=55 };
    let range = if flags.any(Flags::NEWBORN) && age != 0 {
        Edit::AgeNewborn
    } else if flags.any(Flags::PEDIATRIC) && !(0..=17).contains(&age) {
        Edit::AgePediatric
    } else if flags.any(Flags::MATERNITY) && !maternity.contains(&age) {
        Edit::AgeMaternity
    } else if flags.any(Flags::ADULT) && !(15..=124).contains(&age) {
        Edit::AgeAdult
    } else {
        return EditSet::NONE;
    };
    EditSet::NONE.with(Edit::AgeConflict).with(range)
}

/// Edit 5: the code is for the other sex, or the sex is neither. `continues`: asked of a discharge after 2024-09-30, when an unknown sex (0) is accepted and
/// conflicts with nothing.
#[inline]
pub fn sex_conflict(flags: Flags, sex: u8, continues: bool) -> bool {
    if continues && sex == 0 {
        return false;
    }
    let ended = if continues { Flags::FEMALE_UNTIL_2024 } else { Flags::NONE };
    let female = flags.any(Flags::FEMALE.with(ended));
    let ended = if continues { Flags::MALE_UNTIL_2024 } else { Flags::NONE };
    let male = flags.any(Flags::MALE.with(ended));
    female && sex != 2 || male && sex != 1
}

/// First day without sex edits, on which an unknown sex (0) is accepted too: 2024-10-01.
pub const SEX_EDITS_ENDED: Day = Day(19_997);

/// Edits 14 to 16, of the claim as a whole.
#[inline]
pub fn of_claim(facts: &ClaimFacts) -> EditSet {
    let unknown = facts.sex == 0 && facts.discharged >= SEX_EDITS_ENDED;
    EditSet::NONE
        .with_if(!is_age(facts.age), Edit::InvalidAge)
        .with_if(!matches!(facts.sex, 1 | 2) && !unknown, Edit::InvalidSex)
        .with_if(!is_taken_by_editor(facts.discharge_status, facts.discharged), Edit::InvalidDischargeStatus)
}

/// Edits of any diagnosis: 4, 5, 18, 20 and the alert of secondary payers.
#[inline]
pub fn of_diagnosis(flags: Flags, facts: &ClaimFacts) -> EditSet {
    if flags == Flags::NONE {
        return EditSet::NONE;
    }
    of_admitting(flags, facts)
        .with_if(flags.any(Flags::WRONG_PROCEDURE), Edit::WrongProcedure)
        .with_if(flags.any(Flags::UNSPECIFIED), Edit::Unspecified)
        .with_if(flags.any(Flags::SECONDARY_PAYER), Edit::SecondaryPayer)
}

/// Edits of the admitting diagnosis beside its being in force: 4 and 5.
#[inline]
pub fn of_admitting(flags: Flags, facts: &ClaimFacts) -> EditSet {
    age_conflict(flags, facts.age, facts.discharged)
        .with_if(sex_conflict(flags, facts.sex, facts.sex_edits_continue), Edit::SexConflict)
}

/// Discharge status of a patient who died: a non-specific principal diagnosis is then accepted.
const DIED: u16 = 20;

/// Edits of the principal diagnosis alone: 2, 6, 7, 8 and 9. A diagnosis that requires a secondary one is acceptable where there is one.
#[inline]
pub fn of_principal(flags: Flags, facts: &ClaimFacts) -> EditSet {
    let requires_secondary = flags.any(Flags::REQUIRES_SECONDARY);
    EditSet::NONE
        .with_if(flags.any(Flags::EXTERNAL_CAUSE), Edit::ExternalCausePrincipal)
        .with_if(flags.any(Flags::MANIFESTATION), Edit::ManifestationPrincipal)
        .with_if(flags.any(Flags::NON_SPECIFIC) && facts.discharge_status != DIED, Edit::NonSpecificPrincipal)
        .with_if(flags.any(Flags::QUESTIONABLE_ADMISSION), Edit::QuestionableAdmission)
        .with_if(flags.any(Flags::UNACCEPTABLE) && !requires_secondary, Edit::UnacceptablePrincipal)
        .with_if(requires_secondary && !facts.has_secondary, Edit::RequiresSecondary)
}

/// Edit 13: two different procedures on joints of a pair, with a principal diagnosis of the musculoskeletal system.
/// `codes` are the codes of the procedures with [`Flags::BILATERAL`].
pub fn is_bilateral<C: PartialEq>(principal: Flags, mut codes: impl Iterator<Item = C>) -> bool {
    principal.any(Flags::MUSCULOSKELETAL) && codes.next().is_some_and(|first| codes.any(|code| code != first))
}

/// The shortest stay that a procedure of edit 19 goes with, in days: ICD-9-CM 96.72 asks for four days or more, ICD-10-PCS 5A1955Z for more than four
/// consecutive days, and CMS's program raises the edit at exactly four.
const fn shortest_stay(revision: Revision) -> i32 {
    match revision {
        Revision::Icd9 => 4,
        Revision::Icd10 => 5,
    }
}

/// Edits of a procedure of a revision: 5, 8, 10, 11, 12, 17 and 19.
#[inline]
pub fn of_procedure(flags: Flags, revision: Revision, facts: &ClaimFacts) -> EditSet {
    if flags == Flags::NONE {
        return EditSet::NONE;
    }
    let delivery = flags.any(Flags::CAESAREAN.with(Flags::VAGINAL_DELIVERY));
    coverage::of_procedure(flags, facts)
        .with_if(sex_conflict(flags, facts.sex, facts.sex_edits_continue), Edit::SexConflict)
        .with_if(delivery && !facts.secondary.any(Flags::DELIVERY_OUTCOME), Edit::QuestionableObstetricAdmission)
        .with_if(flags.any(Flags::NON_SPECIFIC) && !facts.specific_operation, Edit::NonSpecificOperation)
        .with_if(flags.any(Flags::BIOPSY), Edit::OpenBiopsy)
        .with_if(
            flags.any(Flags::LENGTH_OF_STAY) && facts.length_of_stay < shortest_stay(revision),
            Edit::InconsistentLengthOfStay,
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::from_iso(text).expect("a day")
    }

    #[test]
    fn days_are_those_of_their_dates() {
        assert_eq!(MATERNITY_WIDENED, day("2019-10-01"));
        assert_eq!(SEX_EDITS_ENDED, day("2024-10-01"));
    }

    #[test]
    fn ages_are_inclusive_and_maternity_was_widened() {
        let conflict = |flags, age, on: &str| age_conflict(flags, age, day(on)).has(Edit::AgeConflict);
        assert!(!conflict(Flags::PEDIATRIC, 17, "2026-10-01") && conflict(Flags::PEDIATRIC, 18, "2026-10-01"));
        assert!(conflict(Flags::ADULT, 14, "2026-10-01") && !conflict(Flags::ADULT, 124, "2026-10-01"));
        assert!(!conflict(Flags::NEWBORN, 0, "2026-10-01") && conflict(Flags::NEWBORN, 1, "2026-10-01"));
        assert!(conflict(Flags::MATERNITY, 9, "2019-09-30") && !conflict(Flags::MATERNITY, 9, "2019-10-01"));
        assert!(conflict(Flags::MATERNITY, 56, "2019-09-30") && !conflict(Flags::MATERNITY, 64, "2019-10-01"));
        assert!(!conflict(Flags::MATERNITY, 12, "2019-09-30") && conflict(Flags::MATERNITY, 11, "2019-09-30"));
        assert!(!conflict(Flags::MATERNITY, 55, "2019-09-30") && conflict(Flags::MATERNITY, 65, "2019-10-01"));
        for flag in [Flags::NEWBORN, Flags::PEDIATRIC, Flags::MATERNITY, Flags::ADULT] {
            assert!(conflict(flag, -1, "2026-10-01") && conflict(flag, 125, "2026-10-01"));
        }
    }

    #[test]
    fn the_sex_edits_can_be_continued_after_their_end() {
        assert!(sex_conflict(Flags::FEMALE, 1, false) && sex_conflict(Flags::FEMALE, 3, false));
        assert!(!sex_conflict(Flags::FEMALE, 2, false) && sex_conflict(Flags::MALE, 2, false));
        assert!(!sex_conflict(Flags::FEMALE_UNTIL_2024, 1, false) && sex_conflict(Flags::FEMALE_UNTIL_2024, 1, true));
        assert!(sex_conflict(Flags::FEMALE, 0, false) && !sex_conflict(Flags::FEMALE_UNTIL_2024, 0, true));
    }

    #[test]
    fn bilateral_takes_two_different_procedures_and_a_musculoskeletal_principal_diagnosis() {
        assert!(is_bilateral(Flags::MUSCULOSKELETAL, ["8151", "8154"].into_iter()));
        assert!(!is_bilateral(Flags::MUSCULOSKELETAL, ["8154", "8154"].into_iter()));
        assert!(!is_bilateral(Flags::NONE, ["8151", "8154"].into_iter()));
    }
}
