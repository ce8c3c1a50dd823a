//! The flags that the Medicare Code Editor's code tables put on a code for a time, as bits.

/// A set of flags. Diagnoses and procedures share the bits; a flag means one thing wherever it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct EditorFlags(pub u64);

/// Names the flags once: constant, bit, word of the tables, meaning.
macro_rules! flags {
    ($($(#[$meaning:meta])* $name:ident = $bit:literal, $word:literal;)*) => {
        impl EditorFlags {
            $($(#[$meaning])* pub const $name: EditorFlags = EditorFlags(1 << $bit);)*

            /// Every flag with the word that the tables write for it.
            pub const WORDS: &'static [(&'static str, EditorFlags)] = &[$(($word, EditorFlags::$name)),*];
        }
    };
}

flags! {
    /// Age 0 alone.
    NEWBORN = 0, "newborn";
    /// Ages 0 to 17.
    PEDIATRIC = 1, "pediatric";
    /// Ages of childbearing.
    MATERNITY = 2, "maternity";
    /// Ages 15 to 124.
    ADULT = 3, "adult";
    /// Women alone.
    FEMALE = 4, "female";
    /// Men alone.
    MALE = 5, "male";
    /// Women alone, as the tables last had it before the sex edits ended on 2024-09-30; on codes in force after that day.
    FEMALE_UNTIL_2024 = 6, "female until 2024-09-30";
    /// Men alone, in the same way.
    MALE_UNTIL_2024 = 7, "male until 2024-09-30";
    /// External cause: never principal.
    EXTERNAL_CAUSE = 8, "ecodepdx";
    /// Manifestation: never principal.
    MANIFESTATION = 9, "manifestation";
    /// Unacceptable as principal.
    UNACCEPTABLE = 10, "unacceptable";
    /// Acceptable as principal with a secondary diagnosis.
    REQUIRES_SECONDARY = 11, "reqsdx";
    /// As principal seldom a reason for an acute admission.
    QUESTIONABLE_ADMISSION = 12, "qadm";
    /// Non-specific, diagnosis or operating room procedure.
    NON_SPECIFIC = 13, "nonspecific";
    /// Unspecified although codes with a side exist.
    UNSPECIFIED = 14, "unspecified";
    /// A wrong procedure was performed.
    WRONG_PROCEDURE = 15, "wrngproc";
    /// Another payer may come before Medicare.
    SECONDARY_PAYER = 16, "msp";
    /// Of major diagnostic category 8, musculoskeletal system.
    MUSCULOSKELETAL = 17, "mdc08";
    /// Examination of a participant in a clinical trial.
    CLINICAL_TRIAL = 18, "clintrial";
    /// Diabetes of type I.
    DIABETES_TYPE_1 = 19, "diabtypeI";
    /// Outcome of delivery.
    DELIVERY_OUTCOME = 20, "delout";
    /// List 2 of non-covered procedures: covered with a diagnosis of the list.
    LIST_2 = 21, "ncov2";
    /// List 2, for patients younger than 78.
    LIST_2_BELOW_78 = 22, "ncov2agelt78";
    /// List 2, for patients younger than 64.
    LIST_2_BELOW_64 = 23, "ncov2agelt64";
    /// List 3: covered with a diagnosis of the list.
    LIST_3 = 24, "ncov3";
    /// List 4, diabetes: with list 5 covers a transplant of the pancreas.
    LIST_4 = 25, "ncov4";
    /// List 5, kidney.
    LIST_5 = 26, "ncov5";
    /// List 6: not covered with a diagnosis of the list.
    LIST_6 = 27, "ncov6";
    /// List 7: not covered with a diagnosis of the list.
    LIST_7 = 28, "ncov7";
    /// The trial under which procedures of lists 8 and 9 are covered together.
    LISTS_8_AND_9 = 29, "ncov89";
    /// Sterilisation.
    STERILISATION = 30, "ncov_z302";
    /// Transplant of the pancreas: see lists 4 and 5.
    LISTS_4_AND_5 = 31, "ncov45";
    /// List 8.
    LIST_8 = 32, "ncov8";
    /// List 9.
    LIST_9 = 33, "ncov9";
    /// List 12: covered through the age of 60.
    LIST_12_THROUGH_60 = 34, "ncov12agele60";
    /// List 13, angioplasty: covered with a stent.
    LIST_13_ANGIOPLASTY = 35, "ncov13a";
    /// List 13, stent.
    LIST_13_STENT = 36, "ncov13b";
    /// Operating room procedure.
    OPERATING_ROOM = 37, "or_indic";
    /// Open biopsy.
    BIOPSY = 38, "biopsy";
    /// One of a pair of joints.
    BILATERAL = 39, "bilateral";
    /// Takes four days at the least.
    LENGTH_OF_STAY = 40, "los";
    /// Never covered.
    NON_COVERED = 41, "noncovered";
    /// Transplant of the kidney.
    KIDNEY = 42, "kidneyxp";
    /// Limited coverage.
    LIMITED_COVERAGE = 43, "lcov";
    /// Caesarean section.
    CAESAREAN = 44, "csect";
    /// Vaginal delivery.
    VAGINAL_DELIVERY = 45, "vagdel";
    /// Limited coverage: kidney.
    LIMITED_KIDNEY = 46, "lcov_kidneyxp";
    /// Limited coverage: pancreas.
    LIMITED_PANCREAS = 47, "lcov_pancreasxp";
    /// Limited coverage: intestine and several organs.
    LIMITED_INTESTINE = 48, "lcov_intxp";
    /// Limited coverage: heart.
    LIMITED_HEART = 49, "lcov_heartxp";
    /// Limited coverage: heart and lung.
    LIMITED_HEART_LUNG = 50, "lcov_heartlungxp";
    /// Limited coverage: lung.
    LIMITED_LUNG = 51, "lcov_lungxp";
    /// Limited coverage: liver.
    LIMITED_LIVER = 52, "lcov_liverxp";
    /// Limited coverage: reduction of lung volume.
    LIMITED_LUNG_VOLUME = 53, "lcov_lvrs";
    /// Limited coverage: heart assist system.
    LIMITED_HEART_IMPLANT = 54, "lcov_heartsys";
    /// Artificial heart: limited coverage in a clinical trial, none otherwise.
    ARTIFICIAL_HEART = 55, "lcov_artheartxp";
    /// Artificial right ventricle; with the left one an artificial heart.
    ARTIFICIAL_RIGHT_VENTRICLE = 56, "lcov_artheartxpa";
    /// Artificial left ventricle.
    ARTIFICIAL_LEFT_VENTRICLE = 57, "lcov_artheartxpb";
}

impl EditorFlags {
    /// No flag.
    pub const NONE: EditorFlags = EditorFlags(0);

    /// Reads the words of a table, joined by `|`. A word that no edit turns on (`cc`) is left out.
    pub fn read(words: &str) -> EditorFlags {
        words
            .split('|')
            .filter_map(|word| EditorFlags::WORDS.iter().find(|(known, _)| *known == word))
            .fold(EditorFlags::NONE, |flags, (_, flag)| flags.with(*flag))
    }

    /// Both sets together.
    #[inline]
    pub const fn with(self, other: EditorFlags) -> EditorFlags {
        EditorFlags(self.0 | other.0)
    }

    /// Whether any flag of the other set is in this one.
    #[inline]
    pub const fn any(self, of: EditorFlags) -> bool {
        self.0 & of.0 != 0
    }

    /// The sex flags as flags of the time after the sex edits ended.
    pub const fn sex_until_2024(self) -> EditorFlags {
        EditorFlags((self.0 & (EditorFlags::FEMALE.0 | EditorFlags::MALE.0)) << 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flag_has_a_bit_and_a_word_of_its_own() {
        let all = EditorFlags::WORDS.iter().fold(EditorFlags::NONE, |all, (_, flag)| all.with(*flag));
        assert_eq!(all.0.count_ones() as usize, EditorFlags::WORDS.len());
        for (word, flag) in EditorFlags::WORDS {
            assert_eq!(EditorFlags::read(word), *flag, "{word}");
        }
        assert_eq!(EditorFlags::read("cc|female"), EditorFlags::FEMALE);
        assert_eq!(EditorFlags::FEMALE.sex_until_2024(), EditorFlags::FEMALE_UNTIL_2024);
        assert_eq!(EditorFlags::MALE.sex_until_2024(), EditorFlags::MALE_UNTIL_2024);
    }
}
