//! Applies rules to a partition and to inputs. Pure: plain data in, findings and scores out.

use std::{collections::BTreeMap, sync::Arc};

use rustc_hash::FxHashMap;

use crate::{
    edits::{
        acceptance::{Acceptance, accepted},
        finding_of::{finding, key, values, version_of},
        profile::ErrorTally,
        reporting::{Reporting, reporting},
        rule::{EditContext, Level, Rule, RulePeriod, Test},
        rule_loops::{FailingPlace, RuleLoop, ask},
        rules::{OPTIONAL, RULES},
        scorecard::Scorecard,
        site_rule::SiteRule,
    },
    partition::encounter::{Encounter, Orphan},
    record::{
        account::InputAccount,
        date::Day,
        field::Field,
        finding::{Finding, FindingKey, Found, Origin, Severity},
        life::{DecidedKeys, Disposition, values_digest},
        subject::Subject,
    },
};

/// The rules of a run with the severities in force, in the order of the list.
#[derive(Debug, Clone)]
pub struct ActiveRules {
    /// Rule and severity.
    pub rules: Vec<(&'static Rule, Severity)>,
    /// The site's own rules, asked after them and numbered on.
    pub site: Vec<SiteRule>,
    /// Findings that were verified as true.
    pub acceptances: Vec<Acceptance>,
    /// How the findings of each rule are reported; by record where it is not said.
    pub reporting: Vec<Reporting>,
    /// Findings that were verified or waived on a worklist.
    pub decided: Arc<DecidedKeys>,
    /// Whether findings have a life, or something is decided of them: then their values are digested.
    pub follows: bool,
}

/// What reports say of a rule, whether it ships or is the site's own.
#[derive(Debug, Clone, Copy)]
pub struct Described<'r> {
    /// Code.
    pub code: &'r str,
    /// Name.
    pub name: &'r str,
    /// Severity in this run.
    pub severity: Severity,
    /// What a finding says.
    pub message: &'r str,
    /// The field at fault.
    pub field: Option<Field>,
    /// What it is asked of.
    pub level: Level,
}

impl Described<'_> {
    /// What of a finding of the rule tells it from its others on the subject. A code or document is at fault wherever it stands on the record: a coder who puts the
    /// codes in another order has corrected nothing. A mark, date or practitioner that belongs to a place is at fault there.
    pub fn found<'f>(&self, finding: &'f Finding) -> Found<'f> {
        let is_code = matches!(self.field, None | Some(Field::DiagnosisCode | Field::ProcedureCode));
        match self.level {
            Level::Diagnosis | Level::Procedure if is_code => Found::Value(&finding.raw),
            Level::Document => Found::Value(&finding.raw),
            Level::Diagnosis | Level::Procedure => Found::Position(finding.position),
            _ => Found::Once,
        }
    }
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
        ActiveRules::of(rules)
    }

    fn of(rules: Vec<(&'static Rule, Severity)>) -> ActiveRules {
        ActiveRules {
            rules,
            site: Vec::new(),
            acceptances: Vec::new(),
            reporting: Vec::new(),
            decided: Arc::new(DecidedKeys::default()),
            follows: false,
        }
    }

    /// The same without the optional rules that are not in `apply`.
    pub fn applying(self, apply: &[String]) -> ActiveRules {
        let asked = |code: &str| !OPTIONAL.contains(&code) || apply.iter().any(|wanted| wanted == code);
        ActiveRules { rules: self.rules.into_iter().filter(|(rule, _)| asked(rule.code)).collect(), ..self }
    }

    /// The same with findings that were verified as true.
    pub fn with_acceptances(self, acceptances: &[Acceptance]) -> ActiveRules {
        ActiveRules { acceptances: acceptances.to_vec(), ..self }
    }

    /// The same with a site's own rules after them.
    pub fn with_site(self, site: &[SiteRule]) -> ActiveRules {
        ActiveRules { site: site.to_vec(), ..self }
    }

    /// The same with how their findings are reported: `by_value` are the codes for which the pipeline asks it, `info` says whether findings of severity info are listed.
    pub fn with_reporting(self, by_value: &[String], info: bool) -> ActiveRules {
        let of = |number| reporting(&self.described(number), by_value, info);
        ActiveRules { reporting: (0..self.count()).map(of).collect(), ..self }
    }

    /// Whether a finding has a life from night to night: it is listed by its record, or verified, and heavy enough to be worked on.
    pub fn is_followed(&self, finding: &Finding) -> bool {
        let is_listed = finding.accepted.is_some() || self.reporting(finding.rule) == Reporting::ByRecord;
        let level = self.described(usize::from(finding.rule)).level;
        is_listed && finding.severity <= Severity::Warning && level != Level::Input
    }

    /// Whether a record with a finding is looked at again on the next night: the finding has a life, was verified, or is an error, which stands on worklists.
    pub fn keeps_open(&self, finding: &Finding) -> bool {
        self.is_followed(finding) || finding.accepted.is_some() || finding.severity <= Severity::Error
    }

    /// How the findings of a rule are reported.
    pub fn reporting(&self, number: u16) -> Reporting {
        self.reporting.get(usize::from(number)).copied().unwrap_or_default()
    }

    /// Number of rules.
    pub fn count(&self) -> usize {
        self.rules.len() + self.site.len()
    }

    /// The rule of a number of this run; see [`Finding::rule`].
    pub fn described(&self, number: usize) -> Described<'_> {
        match self.rules.get(number) {
            Some((rule, severity)) => Described {
                code: rule.code,
                name: rule.name,
                severity: *severity,
                message: rule.message,
                field: rule.field,
                level: rule.level(),
            },
            None => {
                let rule = &self.site[number - self.rules.len()];
                Described {
                    code: &rule.code,
                    name: &rule.title,
                    severity: rule.severity,
                    message: &rule.message,
                    field: rule.field,
                    level: rule.level,
                }
            }
        }
    }

    /// One rule alone, as its page runs it.
    pub fn only(code: &str) -> ActiveRules {
        let rules = RULES.iter().filter(|rule| rule.code == code).map(|rule| (rule, rule.severity)).collect();
        ActiveRules::of(rules)
    }

    /// The same with what was decided on worklists. `follows`: findings have a life from night to night.
    pub fn with_decided(self, decided: DecidedKeys, follows: bool) -> ActiveRules {
        ActiveRules { follows: follows || !decided.are_none(), decided: Arc::new(decided), ..self }
    }

    /// What [`Finding::accepted`] is of a finding that was decided on a worklist: numbered after the acceptances of the pipeline.
    #[inline]
    pub fn decided(&self, key: FindingKey, values: u64) -> Option<u16> {
        let disposition = self.decided.of(key, values)?;
        u16::try_from(self.acceptances.len() + disposition as usize).ok()
    }

    /// Who has accepted a finding: a section of the pipeline, or a decision on a worklist.
    pub fn accepted_by(&self, accepted: u16) -> Result<&Acceptance, Disposition> {
        let place = usize::from(accepted);
        let verified = self.acceptances.len() + Disposition::Verified as usize;
        let disposition = if place == verified { Disposition::Verified } else { Disposition::Waived };
        self.acceptances.get(place).ok_or(disposition)
    }
}

