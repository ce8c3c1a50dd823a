//! The coded records as Parquet: one row an examined encounter, codes as lists, in the order of encounter numbers.
//!
//! Where a row stood in its file is kept apart, in `record_sources.parquet`: the coded records themselves do not change when an export comes in another order.

use anyhow::{Context as _, anyhow};
use polars::io::parquet::write::get_encodings;
use polars::prelude::*;
use polars_arrow::{
    array::PrimitiveArray,
    datatypes::{ArrowDataType, Field as ArrowField},
};
use polars_parquet::write::{
    CompressedPage, CompressionOptions, Descriptor, DynIter, DynStreamingIterator, Encoding, FileWriter,
    SchemaDescriptor, StatisticsOptions, Version, WriteOptions, ZstdLevel, array_to_columns, compress,
    fallible_streaming_iterator,
};

use super::{
    code_lists::{Code, Dictionary, LevelWriter, ListOf},
    results::OutputAccount,
};

use crate::{
    coding::{
        comorbidity::{ahrq::AhrqTable, encounter::Comorbidities, index::Index, quan::QuanTables},
        mapping::Mapped,
    },
    fs::{FileError, staging::StagedFile},
    partition::encounter::{Encounter, PackedCode},
    record::{
        cell::Cell,
        code::{CodeSystem, CodeVerdict},
        date::{Day, Moment},
    },
};

/// What the desks found of one encounter, beside the encounter itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct RecordOutcome {
    /// Findings by severity, heaviest first.
    pub findings: [u16; 4],
    /// A fatal finding keeps the record out of statistics.
    pub rejected: bool,
    /// Chart deficiencies.
    pub deficiencies: u16,
}

/// What coding made of one diagnosis, beside the diagnosis itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct DiagnosisOutcome<'a> {
    /// Chapter, 1 to 22 (ICD-10-CM) or 1 to 19 (ICD-9-CM); 0 where there is none.
    pub chapter: u8,
    /// Block, for example `E08-E13`; empty where there is none.
    pub block: &'a str,
    /// The code it was mapped to; empty where none was asked for or none could be chosen.
    pub mapped_code: &'a str,
    /// How the mapping ended: `site_map`, `gem`, `coder`, ... ; empty where none was asked for.
    pub mapping: &'static str,
}

/// What a partition's coded records are made from.
pub struct CodedPartition<'p> {
    /// Encounters.
    pub encounters: &'p [Encounter<'p>],
    /// What the desks found, by encounter.
    pub outcomes: &'p [RecordOutcome],
    /// Comorbidities, by encounter.
    pub comorbid: &'p [Comorbidities],
    /// What coding made of every diagnosis, encounter after encounter.
    pub diagnoses: &'p [DiagnosisOutcome<'p>],
    /// What every procedure was mapped to.
    pub procedures: &'p [Mapped<'p>],
    /// Whether the pipeline maps diagnoses, and procedures.
    pub mapped: (bool, bool),
}

