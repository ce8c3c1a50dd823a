//! A patient's name that stands in several columns: last name, first name, middle name.

use super::{
    column::DraftColumn,
    guess::{ColumnsOf, KnownColumns},
};
use crate::record::field::{CanonicalTable, Field};

/// What a column is called that has a part of a name, letters alone, without a word for the patient before it: the family name, the given name, the middle name.
const PARTS: [&[&str]; 3] = [
    &[
        "lastname",
        "lastnm",
        "lname",
        "surname",
        "familyname",
        "nachname",
        "familienname",
        "apellido",
        "apellidos",
        "sobrenome",
        "nomfamille",
    ],
    &["firstname", "firstnm", "fname", "givenname", "forename", "vorname", "prenom"],
    &["middlename", "middlenm", "midname", "midnm", "mname", "middleinitial", "mi"],
];

/// Takes the columns of a family name and a given name, with a middle name where there is one, as the patient's name.
pub fn take(columns: &[DraftColumn], table: CanonicalTable, taken: &mut KnownColumns) {
    if !Field::PatientName.stands_in(table) || taken.has(Field::PatientName) {
        return;
    }
    let free = taken.free(columns);
    let part = |words: &[&str]| free.iter().find(|(_, column)| is_called(&column.name, words)).map(|(at, _)| *at);
    let [Some(family), Some(given), middle] = PARTS.map(part) else { return };
    let runs = [Some(family), Some(given), middle].into_iter().flatten().map(|at| (columns[at].name.clone(), vec![at]));
    taken.add(Field::PatientName, ColumnsOf::Positions(runs.collect()), None);
}

fn is_called(name: &str, words: &[&str]) -> bool {
    let letters: String = super::words::folded(name).to_lowercase().chars().filter(char::is_ascii_alphabetic).collect();
    let of_patient = ["patient", "pat", "pt", ""];
    of_patient.iter().any(|before| letters.strip_prefix(before).is_some_and(|rest| words.contains(&rest)))
}
