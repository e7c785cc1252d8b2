//! `sample --list`: the kinds and events that have a sample.

use std::io::{self, IsTerminal, Write};

use mewshook::contract::Event;
use mewshook::report::Style;
use mewshook::sample;

use crate::commands::wrap::wrap;

/// The widths of the columns before the description.
const KIND_WIDTH: usize = 17;
const NAME_WIDTH: usize = 30;
const SINCE_WIDTH: usize = 12;

/// Prints a line for each event. On a narrow terminal, the descriptions stand below the names.
pub(super) fn print(out: &mut impl Write, style: Style) -> io::Result<()> {
    let width = if io::stdout().is_terminal() {
        style.width
    } else {
        usize::MAX
    };
    let longest = sample::events().map(|event| event.summary.len()).max();
    let table_width = KIND_WIDTH + NAME_WIDTH + SINCE_WIDTH + longest.unwrap_or_default();
    for event in sample::events() {
        let Event {
            kind,
            name,
            since,
            summary,
            ..
        } = event;
        if table_width <= width {
            let kind = kind.name();
            writeln!(
                out,
                "{kind:<KIND_WIDTH$}{name:<NAME_WIDTH$}{since:<SINCE_WIDTH$}{summary}"
            )?;
        } else {
            for line in wrap(&format!("{kind}/{name}  {since}"), width) {
                writeln!(out, "{line}")?;
            }
            for line in wrap(summary, width.saturating_sub(4)) {
                writeln!(out, "    {line}")?;
            }
        }
    }
    out.flush()
}
