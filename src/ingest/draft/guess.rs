//! Guesses what a row of an export is and which column holds which field: by names first, held against the values, then by the values alone.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    ages,
    column::{DraftColumn, shape},
    lists::DraftQuestion,
    name_parts, names,
    positions::{has_second_diagnosis, take_positions},
    questions::{self, LeftOutQuestions},
    ranges::{Range, ranges},
    revisions::{share_revision, take_systems},
    sample::{self, DraftSample},
    sexes,
    stays::take_stay,
    systems,
    values::{self, Meaning},
    words,
    write::quoted,
};
use crate::record::{
    age_band::AgeBand,
    field::{CanonicalTable, Field, FieldType},
    vocabulary::DischargeStatus,
};

/// Where a field comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnsOf {
    /// One column.
    Column(usize),
    /// Columns by position: the text of each run with its columns.
    Positions(Vec<(String, Vec<usize>)>),
    /// One text for every row.
    Constant(&'static str),
    /// A field that must be there, and no column was found for it.
    NotFound,
}

/// One field of the draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftMapping {
    /// The field.
    pub field: Field,
    /// Where it comes from.
    pub source: ColumnsOf,
    /// What is not certain of the choice.
    pub doubt: Option<String>,
    /// What proves it, where the name does not.
    pub reason: Option<String>,
    /// Keys of the layout beside the source.
    pub keys: Vec<String>,
}

impl DraftMapping {
    /// A column that holds a field.
    pub fn of_column(field: Field, at: usize) -> DraftMapping {
        DraftMapping { field, source: ColumnsOf::Column(at), doubt: None, reason: None, keys: Vec::new() }
    }
}

/// What a draft says of an export.
#[derive(Debug, Clone)]
pub struct Guess {
    /// What one row is.
    pub table: CanonicalTable,
    /// What is not certain of that.
    pub table_doubt: Option<String>,
    /// The fields, in the order of the dictionary.
    pub mappings: Vec<DraftMapping>,
    /// The column that says the unit of the age.
    pub age_unit: Option<usize>,
    /// Code systems that the codes themselves prove, whether a line says so or the days of discharge imply it.
    pub systems: BTreeMap<Field, &'static str>,
    /// Columns that may be more than they seem, and facts that the values do not prove.
    pub questions: Vec<LeftOutQuestions>,
    /// Columns that are not mapped and not asked about.
    pub unmapped: Vec<usize>,
}

impl Guess {
    /// The columns a mapping reads.
    pub fn columns(mapping: &DraftMapping) -> Vec<usize> {
        match &mapping.source {
            ColumnsOf::Column(at) => vec![*at],
            ColumnsOf::Positions(runs) => runs.iter().flat_map(|(_, columns)| columns.iter().copied()).collect(),
            ColumnsOf::Constant(_) | ColumnsOf::NotFound => Vec::new(),
        }
    }

    /// The mapping of a field.
    pub fn mapping(&self, field: Field) -> Option<&DraftMapping> {
        self.mappings.iter().find(|mapping| mapping.field == field)
    }
}

/// Guesses the table and the fields of a sample.
pub fn guess(sample: &DraftSample, columns: &[DraftColumn]) -> Guess {
    let runs = ranges(columns);
    let (table, table_doubt) = choose_table(sample, columns, &runs);
    let nameless = nameless(sample);
    let mut taken = KnownColumns { columns: nameless.clone(), ..KnownColumns::default() };
    let age_unit = age_unit(columns, table, &nameless);
    taken.columns.extend(age_unit);
    if table == CanonicalTable::Encounters {
        take_positions(sample, columns, &runs, &mut taken);
    }
    take_by_name(columns, table, &mut taken);
    share_revision(columns, table, &mut taken);
    name_parts::take(columns, table, &mut taken);
    take_by_values(sample, columns, table, &mut taken);
    take_keys(columns, table, &mut taken);
    take_systems(sample, columns, table, &mut taken);
    taken.mappings.sort_by_key(|mapping| mapping.field);
    let mut guess = Guess {
        table,
        table_doubt,
        mappings: taken.mappings,
        age_unit,
        systems: taken.systems,
        questions: taken.questions,
        unmapped: Vec::new(),
    };
    let free: Vec<usize> =
        (0..columns.len()).filter(|at| nameless.contains(at) || !taken.columns.contains(at)).collect();
    let askable: Vec<usize> = free.iter().copied().filter(|at| !nameless.contains(at)).collect();
    let left_out = questions::left_out(sample, columns, &guess, &askable);
    guess.questions.extend(left_out);
    let asked = |at: &usize| guess.questions.iter().any(|question| question.columns.contains(at));
    guess.unmapped = free.into_iter().filter(|at| !asked(at)).collect();
    guess
}

