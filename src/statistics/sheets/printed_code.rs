//! Codes as the sheets print them, with their titles and places in the classification.
//!
//! What stands where a code belongs and is none can be anything, a patient's name or number too: the workbook does not have it.

use crate::{
    codeset::{describe::dotted, normalise::is_well_formed, sets::CodeSets},
    partition::encounter::PackedCode,
    record::code::CodeSystem,
};

/// A code of a table, or one of the form of the WHO's ICD-10, of which the categories alone ship.
fn is_code(sets: &CodeSets, system: CodeSystem, code: &PackedCode) -> bool {
    let code = code.text().as_bytes();
    sets.table(system).find(code).is_some() || system == CodeSystem::Icd10 && is_well_formed(system, code)
}

/// A code with its dot; what is no code is not shown.
pub fn printed(sets: &CodeSets, system: CodeSystem, code: &PackedCode) -> String {
    if is_code(sets, system, code) { dotted(system, code.text()) } else { "(no code)".to_owned() }
}

/// The title of a code; empty where no table has one.
pub fn title(sets: &CodeSets, system: CodeSystem, code: &PackedCode) -> String {
    let table = sets.table(system);
    match table.find(code.text().as_bytes()) {
        Some(id) => table.title(id).to_owned(),
        None if is_code(sets, system, code) => String::new(),
        None => "in no table; the findings have what is written".to_owned(),
    }
}

/// The chapter of a code: number, from 1, and title.
pub fn chapter(sets: &CodeSets, system: CodeSystem, code: &PackedCode) -> Option<(usize, String)> {
    let table = sets.table(system);
    let (_, block) = table.block_of_code(*code)?;
    Some((block.chapter + 1, table.grouping.chapters[block.chapter].1.clone()))
}

/// The block of a code: range and title.
pub fn block(sets: &CodeSets, system: CodeSystem, code: &PackedCode) -> Option<(String, String)> {
    let (_, block) = sets.table(system).block_of_code(*code)?;
    Some((block.name.clone(), block.title.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_stands_with_its_dot_its_title_and_its_place_and_a_name_does_not_stand() {
        let (sets, system) = (CodeSets::default(), CodeSystem::Icd10Cm);
        let packed = |text: &str| PackedCode::new(text.as_bytes()).expect("a code");
        let (diabetes, name) = (packed("E119"), packed("SMITH"));
        assert_eq!(printed(&sets, system, &diabetes), "E11.9");
        assert_eq!(title(&sets, system, &diabetes), "Type 2 diabetes mellitus without complications");
        assert_eq!(chapter(&sets, system, &diabetes).map(|(number, _)| number), Some(4));
        assert_eq!(block(&sets, system, &diabetes).map(|(range, _)| range).as_deref(), Some("E08-E13"));
        assert_eq!(printed(&sets, system, &name), "(no code)");
        assert!(!title(&sets, system, &name).contains("SMITH"));
        assert_eq!(chapter(&sets, system, &name), None);
        // Of the WHO's ICD-10 the categories alone ship, without titles: a code of its form is one.
        assert_eq!(printed(&sets, CodeSystem::Icd10, &packed("I219")), "I21.9");
        assert_eq!(title(&sets, CodeSystem::Icd10, &packed("I219")), "");
    }
}
