//! The sheets of coding.

pub mod codes;
pub mod comorbidity;
