//! Which sheet of a workbook, or member of a zip folder, a draft is made from: the biggest table, with all that have its heading.

use super::sample::{DraftSample, join, read_sheet, read_text};
use crate::{
    ingest::{
        decode::{Container, container, count_lines},
        fault::SourceFault,
        input_file::InputFile,
        inputs::{InputPart, inputs_of},
        layout::SourceOptions,
        workbook::book::SourceWorkbook,
    },
    record::account::UnreadPart,
};

/// The parts of a file that a draft was made from, and the others.
#[derive(Debug, Clone, Default)]
pub struct DraftParts {
    /// The sheets or members that were read, with their rows; none of a file that is one table.
    pub read: Vec<(String, u64)>,
    /// What else the file holds.
    pub left: Vec<UnreadPart>,
    /// Sheets or members that are of the same kind as those read and are none of them.
    others: Vec<String>,
    /// Whether they are members of a zip folder.
    of_folder: bool,
    /// Whether the heading stands on different rows, so that a layout must not state one.
    pub heading_rows_differ: bool,
}

impl DraftParts {
    /// How a layout names what was read; `None` where it need not, or where one name alone says it.
    pub fn pattern(&self) -> Option<Vec<String>> {
        let names: Vec<String> = self.read.iter().map(|(name, _)| name.clone()).collect();
        if self.of_folder {
            return match names.as_slice() {
                _ if self.others.is_empty() => None,
                [_] => Some(names),
                several => Some(common_pattern(several, &self.others).map_or(names.clone(), |pattern| vec![pattern])),
            };
        }
        match names.as_slice() {
            [] | [_] => None,
            _ if self.others.is_empty() => Some(vec!["*".to_owned()]),
            several => Some(common_pattern(several, &self.others).map_or(names.clone(), |pattern| vec![pattern])),
        }
    }
}

/// The names with their numbers left open, where all are alike then and no other name is: `discharges-2026-09.csv` is `discharges-*-*.csv`.
fn common_pattern(names: &[String], others: &[String]) -> Option<String> {
    let open = |name: &str| {
        let mut pattern = String::new();
        for letter in name.chars() {
            match letter {
                letter if letter.is_ascii_digit() => {
                    if !pattern.ends_with('*') {
                        pattern.push('*');
                    }
                }
                '[' | ']' | '*' | '?' => return None,
                letter => pattern.push(letter),
            }
        }
        pattern.contains('*').then_some(pattern)
    };
    let pattern = open(names.first()?)?;
    let matcher = glob::Pattern::new(&pattern).ok()?;
    let alike = names.iter().all(|name| open(name).as_ref() == Some(&pattern));
    (alike && !others.iter().any(|other| matcher.matches(other))).then_some(pattern)
}

/// A part as it was read, or why it was not.
struct Looked {
    name: String,
    kind: &'static str,
    rows: Option<u64>,
    sample: Result<DraftSample, SourceFault>,
}

/// Reads the first rows of a file.
///
/// # Errors
/// The file cannot be read, has none of the parts that are stated, or is no table.
pub fn read(file: &InputFile, file_name: &str, stated: &SourceOptions) -> Result<DraftSample, SourceFault> {
    let container = container(file)?;
    match container {
        Container::Workbook => read_workbook(file, file_name, stated),
        Container::Zip => read_folder(file, file_name, stated),
        _ => read_text(&InputPart { file: file.clone(), container, member: None, sheet: None }, file_name.to_owned()),
    }
}

fn read_workbook(file: &InputFile, file_name: &str, stated: &SourceOptions) -> Result<DraftSample, SourceFault> {
    let mut book = SourceWorkbook::open(file)?;
    let wanted: Option<Vec<String>> = if stated.sheets.is_empty() {
        None
    } else {
        let found = inputs_of(file, stated, &|_, _| false)?;
        if let Some((_, fault)) = found.missing.into_iter().next() {
            return Err(fault);
        }
        Some(found.inputs.iter().map(|input| input.part().to_owned()).collect())
    };
    let (mut looked, mut further) = (Vec::new(), Vec::new());
    for sheet in book.sheets.clone() {
        let kind = if sheet.is_hidden { "hidden sheet" } else { "sheet" };
        let (sample, rows) = match read_sheet(&mut book, &sheet.name, file_name) {
            Ok((sample, rows, of_sheet)) => {
                further.extend(of_sheet);
                (Ok(sample), Some(rows))
            }
            Err(SourceFault::NotATable(_)) => continue,
            Err(fault) => (Err(fault), None),
        };
        looked.push(Looked { name: sheet.name, kind, rows, sample });
    }
    if looked.is_empty() {
        return Err(SourceFault::NotATable("has no table on any sheet".to_owned()));
    }
    let mut sample = together(looked, wanted.as_deref())?;
    sample.parts.left.extend(further);
    Ok(sample)
}

