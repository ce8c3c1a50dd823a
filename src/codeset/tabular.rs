//! The conventions of the ICD-10-CM tabular list: what its notes say of codes that stand beside each other.
//!
//! Excludes 1, code first, use additional code, code also, and the lists of seventh characters, of the edition of April 2026. A note stands over every code
//! below it: a chapter's, a block's and a category's notes are asked for each of their codes (ICD-10-CM guidelines, I.A.). Notes that name no code, or name
//! codes under a condition that only a reader can judge, are shown and not tested. A note never forbids two codes that it stands over itself.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::{named_codes::NamedCodes, sets::unpacked};
use crate::{partition::encounter::PackedCode, record::diagnosis_kinds::DiagnosisKinds};

/// The edition that ships.
pub const EDITION: &str = "tabular list of April 2026";

/// What a note is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoteKind {
    /// Not coded here: the two are not reported together, but where they are unrelated (guidelines I.A.12.a).
    Excludes1,
    /// The underlying condition comes before this code (I.A.13).
    CodeFirst,
    /// A further code comes after this one (I.A.13).
    UseAdditional,
    /// Two codes may be needed; their order is free (I.A.17).
    CodeAlso,
    /// The list of seventh characters (I.A.5).
    SeventhCharacter,
}

impl NoteKind {
    /// The words of the tabular list.
    pub fn words(self) -> &'static str {
        match self {
            NoteKind::Excludes1 => "excludes 1",
            NoteKind::CodeFirst => "code first",
            NoteKind::UseAdditional => "use additional",
            NoteKind::CodeAlso => "code also",
            NoteKind::SeventhCharacter => "seventh",
        }
    }

    fn from_letter(letter: &str) -> Option<NoteKind> {
        Some(match letter {
            "e" => NoteKind::Excludes1,
            "f" => NoteKind::CodeFirst,
            "u" => NoteKind::UseAdditional,
            "a" => NoteKind::CodeAlso,
            "s" => NoteKind::SeventhCharacter,
            _ => return None,
        })
    }
}

/// A line of a note.
#[derive(Debug, Clone)]
pub struct Note {
    /// What it is.
    pub kind: NoteKind,
    /// Where it stands: a chapter, block, category or code as printed.
    pub holder: String,
    /// The codes it names.
    pub named: NamedCodes,
    /// Its words.
    pub text: String,
    /// All of it in one line, as findings show it.
    pub shown: String,
}

/// A note of several lines: a heading and its examples, or alternatives. Code first and use additional are satisfied by a code of any line.
#[derive(Debug, Clone)]
pub struct TabularList {
    /// What it is.
    pub kind: NoteKind,
    /// Code first of codes that are manifestations: the first code is always needed.
    pub of_manifestation: bool,
    /// A further code that every record with this one needs: stage, severity, site, outcome.
    pub demanded: bool,
    /// All codes that its lines name.
    pub named: NamedCodes,
    /// The number its lines have in the table, and where they stand.
    number: u32,
    lines: std::ops::Range<usize>,
}

/// The notes over a prefix and all above it, in short: most codes are done with one look-up.
#[derive(Debug, Clone)]
struct Sum {
    /// Place of the excluded codes; `u32::MAX` where there are none.
    excluded: u32,
    /// Which kinds of notes there are.
    kinds: DiagnosisKinds,
    /// The code first and use additional lists that name codes.
    lists: Vec<u32>,
}

/// All conventions.
#[derive(Debug, Default)]
pub struct Conventions {
    notes: Vec<Note>,
    lists: Vec<TabularList>,
    /// By prefix of codes: the notes that stand over it.
    over: FxHashMap<u64, Vec<u32>>,
    /// By the same prefixes: place of what the notes over it and all above come to.
    sum_at: FxHashMap<u64, u32>,
    sums: Vec<Sum>,
    /// Excluded codes, by the places that sums give.
    excluded: Vec<NamedCodes>,
    /// By the place of a category: the longest prefix of its codes that has notes.
    depth: Vec<u8>,
    /// Lists of seventh characters by the prefix they stand over, each with its note.
    seventh: FxHashMap<u64, (Vec<u8>, u32)>,
    /// Codes of fewer than six characters that take a seventh.
    short_stems: FxHashMap<u64, Vec<u8>>,
}

/// Place of a category among all that three letters or digits can write; other characters share places.
#[inline]
fn category_place(code: PackedCode) -> usize {
    let figure =
        |byte: u8| usize::from(if byte.is_ascii_digit() { byte - b'0' } else { byte.wrapping_sub(b'A') % 26 + 10 });
    (figure(code.0[0]) * 36 + figure(code.0[1])) * 36 + figure(code.0[2])
}