/// The column that says in which unit an age stands: by its name, or as the one of two "ages" with few texts.
fn age_unit(columns: &[DraftColumn], table: CanonicalTable, nameless: &BTreeSet<usize>) -> Option<usize> {
    if !Field::Age.stands_in(table) {
        return None;
    }
    let is_age =
        |column: &DraftColumn| names::fields(&column.meanings, table).iter().any(|(field, _)| *field == Field::Age);
    let ages: Vec<&DraftColumn> = columns.iter().filter(|column| is_age(column) && !ages::is_unit(column)).collect();
    let unit = |column: &DraftColumn| {
        ages::is_unit(column) || is_age(column) && ages.iter().any(|other| ages::is_code_beside(column, other))
    };
    if ages.is_empty() {
        return None;
    }
    columns.iter().enumerate().position(|(at, column)| !nameless.contains(&at) && unit(column))
}

/// Columns and fields that are decided.
#[derive(Default)]
pub struct KnownColumns {
    /// Columns that are decided.
    pub columns: BTreeSet<usize>,
    /// Fields that are decided.
    pub mappings: Vec<DraftMapping>,
    /// Code systems that are proven.
    pub systems: BTreeMap<Field, &'static str>,
    /// What is asked.
    pub questions: Vec<LeftOutQuestions>,
}

impl KnownColumns {
    pub fn has(&self, field: Field) -> bool {
        self.mappings.iter().any(|mapping| mapping.field == field)
    }

    /// Decides a field.
    pub fn add(&mut self, field: Field, source: ColumnsOf, doubt: Option<String>) {
        let mapping = DraftMapping { field, source, doubt, reason: None, keys: Vec::new() };
        self.columns.extend(Guess::columns(&mapping));
        self.mappings.push(mapping);
    }

    /// A question about columns, which are then not read until it is answered.
    pub fn ask(&mut self, field: Field, columns: Vec<usize>, question: DraftQuestion) {
        self.columns.extend(columns.iter().copied());
        self.questions.push(LeftOutQuestions { field, columns, question, place: None });
    }

    /// Whether a field is mapped or asked about.
    pub fn speaks_of(&self, field: Field) -> bool {
        self.has(field) || self.questions.iter().any(|question| question.field == field)
    }

    pub fn free<'c>(&self, columns: &'c [DraftColumn]) -> Vec<(usize, &'c DraftColumn)> {
        columns.iter().enumerate().filter(|(at, _)| !self.columns.contains(at)).collect()
    }
}

/// Columns that a layout cannot name: without a name, or with one that an earlier column has.
fn nameless(sample: &DraftSample) -> BTreeSet<usize> {
    let named = |at: usize| {
        let name = sample.header[at].to_lowercase();
        !name.is_empty() && !sample.header[..at].iter().any(|earlier| earlier.to_lowercase() == name)
    };
    match sample.kind {
        sample::SampledFormat::FixedWidth(_) => BTreeSet::new(),
        _ => (0..sample.header.len()).filter(|at| !named(*at)).collect(),
    }
}

