//! Progress on a terminal, and nowhere else.

use std::io::IsTerminal as _;

use indicatif::{ProgressBar, ProgressStyle};

use crate::{record::shown::shown, run::options::Progress};

/// A bar on standard error while a run goes on; silent when standard error is no terminal or `--quiet` was given.
#[derive(Debug)]
pub struct Bar {
    bar: ProgressBar,
}

impl Bar {
    /// A bar, shown only where a person looks on.
    pub fn new(quiet: bool) -> Bar {
        let bar = if quiet || !std::io::stderr().is_terminal() { ProgressBar::hidden() } else { ProgressBar::new(0) };
        if let Ok(style) = ProgressStyle::with_template("{msg:<22} {wide_bar} {percent:>3} %") {
            bar.set_style(style);
        }
        Bar { bar }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn step(&self, words: &str, total: u64) {
        self.bar.set_length(total.max(1));
        self.bar.set_position(0);
        self.bar.set_message(shown(words).into_owned());
    }

    fn advance(&self, amount: u64) {
        self.bar.inc(amount);
    }
}
