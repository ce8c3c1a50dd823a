//! The lists of clinicians: who owes what and at which level, and who is suspended.

use crate::{
    book::csv::{CsvColumn, CsvTable},
    deficiency::clinicians::ClinicianStanding,
    record::date::Day,
};

/// `worklists/clinicians.csv`: a line a clinician with open deficiencies, or of whom something changed tonight.
#[derive(Debug)]
pub struct ClinicianList;

/// A line of [`ClinicianList`]: the clinician, and the name of the letter's files without their ends; empty where there is none.
pub type ClinicianLine<'r> = (&'r ClinicianStanding, &'r str);

fn day(day: Option<Day>) -> String {
    day.map_or_else(String::new, |day| day.to_string())
}

impl CsvTable for ClinicianList {
    type Row<'r> = ClinicianLine<'r>;
    const PATH: &'static str = "worklists/clinicians.csv";

    fn columns<'r>() -> Vec<CsvColumn<ClinicianLine<'r>>> {
        vec![
            ("clinician", |(standing, _)| standing.clinician.as_str().into()),
            ("level", |(standing, _)| standing.level.as_str().into()),
            ("incomplete_records", |(standing, _)| standing.records.to_string().into()),
            ("open_deficiencies", |(standing, _)| standing.deficiencies.to_string().into()),
            ("delinquent_records", |(standing, _)| standing.delinquent.to_string().into()),
            ("oldest_days", |(standing, _)| standing.oldest_days.to_string().into()),
            ("suspended_since", |(standing, _)| day(standing.suspended_since).into()),
            ("excused_through", |(standing, _)| day(standing.excused_through).into()),
            ("letter", |(_, letter)| (*letter).into()),
            ("tonight", |(standing, _)| {
                standing.events.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ").into()
            }),
        ]
    }
}
