//! The columns of the coded records that tell the clinical categories (CCSR) and the chronic indicator (CCIR).

use polars_parquet::write::{CompressedPage, CompressionOptions, Descriptor};

use super::{
    code_lists::{Dictionary, Levels, ListOf},
    coded_records::CodedPartition,
};
use crate::{
    codeset::groups::{Chronic, CodeGroups},
    partition::encounter::Encounter,
};

/// The lists, one value a diagnosis, in the order of the file.
pub const GROUP_LISTS: [(&str, ListOf); 2] = [("diagnosis_ccsr", ListOf::Text), ("diagnosis_chronic", ListOf::Text)];

/// The column of the principal diagnosis's category.
pub const PRINCIPAL_DEFAULT: &str = "principal_ccsr_default";

/// The pages of the groups of diagnoses: all categories of each, separated by blanks, and whether it is chronic. Values are told apart by their numbers, so
/// that no text is looked at twice. `descriptors` are those of [`GROUP_LISTS`].
///
/// # Errors
/// A page cannot be compressed, which no data leads to.
pub fn group_pages(
    coded: &CodedPartition<'_>,
    levels: &Levels,
    descriptors: &[Descriptor],
    compression: CompressionOptions,
) -> anyhow::Result<[Vec<CompressedPage>; 2]> {
    let mut categories = Dictionary::new(coded.diagnoses.len());
    let mut chronic = Dictionary::new(coded.diagnoses.len());
    for CodeGroups { set, chronic: indicator, .. } in coded.diagnoses.iter().map(|outcome| outcome.groups) {
        categories.numbered(set, || coded.groups.listed(set));
        chronic.numbered(indicator as u16, || chronic_word(indicator));
    }
    Ok([categories.pages(levels, &descriptors[0], compression)?, chronic.pages(levels, &descriptors[1], compression)?])
}

/// By encounter the default category for inpatients of its principal diagnosis; blank where there is none or the source does not say.
pub fn principal_defaults<'c>(coded: &'c CodedPartition<'_>) -> Vec<&'c str> {
    let mut rest = coded.diagnoses;
    let of = |encounter: &Encounter<'_>| {
        let (own, others) = rest.split_at(encounter.diagnoses.len());
        rest = others;
        let principal = encounter.diagnoses.iter().position(|diagnosis| diagnosis.position == 1);
        principal.map_or("", |at| coded.groups.category(own[at].groups.default_inpatient))
    };
    coded.encounters.iter().map(of).collect()
}

/// The word of the indicator; blank where the edition does not have the code.
fn chronic_word(chronic: Chronic) -> &'static str {
    if chronic == Chronic::Unknown { "" } else { chronic.name() }
}
