//! Releases whose rows are known, and titles held to those that ship: what an import says beside what it refuses.
//!
//! Rows are those of the files as published, header rows of order files included.

use unicode_normalization::UnicodeNormalization as _;

use super::{ReadRelease, edition::Edition, kind::OfficialFileKind};
use crate::codeset::sets::CodeSets;

/// Kind, release and rows.
const KNOWN: [(OfficialFileKind, &str, usize); 17] = [
    (OfficialFileKind::Icd10CmOrder, "2025", 97_584),
    (OfficialFileKind::Icd10CmOrder, "2026", 98_186),
    (OfficialFileKind::Icd10PcsOrder, "2026", 80_029),
    (OfficialFileKind::Icd10CmOrderAddenda, "2026", 748),
    (OfficialFileKind::Icd10CmOrderAddenda, "2027", 297),
    (OfficialFileKind::Icd10CmCodesAddenda, "2026", 591),
    (OfficialFileKind::GemIcd9Cm, "2018", 24_860),
    (OfficialFileKind::GemIcd10Cm, "2018", 81_593),
    (OfficialFileKind::GemIcd9Procedure, "2018", 73_593),
    (OfficialFileKind::GemIcd10Pcs, "2018", 101_025),
    (OfficialFileKind::Exempt, "2026", 38_349),
    (OfficialFileKind::Conversion, "2026", 5_884),
    (OfficialFileKind::Ccsr, "v2025.1", 87_137),
    (OfficialFileKind::CcsrCategories, "v2025.1", 557),
    (OfficialFileKind::Ccir, "v2025.1", 75_238),
    (OfficialFileKind::CmrCodes, "v2025.1", 4_664),
    (OfficialFileKind::CmrWeights, "v2025.1", 38),
];

/// Adds to the notes of a release where it has other rows than it was published with, and how many of its titles are not those that ship.
pub fn note(read: &mut ReadRelease, edition: &Edition, sets: &CodeSets) {
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
fn other_titles(read: &ReadRelease, sets: &CodeSets) -> Option<usize> {
    let kind = read.table.kind;
    let short = matches!(kind, OfficialFileKind::Icd9CmShort | OfficialFileKind::Icd9ProcedureShort);
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
