//! Reads the coded records of a finished run back, one row group at a time, only the columns that are asked for.

use std::{
    io::{Cursor, Read as _, Seek as _, SeekFrom},
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use polars_arrow::{
    array::{Array, ListArray, PrimitiveArray, Utf8ViewArray},
    datatypes::{ArrowSchema, Field as ArrowField},
};
use polars_parquet::read::{
    BasicDecompressor, FileMetadata, PageReader, RowGroupMetadata, column_iter_to_arrays, infer_schema, read_metadata,
};

use crate::{
    coding::audit::sample::{AssignedCode, CodeKind, SampledRecord},
    fs::opening::NoFile,
    ingest::{
        fault::SourceFault,
        input_file::{InputFile, InputReader},
    },
    record::{date::Day, shown},
};

/// Where the coded records stand in the output folder of a run.
pub const CODED_RECORDS: &str = "data/coded_records.parquet";

/// Most bytes that a page may unpack to.
const LARGEST_PAGE: usize = 1 << 30;

/// Why the coded records cannot be read. Words that hold no cell content.
#[derive(Debug, thiserror::Error)]
pub enum StoredFault {
    /// The folder is no output of a run.
    #[error("{} is not there; name the output folder of a finished run", shown::path(.0))]
    NotThere(PathBuf),
    /// The system cannot read the file, or it is none, or was changed meanwhile.
    #[error("{} {fault}", shown::path(path))]
    Source {
        /// The file.
        path: PathBuf,
        /// Why.
        fault: SourceFault,
    },
    /// The file is damaged or was written by something else.
    #[error("{} is damaged or is no file of coded records; `chartroom verify` tells", shown::path(.0))]
    Damaged(PathBuf),
    /// A night wrote it that examined what changed: it has a part of the records.
    #[error(
        "the output has the records that the night examined, and not all that are kept; draw from a month of which every record is examined (without `examine = \"changed\"`), or run chartroom reexamine"
    )]
    PartOfRecords,
    /// The file was written before the column was.
    #[error("{} has no column {name}; run the pipeline again with this version", shown::path(path))]
    NoColumn {
        /// The file.
        path: PathBuf,
        /// The column.
        name: &'static str,
    },
}

/// A fault without its path.
enum Fault {
    Damaged,
    NoColumn(&'static str),
}

/// Hands every coded record of a run's output folder to `take`, in the order of the file.
///
/// # Errors
/// The folder has no coded records, or they cannot be read.
pub fn read(folder: &Path, mut take: impl FnMut(SampledRecord)) -> Result<(), StoredFault> {
    let path = folder.join(CODED_RECORDS);
    let of_source = |fault| match fault {
        SourceFault::NoFile(NoFile::Absent) => StoredFault::NotThere(path.clone()),
        fault => StoredFault::Source { path: path.clone(), fault },
    };
    let file = InputFile::open(&path).map_err(of_source)?;
    // The reader of damaged files is not to be trusted with the whole program.
    let read = catch_unwind(AssertUnwindSafe(|| read_groups(file.reader(), &mut take)));
    // Whatever was made of it: where the system refused a reading, nothing is known of the file.
    file.answered(Ok(())).and_then(|()| file.is_as_opened()).map_err(of_source)?;
    match read {
        Ok(Ok(())) => Ok(()),
        Ok(Err(Fault::NoColumn(name))) => Err(StoredFault::NoColumn { path, name }),
        Ok(Err(Fault::Damaged)) | Err(_) => Err(StoredFault::Damaged(path)),
    }
}

/// The coded records of an output, a row group after the other, with every column as it is stored.
pub struct StoredGroups {
    path: PathBuf,
    file: InputReader,
    schema: ArrowSchema,
    metadata: FileMetadata,
    next: usize,
}

/// A column with its name.
pub type StoredColumn = (String, Box<dyn Array>);

/// One row group: its columns by their names, all of one length.
pub struct StoredGroup {
    /// The columns in the order of the file.
    pub columns: Vec<StoredColumn>,
    /// Rows.
    pub rows: usize,
}

impl StoredGroup {
    /// The texts of a column; empty where there is none, and where a row has none.
    pub fn texts(&self, name: &str) -> Vec<String> {
        let column = self.columns.iter().find(|(own, _)| own == name);
        let texts = column.and_then(|(_, array)| array.as_any().downcast_ref::<Utf8ViewArray>());
        let texts = texts.map(|texts| texts.iter().map(|text| text.unwrap_or("").to_owned()).collect());
        texts.unwrap_or_else(|| vec![String::new(); self.rows])
    }
}

impl StoredGroups {
    /// Opens the coded records of an output folder.
    ///
    /// # Errors
    /// The folder has no coded records, or they cannot be read.
    pub fn open(folder: &Path) -> Result<StoredGroups, StoredFault> {
        let path = folder.join(CODED_RECORDS);
        let file = InputFile::open(&path).map_err(|fault| match fault {
            SourceFault::NoFile(NoFile::Absent) => StoredFault::NotThere(path.clone()),
            fault => StoredFault::Source { path: path.clone(), fault },
        })?;
        let mut file = file.reader();
        let damaged = || StoredFault::Damaged(path.clone());
        let metadata: FileMetadata = read_metadata(&mut file).map_err(|_| damaged())?;
        let schema = infer_schema(&metadata).map_err(|_| damaged())?;
        Ok(StoredGroups { path, file, schema, metadata, next: 0 })
    }

