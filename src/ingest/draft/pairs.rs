//! Pairs the columns that go with codes (marks of present on admission, dates of procedures) with the columns of the codes: by their numbers where the names
//! pair, else by order where there are as many, else not at all. A mark is never moved to another code in silence.

use super::{
    column::{DraftColumn, percent},
    lists::DraftQuestion,
    ranges::Range,
    sample::{DraftSample, SampledFormat},
    write::{places, quoted},
};
use crate::record::field::Field;

/// Rows with a mark but no code from which a pairing is doubted, in per cent of the marks.
const DOUBTED: u32 = 5;

/// The columns of one field of a wide row, in the order of their positions.
#[derive(Debug, Clone, Default)]
pub struct PairPlaces {
    /// The column of the principal code.
    pub principal: Option<usize>,
    /// A column of one secondary code without a number.
    pub secondary: Option<usize>,
    /// The numbered columns.
    pub run: Option<Range>,
}

/// What tells which code a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Principal,
    Secondary,
    Number(u32),
}

/// A run of columns as a layout states it, with its columns.
pub type Runs = Vec<(String, Vec<usize>)>;

/// How columns go with codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pairing {
    /// Like this: the runs, the keys of the layout beside them, and what is to be said.
    Proven(Runs, Vec<String>, Option<String>),
    /// Nothing proves it.
    Ask(DraftQuestion),
}

impl PairPlaces {
    /// The columns with what tells their code.
    fn keys(&self) -> Vec<(Key, usize)> {
        let numbered = self.run.iter().flat_map(|run| run.members.iter());
        self.principal
            .map(|at| (Key::Principal, at))
            .into_iter()
            .chain(self.secondary.map(|at| (Key::Secondary, at)))
            .chain(numbered.map(|(number, at)| (Key::Number(*number), *at)))
            .collect()
    }

    /// The columns in the order of positions.
    pub fn columns(&self) -> Vec<usize> {
        self.keys().into_iter().map(|(_, at)| at).collect()
    }

    /// The columns as a layout states them.
    pub fn runs(&self, columns: &[DraftColumn]) -> Runs {
        let one = |at: usize| (columns[at].name.clone(), vec![at]);
        let run = self.run.iter().map(|run| (run.text(), run.members.values().copied().collect()));
        self.principal.map(one).into_iter().chain(self.secondary.map(one)).chain(run).collect()
    }

    /// The columns one by one, where their numbers have gaps.
    fn each(&self, columns: &[DraftColumn]) -> Runs {
        let has_gaps = self.run.as_ref().is_some_and(Range::has_gaps);
        if !has_gaps {
            return self.runs(columns);
        }
        self.columns().into_iter().map(|at| (columns[at].name.clone(), vec![at])).collect()
    }
}