/// What one row is, by what its columns are called.
fn choose_table(sample: &DraftSample, columns: &[DraftColumn], runs: &[Range]) -> (CanonicalTable, Option<String>) {
    let has = |table: CanonicalTable, wanted: &[Field]| {
        let named = |column: &&DraftColumn| {
            names::fields(&column.meanings, table).iter().any(|(field, _)| wanted.contains(field))
        };
        columns.iter().filter(named).count()
    };
    let says = |words: &[&str]| columns.iter().any(|column| words.iter().all(|word| column.says(word)));
    if let Some(register) = register(sample, &says) {
        return (register, None);
    }
    let of_documents =
        [Field::DocumentId, Field::DocumentType, Field::DictatedAt, Field::TranscribedAt, Field::SignedAt];
    if says(&["signed"])
        || says(&["dictated"])
        || (says(&["document", "type"]) && has(CanonicalTable::Documents, &of_documents) > 1)
    {
        return (CanonicalTable::Documents, None);
    }
    let wide = runs.iter().any(|run| run.field(columns) == Some(Field::DiagnosisCode)) || has_second_diagnosis(columns);
    if wide || says(&["discharge"]) || (says(&["admission"]) && !says(&["poa"])) || says(&["class", "encounter"]) {
        return (CanonicalTable::Encounters, None);
    }
    let file = words::meanings(&sample.file_name);
    let code = |table| has(table, &[Field::DiagnosisCode, Field::ProcedureCode]) > 0;
    if code(CanonicalTable::Diagnoses) || code(CanonicalTable::Procedures) {
        // A list of codes has a stay on as many rows as it has codes, and tells nothing else of it.
        let of_stay = [
            Field::BirthDate,
            Field::Sex,
            Field::Age,
            Field::DischargeStatus,
            Field::Payer,
            Field::LengthOfStay,
            Field::TotalCharges,
        ];
        let is_key = |column: &&DraftColumn| {
            let named = names::fields(&column.meanings, CanonicalTable::Encounters);
            named.first().is_some_and(|(field, _)| *field == Field::EncounterId)
        };
        let sequence = has(CanonicalTable::Diagnoses, &[Field::DiagnosisSequence])
            + has(CanonicalTable::Procedures, &[Field::ProcedureSequence]);
        if sequence == 0
            && has(CanonicalTable::Encounters, &of_stay) > 1
            && columns.iter().filter(is_key).any(DraftColumn::is_unique)
        {
            let doubt = "one row an encounter is a guess: no number of one stands twice";
            return (CanonicalTable::Encounters, Some(doubt.to_owned()));
        }
        let procedures = says(&["procedure"]) || file.contains("procedure");
        let diagnoses = says(&["diagnosis"]) || file.contains("diagnosis") || says(&["poa"]);
        let pcs = columns.iter().any(|column| column.filled > 0 && column.share(shape::icd10pcs) >= 50);
        return match (procedures || pcs, diagnoses) {
            (true, false) if procedures => (CanonicalTable::Procedures, None),
            (true, false) => {
                let doubt = "one row a procedure is a guess from codes that look like ICD-10-PCS";
                (CanonicalTable::Procedures, Some(doubt.to_owned()))
            }
            (false, true) => (CanonicalTable::Diagnoses, None),
            _ => (
                CanonicalTable::Diagnoses,
                Some("one row a diagnosis is a guess; it may be \"procedures\" or \"encounters\"".to_owned()),
            ),
        };
    }
    let patient = columns.iter().any(|column| {
        names::fields(&column.meanings, CanonicalTable::Patients).iter().any(|(field, _)| *field == Field::PatientId)
    });
    if patient
        && !says(&["encounter"])
        && has(CanonicalTable::Patients, &[Field::BirthDate, Field::Sex, Field::ReferenceAge]) > 0
    {
        let of_patients = says(&["patient"]) || says(&["birth"]) || file.contains("patient");
        let doubt = "one row a patient is a guess: neither the file nor a column says so; it may be a list of staff";
        return (CanonicalTable::Patients, (!of_patients).then(|| doubt.to_owned()));
    }
    (CanonicalTable::Encounters, Some("one row an encounter is a guess: no column says so".to_owned()))
}

