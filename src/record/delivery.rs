//! How a feed is delivered, which version of a record is the newest, and which of several versions stands.
//!
//! An export is sent again and again: corrected records come in later files, and a record that was entered by mistake is taken back. A *version* is what one
//! delivery says of a record. Versions are ordered by time as far as it is known: a file of October says that it was written at some time of October, so that
//! a file of 5 November is newer, and one of 5 October is neither newer nor older. Where nothing says which of two versions is newer, none stands.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::date::{DateFormat, Day, days_in_month};

/// How a feed is delivered: `delivery`, `newest_by` and `deletion` of its section `[[ingest]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// What a file holds.
    pub content: DeliveredContent,
    /// What says which of two versions is newer.
    pub newest_by: NewestBy,
    /// The mark of a record that is taken back.
    pub deletion: Option<Deletion>,
}

impl Delivery {
    /// In words: `changes, newest by the column CHANGED`.
    pub fn words(&self) -> String {
        let by = match &self.newest_by {
            NewestBy::FileNameDate => "the date in the file name".to_owned(),
            NewestBy::Column { name, .. } => format!("the column {name}"),
            NewestBy::Order => "the order of the files".to_owned(),
        };
        format!("{}, newest by {by}", self.content.name())
    }
}

/// What a file of a feed holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeliveredContent {
    /// Records that are new or were changed.
    Changes,
    /// Every record: one that is missing from the newest file is taken back.
    Full,
}

impl DeliveredContent {
    /// The word in pipeline files and outputs.
    pub fn name(self) -> &'static str {
        match self {
            DeliveredContent::Changes => "changes",
            DeliveredContent::Full => "full",
        }
    }
}

/// What says which of two versions is newer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewestBy {
    /// The date in the name of the file.
    FileNameDate,
    /// A column of the export: a time or a number that grows.
    Column {
        /// Its name.
        name: String,
        /// Formats of its times; none: `YYYY-MM-DD`, with a time behind it, and whole numbers.
        formats: Vec<DateFormat>,
    },
    /// The order in which the pipeline names the files.
    Order,
}

/// The mark of a record that is taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deletion {
    /// Name of the column.
    pub column: String,
    /// Its texts that take the record back, in any case.
    pub values: Vec<String>,
}

/// What a version is ordered by. Versions of two scales are neither newer nor older.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scale {
    /// The date in the name of a file, in seconds since 1970.
    FileNameDate,
    /// A time in a column, in microseconds since 1970.
    Time,
    /// A number in a column.
    Number,
    /// The place of a file among those of the pipeline.
    Order,
}

/// How new a version is: from the first to the last point that it may be of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordVersion {
    /// What the points are.
    pub scale: Scale,
    /// The earliest it may be.
    pub first: i64,
    /// The latest it may be.
    pub last: i64,
}

/// Seconds of a day.
const DAY: i64 = 86_400;
/// Microseconds of a second.
const SECOND: i64 = 1_000_000;

impl RecordVersion {
    /// The version of a file by its place among the files of the pipeline.
    pub fn of_place(place: usize) -> RecordVersion {
        RecordVersion { scale: Scale::Order, first: place as i64, last: place as i64 }
    }

    /// The version of a file by the date in its name.
    pub fn of_file_name(name: &str) -> Option<RecordVersion> {
        let date = DateInName::find(name)?;
        Some(RecordVersion { scale: Scale::FileNameDate, first: *date.seconds.start(), last: *date.seconds.end() })
    }

    /// The version that a column states: a time by the formats, or where there are none `YYYY-MM-DD` with a time behind it, or a whole number.
    pub fn of_text(text: &[u8], formats: &[DateFormat]) -> Option<RecordVersion> {
        let text = text.trim_ascii();
        let time = |first: i64, last: i64| RecordVersion { scale: Scale::Time, first, last };
        if !formats.is_empty() {
            let moment = formats.iter().find_map(|format| format.read(text))?;
            let day = i64::from(moment.day.0) * DAY * SECOND;
            return Some(match moment.minute {
                None => time(day, day + DAY * SECOND - 1),
                Some(minute) => {
                    let start = day + i64::from(minute) * 60 * SECOND;
                    time(start, start + 60 * SECOND - 1)
                }
            });
        }
        let text = std::str::from_utf8(text).ok()?;
        let whole = text.strip_suffix(".0").unwrap_or(text);
        if !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit()) {
            let number = whole.parse().ok()?;
            return Some(RecordVersion { scale: Scale::Number, first: number, last: number });
        }
        let (start, length) = iso_time(text)?;
        Some(time(start, start + length - 1))
    }

    /// Whether this version is surely newer than another.
    pub fn is_newer_than(&self, other: &RecordVersion) -> bool {
        self.scale == other.scale && self.first > other.last
    }
}

