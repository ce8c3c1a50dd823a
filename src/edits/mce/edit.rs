//! The edits by name and number, and sets of them.

/// How a claim that raises an edit is paid, as the Medicare Code Editor classes its edits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Review {
    /// No edit that bears on payment.
    None,
    /// Reviewed before payment.
    Prepayment,
    /// Reviewed after payment.
    Postpayment,
    /// Edits of both classes.
    Both,
    /// The day of discharge is missing, or the editor has no tables of it: the claim is not edited.
    InvalidDischargeDate,
}

impl Review {
    /// The editor's own word.
    pub fn name(self) -> &'static str {
        match self {
            Review::None => "NONE",
            Review::Prepayment => "PREPAYMENT",
            Review::Postpayment => "POSTPAYMENT",
            Review::Both => "BOTH",
            Review::InvalidDischargeDate => "INVALID_DISCHARGE_DATE",
        }
    }
}

/// Names the edits once: variant, number of the edit in the definitions, the editor's own name, class of review.
macro_rules! edits {
    ($($variant:ident = $number:literal, $name:literal, $review:ident, $meaning:literal;)*) => {
        /// An edit. Its place in the list is stable: it is the bit of [`EditSet`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Edit {
            $(#[doc = $meaning] $variant,)*
        }

        impl Edit {
            /// Every edit, in the order of bits.
            pub const ALL: [Edit; COUNT] = [$(Edit::$variant),*];

            /// The number of the edit in CMS's definitions; 0 for what they do not number.
            pub fn number(self) -> u8 {
                match self { $(Edit::$variant => $number),* }
            }

            /// The editor's own name.
            pub fn name(self) -> &'static str {
                match self { $(Edit::$variant => $name),* }
            }

            /// Class of review.
            pub fn review(self) -> Review {
                match self { $(Edit::$variant => Review::$review),* }
            }

            /// What the edit says.
            pub fn meaning(self) -> &'static str {
                match self { $(Edit::$variant => $meaning),* }
            }
        }
    };
}

/// Number of edits.
pub const COUNT: usize = 37;

edits! {
    InvalidCode = 1, "INVALID_CODE", Prepayment, "The code is not in force on the day of discharge.";
    InvalidAdmittingDiagnosis = 1, "INVALID_ADMIT_DX", None, "The admitting diagnosis is not in force on the day of discharge.";
    ExternalCausePrincipal = 2, "E_CODE_AS_PDX", Prepayment, "An external cause is the principal diagnosis.";
    DuplicateOfPrincipal = 3, "DUPLICATE_OF_PDX", Prepayment, "A secondary diagnosis repeats the principal one.";
    AgeConflict = 4, "AGE_CONFLICT", Prepayment, "The code does not go with the age.";
    SexConflict = 5, "SEX_CONFLICT", Prepayment, "The code does not go with the sex.";
    ManifestationPrincipal = 6, "MANIFESTATION_AS_PDX", Prepayment, "A manifestation is the principal diagnosis.";
    NonSpecificPrincipal = 7, "NONSPECIFIC_PDX", Postpayment, "The principal diagnosis is non-specific.";
    QuestionableAdmission = 8, "QUESTIONABLE_ADMISSION", Prepayment, "The principal diagnosis seldom needs acute inpatient care.";
    QuestionableObstetricAdmission = 8, "QUESTIONABLE_OBSTETRIC_ADMISSION", Prepayment, "A delivery without a diagnosis of its outcome.";
    UnacceptablePrincipal = 9, "UNACCEPTABLE_PDX", Prepayment, "The diagnosis is not acceptable as principal.";
    RequiresSecondary = 9, "REQUIRES_SDX", Prepayment, "The principal diagnosis is acceptable with a secondary one alone.";
    NonSpecificOperation = 10, "NONSPECIFIC_OR", Postpayment, "Every operating room procedure is non-specific.";
    NonCovered = 11, "NON_COVERED", Prepayment, "The procedure is not covered.";
    OpenBiopsy = 12, "OPEN_BIOPSY", Postpayment, "An open biopsy: was it a closed one?";
    Bilateral = 13, "BILATERAL", Postpayment, "Procedures on joints of a pair: was it both sides of one joint?";
    InvalidAge = 14, "INVALID_AGE", Prepayment, "The age is not from 0 to 124 years.";
    InvalidSex = 15, "INVALID_SEX", Prepayment, "The sex is not male or female.";
    InvalidDischargeStatus = 16, "INVALID_DISCHARGE_STATUS", Prepayment, "The discharge status is not in the list on the day of discharge.";
    LimitedCoverage = 17, "LIMITED_COVERAGE", Prepayment, "The procedure has limited coverage.";
    LimitedCoverageKidney = 17, "LIMITED_COVERAGE_KIDNEY_TRANSPLANT", Prepayment, "Limited coverage: transplant of the kidney.";
    LimitedCoveragePancreas = 17, "LIMITED_COVERAGE_PANCREAS_TRANSPLANT", Prepayment, "Limited coverage: transplant of the pancreas.";
    LimitedCoverageIntestine = 17, "LIMITED_COVERAGE_INTESTINE_MULTI_VISCERAL_TRANSPLANT", Prepayment, "Limited coverage: transplant of the intestine or of several organs.";
    LimitedCoverageHeart = 17, "LIMITED_COVERAGE_HEART_TRANSPLANT", Prepayment, "Limited coverage: transplant of the heart.";
    LimitedCoverageHeartLung = 17, "LIMITED_COVERAGE_COMBINATION_HEART_LUNG_TRANSPLANT", Prepayment, "Limited coverage: transplant of heart and lung.";
    LimitedCoverageLung = 17, "LIMITED_COVERAGE_LUNG_TRANSPLANT", Prepayment, "Limited coverage: transplant of the lung.";
    LimitedCoverageLiver = 17, "LIMITED_COVERAGE_LIVER_TRANSPLANT", Prepayment, "Limited coverage: transplant of the liver.";
    LimitedCoverageLungVolume = 17, "LIMITED_COVERAGE_LVRS", Prepayment, "Limited coverage: reduction of lung volume.";
    LimitedCoverageHeartImplant = 17, "LIMITED_COVERAGE_HEART_IMPLANT", Prepayment, "Limited coverage: heart assist system.";
    WrongProcedure = 18, "WRONG_PROCEDURE_PERFORMED", Prepayment, "A wrong procedure was performed.";
    InconsistentLengthOfStay = 19, "INCONSISTENT_WITH_LENGTH_OF_STAY", Prepayment, "The procedure takes longer than the stay.";
    Unspecified = 20, "UNSPECIFIED", Prepayment, "The code leaves the side unspecified.";
    SecondaryPayer = 0, "MEDICARE_IS_SECONDARY_PAYER", Postpayment, "Another payer may come before Medicare (alert through 2001-09-30).";
    AgeNewborn = 4, "AGE:NEWBORN", None, "Which range of age: newborn.";
    AgePediatric = 4, "AGE:PEDIATRIC", None, "Which range of age: pediatric.";
    AgeMaternity = 4, "AGE:MATERNITY", None, "Which range of age: maternity.";
    AgeAdult = 4, "AGE:ADULT", None, "Which range of age: adult.";
}

