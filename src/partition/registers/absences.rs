//! The absences of clinicians that were given notice of: illness, vacation. Who is away is not pressed.

use super::RegisterRow;
use crate::record::{date::Day, field::Field};

/// One absence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Absence {
    /// The clinician, as the document index names authors.
    pub clinician: Box<str>,
    /// First day.
    pub first: Day,
    /// Last day.
    pub last: Day,
}

/// All absences.
#[derive(Debug, Clone, Default)]
pub struct Absences {
    rows: Vec<Absence>,
}

impl Absences {
    /// Takes one row; one without two readable days is none.
    pub fn add(&mut self, row: &RegisterRow<'_>) {
        let days = row.day(Field::AbsentFrom).value().zip(row.day(Field::AbsentThrough).value());
        if let Some((first, last)) = days.filter(|(first, last)| first <= last) {
            self.rows.push(Absence { clinician: row.words(Field::Clinician).into(), first, last });
        }
    }

    /// Puts them in order.
    pub fn sort(&mut self) {
        self.rows.sort_unstable();
        self.rows.dedup();
    }

    /// The absences of a clinician, in the order of days.
    pub fn of(&self, clinician: &str) -> impl Iterator<Item = &Absence> {
        let start = self.rows.partition_point(|absence| *absence.clinician < *clinician);
        self.rows[start..].iter().take_while(move |absence| *absence.clinician == *clinician)
    }
}
