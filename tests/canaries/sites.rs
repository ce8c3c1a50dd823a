//! Sites on which patients' data goes wrong, each on another path.

use std::{io::Write as _, path::Path};

/// Columns of the export: the identifying ones, and those that make a record.
pub const COLUMNS: [&str; 24] = [
    "visit", "pid", "mrn", "name", "ssn", "facility", "service", "admitted", "left", "born", "age", "sex", "race",
    "zip", "county", "payer", "status", "charges", "doctor", "employer", "coder", "dx1", "poa1", "pr1",
];

pub const LAYOUT: &str = "title = \"Visits\"\ntable = \"encounters\"\n[columns]\nencounter_id = \"visit\"\npatient_id = \"pid\"\nmedical_record_number = \"mrn\"\n\
    patient_name = \"name\"\nsocial_security_number = \"ssn\"\nfacility_id = \"facility\"\nservice = \"service\"\n\
    admission_date = { column = \"admitted\", formats = [\"%Y-%m-%d\"] }\ndischarge_date = { column = \"left\", formats = [\"%Y-%m-%d\"] }\n\
    birth_date = { column = \"born\", formats = [\"%Y-%m-%d\"] }\nage = \"age\"\nsex = \"sex\"\nrace = \"race\"\nzip_code = \"zip\"\ncounty = \"county\"\n\
    payer = { column = \"payer\", values = [\"MA\", \"MB\"] }\ndischarge_status = \"status\"\ntotal_charges = \"charges\"\nattending_name = \"doctor\"\n\
    employer_name = \"employer\"\ncoder = \"coder\"\ndiagnosis_code = { columns = \"dx{1..1}\" }\npresent_on_admission = { columns = \"poa{1..1}\" }\n\
    procedure_code = { columns = \"pr{1..1}\" }\n";

/// A row of a patient whose every identifying field is a token.
pub fn row(visit: &str) -> Vec<String> {
    let cells = [
        visit,
        "CNRYPID77",
        "CNRYMRN77",
        "Cnryova Zdenka",
        "987-65-4329",
        "0042",
        "MED",
        "2020-03-01",
        "2020-03-04",
        "1931-07-19",
        "88",
        "F",
        "2",
        "98731-4411",
        "Cnryshire",
        "MA",
        "01",
        "100.00",
        "CHO M",
        "Cnryworks GmbH",
        "K1",
        "I10",
        "Y",
        "",
    ];
    cells.map(str::to_owned).to_vec()
}

/// A row with another text in a column.
pub fn row_with(visit: &str, column: &str, text: &str) -> Vec<String> {
    let mut cells = row(visit);
    cells[COLUMNS.iter().position(|own| *own == column).expect("a column")] = text.to_owned();
    cells
}

/// Rows that are wrong in every way that a cell can be.
pub fn bad_rows() -> Vec<Vec<String>> {
    let mut rows =
        vec![row("V1"), row("V2"), row("V2"), row_with("V3", "status", "20"), row_with("V3", "status", "01")];
    rows.push(row_with("V3", "name", "Cnryova Zdenka Another"));
    for (place, (column, text)) in [
        ("born", "CNRYBORN"),
        ("born", "2031-07-19"),
        ("born", "19.07.1931"),
        ("admitted", "1931-07-19"),
        ("admitted", "CNRYADM"),
        ("left", "2020-02-01"),
        ("age", "CNRYAGE"),
        ("sex", "CNRYSEX"),
        ("zip", "CNRYZIP"),
        ("status", "CNRYSTATUS"),
        ("charges", "CNRYCHARGES"),
        ("dx1", "CNRYDX"),
        ("dx1", "987-65-4329"),
        ("poa1", "CNRYPOA"),
        ("pr1", "CNRYPR"),
        ("pid", ""),
        ("ssn", "=987-65-4329"),
    ]
    .into_iter()
    .enumerate()
    {
        rows.push(row_with(&format!("W{place}"), column, text));
    }
    rows
}

pub fn text_of(rows: &[Vec<String>], rotation: usize) -> String {
    let turned = |cells: &[String]| {
        let mut cells = cells.to_vec();
        cells.rotate_left(rotation % COLUMNS.len());
        cells.join(",") + "\n"
    };
    let heading: Vec<String> = COLUMNS.map(str::to_owned).to_vec();
    std::iter::once(turned(&heading)).chain(rows.iter().map(|cells| turned(cells))).collect()
}

pub fn write(work: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    let path = work.join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    std::fs::write(path, bytes).expect("written");
}

