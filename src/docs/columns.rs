//! The page of the columns of every table, made from the tables themselves.

use std::fmt::Write as _;

use crate::{
    examination::columns::{
        coded_records::{self, OptionalColumns},
        column::ColumnType,
        findings_by_value, record_sources,
    },
    record::field::DICTIONARY,
    run::desks,
};

const BEGIN: &str = "# The columns of every table

`chartroom docs output-folder` says what each file is for; here are its columns in their order. Every
file is written every time, with its heading alone where there is nothing to tell. In the CSV files an empty cell means: none, or not known.
";

/// A column that means something of its own in one table.
type OwnMeaning = (&'static str, &'static str, &'static str);

const OWN_MEANINGS: &[OwnMeaning] = &[
    ("coded_records.parquet", "admission_date", "day of admission"),
    ("coded_records.parquet", "discharge_date", "day of discharge"),
    ("coded_records.parquet", "coded_date", "day on which coding was completed"),
    ("coded_records.parquet", "procedure_date", "days of the procedures"),
    ("coded_records.parquet", "present_on_admission", "one letter a diagnosis: Y, N, U, W or 1 (exempt); `-`: none"),
    ("accepted.csv", "reason", "why somebody verified it as true, as the pipeline has it"),
    ("quarantine.csv", "reason", "why the row cannot be read; `continued` for the rest of a long row"),
    ("worklists/codes_to_decide.csv", "reason", "why a coder has to decide"),
    ("quarantine.csv", "text", "the row as it stands in the file"),
    ("worklists/codes_to_decide.csv", "text", "the export's own words for the code, of the first record with it"),
    ("worklists/deficiencies.csv", "rule", "what asks for it: the line of the matrix with its source"),
    ("worklists/deficiencies.csv", "code", "code of the kind of deficiency"),
    ("zeros_restored.csv", "code", "the code that was read"),
    (
        "worklists/records_to_correct.csv",
        "input",
        "the file of a record without a number; `record_sources.parquet` has the others",
    ),
    ("worklists/records_to_correct.csv", "row", "its row in the file"),
    ("worklists/to_resolve.csv", "code", "code of the edit or kind of deficiency"),
    ("worklists/no_longer_found.csv", "code", "code of the edit or kind of deficiency"),
    ("worklists/to_resolve.csv", "kind", "finding or deficiency"),
    ("worklists/no_longer_found.csv", "kind", "finding or deficiency"),
    ("worklists/to_resolve.csv", "field", "the field at fault, or the kind of document"),
    ("worklists/no_longer_found.csv", "field", "the field that was at fault, or the kind of document"),
    ("worklists/to_resolve.csv", "value", "the value at fault, or the number of the document"),
    ("worklists/to_resolve.csv", "encounter_id", "the encounter, or what else it speaks of"),
    ("worklists/no_longer_found.csv", "encounter_id", "the encounter, or what else it spoke of"),
    ("worklists/to_resolve.csv", "status", "new, open, reopened; `new, edits changed` where the record did not change"),
    ("worklists/no_longer_found.csv", "status", "corrected; `gone, edits changed` where the record did not change"),
    ("superseded.csv", "why", "why it is not in the figures, in words"),
    ("facility_months.csv", "why", "why it is not judged, in words"),
    ("figures.csv", "sheet", "sheet of the workbook"),
    ("figures.csv", "table", "table on it"),
    ("figures.csv", "row", "the words that the row begins with"),
    ("figures.csv", "column", "heading of the column"),
    ("figures.csv", "value", "the figure as the workbook prints it; empty where it has none"),
    ("facility_months.csv", "of", "the service, coder or practitioner, where the figure is of one"),
];

/// What a column means, where it is no canonical field.
const MEANINGS: &[(&str, &str)] = &[
    ("days_open", "days since it was found first"),
    ("delinquent_records", "of the records, delinquent ones"),
    ("excused_through", "excused by an absence through this day"),
    ("first_seen", "night on which it was found first"),
    ("incomplete_records", "records with an open deficiency of the clinician"),
    ("last_seen", "night on which it was found last"),
    ("letter", "name of the letter's files, without their ends"),
    ("level", "level that the clinician has reached"),
    ("oldest_days", "days since the discharge of the oldest"),
    ("open_deficiencies", "open deficiencies of the clinician"),
    ("owner", "who is to resolve it"),
    ("suspended_since", "on the suspension list since"),
    ("tonight", "what changed tonight"),
    ("admission_minute", "minute of the day of admission, 0 to 1439; none where the time is not known"),
    ("admission_month", "month of admission, also where the day is not known"),
    ("admission_year", "year of admission, also where the day is not known"),
    ("age", "how old the deficiency is, as a band of days"),
    ("age_days", "days since discharge on the business date"),
    ("age_years", "age in whole years at admission"),
    ("ahrq_conditions", "AHRQ's refined comorbidities, separated by blanks"),
    ("ahrq_mortality_index", "AHRQ's index of death in hospital"),
    ("ahrq_readmission_index", "AHRQ's index of readmission within 30 days"),
    ("attending_name", "the attending practitioner"),
    ("author", "who verified it"),
    ("became", "what became of the row: superseded, withdrawn or undecided"),
    ("birth_year", "year of birth, also where the day is not known"),
    ("candidate_approximate", "of each candidate, whether the map calls it approximate"),
    ("candidate_occurrences", "of each candidate, how often it stands in the run"),
    ("candidate_titles", "titles of the candidates"),
    ("candidates", "codes that the map offers"),
    ("changed_fields", "fields in which the newest version differs"),
    ("charlson_conditions", "conditions of the Charlson index (Quan 2005), separated by blanks"),
    ("charlson_score", "Charlson score with the weights of 1987"),
    ("charlson_score_quan", "Charlson score with the weights of Quan 2011"),
    ("clinician", "who owes what comes next"),
    ("coded_minute", "minute of the day on which coding was completed"),
    ("count", "findings with this value; 1 on the line of one finding"),
    ("critical_high", "upper critical limit"),
    ("critical_low", "lower critical limit"),
    ("deficiencies", "deficiencies of the chart"),
    ("deficiency", "kind of deficiency"),
    ("deficiency_key", "names the deficiency from run to run"),
    ("denominator", "what is divided by"),
    ("diagnosis_block", "block of the classification, a diagnosis each; empty for what is no code"),
    ("diagnosis_ccsr", "clinical categories (CCSR), a diagnosis each; several separated by blanks"),
    ("diagnosis_chapter", "chapter of the classification, a diagnosis each; 0 for what is no code"),
    ("diagnosis_chronic", "chronic indicator (CCIR), a diagnosis each"),
    ("diagnosis_mapped_code", "what the diagnosis was mapped to, a diagnosis each"),
    ("diagnosis_mapping", "how the mapping was decided, a diagnosis each"),
    ("diagnosis_position", "positions of the diagnoses, where they are not 1, 2, 3 and so on"),
    (
        "diagnosis_system",
        "code system of the diagnoses: one word where all are alike, else one a diagnosis, separated by commas",
    ),
    ("diagnosis_verdict", "verdict on the diagnoses, in the same way"),
    ("died", "whether the patient died in the stay"),
    ("discharge_minute", "minute of the day of discharge"),
    ("discharge_month", "month of discharge, also where the day is not known"),
    ("discharge_year", "year of discharge, also where the day is not known"),
    ("documents", "documents of this kind"),
    ("due_date", "day on which it was or is due"),
    ("elixhauser_conditions", "conditions of the Elixhauser measure (Quan 2005), separated by blanks"),
    ("elixhauser_swiss", "Elixhauser score with the weights of Sharma 2021 (Swiss)"),
    ("elixhauser_van_walraven", "Elixhauser score with the weights of van Walraven 2009"),
    ("error", "findings of severity error"),
    ("event_date", "day of the event that the document tells of"),
    ("fatal", "findings of severity fatal"),
    ("field", "the field at fault"),
    ("figure", "the figure as it is shown"),
    ("finding_key", "names the finding from run to run; on the line of a value in `findings.csv` it names the value"),
    ("finding_keys", "keys of the record's errors and fatal findings"),
    ("findings_error", "findings of severity error, those between records among them"),
    ("findings_fatal", "findings of severity fatal"),
    ("findings_info", "findings of severity info, those between records among them"),
    ("findings_warning", "findings of severity warning, those between records among them"),
    ("from_code", "the code as the export has it"),
    ("from_system", "its code system"),
    ("info", "findings of severity info"),
    ("input", "the file, with its sheet or member"),
    ("kind", "diagnosis or procedure"),
    ("length_of_stay_days", "length of stay in days"),
    ("length_of_stay_origin", "`computed` from the dates, or `stated` by the export"),
    ("mean", "mean of the months before"),
    ("measure", "what is measured"),
    ("message", "what the edit found, in words"),
    ("month", "the month"),
    ("months", "months of history that it is held against"),
    ("newborn", "whether the record is a newborn's"),
    ("newest_input", "the file of the newest version; of an undecided row that of the other version"),
    ("newest_row", "its row"),
    ("note", "the export's own words for the code"),
    ("number", "number of the encounter, patient or document"),
    ("numerator", "what is counted"),
    ("occurrences", "how often it stands in the run"),
    ("other_encounter_id", "the other record"),
    ("other_facility_id", "facility of the other record"),
    ("position", "position among diagnoses, procedures or documents; the first is 1"),
    (
        "principal_ccsr_default",
        "the clinical category that counts for an inpatient's principal diagnosis; known once a CCSR release is imported",
    ),
    ("probably_meant", "the kind of the matrix that is written nearly so"),
    ("procedure_mapped_code", "what the procedure was mapped to, a procedure each"),
    ("procedure_mapping", "how the mapping was decided, a procedure each"),
    ("procedure_system", "code system of the procedures, as of the diagnoses"),
    ("procedure_verdict", "verdict on the procedures, as of the diagnoses"),
    ("rejected", "whether a fatal finding keeps the record out of the statistics"),
    ("repeats_input", "the file of the row that it repeats"),
    ("repeats_row", "the row that it repeats"),
    ("row", "the row in the file; the heading is row 1"),
    ("rule", "code of the edit; `chartroom explain CODE` has its page"),
    ("rules", "codes of the edits that found errors"),
    ("samples", "up to three encounters with the value"),
    ("severity", "fatal, error, warning or info"),
    ("status", "incomplete, delinquent, or complete but late"),
    ("system", "code system"),
    ("table", "kind of row"),
    ("title", "title of the code"),
    ("to_code", "for the coder: the code that is right"),
    ("to_system", "code system of the code that is right"),
    ("total_charges_cents", "total charges in cents"),
    ("undecided", "whether another version of the record may be the newest as well"),
    ("unit", "unit of the figure"),
    ("until", "last day on which it counts as verified"),
    (
        "value",
        "the value as it stood in the export, masked where it identifies a patient; of a finding on a file, a day or a month what was counted",
    ),
    ("verdict", "within the limits, beyond warning limits, beyond critical limits, or not applicable"),
    ("warning", "findings of severity warning"),
    ("warning_high", "upper warning limit"),
    ("warning_low", "lower warning limit"),
    ("written", "the text as it was written"),
];

/// What a column of a table means; `None` where nobody has said.
fn meaning(table: &str, column: &str) -> Option<&'static str> {
    let own = OWN_MEANINGS.iter().find(|(of, name, _)| (*of, *name) == (table, column)).map(|own| own.2);
    let general = || MEANINGS.iter().find(|(name, _)| *name == column).map(|(_, meaning)| *meaning);
    let field = || DICTIONARY.iter().find(|entry| entry.name == column).map(|entry| entry.meaning);
    own.or_else(general).or_else(field)
}

