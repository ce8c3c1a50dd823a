//! Takes one input: opens it, finds its heading, and turns its rows into sorted canonical rows.

use std::path::{Path, PathBuf};

use super::{
    block::{BlockRow, RejectedRow},
    decode::{Container, TextSource, container, open_text, zip_members},
    delimited::{self, Dialect, RawChunk, RowShape, Splitter},
    fault::SourceFault,
    fixed_width,
    layout::{Binding, Format, Layout, SourceOptions},
    place::place,
    sniff,
    sorter::{Sorter, sort_rows},
    workbook,
};
use crate::{parallel::in_order, partition::slot::Feed, record::account::InputAccount};

/// Bytes of text parsed as one piece of work.
const PIECE: usize = 3 << 20;
/// Rows split before they are placed: their fields stay in a core's own cache meanwhile.
const ROWS_AT_A_TIME: usize = 512;
/// Bytes looked at for the delimiter and the heading.
const HEAD: usize = 256 << 10;
/// Rows among which the heading is looked for.
const HEADING_ROWS: usize = 40;

/// One input of a feed: a file, or one member of a zip folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputPath {
    /// The file.
    pub path: PathBuf,
    /// What it is.
    pub container: Container,
    /// Member of a zip folder.
    pub member: Option<String>,
}

/// The inputs that a file stands for: itself, or the members of a zip folder that the layout asks for.
///
/// # Errors
/// The file cannot be opened, is empty or damaged, or has no such member.
pub fn inputs_of(path: &Path, source: &SourceOptions) -> Result<Vec<InputPath>, SourceFault> {
    let container = container(path)?;
    let input = |member| InputPath { path: path.to_path_buf(), container, member };
    if container != Container::Zip {
        return Ok(vec![input(None)]);
    }
    let mut members = zip_members(path)?;
    if let Some(wanted) = &source.member {
        let pattern = glob::Pattern::new(wanted)
            .map_err(|_| SourceFault::NotFound(format!("the member pattern `{wanted}` cannot be understood")))?;
        members
            .retain(|name| pattern.matches(name) || name.rsplit('/').next().is_some_and(|last| pattern.matches(last)));
    }
    if members.is_empty() {
        return Err(SourceFault::NotFound("is a zip folder without the stated member".to_owned()));
    }
    Ok(members.into_iter().map(|member| input(Some(member))).collect())
}

/// What an input is, in words, where the ending of its name says otherwise. A name without an ending that is known says nothing.
fn named_otherwise(input: &InputPath) -> Option<String> {
    let name = input.path.file_name()?.to_string_lossy().to_lowercase();
    let ending = name.rsplit_once('.')?.1;
    let fits = match ending {
        "xlsx" | "xlsm" | "xlsb" | "xls" | "ods" => &[Container::Workbook][..],
        "csv" | "tsv" | "tab" | "psv" | "txt" | "dat" => &[Container::Plain],
        "gz" | "gzip" => &[Container::Gzip],
        "zst" | "zstd" => &[Container::Zstandard],
        "zip" => &[Container::Zip],
        _ => return None,
    };
    let what = match input.container {
        Container::Plain => "text",
        Container::Gzip => "text compressed by gzip",
        Container::Zstandard => "text compressed by Zstandard",
        Container::Zip => "a zip folder",
        Container::Workbook => "a workbook",
    };
    (!fits.contains(&input.container)).then(|| format!(".{ending} holds {what}"))
}

/// What taking an input needs to know.
#[derive(Debug)]
pub struct Taking<'t> {
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
type Quarantine<'q> = &'q mut dyn FnMut(&RejectedRow) -> std::io::Result<()>;

