//! The table below a report: how many diagnostics of each rule and place it does not show.

use std::cmp::Reverse;
use std::io::{self, Write};

use colored::Colorize;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::super::wording::grouped;
use super::super::wrap;

/// The maximum number of lines of the table.
const MAX_LINES: usize = 50;

/// The place of a diagnostic that concerns a whole payload, or its syntax.
const ROOT: &str = "(the payload)";

/// The headers of the columns.
const HEADERS: [&str; 4] = ["not shown", "of", "code", "place"];

/// The number of diagnostics of a rule at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Count<'c> {
    pub(super) code: &'c str,
    pub(super) place: &'c str,
    pub(super) total: u64,
    pub(super) not_shown: u64,
}

/// Writes the number of diagnostics that were not shown, those of each rule and place, and a blank line.
pub(super) fn write(
    out: &mut impl Write,
    max_width: Option<usize>,
    mut counts: Vec<Count<'_>>,
) -> io::Result<()> {
    if counts.is_empty() {
        return Ok(());
    }
    counts.sort_by_key(|count| (Reverse(count.not_shown), count.code, count.place));
    let not_shown = sum(&counts);
    let noun = if not_shown == 1 {
        "diagnostic"
    } else {
        "diagnostics"
    };
    let title = format!(
        "and {} more {noun} of these rules at these places; --max-per-rule shows more",
        grouped(not_shown)
    );
    wrap::write(out, max_width, "", &title)?;
    let (listed, rest) = counts.split_at(counts.len().min(MAX_LINES));
    let rows = listed.iter().map(|count| {
        let place = if count.place.is_empty() {
            ROOT
        } else {
            count.place
        };
        let (not_shown, total) = (grouped(count.not_shown), grouped(count.total));
        [not_shown, total, count.code.to_owned(), place.to_owned()]
    });
    let rows: Vec<_> = rows.collect();
    let widths = [0, 1, 2].map(|column| {
        let cells = rows.iter().map(|row| row[column].width());
        cells.chain([HEADERS[column].len()]).max().unwrap_or(0)
    });
    let header = line(&HEADERS, widths, max_width);
    writeln!(out, "{}", header.dimmed())?;
    for row in &rows {
        let cells = row.each_ref().map(String::as_str);
        writeln!(out, "{}", line(&cells, widths, max_width))?;
    }
    if !rest.is_empty() {
        let text = format!(
            "{} at {} more places",
            grouped(sum(rest)),
            grouped(rest.len())
        );
        wrap::write(out, max_width, "  ", &text)?;
    }
    writeln!(out)
}

fn sum(counts: &[Count<'_>]) -> u64 {
    counts.iter().map(|count| count.not_shown).sum()
}

/// Returns a line of the table. On a terminal the place is cut to fit, at its start: its end says more.
fn line(cells: &[&str; 4], widths: [usize; 3], max_width: Option<usize>) -> String {
    let [not_shown, total, code, place] = cells;
    let [first, second, third] = widths;
    let before = format!("  {not_shown:>first$}  {total:>second$}  {code:third$}  ");
    let place = match max_width {
        Some(max_width) => end_of(place, max_width.saturating_sub(before.width())),
        None => (*place).to_owned(),
    };
    format!("{before}{place}")
}

/// Returns as much of the end of a text as `width` columns take, with an ellipsis if it was cut.
fn end_of(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut left = width.saturating_sub(1);
    let mut start = text.len();
    for (offset, character) in text.char_indices().rev() {
        let character_width = character.width().unwrap_or(0);
        if character_width > left {
            break;
        }
        left -= character_width;
        start = offset;
    }
    format!("…{}", &text[start..])
}
