//! Every test of the command line, the documents and the samples: one binary, one module a subject.

mod audit;
mod charts;
mod codeset_import;
mod command;
mod comorbidity_oracle;
mod comorbidity_speed;
mod delivery;
mod hostile_inputs;
mod imported_tables;
mod manners;
mod mce_encounters;
mod mce_oracle;
mod odd_inputs;
mod pipeline_files;
mod planted_defects;
mod profiles;
mod readme;
mod registers;
mod repetition;
mod returning_worklist;
mod rule_pages;
mod samples;
mod site_rules;
mod trends;
mod workbook_tables;
