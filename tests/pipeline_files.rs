//! Pipeline files: every kind of fault is reported at its place, sound ones resolve, and the schema is fresh.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use chartroom::{
    coding::{judge::JudgeOn, mapping::CodeMap},
    edits::{explain::known, trend::measure::TrendMeasure},
    fs::path::shown,
    plan::{Overrides, Pipeline, Plan, check::check, written::json_schema},
    problem::Problems,
    record::{
        constant::{Choice, Constant},
        date::{DateFormat, Day, Moment},
        delivery::{DeliveredContent, NewestBy},
        field::{CanonicalTable, Field},
        finding::Severity,
        month::Month,
    },
};

const RULES: [(&str, &str); 7] = [
    ("LOG104", "stay-longer-than-limit"),
    ("FLD007", "sex-missing"),
    ("PAT002", "stays-overlap"),
    ("FLD032", "payer-not-in-list"),
    ("FLD050", "admission-date-in-future"),
    ("FIL003", "input-taken-before"),
    ("TRD101", "diagnoses-per-case"),
];

const SCHEMA: &str = "pipelines/pipeline.schema.json";

fn toml_files(folder: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("folder")
        .map(|entry| entry.expect("entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{folder} holds no pipeline");
    files
}

fn faults(path: &Path, overrides: &Overrides) -> Problems {
    check(path, overrides, &RULES).err().unwrap_or_default()
}

/// The problems in brief: `FILE:LINE:COLUMN [TEXT AT FAULT] CODE: MESSAGE`, below it what to do. Files are named as seen from `folder`.
fn brief(problems: &Problems, folder: &str) -> String {
    let mut text = String::new();
    for problem in problems.sorted() {
        let file = problem.path.strip_prefix(&format!("{folder}/")).unwrap_or(&problem.path);
        let place = match &problem.span {
            Some(span) => {
                let source = fs::read_to_string(&problem.path).expect("a problem's file");
                let before = &source[..span.start];
                let line = before.matches('\n').count() + 1;
                let column = before.chars().rev().take_while(|letter| *letter != '\n').count() + 1;
                format!("{file}:{line}:{column} [{}]", &source[span.clone()])
            }
            None => file.to_owned(),
        };
        text.push_str(&format!("{place} {}: {}\n", problem.code, problem.message));
        if let Some(suggestion) = &problem.suggestion {
            text.push_str(&format!("    {suggestion}\n"));
        }
    }
    text
}

fn plan(path: &str, overrides: &Overrides) -> Plan {
    check(Path::new(path), overrides, &RULES).unwrap_or_else(|problems| panic!("{}", problems.render(false)))
}

#[test]
fn every_invalid_pipeline_is_told_exactly_what_is_wrong_with_it() {
    let mut wrong = String::new();
    for path in toml_files("tests/pipelines/invalid") {
        let found = brief(&faults(&path, &Overrides::default()), "tests/pipelines/invalid");
        let expected = fs::read_to_string(path.with_extension("txt")).unwrap_or_default();
        if found != expected || expected.is_empty() {
            wrong.push_str(&format!("{}\n--- expected\n{expected}--- found\n{found}\n", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn several_faults_are_shown_at_once_each_with_its_line_and_a_caret() {
    let path = Path::new("tests/pipelines/several-faults.toml");
    let text = faults(path, &Overrides::default()).render(false);
    let expected = fs::read_to_string(path.with_extension("txt")).expect("expected text");
    assert_eq!(text, expected, "\n{text}");
}

#[test]
fn a_pipeline_that_is_not_there_is_a_problem_that_names_its_neighbour() {
    let found = faults(Path::new("tests/pipelines/valid/smalest.toml"), &Overrides::default());
    let problem = found.sorted()[0].clone();
    assert_eq!((problem.code, found.len()), ("missing-file", 1));
    assert_eq!(problem.suggestion.as_deref(), Some("did you mean `smallest.toml`, in the same folder?"));
}

#[test]
fn the_smallest_pipeline_gets_every_default() {
    let plan = plan("tests/pipelines/valid/smallest.toml", &Overrides::default());
    let files: Vec<String> = plan.feeds[0].files.iter().map(|file| shown(file)).collect();
    // The half-sent hidden file beside them is left alone.
    assert_eq!(files, ["tests/pipelines/exports/stays-1.csv", "tests/pipelines/exports/stays-2.csv"]);
    // Beside the pipeline file, as every path in it.
    assert_eq!(plan.output, Path::new("tests/pipelines/valid/out"));
    assert_eq!((&plan.worklists, plan.keep_outputs_days), (&plan.output.join("worklists"), None));
    assert!(plan.period.is_none() && plan.state.is_none() && plan.fail_on.is_none() && plan.deficiency.is_none());
    assert_eq!((plan.edits.long_stay_days, plan.statistics.top), (365, 25));
    assert!(plan.statistics.formats.workbook && !plan.statistics.formats.text);
    assert_eq!(plan.coding.judge_on, JudgeOn::DischargeDate);
    let names: Vec<&str> = plan.sources.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["smallest.toml", "stays.toml"]);
}

#[test]
fn every_key_reaches_the_plan() {
    let plan = plan("tests/pipelines/valid/everything.toml", &Overrides::default());
    assert_eq!(plan.title, "Every key");
    let period = plan.period.expect("period");
    assert_eq!((period.first.to_string(), period.last.to_string()), ("2026-10-01".into(), "2026-12-31".into()));
    assert_eq!(shown(&plan.output), "tests/pipelines/out");
    assert_eq!(plan.state.as_deref().map(shown).as_deref(), Some("tests/pipelines/state"));
    assert_eq!(plan.fail_on, Some(Severity::Warning));
    assert_eq!((plan.edits.by_value.as_slice(), plan.edits.info_findings), (&["FLD032".to_owned()][..], false));
    // Encounters come first, whatever the order in the file.
    let tables: Vec<CanonicalTable> = plan.feeds.iter().map(|feed| feed.layout.table).collect();
    assert_eq!(tables, [CanonicalTable::Encounters, CanonicalTable::Documents]);
    let (stays, documents) = (&plan.feeds[0], &plan.feeds[1]);
    assert_eq!((stays.expected_records, stays.expected_facility.as_deref()), (Some(1), Some("0042")));
    assert_eq!(stays.expected_period.as_ref().map(|period| period.last.to_string()).as_deref(), Some("2026-10-31"));
    let only: BTreeMap<Field, Vec<Choice>> = stays.only.iter().cloned().collect();
    let text = |text: &str| Choice::Value(Constant::Text(text.to_owned()));
    assert_eq!(only[&Field::Sex], [text("F"), text("U")]);
    assert_eq!(only[&Field::DischargeDate], [Choice::Value(Constant::Moment(Moment::on(Day::of(2026, 10, 3))))]);
    assert_eq!(
        (documents.source.sheets.as_slice(), documents.source.members.as_slice()),
        (&["Index".to_owned()][..], &["*.csv".to_owned()][..])
    );
    assert_eq!(documents.files.len(), 1);
    let delivery = stays.delivery.as_ref().expect("a delivery");
    let formats = vec![DateFormat::new("%d.%m.%Y %H:%M", 1930).expect("a format")];
    assert_eq!(delivery.content, DeliveredContent::Changes);
    assert_eq!(delivery.newest_by, NewestBy::Column { name: "CHANGED".to_owned(), formats });
    let deletion = delivery.deletion.as_ref().expect("a mark");
    assert_eq!((deletion.column.as_str(), deletion.values.as_slice()), ("ACTION", &["D".into(), "X".into()][..]));
    let delivery = documents.delivery.as_ref().expect("a delivery");
    assert_eq!((delivery.content, &delivery.newest_by), (DeliveredContent::Full, &NewestBy::Order));
    // What a profile ignores comes first.
    assert_eq!(plan.edits.ignore, ["FLD050", "LOG104", "FLD007"]);
    assert_eq!((plan.edits.profiles.len(), plan.edits.profiles[0].conditions.len()), (1, 5));
    assert_eq!(plan.edits.targets, [("0042".to_owned(), 180)]);
    let accepted = &plan.edits.acceptances[0];
    assert_eq!(
        (accepted.rule.as_str(), accepted.record.as_str(), accepted.author.as_str()),
        ("FLD032", "0001", "M. Alvarez")
    );
    assert!(plan.edits.patient_numbers_by_facility);
    let severity: BTreeMap<String, Severity> = plan.edits.severity.into_iter().collect();
    assert_eq!((severity["FLD032"], severity["FLD050"]), (Severity::Info, Severity::Warning));
    assert_eq!((plan.edits.long_stay_days, plan.edits.longest_stay_days), (180, Some(2000)));
    let trend = &plan.edits.trend;
    assert_eq!((trend.least_months, trend.least_cases), (8, 50));
    // Differences are in codes a case or in percentage points; kept in millionths.
    let of = |measure| {
        let place = TrendMeasure::RATES.iter().position(|rate| *rate == measure).expect("a rate");
        let limits = trend.rates[place];
        [limits.warning.deviations, limits.critical.deviations, limits.warning.difference, limits.critical.difference]
    };
    assert_eq!(of(TrendMeasure::ExternalCausesPerCase), [2_500, 3_000, 1_000_000, 2_000_000]);
    assert_eq!(of(TrendMeasure::RaceUnknown), [2_000, 4_000, 20_000, 75_000]);
    assert_eq!((trend.discharges.warning, trend.discharges.critical), ((90_000, 120_000), (60_500, 190_000)));
    assert_eq!((trend.service_discharges.warning_mean, trend.service_discharges.critical_mean), (4, 9));
    assert_eq!((trend.coders.critical.deviations, trend.attendings.warning.difference), (5_000, 1_500_000));
    let september = Month::parse("2026-09").expect("a month");
    assert_eq!(plan.edits.history.get("0042", september).map(|month| month.discharges), Some(181));
    let rule = &plan.edits.site[0];
    assert_eq!((rule.code.as_str(), rule.title.as_str(), rule.severity), ("SITE001", "Late start", Severity::Warning));
    assert_eq!((rule.level.name(), rule.field, rule.required), ("procedure", Some(Field::ProcedureDate), true));
    let texts = [&rule.message, &rule.why, &rule.source].map(String::as_str);
    assert_eq!(texts, ["the procedure starts late", "Planning", "Site handbook 4.2"]);
    assert_eq!((rule.first, rule.last), (Day::from_iso("2026-10-01"), Day::from_iso("2026-12-31")));
    assert!(rule.applies.is_some() && rule.question.text.contains("admission_date + 2"));
    assert_eq!((plan.edits.site[1].level.name(), plan.edits.site[1].required), ("encounter", false));
    assert_eq!(plan.coding.judge_on, JudgeOn::AnyDate);
    let maps: Vec<(&str, bool)> =
        plan.coding.diagnoses.iter().map(|map| (map.from(), matches!(map, CodeMap::Gem { .. }))).collect();
    assert_eq!(maps, [("icd9cm", false), ("icd9cm", true), ("snomed", false)]);
    assert_eq!(plan.coding.procedures.len(), 1);
    let deficiency = plan.deficiency.expect("deficiency");
    assert_eq!((deficiency.delinquent_after_days, deficiency.matrix.expectations.len()), (21, 1));
    assert!(plan.statistics.formats.workbook && plan.statistics.formats.text);
    assert_eq!(plan.statistics.top, 10);
    assert_eq!(plan.archive.source_organization, "Test Hospital");
    assert_eq!(plan.archive.algorithms.last_file(), "tagmanifest-sha512.txt");
}

#[test]
fn the_command_line_goes_before_the_file() {
    let overrides = Overrides {
        period: Some("2026-09".to_owned()),
        out: Some(PathBuf::from("elsewhere")),
        state: Some(PathBuf::from("memory")),
        format: Some("text".to_owned()),
        business_date: Day::from_iso("2026-09-01"),
    };
    let plan = plan("tests/pipelines/valid/everything.toml", &overrides);
    assert_eq!(plan.period.expect("period").name, "2026-09");
    assert_eq!(plan.output, Path::new("elsewhere"));
    assert_eq!(plan.state.as_deref(), Some(Path::new("memory")));
    assert!(!plan.statistics.formats.workbook && plan.statistics.formats.text);
}

#[test]
fn a_contradiction_of_the_command_line_is_reported_as_its_own() {
    let everything = Path::new("tests/pipelines/valid/everything.toml");
    let same = Overrides {
        out: Some(PathBuf::from("here")),
        state: Some(PathBuf::from("./here")),
        period: Some("October".to_owned()),
        ..Overrides::default()
    };
    let found = brief(&faults(everything, &same), "tests/pipelines/valid");
    assert!(found.contains("--period bad-period: `October` is not a period"), "{found}");
    assert!(found.contains("--state contradiction: the state folder is the output folder"), "{found}");
    let early = Overrides { business_date: Day::from_iso("2026-09-30"), ..Overrides::default() };
    let found = brief(&faults(everything, &early), "tests/pipelines/valid");
    assert_eq!(
        found,
        "everything.toml:2:11 [\"2026-Q4\"] contradiction: the period begins on 2026-10-01, after the business date 2026-09-30\n    give another --period or --as-of\n"
    );
}

#[test]
fn every_shipped_pipeline_is_sound_and_reads_what_ships() {
    for path in toml_files("pipelines") {
        let text = fs::read_to_string(&path).expect("pipeline");
        assert!(text.starts_with("#:schema ./pipeline.schema.json\n"), "{} does not name the schema", path.display());
        assert!(!text.contains("shared"), "{} reads what users do not have", path.display());
        if let Err(problems) = check(&path, &Overrides::default(), &known()) {
            panic!("{}", problems.render(false));
        }
    }
}

#[test]
fn the_types_behind_the_schema_read_every_sound_pipeline() {
    for path in ["pipelines", "tests/pipelines/samples", "tests/pipelines/valid"].into_iter().flat_map(toml_files) {
        let text = fs::read_to_string(&path).expect("pipeline");
        if let Err(error) = toml::from_str::<Pipeline>(&text) {
            panic!("{}: {error}", path.display());
        }
    }
}

#[test]
fn the_schema_is_fresh() {
    let made = json_schema();
    if std::env::var_os("CHARTROOM_UPDATE").is_some() {
        fs::write(SCHEMA, &made).expect("schema written");
    }
    let kept = fs::read_to_string(SCHEMA).unwrap_or_default();
    assert!(kept == made, "{SCHEMA} is stale: run the tests once with CHARTROOM_UPDATE=1");
}

/// What the reader lists when it meets a key that it does not know, against the properties that the schema has there.
#[test]
fn the_schema_and_the_reader_know_the_same_keys() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("pipeline.toml");
    let sections = "zzzz = 1\nstate = \"state\"\n[[ingest]]\nzzzz = 1\n[ingest.newest_by]\nzzzz = 1\n[ingest.deletion]\nzzzz = 1\n[edits]\nzzzz = 1\n[edits.trend]\nzzzz = 1\n[edits.trend.race_unknown]\nzzzz = 1\n[edits.trend.discharges]\nzzzz = 1\n[edits.trend.service_discharges]\nzzzz = 1\n[[edits.rule]]\nzzzz = 1\n[[edits.accept]]\nzzzz = 1\n[coding]\nzzzz = 1\n[[coding.diagnoses]]\nzzzz = 1\n[[coding.procedures]]\nzzzz = 1\n[deficiency]\nzzzz = 1\n[[deficiency.level]]\nzzzz = 1\n[night]\nzzzz = 1\n[store]\nzzzz = 1\n[statistics]\nzzzz = 1\n[archive]\nzzzz = 1\n";
    fs::write(&path, sections).expect("pipeline");
    let problems = faults(&path, &Overrides::default());
    let mut read: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for problem in problems.sorted() {
        if let (Some(place), Some(keys)) = (
            problem.message.strip_prefix("there is no key `zzzz`"),
            problem.suggestion.as_deref().and_then(|words| words.strip_prefix("the keys here are: ")),
        ) {
            let section = place.trim_start_matches(" in `").trim_end_matches('`').to_owned();
            read.insert(section, keys.split(", ").map(str::to_owned).collect());
        }
    }
    let schema: serde_json::Value = serde_json::from_str(&json_schema()).expect("schema");
    let keys = |of: &serde_json::Value| -> BTreeSet<String> {
        of["properties"].as_object().expect("properties").keys().cloned().collect()
    };
    for (section, definition) in [
        ("", None),
        ("ingest", Some("Ingest")),
        ("ingest.newest_by", Some("NewestColumn")),
        ("ingest.deletion", Some("Deletion")),
        ("edits", Some("Edits")),
        ("edits.trend", Some("Trend")),
        ("edits.trend.race_unknown", Some("TrendLimits")),
        ("edits.trend.discharges", Some("VolumeLimits")),
        ("edits.trend.service_discharges", Some("ServiceLimits")),
        ("edits.rule", Some("SiteRule")),
        ("edits.accept", Some("Accept")),
        ("coding", Some("Coding")),
        ("coding.diagnoses", Some("Map")),
        ("coding.procedures", Some("Map")),
        ("deficiency", Some("Deficiency")),
        ("statistics", Some("Statistics")),
        ("archive", Some("Archive")),
    ] {
        let described = definition.map_or(&schema, |name| &schema["$defs"][name]);
        assert_eq!(read.get(section), Some(&keys(described)), "the keys of [{section}]");
    }
}