/// The Parquet columns of one partition that are not lists, in encounter order.
pub fn frame(
    encounters: &[Encounter<'_>],
    outcomes: &[RecordOutcome],
    comorbid: &[Comorbidities],
) -> anyhow::Result<DataFrame> {
    let count = encounters.len();
    let mut columns: Vec<Column> = Vec::with_capacity(48);
    let mut text = |name: &str, of: &dyn for<'e> Fn(&'e Encounter<'e>) -> &'e str| {
        let mut builder = StringChunkedBuilder::new(name.into(), count);
        for encounter in encounters {
            let value = of(encounter);
            builder.append_option((!value.is_empty()).then_some(value));
        }
        columns.push(builder.finish().into_column());
    };
    text("encounter_id", &|encounter| encounter.encounter_id);
    text("patient_id", &|encounter| encounter.patient_id);
    text("facility_id", &|encounter| encounter.facility_id);
    text("encounter_class", &|encounter| encounter.encounter_class);
    text("service", &|encounter| encounter.service);
    text("race", &|encounter| encounter.race);
    text("ethnicity", &|encounter| encounter.ethnicity);
    text("zip_code", &|encounter| encounter.zip_code);
    text("state", &|encounter| encounter.state);
    text("county", &|encounter| encounter.county);
    text("payer", &|encounter| encounter.payer.value().unwrap_or(""));
    text("sex", &|encounter| encounter.sex.value().map_or("", |sex| sex.letter()));
    text("diagnosis_related_group", &|encounter| encounter.diagnosis_related_group);
    text("attending_npi", &|encounter| encounter.attending_npi);
    text("operating_npi", &|encounter| encounter.operating_npi);
    text("coder", &|encounter| encounter.coder);
    columns.push(short_text("admission_type", encounters, |encounter| {
        encounter.admission_type.value().map(|kind| [kind.0, 0])
    }));
    columns.push(short_text("point_of_origin", encounters, |encounter| {
        encounter.point_of_origin.value().map(|origin| [origin.0, 0])
    }));
    columns.push(short_text("discharge_status", encounters, |encounter| {
        encounter.discharge_status.value().map(|status| [b'0' + status.0 / 10, b'0' + status.0 % 10])
    }));
    let day = |cell: Cell<Moment>| cell.value().map(|moment| moment.day.0);
    let minute = |cell: Cell<Moment>| cell.value().and_then(|moment| moment.minute).map(i32::from);
    columns.push(dates("admission_date", encounters.iter().map(|encounter| day(encounter.admission_date))));
    columns.push(numbers("admission_minute", encounters.iter().map(|encounter| minute(encounter.admission_date))));
    columns.push(dates("discharge_date", encounters.iter().map(|encounter| day(encounter.discharge_date))));
    columns.push(numbers("discharge_minute", encounters.iter().map(|encounter| minute(encounter.discharge_date))));
    columns.push(dates("coded_date", encounters.iter().map(|encounter| day(encounter.coded_date))));
    columns.push(numbers("coded_minute", encounters.iter().map(|encounter| minute(encounter.coded_date))));
    columns
        .push(dates("birth_date", encounters.iter().map(|encounter| encounter.birth_date.value().map(|Day(day)| day))));
    columns.push(numbers("age_years", encounters.iter().map(|encounter| encounter.age_years())));
    columns.push(numbers("length_of_stay_days", encounters.iter().map(|encounter| encounter.length_of_stay())));
    columns
        .push(numbers("birth_weight_grams", encounters.iter().map(|encounter| encounter.birth_weight_grams.value())));
    let cents: Int64Chunked = encounters.iter().map(|encounter| encounter.total_charges.value()).collect();
    columns.push(cents.with_name("total_charges_cents".into()).into_column());
    let flags = |name: &str, values: Vec<bool>| BooleanChunked::from_slice(name.into(), &values).into_column();
    columns.push(flags("died", encounters.iter().map(Encounter::died).collect()));
    columns.push(flags("newborn", encounters.iter().map(Encounter::is_newborn).collect()));
    columns.push(flags("rejected", outcomes.iter().map(|outcome| outcome.rejected).collect()));
    for (index, name) in
        ["findings_fatal", "findings_error", "findings_warning", "findings_info"].into_iter().enumerate()
    {
        columns.push(numbers(name, outcomes.iter().map(|outcome| Some(i32::from(outcome.findings[index])))));
    }
    columns.push(numbers("deficiencies", outcomes.iter().map(|outcome| Some(i32::from(outcome.deficiencies)))));
    code_columns(encounters, &mut columns);
    comorbidity_columns(comorbid, &mut columns);
    DataFrame::new(count, columns).map_err(|_| anyhow!("the columns of the coded records do not line up"))
}

/// Of the codes, what is one word a record.
fn code_columns(encounters: &[Encounter<'_>], columns: &mut Vec<Column>) {
    let mut alike = |name: &str, of: &dyn Fn(&Encounter<'_>, &mut String)| {
        let mut builder = StringChunkedBuilder::new(name.into(), encounters.len());
        let mut joined = String::new();
        for encounter in encounters {
            joined.clear();
            of(encounter, &mut joined);
            builder.append_value(&joined);
        }
        columns.push(builder.finish().into_column());
    };
    alike("diagnosis_system", &|encounter, out| {
        join_alike(encounter.diagnoses.iter().map(|code| system_name(code.system, code.other_system)), out);
    });
    alike("diagnosis_verdict", &|encounter, out| {
        join_alike(
            encounter.diagnoses.iter().map(|code| verdict_name(code.judgement.map(|judgement| judgement.verdict))),
            out,
        );
    });
    alike("present_on_admission", &|encounter, out| {
        let marks = encounter.diagnoses.iter();
        out.extend(marks.map(|code| code.present_on_admission.value().map_or('-', |mark| mark.mark())));
    });
    alike("procedure_system", &|encounter, out| {
        join_alike(encounter.procedures.iter().map(|code| system_name(code.system, code.other_system)), out);
    });
    alike("procedure_verdict", &|encounter, out| {
        join_alike(
            encounter.procedures.iter().map(|code| verdict_name(code.judgement.map(|judgement| judgement.verdict))),
            out,
        );
    });
}

/// Names of conditions, separated by blanks, and the scores of the three comorbidity indices. Those of AHRQ are blank where its measures do not apply or the
/// record has no present-on-admission marks.
fn comorbidity_columns(comorbid: &[Comorbidities], columns: &mut Vec<Column>) {
    let (quan, refined) = (QuanTables::shipped(), AhrqTable::shipped());
    let mut conditions = |name: &str, index: &Index, of: &dyn Fn(&Comorbidities) -> Option<u64>| {
        let mut builder = StringChunkedBuilder::new(name.into(), comorbid.len());
        let mut joined = String::new();
        for one in comorbid {
            let Some(mut bits) = of(one) else {
                builder.append_null();
                continue;
            };
            joined.clear();
            while bits != 0 {
                if !joined.is_empty() {
                    joined.push(' ');
                }
                joined.push_str(&index.conditions[bits.trailing_zeros() as usize].name);
                bits &= bits - 1;
            }
            builder.append_value(&joined);
        }
        columns.push(builder.finish().into_column());
    };
    conditions("charlson_conditions", &quan.charlson, &|one| Some(u64::from(one.charlson.conditions)));
    conditions("elixhauser_conditions", &quan.elixhauser, &|one| Some(u64::from(one.elixhauser.conditions)));
    conditions("ahrq_conditions", &refined.index, &|one| one.refined.as_ref().map(|refined| refined.conditions));
    let known = |one: &Comorbidities| one.refined.filter(|refined| refined.unknown == 0);
    columns.push(numbers("charlson_score", comorbid.iter().map(|one| Some(one.charlson.score_charlson))));
    columns.push(numbers("charlson_score_quan", comorbid.iter().map(|one| Some(one.charlson.score_quan))));
    columns.push(numbers("elixhauser_van_walraven", comorbid.iter().map(|one| Some(one.elixhauser.van_walraven))));
    columns.push(numbers("elixhauser_swiss", comorbid.iter().map(|one| Some(one.elixhauser.swiss))));
    columns.push(numbers(
        "ahrq_readmission_index",
        comorbid.iter().map(|one| known(one).map(|refined| refined.readmission_index)),
    ));
    columns.push(numbers(
        "ahrq_mortality_index",
        comorbid.iter().map(|one| known(one).map(|refined| refined.mortality_index)),
    ));
}

/// The lists of codes, in the order of the file, after all other columns; those of maps where the pipeline maps diagnoses, and procedures.
pub fn lists(mapped: (bool, bool)) -> Vec<(&'static str, ListOf)> {
    let mut lists = vec![
        ("diagnosis_code", ListOf::Text),
        ("diagnosis_chapter", ListOf::Number),
        ("diagnosis_block", ListOf::Text),
        ("diagnosis_position", ListOf::Number),
        ("procedure_code", ListOf::Text),
        ("procedure_date", ListOf::Date),
    ];
    if mapped.0 {
        lists.extend([("diagnosis_mapped_code", ListOf::Text), ("diagnosis_mapping", ListOf::Text)]);
    }
    if mapped.1 {
        lists.extend([("procedure_mapped_code", ListOf::Text), ("procedure_mapping", ListOf::Text)]);
    }
    lists
}

/// The pages of [`lists`], column by column.
fn list_pages(
    coded: &CodedPartition<'_>,
    descriptors: &[Descriptor],
    compression: CompressionOptions,
) -> anyhow::Result<Vec<Vec<CompressedPage>>> {
    let (encounters, outcomes) = (coded.encounters, coded.diagnoses);
    let procedures: usize = encounters.iter().map(|encounter| encounter.procedures.len()).sum();
    let mut diagnosis_levels = LevelWriter::default();
    let mut position_levels = LevelWriter::default();
    let mut procedure_levels = LevelWriter::default();
    let mut date_levels = LevelWriter::default();
    let mut codes = Dictionary::new(outcomes.len());
    let mut chapters = Dictionary::new(outcomes.len());
    let mut blocks = Dictionary::new(outcomes.len());
    let mut positions = Dictionary::new(0);
    let mut procedure_codes = Dictionary::new(procedures);
    let mut dates = Dictionary::new(procedures);
    for encounter in encounters {
        diagnosis_levels.record(encounter.diagnoses.iter().map(|_| true));
        for diagnosis in encounter.diagnoses {
            push_code(&mut codes, diagnosis.code, diagnosis.raw);
        }
        // Positions are written only where they are not 1, 2, 3 and so on.
        let shown = encounter.diagnoses.iter().map(|diagnosis| diagnosis.position);
        let counted = shown.clone().enumerate().all(|(place, position)| usize::from(position) == place + 1);
        let shown = shown.take(if counted { 0 } else { usize::MAX });
        position_levels.record(shown.clone().map(|_| true));
        shown.for_each(|position| positions.number(i32::from(position)));
        procedure_levels.record(encounter.procedures.iter().map(|_| true));
        date_levels.record(encounter.procedures.iter().map(|procedure| procedure.date.value().is_some()));
        for procedure in encounter.procedures {
            push_code(&mut procedure_codes, procedure.code, procedure.raw);
            if let Some(moment) = procedure.date.value() {
                dates.number(moment.day.0);
            }
        }
    }
    for outcome in outcomes {
        chapters.number(i32::from(outcome.chapter));
        blocks.text(outcome.block);
    }
    let diagnoses = diagnosis_levels.finish();
    let procedures = procedure_levels.finish();
    let mut pages = vec![
        codes.pages(&diagnoses, &descriptors[0], compression)?,
        chapters.pages(&diagnoses, &descriptors[1], compression)?,
        blocks.pages(&diagnoses, &descriptors[2], compression)?,
        positions.pages(&position_levels.finish(), &descriptors[3], compression)?,
        procedure_codes.pages(&procedures, &descriptors[4], compression)?,
        dates.pages(&date_levels.finish(), &descriptors[5], compression)?,
    ];
    let mut next = descriptors[6..].iter();
    if coded.mapped.0 {
        let mut mapped_codes = Dictionary::new(outcomes.len());
        let mut mappings = Dictionary::new(outcomes.len());
        for outcome in outcomes {
            mapped_codes.text(outcome.mapped_code);
            mappings.text(outcome.mapping);
        }
        for (column, descriptor) in [mapped_codes, mappings].into_iter().zip(&mut next) {
            pages.push(column.pages(&diagnoses, descriptor, compression)?);
        }
    }
    if coded.mapped.1 {
        let mut mapped_codes = Dictionary::new(coded.procedures.len());
        let mut mappings = Dictionary::new(coded.procedures.len());
        for mapped in coded.procedures {
            mapped_codes.text(mapped.text());
            mappings.text(mapped.how);
        }
        for (column, descriptor) in [mapped_codes, mappings].into_iter().zip(&mut next) {
            pages.push(column.pages(&procedures, descriptor, compression)?);
        }
    }
    Ok(pages)
}

/// The normalised code, or what was written where it could not be normalised.
#[inline]
fn push_code<'a>(dictionary: &mut Dictionary<Code<'a>>, code: PackedCode, raw: &'a str) {
    if code.is_empty() {
        dictionary.code(Code::Written(raw), raw);
    } else {
        dictionary.code(Code::Packed(code.number()), code.text());
    }
}

/// One word where all codes of a record are alike, which is nearly always; otherwise one word a code, in order, separated by commas.
fn join_alike<'w>(words: impl Iterator<Item = &'w str> + Clone, out: &mut String) {
    let mut rest = words.clone();
    let Some(first) = rest.next() else { return };
    if rest.all(|word| word == first) {
        out.push_str(first);
        return;
    }
    for (place, word) in words.enumerate() {
        if place > 0 {
            out.push(',');
        }
        out.push_str(word);
    }
}

