//! The page of the canonical fields, made from the data dictionary.

use std::fmt::Write as _;

use crate::record::field::{DICTIONARY, Table};

/// A list of the fields for each kind of row, in the order of the data dictionary.
pub fn page() -> String {
    let mut text =
        "# The canonical fields\n\nWhat a layout maps columns to; rules and outputs use the same names.\n".to_owned();
    for table in Table::ALL {
        let _ = writeln!(text, "\n## {}\n", table.name());
        for entry in DICTIONARY.iter().filter(|entry| entry.table == table) {
            let _ = writeln!(text, "- `{}`: {}", entry.name, entry.meaning);
        }
    }
    text
}
