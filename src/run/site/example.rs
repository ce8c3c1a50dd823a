//! The example records of a new site: five invented stays whose charts are complete. No record is a real person's.
//!
//! Their days lie before the day of `chartroom init`, so that a first run finds the stays of the last days, and nothing in it is late or in the future. Codes are
//! those of every year of ICD-10-CM and ICD-10-PCS.

use crate::{edits::mce::days::LAST, record::date::Day};

/// A stay. Days count back from the newest day.
struct Stay {
    number: &'static str,
    patient: &'static str,
    /// Days of the stay, and days from its discharge to the newest day.
    days: i32,
    ended: i32,
    /// Age at admission in years; a newborn is born on the day of admission.
    age: i32,
    is_newborn: bool,
    sex: &'static str,
    payer: &'static str,
    service: &'static str,
    /// Type and point of origin of the admission, status of the discharge (UB-04, form locators 14, 15 and 17).
    how: [&'static str; 3],
    charges: &'static str,
    practitioner: (&'static str, &'static str),
    /// Codes with their present-on-admission marks.
    diagnoses: [(&'static str, &'static str); 3],
    /// An operation on the second day.
    procedure: &'static str,
    is_operation: bool,
}

const ALVAREZ: (&str, &str) = ("1200000010", "ALVAREZ, R");
const BENNETT: (&str, &str) = ("1200000028", "BENNETT, S");

const STAYS: [Stay; 5] = [
    Stay {
        number: "EXAMPLE1",
        patient: "9000001",
        days: 4,
        ended: 1,
        age: 71,
        is_newborn: false,
        sex: "F",
        payer: "MC",
        service: "MED",
        how: ["1", "1", "01"],
        charges: "18450.00",
        practitioner: ALVAREZ,
        diagnoses: [("J189", "Y"), ("I10", "Y"), ("E119", "Y")],
        procedure: "",
        is_operation: false,
    },
    Stay {
        number: "EXAMPLE2",
        patient: "9000002",
        days: 2,
        ended: 1,
        age: 48,
        is_newborn: false,
        sex: "M",
        payer: "CI",
        service: "SURG",
        how: ["3", "1", "01"],
        charges: "26310.50",
        practitioner: BENNETT,
        diagnoses: [("K8000", "Y"), ("I10", "Y"), ("", "")],
        procedure: "0FT44ZZ",
        is_operation: true,
    },
    Stay {
        number: "EXAMPLE3",
        patient: "9000003",
        days: 3,
        ended: 0,
        age: 82,
        is_newborn: false,
        sex: "M",
        payer: "MC",
        service: "MED",
        how: ["1", "1", "06"],
        charges: "15275.00",
        practitioner: ALVAREZ,
        diagnoses: [("N390", "Y"), ("E871", "Y"), ("I10", "Y")],
        procedure: "",
        is_operation: false,
    },
    Stay {
        number: "EXAMPLE4",
        patient: "9000004",
        days: 2,
        ended: 0,
        age: 29,
        is_newborn: false,
        sex: "F",
        payer: "BL",
        service: "OB",
        how: ["1", "1", "01"],
        charges: "9120.00",
        practitioner: BENNETT,
        diagnoses: [("O80", "1"), ("Z370", "1"), ("Z3A39", "1")],
        procedure: "10E0XZZ",
        is_operation: false,
    },
    Stay {
        number: "EXAMPLE5",
        patient: "9000005",
        days: 2,
        ended: 0,
        age: 0,
        is_newborn: true,
        sex: "F",
        payer: "BL",
        service: "NB",
        how: ["4", "5", "01"],
        charges: "3140.00",
        practitioner: BENNETT,
        diagnoses: [("Z3800", "1"), ("", ""), ("", "")],
        procedure: "",
        is_operation: false,
    },
];

/// The newest day of the records: the day before `as_of`, but not after the last day that the shipped tables of codes and of the Medicare Code Editor know.
pub fn newest_day(as_of: Day) -> Day {
    Day(as_of.0 - 1).min(LAST)
}

impl Stay {
    fn discharge(&self, newest: Day) -> Day {
        Day(newest.0 - self.ended)
    }

    fn admission(&self, newest: Day) -> Day {
        Day(self.discharge(newest).0 - self.days)
    }

    /// A birthday in the middle of a month at least a month before the admission, so that the age is the same on every day of the stay.
    fn birth(&self, newest: Day) -> Day {
        let admission = self.admission(newest);
        if self.is_newborn {
            return admission;
        }
        let (year, month, _) = Day(admission.0 - 60).ymd();
        Day::from_ymd(year - self.age, month, 15).unwrap_or(admission)
    }

    fn operated(&self, newest: Day) -> Day {
        let admission = self.admission(newest);
        if self.is_operation { Day(admission.0 + 1) } else { admission }
    }
}

/// The discharge abstracts, as `layouts/discharge-abstract.toml` reads them.
pub fn discharges(newest: Day) -> String {
    let mut text = "record_id,patient_id,facility_id,admit_date,discharge_date,birth_date,age,sex,zip,payer,admit_type,admit_source,discharge_status,service,total_charges,attending_npi,attending_name,DX1,POA1,DX2,POA2,DX3,POA3,PR1,PRDATE1\n".to_owned();
    for stay in &STAYS {
        let days = [stay.admission(newest), stay.discharge(newest), stay.birth(newest)].map(|day| day.to_string());
        let operated = if stay.procedure.is_empty() { String::new() } else { stay.operated(newest).to_string() };
        let diagnoses = stay.diagnoses.map(|(code, mark)| format!("{code},{mark}")).join(",");
        let (npi, name) = stay.practitioner;
        text.push_str(&format!(
            "{},{},0001,{},{},{},19901,{},{},{},{},{npi},\"{name}\",{diagnoses},{},{operated}\n",
            stay.number,
            stay.patient,
            days.join(","),
            stay.age,
            stay.sex,
            stay.payer,
            stay.how.join(","),
            stay.service,
            stay.charges,
            stay.procedure
        ));
    }
    text
}

/// The document index, as `layouts/document-index.toml` reads it: what the matrix expects of each chart, written and signed in time.
pub fn documents(newest: Day) -> String {
    let mut text =
        "document_id,record_id,type,author,cosigner,event_at,dictated_at,transcribed_at,signed_at,cosigned_at,characters\n"
            .to_owned();
    let mut number = 0;
    for stay in &STAYS {
        let mut document = |kind: &str, event: &str, day: Day| {
            number += 1;
            text.push_str(&format!(
                "EXAMPLE-D{number:02},{},{kind},\"{}\",,{event},{day} 11:00,{day} 12:00,{day} 14:00,,1800\n",
                stay.number, stay.practitioner.1
            ));
        };
        document("history_and_physical", "", stay.admission(newest));
        if stay.is_operation {
            let day = stay.operated(newest);
            let event = format!("{day} 10:00");
            document("anesthesia_evaluation", &event, day);
            document("operative_report", &event, day);
        }
        document("discharge_summary", "", stay.discharge(newest));
    }
    text
}
