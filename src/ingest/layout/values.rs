//! The values of a column: what the export's texts mean.

use rustc_hash::FxHashMap;

use crate::{
    ingest::layout::STATE_THE_TEXT,
    problem::reader::{At, Section},
    rows::slot::lower_case,
};

/// The values of a column.
#[derive(Debug, Clone, Default)]
pub(super) struct Values {
    /// Texts of the export to canonical ones.
    pub translated: FxHashMap<Vec<u8>, Vec<u8>>,
    /// The same by texts in lower case.
    pub in_lower_case: FxHashMap<Vec<u8>, Vec<u8>>,
    /// Whether no other text is known.
    pub only_listed: bool,
}

/// Refuses the text that a draft writes where it does not know which texts mean a value.
pub(super) fn is_unanswered(section: &mut Section<'_>, text: &At<String>, value: &str) -> bool {
    let unanswered = text.value == STATE_THE_TEXT;
    if unanswered {
        section.problem(
            "unanswered",
            text.span.clone(),
            format!("the draft of this layout asks which texts mean {value}, and nobody has answered"),
            Some("write the texts of the export in its place, or take the value out".to_owned()),
        );
    }
    unanswered
}

/// `values` is a list (these and no others) or a table from canonical values to the export's (these are translated, the canonical values themselves are
/// known, and no others). Case is ignored in a table, but for texts that differ only by it and mean different things.
pub(super) fn read_values(column: &mut Section<'_>) -> Values {
    let mut values = Values::default();
    if !column.has("values") {
        return values;
    }
    let others = column.flag("other_values").is_some_and(|flag| flag.value);
    values.only_listed = !others;
    let translated = &mut values.translated;
    if !column.is_section("values") {
        for text in column.texts("values") {
            let value = text.value.trim().as_bytes().to_vec();
            translated.insert(value.clone(), value);
        }
        return values;
    }
    column.section("values", |table| {
        let entries = table.entries();
        for entry in &entries {
            for text in table.entry_texts(entry) {
                let canonical = entry.key.value.clone().into_bytes();
                if is_unanswered(table, &text, &entry.key.value) {
                    continue;
                }
                if translated.insert(text.value.trim().as_bytes().to_vec(), canonical).is_some() {
                    table.problem("repeated-value", text.span, format!("`{}` is translated twice", text.value), None);
                }
            }
        }
        let stated = lower_cased(translated);
        for entry in &entries {
            // A canonical value that the export uses for another is the export's own word.
            let canonical = entry.key.value.clone().into_bytes();
            if stated.get(&lower_case(&canonical)).is_none_or(|meaning| meaning.as_ref() == Some(&canonical)) {
                translated.entry(canonical.clone()).or_insert(canonical);
            }
        }
    });
    values.in_lower_case = lower_cased(&values.translated)
        .into_iter()
        .filter_map(|(text, meaning)| meaning.map(|meaning| (text, meaning)))
        .collect();
    values
}

/// The texts in lower case with what they mean; `None` where texts that differ only by case mean different things.
fn lower_cased(translated: &FxHashMap<Vec<u8>, Vec<u8>>) -> FxHashMap<Vec<u8>, Option<Vec<u8>>> {
    let mut found: FxHashMap<Vec<u8>, Option<Vec<u8>>> = FxHashMap::default();
    for (text, meaning) in translated {
        found
            .entry(lower_case(text))
            .and_modify(|known| {
                if known.as_ref() != Some(meaning) {
                    *known = None;
                }
            })
            .or_insert_with(|| Some(meaning.clone()));
    }
    found
}
