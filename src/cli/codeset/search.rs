//! `chartroom codeset search TEXT`.

use clap::Args;

use super::{Fault, ListFormat, StoreArguments, day, system, table};
use crate::{
    cli::{exit::Exit, print},
    codeset::{
        describe::dotted,
        release::kind::OfficialFileKind,
        search::{Titled, search as ranked},
        sets::CodeSets,
        table::NOT_ENDED,
    },
    record::code::CodeSystem,
};

#[derive(Debug, Args)]
pub struct SearchArguments {
    /// Words of a title, in any order; beginnings of words will do
    #[arg(required = true, value_name = "TEXT")]
    text: Vec<String>,
    /// Code system: icd10cm, icd10pcs, icd9cm, icd9pcs
    #[arg(long, default_value = "icd10cm")]
    system: String,
    /// The day on which codes should be valid; without it, codes that have not ended stand first
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// How many to print
    #[arg(long, default_value_t = 20)]
    limit: usize,
    #[command(flatten)]
    store: StoreArguments,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: ListFormat,
}

/// Prints the codes whose titles answer best: from the release in the store that is in force on the day, else from the table that ships.
pub fn search(arguments: &SearchArguments) -> Result<Exit, Fault> {
    let system = system(&arguments.system)?;
    let on = day("--on", arguments.on.as_deref())?;
    let query = arguments.text.join(" ");
    let store = arguments.store.open()?;
    let order = match system {
        CodeSystem::Icd10Cm => Some(OfficialFileKind::Icd10CmOrder),
        CodeSystem::Icd10Pcs => Some(OfficialFileKind::Icd10PcsOrder),
        CodeSystem::Icd9Cm | CodeSystem::Icd9Procedure | CodeSystem::Icd10 => None,
    };
    let imported = match order.zip(on).and_then(|(kind, on)| store.in_force(kind, Some(on))) {
        Some(entry) => Some(store.table(entry)?),
        None => None,
    };
    let sets = CodeSets::default();
    let heading = ["code", "valid", "title"].map(str::to_owned).to_vec();
    let row = |titled: Titled<'_>| {
        let valid = if titled.valid { "valid" } else { "not valid" };
        vec![dotted(system, titled.code), valid.to_owned(), titled.title.to_owned()]
    };
    let mut rows = vec![heading];
    if let Some(release) = &imported {
        let titles = release.rows.iter().map(|row| Titled { code: &row[0], title: &row[3], valid: row[1] == "1" });
        rows.extend(ranked(&query, titles, arguments.limit).into_iter().map(|(_, titled)| row(titled)));
    } else {
        let shipped = sets.table(system);
        let titles = shipped.ids().map(|id| {
            let valid = match on {
                Some(on) => shipped.in_force(id, Some(on)),
                None => shipped.periods(id).last().is_some_and(|period| period.last == NOT_ENDED),
            };
            // The codes of ICD-9-CM have all ended; without a day, those of its last day are meant.
            let valid = valid
                || on.is_none() && order.is_none() && shipped.in_force(id, Some(crate::codeset::normalise::ICD9_LAST));
            Titled { code: shipped.code(id).text(), title: shipped.title(id), valid }
        });
        rows.extend(ranked(&query, titles, arguments.limit).into_iter().map(|(_, titled)| row(titled)));
    }
    if rows.len() == 1 && arguments.format == ListFormat::Text {
        return Ok(print("no title has these words\n"));
    }
    Ok(print(&table(&rows, arguments.format)))
}
