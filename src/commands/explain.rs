//! `mewshook explain`: prints the documentation of a diagnostic, or lists all codes.

use std::io::{self, IsTerminal, Write};

use mewshook::checks::{rule, rules};
use mewshook::diagnostic::Level;
use mewshook::report::explain;

use crate::cli::ExplainArgs;
use crate::files::stdout;

use super::wrap::wrap;
use super::{Status, columns};

/// The maximum width of the documentation: longer lines are hard to read.
const MAX_WIDTH: usize = 78;

/// The width below which summaries stand below their codes.
const MIN_TABLE_WIDTH: usize = 70;

pub(super) fn run(args: &ExplainArgs) -> anyhow::Result<Status> {
    let mut out = stdout();
    let width = columns().unwrap_or(MAX_WIDTH);
    match args.code.as_deref().and_then(rule) {
        Some(rule) => write!(out, "{}", explain(rule, width.min(MAX_WIDTH)))?,
        // In a pipe each rule is one line, for `grep`.
        None if !io::stdout().is_terminal() => list(&mut out, usize::MAX)?,
        None => list(&mut out, width)?,
    }
    out.flush()?;
    Ok(Status::Success)
}

/// Prints a line for each rule, wrapped to `width` columns.
fn list(out: &mut impl Write, width: usize) -> io::Result<()> {
    for rule in rules() {
        let label = format!("{:<27} {:<7}", rule.code, short(rule.level));
        if width < MIN_TABLE_WIDTH {
            writeln!(out, "{}", label.trim_end())?;
            write_column(out, "", 4, rule.summary, width)?;
        } else {
            write_column(out, &label, 36, rule.summary, width)?;
        }
    }
    writeln!(out, "\n`mewshook explain CODE` says more about each.")
}

/// Writes a text to the right of a label: all its lines start in column `indent`.
fn write_column(
    out: &mut impl Write,
    label: &str,
    indent: usize,
    text: &str,
    width: usize,
) -> io::Result<()> {
    let mut label = label;
    for line in wrap(text, width.saturating_sub(indent)) {
        writeln!(out, "{label:<indent$}{line}")?;
        label = "";
    }
    Ok(())
}

fn short(level: Level) -> &'static str {
    if level.is_error() { "error" } else { "warning" }
}
