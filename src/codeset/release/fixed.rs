//! Releases in columns: order files, codes files, addenda, titles of ICD-9-CM, general equivalence maps.

use std::collections::BTreeSet;

use super::{BadLines, Kind, Release, ReleaseFault};

/// Tells the kind by the first line and reads all.
pub fn read(name: &str, first: &str, text: &str) -> Result<Release, ReleaseFault> {
    if ["Add:", "Delete:", "Revise from:", "Revise to:"].iter().any(|word| first.starts_with(word)) {
        return addenda(text);
    }
    if first.len() >= 16 && is_digits(&first[..5]) && first.as_bytes()[5] == b' ' && first.is_char_boundary(16) {
        return order(text);
    }
    if gem_row(first).is_some() {
        return gem(text);
    }
    titles(name, text)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_code(text: &str) -> bool {
    (2..=7).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// Lines with their numbers, line ends and blank lines left out.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(at, line)| (at + 1, line.trim_end())).filter(|(_, line)| !line.is_empty())
}

/// Characters `from` to `to` of a line of ASCII columns; the title after them may hold other letters.
fn columns(line: &str, from: usize, to: usize) -> Option<&str> {
    line.get(from..to.min(line.len())).map(str::trim)
}

/// 1-5 order, 7-13 code, 15 billable, 17-76 short title, 78 on long title.
fn order(text: &str) -> Result<Release, ReleaseFault> {
    let mut bad = BadLines::default();
    let mut rows = Vec::new();
    let mut billable = 0;
    let mut pcs = true;
    for (number, line) in lines(text) {
        let (Some(order), Some(code), Some(flag)) = (columns(line, 0, 5), columns(line, 6, 13), columns(line, 14, 15))
        else {
            bad.add(number, "it is shorter than its columns");
            continue;
        };
        if order.parse() != Ok(rows.len() + 1) {
            bad.add(number, "its order number does not follow the one before");
        } else if !is_code(code) {
            bad.add(number, "characters 7 to 13 are no code");
        } else if !matches!(flag, "0" | "1") {
            bad.add(number, "character 15 is neither 0 nor 1");
        } else {
            let titles = (columns(line, 16, 76), line.get(77..).map(str::trim));
            let (Some(short), Some(long)) = titles else {
                bad.add(number, "it ends before its long title");
                continue;
            };
            pcs &= rows.len() > 3 || code.starts_with('0');
            billable += u64::from(flag == "1");
            rows.push([code, flag, short, long].map(str::to_owned).to_vec());
            continue;
        }
        // The numbers that follow are held to this line.
        rows.push(vec![String::new(); 4]);
    }
    let kind = if pcs { Kind::Icd10Pcs } else { Kind::Icd10Cm };
    bad.check(kind)?;
    let figures = vec![("rows".to_owned(), rows.len() as u64), ("billable codes".to_owned(), billable)];
    Ok(Release { kind, columns: names(&["code", "billable", "short_title", "title"]), rows, figures })
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// `Add:`, `Delete:`, `Revise from:`, `Revise to:` in characters 1 to 12; of an order file then flag, code, short and long title, of a codes file code and title.
/// Free text follows, with the counts that the file itself states.
fn addenda(text: &str) -> Result<Release, ReleaseFault> {
    let mut bad = BadLines::default();
    let mut rows = Vec::new();
    let mut of_order = None;
    let mut counts = [0u64; 4];
    const WORDS: [(&str, &str); 4] =
        [("Add:", "add"), ("Delete:", "delete"), ("Revise from:", "revise from"), ("Revise to:", "revise to")];
    for (number, line) in lines(text) {
        let Some(place) = WORDS.iter().position(|(word, _)| line.starts_with(word)) else { continue };
        // In an order file's addenda the flag stands alone in character 14.
        let has_flag = line.as_bytes().get(14) == Some(&b' ') && matches!(line.as_bytes().get(13), Some(b'0' | b'1'));
        let order = *of_order.get_or_insert(has_flag);
        let (code, title) = if order {
            (columns(line, 15, 22), line.get(84..).map(str::trim).or_else(|| columns(line, 23, 83)))
        } else {
            (columns(line, 13, 20), line.get(21..).map(str::trim))
        };
        let (Some(code), Some(title)) = (code, title) else {
            bad.add(number, "it is shorter than its columns");
            continue;
        };
        if order != has_flag || !is_code(code) || title.is_empty() {
            bad.add(number, "its columns hold no code and title");
            continue;
        }
        counts[place] += 1;
        let billable = if order { columns(line, 13, 14).unwrap_or("1") } else { "1" };
        rows.push([WORDS[place].1, code, billable, title].map(str::to_owned).to_vec());
    }
    let kind = if of_order == Some(true) { Kind::OrderAddenda } else { Kind::CodesAddenda };
    bad.check(kind)?;
    if counts[2] != counts[3] {
        let reason = format!("{} revisions say what was, {} what is", counts[2], counts[3]);
        return Err(ReleaseFault::CutShort { kind: kind.title(), reason });
    }
    let figures = [("added", counts[0]), ("deleted", counts[1]), ("revised", counts[2])]
        .map(|(name, count)| (name.to_owned(), count));
    Ok(Release { kind, columns: names(&["change", "code", "billable", "title"]), rows, figures: figures.to_vec() })
}

/// Source, target and five flags: approximate, no map, combination, scenario, choice list. CMS writes one target of 2018 in lower case (`v5889`).
fn gem_row(line: &str) -> Option<[&str; 3]> {
    let mut parts = line.split_ascii_whitespace();
    let (source, target, flags) = (parts.next()?, parts.next()?, parts.next()?);
    let sound = parts.next().is_none()
        && is_code(source)
        && (is_code(&target.to_ascii_uppercase()))
        && flags.len() == 5
        && is_digits(flags);
    sound.then_some([source, target, flags])
}

fn gem(text: &str) -> Result<Release, ReleaseFault> {
    let mut bad = BadLines::default();
    let mut rows: Vec<Vec<String>> = Vec::new();
    let (mut no_map, mut combinations) = (0, 0);
    let mut sources = BTreeSet::new();
    let (mut sources_of_seven, mut targets_of_seven, mut letters_first) = (true, true, true);
    for (number, line) in lines(text) {
        let Some([source, target, flags]) = gem_row(line) else {
            bad.add(number, "it is not a source, a target and five flags");
            continue;
        };
        // Some files name no target and leave the flag out (`NoI9`).
        let nothing = flags.as_bytes()[1] == b'1' || target.starts_with("No");
        no_map += u64::from(nothing);
        combinations += u64::from(flags.as_bytes()[2] == b'1');
        sources_of_seven &= source.len() == 7;
        targets_of_seven &= nothing || target.len() == 7;
        letters_first &= source.as_bytes()[0].is_ascii_uppercase();
        sources.insert(source.to_owned());
        let target = if nothing { target.to_owned() } else { target.to_ascii_uppercase() };
        rows.push(vec![source.to_owned(), target, flags.to_owned()]);
    }
    let kind = match (sources_of_seven, targets_of_seven, letters_first) {
        (false, true, _) => Kind::GemProceduresForward,
        (true, false, _) => Kind::GemProceduresBackward,
        (false, false, true) => Kind::GemBackward,
        _ => Kind::GemForward,
    };
    bad.check(kind)?;
    let figures = [
        ("rows", rows.len() as u64),
        ("sources", sources.len() as u64),
        ("sources without a map", no_map),
        ("combination rows", combinations),
    ];
    Ok(Release {
        kind,
        columns: names(&["source", "target", "flags"]),
        rows,
        figures: figures.map(|(name, count)| (name.to_owned(), count)).to_vec(),
    })
}

/// A code, blanks, a title: the codes file of ICD-10-CM and the title files of ICD-9-CM.
fn titles(name: &str, text: &str) -> Result<Release, ReleaseFault> {
    let mut bad = BadLines::default();
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut diagnoses = false;
    let mut longest = 0;
    let mut letters = 0;
    for (number, line) in lines(text) {
        let sound = line
            .split_once(' ')
            .map(|(code, title)| (code, title.trim()))
            .filter(|(code, title)| is_code(code) && !title.is_empty());
        let Some((code, title)) = sound else {
            bad.add(number, "it is not a code and a title");
            continue;
        };
        diagnoses |= code.len() == 5 || code.starts_with(['E', 'V']);
        letters += usize::from(code.starts_with(|letter: char| letter.is_ascii_uppercase()));
        longest = longest.max(code.len());
        rows.push(vec![code.to_owned(), title.to_owned()]);
    }
    if rows.is_empty() || bad.count > rows.len() {
        return Err(ReleaseFault::Unknown);
    }
    let short = name.to_ascii_lowercase().contains("short");
    let kind = match (letters == rows.len(), diagnoses, short) {
        (true, ..) if longest > 5 => Kind::Icd10CmCodes,
        (_, true, false) => Kind::Icd9CmLong,
        (_, true, true) => Kind::Icd9CmShort,
        (_, false, false) => Kind::Icd9PcsLong,
        (_, false, true) => Kind::Icd9PcsShort,
    };
    bad.check(kind)?;
    let figures = vec![("codes".to_owned(), rows.len() as u64)];
    Ok(Release { kind, columns: names(&["code", "title"]), rows, figures })
}
