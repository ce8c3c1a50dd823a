//! The run: the only place that knows every desk.

pub mod account;
pub mod audit;
pub mod code_lists;
pub mod coded_records;
pub mod conformity;
pub mod deliveries;
pub mod document_index;
pub mod examination;
pub mod outputs;
pub mod parquet;
pub mod patients;
pub mod pipeline;
pub mod publication;
pub mod quarantine;
pub mod record_sources;
pub mod releases;
pub mod remembered_months;
pub mod report;
pub mod results;
pub mod retention;
pub mod state;
pub mod stored_records;
pub mod taking;
pub mod trends;
pub mod undecided;
pub mod working_copies;
