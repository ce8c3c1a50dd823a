//! Edits 11 and 17: procedures that Medicare does not cover, always or for want of another code, and those it covers within limits.

use super::{
    edit::{Edit, EditSet},
    questions::ClaimFacts,
};
use crate::record::editor_flags::EditorFlags as Flags;

/// Flags that edits 11 and 17 turn on.
const ASKED: Flags = LIMITS
    .with(Flags::NON_COVERED)
    .with(Flags::LIST_2)
    .with(Flags::LIST_3)
    .with(Flags::LISTS_4_AND_5)
    .with(Flags::LIST_6)
    .with(Flags::LIST_7)
    .with(Flags::LIST_8)
    .with(Flags::LIST_12_THROUGH_60)
    .with(Flags::LIST_13_ANGIOPLASTY)
    .with(Flags::STERILISATION);

/// Flags of limited coverage.
const LIMITS: Flags = Flags::LIMITED_COVERAGE
    .with(Flags::LIMITED_KIDNEY)
    .with(Flags::LIMITED_PANCREAS)
    .with(Flags::LIMITED_INTESTINE)
    .with(Flags::LIMITED_HEART)
    .with(Flags::LIMITED_HEART_LUNG)
    .with(Flags::LIMITED_LUNG)
    .with(Flags::LIMITED_LIVER)
    .with(Flags::LIMITED_LUNG_VOLUME)
    .with(Flags::LIMITED_HEART_IMPLANT)
    .with(Flags::ARTIFICIAL_HEART)
    .with(Flags::ARTIFICIAL_RIGHT_VENTRICLE)
    .with(Flags::ARTIFICIAL_LEFT_VENTRICLE);

/// Edits 11 and 17 of a procedure. What is not covered has no limited coverage.
#[inline]
pub fn of_procedure(flags: Flags, facts: &ClaimFacts) -> EditSet {
    if !flags.any(ASKED) {
        return EditSet::NONE;
    }
    if is_not_covered(flags, facts) {
        return EditSet::NONE.with(Edit::NonCovered);
    }
    limited(flags, facts)
}

fn is_not_covered(flags: Flags, facts: &ClaimFacts) -> bool {
    let diagnoses = facts.diagnoses();
    flags.any(Flags::NON_COVERED)
        // Covered with a diagnosis of the list.
        || flags.any(Flags::LIST_2) && !has_list_2(diagnoses, facts.age)
        || flags.any(Flags::LIST_3) && !diagnoses.any(Flags::LIST_3)
        || flags.any(Flags::LISTS_4_AND_5) && !covers_pancreas(facts)
        // Not covered with a diagnosis of the list.
        || flags.any(Flags::LIST_6) && diagnoses.any(Flags::LIST_6)
        || flags.any(Flags::LIST_7) && diagnoses.any(Flags::LIST_7)
        || flags.any(Flags::STERILISATION) && diagnoses.any(Flags::STERILISATION)
        // Covered together with another procedure; list 8 in a trial alone, which is a secondary diagnosis.
        || flags.any(Flags::LIST_8)
            && !(facts.procedures.any(Flags::LIST_9) && facts.secondary.any(Flags::LISTS_8_AND_9))
        || flags.any(Flags::LIST_13_ANGIOPLASTY) && !facts.procedures.any(Flags::LIST_13_STENT)
        || flags.any(Flags::LIST_12_THROUGH_60) && !(0..=60).contains(&facts.age)
        || is_artificial_heart(flags, facts) && !diagnoses.any(Flags::CLINICAL_TRIAL)
}

fn has_list_2(diagnoses: Flags, age: i32) -> bool {
    diagnoses.any(Flags::LIST_2)
        || diagnoses.any(Flags::LIST_2_BELOW_78) && (0..78).contains(&age)
        || diagnoses.any(Flags::LIST_2_BELOW_64) && (0..64).contains(&age)
}

/// A transplant of the pancreas was covered for diabetes (list 4) with disease of the kidney (list 5), and is since 2006-04-26 for diabetes of type I or
/// with a transplant of the kidney. The tables have the flags of the later rule from that day on; from then the earlier one no longer covers.
fn covers_pancreas(facts: &ClaimFacts) -> bool {
    let diagnoses = facts.diagnoses();
    let until_2006 = facts.discharged < TYPE_1_COVERED;
    diagnoses.any(Flags::DIABETES_TYPE_1)
        || facts.procedures.any(Flags::KIDNEY)
        || until_2006 && diagnoses.any(Flags::LIST_4) && diagnoses.any(Flags::LIST_5)
}

/// 2006-04-26; a test holds it to the date.
const TYPE_1_COVERED: crate::record::date::Day = crate::record::date::Day(13_264);

/// One code of ICD-9-CM, or both ventricles in ICD-10-PCS.
fn is_artificial_heart(flags: Flags, facts: &ClaimFacts) -> bool {
    const VENTRICLES: Flags = Flags::ARTIFICIAL_RIGHT_VENTRICLE.with(Flags::ARTIFICIAL_LEFT_VENTRICLE);
    flags.any(Flags::ARTIFICIAL_HEART)
        || flags.any(VENTRICLES)
            && facts.procedures.any(Flags::ARTIFICIAL_RIGHT_VENTRICLE)
            && facts.procedures.any(Flags::ARTIFICIAL_LEFT_VENTRICLE)
}

fn limited(flags: Flags, facts: &ClaimFacts) -> EditSet {
    EditSet::NONE
        .with_if(flags.any(Flags::LIMITED_COVERAGE) || is_artificial_heart(flags, facts), Edit::LimitedCoverage)
        .with_if(flags.any(Flags::LIMITED_KIDNEY), Edit::LimitedCoverageKidney)
        .with_if(flags.any(Flags::LIMITED_PANCREAS), Edit::LimitedCoveragePancreas)
        .with_if(flags.any(Flags::LIMITED_INTESTINE), Edit::LimitedCoverageIntestine)
        .with_if(flags.any(Flags::LIMITED_HEART), Edit::LimitedCoverageHeart)
        .with_if(flags.any(Flags::LIMITED_HEART_LUNG), Edit::LimitedCoverageHeartLung)
        .with_if(flags.any(Flags::LIMITED_LUNG), Edit::LimitedCoverageLung)
        .with_if(flags.any(Flags::LIMITED_LIVER), Edit::LimitedCoverageLiver)
        .with_if(flags.any(Flags::LIMITED_LUNG_VOLUME), Edit::LimitedCoverageLungVolume)
        .with_if(flags.any(Flags::LIMITED_HEART_IMPLANT), Edit::LimitedCoverageHeartImplant)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::date::Day;

    #[test]
    fn the_day_is_that_of_its_date() {
        assert_eq!(Day::from_iso("2006-04-26"), Some(TYPE_1_COVERED));
    }
}
