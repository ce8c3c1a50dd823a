//! The lists of diagnoses and procedures in the coded records, while they are built.

use crate::{
    codeset::{
        code_index::CodeIndex,
        groups::{Chronic, CodeGroups, Groups},
        normalise::without_filler,
        sets::CodeSets,
        table::CodeTable,
    },
    examination::columns::{
        build::{Built, Keyed, Numbered, Numbers, Texts},
        column::{Columns, Lists, Presence},
    },
    partition::encounter::{Diagnosis, Encounter, PackedCode},
    record::code::{CodePlace, CodeSystem},
};

/// The places of a code's groups in the dictionaries of their columns: looked up once a code, written once a diagnosis.
#[derive(Debug, Clone, Copy)]
struct GroupPlaces {
    /// Chapter, 1 to 22 (ICD-10-CM and ICD-10) or 1 to 19 (ICD-9-CM); 0 where there is none.
    chapter: u32,
    /// Block, for example `E08-E13`; empty where there is none.
    block: u32,
    /// Clinical categories, separated by blanks.
    categories: u32,
    /// Whether the code says a chronic condition.
    chronic: u32,
}

/// The lists of diagnoses and procedures while they are built.
#[derive(Default)]
pub struct CodeListColumns {
    /// By place in the code index.
    grouped: Vec<GroupPlaces>,
    /// Of diagnoses that have no place there.
    not_grouped: Option<GroupPlaces>,
    diagnosis_lists: Lists,
    position_lists: Lists,
    procedure_lists: Lists,
    date_lists: Lists,
    codes: Numbered,
    chapters: Numbers,
    blocks: Keyed<u32>,
    categories: Keyed<u32>,
    chronic: Keyed<Chronic>,
    positions: Numbers,
    procedure_codes: Numbered,
    dates: Numbers,
    /// What diagnoses were mapped to, and how.
    pub mapped_diagnoses: (Texts, Texts),
    /// What procedures were mapped to, and how.
    pub mapped_procedures: (Texts, Texts),
}