/// The register that the columns, or the file's name and columns together, say a table is.
fn register(sample: &DraftSample, says: &dyn Fn(&[&str]) -> bool) -> Option<CanonicalTable> {
    if says(&["privileges"]) {
        return Some(CanonicalTable::Staff);
    }
    if says(&["census"]) {
        return Some(CanonicalTable::Census);
    }
    let file = words::meanings(&sample.file_name);
    // The file's name and a column say the same word.
    const BY_NAME: [(&str, CanonicalTable); 8] = [
        ("autopsy", CanonicalTable::Autopsies),
        ("delivery", CanonicalTable::Deliveries),
        ("anaesthetic", CanonicalTable::Anaesthetics),
        ("infection", CanonicalTable::Infections),
        ("consultation", CanonicalTable::Consultations),
        ("bill", CanonicalTable::Bills),
        ("movement", CanonicalTable::Movements),
        ("hours", CanonicalTable::StaffHours),
    ];
    let of_stays = says(&["discharge"]) || says(&["diagnosis"]) || says(&["sex"]);
    if of_stays {
        return None;
    }
    if let Some((_, table)) = BY_NAME.iter().find(|(word, _)| file.contains(*word) && says(&[word])) {
        return Some(*table);
    }
    if says(&["bassinet"]) || says(&["bed"]) && says(&["from"]) {
        return Some(CanonicalTable::Beds);
    }
    if says(&["birth"]) && (says(&["mother"]) || says(&["liveborn"]) || file.contains("birth")) {
        return Some(CanonicalTable::Births);
    }
    (says(&["death"]) && file.contains("death")).then_some(CanonicalTable::Deaths)
}

/// Takes columns by their names, the surest name first, where the values do not speak against it.
fn take_by_name(columns: &[DraftColumn], table: CanonicalTable, taken: &mut KnownColumns) {
    let mut candidates: Vec<(usize, usize, Field)> = Vec::new();
    for (at, column) in taken.free(columns) {
        for (field, rank) in names::fields(&column.meanings, table) {
            if fits(field, column) {
                candidates.push((rank, at, field));
            } else if table == CanonicalTable::Diagnoses && field == Field::DiagnosisCode {
                candidates.push((rank + 10, at, Field::DiagnosisText));
            } else if field == Field::AttendingNpi {
                candidates.push((rank + 10, at, Field::AttendingName));
            }
        }
    }
    candidates.sort_by_key(|(rank, at, field)| (*rank, *at, *field));
    for (_, at, field) in candidates {
        if !taken.columns.contains(&at) && !taken.has(field) {
            let rival = columns.iter().enumerate().find(|(other, column)| {
                *other != at
                    && !taken.columns.contains(other)
                    && column.filled > 0
                    && names::fields(&column.meanings, table).first().is_some_and(|(found, _)| *found == field)
                    && fits(field, column)
            });
            let doubt = rival.map(|(_, rival)| format!("the column {} may be meant too", quoted(&rival.name)));
            taken.add(field, ColumnsOf::Column(at), doubt);
        }
    }
}

/// Whether the values of a column do not speak against a field. Lists are held against theirs later: a list of the export's own is a question.
pub fn fits(field: Field, column: &DraftColumn) -> bool {
    if column.filled == 0 {
        return field != Field::AgeBand;
    }
    let words = |field| column.share(|word| values::meaning(field, word) != Meaning::Unknown);
    match field {
        Field::Sex => column.values.len() <= LISTED,
        Field::PresentOnAdmission => {
            column.share(|text| values::meaning(field, text) != Meaning::Unknown || matches!(text, "0" | "2" | "9"))
                >= 50
        }
        Field::DischargeStatus | Field::AdmissionType | Field::PointOfOrigin => {
            column.date_share() < 50 && column.values.len() <= LISTED
        }
        Field::DeathFlag => {
            column.date_share() < 50 && column.values.len() <= 12 && column.share(|text| text.len() <= 20) >= 95
        }
        Field::DiagnosisRevision | Field::ProcedureRevision => words(field) >= 50,
        Field::DiagnosisCode | Field::AdmittingDiagnosis => column.share(systems::is_like_diagnosis) >= 50,
        Field::ProcedureCode => column.share(systems::is_like_procedure) >= 50 && column.date_share() < 50,
        Field::AttendingNpi | Field::OperatingNpi | Field::SurgeonNpi => {
            column.share(|text| text.len() == 10 && shape::number(text)) >= 50
        }
        Field::ZipCode if column.foreign => false,
        Field::ZipCode => column.share(|text| shape::zip(text) || text.len() < 5 && shape::number(text)) >= 50,
        Field::DiagnosisRelatedGroup => {
            column.share(|text| text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit())) >= 90
        }
        // A newborn weighs between 200 and 9,000 grams: 3.2 are kilograms, 7 pounds.
        Field::BirthWeight => {
            column.share(|text| text.parse::<f64>().is_ok_and(|grams| grams >= 200.0 || grams == 0.0)) >= 90
        }
        Field::Age => column.share(shape::number) >= 90,
        Field::AgeBand => column.share(|text| !shape::number(text) && AgeBand::read(text.as_bytes()).is_some()) >= 90,
        _ => match field.entry().kind {
            FieldType::Date | FieldType::Moment => column.date_share() >= 50 || column.share(shape::serial_date) >= 95,
            FieldType::Money => column.share(|text| shape::number(text) || shape::decimal_comma(text)) >= 50,
            FieldType::Number => column.share(shape::number) >= 50,
            _ => true,
        },
    }
}