    /// The next row group; `None` at the end.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn next_group(&mut self) -> Result<Option<StoredGroup>, StoredFault> {
        let Some(group) = self.metadata.row_groups.get(self.next) else { return Ok(None) };
        self.next += 1;
        let names: Vec<String> = self.schema.iter_names().map(ToString::to_string).collect();
        let mut columns = Columns { file: &mut self.file, schema: &self.schema, group };
        let read = || -> Result<Vec<StoredColumn>, Fault> {
            names.into_iter().map(|name| columns.column(&name).map(|array| (name, array))).collect()
        };
        match catch_unwind(AssertUnwindSafe(read)) {
            Ok(Ok(columns)) => Ok(Some(StoredGroup { columns, rows: group.num_rows() })),
            _ => Err(StoredFault::Damaged(self.path.clone())),
        }
    }
}

fn read_groups(mut file: InputReader, take: &mut impl FnMut(SampledRecord)) -> Result<(), Fault> {
    let metadata: FileMetadata = read_metadata(&mut file).map_err(|_| Fault::Damaged)?;
    let schema = infer_schema(&metadata).map_err(|_| Fault::Damaged)?;
    for group in &metadata.row_groups {
        let mut columns = Columns { file: &mut file, schema: &schema, group };
        for record in records(&mut columns)? {
            take(record);
        }
    }
    Ok(())
}

/// The columns of one row group.
struct Columns<'c> {
    file: &'c mut InputReader,
    schema: &'c ArrowSchema,
    group: &'c RowGroupMetadata,
}

