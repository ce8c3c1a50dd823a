//! The vocabulary every desk speaks: fields of the data dictionary, dates, periods, value lists, codes and findings.
//!
//! Nothing here reads a file or knows a desk.

pub mod account;
pub mod age_band;
pub mod bounded;
pub mod cell;
pub mod code;
pub mod constant;
pub mod date;
pub mod date_format;
pub mod delivery;
pub mod diagnosis_kinds;
pub mod discharge_status;
pub mod editor_flags;
pub mod field;
pub mod finding;
pub mod life;
pub mod line_fault;
pub mod line_of_text;
pub mod listed;
pub mod long_text;
pub mod month;
pub mod partial_date;
pub mod period;
pub mod race;
pub mod record_set;
pub mod scientific;
pub mod shown;
pub mod state;
pub mod subject;
pub mod take_away;
pub mod time_zone;
pub mod vocabulary;
