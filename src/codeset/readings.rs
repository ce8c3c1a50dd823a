//! What a text can mean as a code of its system: one rule for judging, worklists, maps, comorbidity, groups and `chartroom code`.
//!
//! The rule in words is the page `code-readings` of the book.

use crate::{
    codeset::{
        normalise::{ICD9_LAST, Normalised, normalise},
        table::CodeTable,
    },
    partition::encounter::PackedCode,
    record::{code::CodeSystem, date::Day},
};

/// One thing that a text can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeReading {
    /// The code; empty where nothing comparable can be made of the text.
    pub code: PackedCode,
    /// Whether dots, case, blanks or filler were changed.
    pub changed: bool,
    /// Whether leading zeros were given back.
    pub restored: bool,
    /// Whether a dot stands elsewhere than its system has it.
    pub dot_misplaced: bool,
}

/// Everything that a text can mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Readings {
    /// One thing; a text that is no code at all is read as it stands.
    One(CodeReading),
    /// Several, of which nothing is chosen: what stands as written first, then those with zeros given back, the fewest first.
    Several(Vec<PackedCode>),
}

/// What is known of a text beside its letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KnownOfColumn {
    /// The layout says that the column lost leading zeros.
    pub zeros_lost: bool,
    /// The codes of the column are written with their dots, so that one without a dot is no longer than its category.
    pub dotted_column: bool,
    /// The layout says that an `X` on the right is filler.
    pub x_is_filler: bool,
    /// The day the code is judged on.
    pub on: Option<Day>,
}

/// How many characters stand before the dot; `None` where the system has no dot.
#[inline]
pub fn dot_place(system: CodeSystem, first: u8) -> Option<u8> {
    match system {
        CodeSystem::Icd9Cm if first == b'E' => Some(4),
        CodeSystem::Icd10Cm | CodeSystem::Icd10 | CodeSystem::Icd9Cm => Some(3),
        CodeSystem::Icd9Procedure => Some(2),
        CodeSystem::Icd10Pcs => None,
    }
}

/// What a text can mean in the system of a table.
#[inline]
pub fn readings(table: &CodeTable, raw: &[u8], known: KnownOfColumn) -> Readings {
    let mut written = normalise(raw);
    if table.system == CodeSystem::Icd10 {
        let bare = without_signs(raw);
        if bare.len() < raw.len() {
            written = Normalised { changed: true, ..normalise(bare) };
        }
    }
    if written.dot.is_none() && !known.zeros_lost && !known.x_is_filler {
        return as_it_stands(written, false);
    }
    with_marks(table, written, known)
}

/// A code of ICD-10 without the signs behind it that tell what it stands with: dagger (or plus) for the disease, asterisk for its manifestation, and the
/// exclamation mark of the German edition for what is coded beside another. Source: WHO, ICD-10, volume 2, 3.1.3; BfArM, ICD-10-GM.
pub fn without_signs(raw: &[u8]) -> &[u8] {
    let mut code = raw.trim_ascii();
    for _ in 0..2 {
        for sign in ["\u{2020}", "+", "*", "!"] {
            code = code.strip_suffix(sign.as_bytes()).unwrap_or(code).trim_ascii_end();
        }
    }
    if code.is_empty() { raw } else { code }
}

fn as_it_stands(written: Normalised, dot_misplaced: bool) -> Readings {
    Readings::One(CodeReading { code: written.code, changed: written.changed, restored: false, dot_misplaced })
}

fn with_marks(table: &CodeTable, mut written: Normalised, known: KnownOfColumn) -> Readings {
    if known.x_is_filler {
        written = without_x(written);
    }
    let place = dot_place(table.system, written.code.0[0]);
    match written.dot {
        dot @ Some(_) if dot == place => as_it_stands(written, false),
        Some(before) => early_dot(table, written, before, known),
        None if known.zeros_lost => without_dot(table, written, known),
        None => as_it_stands(written, false),
    }
}

