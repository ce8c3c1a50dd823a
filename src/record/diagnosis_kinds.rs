//! What kinds of things a diagnosis code speaks of, as bits: many rules turn on the same few, so they are told once a diagnosis.

use super::code::CodeSystem;

/// A set of kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DiagnosisKinds(u16);

impl DiagnosisKinds {
    /// Codes that mean something, whatever it is: the system has them, on this day or another, or has codes under them.
    pub const MEANINGFUL: DiagnosisKinds = DiagnosisKinds(1);
    /// External causes of morbidity: V00 to Y99 of ICD-10-CM, E codes of ICD-9-CM.
    pub const EXTERNAL_CAUSE: DiagnosisKinds = DiagnosisKinds(1 << 1);
    /// Injury whose cause stands in a code of its own: S00 to T34, T66 to T70, T73 and T75 of ICD-10-CM, 800 to 959 of ICD-9-CM.
    ///
    /// T36 to T65 and T71 say substance or intent themselves (ICD-10-CM guidelines, I.C.19.e and I.C.20.a); T74, T76, T78 and T80 on are abuse, reactions and
    /// complications of care.
    pub const INJURY: DiagnosisKinds = DiagnosisKinds(1 << 2);
    /// Pregnancy, childbirth and the puerperium: chapter O of ICD-10-CM, 630 to 679 of ICD-9-CM.
    pub const MATERNAL: DiagnosisKinds = DiagnosisKinds(1 << 3);
    /// Liveborn infant by place and kind of birth: Z38 of ICD-10-CM, V30 to V39 of ICD-9-CM.
    pub const LIVEBORN: DiagnosisKinds = DiagnosisKinds(1 << 4);
    /// Conditions of the newborn: chapter P of ICD-10-CM, 760 to 779 of ICD-9-CM.
    pub const PERINATAL: DiagnosisKinds = DiagnosisKinds(1 << 5);
    /// Outcome of delivery, which stands on the mother's record: Z37 of ICD-10-CM, V27 of ICD-9-CM.
    pub const OUTCOME_OF_DELIVERY: DiagnosisKinds = DiagnosisKinds(1 << 6);
    /// Weeks of gestation: Z3A of ICD-10-CM.
    pub const WEEKS_OF_GESTATION: DiagnosisKinds = DiagnosisKinds(1 << 7);
    /// Normal delivery: O80 of ICD-10-CM, 650 of ICD-9-CM.
    pub const NORMAL_DELIVERY: DiagnosisKinds = DiagnosisKinds(1 << 8);
    /// Injury, poisoning and other consequences of external causes: chapters S and T of ICD-10-CM, 800 to 999 of ICD-9-CM.
    pub const OF_EXTERNAL_CAUSE: DiagnosisKinds = DiagnosisKinds(1 << 9);
    /// A valid code of ICD-10-CM over which a code first note of the tabular list stands.
    pub const CODE_FIRST: DiagnosisKinds = DiagnosisKinds(1 << 10);
    /// The same of a code first note of a manifestation.
    pub const MANIFESTATION: DiagnosisKinds = DiagnosisKinds(1 << 11);
    /// The same of a use additional code note for every record.
    pub const USE_ADDITIONAL: DiagnosisKinds = DiagnosisKinds(1 << 12);
    /// The same of an excludes 1 note that names codes.
    pub const EXCLUDES: DiagnosisKinds = DiagnosisKinds(1 << 13);
    /// A valid code of ICD-10-CM on the list of diagnoses exempt from present-on-admission reporting that ships, whatever the day.
    pub const LISTED_EXEMPT: DiagnosisKinds = DiagnosisKinds(1 << 14);

    /// Both sets together.
    #[must_use]
    #[inline]
    pub const fn with(self, other: DiagnosisKinds) -> DiagnosisKinds {
        DiagnosisKinds(self.0 | other.0)
    }

    /// Whether a kind, or any of several, is among them.
    #[inline]
    pub const fn any(self, kinds: DiagnosisKinds) -> bool {
        self.0 & kinds.0 != 0
    }

