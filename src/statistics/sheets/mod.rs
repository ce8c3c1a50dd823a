//! The sheets of the statistics, one a file.

pub mod census;
pub mod chapters;
pub mod charges;
pub mod clinical_groups;
pub mod coders;
pub mod codes;
pub mod control_limits;
pub mod definitions;
pub mod discharges;
pub mod expected;
pub mod groups;
pub mod measures;
pub mod own;
mod printed_code;
pub mod reconciliation;
pub mod stays;
pub mod units;
pub mod weighted;

/// What most sheets are counted of.
pub const POPULATION: &str = "Population: discharges of the period, of every class, without a fatal finding.";
