//! The section `[coding]`: the day codes are judged on, and the maps to other code systems. How it is written, what it says when it is checked, and its reader.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    judge::JudgeOn,
    mapping::{CodeMap, GemPolicy},
};
use crate::{
    codeset::{
        release::stored::{INDEX, StoredFile, StoredIndex, read_index},
        sets::{CodeSets, GemDirection},
        site_map::{KnownCodes, MapRow, SiteMap},
    },
    problem::{
        FAILING_FILE, closest,
        named_files::{NamedFiles, digest},
        reader::{At, Section},
    },
    record::{code::CodeSystem, line_fault::LineFault},
};

/// How codes are judged and mapped.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Coding")]
#[serde(deny_unknown_fields)]
pub struct CodingSection {
    /// The day codes are judged on. Default: discharge_date.
    pub judge_on: Option<JudgeOn>,
    /// Folder of the releases taken in with `chartroom codeset import`; relative to this file.
    pub codesets: Option<String>,
    /// Maps of diagnoses, in the order they are tried.
    pub diagnoses: Option<Vec<Map>>,
    /// Maps of procedures, in the order they are tried.
    pub procedures: Option<Vec<Map>>,
}

/// A map of codes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// System mapped from, as the layout names it: icd9cm, icd10cm, snomed, ...
    pub from: String,
    /// System mapped to.
    pub to: Option<String>,
    /// Which map.
    pub by: MapBy,
    /// File of the site map, .csv or .xlsx, or the coders' worklist filled in; relative to this file.
    pub site_map: Option<String>,
    /// Where the general equivalence map is applied without a coder. Default: one_to_one.
    pub policy: Option<MapPolicy>,
}

/// Where a general equivalence map is applied without a coder.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MapPolicy {
    /// Where it names one single target.
    OneToOne,
    /// Where it names one single target and the meaning is the same.
    Exact,
    /// As one to one; of several single targets the first ranked.
    FirstRanked,
    /// As one to one; of several single targets the only one from which the map leads back.
    ReverseConfirmed,
}

/// Kind of map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MapBy {
    /// The site's own map.
    SiteMap,
    /// The general equivalence map.
    Gem,
}

/// The settings of the desk.
#[derive(Debug, Clone)]
pub struct CodingSettings {
    /// The day codes are judged on.
    pub judge_on: JudgeOn,
    /// Maps of diagnoses, in the order they are tried.
    pub diagnoses: Vec<CodeMap>,
    /// Maps of procedures.
    pub procedures: Vec<CodeMap>,
    /// Store of imported releases.
    pub codesets: Option<PathBuf>,
}

impl Default for CodingSettings {
    fn default() -> CodingSettings {
        CodingSettings {
            judge_on: JudgeOn::DischargeDate,
            diagnoses: Vec::new(),
            procedures: Vec::new(),
            codesets: None,
        }
    }
}

impl CodingSettings {
    /// The general maps that a run needs, each once: those asked for, and the way back where a policy confirms by it.
    pub fn map_directions(&self) -> Vec<GemDirection> {
        let mut needed = Vec::new();
        for map in self.diagnoses.iter().chain(&self.procedures) {
            if let CodeMap::Gem { direction, policy } = map {
                let back = (*policy == GemPolicy::ReverseConfirmed).then(|| direction.reverse());
                for direction in std::iter::once(*direction).chain(back) {
                    if !needed.contains(&direction) {
                        needed.push(direction);
                    }
                }
            }
        }
        needed
    }
}

/// A site map that stands in a workbook.
#[derive(Debug)]
pub struct MapSheet {
    /// SHA-256 of the workbook.
    pub sha256: String,
    /// The rows with their numbers in the sheet, the heading first; or why they are none.
    pub rows: Result<Vec<MapRow>, Vec<LineFault>>,
}

/// Reads a workbook, which is another desk's work: `None` where the file is none, whatever its name; an error where it cannot be read.
pub type MapSheetReader = fn(&Path) -> Option<Result<MapSheet, String>>;

/// Reads the section.
pub fn read(section: &mut Section<'_>, named: &mut NamedFiles<'_>, map_sheet: MapSheetReader) -> CodingSettings {
    let judge_on =
        section.word("judge_on", &[("discharge_date", JudgeOn::DischargeDate), ("any_date", JudgeOn::AnyDate)]);
    let (codesets, imported) = read_store(section, named).unzip();
    // Unpacked when first asked: a pipeline without a site map needs no table.
    let known = Known { sets: CodeSets::default(), imported, map_sheet };
    let mut diagnoses = Vec::new();
    section.sections("diagnoses", |map| read_map(map, named, &known, false, &mut diagnoses));
    let mut procedures = Vec::new();
    section.sections("procedures", |map| read_map(map, named, &known, true, &mut procedures));
    let judge_on = judge_on.map_or(JudgeOn::DischargeDate, |word| word.value);
    CodingSettings { judge_on, diagnoses, procedures, codesets }
}

