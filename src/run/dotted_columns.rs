//! Which inputs write their codes with dots. Read from the merged rows before the first code is judged, where a layout gives lost zeros back: in a column of dotted
//! codes a number of one or two digits can only be a category.

use crate::{
    codeset::normalise::normalise,
    coding::judge::DottedInputs,
    parallel::in_order,
    record::field::Field,
    rows::{
        cutter::{LastCut, cut},
        row::Row,
        slot::{Feed, Repair},
        sorter::Sorter,
    },
    run::{fault::RunFault, options::RunOptions},
};

/// Of the codes that have a dot where they are written with dots, so many in a hundred must have it.
const MOST_OF_HUNDRED: u64 = 99;

/// Codes by input and kind: those with a dot, and those of digits alone that are longer than a category and have none.
type Seen = Vec<[[u64; 2]; 2]>;

/// The inputs whose codes are dotted; none where no layout gives lost zeros back.
///
/// # Errors
/// The temporary file of the sorter cannot be read, or the run is to stop.
pub fn dotted_inputs(
    sorter: &Sorter,
    inputs: usize,
    feeds: &[Feed],
    options: &RunOptions<'_>,
) -> Result<DottedInputs, RunFault> {
    let restores = |feed: &Feed| feed.slots.iter().any(|slot| slot.repairs.contains(&Repair::RestoreIcd9Zeros));
    if !feeds.iter().any(restores) {
        return Ok(DottedInputs::default());
    }
    let mut merge = sorter.merge().map_err(RunFault::Write)?;
    let mut seen: Seen = vec![[[0; 2]; 2]; inputs];
    let (mut accepted, mut last) = (vec![0; inputs], LastCut::none(false));
    in_order(
        rayon::current_num_threads(),
        || cut(&mut merge, &mut accepted, &mut last).map_err(RunFault::Write),
        |cut| seen_in(&cut.rows, feeds, inputs),
        |partition| {
            for (all, more) in seen.iter_mut().flatten().flatten().zip(partition.iter().flatten().flatten()) {
                *all += more;
            }
            options.go_on()
        },
    )?;
    let is_dotted =
        |[dotted, plain]: [u64; 2]| dotted > 0 && plain * MOST_OF_HUNDRED <= dotted * (100 - MOST_OF_HUNDRED);
    Ok(DottedInputs { of_input: seen.into_iter().map(|kinds| kinds.map(is_dotted)).collect() })
}

fn seen_in(rows: &[u8], feeds: &[Feed], inputs: usize) -> Seen {
    let mut seen: Seen = vec![[[0; 2]; 2]; inputs];
    for row in Row::all(rows) {
        let feed = &feeds[usize::from(row.feed())];
        let of_input = &mut seen[usize::from(row.origin().input)];
        for (slot, text) in row.cells() {
            let Some(slot) = feed.slots.get(usize::from(slot)) else { continue };
            let (kind, category) = match slot.field {
                Field::DiagnosisCode => (0, 3),
                Field::ProcedureCode => (1, 2),
                _ => continue,
            };
            if !slot.repairs.contains(&Repair::RestoreIcd9Zeros) {
                continue;
            }
            let written = normalise(text);
            let text = written.code.text();
            let longer = text.len() > category && text.bytes().all(|byte| byte.is_ascii_digit());
            match written.dot {
                Some(before) if usize::from(before) < text.len() => of_input[kind][0] += 1,
                None if longer => of_input[kind][1] += 1,
                _ => {}
            }
        }
    }
    seen
}