fn system_name(system: Option<CodeSystem>, other: &str) -> &str {
    match system {
        Some(system) => system.name(),
        None => other,
    }
}

fn verdict_name(verdict: Option<CodeVerdict>) -> &'static str {
    verdict.map_or("", CodeVerdict::name)
}

fn short_text(name: &str, encounters: &[Encounter<'_>], of: impl Fn(&Encounter<'_>) -> Option<[u8; 2]>) -> Column {
    let mut builder = StringChunkedBuilder::new(name.into(), encounters.len());
    for encounter in encounters {
        match of(encounter) {
            Some(bytes) => {
                let length = if bytes[1] == 0 { 1 } else { 2 };
                builder.append_value(std::str::from_utf8(&bytes[..length]).unwrap_or(""));
            }
            None => builder.append_null(),
        }
    }
    builder.finish().into_column()
}

fn numbers(name: &str, values: impl Iterator<Item = Option<i32>>) -> Column {
    let column: Int32Chunked = values.collect();
    column.with_name(name.into()).into_column()
}

/// Days as numbers since 1970-01-01; [`DATES`] makes them dates in the file.
fn dates(name: &str, values: impl Iterator<Item = Option<i32>>) -> Column {
    numbers(name, values)
}

/// Columns that are dates in the file. In the frame they are day numbers: a frame of dates would need more of the library than it is worth.
const DATES: [&str; 4] = ["admission_date", "discharge_date", "coded_date", "birth_date"];

