//! The equations of a run: read = accepted + quarantined + duplicate of every input, and where every encounter went.

use crate::{
    examination::outcome::Outcome,
    record::{account::InputAccount, field::CanonicalTable},
    run::{fault::RunFault, set_aside::SetAsideCount},
};

/// Holds every equation of the account; a run whose rows do not add up publishes nothing.
pub fn conserve(inputs: &[InputAccount], total: &Outcome, set_aside: &SetAsideCount) -> Result<(), RunFault> {
    for input in inputs {
        if !input.balances() {
            return Err(RunFault::NotConserved(format!(
                "{}: read {}, accepted {}, quarantined {}, duplicate {}",
                input.label(),
                input.read,
                input.accepted,
                input.quarantined,
                input.duplicate
            )));
        }
    }
    let accepted: u64 =
        inputs.iter().filter(|input| input.table == Some(CanonicalTable::Encounters)).map(|input| input.accepted).sum();
    let places = total.tally.places();
    let counted = places.in_statistics + places.rejected + places.outside_period + places.undated + places.undecided;
    if accepted != set_aside.superseded + set_aside.withdrawn + total.excluded + total.examined
        || total.examined != counted
        || set_aside.undecided != places.undecided
    {
        return Err(RunFault::NotConserved(
            "encounters accepted, superseded, withdrawn, undecided, excluded, examined and counted".to_owned(),
        ));
    }
    Ok(())
}
