//! Signals that end a run: it stops at the next place where it can, and where it comes to none it is ended.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

use signal_hook::{
    consts::{SIGINT, SIGTERM},
    iterator::Signals,
};

use super::{
    complain,
    exit::Exit,
    run::{ACCOUNT_NOT_PRINTED, complain_of_not_used, exit_of_published},
};
use crate::run::stage::{IsPublished, Stage};

/// How long a run has to come to a place where it stops by itself. Who ends a service waits for some seconds before it kills, and a clerk at a terminal for less.
const PATIENCE: Duration = Duration::from_millis(1400);
/// How long it may take to look whether an output that was on its way has its place: its disk may be what hangs.
const LAST_LOOK: Duration = Duration::from_millis(200);
/// How long the last words may take: standard error may be as blocked as anything else.
const LAST_WORDS: Duration = Duration::from_millis(200);
/// How often it is looked whether a second signal came.
const LOOK: Duration = Duration::from_millis(20);

/// Sets `stop` to the number of the signal that comes. A run that does not end by itself in time is ended.
///
/// The run looks at `stop` between pieces of its work. Where a reading does not come back (a share that hangs), or one piece takes long (a large workbook, the
/// flushing of an output to a slow disk), it does not come to look. It is then ended as by a kill, which it is built to survive wherever it stands: nothing is
/// swept here, because the thread that holds the files still holds them; the next run sweeps and finishes what this one left.
///
/// What is published stays so: such a run ends with what it came to, and not as an interrupted one.
pub fn watch(stop: &Arc<AtomicUsize>, stage: &Arc<Stage>) {
    for signal in [SIGINT, SIGTERM] {
        // Without the handler a signal still ends the program; the staging folder is then swept by the next run.
        let _ = signal_hook::flag::register_usize(signal, Arc::clone(stop), signal as usize);
    }
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return };
    let (stop, stage) = (Arc::clone(stop), Arc::clone(stage));
    let wait = move || {
        let Some(signal) = signals.forever().next() else { return };
        stop.store(signal as usize, Ordering::Relaxed);
        let begun = Instant::now();
        // Who asks twice does not want to wait.
        while begun.elapsed() < PATIENCE && signals.pending().next().is_none() {
            std::thread::sleep(LOOK);
        }
        let stopped = Arc::clone(&stage);
        let published = within(LAST_LOOK, move || stopped.look()).flatten();
        let (exit, words) = ended(signal, published);
        within(LAST_WORDS, move || {
            // The run may not have come to say it.
            if exit == Exit::Input {
                complain_of_not_used(&stage);
            }
            complain(words);
        });
        signal_hook::low_level::exit(i32::from(exit.number()));
    };
    // Without the thread a run still stops at the next place where it can.
    let _ = std::thread::Builder::new().name("signals".to_owned()).spawn(wait);
}

/// Does something on a thread of its own; `None` where it takes longer.
fn within<T: Send + 'static>(time: Duration, act: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (sender, receiver) = mpsc::channel();
    // Nobody may be there to hear it any more.
    std::thread::spawn(move || drop(sender.send(act())));
    receiver.recv_timeout(time).ok()
}

/// How a run ends that is ended from outside, and what is said of it.
fn ended(signal: i32, published: Option<IsPublished>) -> (Exit, &'static str) {
    match published {
        None => (
            Exit::Interrupted(signal),
            "error: interrupted in the middle of its work; the next run sweeps what it left",
        ),
        Some(IsPublished { ending, followed_up: Some(is_followed_up) }) => {
            (exit_of_published(ending, is_followed_up), ACCOUNT_NOT_PRINTED)
        }
        Some(IsPublished { ending, followed_up: None }) => (
            exit_of_published(ending, true),
            "published; the account was not printed, and the next run finishes what was to be done beside the output",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::stage::Ending;

    #[test]
    fn what_is_published_ends_with_what_it_came_to_whatever_the_signal() {
        let of = |ending, followed_up| ended(SIGTERM, Some(IsPublished { ending, followed_up })).0.number();
        let gate = Ending { gate: true, ..Ending::default() };
        let missing = Ending { missing: true, ..gate };
        let unusable = Ending { unusable: true, ..missing };
        for (ending, code) in [(Ending::default(), 0), (gate, 1), (missing, 66), (unusable, 65)] {
            assert_eq!((of(ending, Some(true)), of(ending, None), of(ending, Some(false))), (code, code, 74));
        }
        assert_eq!((ended(SIGTERM, None).0.number(), ended(SIGINT, None).0.number()), (143, 130));
    }

    #[test]
    fn what_hangs_is_not_waited_for() {
        let begun = Instant::now();
        assert_eq!(within(Duration::from_millis(50), || std::thread::sleep(Duration::from_secs(60))), None);
        assert!(begun.elapsed() < Duration::from_secs(30));
        assert_eq!(within(Duration::from_secs(30), || 7), Some(7));
    }
}
