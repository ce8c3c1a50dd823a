//! `chartroom`: a medical-records department as a batch pipeline.

pub mod codeset;
pub mod ingest;
pub mod partition;
pub mod record;
pub mod run;
