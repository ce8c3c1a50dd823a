//! The heading of an input of text: the stated row, or the first row that the layout knows.

use super::{
    delimited::Dialect,
    fault::SourceFault,
    layout::{Binding, Layout, Misfit},
    place::Placement,
    sniff,
    take::InputTask,
};

/// Rows among which the heading is looked for.
const HEADING_ROWS: usize = 40;

/// Columns of a table at the most: so many has a sheet of Excel.
pub const MOST_COLUMNS: usize = 16_384;

/// The heading of an input of text, and how its columns are bound.
pub struct Heading {
    /// Where its columns go.
    pub binding: Binding,
    /// 1-based line; 0 where there is none.
    pub line: u64,
    /// Last line of the heading, when its names hold line ends.
    pub last_line: u64,
    /// Fields that a row has.
    pub width: usize,
    /// Rows above it that are titles.
    pub titles: u64,
    /// The rows end with a delimiter that the heading lacks.
    pub trailing_delimiter: bool,
}

/// The columns of a fixed-width layout; lines above them are passed over.
pub fn fixed_heading(layout: &Layout) -> Heading {
    let columns: Vec<String> = (1..=layout.fixed_columns().len()).map(|number| format!("column {number}")).collect();
    let binding = layout.bind(&columns).unwrap_or_else(|_| Binding {
        placement: Placement::default(),
        unmapped: Vec::new(),
        repeated: Vec::new(),
    });
    let skipped = layout.source.header_row.unwrap_or(0);
    Heading { binding, line: skipped, last_line: skipped, width: columns.len(), titles: 0, trailing_delimiter: false }
}

/// The heading: the stated row, or the first of the first rows that has a name of the layout and that the layout can be bound to.
///
/// # Errors
/// The layout can be bound to none.
pub fn find_heading(head: &[u8], dialect: Dialect, taking: &InputTask<'_>) -> Result<Heading, SourceFault> {
    let mut rows = sniff::rows(head, dialect);
    let widest = rows.iter().map(|(_, fields)| fields.len()).max().unwrap_or(0);
    rows.retain(|(_, fields)| fields.len() <= MOST_COLUMNS);
    if rows.is_empty() && widest > 0 {
        return Err(SourceFault::NotATable(format!(
            "has rows of {widest} columns and more; a table has at most {MOST_COLUMNS}"
        )));
    }
    let not_bound = |row: u64| move |misfit: Misfit| does_not_fit(&misfit, row);
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
                binding: taking.layout.bind(&columns).map_err(not_bound(1))?,
                line: 0,
                last_line: 0,
                width,
                titles: 0,
                trailing_delimiter: false,
            })
        }
        Some(stated) => {
            let place = rows
                .iter()
                .position(|(line, _)| *line >= stated)
                .ok_or_else(|| SourceFault::NotATable("has no row where its layout states the heading".to_owned()))?;
            let (line, fields) = &rows[place];
            let binding = taking.layout.bind(fields).map_err(not_bound(*line))?;
            refuse_record(taking.layout, fields, *line)?;
            Ok(Heading {
                binding,
                line: *line,
                last_line: line + lines_of(fields),
                width: fields.len(),
                titles: titles(&rows[..place]),
                trailing_delimiter: trailing(*line, fields.len()),
            })
        }
        None => {
            let looked_at = &rows[..rows.len().min(HEADING_ROWS)];
            let is_heading: IsHeading<'_> = &|names, fullest_above| taking.layout.is_heading(names, fullest_above);
            let Some(place) = place_of_heading(looked_at.iter().map(|(_, fields)| fields.clone()), is_heading) else {
                // The fault of the row that is likest a heading: the most names that the layout knows, then the most fields.
                let likest = looked_at.iter().enumerate().max_by_key(|(place, (_, fields))| {
                    (taking.layout.known_names(fields), fields.len(), std::cmp::Reverse(*place))
                });
                let fault =
                    likest.and_then(|(_, (line, fields))| taking.layout.bind(fields).err().map(not_bound(*line)));
                let one_name = looked_at.iter().find(|(_, fields)| taking.layout.known_names(fields) > 0);
                let words = match one_name {
                    _ if rows.is_empty() => "it has no rows".to_owned(),
                    None => "no row has a name of its columns".to_owned(),
                    Some((line, _)) => format!(
                        "row {line} has one text that is a name of its columns, but stands beneath rows as full as it is, which are no titles; where the file has no heading, state header_row = 0 in the layout"
                    ),
                };
                return Err(
                    fault.unwrap_or_else(|| SourceFault::NotATable(format!("does not fit its layout: {words}")))
                );
            };
            let (line, fields) = &rows[place];
            Ok(Heading {
                binding: taking.layout.bind(fields).map_err(not_bound(*line))?,
                line: *line,
                last_line: line + lines_of(fields),
                width: fields.len(),
                titles: titles(&rows[..place]),
                trailing_delimiter: trailing(*line, fields.len()),
            })
        }
    }
}

