//! Every test of the command line, the documents and the samples: one binary, one module a subject.

mod codeset_import;
mod command;
mod hostile_inputs;
mod manners;
mod pipeline_files;
mod planted_defects;
mod readme;
mod repetition;
mod rule_pages;
mod samples;
