//! The `[coding]` section: the day codes are judged on, and the maps to other code systems.

use std::path::PathBuf;

use super::{
    CodingPlan,
    check::{Reading, digest},
};
use crate::{
    codeset::{
        release::stored::{Entry, INDEX, Index, read_index},
        sets::{CodeSets, GemDirection},
        site_map::{KnownCodes, SiteMap},
    },
    coding::{
        judge::JudgeOn,
        mapping::{CodeMap, GemPolicy},
    },
    fs::LARGEST_CONFIGURATION,
    ingest::{
        decode::{Container, container},
        input_file::InputFile,
        workbook::{SheetTable, read_sheet},
    },
    problem::{
        FAILING_FILE, closest,
        reader::{At, Section},
    },
    record::{code::CodeSystem, line_fault::LineFault},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MapBy {
    SiteMap,
    Gem,
}

/// Reads the section.
pub fn read(section: &mut Section<'_>, reading: &mut Reading<'_>) -> CodingPlan {
    let judge_on =
        section.word("judge_on", &[("discharge_date", JudgeOn::DischargeDate), ("any_date", JudgeOn::AnyDate)]);
    let (codesets, imported) = read_store(section, reading).unzip();
    // Unpacked when first asked: a pipeline without a site map needs no table.
    let known = Known { sets: CodeSets::default(), imported };
    let mut diagnoses = Vec::new();
    section.sections("diagnoses", |map| read_map(map, reading, &known, false, &mut diagnoses));
    let mut procedures = Vec::new();
    section.sections("procedures", |map| read_map(map, reading, &known, true, &mut procedures));
    let judge_on = judge_on.map_or(JudgeOn::DischargeDate, |word| word.value);
    CodingPlan { judge_on, diagnoses, procedures, codesets }
}

/// What maps are held to.
struct Known {
    sets: CodeSets,
    /// The index of imported releases, where the pipeline names a store.
    imported: Option<Index>,
}

impl Known {
    fn codes(&self) -> KnownCodes<'_> {
        KnownCodes { sets: &self.sets, with_imported: self.imported.is_some() }
    }

    fn has_map(&self, direction: GemDirection) -> bool {
        let is_kind = |entry: &Entry| entry.kind() == Some(direction.kind());
        direction.shipped().is_some() || self.imported.iter().flat_map(|index| &index.releases).any(is_kind)
    }
}

/// The store of imported releases; its index stands among the sources of the plan, because it decides what codes are.
fn read_store(section: &mut Section<'_>, reading: &mut Reading<'_>) -> Option<(PathBuf, Index)> {
    let written = section.text("codesets")?;
    let folder = reading.folder.join(&written.value);
    let path = folder.join(INDEX);
    match read_index(&folder) {
        Ok(Some((index, text))) => {
            reading.remember(&path, digest(&text));
            Some((folder, index))
        }
        // That nothing is there is a mistake in the pipeline file.
        Ok(None) => reading.text(section, &written, &path, "index of releases").and(None),
        Err(error) => {
            section.problem(FAILING_FILE, written.span, format!("the index of releases: {error}"), None);
            None
        }
    }
}

fn read_map(
    section: &mut Section<'_>,
    reading: &mut Reading<'_>,
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
            read_site_map(section, reading, known, &from, &by, file)
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
    reading: &mut Reading<'_>,
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
    let path = reading.folder.join(&file.value);
    // By its content, whatever its name: Excel's own, OpenDocument, or text.
    let opened = InputFile::open(&path);
    let is_workbook = |opened: &InputFile| {
        opened.bytes() <= LARGEST_CONFIGURATION && matches!(container(opened), Ok(Container::Workbook))
    };
    let workbook = opened.as_ref().is_ok_and(is_workbook);
    let read = if workbook {
        let sheet = opened.and_then(|opened| {
            let sheet = read_sheet(&opened, None, None)?;
            let digest = opened.digest()?;
            opened.is_as_opened().map(|()| (sheet, digest.sha256))
        });
        match sheet {
            Ok((sheet, sha256)) => {
                reading.remember(&path, sha256);
                map_of_sheet(&sheet, known.codes())
            }
            Err(fault) => {
                section.problem("bad-site-map", file.span.clone(), format!("the site map {fault}"), None);
                return None;
            }
        }
    } else {
        SiteMap::read(&reading.text(section, &file, &path, "site map")?, known.codes())
    };
    let place = if workbook { "row" } else { "line" };
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

/// The site map of a sheet; rows are the sheet's own. Titles above the heading are passed over.
fn map_of_sheet(sheet: &SheetTable, known: KnownCodes<'_>) -> Result<SiteMap, Vec<LineFault>> {
    let block = &sheet.block;
    if !block.rejected.is_empty() {
        let fault = |row: &crate::ingest::block::RejectedRow| LineFault::new(row.number, row.reason);
        return Err(block.rejected.iter().map(fault).collect());
    }
    let rows = block.rows.iter().map(|row| {
        let cells = (0..row.field_count as usize).map(|at| String::from_utf8_lossy(block.field(row, at)).into_owned());
        (row.number, cells.collect())
    });
    SiteMap::from_rows(rows, "row", known)
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
