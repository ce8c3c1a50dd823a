//! The section `[statistics]`: how it is written, what it says when it is checked, and its reader.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    case_mix::{self, GroupWeights},
    labels::{self, Labels},
    measure_list::MEASURES,
    own_sheet::{self, OwnSheet, OwnSheetSection},
    survey::{self, SurveySection, SurveySettings},
};
use crate::problem::{named_files::NamedFiles, one_or_many::OneOrMany, reader::Section};

/// The most rows of a list of most frequent codes.
const MOST_ROWS: i64 = 10_000;

/// The workbook of the statistics.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Statistics")]
#[serde(deny_unknown_fields)]
pub struct StatisticsSection {
    /// What the statistics are written as. `--format` goes before it. Default: xlsx and html.
    pub format: Option<StatisticsFormats>,
    /// Rows of the lists of most frequent codes. Default: 25.
    pub top: Option<u32>,
    /// The sheets that are written, in this order; cover, board, contents, definitions and run sheet stand around them. Default: every sheet that has something to say.
    pub sheets: Option<OneOrMany>,
    /// Whether a run ends with 1 where figures that have to agree do not: census, services, coding, births, deaths. Default: false.
    pub must_reconcile: Option<bool>,
    /// The hospital or programme, for the cover. Default: `source_organization` of the section [archive].
    pub hospital: Option<String>,
    /// Whom to ask about the figures, for the cover.
    pub contact: Option<String>,
    /// A file of words for codes, comma-separated, with the columns `of` (service, payer, facility, unit), `code` and `words`.
    pub labels_file: Option<String>,
    /// Words for codes of the site, before those of `labels_file`: tables `service`, `payer`, `facility` and `unit`, each with a line `CODE = "Words"`.
    pub labels: Option<LabelTables>,
    /// A file of the relative weights of diagnosis-related groups, comma-separated, for the case-mix index: columns `drg`, `weight`, and `first` and `last` where weights change.
    pub drg_weights: Option<String>,
    /// What the publisher of a survey says of its errors, where records state weights.
    pub survey: Option<SurveySection>,
    /// The month in which a fiscal year begins, 1 to 12. Default: 10, as that of the United States.
    pub fiscal_year_begins: Option<u32>,
    /// Sheets of the pipeline's own: measures by a field of the records.
    #[serde(default)]
    pub sheet: Vec<OwnSheetSection>,
    /// Limits of measures, for the board page. Without one, the limits are those of the control chart.
    #[serde(default)]
    pub limit: Vec<LimitSection>,
}

/// Words for codes of the site.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Labels")]
#[serde(deny_unknown_fields)]
pub struct LabelTables {
    /// Of hospital services.
    pub service: Option<BTreeMap<String, String>>,
    /// Of payers.
    pub payer: Option<BTreeMap<String, String>>,
    /// Of facilities.
    pub facility: Option<BTreeMap<String, String>>,
    /// Of nursing units.
    pub unit: Option<BTreeMap<String, String>>,
}

/// A limit of a measure.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "MeasureLimit")]
#[serde(deny_unknown_fields)]
pub struct LimitSection {
    /// Name of the measure, as the sheet Measures has it.
    pub measure: String,
    /// The least that is in order.
    pub at_least: Option<f64>,
    /// The most that is in order.
    pub at_most: Option<f64>,
}

/// A limit of a measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasureLimit {
    /// Name of the measure.
    pub measure: String,
    /// The least that is in order, in thousandths.
    pub at_least: Option<u64>,
    /// The most that is in order, in thousandths.
    pub at_most: Option<u64>,
}

/// The sheets that a pipeline may choose from.
pub const SHEETS: [&str; 26] = [
    "Measures",
    "Months",
    "Facilities",
    "Control limits",
    "Expected",
    "Census",
    "Units",
    "Reconciliation",
    "Discharges",
    "Groups",
    "Charges",
    "Length of stay",
    "Weighted",
    "Diagnoses",
    "Procedures",
    "Chapters",
    "Clinical groups",
    "Comorbidity",
    "Edits",
    "Rules",
    "Conformity",
    "Trends",
    "Deficiencies",
    "Clinicians",
    "Coding",
    "Coders",
];

/// Measures of the board page that are none of the sheet Measures: what they count is of other desks.
pub const OF_OTHER_DESKS: [&str; 2] = [DELINQUENT, IN_ERROR];
/// Delinquent records, on the day of the run, of the discharges of an average month.
pub const DELINQUENT: &str = "Delinquent records, %";
/// Records of the period with a finding of severity error or worse.
pub const IN_ERROR: &str = "Records in error, %";

/// Format of the statistics.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StatisticsFormat {
    /// An Excel workbook.
    Xlsx,
    /// A page of HTML with charts.
    Html,
    /// Plain text.
    Text,
    /// Comma-separated values, a file a table, with their description.
    Csv,
    /// An Excel workbook and plain text.
    Both,
    /// Every one of them.
    All,
}

/// One format or several.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum StatisticsFormats {
    /// One.
    One(StatisticsFormat),
    /// Several.
    Several(Vec<StatisticsFormat>),
}