/// What maps are held to.
struct Known {
    sets: CodeSets,
    /// The index of imported releases, where the pipeline names a store.
    imported: Option<StoredIndex>,
    /// Reads a site map out of a workbook.
    map_sheet: MapSheetReader,
}

impl Known {
    fn codes(&self) -> KnownCodes<'_> {
        KnownCodes { sets: &self.sets, with_imported: self.imported.is_some() }
    }

    fn has_map(&self, direction: GemDirection) -> bool {
        let is_kind = |entry: &StoredFile| entry.kind() == Some(direction.kind());
        direction.shipped().is_some() || self.imported.iter().flat_map(|index| &index.releases).any(is_kind)
    }
}

/// The store of imported releases; its index stands among the sources of the plan, because it decides what codes are.
fn read_store(section: &mut Section<'_>, named: &mut NamedFiles<'_>) -> Option<(PathBuf, StoredIndex)> {
    let written = section.text("codesets")?;
    let folder = named.folder.join(&written.value);
    let path = folder.join(INDEX);
    match read_index(&folder) {
        Ok(Some((index, text))) => {
            named.remember(&path, digest(&text));
            Some((folder, index))
        }
        // That nothing is there is a mistake in the pipeline file.
        Ok(None) => named.text(section, &written, &path, "index of releases").and(None),
        Err(error) => {
            section.problem(FAILING_FILE, written.span, format!("the index of releases: {error}"), None);
            None
        }
    }
}

fn read_map(
    section: &mut Section<'_>,
    named: &mut NamedFiles<'_>,
    known: &Known,
    procedures: bool,
    maps: &mut Vec<CodeMap>,
) {
    let from = section.required_text("from");
    let to = section.text("to");
    if !section.has("by") {
        section.required_text("by");
    }
    let by = section.word("by", &[("site_map", MapBy::SiteMap), ("gem", MapBy::Gem)]);
    let file = section.text("site_map");
    let policy = section.word(
        "policy",
        &[
            ("one_to_one", GemPolicy::OneToOne),
            ("exact", GemPolicy::Exact),
            ("first_ranked", GemPolicy::FirstRanked),
            ("reverse_confirmed", GemPolicy::ReverseConfirmed),
        ],
    );
    let to = match &to {
        Some(to) => match system(section, to) {
            Some(system) => Some(system),
            None => return,
        },
        None => None,
    };
    let (Some(from), Some(by)) = (from, by) else { return };
    // A site map may lead from any system, a general map from those that ship alone.
    if by.value == MapBy::Gem
        && CodeSystem::from_name(&from.value).is_none()
        && let Some(near) = closest(&from.value, CodeSystem::SHIPPED.map(CodeSystem::name))
    {
        section.problem(
            "unknown-word",
            from.span,
            format!("codes cannot be mapped from `{}` by a general equivalence map", from.value),
            Some(format!("did you mean `{near}`?")),
        );
        return;
    }
    let map = match by.value {
        MapBy::SiteMap => {
            if let Some(policy) = policy {
                section.problem(
                    "contradiction",
                    policy.span,
                    "`policy` has no meaning with by = \"site_map\"",
                    Some("a coder's decision is always taken; leave `policy` out".to_owned()),
                );
            }
            read_site_map(section, named, known, &from, &by, file)
        }
        MapBy::Gem => {
            let policy = policy.map_or(GemPolicy::OneToOne, |policy| policy.value);
            read_gem(section, known, (&from, to, policy), &by, file, procedures)
        }
    };
    let Some(map) = map else { return };
    let earlier_gem = maps.iter().any(|earlier| matches!(earlier, CodeMap::Gem { .. }) && earlier.from() == from.value);
    if earlier_gem {
        let (message, suggestion) = match by.value {
            MapBy::SiteMap => (
                format!("the site's own map of {} stands after the general equivalence map", from.value),
                "move it above: a coder's decision goes before the general map",
            ),
            MapBy::Gem => {
                (format!("the general equivalence map of {} is asked for twice", from.value), "keep one of the two")
            }
        };
        section.problem("contradiction", by.span, message, Some(suggestion.to_owned()));
    }
    maps.push(map);
}

