//! The figures of a night for a monitor: a text file as the Prometheus node exporter reads it (textfile collector). Counts alone; names of files and people are in none.

use std::fmt::Write as _;

use crate::{
    record::{date::Day, finding::Severity},
    run::results::RunResults,
};

/// Seconds of a day.
const SECONDS: i64 = 86_400;

/// One figure: its name, what it is, and its values by their labels.
type Metric<'m> = (&'m str, &'m str, Vec<(String, i64)>);

/// The file of a run. `results`: `None` where nothing was published.
pub fn text(pipeline: &str, business_date: Day, exit: u8, results: Option<&RunResults>) -> String {
    let own = |labels: &str| {
        let more = if labels.is_empty() { String::new() } else { format!(",{labels}") };
        format!("{{pipeline=\"{}\"{more}}}", label(pipeline))
    };
    let one = |value: i64| vec![(own(""), value)];
    let mut metrics: Vec<Metric<'_>> = vec![
        ("chartroom_run_exit_code", "Exit code of the newest run.", one(i64::from(exit))),
        (
            "chartroom_run_business_date_seconds",
            "Business date of the newest run, midnight UTC, in seconds since 1970-01-01.",
            one(i64::from(business_date.0) * SECONDS),
        ),
        ("chartroom_run_published", "Whether the newest run published its output.", one(i64::from(results.is_some()))),
    ];
    if let Some(results) = results {
        let count = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        let totals = &results.totals;
        let rows = [
            ("read", totals.read),
            ("accepted", totals.accepted),
            ("quarantined", totals.quarantined),
            ("repeated", totals.duplicate),
        ];
        let rows = rows.map(|(name, value)| (own(&format!("outcome=\"{name}\"")), count(value)));
        let by_severity = Severity::ALL.map(|severity| {
            let value = results.findings.get(severity.name()).copied().unwrap_or(0);
            (own(&format!("severity=\"{}\"", severity.name())), count(value))
        });
        let night = &results.desks.night;
        let unusable = results.inputs.iter().filter(|input| input.is_unusable()).count();
        let missing = results.inputs.iter().filter(|input| !input.missing.is_empty()).count();
        metrics.push(("chartroom_rows", "Rows of all inputs by what became of them.", rows.to_vec()));
        metrics.push(("chartroom_records", "Encounters examined.", one(count(results.encounters.examined))));
        metrics.push(("chartroom_findings", "Findings by severity.", by_severity.to_vec()));
        metrics.push(("chartroom_inputs_unusable", "Inputs that could not be used.", one(unusable as i64)));
        metrics.push(("chartroom_inputs_missing", "Inputs that were due and did not come.", one(missing as i64)));
        if night.followed {
            let kinds = [("finding", &night.findings), ("deficiency", &night.deficiencies)];
            let of = |what: &dyn Fn(&crate::tracking::account::LifeCounts) -> u64| {
                kinds.iter().map(|(kind, counts)| (own(&format!("kind=\"{kind}\"")), count(what(counts)))).collect()
            };
            metrics.push(("chartroom_new", "Found for the first time on the newest night.", of(&|counts| counts.new)));
            metrics.push(("chartroom_reopened", "Open again since the newest night.", of(&|counts| counts.reopened)));
            metrics.push((
                "chartroom_corrected",
                "No longer found since the newest night.",
                of(&|counts| counts.corrected),
            ));
            metrics.push(("chartroom_open", "Open.", of(&|counts| counts.open)));
            let oldest = |counts: &crate::tracking::account::LifeCounts| u64::try_from(counts.oldest_days).unwrap_or(0);
            metrics.push((
                "chartroom_oldest_open_days",
                "Days since the oldest of the open ones was found first.",
                of(&oldest),
            ));
        }
        let deficiencies = &results.desks.deficiencies;
        metrics.push((
            "chartroom_incomplete_records",
            "Records with an open deficiency.",
            one(count(deficiencies.incomplete_records)),
        ));
        metrics.push((
            "chartroom_delinquent_records",
            "Records past their limit.",
            one(count(deficiencies.delinquent_records)),
        ));
        metrics.push((
            "chartroom_clinicians_suspended",
            "Clinicians on the suspension list.",
            one(count(results.desks.clinicians.suspended)),
        ));
    }
    let mut text = String::new();
    for (name, help, values) in metrics {
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
        for (labels, value) in values {
            let _ = writeln!(text, "{name}{labels} {value}");
        }
    }
    text
}

/// A text as the value of a label (exposition format of Prometheus).
fn label(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_published_nothing_has_its_exit_code_and_a_title_is_escaped() {
        let day = Day::from_iso("2026-10-06").expect("a day");
        let text = text("The \"night\"", day, 74, None);
        assert!(text.contains("chartroom_run_exit_code{pipeline=\"The \\\"night\\\"\"} 74\n"), "{text}");
        assert!(
            text.contains("chartroom_run_business_date_seconds{pipeline=\"The \\\"night\\\"\"} 1791244800\n"),
            "{text}"
        );
        assert!(text.contains("chartroom_run_published{pipeline=\"The \\\"night\\\"\"} 0\n"), "{text}");
    }
}
