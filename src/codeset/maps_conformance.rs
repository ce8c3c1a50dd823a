//! Maps between revisions held against the official releases.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    codeset::{
        gem::{CodeChange, CodeMapping, Gem, MapCandidate},
        normalise::ICD9_LAST,
        sets::{CodeSets, GemDirection, LAST_KNOWN_DAY},
    },
    partition::encounter::PackedCode,
    record::code::CodeSystem,
    shared_folder::total,
};

use super::conformance::{day, in_force, shared_text};

#[test]
fn the_official_maps_agree_on_sources_and_most_targets() {
    let sets = CodeSets::default();
    let october_2017 = Some(day("2017-10-01"));
    for (direction, name, sources) in
        [(GemDirection::Forward, "2018_I9gem", 14_567), (GemDirection::Backward, "2018_I10gem", 71_704)]
    {
        let Some(text) = shared_text(&format!("codesets/official/{name}.txt.gz")) else { return };
        let mut official: BTreeMap<PackedCode, BTreeSet<PackedCode>> = BTreeMap::new();
        for line in text.lines() {
            let cells: Vec<&str> = line.split_whitespace().collect();
            let packed = |text: &str| PackedCode::new(text.as_bytes()).expect("a code");
            let targets = official.entry(packed(cells[0])).or_default();
            if &cells[2][1..2] == "0" {
                targets.insert(packed(cells[1]));
            }
        }
        assert_eq!(official.len(), sources);
        let same = official
            .iter()
            .filter(|(source, targets)| {
                let mapping = sets.map(direction, **source, october_2017);
                mapping.clusters().into_iter().flat_map(|cluster| cluster.choices).flatten().collect::<BTreeSet<_>>()
                    == **targets
            })
            .count();
        total(&format!("{name}, targets of the edition of 2018"), "sources", official.len(), same, sources);
        assert!(same * 100 >= sources * 95, "{same} of {sources}");
    }
}

/// An official map, without any day asked of it.
fn official_map(name: &str) -> Option<Gem> {
    let text = shared_text(&format!("codesets/official/{name}.txt.gz"))?;
    // One code is published in lower case.
    let cell = |cell: &str| if cell.starts_with("No") { cell.to_owned() } else { cell.to_ascii_uppercase() };
    let rows = text.lines().map(|line| line.split_whitespace().map(cell).collect());
    Some(Gem::from_rows(&rows.collect::<Vec<Vec<String>>>(), day("2017-10-01")))
}

#[test]
fn the_official_maps_have_their_counts_and_clusters_are_one_code_from_every_list_of_a_scenario() {
    let Some((forward, backward)) = official_map("2018_I9gem").zip(official_map("2018_I10gem")) else { return };
    // Sources, sources without a map, combination rows, as the publication counts them.
    assert_eq!(forward.counts(), (14_567, 422, 2_338));
    assert_eq!(backward.counts(), (71_704, 731, 9_033));
    let texts = |gem: &Gem, source: &str| -> Vec<String> {
        gem.map(PackedCode::new(source.as_bytes()).expect("short"))
            .candidates()
            .iter()
            .map(MapCandidate::text)
            .collect()
    };
    // 249.00: three single targets. 995.92: one. E933.1: none.
    assert_eq!(texts(&forward, "24900"), ["E089", "E099", "E139"]);
    assert_eq!(texts(&forward, "99592"), ["R6520"]);
    assert!(texts(&forward, "E9331").is_empty());
    // 806.02: four scenarios, each one cord injury (list 1) with one of two fractures (list 2): 4 x 1 x 2.
    let fractures = texts(&forward, "80602");
    assert_eq!(fractures.len(), 8);
    assert_eq!(&fractures[..2], ["S14131A+S12000A", "S14131A+S12001A"]);
    // 806.4: six scenarios, each one of three cord injuries (list 1) with one fracture (list 2): 6 x 3 x 1.
    let lumbar = texts(&forward, "8064");
    assert_eq!(lumbar.len(), 18);
    assert_eq!(&lumbar[..3], ["S34109A+S32009A", "S34119A+S32009A", "S34129A+S32009A"]);
    // T42.6X1A: scenario 1 one of seven drugs with E858.8, scenario 2 967.8 with E852.8: 7 x 1 + 1 x 1.
    let poisonings = texts(&backward, "T426X1A");
    assert_eq!(poisonings.len(), 8);
    assert_eq!((poisonings[0].as_str(), poisonings[7].as_str()), ("9663+E8588", "9678+E8528"));
    // E11.311: three lists of one code. R65.21: two. I25.10: two single targets, no cluster.
    assert_eq!(texts(&backward, "E11311"), ["25050+36201+36207"]);
    assert_eq!(texts(&backward, "R6521"), ["78552+99592"]);
    assert_eq!(texts(&backward, "I2510"), ["41401", "4292"]);
    // A18.01: one single target, and five scenarios of it with an arthropathy or spondylopathy.
    let tuberculosis = backward.map(PackedCode::new(b"A1801").expect("short"));
    assert!(matches!(tuberculosis, CodeMapping::Several(_)));
    let clusters: Vec<bool> = tuberculosis.candidates().iter().map(|candidate| candidate.cluster).collect();
    assert_eq!(clusters, [false, true, true, true, true, true]);
}

