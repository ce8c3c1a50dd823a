//! What changed between two releases of a list of codes.

use std::collections::BTreeMap;

use super::Release;

/// Codes added, deleted and retitled, in the order of codes. Of an order file the billable codes are compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// New codes with their titles.
    pub added: Vec<(String, String)>,
    /// Codes that are gone with the titles they had.
    pub deleted: Vec<(String, String)>,
    /// Codes with another title: what it was, what it is. Either title of an order file counts.
    pub retitled: Vec<(String, String, String)>,
}

/// Code to its titles; the last column is the title people read.
fn codes(release: &Release) -> BTreeMap<&str, &[String]> {
    let billable = release.columns.iter().position(|name| name == "billable");
    release
        .rows
        .iter()
        .filter(|row| billable.is_none_or(|place| row[place] == "1"))
        .map(|row| (row[0].as_str(), &row[1..]))
        .collect()
}

/// What changed from one release to the next.
pub fn compare(before: &Release, after: &Release) -> Changes {
    let (old, new) = (codes(before), codes(after));
    let title = |cells: &[String]| cells.last().cloned().unwrap_or_default();
    let mut changes = Changes::default();
    for (code, cells) in &new {
        match old.get(code) {
            None => changes.added.push(((*code).to_owned(), title(cells))),
            Some(was) if was != cells => changes.retitled.push(((*code).to_owned(), title(was), title(cells))),
            Some(_) => {}
        }
    }
    for (code, cells) in old.iter().filter(|(code, _)| !new.contains_key(*code)) {
        changes.deleted.push(((*code).to_owned(), title(cells)));
    }
    changes
}
