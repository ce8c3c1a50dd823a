//! A book like those of the program, made of its fixtures and of figures that are counted out, for tests and for looking at.

use std::collections::BTreeMap;

use chartroom::{
    book::{
        board::{Board, BoardChange, BoardRow},
        sheet::{Book, Sheet},
        table::{Chart, ChartKind, Table, TableColumn, column, trend_column},
        value::CellValue,
    },
    record::date::Day,
};

const DISCHARGES: [&str; 2] = [
    include_str!("../../fixtures/discharges/discharges-2026-09.csv"),
    include_str!("../../fixtures/discharges/discharges-2026-10.csv"),
];
const CENSUS: [&str; 2] = [
    include_str!("../../fixtures/registers/daily-census-2026-09.csv"),
    include_str!("../../fixtures/registers/daily-census-2026-10.csv"),
];

/// Thirteen months that end in October 2026.
pub fn months() -> Vec<String> {
    const NAMES: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    (0..13).map(|at| 2025 * 12 + 9 + at).map(|month| format!("{} {}", NAMES[month % 12], month / 12)).collect()
}

/// A number between 0 and 999 that is the same for the same two numbers.
fn number(one: usize, other: usize) -> u64 {
    let mixed = (one as u64).wrapping_mul(0x9e37_79b9).wrapping_add((other as u64).wrapping_mul(0x85eb_ca6b));
    (mixed ^ (mixed >> 13)).wrapping_mul(0xc2b2_ae35) >> 7 & 0xffff_ffff
}

fn at_most(most: u64, one: usize, other: usize) -> u64 {
    number(one, other) % (most + 1)
}

fn sheet(name: &'static str, title: &str, summary: &'static str, notes: &[&str], tables: Vec<Table>) -> Sheet {
    let notes = notes.iter().map(|note| (*note).to_owned()).collect();
    Sheet { name, title: title.to_owned(), summary, notes, tables }
}

fn table(name: &str, caption: &str, columns: Vec<TableColumn>, rows: Vec<Vec<CellValue>>) -> Table {
    Table { name: name.to_owned(), caption: caption.to_owned(), columns, rows, chart: None }
}

fn chart(kind: ChartKind, title: &str, values: &'static str, series: &[usize], limits: &[usize]) -> Option<Chart> {
    let (series, limits) = (series.to_vec(), limits.to_vec());
    Some(Chart { kind, title: title.to_owned(), values, categories: 0, series, limits, rows: 10_000 })
}

/// The book.
pub fn book() -> Book {
    Book {
        title: "General Hospital: statistics of October 2026".to_owned(),
        business_date: Day::of(2026, 11, 3),
        board: Some(board()),
        sheets: vec![
            trend(),
            census(),
            measures(),
            ages(),
            causes(),
            services(),
            withheld(),
            coders(),
            occupancy(),
            records(),
            definitions(),
        ],
    }
}

fn trend() -> Sheet {
    let row = |(at, month): (usize, &String)| {
        let discharges = 1_650 + at_most(280, at, 3);
        let known = if at == 4 { CellValue::NotAvailable } else { CellValue::Count(discharges) };
        let (upper, lower) = if at < 3 {
            (CellValue::NotApplicable, CellValue::NotApplicable)
        } else {
            (CellValue::Count(1_930), CellValue::Count(1_650))
        };
        vec![CellValue::text(month.as_str()), known, lower, upper]
    };
    let columns =
        vec![column("Month", 12), column("Discharges", 12), column("Lower limit", 12), column("Upper limit", 12)];
    let mut by_month =
        table("discharges_by_month", "By month", columns, months().iter().enumerate().map(row).collect());
    by_month.chart =
        chart(ChartKind::Line, "Discharges by month, October 2025 to October 2026", "Discharges", &[1], &[2, 3]);
    sheet(
        "Trend",
        "Discharges over thirteen months",
        "discharges by month with limits",
        &["Limits: mean plus and minus 2.66 times the mean moving range. February 2026: the export was lost."],
        vec![by_month],
    )
}