impl Columns<'_> {
    fn named(&mut self, name: &'static str) -> Result<Box<dyn Array>, Fault> {
        if self.schema.get(name).is_none() {
            return Err(Fault::NoColumn(name));
        }
        self.column(name)
    }

    fn column(&mut self, name: &str) -> Result<Box<dyn Array>, Fault> {
        let field: &ArrowField = self.schema.get(name).ok_or(Fault::Damaged)?;
        let stored = self.group.columns_under_root_iter(name).ok_or(Fault::Damaged)?;
        let (mut pages, mut types) = (Vec::new(), Vec::new());
        for chunk in stored {
            let range = chunk.byte_range();
            let mut bytes = Vec::new();
            self.file.seek(SeekFrom::Start(range.start)).map_err(|_| Fault::Damaged)?;
            // What the system answers is kept by the reader, and asked at the end.
            self.file.by_ref().take(range.end - range.start).read_to_end(&mut bytes).map_err(|_| Fault::Damaged)?;
            let reader = PageReader::new(Cursor::new(bytes.into()), chunk, Vec::new(), LARGEST_PAGE);
            pages.push(BasicDecompressor::new(reader, Vec::new()));
            types.push(&chunk.descriptor().descriptor.primitive_type);
        }
        let (mut arrays, _) = column_iter_to_arrays(pages, types, field.clone(), None).map_err(|_| Fault::Damaged)?;
        let array = arrays.pop().filter(|array| arrays.is_empty() && array.len() == self.group.num_rows());
        array.ok_or(Fault::Damaged)
    }

    fn texts(&mut self, name: &'static str) -> Result<Vec<String>, Fault> {
        let array = self.named(name)?;
        let texts = array.as_any().downcast_ref::<Utf8ViewArray>().ok_or(Fault::Damaged)?;
        Ok(texts.iter().map(|text| text.unwrap_or("").to_owned()).collect())
    }

    fn days(&mut self, name: &'static str) -> Result<Vec<Option<Day>>, Fault> {
        let array = self.named(name)?;
        let days = array.as_any().downcast_ref::<PrimitiveArray<i32>>().ok_or(Fault::Damaged)?;
        Ok(days.iter().map(|day| day.map(|day| Day(*day))).collect())
    }

    fn lists<T>(
        &mut self,
        name: &'static str,
        read: impl Fn(&dyn Array) -> Option<Vec<T>>,
    ) -> Result<Vec<Vec<T>>, Fault> {
        let array = self.named(name)?;
        let lists = array.as_any().downcast_ref::<ListArray<i64>>().ok_or(Fault::Damaged)?;
        let read = |list: Option<Box<dyn Array>>| list.map_or(Some(Vec::new()), |list| read(list.as_ref()));
        lists.iter().map(|list| read(list).ok_or(Fault::Damaged)).collect()
    }

    fn text_lists(&mut self, name: &'static str) -> Result<Vec<Vec<String>>, Fault> {
        self.lists(name, |list| {
            let texts = list.as_any().downcast_ref::<Utf8ViewArray>()?;
            Some(texts.iter().map(|text| text.unwrap_or("").to_owned()).collect())
        })
    }

    fn number_lists(&mut self, name: &'static str) -> Result<Vec<Vec<i32>>, Fault> {
        self.lists(name, |list| {
            let numbers = list.as_any().downcast_ref::<PrimitiveArray<i32>>()?;
            Some(numbers.iter().map(|number| number.copied().unwrap_or(0)).collect())
        })
    }
}

fn records(columns: &mut Columns<'_>) -> Result<Vec<SampledRecord>, Fault> {
    let mut encounters = columns.texts("encounter_id")?.into_iter();
    let mut coders = columns.texts("coder")?.into_iter();
    let mut services = columns.texts("service")?.into_iter();
    let mut payers = columns.texts("payer")?.into_iter();
    let mut facilities = columns.texts("facility_id")?.into_iter();
    let mut groups = columns.texts("diagnosis_related_group")?.into_iter();
    let discharged = columns.days("discharge_date")?;
    let marks = columns.texts("present_on_admission")?;
    let systems = [columns.texts("diagnosis_system")?, columns.texts("procedure_system")?];
    let positions = columns.number_lists("diagnosis_position")?;
    let mut diagnoses = columns.text_lists("diagnosis_code")?.into_iter();
    let mut procedures = columns.text_lists("procedure_code")?.into_iter();
    let next = |texts: &mut std::vec::IntoIter<String>| texts.next().unwrap_or_default();
    let mut records = Vec::with_capacity(discharged.len());
    for (row, discharged) in discharged.into_iter().enumerate() {
        let mut codes = Vec::new();
        let mut marks = marks[row].chars();
        for (place, code) in diagnoses.next().unwrap_or_default().into_iter().enumerate() {
            let counted = u32::try_from(place + 1).unwrap_or(0);
            codes.push(AssignedCode {
                kind: CodeKind::Diagnosis,
                position: positions[row].get(place).map_or(counted, |position| u32::try_from(*position).unwrap_or(0)),
                system: word_at(&systems[0][row], place).to_owned(),
                code,
                present_on_admission: marks.next().filter(|mark| *mark != '-').map_or(String::new(), String::from),
            });
        }
        for (place, code) in procedures.next().unwrap_or_default().into_iter().enumerate() {
            codes.push(AssignedCode {
                kind: CodeKind::Procedure,
                position: u32::try_from(place + 1).unwrap_or(0),
                system: word_at(&systems[1][row], place).to_owned(),
                code,
                present_on_admission: String::new(),
            });
        }
        // A mark may stand where there is no code.
        codes.retain(|code| !code.code.is_empty());
        records.push(SampledRecord {
            encounter_id: next(&mut encounters),
            coder: next(&mut coders),
            service: next(&mut services),
            payer: next(&mut payers),
            facility_id: next(&mut facilities),
            diagnosis_related_group: next(&mut groups),
            discharged,
            codes,
        });
    }
    Ok(records)
}

