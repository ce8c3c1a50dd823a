//! A frozen code table: codes to ids by one look-up, facts as columns by id.

use rustc_hash::FxHashMap;

use crate::{
    codeset::{icd9_ranges, normalise},
    partition::encounter::PackedCode,
    record::{
        code::{CodeId, CodeSystem, CodeVerdict, Judgement},
        date::Day,
        editor_flags::EditorFlags,
    },
};

/// A time in which a code was in force, with the flags of the Medicare Code Editor in that time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableInForce {
    /// First day.
    pub first: Day,
    /// Last day, included; a far day where it has not ended.
    pub last: Day,
    /// Index into [`CodeTable::flag_words`].
    pub flags: u16,
    /// Index into the flags as bits; see [`CodeTable::editor_flags`].
    editor: u16,
}

/// The last day of a code that has not ended.
pub const NOT_ENDED: Day = Day(i32::MAX);

/// The last day of the Medicare Code Editor's sex edits, 2024-09-30; a test holds it to the date.
const SEX_EDITS_LAST: Day = Day(19_996);

/// Chapter and block of a code table.
#[derive(Debug, Clone, Default)]
pub struct Grouping {
    /// Chapters: number as printed, title.
    pub chapters: Vec<(String, String)>,
    /// Blocks: first and last category, chapter index, title.
    pub blocks: Vec<CodeBlock>,
}

/// A block of categories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeBlock {
    /// As printed, for example `E08-E13`.
    pub name: String,
    /// First category.
    pub first: String,
    /// Last category.
    pub last: String,
    /// Categories of the block that the order of letters puts elsewhere: C4A stands between C43 and C44.
    pub others: Vec<String>,
    /// Index into [`Grouping::chapters`].
    pub chapter: usize,
    /// Title.
    pub title: String,
}

impl Grouping {
    /// Reads the shipped tables of ICD-10-CM chapters and blocks.
    pub fn from_tables(chapters: &str, blocks: &str) -> Grouping {
        let chapters: Vec<(String, String)> = chapters
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .map(|(number, title)| (number.to_owned(), title.to_owned()))
            .collect();
        let blocks = blocks
            .lines()
            .filter_map(|line| {
                let mut parts = line.split('\t');
                let (name, chapter, title, others) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
                let (first, last) = name.split_once('-').unwrap_or((name, name));
                Some(CodeBlock {
                    name: name.to_owned(),
                    first: first.to_owned(),
                    last: last.to_owned(),
                    chapter: chapters.iter().position(|(number, _)| number == chapter)?,
                    title: title.to_owned(),
                    others: others.split_ascii_whitespace().map(str::to_owned).collect(),
                })
            })
            .collect();
        Grouping { chapters, blocks }
    }

    /// ICD-10-PCS: the section is both chapter and block.
    pub fn sections() -> Grouping {
        const SECTIONS: [(&str, &str); 17] = [
            ("0", "Medical and Surgical"),
            ("1", "Obstetrics"),
            ("2", "Placement"),
            ("3", "Administration"),
            ("4", "Measurement and Monitoring"),
            ("5", "Extracorporeal or Systemic Assistance and Performance"),
            ("6", "Extracorporeal or Systemic Therapies"),
            ("7", "Osteopathic"),
            ("8", "Other Procedures"),
            ("9", "Chiropractic"),
            ("B", "Imaging"),
            ("C", "Nuclear Medicine"),
            ("D", "Radiation Therapy"),
            ("F", "Physical Rehabilitation and Diagnostic Audiology"),
            ("G", "Mental Health"),
            ("H", "Substance Abuse Treatment"),
            ("X", "New Technology"),
        ];
        Grouping {
            chapters: SECTIONS.iter().map(|(letter, title)| ((*letter).to_owned(), (*title).to_owned())).collect(),
            blocks: SECTIONS
                .iter()
                .enumerate()
                .map(|(chapter, (letter, title))| CodeBlock {
                    name: (*letter).to_owned(),
                    first: (*letter).to_owned(),
                    last: format!("{letter}ZZZZZZ"),
                    chapter,
                    title: (*title).to_owned(),
                    others: Vec::new(),
                })
                .collect(),
        }
    }