/// `YYYY-MM-DD`, with ` HH:MM`, seconds, their parts and an offset behind it: the microsecond it begins at, and how many it may last.
fn iso_time(text: &str) -> Option<(i64, i64)> {
    let day = i64::from(Day::from_iso(text.get(..10)?)?.0) * DAY * SECOND;
    let Some(rest) = text[10..].strip_prefix(['T', 't', ' ']) else {
        return text[10..].is_empty().then_some((day, DAY * SECOND));
    };
    let (clock, offset) = match rest.find(['Z', 'z', '+', '-']) {
        Some(at) => (rest[..at].trim_end(), offset_seconds(&rest[at..])?),
        None => (rest, 0),
    };
    let mut parts = clock.split(':');
    let two = |part: &str, most: i64| {
        (part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| part.parse::<i64>().ok())
            .flatten()
            .filter(|number| *number <= most)
    };
    let hour = two(parts.next()?, 23)?;
    let minute = two(parts.next()?, 59)?;
    let mut start = day + (hour * 60 + minute) * 60 * SECOND - offset * SECOND;
    let mut length = 60 * SECOND;
    if let Some(seconds) = parts.next() {
        let (whole, part) = seconds.split_once(['.', ',']).map_or((seconds, None), |(whole, part)| (whole, Some(part)));
        start += two(whole, 60)? * SECOND;
        length = SECOND;
        if let Some(part) = part {
            if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            let digits = part.len().min(6);
            length = 10_i64.pow(6 - digits as u32);
            start += part[..digits].parse::<i64>().ok()? * length;
        }
    }
    parts.next().is_none().then_some((start, length))
}

/// `Z`, `+HH:MM`, `-HHMM` or `+HH` in seconds.
fn offset_seconds(text: &str) -> Option<i64> {
    if matches!(text, "Z" | "z") {
        return Some(0);
    }
    let (sign, rest) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    let digits: String = rest.chars().filter(|letter| *letter != ':').collect();
    if !matches!(digits.len(), 2 | 4) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let hours: i64 = digits[..2].parse().ok()?;
    let minutes: i64 = digits.get(2..).filter(|rest| !rest.is_empty()).map_or(Some(0), |rest| rest.parse().ok())?;
    Some(sign * (hours * 60 + minutes) * 60)
}

/// The day or month, with a time where there is one, that stands in the name of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateInName {
    /// The name with `9` in the place of each digit of it: files of one kind have it in common. `discharges-2026-10-05.csv` and `discharges-20261006.csv` are
    /// not of one kind, because they are not written alike.
    pub kind: String,
    /// The name with `*` in its place, however it is written: a series of files.
    pub series: String,
    /// Its digits, from the year on.
    pub digits: String,
    /// First and last second since 1970 that it means.
    pub seconds: RangeInclusive<i64>,
}

impl DateInName {
    /// Finds it: a day before a month, and of several the first.
    pub fn find(name: &str) -> Option<DateInName> {
        let bytes = name.as_bytes();
        // One character a byte, so that places in the shape are places in the name.
        let shape: String = bytes
            .iter()
            .map(|byte| match byte {
                b'0'..=b'9' => '9',
                _ if byte.is_ascii() => char::from(*byte),
                _ => 'x',
            })
            .collect();
        let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        for form in ["9999-99-99", "9999_99_99", "9999.99.99", "99999999999999", "999999999999", "99999999"]
            .into_iter()
            .chain(["9999-99", "9999_99", "9999.99", "999999"])
        {
            for (at, _) in shape.match_indices(form) {
                let end = at + form.len();
                if (at > 0 && is_digit(at - 1)) || is_digit(end) {
                    continue;
                }
                let digits: String = name[at..end].chars().filter(char::is_ascii_digit).collect();
                let Some((end, digits, seconds)) = date_of(&digits, &shape, name, end) else { continue };
                let kind = format!("{}{}{}", &name[..at], &shape[at..end], &name[end..]);
                let series = format!("{}*{}", &name[..at], &name[end..]);
                return Some(DateInName { kind, series, digits, seconds });
            }
        }
        None
    }
}

