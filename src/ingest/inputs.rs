//! What a file stands for: itself, sheets of a workbook, or members of a zip folder; and what it holds beside these.

use glob::MatchOptions;

use super::{
    decode::{Container, container, count_lines},
    fault::SourceFault,
    heading::IsHeading,
    input_file::InputFile,
    layout::{Format, SourceOptions},
    take::heading_row,
    workbook::{SheetTable, book::SourceWorkbook},
    zip_folder::{Member, is_of_a_system, members},
};
use crate::record::account::UnreadPart;

/// One input of a feed: a file, one sheet of a workbook, or one member of a zip folder.
#[derive(Debug, Clone)]
pub struct InputPart {
    /// The file, open.
    pub file: InputFile,
    /// What it is.
    pub container: Container,
    /// Member of a zip folder.
    pub member: Option<Member>,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
}

impl InputPart {
    /// The part of the file that it is; empty where it is the whole file.
    pub fn part(&self) -> &str {
        self.member.as_ref().map(|member| member.name.as_str()).or(self.sheet.as_deref()).unwrap_or("")
    }
}

/// What a file stands for.
#[derive(Debug)]
pub struct Inputs {
    /// The inputs.
    pub inputs: Vec<InputPart>,
    /// Parts that are stated and not there, each with the fault of the file.
    pub missing: Vec<(String, SourceFault)>,
    /// Parts that hold rows and are none of the inputs.
    pub unread: Vec<UnreadPart>,
    /// The workbook, open, where the file is one.
    pub book: Option<SourceWorkbook>,
}

/// The inputs that a file stands for: itself, the sheets of a workbook or the members of a zip folder that the layout asks for. Where it asks for no sheet,
/// the first visible one whose heading `fits`, else the first that holds a table; where it asks for no member, all.
///
/// # Errors
/// The file is empty or damaged, has no such sheet or member, or the system cannot read it.
pub fn inputs_of(file: &InputFile, source: &SourceOptions, fits: IsHeading<'_>) -> Result<Inputs, SourceFault> {
    file.answered(inputs_in(file, source, fits))
}

fn inputs_in(file: &InputFile, source: &SourceOptions, fits: IsHeading<'_>) -> Result<Inputs, SourceFault> {
    let container = container(file)?;
    if container == Container::Workbook || source.format == Some(Format::Workbook) {
        return sheets_of(file, container, source, fits);
    }
    let input = |member| InputPart { file: file.clone(), container, member, sheet: None };
    let mut inputs = Inputs { inputs: Vec::new(), missing: Vec::new(), unread: Vec::new(), book: None };
    if container != Container::Zip {
        inputs.inputs.push(input(None));
        return Ok(inputs);
    }
    let members = members(file)?;
    let wishes: Vec<Wish<'_>> = source.members.iter().map(|wish| Wish::of(wish)).collect();
    let no_member = |wish: &Wish<'_>| !members.iter().any(|member| wish.is_met_by(member));
    let absent = |wish: &Wish<'_>| {
        let words = "is a zip folder without the stated member";
        (wish.text.to_owned(), SourceFault::NotFound(words.to_owned()))
    };
    inputs.missing = wishes.iter().filter(|wish| no_member(wish)).map(absent).collect();
    for member in members {
        let is_chosen =
            if wishes.is_empty() { !member.is_hidden } else { wishes.iter().any(|wish| wish.is_met_by(&member)) };
        if is_chosen {
            inputs.inputs.push(input(Some(member)));
            continue;
        }
        let lines = count_lines(file, &member);
        // What is packed or cannot be opened may hold rows as well; what a system puts beside the files holds none.
        if lines == Some(0) || member.is_hidden && is_of_a_system(file, &member) {
            continue;
        }
        let kind = if member.is_hidden { "hidden member" } else { "member" };
        let rows = lines.map(|lines| lines - 1);
        inputs.unread.push(UnreadPart { kind: kind.to_owned(), part: member.name, rows, fits: false });
    }
    if inputs.inputs.is_empty() && inputs.missing.is_empty() {
        let words = if inputs.unread.is_empty() {
            "is a zip folder without a member that could be read; ask for the export again"
        } else {
            "is a zip folder of hidden members alone; state with `member` which of them is to be read"
        };
        inputs.missing.push((String::new(), SourceFault::NotFound(words.to_owned())));
    }
    Ok(inputs)
}

/// A member that is stated: by its name, or by a pattern.
struct Wish<'w> {
    text: &'w str,
    /// A name that is meant as it stands may hold what means something in a pattern.
    pattern: Option<glob::Pattern>,
}

impl Wish<'_> {
    fn of(text: &str) -> Wish<'_> {
        Wish { text, pattern: glob::Pattern::new(text).ok() }
    }

    /// Whether a member is meant. A hidden one is where its name, or at least its dot, is written out.
    fn is_met_by(&self, member: &Member) -> bool {
        let name = member.name.replace('\\', "/");
        if [member.name.as_str(), &name].contains(&self.text) {
            return true;
        }
        let last = name.rsplit('/').next().unwrap_or(&name);
        let Some(pattern) = self.pattern.as_ref().filter(|_| !member.is_hidden || last.starts_with('.')) else {
            return false;
        };
        let options = MatchOptions { require_literal_leading_dot: member.is_hidden, ..MatchOptions::default() };
        pattern.matches_with(&name, options) || pattern.matches_with(last, options)
    }
}

