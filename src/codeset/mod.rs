//! Code sets: dated tables of diagnoses and procedures, the maps between them, and what is known of each code.
//!
//! Every question about a code is asked for a day: a code set is chosen by the discharge date, never by today.

pub mod code_index;
#[cfg(test)]
mod conformance;
pub mod describe;
pub mod gem;
pub mod groups;
#[cfg(test)]
mod groups_conformance;
pub mod icd10_who;
pub mod icd9_ranges;
#[cfg(test)]
mod maps_conformance;
pub mod named_codes;
pub mod normalise;
pub mod other_systems;
pub mod provenance;
pub mod readings;
pub mod release;
pub mod search;
pub mod sets;
pub mod site_map;
pub mod table;
pub mod tabular;