fn census() -> Sheet {
    let mut rows = Vec::new();
    for text in CENSUS {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        for record in reader.records().flatten() {
            let count = |at: usize| record[at].parse().map_or(CellValue::NotAvailable, CellValue::Count);
            let Some(day) = Day::from_iso(&record[1]) else { continue };
            let is_lost = record[1].ends_with("-14") || record[1].ends_with("-15");
            let patients = if is_lost { CellValue::NotAvailable } else { count(2) };
            rows.push(vec![CellValue::Day(day), patients, count(3), count(4), count(5), CellValue::Count(23)]);
        }
    }
    let columns = vec![
        column("Day", 12),
        column("Midnight census, adults and children", 14),
        column("Midnight census, newborns", 14),
        column("Admissions", 12),
        column("Discharges", 12),
        column("Beds set up", 12),
    ];
    let mut by_day = table("census_by_day", "Census by day", columns, rows);
    by_day.chart = chart(
        ChartKind::Line,
        "Midnight census by day, September and October 2026",
        "Patients at midnight",
        &[1, 2],
        &[5],
    );
    sheet(
        "Census",
        "Census",
        "census by day, admissions and discharges",
        &["Days 14 and 15 were not counted."],
        vec![by_day],
    )
}

fn measures() -> Sheet {
    const WHAT: [&str; 12] = [
        "Discharges",
        "Average stay, days",
        "Occupancy, %",
        "Deaths per 100 discharges, gross",
        "Deaths per 100 discharges, net",
        "Readmitted within 30 days, %",
        "Delinquent records, %",
        "Records without final code, days",
        "Edit errors, % of records",
        "Caesarean sections, % of deliveries",
        "Consultations, % of discharges",
        "Autopsies, % of deaths",
    ];
    const WHERE: [&str; 5] = ["whole hospital", "medicine", "surgery", "obstetrics", "psychiatry"];
    let months = months();
    let mut columns = vec![column("Measure", 44)];
    columns.extend(months.iter().map(|month| column(month.clone(), 10)));
    columns.push(trend_column("13 months", 1, 13));
    let row = |at: usize| {
        let (what, place) = (WHAT[at % 12], WHERE[at / 12]);
        let mut row = vec![CellValue::text(format!("{what}, {place}"))];
        row.extend((0..13).map(|month| match at_most(40, at, month + 77) {
            0 => CellValue::NotAvailable,
            1 if at > 20 => CellValue::Withheld,
            2 if what.contains("100") => CellValue::Low,
            number if what == "Discharges" => CellValue::Count(1_000 / (at as u64 / 12 + 1) + number * 5),
            number => CellValue::percent(300 + number * 4, 5_000, 2),
        }));
        row.push(CellValue::Blank);
        row
    };
    let all = table("measures_by_month", "Measures by month", columns, (0..60).map(row).collect());
    sheet("Measures", "Sixty measures over thirteen months", "sixty measures by month with small lines", &[], vec![all])
}

/// Every discharge of the fixtures: sex, age, first diagnosis, service.
fn discharges() -> Vec<(String, u64, String, String)> {
    let mut found = Vec::new();
    for text in DISCHARGES {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        for record in reader.records().flatten() {
            let of = |at: usize| record.get(at).unwrap_or_default().to_owned();
            found.push((of(7), of(6).parse().unwrap_or(200), of(19), of(13)));
        }
    }
    found
}

