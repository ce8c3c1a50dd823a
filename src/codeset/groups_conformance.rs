//! The shipped groups, held to the official files of a later edition where the reference folder has them.

use std::{collections::BTreeMap, io::Read as _};

use flate2::read::MultiGzDecoder;

use crate::{
    codeset::groups::{Chronic, CodeGroups, GroupRows, Groups},
    partition::encounter::PackedCode,
    record::code::CodeSystem,
    shared_folder::{self, total},
};

/// Text of an official file of the reference folder.
fn official(name: &str) -> Option<String> {
    let bytes = std::fs::read(shared_folder::path(&format!("codesets/official/{name}"))?).expect("a file");
    let mut unpacked = Vec::new();
    MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut unpacked).expect("a gzip file");
    Some(encoding_rs::mem::decode_latin1(&unpacked).into_owned())
}

fn of(groups: &Groups, text: &str) -> CodeGroups {
    groups.of(CodeSystem::Icd10Cm, PackedCode::new(text.as_bytes()).expect("a code"))
}

#[test]
fn the_chronic_condition_indicator_is_the_official_one_but_for_codes_that_were_revised() {
    let Some(text) = official("CCIR_v2025-1.csv.gz") else { return };
    let official: BTreeMap<&str, Chronic> = text
        .lines()
        .skip(3)
        .filter_map(|line| {
            let (quoted, indicator) = (line.split(',').next()?, line.rsplit(',').next()?.trim());
            let chronic = match indicator {
                "0" => Chronic::NotChronic,
                "1" => Chronic::Chronic,
                "9" => Chronic::NotApplicable,
                _ => return None,
            };
            Some((quoted.trim_matches('\'').trim(), chronic))
        })
        .collect();
    let known: Vec<_> =
        official.iter().filter(|(text, _)| of(Groups::shipped(), text).chronic != Chronic::Unknown).collect();
    let revised: Vec<&str> = known
        .iter()
        .filter(|(text, chronic)| of(Groups::shipped(), text).chronic != **chronic)
        .map(|(text, _)| **text)
        .collect();
    println!("revised since: {revised:?}");
    total("CCIR_v2025-1.csv.gz, known codes", "codes", known.len(), known.len() - revised.len(), 74_000);
    assert!(known.len() * 100 >= official.len() * 99, "codes of later editions are few");
    // Cytokine release syndrome, grades 2 to 5 among them: chronic in v2023.1, not chronic in v2025.1.
    assert!(revised.iter().all(|text| text.starts_with("D8983")) && revised.len() == 4, "{revised:?}");
}

#[test]
fn the_clinical_category_of_a_code_is_one_of_its_official_ones_but_where_the_categories_were_renamed() {
    let Some(text) = official("dxccsr_v2025-1_bare.csv.gz") else { return };
    let mut official: BTreeMap<&str, (Vec<&str>, &str)> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let parts: Vec<&str> = line.trim().split(',').collect();
        let [text, category, default] = parts.as_slice() else { continue };
        let entry = official.entry(text).or_default();
        entry.0.push(category);
        if *default == "Y" {
            entry.1 = category;
        }
    }
    let (mut known, mut among, mut default, mut multiple) = (0usize, 0usize, 0usize, 0usize);
    let mut others: BTreeMap<String, usize> = BTreeMap::new();
    for (text, (categories, inpatient)) in &official {
        let Some(first) = Groups::shipped().listed(of(Groups::shipped(), text).set).split(' ').next() else { continue };
        if first.is_empty() {
            continue;
        }
        known += 1;
        among += usize::from(categories.contains(&first));
        default += usize::from(first == *inpatient);
        multiple += usize::from(categories.len() > 1);
        if !categories.contains(&first) {
            *others.entry(format!("{first} now {}", categories.join(" "))).or_default() += 1;
        }
    }
    println!("the inpatient default for {default}; {multiple} codes have further categories");
    total("dxccsr_v2025-1_bare.csv.gz, first category of known codes", "codes", known, among, 74_000);
    println!("renamed or moved since v2023.1: {others:?}");
    assert!(known * 100 >= official.len() * 99 && among * 1000 >= known * 995, "{among} of {known}");
    // The official table, read whole, has one to six categories a code, and for an inpatient's principal diagnosis the default.
    let rows: Vec<Vec<String>> =
        text.lines().skip(1).map(|line| line.trim().split(',').map(str::to_owned).collect()).collect();
    let whole = Groups::new(
        GroupRows { categories: &rows, complete: true, titles: &[], chronic: &[] },
        [String::new(), String::new()],
    );
    for (text, (categories, inpatient)) in &official {
        let found = of(&whole, text);
        assert_eq!(whole.listed(found.set), categories.join(" "), "{text}");
        assert_eq!(whole.category(found.default_inpatient), *inpatient, "{text}");
    }
    assert_eq!(official.values().map(|(categories, _)| categories.len()).max(), Some(6));
}
