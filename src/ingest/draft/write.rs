//! Writes a draft: the layout with what was found as comments, and what must be answered as questions.

use std::fmt::Write as _;

use super::{
    column::{DraftColumn, shape},
    dates::DateForm,
    detail::{Detail, detail},
    guess::{ColumnsOf, DraftMapping, Guess},
    lists::DraftQuestion,
    pairs::Runs,
    questions::LeftOutQuestions,
    sample::{DraftSample, SampledFormat},
};
use crate::{
    ingest::layout::{PositionsIn, STATE_THE_FORMAT},
    record::{
        account::counted,
        field::{self, CanonicalTable, Field},
        shown::{in_toml, shown},
    },
};

/// Columns on one line of the list of columns that are not mapped.
const WIDTH: usize = 120;

/// The draft as TOML.
pub fn layout(sample: &DraftSample, files: usize, columns: &[DraftColumn], guess: &Guess) -> String {
    let details: Vec<Detail> = guess.mappings.iter().map(|mapping| detail(sample, columns, guess, mapping)).collect();
    let mut text = String::new();
    head(&mut text, sample, files, guess, &details);
    source(&mut text, sample);
    text.push_str("\n[columns]\n");
    for (mapping, detail) in guess.mappings.iter().zip(&details) {
        column(&mut text, sample, columns, guess.table, mapping, detail);
    }
    for asked in &guess.questions {
        left_out(&mut text, asked);
    }
    unmapped(&mut text, columns, guess);
    text
}

fn head(text: &mut String, sample: &DraftSample, files: usize, guess: &Guess, details: &[Detail]) {
    let from = if files > 1 {
        format!("{} and {} more", plain(&sample.file_name), files - 1)
    } else {
        plain(&sample.file_name)
    };
    let rows = sample.rows.len();
    let extent = if sample.complete { format!("all {rows}") } else { format!("the first {rows}") };
    let _ = writeln!(
        text,
        "# Draft from {from}, by {extent} rows. Look through it, then name it in a pipeline: layout = \"NAME\"."
    );
    text.push_str("# ASK: a question. Above a line without #: the run refuses the layout until it is answered. Above lines with #: take the # away from the right one, or\n");
    text.push_str("# leave them, and the column is not read. CHECK: a guess. NOTE: a fact about the file.\n");
    let refusing = details.iter().filter(|detail| detail.asks).count()
        + guess.mappings.iter().filter(|mapping| mapping.source == ColumnsOf::NotFound).count();
    let leaving = details.iter().filter(|detail| detail.question.is_some()).count() + guess.questions.len();
    if refusing + leaving > 0 {
        let _ = writeln!(text, "# Questions: {}; {refusing} must be answered before a run.", refusing + leaving);
    }
    let _ = writeln!(text, "title = {}", quoted(&format!("Draft from {}", plain(&sample.file_name))));
    if let Some(doubt) = &guess.table_doubt {
        let _ = writeln!(text, "# CHECK: {doubt}.");
    }
    let _ = writeln!(text, "table = \"{}\"", guess.table.name());
    let missing = missing(details);
    if !missing.is_empty() {
        text.push_str("# NOTE: texts that say \"nothing\", seen in columns that are mapped.\n");
        let _ = writeln!(text, "missing = {}", list(&missing));
    }
}

/// The missing tokens of the mapped columns.
fn missing(details: &[Detail]) -> Vec<String> {
    let tokens: std::collections::BTreeSet<&str> =
        details.iter().flat_map(|detail| detail.missing.iter().copied()).collect();
    tokens.into_iter().map(str::to_owned).collect()
}

