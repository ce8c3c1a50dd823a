//! How far a run has come, for whoever has to end it from outside: from the moment on when its output is published, nothing that comes in between changes what it
//! came to.

use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use crate::fs::digest;

/// What a run whose output is published ends with, beside faults of what is done after it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ending {
    /// Whether findings reached the pipeline's gate.
    pub gate: bool,
    /// Whether an input as a whole could not be used.
    pub unusable: bool,
    /// Whether a file that is due did not come.
    pub missing: bool,
    /// Whether an input ends in the middle of a row: it was not sent or copied whole.
    pub cut_short: bool,
}

impl Ending {
    /// Whether every input could be used, and came.
    pub fn is_whole(self) -> bool {
        !self.unusable && !self.missing
    }
}

/// The output of a run is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IsPublished {
    /// What the run ends with.
    pub ending: Ending,
    /// What is done beside the output: done, and whether without a fault. `None` while it goes on.
    pub followed_up: Option<bool>,
}

/// How far a run has come.
#[derive(Debug, Default)]
pub struct Stage {
    inner: Mutex<Inner>,
    /// Why inputs could not be used, in words.
    not_used: Mutex<Vec<String>>,
}

#[derive(Debug, Default)]
enum Inner {
    #[default]
    Working,
    /// The output is on its way: it has its place when this file is there and has this digest.
    Publishing {
        seal: PathBuf,
        sha256: String,
        ending: Ending,
    },
    Published(IsPublished),
}

impl Stage {
    /// Why inputs could not be used: whoever ends the run says it, if the run does not.
    pub fn not_used(&self, why: Vec<String>) {
        *self.not_used.lock().unwrap_or_else(PoisonError::into_inner) = why;
    }

    /// Why inputs could not be used.
    pub fn why_not_used(&self) -> Vec<String> {
        self.not_used.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The run begins to publish its output. `seal`: the file that tells it from every other, at its place; `sha256`: the digest of that.
    pub fn publishing(&self, seal: PathBuf, sha256: String, ending: Ending) {
        self.set(|_| Inner::Publishing { seal, sha256, ending });
    }

    /// The output did not come to its place.
    pub fn working(&self) {
        self.set(|_| Inner::Working);
    }

    /// The output has its place.
    pub fn published(&self) {
        self.set(|inner| match inner {
            Inner::Publishing { ending, .. } => Inner::Published(IsPublished { ending, followed_up: None }),
            other => other,
        });
    }

    /// What is done beside it is done.
    pub fn finished(&self, is_without_fault: bool) {
        self.set(|inner| match inner {
            Inner::Published(published) => {
                Inner::Published(IsPublished { followed_up: Some(is_without_fault), ..published })
            }
            other => other,
        });
    }

    /// What is true now. While the output is on its way it is looked for at its place, which takes as long as the disk takes.
    pub fn look(&self) -> Option<IsPublished> {
        let (seal, known, ending) = match &*self.inner.lock().unwrap_or_else(PoisonError::into_inner) {
            Inner::Working => return None,
            Inner::Published(published) => return Some(*published),
            Inner::Publishing { seal, sha256, ending } => (seal.clone(), sha256.clone(), *ending),
        };
        let is_there = digest(&seal).is_ok_and(|digest| digest.sha256 == known);
        is_there.then_some(IsPublished { ending, followed_up: None })
    }

    fn set(&self, next: impl FnOnce(Inner) -> Inner) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        *inner = next(std::mem::take(&mut *inner));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_on_its_way_is_published_when_it_is_at_its_place() {
        let place = tempfile::tempdir().expect("a folder");
        let seal = place.path().join("seal");
        let stage = Stage::default();
        assert_eq!(stage.look(), None);
        let ending = Ending { gate: true, ..Ending::default() };
        let digest_of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        stage.publishing(seal.clone(), digest_of_abc.to_owned(), ending);
        assert_eq!(stage.look(), None, "it is not there");
        std::fs::write(&seal, "of another night").expect("written");
        assert_eq!(stage.look(), None, "another is there");
        std::fs::write(&seal, "abc").expect("written");
        assert_eq!(stage.look(), Some(IsPublished { ending, followed_up: None }));
        std::fs::remove_file(&seal).expect("removed");
        stage.published();
        assert_eq!(stage.look(), Some(IsPublished { ending, followed_up: None }), "it is known");
        stage.finished(false);
        assert_eq!(stage.look(), Some(IsPublished { ending, followed_up: Some(false) }));
    }
}
