//! Drafts of layouts.

use std::path::PathBuf;

use super::fault::SourceFault;

pub fn draft(_files: &[PathBuf], _sheet: Option<&str>) -> Result<String, (PathBuf, SourceFault)> {
    Ok(String::new())
}