#[test]
fn every_target_is_valid_on_the_day_that_was_asked_for() {
    let sets = CodeSets::default();
    for (direction, from, to) in [
        (GemDirection::Forward, CodeSystem::Icd9Cm, CodeSystem::Icd10Cm),
        (GemDirection::Backward, CodeSystem::Icd10Cm, CodeSystem::Icd9Cm),
    ] {
        let (sources, targets) = (sets.table(from), sets.table(to));
        for (on, judged_on) in [("2012-01-01", "2015-10-01"), ("2026-11-01", "2026-11-01")] {
            let judged_on = if direction == GemDirection::Forward { day(judged_on) } else { ICD9_LAST };
            for id in sources.ids() {
                let mapping = sets.map(direction, *sources.code(id), Some(day(on)));
                // What a coder is offered in the place of a target that changed since is of today where ICD-10 was not reported.
                let changed = matches!(mapping, CodeMapping::Changed(_, CodeChange::TargetDivided));
                let judged_on = if changed && on < "2015-10-01" { LAST_KNOWN_DAY } else { judged_on };
                for target in mapping.clusters().iter().flat_map(|cluster| &cluster.choices).flatten() {
                    let target = targets.find(target.text().as_bytes()).expect("a code of the target's system");
                    assert!(targets.in_force(target, Some(judged_on)));
                }
            }
        }
    }
}

#[test]
fn an_official_map_is_applied_exactly_where_it_is_one_to_one() {
    for (direction, name, on, sources) in [
        (GemDirection::Forward, "2018_I9gem", "2014-09-05", 14_567),
        (GemDirection::Backward, "2018_I10gem", "2017-12-01", 71_704),
    ] {
        let Some((gem, text)) = official_map(name).zip(shared_text(&format!("codesets/official/{name}.txt.gz"))) else {
            return;
        };
        let sets = CodeSets::default().with_map(direction, gem);
        let mut official: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
        for line in text.lines() {
            let cells: Vec<&str> = line.split_whitespace().collect();
            official.entry(cells[0]).or_default().push((cells[1], cells[2]));
        }
        assert_eq!(official.len(), sources);
        let mut one_to_one = 0;
        for (source, rows) in &official {
            let mapping = sets.map(direction, PackedCode::new(source.as_bytes()).expect("short"), Some(day(on)));
            match rows.as_slice() {
                // Neither without a map nor part of a combination: the second and the third flag.
                [(target, flags)] if &flags[1..3] == "00" => {
                    one_to_one += 1;
                    assert!(
                        matches!(mapping, CodeMapping::One { target: ours, .. } if ours.text().eq_ignore_ascii_case(target)),
                        "{source}"
                    );
                }
                _ => assert!(!matches!(mapping, CodeMapping::One { .. }), "{source}: {mapping:?}"),
            }
        }
        println!("{name}: {one_to_one} sources are one to one, all applied, and no other");
        total(&format!("{name}, applied where it is one to one"), "sources", official.len(), official.len(), sources);
    }
    // A code that ended before the edition is read as what it was divided into: a coder's, whatever comes of it.
    let Some(gem) = official_map("2018_I10gem") else { return };
    let sets = CodeSets::default().with_map(GemDirection::Backward, gem);
    let ended = sets.map(GemDirection::Backward, PackedCode::new(b"A047").expect("short"), Some(day("2016-12-01")));
    assert!(
        matches!(&ended, CodeMapping::Changed(clusters, CodeChange::SourceEnded) if clusters.len() == 1),
        "{ended:?}"
    );
    assert_eq!(ended.clusters()[0].text(), "00845");
}

#[test]
fn the_shipped_maps_apply_nothing_that_a_later_edition_has_otherwise() {
    let sets = CodeSets::default();
    for (direction, name) in [(GemDirection::Forward, "2018_I9gem"), (GemDirection::Backward, "2018_I10gem")] {
        let Some(gem) = official_map(name) else { return };
        let (from, mut applied) = (sets.table(direction.from()), 0);
        for source in from.ids().map(|id| *from.code(id)) {
            let CodeMapping::One { target, .. } = sets.map(direction, source, None) else { continue };
            applied += 1;
            match gem.map(source) {
                CodeMapping::One { target: later, .. } => assert_eq!(later, target, "{}", source.text()),
                // Ended by then.
                CodeMapping::NotInMap => {}
                other => panic!("{}: {other:?}", source.text()),
            }
        }
        println!("{name}: {applied} of the shipped map are applied, each as in 2018");
    }
}

