//! The coded records as Parquet: one row an examined encounter, codes as lists, in the order of encounter numbers.
//!
//! Where a row stood in its file is kept apart, in `record_sources.parquet`: the coded records themselves do not change when an export comes in another order.

use std::io::Write;

use anyhow::{Context as _, anyhow};
use polars::io::parquet::write::{BatchedWriter, get_encodings};
use polars::prelude::*;
use polars_arrow::{
    array::{Array, ListArray, PrimitiveArray},
    datatypes::{ArrowDataType, Field as ArrowField},
};
use polars_parquet::write::{
    CompressedPage, CompressionOptions, Encoding, FileWriter, SchemaDescriptor, StatisticsOptions, Version,
    WriteOptions, ZstdLevel, array_to_columns, compress,
};

use crate::{
    partition::encounter::Encounter,
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

/// The Parquet columns of one partition, in encounter order. The columns of the mapping are there only where the pipeline maps diagnoses (`mapped`).
pub fn frame(
    encounters: &[Encounter<'_>],
    outcomes: &[RecordOutcome],
    diagnoses: &[DiagnosisOutcome<'_>],
    mapped: bool,
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
    text("payer", &|encounter| encounter.payer.value().unwrap_or(""));
    text("sex", &|encounter| encounter.sex.value().map_or("", |sex| sex.letter()));
    text("diagnosis_related_group", &|encounter| encounter.diagnosis_related_group);
    text("attending_npi", &|encounter| encounter.attending_npi);
    text("operating_npi", &|encounter| encounter.operating_npi);
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
    code_columns(encounters, diagnoses, mapped, &mut columns)?;
    DataFrame::new(count, columns).map_err(|_| anyhow!("the columns of the coded records do not line up"))
}

fn code_columns(
    encounters: &[Encounter<'_>],
    outcomes: &[DiagnosisOutcome<'_>],
    mapped: bool,
    columns: &mut Vec<Column>,
) -> anyhow::Result<()> {
    let diagnoses: usize = encounters.iter().map(|encounter| encounter.diagnoses.len()).sum();
    let procedures: usize = encounters.iter().map(|encounter| encounter.procedures.len()).sum();
    let texts = |name: &str, capacity: usize| ListStringChunkedBuilder::new(name.into(), encounters.len(), capacity);
    let figures = |name: &str, capacity: usize| {
        ListPrimitiveChunkedBuilder::<Int32Type>::new(name.into(), encounters.len(), capacity, DataType::Int32)
    };
    let mut position = figures("diagnosis_position", diagnoses);
    let mut code = texts("diagnosis_code", diagnoses);
    let mut chapter = figures("diagnosis_chapter", diagnoses);
    let mut block = texts("diagnosis_block", diagnoses);
    let mut mapped_code = texts("diagnosis_mapped_code", if mapped { diagnoses } else { 0 });
    let mut mapping = texts("diagnosis_mapping", if mapped { diagnoses } else { 0 });
    let mut procedure_code = texts("procedure_code", procedures);
    let mut procedure_date = figures("procedure_date", procedures);
    let mut at = 0;
    for encounter in encounters {
        let own = &outcomes[at..at + encounter.diagnoses.len()];
        at += encounter.diagnoses.len();
        let shown = encounter.diagnoses.iter();
        code.append_values_iter(shown.clone().map(|diagnosis| written(diagnosis.code.text(), diagnosis.raw)));
        // Positions are written only where they are not 1, 2, 3 and so on.
        let counted = shown.clone().enumerate().all(|(place, diagnosis)| usize::from(diagnosis.position) == place + 1);
        position.append_values_iter(
            shown.take(if counted { 0 } else { usize::MAX }).map(|diagnosis| i32::from(diagnosis.position)),
        );
        chapter.append_values_iter(own.iter().map(|outcome| i32::from(outcome.chapter)));
        block.append_values_iter(own.iter().map(|outcome| outcome.block));
        if mapped {
            mapped_code.append_values_iter(own.iter().map(|outcome| outcome.mapped_code));
            mapping.append_values_iter(own.iter().map(|outcome| outcome.mapping));
        }
        let performed = encounter.procedures.iter();
        procedure_code
            .append_values_iter(performed.clone().map(|procedure| written(procedure.code.text(), procedure.raw)));
        procedure_date.append_iter(performed.map(|procedure| procedure.date.value().map(|moment| moment.day.0)));
    }
    let alike = |name: &str, of: &dyn Fn(&Encounter<'_>, &mut String)| {
        let mut builder = StringChunkedBuilder::new(name.into(), encounters.len());
        let mut joined = String::new();
        for encounter in encounters {
            joined.clear();
            of(encounter, &mut joined);
            builder.append_value(&joined);
        }
        builder.finish().into_column()
    };
    columns.extend([
        position.finish().into_column(),
        code.finish().into_column(),
        alike("diagnosis_system", &|encounter, out| {
            join_alike(encounter.diagnoses.iter().map(|code| system_name(code.system, code.other_system)), out);
        }),
        alike("diagnosis_verdict", &|encounter, out| {
            join_alike(
                encounter.diagnoses.iter().map(|code| verdict_name(code.judgement.map(|judgement| judgement.verdict))),
                out,
            );
        }),
        chapter.finish().into_column(),
        block.finish().into_column(),
        alike("present_on_admission", &|encounter, out| {
            out.extend(
                encounter
                    .diagnoses
                    .iter()
                    .map(|code| code.present_on_admission.value().map_or('-', |mark| mark.mark())),
            );
        }),
    ]);
    if mapped {
        columns.extend([mapped_code.finish().into_column(), mapping.finish().into_column()]);
    }
    columns.extend([
        procedure_code.finish().into_column(),
        alike("procedure_system", &|encounter, out| {
            join_alike(encounter.procedures.iter().map(|code| system_name(code.system, code.other_system)), out);
        }),
        alike("procedure_verdict", &|encounter, out| {
            join_alike(
                encounter.procedures.iter().map(|code| verdict_name(code.judgement.map(|judgement| judgement.verdict))),
                out,
            );
        }),
        procedure_date.finish().into_column(),
    ]);
    Ok(())
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

/// The normalised code, or what was written where it could not be normalised.
fn written<'a>(code: &'a str, raw: &'a str) -> &'a str {
    if code.is_empty() { raw } else { code }
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
const DATES: [&str; 4] = ["admission_date", "discharge_date", "birth_date", "procedure_date"];

/// The type of a column in the file.
fn file_type(name: &str, kind: ArrowDataType) -> ArrowDataType {
    match kind {
        ArrowDataType::Int32 if DATES.contains(&name) => ArrowDataType::Date32,
        ArrowDataType::LargeList(item) if DATES.contains(&name) => ArrowDataType::LargeList(Box::new(ArrowField::new(
            item.name.clone(),
            ArrowDataType::Date32,
            item.is_nullable,
        ))),
        other => other,
    }
}

/// A column as the file's type has it; `None` where it is of neither kind that dates come in.
fn as_dates(array: &dyn Array, kind: &ArrowDataType) -> Option<Box<dyn Array>> {
    if let Some(days) = array.as_any().downcast_ref::<PrimitiveArray<i32>>() {
        return Some(days.clone().to(kind.clone()).boxed());
    }
    let lists = array.as_any().downcast_ref::<ListArray<i64>>()?;
    let days = lists.values().as_any().downcast_ref::<PrimitiveArray<i32>>()?;
    let values = days.clone().to(ArrowDataType::Date32).boxed();
    Some(ListArray::<i64>::new(kind.clone(), lists.offsets().clone(), values, lists.validity().cloned()).boxed())
}

/// The sources of one partition's records: encounter number, input and row.
pub fn source_frame(encounters: &[Encounter<'_>], inputs: &[String]) -> anyhow::Result<DataFrame> {
    let count = encounters.len();
    let mut number = StringChunkedBuilder::new("encounter_id".into(), count);
    let mut input = StringChunkedBuilder::new("input".into(), count);
    let mut row: Vec<i64> = Vec::with_capacity(count);
    for encounter in encounters {
        let origin = encounter.origin();
        number.append_value(encounter.encounter_id);
        input.append_value(inputs.get(usize::from(origin.input)).map_or("", String::as_str));
        row.push(i64::try_from(origin.row).unwrap_or(i64::MAX));
    }
    let row = Int64Chunked::from_vec("row".into(), row);
    DataFrame::new(count, vec![number.finish().into_column(), input.finish().into_column(), row.into_column()])
        .map_err(|_| anyhow!("the columns of the record sources do not line up"))
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
    options: WriteOptions,
}

impl Encoder {
    /// Encodes and compresses one partition; may run on any thread.
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
                    true => Some(as_dates(array.as_ref(), &file_type(name, array.dtype().clone())).ok_or_else(fault)?),
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
pub struct ParquetSink<W: Write> {
    writer: BatchedWriter<W>,
    /// Rows written so far.
    pub rows: u64,
}

impl<W: Write> ParquetSink<W> {
    /// Begins a file whose columns are those of `like` (which may be empty).
    ///
    /// # Errors
    /// The file's head cannot be written.
    pub fn new(file: W, like: &DataFrame) -> anyhow::Result<(ParquetSink<W>, Encoder)> {
        let options = write_options()?;
        let fault = |_| anyhow!("the Parquet file cannot be begun");
        let mut schema = like.schema().to_arrow(CompatLevel::newest());
        for (name, field) in schema.iter_mut() {
            field.dtype = file_type(name, field.dtype.clone());
        }
        let encodings = get_encodings(&schema);
        let file = FileWriter::try_new(file, schema, options).map_err(fault)?;
        let encoder =
            Encoder { schema: file.parquet_schema().clone(), encodings: encodings.iter().cloned().collect(), options };
        let writer = BatchedWriter::new(std::sync::Mutex::new(file), encodings, options, false, None);
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
        self.writer
            .write_row_group(partition.rows, &partition.pages)
            .map_err(io_fault)
            .context("writing the coded records")?;
        self.rows += partition.rows;
        Ok(())
    }

    /// Writes the footer.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn finish(self) -> anyhow::Result<u64> {
        self.writer.finish().map_err(io_fault).context("finishing the coded records")?;
        Ok(self.rows)
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
