//! The `[coding]` section: the day codes are judged on, and the maps to other code systems.

use std::path::PathBuf;

use super::{CodingPlan, check::Reading};
use crate::{
    codeset::{
        release::stored::{INDEX, Index},
        sets::GemDirection,
        site_map::SiteMap,
    },
    coding::{judge::JudgeOn, mapping::CodeMap},
    problem::{
        closest,
        reader::{At, Section},
    },
    record::code::CodeSystem,
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
    let codesets = read_store(section, reading);
    let mut diagnoses = Vec::new();
    section.sections("diagnoses", |map| read_map(map, reading, false, &mut diagnoses));
    let mut procedures = Vec::new();
    section.sections("procedures", |map| read_map(map, reading, true, &mut procedures));
    let judge_on = judge_on.map_or(JudgeOn::DischargeDate, |word| word.value);
    CodingPlan { judge_on, diagnoses, procedures, codesets }
}

/// The store of imported releases; its index stands among the sources of the plan, because it decides what codes are.
fn read_store(section: &mut Section<'_>, reading: &mut Reading<'_>) -> Option<PathBuf> {
    let written = section.text("codesets")?;
    let folder = reading.folder.join(&written.value);
    let text = reading.text(section, &written, &folder.join(INDEX), "index of releases")?;
    if serde_json::from_str::<Index>(&text).is_err() {
        section.problem(
            "bad-code-sets",
            written.span,
            "the index of releases cannot be read",
            Some("import the releases again with `chartroom codeset import`".to_owned()),
        );
        return None;
    }
    Some(folder)
}

fn read_map(section: &mut Section<'_>, reading: &mut Reading<'_>, procedures: bool, maps: &mut Vec<CodeMap>) {
    let from = section.required_text("from");
    let to = section.text("to");
    if !section.has("by") {
        section.required_text("by");
    }
    let by = section.word("by", &[("site_map", MapBy::SiteMap), ("gem", MapBy::Gem)]);
    let file = section.text("site_map");
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
        && let Some(near) = closest(&from.value, CodeSystem::ALL.map(CodeSystem::name))
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
        MapBy::SiteMap => read_site_map(section, reading, &from, &by, file),
        MapBy::Gem => read_gem(section, &from, to, &by, file, procedures),
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
        let names = CodeSystem::ALL.map(CodeSystem::name);
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
    let text = reading.text(section, &file, &path, "site map")?;
    match SiteMap::read(&text) {
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
                    format!("line {} of the site map: {}", fault.line, fault.message),
                    None,
                );
            }
            None
        }
    }
}

fn read_gem(
    section: &mut Section<'_>,
    from: &At<String>,
    to: Option<CodeSystem>,
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
    if procedures {
        section.problem(
            "no-such-map",
            by.span.clone(),
            "general equivalence maps of procedures do not ship",
            Some("use by = \"site_map\"".to_owned()),
        );
        return None;
    }
    match (CodeSystem::from_name(&from.value), to) {
        (Some(CodeSystem::Icd9Cm), Some(CodeSystem::Icd10Cm)) => {
            Some(CodeMap::Gem { direction: GemDirection::Forward })
        }
        (Some(CodeSystem::Icd10Cm), Some(CodeSystem::Icd9Cm)) => {
            Some(CodeMap::Gem { direction: GemDirection::Backward })
        }
        _ => {
            section.problem(
                "no-such-map",
                by.span.clone(),
                "a general equivalence map leads from icd9cm to icd10cm or back",
                Some("write from = \"icd9cm\", to = \"icd10cm\"; other systems need by = \"site_map\"".to_owned()),
            );
            None
        }
    }
}