/// What an examination found.
#[derive(Debug, Clone, Default)]
pub struct Examined {
    /// Findings, by encounter in the order given, then rule, then position.
    pub findings: Vec<Finding>,
    /// By encounter: findings by severity, heaviest first.
    pub by_severity: Vec<[u16; 4]>,
    /// By encounter: how many of the findings are its own.
    pub counts: Vec<u32>,
    /// The scores.
    pub scorecard: Scorecard,
    /// Records in error.
    pub errors: ErrorTally,
}

/// Encounters that are taken through all rules before the next ones: few enough to stay in a core's own cache.
const AT_A_TIME: usize = 64;

/// Examines encounters and the rows that hang on none.
pub fn examine(
    encounters: &[Encounter<'_>],
    orphans: &[Orphan<'_>],
    rules: &ActiveRules,
    context: &EditContext,
) -> Examined {
    let mut scorecard = Scorecard::new(rules.count());
    let lives: Vec<Option<(Day, Day)>> =
        rules.rules.iter().map(|(rule, _)| (rule.life != RulePeriod::ALWAYS).then(|| rule.life.days())).collect();
    // Failing places first as integers; texts are made for them alone, after the loops.
    let mut failed: Vec<FailingPlace> = Vec::new();
    for (chunk, encounters) in encounters.chunks(AT_A_TIME).enumerate() {
        let first = chunk * AT_A_TIME;
        for (number, (rule, _)) in rules.rules.iter().enumerate() {
            let mut rule_loop = RuleLoop {
                rule: number as u16,
                life: lives[number],
                context,
                encounters,
                first,
                score: &mut scorecard.scores[number],
                failed: &mut failed,
            };
            ask(rule, &mut rule_loop);
        }
    }
    let shipped = rules.rules.len();
    for (number, (rule, score)) in rules.site.iter().zip(&mut scorecard.scores[shipped..]).enumerate() {
        for (index, encounter) in encounters.iter().enumerate() {
            rule.ask(encounter, (index as u32, (shipped + number) as u16), context, score, &mut failed);
        }
    }
    for (score, (rule, _)) in scorecard.scores.iter_mut().zip(&rules.rules) {
        if let Test::Orphan { table } = rule.test {
            let strays = orphans.iter().filter(|orphan| orphan.table == table).count() as u64;
            let missing = missing_parents(orphans, context).filter(|orphan| orphan.table == table).count() as u64;
            score.examined += missing;
            score.failed += missing;
            score.records_failed += missing;
            score.not_applicable += strays - missing;
        }
    }
    failed.sort_unstable();
    let mut by_severity = vec![[0u16; 4]; encounters.len()];
    let mut findings = Vec::with_capacity(failed.len());
    // The places of one rule on one encounter stand together, and are accepted together.
    for places in failed.chunk_by(|left, right| (left.0, left.1) == (right.0, right.1)) {
        let (index, number, _) = places[0];
        let rule = rules.described(usize::from(number));
        let encounter = &encounters[index as usize];
        let subject = encounter.subject();
        let accepted = accepted(&rules.acceptances, rule.code, &subject, Some(encounter), context);
        let mut taken = if accepted.is_some() { places.len() } else { 0 };
        let is_listed = accepted.is_some() || rules.reporting(number) != Reporting::Counted;
        let mut seen = (places.len() > 1).then(FxHashMap::default);
        let mut subject = Some(subject);
        for (place, (_, _, child)) in places.iter().enumerate() {
            // The last finding takes it: most rules find one place of a record.
            let own = if place + 1 == places.len() { subject.take() } else { subject.clone() };
            let own = own.unwrap_or_else(|| encounter.subject());
            let mut finding = Finding { accepted, ..finding(encounter, own, *child as usize, number, &rule) };
            if is_listed {
                finding.key = key(&finding, &rule, version_of(encounter), seen.as_mut());
                if rules.follows {
                    finding.values = values(&finding, encounter, &rule);
                }
                if accepted.is_none() {
                    finding.accepted = rules.decided(finding.key, finding.values);
                    taken += usize::from(finding.accepted.is_some());
                }
            }
            findings.push(finding);
        }
        let score = &mut scorecard.scores[usize::from(number)];
        if taken == places.len() {
            score.accept(taken as u64)
        } else {
            score.accept_some(taken as u64)
        }
        let count = &mut by_severity[index as usize][rule.severity as usize];
        *count = count.saturating_add(u16::try_from(places.len() - taken).unwrap_or(u16::MAX));
    }
    let mut errors = ErrorTally::default();
    for encounter in encounters {
        errors.examined(usize::from(encounter.origin().input));
    }
    let mut counts = vec![0; encounters.len()];
    let mut at = 0;
    for places in failed.chunk_by(|left, right| left.0 == right.0) {
        let own = &findings[at..at + places.len()];
        at += places.len();
        counts[places[0].0 as usize] = places.len() as u32;
        let heavy = own.iter().filter(|finding| finding.accepted.is_none() && finding.severity <= Severity::Error);
        errors.count(encounters[places[0].0 as usize].origin(), heavy.map(|finding| finding.field));
    }
    for orphan in missing_parents(orphans, context) {
        for (number, (rule, severity)) in rules.rules.iter().enumerate() {
            if matches!(rule.test, Test::Orphan { table } if table == orphan.table) {
                let subject = Subject::Encounter {
                    facility_id: orphan.facility_id.into(),
                    encounter_id: orphan.encounter_id.into(),
                    unnumbered: orphan.encounter_id.is_empty().then_some(orphan.content),
                };
                let key = FindingKey::of(rule.code, Some(&subject), rule.field, Found::Once, 0);
                let values = values_digest(orphan.encounter_id, "");
                let accepted = accepted(&rules.acceptances, rule.code, &subject, None, context)
                    .or_else(|| rules.decided(key, values));
                if accepted.is_some() {
                    scorecard.scores[number].accept(1);
                }
                findings.push(Finding {
                    rule: number as u16,
                    severity: *severity,
                    key,
                    subject,
                    field: rule.field,
                    position: 0,
                    raw: orphan.encounter_id.to_owned(),
                    values,
                    other: None,
                    origin: orphan.origin,
                    accepted,
                });
            }
        }
    }
    Examined { findings, by_severity, counts, scorecard, errors }
}

/// Of the rows that hang on no encounter, the first of each table for each number: a missing encounter is one finding, not one a row. There is none where
/// an input of encounters could not be used, for the encounters may stand in it; nor for rows behind those that one stay can have, whose encounter is there.
fn missing_parents<'o, 'a>(
    orphans: &'o [Orphan<'a>],
    context: &EditContext,
) -> impl Iterator<Item = &'o Orphan<'a>> + use<'o, 'a> {
    let whole = context.encounters_whole;
    let by_number = orphans
        .chunk_by(|left, right| (left.encounter_id, left.facility_id) == (right.encounter_id, right.facility_id));
    by_number.filter(move |_| whole).flat_map(|rows| {
        // The rows of a number are in the order of tables; those without a number name no encounter, and each is on its own.
        rows.iter().enumerate().filter_map(move |(place, row)| {
            let again = place > 0 && rows[place - 1].table == row.table;
            (!row.is_beyond && (!again || row.encounter_id.is_empty())).then_some(row)
        })
    })
}

/// Examines the inputs of a run; adds to the scorecard of the run's rules. A finding's origin names the input, with row 0.
pub fn examine_inputs(inputs: &[InputAccount], rules: &ActiveRules, scorecard: &mut Scorecard) -> Vec<Finding> {
    let mut findings = Vec::new();
    // Inputs with the same content are told apart by their order.
    let mut again: BTreeMap<(usize, Subject), u64> = BTreeMap::new();
    for (place, input) in inputs.iter().enumerate() {
        for (number, (rule, severity)) in rules.rules.iter().enumerate() {
            let Test::Input { applies, violates, shows } = rule.test else { continue };
            let score = &mut scorecard.scores[number];
            if !applies(input) {
                score.not_applicable += 1;
                continue;
            }
            score.examined += 1;
            if violates(input) {
                score.failed += 1;
                score.records_failed += 1;
                let subject = Subject::input(input);
                let again = again.entry((number, subject.clone())).or_default();
                let key = FindingKey::of(rule.code, Some(&subject), rule.field, Found::Once, *again);
                *again += 1;
                findings.push(Finding {
                    rule: number as u16,
                    severity: *severity,
                    subject,
                    field: rule.field,
                    position: 0,
                    raw: shows(input),
                    values: 0,
                    other: None,
                    origin: Origin { input: place as u16, row: 0 },
                    accepted: None,
                    key,
                });
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        edits::scorecard::RuleScore,
        partition::decode::{Patients, decode},
        record::field::{CanonicalTable, DICTIONARY},
        rows::{
            row::RowWriter,
            slot::{Feed, Slot},
            sorter::sort_rows,
        },
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
            table: CanonicalTable::Encounters,
            slots: FIELDS.iter().map(|(field, position)| Slot::plain(*field, *position)).collect(),
            ..Feed::of(CanonicalTable::Encounters)
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
        let context = EditContext::on(Day::from_iso("2026-11-01").expect("day"));
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
        assert!(examined.scorecard.scores.iter().all(|score| *score == RuleScore::default()));
    }

    #[test]
    fn a_context_has_a_place_for_every_field() {
        let context = EditContext::on(Day(0));
        assert!(DICTIONARY.iter().all(|entry| context.is_mapped(entry.field)));
    }

    /// The rule without its compiled loops.
    fn by_pointer(rule: &Rule) -> Rule {
        let test = match rule.test {
            Test::Encounter { applies, violates, .. } => Test::Encounter { applies, violates, compiled: None },
            Test::Diagnosis { applies, violates, .. } => Test::Diagnosis { applies, violates, compiled: None },
            Test::Procedure { applies, violates, .. } => Test::Procedure { applies, violates, compiled: None },
            Test::Document { applies, violates, .. } => Test::Document { applies, violates, compiled: None },
            other => other,
        };
        Rule { test, ..*rule }
    }

    #[test]
    fn every_rule_has_its_loops_compiled() {
        for rule in RULES {
            let pointed = by_pointer(rule);
            let has_pointers = matches!(
                rule.test,
                Test::Encounter { .. } | Test::Diagnosis { .. } | Test::Procedure { .. } | Test::Document { .. }
            );
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
                let alone = examined(&records, &ActiveRules { rules: vec![(*rule, *severity)], ..ActiveRules::only("") });
                prop_assert_eq!(alone.scorecard.scores[0], score);
                let pointed = by_pointer(rule);
                let mut slow = Scorecard::new(1);
                let mut failed = Vec::new();
                let (feeds, patients, bytes) = (feeds(), Patients::default(), rows(&records));
                let decoded = decode(&bytes, &feeds, &patients);
                let context = EditContext::on(Day::from_iso("2026-11-01").expect("day"));
                let life = Some(rule.life.days());
                ask(&pointed, &mut RuleLoop {
                    rule: 0, life, context: &context, encounters: &decoded.encounters(), first: 0,
                    score: &mut slow.scores[0], failed: &mut failed,
                });
                prop_assert_eq!(slow.scores[0], score);
            }
            let counted: u64 = whole.by_severity.iter().flatten().map(|count| u64::from(*count)).sum();
            prop_assert_eq!(counted, whole.findings.len() as u64);
            let order: Vec<_> = whole.findings.iter().map(|finding| (finding.subject.encounter_id().to_owned(), finding.rule, finding.position)).collect();
            prop_assert!(order.windows(2).all(|pair| pair[0] <= pair[1]));
        }
    }
}
