//! Official releases of code sets: files opened, releases stored, and handed to a run.

pub mod import;
pub mod imported;
pub mod opening;
pub mod release_store;