/// Pairs the columns of `field` with those of the codes they go with.
pub fn pair(
    sample: &DraftSample,
    columns: &[DraftColumn],
    field: Field,
    codes: &PairPlaces,
    marks: &PairPlaces,
) -> Pairing {
    let (of_codes, of_marks) = (codes.keys(), marks.keys());
    let known = of_marks.iter().all(|(key, _)| of_codes.iter().any(|(code, _)| code == key));
    // Where the codes have a principal one outside the numbers and the marks do not, the first mark may be its own.
    let of_secondary = marks.run.as_ref().is_some_and(|run| run.says("secondary"));
    let names_pair = known && (codes.principal.is_none() || marks.principal.is_some() || of_secondary);
    let by_name = || -> Vec<(usize, usize)> {
        let code = |key: Key| of_codes.iter().find(|(code, _)| *code == key).map(|(_, at)| *at);
        of_marks.iter().filter_map(|(key, mark)| Some((code(*key)?, *mark))).collect()
    };
    let by_order = || -> Vec<(usize, usize)> {
        of_codes.iter().zip(&of_marks).map(|((_, code), (_, mark))| (*code, *mark)).collect()
    };
    // In a record of fixed width a place that no column has cannot be passed over.
    let is_fixed = matches!(sample.kind, SampledFormat::FixedWidth(_));
    let question = |reason: String| {
        let mut choices = Vec::new();
        let line = |runs: &Runs, more: &str| vec![format!("{}{more}", places(sample, runs))];
        let first = of_marks.first().map_or("", |(_, at)| columns[*at].name.as_str());
        choices.push((
            format!(
                "{} is of the first code, and so on in their order ({})",
                quoted(first),
                agreement(sample, &by_order())
            ),
            line(&marks.each(columns), ""),
        ));
        let pairs = by_name();
        if known && !pairs.is_empty() && pairs != by_order() && !is_fixed {
            let runs = named_runs(columns, codes, marks);
            choices.push((
                format!("each is of the code with its number ({})", agreement(sample, &pairs)),
                line(&runs.0, if runs.1 { ", optional = true" } else { "" }),
            ));
        }
        Pairing::Ask(DraftQuestion { reason, choices })
    };
    let counts = format!("{} columns of codes and {} of {}", of_codes.len(), of_marks.len(), field.name());
    let (pairs, runs, optional, note) = if names_pair && (!is_fixed || by_name() == by_order()) {
        let (runs, optional) = named_runs(columns, codes, marks);
        (by_name(), runs, optional, None)
    } else if of_codes.len() == of_marks.len() {
        let pairs = by_order();
        let said: Vec<String> = [pairs.first(), pairs.last()]
            .into_iter()
            .flatten()
            .map(|(code, mark)| format!("{} is of {}", quoted(&columns[*mark].name), quoted(&columns[*code].name)))
            .collect();
        let note = format!("{counts}, paired by their order, because their numbers differ: {}", said.join(", "));
        (pairs, marks.each(columns), false, Some(note))
    } else {
        return question(format!("{counts}: neither their numbers nor their order pair them"));
    };
    let (alone, all) = without_code(sample, &pairs);
    if percent(alone, all) >= DOUBTED {
        return question(format!(
            "{counts}: in {alone} of {all} places a text stands where no code does, if they are paired by name or order"
        ));
    }
    let keys = if optional { vec!["optional = true".to_owned()] } else { Vec::new() };
    Pairing::Proven(runs, keys, note)
}

/// The marks by the numbers of the codes; whether a name stands for a column that is not there.
fn named_runs(columns: &[DraftColumn], codes: &PairPlaces, marks: &PairPlaces) -> (Runs, bool) {
    let mut runs = Runs::new();
    let mut absent = false;
    for (code, mark) in [(codes.principal, marks.principal), (codes.secondary, marks.secondary)] {
        match (code, mark) {
            (_, Some(at)) => runs.push((columns[at].name.clone(), vec![at])),
            (Some(code), None) => {
                absent = true;
                runs.push((format!("NONE OF {}", columns[code].name), Vec::new()));
            }
            (None, None) => {}
        }
    }
    if let Some(run) = &marks.run {
        let members = run.members.values().copied().collect();
        // Their positions are those of the codes: a run that begins with a later number is stated from the first.
        let text = codes.run.as_ref().map_or_else(|| run.text(), |codes| run.text_over(codes));
        runs.push((text, members));
    }
    (runs, absent)
}

/// Places with a mark but no code, of all places with a mark.
fn without_code(sample: &DraftSample, pairs: &[(usize, usize)]) -> (u32, u32) {
    let (mut alone, mut all) = (0, 0);
    for row in &sample.rows {
        for (code, mark) in pairs {
            if !row[*mark].is_empty() {
                all += 1;
                alone += u32::from(row[*code].is_empty());
            }
        }
    }
    (alone, all)
}

/// How well the filled places of a pairing agree, in words.
fn agreement(sample: &DraftSample, pairs: &[(usize, usize)]) -> String {
    let (mut alike, mut all) = (0u32, 0u32);
    for row in &sample.rows {
        for (code, mark) in pairs {
            let (code, mark) = (row[*code].is_empty(), row[*mark].is_empty());
            if !(code && mark) {
                all += 1;
                alike += u32::from(code == mark);
            }
        }
    }
    format!("then both stand in {alike} of {all} places with either")
}
