//! The desks that look through a partition beside the edits and the coding: what each is asked with, what comes of it, and what of that stands in a record's own
//! row. A new desk is a field of these types and a step of [`examine`].

use crate::record::take_away::take_away_fields;
use serde::{Deserialize, Serialize};

use crate::{
    deficiency::{self, examine::Deficiency, tally::DeficiencyTally},
    examination::columns::coded_records::RecordOutcome,
    partition::encounter::Encounter,
    record::record_set::record_digest,
};

/// What the desks are asked with.
#[derive(Debug, Clone, Copy)]
pub struct DeskContexts<'e> {
    /// Chart deficiencies, where the pipeline asks for them.
    pub deficiency: Option<deficiency::examine::ChartContext<'e>>,
}

/// What comes of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskOutcomes {
    /// Deficiencies, in the order of encounters.
    pub deficiencies: Vec<Deficiency>,
    /// Figures of deficiencies.
    pub deficiency_tally: DeficiencyTally,
    /// Charts in which no document could be called missing: digests of their numbers and of their keys, in the order of encounters.
    pub charts_without_index: Vec<(u64, u64)>,
}

/// What they found of one encounter, in figures.
#[derive(Debug, Clone, Copy, Default)]
pub struct DeskFigures {
    /// Chart deficiencies.
    pub deficiencies: u16,
}

/// A column of the coded records: its name, and its figure.
pub type DeskColumn = (&'static str, fn(&DeskFigures) -> i32);

/// The columns of these figures in the coded records.
pub const DESK_COLUMNS: &[DeskColumn] = &[("deficiencies", |figures| figures.deficiencies.into())];

impl DeskOutcomes {
    /// Whether every value is told apart that is counted by.
    pub fn is_told_apart(&self) -> bool {
        self.deficiency_tally.without_index_of_others.is_none()
    }

    /// Adds what came of the next partition.
    pub fn merge(&mut self, next: DeskOutcomes) {
        self.deficiencies.extend(next.deficiencies);
        self.charts_without_index.extend(next.charts_without_index);
        self.deficiency_tally.merge(next.deficiency_tally);
    }
}

/// Looks through the encounters of a partition; what of it stands in a record's own row is entered there.
pub fn examine(
    encounters: &[Encounter<'_>],
    contexts: &DeskContexts<'_>,
    records: &mut [RecordOutcome],
    outcome: &mut DeskOutcomes,
) {
    let Some(context) = &contexts.deficiency else { return };
    // Of two versions of a stay, nobody knows which chart is meant.
    for (encounter, record) in encounters.iter().zip(records).filter(|(encounter, _)| !encounter.undecided) {
        let start = outcome.deficiencies.len();
        let is_held =
            deficiency::examine::examine(encounter, context, &mut outcome.deficiencies, &mut outcome.deficiency_tally);
        if !is_held {
            let number = record_digest(encounter.encounter_id.as_bytes());
            outcome.charts_without_index.push((number, record_digest(encounter.row.key())));
        }
        let found = &outcome.deficiencies[start..];
        record.is_open |= !context.is_known(encounter) || found.iter().any(|deficiency| deficiency.kind.entry().open);
        record.desks.deficiencies = u16::try_from(outcome.deficiencies.len() - start).unwrap_or(u16::MAX);
    }
}

take_away_fields!(DeskOutcomes: deficiency_tally);
