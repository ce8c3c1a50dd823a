//! Facts that several rules turn on: check digits, number patterns, groups of codes.

use crate::{
    edits::rule::EditContext,
    partition::encounter::{Diagnosis, Encounter, Procedure},
    record::{
        code::{CodeSystem, CodeVerdict},
        date::Day,
        diagnosis_kinds::DiagnosisKinds,
    },
};

/// Whether a National Provider Identifier checks: ten digits, Luhn over the prefix 80840 (45 CFR 162.406; ISO/IEC 7812).
pub fn is_npi(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || !bytes.iter().all(u8::is_ascii_digit) {
        return false;
    }
    // The prefix 80840 adds 24 to the sum.
    let sum: u32 = bytes
        .iter()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0');
            if place % 2 == 1 { if digit > 4 { digit * 2 - 9 } else { digit * 2 } } else { digit }
        })
        .sum();
    (sum + 24).is_multiple_of(10)
}

/// Whether a ZIP code has 5 or 9 digits, the latter with or without a dash, and is not 00000.
pub fn is_zip(text: &str) -> bool {
    let digits = |text: &[u8]| text.iter().all(u8::is_ascii_digit);
    let bytes = text.as_bytes();
    let well_formed = match bytes.len() {
        5 | 9 => digits(bytes),
        10 => bytes[5] == b'-' && digits(&bytes[..5]) && digits(&bytes[6..]),
        _ => false,
    };
    well_formed && &bytes[..5] != b"00000"
}

/// The nine digits of a social security number, dashes dropped; `None` where it has another form.
pub fn social_security_digits(text: &str) -> Option<String> {
    let dashed = text.len() == 11 && text.as_bytes()[3] == b'-' && text.as_bytes()[6] == b'-';
    let digits: String = text.chars().filter(|letter| *letter != '-').collect();
    (digits.len() == 9 && digits.bytes().all(|byte| byte.is_ascii_digit()) && (dashed || text.len() == 9))
        .then_some(digits)
}

/// Numbers that were printed, in wallets, pamphlets and advertisements, and are used by thousands: 078-05-1120 (the wallet card of 1938), 219-09-9999 (a pamphlet
/// of the Board, 1940), 457-55-5462 (advertisements of LifeLock, 2006) and the other sample cards that the Social Security Administration has listed as pocketbook
/// numbers. 987-65-4320 to 4329, which it keeps for advertisements, are of an area that is never issued.
const PRINTED: [&str; 21] = [
    "022281852",
    "042103580",
    "062360749",
    "078051120",
    "095073645",
    "128036045",
    "135016629",
    "141186941",
    "165167999",
    "165187999",
    "165207999",
    "165227999",
    "165247999",
    "189092294",
    "212097694",
    "212099999",
    "219099999",
    "306302348",
    "308125070",
    "457555462",
    "468288779",
];

/// Whether a social security number identifies nobody: one that was never issued (area 000, 666 or 9xx, group 00, serial 0000, one digit nine times, 123456789) or
/// one that was printed and is used by many.
pub fn is_default_social_security_number(digits: &str) -> bool {
    let area = &digits[..3];
    let same = digits.bytes().all(|byte| byte == digits.as_bytes()[0]);
    same || digits == "123456789"
        || PRINTED.contains(&digits)
        || area == "000"
        || area == "666"
        || area.starts_with('9')
        || &digits[3..5] == "00"
        || &digits[5..] == "0000"
}

/// The verdict on a diagnosis, where it has one, of whatever system.
#[inline]
pub fn verdict(diagnosis: &Diagnosis<'_>) -> Option<CodeVerdict> {
    diagnosis.judgement.map_or(diagnosis.other_verdict, |judgement| Some(judgement.verdict))
}

/// The verdict on a procedure, where it has one, of whatever system.
#[inline]
pub fn procedure_verdict(procedure: &Procedure<'_>) -> Option<CodeVerdict> {
    procedure.judgement.map_or(procedure.other_verdict, |judgement| Some(judgement.verdict))
}

/// Whether the code means something; see [`DiagnosisKinds::MEANINGFUL`].
#[inline]
pub fn has_meaning(diagnosis: &Diagnosis<'_>) -> bool {
    diagnosis.kinds.any(DiagnosisKinds::MEANINGFUL)
}

/// See [`DiagnosisKinds::EXTERNAL_CAUSE`].
#[inline]
pub fn is_external_cause(diagnosis: &Diagnosis<'_>) -> bool {
    diagnosis.kinds.any(DiagnosisKinds::EXTERNAL_CAUSE)
}

/// See [`DiagnosisKinds::INJURY`].
#[inline]
pub fn is_injury(diagnosis: &Diagnosis<'_>) -> bool {
    diagnosis.kinds.any(DiagnosisKinds::INJURY)
}

/// See [`DiagnosisKinds::MATERNAL`].
#[inline]
pub fn is_maternal(diagnosis: &Diagnosis<'_>) -> bool {
    diagnosis.kinds.any(DiagnosisKinds::MATERNAL)
}

/// See [`DiagnosisKinds::LIVEBORN`].
#[inline]
pub fn is_liveborn(diagnosis: &Diagnosis<'_>) -> bool {
    diagnosis.kinds.any(DiagnosisKinds::LIVEBORN)
}

