//! Comorbidity of an encounter: Charlson and Elixhauser by the code lists of Quan 2005, and AHRQ's Elixhauser Comorbidity Software Refined.

pub mod account;
pub mod ahrq;
pub mod charlson;
pub mod editions;
pub mod elixhauser;
pub mod encounter;
pub mod index;
pub mod prefix;
pub mod provenance;
pub mod quan;
pub mod tally;
