//! Files that lie where feeds look, and that no feed reads: those first whose names are nearest to what is looked for.

use std::{
    cmp::Reverse,
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use crate::{
    fs::{self, path::shown},
    plan::FeedPlan,
    record::listed::some_of,
};

/// The files that feeds read, as a person would write them.
pub fn files_read<'p>(feeds: impl IntoIterator<Item = &'p FeedPlan>) -> BTreeSet<String> {
    feeds.into_iter().flat_map(|feed| &feed.files).map(|file| shown(file)).collect()
}

/// By folder in which feeds look: the files that are not among the `read` ones. Hidden files are left alone: they are often half written.
pub fn unread_files(feeds: &[&FeedPlan], read: &BTreeSet<String>) -> Vec<Vec<PathBuf>> {
    let of_files = feeds.iter().flat_map(|feed| &feed.files).map(|file| fs::folder_of(file).to_owned());
    // Where a pattern has signs in its folders there is no folder of that name, and nothing is looked at.
    let of_patterns = feeds.iter().flat_map(|feed| &feed.looked_for);
    let of_patterns = of_patterns.map(|pattern| fs::folder_of(Path::new(pattern)).to_owned());
    let folders: BTreeSet<String> = of_files.chain(of_patterns).map(|folder| shown(&folder)).collect();
    let mut unread = Vec::new();
    for folder in folders {
        let Ok(entries) = fs::entries_of(Path::new(&folder)) else { continue };
        let mut files: Vec<PathBuf> = entries
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .filter(|path| !path.is_dir() && !name_of(path).starts_with('.') && !read.contains(&shown(path)))
            .collect();
        // Of names that are equally near the later days come first: it is tonight's file that is looked for.
        files.sort_by_cached_key(|file| {
            let name = name_of(file);
            let nearest = feeds.iter().map(|feed| distance(feed, &name)).min().unwrap_or(usize::MAX);
            (nearest, Reverse(name))
        });
        unread.push(files);
    }
    unread.retain(|files| !files.is_empty());
    unread
}

/// What to add where a file of a feed did not come, and one lies there that the run does not read and that may be it: its name is like what is looked for,
/// or ends as that does. Empty where there is none.
pub fn may_be_it(feed: &FeedPlan, feeds: &[FeedPlan]) -> String {
    let unread = unread_files(&[feed], &files_read(feeds));
    let names: Vec<String> =
        unread.iter().flatten().map(|path| name_of(path)).filter(|name| is_like(feed, name)).collect();
    match names.as_slice() {
        [] => String::new(),
        [name] => format!("; a file lies there that this run does not read: {name}"),
        names => format!("; files lie there that this run does not read: {}", some_of(names)),
    }
}

/// Letters that differ between a name and the nearest pattern of a feed, whatever their case. Digits are of the day.
fn distance(feed: &FeedPlan, name: &str) -> usize {
    let patterns = feed.looked_for.iter().map(|pattern| name_of(Path::new(pattern)));
    patterns.map(|pattern| strsim::osa_distance(&letters(&pattern), &letters(name))).min().unwrap_or(usize::MAX)
}

fn is_like(feed: &FeedPlan, name: &str) -> bool {
    let ending = |name: &str| Path::new(name).extension().map(|ending| ending.to_string_lossy().to_lowercase());
    feed.looked_for.iter().any(|pattern| {
        let pattern = name_of(Path::new(pattern));
        let own = letters(&pattern);
        strsim::osa_distance(&own, &letters(name)) * 2 <= own.chars().count() || ending(&pattern) == ending(name)
    })
}

fn letters(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphabetic()).collect::<String>().to_lowercase()
}

fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}