fn ages() -> Sheet {
    let discharges = discharges();
    let row = |band: u64| {
        let count = |sex: &str| {
            discharges.iter().filter(|(own, age, _, _)| own == sex && (*age / 5).min(18) == band && *age < 200).count()
                as u64
        };
        let name = if band == 18 { "90 and older".to_owned() } else { format!("{} to {}", band * 5, band * 5 + 4) };
        vec![CellValue::text(name), CellValue::Count(count("M")), CellValue::Count(count("F"))]
    };
    let columns = vec![column("Age, years", 14), column("Male", 10), column("Female", 10)];
    let mut by_age = table("age_by_sex", "Age by sex", columns.clone(), (0..19).map(row).collect());
    by_age.chart =
        chart(ChartKind::Pyramid, "Discharges by age and sex, September and October 2026", "Discharges", &[1, 2], &[]);
    let broad = [
        ("0 to 17", 12, 9),
        ("18 to 44", 88, 131),
        ("45 to 64", 240, 212),
        ("65 to 74", 310, 297),
        ("75 to 84", 205, 260),
        ("85 and older", 71, 160),
    ];
    let rows =
        broad.map(|(age, male, female)| vec![CellValue::text(age), CellValue::Count(male), CellValue::Count(female)]);
    let mut by_broad = table("broad_age", "Broad ages", columns, rows.to_vec());
    by_broad.chart = chart(ChartKind::Column, "Discharges by broad age and sex", "Discharges", &[1, 2], &[]);
    sheet(
        "Ages",
        "Ages of those discharged",
        "age by sex, as a pyramid and in broad bands",
        &[],
        vec![by_age, by_broad],
    )
}

fn causes() -> Sheet {
    const TITLES: [(&str, &str); 8] = [
        ("E11", "Type 2 diabetes mellitus"),
        ("I50", "Heart failure"),
        ("J18", "Pneumonia, unspecified organism"),
        ("I63", "Cerebral infarction"),
        ("A41", "Other sepsis"),
        ("I10", "Essential (primary) hypertension"),
        ("N17", "Acute kidney failure"),
        ("Z38", "Liveborn infants according to place of birth and type of delivery"),
    ];
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for (_, _, code, _) in discharges() {
        let category: String = code.chars().take(3).collect();
        if !category.is_empty() {
            *counts.entry(category).or_default() += 1;
        }
    }
    let total: u64 = counts.values().sum();
    let mut sorted: Vec<(String, u64)> = counts.into_iter().collect();
    sorted.sort_by_key(|(code, count)| (std::cmp::Reverse(*count), code.clone()));
    let mut sum = 0;
    let row = |(code, count): (String, u64)| {
        sum += count;
        let title = TITLES
            .iter()
            .find(|(own, _)| *own == code)
            .map_or("a category of ICD-10-CM without a title here", |found| found.1);
        vec![
            CellValue::code(code),
            CellValue::text(title),
            CellValue::Count(count),
            CellValue::percent(count, total, 1),
            CellValue::percent(sum, total, 1),
        ]
    };
    let columns = vec![
        column("Code", 10),
        column("Title", 50),
        column("Discharges", 12),
        column("Share, %", 10),
        column("Cumulated share, %", 12),
    ];
    let mut causes =
        table("causes", "Categories of the principal diagnosis", columns, sorted.into_iter().map(row).collect());
    causes.chart = chart(
        ChartKind::Pareto,
        "Most frequent principal diagnoses, September and October 2026",
        "Discharges",
        &[2, 4],
        &[],
    );
    sheet("Causes", "What people were treated for", "principal diagnoses by size", &[], vec![causes])
}

fn services() -> Sheet {
    let names = [
        ("MED", "Medicine"),
        ("SUR", "Surgery"),
        ("OB", "Obstetrics"),
        ("PSY", "Psychiatry"),
        ("PED", "Pediatrics"),
        ("NB", "Newborn"),
        ("ORT", "Orthopedic surgery and traumatology"),
    ];
    let row = |(at, (code, name)): (usize, &(&str, &str))| {
        let count = at_most(800, at, 5) + 12;
        vec![
            CellValue::code(*code),
            CellValue::text(*name),
            CellValue::Count(count),
            CellValue::mean(count * 4 + at as u64 * 100, count, 2),
        ]
    };
    let columns =
        vec![column("Service", 10), column("In words", 40), column("Discharges", 12), column("Average stay, days", 12)];
    let mut by_service = table("services", "By service", columns, names.iter().enumerate().map(row).collect());
    by_service.chart = chart(ChartKind::Bar, "Discharges by service, October 2026", "Discharges", &[2], &[]);
    let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let row = |(at, day): (usize, &&str)| {
        let mut row = vec![CellValue::text(*day)];
        row.extend((0..3).map(|turn| CellValue::Count(20 + at_most(60, at, turn + 9))));
        row
    };
    let columns = vec![column("Weekday", 12), column("Emergency", 10), column("Urgent", 10), column("Elective", 10)];
    let mut by_weekday =
        table("weekdays", "Admissions by weekday", columns, weekdays.iter().enumerate().map(row).collect());
    by_weekday.chart =
        chart(ChartKind::Column, "Admissions by weekday and kind, October 2026", "Admissions", &[1, 2, 3], &[]);
    let single: Vec<Vec<CellValue>> = (0..31)
        .filter_map(|at| Day::from_ymd(2026, 10, at + 1))
        .enumerate()
        .map(|(at, day)| vec![CellValue::Day(day), CellValue::Count(40 + at_most(45, at, 2))])
        .collect();
    let mut by_day =
        table("discharges_by_day", "Discharges by day", vec![column("Day", 12), column("Discharges", 12)], single);
    by_day.chart = chart(ChartKind::Column, "Discharges by day, October 2026", "Discharges", &[1], &[]);
    sheet(
        "Services",
        "Services, weekdays and days",
        "discharges by service, weekday and day",
        &[],
        vec![by_service, by_weekday, by_day],
    )
}