fn source(text: &mut String, sample: &DraftSample) {
    text.push_str("\n[source]\n");
    match &sample.kind {
        SampledFormat::Delimited(delimiter) => {
            let delimiter = if *delimiter == b'\t' { "tab".to_owned() } else { char::from(*delimiter).to_string() };
            let _ = writeln!(text, "format = \"delimited\"\ndelimiter = {}", quoted(&delimiter));
        }
        SampledFormat::FixedWidth(cuts) => {
            text.push_str("# CHECK: the columns are cut where all lines have a blank; hold them against the export's record layout.\n");
            let length = cuts.iter().map(|(start, width)| start + width).max().unwrap_or(1);
            let _ = writeln!(text, "format = \"fixed_width\"\nrecord_length = {length}");
            if sample.positions_in == PositionsIn::Bytes {
                text.push_str(
                    "# NOTE: the lines are of one length in bytes, not in characters.\npositions_in = \"bytes\"\n",
                );
            }
        }
        SampledFormat::Workbook(sheet) => {
            text.push_str("format = \"workbook\"\n");
            match sample.parts.pattern() {
                Some(pattern) => {
                    let _ = writeln!(text, "sheets = {}", list(&pattern));
                }
                None => {
                    let _ = writeln!(text, "sheet = {}", quoted(sheet));
                }
            }
        }
    }
    if let Some((encoding, guessed)) = &sample.encoding {
        if *guessed {
            text.push_str("# CHECK: the encoding is a guess; look at a name with an accent in the output.\n");
        }
        let _ = writeln!(text, "encoding = {}", quoted(encoding));
    }
    if !matches!(sample.kind, SampledFormat::Workbook(_))
        && let Some(pattern) = sample.parts.pattern()
    {
        let _ = writeln!(text, "member = {}", list(&pattern));
    }
    if sample.parts.read.len() > 1 {
        let read: Vec<String> =
            sample.parts.read.iter().map(|(part, rows)| format!("{} ({rows} rows)", plain(part))).collect();
        let _ = writeln!(text, "# CHECK: these have the same heading and are read together: {}.", read.join(", "));
    }
    for left in &sample.parts.left {
        let _ = writeln!(text, "# NOTE: the file holds more that is not read: {}.", plain(&left.words()));
    }
    if sample.header_row == 0 {
        text.push_str("# CHECK: no heading was found; the columns are named by their place.\n");
    }
    if !sample.parts.heading_rows_differ {
        let _ = writeln!(text, "header_row = {}", sample.header_row);
    }
    if sample.rejected > 0 {
        let _ = writeln!(
            text,
            "# NOTE: {} without the fields of the heading; a run puts them into quarantine.",
            counted(sample.rejected as u64, "row")
        );
    }
}

fn column(
    text: &mut String,
    sample: &DraftSample,
    columns: &[DraftColumn],
    table: CanonicalTable,
    mapping: &DraftMapping,
    detail: &Detail,
) {
    let name = mapping.field.name();
    let from = match &mapping.source {
        ColumnsOf::Column(at) => {
            if let SampledFormat::FixedWidth(_) = &sample.kind {
                let named =
                    if sample.header_row > 0 { format!(", {}", plain(&columns[*at].name)) } else { String::new() };
                let _ = writeln!(text, "# NOTE: column {}{named}.", at + 1);
            }
            place(sample, columns, *at)
        }
        ColumnsOf::Positions(runs) => {
            if let SampledFormat::FixedWidth(_) = &sample.kind {
                let at = runs.iter().flat_map(|(_, columns)| columns);
                let named: Vec<String> = at.map(|at| plain(&columns[*at].name)).collect();
                let _ = writeln!(text, "# NOTE: columns {}.", named.join(", "));
            }
            places(sample, runs)
        }
        ColumnsOf::Constant(constant) => format!("constant = {}", quoted(constant)),
        ColumnsOf::NotFound => {
            let _ = writeln!(text, "# ASK: no column was found for {name}: {}", field_meaning(mapping));
            "column = \"STATE THE COLUMN\"".to_owned()
        }
    };
    if let Some(doubt) = &mapping.doubt {
        let _ = writeln!(text, "# CHECK: {doubt}.");
    }
    if let Some(reason) = &mapping.reason {
        let _ = writeln!(text, "# NOTE: {reason}.");
    }
    for note in &detail.notes {
        let _ = writeln!(text, "# {note}");
    }
    if mapping.source == ColumnsOf::NotFound
        && mapping.field == Field::EncounterId
        && table == CanonicalTable::Encounters
    {
        text.push_str(
            "# NOTE: where the rows have no number of their own, write encounter_id = { row_number = true }.\n",
        );
    }
    if let Some(question) = &detail.question {
        asked(text, name, &from, question);
        return;
    }
    let keys: Vec<String> = mapping.keys.iter().chain(&detail.keys).cloned().collect();
    let off = if detail.off { "# " } else { "" };
    let _ = writeln!(text, "{off}{}", line(name, &from, &keys));
}

/// Where a column stands, as a layout states it.
pub fn place(sample: &DraftSample, columns: &[DraftColumn], at: usize) -> String {
    match &sample.kind {
        SampledFormat::FixedWidth(cuts) => {
            let (start, width) = cuts[at];
            format!("start = {}, width = {width}", start + 1)
        }
        _ => format!("column = {}", quoted(&columns[at].name)),
    }
}

/// Where the columns of a repeated field stand, as a layout states it.
pub fn places(sample: &DraftSample, runs: &Runs) -> String {
    match &sample.kind {
        SampledFormat::FixedWidth(cuts) => {
            let at: Vec<(usize, usize)> = runs.iter().flat_map(|(_, columns)| columns).map(|at| cuts[*at]).collect();
            positions(&at)
        }
        _ => format!("columns = {}", list(&runs.iter().map(|(run, _)| run.clone()).collect::<Vec<_>>())),
    }
}

/// A column beside another, as the value of a key.
pub fn beside(sample: &DraftSample, columns: &[DraftColumn], at: usize) -> String {
    match &sample.kind {
        SampledFormat::FixedWidth(_) => format!("{{ {} }}", place(sample, columns, at)),
        _ => quoted(&columns[at].name),
    }
}

