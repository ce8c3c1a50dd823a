//! The section `[deficiency]`: how it is written, what it says when it is checked, and its reader.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    levels::{self, LettersOnWord, LevelSection, LevelSettings},
    matrix::Matrix,
};
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
    /// Delinquent records may be so many percent of the discharges of an average month. Default: 50, an internal standard.
    pub delinquency_limit_percent: Option<u32>,
    /// The steps that clinicians with incomplete records are taken through, the mildest first. Without any there are no letters and no suspensions.
    #[serde(default)]
    pub level: Vec<LevelSection>,
    /// When letters are made. Default: monday. Where no run was made on that day, the next one makes them.
    pub letters_on: Option<LettersOnWord>,
    /// Template of the letter as text; relative to this file. Default: the one that ships.
    pub letter_text: Option<String>,
    /// Template of the letter as a page; relative to this file. Default: the one that ships.
    pub letter_html: Option<String>,
    /// Nobody is suspended before so many days after a first letter, where a level before has one; with the section [store]. Default: 7.
    pub suspension_notice_days: Option<u32>,
    /// An absence of fewer days excuses nobody. Default: 3.
    pub absence_minimum_days: Option<u32>,
    /// So many days after the return are excused too. Default: 3.
    pub absence_grace_days: Option<u32>,
}

/// The settings of the desk.
#[derive(Debug, Clone)]
pub struct DeficiencySettings {
    /// The expected-document matrix.
    pub matrix: Matrix,
    /// Days after discharge from which an incomplete record is delinquent.
    pub delinquent_after_days: i32,
    /// Delinquent records may be so many percent of the discharges of an average month.
    pub delinquency_limit_percent: u64,
    /// Levels, letters and absences of clinicians.
    pub clinicians: LevelSettings,
}

/// Reads the section. `no_documents`: no feed of the pipeline brings documents.
pub fn read(section: &mut Section<'_>, named: &mut NamedFiles<'_>, no_documents: bool) -> Option<DeficiencySettings> {
    let matrix = section.required_text("matrix");
    let delinquent_after_days = section.days("delinquent_after_days").unwrap_or(30);
    let limit = section.number("delinquency_limit_percent", 1..=1000);
    let clinicians = levels::read(section, named);
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
    Some(DeficiencySettings {
        matrix,
        delinquent_after_days,
        delinquency_limit_percent: limit.map_or(50, |limit| limit.value as u64),
        clinicians,
    })
}