fn withheld() -> Sheet {
    let rows = vec![
        vec![
            CellValue::text("Heart failure"),
            CellValue::Count(212),
            CellValue::Count(31),
            CellValue::percent(31, 212, 1),
            CellValue::text("within 18.2 of the nation"),
        ],
        vec![
            CellValue::text("Hip replacement"),
            CellValue::Count(44),
            CellValue::Withheld,
            CellValue::Withheld,
            CellValue::text("fewer than 11 cases"),
        ],
        vec![
            CellValue::text("Pneumonia"),
            CellValue::Count(9_120),
            CellValue::Count(2),
            CellValue::Low,
            CellValue::text("too few to say"),
        ],
        vec![
            CellValue::text("Bypass"),
            CellValue::Count(0),
            CellValue::Count(0),
            CellValue::NotApplicable,
            CellValue::text("no cases"),
        ],
        vec![
            CellValue::text("Stroke"),
            CellValue::NotAvailable,
            CellValue::NotAvailable,
            CellValue::NotAvailable,
            CellValue::text(""),
        ],
    ];
    let columns = vec![
        column("Condition", 20),
        column("Index stays", 12),
        column("Readmitted", 12),
        column("Readmitted, %", 12),
        column("Remark", 40),
    ];
    let empty = table("none", "Returned within a day", vec![column("Record", 10)], Vec::new());
    sheet(
        "Readmissions",
        "Readmitted within 30 days",
        "readmissions by condition",
        &["CMS-like, unadjusted."],
        vec![table("readmissions", "By condition", columns, rows), empty],
    )
}

fn coders() -> Sheet {
    let months = months();
    let row = |(at, month): (usize, &String)| {
        let mut row = vec![CellValue::text(month.as_str())];
        row.extend((0..5).map(|coder| match (at, coder) {
            (5..=7, 2) => CellValue::NotAvailable,
            (0..=9, 4) => CellValue::NotApplicable,
            _ => CellValue::percent(880 + at_most(110, at, coder + 31), 1_000, 1),
        }));
        row
    };
    let mut columns = vec![column("Month", 12)];
    columns.extend(["Coder A, %", "Coder B, %", "Coder C, %", "Coder D, %", "Coder E, %"].map(|name| column(name, 10)));
    let mut accuracy = table("accuracy", "Accuracy by coder", columns, months.iter().enumerate().map(row).collect());
    accuracy.chart =
        chart(ChartKind::Line, "Accuracy of coding by month", "Codes that were right, %", &[1, 2, 3, 4, 5], &[]);
    sheet(
        "Coders",
        "Accuracy of coding",
        "accuracy by coder and month",
        &["Coder C was away from March to May; coder E began in August."],
        vec![accuracy],
    )
}

