//! The conventions of the ICD-10-CM tabular list: what its notes say of codes that stand beside each other.
//!
//! Excludes 1, code first, use additional code, code also, and the lists of seventh characters, of the edition of April 2026. A note stands over every code
//! below it: a chapter's, a block's and a category's notes are asked for each of their codes (ICD-10-CM guidelines, I.A.). Notes that name no code, or name
//! codes under a condition that only a reader can judge, are shown and not tested. A note never forbids two codes that it stands over itself.

use std::sync::{LazyLock, OnceLock};

use rustc_hash::FxHashMap;

use super::{named_codes::NamedCodes, sets::unpacked, table::CodeTable};
use crate::{partition::encounter::PackedCode, record::code::CodeId};

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
    /// Lines of one list have one number.
    pub list: u32,
    /// The code first list of codes that are manifestations: the first code is always needed.
    pub of_manifestation: bool,
    /// A further code that every record with this one needs: stage, severity, site, outcome.
    pub demanded: bool,
    /// The codes it names.
    pub named: NamedCodes,
    /// Its words.
    pub text: String,
}

/// What stands over a code, made once for each of the places that notes stand at.
#[derive(Debug, Default)]
pub struct Stand {
    /// The codes that its excludes 1 notes name; empty where there are none.
    pub excluded: NamedCodes,
    /// Its code first lists that name codes, each as its lines, nearest last.
    pub code_first: Vec<Vec<u32>>,
    /// Whether one of them is of a manifestation.
    pub of_manifestation: bool,
    /// Its use additional code lists that every record needs a code of.
    pub demanded: Vec<Vec<u32>>,
}

/// All conventions.
#[derive(Debug, Default)]
pub struct Conventions {
    notes: Vec<Note>,
    /// By prefix of codes: the notes that stand over it.
    over: FxHashMap<u64, Vec<u32>>,
    /// By the same prefixes: place among the stands.
    stand_at: FxHashMap<u64, u32>,
    /// What the notes over a prefix and all above it come to.
    stands: Vec<Stand>,
    /// By category: the longest prefix that has notes.
    depth: FxHashMap<u64, u8>,
    /// Lists of seventh characters by the prefix they stand over.
    seventh: FxHashMap<u64, Vec<u8>>,
    /// Codes of fewer than six characters that take a seventh.
    short_stems: FxHashMap<u64, Vec<u8>>,
}

/// In place of a stand: no note stands over the code.
const NOTHING: u32 = u32::MAX;

/// Places of the stands by ids of the shipped table of ICD-10-CM.
static BY_ID: OnceLock<Vec<u32>> = OnceLock::new();

/// Makes the look-up by id of [`Conventions::stand_of`], once; every table of ICD-10-CM is the one that ships.
pub fn index(table: &CodeTable) {
    BY_ID.get_or_init(|| Conventions::shipped().by_id(table));
}

