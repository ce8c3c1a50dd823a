//! Which rows stand: of several versions of a record the newest, and of a record that is taken back none.
//!
//! The rows of one key are neighbours after the merge, so that the choice is made where they are, partition by partition. Where no feed says how it is
//! delivered, nothing is done here. What is a record depends on the table: an encounter by its number, a patient by the number, a document by its number
//! among those of its stay, and of diagnoses and procedures all that a file has of a stay, because a corrected stay is sent with all of them. A row of a
//! register, or without a number, is a record of its own.

use std::{borrow::Cow, collections::BTreeMap, ops::Range, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{
    partition::{
        comparison::{are_of_several_facilities, changed_fields, words_of},
        decode::facility_of,
    },
    record::{
        delivery::{
            DeliveredContent, Delivery, Fate, NewestBy, RecordVersion, Scale, VersionCandidate, choose, choose_sets,
        },
        field::{CanonicalTable, Field},
        finding::Origin,
    },
    rows::{
        cutter::{Cut, Duplicate},
        row::Row,
        slot::Feed,
    },
};

/// How the feeds and inputs of a run are delivered.
#[derive(Debug, Clone, Default)]
pub struct Deliveries {
    /// By feed: how it is delivered; `None` where the pipeline does not say so.
    pub feeds: Vec<Option<Delivery>>,
    /// By input.
    pub inputs: Vec<InputDelivery>,
}

/// How one input stands to the others of its feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InputDelivery {
    /// How new it is; `None` where nothing says so, or a column does.
    pub version: Option<RecordVersion>,
    /// A newer full file has come, and could be read whole: what is in this one alone is taken back.
    pub is_past: bool,
}

/// An accepted row that is not in the figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAside {
    /// What became of it; never [`Fate::Stands`].
    pub fate: Fate,
    /// The table it is of.
    pub table: CanonicalTable,
    /// The number of the encounter or patient.
    pub number: String,
    /// Where it stood.
    pub origin: Origin,
    /// Where the newest version stood; `None` where there is none.
    pub newest: Option<Origin>,
    /// The facility that the row names; empty where it names none.
    pub facility_id: String,
    /// Names of the fields that differ from the newest version.
    pub changed: String,
    /// Why, in words.
    pub why: Cow<'static, str>,
}

/// A partition of which every row stands.
#[derive(Debug, Default)]
pub struct StandingRows {
    /// The rows.
    pub rows: Vec<u8>,
    /// The repeated rows.
    pub duplicates: Vec<Duplicate>,
    /// The rows that do not stand, in the order of keys.
    pub set_aside: Vec<SetAside>,
    /// The first rows are further rows of the number that the last partition ends with; see [`Cut::goes_on`].
    pub goes_on: bool,
}

/// A row with where else it stood.
struct Item<'a> {
    row: Row<'a>,
    /// Its repetitions among the duplicates.
    repeated: Range<usize>,
}

impl Deliveries {
    /// Whether a feed says how it is delivered, so that rows of one number may be versions of it.
    pub fn are_stated(&self) -> bool {
        self.feeds.iter().any(Option::is_some)
    }

    /// Leaves the rows that stand.
    pub fn standing(&self, cut: Cut, feeds: &[Feed]) -> StandingRows {
        let Cut { rows, mut duplicates, goes_on, is_parted } = cut;
        name_facilities(&rows, &mut duplicates, feeds);
        if !self.are_stated() {
            return StandingRows { rows, duplicates, set_aside: Vec::new(), goes_on };
        }
        let mut part = goes_on;
        let mut kept = Vec::with_capacity(rows.len());
        let mut set_aside = Vec::new();
        let mut group: Vec<Item<'_>> = Vec::new();
        let mut repeated = 0;
        for row in Row::all(&rows) {
            let start = repeated;
            while duplicates.get(repeated).is_some_and(|duplicate| duplicate.of == row.origin()) {
                repeated += 1;
            }
            let belongs = group.first().is_some_and(|first| !row.key().is_empty() && first.row.key() == row.key());
            if !belongs {
                self.choose(&group, part, &duplicates, feeds, &mut kept, &mut set_aside);
                part &= group.is_empty();
                group.clear();
            }
            group.push(Item { row, repeated: start..repeated });
        }
        self.choose(&group, part || is_parted, &duplicates, feeds, &mut kept, &mut set_aside);
        drop(group);
        StandingRows { rows: kept, duplicates, set_aside, goes_on }
    }

