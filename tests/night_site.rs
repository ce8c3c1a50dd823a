//! The site whose nights are walked and attacked: what its pipeline file names, but for the discharges, and an empty inbox.

use std::{fs, path::Path};

/// Layout of the discharges of one facility.
pub const DISCHARGES: &str = r#"
title = "Discharges"
table = "encounters"
[columns]
encounter_id = "STAY"
patient_id = "PATIENT"
admission_date = { column = "ADMITTED", formats = ["%Y-%m-%d"] }
discharge_date = { column = "DISCHARGED", formats = ["%Y-%m-%d"] }
birth_date = { column = "BORN", formats = ["%Y-%m-%d"] }
sex = "SEX"
discharge_status = "STATUS"
attending_name = "ATTENDING"
"#;
/// Heading of such discharges, with what is to become of the record.
pub const STAYS: &str = "STAY,PATIENT,ADMITTED,DISCHARGED,BORN,SEX,STATUS,ATTENDING,ACTION\n";
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