fn read_folder(file: &InputFile, file_name: &str, stated: &SourceOptions) -> Result<DraftSample, SourceFault> {
    let all = inputs_of(file, &SourceOptions::default(), &|_, _| false)?.inputs;
    let wanted = if stated.members.is_empty() {
        None
    } else {
        let found = inputs_of(file, stated, &|_, _| false)?;
        if let Some((_, fault)) = found.missing.into_iter().next() {
            return Err(fault);
        }
        Some(found.inputs.iter().map(|input| input.part().to_owned()).collect::<Vec<_>>())
    };
    let looked = all
        .iter()
        .map(|input| Looked {
            name: input.part().to_owned(),
            kind: "member",
            rows: input.member.as_ref().and_then(|member| count_lines(file, member)),
            sample: read_text(input, file_name.to_owned()),
        })
        .map(|looked| {
            let titles = looked.sample.as_ref().map_or(0, |sample| sample.header_row.min(1));
            Looked { rows: looked.rows.map(|rows| rows.saturating_sub(titles)), ..looked }
        })
        .collect();
    let mut sample = together(looked, wanted.as_deref())?;
    sample.parts.of_folder = true;
    Ok(sample)
}

/// The biggest table with all that have its heading, or all that are wanted; the others are named.
fn together(looked: Vec<Looked>, wanted: Option<&[String]>) -> Result<DraftSample, SourceFault> {
    let is_wanted = |part: &Looked| match wanted {
        Some(wanted) => wanted.contains(&part.name),
        None => part.kind != "hidden sheet",
    };
    let size = |part: &Looked| {
        let columns = part.sample.as_ref().map_or(0, |sample| sample.header.len() as u64);
        // A list in one column is no table where another is one.
        (columns > 1, part.rows.unwrap_or(0) * columns)
    };
    let headings = |part: &Looked| -> Option<Vec<String>> {
        let sample = part.sample.as_ref().ok()?;
        let mut names: Vec<String> = sample.header.iter().map(|name| name.trim().to_lowercase()).collect();
        names.sort();
        Some(names)
    };
    let biggest = looked
        .iter()
        .enumerate()
        .filter(|(_, part)| is_wanted(part) && part.sample.is_ok())
        .max_by_key(|(place, part)| (size(part), std::cmp::Reverse(*place)))
        .map(|(place, _)| place);
    let Some(biggest) = biggest else {
        let first = looked.into_iter().find(|part| wanted.is_none_or(|wanted| wanted.contains(&part.name)));
        return Err(first.and_then(|part| part.sample.err()).unwrap_or(SourceFault::Empty));
    };
    let heading = headings(&looked[biggest]);
    let is_read: Vec<bool> =
        looked.iter().map(|part| is_wanted(part) && (wanted.is_some() || headings(part) == heading)).collect();
    let mut parts = DraftParts::default();
    let mut whole: Option<DraftSample> = None;
    let several = looked.len() > 1;
    for (part, is_read) in looked.into_iter().zip(is_read) {
        if !is_read {
            if part.kind != "hidden sheet" {
                parts.others.push(part.name.clone());
            }
            if part.rows != Some(0) {
                let kind = part.kind.to_owned();
                parts.left.push(UnreadPart { kind, part: part.name, rows: part.rows, fits: false });
            }
            continue;
        }
        let sample = part.sample?;
        if several {
            parts.read.push((part.name, part.rows.unwrap_or(sample.rows.len() as u64)));
        }
        match &mut whole {
            None => whole = Some(sample),
            Some(first) => {
                parts.heading_rows_differ |= sample.header_row != first.header_row;
                join(first, sample)?;
            }
        }
    }
    let whole = whole.ok_or(SourceFault::Empty)?;
    Ok(DraftSample { parts, ..whole })
}
