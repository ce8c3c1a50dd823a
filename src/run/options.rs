//! What a run is given beside its plan, and what it is told with how it goes on.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use crate::{
    record::date::Day,
    run::{fault::RunFault, stage::Stage},
};

/// Told how a run goes on.
pub trait Progress: Sync {
    /// A new part of the work begins, of so many units.
    fn step(&self, words: &str, total: u64);
    /// So many units more are done.
    fn advance(&self, amount: u64);
}

/// What a run is given beside its plan.
pub struct RunOptions<'g> {
    /// The day the run speaks of.
    pub business_date: Day,
    /// The day on which it is run; nothing in the outputs depends on it.
    pub today: Day,
    /// Whether an earlier output of the same name may be replaced.
    pub replace: bool,
    /// Whether a night examines all records that are kept, whatever changed.
    pub everything: bool,
    /// Whether it is asked which records stand behind the figures, so that the rows are held after they are examined.
    pub traces: bool,
    /// Set to a signal's number when the run is to stop.
    pub stop: Arc<AtomicUsize>,
    /// Told how far the run has come.
    pub stage: Arc<Stage>,
    /// Told how the run goes on.
    pub progress: &'g dyn Progress,
}

impl RunOptions<'_> {
    /// Goes on, where no signal has come.
    ///
    /// # Errors
    /// [`RunFault::Interrupted`].
    pub fn go_on(&self) -> Result<(), RunFault> {
        match self.stop.load(Ordering::Relaxed) {
            0 => Ok(()),
            signal => Err(RunFault::Interrupted(signal as i32)),
        }
    }
}
