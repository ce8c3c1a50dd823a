//! What a draft states and asks of code systems: told by the codes, never by a heading alone.

use crate::drafts::{asked, draft, fact, table};

#[test]
fn the_code_system_is_stated_where_the_codes_prove_it_and_the_days_do_not_imply_it() {
    let of = |heading: &str, row: &dyn Fn(usize) -> String| draft("export.csv", &table(heading, 60, row));
    let icd9 = ["4019", "4280", "25000", "41401", "V1582", "486", "0389"];
    let found = of("HADM_ID,SEQ_NUM,ICD9_CODE", &|row| format!("{row},1,{}", icd9[row % 7]));
    assert_eq!(fact(&found, "diagnosis_revision"), Some("{ constant = \"icd9cm\" }"), "{found}");
    assert!(found.contains("60 of 60 codes fit ICD-9-CM (100%), 0 of 60 codes fit ICD-10-CM (0%)"), "{found}");
    let mostly = |row: usize| if row == 7 { "S72141A" } else { icd9[row % 7] };
    let found = of("HADM_ID,SEQ_NUM,ICD9_CODE", &|row| format!("{row},1,{}", mostly(row)));
    assert!(found.contains("59 of 60 codes fit ICD-9-CM (98%), 1 of 60 codes fit ICD-10-CM (1%)"), "{found}");
    let found = of("HADM_ID,SEQ_NUM,PROC", &|row| format!("{row},1,{}", ["3995", "9604", "5491"][row % 3]));
    assert!(found.contains("60 of 60 codes fit ICD-9-CM (100%), 0 of 60 codes fit ICD-10-PCS (0%)"), "{found}");
    let cm = ["S72141A", "I10", "E1165", "J441", "Z794"];
    let found = of("encounter_id,seq,dx", &|row| format!("{row},1,{}", cm[row % 5]));
    assert_eq!(fact(&found, "diagnosis_revision"), Some("{ constant = \"icd10cm\" }"), "{found}");
    // Days after September 2015 imply it.
    let found = of("visit_id,discharge_date,DX1,DX2", &|row| format!("{row},2024-03-02,{},I10", cm[row % 5]));
    assert!(!found.contains("diagnosis_revision"), "{found}");
    // The same days under codes of the revision before do not.
    let found = of("visit_id,discharge_date,DX1,DX2", &|row| format!("{row},2164-03-02,{},25000", icd9[row % 7]));
    assert_eq!(fact(&found, "diagnosis_revision"), Some("{ constant = \"icd9cm\" }"), "{found}");
    let who = ["I64", "E149", "A099", "O809", "I849", "J189", "N390", "K359", "J180", "O800"];
    let found = of("N_AIH,DT_SAIDA,DIAG_PRINC", &|row| format!("{row},20100305,{}", who[row % 10]));
    assert_eq!(fact(&found, "diagnosis_revision"), Some("{ constant = \"icd10\" }"), "{found}");
    let found = of("encounter_id,seq,dx", &|row| format!("{row},1,{}", ["4019", "E1165", "4280", "S72141A"][row % 4]));
    assert_eq!(fact(&found, "diagnosis_revision"), None, "{found}");
    assert_eq!(asked(&found, "diagnosis_revision").len(), 2, "{found}");
    let found =
        of("encounter_id,proc_seq,procedure_code", &|row| format!("{row},1,{}", ["99213", "36415", "J1100"][row % 3]));
    assert_eq!(fact(&found, "procedure_revision"), None, "{found}");
    assert!(asked(&found, "procedure_revision").contains(&"{ constant = \"cpt\" }"), "{found}");
}

#[test]
fn codes_of_every_system_are_seen_and_asked_about_whatever_their_column_is_called() {
    let who = ["A17.0\u{2020}", "G01*", "E10.3+", "H36.0*", "B95.6!", "I64", "J18.0"];
    let text = table("case_no,icd_main,icd2,sex", 70, |row| format!("{row},{},{},F", who[row % 7], who[(row + 2) % 7]));
    let found = draft("who.csv", &text);
    assert_eq!(fact(&found, "diagnosis_code"), Some("{ columns = [\"icd_main\", \"icd2\"] }"), "{found}");
    assert_eq!(fact(&found, "diagnosis_revision"), Some("{ constant = \"icd10\" }"), "{found}");
    // Items for payment, by the name of their list or none.
    for name in ["HCPCS", "procs", "cpt_code"] {
        let text =
            table(&format!("visit_id,{name}"), 40, |row| format!("{row},{}", ["J1885", "G0008", "99213"][row % 3]));
        let found = draft("items.csv", &text);
        assert_eq!(fact(&found, "procedure_code"), Some(quoted(name).as_str()), "{found}");
        assert!(asked(&found, "procedure_revision").contains(&"{ constant = \"hcpcs\" }"), "{found}");
    }
    let text = table("visit_id,CPT1,CPT2,DIAG1,DIAG2", 40, |row| format!("{row},99213,36415,44054006,22298006"));
    let found = draft("numbered.csv", &text);
    assert_eq!(fact(&found, "procedure_code"), Some("{ columns = \"CPT{1..2}\" }"), "{found}");
    assert_eq!(fact(&found, "diagnosis_revision"), Some("{ constant = \"snomed\" }"), "{found}");
    // 0016070 of ICD-10-PCS is all digits, and a spreadsheet takes it for a number.
    let pcs = ["30233N1", "0DTJ4ZZ", "5A1955Z", "16070"];
    let text = table("visit_id,discharge_date,PX1", 60, |row| format!("{row},2026-01-02,{}", pcs[row % 4]));
    let found = draft("pcs.csv", &text);
    let line = fact(&found, "procedure_code").unwrap_or_else(|| panic!("{found}"));
    assert!(line.contains("restore_icd9_zeros") && found.contains("NOTE: 15 codes of ICD-10-PCS"), "{found}");
    // The days imply ICD-9-CM; how far the codes fit each revision is told where zeros are given back.
    let icd9 = ["4019", "38", "25000", "486"];
    let text = table("visit_id,discharge_date,DX1", 60, |row| format!("{row},2010-01-02,{}", icd9[row % 4]));
    let found = draft("icd9.csv", &text);
    assert!(found.contains("NOTE: 60 of 60 codes fit ICD-9-CM (100%), 0 of 60 codes fit ICD-10-CM (0%)."), "{found}");
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

#[test]
fn one_column_of_the_revision_is_taken_for_all_codes_of_a_wide_row() {
    let codes = [["4019", "25000", "9904"], ["I10", "E1165", "30233N1"]];
    let text = table("visit_id,discharge_date,icd_version,DX1,DX2,PR1", 60, |row| {
        let [first, second, procedure] = codes[row % 2];
        format!("{row},2015-{:02}-02,{},{first},{second},{procedure}", row % 12 + 1, 9 + row % 2)
    });
    let found = draft("stays.csv", &text);
    let revision = |procedures: &str| format!("{{ column = \"icd_version\", values = {procedures} }}");
    let of_diagnoses = revision("{ icd10cm = \"10\", icd9cm = \"9\" }");
    assert_eq!(fact(&found, "diagnosis_revision"), Some(of_diagnoses.as_str()), "{found}");
    let of_procedures = revision("{ icd10pcs = \"10\", icd9pcs = \"9\" }");
    assert_eq!(fact(&found, "procedure_revision"), Some(of_procedures.as_str()), "{found}");
}
