//! Paths as people read and write them.

use std::path::{Component, Path, PathBuf};

use super::folder_of;
use crate::record::shown;

/// A path as a message shows it: [`plain`], and what cannot be seen in its names as escapes.
pub fn shown(path: &Path) -> String {
    shown::path(&plain(path))
}

/// A path without detours: `pipelines/../fixtures` is `fixtures`, unless `pipelines` is a link: what lies above it is elsewhere then.
pub fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir
                if matches!(plain.components().next_back(), Some(Component::Normal(_))) && !plain.is_symlink() =>
            {
                plain.pop();
            }
            Component::CurDir => {}
            _ => plain.push(part),
        }
    }
    if plain.as_os_str().is_empty() { PathBuf::from(".") } else { plain }
}

/// The last name of a path; empty where it has none.
pub fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// Names of the files beside a path.
pub fn neighbours(path: &Path) -> Vec<String> {
    let folder = folder_of(path).to_string_lossy().into_owned();
    let pattern = Path::new(&glob::Pattern::escape(&folder)).join("*");
    let Ok(found) = glob::glob(&pattern.to_string_lossy()) else { return Vec::new() };
    found.filter_map(Result::ok).filter(|path| !path.is_dir()).map(|path| file_name(&path)).collect()
}
