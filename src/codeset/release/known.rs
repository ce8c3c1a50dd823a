//! Releases whose rows are known, and titles held to those that ship: what an import says beside what it refuses.
//!
//! Rows are those of the files as published, header rows of order files included.

use unicode_normalization::UnicodeNormalization as _;

use super::{Read, edition::Edition, kind::Kind};
use crate::codeset::sets::CodeSets;

/// Kind, release and rows.
const KNOWN: [(Kind, &str, usize); 17] = [
    (Kind::Icd10CmOrder, "2025", 97_584),
    (Kind::Icd10CmOrder, "2026", 98_186),
    (Kind::Icd10PcsOrder, "2026", 80_029),
    (Kind::Icd10CmOrderAddenda, "2026", 748),
    (Kind::Icd10CmOrderAddenda, "2027", 297),
    (Kind::Icd10CmCodesAddenda, "2026", 591),
    (Kind::GemIcd9Cm, "2018", 24_860),
    (Kind::GemIcd10Cm, "2018", 81_593),
    (Kind::GemIcd9Procedure, "2018", 73_593),
    (Kind::GemIcd10Pcs, "2018", 101_025),
    (Kind::Exempt, "2026", 38_349),
    (Kind::Conversion, "2026", 5_884),
    (Kind::Ccsr, "v2025.1", 87_137),
    (Kind::CcsrCategories, "v2025.1", 557),
    (Kind::Ccir, "v2025.1", 75_238),
    (Kind::CmrCodes, "v2025.1", 4_664),
    (Kind::CmrWeights, "v2025.1", 38),
];

/// Adds to the notes of a release where it has other rows than it was published with, and how many of its titles are not those that ship.
pub fn note(read: &mut Read, edition: &Edition, sets: &CodeSets) {
    let kind = read.table.kind;
    let known = KNOWN.iter().find(|(of, release, _)| *of == kind && *release == edition.release);
    let rows = read.table.rows.len();
    if let Some((_, _, published)) = known.filter(|(_, _, published)| *published != rows) {
        let how = if rows < *published { "rows are missing" } else { "rows were added" };
        read.notes
            .push(format!("{rows} rows, but the release was published with {published}: {how}, or it was reissued"));
    }
    if let Some(differ) = other_titles(read, sets).filter(|differ| *differ > 0) {
        let titles = if differ == 1 { "title differs" } else { "titles differ" };
        read.notes.push(format!("{differ} {titles} from the shipped table, which has the latest title of each code"));
    }
}

/// How many titles are others than those that ship, accents and case aside; `None` of a kind without long titles of codes.
fn other_titles(read: &Read, sets: &CodeSets) -> Option<usize> {
    let kind = read.table.kind;
    let short = matches!(kind, Kind::Icd9CmShort | Kind::Icd9ProcedureShort);
    let table = sets.table(kind.titled_system().filter(|_| !short)?);
    let differs = |(code, title): &(&str, &str)| {
        let shipped = table.find(code.as_bytes()).map_or("", |id| table.title(id));
        !shipped.is_empty() && shipped != *title && plain(shipped) != plain(title)
    };
    Some(read.table.codes().filter(differs).count())
}

/// A title without accents, which some files do not have, in lower case.
fn plain(title: &str) -> String {
    title.nfd().filter(char::is_ascii).collect::<String>().to_lowercase()
}