/// What the digits of a date, with a time behind them in the name, mean: where they end, the digits, the seconds.
fn date_of(digits: &str, shape: &str, name: &str, end: usize) -> Option<(usize, String, RangeInclusive<i64>)> {
    let number = |from: usize, to: usize| digits.get(from..to).and_then(|part| part.parse::<u32>().ok());
    let year = number(0, 4).filter(|year| (1950..=2150).contains(year))? as i32;
    let month = number(4, 6).filter(|month| (1..=12).contains(month))?;
    let start = |day: u32| Some(i64::from(Day::from_ymd(year, month, day)?.0) * DAY);
    if digits.len() == 6 {
        let last = start(days_in_month(year, month))? + DAY - 1;
        return Some((end, digits.to_owned(), start(1)?..=last));
    }
    let midnight = start(number(6, 8)?)?;
    let clock = |digits: &str| -> Option<RangeInclusive<i64>> {
        let part = |from: usize, most: i64| {
            let number: i64 = digits.get(from..from + 2)?.parse().ok()?;
            (number <= most).then_some(number)
        };
        let minute = midnight + (part(0, 23)? * 60 + part(2, 59)?) * 60;
        match digits.len() {
            4 => Some(minute..=minute + 59),
            6 => {
                let second = minute + part(4, 59)?;
                Some(second..=second)
            }
            _ => None,
        }
    };
    if digits.len() > 8 {
        return Some((end, digits.to_owned(), clock(&digits[8..])?));
    }
    for (form, width) in
        [("-99-99-99", 9), ("-99:99:99", 9), ("-999999", 7), ("-99-99", 6), ("-99:99", 6), ("-99h99", 6), ("-9999", 5)]
    {
        let Some(behind) = shape.get(end..end + width) else { continue };
        // Before the time stands a mark, and within it one that is always the same.
        let separated = behind.starts_with(['-', '_', 'T', 't', ' ', '.']);
        let alike = behind[1..].chars().zip(form[1..].chars()).all(|(found, wanted)| {
            found == wanted || (wanted == '-' && matches!(found, '_' | '.')) || (wanted == 'h' && found == 'H')
        });
        let bounded = !shape[end + width..].starts_with('9');
        if separated && alike && bounded {
            let time: String = name[end..end + width].chars().filter(char::is_ascii_digit).collect();
            if let Some(seconds) = clock(&time) {
                return Some((end + width, format!("{digits}{time}"), seconds));
            }
        }
    }
    Some((end, digits.to_owned(), midnight..=midnight + DAY - 1))
}

/// One version of a record among those that the choice is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VersionCandidate {
    /// How new it is; `None` where nothing says so.
    pub version: Option<RecordVersion>,
    /// Whether it bears the mark of a record that is taken back.
    pub is_deletion: bool,
    /// Whether it is in what the sender still delivers: always but where its feed is full and it is in older files alone.
    pub is_delivered: bool,
}

/// What becomes of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Fate {
    /// It is the record.
    Stands,
    /// A newer version takes its place.
    Superseded,
    /// It is the newest, and the record is taken back.
    Withdrawn,
    /// It may be the newest, and another one may be as well.
    Undecided,
}

impl Fate {
    /// The word in outputs.
    pub fn name(self) -> &'static str {
        match self {
            Fate::Stands => "standing",
            Fate::Superseded => "superseded",
            Fate::Withdrawn => "withdrawn",
            Fate::Undecided => "undecided",
        }
    }
}

/// Chooses among the versions of one record: what becomes of each. At most one stands, and where one stands none is undecided; where any version is known to be
/// newer than another, the other is superseded. The order of the versions does not matter.
pub fn choose(candidates: &[VersionCandidate]) -> Vec<Fate> {
    let is_delivered = candidates.iter().any(|candidate| candidate.is_delivered);
    // Of what is delivered no more, only a record of which nothing is delivered has a newest version.
    let newest = newest_of(candidates, |candidate| candidate.is_delivered == is_delivered);
    let newest_ones = || candidates.iter().zip(&newest).filter(|(_, newest)| **newest).map(|(candidate, _)| candidate);
    let fate = if !is_delivered || newest_ones().all(|candidate| candidate.is_deletion) {
        Fate::Withdrawn
    } else if newest_ones().nth(1).is_some() {
        Fate::Undecided
    } else {
        Fate::Stands
    };
    newest.into_iter().map(|newest| if newest { fate } else { Fate::Superseded }).collect()
}

