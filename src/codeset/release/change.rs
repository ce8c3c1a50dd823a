//! What changed from one release to another.

use std::collections::BTreeMap;

use super::{OfficialTable, kind::OfficialFileKind};

/// A row that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseChange {
    /// The row's key, its cells joined by a blank.
    pub key: String,
    /// What stood there; empty where it was added.
    pub before: String,
    /// What stands there now; empty where it was deleted.
    pub after: String,
}

/// What changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Rows that came.
    pub added: Vec<ReleaseChange>,
    /// Rows that went.
    pub deleted: Vec<ReleaseChange>,
    /// Rows whose content differs.
    pub changed: Vec<ReleaseChange>,
}

impl Changes {
    /// `487 added, 28 deleted, 38 retitled`; rows of other kinds than titles are changed.
    pub fn counts(&self, of_titles: bool) -> String {
        let word = if of_titles { "retitled" } else { "changed" };
        format!("{} added, {} deleted, {} {word}", self.added.len(), self.deleted.len(), self.changed.len())
    }
}

/// A table as key and content: the codes valid for submission alone where it has headers, `headers` the others.
pub fn entries(table: &OfficialTable, headers: bool) -> BTreeMap<String, String> {
    let facts = table.kind.facts();
    let keys = facts.key_columns;
    let billable = facts.columns.iter().position(|column| *column == "billable").filter(|_| !table.kind.is_addenda());
    table
        .rows
        .iter()
        .filter(|row| billable.is_none_or(|at| (row[at] == "0") == headers))
        .map(|row| (row[..keys].join(" "), row[keys..].join("\t")))
        .collect()
}

/// Codes and their long titles alone, so that files of different kinds can be compared.
pub fn titles(table: &OfficialTable) -> BTreeMap<String, String> {
    table.codes().map(|(code, title)| (code.to_owned(), title.to_owned())).collect()
}

/// Whether a kind's rows are headers and codes.
pub fn has_headers(kind: OfficialFileKind) -> bool {
    kind.facts().columns.contains(&"billable") && !kind.is_addenda()
}

/// What changed between two tables of the same shape.
pub fn compare(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Changes {
    // Of several cells the title is the last.
    let shown = |content: &String| content.rsplit('\t').next().unwrap_or("").to_owned();
    let mut changes = Changes::default();
    for (key, content) in after {
        match before.get(key) {
            None => {
                changes.added.push(ReleaseChange { key: key.clone(), before: String::new(), after: shown(content) });
            }
            Some(earlier) if earlier != content => {
                changes.changed.push(ReleaseChange { key: key.clone(), before: shown(earlier), after: shown(content) });
            }
            Some(_) => {}
        }
    }
    for (key, content) in before.iter().filter(|(key, _)| !after.contains_key(*key)) {
        changes.deleted.push(ReleaseChange { key: key.clone(), before: shown(content), after: String::new() });
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_that_becomes_a_header_is_deleted_and_a_short_title_counts_too() {
        let row = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
        let table = |rows| OfficialTable { kind: OfficialFileKind::Icd10CmOrder, rows };
        let before =
            table(vec![row(["B880", "1", "s", "t"]), row(["C000", "1", "s", "t"]), row(["C001", "1", "s", "t"])]);
        let after = table(vec![
            row(["B880", "0", "s", "t"]),
            row(["B8801", "1", "s", "t"]),
            row(["C000", "1", "other", "t"]),
            row(["C001", "1", "s", "t"]),
        ]);
        let changes = compare(&entries(&before, false), &entries(&after, false));
        assert_eq!(changes.counts(true), "1 added, 1 deleted, 1 retitled");
        assert_eq!(changes.deleted[0].key, "B880");
    }
}
