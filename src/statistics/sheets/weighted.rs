//! Estimates of a survey, with their relative standard errors where its parameters are stated.

use crate::{
    book::{
        sheet::Sheet,
        table::{Table, TableColumn, column},
        value::{CellValue, Ratio},
    },
    statistics::{
        arithmetic::{
            fraction::Fraction,
            survey_weights::{ErrorParameters, RelativeError, Reliability, ReliabilityLimits, reliability},
        },
        labels::{Labelled, Labels},
        survey::SurveySettings,
        weighted::{DIMENSIONS, ONE, WeightedGroup, WeightedSums},
    },
};

/// The sheet; `None` where no record states a weight.
pub fn sheet(sums: &WeightedSums, survey: &SurveySettings, labels: &Labels) -> Option<Sheet> {
    if sums.is_none() {
        return None;
    }
    let limits = &survey.limits;
    let mut notes = vec![
        "Population: the discharges that the records of the period stand for: each counts as its weight says, newborns and deaths included. Records are counted once.".to_owned(),
        format!(
            "[u] unreliable: fewer than {} records. Fewer than {} records, or a relative standard error of {} % or more, is said beside the figures.",
            limits.shown_from, limits.unflagged_from, limits.flagged_from_percent
        ),
    ];
    notes.push(match &survey.discharges {
        Some(_) => "Relative standard errors: the root of a + b / X, with the parameters that the pipeline states for this survey and year.".to_owned(),
        None => "No parameters of standard errors are stated, so that the number of records alone decides.".to_owned(),
    });
    if sums.without_weight > 0 {
        notes.push(format!(
            "{} records state no weight that can be read: they are in no estimate.",
            sums.without_weight
        ));
    }
    let row = |value: CellValue, words: Option<&str>, group: &WeightedGroup| {
        let mut row = vec![value];
        row.extend(words.map(CellValue::text));
        row.extend(figures(group, survey));
        row
    };
    let all = [("all discharges", sums.together()), ("adults and children", sums.all[0]), ("newborns", sums.all[1])];
    let mut tables = vec![Table {
        name: "weighted_all".to_owned(),
        caption: "All discharges".to_owned(),
        columns: columns("Discharges of", false, survey),
        rows: all.iter().map(|(name, group)| row(CellValue::text(*name), None, group)).collect(),
        chart: None,
    }];
    for dimension in DIMENSIONS {
        let rows = sums.of(dimension);
        let of = Labelled::of(dimension).filter(|of| labels.has(*of));
        let title = dimension.title();
        let line = |(value, group): &(&str, &WeightedGroup)| {
            row(CellValue::code(*value), of.map(|of| labels.words(of, value)), group)
        };
        tables.push(Table {
            name: format!("weighted_by_{}", title.to_lowercase().replace(' ', "_")),
            caption: format!("By {}", title.to_lowercase()),
            columns: columns(title, of.is_some(), survey),
            rows: rows.iter().map(line).collect(),
            chart: None,
        });
    }
    Some(Sheet {
        name: "Weighted",
        title: "Weighted estimates".to_owned(),
        summary: "Discharges, days, stays and deaths that the records of a survey stand for, with their reliability",
        notes,
        tables,
    })
}

fn columns(first: &'static str, with_words: bool, survey: &SurveySettings) -> Vec<TableColumn> {
    let mut columns = vec![column(first, 22)];
    columns.extend(with_words.then(|| column("In words", 34)));
    columns.push(column("Records", 10));
    columns.push(column("Discharges, estimated", 14));
    columns.extend(survey.discharges.is_some().then(|| column("Relative standard error, %", 12)));
    columns.push(column("Days of stay, estimated", 14));
    columns.extend(survey.days.is_some().then(|| column("Relative standard error of days, %", 12)));
    columns.push(column("Average stay, days", 12));
    columns.push(column("Deaths, estimated", 12));
    columns.push(column("Deaths, %", 10));
    columns.push(column("Reliability", 40));
    columns
}

fn figures(group: &WeightedGroup, survey: &SurveySettings) -> Vec<CellValue> {
    let limits = &survey.limits;
    let error = |parameters: &Option<ErrorParameters>, sum: u64| {
        let estimate = Fraction::new(sum, ONE)?;
        parameters.as_ref()?.of_total(&estimate)
    };
    let of_discharges = error(&survey.discharges, group.discharges);
    let of_days = error(&survey.days, group.days);
    let of_deaths = error(&survey.discharges, group.deaths);
    let shown =
        |value: CellValue, records: u64, error: Option<&RelativeError>| match reliability(records, error, limits) {
            Reliability::NotShown => CellValue::Unreliable,
            Reliability::Flagged | Reliability::Reliable => value,
        };
    let printed = |error: &Option<RelativeError>| {
        error.as_ref().map_or(CellValue::NotApplicable, |error| CellValue::printed(&error.percent_printed(1)))
    };
    let records = group.records;
    let mut row = vec![CellValue::Count(records), shown(estimate(group.discharges), records, of_discharges.as_ref())];
    row.extend(survey.discharges.is_some().then(|| printed(&of_discharges)));
    row.push(shown(estimate(group.days), records, of_days.as_ref()));
    row.extend(survey.days.is_some().then(|| printed(&of_days)));
    row.push(shown(CellValue::mean(group.days, group.stays, 2), records, of_days.as_ref()));
    // No death among enough records is none; few are unreliable by their own number.
    let deaths = if group.death_records == 0 { records } else { group.death_records };
    row.push(shown(estimate(group.deaths), deaths, of_deaths.as_ref()));
    row.push(shown(CellValue::percent(group.deaths, group.discharges, 2), deaths, of_deaths.as_ref()));
    row.push(CellValue::text(words(records, [&of_discharges, &of_days], limits)));
    row
}

/// An estimated number, rounded half up to whole ones.
fn estimate(millionths: u64) -> CellValue {
    let numerator = i64::try_from(millionths).unwrap_or(i64::MAX);
    CellValue::Ratio(Ratio { numerator, denominator: ONE, decimals: 0, percent: false })
}

/// What is to be said of the reliability of a row; blank where nothing is.
fn words(records: u64, errors: [&Option<RelativeError>; 2], limits: &ReliabilityLimits) -> String {
    let is_large =
        errors.iter().any(|error| error.as_ref().is_some_and(|error| error.is_at_least(limits.flagged_from_percent)));
    if records < limits.shown_from {
        "too few records".to_owned()
    } else if records < limits.unflagged_from {
        format!("with care: fewer than {} records", limits.unflagged_from)
    } else if is_large {
        format!("with care: standard error of {} % or more", limits.flagged_from_percent)
    } else {
        String::new()
    }
}