/// A type in words.
fn type_name(of: ColumnType) -> &'static str {
    match of {
        ColumnType::Text => "text",
        ColumnType::Number | ColumnType::Long => "whole number",
        ColumnType::Date => "day",
        ColumnType::Flag => "yes or no",
        ColumnType::Texts => "list of texts",
        ColumnType::Numbers => "list of whole numbers",
        ColumnType::Dates => "list of days",
    }
}

/// A table: its path, and its columns with their types where it is a Parquet file.
type TableColumns = (&'static str, Vec<(&'static str, Option<ColumnType>)>);

/// Every table.
fn tables() -> Vec<TableColumns> {
    let typed = |columns: Vec<(&'static str, ColumnType)>| {
        columns.into_iter().map(|(name, of)| (name, Some(of))).collect::<Vec<_>>()
    };
    let every_column =
        OptionalColumns { mapped: (true, true), age_bands: true, stated_stays: true, partial_dates: true };
    let mut tables = vec![
        ("coded_records.parquet", typed(coded_records::columns(every_column).collect())),
        ("record_sources.parquet", typed(record_sources::COLUMNS.to_vec())),
        ("findings_by_value.parquet", typed(findings_by_value::COLUMNS.to_vec())),
    ];
    let csv = desks::tables(true, true).into_iter();
    tables.extend(csv.map(|(path, headings)| (path, headings.into_iter().map(|name| (name, None)).collect())));
    tables
}

