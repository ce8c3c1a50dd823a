//! Room on the disk.

use super::Remark;
use crate::{
    fs::{EntryKind, list, octets_of, path::shown, probe::free_octets},
    plan::Plan,
    run::follow_up::link_to_newest,
};

pub fn examine(plan: &Plan) -> Vec<Remark> {
    let mut files: Vec<_> = plan.feeds.iter().flat_map(|feed| &feed.files).collect();
    files.sort_unstable();
    files.dedup();
    let inputs = files.iter().filter_map(|file| octets_of(file)).sum();
    let entries = list(&link_to_newest(plan)).unwrap_or_default();
    let last = entries.iter().map(|entry| if let EntryKind::File(octets) = entry.kind { octets } else { 0 }).sum();
    let Some(free) = free_octets(&plan.output) else { return Vec::new() };
    let needed = needed(inputs, last);
    if free >= needed {
        return Vec::new();
    }
    vec![Remark::fails(
        format!(
            "{} has room for {} MB more, and the run may need {} MB",
            shown(&plan.output),
            free / MEGABYTE,
            needed.div_ceil(MEGABYTE)
        ),
        "On a full disk the run ends with 74, and nothing is published",
        "Make room, or let `keep_outputs_days` remove old folders",
    )]
}

const MEGABYTE: u64 = 1_000_000;

/// Octets that a run may need: an output like the last one, or like its inputs where they are larger, and its inputs once more for rows that are sorted on
/// disk; and something for a small site.
fn needed(inputs: u64, last: u64) -> u64 {
    last.max(inputs).saturating_add(inputs).saturating_add(10 * MEGABYTE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_needs_room_for_its_output_and_for_sorting() {
        assert_eq!(needed(0, 0), 10 * MEGABYTE);
        assert_eq!(needed(100 * MEGABYTE, 40 * MEGABYTE), 210 * MEGABYTE);
        assert_eq!(needed(100 * MEGABYTE, 300 * MEGABYTE), 410 * MEGABYTE);
    }
}
