//! `mewshook explain`: what a diagnostic means, why it matters, and where the rule comes from.

use std::io::{self, IsTerminal, Write};
use std::iter;

use mewshook::checks::{rule, rules};
use mewshook::diagnostic::{Level, Rule};
use mewshook::report::indented;

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
        Some(rule) => explain(&mut out, rule, width.min(LONGEST))?,
        // In a pipe a rule is a line, for `grep`.
        None if !io::stdout().is_terminal() => list(&mut out, usize::MAX)?,
        None => list(&mut out, width)?,
    }
    out.flush()?;
    Ok(Status::Good)
}

fn explain(out: &mut impl Write, rule: &Rule, width: usize) -> io::Result<()> {
    writeln!(out, "{} ({})\n", rule.code, level(rule.level))?;
    for line in wrapped(rule.summary, width) {
        writeln!(out, "{line}")?;
    }
    writeln!(out)?;
    for line in wrapped(rule.why, width) {
        writeln!(out, "{line}")?;
    }
    for (title, example) in rule.examples() {
        writeln!(out, "\n{title}:\n")?;
        for line in indented(example).lines() {
            writeln!(out, "    {line}")?;
        }
    }
    writeln!(out)?;
    hanging(out, "Source:", 8, rule.source.what, width)?;
    let url = rule.source.url;
    let indent = width.saturating_sub(url.len()).min(8);
    writeln!(out, "{:indent$}{url}", "")
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

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::OnDemand => "warning, reported only with --deny",
        Level::Expectation => "error, reported only with --expect",
        Level::Internal => "error, a fault of mewshook",
    }
}

fn short(level: Level) -> &'static str {
    if level.is_error() { "error" } else { "warning" }
}
