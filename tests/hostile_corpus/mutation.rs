//! Changes of bytes by a fixed seed: the same seed makes the same file, today and on every machine.

/// Bytes that readers of tables, archives and settings give a meaning to, and numbers at the edge of theirs.
pub const DICTIONARY: &[&[u8]] = &[
    b"\0",
    b"\r",
    b"\n",
    b"\r\n",
    b"\"",
    b"\"\"",
    b",",
    b";",
    b"\t",
    b"|",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\x1a",
    b"\x1b[2J",
    b"\xff\xff\xff\xff",
    b"\0\0\0\0",
    b"\xff\xff\xff\x7f",
    b"\0\0\0\x80",
    b"PK\x03\x04",
    b"PK\x01\x02",
    b"PK\x05\x06",
    b"PK\x06\x06",
    b"\x1f\x8b",
    b"\x28\xb5\x2f\xfd",
    b"9223372036854775807",
    b"-9223372036854775808",
    b"1e309",
    b"nan",
    b"[[",
    b"]]",
    b"{",
    b"}",
    b"'''",
    b"\"\"\"",
    b"../",
    b"</row>",
    b"<c>",
    b"<!DOCTYPE",
    b"&#0;",
    b"\\",
    b"%",
    b"*",
    b"**",
    b"(",
    b")",
    b"NOT ",
    b" AND ",
];

/// A run of numbers that look like chance (xorshift64*).
pub struct Chance(u64);

impl Chance {
    /// From a seed; each file of a family has its own.
    pub fn of(seed: u64) -> Chance {
        Chance((seed ^ 0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    /// A number from 0 to `limit` - 1; 0 where the limit is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    /// One of several.
    pub fn one_of<'o, T>(&mut self, others: &'o [T]) -> &'o T {
        &others[self.below(others.len())]
    }

    /// The bytes with one to four changes: a bit, a byte, a piece taken out, doubled or moved, a word of the dictionary put in or over.
    pub fn change(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut changed = bytes.to_vec();
        for _ in 0..=self.below(4) {
            self.change_once(&mut changed);
        }
        changed
    }

    fn change_once(&mut self, bytes: &mut Vec<u8>) {
        let at = self.below(bytes.len());
        let end = (at + 1 + self.below(24)).min(bytes.len());
        match self.below(8) {
            0 | 1 if !bytes.is_empty() => bytes[at] ^= 1 << self.below(8),
            2 if !bytes.is_empty() => bytes[at] = self.below(256) as u8,
            3 if !bytes.is_empty() => drop(bytes.drain(at..end)),
            4 if !bytes.is_empty() => {
                let piece = bytes[at..end].to_vec();
                let to = self.below(bytes.len());
                bytes.splice(to..to, piece);
            }
            5 => bytes.truncate(at),
            6 => {
                let word = *self.one_of(DICTIONARY);
                let over = at..(at + word.len()).min(bytes.len());
                bytes.splice(over, word.iter().copied());
            }
            _ => {
                let word = *self.one_of(DICTIONARY);
                bytes.splice(at..at, word.iter().copied());
            }
        }
    }
}