/// Takes one input into the sorter, cutting it exactly (slower) or by the parity of quotes. `account` is filled in; rejected rows go to `quarantine` in file order; `go_on` is asked between pieces and told the bytes taken.
///
/// # Errors
/// The input cannot be used, a temporary file cannot be written, or `go_on` said no.
pub fn take(
    input: &InputPath,
    taking: &Taking<'_>,
    account: &mut InputAccount,
    sorter: &mut Sorter,
    quarantine: Quarantine<'_>,
    go_on: &dyn Fn(u64) -> bool,
    exact: bool,
) -> Result<(), TakeFault> {
    account.named_otherwise = named_otherwise(input).unwrap_or_default();
    if input.container == Container::Workbook || taking.source.format == Some(Format::Workbook) {
        return take_workbook(input, taking, account, sorter, quarantine);
    }
    let mut source =
        open_text(&input.path, input.container, input.member.as_deref(), taking.source.encoding.as_deref())?;
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
        find_heading(&held, dialect, taking).map_err(|fault| with_delimiter_hint(fault, &held, taking))?
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
    let work = |chunk: RawChunk| -> Taken {
        let bytes = chunk.text.len();
        let Taking { feed, feed_index, input_index, layout, source } = taking;
        let placement = &heading.binding.placement;
        let mut rows = Vec::with_capacity(bytes + bytes / 8);
        if fixed {
            let block = fixed_width::split(chunk, &layout.fixed_columns(), source.record_length);
            let long = place(&block, placement, feed, *feed_index, *input_index, &mut rows);
            let count = block.rows.len() as u64;
            return Taken {
                bytes: bytes as u64,
                count,
                long,
                passed_over: 0,
                rejected: block.rejected,
                rows: sort_rows(rows),
            };
        }
        let (mut count, mut long) = (0, 0);
        let mut splitter = Splitter::new(chunk, dialect, shape);
        while splitter.split_some(ROWS_AT_A_TIME) {
            count += splitter.block.rows.len() as u64;
            long += place(&splitter.block, placement, feed, *feed_index, *input_index, &mut rows);
        }
        let block = splitter.finish();
        let passed_over = block.passed_over;
        Taken { bytes: bytes as u64, count, long, passed_over, rejected: block.rejected, rows: sort_rows(rows) }
    };
    let mut ended = false;
    let cut = match (fixed, exact) {
        (true, _) => |text: &[u8], _: Dialect, last: bool| {
            delimited::whole_records(text, Dialect { delimiter: b'\n', quote: 0 }, last)
        },
        (false, true) => delimited::whole_records,
        (false, false) => delimited::probable_records,
    };
    let next = || next_piece(&mut source, &mut held, &mut line, dialect, cut, &mut ended).map_err(TakeFault::Source);
    in_order(rayon::current_num_threads(), next, work, |taken| {
        let Taken { bytes, count, long, passed_over, rejected, rows } = taken;
        if !exact && !fixed && rejected.iter().any(delimited::is_of_quoting) {
            return Err(TakeFault::Doubt);
        }
        account.read += count + rejected.len() as u64;
        account.quarantined += rejected.len() as u64;
        account.long_values += long;
        account.notes += passed_over;
        rejected.iter().try_for_each(&mut *quarantine).map_err(TakeFault::Spill)?;
        sorter.add(rows).map_err(TakeFault::Spill)?;
        if go_on(bytes) { Ok(()) } else { Err(TakeFault::Stopped) }
    })?;
    (account.bytes, account.sha256) = source.digest();
    Ok(())
}

