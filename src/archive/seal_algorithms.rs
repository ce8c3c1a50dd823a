//! The algorithms of a seal, as the pipeline asks for them: SHA-256, SHA-512, or both.

use super::{
    algorithm::Algorithm,
    bag::{manifest_name, tag_manifest_name},
};
use crate::problem::reader::Section;

/// By which algorithms a folder is sealed: at least one, in the order of their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealAlgorithms(Vec<Algorithm>);

impl Default for SealAlgorithms {
    fn default() -> SealAlgorithms {
        SealAlgorithms(vec![Algorithm::Sha256])
    }
}

impl SealAlgorithms {
    /// What this program seals with. RFC 8493, section 2.4, demands these two of every reader and tells those who make a bag to prefer the second.
    pub const ALL: [Algorithm; 2] = [Algorithm::Sha256, Algorithm::Sha512];

    /// The algorithms, if these are any, each once.
    pub fn of(asked: &[Algorithm]) -> Option<SealAlgorithms> {
        let found: Vec<Algorithm> = SealAlgorithms::ALL.into_iter().filter(|one| asked.contains(one)).collect();
        (!found.is_empty()).then_some(SealAlgorithms(found))
    }

    /// The algorithms in the order of their names.
    pub fn as_slice(&self) -> &[Algorithm] {
        &self.0
    }

    /// Whether files are to be hashed with an algorithm.
    pub fn has(&self, algorithm: Algorithm) -> bool {
        self.0.contains(&algorithm)
    }

    /// The tag file that is written last. It has the checksum of everything that has one, so it tells the folder from every other.
    pub fn last_file(&self) -> String {
        tag_manifest_name(self.0[self.0.len() - 1])
    }

    /// The tag files of a seal, in the order of their names.
    pub fn tag_files(&self) -> Vec<String> {
        let mut names = self.vouched_for();
        names.extend(self.0.iter().map(|algorithm| tag_manifest_name(*algorithm)));
        names
    }

    /// The tag files that each tag manifest lists, in the order of their names: RFC 8493, section 2.2.1, lets none list a tag manifest.
    pub fn vouched_for(&self) -> Vec<String> {
        let manifests = self.0.iter().map(|algorithm| manifest_name(*algorithm));
        ["bag-info.txt".to_owned(), "bagit.txt".to_owned()].into_iter().chain(manifests).collect()
    }

    /// Reads `checksum_algorithms` of `[archive]`.
    pub fn read(section: &mut Section<'_>) -> SealAlgorithms {
        let words = SealAlgorithms::ALL.map(|algorithm| (algorithm.name(), algorithm));
        let asked: Vec<Algorithm> = section.words(KEY, &words).into_iter().map(|word| word.value).collect();
        SealAlgorithms::of(&asked).unwrap_or_default()
    }
}

/// The key of `[archive]`.
const KEY: &str = "checksum_algorithms";

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8493: a manifest is named after its algorithm (2.1.3), a tag manifest too, and it lists no tag manifest (2.2.1).
    #[test]
    fn the_files_of_a_seal_are_named_after_their_algorithms() {
        let both = SealAlgorithms::of(&[Algorithm::Sha512, Algorithm::Sha256, Algorithm::Sha512]).expect("two");
        assert_eq!(both.vouched_for(), ["bag-info.txt", "bagit.txt", "manifest-sha256.txt", "manifest-sha512.txt"]);
        assert_eq!(both.tag_files()[4..], ["tagmanifest-sha256.txt", "tagmanifest-sha512.txt"]);
        assert_eq!(both.last_file(), "tagmanifest-sha512.txt");
        assert_eq!(SealAlgorithms::default().last_file(), "tagmanifest-sha256.txt");
        assert_eq!(SealAlgorithms::of(&[Algorithm::Md5]), None);
    }
}
