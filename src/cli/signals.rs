//! Signals that end a run: it stops at the next place where it can, and where it comes to none it is ended.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use signal_hook::{
    consts::{SIGINT, SIGTERM},
    iterator::Signals,
};

use super::complain;

/// How long a run has to come to a place where it stops by itself. Who ends a service waits for some seconds before it kills, and a clerk at a terminal for less.
const PATIENCE: Duration = Duration::from_millis(1500);
/// How long the last words may take: standard error may be as blocked as anything else.
const LAST_WORDS: Duration = Duration::from_millis(200);
/// How often it is looked whether a second signal came.
const LOOK: Duration = Duration::from_millis(20);

/// Sets `stop` to the number of the signal that comes. A run that does not end by itself in time is ended.
///
/// The run looks at `stop` between pieces of its work. Where a reading does not come back (a share that hangs), or one piece takes long (a large workbook, the
/// flushing of an output to a slow disk), it does not come to look. It is then ended as by a kill, which it is built to survive wherever it stands: nothing is
/// swept here, because the thread that holds the files still holds them; the next run sweeps and finishes what this one left.
pub fn watch(stop: &Arc<AtomicUsize>) {
    for signal in [SIGINT, SIGTERM] {
        // Without the handler a signal still ends the program; the staging folder is then swept by the next run.
        let _ = signal_hook::flag::register_usize(signal, Arc::clone(stop), signal as usize);
    }
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return };
    let stop = Arc::clone(stop);
    let wait = move || {
        let Some(signal) = signals.forever().next() else { return };
        stop.store(signal as usize, Ordering::Relaxed);
        let begun = Instant::now();
        // Who asks twice does not want to wait.
        while begun.elapsed() < PATIENCE && signals.pending().next().is_none() {
            std::thread::sleep(LOOK);
        }
        let said = std::thread::spawn(|| {
            complain("error: interrupted in the middle of its work; the next run sweeps what it left");
        });
        let begun = Instant::now();
        while begun.elapsed() < LAST_WORDS && !said.is_finished() {
            std::thread::sleep(LOOK);
        }
        signal_hook::low_level::exit(128 + signal);
    };
    // Without the thread a run still stops at the next place where it can.
    let _ = std::thread::Builder::new().name("signals".to_owned()).spawn(wait);
}
