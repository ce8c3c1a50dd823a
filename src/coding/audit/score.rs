//! Scores filled-in sheets: per coder, service and stratum, in total, and errors by reason.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    count::{AuditCount, ErrorKind, errors_of},
    sheet::{self, AuditedRow, RowFault},
};
use crate::record::bounded::NOT_STATED;

/// One sheet as a table: name, heading, rows with their lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditTable {
    /// Name of the file.
    pub name: String,
    /// Heading.
    pub heading: Vec<String>,
    /// Rows: 1-based line and cells.
    pub rows: Vec<(u64, Vec<String>)>,
}

/// A row that cannot be used, with its place; its record is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetFault {
    /// Name of the file.
    pub sheet: String,
    /// 1-based line.
    pub line: u64,
    /// What is wrong; no cell content.
    pub message: RowFault,
}

/// What the sheets come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditScore {
    /// All records.
    pub total: AuditCount,
    /// By coder, by service and by stratum.
    pub groups: [BTreeMap<String, AuditCount>; 3],
    /// Errors by reason and by [`ErrorKind`].
    pub reasons: BTreeMap<String, [u64; ErrorKind::ALL.len()]>,
    /// Records with rows that are not audited yet: left out.
    pub unfinished: u64,
    /// Records with a row that cannot be used: left out.
    pub faulty: u64,
    /// The rows that cannot be used.
    pub faults: Vec<SheetFault>,
}

/// Names of [`AuditScore::groups`].
pub const GROUPS: [&str; 3] = ["coder", "service", "stratum"];

impl AuditScore {
    /// Scores one more sheet. A record counts when all its rows are audited and none contradicts another; one that an earlier sheet has is left out.
    ///
    /// # Errors
    /// The needed columns that the sheet does not have; then nothing of it is counted.
    pub fn add(&mut self, table: &AuditTable, known: &mut BTreeSet<String>) -> Result<(), Vec<&'static str>> {
        let columns = sheet::columns(&table.heading)?;
        let mut rows: BTreeMap<String, Vec<AuditedRow>> = BTreeMap::new();
        let mut faulty: BTreeSet<String> = BTreeSet::new();
        for (line, cells) in &table.rows {
            match sheet::read_row(*line, cells, &columns) {
                Ok(Some(row)) => {
                    rows.entry(sheet::record_of(&row.encounter_id, &row.facility_id)).or_default().push(row)
                }
                Ok(None) => {}
                Err((encounter, message)) => {
                    self.fault(table, *line, message);
                    if !encounter.is_empty() {
                        faulty.insert(encounter);
                    }
                }
            }
        }
        self.faulty += faulty.iter().filter(|encounter| !rows.contains_key(*encounter)).count() as u64;
        for (encounter, rows) in rows {
            let usable = match usable(&rows) {
                Err((line, message)) => {
                    self.fault(table, line, message);
                    None
                }
                Ok(_) if known.contains(&encounter) => {
                    self.fault(table, rows[0].line, "the record is in an earlier sheet as well");
                    None
                }
                Ok(record) => Some(record).filter(|_| !faulty.contains(&encounter)),
            };
            match usable {
                None => self.faulty += 1,
                Some(_) if rows.iter().any(|row| row.verdict.is_none()) => self.unfinished += 1,
                Some(record) => {
                    known.insert(encounter);
                    self.count(&rows, &record);
                }
            }
        }
        self.faults.sort_by(|left, right| (&left.sheet, left.line).cmp(&(&right.sheet, right.line)));
        Ok(())
    }

    fn fault(&mut self, table: &AuditTable, line: u64, message: RowFault) {
        self.faults.push(SheetFault { sheet: table.name.clone(), line, message });
    }

    fn count(&mut self, rows: &[AuditedRow], record: &Record<'_>) {
        let group_right = (!record.group.is_empty() && !record.audited_group.is_empty())
            .then(|| record.group == record.audited_group);
        let count = AuditCount::of_record(&rows.iter().collect::<Vec<_>>(), group_right);
        self.total.add(&count);
        for (counts, name) in self.groups.iter_mut().zip(record.names) {
            counts.entry(stated(name)).or_default().add(&count);
        }
        for row in rows {
            for error in errors_of(row) {
                self.reasons.entry(stated(&row.reason)).or_default()[error as usize] += 1;
            }
        }
        if group_right == Some(false) {
            let reason = rows.iter().find(|row| !row.audited_diagnosis_related_group.is_empty());
            let reason = reason.map_or("", |row| row.reason.as_str());
            self.reasons.entry(stated(reason)).or_default()[ErrorKind::DiagnosisRelatedGroup as usize] += 1;
        }
    }
}

