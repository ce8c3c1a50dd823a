//! The kinds of releases, and what is true of each: name, columns, key, and how its edition is told.

use crate::record::code::CodeSystem;

/// A kind of release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OfficialFileKind {
    /// ICD-10-CM order file.
    Icd10CmOrder,
    /// ICD-10-PCS order file.
    Icd10PcsOrder,
    /// ICD-10-CM codes file.
    Icd10CmCodes,
    /// ICD-10-PCS codes file.
    Icd10PcsCodes,
    /// Addenda of the ICD-10-CM order file.
    Icd10CmOrderAddenda,
    /// Addenda of the ICD-10-PCS order file.
    Icd10PcsOrderAddenda,
    /// Addenda of the ICD-10-CM codes file.
    Icd10CmCodesAddenda,
    /// Addenda of the ICD-10-PCS codes file.
    Icd10PcsCodesAddenda,
    /// ICD-9-CM diagnoses, long titles.
    Icd9CmLong,
    /// ICD-9-CM diagnoses, short titles.
    Icd9CmShort,
    /// ICD-9-CM procedures, long titles.
    Icd9ProcedureLong,
    /// ICD-9-CM procedures, short titles.
    Icd9ProcedureShort,
    /// General equivalence map, ICD-9-CM to ICD-10-CM.
    GemIcd9Cm,
    /// General equivalence map, ICD-10-CM to ICD-9-CM.
    GemIcd10Cm,
    /// General equivalence map, ICD-9-CM procedures to ICD-10-PCS.
    GemIcd9Procedure,
    /// General equivalence map, ICD-10-PCS to ICD-9-CM procedures.
    GemIcd10Pcs,
    /// Diagnoses exempt from present-on-admission reporting.
    Exempt,
    /// ICD-10-CM conversion table: new codes and what was coded before.
    Conversion,
    /// Clinical Classifications Software Refined: categories of a code.
    Ccsr,
    /// Titles of the CCSR categories.
    CcsrCategories,
    /// Chronic Condition Indicator Refined.
    Ccir,
    /// AHRQ Elixhauser Refined: measures.
    CmrMeasures,
    /// AHRQ Elixhauser Refined: codes of the measures.
    CmrCodes,
    /// AHRQ Elixhauser Refined: measures with the weights of both indices.
    CmrWeights,
    /// Quan 2005, Charlson, ICD-10.
    QuanCharlsonIcd10,
    /// Quan 2005, Charlson, ICD-9-CM.
    QuanCharlsonIcd9,
    /// Quan 2005, Elixhauser, ICD-10.
    QuanElixhauserIcd10,
    /// Quan 2005, Elixhauser, ICD-9-CM.
    QuanElixhauserIcd9,
    /// Weights of Charlson and Elixhauser.
    ComorbidityWeights,
    /// A plain list of codes of a system whose table does not ship; its release is the name of the system.
    CodeList,
}

/// How the edition of a kind is told and held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EffectiveSpan {
    /// A fiscal year; its codes are those of a system on its first day.
    CodesOf(CodeSystem),
    /// A fiscal year, with at least the codes of a system on its first day.
    AtLeast(CodeSystem),
    /// A fiscal year.
    FiscalYear,
    /// A publication without days in force; its release is a word.
    Undated(&'static str),
}

/// What is true of a kind.
#[derive(Debug, Clone, Copy)]
pub struct OfficialFacts {
    /// Name, as the first part of a release's own (`icd10cm-2026`).
    pub name: &'static str,
    /// Title.
    pub title: &'static str,
    /// Columns of its table.
    pub columns: &'static [&'static str],
    /// Columns, from the first, that make a row unique.
    pub key_columns: usize,
    /// Edition.
    pub span: EffectiveSpan,
}

const ORDER: &[&str] = &["code", "billable", "short_title", "title"];
const CODES: &[&str] = &["code", "title"];
const ADDENDA: &[&str] = &["action", "billable", "code", "short_title", "title"];
const MAP: &[&str] = &["source", "target", "flags"];
const PREFIXES: &[&str] = &["group_no", "group", "label", "code_prefix"];

