//! The sheets of the edits.

pub mod conformity;
pub mod rules;
pub mod scorecard;
pub mod trends;
