//! A layout file.

use chartroom::{ingest::layout::Layout, problem::Problems};

pub fn seeds() -> Vec<Vec<u8>> {
    [
        include_str!("../../../pipelines/layouts/discharge-abstract.toml"),
        include_str!("../../../pipelines/layouts/document-index.toml"),
        "title = \"F\"\ntable = \"encounters\"\ntime_zone = \"America/New_York\"\n[source]\nformat = \"fixed_width\"\nrecord_length = 120\n[columns]\n\
         encounter_id = { start = 1, width = 8 }\ndiagnosis_code = { start = 42, width = 5, repeat = 15, step = 6 }\n\
         procedure_code = { positions = [{ start = 132, width = 7 }, { start = 150, width = 7 }] }\n",
        "title = \"D\"\ntable = \"encounters\"\nmissing = [\"?\"]\n[source]\ndelimiter = \"tab\"\nheader_row = 3\nsheets = \"*\"\n[columns]\n\
         encounter_id = { row_number = true }\nsex = { column = \"SEX\", values = { M = [\"1\"], F = [\"2\"] }, other_values = true }\n\
         age = { column = \"AGE\", unit_column = \"U\", units = { years = \"1\" } }\n\
         admission_date = { column = \"A\", formats = [\"%m/%d/%Y\", \"%d/%m/%Y\"], decided_by = \"month\" }\n\
         discharge_date = { column = \"D\", formats = [\"%m\"], year = 2010 }\ndiagnosis_code = { columns = \"DX{1..25}\", repair = [\"restore_icd9_zeros\"] }\n",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}

/// What is no layout is said, with a place within the file; what is one meets any heading.
pub fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut problems = Problems::default();
    let layout = Layout::parse("layout.toml", &text, &mut problems);
    for problem in problems.sorted() {
        assert!(!problem.message.is_empty());
        if let Some(span) = &problem.span {
            // A problem of an empty file stands at its first letter, which is not there.
            assert!(span.start <= text.len() && span.end <= text.len().max(1), "{problem:?}");
        }
    }
    assert!(layout.is_some() || !problems.is_empty());
    assert!(!problems.render(false).is_empty());
    if let (Some(layout), true) = (layout, problems.is_empty()) {
        for heading in [&[][..], &["", "VISIT_NO"], &["DX1", "DX3", "SEX", "SEX", "AGE", "U"]] {
            let heading: Vec<String> = heading.iter().map(|name| (*name).to_owned()).collect();
            let _ = layout.is_heading(&heading, bytes.len() % 7);
            if let Err(misfit) = layout.bind(&heading) {
                assert!(!misfit.words(1).is_empty());
            }
        }
        layout.feed("feed");
    }
}