#[test]
fn the_shipped_map_is_not_applied_where_its_target_was_divided_or_ended_since() {
    let sets = CodeSets::default();
    let targets = sets.table(CodeSystem::Icd10Cm);
    for on in [None, Some(day("2014-09-05")), Some(day("2016-09-30")), Some(day("2026-11-01"))] {
        for id in sets.table(CodeSystem::Icd9Cm).ids() {
            if let CodeMapping::One { target, .. } =
                sets.map(GemDirection::Forward, *sets.table(CodeSystem::Icd9Cm).code(id), on)
            {
                let target = targets.find(target.text().as_bytes()).expect("a code of ICD-10-CM");
                assert!(targets.in_force(target, Some(LAST_KNOWN_DAY)), "{:?}", targets.code(target));
            }
        }
    }
}

#[test]
fn the_shipped_maps_have_the_sources_of_their_edition_and_known_answers() {
    let sets = CodeSets::default();
    let (forward, backward) = (sets.gem(GemDirection::Forward), sets.gem(GemDirection::Backward));
    // Each ICD-9-CM code of the last release is a source; so is each ICD-10-CM code of October 2015.
    assert_eq!(forward.counts().0, 14_567);
    for code in in_force(sets.table(CodeSystem::Icd9Cm), ICD9_LAST) {
        let code = PackedCode::new(code.as_bytes()).expect("short");
        assert_ne!(forward.map(code), CodeMapping::NotInMap, "{code:?}");
    }
    for code in in_force(sets.table(CodeSystem::Icd10Cm), day("2015-10-01")) {
        let code = PackedCode::new(code.as_bytes()).expect("short");
        assert_ne!(backward.map(code), CodeMapping::NotInMap, "{code:?}");
    }
    let map = |code: &str, on: &str| {
        sets.map(GemDirection::Forward, PackedCode::new(code.as_bytes()).expect("short"), Some(day(on)))
    };
    let code = |text: &str| PackedCode::new(text.as_bytes()).expect("short");
    assert_eq!(map("486", "2026-11-01"), CodeMapping::One { target: code("J189"), approximate: true });
    // D69.49 took the place of D47.3 in 2014, and so on; 401.9 leads to I16.9 as well since 2018. Both editions' targets are offered, and none is taken.
    for (source, offered) in [("28730", vec!["D473", "D6949"]), ("4019", vec!["I10", "I169"])] {
        let mapping = map(source, "2026-11-01");
        assert!(matches!(mapping, CodeMapping::Changed(_, CodeChange::LaterEdition)), "{mapping:?}");
        assert_eq!(mapping.clusters().iter().map(|cluster| cluster.text()).collect::<Vec<_>>(), offered, "{source}");
    }
    let back = sets.map(GemDirection::Backward, code("F900"), None);
    assert!(matches!(back, CodeMapping::Changed(_, CodeChange::LaterEdition)), "{back:?}");
    // Enterocolitis due to Clostridioides difficile was divided into recurrent and not recurrent in October 2017.
    // So the edition before is not applied unseen, not even to the days before the division.
    for (on, offered) in
        [("2014-09-05", vec!["A0471", "A0472"]), ("2017-09-30", vec!["A047"]), ("2017-10-01", vec!["A0471", "A0472"])]
    {
        let mapping = map("00845", on);
        assert!(matches!(mapping, CodeMapping::Changed(_, CodeChange::TargetDivided)), "{on}: {mapping:?}");
        assert_eq!(mapping.clusters().iter().map(|cluster| cluster.text()).collect::<Vec<_>>(), offered, "{on}");
    }
    // S02.65XA, fracture of the angle of the mandible, ended on 2016-09-30: its placeholder became the side.
    let mapping = map("80225", "2014-09-05");
    assert!(matches!(mapping, CodeMapping::Changed(_, CodeChange::TargetDivided)), "{mapping:?}");
    let sides: Vec<String> = mapping.clusters().iter().map(|cluster| cluster.text()).collect();
    assert_eq!(sides, ["S02650A", "S02651A", "S02652A"]);
    // And what came of the division is read, for a coder, as what it was divided from.
    let back = sets.map(GemDirection::Backward, code("A0472"), Some(day("2026-11-01")));
    assert!(matches!(&back, CodeMapping::Changed(clusters, CodeChange::SourceNew) if clusters.len() == 1));
    assert!(back.clusters()[0].approximate);
    assert_eq!(back.clusters()[0].text(), "00845");
}
