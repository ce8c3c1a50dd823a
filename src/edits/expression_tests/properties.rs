//! Random conditions on random records, against a reference interpreter that knows nothing of tokens, trees, types or parts.

use proptest::prelude::*;

use super::reference::{Date, Number, Plain, PlainCondition, PlainDiagnosis, PlainState, Word, one_of, truth, written};

use crate::{
    edits::{
        rule::{EditContext, Level},
        scorecard::RuleScore,
        site_rule::{RuleCondition as Asked, SiteRule},
    },
    expression::{check::compile, evaluate::EvaluatedRecord, parse::parse, source::Child, tree::Children},
    partition::{
        decode::{Patients, decode},
        encounter::{Diagnosis, Encounter, PackedCode},
    },
    record::{
        date::{Day, Moment},
        field::{CanonicalTable, Field},
        finding::{Origin, Severity},
        vocabulary::{PresentOnAdmission, Sex},
    },
    rows::{
        row::RowWriter,
        slot::{Feed, Slot},
    },
};

/// Choices drawn from random bytes; when they run out every choice is the first, so that what fails shrinks to something small.
struct Choices<'b> {
    bytes: &'b [u8],
}

impl Choices<'_> {
    fn below(&mut self, count: usize) -> usize {
        match self.bytes.split_first() {
            Some((first, rest)) => {
                self.bytes = rest;
                usize::from(*first) % count
            }
            None => 0,
        }
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn yes(&mut self) -> bool {
        self.below(2) == 1
    }

    fn state<T: Copy>(&mut self, of: &[T]) -> PlainState<T> {
        match self.below(5) {
            3 => PlainState::Blank,
            4 => PlainState::Garbled,
            _ => PlainState::Known(self.one(of)),
        }
    }

    fn record(&mut self) -> Plain {
        let days = [20_000, 20_001, 20_010, 20_040];
        Plain {
            age: self.state(&[0, 5, 17, 18, 90]),
            cents: self.state(&[0, 1, 12_345, 100_000]),
            admitted: self.state(&days),
            discharged: self.state(&days),
            zip: self.one(&[None, Some("19801"), Some("1980"), Some("Zoë")]),
            sex: self.state(&["F", "M", "U"]),
            dead: self.state(&[true, false]),
            diagnoses: (0..self.below(4)).map(|_| self.diagnosis()).collect(),
        }
    }

    fn diagnosis(&mut self) -> PlainDiagnosis {
        PlainDiagnosis {
            code: self.state(&["I10", "E119", "S72001A"]),
            position: self.one(&[None, Some(1), Some(2), Some(3)]),
            mark: self.state(&["Y", "N", "1"]),
        }
    }

    fn number(&mut self, inside: bool, may_ask: bool) -> Number {
        match self.below(8) {
            0 | 1 => Number::Age,
            2 if inside => Number::Position,
            2 | 3 => Number::LengthOfZip,
            4 => Number::Stay,
            5 if may_ask => Number::Count(self.yes().then(|| Box::new(self.condition(1, true, false)))),
            6 => Number::Plus(Box::new(self.number(inside, may_ask)), self.one(&[0, 1, 30])),
            7 => Number::Minus(Box::new(self.number(inside, may_ask)), self.one(&[1, 5])),
            _ => Number::Age,
        }
    }

    fn date(&mut self) -> Date {
        match self.below(4) {
            0 => Date::Admitted,
            1 => Date::Discharged,
            2 => Date::Later(Box::new(self.date()), self.one(&[1, 30])),
            _ => Date::Earlier(Box::new(self.date()), self.one(&[1, 10])),
        }
    }

    fn word(&mut self, inside: bool) -> Word {
        if inside {
            self.one(&[Word::Code, Word::Mark, Word::Zip, Word::Sex])
        } else {
            self.one(&[Word::Zip, Word::Sex])
        }
    }

    /// A constant that the word can have.
    fn of(&mut self, word: Word) -> &'static str {
        match word {
            Word::Zip => self.one(&["19801", "Zoë", "it's"]),
            Word::Sex => self.one(&["F", "M"]),
            Word::Code => self.one(&["I10", "E119"]),
            Word::Mark => self.one(&["Y", "W"]),
        }
    }

    fn condition(&mut self, depth: usize, inside: bool, may_ask: bool) -> PlainCondition {
        let kinds = if depth == 0 { 12 } else { 19 };
        let boxed = |choices: &mut Self| Box::new(choices.condition(depth.saturating_sub(1), inside, may_ask));
        match self.below(kinds) {
            0 | 1 => {
                let left = self.number(inside, may_ask);
                let right =
                    if self.yes() { self.number(inside, may_ask) } else { Number::Constant(self.one(&[-1, 0, 5, 18])) };
                PlainCondition::Numbers(self.below(6), left, right)
            }
            2 => {
                let left = self.date();
                let right = if self.yes() { self.date() } else { Date::Constant(self.one(&[20_001, 20_010])) };
                PlainCondition::Dates(self.below(6), left, right)
            }
            3 => PlainCondition::Cents(self.below(6), self.one(&[0, 1, 12_345])),
            4 => {
                let word = self.word(inside);
                PlainCondition::Words(self.below(6), word, self.of(word))
            }
            5 => {
                let word = self.word(inside);
                PlainCondition::Among(self.yes(), word, (0..=self.below(3)).map(|_| self.of(word)).collect())
            }
            6 => {
                PlainCondition::Between(self.yes(), self.number(inside, may_ask), self.one(&[0, 5]), self.one(&[5, 30]))
            }
            7 => PlainCondition::Dead,
            8 => PlainCondition::Blank(self.yes(), self.name(inside)),
            9 => PlainCondition::Garbled(self.yes(), self.one(&["age", "sex", "discharge_date", "total_charges"])),
            10 => {
                let word = self.word(inside);
                if self.yes() {
                    PlainCondition::Begins(word, self.of(word))
                } else {
                    PlainCondition::Ends(word, self.of(word))
                }
            }
            11 => PlainCondition::HasDigit(self.word(inside)),
            12 => PlainCondition::Unknown(self.yes(), boxed(self)),
            13 if may_ask => PlainCondition::Any(self.yes().then(|| Box::new(self.condition(depth - 1, true, false)))),
            14 if may_ask => PlainCondition::All(Box::new(self.condition(depth - 1, true, false))),
            13..=15 => PlainCondition::Not(boxed(self)),
            16 | 17 => PlainCondition::And((0..2 + self.below(2)).map(|_| *boxed(self)).collect()),
            _ => PlainCondition::Or((0..2 + self.below(2)).map(|_| *boxed(self)).collect()),
        }
    }

    fn name(&mut self, inside: bool) -> &'static str {
        let record = ["age", "sex", "zip_code", "admission_date", "death_flag"];
        let all =
            ["code", "position", "present_on_admission", "age", "sex", "zip_code", "admission_date", "death_flag"];
        if inside { self.one(&all) } else { self.one(&record) }
    }
}