/// The word of one code: the only one where all codes of the record are alike, else the one at its place.
fn word_at(words: &str, place: usize) -> &str {
    if words.contains(',') { words.split(',').nth(place).unwrap_or("") } else { words }
}

#[cfg(test)]
mod tests {
    use polars_arrow::array::BooleanArray;
    use proptest::prelude::*;

    use super::*;
    use crate::{
        examination::columns::{
            build::{Flags, Numbered, Numbers, Texts},
            column::{ColumnType, ColumnValues, Columns as PartitionColumns, Lists, Presence, Single, TextValues},
        },
        fs::staging::Staging,
        run::parquet::sink::{EncodedPartition, ParquetSink},
    };

    /// A record of one value of each kind, some of them missing, and a list.
    type Written = (Option<String>, Option<i32>, Option<i64>, bool, Vec<Option<u8>>);

    const COLUMNS: [(&str, ColumnType); 6] = [
        ("text", ColumnType::Text),
        ("plain", ColumnType::Text),
        ("number", ColumnType::Number),
        ("long", ColumnType::Long),
        ("flag", ColumnType::Flag),
        ("list", ColumnType::Texts),
    ];

    fn write(records: &[Written], staging: &Staging, groups: usize) {
        let mut sink =
            ParquetSink::new(staging.file("records.parquet").expect("a file"), COLUMNS.into_iter()).expect("begun");
        for records in records.chunks(records.len().div_ceil(groups).max(1)) {
            let (mut texts, mut plain, mut numbers) = (Texts::default(), TextValues::default(), Numbers::default());
            let (mut longs, mut flags, mut items) = (Vec::new(), Flags::default(), Numbered::default());
            let mut presence: [Single; 5] = Default::default();
            let mut lists = Lists::default();
            let numerals: Vec<String> = (0..40).map(|number: u8| number.to_string()).collect();
            for (text, number, long, flag, list) in records {
                if presence[0].record(text.is_some()) {
                    texts.push(text.as_deref().unwrap_or(""));
                }
                if presence[1].record(text.is_some()) {
                    plain.push(text.as_deref().unwrap_or(""));
                }
                if presence[2].record(number.is_some()) {
                    numbers.number(number.unwrap_or(0));
                }
                if presence[3].record(long.is_some()) {
                    longs.push(long.unwrap_or(0));
                }
                presence[4].record(true);
                flags.push(*flag);
                lists.record(list.iter().map(Option::is_some));
                for item in list.iter().flatten() {
                    items.push((*item).into(), || &numerals[usize::from(*item)]);
                }
            }
            let mut columns = PartitionColumns::of(records.len());
            let single = presence.into_iter().map(Presence::Single);
            let values = [
                texts.finish(),
                (ColumnValues::Texts(plain), None),
                numbers.finish(),
                (ColumnValues::Longs(longs), None),
                flags.finish(),
                items.finish(),
            ];
            for (presence, built) in single.chain([Presence::Lists(lists)]).zip(values) {
                let presence = columns.present(presence);
                columns.push(built, presence);
            }
            let encoded = EncodedPartition::of(columns).expect("encoded");
            // What is put aside in a file comes back as it was.
            let put_aside = rmp_serde::to_vec(&encoded).expect("written down");
            let encoded_again: EncodedPartition = rmp_serde::from_slice(&put_aside).expect("read back");
            assert_eq!(encoded_again, encoded);
            sink.write(encoded).expect("written");
        }
        let rows = sink.finish().expect("finished").account("records.parquet").expect("accounted").rows;
        assert_eq!(rows, records.len() as u64);
    }

    fn numbers<T: polars_arrow::types::NativeType>(array: &dyn Array) -> Vec<Option<T>> {
        let numbers = array.as_any().downcast_ref::<PrimitiveArray<T>>().expect("numbers");
        numbers.iter().map(|number| number.copied()).collect()
    }

