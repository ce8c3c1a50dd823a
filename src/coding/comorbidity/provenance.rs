//! Where the comorbidity tables come from, for the run sheet.

use sha2::{Digest as _, Sha256};

use crate::codeset::sets::Provenance;

/// Provenance of every shipped comorbidity table.
pub fn provenance() -> Vec<Provenance> {
    const QUAN: &str =
        "PyPI comorbidipy 0.5.0 (Quan 2005), the Quan 2011 weight of AIDS/HIV PyPI pycomorb 1.20261001.1; no dates";
    const REFINED: &str = "PyPI elixhauser-ahrq 2026.1.3 (AHRQ CMR v2026.1); in force 2015-10-01 to 2026-09-30";
    let tables: [(&str, &str, &[u8]); 4] = [
        ("charlson", QUAN, include_bytes!("tables/charlson.tsv")),
        ("elixhauser", QUAN, include_bytes!("tables/elixhauser.tsv")),
        ("refined_measures", REFINED, include_bytes!("tables/refined_measures.tsv")),
        ("refined_codes", REFINED, include_bytes!("tables/refined_codes.tsv.zst")),
    ];
    tables
        .into_iter()
        .map(|(name, release, bytes)| Provenance {
            name,
            release,
            sha256: Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_of_the_tables_gives_their_digests() {
        let readme = include_str!("tables/README.md");
        for table in provenance() {
            let row = readme.lines().find(|line| line.starts_with(&format!("| `{}.tsv", table.name)));
            assert!(row.is_some_and(|row| row.contains(&table.sha256)), "{}", table.name);
        }
    }
}
