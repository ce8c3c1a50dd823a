//! A site's own sheets: measures by a field of the records, over days, months, quarters or years, of those records for which a condition is true.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    census::Span,
    measure_list::MEASURES,
    measures::Measure,
    settings::SHEETS,
    tally::{AGE_GROUPS, age_group},
};
use crate::{
    expression::{
        check::compile,
        evaluate::{EvaluatedRecord, Expression, Surroundings},
        source::Child,
    },
    partition::{encounter::Encounter, value::Value, value_of::value_of},
    problem::{one_or_many::OneOrMany, reader::Section},
    record::{bounded::NOT_STATED, cell::Cell, date::Day, field::Field, month::Month},
};

/// The most own sheets of a pipeline.
const MOST_SHEETS: usize = 40;
/// Letters that the name of a sheet of Excel may have.
const LONGEST_NAME: usize = 31;
/// Names of sheets that stand around those that are chosen, and the one that Excel keeps for itself.
const AROUND: [&str; 7] = ["Cover", "Board", "Contents", "Definitions", "Run", "Chart data", "History"];

/// An own sheet, as it is written.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "OwnSheet")]
#[serde(deny_unknown_fields)]
pub struct OwnSheetSection {
    /// Name on the tab: at most 31 letters, and none of `[ ] : * ? / \`.
    pub name: String,
    /// Title on the sheet. Default: the name.
    pub title: Option<String>,
    /// Names of the measures, as the sheet Measures has them.
    pub measures: OneOrMany,
    /// What the rows are: a field of the records, or `age_group`. Without it all records stand together.
    pub by: Option<OwnSheetBy>,
    /// Over what the figures are put side by side. Default: the period.
    pub over: Option<OwnSheetOver>,
    /// The condition that a record has to meet, in the language of a site's own rules. Default: every record.
    #[serde(rename = "where")]
    pub condition: Option<String>,
}

/// What the rows of an own sheet are.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are those of the fields")]
pub enum OwnSheetBy {
    FacilityId,
    Service,
    Payer,
    AgeGroup,
    AgeBand,
    Sex,
    Race,
    Ethnicity,
    DischargeStatus,
    AdmissionType,
    PointOfOrigin,
    AttendingNpi,
    AttendingName,
    OperatingNpi,
    Coder,
    County,
    State,
    ZipCode,
    DiagnosisRelatedGroup,
}

/// Over what the figures of an own sheet are put side by side.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OwnSheetOver {
    /// The period alone.
    Period,
    /// The days of the period, at most its last 62.
    Day,
    /// Thirteen months that end with the period.
    Month,
    /// Nine quarters that end with that of the period.
    Quarter,
    /// Five calendar years.
    CalendarYear,
    /// Five fiscal years; `fiscal_year_begins` of the section says in which month they begin.
    FiscalYear,
}

/// What the rows of an own sheet are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breakdown {
    /// The values of a field.
    Field(Field),
    /// Groups of age at admission, in years.
    AgeGroup,
}

/// Every breakdown with its name.
pub const BREAKDOWNS: [(&str, Breakdown); 19] = [
    ("facility_id", Breakdown::Field(Field::FacilityId)),
    ("service", Breakdown::Field(Field::Service)),
    ("payer", Breakdown::Field(Field::Payer)),
    ("age_group", Breakdown::AgeGroup),
    ("age_band", Breakdown::Field(Field::AgeBand)),
    ("sex", Breakdown::Field(Field::Sex)),
    ("race", Breakdown::Field(Field::Race)),
    ("ethnicity", Breakdown::Field(Field::Ethnicity)),
    ("discharge_status", Breakdown::Field(Field::DischargeStatus)),
    ("admission_type", Breakdown::Field(Field::AdmissionType)),
    ("point_of_origin", Breakdown::Field(Field::PointOfOrigin)),
    ("attending_npi", Breakdown::Field(Field::AttendingNpi)),
    ("attending_name", Breakdown::Field(Field::AttendingName)),
    ("operating_npi", Breakdown::Field(Field::OperatingNpi)),
    ("coder", Breakdown::Field(Field::Coder)),
    ("county", Breakdown::Field(Field::County)),
    ("state", Breakdown::Field(Field::State)),
    ("zip_code", Breakdown::Field(Field::ZipCode)),
    ("diagnosis_related_group", Breakdown::Field(Field::DiagnosisRelatedGroup)),
];