    /// ICD-9-CM diagnoses.
    pub fn icd9_diagnoses() -> Grouping {
        icd9_ranges::grouping(icd9_ranges::DIAGNOSES)
    }

    /// ICD-9-CM procedures.
    pub fn icd9_procedures() -> Grouping {
        icd9_ranges::grouping(icd9_ranges::PROCEDURES)
    }

    /// The block of a code: the one that lists its category, else the one whose range has it. A category newer than the list of blocks (QA1 beside QA0) is
    /// put with the last block before it that has its first two characters.
    fn block_of(&self, code: &str) -> Option<usize> {
        let head = |bound: &str| &code[..code.len().min(bound.len())];
        let listed = |block: &CodeBlock| block.others.iter().any(|category| head(category) == category);
        let within =
            |block: &CodeBlock| head(&block.first) >= block.first.as_str() && head(&block.last) <= block.last.as_str();
        let beside =
            |block: &CodeBlock| block.first.len() == 3 && code.get(..2) == block.first.get(..2) && *block.first < *code;
        self.blocks
            .iter()
            .position(listed)
            .or_else(|| self.blocks.iter().position(within))
            .or_else(|| self.blocks.iter().rposition(beside))
    }
}

/// A code's id beside the one period it was in force in, so that most codes are judged by one look-up. A code with no period or with several has one that
/// ends before it begins.
#[derive(Debug, Clone, Copy)]
struct Known {
    id: CodeId,
    first: Day,
    last: Day,
    /// Index into `flag_bits`.
    editor: u16,
    /// See [`Judgement::notes`]; the highest bit is [`Judgement::listed_exempt`], so that an entry of the look-up keeps its size.
    notes: u16,
}

const LISTED_EXEMPT: u16 = 1 << 15;

/// All codes of one system with their facts.
#[derive(Debug)]
pub struct CodeTable {
    /// The system.
    pub system: CodeSystem,
    ids: FxHashMap<u64, Known>,
    codes: Vec<PackedCode>,
    periods: Vec<TableInForce>,
    period_ends: Vec<u32>,
    titles: String,
    title_ends: Vec<u32>,
    blocks: Vec<u16>,
    /// Chapters and blocks.
    pub grouping: Grouping,
    /// Distinct sets of editor flags, joined by `|`.
    pub flag_words: Vec<String>,
    /// Distinct sets of editor flags as bits.
    flag_bits: Vec<EditorFlags>,
    /// Whether the table has categories alone: a longer code is then judged by its form and its category.
    pub categories_alone: bool,
}

const NO_BLOCK: u16 = u16::MAX;