/// The type of a column in the file.
fn file_type(name: &str, kind: ArrowDataType) -> ArrowDataType {
    if DATES.contains(&name) { ArrowDataType::Date32 } else { kind }
}

/// The type of a list in the file.
fn list_type(of: ListOf) -> ArrowDataType {
    let item = match of {
        ListOf::Text => ArrowDataType::Utf8View,
        ListOf::Number => ArrowDataType::Int32,
        ListOf::Date => ArrowDataType::Date32,
    };
    ArrowDataType::LargeList(Box::new(ArrowField::new("item".into(), item, true)))
}

/// One partition, encoded and compressed, ready to be written in its turn.
pub struct EncodedPartition {
    rows: u64,
    pages: Vec<Vec<CompressedPage>>,
}

/// How every Parquet file of the product is written: zstd level 1, because higher levels cost more time than they save room.
fn write_options() -> anyhow::Result<WriteOptions> {
    let level = ZstdLevel::try_new(1).map_err(|_| anyhow!("zstd has a level 1"))?;
    Ok(WriteOptions {
        statistics: StatisticsOptions::empty(),
        compression: CompressionOptions::Zstd(Some(level)),
        version: Version::V1,
        data_page_size: None,
    })
}

/// What encoding a partition needs to know of its file.
#[derive(Debug, Clone)]
pub struct Encoder {
    schema: SchemaDescriptor,
    encodings: Vec<Vec<Encoding>>,
    /// Of each list of codes, its column.
    lists: Vec<Descriptor>,
    options: WriteOptions,
}

