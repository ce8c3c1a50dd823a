//! `chartroom`: a medical-records department as a batch pipeline.

pub mod codeset;
pub mod coding;
pub mod ingest;
pub mod partition;
pub mod problem;
pub mod record;
pub mod run;
