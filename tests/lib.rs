//! Every test of the command line, the documents and the samples: one binary, one module a subject.

mod pipeline_files;
mod rule_pages;
