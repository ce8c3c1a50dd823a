//! What a run or a command takes from the store, beside the tables that ship or in their place.

use std::borrow::Cow;

use super::release_store::{ReleaseStore, damaged};
use crate::fs::FileError;
use crate::{
    codeset::{
        gem::Gem,
        groups::{EDITION, GroupRows, Groups},
        other_systems::CodeLists,
        release::{exempt::ExemptCodes, extend::Later, kind::OfficialFileKind, stored::StoredFile},
        sets::{CodeSets, GemDirection},
    },
    coding::comorbidity::{ahrq::AhrqTable, editions::AhrqEditions},
    coding::settings::CodingSettings,
    partition::encounter::PackedCode,
    record::code::CodeSystem,
};

/// The imported releases that are used.
#[derive(Debug, Default)]
pub struct Imported {
    later: Vec<Later>,
    lists: CodeLists,
    icd10_list: Option<Vec<Vec<String>>>,
    maps: Vec<(GemDirection, Gem)>,
    /// Groups by the imported files; `None` where none was imported.
    groups: Option<Groups>,
    /// Versions of AHRQ's refined comorbidity software.
    pub refined: AhrqEditions,
    /// Diagnoses exempt from present-on-admission reporting.
    pub exempt: ExemptCodes,
    /// The releases, by name.
    pub entries: Vec<StoredFile>,
    /// Shipped tables in whose place others are used.
    pub replaced: Vec<&'static str>,
}

/// What of a pipeline's store cannot be read whole. A run ends with it, and publishes nothing.
pub fn faults(settings: &CodingSettings) -> Option<FileError> {
    let read = |folder| Imported::open(&ReleaseStore::open(folder)?, &settings.map_directions());
    settings.codesets.as_deref().and_then(|folder| read(folder).err())
}

impl Imported {
    /// Takes from a store what is used with it: order files newer than the tables that ship, the newest map of each direction asked for, the newest CCSR and
    /// CCIR, every version of AHRQ's comorbidity software and every exempt list.
    ///
    /// # Errors
    /// As [`ReleaseStore::table`]; a comorbidity release names a measure that the software does not have.
    pub fn open(store: &ReleaseStore, directions: &[GemDirection]) -> Result<Imported, FileError> {
        let mut imported = Imported { later: store.later()?, exempt: store.exempt()?, ..Imported::default() };
        imported.entries.extend(store.used().cloned());
        for direction in directions {
            if let Some((entry, gem)) = store.map(*direction)? {
                imported.entries.push(entry.clone());
                imported.replaced.extend(direction.shipped());
                imported.maps.push((*direction, gem));
            }
        }
        imported.add_lists(store)?;
        imported.add_groups(store)?;
        imported.add_refined(store)?;
        imported.entries.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(imported)
    }

    fn add_lists(&mut self, store: &ReleaseStore) -> Result<(), FileError> {
        for entry in store.index.releases.iter().filter(|entry| entry.kind() == Some(OfficialFileKind::CodeList)) {
            let rows = store.table(entry)?.rows;
            if entry.release == CodeSystem::Icd10.name() {
                self.icd10_list = Some(rows);
            } else {
                self.lists.add(&entry.release, &rows);
            }
            self.entries.push(entry.clone());
        }
        Ok(())
    }

    fn add_groups(&mut self, store: &ReleaseStore) -> Result<(), FileError> {
        let newest = |kind| store.in_force(kind, None);
        let (ccsr, ccir) = (newest(OfficialFileKind::Ccsr), newest(OfficialFileKind::Ccir));
        if ccsr.is_none() && ccir.is_none() {
            return Ok(());
        }
        let titles = ccsr.and_then(|ccsr| store.of_release(OfficialFileKind::CcsrCategories, &ccsr.release));
        let titles = titles.or_else(|| newest(OfficialFileKind::CcsrCategories));
        let rows = |entry: Option<&StoredFile>| -> Result<Option<Vec<Vec<String>>>, FileError> {
            entry.map(|entry| store.table(entry).map(|table| table.rows)).transpose()
        };
        let titled = rows(titles)?.unwrap_or_default();
        let (categories, chronic) = (rows(ccsr)?, rows(ccir)?);
        let complete = categories.is_some();
        self.replaced.extend(ccsr.map(|_| "icd10cm_ccsr"));
        self.replaced.extend(ccir.map(|_| "icd10cm_chronic"));
        let editions = [ccsr, ccir].map(|entry| entry.map_or(EDITION, |entry| &entry.release).to_owned());
        let categories = categories.unwrap_or_else(Groups::shipped_categories);
        let chronic = chronic.unwrap_or_else(Groups::shipped_chronic);
        let rows = GroupRows { categories: &categories, complete, titles: &titled, chronic: &chronic };
        self.groups = Some(Groups::new(rows, editions));
        self.entries.extend([ccsr, ccir, titles].into_iter().flatten().cloned());
        Ok(())
    }

    fn add_refined(&mut self, store: &ReleaseStore) -> Result<(), FileError> {
        for entry in store.index.releases.iter().filter(|entry| entry.kind() == Some(OfficialFileKind::CmrCodes)) {
            let Some(last) = entry.last_day() else { continue };
            let fault = |_| damaged(entry.table.as_ref(), "it names a measure that AHRQ's software does not have");
            let codes = store.table(entry)?.rows;
            let table = AhrqTable::read(codes.iter().map(|row| (row[0].as_str(), row[1].as_str()))).map_err(fault)?;
            let (table, known) = table.with_weights_of(&entry.release);
            // The measures of the same release, from the sheet beside the codes or the file with the weights.
            let measures = [OfficialFileKind::CmrMeasures, OfficialFileKind::CmrWeights]
                .map(|kind| store.of_release(kind, &entry.release));
            let mut stated = Vec::new();
            for measures in measures.iter().flatten() {
                stated.extend(store.table(measures)?.rows);
            }
            let weight = |row: &Vec<String>, at: usize| row.get(at).and_then(|text| text.parse::<i32>().ok());
            let stated = stated.iter().map(|row| {
                let weights =
                    weight(row, 3).zip(weight(row, 4)).map(|(readmission, mortality)| [readmission, mortality]);
                (row[0].as_str(), row[2].eq_ignore_ascii_case("yes"), weights)
            });
            let table = table.with_measures(stated).map_err(fault)?;
            let weighted = known || measures[1].is_some();
            self.refined.add(&entry.release, last, table, weighted);
            self.entries.push(entry.clone());
            self.entries.extend(measures.into_iter().flatten().cloned());
        }
        Ok(())
    }

    /// The code sets: the tables that ship, continued, with the imported maps. They can be asked for once.
    pub fn sets(&mut self) -> CodeSets {
        let maps = std::mem::take(&mut self.maps).into_iter();
        let mut sets = CodeSets::continued(std::mem::take(&mut self.later));
        sets.lists = std::mem::take(&mut self.lists);
        if let Some(rows) = self.icd10_list.take() {
            sets = sets.with_icd10_list(&rows);
        }
        maps.fold(sets, |sets, (direction, gem)| sets.with_map(direction, gem))
    }

    /// The groups.
    pub fn groups(&self) -> &Groups {
        self.groups.as_ref().unwrap_or_else(|| Groups::shipped())
    }

    /// The groups, of those that ship only as far as they concern one code.
    pub fn groups_of(&self, code: PackedCode) -> Cow<'_, Groups> {
        self.groups.as_ref().map_or_else(|| Cow::Owned(Groups::shipped_of(code)), Cow::Borrowed)
    }
}
