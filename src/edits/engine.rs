//! Applies rules to a partition and to inputs. Pure: plain data in, findings and scores out.

use super::{
    asking::{Asking, Place, ask},
    conventions,
    rule::{Context, Life, Rule, Test},
    rules::RULES,
    scorecard::Scorecard,
};
use crate::{
    partition::encounter::{Encounter, Orphan},
    record::{
        account::InputAccount,
        date::Day,
        field::Field,
        finding::{Finding, Origin, Severity},
    },
};

/// The rules of a run with the severities in force, in the order of the list.
#[derive(Debug, Clone)]
pub struct ActiveRules {
    /// Rule and severity.
    pub rules: Vec<(&'static Rule, Severity)>,
}

impl ActiveRules {
    /// All rules but the ignored, with the severities that a pipeline gives. Rules are named by code.
    pub fn new(ignore: &[String], severity: &[(String, Severity)]) -> ActiveRules {
        let rules = RULES
            .iter()
            .filter(|rule| !ignore.iter().any(|code| code == rule.code))
            .map(|rule| {
                let given = severity.iter().rev().find(|(code, _)| code == rule.code).map(|(_, severity)| *severity);
                (rule, given.unwrap_or(rule.severity))
            })
            .collect();
        ActiveRules { rules }
    }

    /// One rule alone, as its page runs it.
    pub fn only(code: &str) -> ActiveRules {
        ActiveRules { rules: RULES.iter().filter(|rule| rule.code == code).map(|rule| (rule, rule.severity)).collect() }
    }
}

/// What an examination found.
#[derive(Debug, Clone, Default)]
pub struct Examined {
    /// Findings, by encounter in the order given, then rule, then position.
    pub findings: Vec<Finding>,
    /// By encounter: findings by severity, heaviest first.
    pub by_severity: Vec<[u16; 4]>,
    /// The scores.
    pub scorecard: Scorecard,
}

/// Encounters that are taken through all rules before the next ones: few enough to stay in a core's own cache.
const AT_A_TIME: usize = 64;

/// Examines encounters and the rows that hang on none.
pub fn examine(
    encounters: &[Encounter<'_>],
    orphans: &[Orphan<'_>],
    rules: &ActiveRules,
    context: &Context,
) -> Examined {
    let mut scorecard = Scorecard::new(rules.rules.len());
    let lives: Vec<Option<(Day, Day)>> =
        rules.rules.iter().map(|(rule, _)| (rule.life != Life::ALWAYS).then(|| rule.life.days())).collect();
    // Failing places first as integers; texts are made for them alone, after the loops.
    let mut failed: Vec<Place> = Vec::new();
    for (chunk, encounters) in encounters.chunks(AT_A_TIME).enumerate() {
        let first = chunk * AT_A_TIME;
        for (number, (rule, _)) in rules.rules.iter().enumerate() {
            let mut asking = Asking {
                rule: number as u16,
                life: lives[number],
                context,
                encounters,
                first,
                score: &mut scorecard.scores[number],
                failed: &mut failed,
            };
            ask(rule, &mut asking);
        }
    }
    for (score, (rule, _)) in scorecard.scores.iter_mut().zip(&rules.rules) {
        if let Test::Orphan { table } = rule.test {
            let strays = orphans.iter().filter(|orphan| orphan.table == table).count() as u64;
            score.examined += strays;
            score.failed += strays;
            score.records_failed += strays;
        }
    }
    failed.sort_unstable();
    let mut by_severity = vec![[0u16; 4]; encounters.len()];
    let mut findings = Vec::with_capacity(failed.len());
    for (index, number, child) in failed {
        let (rule, severity) = rules.rules[usize::from(number)];
        let count = &mut by_severity[index as usize][severity as usize];
        *count = count.saturating_add(1);
        findings.push(finding(&encounters[index as usize], child as usize, number, rule, severity));
    }
    for orphan in orphans {
        for (number, (rule, severity)) in rules.rules.iter().enumerate() {
            if matches!(rule.test, Test::Orphan { table } if table == orphan.table) {
                findings.push(Finding {
                    rule: number as u16,
                    severity: *severity,
                    encounter_id: orphan.encounter_id.to_owned(),
                    field: rule.field,
                    position: 0,
                    raw: orphan.encounter_id.to_owned(),
                    origin: orphan.origin,
                });
            }
        }
    }
    Examined { findings, by_severity, scorecard }
}

fn finding(encounter: &Encounter<'_>, child: usize, number: u16, rule: &Rule, severity: Severity) -> Finding {
    let field = rule.field;
    let (position, raw, origin) = match rule.test {
        Test::Diagnosis { .. } => {
            let diagnosis = &encounter.diagnoses[child];
            let raw = match field {
                Some(Field::PresentOnAdmission) => raw_mark(encounter, diagnosis.position),
                _ => diagnosis.raw,
            };
            (diagnosis.position, raw, diagnosis.origin)
        }
        Test::Procedure { .. } => {
            let procedure = &encounter.procedures[child];
            let raw = match field {
                Some(Field::ProcedureDate) => encounter.raw(Field::ProcedureDate, place(procedure.position)),
                Some(Field::SurgeonNpi) => procedure.surgeon_npi,
                _ => procedure.raw,
            };
            (procedure.position, raw, procedure.origin)
        }
        Test::Document { .. } => {
            let document = &encounter.documents[child];
            (u16::try_from(child + 1).unwrap_or(u16::MAX), document.document_id, document.origin)
        }
        Test::Encounter { .. } | Test::Orphan { .. } | Test::Input { .. } => match field {
            // The key is kept apart from the other cells.
            Some(Field::EncounterId) => (0, encounter.encounter_id, encounter.origin()),
            // A rule on all diagnoses together shows the principal one, which may stand on a row of its own.
            Some(Field::DiagnosisCode) => encounter
                .principal_diagnosis()
                .map_or((0, "", encounter.origin()), |principal| (principal.position, principal.raw, principal.origin)),
            Some(field) => (0, encounter.raw(field, 0), encounter.origin()),
            None => (0, "", encounter.origin()),
        },
    };
    Finding {
        rule: number,
        severity,
        encounter_id: encounter.encounter_id.to_owned(),
        field,
        position,
        raw: conventions::shown(rule.code, encounter, child).unwrap_or_else(|| masked(field, raw)),
        origin,
    }
}

fn place(position: u16) -> u8 {
    u8::try_from(position.saturating_sub(1)).unwrap_or(u8::MAX)
}

fn raw_mark<'a>(encounter: &Encounter<'a>, position: u16) -> &'a str {
    encounter.raw(Field::PresentOnAdmission, place(position))
}

/// A social security number or name is not needed to correct it: the last four characters tell the record's owner which it is.
fn masked(field: Option<Field>, raw: &str) -> String {
    match field {
        Some(Field::SocialSecurityNumber | Field::PatientName) => {
            let count = raw.chars().count();
            let kept: String = raw.chars().skip(count.saturating_sub(4)).collect();
            format!("{}{kept}", "*".repeat(count.saturating_sub(4)))
        }
        _ => raw.to_owned(),
    }
}

/// Examines the inputs of a run; adds to the scorecard of the run's rules. A finding's origin names the input, with row 0.
pub fn examine_inputs(inputs: &[InputAccount], rules: &ActiveRules, scorecard: &mut Scorecard) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (place, input) in inputs.iter().enumerate() {
        for (number, (rule, severity)) in rules.rules.iter().enumerate() {
            let Test::Input { applies, violates } = rule.test else { continue };
            let score = &mut scorecard.scores[number];
            if !applies(input) {
                score.not_applicable += 1;
                continue;
            }
            score.examined += 1;
            if violates(input) {
                score.failed += 1;
                score.records_failed += 1;
                findings.push(Finding {
                    rule: number as u16,
                    severity: *severity,
                    encounter_id: String::new(),
                    field: rule.field,
                    position: 0,
                    raw: String::new(),
                    origin: Origin { input: place as u16, row: 0 },
                });
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edits::scorecard::Score;
    use crate::{
        ingest::sorter::sort_rows,
        partition::{
            decode::{Patients, decode},
            row::RowWriter,
            slot::{Feed, Slot},
        },
        record::field::{DICTIONARY, Table},
    };
    use proptest::prelude::*;

    const FIELDS: [(Field, u8); 9] = [
        (Field::AdmissionDate, 0),
        (Field::DischargeDate, 0),
        (Field::BirthDate, 0),
        (Field::Sex, 0),
        (Field::SocialSecurityNumber, 0),
        (Field::DischargeStatus, 0),
        (Field::DiagnosisCode, 0),
        (Field::DiagnosisCode, 1),
        (Field::ProcedureDate, 0),
    ];

    fn feeds() -> Vec<Feed> {
        vec![Feed {
            name: "abstracts".into(),
            table: Table::Encounters,
            slots: FIELDS.iter().map(|(field, position)| Slot::plain(*field, *position)).collect(),
            missing: Vec::new(),
            constants: Vec::new(),
            only: Vec::new(),
        }]
    }

    fn rows(records: &[Vec<String>]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (number, cells) in records.iter().enumerate() {
            let origin = Origin { input: 0, row: number as u64 + 2 };
            let key = format!("E{number:05}");
            let mut writer = RowWriter::begin(&mut bytes, 0, key.as_bytes(), origin, number as u64);
            for (slot, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                writer.cell(slot as u8, cell.as_bytes());
            }
            writer.end();
        }
        sort_rows(bytes)
    }

    fn examined(records: &[Vec<String>], rules: &ActiveRules) -> Examined {
        let (feeds, patients, bytes) = (feeds(), Patients::default(), rows(records));
        let decoded = decode(&bytes, &feeds, &patients);
        let context = Context::on(Day::from_iso("2026-11-01").expect("day"));
        examine(&decoded.encounters(), &decoded.orphans, rules, &context)
    }

    fn record(cells: [&str; 9]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn a_rule_that_needs_an_unreadable_date_does_not_apply() {
        let backwards = record(["2026-10-05", "2026-10-03", "", "", "", "", "", "", ""]);
        let unreadable = record(["2026-13-05", "2026-10-03", "", "", "", "", "", "", ""]);
        let examined = examined(&[backwards, unreadable], &ActiveRules::only("LOG101"));
        let score = examined.scorecard.scores[0];
        assert_eq!((score.examined, score.failed, score.not_applicable), (1, 1, 1));
        assert_eq!(examined.findings[0].origin.row, 2);
    }

    #[test]
    fn a_social_security_number_is_masked_in_findings() {
        let examined =
            examined(&[record(["", "", "", "", "123-45-678", "", "", "", ""])], &ActiveRules::only("FLD043"));
        assert_eq!(examined.findings[0].raw, "******-678");
    }

    #[test]
    fn ignored_rules_are_not_asked_and_severities_are_the_pipeline_s() {
        let rules = ActiveRules::new(&["FLD001".to_owned()], &[("FLD007".to_owned(), Severity::Info)]);
        assert_eq!(rules.rules.len(), RULES.len() - 1);
        let severity = rules.rules.iter().find(|(rule, _)| rule.code == "FLD007").map(|(_, severity)| *severity);
        assert_eq!(severity, Some(Severity::Info));
        let without_sex = examined(&[record(["", "", "", "", "", "", "", "", ""])], &rules);
        let finding = without_sex.findings.iter().find(|finding| finding.field == Some(Field::Sex)).expect("found");
        assert_eq!(finding.severity, Severity::Info);
        assert_eq!(rules.rules[usize::from(finding.rule)].0.code, "FLD007");
    }

    #[test]
    fn a_run_without_records_passes_nothing_and_fails_nothing() {
        let examined = examined(&[], &ActiveRules::new(&[], &[]));
        assert!(examined.findings.is_empty());
        assert!(examined.scorecard.scores.iter().all(|score| *score == Score::default()));
    }

    #[test]
    fn a_context_has_a_place_for_every_field() {
        let context = Context::on(Day(0));
        assert!(DICTIONARY.iter().all(|entry| context.is_mapped(entry.field)));
    }

    /// The rule without its compiled loops.
    fn by_pointer(rule: &Rule) -> Rule {
        let test = match rule.test {
            Test::Encounter { applies, violates, .. } => Test::Encounter { applies, violates, walk: None },
            Test::Diagnosis { applies, violates, .. } => Test::Diagnosis { applies, violates, walk: None },
            Test::Procedure { applies, violates, .. } => Test::Procedure { applies, violates, walk: None },
            Test::Document { applies, violates, .. } => Test::Document { applies, violates, walk: None },
            other => other,
        };
        Rule { test, ..*rule }
    }

    #[test]
    fn every_rule_has_its_loops_compiled() {
        for rule in RULES {
            let pointed = by_pointer(rule);
            let has_pointers = !matches!(rule.test, Test::Orphan { .. } | Test::Input { .. });
            assert_eq!(format!("{:?}", rule.test) != format!("{:?}", pointed.test), has_pointers, "{}", rule.code);
        }
    }

    fn cell() -> impl Strategy<Value = String> {
        prop::sample::select(vec![
            "",
            "F",
            "x",
            "20",
            "30",
            "2026-10-03",
            "2026-10-31",
            "2027-01-01",
            "2000-02-30",
            "I10",
            "E119",
            "000000000",
        ])
        .prop_map(str::to_owned)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        /// Examining in parts and adding up is examining at once, wherever the cut lies; so is asking each rule alone.
        #[test]
        fn parts_add_up_and_rules_do_not_see_each_other(
            records in prop::collection::vec(prop::collection::vec(cell(), 9), 0..150),
            cut in 0usize..150,
        ) {
            let rules = ActiveRules::new(&[], &[]);
            let whole = examined(&records, &rules);
            let (left, right) = records.split_at(cut.min(records.len()));
            let mut sum = examined(left, &rules).scorecard;
            sum.merge(&examined(right, &rules).scorecard);
            prop_assert_eq!(&sum, &whole.scorecard);
            for (number, (rule, severity)) in rules.rules.iter().enumerate() {
                let score = whole.scorecard.scores[number];
                if matches!(rule.test, Test::Encounter { .. }) {
                    prop_assert_eq!(score.examined + score.not_applicable, records.len() as u64);
                    prop_assert_eq!(score.failed, score.records_failed);
                }
                let own = whole.findings.iter().filter(|finding| usize::from(finding.rule) == number);
                prop_assert_eq!(own.count() as u64, score.failed);
                let alone = examined(&records, &ActiveRules { rules: vec![(*rule, *severity)] });
                prop_assert_eq!(alone.scorecard.scores[0], score);
                let pointed = by_pointer(rule);
                let mut slow = Scorecard::new(1);
                let mut failed = Vec::new();
                let (feeds, patients, bytes) = (feeds(), Patients::default(), rows(&records));
                let decoded = decode(&bytes, &feeds, &patients);
                let context = Context::on(Day::from_iso("2026-11-01").expect("day"));
                let life = Some(rule.life.days());
                ask(&pointed, &mut Asking {
                    rule: 0, life, context: &context, encounters: &decoded.encounters(), first: 0,
                    score: &mut slow.scores[0], failed: &mut failed,
                });
                prop_assert_eq!(slow.scores[0], score);
            }
            let counted: u64 = whole.by_severity.iter().flatten().map(|count| u64::from(*count)).sum();
            prop_assert_eq!(counted, whole.findings.len() as u64);
            let order: Vec<_> = whole.findings.iter().map(|finding| (&finding.encounter_id, finding.rule, finding.position)).collect();
            prop_assert!(order.windows(2).all(|pair| pair[0] <= pair[1]));
        }
    }
}
