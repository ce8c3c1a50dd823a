//! Coding: every diagnosis and procedure normalised, judged on the day of discharge, mapped where the pipeline asks, and grouped.

pub mod account;
pub mod audit;
pub mod comorbidity;
pub mod frequency;
pub mod judge;
pub mod mapping;
pub mod settings;
pub mod sheets;
pub mod tally;
pub mod worklist;
