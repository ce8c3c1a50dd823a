//! Rows of the chart index to documents.

use super::values::{moment, number, text};
use crate::{
    partition::{encounter::Document, row::Row, slot::Slot},
    record::{cell::Cell, field::Field},
};

/// A document of which nothing is read yet.
pub fn blank_document(row: Row<'_>) -> Document<'_> {
    Document {
        origin: row.origin(),
        document_id: "",
        document_type: "",
        author: "",
        cosigner: "",
        event_date: Cell::Blank,
        dictated_at: Cell::Blank,
        transcribed_at: Cell::Blank,
        signed_at: Cell::Blank,
        cosigned_at: Cell::Blank,
        character_count: Cell::Blank,
    }
}

/// Sets one field of a document from its text.
pub fn set_document<'a>(document: &mut Document<'a>, value: &'a [u8], slot: &'a Slot) {
    let words = || text(slot.canonical(value.trim_ascii()).unwrap_or(value.trim_ascii()));
    match slot.field {
        Field::DocumentId => document.document_id = words(),
        Field::DocumentType => document.document_type = words(),
        Field::DocumentAuthor => document.author = words(),
        Field::DocumentCosigner => document.cosigner = words(),
        Field::EventDate => document.event_date = moment(value, slot),
        Field::DictatedAt => document.dictated_at = moment(value, slot),
        Field::TranscribedAt => document.transcribed_at = moment(value, slot),
        Field::SignedAt => document.signed_at = moment(value, slot),
        Field::CosignedAt => document.cosigned_at = moment(value, slot),
        Field::CharacterCount => document.character_count = number(value, slot).map_value(i64::from),
        _ => {}
    }
}