/// Hands the records to `ask` as the decoder would have made them.
fn with_encounters<T>(records: &[Plain], ask: impl FnOnce(&[Encounter<'_>]) -> T) -> T {
    let feeds = [Feed {
        name: "stays".to_owned(),
        table: CanonicalTable::Encounters,
        slots: vec![Slot::plain(Field::Sex, 0)],
        ..Feed::of(CanonicalTable::Encounters)
    }];
    let mut bytes = Vec::new();
    RowWriter::begin(&mut bytes, 0, b"E1", Origin::default(), 0).end();
    let patients = Patients::default();
    let decoded = decode(&bytes, &feeds, &patients);
    let blank = decoded.encounters().remove(0);
    let rows: Vec<Vec<Diagnosis<'_>>> =
        records.iter().map(|record| record.diagnoses.iter().map(of_plain).collect()).collect();
    let moment = |day: i32| Moment::on(Day(day));
    let encounters: Vec<Encounter<'_>> = records
        .iter()
        .zip(&rows)
        .map(|(record, rows)| Encounter {
            stated_age: record.age.cell(|age| age as i32),
            total_charges: record.cents.cell(|cents| cents),
            admission_date: record.admitted.cell(moment),
            discharge_date: record.discharged.cell(moment),
            zip_code: record.zip.unwrap_or(""),
            sex: record.sex.cell(|letter| Sex::read(letter.as_bytes()).expect("listed")),
            death_flag: record.dead.cell(|dead| dead),
            diagnoses: rows,
            ..blank.clone()
        })
        .collect();
    ask(&encounters)
}

fn of_plain(plain: &PlainDiagnosis) -> Diagnosis<'static> {
    let raw = match plain.code {
        PlainState::Blank => "",
        PlainState::Garbled => "I10 AND I11",
        PlainState::Known(code) => code,
    };
    Diagnosis {
        sequence_unreadable: false,
        origin: Origin::default(),
        position: plain.position.unwrap_or(0) as u16,
        raw,
        code: plain.code.known().and_then(|code| PackedCode::new(code.as_bytes())).unwrap_or_default(),
        normalised: false,
        zeros_restored: false,
        dot_misplaced: false,
        repairs: Default::default(),
        system: None,
        other_system: "",
        other_verdict: None,
        judgement: None,
        place: None,
        kinds: Default::default(),
        present_on_admission: plain.mark.cell(|mark| PresentOnAdmission::read(mark.as_bytes()).expect("listed")),
        text: "",
    }
}

fn rule(text: &str, required: bool) -> SiteRule {
    SiteRule {
        code: "SITE001".to_owned(),
        title: "A rule".to_owned(),
        severity: Severity::Error,
        level: Level::Encounter,
        field: None,
        first: None,
        last: None,
        applies: None,
        question: Asked { text: text.to_owned(), expression: compile(text, None).expect("compiles") },
        required,
        message: String::new(),
        why: String::new(),
        source: String::new(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// The compiled condition says of every record what the reference says; so does the condition printed and read again.
    #[test]
    fn a_condition_says_what_the_reference_interpreter_says(bytes in prop::collection::vec(any::<u8>(), 0..160)) {
        let mut choices = Choices { bytes: &bytes };
        let condition = choices.condition(3, false, true);
        let records: Vec<Plain> = (0..6).map(|_| choices.record()).collect();
        let text = written(&condition);
        let tree = parse(&text).map_err(|fault| TestCaseError::fail(format!("{text}: {fault:?}")))?;
        let printed = tree.to_string();
        let reread = parse(&printed);
        prop_assert_eq!(reread.as_ref(), Ok(&tree), "{}", printed);
        let compiled = match compile(&text, None) {
            Ok(compiled) => compiled,
            // Chance writes comparisons that cannot come true; nothing else may be wrong with what is written here.
            Err(faults) => {
                prop_assert!(faults.iter().all(|fault| fault.code == "never-true"), "{}: {:?}", text, faults);
                return Ok(());
            }
        };
        let again = compile(&printed, None).expect("what is printed compiles");
        let context = EditContext::on(Day(20_100));
        with_encounters(&records, |encounters| {
            for (encounter, plain) in encounters.iter().zip(&records) {
                let record = EvaluatedRecord { encounter, child: Child::None, around: context.surroundings() };
                let expected = truth(&condition, plain, None);
                prop_assert_eq!(compiled.truth(&record), expected, "{} on {:?}", text, plain);
                prop_assert_eq!(again.truth(&record), expected, "{} on {:?}", printed, plain);
            }
            Ok(())
        })?;
    }

    /// True, false and unknown are all there is: over the rows of a record, and over the records of a run.
    #[test]
    fn a_condition_its_negation_and_its_unknown_add_up_to_the_rows(bytes in prop::collection::vec(any::<u8>(), 0..160)) {
        let mut choices = Choices { bytes: &bytes };
        let inner = written(&choices.condition(2, true, false));
        let outer = written(&choices.condition(2, false, true));
        let records: Vec<Plain> = (0..8).map(|_| choices.record()).collect();
        let context = EditContext::on(Day(20_100));
        let sum = format!(
            "count(diagnosis WHERE {inner}) + count(diagnosis WHERE NOT ({inner})) + count(diagnosis WHERE ({inner}) IS UNKNOWN) = count(diagnosis)"
        );
        with_encounters(&records, |encounters| {
            if let Ok(sum) = compile(&sum, None) {
                for encounter in encounters {
                    let record = EvaluatedRecord { encounter, child: Child::None, around: context.surroundings() };
                    prop_assert_eq!(sum.truth(&record), Some(true), "{}", inner);
                }
            }
            if let Ok(asked) = compile(&inner, Some(Children::Diagnosis)) {
                // The rows of a record asked one by one are the rows that `any` asks together.
                let any = compile(&format!("any(diagnosis WHERE {inner})"), None).expect("compiles");
                for encounter in encounters {
                    let own = encounter.diagnoses.iter().map(|row| {
                        asked.truth(&EvaluatedRecord { encounter, child: Child::Diagnosis(row), around: context.surroundings() })
                    });
                    let record = EvaluatedRecord { encounter, child: Child::None, around: context.surroundings() };
                    prop_assert_eq!(any.truth(&record), one_of(own.collect()));
                }
            }
            if compile(&outer, None).is_ok() {
                let scores = [false, true].map(|required| {
                    let (rule, mut score, mut failed) = (rule(&outer, required), RuleScore::default(), Vec::new());
                    for (place, encounter) in encounters.iter().enumerate() {
                        rule.ask(encounter, (place as u32, 0), &context, &mut score, &mut failed);
                    }
                    assert_eq!(failed.len() as u64, score.failed);
                    score
                });
                let [violates, requires] = scores;
                prop_assert_eq!(violates.failed + requires.failed + violates.unknown, encounters.len() as u64);
                prop_assert_eq!(violates.unknown, requires.unknown);
                prop_assert_eq!(violates.examined + violates.not_applicable, encounters.len() as u64);
            }
            Ok(())
        })?;
    }

    /// No text makes the parser or the check panic, and the place of a fault lies in the text.
    #[test]
    fn any_text_is_an_expression_or_a_fault_within_it(
        words in prop::collection::vec(prop::sample::select(vec![
            "age", "sex", "(", ")", "'", "=", "<", "-", "5", "1.5", "NOT", "AND", "IN", "BETWEEN", "IS", "NULL", "any(", "diagnosis", "WHERE", "code",
            "DATE", "'2026-10-01'", "'10/11/2026'", ",", "matches(", "é", "count(", "\n",
        ]), 0..14),
    ) {
        let text = words.join(" ");
        for inside in [None, Some(Children::Diagnosis)] {
            for fault in compile(&text, inside).err().unwrap_or_default() {
                prop_assert!(text.get(fault.span.clone()).is_some(), "{:?} of {}", fault.span, text);
            }
        }
    }
}