/// A section for each table.
pub fn page() -> String {
    let mut text = BEGIN.to_owned();
    for (path, columns) in tables() {
        let has_types = columns.iter().any(|(_, of)| of.is_some());
        let head = if has_types {
            "| column | type | meaning |\n| --- | --- | --- |"
        } else {
            "| column | meaning |\n| --- | --- |"
        };
        let _ = writeln!(text, "\n## {path}\n\n{head}");
        for (name, of) in columns {
            let meaning = meaning(path, name).unwrap_or_default();
            let _ = match of {
                Some(of) => writeln!(text, "| `{name}` | {} | {meaning} |", type_name(of)),
                None => writeln!(text, "| `{name}` | {meaning} |"),
            };
        }
        if path == "coded_records.parquet" {
            text.push_str(OPTIONAL);
        }
    }
    text
}

const OPTIONAL: &str = "
`age_band` stands there where a layout reads ages by bands, `length_of_stay_origin` where one states stays, the years and months of admission, discharge
and birth where one reads months or years as dates, and the mapped codes where the pipeline maps. AHRQ's
columns are blank where no diagnosis is of ICD-10-CM. For a record without present-on-admission marks AHRQ's indices take the measures that are known without them.
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_a_meaning_and_every_meaning_a_column() {
        let tables = tables();
        let columns: Vec<(&str, &str)> =
            tables.iter().flat_map(|(path, columns)| columns.iter().map(|(name, _)| (*path, *name))).collect();
        for (path, name) in &columns {
            assert!(meaning(path, name).is_some_and(|words| !words.is_empty()), "{path}: {name}");
        }
        for (name, _) in MEANINGS {
            assert!(columns.iter().any(|(_, column)| column == name), "{name} is no column");
        }
        for (path, name, _) in OWN_MEANINGS {
            assert!(columns.contains(&(path, name)), "{path} has no column {name}");
        }
    }
}