fn occupancy() -> Sheet {
    let units = [
        "Medicine east",
        "Medicine west",
        "Surgery",
        "Obstetrics",
        "Nursery",
        "Psychiatry",
        "Intensive care",
        "Step-down",
    ];
    let mut columns = vec![column("Unit", 20)];
    columns.extend((1..=31).map(|day| column(format!("{day}"), 5)));
    let row = |(at, unit): (usize, &&str)| {
        let mut row = vec![CellValue::text(*unit)];
        row.extend((0..31).map(|day| CellValue::Count(10 + at_most(14, at + 3, day))));
        row
    };
    let wide = table(
        "occupancy",
        "Occupied beds by unit and day of October 2026",
        columns,
        units.iter().enumerate().map(row).collect(),
    );
    sheet("Occupancy", "Occupied beds by unit and day", "beds by unit and day", &[], vec![wide])
}

fn records() -> Sheet {
    let what = [
        "no final code",
        "history and physical not signed",
        "discharge summary missing",
        "query open since the second week, no answer from the clinician",
    ];
    let row = |at: usize| {
        let day = Day::from_ymd(2026, 10, 1 + (at % 31) as u32).unwrap_or(Day(0));
        vec![
            CellValue::code(format!("A{at:06}")),
            CellValue::Day(day),
            CellValue::text(what[number(at, 1) as usize % 4]),
            CellValue::Count(at_most(60, at, 8)),
            CellValue::text("attending"),
        ]
    };
    let columns = vec![
        column("Record", 12),
        column("Discharged", 12),
        column("What is missing", 60),
        column("Days", 8),
        column("Who", 20),
    ];
    sheet(
        "Records",
        "Records to complete",
        "every record with something missing",
        &[],
        vec![table("records", "Records to complete", columns, (0..2_000).map(row).collect())],
    )
}

fn definitions() -> Sheet {
    let row = |name: &str, words: &str, place: &'static str| {
        vec![CellValue::text(name), CellValue::text(words), CellValue::SheetName(place)]
    };
    let rows = vec![
        row(
            "Average stay",
            "Days of stay of all discharges of adults and children, divided by these discharges; a stay that begins and ends on one day counts as one day.",
            "Trend",
        ),
        row(
            "Occupancy",
            "Service days of adults and children in percent of the days of beds set up and staffed; bassinets are not counted.",
            "Occupancy",
        ),
        row("Gross death rate", "Deaths of inpatients, newborns included, for 100 discharges and deaths.", "Measures"),
    ];
    sheet(
        "Definitions",
        "What the measures mean",
        "definitions and where they are used",
        &[],
        vec![table(
            "definitions",
            "Definitions",
            vec![column("Measure", 20), column("Definition", 60), column("Sheet", 14)],
            rows,
        )],
    )
}

