//! The two pure examinations, by partition and by patient, and what comes of them as plain data.

pub mod at_rest;
pub mod by_month;
pub mod columns;
pub mod desks;
pub mod outcome;
pub mod partition;
pub mod patient;
pub mod record_findings;
mod undecided;
