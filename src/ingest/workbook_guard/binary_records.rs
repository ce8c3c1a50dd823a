//! Measures of a part of a binary workbook (xlsb): a run of records, each with its type and length (MS-XLSB 2.1.4).

use std::io::{self, Read};

/// A shared string.
const SHARED_STRING: u32 = 0x13;
/// A formula whose value is an error.
const ERROR_FORMULA: u32 = 0x0b;
/// Records that a library keeps whole: a sheet's name, a defined name, the sheets named by formulas.
const KEPT: [u32; 3] = [0x9c, 0x27, 0x16a];

/// What was measured of one part.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Records {
    /// Bytes of the longest record.
    pub longest: u64,
    /// Shared strings.
    pub shared_strings: u64,
    /// Formulas whose value is an error.
    pub error_formulas: u64,
    /// Bytes of records that are kept whole.
    pub kept_bytes: u64,
    /// The last record says it is longer than what is left of the part.
    pub cut_short: bool,
}

/// Measures a part from its start to its end.
///
/// # Errors
/// The part cannot be read.
pub fn measure(mut reader: impl Read) -> io::Result<Records> {
    let mut found = Records::default();
    loop {
        let Some(kind) = number(&mut reader, 2)? else { return Ok(found) };
        let Some(length) = number(&mut reader, 4)? else {
            found.cut_short = true;
            return Ok(found);
        };
        let length = u64::from(length);
        found.longest = found.longest.max(length);
        found.shared_strings += u64::from(kind == SHARED_STRING);
        found.error_formulas += u64::from(kind == ERROR_FORMULA);
        if KEPT.contains(&kind) {
            found.kept_bytes += length;
        }
        if io::copy(&mut (&mut reader).take(length), &mut io::sink())? < length {
            found.cut_short = true;
            return Ok(found);
        }
    }
}

/// A number of at most `most` bytes, seven bits each, the low ones first; `None` at the end.
fn number(reader: &mut impl Read, most: u32) -> io::Result<Option<u32>> {
    let mut value = 0;
    for place in 0..most {
        let mut byte = [0];
        if reader.read(&mut byte)? == 0 {
            return Ok(None);
        }
        value |= u32::from(byte[0] & 0x7f) << (7 * place);
        if byte[0] & 0x80 == 0 {
            break;
        }
    }
    Ok(Some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_measured_and_one_that_claims_too_much_is_seen() {
        // Type 0x13 of 3 bytes, type 0x19C (two bytes of type) of 130 bytes.
        let mut part = vec![0x13, 3, 1, 2, 3, 0x9c, 0x03, 0x82, 0x01];
        part.extend([7; 130]);
        let found = measure(&part[..]).expect("read");
        assert_eq!(found, Records { longest: 130, shared_strings: 1, ..Records::default() });
        part.extend([0x07, 0xff, 0xff, 0xff, 0x7f, 1]);
        let found = measure(&part[..]).expect("read");
        assert!(found.cut_short && found.longest == (1 << 28) - 1);
    }
}
