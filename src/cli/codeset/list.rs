//! `chartroom codeset list`.

use clap::Args;

use super::{Fault, ListFormat, StoreArguments, table};
use crate::{
    cli::{exit::Exit, print},
    codeset::{release::exempt, sets::CodeSets},
    coding::comorbidity::provenance::{days_of, provenance as comorbidity, rows_of},
};

#[derive(Debug, Args)]
pub struct ListArguments {
    #[command(flatten)]
    store: StoreArguments,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: ListFormat,
}

/// Digits of a fingerprint that are shown to a reader.
const SHORT: usize = 12;

/// Prints the tables that ship and the releases of the store.
pub fn list(arguments: &ListArguments) -> Result<Exit, Fault> {
    let store = arguments.store.open()?;
    let short = |sha256: &str| match arguments.format {
        ListFormat::Text => sha256.chars().take(SHORT).collect(),
        ListFormat::Csv => sha256.to_owned(),
    };
    let heading = ["name", "kind", "release", "from", "until", "rows", "sha256", "source"];
    let mut rows: Vec<Vec<String>> = vec![heading.map(str::to_owned).to_vec()];
    let code_sets = crate::codeset::provenance::shipped_tables()
        .into_iter()
        .map(|one| (CodeSets::days_of(one.name), CodeSets::rows_of(one.name), one));
    let comorbidity = comorbidity().into_iter().map(|one| (days_of(one.name), rows_of(one.name), one));
    let exempt = [(exempt::SHIPPED_DAYS, exempt::shipped_rows(), exempt::provenance())];
    for ((first, last), count, one) in code_sets.chain(comorbidity).chain(exempt) {
        rows.push(vec![
            one.name.to_owned(),
            "shipped".to_owned(),
            "shipped".to_owned(),
            first.to_owned(),
            last.to_owned(),
            count.to_string(),
            short(&one.sha256),
            one.release.to_owned(),
        ]);
    }
    for entry in &store.index.releases {
        rows.push(vec![
            entry.name.clone(),
            entry.kind.clone(),
            entry.release.clone(),
            entry.from.clone().unwrap_or_default(),
            entry.until.clone().unwrap_or_default(),
            entry.rows.to_string(),
            short(&entry.source_sha256),
            entry.source.clone(),
        ]);
    }
    Ok(print(&table(&rows, arguments.format)))
}