impl CodeTable {
    /// Reads a shipped table: code, periods `YYYYMMDD[-YYYYMMDD][:flag|flag]` separated by blanks, title.
    pub fn read(system: CodeSystem, text: &str, grouping: Grouping) -> CodeTable {
        let count = memchr::memchr_iter(b'\n', text.as_bytes()).count() + 1;
        let mut table = CodeTable {
            system,
            ids: FxHashMap::with_capacity_and_hasher(count, rustc_hash::FxBuildHasher),
            codes: Vec::with_capacity(count),
            periods: Vec::with_capacity(count + count / 8),
            period_ends: Vec::with_capacity(count),
            titles: String::with_capacity(text.len()),
            title_ends: Vec::with_capacity(count),
            blocks: Vec::with_capacity(count),
            grouping,
            flag_words: vec![String::new()],
            flag_bits: vec![EditorFlags::NONE],
            categories_alone: false,
        };
        let mut flag_places: FxHashMap<String, u16> = FxHashMap::default();
        flag_places.insert(String::new(), 0);
        let mut word_bits = vec![EditorFlags::NONE];
        let mut bit_places: FxHashMap<u64, u16> = FxHashMap::default();
        bit_places.insert(0, 0);
        let mut last_block = (String::new(), NO_BLOCK);
        for line in lines(text) {
            let Some([code, periods, title]) = three_cells(line) else { continue };
            let Some(packed) = PackedCode::new(code.as_bytes()) else { continue };
            let id = CodeId(table.codes.len() as u32);
            let start = table.periods.len();
            table.codes.push(packed);
            let mut sex_until_2024 = EditorFlags::NONE;
            for period in periods.split_ascii_whitespace() {
                let (days, flags) = period.split_once(':').unwrap_or((period, ""));
                let (first, last) = days.split_once('-').unwrap_or((days, ""));
                let next = flag_places.len() as u16;
                let place = *flag_places.entry(flags.to_owned()).or_insert(next);
                if place == next {
                    table.flag_words.push(flags.to_owned());
                    word_bits.push(EditorFlags::read(flags));
                }
                let (first, last) = (compact_day(first).unwrap_or(NOT_ENDED), compact_day(last).unwrap_or(NOT_ENDED));
                let mut bits = word_bits[usize::from(place)];
                // Some codes lost their sex before all did (F52.6, J84.81, Q64.0 on 2017-09-30): a programme that continues the edits takes the last they had.
                if bits.any(EditorFlags::FEMALE.with(EditorFlags::MALE)) {
                    sex_until_2024 = bits.sex_until_2024();
                }
                if last > SEX_EDITS_LAST {
                    bits = bits.with(sex_until_2024);
                }
                let next = bit_places.len() as u16;
                let editor = *bit_places.entry(bits.0).or_insert(next);
                if editor == next {
                    table.flag_bits.push(bits);
                }
                table.periods.push(TableInForce { first, last, flags: place, editor });
            }
            table.period_ends.push(table.periods.len() as u32);
            let (first, last, editor) = match &table.periods[start..] {
                [period] => (period.first, period.last, period.editor),
                _ => (Day(1), Day(0), 0),
            };
            table.ids.insert(packed.number(), Known { id, first, last, editor, notes: 0 });
            table.titles.push_str(title);
            table.title_ends.push(table.titles.len() as u32);
            // The categories of external causes in ICD-9-CM have four characters.
            let width = if system == CodeSystem::Icd9Cm && code.starts_with('E') { 4 } else { 3 };
            let category = &code[..code.len().min(width)];
            if last_block.0 != category {
                let place = table.grouping.block_of(code).and_then(|place| u16::try_from(place).ok());
                last_block = (category.to_owned(), place.unwrap_or(NO_BLOCK));
            }
            table.blocks.push(last_block.1);
        }
        table
    }

    /// Number of codes and headers.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether the table is empty.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// The id of a normalised code that the table has, header or not.
    #[inline]
    pub fn find(&self, code: &[u8]) -> Option<CodeId> {
        self.known(code).map(|known| known.id)
    }

    #[inline]
    fn known(&self, code: &[u8]) -> Option<Known> {
        self.ids.get(&PackedCode::new(code)?.number()).copied()
    }

    /// The code of an id.
    pub fn code(&self, id: CodeId) -> &PackedCode {
        &self.codes[id.0 as usize]
    }

    /// Every id, in the order of codes.
    pub fn ids(&self) -> impl Iterator<Item = CodeId> {
        (0..self.codes.len() as u32).map(CodeId)
    }

    /// When a code was in force, in order; empty for headers.
    #[inline]
    pub fn periods(&self, id: CodeId) -> &[TableInForce] {
        let at = id.0 as usize;
        let start = if at == 0 { 0 } else { self.period_ends[at - 1] };
        &self.periods[start as usize..self.period_ends[at] as usize]
    }

    /// The code's title; empty where none is shipped.
    pub fn title(&self, id: CodeId) -> &str {
        let at = id.0 as usize;
        let start = if at == 0 { 0 } else { self.title_ends[at - 1] };
        &self.titles[start as usize..self.title_ends[at] as usize]
    }

    /// The code's block.
    #[inline]
    pub fn block(&self, id: CodeId) -> Option<&CodeBlock> {
        self.grouping.blocks.get(usize::from(self.blocks[id.0 as usize]))
    }

    /// The block of a normalised code, with its number in this table's list of blocks: its own, that of the codes under it where it is a header, and that of
    /// its category where the table has categories alone.
    pub fn block_of_code(&self, code: PackedCode) -> Option<(u16, &CodeBlock)> {
        let text = code.text().as_bytes();
        let category = || self.categories_alone.then(|| self.find(text.get(..3)?)).flatten();
        let beneath = || self.may_be_header(text).then(|| self.under(text, None).next()).flatten();
        let id = self.find(text).or_else(category).or_else(beneath)?;
        self.numbered_block(id)
    }

