//! What a layout states has its effect on every field that takes it, and is refused on every other: nothing is passed over in silence.

use crate::{
    ingest::{
        delimited::{Dialect, RawChunk, split},
        layout::Layout,
        place::place,
    },
    partition::{
        decode::{Patients, decode},
        encounter::Encounter,
    },
    problem::Problems,
    record::{
        cell::Cell,
        field::{CanonicalTable, DICTIONARY, Field},
    },
    rows::slot::Feed,
};

fn parse(table: &str, columns: &str) -> Result<Layout, Vec<&'static str>> {
    let text = format!("title = \"x\"\ntable = \"{table}\"\nmissing = \"NA\"\n[columns]\n{columns}");
    let mut problems = Problems::default();
    let layout = Layout::parse("a.toml", &text, &mut problems);
    let codes: Vec<&str> = problems.sorted().iter().map(|problem| problem.code).collect();
    // Every refusal says where: a caret stands beneath the text.
    assert!(codes.is_empty() || problems.render(false).contains('^'), "{}", problems.render(false));
    layout.ok_or(codes)
}

/// The canonical rows of a text under a layout, as feed `index`.
fn placed(layout: &Layout, feed: &Feed, index: u8, header: &[&str], text: &str) -> Vec<u8> {
    let header: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
    let chunk = RawChunk { text: text.as_bytes().to_vec(), first_line: 2 };
    let block = split(chunk, Dialect { delimiter: b';', quote: b'"' }, header.len());
    assert!(block.rejected.is_empty(), "{:?}", block.rejected);
    let mut rows = Vec::new();
    place(&block, &layout.bind(&header).expect("bound").placement, feed, index, 0, &mut rows);
    rows
}

