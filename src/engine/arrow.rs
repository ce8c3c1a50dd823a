//! The columns of a partition as an Arrow record batch, and such a batch as columns.
//!
//! Where a column has places among distinct values it becomes a dictionary array, so that nothing is looked up twice on either side.

use std::sync::Arc;

use anyhow::anyhow;
use polars_arrow::{
    array::{Array, ArrayRef, BooleanArray, DictionaryArray, ListArray, PrimitiveArray, Utf8Array},
    bitmap::Bitmap,
    datatypes::{ArrowDataType, ArrowSchema, Field},
    offset::OffsetsBuffer,
    record_batch::RecordBatchT,
    types::NativeType,
};

use crate::examination::columns::column::{
    Column, ColumnType, ColumnValues, Columns, Lists, Presence, Single, TextValues,
};

/// A record batch: one row a record, one array a column.
pub type RecordBatch = RecordBatchT<ArrayRef>;

/// The columns of a partition as a record batch; `file` are the names and kinds of the columns, in their order.
///
/// # Errors
/// The columns are not those of the file.
pub fn record_batch(
    columns: &Columns,
    file: impl Iterator<Item = (&'static str, ColumnType)>,
) -> anyhow::Result<RecordBatch> {
    let arrays: Vec<ArrayRef> = columns
        .columns
        .iter()
        .zip(file)
        .map(|(column, (name, kind))| {
            let presence = columns.presence.get(column.presence).ok_or_else(|| anyhow!("{name} has no presence"))?;
            array(column, presence, kind)
        })
        .collect::<anyhow::Result<_>>()?;
    Ok(RecordBatchT::try_new(columns.rows, schema_of(&arrays), arrays)?)
}

/// The schema by place: names are those of the file, and told by whoever sends the batch.
fn schema_of(arrays: &[ArrayRef]) -> Arc<ArrowSchema> {
    let field = |(place, array): (usize, &ArrayRef)| {
        let name = polars::prelude::PlSmallStr::from_string(place.to_string());
        (name.clone(), Field::new(name, array.dtype().clone(), true))
    };
    Arc::new(arrays.iter().enumerate().map(field).collect())
}

fn array(column: &Column, presence: &Presence, kind: ColumnType) -> anyhow::Result<ArrayRef> {
    match presence {
        Presence::Single(single) => entries(column, single.records, &single.absent, kind),
        Presence::Lists(lists) => {
            let count = lists.ends.last().copied().unwrap_or(0) as usize;
            let items = entries(column, count, &lists.absent, kind)?;
            let offsets: Vec<i64> = std::iter::once(0).chain(lists.ends.iter().map(|end| i64::from(*end))).collect();
            let of = ArrowDataType::LargeList(Box::new(Field::new("item".into(), items.dtype().clone(), true)));
            Ok(ListArray::<i64>::try_new(of, OffsetsBuffer::try_from(offsets)?, items, None)?.boxed())
        }
    }
}

/// So many entries, of which some are absent.
fn entries(column: &Column, count: usize, absent: &[u32], kind: ColumnType) -> anyhow::Result<ArrayRef> {
    let mut rest = absent.iter().peekable();
    let is_there: Vec<bool> = (0..count as u32).map(|entry| rest.next_if_eq(&&entry).is_none()).collect();
    let validity = (!absent.is_empty()).then(|| Bitmap::from_iter(is_there.iter().copied()));
    if let Some(places) = &column.places {
        let keys = PrimitiveArray::<u32>::from_vec(spread(places, &is_there)).with_validity(validity);
        return Ok(DictionaryArray::try_from_keys(keys, values(&column.values, kind)?, false)?.boxed());
    }
    Ok(match &column.values {
        ColumnValues::Texts(texts) => {
            let mut at = 0;
            let ends = is_there.iter().map(|is_there| {
                at += usize::from(*is_there);
                if at == 0 { 0 } else { i64::from(texts.ends[at - 1]) }
            });
            let offsets: Vec<i64> = std::iter::once(0).chain(ends).collect();
            let (offsets, bytes) = (OffsetsBuffer::try_from(offsets)?, texts.bytes.clone().into());
            Utf8Array::<i64>::try_new(ArrowDataType::LargeUtf8, offsets, bytes, validity)?.boxed()
        }
        ColumnValues::Numbers(numbers) => of_numbers(spread(numbers, &is_there), kind).with_validity(validity).boxed(),
        ColumnValues::Longs(numbers) => {
            PrimitiveArray::from_vec(spread(numbers, &is_there)).with_validity(validity).boxed()
        }
        ColumnValues::Flags(bits, flags) => {
            let flags: Vec<bool> = (0..*flags).map(|place| bits[place / 8] >> (place % 8) & 1 == 1).collect();
            let spread = Bitmap::from_iter(spread(&flags, &is_there));
            BooleanArray::try_new(ArrowDataType::Boolean, spread, validity)?.boxed()
        }
    })
}

/// Values with a blank one wherever an entry is absent.
fn spread<T: Copy + Default>(values: &[T], is_there: &[bool]) -> Vec<T> {
    let mut rest = values.iter();
    let mut next = |is_there: &bool| if *is_there { rest.next().copied().unwrap_or_default() } else { T::default() };
    is_there.iter().map(&mut next).collect()
}

fn values(values: &ColumnValues, kind: ColumnType) -> anyhow::Result<ArrayRef> {
    let all = Column { values: values.clone(), places: None, presence: 0 };
    entries(&all, values.len(), &[], kind)
}

fn of_numbers(numbers: Vec<i32>, kind: ColumnType) -> PrimitiveArray<i32> {
    let numbers = PrimitiveArray::from_vec(numbers);
    if matches!(kind, ColumnType::Date | ColumnType::Dates) { numbers.to(ArrowDataType::Date32) } else { numbers }
}

/// A record batch as the columns of a partition; each column has its own presence.
///
/// # Errors
/// An array is of a type that no column has.
pub fn columns(batch: &RecordBatch) -> anyhow::Result<Columns> {
    let mut columns = Columns::of(batch.len());
    for array in batch.arrays() {
        let (presence, items) = match array.as_any().downcast_ref::<ListArray<i64>>() {
            Some(lists) => {
                let ends = lists.offsets().iter().skip(1).map(|end| *end as u32).collect();
                let items = lists.values().clone();
                (Presence::Lists(Lists { ends, absent: absent(items.as_ref()) }), items)
            }
            None => {
                let single = Single { records: array.len(), absent: absent(array.as_ref()) };
                (Presence::Single(single), array.clone())
            }
        };
        let built = match items.as_any().downcast_ref::<DictionaryArray<u32>>() {
            Some(dictionary) => {
                let keys = dictionary.keys();
                (present(dictionary.values().as_ref())?, Some(keys.iter().flatten().copied().collect()))
            }
            None => (present(items.as_ref())?, None),
        };
        let presence = columns.present(presence);
        columns.push(built, presence);
    }
    Ok(columns)
}

/// Numbers of the entries without a value.
fn absent(array: &dyn Array) -> Vec<u32> {
    let Some(validity) = array.validity() else { return Vec::new() };
    (0..).zip(validity.iter()).filter(|(_, is_there)| !is_there).map(|(entry, _)| entry).collect()
}

/// The values of the entries that have one.
fn present(array: &dyn Array) -> anyhow::Result<ColumnValues> {
    fn numbers<N: NativeType>(array: &dyn Array) -> Option<Vec<N>> {
        let numbers = array.as_any().downcast_ref::<PrimitiveArray<N>>()?;
        Some(numbers.iter().flatten().copied().collect())
    }
    if let Some(texts) = array.as_any().downcast_ref::<Utf8Array<i64>>() {
        let mut values = TextValues::default();
        texts.iter().flatten().for_each(|text| values.push(text));
        return Ok(ColumnValues::Texts(values));
    }
    if let Some(flags) = array.as_any().downcast_ref::<BooleanArray>() {
        let (mut bits, mut count) = (Vec::new(), 0);
        for flag in flags.iter().flatten() {
            if count % 8 == 0 {
                bits.push(0u8);
            }
            if let Some(byte) = bits.last_mut() {
                *byte |= u8::from(flag) << (count % 8);
            }
            count += 1;
        }
        return Ok(ColumnValues::Flags(bits, count));
    }
    let of_longs = || numbers::<i64>(array).map(ColumnValues::Longs);
    let values = numbers::<i32>(array).map(ColumnValues::Numbers).or_else(of_longs);
    values.ok_or_else(|| anyhow!("no column has values of such a type"))
}