/// A line of a layout; a column alone is written by its name.
fn line(field: &str, from: &str, keys: &[String]) -> String {
    if let (Some(name), true) = (from.strip_prefix("column = "), keys.is_empty()) {
        return format!("{field} = {name}");
    }
    let parts: Vec<&str> =
        std::iter::once(from).chain(keys.iter().map(String::as_str)).filter(|part| !part.is_empty()).collect();
    format!("{field} = {{ {} }}", parts.join(", "))
}

/// A question with its lines, each a comment that becomes a line when its # is taken away.
fn asked(text: &mut String, field: &str, from: &str, question: &DraftQuestion) {
    let _ = writeln!(text, "# ASK: {}.", plain(&question.reason));
    for (what, keys) in &question.choices {
        if !what.is_empty() {
            let _ = writeln!(text, "#   {}:", plain(what));
        }
        let _ = writeln!(text, "# {}", line(field, from, keys));
    }
}

/// A field that is not read until a question is answered.
fn left_out(text: &mut String, left_out: &LeftOutQuestions) {
    asked(text, left_out.field.name(), left_out.place.as_deref().unwrap_or(""), &left_out.question);
}

/// Positions of a fixed-width row as a layout states them: 0-based start and width of each.
fn positions(cuts: &[(usize, usize)]) -> String {
    let of = |(start, width): &(usize, usize)| format!("start = {}, width = {width}", start + 1);
    let steps: Vec<usize> = cuts.windows(2).map(|pair| pair[1].0.saturating_sub(pair[0].0)).collect();
    let even = cuts.iter().all(|(_, width)| *width == cuts[0].1)
        && steps.iter().all(|step| *step == steps[0] && *step >= cuts[0].1);
    match cuts {
        [one] => of(one),
        [first, ..] if even => format!("{}, repeat = {}, step = {}", of(first), cuts.len(), steps[0]),
        several => {
            let several: Vec<String> = several.iter().map(|cut| format!("{{ {} }}", of(cut))).collect();
            format!("positions = [{}]", several.join(", "))
        }
    }
}

fn field_meaning(mapping: &DraftMapping) -> &'static str {
    field::DICTIONARY.iter().find(|entry| entry.field == mapping.field).map_or("", |entry| entry.meaning)
}

fn unmapped(text: &mut String, columns: &[DraftColumn], guess: &Guess) {
    if guess.unmapped.is_empty() {
        return;
    }
    text.push_str("\n# Columns that are not mapped; a run lists them too.\n");
    for at in &guess.unmapped {
        let column = &columns[*at];
        let line = format!("#   {} ({})", quoted(&column.name), contents(column));
        let cut: String = line.chars().take(WIDTH * 2).collect();
        let _ = writeln!(text, "{}", cut.trim_end());
    }
}

/// What a column holds, in words that quote none of it.
fn contents(column: &DraftColumn) -> String {
    if column.filled == 0 {
        return "blank in every row".to_owned();
    }
    let kind = if column.date_share() >= 80 {
        "dates"
    } else if column.share(shape::icd10cm) >= 80 && column.share(shape::number) < 80 {
        "codes like ICD-10-CM"
    } else if column.share(shape::icd10pcs) >= 80 && column.share(shape::number) < 80 {
        "codes like ICD-10-PCS"
    } else if column.share(shape::npi) >= 80 {
        "numbers with the check digit of an NPI"
    } else if column.share(|text| text.contains('-') && shape::zip(text)) >= 50 {
        "numbers like ZIP codes"
    } else if column.share(shape::number) >= 95 {
        "numbers"
    } else {
        "texts"
    };
    let different = column.values.len();
    let extent = if column.is_unique() { "no two alike".to_owned() } else { format!("{different} different") };
    format!("{kind}, {extent}")
}

/// The marker in the list of formats.
pub fn marker() -> String {
    format!("formats = [{}]", quoted(STATE_THE_FORMAT))
}

/// The formats as a person reads them.
pub fn format_names(form: &DateForm) -> String {
    match form {
        DateForm::Proven { format, .. } => quoted(format),
        DateForm::Ask { formats, .. } | DateForm::Mixed { formats, .. } => formats
            .iter()
            .map(|(format, values)| format!("{} (reads {values})", quoted(format)))
            .collect::<Vec<_>>()
            .join(" or "),
    }
}

/// A list of texts, one alone without brackets.
pub fn list(texts: &[String]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| self::quoted(text)).collect();
    match quoted.as_slice() {
        [one] => one.clone(),
        several => format!("[{}]", several.join(", ")),
    }
}

/// A text in quotes as TOML has it, on one line.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", in_toml(&text.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// A text for a comment: on one line.
pub fn plain(text: &str) -> String {
    shown(&text.replace(['\n', '\r', '\t'], " ")).into_owned()
}