fn stated(text: &str) -> String {
    if text.is_empty() { NOT_STATED } else { text }.to_owned()
}

/// What the rows of one record say of it as a whole.
struct Record<'r> {
    /// Coder, service, stratum.
    names: [&'r str; 3],
    group: &'r str,
    audited_group: &'r str,
}

/// The record, where its rows agree; else the line and what they contradict each other in.
fn usable(rows: &[AuditedRow]) -> Result<Record<'_>, (u64, RowFault)> {
    let one = |of: fn(&AuditedRow) -> &str, message: RowFault| {
        let mut stated = "";
        for row in rows {
            let text = of(row);
            if !text.is_empty() && !stated.is_empty() && text != stated {
                return Err((row.line, message));
            }
            stated = if stated.is_empty() { text } else { stated };
        }
        Ok(stated)
    };
    Ok(Record {
        names: [
            one(|row| &row.groups[0], "the rows of the record name two coders")?,
            one(|row| &row.groups[1], "the rows of the record name two services")?,
            one(|row| &row.groups[2], "the rows of the record name two strata")?,
        ],
        group: one(|row| &row.diagnosis_related_group, "the rows of the record have two diagnosis-related groups")?,
        audited_group: one(
            |row| &row.audited_diagnosis_related_group,
            "the rows of the record have two audited diagnosis-related groups",
        )?,
    })
}

#[cfg(test)]
mod tests {
    use super::{super::count::AuditMeasure, *};

    const HEADING: &str = "encounter_id,coder,kind,position,code,present_on_admission,diagnosis_related_group,audited_code,audited_present_on_admission,audited_diagnosis_related_group,verdict,reason";

    fn table(text: &str) -> AuditTable {
        let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
        AuditTable {
            name: "sheet.csv".to_owned(),
            heading: cells(HEADING),
            rows: text.lines().enumerate().map(|(number, line)| (number as u64 + 2, cells(line))).collect(),
        }
    }

    fn score(text: &str) -> AuditScore {
        let mut score = AuditScore::default();
        score.add(&table(text), &mut BTreeSet::new()).expect("the columns are there");
        score
    }

    /// Worked out by hand from the definitions: code over code = correct codes / (correct + wrong + extra + missed); record over record = records without
    /// error / records reviewed.
    #[test]
    fn measures_are_as_defined() {
        let score = score(
            "E1,Ann,diagnosis,1,J189,Y,193,,Y,193,correct,\n\
             E1,Ann,diagnosis,2,I10,Y,193,,Y,,correct,\n\
             E1,Ann,procedure,1,0BH17EZ,,193,,,,correct,\n\
             E2,Ann,diagnosis,1,I5022,Y,292,I50.23,,291,,specificity\n\
             E2,Ann,diagnosis,2,E119,Y,292,,N,,correct,documentation\n\
             E2,Ann,diagnosis,3,R609,N,292,,,,extra,Integral  to disease\n\
             E2,,diagnosis,4,,,,N17.9,,,missed,documentation\n\
             E3,Bob,diagnosis,1,K3580,Y,,,Y,,resequenced,sequence\n\
             E3,Bob,diagnosis,2,Z370,,,,1,,correct,\n\
             E3,Bob,procedure,1,0DTJ4ZZ,,,0DTJ0ZZ,,,wrong,\n",
        );
        let total = |measure| score.total.measure(measure);
        // Correct: 3 of E1, 1 of E2, 2 of E3; wrong: I5022 and 0DTJ4ZZ; extra: R609; missed: N179.
        assert_eq!(total(AuditMeasure::CodeOverCode), [6, 10]);
        assert_eq!(total(AuditMeasure::CodesAssigned), [6, 9]);
        assert_eq!(total(AuditMeasure::Diagnoses), [5, 8]);
        assert_eq!(total(AuditMeasure::Procedures), [1, 2]);
        assert_eq!(total(AuditMeasure::RecordOverRecord), [1, 3]);
        // E1 is right, E2 wrong, E3 in the wrong place.
        assert_eq!(total(AuditMeasure::PrincipalDiagnosis), [1, 3]);
        // Audited on right diagnoses: Y Y of E1, E119 of E2 (N for Y), Y and an exempt one without a mark of E3.
        assert_eq!(total(AuditMeasure::PresentOnAdmission), [4, 5]);
        assert_eq!(total(AuditMeasure::DiagnosisRelatedGroup), [1, 2]);
        let of = |coder: &str, measure| score.groups[0][coder].measure(measure);
        assert_eq!(
            (of("Ann", AuditMeasure::CodeOverCode), of("Ann", AuditMeasure::RecordOverRecord)),
            ([4, 7], [1, 2])
        );
        assert_eq!(
            (of("Bob", AuditMeasure::CodeOverCode), of("Bob", AuditMeasure::RecordOverRecord)),
            ([2, 3], [0, 1])
        );
        // Wrong, extra, missed, resequenced, mark, DRG.
        assert_eq!(score.reasons["specificity"], [1, 0, 0, 0, 0, 1]);
        assert_eq!(score.reasons["documentation"], [0, 0, 1, 0, 1, 0]);
        assert_eq!(score.reasons["integral to disease"], [0, 1, 0, 0, 0, 0]);
        assert_eq!(score.reasons[NOT_STATED], [1, 0, 0, 0, 0, 0]);
        assert_eq!((score.unfinished, score.faulty), (0, 0));
    }