impl CodeListColumns {
    /// Adds the codes of an encounter; they are on the code index, and their groups entered.
    pub fn add(&mut self, encounter: &Encounter<'_>) {
        let diagnoses = encounter.diagnoses;
        self.diagnosis_lists.record(diagnoses.iter().map(|_| true));
        for diagnosis in diagnoses {
            push_code(&mut self.codes, diagnosis.place, diagnosis.code, diagnosis.raw, diagnosis.system);
            let places = match diagnosis.place {
                Some(place) => self.grouped[place.index()],
                None => self.places_without_group(),
            };
            self.chapters.push_place(places.chapter);
            self.blocks.push_place(places.block);
            self.categories.push_place(places.categories);
            self.chronic.push_place(places.chronic);
        }
        // Positions are written only where they are not 1, 2, 3 and so on.
        let counted = (1..).zip(diagnoses).all(|(place, diagnosis)| diagnosis.position == place);
        let shown: &[Diagnosis<'_>] = if counted { &[] } else { diagnoses };
        self.position_lists.record(shown.iter().map(|_| true));
        shown.iter().for_each(|diagnosis| self.positions.number(diagnosis.position.into()));
        self.procedure_lists.record(encounter.procedures.iter().map(|_| true));
        self.date_lists.record(encounter.procedures.iter().map(|procedure| procedure.date.value().is_some()));
        for procedure in encounter.procedures {
            push_code(&mut self.procedure_codes, procedure.place, procedure.code, procedure.raw, procedure.system);
            if let Some(moment) = procedure.date.value() {
                self.dates.number(moment.day.0);
            }
        }
    }

    /// Enters the groups of the codes of the code index; `clinical` are those of every code of it.
    pub fn group(&mut self, code_index: &CodeIndex<'_>, sets: &CodeSets, groups: &Groups, clinical: &[CodeGroups]) {
        for (met, clinical) in code_index.codes().iter().zip(clinical) {
            if met.system.is_of_procedures() {
                let places = self.places_without_group();
                self.grouped.push(places);
                continue;
            }
            let table = sets.table(met.system);
            let block = met.id.map_or_else(|| table.block_of_code(met.code), |id| table.numbered_block(id));
            let numbered = block.map(|(number, block)| (CodeTable::chapter_number(block), number, block));
            let places = GroupPlaces {
                categories: self.categories.enter(clinical.set.into(), |plain| {
                    plain.push(groups.listed(clinical.set));
                }),
                chronic: self.chronic.enter(clinical.chronic, |plain| plain.push(chronic_word(clinical.chronic))),
                ..self.places_in(met.system, numbered.map(|(chapter, number, block)| (chapter, number, &*block.name)))
            };
            self.grouped.push(places);
        }
    }

    /// Places of a chapter and a block with its number in its system; of no clinical groups.
    fn places_in(&mut self, system: CodeSystem, block: Option<(u8, u16, &str)>) -> GroupPlaces {
        let (chapter, number, name) = block.map_or((0, 0, ""), |(chapter, number, name)| {
            (chapter, (system as u32 + 1) << 16 | u32::from(number), name)
        });
        GroupPlaces {
            chapter: self.chapters.enter(chapter.into(), |plain| plain.push(i32::from(chapter))),
            block: self.blocks.enter(number, |plain| plain.push(name)),
            categories: 0,
            chronic: 0,
        }
    }

    /// Places of a diagnosis that is of no group.
    fn places_without_group(&mut self) -> GroupPlaces {
        if let Some(places) = self.not_grouped {
            return places;
        }
        let places = GroupPlaces {
            categories: self.categories.enter(0, |plain| plain.push("")),
            chronic: self.chronic.enter(Chronic::Unknown, |plain| plain.push(chronic_word(Chronic::Unknown))),
            ..self.places_in(CodeSystem::Icd10Cm, None)
        };
        self.not_grouped = Some(places);
        places
    }

    /// Adds the columns in the order of the file.
    pub fn finish(self, mapped: (bool, bool), columns: &mut Columns) {
        let mut lists = |lists: Lists| columns.present(Presence::Lists(lists));
        let (diagnoses, procedures) = (lists(self.diagnosis_lists), lists(self.procedure_lists));
        let (positions, dates) = (lists(self.position_lists), lists(self.date_lists));
        let of_every_pipeline: [(Built, usize); 8] = [
            (self.codes.finish(), diagnoses),
            (self.chapters.finish(), diagnoses),
            (self.blocks.finish(), diagnoses),
            (self.positions.finish(), positions),
            (self.procedure_codes.finish(), procedures),
            (self.dates.finish(), dates),
            (self.categories.finish(), diagnoses),
            (self.chronic.finish(), diagnoses),
        ];
        of_every_pipeline.into_iter().for_each(|(built, lists)| columns.push(built, lists));
        for (asked, lists, (codes, words)) in
            [(mapped.0, diagnoses, self.mapped_diagnoses), (mapped.1, procedures, self.mapped_procedures)]
        {
            if asked {
                columns.push(codes.finish(), lists);
                columns.push(words.finish(), lists);
            }
        }
    }
}

/// The word of the indicator; blank where the edition does not have the code.
fn chronic_word(chronic: Chronic) -> &'static str {
    if chronic == Chronic::Unknown { "" } else { chronic.name() }
}

/// The normalised code. Where it could not be normalised, or several codes can be meant, what was written: without filler, which only the codes of a site may end with.
#[inline]
fn push_code(column: &mut Numbered, place: Option<CodePlace>, code: PackedCode, raw: &str, system: Option<CodeSystem>) {
    match place {
        Some(place) if !code.is_empty() => column.push(place.index(), || code.text()),
        _ if !code.is_empty() => column.push_text(code.text()),
        _ if system.is_some() => column.push_text(without_filler(raw)),
        _ => column.push_text(raw),
    }
}
