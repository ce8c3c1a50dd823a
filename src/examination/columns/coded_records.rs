//! The coded records: one row an examined encounter, codes as lists, in the order of encounter numbers.
//!
//! Where a row stood in its file is kept apart, in `record_sources.parquet`: the coded records themselves do not change when an export comes in another order.

use crate::{
    codeset::{
        code_index::CodeIndex,
        groups::{CodeGroups, Groups},
        sets::CodeSets,
    },
    coding::{
        comorbidity::{ahrq::AhrqTable, encounter::Comorbidities, index::ComorbidityIndex, quan::QuanTables},
        mapping::Mapped,
    },
    edits::facts,
    examination::columns::{
        build::{Built, Flags, Keyed, Numbers, Texts},
        code_lists::CodeListColumns,
        column::{ColumnType, ColumnValues, Columns, Presence, Single, TextValues},
    },
    examination::desks::{DESK_COLUMNS, DeskFigures},
    partition::encounter::Encounter,
    record::{
        cell::Cell,
        code::{CodeSystem, CodeVerdict},
        date::{Day, Moment},
        field::Field,
        partial_date::PartialDate,
    },
    rows::slot::Feed,
};

/// What the desks found of one encounter, beside the encounter itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct RecordOutcome {
    /// Findings by severity, heaviest first.
    pub findings: [u16; 4],
    /// A fatal finding keeps the record out of statistics.
    pub rejected: bool,
    /// Something in it is followed from night to night: it is looked at again tomorrow.
    pub is_open: bool,
    /// What the other desks found.
    pub desks: DeskFigures,
}

/// One encounter with what the desks found of it.
#[derive(Debug, Clone, Copy)]
pub struct CodedRecord<'r> {
    /// The encounter.
    pub encounter: &'r Encounter<'r>,
    /// What the desks found.
    pub outcome: &'r RecordOutcome,
    /// Its comorbidities.
    pub comorbid: &'r Comorbidities,
    /// The category (CCSR) that counts for an inpatient's principal diagnosis; blank where there is none or the source does not say.
    pub principal_category: &'r str,
}

