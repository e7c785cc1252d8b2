//! `mewshook explain`: what a diagnostic means, why it matters, and where the rule comes from.

use std::io::{self, IsTerminal, Write};
use std::iter;

use mewshook::checks::{rule, rules};
use mewshook::diagnostic::Level;
use mewshook::report::explain;

use crate::cli::ExplainArgs;
use crate::files::stdout;

use super::schema::wrapped;
use super::{Status, columns};

/// The longest line of prose, however wide the terminal.
const LONGEST: usize = 78;

pub(super) fn run(args: &ExplainArgs) -> anyhow::Result<Status> {
    let mut out = stdout();
    let width = columns().unwrap_or(LONGEST);
    match args.code.as_deref().and_then(rule) {
        Some(rule) => write!(out, "{}", explain(rule, width.min(LONGEST)))?,
        // In a pipe a rule is a line, for `grep`.
        None if !io::stdout().is_terminal() => list(&mut out, usize::MAX)?,
        None => list(&mut out, width)?,
    }
    out.flush()?;
    Ok(Status::Good)
}

fn list(out: &mut impl Write, width: usize) -> io::Result<()> {
    for rule in rules() {
        let label = format!("{:<27} {:<7}", rule.code, short(rule.level));
        if width < NARROW {
            writeln!(out, "{}", label.trim_end())?;
            hanging(out, "", 4, rule.summary, width)?;
        } else {
            hanging(out, &label, 36, rule.summary, width)?;
        }
    }
    writeln!(out, "\n`mewshook explain CODE` says more about each.")
}

/// Below this width, summaries stand below their codes.
const NARROW: usize = 70;

/// Writes a text behind a label, its lines all starting in one column.
fn hanging(
    out: &mut impl Write,
    label: &str,
    indent: usize,
    text: &str,
    width: usize,
) -> io::Result<()> {
    let lines = wrapped(text, width.saturating_sub(indent));
    let labels = iter::once(label).chain(iter::repeat(""));
    labels
        .zip(lines)
        .try_for_each(|(label, line)| writeln!(out, "{label:<indent$}{line}"))
}

fn short(level: Level) -> &'static str {
    if level.is_error() { "error" } else { "warning" }
}
