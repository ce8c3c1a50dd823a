//! Discharges by clinical category (CCSR), and chronic conditions (CCIR).

use crate::{
    book::{
        sheet::Sheet,
        table::{Chart, ChartKind, Table, column},
        value::CellValue,
    },
    codeset::{
        groups::{Chronic, Groups, body_system},
        sets::CodeSets,
    },
    record::code::CodeSystem,
    statistics::{
        clinical_groups::{GroupTally, by_indicator, by_principal},
        sheets::printed_code::{printed, title},
        tally::{CodeCounts, Group, Tally, top},
    },
};

/// The sheet; `most` is the length of the list of chronic conditions.
pub fn sheet(tally: &Tally, (groups, counts): (&Groups, &GroupTally), sets: &CodeSets, most: usize) -> Sheet {
    let [categories, indicator] = &groups.editions;
    let principal = match groups.complete {
        true => "A principal diagnosis counts in the default category for inpatients of its code.",
        false => {
            "A principal diagnosis counts in the one category of its code that the edition that ships has; all categories and the default for inpatients come with the imported CCSR."
        }
    };
    Sheet {
        name: "Clinical groups",
        title: "Diagnoses by clinical category, and chronic conditions".to_owned(),
        summary: "Discharges by clinical category (CCSR) of the principal and of all diagnoses, and chronic conditions (CCIR)",
        notes: vec![
            super::POPULATION.to_owned(),
            format!(
                "AHRQ Clinical Classifications Software Refined {categories}, Chronic Condition Indicator Refined {indicator}; ICD-10-CM alone."
            ),
            principal.to_owned(),
            "All-listed counts discharges: a record with two codes of one category counts there once.".to_owned(),
        ],
        tables: vec![
            by_category(tally, groups, counts),
            indicators(tally, groups),
            chronic_conditions(tally, groups, sets, most),
            by_number(tally, counts),
        ],
    }
}

fn by_category(tally: &Tally, groups: &Groups, counts: &GroupTally) -> Table {
    let all = tally.all.discharges;
    let principal = by_principal(&tally.principal_diagnoses, groups);
    let rows: Vec<Vec<CellValue>> = (1..groups.category_count() as u16)
        .chain(std::iter::once(0))
        .map(|number| {
            let of = principal.get(&number).copied().unwrap_or_default();
            (number, of, counts.of_category(number))
        })
        .filter(|(_, of, listed)| of.discharges > 0 || *listed > 0)
        .map(|(number, of, listed)| {
            let name = groups.category(number);
            let (code, system) = match number {
                0 => ("-", "principal diagnosis without a category"),
                _ => (name, body_system(name)),
            };
            let Group { discharges, deaths, .. } = of;
            let adults = of.adults_and_children();
            vec![
                CellValue::code(code),
                CellValue::text(groups.title(number)),
                CellValue::text(system),
                CellValue::Count(discharges),
                CellValue::percent(discharges, all, 1),
                CellValue::Count(deaths),
                CellValue::mean(adults.days, adults.stays, 2),
                CellValue::mean(of.newborn_days, of.newborn_stays, 2),
                if number == 0 { CellValue::Blank } else { CellValue::Count(listed) },
                if number == 0 { CellValue::Blank } else { CellValue::percent(listed, all, 1) },
            ]
        })
        .collect();
    Table {
        name: "clinical_categories".to_owned(),
        caption: "By clinical category".to_owned(),
        columns: vec![
            column("Category", 12),
            column("Title", 60),
            column("Body system", 36),
            column("Principal diagnosis", 13),
            column("Share, %", 10),
            column("Deaths", 10),
            column("Average stay, adults and children", 14),
            column("Average stay, newborns", 12),
            column("All-listed", 12),
            column("Share of all-listed, %", 13),
        ],
        chart: Some(Chart {
            kind: ChartKind::Column,
            values: "Discharges",
            title: "Discharges by clinical category of the principal diagnosis".to_owned(),
            categories: 0,
            series: vec![3],
            limits: Vec::new(),
            rows: rows.len(),
        }),
        rows,
    }
}

fn indicators(tally: &Tally, groups: &Groups) -> Table {
    let principal = by_indicator(&tally.principal_diagnoses, groups);
    let all = by_indicator(&tally.all_diagnoses, groups);
    let of =
        |counts: &std::collections::BTreeMap<Chronic, u64>, indicator| counts.get(&indicator).copied().unwrap_or(0);
    Table {
        name: "chronic_indicator".to_owned(),
        caption: "By chronic condition indicator".to_owned(),
        columns: vec![
            column("Indicator", 22),
            column("Principal diagnosis", 13),
            column("Share, %", 10),
            column("All-listed codes", 12),
        ],
        rows: Chronic::ALL
            .into_iter()
            .map(|indicator| {
                let principal = of(&principal, indicator);
                vec![
                    CellValue::text(indicator.name().replace('_', " ")),
                    CellValue::Count(principal),
                    CellValue::percent(principal, tally.all.discharges, 1),
                    CellValue::Count(of(&all, indicator)),
                ]
            })
            .collect(),
        chart: None,
    }
}

fn chronic_conditions(tally: &Tally, groups: &Groups, sets: &CodeSets, most: usize) -> Table {
    let is_chronic = |(system, code): &(CodeSystem, _)| groups.of(*system, *code).chronic == Chronic::Chronic;
    let chronic: CodeCounts =
        tally.all_diagnoses.iter().filter(|(key, _)| is_chronic(key)).map(|(key, of)| (*key, *of)).collect();
    Table {
        name: "chronic_conditions".to_owned(),
        caption: "Most frequent chronic conditions".to_owned(),
        columns: vec![
            column("Code", 12),
            column("Title", 80),
            column("Category", 12),
            column("Discharges", 12),
            column("Share, %", 10),
        ],
        rows: top(&chronic, most)
            .into_iter()
            .map(|((system, code), of)| {
                let category = groups.principal(groups.of(system, code));
                vec![
                    CellValue::code(printed(sets, system, &code)),
                    CellValue::text(title(sets, system, &code)),
                    CellValue::code(groups.category(category)),
                    CellValue::Count(of.discharges),
                    CellValue::percent(of.discharges, tally.all.discharges, 1),
                ]
            })
            .collect(),
        chart: None,
    }
}

fn by_number(tally: &Tally, counts: &GroupTally) -> Table {
    Table {
        name: "number_of_chronic_conditions".to_owned(),
        caption: "By number of chronic conditions".to_owned(),
        columns: vec![column("Chronic codes", 22), column("Discharges", 13), column("Share, %", 10)],
        rows: counts
            .by_chronic
            .iter()
            .map(|(conditions, count)| {
                vec![
                    CellValue::code(conditions.to_string()),
                    CellValue::Count(*count),
                    CellValue::percent(*count, tally.all.discharges, 1),
                ]
            })
            .collect(),
        chart: None,
    }
}