/// Different texts up to which a column may be one of a list.
const LISTED: usize = 200;

/// Whether a name says nothing: there is no heading, or it is a letter or two, or a word for "column".
fn says_nothing(sample: &DraftSample, column: &DraftColumn) -> bool {
    const EMPTY: &[&str] = &[
        "col", "column", "field", "var", "variable", "unnamed", "feld", "spalte", "champ", "colonne", "campo",
        "columna", "coluna",
    ];
    sample.header_row == 0
        || column.meanings.iter().all(|word| word.chars().count() <= 2 || EMPTY.contains(&word.as_str()))
}

/// Takes columns whose names say nothing by what they hold. Every such choice is marked as one to be looked at.
fn take_by_values(sample: &DraftSample, columns: &[DraftColumn], table: CanonicalTable, taken: &mut KnownColumns) {
    // A name that says something is not overruled by values: what its column may be is asked (`questions`).
    let unnamed = |taken: &KnownColumns| -> Vec<(usize, &DraftColumn)> {
        taken
            .free(columns)
            .into_iter()
            .filter(|(_, column)| column.filled > 0 && says_nothing(sample, column))
            .collect()
    };
    let people = matches!(table, CanonicalTable::Encounters | CanonicalTable::Patients);
    if people && !taken.has(Field::Sex) {
        let both = |column: &DraftColumn| {
            let has = |sex: &[&str]| column.values.keys().any(|text| sex.contains(&values::plain(text).as_str()));
            has(&["m", "male", "masculino", "homme", "hombre"])
                && has(&["f", "female", "w", "femme", "mujer", "femenino", "feminino"])
                && column.share(sexes::is_word) >= 95
        };
        if let Some((at, column)) = unnamed(taken).into_iter().find(|(_, column)| both(column)) {
            taken.add(Field::Sex, ColumnsOf::Column(at), by_values(&[column], sexes::is_word, "words for the sexes"));
        }
    }
    if table == CanonicalTable::Encounters {
        if !taken.speaks_of(Field::DiagnosisCode) {
            let codes = |column: &DraftColumn| {
                // Numbers of one length with a letter before them are as often a clinician's as a code.
                let lengths: BTreeSet<usize> = column.values.keys().map(String::len).collect();
                column.share(shape::icd10cm) >= 90
                    && column.values.len() > 3
                    && lengths.len() > 1
                    && systems::judge(systems::CodedAs::Diagnoses, &[column], systems::sets()).0.share("icd10cm") >= 50
            };
            let like = (shape::icd10cm as fn(&str) -> bool, "codes of ICD-10-CM");
            take_all(Field::DiagnosisCode, unnamed(taken), codes, like, taken);
        }
        if !taken.speaks_of(Field::ProcedureCode) {
            let like = (shape::icd10pcs as fn(&str) -> bool, "codes of ICD-10-PCS");
            take_all(Field::ProcedureCode, unnamed(taken), |column| column.share(shape::icd10pcs) >= 90, like, taken);
        }
        if !taken.has(Field::AttendingNpi)
            && let Some((at, column)) = unnamed(taken).into_iter().find(|(_, column)| column.share(shape::npi) >= 95)
        {
            let doubt = by_values(&[column], shape::npi, "numbers with the check digit of an NPI");
            taken.add(Field::AttendingNpi, ColumnsOf::Column(at), doubt);
        }
        if !taken.has(Field::DischargeStatus) {
            let status = |text: &str| DischargeStatus::read(text.as_bytes()).is_some();
            let statuses = |column: &DraftColumn| {
                column.share(status) >= 98 && ["01", "03", "06"].iter().all(|usual| column.values.contains_key(*usual))
            };
            if let Some((at, column)) = unnamed(taken).into_iter().find(|(_, column)| statuses(column)) {
                let doubt = by_values(&[column], status, "patient discharge statuses");
                taken.add(Field::DischargeStatus, ColumnsOf::Column(at), doubt);
            }
        }
        take_stay(sample, &unnamed(taken), taken);
    }
}

