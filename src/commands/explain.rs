//! `mewshook explain`: what a diagnostic means, why it matters, and where the rule comes from.

use std::io::{self, Write};

use mewshook::checks::{rule, rules};
use mewshook::diagnostic::{Level, Rule};
use mewshook::report::indented;

use crate::cli::ExplainArgs;

use super::schema::wrapped;
use super::{Status, stdout};

const WIDTH: usize = 78;

pub(super) fn run(args: &ExplainArgs) -> anyhow::Result<Status> {
    let mut out = stdout();
    match args.code.as_deref().and_then(rule) {
        Some(rule) => explain(&mut out, rule)?,
        None => list(&mut out)?,
    }
    out.flush()?;
    Ok(Status::Good)
}

fn explain(out: &mut impl Write, rule: &Rule) -> io::Result<()> {
    writeln!(out, "{} ({})\n", rule.code, level(rule.level))?;
    for line in wrapped(rule.summary, WIDTH) {
        writeln!(out, "{line}")?;
    }
    writeln!(out)?;
    for line in wrapped(rule.why, WIDTH) {
        writeln!(out, "{line}")?;
    }
    for (title, example) in [("Before", rule.before), ("After", rule.after)] {
        writeln!(out, "\n{title}:\n")?;
        for line in indented(example).lines() {
            writeln!(out, "    {line}")?;
        }
    }
    writeln!(
        out,
        "\nSource: {}\n        {}",
        rule.source.what, rule.source.url
    )
}

fn list(out: &mut impl Write) -> io::Result<()> {
    for rule in rules() {
        writeln!(
            out,
            "{:<27} {:<7} {}",
            rule.code,
            short(rule.level),
            rule.summary
        )?;
    }
    writeln!(out, "\n`mewshook explain CODE` tells more of each.")
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::OnDemand => "warning, reported only with --deny",
        Level::Expectation => "error, reported only with --expect",
    }
}

fn short(level: Level) -> &'static str {
    match level {
        Level::Error | Level::Expectation => "error",
        Level::Warning | Level::OnDemand => "warning",
    }
}
