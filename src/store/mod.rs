//! What is remembered from night to night: one SQLite file, the catalogue, in the state folder. It is the commit point of a run: what was taken, the figures of
//! months and where the output stands are written in one transaction, and the output follows ([`crate::fs::commit`]). Every change is an entry of a chain
//! ([`audit_log`]).
//!
//! SQLite keeps a journal beside the catalogue while it writes (`catalogue.sqlite-journal`); a run that dies leaves it, and whoever opens the catalogue next
//! rolls back. Nothing else stays. The journal is used and not the write-ahead log: that one needs memory shared between processes, which network shares
//! do not give.

pub mod audit_log;
pub mod catalogue;
pub mod compaction;
pub mod content;
mod content_tables;
mod fault;
pub mod lookup;
pub mod night_files;
pub mod record_blocks;
pub mod recovery;
pub mod run_to_commit;
pub mod schema;
pub mod segment;
pub mod segment_files;
pub mod tracked;
pub mod upkeep;