/// A site that reads `inbox/*` by the layout, with more of its pipeline and further feeds: name, layout.
pub fn site(work: &Path, layout: &str, more: &str, feeds: &[(&str, &str)]) {
    write(work, "visits.toml", layout);
    let mut pipeline = format!(
        "title = \"Nightly\"\nstate = \"state\"\nperiod = \"2020-03\"\n[archive]\nsource_organization = \"General Hospital\"\n[night]\nmetrics = \"night.prom\"\n{more}\n\
         [[ingest]]\nname = \"visits\"\nfiles = \"inbox/*\"\nlayout = \"visits.toml\"\n"
    );
    for (name, layout) in feeds {
        write(work, &format!("{name}.toml"), layout);
        pipeline.push_str(&format!("[[ingest]]\nname = \"{name}\"\nfiles = \"{name}/*\"\nlayout = \"{name}.toml\"\n"));
    }
    write(work, "nightly.toml", pipeline);
}

pub fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("begun");
        zip.write_all(bytes).expect("written");
    }
    zip.finish().expect("finished").into_inner()
}

pub fn workbook_of(rows: &[Vec<String>]) -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (line, cells) in std::iter::once(&COLUMNS.map(str::to_owned).to_vec()).chain(rows).enumerate() {
        for (place, cell) in cells.iter().enumerate() {
            sheet.write_string(line as u32, place as u16, cell).expect("written");
        }
    }
    workbook.save_to_buffer().expect("a workbook")
}

/// Fixed columns of 16 characters.
pub fn fixed_width(rows: &[Vec<String>]) -> (String, String) {
    let mut layout = LAYOUT.replace("[columns]", "[source]\nformat = \"fixed_width\"\n[columns]");
    for (place, name) in COLUMNS.iter().enumerate() {
        let at = format!("start = {}, width = 16", place * 16 + 1);
        layout = layout
            .replace(&format!("column = \"{name}\""), &at)
            .replace(&format!("= \"{name}\""), &format!("= {{ {at} }}"))
            .replace(&format!("columns = \"{}{{1..1}}\"", name.trim_end_matches('1')), &at);
    }
    let line = |cells: &Vec<String>| {
        cells.iter().map(|cell| format!("{:<16}", &cell[..cell.len().min(16)])).collect::<String>() + "\n"
    };
    (layout, rows.iter().map(line).collect())
}