/// Reads one row of encounters and hands it on.
fn read<T>(columns: &str, header: &[&str], text: &str, look: impl FnOnce(&Encounter<'_>) -> T) -> T {
    let layout = parse("encounters", columns).unwrap_or_else(|codes| panic!("{codes:?} of {columns}"));
    let feeds = [layout.feed("x")];
    let rows = placed(&layout, &feeds[0], 0, header, text);
    let nobody = Patients::default();
    look(&decode(&rows, &feeds, &nobody).encounters()[0])
}

/// The value of a field of an encounter as text.
fn shown(encounter: &Encounter<'_>, field: Field) -> String {
    fn listed<T: std::fmt::Debug>(cell: Cell<T>) -> String {
        format!("{cell:?}")
    }
    match field {
        Field::EncounterId => encounter.encounter_id.to_owned(),
        Field::PatientId => encounter.patient_id.to_owned(),
        Field::MedicalRecordNumber => encounter.medical_record_number.to_owned(),
        Field::SocialSecurityNumber => encounter.social_security_number.to_owned(),
        Field::FacilityId => encounter.facility_id.to_owned(),
        Field::EncounterClass => encounter.encounter_class.to_owned(),
        Field::Service => encounter.service.to_owned(),
        Field::AdmissionDate => listed(encounter.admission_date),
        Field::DischargeDate => listed(encounter.discharge_date),
        Field::BirthDate => listed(encounter.birth_date),
        Field::DeathDate => listed(encounter.death_date),
        Field::DeathFlag => listed(encounter.death_flag),
        Field::Age => listed(encounter.stated_age),
        Field::AgeBand => format!("{} {:?}", encounter.age_band_text, encounter.age_band),
        Field::ReferenceAge => listed(encounter.reference_age),
        Field::ReferenceYear => listed(encounter.reference_year),
        Field::Sex => listed(encounter.sex),
        Field::Race => format!("{} {}", encounter.race, encounter.unlisted.race),
        Field::Ethnicity => format!("{} {}", encounter.ethnicity, encounter.unlisted.ethnicity),
        Field::ZipCode => encounter.zip_code.to_owned(),
        Field::State => encounter.state.to_owned(),
        Field::County => encounter.county.to_owned(),
        Field::Payer => encounter.payer.value().unwrap_or("unreadable").to_owned(),
        Field::AdmissionType => listed(encounter.admission_type),
        Field::PointOfOrigin => listed(encounter.point_of_origin),
        Field::DischargeStatus => listed(encounter.discharge_status),
        Field::DiagnosisRelatedGroup => encounter.diagnosis_related_group.to_owned(),
        Field::TotalCharges => listed(encounter.total_charges),
        Field::BirthWeight => listed(encounter.birth_weight_grams),
        Field::LengthOfStay => listed(encounter.stated_length_of_stay),
        Field::PlannedReadmission => listed(encounter.planned_readmission),
        Field::AttendingNpi => encounter.attending_npi.to_owned(),
        Field::AttendingName => encounter.attending_name.to_owned(),
        Field::OperatingNpi => encounter.operating_npi.to_owned(),
        Field::EmployerName => encounter.employer_name.to_owned(),
        Field::Coder => encounter.coder.to_owned(),
        Field::Weight => encounter.weight.to_owned(),
        Field::CodedDate => listed(encounter.coded_date),
        Field::AdmittingDiagnosis => encounter.admitting_diagnosis.to_owned(),
        Field::DiagnosisCode => encounter.diagnoses[0].raw.to_owned(),
        Field::DiagnosisRevision => encounter.diagnoses[0].other_system.to_owned(),
        Field::DiagnosisText => encounter.diagnoses[0].text.to_owned(),
        Field::PresentOnAdmission => listed(encounter.diagnoses[0].present_on_admission),
        Field::ProcedureCode => encounter.procedures[0].raw.to_owned(),
        Field::ProcedureRevision => encounter.procedures[0].other_system.to_owned(),
        Field::ProcedureText => encounter.procedures[0].text.to_owned(),
        Field::ProcedureDate => listed(encounter.procedures[0].date),
        Field::SurgeonNpi => encounter.procedures[0].surgeon_npi.to_owned(),
        _ => panic!("{} is no field of a row of encounters", field.name()),
    }
}

/// What a layout states of a column, a text, and the text that is read like it under a layout that states nothing.
const STATEMENTS: [(&str, &[&str]); 5] = [
    ("repair = \"upper_case\"", &["m", "y", "ab", "d"]),
    ("repair = \"pad_zeros\"", &["1", "64", "1234"]),
    ("repair = \"pad_zeros\", padded_width = 8", &["1051950"]),
    (
        "values = { M = \"q1\", Y = \"q2\", \"2026-10-05\" = \"q3\", 7 = \"q4\", 01 = \"q5\", 1 = \"q6\" }",
        &["q1", "q2", "q3", "q4", "q5", "q6", "Q5"],
    ),
    ("values = [\"A\"]", &["B", "M", "Y", "2026-10-05", "7", "01", "1"]),
];

#[test]
fn what_a_layout_may_state_of_a_column_changes_what_is_read() {
    let mut refused = 0;
    for entry in DICTIONARY.iter().filter(|entry| entry.field.stands_in(CanonicalTable::Encounters)) {
        let (field, name) = (entry.field, entry.name);
        // A revision is that of a code: without one there is no place to show it.
        let key = match field {
            Field::EncounterId => "",
            Field::DiagnosisRevision => "encounter_id = \"ID\"\ndiagnosis_code = \"C\"\n",
            Field::ProcedureRevision => "encounter_id = \"ID\"\nprocedure_code = \"C\"\n",
            _ => "encounter_id = \"ID\"\n",
        };
        for (statement, texts) in STATEMENTS {
            let columns = format!("{key}{name} = {{ column = \"A\", {statement} }}\n");
            match parse("encounters", &columns) {
                Err(codes) => {
                    assert!(
                        codes.iter().all(|code| matches!(*code, "no-effect" | "bad-revision")),
                        "{codes:?} of {columns}"
                    );
                    refused += 1;
                }
                Ok(_) => {
                    let plain = format!("{key}{name} = {{ column = \"A\" }}\n");
                    let differs = texts.iter().any(|text| {
                        let look = |columns: &str| {
                            let row = format!("1;{text};J189\n");
                            read(columns, &["ID", "A", "C"], &row, |encounter| shown(encounter, field))
                        };
                        look(&columns) != look(&plain)
                    });
                    let dated = statement.contains("padded_width")
                        && entry.kind == crate::record::field::FieldType::Date
                        || statement.contains("padded_width") && entry.kind == crate::record::field::FieldType::Moment;
                    assert!(differs || dated, "{statement} has no effect on {name}");
                }
            }
        }
    }
    assert!(refused > 50, "{refused} refused");
}

#[test]
fn a_date_that_lost_its_zero_is_read_where_its_width_is_stated() {
    let columns = "encounter_id = \"ID\"\nbirth_date = { column = \"A\", formats = [\"%m%d%Y\"], repair = \"pad_zeros\", padded_width = 8 }\n";
    let born = read(columns, &["ID", "A"], "1;1051950\n", |encounter| {
        (encounter.birth_date.value().map(|day| day.to_string()), encounter.raw(Field::BirthDate, 0).to_owned())
    });
    assert_eq!(born, (Some("1950-01-05".to_owned()), "1051950".to_owned()), "the raw text stays for the findings");
}

#[test]
fn repairs_and_translations_hold_for_keys_too() {
    let stays = parse("encounters", "encounter_id = { column = \"ID\", repair = \"pad_zeros\", padded_width = 4 }\npatient_id = { column = \"MRN\", values = { P1 = \"x1\" }, other_values = true }\n").expect("a layout");
    let codes = parse("diagnoses", "encounter_id = { column = \"ID\", repair = \"pad_zeros\", padded_width = 4 }\ndiagnosis_sequence = \"SEQ\"\ndiagnosis_code = \"DX\"\n").expect("a layout");
    let people = parse("patients", "patient_id = \"MRN\"\nsex = \"SEX\"\n").expect("a layout");
    let feeds = [stays.feed("stays"), codes.feed("codes"), people.feed("people")];
    let mut patients = Patients::default();
    patients.given = true;
    let rows = placed(&people, &feeds[2], 2, &["MRN", "SEX"], "=\"P1\";F\n");
    patients.add(crate::rows::row::Row::first(&rows).expect("a row"));
    let mut rows = placed(&stays, &feeds[0], 0, &["ID", "MRN"], "=\"12\";\u{a0}X1\u{a0}\n");
    rows.extend(placed(&codes, &feeds[1], 1, &["ID", "SEQ", "DX"], "0012;2.0;I10\n12;1.0;E119\n"));
    let decoded = decode(&rows, &feeds, &patients);
    let encounters = decoded.encounters();
    assert_eq!((encounters.len(), decoded.orphans.len()), (1, 0));
    assert_eq!((encounters[0].encounter_id, encounters[0].patient_id), ("0012", "P1"));
    assert_eq!(encounters[0].raw(Field::PatientId, 0), "\u{a0}X1\u{a0}");
    assert!(!encounters[0].patient_unknown && encounters[0].sex.value().is_some());
    let codes: Vec<_> = encounters[0].diagnoses.iter().map(|diagnosis| (diagnosis.position, diagnosis.raw)).collect();
    assert_eq!(codes, [(1, "E119"), (2, "I10")], "a sequence of an export of numbers: 1.0");
}

#[test]
fn constants_hold_for_every_row_of_every_table() {
    let stays = parse("encounters", "encounter_id = \"ID\"\ndiagnosis_code = { columns = \"DX{1..2}\" }\npresent_on_admission = { constant = \"Y\" }\nprocedure_code = { columns = \"PR{1..2}\" }\nprocedure_date = { constant = \"2026-10-05\" }\nsurgeon_npi = { constant = \"1234567893\" }\nadmission_type = { constant = \"3\" }\n").expect("a layout");
    let codes = parse("diagnoses", "encounter_id = \"ID\"\ndiagnosis_code = \"DX\"\npresent_on_admission = { constant = \"N\" }\ndiagnosis_sequence = { constant = \"3\" }\ndiagnosis_text = { constant = \"as told\" }\n").expect("a layout");
    let documents = parse("documents", "encounter_id = \"ID\"\ndocument_type = { constant = \"history_and_physical\" }\nsigned_at = { constant = \"2026-10-06\" }\ndocument_author = \"BY\"\n").expect("a layout");
    let feeds = [stays.feed("stays"), codes.feed("codes"), documents.feed("documents")];
    let mut rows = placed(&stays, &feeds[0], 0, &["ID", "DX1", "DX2", "PR1", "PR2"], "1;I10;E119;0DTJ4ZZ;\n");
    rows.extend(placed(&codes, &feeds[1], 1, &["ID", "DX"], "1;J189\n"));
    rows.extend(placed(&documents, &feeds[2], 2, &["ID", "BY"], "1;Dr A\n"));
    let nobody = Patients::default();
    let decoded = decode(&rows, &feeds, &nobody);
    let encounter = &decoded.encounters()[0];
    let diagnoses: Vec<_> = encounter
        .diagnoses
        .iter()
        .map(|diagnosis| {
            (diagnosis.position, diagnosis.present_on_admission.value().map(|mark| mark.letter()), diagnosis.text)
        })
        .collect();
    assert_eq!(diagnoses, [(1, Some("Y"), ""), (2, Some("Y"), ""), (3, Some("N"), "as told")]);
    assert_eq!(encounter.procedures.len(), 1);
    assert_eq!(
        encounter.procedures[0].date.value().map(|moment| moment.day.to_string()).as_deref(),
        Some("2026-10-05")
    );
    assert_eq!(encounter.procedures[0].surgeon_npi, "1234567893");
    assert_eq!(encounter.admission_type.value().map(|kind| kind.0), Some(b'3'));
    assert_eq!(encounter.documents[0].document_type, "history_and_physical");
    assert_eq!(
        encounter.documents[0].signed_at.value().map(|moment| moment.day.to_string()).as_deref(),
        Some("2026-10-06")
    );
}

#[test]
fn what_has_no_effect_is_refused() {
    let of = |columns: &str| {
        parse("encounters", &format!("encounter_id = \"ID\"\n{columns}\n"))
            .expect_err(&format!("{columns} is accepted"))
    };
    for columns in [
        "patient_id = { column = \"A\", repair = \"pad_zeros\" }",
        "patient_id = { column = \"A\", padded_width = 8 }",
        "admitting_diagnosis = { column = \"A\", repair = \"restore_icd9_zeros\" }",
        "service = { column = \"A\", values = [\"MED\"] }",
        "patient_name = { column = \"A\", values = { A = \"B\" } }",
        "diagnosis_code = { column = \"A\", values = { I10 = \"x\" } }",
        "sex = { column = \"A\", unit = \"days\" }",
        "sex = { column = \"A\", other_values = true }",
        "sex = { column = \"A\", decimal = \",\" }",
        "sex = { columns = \"A{1..2}\" }",
        "sex = { constant = \"M\", optional = true }",
        "sex = { constant = \"M\", values = { M = \"1\" } }",
        "birth_date = { column = \"A\", two_digit_years_from = 1930 }",
        "diagnosis_code = { constant = \"I10\" }",
        "diagnosis_sequence = \"A\"",
    ] {
        assert!(of(columns).contains(&"no-effect"), "{columns}");
    }
    assert_eq!(of("sex = { constant = \"male\" }"), ["bad-constant"]);
    assert_eq!(of("birth_date = { constant = \"10/05/1950\" }"), ["bad-constant"]);
    assert_eq!(of("birth_date = { column = \"A\", formats = [\"%m/%d/%Y\", \"%d/%m/%Y\"] }"), ["ambiguous-date"]);
    parse(
        "encounters",
        "encounter_id = \"ID\"\nbirth_date = { column = \"A\", formats = [\"%m/%d/%Y\", \"%m/%d/%Y %H:%M\"] }\n",
    )
    .expect("one order of day and month");
}

#[test]
fn case_is_ignored_in_a_map_unless_two_of_its_texts_differ_by_it_alone() {
    let columns = "encounter_id = \"ID\"\nrace = { column = \"A\", values = { white = [\"W\", \"Weiß\"], asian = \"a\", other = \"A\" } }\n";
    for (text, race) in [
        ("w", "white"),
        ("WEISS", "WEISS"),
        ("WEIß", "white"),
        ("White", "white"),
        ("a", "asian"),
        ("A", "other"),
        ("Asian", "asian"),
    ] {
        assert_eq!(
            read(columns, &["ID", "A"], &format!("1;{text}\n"), |encounter| encounter.race.to_owned()),
            race,
            "{text}"
        );
    }
    let columns = "encounter_id = \"ID\"\nsex = { column = \"A\", values = { M = [\"1\", \"male\"], F = [\"2\", \"female\"] } }\n";
    for (text, sex) in [("M", Some("M")), ("Male", Some("M")), ("1", Some("M")), ("f", Some("F")), ("3", None)] {
        let found = read(columns, &["ID", "A"], &format!("1;{text}\n"), |encounter| {
            encounter.sex.value().map(|sex| sex.letter())
        });
        assert_eq!(found, sex, "{text}");
    }
}

#[test]
fn an_age_in_days_is_counted_from_the_birth_date() {
    let columns = "encounter_id = \"ID\"\nbirth_date = \"BORN\"\nadmission_date = \"ADM\"\nage = { column = \"AGE\", unit = \"days\" }\n";
    // 365 days make a year where no 29 February lies between, 366 where one does.
    for (born, admitted, days, years) in [
        ("2013-01-01", "2014-01-01", 365, 1),
        ("2012-01-01", "2013-01-01", 366, 1),
        ("2012-01-01", "2012-12-31", 365, 0),
        ("1950-01-01", "2014-09-01", 23_619, 64),
    ] {
        let text = format!("1;{born};{admitted};{days}\n");
        let found = read(columns, &["ID", "BORN", "ADM", "AGE"], &text, |encounter| {
            (encounter.stated_age.value(), encounter.age_years())
        });
        assert_eq!(found, (Some(years), Some(years)), "{text}");
    }
    let columns = columns.replace("days", "months");
    let found = read(&columns, &["ID", "BORN", "ADM", "AGE"], "1;2013-01-15;2014-01-14;11\n", |encounter| {
        (encounter.stated_age.value(), encounter.age_years())
    });
    assert_eq!(found, (Some(0), Some(0)));
}
