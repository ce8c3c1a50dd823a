//! What a layout states of the positions of a row of fixed width.

use super::{ColumnRule, ColumnSource, FixedPosition, Format, SourceOptions};
use crate::problem::reader::Section;

/// Positions, widths and lengths of a row of fixed width are at most as long as a row may be (64 MiB).
pub const LONGEST_RECORD: i64 = 64 << 20;

/// A row of fixed width has positions, and a row with a heading has names; which of the two, the columns say where `format` does not.
pub fn check_fixed_width(
    top: &mut Section<'_>,
    source: &mut SourceOptions,
    columns: &[ColumnRule],
    written_at: &[std::ops::Range<usize>],
) {
    let is_fixed = |column: &ColumnRule| matches!(column.source, ColumnSource::Fixed(_));
    if source.format.is_none() && columns.iter().any(is_fixed) {
        source.format = Some(Format::FixedWidth);
    }
    for (column, span) in columns.iter().zip(written_at) {
        if let (ColumnSource::Fixed(positions), Some(length)) = (&column.source, source.record_length)
            // The last field of a record may be shorter than its width: what is there is read.
            && let Some(start) = positions.iter().map(|place| place.start).max().filter(|start| *start > length)
        {
            top.problem(
                "contradiction",
                span.clone(),
                format!(
                    "`{}` starts at {start}, behind the end of the record: record_length is {length}",
                    column.field.name()
                ),
                Some("state the length of the whole record, or leave record_length out".to_owned()),
            );
        }
        let has_name = matches!(column.source, ColumnSource::Named(_) | ColumnSource::Positions(_));
        if source.format == Some(Format::FixedWidth) && has_name {
            top.problem(
                "contradiction",
                span.clone(),
                format!("`{}` names a column, and a row of fixed width has no names", column.field.name()),
                Some("write its position: { start = 42, width = 6 }, or several: { positions = [{ start = 42, width = 6 }, ...] }".to_owned()),
            );
        } else if source.format != Some(Format::FixedWidth) && is_fixed(column) {
            top.problem(
                "contradiction",
                span.clone(),
                format!("`{}` has a position, and the format of the layout is not fixed_width", column.field.name()),
                Some("write format = \"fixed_width\" under [source], or the name of the column".to_owned()),
            );
        }
    }
}

/// Positions of a fixed-width row: `start` and `width`, with `repeat` and `step` where they come again and again, or a list of `positions`.
pub fn read_fixed(column: &mut Section<'_>) -> Vec<FixedPosition> {
    const MOST: i64 = 120;
    let one = |section: &mut Section<'_>| {
        let start = section.number("start", 1..=LONGEST_RECORD);
        let width = section.number("width", 1..=LONGEST_RECORD);
        if let (Some(start), None) = (&start, &width)
            && !section.has("width")
        {
            let message = "a fixed-width column needs `width` beside `start`";
            section.problem("missing-key", start.span.clone(), message, None);
        }
        let width = width.map_or(1, |width| width.value as usize);
        start.map(|start| FixedPosition { start: start.value as usize, width })
    };
    let mut positions = Vec::new();
    if column.has("positions") {
        for position in column.sections("positions", |section| {
            let position = one(section);
            if position.is_none() && !section.has("start") {
                let span = section.span.clone();
                section.problem("missing-key", span, "a position needs `start` and `width`", None);
            }
            position
        }) {
            positions.extend(position);
        }
    }
    let repeat = column.number("repeat", 1..=MOST);
    let step = column.number("step", 1..=LONGEST_RECORD);
    if let Some(first) = one(column) {
        let times = repeat.as_ref().map_or(1, |repeat| repeat.value);
        let distance = step.as_ref().map_or(first.width, |step| step.value as usize);
        if let Some(step) = step.as_ref().filter(|step| (step.value as usize) < first.width) {
            let message = "`step` is shorter than `width`, so that the fields would overlap";
            column.problem("out-of-range", step.span.clone(), message, None);
        }
        if let (Some(step), false) = (&step, column.has("repeat")) {
            column.problem("no-effect", step.span.clone(), "`step` has no meaning without `repeat`", None);
        }
        positions.extend(
            (0..times as usize).map(|time| FixedPosition { start: first.start + time * distance, width: first.width }),
        );
    } else if let (false, Some(span)) =
        (column.has("start"), ["repeat", "step"].into_iter().find_map(|key| column.value_span(key)))
    {
        column.problem("no-effect", span, "`repeat` and `step` go with `start` and `width`", None);
    }
    let mut places = positions.clone();
    places.sort_unstable_by_key(|place| place.start);
    if let (true, Some(span)) =
        (places.windows(2).any(|pair| pair[0].start + pair[0].width > pair[1].start), column.value_span("positions"))
    {
        column.problem("out-of-range", span, "positions of one field overlap", None);
    }
    positions
}
