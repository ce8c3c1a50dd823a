//! The second step of a run: the inputs are read and sorted, while the code tables are unpacked.

use crate::{
    codeset::{groups::Groups, sets::CodeSets},
    fs::FileError,
    ingest::tables::Superseded,
    partition::{decode::Patients, registers::Registers},
    plan::Plan,
    record::{account::InputAccount, code::CodeSystem, listed, shown::shown as shown_text},
    rows::{duplicates::DuplicateRows, sorter::Sorter, standing::Deliveries},
    run::{
        fault::RunFault,
        kept_records::NewRecords,
        options::RunOptions,
        prepare::PreparedRun,
        releases::imported::Imported,
        set_aside::{SetAsideCount, count_repeated},
        taking::{RowsOfRun, take_all},
        unusable_inputs::{faults, parts_not_read},
        what_changed::NightScope,
    },
};

/// What was read, and does not change any more.
pub struct ReadInputs {
    /// Names of the inputs as outputs have them.
    pub labels: Vec<String>,
    /// The rows of encounters and of what hangs on them, sorted.
    pub sorter: Sorter,
    /// The patients.
    pub patients: Patients,
    /// The registers.
    pub registers: Registers,
    /// How the inputs are delivered.
    pub deliveries: Deliveries,
    /// The code tables.
    pub sets: CodeSets,
    /// What the store of imported releases gives.
    pub imported: Imported,
    /// What is to be kept of the inputs, where records are kept.
    pub new: Option<NewRecords>,
    /// Which of the kept records are examined.
    pub scope: NightScope,
    /// The rows of the registers, where figures are traced.
    pub register_rows: Vec<u8>,
}

/// The accounts of the inputs while the run goes on.
pub struct Accounts {
    /// The inputs.
    pub inputs: Vec<InputAccount>,
    /// Rows that repeat others.
    pub duplicates: DuplicateRows,
    /// Accepted rows that are not in the figures.
    pub set_aside: SetAsideCount,
}

/// Reads every input. `everything`: why all kept records are examined, where it is known that they are.
///
/// # Errors
/// No input can be used, a file cannot be written, or the run was interrupted.
pub fn read(
    plan: &Plan,
    options: &RunOptions<'_>,
    prepared: &mut PreparedRun,
    everything: Option<&str>,
) -> Result<(ReadInputs, Accounts), RunFault> {
    let PreparedRun { store, feeds, scratch, outputs, state, .. } = prepared;
    let (sets, taken) = std::thread::scope(|scope| {
        if store.is_none() {
            scope.spawn(Groups::shipped);
        }
        let sets = scope.spawn(|| -> Result<(Imported, CodeSets), FileError> {
            let mut imported = match &store {
                Some(store) => Imported::open(store, &plan.coding.map_directions())?,
                None => Imported::default(),
            };
            let sets = imported.sets();
            // Read at once the table that nearly every export asks for.
            sets.table(CodeSystem::Icd10Cm);
            sets.table(CodeSystem::Icd10Pcs);
            imported.groups();
            Ok((imported, sets))
        });
        let taken = take_all(plan, options, feeds, scratch, outputs, (state, everything));
        (sets.join(), taken)
    });
    let sets = sets.map_err(|_| RunFault::Internal("the code tables cannot be unpacked".to_owned()))?;
    let (imported, sets) = sets?;
    let RowsOfRun {
        mut inputs,
        sorter,
        patients,
        registers,
        held_duplicates,
        held_set_aside,
        deliveries,
        new,
        scope,
        register_rows,
    } = taken?;
    refuse_where_nothing_is_usable(&inputs)?;
    let labels: Vec<String> = inputs.iter().map(InputAccount::label).collect();
    count_repeated(&held_duplicates, &mut inputs);
    let mut duplicates = DuplicateRows::new(scratch.clone());
    duplicates.add(&held_duplicates).map_err(RunFault::Write)?;
    outputs.write::<Superseded>(held_set_aside.iter().map(|row| (row, labels.as_slice())))?;
    let mut set_aside = SetAsideCount::default();
    set_aside.count(&held_set_aside, &mut inputs);
    let read =
        ReadInputs { labels, sorter, patients, registers, deliveries, sets, imported, new, scope, register_rows };
    Ok((read, Accounts { inputs, duplicates, set_aside }))
}

fn refuse_where_nothing_is_usable(inputs: &[InputAccount]) -> Result<(), RunFault> {
    let mut came = inputs.iter().filter(|input| input.missing.is_empty()).peekable();
    if came.peek().is_some() && came.all(|input| !input.fault.is_empty()) {
        let mut words = faults(inputs);
        words.extend(inputs.iter().flat_map(parts_not_read).map(|words| shown_text(&words).into_owned()));
        return Err(RunFault::NothingUsable(listed::lines(words).join("\n")));
    }
    Ok(())
}
