//! A bag whose tag files may say anything.

use std::cell::OnceCell;

use chartroom::archive::verify::verify;

/// The files of a sound bag (RFC 8493); the one that a case has is chosen by its first byte.
const FILES: [(&str, &str); 5] = [
    ("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"),
    ("manifest-sha256.txt", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  data/a.txt\n"),
    ("bag-info.txt", "Payload-Oxum: 3.1\nBagging-Date: 2026-11-01\nNote: one\n  and on\n"),
    ("fetch.txt", ""),
    ("tagmanifest-sha256.txt", ""),
];

pub fn seeds() -> Vec<Vec<u8>> {
    let seed = |(at, (_, text)): (usize, &(&str, &str))| [&[b'0' + at as u8], text.as_bytes()].concat();
    let mut seeds: Vec<Vec<u8>> = FILES.iter().enumerate().map(seed).collect();
    seeds.push(b"3https://example.org/a 3 data/a.txt\nhttps://example.org/b - data/../../b%0A.txt\n".to_vec());
    seeds
        .push(b"1BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD *data/a.txt\r\n00 data/b\n".to_vec());
    seeds
}

/// A verdict is given, the same twice, and valid only without errors; a manifest that does not have the digest of the payload is never valid.
pub fn run(bytes: &[u8]) {
    thread_local!(static BAG: OnceCell<tempfile::TempDir> = const { OnceCell::new() });
    let [which, content @ ..] = bytes else { return };
    let which = usize::from(*which) % FILES.len();
    BAG.with(|bag| {
        let bag = bag.get_or_init(|| tempfile::tempdir().expect("a folder")).path();
        std::fs::create_dir_all(bag.join("data")).expect("made");
        std::fs::write(bag.join("data/a.txt"), "abc").expect("written");
        for (at, (name, sound)) in FILES.iter().enumerate() {
            let text = if at == which { content } else { sound.as_bytes() };
            let path = bag.join(name);
            if at == which || !text.is_empty() {
                std::fs::write(path, text).expect("written");
            } else if path.exists() {
                std::fs::remove_file(path).expect("removed");
            }
        }
        let verdict = verify(bag);
        assert_eq!(verdict, verify(bag));
        assert_eq!(verdict.valid, verdict.errors().next().is_none());
        assert!(verdict.complete || !verdict.valid);
        let has_digest =
            String::from_utf8_lossy(content).to_ascii_lowercase().contains(FILES[1].1.split(' ').next().unwrap_or("?"));
        assert!(!verdict.valid || which != 1 || has_digest);
    });
}