    /// The kinds of a code that means something, by its category (its first three characters). The notes of the tabular list are another matter.
    #[inline]
    pub fn of(system: CodeSystem, head: [u8; 3]) -> DiagnosisKinds {
        let told = match system {
            // The ranges are the same in both.
            CodeSystem::Icd10Cm | CodeSystem::Icd10 => match head {
                [b'V'..=b'Y', ..] => DiagnosisKinds::EXTERNAL_CAUSE,
                [b'S', ..] => DiagnosisKinds::INJURY.with(DiagnosisKinds::OF_EXTERNAL_CAUSE),
                [b'T', ..] => {
                    let injury =
                        head <= *b"T34" || (*b"T66"..=*b"T70").contains(&head) || matches!(&head, b"T73" | b"T75");
                    let kinds = DiagnosisKinds::OF_EXTERNAL_CAUSE;
                    if injury { kinds.with(DiagnosisKinds::INJURY) } else { kinds }
                }
                [b'O', b'8', b'0'] => DiagnosisKinds::MATERNAL.with(DiagnosisKinds::NORMAL_DELIVERY),
                [b'O', ..] => DiagnosisKinds::MATERNAL,
                [b'P', ..] => DiagnosisKinds::PERINATAL,
                [b'Z', b'3', b'7'] => DiagnosisKinds::OUTCOME_OF_DELIVERY,
                [b'Z', b'3', b'8'] => DiagnosisKinds::LIVEBORN,
                [b'Z', b'3', b'A'] => DiagnosisKinds::WEEKS_OF_GESTATION,
                _ => DiagnosisKinds::default(),
            },
            CodeSystem::Icd9Cm => match head {
                [b'E', ..] => DiagnosisKinds::EXTERNAL_CAUSE,
                [b'V', b'3', _] => DiagnosisKinds::LIVEBORN,
                [b'V', b'2', b'7'] => DiagnosisKinds::OUTCOME_OF_DELIVERY,
                [b'6', b'5', b'0'] => DiagnosisKinds::MATERNAL.with(DiagnosisKinds::NORMAL_DELIVERY),
                [b'6', b'3'..=b'7', _] => DiagnosisKinds::MATERNAL,
                [b'7', b'6' | b'7', _] => DiagnosisKinds::PERINATAL,
                [b'8', ..] | [b'9', b'0'..=b'5', _] => DiagnosisKinds::INJURY.with(DiagnosisKinds::OF_EXTERNAL_CAUSE),
                [b'9', ..] => DiagnosisKinds::OF_EXTERNAL_CAUSE,
                _ => DiagnosisKinds::default(),
            },
            CodeSystem::Icd10Pcs | CodeSystem::Icd9Procedure => DiagnosisKinds::default(),
        };
        told.with(DiagnosisKinds::MEANINGFUL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_of_the_kinds_that_the_classifications_give_them() {
        use CodeSystem::{Icd9Cm, Icd10Cm};
        for (system, head, kinds) in [
            (Icd10Cm, b"Y95", DiagnosisKinds::EXTERNAL_CAUSE),
            (Icd10Cm, b"T34", DiagnosisKinds::INJURY.with(DiagnosisKinds::OF_EXTERNAL_CAUSE)),
            (Icd10Cm, b"T36", DiagnosisKinds::OF_EXTERNAL_CAUSE),
            (Icd10Cm, b"T66", DiagnosisKinds::INJURY.with(DiagnosisKinds::OF_EXTERNAL_CAUSE)),
            (Icd10Cm, b"T71", DiagnosisKinds::OF_EXTERNAL_CAUSE),
            (Icd10Cm, b"O80", DiagnosisKinds::MATERNAL.with(DiagnosisKinds::NORMAL_DELIVERY)),
            (Icd10Cm, b"Z38", DiagnosisKinds::LIVEBORN),
            (Icd10Cm, b"E11", DiagnosisKinds::default()),
            (Icd9Cm, b"E81", DiagnosisKinds::EXTERNAL_CAUSE),
            (Icd9Cm, b"959", DiagnosisKinds::INJURY.with(DiagnosisKinds::OF_EXTERNAL_CAUSE)),
            (Icd9Cm, b"960", DiagnosisKinds::OF_EXTERNAL_CAUSE),
            (Icd9Cm, b"629", DiagnosisKinds::default()),
            (Icd9Cm, b"630", DiagnosisKinds::MATERNAL),
            (Icd9Cm, b"679", DiagnosisKinds::MATERNAL),
            (Icd9Cm, b"680", DiagnosisKinds::default()),
            (Icd9Cm, b"779", DiagnosisKinds::PERINATAL),
            (Icd9Cm, b"V39", DiagnosisKinds::LIVEBORN),
        ] {
            assert_eq!(DiagnosisKinds::of(system, *head), kinds.with(DiagnosisKinds::MEANINGFUL), "{head:?}");
        }
    }
}