/// Number of characters of a code.
#[inline]
fn length(code: PackedCode) -> usize {
    8 - code.number().trailing_zeros() as usize / 8
}

#[inline]
fn prefix(code: PackedCode, length: usize) -> u64 {
    code.number() & !(u64::MAX >> (8 * length))
}

/// What stands over one code.
#[derive(Debug, Clone, Copy)]
pub struct Over<'c> {
    conventions: &'c Conventions,
    sum: &'c Sum,
}

impl<'c> Over<'c> {
    /// The codes that its excludes 1 notes name.
    #[inline]
    pub fn excluded(self) -> Option<&'c NamedCodes> {
        self.conventions.excluded.get(self.sum.excluded as usize)
    }

    /// The kinds of notes over it.
    #[inline]
    pub fn kinds(self) -> DiagnosisKinds {
        self.sum.kinds
    }

    /// Its code first and use additional lists that name codes, the nearest last.
    #[inline]
    pub fn lists(self) -> impl Iterator<Item = &'c TabularList> {
        self.sum.lists.iter().map(move |place| &self.conventions.lists[*place as usize])
    }
}

static SHIPPED: LazyLock<Conventions> =
    LazyLock::new(|| Conventions::read(&unpacked(include_bytes!("tables/icd10cm_conventions.tsv.zst"))));