/// What is said of a choice by values alone: how many of them look like what.
fn by_values(columns: &[&DraftColumn], holds: impl Fn(&str) -> bool, like: &str) -> Option<String> {
    let alike = |column: &&DraftColumn| -> u32 {
        column.values.iter().filter(|(value, _)| holds(value)).map(|(_, count)| count).sum()
    };
    let filled: u32 = columns.iter().map(|column| column.filled).sum();
    let alike: u32 = columns.iter().map(alike).sum();
    Some(format!("guessed from the values: {alike} of {filled} look like {like}"))
}

fn take_all(
    field: Field,
    free: Vec<(usize, &DraftColumn)>,
    holds: impl Fn(&DraftColumn) -> bool,
    (alike, like): (fn(&str) -> bool, &str),
    taken: &mut KnownColumns,
) {
    let found: Vec<(usize, &DraftColumn)> = free.into_iter().filter(|(_, column)| holds(column)).collect();
    let read: Vec<&DraftColumn> = found.iter().map(|(_, column)| *column).collect();
    let doubt = by_values(&read, alike, &format!("{like}; the first column is taken for the principal one"));
    match found.as_slice() {
        [] => {}
        [(at, _)] => taken.add(field, ColumnsOf::Column(*at), doubt),
        several => {
            let runs = several.iter().map(|(at, column)| (column.name.clone(), vec![*at])).collect();
            taken.add(field, ColumnsOf::Positions(runs), doubt);
        }
    }
}

/// Finds the number that keys the rows, and the patient's, where their names did not tell.
fn take_keys(columns: &[DraftColumn], table: CanonicalTable, taken: &mut KnownColumns) {
    if table != CanonicalTable::Patients && !taken.has(Field::PatientId) {
        // Records need a patient more than they need the chart's number.
        if let Some(mapping) = taken.mappings.iter_mut().find(|mapping| mapping.field == Field::MedicalRecordNumber) {
            mapping.field = Field::PatientId;
            mapping.doubt =
                Some("the medical record number stands for the patient's number: there is no other".to_owned());
        }
    }
    let key = table.key();
    if taken.has(key) {
        return;
    }
    let is_number = |column: &&(usize, &DraftColumn)| {
        column.1.date_share() < 50 && column.1.share(shape::npi) < 50 && !column.1.name.is_empty()
    };
    let unique = |column: &&(usize, &DraftColumn)| column.1.is_unique() && is_number(column);
    let free = taken.free(columns);
    match free.iter().find(unique).filter(|_| table == CanonicalTable::Encounters || table == CanonicalTable::Patients)
    {
        Some((at, column)) => {
            let (different, rows) = (column.values.len(), column.rows);
            let doubt = format!(
                "guessed from the values: {different} of {rows} look like a record's own number, none blank or twice; it is the first such column"
            );
            taken.add(key, ColumnsOf::Column(*at), Some(doubt));
        }
        None => taken.add(key, ColumnsOf::NotFound, None),
    }
}