    /// The block of a code that the table has, with its number in this table's list of blocks.
    #[inline]
    pub fn numbered_block(&self, id: CodeId) -> Option<(u16, &CodeBlock)> {
        Some((self.blocks[id.0 as usize], self.block(id)?))
    }

    /// Chapter number of a block counted from 1, by position.
    pub fn chapter_number(block: &CodeBlock) -> u8 {
        block.chapter as u8 + 1
    }

    /// Whether a code may be a header by its form; ICD-10-PCS has none.
    fn may_be_header(&self, code: &[u8]) -> bool {
        self.system != CodeSystem::Icd10Pcs && normalise::is_well_formed(self.system, code)
    }

    /// Whether a code has others under it, by day or on any day, and is none itself.
    pub fn is_header(&self, code: &[u8], on: Option<Day>) -> bool {
        !code.is_empty()
            && self.system != CodeSystem::Icd10Pcs
            && self.find(code).is_none_or(|id| !self.in_force(id, on))
            && self.has_child_in_force(code, on)
    }

    /// The days in which codes stand under a header: from the first day of the first to the last day of the last. `None` where no code ever did.
    pub fn header_days(&self, code: &[u8]) -> Option<(Day, Day)> {
        let periods = || self.under(code, None).flat_map(|id| self.periods(id));
        let first = periods().map(|period| period.first).min()?;
        Some((first, periods().map(|period| period.last).max()?))
    }

    /// The flags of the Medicare Code Editor on a day, joined by `|`.
    pub fn flags(&self, id: CodeId, on: Day) -> &str {
        self.in_force_on(id, on).map_or("", |period| self.flag_words[usize::from(period.flags)].as_str())
    }

    /// The flags of the Medicare Code Editor as bits, where the table has the code in force on the day.
    #[inline]
    pub fn editor_flags(&self, code: PackedCode, on: Day) -> Option<EditorFlags> {
        let known = self.ids.get(&code.number())?;
        if known.first <= on && on <= known.last {
            return Some(self.flag_bits[usize::from(known.editor)]);
        }
        self.in_force_on(known.id, on).map(|period| self.editor_bits(period))
    }

    /// The flags of a time in force, as bits.
    #[inline]
    pub fn editor_bits(&self, period: &TableInForce) -> EditorFlags {
        self.flag_bits[usize::from(period.editor)]
    }

    /// The time in force that a day is in.
    #[inline]
    pub fn in_force_on(&self, id: CodeId, on: Day) -> Option<&TableInForce> {
        self.periods(id).iter().find(|period| period.first <= on && on <= period.last)
    }

    /// Whether the code is in force on a day, or on any day.
    #[inline]
    pub fn in_force(&self, id: CodeId, on: Option<Day>) -> bool {
        let periods = self.periods(id);
        match on {
            None => !periods.is_empty(),
            Some(on) => periods.iter().any(|period| period.first <= on && on <= period.last),
        }
    }

    /// Whether the code was ever valid for submission.
    pub fn was_ever_valid(&self, id: CodeId) -> bool {
        !self.periods(id).is_empty()
    }

    /// The codes under a header that are in force on a day, or were on any day, in the order of codes.
    pub fn under(&self, code: &[u8], on: Option<Day>) -> impl Iterator<Item = CodeId> {
        let packed = PackedCode::new(code);
        let start = packed.map_or(self.codes.len(), |packed| self.codes.partition_point(|known| *known <= packed));
        (start..self.codes.len())
            .take_while(move |at| self.codes[*at].0[..code.len()] == *code)
            .map(|at| CodeId(at as u32))
            .filter(move |id| self.in_force(*id, on))
    }

    /// How many codes are under a header, by day or on any day.
    pub fn codes_under(&self, code: &[u8], on: Option<Day>) -> usize {
        self.under(code, on).count()
    }

    fn has_child_in_force(&self, code: &[u8], on: Option<Day>) -> bool {
        self.under(code, on).next().is_some()
    }

