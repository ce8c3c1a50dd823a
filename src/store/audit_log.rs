//! The audit log: an entry for every change of state, each chained to the one before by SHA-256. Who changes an entry, takes one away, or puts one between,
//! breaks the chain there; who cuts its end is found by the head, which stands in the catalogue and is printed on the run sheets.
//!
//! `sha256` of an entry is the SHA-256 of `BEFORE NUMBER WHAT`, with one space between: the digest of the entry before (64 zeros before the first), the
//! number, the text. Anybody can compute it again with `sha256sum`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// What stands before the first entry.
const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// From 1.
    pub number: u64,
    /// What was done, as JSON: [`Deed`].
    pub what: String,
    /// The digest of the chain up to here, 64 hexadecimal digits.
    pub sha256: String,
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deed {
    /// `run`, `restore`, `close period` or `compact`.
    pub kind: String,
    /// Title of the pipeline.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub pipeline: String,
    /// Name of the period; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub period: String,
    /// Business date of the run.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub business_date: String,
    /// The run.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub run_id: String,
    /// SHA-256 of the file that tells the run's output from every other.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub seal_sha256: String,
    /// SHA-256 of all that is remembered after it: [`super::content::Content::sha256`].
    pub state_sha256: String,
}

/// How long the log is, and the digest of its last entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AuditHead {
    /// Number of entries.
    pub number: u64,
    /// The digest of the last one; of the beginning where there is none.
    pub sha256: String,
}

impl Default for AuditHead {
    fn default() -> AuditHead {
        AuditHead { number: 0, sha256: BEGINNING.to_owned() }
    }
}

impl AuditHead {
    /// The entry that follows.
    ///
    /// # Panics
    /// Never: a deed is plain text.
    pub fn next(&self, deed: &Deed) -> AuditEntry {
        let what = serde_json::to_string(deed).expect("plain text");
        let number = self.number + 1;
        AuditEntry { number, sha256: chained(&self.sha256, number, &what), what }
    }
}

impl AuditEntry {
    /// The head of a log that ends with it.
    pub fn head(&self) -> AuditHead {
        AuditHead { number: self.number, sha256: self.sha256.clone() }
    }
}

fn chained(before: &str, number: u64, what: &str) -> String {
    Sha256::digest(format!("{before} {number} {what}")).iter().map(|octet| format!("{octet:02x}")).collect()
}

/// What is wrong with a log, in words; `None` where every entry follows from the one before, up to the head.
pub fn broken(entries: &[AuditEntry], head: &AuditHead) -> Option<String> {
    let mut before = AuditHead::default();
    for entry in entries {
        if entry.number != before.number + 1 {
            return Some(format!("entry {} is missing, and {} follows", before.number + 1, entry.number));
        }
        if entry.sha256 != chained(&before.sha256, entry.number, &entry.what) {
            return Some(format!("entry {} is not what was written, or the one before it is not", entry.number));
        }
        before = entry.head();
    }
    match before == *head {
        true => None,
        false if before.number < head.number => {
            Some(format!("entries {} to {} are gone", before.number + 1, head.number))
        }
        false => Some(format!("the head is not that of entry {}", before.number)),
    }
}

/// The entry of a digest that stands on a run sheet; `None` where the log has never had it, or no longer has it.
pub fn entry_of<'e>(entries: &'e [AuditEntry], sha256: &str) -> Option<&'e AuditEntry> {
    entries.iter().find(|entry| entry.sha256 == sha256)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(entries: u64) -> (Vec<AuditEntry>, AuditHead) {
        let mut head = AuditHead::default();
        let mut log = Vec::new();
        for number in 0..entries {
            let deed = Deed {
                kind: "run".to_owned(),
                pipeline: "Nightly".to_owned(),
                period: String::new(),
                business_date: format!("2026-10-{:02}", 1 + number % 28),
                run_id: format!("{number:012x}"),
                seal_sha256: format!("{number:064x}"),
                state_sha256: format!("{:064x}", number * 7),
            };
            let entry = head.next(&deed);
            head = entry.head();
            log.push(entry);
        }
        (log, head)
    }

    /// A thousand logs, each with one thing done to it: a byte changed anywhere, an entry taken away, two exchanged, the end cut.
    #[test]
    fn every_one_of_a_thousand_mutations_is_found() {
        let (whole, head) = log(40);
        assert_eq!(broken(&whole, &head), None);
        let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
        let mut chance = |below: usize| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            (seed % below as u64) as usize
        };
        let mut found = 0;
        for round in 0..1000 {
            let (mut log, mut head) = (whole.clone(), head.clone());
            let at = chance(log.len());
            match round % 5 {
                0 | 1 => {
                    let text = if round % 2 == 0 { &mut log[at].what } else { &mut log[at].sha256 };
                    let place = chance(text.len());
                    let mut bytes = text.clone().into_bytes();
                    bytes[place] = if bytes[place] == b'0' { b'1' } else { b'0' };
                    *text = String::from_utf8(bytes).expect("plain letters");
                }
                2 => drop(log.remove(at)),
                3 => {
                    let other = (at + 1 + chance(log.len() - 1)) % log.len();
                    let (one, two) = (log[at].number, log[other].number);
                    log.swap(at, other);
                    // With their numbers exchanged too they stand in the right order.
                    if chance(2) == 0 {
                        (log[at].number, log[other].number) = (one, two);
                    }
                }
                _ if chance(2) == 0 => log.truncate(at),
                _ => head.sha256.replace_range(at..=at, if &head.sha256[at..=at] == "0" { "1" } else { "0" }),
            }
            found += u32::from(broken(&log, &head).is_some());
        }
        assert_eq!(found, 1000);
    }

    #[test]
    fn an_end_that_was_cut_together_with_the_head_is_found_by_a_head_from_elsewhere() {
        let (whole, head) = log(9);
        let cut = &whole[..6];
        assert_eq!(broken(cut, &cut[5].head()), None, "the log alone cannot tell");
        assert_eq!(entry_of(cut, &head.sha256), None);
        assert_eq!(entry_of(cut, &whole[3].sha256).map(|entry| entry.number), Some(4));
    }

    #[test]
    fn the_digest_of_an_entry_can_be_computed_again_by_hand() {
        let entry = AuditHead::default().next(&Deed {
            kind: "run".to_owned(),
            pipeline: "Nightly".to_owned(),
            period: String::new(),
            business_date: "2026-10-06".to_owned(),
            run_id: "1".to_owned(),
            seal_sha256: String::new(),
            state_sha256: "2".to_owned(),
        });
        assert_eq!(
            entry.what,
            r#"{"kind":"run","pipeline":"Nightly","business_date":"2026-10-06","run_id":"1","state_sha256":"2"}"#
        );
        // printf '%s' '000...0 1 {"kind"...}' | sha256sum
        assert_eq!(entry.sha256, "122afd1257518b8ce29d863aa34e63bf15d3061ee8de60ef2b41a4340bdd28f8");
    }
}
