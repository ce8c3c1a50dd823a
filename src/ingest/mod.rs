//! Exports in: files to canonical rows.

pub mod account;
pub mod block;
mod column_name;
pub mod decode;
pub mod delimited;
pub mod draft;
pub mod fault;
pub mod fixed_width;
pub mod heading;
pub mod input_file;
pub mod inputs;
pub mod layout;
pub mod place;
pub mod quarantine;
mod repair;
pub mod run_sheet;
pub mod sniff;
pub mod tables;
pub mod take;
pub mod workbook;
pub mod workbook_guard;
pub mod zip_folder;