/// Of each candidate of a kind, whether none of them is surely newer; of others, false.
fn newest_of(candidates: &[VersionCandidate], of_kind: impl Fn(&VersionCandidate) -> bool) -> Vec<bool> {
    let mut latest: [Option<i64>; 4] = [None; 4];
    for version in candidates.iter().filter(|candidate| of_kind(candidate)).filter_map(|candidate| candidate.version) {
        let latest = &mut latest[version.scale as usize];
        *latest = (*latest).max(Some(version.first));
    }
    let is_newest = |candidate: &VersionCandidate| {
        candidate.version.is_none_or(|version| latest[version.scale as usize].is_none_or(|first| first <= version.last))
    };
    candidates.iter().map(|candidate| of_kind(candidate) && is_newest(candidate)).collect()
}

/// Chooses among sets of rows that are delivered together, the diagnoses of a stay for example: of each set whether its rows stand.
pub fn choose_sets(sets: &[VersionCandidate]) -> Vec<Fate> {
    choose(sets).into_iter().map(|fate| if fate == Fate::Undecided { Fate::Stands } else { fate }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn dated(name: &str) -> Option<RecordVersion> {
        RecordVersion::of_file_name(name)
    }

    #[test]
    fn a_day_month_or_time_in_a_name_is_found_and_a_number_is_not() {
        let of = |name| DateInName::find(name).map(|date| date.digits);
        assert_eq!(of("discharges-2026-10.csv").as_deref(), Some("202610"));
        assert_eq!(of("adt_20261005_0300.csv").as_deref(), Some("202610050300"));
        assert_eq!(of("adt_2026-10-05T03-00-59.csv").as_deref(), Some("20261005030059"));
        assert_eq!(of("adt_20261005030059.csv").as_deref(), Some("20261005030059"));
        assert_eq!(of("discharges-2026-10-sent-20261105.csv").as_deref(), Some("20261105"));
        assert_eq!(of("adt_20261005_2500.csv").as_deref(), Some("20261005"));
        assert_eq!(of("visit12345678.csv"), None);
        assert_eq!(of("visit-20261305.csv"), None);
        assert_eq!(of("Größe-2026-10-05.csv").as_deref(), Some("20261005"));
        assert_eq!(of("20261005.csv").as_deref(), Some("20261005"));
        let kind = |name| DateInName::find(name).map(|date| date.kind);
        assert_eq!(kind("a-2026-10-05.csv"), kind("a-2026-11-30.csv"));
        assert_ne!(kind("a-2026-10-05.csv"), kind("a-20261130.csv"));
        assert_eq!(kind("a_20261005_0300.csv"), kind("a_20261005_1500.csv"));
    }

    #[test]
    fn a_file_is_newer_only_where_its_date_says_so_beyond_doubt() {
        let newer = |left: &str, right: &str| {
            let (left, right) = (dated(left).expect("a date"), dated(right).expect("a date"));
            (left.is_newer_than(&right), right.is_newer_than(&left))
        };
        assert_eq!(newer("d-2026-11-05.csv", "d-2026-10.csv"), (true, false));
        assert_eq!(newer("d-2026-10-05.csv", "d-2026-10.csv"), (false, false));
        assert_eq!(newer("d-2026-10-06.csv", "x_20261005_2359.csv"), (true, false));
        assert_eq!(newer("d_20261005_1500.csv", "d_20261005_0300.csv"), (true, false));
        assert_eq!(newer("d-2026-10-05.csv", "d_20261005_0300.csv"), (false, false));
    }

    #[test]
    fn a_column_states_a_time_or_a_number() {
        let of = |text: &str| RecordVersion::of_text(text.as_bytes(), &[]);
        let newer = |left: &str, right: &str| of(left).expect("read").is_newer_than(&of(right).expect("read"));
        assert!(newer("2026-10-05 10:00:01", "2026-10-05T10:00:00"));
        assert!(newer("2026-10-05 10:00:00.5", "2026-10-05 10:00:00.25"));
        assert!(newer("2026-10-06", "2026-10-05 23:59"));
        assert!(!newer("2026-10-05 10:00", "2026-10-05"));
        assert!(newer("2026-10-05T10:00:00-05:00", "2026-10-05T14:59:59Z"));
        assert!(newer("10", "9") && newer(" 2.0 ", "1"));
        assert!(!newer("20261005", "2026-10-04"));
        for text in ["", "soon", "10/05/2026", "2026-10-05 25:00", "2026-02-30", "-1", "2026-10-05x"] {
            assert_eq!(of(text), None, "{text}");
        }
        let formats = [DateFormat::new("%m/%d/%Y %H:%M", 1930).expect("a format")];
        let stated = |text: &str| RecordVersion::of_text(text.as_bytes(), &formats).expect("read");
        assert!(stated("10/05/2026 10:01").is_newer_than(&stated("10/05/2026 10:00")));
    }

    fn candidate() -> impl Strategy<Value = VersionCandidate> {
        let version = prop::option::weighted(0.8, (0..4usize, 0i64..6, 0i64..3)).prop_map(|version| {
            version.map(|(scale, first, length)| RecordVersion {
                scale: [Scale::FileNameDate, Scale::Time, Scale::Number, Scale::Order][scale],
                first,
                last: first + length,
            })
        });
        (version, prop::bool::weighted(0.2), prop::bool::weighted(0.8))
            .prop_map(|(version, is_deletion, is_delivered)| VersionCandidate { version, is_deletion, is_delivered })
    }

    proptest! {
        #[test]
        fn no_version_is_lost_and_their_order_does_not_matter(
            candidates in prop::collection::vec(candidate(), 0..12),
            turn in 0usize..12,
        ) {
            let fates = choose(&candidates);
            prop_assert_eq!(fates.len(), candidates.len());
            let mut turned: Vec<VersionCandidate> = candidates.iter().rev().copied().collect();
            let turn = turn % turned.len().max(1);
            turned.rotate_left(turn);
            let mut back = choose(&turned);
            back.rotate_right(turn);
            back.reverse();
            prop_assert_eq!(&back, &fates);
        }

        #[test]
        fn one_stands_or_several_are_undecided_or_all_newest_are_withdrawn(candidates in prop::collection::vec(candidate(), 1..12)) {
            let fates = choose(&candidates);
            let count = |wanted| fates.iter().filter(|fate| **fate == wanted).count();
            let (stands, withdrawn, undecided) = (count(Fate::Stands), count(Fate::Withdrawn), count(Fate::Undecided));
            prop_assert!(stands <= 1 && undecided != 1);
            prop_assert_eq!(usize::from(stands > 0) + usize::from(withdrawn > 0) + usize::from(undecided > 0), 1);
            for (candidate, fate) in candidates.iter().zip(&fates) {
                if *fate == Fate::Stands {
                    prop_assert!(candidate.is_delivered && !candidate.is_deletion);
                }
                // By every pair: a version is superseded where another that counts is newer, or where it alone is delivered no more.
                let delivered = candidates.iter().any(|other| other.is_delivered);
                let older = candidates.iter().filter(|other| other.is_delivered == delivered).any(|other| {
                    other.version.zip(candidate.version).is_some_and(|(other, own)| other.is_newer_than(&own))
                });
                prop_assert_eq!(*fate == Fate::Superseded, older || candidate.is_delivered != delivered);
            }
        }

        #[test]
        fn of_versions_that_are_all_ordered_the_newest_stands(
            places in prop::collection::btree_set(0usize..100, 1..12),
            turn in 0usize..12,
        ) {
            let mut candidates: Vec<VersionCandidate> = places
                .iter()
                .map(|place| VersionCandidate { version: Some(RecordVersion::of_place(*place)), is_deletion: false, is_delivered: true })
                .collect();
            let newest = *candidates.last().expect("at least one");
            let turn = turn % candidates.len();
            candidates.rotate_left(turn);
            for (candidate, fate) in candidates.iter().zip(choose(&candidates)) {
                prop_assert_eq!(fate, if *candidate == newest { Fate::Stands } else { Fate::Superseded });
            }
        }
    }
}