/// See [`DiagnosisKinds::OUTCOME_OF_DELIVERY`].
#[inline]
pub fn is_outcome_of_delivery(diagnosis: &Diagnosis<'_>) -> bool {
    diagnosis.kinds.any(DiagnosisKinds::OUTCOME_OF_DELIVERY)
}

/// See [`DiagnosisKinds::WEEKS_OF_GESTATION`].
#[inline]
pub fn is_weeks_of_gestation(diagnosis: &Diagnosis<'_>) -> bool {
    diagnosis.kinds.any(DiagnosisKinds::WEEKS_OF_GESTATION)
}

/// See [`DiagnosisKinds::NORMAL_DELIVERY`].
#[inline]
pub fn is_normal_delivery(diagnosis: &Diagnosis<'_>) -> bool {
    diagnosis.kinds.any(DiagnosisKinds::NORMAL_DELIVERY)
}

/// How many diagnoses the record has, where all are in force: none of them is at odds with its code set.
#[inline]
pub fn all_in_force(encounter: &Encounter<'_>) -> Option<usize> {
    encounter.all_in_force.then_some(encounter.diagnoses.len())
}

/// Whether every diagnosis that is written has a meaning: only then can a rule say that a kind of code is not there.
#[inline]
pub fn all_have_meaning(encounter: &Encounter<'_>) -> bool {
    encounter.diagnoses.iter().all(|diagnosis| diagnosis.raw.is_empty() || has_meaning(diagnosis))
}

/// The diagnoses that stand before one of an encounter's, by position.
#[inline]
pub fn diagnoses_before<'e, 'a>(encounter: &'e Encounter<'a>, diagnosis: &Diagnosis<'a>) -> &'e [Diagnosis<'a>] {
    let place = encounter.diagnoses.element_offset(diagnosis).unwrap_or(0);
    &encounter.diagnoses[..place]
}

/// The verdict on the admitting diagnosis, where there is one.
#[inline]
pub fn admitting_verdict(encounter: &Encounter<'_>) -> Option<CodeVerdict> {
    encounter.admitting.judgement.map(|judgement| judgement.verdict)
}

/// First and last age that the edits of codes by age ask of: those that the record leaves possible, else the stated age, which is then none that can be. It
/// conflicts with every range, as in the Medicare Code Editor (an age outside 0 to 124).
#[inline]
pub fn ages_asked(encounter: &Encounter<'_>) -> Option<(i32, i32)> {
    encounter.possible_ages().or_else(|| encounter.stated_age.value().map(|age| (age, age)))
}

/// Whether a diagnosis is exempt from present-on-admission reporting by the list of the day of discharge; `None` where there is no list of that day, or the
/// code is not a valid one of ICD-10-CM: of a code that is none, no list says anything.
#[inline]
pub fn exempt(encounter: &Encounter<'_>, diagnosis: &Diagnosis<'_>, context: &EditContext) -> Option<bool> {
    let valid = diagnosis.system == Some(CodeSystem::Icd10Cm) && verdict(diagnosis) == Some(CodeVerdict::Valid);
    exempt_on(diagnosis, discharged(encounter).filter(|_| valid)?, context)
}

/// Whether a valid diagnosis of ICD-10-CM is exempt on a day; `None` without a list of that day.
#[inline]
pub fn exempt_on(diagnosis: &Diagnosis<'_>, on: Day, context: &EditContext) -> Option<bool> {
    context.exempt.exempts(diagnosis.code, diagnosis.kinds.any(DiagnosisKinds::LISTED_EXEMPT), on)
}

/// Day of admission.
#[inline]
pub fn admitted(encounter: &Encounter<'_>) -> Option<Day> {
    encounter.admission_date.value().map(|moment| moment.day)
}

/// Day of discharge.
#[inline]
pub fn discharged(encounter: &Encounter<'_>) -> Option<Day> {
    encounter.discharge_date.value().map(|moment| moment.day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn npis_check_by_luhn_over_the_prefix_80840() {
        // 1234567893 is the example of the CMS NPI standard.
        assert!(is_npi("1234567893"));
        assert!(!is_npi("1234567890") && !is_npi("123456789") && !is_npi("12345678O3"));
    }

    #[test]
    fn zip_codes_and_social_security_numbers_by_their_form() {
        assert!(is_zip("19801") && is_zip("198011234") && is_zip("19801-1234"));
        assert!(!is_zip("1980") && !is_zip("000000") && !is_zip("00000") && !is_zip("ABCDE") && !is_zip("1980-11234"));
        assert_eq!(social_security_digits("123-45-6789").as_deref(), Some("123456789"));
        assert_eq!(social_security_digits("12-345-6789"), None);
        assert!(is_default_social_security_number("999756624") && is_default_social_security_number("000123456"));
        for printed in
            ["078051120", "219099999", "457555462", "987654320", "987654329", "666123456", "123456789", "222222222"]
        {
            assert!(is_default_social_security_number(printed), "{printed}");
        }
        assert!(!is_default_social_security_number("221456789") && !is_default_social_security_number("078051121"));
    }
}