/// Over what the figures are put side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SideBySide {
    /// The period alone.
    Period,
    /// Days.
    Days,
    /// So many months each.
    Months(i32),
    /// Years that begin in this month, from 1.
    Years(u32),
}

/// The words of `over`; a fiscal year begins when the settings say.
pub const OVER: [(&str, SideBySide); 6] = [
    ("period", SideBySide::Period),
    ("day", SideBySide::Days),
    ("month", SideBySide::Months(1)),
    ("quarter", SideBySide::Months(3)),
    ("calendar_year", SideBySide::Years(1)),
    ("fiscal_year", SideBySide::Years(0)),
];

/// A condition with its text.
#[derive(Debug, Clone)]
pub struct OwnCondition {
    /// As it is written.
    pub text: String,
    /// As it is evaluated.
    expression: Expression,
}

/// An own sheet.
#[derive(Debug, Clone)]
pub struct OwnSheet {
    /// Name on the tab. A pipeline file is read once, and its few names stay for as long as the program runs.
    pub name: &'static str,
    /// Title.
    pub title: String,
    /// Measures.
    pub measures: Vec<&'static Measure>,
    /// What the rows are.
    pub by: Option<Breakdown>,
    /// Over what the figures are put side by side.
    pub over: SideBySide,
    /// The condition that a record has to meet.
    pub condition: Option<OwnCondition>,
}

impl Breakdown {
    /// Its name, as the pipeline file has it.
    pub fn name(self) -> &'static str {
        match self {
            Breakdown::Field(field) => field.name(),
            Breakdown::AgeGroup => "age_group",
        }
    }

    /// Its name as a heading: `Discharge status`.
    pub fn heading(self) -> String {
        let words = self.name().replace("_id", "").replace("npi", "NPI").replace('_', " ");
        let mut letters = words.chars();
        letters.next().map_or(String::new(), |first| first.to_ascii_uppercase().to_string() + letters.as_str())
    }

    /// The value of a record.
    fn value(self, encounter: &Encounter<'_>) -> String {
        let field = match self {
            Breakdown::AgeGroup => {
                let age = encounter.age_years().filter(|age| (0..=124).contains(age));
                return age.map_or(NOT_STATED, |age| AGE_GROUPS[age_group(age)].0).to_owned();
            }
            Breakdown::Field(field) => field,
        };
        match value_of(encounter, field) {
            Cell::Value(Value::Text(text) | Value::Word(text)) => text.to_owned(),
            Cell::Value(Value::Short(code)) => code.text().to_owned(),
            Cell::Value(Value::Number(number)) => number.to_string(),
            Cell::Value(_) | Cell::Blank => NOT_STATED.to_owned(),
            Cell::Unreadable => super::tally::NOT_IN_LIST.to_owned(),
        }
    }
}

impl OwnSheet {
    /// The value of a record among the rows of the sheet; `None` where it is none of its records. A condition that is not known is not met.
    pub fn row_of(&self, encounter: &Encounter<'_>, around: Surroundings<'_>) -> Option<String> {
        let record = EvaluatedRecord { encounter, child: Child::None, around };
        if self.condition.as_ref().is_some_and(|condition| condition.expression.truth(&record) != Some(true)) {
            return None;
        }
        Some(self.by.map_or(String::new(), |by| by.value(encounter)))
    }

    /// All that says which records count where, in one text.
    pub fn settings_of_counting(&self) -> String {
        format!("{:?} {:?}", self.by, self.condition.as_ref().map(|condition| &condition.text))
    }

