//! Trend edits: the figures of a facility's month against its own twelve months before, and of its coders and attending practitioners against each other.
//!
//! A partition counts integers (`tally`), which are merged; what earlier runs counted comes back as plain rows (`facility_months`). The figures are judged once
//! after all partitions (`judge`), by whole-number arithmetic (`limits`), and the rules are asked of them (`examine`). A month is never judged by itself:
//! with too little history, or too few cases, an edit is not applicable and says why.

pub mod examine;
pub mod facility_months;
pub mod figure;
pub mod judge;
pub mod limits;
pub mod measure;
pub mod settings;
pub mod table;
pub mod tally;
