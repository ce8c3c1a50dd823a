//! Takes one input: opens it, finds its heading, and turns its rows into sorted canonical rows.

use crate::{
    ingest::{
        block::{BlockRow, RejectedRow, RowBlock},
        decode::{TextSource, open_text},
        delimited::{self, Dialect, RawChunk, RowShape, Splitter},
        fault::SourceFault,
        fixed_width::{self, PositionsFrom},
        heading::{
            IsHeading, bytes_of_lines, does_not_fit, find_heading, fixed_heading, refuse_record, with_damage_hint,
            with_delimiter_hint,
        },
        inputs::{InputPart, named_otherwise},
        layout::{Format, Layout, SourceOptions},
        place::{Placement, Seen, place},
        sniff,
        workbook::{HeadingRow, book::SourceWorkbook},
    },
    parallel::in_order,
    record::{
        account::InputAccount,
        field::{Field, FieldType},
    },
    rows::{
        slot::Feed,
        sorter::{Sorter, sort_rows},
    },
};

/// Bytes of text parsed as one piece of work.
const PIECE: usize = 3 << 20;
/// Rows split before they are placed: their fields stay in a core's own cache meanwhile.
const ROWS_AT_A_TIME: usize = 512;
/// Bytes looked at for the delimiter and the heading.
const HEAD: usize = 256 << 10;

/// What taking an input needs to know.
#[derive(Debug)]
pub struct InputTask<'t> {
    /// The feed.
    pub feed: &'t Feed,
    /// Its number in the run.
    pub feed_index: u8,
    /// The input's number in the run.
    pub input_index: u16,
    /// The layout.
    pub layout: &'t Layout,
    /// How the file is read.
    pub source: &'t SourceOptions,
}

/// Why taking stopped.
#[derive(Debug)]
pub enum TakeFault {
    /// The input as a whole cannot be used; nothing of it was taken.
    Source(SourceFault),
    /// A temporary file cannot be written.
    Spill(std::io::Error),
    /// Stopped from outside.
    Stopped,
    /// Quoting is broken somewhere, so that cuts made by parity are in doubt: take the input again with exact cuts.
    Doubt,
}

impl From<SourceFault> for TakeFault {
    fn from(fault: SourceFault) -> TakeFault {
        TakeFault::Source(fault)
    }
}

/// Where rejected rows are kept.
type Rejecting<'q> = &'q mut dyn FnMut(&RejectedRow) -> std::io::Result<()>;

/// Takes one input into the sorter, cutting it exactly (slower) or by the parity of quotes. `account` is filled in; rejected rows go to `quarantine` in file order; `go_on` is asked between pieces and told the bytes taken. Of a workbook, `book` is the open one.
///
/// # Errors
/// The input cannot be used, a temporary file cannot be written, or `go_on` said no.
#[expect(clippy::too_many_arguments, reason = "what is read, how, and where each kind of its rows goes")]
pub fn take(
    input: &InputPart,
    book: Option<&mut SourceWorkbook>,
    taking: &InputTask<'_>,
    account: &mut InputAccount,
    sorter: &mut Sorter,
    quarantine: Rejecting<'_>,
    go_on: &dyn Fn(u64) -> bool,
    exact: bool,
) -> Result<(), TakeFault> {
    account.named_otherwise = named_otherwise(input).unwrap_or_default();
    let taken = match (&input.sheet, book) {
        (Some(sheet), Some(book)) => take_sheet(input, (book, sheet), taking, account, sorter, quarantine),
        _ => take_text(input, taking, account, sorter, quarantine, go_on, exact),
    };
    input.file.answered(Ok(()))?;
    taken
}