/// What the statistics are written as.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BookFormats {
    /// An Excel workbook.
    pub workbook: bool,
    /// A page of HTML.
    pub page: bool,
    /// Plain text.
    pub text: bool,
    /// Comma-separated values.
    pub tables: bool,
}

impl BookFormats {
    /// The words of the formats.
    pub const WORDS: [(&str, BookFormats); 6] = {
        const NONE: BookFormats = BookFormats { workbook: false, page: false, text: false, tables: false };
        [
            ("xlsx", BookFormats { workbook: true, ..NONE }),
            ("html", BookFormats { page: true, ..NONE }),
            ("text", BookFormats { text: true, ..NONE }),
            ("csv", BookFormats { tables: true, ..NONE }),
            ("both", BookFormats { workbook: true, text: true, ..NONE }),
            ("all", BookFormats { workbook: true, page: true, text: true, tables: true }),
        ]
    };

    /// Both together.
    #[must_use]
    pub fn with(self, other: BookFormats) -> BookFormats {
        BookFormats {
            workbook: self.workbook | other.workbook,
            page: self.page | other.page,
            text: self.text | other.text,
            tables: self.tables | other.tables,
        }
    }
}

/// The settings of the desk.
#[derive(Debug, Clone)]
pub struct StatisticsSettings {
    /// What they are written as.
    pub formats: BookFormats,
    /// Rows of the lists of most frequent codes.
    pub top: usize,
    /// The sheets that are written, in their order; none: every sheet that has something to say.
    pub sheets: Vec<&'static str>,
    /// Whether a run ends with 1 where figures that have to agree do not.
    pub must_reconcile: bool,
    /// The hospital or programme; blank: not stated.
    pub hospital: String,
    /// Whom to ask about the figures; blank: not stated.
    pub contact: String,
    /// Words for codes.
    pub labels: Labels,
    /// Limits of measures.
    pub limits: Vec<MeasureLimit>,
    /// Sheets of the pipeline's own.
    pub own_sheets: Vec<OwnSheet>,
    /// What is said of a survey.
    pub survey: SurveySettings,
    /// Weights of diagnosis-related groups.
    pub group_weights: GroupWeights,
}

impl Default for StatisticsSettings {
    fn default() -> StatisticsSettings {
        let formats = BookFormats { workbook: true, page: true, ..BookFormats::default() };
        StatisticsSettings {
            formats,
            top: 25,
            sheets: Vec::new(),
            must_reconcile: false,
            hospital: String::new(),
            contact: String::new(),
            labels: Labels::default(),
            limits: Vec::new(),
            own_sheets: Vec::new(),
            survey: SurveySettings::default(),
            group_weights: GroupWeights::default(),
        }
    }
}

/// Reads the section.
pub fn read(section: &mut Section<'_>, named: &mut NamedFiles<'_>) -> StatisticsSettings {
    let mut settings = StatisticsSettings::default();
    let formats = section.words("format", &BookFormats::WORDS);
    if !formats.is_empty() {
        settings.formats = formats.iter().fold(BookFormats::default(), |all, format| all.with(format.value));
    }
    if let Some(top) = section.number("top", 1..=MOST_ROWS) {
        settings.top = top.value as usize;
    }
    if let Some(must_reconcile) = section.flag("must_reconcile") {
        settings.must_reconcile = must_reconcile.value;
    }
    if let Some(file) = section.text("drg_weights") {
        settings.group_weights = case_mix::read_file(section, named, &file);
    }
    settings.survey = section.section("survey", survey::read).unwrap_or_default();
    let begins = section.number("fiscal_year_begins", 1..=12).map_or(10, |month| month.value as u32);
    settings.own_sheets = own_sheet::read(section, begins);
    let own = settings.own_sheets.iter().map(|sheet| sheet.name);
    let names: Vec<(&str, &'static str)> = SHEETS.into_iter().chain(own).map(|name| (name, name)).collect();
    settings.sheets = section.words("sheets", &names).into_iter().map(|name| name.value).collect();
    settings.hospital = section.text("hospital").map_or(String::new(), |text| text.value);
    settings.contact = section.text("contact").map_or(String::new(), |text| text.value);
    let of_file = section.text("labels_file").map(|file| labels::read_file(section, named, &file));
    settings.labels = section.section("labels", labels::read).unwrap_or_default().before(of_file.unwrap_or_default());
    settings.limits = section.sections("limit", read_limit).into_iter().flatten().collect();
    settings
}

fn read_limit(section: &mut Section<'_>) -> Option<MeasureLimit> {
    let names: Vec<(&str, &'static str)> =
        MEASURES.iter().map(|own| own.name).chain(OF_OTHER_DESKS).map(|name| (name, name)).collect();
    let measure = section.word("measure", &names);
    let [at_least, at_most] = ["at_least", "at_most"].map(|key| section.decimal(key).map(|limit| limit.value));
    if !section.has("measure") || at_least.is_none() && at_most.is_none() {
        let span = section.span.clone();
        let to_do = "write measure = \"Occupancy of beds, %\" and at_most = 85, at_least = 75, or both".to_owned();
        section.problem("missing-key", span, "a limit names a measure, and what is in order", Some(to_do));
        return None;
    }
    Some(MeasureLimit { measure: measure?.value.to_owned(), at_least, at_most })
}
