//! Which of the sheets are written, and in which order.

use crate::book::sheet::Sheet;

/// The sheet that is always there.
pub const DEFINITIONS: &str = "Definitions";

/// The sheets that a pipeline chooses, in its order, and the definitions.
pub fn chosen(mut all: Vec<Sheet>, names: &[&str]) -> Vec<Sheet> {
    if names.is_empty() {
        return all;
    }
    all.retain(|sheet| names.contains(&sheet.name) || sheet.name == DEFINITIONS);
    all.sort_by_key(|sheet| names.iter().position(|name| *name == sheet.name).unwrap_or(names.len()));
    all
}