    /// The spans that are put side by side, oldest first, each with its name; `period` is the span of the statistics.
    pub fn spans(&self, period: Span) -> Vec<(String, Span)> {
        let last = Month::of(period.last);
        let whole = |first: Month, last: Month| Span { first: first.first(), last: last.last() };
        match self.over {
            SideBySide::Period => vec![(period.label(), period)],
            SideBySide::Days => {
                let first = period.first.0.max(period.last.0 - MOST_DAYS + 1);
                (first..=period.last.0)
                    .map(|day| (Day(day).to_string(), Span { first: Day(day), last: Day(day) }))
                    .collect()
            }
            SideBySide::Months(months) => {
                // A quarter ends in March, June, September or December.
                let end = Month(last.0 + (months - 1 - last.0.rem_euclid(12) % months));
                let count = if months == 1 { 13 } else { 9 };
                let of = |back: i32| {
                    let end = end.back(back * months);
                    let span = whole(end.back(months - 1), end);
                    (span.label(), span)
                };
                (0..count).rev().map(of).collect()
            }
            SideBySide::Years(begins) => {
                let begins = i32::try_from(begins).unwrap_or(1).clamp(1, 12) - 1;
                let into = (last.0.rem_euclid(12) - begins).rem_euclid(12);
                let first = last.back(into);
                let of = |back: i32| {
                    let first = first.back(back * 12);
                    let span = whole(first, first.back(-11));
                    // A fiscal year bears the number of the calendar year in which it ends.
                    let year = first.back(-11).0.div_euclid(12);
                    (if begins == 0 { year.to_string() } else { format!("FY {year}") }, span)
                };
                (0..5).rev().map(of).collect()
            }
        }
    }
}

/// Days that are put side by side at the most.
const MOST_DAYS: i32 = 62;

/// What the tables of a sheet are named by: its letters and digits in small, one underscore for whatever else stands between them.
pub fn table_stem(name: &str) -> String {
    let mut stem = "own".to_owned();
    for letter in name.chars() {
        match letter.is_ascii_alphanumeric() {
            true => {
                if stem == "own" {
                    stem.push('_');
                }
                stem.push(letter.to_ascii_lowercase());
            }
            false if stem.ends_with('_') => {}
            false => stem.push('_'),
        }
    }
    stem
}

/// Reads the sections `[[statistics.sheet]]`; `fiscal_year_begins`: the month, from 1.
pub fn read(section: &mut Section<'_>, fiscal_year_begins: u32) -> Vec<OwnSheet> {
    let mut names: Vec<String> = Vec::new();
    let sheets = section.sections("sheet", |sheet| read_sheet(sheet, fiscal_year_begins, &mut names));
    if sheets.len() > MOST_SHEETS {
        let span = section.value_span("sheet").unwrap_or_else(|| section.span.clone());
        section.problem("out-of-range", span, format!("a pipeline has at most {MOST_SHEETS} sheets of its own"), None);
    }
    sheets.into_iter().flatten().collect()
}

