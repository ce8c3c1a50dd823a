//! The archive desk: what leaves the department's working rooms to be kept, and the proof that it is still what it was.
//!
//! A run's output folder is sealed as a BagIt 1.0 bag (RFC 8493) by [`bag::seal`]: the payload under `data/`, beside it the
//! lists of its files with their checksums, one for each of [`seal_algorithms`]. [`verify::verify`] examines any bag of BagIt 0.93 to 1.0, ours or another
//! institution's, and gives a [`verdict::BagVerdict`] that names every bad, missing and extra file, not only the first.
//!
//! A bag is *complete* when everything listed is there and everything there is listed; it is *valid* when it is complete and
//! every digest is right (RFC 8493, section 3). The two are told apart because their remedies differ: an incomplete bag is
//! sent again, a changed file is investigated.
//!
//! The desk has room for what is kept on other terms than a bag: retention schedules and holds, film rolls, destruction
//! lists and certificates. Each becomes a module of its own here.

pub mod algorithm;
pub mod bag;
pub mod listed_path;
pub mod manifest;
pub mod own_seal;
pub mod seal_algorithms;
pub mod settings;
pub mod tag_file;
pub mod tag_lines;
pub mod verdict;
pub mod verify;

#[cfg(test)]
mod conformance;
#[cfg(test)]
mod tampering;
