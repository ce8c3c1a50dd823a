//! The tables of what is followed from night to night: what is to be resolved, and what is no longer found.

use std::borrow::Cow;

use crate::{
    book::csv::{CsvColumn, CsvTable},
    record::{
        date::Day,
        finding::FindingKey,
        life::{LifeOf, LifeStatus},
    },
};

/// `worklists/to_resolve.csv`: a line an open finding or deficiency, with columns for a decision. Filled in, it comes back as a feed of the layout `decisions`.
#[derive(Debug)]
pub struct ToResolve;

/// A line of [`ToResolve`].
#[derive(Debug)]
pub struct ToResolveLine<'r> {
    /// How it stands.
    pub status: LifeStatus,
    /// What it is.
    pub of: LifeOf,
    /// Severity of a finding; empty of a deficiency.
    pub severity: &'static str,
    /// Code of its rule or kind.
    pub code: &'r str,
    /// What it says.
    pub message: &'r str,
    /// The facility; empty where none is named.
    pub facility_id: &'r str,
    /// The encounter, or what else it speaks of.
    pub record: &'r str,
    /// The field at fault, or the kind of document.
    pub field: &'r str,
    /// The value, or the number of the document.
    pub value: &'r str,
    /// Who is to resolve it.
    pub owner: &'r str,
    /// The night on which it was found first.
    pub first_seen: Day,
    /// Days since then.
    pub days_open: i32,
    /// The day on which a deficiency was or is due.
    pub due: Option<Day>,
    /// The last note; empty where there is none.
    pub note: &'r str,
    /// What it is known by.
    pub key: FindingKey,
}

impl CsvTable for ToResolve {
    type Row<'r> = ToResolveLine<'r>;
    const PATH: &'static str = "worklists/to_resolve.csv";

    fn columns<'r>() -> Vec<CsvColumn<ToResolveLine<'r>>> {
        vec![
            ("status", |line| line.status.name().into()),
            ("kind", |line| line.of.name().into()),
            ("severity", |line| line.severity.into()),
            ("code", |line| line.code.into()),
            ("facility_id", |line| line.facility_id.into()),
            ("encounter_id", |line| line.record.into()),
            ("field", |line| line.field.into()),
            ("value", |line| line.value.into()),
            ("message", |line| line.message.into()),
            ("first_seen", |line| line.first_seen.to_string().into()),
            ("days_open", |line| line.days_open.to_string().into()),
            ("due_date", |line| line.due.map_or(Cow::Borrowed(""), |due| due.to_string().into())),
            ("owner", |line| line.owner.into()),
            ("finding_key", |line| line.key.to_string().into()),
            ("decision", |_| "".into()),
            ("assigned_to", |_| "".into()),
            ("note", |line| line.note.into()),
            ("decided_by", |_| "".into()),
            ("decided_on", |_| "".into()),
        ]
    }
}

/// `worklists/no_longer_found.csv`: a line a finding or deficiency that was open before this night and is not found any more.
#[derive(Debug)]
pub struct NoLongerFound;

/// A line of [`NoLongerFound`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NoLongerFoundLine {
    /// What it is.
    pub of: LifeOf,
    /// Corrected, or gone because edits changed.
    pub status: LifeStatus,
    /// Code of its rule or kind.
    pub code: String,
    /// The facility; empty where none is named.
    pub facility_id: String,
    /// The encounter, or what else it spoke of.
    pub record: String,
    /// The field that was at fault, or the kind of document.
    pub field: String,
    /// The night on which it was found first.
    pub first_seen: Day,
    /// The night on which it was found last.
    pub last_seen: Day,
    /// What it is known by.
    pub key: FindingKey,
}

impl CsvTable for NoLongerFound {
    type Row<'r> = &'r NoLongerFoundLine;
    const PATH: &'static str = "worklists/no_longer_found.csv";

    fn columns<'r>() -> Vec<CsvColumn<&'r NoLongerFoundLine>> {
        vec![
            ("status", |line| line.status.name().into()),
            ("kind", |line| line.of.name().into()),
            ("code", |line| line.code.as_str().into()),
            ("facility_id", |line| line.facility_id.as_str().into()),
            ("encounter_id", |line| line.record.as_str().into()),
            ("field", |line| line.field.as_str().into()),
            ("first_seen", |line| line.first_seen.to_string().into()),
            ("last_seen", |line| line.last_seen.to_string().into()),
            ("finding_key", |line| line.key.to_string().into()),
        ]
    }
}
