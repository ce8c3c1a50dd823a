//! Holds the inputs of a run against what earlier runs took.
//!
//! Three things are told, each of an input that is new to the run's pipeline and period: the same bytes were taken before, under another name, or by the
//! same pipeline for a period that has no day in common with this one; the name was taken before with other bytes, so this is a new version; a later file of the same kind
//! was taken before. Taking the same file for the same period again is a rerun, and no finding of its own: on the business date of the first taking the findings
//! are those of the first taking, so that a repeated run gives the same bytes, and on later days there are none.
//!
//! A ledger grows with every file of every night, so no input is held against all its lines.

use rustc_hash::FxHashMap;

use crate::{
    record::{account::InputAccount, delivery::DateInName, field::CanonicalTable, period::Period},
    store::content::{TakenInput, Taker},
};

/// Feed, part, and what else is alike: takings are looked for among those.
type KeyOfInput<'s, T> = (&'s str, &'s str, T);

/// The lines of a ledger, found by what they have in common with an input; each list in the order of taking.
#[derive(Debug)]
pub struct TakenBefore<'s> {
    /// Who takes now.
    taker: &'s Taker,
    of_name: FxHashMap<KeyOfInput<'s, &'s str>, Vec<&'s TakenInput>>,
    of_bytes: FxHashMap<KeyOfInput<'s, &'s str>, Vec<&'s TakenInput>>,
    /// By the kind of dated name: every file that was later than those before it, with its date.
    latest: FxHashMap<KeyOfInput<'s, String>, Vec<(String, &'s TakenInput)>>,
    /// By feed and file name.
    first: FxHashMap<(&'s str, &'s str), u64>,
}

impl<'s> TakenBefore<'s> {
    pub fn of(taken: &'s [TakenInput], taker: &'s Taker) -> TakenBefore<'s> {
        let (mut of_name, mut of_bytes) = (FxHashMap::<_, Vec<_>>::default(), FxHashMap::<_, Vec<_>>::default());
        let mut latest: FxHashMap<_, Vec<(String, &TakenInput)>> = FxHashMap::default();
        let mut first = FxHashMap::default();
        for taking in taken {
            let TakenInput { feed, part, file, sha256, sequence, .. } = taking;
            let (feed, part, file) = (feed.as_str(), part.as_str(), file.as_str());
            of_name.entry((feed, part, file)).or_default().push(taking);
            of_bytes.entry((feed, part, sha256.as_str())).or_default().push(taking);
            first.entry((feed, file)).or_insert(*sequence);
            if let Some(date) = DateInName::find(file) {
                let latest = latest.entry((feed, part, date.kind)).or_default();
                if latest.last().is_none_or(|(day, of)| (day, of.file.as_str()) < (&date.digits, file)) {
                    latest.push((date.digits, taking));
                }
            }
        }
        TakenBefore { taker, of_name, of_bytes, latest, first }
    }

    /// Number of the run that first took a file of this name for a feed; the greatest number where none did.
    pub fn first_taken(&self, feed: &str, file: &str) -> u64 {
        self.first.get(&(feed, file)).copied().unwrap_or(u64::MAX)
    }

    /// Says in the account of an input what earlier runs took of it.
    pub fn compare(&self, input: &mut InputAccount) {
        let known = self.same(input).next();
        let known_for_period = self.same(input).find(|taking| self.is_for_period(taking));
        if let Some(end) = self.end(known_for_period) {
            let same = self.of_bytes.get(&(input.feed.as_str(), input.part.as_str(), input.sha256.as_str()));
            let mut same = same.into_iter().flatten().copied().take_while(|taking| taking.sequence < end);
            let other = same.find(|taking| {
                taking.file != input.file && known.is_none_or(|known| taking.sequence < known.sequence)
                    || self.is_of_another_period(&taking.taker)
            });
            if let Some(other) = other {
                input.already_taken = true;
                if input.same_bytes_as.is_empty() && other.file != input.file {
                    input.same_bytes_as.clone_from(&other.file);
                }
            }
        }
        if let Some(end) = self.end(known) {
            let is_other = |taking: &TakenInput| taking.sequence < end && taking.sha256 != input.sha256;
            let has_other = self.named(input).any(is_other);
            // A worklist comes back under the same name again and again.
            input.other_version = has_other && input.table != Some(CanonicalTable::Decisions);
            input.later_taken =
                DateInName::find(&input.file).and_then(|own| self.later(input, own, end)).unwrap_or_default();
        }
    }

    /// Whether an earlier business date has taken an input already, for this pipeline: the same name and the same bytes.
    pub fn has_earlier(&self, input: &InputAccount) -> bool {
        self.same(input).any(|taking| {
            taking.taker.pipeline == self.taker.pipeline && taking.taker.business_date < self.taker.business_date
        })
    }

    /// Whether an input was taken for this pipeline and period already.
    pub fn has_for_period(&self, input: &InputAccount) -> bool {
        self.same(input).any(|taking| self.is_for_period(taking))
    }

    /// What was taken under the name of an input.
    fn named<'i>(&'i self, input: &'i InputAccount) -> impl Iterator<Item = &'s TakenInput> + use<'i, 's> {
        let named = self.of_name.get(&(input.feed.as_str(), input.part.as_str(), input.file.as_str()));
        named.into_iter().flatten().copied()
    }

    /// The takings of an input itself: the same name and the same bytes.
    fn same<'i>(&'i self, input: &'i InputAccount) -> impl Iterator<Item = &'s TakenInput> + use<'i, 's> {
        self.named(input).filter(|taking| taking.sha256 == input.sha256)
    }

    fn is_for_period(&self, taking: &TakenInput) -> bool {
        taking.taker.pipeline == self.taker.pipeline && taking.taker.period == self.taker.period
    }

    /// The number before which lie the takings that an input is held against: all, where it is new; none, where it was taken on an earlier business date.
    fn end(&self, own: Option<&TakenInput>) -> Option<u64> {
        match own {
            None => Some(u64::MAX),
            Some(own) if own.taker.business_date == self.taker.business_date => Some(own.sequence),
            Some(_) => None,
        }
    }

    /// The latest file of the kind of an input that was taken before a number, where it is later.
    fn later(&self, input: &InputAccount, own: DateInName, end: u64) -> Option<String> {
        let latest = self.latest.get(&(input.feed.as_str(), input.part.as_str(), own.kind))?;
        let before = latest.partition_point(|(_, taking)| taking.sequence < end);
        let (day, taking) = latest[..before].last()?;
        (*day > own.digits).then(|| taking.file.clone())
    }

    /// Whether a run was of this pipeline and of a period that has no day in common with this one's.
    fn is_of_another_period(&self, other: &Taker) -> bool {
        let periods = [&other.period, &self.taker.period].map(|name| Period::parse(name).ok());
        match periods {
            [Some(then), Some(now)] => {
                other.pipeline == self.taker.pipeline && (then.last < now.first || now.last < then.first)
            }
            _ => false,
        }
    }
}
