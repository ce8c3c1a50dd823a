//! `[edits.trend]` and the files of `history`: what a facility's month is held to.

use crate::{
    edits::trend::{
        facility_months::FacilityMonths,
        measure::{TrendMeasure, Unit},
        settings::{Limits, ServiceLimits, TrendSettings, VolumeLimits},
    },
    fs::path::shown,
    problem::{
        named_files::NamedFiles,
        reader::{At, Section},
    },
};

/// Reads the files of `history`; a month may stand in one of them only.
pub fn read_history(section: &mut Section<'_>, named: &mut NamedFiles<'_>) -> FacilityMonths {
    let mut history = FacilityMonths::default();
    for file in section.texts("history") {
        let path = named.folder.join(&file.value);
        let Some(text) = named.text(section, &file, &path, "history") else { continue };
        match FacilityMonths::read(&text) {
            Ok(months) => {
                let again = months.0.iter().find_map(|(facility, months)| {
                    months.keys().find(|month| history.get(facility, **month).is_some())
                });
                if let Some(month) = again {
                    let message =
                        format!("{} states the month {month} of a facility that an earlier file states", shown(&path));
                    section.problem("contradiction", file.span, message, Some("keep one of the two".to_owned()));
                    continue;
                }
                history.add(months);
            }
            Err(faults) => {
                for fault in faults {
                    let message = format!("line {} of the history: {}", fault.line, fault.message);
                    section.problem("bad-history", file.span.clone(), message, None);
                }
            }
        }
    }
    history
}

/// Cases of a month: more than there are people to be discharged, and few enough to be reckoned with in hundredths.
pub const MOST_CASES: i64 = 10_000_000_000;

/// Reads the section.
pub fn read(section: &mut Section<'_>) -> TrendSettings {
    let mut settings = TrendSettings::default();
    // With one month or one case there is no deviation.
    if let Some(months) = section.number("least_months", 2..=12) {
        settings.least_months = months.value.unsigned_abs();
    }
    if let Some(cases) = section.number("least_cases", 2..=MOST_CASES) {
        settings.least_cases = cases.value.unsigned_abs();
    }
    for (place, measure) in TrendMeasure::RATES.into_iter().enumerate() {
        read_limits(section, measure, &mut settings.rates[place]);
    }
    section.section(TrendMeasure::Discharges.name(), |section| read_volume(section, &mut settings.discharges));
    section.section(TrendMeasure::ServiceDischarges.name(), |section| {
        read_services(section, &mut settings.service_discharges);
    });
    read_limits(section, TrendMeasure::CoderDiagnosesPerCase, &mut settings.coders);
    read_limits(section, TrendMeasure::AttendingDiagnosesPerCase, &mut settings.attendings);
    settings
}

fn read_limits(section: &mut Section<'_>, measure: TrendMeasure, limits: &mut Limits) {
    // Thousandths of a code a case, or of a percentage point, in millionths.
    let scale = if measure.unit() == Unit::Percent { 10 } else { 1000 };
    section.section(measure.name(), |section| {
        let warning = section.decimal("warning_deviations");
        let critical = section.decimal("critical_deviations");
        set(&mut limits.warning.deviations, &warning, 1);
        set(&mut limits.critical.deviations, &critical, 1);
        if limits.critical.deviations < limits.warning.deviations {
            contradicts(section, critical.or(warning), "`critical_deviations` is less than `warning_deviations`");
        }
        let warning = section.decimal("warning_difference");
        let critical = section.decimal("critical_difference");
        set(&mut limits.warning.difference, &warning, scale);
        set(&mut limits.critical.difference, &critical, scale);
        if limits.critical.difference < limits.warning.difference {
            contradicts(section, critical.or(warning), "`critical_difference` is less than `warning_difference`");
        }
    });
}

fn read_volume(section: &mut Section<'_>, limits: &mut VolumeLimits) {
    let warning = [section.decimal("warning_below_percent"), section.decimal("warning_above_percent")];
    let critical = [section.decimal("critical_below_percent"), section.decimal("critical_above_percent")];
    for (bounds, written) in [(&mut limits.warning, &warning), (&mut limits.critical, &critical)] {
        set(&mut bounds.0, &written[0], 1);
        set(&mut bounds.1, &written[1], 1);
    }
    let VolumeLimits { warning: (low, high), critical: (lowest, highest) } = *limits;
    if !(lowest <= low && low <= high && high <= highest) {
        let written = critical.into_iter().chain(warning).flatten().next();
        contradicts(
            section,
            written,
            "the limits must rise: critical below, warning below, warning above, critical above",
        );
    }
}

fn read_services(section: &mut Section<'_>, limits: &mut ServiceLimits) {
    let warning = section.number("warning_mean", 1..=MOST_CASES);
    let critical = section.number("critical_mean", 1..=MOST_CASES);
    for (limit, written) in [(&mut limits.warning_mean, &warning), (&mut limits.critical_mean, &critical)] {
        if let Some(written) = written {
            *limit = written.value.unsigned_abs();
        }
    }
    if limits.critical_mean < limits.warning_mean {
        let message = "`critical_mean` is less than `warning_mean`";
        if let Some(written) = critical.or(warning) {
            section.problem("contradiction", written.span, message, None);
        }
    }
}

fn set(limit: &mut u64, written: &Option<At<u64>>, scale: u64) {
    if let Some(written) = written {
        *limit = written.value * scale;
    }
}

fn contradicts(section: &mut Section<'_>, written: Option<At<u64>>, message: &str) {
    if let Some(written) = written {
        section.problem(
            "contradiction",
            written.span,
            message,
            Some("defaults stand where one is not written".to_owned()),
        );
    }
}
