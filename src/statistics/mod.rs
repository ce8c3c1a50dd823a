//! Statistics: measures with numerator, denominator and definition; the workbook and the same content as text.

pub mod arithmetic;
pub mod board;
pub mod case_mix;
pub mod census;
pub mod clinical_groups;
pub mod code_counts;
pub mod coders;
pub mod expected;
pub mod hospital_days;
pub mod labels;
pub mod measure_base;
pub mod measure_list;
pub mod measured_records;
pub mod measures;
pub mod own_sheet;
pub mod partition_tally;
pub mod place;
pub mod readmissions;
pub mod reconciliation;
pub mod settings;
pub mod sheets;
pub mod survey;
pub mod tally;
pub mod weighted;
