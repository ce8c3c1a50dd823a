//! AHRQ's groupings: the Clinical Classifications Software Refined and the Chronic Condition Indicator Refined.

use std::collections::BTreeMap;

use super::{
    TableInTheMaking,
    columns::{cells, is_code},
};
use crate::record::code::CodeSystem;

/// Categories that a code of the CCSR has at most.
const MOST_CATEGORIES: usize = 6;

/// Reads the bare CCSR: code, category, default for inpatient principal diagnoses (Y or N; X where the code is none for a principal diagnosis).
pub fn read_ccsr(lines: &[(u64, &str)]) -> TableInTheMaking {
    let mut reading = TableInTheMaking::default();
    let mut by_code: BTreeMap<String, (u64, usize, usize, usize)> = BTreeMap::new();
    for (line, text) in lines.iter().skip(1) {
        let cells: Vec<&str> = text.split(',').map(str::trim).collect();
        let &[code, category, default] = cells.as_slice() else {
            reading.fault(*line, "has not the three columns of the heading");
            continue;
        };
        let well_formed = category.len() == 6
            && category[..3].bytes().all(|byte| byte.is_ascii_uppercase())
            && category[3..].bytes().all(|byte| byte.is_ascii_digit());
        if !is_code(CodeSystem::Icd10Cm, code) {
            reading.fault(*line, "the first cell is no code of ICD-10-CM");
        } else if !category.is_ascii() || !well_formed {
            reading.fault(*line, "the second cell is no category: three letters and three digits");
        } else if !matches!(default, "Y" | "N" | "X") {
            reading.fault(*line, "the default is none of Y, N and X");
        } else {
            let counts = by_code.entry(code.to_owned()).or_insert((*line, 0, 0, 0));
            counts.1 += 1;
            counts.2 += usize::from(default == "Y");
            counts.3 += usize::from(default == "X");
            reading.row(*line, &[code, category, default]);
        }
    }
    for (line, categories, defaults, none) in by_code.values() {
        if *categories > MOST_CATEGORIES {
            reading.fault(*line, format!("its code has {categories} categories; none has more than {MOST_CATEGORIES}"));
        } else if *defaults != 1 && none != categories {
            reading.fault(*line, format!("its code has {defaults} inpatient defaults; one is meant"));
        }
    }
    let several = by_code.values().filter(|counts| counts.1 > 1).count();
    reading.notes.push(format!("{} codes, {several} in several categories", by_code.len()));
    reading
}

/// Reads the CCIR: two lines of banner, a heading, then the code in single quotes, its description, and 0, 1 or 9 (no determination).
pub fn read_ccir(lines: &[(u64, &str)]) -> TableInTheMaking {
    let mut reading = TableInTheMaking::default();
    let heading = lines.iter().position(|(_, text)| text.starts_with("'ICD-10-CM CODE'")).unwrap_or(0);
    let mut counts = [0usize; 3];
    for (line, text) in &lines[heading + 1..] {
        let Some(cells) = cells(text).filter(|cells| cells.len() == 3) else {
            reading.fault(*line, "has not the three columns of the heading");
            continue;
        };
        let code = cells[0].strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).map(str::trim);
        let place = ["0", "1", "9"].iter().position(|word| *word == cells[2]);
        match (code.filter(|code| is_code(CodeSystem::Icd10Cm, code)), place) {
            (None, _) => reading.fault(*line, "the first cell is no code of ICD-10-CM in single quotes"),
            (_, None) => reading.fault(*line, "the indicator is none of 0, 1 and 9"),
            (Some(code), Some(place)) => {
                counts[place] += 1;
                reading.row(*line, &[code, &cells[1], &cells[2]]);
            }
        }
    }
    let [acute, chronic, open] = counts;
    reading.notes.push(format!("{chronic} chronic, {acute} not chronic, {open} without determination"));
    reading
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_one_inpatient_default_or_is_no_principal_diagnosis() {
        let lines = [
            (1, "code,ccsr,default_inpatient"),
            (2, "A000,DIG001,Y"),
            (3, "A000,INF003,N"),
            (4, "Z9981,FAC025,X"),
            (5, "A001,DIG001,N"),
        ];
        let reading = read_ccsr(&lines);
        assert_eq!(reading.faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [5]);
        assert_eq!(reading.rows.len(), 4);
    }
}