impl OfficialFileKind {
    /// Every kind.
    pub const ALL: [OfficialFileKind; 30] = [
        OfficialFileKind::Icd10CmOrder,
        OfficialFileKind::Icd10PcsOrder,
        OfficialFileKind::Icd10CmCodes,
        OfficialFileKind::Icd10PcsCodes,
        OfficialFileKind::Icd10CmOrderAddenda,
        OfficialFileKind::Icd10PcsOrderAddenda,
        OfficialFileKind::Icd10CmCodesAddenda,
        OfficialFileKind::Icd10PcsCodesAddenda,
        OfficialFileKind::Icd9CmLong,
        OfficialFileKind::Icd9CmShort,
        OfficialFileKind::Icd9ProcedureLong,
        OfficialFileKind::Icd9ProcedureShort,
        OfficialFileKind::GemIcd9Cm,
        OfficialFileKind::GemIcd10Cm,
        OfficialFileKind::GemIcd9Procedure,
        OfficialFileKind::GemIcd10Pcs,
        OfficialFileKind::Exempt,
        OfficialFileKind::Conversion,
        OfficialFileKind::Ccsr,
        OfficialFileKind::CcsrCategories,
        OfficialFileKind::Ccir,
        OfficialFileKind::CmrMeasures,
        OfficialFileKind::CmrCodes,
        OfficialFileKind::CmrWeights,
        OfficialFileKind::QuanCharlsonIcd10,
        OfficialFileKind::QuanCharlsonIcd9,
        OfficialFileKind::QuanElixhauserIcd10,
        OfficialFileKind::QuanElixhauserIcd9,
        OfficialFileKind::ComorbidityWeights,
        OfficialFileKind::CodeList,
    ];

    /// What is true of the kind.
    pub fn facts(self) -> OfficialFacts {
        use CodeSystem::{Icd9Cm, Icd9Procedure, Icd10Cm, Icd10Pcs};
        use EffectiveSpan::{AtLeast, CodesOf, FiscalYear, Undated};
        let (name, title, columns, key_columns, span) = match self {
            OfficialFileKind::Icd10CmOrder => ("icd10cm", "the ICD-10-CM order file", ORDER, 1, CodesOf(Icd10Cm)),
            OfficialFileKind::Icd10PcsOrder => ("icd10pcs", "the ICD-10-PCS order file", ORDER, 1, CodesOf(Icd10Pcs)),
            OfficialFileKind::Icd10CmCodes => ("icd10cm-codes", "the ICD-10-CM codes file", CODES, 1, CodesOf(Icd10Cm)),
            OfficialFileKind::Icd10PcsCodes => {
                ("icd10pcs-codes", "the ICD-10-PCS codes file", CODES, 1, CodesOf(Icd10Pcs))
            }
            OfficialFileKind::Icd10CmOrderAddenda => {
                ("icd10cm-order-addenda", "the addenda of the ICD-10-CM order file", ADDENDA, 5, FiscalYear)
            }
            OfficialFileKind::Icd10PcsOrderAddenda => {
                ("icd10pcs-order-addenda", "the addenda of the ICD-10-PCS order file", ADDENDA, 5, FiscalYear)
            }
            OfficialFileKind::Icd10CmCodesAddenda => {
                ("icd10cm-codes-addenda", "the addenda of the ICD-10-CM codes file", ADDENDA, 5, FiscalYear)
            }
            OfficialFileKind::Icd10PcsCodesAddenda => {
                ("icd10pcs-codes-addenda", "the addenda of the ICD-10-PCS codes file", ADDENDA, 5, FiscalYear)
            }
            OfficialFileKind::Icd9CmLong => {
                ("icd9cm-long", "ICD-9-CM diagnoses, long titles", CODES, 1, CodesOf(Icd9Cm))
            }
            OfficialFileKind::Icd9CmShort => {
                ("icd9cm-short", "ICD-9-CM diagnoses, short titles", CODES, 1, CodesOf(Icd9Cm))
            }
            OfficialFileKind::Icd9ProcedureLong => {
                ("icd9pcs-long", "ICD-9-CM procedures, long titles", CODES, 1, CodesOf(Icd9Procedure))
            }
            OfficialFileKind::Icd9ProcedureShort => {
                ("icd9pcs-short", "ICD-9-CM procedures, short titles", CODES, 1, CodesOf(Icd9Procedure))
            }
            OfficialFileKind::GemIcd9Cm => {
                ("gem-icd9cm-icd10cm", "the general equivalence map of ICD-9-CM to ICD-10-CM", MAP, 3, CodesOf(Icd9Cm))
            }
            OfficialFileKind::GemIcd10Cm => {
                ("gem-icd10cm-icd9cm", "the general equivalence map of ICD-10-CM to ICD-9-CM", MAP, 3, CodesOf(Icd10Cm))
            }
            OfficialFileKind::GemIcd9Procedure => (
                "gem-icd9pcs-icd10pcs",
                "the general equivalence map of ICD-9-CM procedures to ICD-10-PCS",
                MAP,
                3,
                CodesOf(Icd9Procedure),
            ),
            OfficialFileKind::GemIcd10Pcs => (
                "gem-icd10pcs-icd9pcs",
                "the general equivalence map of ICD-10-PCS to ICD-9-CM procedures",
                MAP,
                3,
                CodesOf(Icd10Pcs),
            ),
            OfficialFileKind::Exempt => (
                "poa-exempt",
                "the list of diagnoses exempt from present-on-admission reporting",
                &["code", "description"][..],
                1,
                FiscalYear,
            ),
            OfficialFileKind::Conversion => (
                "icd10cm-conversion",
                "the ICD-10-CM conversion table",
                &["code", "effective", "previous", "text"][..],
                1,
                FiscalYear,
            ),
            OfficialFileKind::Ccsr => (
                "ccsr",
                "the Clinical Classifications Software Refined",
                &["code", "category", "default_inpatient"][..],
                2,
                AtLeast(Icd10Cm),
            ),
            OfficialFileKind::CcsrCategories => {
                ("ccsr-categories", "the categories of the CCSR", &["ccsr", "description"][..], 1, FiscalYear)
            }
            OfficialFileKind::Ccir => (
                "ccir",
                "the Chronic Condition Indicator Refined",
                &["code", "description", "chronic"][..],
                1,
                AtLeast(Icd10Cm),
            ),
            OfficialFileKind::CmrMeasures => (
                "cmr-measures",
                "the measures of AHRQ Elixhauser Refined",
                &["measure", "description", "uses_poa"][..],
                1,
                FiscalYear,
            ),
            OfficialFileKind::CmrCodes => (
                "cmr-codes",
                "the codes of AHRQ Elixhauser Refined",
                &["code", "measure", "description"][..],
                2,
                FiscalYear,
            ),
            OfficialFileKind::CmrWeights => (
                "cmr-weights",
                "the weights of AHRQ Elixhauser Refined",
                &["measure", "description", "uses_poa", "readmission_weight", "mortality_weight"][..],
                1,
                FiscalYear,
            ),
            OfficialFileKind::QuanCharlsonIcd10 => {
                ("quan-charlson-icd10", "Charlson by Quan, ICD-10 prefixes", PREFIXES, 4, Undated("2005"))
            }
            OfficialFileKind::QuanCharlsonIcd9 => {
                ("quan-charlson-icd9cm", "Charlson by Quan, ICD-9-CM prefixes", PREFIXES, 4, Undated("2005"))
            }
            OfficialFileKind::QuanElixhauserIcd10 => {
                ("quan-elixhauser-icd10", "Elixhauser by Quan, ICD-10 prefixes", PREFIXES, 4, Undated("2005"))
            }
            OfficialFileKind::QuanElixhauserIcd9 => {
                ("quan-elixhauser-icd9cm", "Elixhauser by Quan, ICD-9-CM prefixes", PREFIXES, 4, Undated("2005"))
            }
            OfficialFileKind::ComorbidityWeights => (
                "comorbidity-weights",
                "weights of Charlson and Elixhauser",
                &["map", "weights", "group", "weight"][..],
                3,
                Undated("published"),
            ),
            OfficialFileKind::CodeList => {
                ("code-list", "a list of codes", &["code", "title", "first_day", "last_day"][..], 3, Undated("list"))
            }
        };
        OfficialFacts { name, title, columns, key_columns, span }
    }

