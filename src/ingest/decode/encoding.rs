//! Which encoding a text is in, where neither a mark nor a layout tells.

use std::io::Read;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::{UnpackingLimit, decompression_fault};
use crate::ingest::fault::SourceFault;

/// Bytes of broken UTF-8 after which text that shows no sound character beyond ASCII is not looked at further.
const ENOUGH_BROKEN: u64 = 256;
/// Bytes shown to the detector of single-byte encodings.
const DETECTOR_BYTES: usize = 4 << 20;

/// Decides the encoding of text that neither a mark nor a layout tells: UTF-16 by its zero bytes; UTF-8 where the whole file proves it, or where far more
/// characters beyond ASCII are sound than broken (the rows that hold the broken ones are then rejected alone); otherwise the likeliest single-byte encoding. The flag says
/// that it is a guess.
///
/// # Errors
/// The file cannot be read to its end, or unpacks to more than an export may.
pub fn find_encoding(
    head: &[u8],
    rest: &mut dyn Read,
    limit: UnpackingLimit,
) -> Result<(&'static Encoding, bool), SourceFault> {
    if let Some(encoding) = utf16_by_zeros(head) {
        return Ok((encoding, true));
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    let mut shown = 0;
    let mut proof = Utf8Proof::default();
    let mut piece: Vec<u8> = head.to_vec();
    let mut given = head.len() as u64;
    let mut buffer = vec![0; 1 << 20];
    loop {
        let (broken, cut) = proof.look_at(&piece);
        if broken > 0 && shown < DETECTOR_BYTES {
            detector.feed(&piece, false);
            shown += piece.len();
        }
        // Only the bytes of a character that a piece cuts in two are carried over.
        piece.drain(..piece.len() - cut);
        if proof.broken > ENOUGH_BROKEN && proof.sound == 0 {
            break;
        }
        let count = rest.read(&mut buffer).map_err(decompression_fault)?;
        if count == 0 {
            break;
        }
        given += count as u64;
        limit.check(given)?;
        piece.extend_from_slice(&buffer[..count]);
    }
    if proof.broken == 0 && piece.is_empty() {
        return Ok((UTF_8, false));
    }
    // A file cut short in the middle of a character ends with a piece of one.
    if proof.sound >= 4 * (proof.broken + u64::from(!piece.is_empty())) {
        return Ok((UTF_8, true));
    }
    detector.feed(&piece, true);
    Ok((detector.guess(None, chardetng::Utf8Detection::Deny), true))
}

/// Characters beyond ASCII that are sound UTF-8, and places that are not. Text of a single-byte encoding hardly ever makes a sound one by chance.
#[derive(Default)]
struct Utf8Proof {
    sound: u64,
    broken: u64,
}

impl Utf8Proof {
    /// Counts a piece of text; returns its broken places, and the bytes at its end that may be the begin of a character.
    fn look_at(&mut self, piece: &[u8]) -> (u64, usize) {
        // Most pieces of most exports are ASCII alone, and that is told fastest.
        if piece.is_ascii() {
            return (0, 0);
        }
        let mut broken = 0;
        let mut rest = piece;
        loop {
            match std::str::from_utf8(rest) {
                Ok(_) => {
                    self.sound += first_bytes(rest);
                    self.broken += broken;
                    return (broken, 0);
                }
                Err(error) => {
                    let (valid, after) = rest.split_at(error.valid_up_to());
                    self.sound += first_bytes(valid);
                    match error.error_len() {
                        None => {
                            self.broken += broken;
                            return (broken, after.len());
                        }
                        Some(length) => {
                            broken += 1;
                            rest = &after[length..];
                        }
                    }
                }
            }
        }
    }
}

/// Characters beyond ASCII in sound UTF-8: each has one byte from 0xC0 up.
fn first_bytes(text: &[u8]) -> u64 {
    text.iter().filter(|byte| **byte >= 0xc0).count() as u64
}

/// UTF-16 without a mark: most characters of an export are ASCII, so every second byte is zero.
fn utf16_by_zeros(head: &[u8]) -> Option<&'static Encoding> {
    let sample = &head[..head.len().min(4096) & !1];
    let half = sample.len() / 2;
    if half < 2 {
        return None;
    }
    let zeros = |parity: usize| sample.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if odd * 10 >= half * 7 && even * 10 < half {
        Some(UTF_16LE)
    } else if even * 10 >= half * 7 && odd * 10 < half {
        Some(UTF_16BE)
    } else {
        None
    }
}
