//! Words of the field for names of ours: what people write who have not read the list of names.

/// A word, without marks and in lower case, and the names it may stand for; the first that is known where it is written is meant.
const SYNONYMS: &[(&str, &[&str])] = &[
    ("accountnumber", &["encounter_id"]),
    ("admissionsource", &["point_of_origin"]),
    ("admit", &["admission_date"]),
    ("admitdate", &["admission_date"]),
    ("admitted", &["admission_date"]),
    ("admitsource", &["point_of_origin"]),
    ("admittype", &["admission_type"]),
    ("ageatadmission", &["age"]),
    ("agegroup", &["age_band"]),
    ("author", &["document_author"]),
    ("birthday", &["birth_date"]),
    ("casenumber", &["encounter_id"]),
    ("charges", &["total_charges"]),
    ("chartnumber", &["medical_record_number"]),
    ("codesystem", &["diagnosis_revision", "procedure_revision"]),
    ("dateofbirth", &["birth_date"]),
    ("dateofdeath", &["death_date"]),
    ("department", &["service"]),
    ("diagnosis", &["diagnosis_code"]),
    ("diagnosisnumber", &["diagnosis_sequence"]),
    ("diagnosisorder", &["diagnosis_sequence"]),
    ("diagnosisposition", &["diagnosis_sequence"]),
    ("diagnosisrank", &["diagnosis_sequence"]),
    ("diagnosissystem", &["diagnosis_revision"]),
    ("diagnosisversion", &["diagnosis_revision"]),
    ("dischargedisposition", &["discharge_status"]),
    ("discharged", &["discharge_date"]),
    ("disposition", &["discharge_status"]),
    ("dob", &["birth_date"]),
    ("doctor", &["attending_npi"]),
    ("dod", &["death_date"]),
    ("drg", &["diagnosis_related_group"]),
    ("dx", &["code", "diagnosis_code"]),
    ("firstname", &["patient_name"]),
    ("gender", &["sex"]),
    ("hospital", &["facility_id"]),
    ("hospitalid", &["facility_id"]),
    ("icdversion", &["diagnosis_revision", "procedure_revision"]),
    ("insurance", &["payer"]),
    ("lastname", &["patient_name"]),
    ("lengthofstay", &["length_of_stay", "length_of_stay_days"]),
    ("limit", &["percent_at_most", "at_most"]),
    ("los", &["length_of_stay", "length_of_stay_days"]),
    ("maxpercent", &["percent_at_most"]),
    ("minpercent", &["percent_at_least"]),
    ("mrn", &["medical_record_number"]),
    ("msdrg", &["diagnosis_related_group"]),
    ("name", &["patient_name"]),
    ("notetype", &["document_type"]),
    ("npi", &["attending_npi", "practitioner_npi"]),
    ("patientnumber", &["patient_id"]),
    ("patientstatus", &["discharge_status"]),
    ("payor", &["payer"]),
    ("percent", &["percent_at_most"]),
    ("poa", &["present_on_admission"]),
    ("position", &["diagnosis_sequence", "procedure_sequence"]),
    ("postcode", &["zip_code"]),
    ("primarydiagnosis", &["diagnosis_code"]),
    ("principaldiagnosis", &["diagnosis_code"]),
    ("procedure", &["procedure_code"]),
    ("procedurenumber", &["procedure_sequence"]),
    ("procedureorder", &["procedure_sequence"]),
    ("procedureposition", &["procedure_sequence"]),
    ("procedurerank", &["procedure_sequence"]),
    ("proceduresystem", &["procedure_revision"]),
    ("procedureversion", &["procedure_revision"]),
    ("provider", &["facility_id"]),
    ("seq", &["diagnosis_sequence", "procedure_sequence"]),
    ("seqnum", &["diagnosis_sequence", "procedure_sequence"]),
    ("sequence", &["diagnosis_sequence", "procedure_sequence"]),
    ("sequencenumber", &["diagnosis_sequence", "procedure_sequence"]),
    ("ssn", &["social_security_number"]),
    ("status", &["discharge_status"]),
    ("stay", &["length_of_stay", "length_of_stay_days"]),
    ("tolerance", &["percent_at_most"]),
    ("visitid", &["encounter_id"]),
    ("visitnumber", &["encounter_id"]),
    ("ward", &["service"]),
    ("zip", &["zip_code"]),
];

/// The name among those that are known that a word of the field stands for.
pub fn meant<'c>(bare_word: &str, known: impl Iterator<Item = &'c str> + Clone) -> Option<&'c str> {
    let (_, names) = SYNONYMS.iter().find(|(word, _)| *word == bare_word)?;
    names.iter().find_map(|name| known.clone().find(|known| known == name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::field::Field;

    #[test]
    fn every_word_stands_for_names_that_are_there() {
        // Names that are no fields: keys of a condition, and what expressions call by short names.
        let others = ["at_most", "percent_at_most", "percent_at_least", "code", "length_of_stay"];
        for (word, names) in SYNONYMS {
            assert!(word.bytes().all(|byte| byte.is_ascii_lowercase()), "{word}");
            for name in *names {
                assert!(others.contains(name) || Field::from_name(name).is_some(), "{word}: {name}");
            }
        }
        assert!(SYNONYMS.windows(2).all(|pair| pair[0].0 != pair[1].0));
    }

    #[test]
    fn the_first_name_that_is_known_there_is_meant() {
        assert_eq!(meant("los", ["length_of_stay_days", "sex"].into_iter()), Some("length_of_stay_days"));
        assert_eq!(meant("los", ["length_of_stay_days", "length_of_stay"].into_iter()), Some("length_of_stay"));
        assert_eq!(meant("los", ["sex"].into_iter()), None);
        assert_eq!(
            meant("diagnosisposition", ["diagnosis_code", "diagnosis_sequence"].into_iter()),
            Some("diagnosis_sequence")
        );
        assert_eq!(meant("position", ["procedure_sequence"].into_iter()), Some("procedure_sequence"));
        assert_eq!(meant("percent", ["percent_at_least", "percent_at_most"].into_iter()), Some("percent_at_most"));
    }
}
