//! The site whose nights are walked and attacked: what its pipeline file names, but for the discharges, and an empty inbox.

use std::{fs, path::Path};

const DIAGNOSES: &str = r#"
title = "Diagnoses"
table = "diagnoses"
[columns]
encounter_id = "STAY"
diagnosis_sequence = "POSITION"
diagnosis_code = "CODE"
"#;
const DOCUMENTS: &str = r#"
title = "Document index"
table = "documents"
[columns]
document_id = "DOCUMENT"
encounter_id = "STAY"
document_type = "TYPE"
document_author = "AUTHOR"
signed_at = { column = "SIGNED", formats = ["%Y-%m-%d"] }
"#;
const CHARTS: &str = r#"
title = "Charts"
[[expect]]
document = "discharge_summary"
died = false
due_days = 30
due_from = "discharge"
citation = "42 CFR 482.24(c)(4)(vii)"
"#;

/// Makes it in a folder, with a pipeline file and a layout of the discharges.
pub fn make(folder: &Path, pipeline: &str, discharges: &str) {
    fs::create_dir_all(folder.join("inbox")).expect("made");
    for (name, text) in [
        ("night.toml", pipeline),
        ("discharges.toml", discharges),
        ("diagnoses.toml", DIAGNOSES),
        ("documents.toml", DOCUMENTS),
        ("charts.toml", CHARTS),
    ] {
        fs::write(folder.join(name), text).expect("written");
    }
}