/// Whether a row is the heading: its texts, and the filled fields of the fullest row above it.
pub type IsHeading<'f> = &'f dyn Fn(&[String], usize) -> bool;

/// The place of the heading among the first rows of a table.
pub fn place_of_heading(mut rows: impl Iterator<Item = Vec<String>>, is_heading: IsHeading<'_>) -> Option<usize> {
    let mut fullest = 0;
    rows.position(|row| {
        let is_it = is_heading(&row, fullest);
        fullest = fullest.max(filled_fields(&row));
        is_it
    })
}

/// Fields of a row that hold something.
pub fn filled_fields(row: &[String]) -> usize {
    row.iter().filter(|text| !text.trim().is_empty()).count()
}

/// Refuses a row that has no name of the layout where its heading should stand: it is a record, and would be lost as a heading.
///
/// # Errors
/// It has none.
pub fn refuse_record(layout: &Layout, names: &[String], row: u64) -> Result<(), SourceFault> {
    if layout.known_names(names) > 0 || !layout.has_names() {
        return Ok(());
    }
    Err(SourceFault::NotATable(format!(
        "does not fit its layout: row {row} should be the heading, and has no name of its columns; where the file has no heading, state header_row = 0 in the layout, and its columns as `column 1`, `column 2`"
    )))
}

/// Rows above the heading that say something.
fn titles(above: &[(u64, Vec<String>)]) -> u64 {
    above.iter().filter(|(_, fields)| fields.iter().any(|field| !field.trim().is_empty())).count() as u64
}

/// The fault of a file whose columns are not those of its layout.
pub fn does_not_fit(misfit: &Misfit, row: u64) -> SourceFault {
    SourceFault::NotATable(format!("does not fit its layout: {}", misfit.words(row)))
}

/// Says which delimiter would cut the rows where the one that is stated cuts none.
pub fn with_delimiter_hint(fault: SourceFault, head: &[u8], taking: &InputTask<'_>) -> SourceFault {
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

/// Says of a text that does not fit that it was not sent or copied whole, where it shows. `head` begins the text, and is all of it where `whole`.
pub fn with_damage_hint(fault: SourceFault, head: &[u8], whole: bool) -> SourceFault {
    let SourceFault::NotATable(message) = fault else { return fault };
    let zero_bytes = memchr::memchr_iter(0, head).count();
    SourceFault::NotATable(if zero_bytes > 0 {
        format!("holds {zero_bytes} zero bytes, which no text does; ask for it again ({message})")
    } else if whole && memchr::memchr2(b'\n', b'\r', head).is_none() {
        format!("{message}; the file is one line without a line end: was it sent whole?")
    } else {
        message
    })
}

/// Bytes of the first lines, with the lines they are.
pub fn bytes_of_lines(text: &[u8], lines: u64) -> (usize, u64) {
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