    /// 500 codes, 475 correct, 10 wrong, 5 extra, 10 missed: 475 / 500 = 95 %; of the 490 assigned 475.
    #[test]
    fn ninety_five_of_a_hundred_meet_the_standard() {
        use super::super::count::meets_standard;
        let mut text = String::new();
        let mut add = |count: usize, row: &str| (0..count).for_each(|_| text.push_str(row));
        add(475, "E1,Ann,diagnosis,2,I10,,,,,,correct,\n");
        add(10, "E1,Ann,diagnosis,2,I10,,,E119,,,wrong,\n");
        add(5, "E1,Ann,diagnosis,2,I10,,,,,,extra,\n");
        add(10, "E1,Ann,diagnosis,2,,,,E119,,,missed,\n");
        let score = score(&text);
        assert_eq!(score.total.measure(AuditMeasure::CodeOverCode), [475, 500]);
        assert_eq!(score.total.measure(AuditMeasure::CodesAssigned), [475, 490]);
        assert_eq!(meets_standard(score.total.measure(AuditMeasure::CodeOverCode)), Some(true));
        assert_eq!(score.total.measure(AuditMeasure::PrincipalDiagnosis), [0, 0]);
    }

    #[test]
    fn records_that_are_not_finished_or_contradict_themselves_are_left_out_and_counted() {
        let score = score(
            "E1,Ann,diagnosis,1,J189,,,,,,correct,\n\
             E1,Ann,diagnosis,2,I10,,,,,,,\n\
             E2,Ann,diagnosis,1,J189,,,,,,perhaps,\n\
             E2,Ann,diagnosis,2,I10,,,,,,correct,\n\
             E3,Ann,diagnosis,1,J189,,,,,,correct,\n\
             E3,Bob,diagnosis,2,I10,,,,,,correct,\n\
             E4,Ann,diagnosis,1,J189,,,,,,correct,\n",
        );
        assert_eq!((score.total.records, score.unfinished, score.faulty), (1, 1, 2));
        let lines: Vec<u64> = score.faults.iter().map(|fault| fault.line).collect();
        assert_eq!(lines, [4, 7]);
    }

    #[test]
    fn a_record_counts_once_however_many_sheets_have_it() {
        let sheet = table("E1,Ann,diagnosis,1,J189,,,,,,correct,\n");
        let (mut score, mut known) = (AuditScore::default(), BTreeSet::new());
        score.add(&sheet, &mut known).expect("the columns are there");
        score.add(&sheet, &mut known).expect("the columns are there");
        assert_eq!((score.total.records, score.faulty), (1, 1));
    }
}
