//! Audits of coding: a sample drawn so that anyone can draw it again, the sheet that an auditor fills in, and what the filled-in sheets come to.
//!
//! Plain functions over plain data: reading the coded records and the files is the run's work.

pub mod allocation;
pub mod count;
pub mod sample;
pub mod score;
pub mod sheet;