fn board() -> Board {
    let trend = |least: u64, span: u64, decimals: u32, seed: usize, gap: usize| -> Vec<CellValue> {
        let value = |at: usize| {
            if at == gap {
                CellValue::NotAvailable
            } else {
                CellValue::mean(least + at_most(span, at, seed), 10u64.pow(decimals), decimals)
            }
        };
        (0..13).map(value).collect()
    };
    let row = |(measure, unit, is_part, sheet): (&str, &str, bool, &'static str),
               figures: Vec<CellValue>,
               limits: &str,
               verdict: &str| {
        let at = |place: usize| figures.get(place).cloned().unwrap_or(CellValue::NotAvailable);
        BoardRow {
            measure: measure.to_owned(),
            unit: unit.to_owned(),
            is_part,
            sheet: Some(sheet),
            this_month: at(12),
            last_month: at(11),
            same_month_last_year: at(0),
            trend: figures,
            limits: limits.to_owned(),
            verdict: verdict.to_owned(),
            asks_attention: verdict.contains("the limit"),
        }
    };
    let rows = vec![
        row(("Discharges", "", false, "Trend"), trend(1_650, 280, 0, 3, 4), "1,650 to 1,930", "within"),
        row(("Average stay, adults and children", "days", false, "Measures"), trend(410, 60, 2, 5, 99), "", "within"),
        row(("Occupancy", "%", false, "Occupancy"), trend(800, 80, 1, 6, 99), "", ""),
        row(("Deaths per 100 discharges, gross", "", false, "Measures"), trend(160, 60, 2, 7, 99), "", "within"),
        row(("observed to expected", "", true, "Measures"), trend(80, 40, 2, 8, 2), "0.71 to 1.55", "as expected"),
        row(
            ("Readmitted within 30 days", "%", false, "Readmissions"),
            trend(80, 30, 1, 9, 12),
            "",
            "September: within",
        ),
        row(("Delinquent records", "% of month", false, "Records"), trend(280, 200, 1, 10, 99), "at most 50", "met"),
        row(
            ("Records without final code", "days", false, "Records"),
            trend(38, 20, 1, 11, 6),
            "at most 5",
            "above the limit",
        ),
        row(("Edit errors", "% of records", false, "Records"), trend(8, 10, 1, 12, 99), "at most 2", "met"),
        row(
            ("Release requests answered in time", "%", false, "Records"),
            trend(880, 100, 1, 13, 99),
            "at least 95",
            "below the limit",
        ),
        row(("Duplicate patients", "%", false, "Records"), trend(4, 9, 1, 14, 99), "at most 1", "above the limit"),
    ];
    let change = |words: &str, sheet: &'static str| BoardChange { words: words.to_owned(), sheet: Some(sheet) };
    Board {
        title: "General Hospital, October 2026, internal edition, 3 November 2026".to_owned(),
        months: ["Oct 2026", "Sep 2026", "Oct 2025"].map(str::to_owned),
        trend_months: months(),
        rows,
        changes: vec![
            change("Records without final code took 5.6 days, above the limit of 5", "Records"),
            change("The census was not counted on two days", "Census"),
            change("Coder E reached 95 % in the third month", "Coders"),
        ],
        notes: vec!["Readmissions of October are known at the end of November.".to_owned()],
    }
}

/// A morning page.
pub fn morning() -> Book {
    let row = |name: &str, words: &str, look: &str| {
        vec![CellValue::text(name), CellValue::text(words), CellValue::code(look)]
    };
    let columns = || vec![column("What", 20), column("How it stands", 60), column("Where to look", 34)];
    let first = vec![
        row(
            "1 Missing",
            "documents feed: no file for 5 October (expected daily; last 4 October)",
            "call: interface desk",
        ),
        row("2 Not used", "discharges-2026-10-05.csv: no heading; row 1 looks like data", "worklists/inputs.csv"),
    ];
    let night = vec![
        row("New tonight", "41 findings in 17 records (6 errors); corrected 22; still open 310 (oldest 58 days)", ""),
        row(
            "Records",
            "28 new, 12 corrected (2 changed a published month: September), 1 withdrawn",
            "worklists/changes.csv",
        ),
    ];
    let tables =
        vec![table("first", "What to do first", columns(), first), table("night", "The night", columns(), night)];
    Book {
        title: "Nightly examination, Tuesday 6 October 2026".to_owned(),
        business_date: Day::of(2026, 10, 6),
        board: None,
        sheets: vec![sheet(
            "Morning",
            "Finished 02:14 with 2 things to look at (exit 65: an input could not be used)",
            "",
            &[],
            tables,
        )],
    }
}

/// A table of sixty-two days side by side, which no paper is wide enough for.
pub fn wide() -> Book {
    let mut columns = vec![column("Unit", 20)];
    columns.extend((1..=61).map(|day| column(format!("Day {day}"), 7)));
    columns.push(column("Remark", 60));
    let row = |at: usize| {
        let mut row = vec![CellValue::text(format!("Unit {at} of the hospital"))];
        row.extend((0..61).map(|day| CellValue::Count(1_000 + at_most(900, at, day))));
        row.push(CellValue::text("a remark of some words that stands behind so many figures, on a line of its own"));
        row
    };
    let wide = table("wide", "Service days by unit and day", columns, (0..40).map(row).collect());
    Book {
        title: "Wide".to_owned(),
        business_date: Day::of(2026, 10, 6),
        board: None,
        sheets: vec![sheet("Wide", "A wide table", "", &[], vec![wide])],
    }
}