    /// The judgement on a code that is in force on the day; `None` where it is not.
    #[inline]
    pub fn valid_on(&self, code: PackedCode, on: Day) -> Option<Judgement> {
        let known = self.ids.get(&code.number())?;
        let editor =
            if known.first <= on && on <= known.last { known.editor } else { self.in_force_on(known.id, on)?.editor };
        let editor = self.flag_bits[usize::from(editor)];
        Some(Judgement {
            id: Some(known.id),
            verdict: CodeVerdict::Valid,
            editor,
            notes: known.notes & !LISTED_EXEMPT,
            listed_exempt: known.notes & LISTED_EXEMPT != 0,
        })
    }

    /// Sets what every judgement says of the notes over its code, and of whether it is listed as exempt from present-on-admission reporting.
    pub fn note(&mut self, notes_over: impl Fn(PackedCode) -> u16, is_exempt: impl Fn(PackedCode) -> bool) {
        for (code, known) in &mut self.ids {
            let code = PackedCode(code.to_be_bytes());
            let notes = notes_over(code);
            debug_assert!(notes < LISTED_EXEMPT, "a test counts the prefixes that have notes");
            known.notes = notes | if is_exempt(code) { LISTED_EXEMPT } else { 0 };
        }
    }

    /// Judges a normalised code on a day, or on any day, within this system alone.
    #[inline]
    pub fn judge(&self, code: &[u8], on: Option<Day>) -> Judgement {
        let known = self.known(code);
        let id = known.map(|known| known.id);
        let editor = match (known, on) {
            (Some(known), Some(on)) if known.first <= on && on <= known.last => {
                Some(self.flag_bits[usize::from(known.editor)])
            }
            (Some(known), Some(on)) => self.in_force_on(known.id, on).map(|period| self.editor_bits(period)),
            (Some(known), None) => self.in_force(known.id, None).then_some(EditorFlags::NONE),
            (None, _) => None,
        };
        let verdict = if editor.is_some() { CodeVerdict::Valid } else { self.reason(code, id, on) };
        let notes = known.map_or(0, |known| known.notes);
        Judgement {
            id,
            verdict,
            editor: editor.unwrap_or(EditorFlags::NONE),
            notes: notes & !LISTED_EXEMPT,
            listed_exempt: notes & LISTED_EXEMPT != 0,
        }
    }

    /// Why a code is not valid.
    #[cold]
    fn reason(&self, code: &[u8], id: Option<CodeId>, on: Option<Day>) -> CodeVerdict {
        if !normalise::is_well_formed(self.system, code) {
            return CodeVerdict::Malformed;
        }
        if self.categories_alone && self.find(&code[..3]).is_some() {
            return CodeVerdict::Valid;
        }
        let may_be_header = self.system != CodeSystem::Icd10Pcs;
        if may_be_header && self.has_child_in_force(code, on) {
            return CodeVerdict::Header;
        }
        let periods = id.map(|id| self.periods(id)).unwrap_or_default();
        // A header lives from its first code's first day to its last code's last day.
        let (first, last) = match (periods.first(), periods.last()) {
            (Some(first), Some(last)) => (first.first, last.last),
            _ => match self.header_days(code).filter(|_| may_be_header) {
                Some(days) => days,
                // The tabular list has it, and no code was ever under it.
                None => return if id.is_some() { CodeVerdict::Header } else { CodeVerdict::Unknown },
            },
        };
        match on {
            Some(on) if on < first => CodeVerdict::NotYetValid,
            Some(on) if on > last || !periods.is_empty() => CodeVerdict::Expired,
            _ => CodeVerdict::Header,
        }
    }
}

/// The lines of a table.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).chain(std::iter::once(text.len()));
    ends.map(move |end| {
        let line = &text[start..end];
        start = end + 1;
        line
    })
}

/// The first three cells of a line; `None` where there are fewer.
fn three_cells(line: &str) -> Option<[&str; 3]> {
    let (first, rest) = line.split_at_checked(memchr::memchr(b'\t', line.as_bytes())?)?;
    let rest = &rest[1..];
    let (second, rest) = rest.split_at_checked(memchr::memchr(b'\t', rest.as_bytes())?)?;
    let rest = &rest[1..];
    Some([first, second, &rest[..memchr::memchr(b'\t', rest.as_bytes()).unwrap_or(rest.len())]])
}

/// `YYYYMMDD`.
fn compact_day(text: &str) -> Option<Day> {
    if text.len() != 8 {
        return None;
    }
    Day::from_ymd(text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..].parse().ok()?)
}