/// What came of a chunk.
struct Taken {
    bytes: u64,
    /// Rows.
    count: u64,
    /// Values that are too long to show.
    long: u64,
    /// Rows that are no records.
    passed_over: u64,
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

struct Heading {
    binding: Binding,
    /// 1-based line; 0 where there is none.
    line: u64,
    /// Last line of the heading, when its names hold line ends.
    last_line: u64,
    width: usize,
    titles: u64,
    /// The rows end with a delimiter that the heading lacks.
    trailing_delimiter: bool,
}

fn fixed_heading(layout: &Layout) -> Heading {
    let columns: Vec<String> = (1..=layout.fixed_columns().len()).map(|number| format!("column {number}")).collect();
    let binding = layout.bind(&columns).unwrap_or_else(|_| Binding {
        placement: super::place::Placement {
            slots: Vec::new(),
            key_column: None,
            constant_key: Vec::new(),
            facility: None,
            delivery: None,
        },
        unmapped: Vec::new(),
        repeated: Vec::new(),
    });
    let skipped = layout.source.header_row.unwrap_or(0);
    Heading { binding, line: skipped, last_line: skipped, width: columns.len(), titles: 0, trailing_delimiter: false }
}

/// The heading: the stated row, or the first of the first rows that the layout can be bound to.
fn find_heading(head: &[u8], dialect: Dialect, taking: &Taking<'_>) -> Result<Heading, SourceFault> {
    let rows = sniff::rows(head, dialect);
    let not_bound = |message: String| SourceFault::NotATable(format!("does not fit its layout: {message}"));
    let lines_of = |fields: &[String]| fields.iter().map(|field| field.matches('\n').count() as u64).sum::<u64>();
    let trailing = |line: u64, width: usize| {
        let beneath = rows.iter().filter(|(other, _)| *other > line).map(|(_, fields)| fields.as_slice());
        sniff::trailing_delimiter(width, beneath)
    };
    match taking.source.header_row {
        Some(0) => {
            let width = rows.first().map_or(0, |(_, fields)| fields.len());
            let columns: Vec<String> = (1..=width).map(|number| format!("column {number}")).collect();
            Ok(Heading {
                binding: taking.layout.bind(&columns).map_err(not_bound)?,
                line: 0,
                last_line: 0,
                width,
                titles: 0,
                trailing_delimiter: false,
            })
        }
        Some(stated) => {
            let (line, fields) = rows
                .iter()
                .find(|(line, _)| *line >= stated)
                .ok_or_else(|| SourceFault::NotATable("has no row where its layout states the heading".to_owned()))?;
            let binding = taking.layout.bind(fields).map_err(not_bound)?;
            Ok(Heading {
                binding,
                line: *line,
                last_line: line + lines_of(fields),
                width: fields.len(),
                titles: 0,
                trailing_delimiter: trailing(*line, fields.len()),
            })
        }
        None => {
            let mut first_fault = None;
            for (place, (line, fields)) in rows.iter().take(HEADING_ROWS).enumerate() {
                match taking.layout.bind(fields) {
                    Ok(binding) => {
                        return Ok(Heading {
                            binding,
                            line: *line,
                            last_line: line + lines_of(fields),
                            width: fields.len(),
                            titles: place as u64,
                            trailing_delimiter: trailing(*line, fields.len()),
                        });
                    }
                    Err(message) => {
                        if first_fault.as_ref().is_none_or(|(width, _)| *width < fields.len()) {
                            first_fault = Some((fields.len(), message));
                        }
                    }
                }
            }
            Err(not_bound(first_fault.map_or_else(|| "it has no rows".to_owned(), |(_, message)| message)))
        }
    }
}

/// Says which delimiter would cut the rows where the one that is stated cuts none.
fn with_delimiter_hint(fault: SourceFault, head: &[u8], taking: &Taking<'_>) -> SourceFault {
    let shown = |delimiter: u8| match delimiter {
        b'\t' => "tab".to_owned(),
        byte => char::from(byte).to_string(),
    };
    match (fault, taking.source.delimiter) {
        (SourceFault::NotATable(message), Some(stated)) => {
            let columns = |delimiter: u8| {
                sniff::rows(head, Dialect { delimiter, quote: b'"' }).iter().map(|(_, fields)| fields.len()).max()
            };
            let fitting = sniff::delimiter(head);
            if columns(stated) > Some(1) || columns(fitting) <= Some(1) {
                return SourceFault::NotATable(message);
            }
            SourceFault::NotATable(format!(
                "has one column by the delimiter \"{}\" that is stated; is it delimiter = \"{}\"? ({message})",
                shown(stated),
                shown(fitting)
            ))
        }
        (fault, _) => fault,
    }
}

/// Bytes of the first lines, with the lines they are.
fn bytes_of_lines(text: &[u8], lines: u64) -> (usize, u64) {
    let mut at = 0;
    let mut seen = 0;
    while seen < lines && at < text.len() {
        let end = memchr::memchr2(b'\n', b'\r', &text[at..]).map_or(text.len(), |offset| at + offset);
        at = if text.get(end) == Some(&b'\r') && text.get(end + 1) == Some(&b'\n') {
            end + 2
        } else {
            (end + 1).min(text.len())
        };
        seen += 1;
    }
    (at, seen)
}

fn take_workbook(
    input: &InputPath,
    taking: &Taking<'_>,
    account: &mut InputAccount,
    sorter: &mut Sorter,
    quarantine: Quarantine<'_>,
) -> Result<(), TakeFault> {
    let table = workbook::read_sheet(
        &input.path,
        taking.source.sheet.as_deref(),
        taking.source.header_row.map(|row| row.max(1)),
    )?;
    let digest =
        crate::fs::digest(&input.path).map_err(|_| SourceFault::Damaged("cannot be read a second time".to_owned()))?;
    (account.bytes, account.sha256) = (digest.bytes, digest.sha256);
    account.encoding = "workbook".to_owned();
    account.part = table.sheet;
    account.notes = table.notes.len() as u64;
    (account.error_cells, account.long_numbers) = (table.error_cells, table.long_numbers);
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
        .map_err(|message| SourceFault::NotATable(format!("does not fit its layout: {message}")))?;
    account.unmapped_columns = binding.unmapped.clone();
    account.repeated_columns = binding.repeated.clone();
    account.read = (block.rows.len() + block.rejected.len()) as u64;
    account.quarantined = block.rejected.len() as u64;
    block.rejected.iter().try_for_each(&mut *quarantine).map_err(TakeFault::Spill)?;
    let mut rows = Vec::new();
    account.long_values =
        place(&block, &binding.placement, taking.feed, taking.feed_index, taking.input_index, &mut rows);
    sorter.add(sort_rows(rows)).map_err(TakeFault::Spill)
}