    /// The kind of a name.
    pub fn from_name(name: &str) -> Option<OfficialFileKind> {
        OfficialFileKind::ALL.into_iter().find(|kind| kind.facts().name == name)
    }

    /// Whether its rows are changes rather than entries.
    pub fn is_addenda(self) -> bool {
        matches!(
            self,
            OfficialFileKind::Icd10CmOrderAddenda
                | OfficialFileKind::Icd10PcsOrderAddenda
                | OfficialFileKind::Icd10CmCodesAddenda
                | OfficialFileKind::Icd10PcsCodesAddenda
        )
    }

    /// The system whose codes and titles it holds, where it holds both.
    pub fn titled_system(self) -> Option<CodeSystem> {
        let facts = self.facts();
        match facts.span {
            EffectiveSpan::CodesOf(system) if facts.columns.contains(&"title") => Some(system),
            _ => None,
        }
    }
}

/// Whether a kind is of ICD-9-CM, which has no release after version 32.
pub fn is_icd9(kind: OfficialFileKind) -> bool {
    matches!(kind.facts().span, EffectiveSpan::CodesOf(CodeSystem::Icd9Cm | CodeSystem::Icd9Procedure))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_name_of_its_own_and_a_key_within_its_columns() {
        let names: std::collections::BTreeSet<&str> =
            OfficialFileKind::ALL.iter().map(|kind| kind.facts().name).collect();
        assert_eq!(names.len(), OfficialFileKind::ALL.len());
        for kind in OfficialFileKind::ALL {
            let facts = kind.facts();
            assert_eq!(OfficialFileKind::from_name(facts.name), Some(kind));
            assert!((1..=facts.columns.len()).contains(&facts.key_columns), "{}", facts.name);
        }
    }
}