fn take_text(
    input: &InputPart,
    taking: &InputTask<'_>,
    account: &mut InputAccount,
    sorter: &mut Sorter,
    quarantine: Rejecting<'_>,
    go_on: &dyn Fn(u64) -> bool,
    exact: bool,
) -> Result<(), TakeFault> {
    let mut source = open_text(&input.file, input.container, input.member.as_ref(), taking.source.encoding.as_deref())?;
    account.encoding = source.encoding.to_owned();
    let mut held = Vec::new();
    source.fill(&mut held, HEAD)?;
    let fixed = taking.source.format == Some(Format::FixedWidth);
    let dialect = Dialect {
        delimiter: taking.source.delimiter.unwrap_or_else(|| if fixed { b'\n' } else { sniff::delimiter(&held) }),
        quote: b'"',
    };
    let heading = if fixed {
        fixed_heading(taking.layout)
    } else {
        find_heading(&held, dialect, taking).map_err(|fault| {
            let fault = with_delimiter_hint(fault, &held, taking);
            with_damage_hint(fault, &held, held.len() < HEAD)
        })?
    };
    account.unmapped_columns = heading.binding.unmapped.clone();
    account.repeated_columns = heading.binding.repeated.clone();
    account.notes += heading.titles;
    let mut line = 1;
    let mut heading_text = Vec::new();
    if heading.line > 0 {
        let (skip, lines) = bytes_of_lines(&held, heading.last_line);
        let (start, _) = bytes_of_lines(&held, heading.line - 1);
        let end = held[..skip].iter().rposition(|byte| !matches!(byte, b'\n' | b'\r')).map_or(start, |at| at + 1);
        heading_text = held[start..end.max(start)].to_vec();
        held.drain(..skip);
        line += lines;
    }
    let shape = RowShape {
        fields: heading.width,
        trailing_delimiter: heading.trailing_delimiter,
        // Columns of fixed width have no heading of names, and lines above them no meaning.
        heading: if fixed { &[] } else { &heading_text },
    };
    let counting = PositionsFrom::of(taking.source.positions_in, source.encoding);
    let work = |chunk: RawChunk| -> RowsOfInput {
        let bytes = chunk.text.len();
        let InputTask { feed, feed_index, input_index, layout, source } = taking;
        let placement = &heading.binding.placement;
        let mut rows = Vec::with_capacity(bytes + bytes / 8);
        if fixed {
            let block = fixed_width::split(chunk, &layout.fixed_columns(), source.record_length, counting);
            let seen = place(&block, placement, feed, *feed_index, *input_index, &mut rows);
            let count = block.rows.len() as u64;
            let ends_in_mid_row = delimited::ends_in_mid_row(&block.text, &block.rejected);
            return RowsOfInput {
                bytes: bytes as u64,
                count,
                seen,
                passed_over: 0,
                ends_in_mid_row,
                rejected: block.rejected,
                rows: sort_rows(rows),
            };
        }
        let (mut count, mut seen) = (0, Seen::default());
        let mut splitter = Splitter::new(chunk, dialect, shape);
        while splitter.split_some(ROWS_AT_A_TIME) {
            count += splitter.block.rows.len() as u64;
            seen.add(place(&splitter.block, placement, feed, *feed_index, *input_index, &mut rows));
        }
        let block = splitter.finish();
        let passed_over = block.passed_over;
        let ends_in_mid_row = delimited::ends_in_mid_row(&block.text[..bytes], &block.rejected);
        let rows = sort_rows(rows);
        RowsOfInput { bytes: bytes as u64, count, seen, passed_over, ends_in_mid_row, rejected: block.rejected, rows }
    };
    let mut ended = false;
    let mut all_seen = Seen::default();
    let cut = match (fixed, exact) {
        (true, _) => |text: &[u8], _: Dialect, last: bool| {
            delimited::whole_records(text, Dialect { delimiter: b'\n', quote: 0 }, last)
        },
        (false, true) => delimited::whole_records,
        (false, false) => delimited::probable_records,
    };
    let next = || next_piece(&mut source, &mut held, &mut line, dialect, cut, &mut ended).map_err(TakeFault::Source);
    in_order(rayon::current_num_threads(), next, work, |taken| {
        let RowsOfInput { bytes, count, seen, passed_over, ends_in_mid_row, rejected, rows } = taken;
        if !exact && !fixed && rejected.iter().any(delimited::is_of_quoting) {
            return Err(TakeFault::Doubt);
        }
        account.read += count + rejected.len() as u64;
        note_first_rejected(account, &rejected);
        account.quarantined += rejected.len() as u64;
        account.ends_in_mid_row |= ends_in_mid_row;
        let zero_bytes = |row: &RejectedRow| memchr::memchr_iter(0, &row.raw).count() as u64;
        account.zero_bytes += rejected.iter().map(zero_bytes).sum::<u64>();
        all_seen.add(seen);
        account.notes += passed_over;
        rejected.iter().try_for_each(&mut *quarantine).map_err(TakeFault::Spill)?;
        sorter.add(rows).map_err(TakeFault::Spill)?;
        if go_on(bytes) { Ok(()) } else { Err(TakeFault::Stopped) }
    })?;
    account_seen(account, all_seen, taking);
    let digest = source.digest()?;
    (account.bytes, account.sha256) = (digest.bytes, digest.sha256);
    Ok(())
}