/// A path on which patients' data goes wrong: its name, and what makes the site.
pub type Case = (&'static str, fn(&Path));

pub const CASES: &[Case] = &[
    ("wrong cells, with every column in every position", |work| {
        site(work, LAYOUT, "", &[]);
        for rotation in 0..COLUMNS.len() {
            write(work, &format!("inbox/visits-{rotation}.csv"), text_of(&bad_rows(), rotation));
        }
    }),
    ("records that are kept", |work| {
        site(work, LAYOUT, "[store]\n", &[]);
        let pipeline = std::fs::read_to_string(work.join("nightly.toml")).expect("read");
        write(work, "nightly.toml", pipeline + "delivery = \"changes\"\nnewest_by = \"order\"\n");
        let month = "title = \"Month\"\nstate = \"state\"\nfrom = \"store\"\nperiod = \"2020-03\"\n";
        write(work, "month.toml", month);
        write(work, "inbox/visits-1.csv", text_of(&bad_rows(), 0));
        write(work, "inbox/visits-2.csv", text_of(&[row_with("V3", "status", "20"), row("V9")], 3));
    }),
    ("cut and overlong rows", |work| {
        site(work, LAYOUT, "", &[]);
        let whole = row("V1").join(",");
        let cuts: String = (1..whole.len()).step_by(7).map(|at| format!("{}\n", &whole[..at])).collect();
        write(
            work,
            "inbox/visits.csv",
            text_of(&[row("V9")], 0) + &cuts + &format!("{whole},{whole}\n") + &whole[..60],
        );
    }),
    ("broken quoting", |work| {
        site(work, LAYOUT, "", &[]);
        let whole = row("V1").join(",");
        for (place, broken) in [
            whole.replace("Cnryova", "\"Cnryova"),
            whole.replace("Cnryova", "\"Cnryova\" x"),
            whole.replace("Cnryova Zdenka", "Cnryova \"Zdenka\", dr"),
            whole.replace("CNRYPID77", "\"CNRYPID77\n"),
        ]
        .into_iter()
        .enumerate()
        {
            write(
                work,
                &format!("inbox/visits-{place}.csv"),
                text_of(&[row("V8"), row("V9")], 0) + &broken + "\n" + &whole + "\n",
            );
        }
    }),
    ("other columns and headings", |work| {
        site(work, LAYOUT, "", &[]);
        // A column that no field has, one that stands twice, the heading in the middle.
        let text = text_of(&bad_rows(), 0);
        let lines = text.lines().enumerate().map(|(place, line)| match place {
            0 => format!("{line},remark,name,remark\n"),
            _ => format!("{line},Cnryova fell on 1931-07-19,Cnryova,987-65-4329\n"),
        });
        let lines: Vec<String> = lines.collect();
        write(work, "inbox/visits-1.csv", lines.concat() + &lines[0] + &lines[1]);
        // No heading at all, and one whose names are others.
        write(work, "inbox/visits-2.csv", text.lines().skip(1).map(|line| format!("{line}\n")).collect::<String>());
        write(work, "inbox/visits-3.csv", text.replace("visit,pid", "number,patient"));
        // Titles and notes above and below.
        write(work, "inbox/visits-4.csv", format!("Visits of Cnryova\n\n{text}\nTotal,Cnryova,987-65-4329\n"));
    }),
    ("a file without heading and a layout of optional columns", |work| {
        let optional = "title = \"Visits\"\ntable = \"encounters\"\n[columns]\nencounter_id = { column = \"visit\", optional = true }\n\
            patient_name = { column = \"name\", optional = true }\nsocial_security_number = { column = \"ssn\", optional = true }\n";
        site(work, optional, "", &[]);
        let row = row("V1").join(",");
        write(work, "inbox/visits.csv", format!("{row}\n{}\n", row.replace("V1", "V2")));
    }),
    ("a workbook", |work| {
        site(work, LAYOUT, "", &[]);
        let whole = workbook_of(&bad_rows());
        write(work, "inbox/visits-1.xlsx", &whole);
        write(work, "inbox/visits-2.xlsx", &whole[..whole.len() / 2]);
        write(
            work,
            "inbox/visits-3.xlsx",
            workbook_of(&[row("V1"), vec!["Cnryova Zdenka".to_owned()], row_with("V2", "ssn", "#N/A")]),
        );
        write(work, "inbox/visits-4.xlsx", text_of(&bad_rows(), 0));
    }),
    ("a zip folder", |work| {
        site(work, LAYOUT, "", &[]);
        let text = text_of(&bad_rows(), 0);
        let whole = zip_of(&[
            ("visits.csv", text.as_bytes()),
            ("letter.pdf", b"%PDF-1.7 Cnryova\x00"),
            ("other.csv", b"Cnryova,987-65-4329\n1,2\n"),
        ]);
        write(work, "inbox/visits-1.zip", &whole);
        let mut damaged = whole.clone();
        damaged[80] ^= 0xff;
        write(work, "inbox/visits-2.zip", damaged);
        write(work, "inbox/visits-3.zip", &whole[..whole.len() - 30]);
    }),
    ("compressed and cut files", |work| {
        site(work, LAYOUT, "", &[]);
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(text_of(&bad_rows(), 0).as_bytes()).expect("written");
        let whole = gz.finish().expect("finished");
        write(work, "inbox/visits-1.csv.gz", &whole);
        write(work, "inbox/visits-2.csv.gz", &whole[..whole.len() / 2]);
    }),
    ("fixed width", |work| {
        let (layout, text) = fixed_width(&bad_rows());
        site(work, &layout, "", &[]);
        let line = text.lines().next().expect("a line");
        write(
            work,
            "inbox/visits-1.txt",
            format!("{text}{}\n{line} Cnryova behind the last column\n{}", &line[..100], &line[..55]),
        );
    }),
    ("other encodings and bytes that are no text", |work| {
        site(work, LAYOUT, "", &[]);
        let text = text_of(&bad_rows(), 0);
        let utf_16: Vec<u8> = [0xfffe].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        write(work, "inbox/visits-1.csv", utf_16);
        write(work, "inbox/visits-2.csv", text.replace("Zdenka", "Zde\u{1b}[2Jnka").replace("88", "8\08"));
        write(work, "inbox/visits-3.csv", [text.as_bytes(), b"V7,Cnryova \xff\xfe\x80,\n"].concat());
        write(work, "inbox/visits-4.csv", b"CNRY\x00\x01\x02Cnryova 987-65-4329");
    }),
    ("tables of their own: patients, diagnoses, procedures, documents, deaths, births", |work| {
        let without = LAYOUT.replace("medical_record_number = \"mrn\"\n", "");
        let feeds = [
            (
                "patients",
                "title = \"P\"\ntable = \"patients\"\n[columns]\npatient_id = \"pid\"\nmedical_record_number = \"mrn\"\npatient_name = \"name\"\n\
                social_security_number = \"ssn\"\nbirth_date = { column = \"born\", formats = [\"%Y-%m-%d\"] }\nzip_code = \"zip\"\ncounty = \"county\"\nemployer_name = \"employer\"\nsex = \"sex\"\n",
            ),
            (
                "diagnoses",
                "title = \"D\"\ntable = \"diagnoses\"\n[columns]\nencounter_id = \"visit\"\npatient_id = \"pid\"\ndiagnosis_code = \"code\"\ndiagnosis_text = \"words\"\n",
            ),
            (
                "procedures",
                "title = \"P\"\ntable = \"procedures\"\n[columns]\nencounter_id = \"visit\"\npatient_id = \"pid\"\nprocedure_code = \"code\"\nprocedure_text = \"words\"\n",
            ),
            (
                "documents",
                "title = \"D\"\ntable = \"documents\"\n[columns]\nencounter_id = \"visit\"\npatient_id = \"pid\"\ndocument_id = \"id\"\ndocument_type = \"type\"\ndocument_author = \"author\"\n\
                signed_at = { column = \"signed\", formats = [\"%Y-%m-%d\"] }\n",
            ),
            (
                "deaths",
                "title = \"D\"\ntable = \"deaths\"\n[columns]\nencounter_id = \"visit\"\npatient_id = \"pid\"\nfacility_id = \"facility\"\ndeath_date = { column = \"died\", formats = [\"%Y-%m-%d\"] }\n",
            ),
            (
                "births",
                "title = \"B\"\ntable = \"births\"\n[columns]\nbirth_number = \"number\"\npatient_id = \"pid\"\nfacility_id = \"facility\"\nmother_patient_id = \"mother\"\n\
                birth_date = { column = \"born\", formats = [\"%Y-%m-%d\"] }\n",
            ),
        ];
        site(work, &without, "", &feeds);
        write(work, "inbox/visits.csv", text_of(&bad_rows(), 0));
        let patient =
            "CNRYPID77,CNRYMRN77,Cnryova Zdenka,987-65-4329,1931-07-19,98731-4411,Cnryshire,Cnryworks GmbH,F\n";
        write(
            work,
            "patients/p.csv",
            format!(
                "pid,mrn,name,ssn,born,zip,county,employer,sex\n{patient}{patient}{}{}CNRYPID78,Cnryova\n",
                patient.replace(",F", ",M"),
                patient.replace("1931-07-19", "CNRYBORN")
            ),
        );
        let codes = "visit,pid,code,words\nV1,CNRYPID77,I10,Cnryova has it\nV1,CNRYPID77,CNRYDX,Cnryova\nNONE,CNRYPID77,E119,Cnryova\nV2,CNRYOTHER,E119,x\nCnryova\n";
        write(work, "diagnoses/d.csv", codes);
        write(work, "procedures/p.csv", codes);
        write(
            work,
            "documents/d.csv",
            "visit,pid,id,type,author,signed\nV1,CNRYPID77,1,discharge_summary,CHO,2020-03-05\nNONE,CNRYPID77,2,history_and_physical,CHO,CNRYDATE\nCnryova\n",
        );
        write(
            work,
            "deaths/d.csv",
            "visit,pid,facility,died\nV1,CNRYPID77,0042,2020-03-04\n,CNRYPID77,0042,1931-07-19\nNONE,CNRYPID77,0042,CNRYDIED\n",
        );
        write(
            work,
            "births/b.csv",
            "number,pid,facility,mother,born\nB1,CNRYPID77,0042,CNRYMOM77,2020-03-01\nB1,CNRYPID77,0042,CNRYMOM77,1931-07-19\nB2,CNRYPID77,0042,CNRYMOM77,CNRYBORN\n",
        );
    }),
    ("a configuration that names a patient", |work| {
        let more = "[edits]\n[[edits.rule]]\ncode = \"SITE-1\"\ntitle = \"A rule\"\nviolates = \"patient_id = 'CNRYPID77'\"\n\
            [[edits.rule]]\ncode = \"SITE-2\"\ntitle = \"A rule that is never met\"\nviolates = \"patient_name = 'Cnryova Nobody'\"\n\
            [[edits.accept]]\nrecord = \"CNRYVISIT\"\nreason = \"seen\"\nauthor = \"K1\"\n\
            [[edits.accept]]\ncondition = \"patient_id = 'CNRYPID78'\"\nreason = \"seen\"\nauthor = \"K1\"\n\
            [[edits.accept]]\ncondition = \"social_security_number = '987-65-4329'\"\nreason = \"seen\"\nauthor = \"K1\"\nuntil = \"2020-01-01\"\n";
        // A list of values that a patient's name is none of.
        let layout = LAYOUT.replace("race = \"race\"", "race = { column = \"name\", values = { A = \"1\", B = \"2\" } }\nethnicity = { column = \"ssn\", values = [\"1\"] }")
            .replace("patient_name = \"name\"\n", "patient_name = \"employer\"\n").replace("employer_name = \"employer\"\n", "")
            .replace("social_security_number = \"ssn\"\n", "");
        site(
            work,
            &layout,
            &more.replace("social_security_number", "zip_code").replace("987-65-4329'", "98731-4411'"),
            &[],
        );
        write(work, "inbox/visits.csv", text_of(&bad_rows(), 0));
    }),
];
