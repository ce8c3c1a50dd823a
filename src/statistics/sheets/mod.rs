//! The sheets of the statistics, one a file.

pub mod chapters;
pub mod clinical_groups;
pub mod coders;
pub mod codes;
pub mod definitions;
pub mod discharges;
pub mod groups;
mod printed_code;
pub mod stays;
