//! `chartroom`: a medical-records department as a batch pipeline.

pub mod archive;
pub mod codeset;
pub mod fs;
pub mod ingest;
pub mod partition;
pub mod record;
pub mod run;