/// A text whose dot is not at its place, though it may come too early because zeros before it were lost. Only texts of digits alone lose zeros in a spreadsheet.
fn early_dot(table: &CodeTable, written: Normalised, before: u8, known: KnownOfColumn) -> Readings {
    let Some(code) = category_padded(table.system, written, before) else { return as_it_stands(written, true) };
    let has_letter = code.0[0].is_ascii_alphabetic();
    let category = &code.text().as_bytes()[..usize::from(dot_place(table.system, code.0[0]).unwrap_or(0))];
    let restored = table.find(category).is_some() || table.is_header(category, None);
    if has_letter && !restored {
        return as_it_stands(written, true);
    }
    Readings::One(CodeReading {
        code,
        changed: true,
        restored,
        dot_misplaced: !known.zeros_lost || has_letter || !restored,
    })
}

/// A code without the `X` on its right that fills a category of three characters up.
fn without_x(mut written: Normalised) -> Normalised {
    let text = written.code.text();
    let end = text.trim_end_matches('X').len();
    if end >= 3 && end < text.len() {
        written.code = PackedCode::new(&written.code.0[..end]).unwrap_or_default();
        written.changed = true;
    }
    written
}

/// A code of ICD-9-CM whose dot comes too early: the part before it is padded, behind its letter, to the characters that it has by its system. `None` where the dot
/// does not come too early, or nothing that fits the system comes of it.
fn category_padded(system: CodeSystem, written: Normalised, before: u8) -> Option<PackedCode> {
    // Before the dot of a procedure 00 can stand, and a spreadsheet may leave nothing of it; no category of diagnoses is 000.
    if !(system == CodeSystem::Icd9Procedure || system == CodeSystem::Icd9Cm && before > 0) {
        return None;
    }
    let place = usize::from(dot_place(system, written.code.0[0])?);
    let text = written.code.text().as_bytes();
    let before = usize::from(before);
    if before >= place || before > text.len() {
        return None;
    }
    let letter = usize::from(text[0].is_ascii_alphabetic());
    if !text[letter..].iter().all(u8::is_ascii_digit) || before == letter && letter > 0 {
        return None;
    }
    padded(&text[..letter], &text[letter..], text.len() + place - before)
}

/// A letter and digits with zeros between them, so many characters in all.
fn padded(letter: &[u8], digits: &[u8], width: usize) -> Option<PackedCode> {
    let zeros = width.checked_sub(letter.len() + digits.len())?;
    PackedCode::new(&[letter, &b"0000000"[..zeros.min(7)], digits].concat())
}

/// The most zeros that a code can have lost: 00.01 of procedures is 1.
const MOST_ZEROS: usize = 3;

/// A text without a dot in a column that lost leading zeros.
fn without_dot(table: &CodeTable, written: Normalised, known: KnownOfColumn) -> Readings {
    let text = written.code.text().as_bytes();
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return as_it_stands(written, false);
    }
    // Of a day outside the life of ICD-9-CM (shifted research dates) its last day counts.
    let on = Some(known.on.filter(|on| *on <= ICD9_LAST).unwrap_or(ICD9_LAST));
    let (category, longest) = match table.system {
        CodeSystem::Icd9Cm => (3, 5),
        CodeSystem::Icd9Procedure => (2, 4),
        // A code of ICD-10-PCS has seven characters, neither more nor less.
        CodeSystem::Icd10Pcs => {
            let code = padded(b"", text, 7).filter(|code| (4..7).contains(&text.len()) && was_ever_valid(table, *code));
            return match code {
                Some(code) => restored(written, code),
                None => as_it_stands(written, false),
            };
        }
        CodeSystem::Icd10Cm | CodeSystem::Icd10 => return as_it_stands(written, false),
    };
    let is_category = |code: PackedCode| code.text().len() == category && table.is_header(code.text().as_bytes(), None);
    let is_valid = |code: PackedCode| table.find(code.text().as_bytes()).is_some_and(|id| table.in_force(id, on));
    if known.dotted_column && text.len() <= category {
        let code = padded(b"", text, category).filter(|code| is_category(*code) || was_ever_valid(table, *code));
        return match code {
            Some(code) if code != written.code => restored(written, code),
            _ => as_it_stands(written, false),
        };
    }
    let in_force = is_valid(written.code);
    if !in_force && text.len() >= category && table.is_header(text, on) {
        return as_it_stands(written, false);
    }
    let is_code = in_force || was_ever_valid(table, written.code);
    let mut found: Vec<PackedCode> = Vec::new();
    found.extend(is_code.then_some(written.code));
    for width in (text.len() + 1).max(category)..=longest.min(text.len() + MOST_ZEROS) {
        found.extend(padded(b"", text, width).filter(|code| is_valid(*code) || is_category(*code)));
    }
    match found.as_slice() {
        [] => as_it_stands(written, false),
        [only] if *only == written.code => as_it_stands(written, false),
        [only] => restored(written, *only),
        _ => Readings::Several(found),
    }
}