impl Conventions {
    /// The conventions that ship.
    pub fn shipped() -> &'static Conventions {
        &SHIPPED
    }

    /// Reads the table: kind, holder, codes it stands over, list, force or characters, codes named, text.
    pub fn read(text: &str) -> Conventions {
        let mut conventions = Conventions { depth: vec![0; 36 * 36 * 36], ..Conventions::default() };
        for line in text.lines() {
            let parts: Vec<&str> = line.split('\t').collect();
            let [letter, holder, scope, list, force, named, words] = parts.as_slice() else { continue };
            let Some(kind) = NoteKind::from_letter(letter) else { continue };
            let place = conventions.notes.len() as u32;
            if kind == NoteKind::SeventhCharacter {
                for stem in named.split_ascii_whitespace().filter_map(|stem| PackedCode::new(stem.as_bytes())) {
                    conventions.short_stems.insert(stem.number(), force.bytes().collect());
                }
            }
            for over in scope.split_ascii_whitespace().filter_map(|code| PackedCode::new(code.as_bytes())) {
                if kind == NoteKind::SeventhCharacter {
                    conventions.seventh.insert(over.number(), (force.bytes().collect(), place));
                }
                conventions.over.entry(over.number()).or_default().push(place);
                let depth = &mut conventions.depth[category_place(over)];
                *depth = (*depth).max(length(over) as u8);
            }
            let named =
                if kind == NoteKind::SeventhCharacter { NamedCodes::default() } else { NamedCodes::read(named) };
            let number = list.parse().unwrap_or(0);
            match conventions.lists.last_mut().filter(|list| list.number == number) {
                Some(list) => {
                    list.lines.end = conventions.notes.len() + 1;
                    list.named.add(&named);
                }
                None => conventions.lists.push(TabularList {
                    kind,
                    of_manifestation: kind == NoteKind::CodeFirst && !force.is_empty(),
                    demanded: *force == "demanded",
                    named: named.clone(),
                    number,
                    lines: conventions.notes.len()..conventions.notes.len() + 1,
                }),
            }
            let what = if kind == NoteKind::SeventhCharacter { "seventh characters" } else { kind.words() };
            let shown = format!("{holder} {what} \"{words}\"");
            conventions.notes.push(Note {
                kind,
                holder: (*holder).to_owned(),
                named,
                text: (*words).to_owned(),
                shown,
            });
        }
        let sums: Vec<(u64, NamedCodes, Sum)> =
            conventions.over.keys().map(|key| conventions.sum_up(PackedCode(key.to_be_bytes()))).collect();
        for (key, excluded, mut sum) in sums {
            if !excluded.is_empty() {
                sum.excluded = conventions.excluded.len() as u32;
                sum.kinds = sum.kinds.with(DiagnosisKinds::EXCLUDES);
                conventions.excluded.push(excluded);
            }
            conventions.sum_at.insert(key, conventions.sums.len() as u32);
            conventions.sums.push(sum);
        }
        conventions
    }

    /// Everything over a prefix taken together; the excluded codes beside it.
    fn sum_up(&self, over: PackedCode) -> (u64, NamedCodes, Sum) {
        let mut excluded = NamedCodes::default();
        let mut sum = Sum { excluded: u32::MAX, kinds: DiagnosisKinds::default(), lists: Vec::new() };
        for place in self.places_over(over) {
            let list = self.lists.partition_point(|list| list.lines.end <= place as usize);
            let (note, whole) = (&self.notes[place as usize], &self.lists[list]);
            if note.kind == NoteKind::Excludes1 {
                excluded.add(&note.named);
            }
            let asks = matches!(note.kind, NoteKind::CodeFirst | NoteKind::UseAdditional) && !whole.named.is_empty();
            if asks && sum.lists.last() != Some(&(list as u32)) {
                sum.lists.push(list as u32);
                for (stands, kind) in [
                    (note.kind == NoteKind::CodeFirst, DiagnosisKinds::CODE_FIRST),
                    (whole.of_manifestation, DiagnosisKinds::MANIFESTATION),
                    (whole.demanded, DiagnosisKinds::USE_ADDITIONAL),
                ] {
                    sum.kinds = if stands { sum.kinds.with(kind) } else { sum.kinds };
                }
            }
        }
        (over.number(), excluded, sum)
    }

    /// The prefixes of a code that may have notes, the longest first.
    #[inline]
    fn prefixes(&self, code: PackedCode) -> impl Iterator<Item = u64> {
        let depth = usize::from(self.depth.get(category_place(code)).copied().unwrap_or(0));
        (3..=depth.min(length(code))).rev().map(move |length| prefix(code, length))
    }

    fn places_over(&self, code: PackedCode) -> Vec<u32> {
        let mut places: Vec<&[u32]> =
            self.prefixes(code).filter_map(|key| Some(self.over.get(&key)?.as_slice())).collect();
        places.reverse();
        places.concat()
    }

    /// Every note over a code, from the widest to the nearest.
    pub fn notes_over(&self, code: PackedCode) -> Vec<&Note> {
        self.places_over(code).into_iter().map(|place| &self.notes[place as usize]).collect()
    }

    /// The number of what stands over a code, from 1 on; 0 where nothing does.
    pub fn number_of(&self, code: PackedCode) -> u16 {
        let place = self.prefixes(code).find_map(|key| self.sum_at.get(&key));
        place.map_or(0, |place| u16::try_from(place + 1).expect("a test counts the prefixes that have notes"))
    }

    /// What stands over a code by its [`Conventions::number_of`]: one look-up in place of a walk over prefixes.
    #[inline]
    pub fn of(&self, number: u16) -> Option<Over<'_>> {
        let sum = self.sums.get(usize::from(number).checked_sub(1)?)?;
        Some(Over { conventions: self, sum })
    }

    /// The codes that the excludes 1 notes over a code name.
    #[inline]
    pub fn excluded(&self, code: PackedCode) -> Option<&NamedCodes> {
        self.excluded.get(self.sum(code)?.excluded as usize)
    }

    /// The excludes 1 note over the first code that names the second.
    pub fn exclusion(&self, code: PackedCode, other: PackedCode) -> Option<&Note> {
        let mut notes = self.notes_over(code).into_iter().rev();
        notes.find(|note| note.kind == NoteKind::Excludes1 && note.named.has(other))
    }

    /// The code first and use additional lists over a code that name codes, the nearest last.
    #[inline]
    pub fn lists(&self, code: PackedCode) -> impl Iterator<Item = &TabularList> {
        let places = self.sum(code).map_or(&[][..], |sum| sum.lists.as_slice());
        places.iter().map(|place| &self.lists[*place as usize])
    }

    /// The lines of a list.
    pub fn lines(&self, list: &TabularList) -> &[Note] {
        &self.notes[list.lines.clone()]
    }

    /// The kinds of notes over a code.
    #[inline]
    pub fn kinds(&self, code: PackedCode) -> DiagnosisKinds {
        self.sum(code).map_or_else(DiagnosisKinds::default, |sum| sum.kinds)
    }

    /// The nearest notes' sum, which has all above in it.
    #[inline]
    fn sum(&self, code: PackedCode) -> Option<&Sum> {
        self.prefixes(code).find_map(|key| self.sum_at.get(&key)).map(|place| &self.sums[*place as usize])
    }

    /// The characters that may stand seventh in codes under a code's category; the nearest list.
    pub fn seventh_characters(&self, code: PackedCode) -> Option<&[u8]> {
        self.seventh_list(code).map(|(characters, _)| characters.as_slice())
    }

    /// The note that lists those characters and what they mean.
    pub fn seventh_note(&self, code: PackedCode) -> Option<&Note> {
        self.seventh_list(code).map(|(_, place)| &self.notes[*place as usize])
    }

    fn seventh_list(&self, code: PackedCode) -> Option<&(Vec<u8>, u32)> {
        let length = code.text().len().min(6);
        (3..=length).rev().find_map(|length| self.seventh.get(&prefix(code, length)))
    }

    /// The code as it was meant where its seventh character stands too early: `W18.30A` for `W18.30XA`. `None` where it is no such code.
    pub fn with_placeholders(&self, code: PackedCode) -> Option<PackedCode> {
        let text = code.text().as_bytes();
        let (last, stem) = text.split_last()?;
        let written: &[u8] = stem;
        // A placeholder too few: the stem itself may end in some.
        let bare = written.iter().rposition(|letter| *letter != b'X').map_or(0, |place| place + 1);
        let characters = (bare..=written.len())
            .rev()
            .find_map(|length| self.short_stems.get(&PackedCode::new(&written[..length])?.number()))?;
        if written.len() >= 6 || !characters.contains(last) {
            return None;
        }
        let mut meant = [b'X'; 8];
        meant[..written.len()].copy_from_slice(written);
        meant[6] = *last;
        meant[7] = 0;
        Some(PackedCode(meant))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> PackedCode {
        PackedCode::new(text.replace('.', "").as_bytes()).expect("a code")
    }

    fn excludes(left: &str, right: &str) -> bool {
        let conventions = Conventions::shipped();
        conventions.excluded(code(left)).is_some_and(|named| named.has(code(right)))
    }

    #[test]
    fn excludes_1_notes_of_the_tabular_list() {
        // The note's place and what it names, in the edition of April 2026.
        for (left, right) in [
            // E10: type 2 diabetes mellitus (E11.-)
            ("E10.9", "E11.9"),
            ("E11.65", "E10.65"),
            // I12: secondary hypertension (I15.-)
            ("I12.9", "I15.1"),
            // F07.0: mild cognitive impairment (G31.84)
            ("F07.0", "G31.84"),
            // Chapter 15: supervision of normal pregnancy (Z34.-)
            ("O24.410", "Z34.03"),
            // Chapter 4: disorders specific to newborn (P70-P74)
            ("E87.1", "P74.22"),
            // I73.8: diabetic angiopathy (E08-E13 with .51-.52)
            ("I73.89", "E11.51"),
            // X10-X19: exposure to fire and flames (X00-X08)
            ("X12.XXXA", "X08.8XXA"),
            // J17: pneumonia in coccidioidomycosis (B38.0-B38.2)
            ("J17", "B38.1"),
        ] {
            assert!(excludes(left, right), "{left} excludes {right}");
        }
        for (left, right) in [
            // J44 names them under excludes 2: both may be reported. J42, on its side, excludes 1 J44.
            ("J44.9", "J43.9"),
            ("J44.9", "J41.0"),
            ("I73.89", "E11.21"),
            ("I12.9", "I10"),
            ("E11.9", "I10"),
            // The note at D72 names D72.824, which is its own.
            ("D72.829", "D72.824"),
        ] {
            assert!(!excludes(left, right) && !excludes(right, left), "{left} beside {right}");
        }
        let note = Conventions::shipped().exclusion(code("E109"), code("E119")).expect("a note");
        assert_eq!((note.holder.as_str(), note.text.as_str()), ("E10", "type 2 diabetes mellitus (E11.-)"));
    }

    #[test]
    fn no_code_excludes_itself() {
        let conventions = Conventions::shipped();
        for key in conventions.sum_at.keys() {
            let code = PackedCode(key.to_be_bytes());
            assert!(!conventions.excluded(code).is_some_and(|named| named.has(code)), "{}", code.text());
        }
    }

    #[test]
    fn code_first_and_use_additional_lists_name_their_codes() {
        let conventions = Conventions::shipped();
        let has = |list: &TabularList, other: &str| list.named.has(code(other));
        // F02, a manifestation: the underlying condition, such as Alzheimer's (G30.-); Parkinson's disease (G20.-).
        let found = conventions.lists(code("F02.80")).any(|list| {
            list.of_manifestation && has(list, "G30.9") && has(list, "G20.A1") && conventions.lines(list).len() == 26
        });
        assert!(found && conventions.kinds(code("F02.80")).any(DiagnosisKinds::MANIFESTATION));
        // D63.0: neoplasm (C00-D49), letter order put aside: C7A and D3A are between.
        let list = conventions.lists(code("D63.0")).next().expect("a list");
        assert!(has(list, "C7A.010") && has(list, "D49.9") && !has(list, "D50.9"));
        // I50: heart failure due to hypertension (I11.0); heart failure is no manifestation.
        let list = conventions.lists(code("I50.22")).next().expect("a list");
        assert!(has(list, "I11.0") && !list.of_manifestation);
        // I12.9: use additional code to identify the stage of chronic kidney disease (N18.1-N18.4, N18.9).
        assert!(
            conventions.lists(code("I12.9")).any(|list| list.demanded && has(list, "N18.31") && !has(list, "N18.6"))
        );
        let asks = DiagnosisKinds::CODE_FIRST.with(DiagnosisKinds::MANIFESTATION).with(DiagnosisKinds::USE_ADDITIONAL);
        assert!(!conventions.kinds(code("I10")).any(asks));
    }

    #[test]
    fn a_seventh_character_that_stands_too_early_is_told() {
        let conventions = Conventions::shipped();
        for (written, meant) in [
            ("W18.30A", Some("W18.30XA")),
            ("W19A", Some("W19.XXXA")),
            ("W19.XA", Some("W19.XXXA")),
            ("T15.01D", Some("T15.01XD")),
            ("W18.30XA", None),
            ("E11.9A", None),
            ("W18.30Q", None),
        ] {
            assert_eq!(conventions.with_placeholders(code(written)), meant.map(code), "{written}");
        }
        assert_eq!(conventions.seventh_characters(code("S72.141")), Some(b"ABCDEFGHJKMNPQRS".as_slice()));
        assert_eq!(conventions.seventh_characters(code("E11.9")), None);
        let note = conventions.seventh_note(code("W18.30XQ")).expect("a note");
        assert_eq!(note.shown, "W18 seventh characters \"A initial encounter; D subsequent encounter; S sequela\"");
    }

    /// Notes of the plainest form, read once more: words, and one code in brackets.
    #[test]
    fn a_note_that_ends_with_one_code_names_that_code() {
        let conventions = Conventions::shipped();
        let mut read = 0;
        for (place, note) in conventions.notes.iter().enumerate() {
            let Some((_, last)) = note.text.strip_suffix(')').and_then(|text| text.rsplit_once('(')) else { continue };
            let bare = last.trim_end_matches('-').trim_end_matches('.');
            let is_code = (3..=8).contains(&bare.len())
                && bare.as_bytes()[0].is_ascii_uppercase()
                && bare.as_bytes()[1].is_ascii_digit()
                && bare.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'.');
            if note.kind == NoteKind::SeventhCharacter || !is_code {
                continue;
            }
            // Names its own code, or the category it stands in.
            let own = conventions.over.iter().any(|(key, notes)| {
                let over = PackedCode(key.to_be_bytes());
                let (over, named) = (over.text(), code(bare));
                notes.contains(&(place as u32)) && (named.text().starts_with(over) || over.starts_with(named.text()))
            });
            assert!(own || note.named.has(code(bare)), "{} {}", note.holder, note.text);
            read += 1;
        }
        assert!(read > 5_000, "{read} notes");
    }

    #[test]
    #[ignore = "a measurement: cargo test --release"]
    fn a_diagnosis_is_held_to_its_notes_in_less_than_300_nanoseconds() {
        let sets = crate::codeset::sets::CodeSets::default();
        let table = sets.table(crate::record::code::CodeSystem::Icd10Cm);
        let codes: Vec<PackedCode> = table.ids().map(|id| *table.code(id)).collect();
        let conventions = Conventions::shipped();
        let mut drawn = 1u64;
        // Claims of 25 diagnoses drawn at random: none of them is met again soon.
        let claims: Vec<[PackedCode; 25]> = (0..20_000)
            .map(|_| {
                [(); 25].map(|()| {
                    drawn = drawn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    codes[(drawn >> 33) as usize % codes.len()]
                })
            })
            .collect();
        let begun = std::time::Instant::now();
        let mut pairs = 0u64;
        for claim in &claims {
            for code in claim {
                let excluded = conventions.excluded(*code);
                pairs += excluded.map_or(0, |named| claim.iter().filter(|other| named.has(**other)).count()) as u64;
            }
        }
        let each = begun.elapsed().as_nanos() / (20_000 * 25);
        println!("{each} ns a diagnosis beside 24 others; {pairs} excluded pairs");
        assert!(each < 300, "{each} ns");
    }
}
