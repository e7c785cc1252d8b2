//! The `human` format of statistics: totals, then lists.

use std::io::{self, Write};

use chrono::{DateTime, Utc};
use colored::Colorize;

use crate::query::Stats;
use crate::report::wording::grouped;
use crate::report::wrap;

use super::StatsFormat;
use super::lists::Lists;

pub(super) static FORMAT: StatsFormat = StatsFormat {
    name: "human",
    about: "Text for people",
    write: |out, stats, options| {
        write_totals(out, stats, options.style.max_width())?;
        Lists::new(out, stats, options).write(stats)
    },
};

/// Writes the totals, and what is known about the payloads as a whole.
fn write_totals(
    mut out: &mut dyn Write,
    stats: &Stats,
    max_width: Option<usize>,
) -> io::Result<()> {
    let expected = match stats.expected {
        0 => String::new(),
        count => format!("{} invalid as expected, ", grouped(count)),
    };
    let payloads = |count| quantity(count, "payload", "payloads");
    let inputs = |count| quantity(count, "input", "inputs");
    let mut line = format!(
        "{}: {} valid, {expected}{} invalid, {}, {}",
        payloads(stats.payloads),
        grouped(stats.valid),
        grouped(stats.invalid),
        quantity(stats.errors, "error", "errors"),
        quantity(stats.warnings, "warning", "warnings"),
    );
    if stats.skipped > 0 {
        let skipped = quantity(
            stats.skipped,
            "other record or line",
            "other records or lines",
        );
        line = format!("{line}; {skipped} skipped");
    }
    if stats.unreadable > 0 {
        line = format!("{line}; {} not read", inputs(stats.unreadable));
    }
    if stats.empty > 0 {
        line = format!("{line}; {} without a payload", inputs(stats.empty));
    }
    wrap::write(&mut out, max_width, "", &line)?;
    if stats.payloads == 0 {
        return Ok(());
    }
    let first = stats.first.map(shown_time);
    let last = stats
        .last
        .map(shown_time)
        .filter(|last| first.as_ref() != Some(last));
    let mut time = match (first, last) {
        (Some(first), Some(last)) => format!("{first} to {last} UTC"),
        (Some(first), None) => format!("{first} UTC"),
        (None, _) => "not known".to_owned(),
    };
    if stats.first.is_some() && stats.untimed > 0 {
        time = format!("{time}; {} without a time", payloads(stats.untimed));
    }
    let mut facts = vec![
        ("size", quantity(stats.bytes, "byte", "bytes")),
        ("time", time),
    ];
    if let Some(distinct) = &stats.distinct {
        let entities = quantity(distinct.entities(), "entity", "entities");
        let bodies = quantity(distinct.bodies(), "body", "bodies");
        let duplicates = quantity(distinct.duplicates(), "duplicate", "duplicates");
        facts.push(("distinct", format!("{entities}, {bodies}; {duplicates}")));
    }
    for (label, text) in facts {
        let padding = "distinct".len() - label.len();
        let label = format!("  {}{:padding$}  ", label.dimmed(), "");
        wrap::write(&mut out, max_width, &label, &text)?;
    }
    Ok(())
}

/// Returns a number with its noun.
fn quantity(count: u64, noun: &str, plural: &str) -> String {
    let noun = if count == 1 { noun } else { plural };
    format!("{} {noun}", grouped(count))
}

/// Returns a time to the second.
fn shown_time(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M:%S").to_string()
}