fn prefix(code: PackedCode, length: usize) -> u64 {
    code.number() & !(u64::MAX >> (8 * length))
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
        let mut conventions = Conventions::default();
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
                    conventions.seventh.insert(over.number(), force.bytes().collect());
                }
                conventions.over.entry(over.number()).or_default().push(place);
                let depth = conventions.depth.entry(prefix(over, 3)).or_default();
                *depth = (*depth).max(over.text().len() as u8);
            }
            conventions.notes.push(Note {
                kind,
                holder: (*holder).to_owned(),
                list: list.parse().unwrap_or(0),
                of_manifestation: kind == NoteKind::CodeFirst && !force.is_empty(),
                demanded: *force == "demanded",
                named: if kind == NoteKind::SeventhCharacter { NamedCodes::default() } else { NamedCodes::read(named) },
                text: (*words).to_owned(),
            });
        }
        for key in conventions.over.keys() {
            let code = PackedCode(key.to_be_bytes());
            let mut stand = Stand::default();
            for note in conventions.notes_over(code) {
                if note.kind == NoteKind::Excludes1 {
                    stand.excluded.add(&note.named);
                }
            }
            let names = |list: &Vec<u32>| list.iter().any(|place| !conventions.notes[*place as usize].named.is_empty());
            let of = |kind| conventions.lists(code, kind).into_iter().filter(names);
            stand.code_first = of(NoteKind::CodeFirst).collect();
            stand.demanded = of(NoteKind::UseAdditional).filter(|list| conventions.note(list[0]).demanded).collect();
            stand.of_manifestation = stand.code_first.iter().any(|list| conventions.note(list[0]).of_manifestation);
            conventions.stand_at.insert(*key, conventions.stands.len() as u32);
            conventions.stands.push(stand);
        }
        conventions
    }

    /// A line of a note by its place.
    #[inline]
    pub fn note(&self, place: u32) -> &Note {
        &self.notes[place as usize]
    }

    /// What stands over a code.
    #[inline]
    pub fn stand(&self, code: PackedCode) -> Option<&Stand> {
        let place = self.prefixes(code).find_map(|key| self.stand_at.get(&key))?;
        Some(&self.stands[*place as usize])
    }

    /// What stands over the codes of a table, by their ids: a look-up that does not cost a walk over prefixes.
    pub fn by_id(&self, table: &CodeTable) -> Vec<u32> {
        let place = |id| self.prefixes(*table.code(id)).find_map(|key| self.stand_at.get(&key)).copied();
        table.ids().map(|id| place(id).unwrap_or(NOTHING)).collect()
    }

    /// What stands over a code of the shipped table by its id; see [`index`].
    #[inline]
    pub fn stand_of(&self, id: CodeId) -> Option<&Stand> {
        let place = BY_ID.get()?.get(id.0 as usize)?;
        self.stands.get(*place as usize)
    }

    /// The prefixes of a code that may have notes, the longest first.
    fn prefixes(&self, code: PackedCode) -> impl Iterator<Item = u64> {
        let depth = if code.0[2] == 0 { 0 } else { self.depth.get(&prefix(code, 3)).copied().unwrap_or(0) };
        let length = usize::from(depth).min(code.text().len());
        (3..=length).rev().map(move |length| prefix(code, length))
    }

    /// Every note over a code, from the widest to the nearest.
    pub fn notes_over(&self, code: PackedCode) -> Vec<&Note> {
        self.places_over(code).into_iter().map(|place| self.note(place)).collect()
    }

    fn places_over(&self, code: PackedCode) -> Vec<u32> {
        let mut places: Vec<&[u32]> =
            self.prefixes(code).filter_map(|key| Some(self.over.get(&key)?.as_slice())).collect();
        places.reverse();
        places.into_iter().flatten().copied().collect()
    }

    /// The codes that the excludes 1 notes over a code name.
    #[inline]
    pub fn excluded(&self, code: PackedCode) -> Option<&NamedCodes> {
        self.stand(code).map(|stand| &stand.excluded).filter(|excluded| !excluded.is_empty())
    }

    /// The excludes 1 note over the first code that names the second.
    pub fn exclusion(&self, code: PackedCode, other: PackedCode) -> Option<&Note> {
        let mut notes = self.notes_over(code).into_iter().rev();
        notes.find(|note| note.kind == NoteKind::Excludes1 && note.named.has(other))
    }

    /// The lists of a kind over a code, each as the places of its lines, nearest last.
    pub fn lists(&self, code: PackedCode, kind: NoteKind) -> Vec<Vec<u32>> {
        let mut lists: Vec<Vec<u32>> = Vec::new();
        for place in self.places_over(code).into_iter().filter(|place| self.note(*place).kind == kind) {
            match lists.last_mut().filter(|lines| self.note(lines[0]).list == self.note(place).list) {
                Some(lines) => lines.push(place),
                None => lists.push(vec![place]),
            }
        }
        lists
    }

    /// Whether a line of a list names a code.
    #[inline]
    pub fn names(&self, list: &[u32], code: PackedCode) -> bool {
        list.iter().any(|place| self.note(*place).named.has(code))
    }

    /// The characters that may stand seventh in codes under a code's category; the nearest list.
    pub fn seventh_characters(&self, code: PackedCode) -> Option<&[u8]> {
        let length = code.text().len().min(6);
        (3..=length).rev().find_map(|length| self.seventh.get(&prefix(code, length))).map(Vec::as_slice)
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
        for key in conventions.stand_at.keys() {
            let code = PackedCode(key.to_be_bytes());
            assert!(!conventions.excluded(code).is_some_and(|named| named.has(code)), "{}", code.text());
        }
    }

    #[test]
    fn code_first_and_use_additional_lists_name_their_codes() {
        let conventions = Conventions::shipped();
        // F02, a manifestation: the underlying condition, such as Alzheimer's (G30.-); Parkinson's disease (G20.-).
        let lists = conventions.lists(code("F02.80"), NoteKind::CodeFirst);
        let of = |list: &[u32], other: &str| conventions.names(list, code(other));
        let first = |list: &[u32]| conventions.note(list[0]);
        assert!(lists.iter().any(|list| first(list).of_manifestation && of(list, "G30.9") && of(list, "G20.A1")));
        // D63.0: neoplasm (C00-D49), letter order put aside: C7A and D3A are between.
        let lists = conventions.lists(code("D63.0"), NoteKind::CodeFirst);
        assert!(of(&lists[0], "C7A.010") && of(&lists[0], "D49.9") && !of(&lists[0], "D50.9"));
        // I50: heart failure due to hypertension (I11.0); heart failure is no manifestation.
        let lists = conventions.lists(code("I50.22"), NoteKind::CodeFirst);
        assert!(of(&lists[0], "I11.0") && !first(&lists[0]).of_manifestation);
        // I12.9: use additional code to identify the stage of chronic kidney disease (N18.1-N18.4, N18.9).
        let lists = conventions.lists(code("I12.9"), NoteKind::UseAdditional);
        assert!(lists.iter().any(|list| first(list).demanded && of(list, "N18.31") && !of(list, "N18.6")));
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