fn restored(written: Normalised, code: PackedCode) -> Readings {
    Readings::One(CodeReading { code, changed: written.changed, restored: true, dot_misplaced: false })
}

fn was_ever_valid(table: &CodeTable, code: PackedCode) -> bool {
    table.find(code.text().as_bytes()).is_some_and(|id| table.was_ever_valid(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codeset::sets::CodeSets;

    /// The readings as text, with a mark where zeros came back (+) or the dot is misplaced (!).
    fn of(sets: &CodeSets, system: CodeSystem, text: &str, known: KnownOfColumn) -> String {
        match readings(sets.table(system), text.as_bytes(), known) {
            Readings::One(one) => {
                let marks = [(one.restored, "+"), (one.dot_misplaced, "!")];
                let marks: String = marks.iter().filter(|(is, _)| *is).map(|(_, mark)| *mark).collect();
                format!("{}{marks}", one.code.text())
            }
            Readings::Several(codes) => codes.iter().map(PackedCode::text).collect::<Vec<_>>().join("|"),
        }
    }

    const LOST: KnownOfColumn = KnownOfColumn { zeros_lost: true, dotted_column: false, x_is_filler: false, on: None };

    #[test]
    fn of_a_dotted_code_only_the_part_before_the_dot_is_padded() {
        let sets = CodeSets::default();
        use CodeSystem::{Icd9Cm, Icd9Procedure, Icd10Cm};
        for (system, text, expected) in [
            // Pneumococcus, tuberculosis of other mycobacteria, Creutzfeldt-Jakob, septicaemia; never old infarction and the like.
            (Icd9Cm, "41.2", "0412+"),
            (Icd9Cm, "31.1", "0311+"),
            (Icd9Cm, "46.2", "0462+"),
            (Icd9Cm, "41.11", "04111+"),
            (Icd9Cm, "7.1", "0071+"),
            (Icd9Cm, "38.11", "03811+"),
            (Icd9Cm, "041.2", "0412"),
            (Icd9Cm, "41.", "041+"),
            // A letter keeps a spreadsheet from taking a code for a number: that its dot comes too early is said.
            (Icd9Cm, "V1.2", "V012+!"),
            (Icd9Cm, "E6.0", "E0060+!"),
            // There are no categories E081 and 000.
            (Icd9Cm, "E81.0", "E810!"),
            (Icd9Cm, "0.38", "00038!"),
            (Icd9Cm, "E849.0", "E8490"),
            (Icd9Procedure, "3.31", "0331+"),
            (Icd9Procedure, "1.17", "0117+"),
            // Revision of a hip replacement, 00.71: some programs write a number below one without its zero.
            (Icd9Procedure, "0.71", "0071+"),
            (Icd9Procedure, ".71", "0071+"),
            (Icd9Cm, ".9", "9!"),
            (Icd9Procedure, "33.1", "331"),
            (Icd10Cm, "E1.19", "E119!"),
            (Icd10Cm, "I1.0", "I10!"),
            (Icd10Cm, ".E119", "E119!"),
            // A second dot on the right is filler.
            (Icd10Cm, "E11.9.", "E119"),
        ] {
            let found = of(&sets, system, text, LOST);
            assert_eq!(found, expected, "{text}");
        }
        let not_stated = |text| of(&sets, Icd9Cm, text, KnownOfColumn::default());
        assert_eq!(not_stated("41.2"), "0412+!", "it can be nothing else, and the dot is not where it belongs");
        assert_eq!(not_stated("0.270346"), "0270346!", "a number, no code");
        assert_eq!(of(&sets, CodeSystem::Icd10Pcs, "0016.070", KnownOfColumn::default()), "0016070!");
    }

    #[test]
    fn what_is_a_code_or_a_category_as_written_stands() {
        let sets = CodeSets::default();
        let dotted = KnownOfColumn { dotted_column: true, ..LOST };
        for (text, expected) in [("401", "401"), ("414", "414"), ("599", "599"), ("428", "428"), ("8", "008+")] {
            assert_eq!(of(&sets, CodeSystem::Icd9Cm, text, LOST), expected, "{text}");
            assert_eq!(of(&sets, CodeSystem::Icd9Cm, text, dotted), expected, "{text}");
        }
        // Septicaemia, HIV, old infarction: in a column of dotted codes they can be nothing else.
        for (text, expected) in [("38", "038+"), ("42", "042+"), ("412", "412"), ("250.83", "25083")] {
            assert_eq!(of(&sets, CodeSystem::Icd9Cm, text, dotted), expected, "{text}");
        }
        assert_eq!(of(&sets, CodeSystem::Icd9Procedure, "66", LOST), "66", "operations on the fallopian tubes");
        assert_eq!(of(&sets, CodeSystem::Icd9Procedure, "870", LOST), "870", "a subcategory");
    }

    #[test]
    fn of_several_readings_none_is_chosen() {
        let sets = CodeSets::default();
        for (system, text, expected) in [
            (CodeSystem::Icd9Cm, "38", "038|0038"),
            (CodeSystem::Icd9Cm, "42", "042|0042"),
            (CodeSystem::Icd9Cm, "88", "088|0088"),
            (CodeSystem::Icd9Cm, "412", "412|0412"),
            (CodeSystem::Icd9Cm, "3849", "3849|03849"),
            (CodeSystem::Icd9Procedure, "331", "331|0331"),
            (CodeSystem::Icd9Procedure, "412", "412|0412"),
            (CodeSystem::Icd9Procedure, "1", "01|0001"),
        ] {
            assert_eq!(of(&sets, system, text, LOST), expected, "{text}");
        }
    }

    #[test]
    fn a_single_reading_is_given_its_zeros_back() {
        let sets = CodeSets::default();
        for (system, text, expected) in [
            (CodeSystem::Icd9Cm, "7032", "07032+"),
            // 410.9 is a subcategory by then, and stands.
            (CodeSystem::Icd9Cm, "4109", "4109"),
            (CodeSystem::Icd9Cm, "4019", "4019"),
            (CodeSystem::Icd9Cm, "V5867", "V5867"),
            (CodeSystem::Icd9Procedure, "331-", "331|0331"),
            (CodeSystem::Icd10Pcs, "16070", "0016070+"),
            (CodeSystem::Icd10Pcs, "99999", "99999"),
            (CodeSystem::Icd10Cm, "119", "119"),
        ] {
            assert_eq!(of(&sets, system, text, LOST), expected, "{text}");
        }
    }

    #[test]
    fn filler_is_no_part_of_a_code() {
        let sets = CodeSets::default();
        let x = KnownOfColumn { x_is_filler: true, ..KnownOfColumn::default() };
        for (system, text, known, expected) in [
            (CodeSystem::Icd9Cm, "486--", KnownOfColumn::default(), "486"),
            (CodeSystem::Icd9Cm, "4019-", KnownOfColumn::default(), "4019"),
            (CodeSystem::Icd9Procedure, "331_", KnownOfColumn::default(), "331"),
            (CodeSystem::Icd10, "I10X", x, "I10"),
            (CodeSystem::Icd10, "I10.X", x, "I10"),
            (CodeSystem::Icd10, "I10X", KnownOfColumn::default(), "I10X"),
            (CodeSystem::Icd10, "G590", x, "G590"),
            // Meningitis in tuberculosis, the signs of which belong to no code; they mean nothing in ICD-10-CM.
            (CodeSystem::Icd10, "A17.0\u{2020}", KnownOfColumn::default(), "A170"),
            (CodeSystem::Icd10, "A17.0+", KnownOfColumn::default(), "A170"),
            (CodeSystem::Icd10, "G01*", KnownOfColumn::default(), "G01"),
            (CodeSystem::Icd10, "G01.-*", KnownOfColumn::default(), "G01"),
            (CodeSystem::Icd10, "B95.6 !", KnownOfColumn::default(), "B956"),
            (CodeSystem::Icd10, "*", KnownOfColumn::default(), "*"),
            (CodeSystem::Icd10Cm, "G01*", KnownOfColumn::default(), "G01*"),
        ] {
            assert_eq!(of(&sets, system, text, known), expected, "{text}");
        }
    }
}
