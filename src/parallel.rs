//! Work spread over threads whose results come back in order.
//!
//! No thread waits for a batch to end: each fetches the next item, works, and leaves the result on a shelf; the calling thread works as the others do, and
//! takes from the shelf what is next. Fetching and taking are never done by two threads at once, so the order of threads shows nowhere.

use std::{
    collections::BTreeMap,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

/// What the threads know of each other.
struct Shelf<R> {
    /// Items fetched.
    fetched: u64,
    /// The result that is taken next.
    wanted: u64,
    /// Whether there are no more items.
    ended: bool,
    /// Whether all give up: a result was refused, or a thread panicked.
    stopped: bool,
    ready: BTreeMap<u64, R>,
}

struct Line<N, R> {
    next: Mutex<N>,
    shelf: Mutex<Shelf<R>>,
    changed: Condvar,
    /// Items between the one that is taken next and the last one fetched: bounds the memory.
    window: u64,
}

/// Stops the line when the thread that holds it panics, so that the others do not wait for a result that never comes.
struct Watch<'l, N, R>(&'l Line<N, R>);

impl<N, R> Drop for Watch<'_, N, R> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}

impl<N, R> Line<N, R> {
    // A thread that panics stops the line; what it held is not used any more.
    fn shelf(&self) -> MutexGuard<'_, Shelf<R>> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stop(&self) {
        self.shelf().stopped = true;
        self.changed.notify_all();
    }

    fn is_full(&self, shelf: &Shelf<R>) -> bool {
        shelf.fetched >= shelf.wanted + self.window
    }
}

impl<N, T, R, E> Line<N, Result<R, E>>
where
    N: FnMut() -> Result<Option<T>, E>,
{
    /// Fetches one item and works on it; `false` where there is none, or no room for its result.
    fn step(&self, work: &impl Fn(T) -> R) -> bool {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let place = {
            let mut shelf = self.shelf();
            if shelf.ended || shelf.stopped || self.is_full(&shelf) {
                return false;
            }
            shelf.fetched += 1;
            shelf.fetched - 1
        };
        let fetched = next();
        let (result, last) = match fetched {
            Ok(Some(item)) => {
                drop(next);
                (Some(Ok(work(item))), false)
            }
            Ok(None) => (None, true),
            Err(error) => (Some(Err(error)), true),
        };
        let mut shelf = self.shelf();
        shelf.ended |= last;
        match result {
            Some(result) => {
                shelf.ready.insert(place, result);
            }
            None => shelf.fetched -= 1,
        }
        self.changed.notify_all();
        true
    }

    /// What every thread but the calling one does.
    fn serve(&self, work: &impl Fn(T) -> R) {
        let _watch = Watch(self);
        loop {
            if !self.step(work) {
                let mut shelf = self.shelf();
                while self.is_full(&shelf) && !shelf.ended && !shelf.stopped {
                    shelf = self.changed.wait(shelf).unwrap_or_else(PoisonError::into_inner);
                }
                if shelf.ended || shelf.stopped {
                    return;
                }
            }
        }
    }
}

/// Takes every item that `next` gives through `work`, on `threads` threads, and hands the results to `take` in the order of the items, on the calling
/// thread.
///
/// # Errors
/// The first error of `next`, after all results before it were taken; or the error of `take`, after which nothing is fetched any more.
pub fn in_order<T, R, E>(
    threads: usize,
    next: impl FnMut() -> Result<Option<T>, E> + Send,
    work: impl Fn(T) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E>
where
    T: Send,
    R: Send,
    E: Send,
{
    let threads = threads.max(1);
    let line = Line {
        next: Mutex::new(next),
        shelf: Mutex::new(Shelf {
            fetched: 0,
            wanted: 0,
            ended: false,
            stopped: false,
            ready: BTreeMap::<u64, Result<R, E>>::new(),
        }),
        changed: Condvar::new(),
        window: threads as u64 * 2,
    };
    std::thread::scope(|scope| {
        let _watch = Watch(&line);
        let mut alone = threads > 1;
        loop {
            let mut shelf = line.shelf();
            let wanted = shelf.wanted;
            if let Some(result) = shelf.ready.remove(&wanted) {
                drop(shelf);
                if let Err(error) = result.and_then(&mut take) {
                    line.stop();
                    return Err(error);
                }
                line.shelf().wanted += 1;
                line.changed.notify_all();
            } else if shelf.stopped || shelf.ended && shelf.fetched == wanted {
                return Ok(());
            } else if shelf.ended || line.is_full(&shelf) {
                drop(line.changed.wait(shelf).unwrap_or_else(PoisonError::into_inner));
            } else {
                // A single item is not worth a thread: the others join once there is a second one.
                let second = shelf.fetched > 0;
                drop(shelf);
                if second && std::mem::take(&mut alone) {
                    for _ in 1..threads {
                        scope.spawn(|| line.serve(&work));
                    }
                }
                line.step(&work);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Some work that takes longer for some items than for others.
    fn slow(item: u64) -> u64 {
        (0..(item % 7) * 2_000).fold(item, |sum, step| std::hint::black_box(sum ^ step));
        item * 3
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn every_result_is_taken_once_and_in_order(items in 0u64..200, threads in 1usize..9) {
            let mut given = 0..items;
            let mut taken = Vec::new();
            let done: Result<(), ()> = in_order(threads, || Ok(given.next()), slow, |result| { taken.push(result); Ok(()) });
            prop_assert!(done.is_ok());
            prop_assert_eq!(taken, (0..items).map(|item| item * 3).collect::<Vec<_>>());
        }

        #[test]
        fn what_stands_before_an_error_is_taken(items in 0u64..60, threads in 1usize..5) {
            let mut given = 0..items;
            let mut taken = 0;
            let done = in_order(threads, || given.next().map(Some).ok_or("broken"), slow, |_| { taken += 1; Ok(()) });
            prop_assert_eq!(done, Err("broken"));
            prop_assert_eq!(taken, items);
        }

        #[test]
        fn a_refused_result_ends_the_work(refused in 0u64..60, threads in 1usize..5) {
            let mut given = 0u64;
            let next = || { given += 1; Ok(Some(given - 1)) };
            let done = in_order(threads, next, slow, |result| if result == refused * 3 { Err("enough") } else { Ok(()) });
            prop_assert_eq!(done, Err("enough"));
        }
    }

    #[test]
    #[should_panic(expected = "scoped thread panicked")]
    fn a_panic_of_one_thread_reaches_the_caller_and_leaves_nobody_waiting() {
        let caller = std::thread::current().id();
        let mut given = 0..100u64;
        let work = |item: u64| {
            // Left to the other threads, so that it is one of them that panics.
            if std::thread::current().id() != caller && item > 3 {
                panic!("a defect");
            }
            std::thread::sleep(std::time::Duration::from_millis(2));
            item
        };
        let _: Result<(), ()> = in_order(3, || Ok(given.next()), work, |_| Ok(()));
    }
}