    fn delivery(&self, row: Row<'_>) -> Option<&Delivery> {
        self.feeds.get(usize::from(row.feed()))?.as_ref()
    }

    /// Chooses among the rows of one key, or among a part of them: then nothing is known to be the newest.
    fn choose(
        &self,
        group: &[Item<'_>],
        is_part: bool,
        duplicates: &[Duplicate],
        feeds: &[Feed],
        kept: &mut Vec<u8>,
        set_aside: &mut Vec<SetAside>,
    ) {
        let table = |item: &Item<'_>| feeds[usize::from(item.row.feed())].table;
        let mut chosen: Vec<Chosen> = Vec::with_capacity(group.len());
        for of_table in group.chunk_by(|left, right| table(left) == table(right)) {
            let numbered = !of_table[0].row.key().is_empty();
            match table(&of_table[0]) {
                CanonicalTable::Encounters | CanonicalTable::Patients if numbered => {
                    self.choose_versions(of_table, is_part, duplicates, feeds, &mut chosen);
                }
                CanonicalTable::Diagnoses | CanonicalTable::Procedures if numbered => {
                    for of_feed in of_table.chunk_by(|left, right| left.row.feed() == right.row.feed()) {
                        self.choose_rows_of_a_stay(of_feed, duplicates, &mut chosen);
                    }
                }
                CanonicalTable::Documents if numbered => {
                    for of_feed in of_table.chunk_by(|left, right| left.row.feed() == right.row.feed()) {
                        self.choose_documents(of_feed, duplicates, feeds, &mut chosen);
                    }
                }
                _ => chosen.extend(of_table.iter().map(|item| self.alone(item, duplicates))),
            }
        }
        withdraw_what_hangs_on_nothing(group, feeds, &mut chosen);
        for (item, chosen) in group.iter().zip(chosen) {
            if matches!(chosen.fate, Fate::Stands | Fate::Undecided) {
                kept.extend_from_slice(item.row.bytes());
                continue;
            }
            let newest = chosen.newest.map(|place| group[place].row);
            set_aside.push(SetAside {
                fate: chosen.fate,
                table: table(item),
                number: String::from_utf8_lossy(item.row.number()).into_owned(),
                origin: item.row.origin(),
                newest: newest.map(Row::origin),
                facility_id: facility_of(item.row, &feeds[usize::from(item.row.feed())]).to_owned(),
                changed: newest
                    .filter(|newest| chosen.compares && !newest.delivered().1)
                    .map_or(String::new(), |newest| changed_fields(item.row, newest, feeds)),
                why: chosen.why.into(),
            });
        }
    }

    /// What is known of one row for the choice.
    fn candidate(&self, item: &Item<'_>, duplicates: &[Duplicate]) -> VersionCandidate {
        let Some(delivery) = self.delivery(item.row) else {
            return VersionCandidate { version: None, is_deletion: false, is_delivered: true };
        };
        let (stated, is_deletion) = item.row.delivered();
        let inputs = || inputs_of(item, duplicates).map(|input| self.inputs[input]);
        VersionCandidate {
            version: match &delivery.newest_by {
                NewestBy::Column { formats, .. } => stated.and_then(|text| RecordVersion::of_text(text, formats)),
                NewestBy::FileNameDate | NewestBy::Order => latest(inputs().map(|input| input.version)),
            },
            is_deletion,
            is_delivered: delivery.content == DeliveredContent::Changes || inputs().any(|input| !input.is_past),
        }
    }

    /// A row that is a record of its own.
    fn alone(&self, item: &Item<'_>, duplicates: &[Duplicate]) -> Chosen {
        let candidate = self.candidate(item, duplicates);
        Chosen { why: why(&candidate, choose(&[candidate])[0]), ..Chosen::of(choose(&[candidate])[0]) }
    }

    /// Rows that are versions of one record.
    fn choose_versions(
        &self,
        items: &[Item<'_>],
        is_part: bool,
        duplicates: &[Duplicate],
        feeds: &[Feed],
        chosen: &mut Vec<Chosen>,
    ) {
        let start = chosen.len();
        if items.iter().all(|item| self.delivery(item.row).is_none()) {
            chosen.extend(items.iter().map(|_| Chosen::of(Fate::Stands)));
            return;
        }
        let mut candidates: Vec<VersionCandidate> = items.iter().map(|item| self.candidate(item, duplicates)).collect();
        let is_encounter = feeds[usize::from(items[0].row.feed())].table == CanonicalTable::Encounters;
        if is_part {
            // One of the others may be newer than all of these.
            candidates.iter_mut().for_each(|candidate| candidate.version = None);
        } else if is_encounter && items.len() > 1 && are_of_several_facilities(items.iter().map(|item| item.row), feeds)
        {
            // One number at two facilities may be two stays: no version of one takes the place of the other.
            candidates.iter_mut().for_each(|candidate| candidate.version = None);
        }
        let fates = choose(&candidates);
        let newest = fates.iter().position(|fate| *fate != Fate::Superseded).map(|place| start + place);
        chosen.extend(candidates.iter().zip(fates).map(|(candidate, fate)| Chosen {
            fate,
            newest: newest.filter(|_| fate == Fate::Superseded),
            compares: true,
            why: why(candidate, fate),
        }));
    }

    /// Diagnoses or procedures of one stay and feed: the newest file that has any has all of them.
    fn choose_rows_of_a_stay(&self, items: &[Item<'_>], duplicates: &[Duplicate], chosen: &mut Vec<Chosen>) {
        let start = chosen.len();
        if self.delivery(items[0].row).is_none() {
            chosen.extend(items.iter().map(|_| Chosen::of(Fate::Stands)));
            return;
        }
        let candidates: Vec<VersionCandidate> = items.iter().map(|item| self.candidate(item, duplicates)).collect();
        let mut sets: BTreeMap<usize, VersionCandidate> = BTreeMap::new();
        for (item, candidate) in items.iter().zip(&candidates) {
            for input in inputs_of(item, duplicates) {
                let own = self.inputs[input];
                let version = if own.version.is_some() { own.version } else { candidate.version };
                let set = sets.entry(input).or_insert(VersionCandidate {
                    version: None,
                    is_deletion: true,
                    is_delivered: candidate.is_delivered && !own.is_past,
                });
                set.version = set.version.max(version);
                set.is_deletion &= candidate.is_deletion;
            }
        }
        let of_sets: Vec<VersionCandidate> = sets.values().copied().collect();
        let fates: BTreeMap<usize, Fate> = sets.keys().copied().zip(choose_sets(&of_sets)).collect();
        let fate_of = |item: &Item<'_>| inputs_of(item, duplicates).map(|input| fates[&input]).min();
        let newest = items.iter().position(|item| fate_of(item) != Some(Fate::Superseded)).map(|place| start + place);
        for (item, candidate) in items.iter().zip(&candidates) {
            let fate = match fate_of(item) {
                Some(Fate::Stands) if candidate.is_deletion => Fate::Withdrawn,
                fate => fate.unwrap_or(Fate::Stands),
            };
            let newest = newest.filter(|_| fate == Fate::Superseded);
            chosen.push(Chosen { fate, newest, compares: false, why: why(candidate, fate) });
        }
    }

    /// Documents of one stay and feed: versions of one document bear its number, and a document without a number is its own.
    fn choose_documents(&self, items: &[Item<'_>], duplicates: &[Duplicate], feeds: &[Feed], chosen: &mut Vec<Chosen>) {
        let start = chosen.len();
        chosen.extend(items.iter().map(|item| self.alone(item, duplicates)));
        if self.delivery(items[0].row).is_none() {
            return;
        }
        let mut numbered: Vec<(&str, usize)> = items
            .iter()
            .enumerate()
            .map(|(place, item)| (words_of(item.row, Field::DocumentId, feeds), place))
            .filter(|(number, _)| !number.is_empty())
            .collect();
        numbered.sort_unstable();
        for versions in numbered.chunk_by(|left, right| left.0 == right.0).filter(|versions| versions.len() > 1) {
            let candidates: Vec<VersionCandidate> =
                versions.iter().map(|(_, place)| self.candidate(&items[*place], duplicates)).collect();
            // Of documents none is undecided: two versions that nothing orders are shown both, as they would be without a setting.
            let fates = choose_sets(&candidates);
            let newest = fates.iter().position(|fate| *fate != Fate::Superseded).map(|place| start + versions[place].1);
            for (((_, place), candidate), fate) in versions.iter().zip(&candidates).zip(fates) {
                let newest = newest.filter(|_| fate == Fate::Superseded);
                chosen[start + place] = Chosen { fate, newest, compares: true, why: why(candidate, fate) };
            }
        }
    }
}

/// What was chosen for one row.
struct Chosen {
    fate: Fate,
    /// Place of the newest version among the rows of the key.
    newest: Option<usize>,
    /// Whether the two are versions of one row, so that their fields can be compared.
    compares: bool,
    why: &'static str,
}

impl Chosen {
    fn of(fate: Fate) -> Chosen {
        Chosen { fate, newest: None, compares: false, why: "" }
    }
}

/// Why a row does not stand.
fn why(candidate: &VersionCandidate, fate: Fate) -> &'static str {
    match fate {
        Fate::Stands | Fate::Undecided => "",
        _ if !candidate.is_delivered => "not in the newest full file",
        Fate::Superseded => "a newer version has come",
        Fate::Withdrawn => "marked as deleted",
    }
}

/// What hangs on encounters that are all taken back is taken back with them.
fn withdraw_what_hangs_on_nothing(group: &[Item<'_>], feeds: &[Feed], chosen: &mut [Chosen]) {
    let heads =
        group.iter().take_while(|item| feeds[usize::from(item.row.feed())].table == CanonicalTable::Encounters).count();
    let stands = |chosen: &Chosen| matches!(chosen.fate, Fate::Stands | Fate::Undecided);
    if heads == 0 || chosen[..heads].iter().any(stands) {
        return;
    }
    for chosen in chosen[heads..].iter_mut().filter(|chosen| stands(chosen)) {
        *chosen = Chosen { why: "its encounter is withdrawn", ..Chosen::of(Fate::Withdrawn) };
    }
}

/// Gives repeated rows the facility of the row that they repeat. Those of one row stand together, in the order of the rows.
fn name_facilities(rows: &[u8], duplicates: &mut [Duplicate], feeds: &[Feed]) {
    let mut known: BTreeMap<&str, Arc<str>> = BTreeMap::new();
    let mut open = duplicates.iter_mut().peekable();
    let mut rows = Row::all(rows);
    while open.peek().is_some() {
        let Some(row) = rows.next() else { return };
        let mut facility_id = None;
        while let Some(duplicate) = open.next_if(|duplicate| duplicate.of == row.origin()) {
            let facility = facility_id.get_or_insert_with(|| {
                let facility = facility_of(row, &feeds[usize::from(row.feed())]);
                (!facility.is_empty()).then(|| Arc::clone(known.entry(facility).or_insert_with(|| facility.into())))
            });
            duplicate.facility_id.clone_from(facility);
        }
    }
}

/// The inputs in which a row stood, once for each time.
fn inputs_of(item: &Item<'_>, duplicates: &[Duplicate]) -> impl Iterator<Item = usize> {
    let repeated = duplicates[item.repeated.clone()].iter().map(|duplicate| duplicate.origin);
    std::iter::once(item.row.origin()).chain(repeated).map(|origin| usize::from(origin.input))
}

/// How new a row is that stood in several files: as new as the newest. Where nothing says how new one of them is, it may be newer than any.
fn latest(versions: impl Iterator<Item = Option<RecordVersion>>) -> Option<RecordVersion> {
    let mut latest: Option<RecordVersion> = None;
    let mut is_unknown = false;
    for version in versions {
        match (version, &mut latest) {
            (None, _) => is_unknown = true,
            (Some(version), Some(latest)) => {
                (latest.first, latest.last) = (latest.first.max(version.first), latest.last.max(version.last));
            }
            (version, None) => latest = version,
        }
    }
    latest.map(|version| RecordVersion { last: if is_unknown { i64::MAX } else { version.last }, ..version })
}

/// The inputs of feeds that are full, held against each other: of each series of files, those before the newest that could be read whole are past.
///
/// `series` names of each input the series it is of (`None`: its feed is not full) and whether it could be read whole.
pub fn mark_past(inputs: &mut [InputDelivery], series: &[(Option<String>, bool)]) {
    // Of the files of one version each must be whole.
    let mut versions: BTreeMap<(&str, RecordVersion), bool> = BTreeMap::new();
    for (input, (series, is_whole)) in inputs.iter().zip(series) {
        if let (Some(series), Some(version)) = (series, input.version) {
            *versions.entry((series, version)).or_insert(true) &= is_whole;
        }
    }
    let mut newest: BTreeMap<&str, (Scale, i64)> = BTreeMap::new();
    for ((series, version), _) in versions.iter().filter(|(_, is_whole)| **is_whole) {
        let first = newest.entry(series).or_insert((version.scale, version.first));
        first.1 = first.1.max(version.first);
    }
    for (input, (series, _)) in inputs.iter_mut().zip(series) {
        let newest = series.as_deref().and_then(|series| newest.get(series));
        input.is_past = newest.zip(input.version).is_some_and(|((_, first), version)| version.last < *first);
    }
}
