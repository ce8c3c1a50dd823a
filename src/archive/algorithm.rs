//! The checksum algorithms a bag's manifests may use.

use std::path::Path;

use md5::Md5;
use sha1::Sha1;
use sha2::digest::DynDigest;
use sha2::{Sha224, Sha256, Sha384, Sha512};

use crate::fs::{self, FileError};

/// A checksum algorithm. BagIt 1.0 demands SHA-256 and SHA-512; the older ones are found in older bags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// MD5 (RFC 1321), 32 hexadecimal digits.
    Md5,
    /// SHA-1 (RFC 3174), 40 digits.
    Sha1,
    /// SHA-224 (RFC 6234), 56 digits.
    Sha224,
    /// SHA-256, 64 digits.
    Sha256,
    /// SHA-384, 96 digits.
    Sha384,
    /// SHA-512, 128 digits.
    Sha512,
}

impl Algorithm {
    /// All algorithms that can be computed.
    pub const ALL: [Algorithm; 6] =
        [Algorithm::Md5, Algorithm::Sha1, Algorithm::Sha224, Algorithm::Sha256, Algorithm::Sha384, Algorithm::Sha512];

    /// The name in a manifest's file name: lower case, letters and digits only (RFC 8493, section 2.4).
    pub fn name(self) -> &'static str {
        match self {
            Algorithm::Md5 => "md5",
            Algorithm::Sha1 => "sha1",
            Algorithm::Sha224 => "sha224",
            Algorithm::Sha256 => "sha256",
            Algorithm::Sha384 => "sha384",
            Algorithm::Sha512 => "sha512",
        }
    }

    /// Reads a name, also an unnormalised one (`SHA-256`).
    pub fn from_name(name: &str) -> Option<Algorithm> {
        let normalised: String =
            name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect();
        Algorithm::ALL.into_iter().find(|algorithm| algorithm.name() == normalised)
    }

    /// Number of hexadecimal digits of a checksum.
    pub fn digits(self) -> usize {
        match self {
            Algorithm::Md5 => 32,
            Algorithm::Sha1 => 40,
            Algorithm::Sha224 => 56,
            Algorithm::Sha256 => 64,
            Algorithm::Sha384 => 96,
            Algorithm::Sha512 => 128,
        }
    }

    /// The checksum of an empty file.
    pub fn of_nothing(self) -> String {
        checksums_of(b"", &[self]).remove(0)
    }

    fn start(self) -> Box<dyn DynDigest> {
        match self {
            Algorithm::Md5 => Box::<Md5>::default(),
            Algorithm::Sha1 => Box::<Sha1>::default(),
            Algorithm::Sha224 => Box::<Sha224>::default(),
            Algorithm::Sha256 => Box::<Sha256>::default(),
            Algorithm::Sha384 => Box::<Sha384>::default(),
            Algorithm::Sha512 => Box::<Sha512>::default(),
        }
    }
}

/// The checksum of some octets by each of the algorithms, in their order, as lower-case hexadecimal digits.
pub fn checksums_of(octets: &[u8], algorithms: &[Algorithm]) -> Vec<String> {
    let checksum = |algorithm: &Algorithm| {
        let mut running = algorithm.start();
        running.update(octets);
        fs::hexadecimal(&running.finalize())
    };
    algorithms.iter().map(checksum).collect()
}

/// Reads a file once and gives its checksum by each of the algorithms, in their order, as lower-case hexadecimal digits.
///
/// # Errors
/// The file cannot be read.
pub fn checksums(path: &Path, algorithms: &[Algorithm]) -> Result<Vec<String>, FileError> {
    let mut running: Vec<_> = algorithms.iter().map(|algorithm| algorithm.start()).collect();
    fs::read_in_pieces(path, |piece| running.iter_mut().for_each(|digest| digest.update(piece)))?;
    Ok(running.into_iter().map(|digest| fs::hexadecimal(&digest.finalize())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The published test vectors for the message `abc` (RFC 1321, RFC 3174, FIPS 180-4).
    #[test]
    fn every_algorithm_gives_the_published_checksum_of_abc() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("abc");
        std::fs::write(&path, "abc").unwrap();
        let found = checksums(&path, &Algorithm::ALL).unwrap();
        let published = [
            "900150983cd24fb0d6963f7d28e17f72",
            "a9993e364706816aba3e25717850c26c9cd0d89d",
            "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        ];
        assert_eq!(found, published);
        assert_eq!(checksums_of(b"abc", &Algorithm::ALL), published);
        for (algorithm, checksum) in Algorithm::ALL.into_iter().zip(published) {
            assert_eq!(algorithm.digits(), checksum.len());
        }
    }

    #[test]
    fn names_are_read_in_any_spelling() {
        assert_eq!(Algorithm::from_name("SHA-256"), Some(Algorithm::Sha256));
        assert_eq!(Algorithm::from_name("md5"), Some(Algorithm::Md5));
        assert_eq!(Algorithm::from_name("crc32"), None);
    }
}