/// Notes why the first row of an input that cannot be read cannot. Pieces come in the order of the file.
fn note_first_rejected(account: &mut InputAccount, rejected: &[RejectedRow]) {
    if let Some(first) = rejected.first().filter(|_| account.first_quarantined.is_empty()) {
        account.first_quarantined = first.reason;
    }
}

/// Enters what was seen of the cells into the account.
fn account_seen(account: &mut InputAccount, seen: Seen, taking: &InputTask<'_>) {
    account.long_values = seen.long_values;
    let cut = |(field, count): (Field, u64)| (field.name().to_owned(), count);
    account.cut_identifiers = seen.cut_identifiers.into_iter().map(cut).collect();
    account.numbered_by_place = taking.feed.numbered_by_place;
    account.time_zone = taking.layout.time_zone.map_or(String::new(), |zone| zone.to_string());
}

/// What came of a chunk.
struct RowsOfInput {
    bytes: u64,
    /// Rows.
    count: u64,
    /// What was seen of the cells.
    seen: Seen,
    /// Rows that are no records.
    passed_over: u64,
    /// The chunk is the last, and ends within a row.
    ends_in_mid_row: bool,
    rejected: Vec<RejectedRow>,
    /// The canonical rows.
    rows: Vec<u8>,
}

/// Reads on and cuts whole records; `None` at the end.
fn next_piece(
    source: &mut TextSource,
    held: &mut Vec<u8>,
    line: &mut u64,
    dialect: Dialect,
    cut_at: fn(&[u8], Dialect, bool) -> (usize, u64),
    ended: &mut bool,
) -> Result<Option<RawChunk>, SourceFault> {
    while !*ended {
        if held.len() < PIECE {
            let wanted = PIECE - held.len();
            if !source.fill(held, wanted)? {
                *ended = true;
            }
        } else if !source.fill(held, PIECE)? {
            // One record longer than a piece: more of it is needed, and there is no more.
            *ended = true;
        }
        let (cut, lines) = cut_at(held, dialect, *ended);
        if cut == 0 {
            continue;
        }
        let rest = held.split_off(cut);
        let text = std::mem::replace(held, rest);
        let first_line = std::mem::replace(line, *line + lines);
        return Ok(Some(RawChunk { text, first_line }));
    }
    Ok(None)
}

