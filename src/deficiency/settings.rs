//! The section `[deficiency]`: how it is written, what it says when it is checked, and its reader.

use schemars::JsonSchema;
use serde::Deserialize;

use super::matrix::Matrix;
use crate::{
    fs::path::shown,
    problem::{named_files::NamedFiles, reader::Section},
};

/// Chart deficiencies.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Deficiency")]
#[serde(deny_unknown_fields)]
pub struct DeficiencySection {
    /// Expected-document matrix: the name of a file in `matrices/` beside this file, or a path ending in .toml.
    pub matrix: String,
    /// Days after discharge from which an incomplete record is delinquent. Default: 30.
    pub delinquent_after_days: Option<u32>,
}

/// The settings of the desk.
#[derive(Debug, Clone)]
pub struct DeficiencySettings {
    /// The expected-document matrix.
    pub matrix: Matrix,
    /// Days after discharge from which an incomplete record is delinquent.
    pub delinquent_after_days: i32,
}

/// Reads the section. `no_documents`: no feed of the pipeline brings documents.
pub fn read(section: &mut Section<'_>, named: &mut NamedFiles<'_>, no_documents: bool) -> Option<DeficiencySettings> {
    let matrix = section.required_text("matrix");
    let delinquent_after_days = section.days("delinquent_after_days").unwrap_or(30);
    if no_documents {
        let span = section.span.clone();
        section.problem(
            "contradiction",
            span,
            "chart deficiencies are asked for, but no section [[ingest]] brings documents",
            Some(
                "add the document index, a feed whose layout has table = \"documents\", or leave [deficiency] out"
                    .to_owned(),
            ),
        );
    }
    let matrix = matrix?;
    let path = named.path("matrices", &matrix.value);
    let text = named.text(section, &matrix, &path, "expected-document matrix")?;
    let matrix = Matrix::parse(&shown(&path), &text, section.problems())?;
    Some(DeficiencySettings { matrix, delinquent_after_days })
}