fn system(section: &mut Section<'_>, name: &At<String>) -> Option<CodeSystem> {
    let known = CodeSystem::from_name(&name.value);
    if known.is_none() {
        let names = CodeSystem::SHIPPED.map(CodeSystem::name);
        let suggestion = closest(&name.value, names)
            .map_or_else(|| format!("write one of: {}", names.join(", ")), |near| format!("did you mean `{near}`?"));
        section.problem(
            "unknown-word",
            name.span.clone(),
            format!("codes cannot be mapped to `{}`", name.value),
            Some(suggestion),
        );
    }
    known
}

fn read_site_map(
    section: &mut Section<'_>,
    named: &mut NamedFiles<'_>,
    known: &Known,
    from: &At<String>,
    by: &At<MapBy>,
    file: Option<At<String>>,
) -> Option<CodeMap> {
    let Some(file) = file else {
        if !section.has("site_map") {
            section.problem(
                "missing-key",
                by.span.clone(),
                "a site map needs the key `site_map`, the file it stands in",
                Some("write for example site_map = \"maps/snomed.csv\"".to_owned()),
            );
        }
        return None;
    };
    let path = named.folder.join(&file.value);
    // By its content, whatever its name: Excel's own, OpenDocument, or text.
    let (place, read) = match (known.map_sheet)(&path) {
        Some(Ok(MapSheet { sha256, rows })) => {
            named.remember(&path, sha256);
            ("row", rows.and_then(|rows| SiteMap::from_rows(rows, "row", known.codes())))
        }
        Some(Err(fault)) => {
            section.problem("bad-site-map", file.span.clone(), format!("the site map {fault}"), None);
            return None;
        }
        None => ("line", SiteMap::read(&named.text(section, &file, &path, "site map")?, known.codes())),
    };
    match read {
        Ok(map) => {
            if !map.is_empty() && !map.maps_from(&from.value) {
                section.problem(
                    "contradiction",
                    from.span.clone(),
                    format!("the site map decides no code of `{}`", from.value),
                    Some("`from` is the word in its column from_system".to_owned()),
                );
            }
            Some(CodeMap::Site { from: from.value.clone(), map })
        }
        Err(faults) => {
            for fault in faults {
                section.problem(
                    "bad-site-map",
                    file.span.clone(),
                    format!("{}: {place} {} of the site map: {}", file.value, fault.line, fault.message),
                    None,
                );
            }
            None
        }
    }
}

fn read_gem(
    section: &mut Section<'_>,
    known: &Known,
    (from, to, policy): (&At<String>, Option<CodeSystem>, GemPolicy),
    by: &At<MapBy>,
    file: Option<At<String>>,
    procedures: bool,
) -> Option<CodeMap> {
    if let Some(file) = file {
        section.problem(
            "contradiction",
            file.span,
            "`site_map` has no meaning with by = \"gem\"",
            Some("leave it out, or write by = \"site_map\"".to_owned()),
        );
    }
    let direction = CodeSystem::from_name(&from.value).zip(to).and_then(|(from, to)| GemDirection::between(from, to));
    let of_procedures =
        |direction: &GemDirection| matches!(direction.from(), CodeSystem::Icd9Procedure | CodeSystem::Icd10Pcs);
    let Some(direction) = direction.filter(|direction| of_procedures(direction) == procedures) else {
        let (old, new) = if procedures { ("icd9pcs", "icd10pcs") } else { ("icd9cm", "icd10cm") };
        let kind = if procedures { "of procedures " } else { "" };
        section.problem(
            "no-such-map",
            by.span.clone(),
            format!("a general equivalence map {kind}leads from {old} to {new} or back"),
            Some(format!("write from = \"{old}\", to = \"{new}\"; other systems need by = \"site_map\"")),
        );
        return None;
    };
    let both_ways = [direction, direction.reverse()];
    let asked = if policy == GemPolicy::ReverseConfirmed { &both_ways[..] } else { &both_ways[..1] };
    if let Some(missing) = asked.iter().find(|direction| !known.has_map(**direction)) {
        section.problem(
            "no-such-map",
            by.span.clone(),
            format!(
                "no general equivalence map of procedures ships, and none from {} to {} is imported",
                missing.from().name(),
                missing.to().name()
            ),
            Some(
                "import it with `chartroom codeset import` and name the store as `codesets` in [coding], or use by = \"site_map\""
                    .to_owned(),
            ),
        );
        return None;
    }
    Some(CodeMap::Gem { direction, policy })
}
