//! Every test of the command line, the documents and the samples: one binary, one module a subject.

mod pipeline_files;
mod planted_defects;
mod rule_pages;