impl Encoder {
    /// Encodes and compresses one partition of the coded records; may run on any thread.
    ///
    /// # Errors
    /// A column cannot be encoded, which no data of the product's own making does.
    pub fn encode_records(&self, coded: &CodedPartition<'_>) -> anyhow::Result<EncodedPartition> {
        let mut encoded = self.encode(&mut frame(coded.encounters, coded.outcomes, coded.comorbid)?)?;
        encoded.pages.extend(list_pages(coded, &self.lists, self.options.compression)?);
        Ok(encoded)
    }

    /// Encodes and compresses the columns that are not lists.
    ///
    /// # Errors
    /// A column cannot be encoded, which no data of the product's own making does.
    pub fn encode(&self, frame: &mut DataFrame) -> anyhow::Result<EncodedPartition> {
        let fault = || anyhow!("a partition of the coded records cannot be encoded");
        frame.rechunk_mut();
        let mut pages = Vec::new();
        let names: Vec<PlSmallStr> = frame.get_column_names_owned();
        for batch in frame.iter_chunks(CompatLevel::newest(), false) {
            let columns = batch.columns().iter().zip(self.schema.fields()).zip(&self.encodings).zip(&names);
            for (((array, kind), encoding), name) in columns {
                let dated = match DATES.contains(&name.as_str()) {
                    true => {
                        let days = array.as_any().downcast_ref::<PrimitiveArray<i32>>().ok_or_else(fault)?;
                        Some(days.clone().to(ArrowDataType::Date32).boxed())
                    }
                    false => None,
                };
                let array = dated.as_ref().unwrap_or(array);
                for column in array_to_columns(array, kind.clone(), self.options, encoding).map_err(|_| fault())? {
                    let mut own = Vec::new();
                    for page in column {
                        let page = page.map_err(|_| fault())?;
                        own.push(compress(page, Vec::new(), self.options.compression).map_err(|_| fault())?);
                    }
                    pages.push(own);
                }
            }
        }
        Ok(EncodedPartition { rows: frame.height() as u64, pages })
    }
}