/// The sheets that are wanted, in the order in which they stand in the file, and the wishes that none meets.
fn chosen(names: &[String], wanted: &[String]) -> (Vec<String>, Vec<String>) {
    // A name that is meant as it stands may hold what means something in a pattern.
    let meets =
        |name: &str, wish: &str| name == wish || glob::Pattern::new(wish).is_ok_and(|pattern| pattern.matches(name));
    let chosen = names.iter().filter(|name| wanted.iter().any(|wish| meets(name, wish))).cloned().collect();
    let missing = wanted.iter().filter(|wish| !names.iter().any(|name| meets(name, wish))).cloned().collect();
    (chosen, missing)
}

fn sheets_of(
    file: &InputFile,
    container: Container,
    source: &SourceOptions,
    fits: IsHeading<'_>,
) -> Result<Inputs, SourceFault> {
    let mut book = SourceWorkbook::open(file)?;
    let sheets = book.sheets.clone();
    let heading = heading_row(source, fits);
    // A sheet that is named, or stands at a position that is named, is read whatever it holds; a pattern takes what is visible and holds a table.
    let named: Vec<String> =
        source.sheets.iter().filter_map(|wish| book.sheet(wish)).map(|sheet| sheet.name.clone()).collect();
    let patterns: Vec<String> = source.sheets.iter().filter(|wish| book.sheet(wish).is_none()).cloned().collect();
    let visible: Vec<String> = sheets.iter().filter(|sheet| !sheet.is_hidden).map(|sheet| sheet.name.clone()).collect();
    let (by_pattern, unmet) = if patterns.is_empty() { (Vec::new(), Vec::new()) } else { chosen(&visible, &patterns) };
    let missing = unmet.into_iter().map(|wish| (wish.clone(), book.no_sheet(&wish))).collect();
    let mut inputs = Inputs { inputs: Vec::new(), missing, unread: Vec::new(), book: None };
    let add = |name: &str, list: &mut Vec<InputPart>| {
        list.push(InputPart { file: file.clone(), container, member: None, sheet: Some(name.to_owned()) });
    };
    let (mut fitting, mut first_table, mut first) = (None, None, None);
    for sheet in &sheets {
        if named.contains(&sheet.name) {
            add(&sheet.name, &mut inputs.inputs);
            continue;
        }
        let read = book.read(&sheet.name, &heading);
        let (holds_table, own_fits) =
            read.as_ref().map_or((false, false), |table| (table.holds_table, fits(&table.heading(), 0)));
        if by_pattern.contains(&sheet.name) && (holds_table || read.is_err()) {
            add(&sheet.name, &mut inputs.inputs);
            read.into_iter().for_each(|table| book.keep(table));
            continue;
        }
        if let Some(unread) = unread_sheet(&sheet.name, sheet.is_hidden, &read, own_fits) {
            inputs.unread.push(unread);
        }
        if source.sheets.is_empty() && !sheet.is_hidden {
            // What is read of several is known after all have been looked at; the likeliest is kept meanwhile.
            if own_fits && fitting.is_none() {
                fitting = Some(sheet.name.clone());
                read.into_iter().for_each(|table| book.keep(table));
            } else if holds_table && first_table.is_none() {
                first_table = Some(sheet.name.clone());
            }
            first.get_or_insert(sheet.name.clone());
        }
    }
    if source.sheets.is_empty() {
        let Some(name) = fitting.or(first_table).or(first) else {
            return Err(SourceFault::NotATable("has no visible sheet".to_owned()));
        };
        inputs.unread.retain(|unread| unread.part != name);
        add(&name, &mut inputs.inputs);
    } else if inputs.inputs.is_empty() && inputs.missing.is_empty() {
        return Err(SourceFault::NotATable("has no table on the sheets that are stated".to_owned()));
    }
    inputs.book = Some(book);
    Ok(inputs)
}

/// What a sheet that is not read holds; `None` where it is blank, or has no row beneath its first.
fn unread_sheet(name: &str, is_hidden: bool, read: &Result<SheetTable, SourceFault>, fits: bool) -> Option<UnreadPart> {
    let rows = match read {
        Ok(table) => {
            let rows = table.row_count() + table.further.iter().map(|further| further.rows + 1).sum::<u64>();
            // Of a sheet without a table every line of text is told.
            Some(if table.holds_table { rows } else { rows.max(table.notes.len() as u64) }).filter(|rows| *rows > 0)
        }
        Err(_) => None,
    };
    if read.is_ok() && rows.is_none() {
        return None;
    }
    let kind = if is_hidden { "hidden sheet" } else { "sheet" };
    Some(UnreadPart { kind: kind.to_owned(), part: name.to_owned(), rows, fits })
}

/// What an input is, in words, where the ending of its name says otherwise. A name without an ending that is known says nothing.
pub fn named_otherwise(input: &InputPart) -> Option<String> {
    let name = input.file.path().file_name()?.to_string_lossy().to_lowercase();
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