fn read_sheet(section: &mut Section<'_>, fiscal_year_begins: u32, names: &mut Vec<String>) -> Option<OwnSheet> {
    let name = read_name(section, names);
    let title = section.text("title").map(|title| title.value);
    let known: Vec<(&str, &'static Measure)> = MEASURES.iter().map(|measure| (measure.name, measure)).collect();
    let asked = section.has("measures");
    let measures: Vec<&'static Measure> =
        section.words("measures", &known).into_iter().map(|measure| measure.value).collect();
    if !asked {
        let span = section.span.start..section.span.start + 1;
        let to_do = "write measures = [\"Deaths\", \"Gross death rate, %\"]; `chartroom sheet new` lists them";
        section.problem("missing-key", span, "a sheet needs its measures", Some(to_do.to_owned()));
    }
    let by = section.word("by", &BREAKDOWNS).map(|by| by.value);
    let over = section.word("over", &OVER).map_or(SideBySide::Period, |over| over.value);
    let over = if over == SideBySide::Years(0) { SideBySide::Years(fiscal_year_begins) } else { over };
    let condition = match section.text("where") {
        None => None,
        Some(text) => match compile(&text.value, None) {
            Ok(expression) => Some(OwnCondition { text: text.value, expression }),
            Err(faults) => {
                for fault in faults {
                    let span = section.inside_text(&text, fault.span);
                    section.problem(fault.code, span, fault.message, fault.suggestion);
                }
                return None;
            }
        },
    };
    let name = name?;
    if measures.is_empty() {
        return None;
    }
    Some(OwnSheet { name, title: title.unwrap_or_else(|| name.to_owned()), measures, by, over, condition })
}

/// The name of a sheet: one that Excel takes, and that no other sheet has.
fn read_name(section: &mut Section<'_>, names: &mut Vec<String>) -> Option<&'static str> {
    let name = section.required_words("name")?;
    let text = name.value.trim();
    // Tables of Excel are named by letters, digits and underscores alone.
    let is_known = |other: &str| table_stem(other) == table_stem(text);
    let (message, to_do) = if text.chars().count() > LONGEST_NAME {
        (
            format!("the name of a sheet has at most {LONGEST_NAME} letters"),
            "write a shorter one, and the rest as `title`",
        )
    } else if text.contains(['[', ']', ':', '*', '?', '/', '\\']) || text.starts_with('\'') || text.ends_with('\'') {
        ("Excel takes no such name for a sheet".to_owned(), "leave out [ ] : * ? / \\ and quotes at the ends")
    } else if SHEETS.iter().chain(&AROUND).any(|other| is_known(other)) || names.iter().any(|other| is_known(other)) {
        let message = "another sheet has this name, or differs from it in marks alone".to_owned();
        (message, "give every sheet a name of its own")
    } else {
        names.push(text.to_owned());
        return Some(text.to_owned().leak());
    };
    section.problem("bad-name", name.span, message, Some(to_do.to_owned()));
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(over: SideBySide, period: (&str, &str)) -> Vec<(String, String, String)> {
        let sheet =
            OwnSheet { name: "One", title: String::new(), measures: Vec::new(), by: None, over, condition: None };
        let day = |text| Day::from_iso(text).expect("a day");
        let spans = sheet.spans(Span { first: day(period.0), last: day(period.1) });
        spans.into_iter().map(|(name, span)| (name, span.first.to_string(), span.last.to_string())).collect()
    }

    #[test]
    fn months_quarters_and_years_end_with_the_period() {
        let october = ("2026-10-01", "2026-10-31");
        let months = spans(SideBySide::Months(1), october);
        assert_eq!((months.len(), months[0].0.as_str(), months[12].0.as_str()), (13, "Oct 2025", "Oct 2026"));
        let quarters = spans(SideBySide::Months(3), october);
        assert_eq!(quarters.len(), 9);
        assert_eq!(quarters[8], ("Oct to Dec 2026".to_owned(), "2026-10-01".to_owned(), "2026-12-31".to_owned()));
        assert_eq!(quarters[0].1, "2024-10-01");
        let years = spans(SideBySide::Years(1), october);
        assert_eq!(years[4], ("2026".to_owned(), "2026-01-01".to_owned(), "2026-12-31".to_owned()));
        // The fiscal year of the United States begins in October and bears the number of the next year.
        let fiscal = spans(SideBySide::Years(10), october);
        assert_eq!(fiscal[4], ("FY 2027".to_owned(), "2026-10-01".to_owned(), "2027-09-30".to_owned()));
        let fiscal = spans(SideBySide::Years(10), ("2026-09-01", "2026-09-30"));
        assert_eq!(fiscal[4].0, "FY 2026");
        assert_eq!(spans(SideBySide::Days, ("2028-02-01", "2028-02-29")).len(), 29);
    }

    #[test]
    fn breakdowns_have_headings_in_words() {
        let headings: Vec<String> = BREAKDOWNS.iter().map(|(_, by)| by.heading()).collect();
        for heading in ["Facility", "Discharge status", "Attending NPI", "Age group"] {
            assert!(headings.iter().any(|own| own == heading), "{heading} of {headings:?}");
        }
        for (name, by) in BREAKDOWNS {
            assert_eq!(by.name(), name);
        }
    }
}
