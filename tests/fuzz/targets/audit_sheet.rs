//! An auditor's sheet that comes back.

use std::{cell::OnceCell, collections::BTreeSet};

use chartroom::{coding::audit::score::AuditScore, run::audit::score};

pub fn seeds() -> Vec<Vec<u8>> {
    let heading = "encounter_id,coder,service,stratum,kind,position,system,code,present_on_admission,diagnosis_related_group,\
        audited_code,audited_present_on_admission,audited_diagnosis_related_group,verdict,reason\n";
    [
        format!("{heading}1,anna,MED,all,diagnosis,1,icd10cm,I10,Y,291,,,,agree,\n1,anna,MED,all,diagnosis,2,icd10cm,E119,Y,291,E11.65,Y,,change,not specific\n2,,,,procedure,1,icd10pcs,0DTJ4ZZ,,,,,,delete,no\n"),
        format!("{heading}1,,,,diagnosis,,icd10cm,,,,E119,Y,280,add,missed\n3,bert,SUR,x,diagnosis,1,icd10cm,'=I10,,,,,,,\n").replace(',', ";"),
        "verdict,audited_code,code,kind,encounter_id\nagree,,I10,diagnosis,1\n".to_owned(),
    ]
    .map(String::into_bytes)
    .to_vec()
}

/// A sheet is scored or refused in words; every record of it is counted, unfinished or faulty; a sheet scored again adds no record.
pub fn run(bytes: &[u8]) {
    thread_local!(static FOLDER: OnceCell<tempfile::TempDir> = const { OnceCell::new() });
    // Whole workbooks are the matter of another target.
    if bytes.starts_with(b"PK") || bytes.starts_with(b"\xd0\xcf") {
        return;
    }
    FOLDER.with(|folder| {
        let path = folder.get_or_init(|| tempfile::tempdir().expect("a folder")).path().join("sheet.csv");
        std::fs::write(&path, bytes).expect("written");
        let (mut first, mut known) = (AuditScore::default(), BTreeSet::new());
        match score(&path, &mut first, &mut known) {
            Err(fault) => assert!(!fault.to_string().is_empty()),
            Ok(()) => {
                let mut second = first.clone();
                let scored_again = score(&path, &mut second, &mut known);
                assert!(scored_again.is_ok());
                assert_eq!(first.total, second.total);
                assert_eq!(first.groups, second.groups);
            }
        }
    });
}