/// A column of one value a record: what it holds, and how the value is had. A blank text is no value.
#[derive(Clone, Copy)]
enum Of {
    /// A text that often repeats.
    Text(for<'r> fn(&CodedRecord<'r>) -> &'r str),
    /// A text that seldom repeats.
    Unique(for<'r> fn(&CodedRecord<'r>) -> &'r str),
    /// A word of one or two letters; the second may be 0.
    Word(fn(&CodedRecord<'_>) -> Option<[u8; 2]>),
    /// A text that is put together; always there.
    Joined(fn(&CodedRecord<'_>, &mut String)),
    /// Names of the conditions of an index, separated by blanks.
    Conditions(fn(&CodedRecord<'_>) -> Option<u64>, fn() -> &'static ComorbidityIndex),
    /// A figure of another desk; always there.
    Figure(fn(&DeskFigures) -> i32),
    /// A whole number.
    Number(fn(&CodedRecord<'_>) -> Option<i32>),
    /// A day.
    Date(fn(&CodedRecord<'_>) -> Option<i32>),
    /// An amount.
    Long(fn(&CodedRecord<'_>) -> Option<i64>),
    /// Yes or no.
    Flag(fn(&CodedRecord<'_>) -> bool),
}

impl Of {
    fn kind(self) -> ColumnType {
        match self {
            Of::Text(_) | Of::Unique(_) | Of::Word(_) | Of::Joined(_) | Of::Conditions(..) => ColumnType::Text,
            Of::Number(_) | Of::Figure(_) => ColumnType::Number,
            Of::Date(_) => ColumnType::Date,
            Of::Long(_) => ColumnType::Long,
            Of::Flag(_) => ColumnType::Flag,
        }
    }
}

/// The columns of one value a record, in the order of the file. AHRQ's are blank where its measures do not apply; where the record has no
/// present-on-admission marks, its indices are over the measures that are known without them.
const COLUMNS: &[(&str, Of)] = &[
    ("encounter_id", Of::Unique(|record| record.encounter.encounter_id)),
    ("patient_id", Of::Unique(|record| record.encounter.patient_id)),
    ("facility_id", Of::Text(|record| record.encounter.facility_id)),
    ("encounter_class", Of::Text(|record| record.encounter.encounter_class)),
    ("service", Of::Text(|record| record.encounter.service)),
    ("race", Of::Text(|record| record.encounter.race)),
    ("ethnicity", Of::Text(|record| record.encounter.ethnicity)),
    ("zip_code", Of::Text(|record| record.encounter.zip_code)),
    ("state", Of::Text(|record| record.encounter.state)),
    ("county", Of::Text(|record| record.encounter.county)),
    ("payer", Of::Text(|record| record.encounter.payer.value().unwrap_or(""))),
    ("sex", Of::Text(|record| record.encounter.sex.value().map_or("", |sex| sex.letter()))),
    ("diagnosis_related_group", Of::Text(|record| record.encounter.diagnosis_related_group)),
    ("attending_npi", Of::Text(|record| record.encounter.attending_npi)),
    ("operating_npi", Of::Text(|record| record.encounter.operating_npi)),
    ("coder", Of::Text(|record| record.encounter.coder)),
    ("admission_type", Of::Word(|record| record.encounter.admission_type.value().map(|kind| [kind.0, 0]))),
    ("point_of_origin", Of::Word(|record| record.encounter.point_of_origin.value().map(|origin| [origin.0, 0]))),
    ("discharge_status", Of::Word(|record| record.encounter.discharge_status.value().map(|status| status.digits()))),
    ("admission_date", Of::Date(|record| day(record.encounter.admission_date))),
    ("admission_minute", Of::Number(|record| minute(record.encounter.admission_date))),
    ("discharge_date", Of::Date(|record| day(record.encounter.discharge_date))),
    ("discharge_minute", Of::Number(|record| minute(record.encounter.discharge_date))),
    ("coded_date", Of::Date(|record| day(record.encounter.coded_date))),
    ("coded_minute", Of::Number(|record| minute(record.encounter.coded_date))),
    ("birth_date", Of::Date(|record| record.encounter.birth_date.value().map(|Day(day)| day))),
    ("age_years", Of::Number(|record| record.encounter.age_years())),
    ("length_of_stay_days", Of::Number(|record| record.encounter.length_of_stay())),
    ("birth_weight_grams", Of::Number(|record| record.encounter.birth_weight_grams.value())),
    ("total_charges_cents", Of::Long(|record| record.encounter.total_charges.value())),
    ("died", Of::Flag(|record| record.encounter.died())),
    ("newborn", Of::Flag(|record| record.encounter.is_newborn())),
    ("rejected", Of::Flag(|record| record.outcome.rejected)),
    ("undecided", Of::Flag(|record| record.encounter.undecided)),
];

/// Those after the figures of the other desks.
const FURTHER_COLUMNS: &[(&str, Of)] = &[
    (
        "diagnosis_system",
        Of::Joined(|record, out| {
            let codes = record.encounter.diagnoses.iter().map(|code| SystemName(code.system, code.other_system));
            join_alike(codes, SystemName::name, out);
        }),
    ),
    (
        "diagnosis_verdict",
        Of::Joined(|record, out| {
            let codes = record.encounter.diagnoses.iter().map(facts::verdict);
            join_alike(codes, |verdict| verdict.map_or("", CodeVerdict::name), out);
        }),
    ),
    (
        "present_on_admission",
        Of::Joined(|record, out| {
            let marks = record.encounter.diagnoses.iter();
            out.extend(marks.map(|code| code.present_on_admission.value().map_or('-', |mark| mark.mark())));
        }),
    ),
    (
        "procedure_system",
        Of::Joined(|record, out| {
            let codes = record.encounter.procedures.iter().map(|code| SystemName(code.system, code.other_system));
            join_alike(codes, SystemName::name, out);
        }),
    ),
    (
        "procedure_verdict",
        Of::Joined(|record, out| {
            let codes = record.encounter.procedures.iter().map(facts::procedure_verdict);
            join_alike(codes, |verdict| verdict.map_or("", CodeVerdict::name), out);
        }),
    ),
    ("principal_ccsr_default", Of::Text(|record| record.principal_category)),
    (
        "charlson_conditions",
        Of::Conditions(|record| Some(record.comorbid.charlson.conditions.into()), || &QuanTables::shipped().charlson),
    ),
    (
        "elixhauser_conditions",
        Of::Conditions(
            |record| Some(record.comorbid.elixhauser.conditions.into()),
            || &QuanTables::shipped().elixhauser,
        ),
    ),
    (
        "ahrq_conditions",
        Of::Conditions(
            |record| record.comorbid.refined.map(|refined| refined.conditions),
            || &AhrqTable::shipped().index,
        ),
    ),
    ("charlson_score", Of::Number(|record| Some(record.comorbid.charlson.score_charlson))),
    ("charlson_score_quan", Of::Number(|record| Some(record.comorbid.charlson.score_quan))),
    ("elixhauser_van_walraven", Of::Number(|record| Some(record.comorbid.elixhauser.van_walraven))),
    ("elixhauser_swiss", Of::Number(|record| Some(record.comorbid.elixhauser.swiss))),
    ("ahrq_readmission_index", Of::Number(|record| record.comorbid.refined.map(|refined| refined.readmission_index))),
    ("ahrq_mortality_index", Of::Number(|record| record.comorbid.refined.map(|refined| refined.mortality_index))),
];

/// Where a layout reads ages by bands.
const AGE_BANDS: &[(&str, Of)] = &[("age_band", Of::Text(|record| record.encounter.age_band_text))];

/// Where a layout states lengths of stay: whether the length is `computed` from the dates or `stated`.
const STATED_STAYS: &[(&str, Of)] = &[(
    "length_of_stay_origin",
    Of::Text(|record| match record.encounter.length_of_stay() {
        None => "",
        Some(_) if record.encounter.stay_is_stated() => "stated",
        Some(_) => "computed",
    }),
)];

/// Where a layout reads months or years as dates: what is known of a date, of those with a day too.
const PARTIAL_DATES: &[(&str, Of)] = &[
    ("admission_year", Of::Number(|record| year(record.encounter.admission_date, record.encounter.partial.admission))),
    (
        "admission_month",
        Of::Number(|record| month(record.encounter.admission_date, record.encounter.partial.admission)),
    ),
    ("discharge_year", Of::Number(|record| year(record.encounter.discharge_date, record.encounter.partial.discharge))),
    (
        "discharge_month",
        Of::Number(|record| month(record.encounter.discharge_date, record.encounter.partial.discharge)),
    ),
    (
        "birth_year",
        Of::Number(|record| year(record.encounter.birth_date.map_value(Moment::on), record.encounter.partial.birth)),
    ),
];

/// The columns of findings by severity, heaviest first. The edits between records add to them, so they are made when all partitions are examined
/// ([`crate::examination::record_findings`]).
pub const LATE: &[(&str, ColumnType)] = &[
    ("findings_fatal", ColumnType::Number),
    ("findings_error", ColumnType::Number),
    ("findings_warning", ColumnType::Number),
    ("findings_info", ColumnType::Number),
];

/// The place of the late columns among the others.
pub const PLACE_OF_LATE: usize = COLUMNS.len();

/// Which columns a run has beside those of every run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OptionalColumns {
    /// Whether the pipeline maps diagnoses, and procedures.
    pub mapped: (bool, bool),
    /// A layout reads ages by bands.
    pub age_bands: bool,
    /// A layout states lengths of stay.
    pub stated_stays: bool,
    /// A layout reads months or years as dates.
    pub partial_dates: bool,
}

impl OptionalColumns {
    /// The columns that the feeds and maps of a run ask for.
    pub fn of(feeds: &[Feed], mapped: (bool, bool)) -> OptionalColumns {
        let has = |field: Field| {
            let constant = |feed: &Feed| feed.constants.iter().any(|(slot, _)| slot.field == field);
            feeds.iter().any(|feed| constant(feed) || feed.slots.iter().any(|slot| slot.field == field))
        };
        let mut slots = feeds.iter().flat_map(|feed| &feed.slots);
        OptionalColumns {
            mapped,
            age_bands: has(Field::AgeBand),
            stated_stays: has(Field::LengthOfStay),
            partial_dates: slots.any(|slot| slot.formats.iter().any(|format| !format.gives_day())),
        }
    }

    /// The columns of one value a record.
    fn flat(self) -> impl Iterator<Item = (&'static str, Of)> {
        let asked =
            |asked: bool, columns: &'static [(&'static str, Of)]| columns.iter().copied().filter(move |_| asked);
        let of_desks = DESK_COLUMNS.iter().map(|(name, figure)| (*name, Of::Figure(*figure)));
        asked(true, COLUMNS)
            .chain(of_desks)
            .chain(asked(true, FURTHER_COLUMNS))
            .chain(asked(self.age_bands, AGE_BANDS))
            .chain(asked(self.stated_stays, STATED_STAYS))
            .chain(asked(self.partial_dates, PARTIAL_DATES))
    }
}

/// The lists of codes, in the order of the file, after all other columns.
const LISTS: &[(&str, ColumnType)] = &[
    ("diagnosis_code", ColumnType::Texts),
    ("diagnosis_chapter", ColumnType::Numbers),
    ("diagnosis_block", ColumnType::Texts),
    ("diagnosis_position", ColumnType::Numbers),
    ("procedure_code", ColumnType::Texts),
    ("procedure_date", ColumnType::Dates),
    ("diagnosis_ccsr", ColumnType::Texts),
    ("diagnosis_chronic", ColumnType::Texts),
];

/// Those of maps, where the pipeline maps diagnoses, and procedures.
const MAPPED_DIAGNOSES: &[(&str, ColumnType)] =
    &[("diagnosis_mapped_code", ColumnType::Texts), ("diagnosis_mapping", ColumnType::Texts)];
const MAPPED_PROCEDURES: &[(&str, ColumnType)] =
    &[("procedure_mapped_code", ColumnType::Texts), ("procedure_mapping", ColumnType::Texts)];

/// The columns of the file.
pub fn columns(shape: OptionalColumns) -> impl Iterator<Item = (&'static str, ColumnType)> {
    let early = early_columns(shape);
    early_columns(shape).take(PLACE_OF_LATE).chain(LATE.iter().copied()).chain(early.skip(PLACE_OF_LATE))
}

/// Those that a partition alone has.
pub fn early_columns(shape: OptionalColumns) -> impl Iterator<Item = (&'static str, ColumnType)> {
    let mapped = shape.mapped;
    let asked = |asked: bool, lists: &'static [(&'static str, ColumnType)]| lists.iter().filter(move |_| asked);
    let flat = shape.flat().map(|(name, of)| (name, of.kind()));
    let lists = LISTS.iter().chain(asked(mapped.0, MAPPED_DIAGNOSES)).chain(asked(mapped.1, MAPPED_PROCEDURES));
    flat.chain(lists.copied())
}

fn day(cell: Cell<Moment>) -> Option<i32> {
    cell.value().map(|moment| moment.day.0)
}

fn year(cell: Cell<Moment>, partial: Option<PartialDate>) -> Option<i32> {
    cell.value().map(|moment| moment.day.ymd().0).or(partial.map(|partial| partial.year))
}

fn month(cell: Cell<Moment>, partial: Option<PartialDate>) -> Option<i32> {
    let of_day = cell.value().map(|moment| moment.day.ymd().1 as i32);
    of_day.or_else(|| partial.and_then(|partial| partial.month).map(i32::from))
}

fn minute(cell: Cell<Moment>) -> Option<i32> {
    cell.value().and_then(|moment| moment.minute).map(i32::from)
}

/// A system that ships, or the name of one that does not.
#[derive(Clone, Copy)]
struct SystemName<'a>(Option<CodeSystem>, &'a str);

impl<'a> SystemName<'a> {
    fn name(self) -> &'a str {
        self.0.map_or(self.1, |system| system.name())
    }
}

impl PartialEq for SystemName<'_> {
    /// Blank names are not compared byte by byte: some processors take very long to compare no bytes at no place.
    #[inline]
    fn eq(&self, other: &SystemName<'_>) -> bool {
        self.0 == other.0 && (self.1.is_empty() && other.1.is_empty() || self.1 == other.1)
    }
}

/// One word where all codes of a record are alike, which is nearly always; otherwise one word a code, in order, separated by commas.
fn join_alike<'w, T: PartialEq + Copy>(
    codes: impl Iterator<Item = T> + Clone,
    word: impl Fn(T) -> &'w str,
    out: &mut String,
) {
    let mut rest = codes.clone();
    let Some(first) = rest.next() else { return };
    if rest.all(|code| code == first) {
        out.push_str(word(first));
        return;
    }
    for (place, code) in codes.enumerate() {
        if place > 0 {
            out.push(',');
        }
        out.push_str(word(code));
    }
}

/// A column of one value a record while it is built.
enum Building {
    Texts(Texts),
    Unique(TextValues),
    Longs(Vec<i64>),
    Words(Keyed<[u8; 2]>),
    Conditions(Keyed<u64>),
    Numbers(Numbers),
    Flags(Flags),
}

impl Building {
    fn begin(of: Of) -> Building {
        match of {
            Of::Text(_) | Of::Joined(_) => Building::Texts(Texts::default()),
            Of::Unique(_) => Building::Unique(TextValues::default()),
            Of::Long(_) => Building::Longs(Vec::new()),
            Of::Word(_) => Building::Words(Keyed::default()),
            Of::Conditions(..) => Building::Conditions(Keyed::default()),
            Of::Number(_) | Of::Date(_) | Of::Figure(_) => Building::Numbers(Keyed::default()),
            Of::Flag(_) => Building::Flags(Flags::default()),
        }
    }

    /// Adds the values of some records.
    fn add(&mut self, of: Of, presence: &mut Single, records: &[CodedRecord<'_>]) {
        match (of, self) {
            (Of::Text(value), Building::Texts(texts)) => {
                for text in records.iter().map(value) {
                    if presence.record(!text.is_empty()) {
                        texts.push(text);
                    }
                }
            }
            (Of::Unique(value), Building::Unique(texts)) => {
                for text in records.iter().map(value) {
                    if presence.record(!text.is_empty()) {
                        texts.push(text);
                    }
                }
            }
            (Of::Joined(join), Building::Texts(texts)) => {
                let mut joined = String::new();
                for record in records {
                    joined.clear();
                    join(record, &mut joined);
                    presence.record(true);
                    texts.push(&joined);
                }
            }
            (Of::Word(value), Building::Words(words)) => {
                for word in records.iter().map(value) {
                    presence.record(word.is_some());
                    if let Some(letters) = word {
                        words.push(letters, |words| {
                            let length = if letters[1] == 0 { 1 } else { 2 };
                            words.push(std::str::from_utf8(&letters[..length]).unwrap_or(""));
                        });
                    }
                }
            }
            (Of::Conditions(value, index), Building::Conditions(conditions)) => {
                let index = index();
                for bits in records.iter().map(value) {
                    presence.record(bits.is_some());
                    if let Some(bits) = bits {
                        conditions.push(bits, |texts| texts.push(&names(bits, index)));
                    }
                }
            }
            (Of::Number(value) | Of::Date(value), Building::Numbers(numbers)) => {
                for number in records.iter().map(value) {
                    presence.record(number.is_some());
                    if let Some(number) = number {
                        numbers.number(number);
                    }
                }
            }
            (Of::Figure(value), Building::Numbers(numbers)) => {
                for record in records {
                    presence.record(true);
                    numbers.number(value(&record.outcome.desks));
                }
            }
            (Of::Long(value), Building::Longs(amounts)) => {
                for amount in records.iter().map(value) {
                    presence.record(amount.is_some());
                    if let Some(amount) = amount {
                        amounts.push(amount);
                    }
                }
            }
            (Of::Flag(value), Building::Flags(flags)) => {
                for flag in records.iter().map(value) {
                    presence.record(true);
                    flags.push(flag);
                }
            }
            _ => debug_assert!(false, "a column is built as it was begun"),
        }
    }

    fn finish(self) -> Built {
        match self {
            Building::Texts(texts) => texts.finish(),
            Building::Unique(texts) => (ColumnValues::Texts(texts), None),
            Building::Longs(amounts) => (ColumnValues::Longs(amounts), None),
            Building::Words(words) => words.finish(),
            Building::Conditions(conditions) => conditions.finish(),
            Building::Numbers(numbers) => numbers.finish(),
            Building::Flags(flags) => flags.finish(),
        }
    }
}

/// The names of conditions, separated by blanks.
fn names(mut bits: u64, index: &ComorbidityIndex) -> String {
    let mut joined = String::new();
    while bits != 0 {
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(&index.conditions[bits.trailing_zeros() as usize].name);
        bits &= bits - 1;
    }
    joined
}

/// The coded records of one partition while they are built.
pub struct CodedRecords {
    count: usize,
    flat: Vec<(Building, Single)>,
    lists: CodeListColumns,
    shape: OptionalColumns,
}

impl CodedRecords {
    /// Begins.
    pub fn new(shape: OptionalColumns) -> CodedRecords {
        let flat = shape.flat().map(|(_, of)| (Building::begin(of), Single::default())).collect();
        CodedRecords { count: 0, flat, lists: CodeListColumns::default(), shape }
    }

    /// Adds what is one value a record of some records. Some at a time, all columns of them are built while the records are in a core's own cache.
    pub fn add(&mut self, records: &[CodedRecord<'_>]) {
        self.count += records.len();
        for ((building, presence), (_, of)) in self.flat.iter_mut().zip(self.shape.flat()) {
            building.add(of, presence, records);
        }
    }

    /// Adds the codes of all records, with what they were mapped to, record after record. They are on the code index, with the clinical groups of each.
    pub fn add_codes(
        &mut self,
        records: &[CodedRecord<'_>],
        (diagnoses, procedures): (&[Mapped<'_>], &[Mapped<'_>]),
        code_index: (&CodeIndex<'_>, &[CodeGroups]),
        (sets, groups): (&CodeSets, &Groups),
    ) {
        self.lists.group(code_index.0, sets, groups, code_index.1);
        for record in records {
            self.lists.add(record.encounter);
        }
        for (asked, all, (codes, words)) in [
            (self.shape.mapped.0, diagnoses, &mut self.lists.mapped_diagnoses),
            (self.shape.mapped.1, procedures, &mut self.lists.mapped_procedures),
        ] {
            for mapped in all.iter().filter(|_| asked) {
                codes.push(mapped.text());
                words.push(mapped.how);
            }
        }
    }

    /// The columns.
    pub fn finish(self) -> Columns {
        let mut columns = Columns::of(self.count);
        for (building, presence) in self.flat {
            let presence = columns.present(Presence::Single(presence));
            columns.push(building.finish(), presence);
        }
        self.lists.finish(self.shape.mapped, &mut columns);
        columns
    }
}