fn take_sheet(
    input: &InputPart,
    (book, sheet): (&mut SourceWorkbook, &str),
    taking: &InputTask<'_>,
    account: &mut InputAccount,
    sorter: &mut Sorter,
    quarantine: Rejecting<'_>,
) -> Result<(), TakeFault> {
    let is_heading: IsHeading<'_> = &|names, fullest_above| taking.layout.is_heading(names, fullest_above);
    let table = book.read(sheet, &heading_row(taking.source, is_heading))?;
    let digest = input.file.digest()?;
    (account.bytes, account.sha256) = (digest.bytes, digest.sha256);
    account.encoding = "workbook".to_owned();
    account.unread = table.further_parts();
    account.part = table.sheet;
    account.notes = table.notes.len() as u64;
    (account.error_cells, account.long_numbers) = (table.error_cells, table.long_numbers);
    account.formulas_without_value = table.formulas_without_value;
    let formulas_without_value = table.formulas_without_value;
    let mut block = table.block;
    if block.rows.is_empty() {
        return Err(SourceFault::NotATable("has no table on the sheet".to_owned()).into());
    }
    let heading = block.rows[0];
    let names: Vec<String> = if taking.source.header_row == Some(0) {
        (1..=heading.field_count).map(|number| format!("column {number}")).collect()
    } else {
        block.rows.remove(0);
        // The heading over again, as it stands on every page of a printed list, is no record.
        let before = block.rows.len();
        let text = &block.text;
        let raw = |row: &BlockRow| &text[row.raw.0 as usize..row.raw.1 as usize];
        block.rows.retain(|row| raw(row) != raw(&heading));
        account.notes += (before - block.rows.len()) as u64;
        (0..heading.field_count as usize)
            .map(|at| String::from_utf8_lossy(block.field(&heading, at)).into_owned())
            .collect()
    };
    let binding = taking
        .layout
        .bind(&names)
        .map_err(|misfit| with_formulas_hint(does_not_fit(&misfit, heading.number), formulas_without_value))?;
    if taking.source.header_row != Some(0) {
        refuse_record(taking.layout, &names, heading.number)?;
    }
    account.unmapped_columns = binding.unmapped.clone();
    account.repeated_columns = binding.repeated.clone();
    account.read = (block.rows.len() + block.rejected.len()) as u64;
    note_first_rejected(account, &block.rejected);
    account.quarantined = block.rejected.len() as u64;
    block.rejected.iter().try_for_each(&mut *quarantine).map_err(TakeFault::Spill)?;
    account.cells_of_other_type = cells_of_other_type(&block, &binding.placement, taking.feed);
    let mut rows = Vec::new();
    let seen = place(&block, &binding.placement, taking.feed, taking.feed_index, taking.input_index, &mut rows);
    account_seen(account, seen, taking);
    sorter.add(sort_rows(rows)).map_err(TakeFault::Spill)
}

/// Says of a sheet that does not fit that formulas without a value may be the cause.
fn with_formulas_hint(fault: SourceFault, formulas_without_value: u64) -> SourceFault {
    match fault {
        SourceFault::NotATable(message) if formulas_without_value > 0 => SourceFault::NotATable(format!(
            "{message}; {formulas_without_value} cells hold a formula with no stored value: open it in Excel, save it again, and send that"
        )),
        fault => fault,
    }
}

/// Where the heading of a sheet is looked for.
pub fn heading_row<'h>(source: &SourceOptions, matches: IsHeading<'h>) -> HeadingRow<'h> {
    source.header_row.map_or(HeadingRow::Matching(matches), |row| HeadingRow::Stated(row.max(1)))
}

/// Cells that are a date, a time or a boolean by their type, in columns of text, codes or numbers: a spreadsheet has taken the text for something else.
fn cells_of_other_type(block: &RowBlock, placement: &Placement, feed: &Feed) -> u64 {
    let count = |typed: &[u32], expected: fn(FieldType) -> bool| -> u64 {
        let mut rows = block.rows.iter();
        let mut row = rows.next();
        let mut found = 0;
        for field in typed {
            while row.is_some_and(|row| row.first_field + row.field_count <= *field) {
                row = rows.next();
            }
            let Some(own) = row.filter(|row| row.first_field <= *field) else { continue };
            let column = (*field - own.first_field) as usize;
            let Some(slot) = placement.slots.get(column).copied().flatten() else { continue };
            let Some(slot) = feed.slots.get(usize::from(slot)) else { continue };
            let listed = slot.translated(block.field(own, column)).is_some();
            found += u64::from(!listed && !expected(slot.field.entry().kind));
        }
        found
    };
    count(&block.typed_dates, |kind| matches!(kind, FieldType::Date | FieldType::Moment))
        + count(&block.typed_otherwise, |kind| matches!(kind, FieldType::Flag))
}