    fn texts(array: &dyn Array) -> Vec<Option<String>> {
        let texts = array.as_any().downcast_ref::<Utf8ViewArray>().expect("texts");
        texts.iter().map(|text| text.map(str::to_owned)).collect()
    }

    fn read_back(path: &Path) -> Vec<Written> {
        let mut file = InputFile::open(path).expect("the file").reader();
        let metadata = read_metadata(&mut file).expect("a footer");
        let schema = infer_schema(&metadata).expect("a schema");
        let mut records = Vec::new();
        for group in &metadata.row_groups {
            let mut columns = Columns { file: &mut file, schema: &schema, group };
            let mut column = |name| columns.column(name).unwrap_or_else(|_| panic!("the column {name}"));
            let text = texts(column("text").as_ref());
            assert_eq!(texts(column("plain").as_ref()), text);
            let number = numbers::<i32>(column("number").as_ref());
            let long = numbers::<i64>(column("long").as_ref());
            let flag = column("flag");
            let flag = flag.as_any().downcast_ref::<BooleanArray>().expect("flags");
            let list = column("list");
            let list = list.as_any().downcast_ref::<ListArray<i64>>().expect("lists");
            let items = list.iter().map(|list| {
                let items = list.map_or_else(Vec::new, |list| texts(list.as_ref()));
                items.into_iter().map(|item| item.map(|item| item.parse().expect("a number"))).collect()
            });
            let flat = text.into_iter().zip(number).zip(long).zip(flag.values_iter());
            records
                .extend(flat.zip(items).map(|((((text, number), long), flag), list)| (text, number, long, flag, list)));
        }
        records
    }

    /// The least and greatest number, and how many are missing; and the least and greatest text.
    type Bounds = ([Option<i64>; 3], [Option<Vec<u8>>; 2]);

    /// The bounds of every group.
    fn bounds(path: &Path) -> Vec<Bounds> {
        let mut file = InputFile::open(path).expect("the file").reader();
        let metadata = read_metadata(&mut file).expect("a footer");
        let of_group = |group: &RowGroupMetadata| {
            let statistics = |column: usize| {
                let statistics = group.parquet_columns()[column].statistics(&metadata.footer_buf).expect("statistics");
                statistics.expect("sound statistics")
            };
            let (numbers, texts) = (statistics(2), statistics(0));
            let (numbers, texts) = (numbers.expect_as_int32(), texts.expect_as_binary());
            let bounds = [numbers.min_value.map(i64::from), numbers.max_value.map(i64::from), numbers.null_count];
            (bounds, [texts.min_value.clone(), texts.max_value.clone()])
        };
        metadata.row_groups.iter().map(of_group).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        /// What is written here is read by a reader that was written elsewhere, gaps, empty lists and all.
        #[test]
        fn columns_come_back_as_they_were_written(
            records in prop::collection::vec(
                (
                    prop::option::of("[a-d\u{e9}]{1,3}"),
                    prop::option::of(-3i32..9),
                    prop::option::of(any::<i64>()),
                    any::<bool>(),
                    prop::collection::vec(prop::option::of(0u8..40), 0..5),
                ),
                1..120,
            ),
            groups in 1usize..4,
        ) {
            let folder = tempfile::tempdir().expect("folder");
            let staging = Staging::create(&folder.path().join("out")).expect("staging");
            write(&records, &staging, groups);
            let path = staging.folder().join("records.parquet");
            for (records, (numbers, texts)) in records.chunks(records.len().div_ceil(groups)).zip(bounds(&path)) {
                let given: Vec<i64> = records.iter().filter_map(|record| record.1).map(i64::from).collect();
                let absent = (records.len() - given.len()) as i64;
                prop_assert_eq!(numbers, [given.iter().min().copied(), given.iter().max().copied(), Some(absent)]);
                let given = || records.iter().filter_map(|record| record.0.as_ref()).map(|text| text.clone().into_bytes());
                prop_assert_eq!(texts, [given().min(), given().max()]);
            }
            prop_assert_eq!(read_back(&path), records);
        }
    }
}