/// Writes partitions, one row group each, in the order they are given.
pub struct ParquetSink {
    writer: FileWriter<StagedFile>,
    /// Rows written so far.
    pub rows: u64,
}

/// A Parquet file that is written whole: its rows, and the file with its digest.
pub struct WrittenRecords {
    rows: u64,
    file: StagedFile,
}

impl WrittenRecords {
    /// The file under its path among the outputs of the run.
    ///
    /// # Errors
    /// The file cannot be flushed.
    pub fn account(self, path: &str) -> Result<OutputAccount, FileError> {
        let digest = self.file.finish()?;
        Ok(OutputAccount { path: path.to_owned(), rows: self.rows, bytes: digest.bytes, sha256: digest.sha256 })
    }
}

impl ParquetSink {
    /// Begins a file whose columns are those of `like` (which may be empty) and then `lists`.
    ///
    /// # Errors
    /// The file's head cannot be written.
    pub fn new(
        file: StagedFile,
        like: &DataFrame,
        lists: &[(&'static str, ListOf)],
    ) -> anyhow::Result<(ParquetSink, Encoder)> {
        let options = write_options()?;
        let fault = |_| anyhow!("the Parquet file cannot be begun");
        let mut schema = like.schema().to_arrow(CompatLevel::newest());
        for (name, field) in schema.iter_mut() {
            field.dtype = file_type(name, field.dtype.clone());
        }
        let encodings = get_encodings(&schema).iter().cloned().collect();
        for (name, of) in lists {
            schema.insert((*name).into(), ArrowField::new((*name).into(), list_type(*of), true));
        }
        let writer = FileWriter::try_new(file, schema, options).map_err(fault)?;
        let schema = writer.parquet_schema().clone();
        let first = schema.columns().len() - lists.len();
        let lists = schema.columns()[first..].iter().map(|column| column.descriptor.clone()).collect();
        let encoder = Encoder { schema, encodings, lists, options };
        Ok((ParquetSink { writer, rows: 0 }, encoder))
    }

    /// Writes one encoded partition.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(&mut self, partition: &EncodedPartition) -> anyhow::Result<()> {
        if partition.rows == 0 {
            return Ok(());
        }
        let columns = partition.pages.iter().map(|pages| {
            let pages = pages.iter().map(PolarsResult::Ok);
            Ok(DynStreamingIterator::new(fallible_streaming_iterator::convert(pages)))
        });
        self.writer
            .write(partition.rows, DynIter::new(columns))
            .map_err(io_fault)
            .context("writing the coded records")?;
        self.rows += partition.rows;
        Ok(())
    }

    /// Writes the footer.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn finish(mut self) -> anyhow::Result<WrittenRecords> {
        self.writer.end(None).map_err(io_fault).context("finishing the coded records")?;
        Ok(WrittenRecords { rows: self.rows, file: self.writer.into_inner() })
    }
}

/// Keeps the I/O error of a writer (so that a full disk exits with its own code) and drops any other text, which could quote cells.
fn io_fault(error: PolarsError) -> anyhow::Error {
    match error {
        PolarsError::IO { error, .. } => {
            anyhow::Error::new(std::io::Error::new(error.kind(), "the Parquet file cannot be written"))
        }
        _ => anyhow!("the Parquet file cannot be written"),
    }
}
