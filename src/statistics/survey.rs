//! The section `[statistics.survey]`: what the publisher of a survey says of its errors and of what it shows.

use schemars::JsonSchema;
use serde::Deserialize;

use super::arithmetic::{
    fraction::Fraction,
    survey_weights::{ErrorParameters, ReliabilityLimits},
};
use crate::problem::reader::Section;

/// A survey, as it is written.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Survey")]
#[serde(deny_unknown_fields)]
pub struct SurveySection {
    /// Parameter a of the relative standard error of discharges, as a text: "0.00023".
    pub a: Option<String>,
    /// Parameter b of it: "311.5".
    pub b: Option<String>,
    /// Parameter a of the relative standard error of days of stay.
    pub days_a: Option<String>,
    /// Parameter b of it.
    pub days_b: Option<String>,
    /// Estimates on fewer records are not shown. Default: 30.
    pub shown_from: Option<u32>,
    /// Estimates on fewer records are to be used with care. Default: 60.
    pub unflagged_from: Option<u32>,
    /// Estimates with a relative standard error of so many per cent or more are to be used with care. Default: 30.
    pub flagged_from_percent: Option<u16>,
}

/// A survey.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SurveySettings {
    /// Parameters of the errors of discharges.
    pub discharges: Option<ErrorParameters>,
    /// Parameters of the errors of days of stay.
    pub days: Option<ErrorParameters>,
    /// From where on an estimate is shown, and shown without a word.
    pub limits: ReliabilityLimits,
}

/// Reads the section.
pub fn read(section: &mut Section<'_>) -> SurveySettings {
    let mut settings = SurveySettings {
        discharges: parameters(section, ["a", "b"]),
        days: parameters(section, ["days_a", "days_b"]),
        ..SurveySettings::default()
    };
    let limits = &mut settings.limits;
    if let Some(records) = section.number("shown_from", 1..=1_000_000) {
        limits.shown_from = records.value.unsigned_abs();
    }
    if let Some(records) = section.number("unflagged_from", 1..=1_000_000) {
        limits.unflagged_from = records.value.unsigned_abs();
    }
    if let Some(percent) = section.number("flagged_from_percent", 1..=1000) {
        limits.flagged_from_percent = u16::try_from(percent.value).unwrap_or(30);
    }
    settings
}

/// Both parameters, or none.
fn parameters(section: &mut Section<'_>, keys: [&'static str; 2]) -> Option<ErrorParameters> {
    let texts = keys.map(|key| section.text(key));
    let is_one_alone = texts[0].is_some() != texts[1].is_some();
    let mut numbers = Vec::new();
    for text in texts.into_iter().flatten() {
        let number = Fraction::of_decimal(text.value.trim());
        if number.is_none() {
            let message = "a parameter is a plain decimal number".to_owned();
            section.problem("bad-number", text.span.clone(), message, Some("write it as \"0.00023\"".to_owned()));
        }
        numbers.extend(number);
    }
    if is_one_alone {
        let span = section.span.clone();
        let message = format!("`{}` and `{}` stand together", keys[0], keys[1]);
        section.problem("missing-key", span, message, Some("state both, as the survey publishes them".to_owned()));
    }
    let mut numbers = numbers.into_iter();
    Some(ErrorParameters { a: numbers.next()?, b: numbers.next()? })
}