impl Edit {
    /// Whether it says which range of age [`Edit::AgeConflict`] is about: not an edit of its own, and not counted.
    pub fn is_detail(self) -> bool {
        AGE_RANGES.has(self)
    }
}

/// The details of [`Edit::AgeConflict`].
const AGE_RANGES: EditSet =
    EditSet::NONE.with(Edit::AgeNewborn).with(Edit::AgePediatric).with(Edit::AgeMaternity).with(Edit::AgeAdult);

/// A set of edits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct EditSet(u64);

impl EditSet {
    /// No edit.
    pub const NONE: EditSet = EditSet(0);

    /// The set with one edit more.
    #[inline]
    #[must_use]
    pub const fn with(self, edit: Edit) -> EditSet {
        EditSet(self.0 | 1 << edit as u8)
    }

    /// The set with one edit more, where that is so.
    #[inline]
    #[must_use]
    pub const fn with_if(self, so: bool, edit: Edit) -> EditSet {
        EditSet(self.0 | (so as u64) << edit as u8)
    }

    /// Both sets together.
    #[inline]
    #[must_use]
    pub const fn and(self, other: EditSet) -> EditSet {
        EditSet(self.0 | other.0)
    }

    /// Whether the edit is in the set.
    #[inline]
    pub const fn has(self, edit: Edit) -> bool {
        self.0 & 1 << edit as u8 != 0
    }

    /// Whether there is none.
    #[inline]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The edits that are counted: without the ranges of age.
    #[inline]
    #[must_use]
    pub const fn counted(self) -> EditSet {
        EditSet(self.0 & !AGE_RANGES.0)
    }

    /// The edits in the order of bits.
    #[inline]
    pub fn iter(self) -> impl Iterator<Item = Edit> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let bit = rest.trailing_zeros() as usize;
            rest &= rest.wrapping_sub(1);
            Edit::ALL.get(bit).copied()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_of_the_definitions_has_an_edit() {
        for number in 1..=20 {
            assert!(Edit::ALL.iter().any(|edit| edit.number() == number && !edit.is_detail()), "edit {number}");
        }
        assert!(Edit::ALL.iter().enumerate().all(|(place, edit)| *edit as usize == place));
    }

    #[test]
    fn a_set_gives_back_what_was_put_in() {
        let set = EditSet::NONE.with(Edit::AgeConflict).with(Edit::AgeAdult).with_if(false, Edit::SexConflict);
        assert_eq!(set.iter().collect::<Vec<_>>(), [Edit::AgeConflict, Edit::AgeAdult]);
        assert_eq!(set.counted().iter().collect::<Vec<_>>(), [Edit::AgeConflict]);
        assert!(EditSet::NONE.is_empty() && EditSet::NONE.iter().next().is_none());
    }
}
