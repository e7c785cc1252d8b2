//! The lists of the `human` format of statistics. They start with the largest numbers.
//!
//! The names come last in a line: they may have any length, and nothing has to be aligned after them. On
//! a terminal they are fitted to its width, in a pipe they are complete.

use std::io::{self, Write};

use colored::Colorize;

use crate::query::{ByName, CodeTally, EntityTally, Stats, Tally};
use crate::report::escape::{display_text, escape_controls};
use crate::report::rows::truncate;
use crate::report::wording::grouped;
use crate::report::{Style, wrap};

use super::StatsOptions;
use super::periods::Periods;

/// The width of the column of invalid payloads.
const INVALID_WIDTH: usize = "invalid".len();

/// The width of bars in columns, by the minimum width of the terminal.
const BAR_WIDTHS: [(usize, usize); 2] = [(100, 12), (60, 6)];

/// The maximum number of days or hours that are shown: two months.
const MAX_PERIODS: usize = 62;

/// A line of a list.
struct Line<'s> {
    count: u64,
    /// The number of invalid ones, if the list has that column.
    invalid: u64,
    name: Name<'s>,
}

/// The end of a line.
enum Name<'s> {
    /// A name, or an id with a name if it is known. It is truncated to the width of a terminal, and
    /// escaped only if it is shown: there may be millions.
    Counted(&'s str, Option<&'s str>),
    /// A text that is truncated there.
    Truncated(String),
    /// A text that is wrapped there.
    Wrapped(String),
}

impl<'s> Line<'s> {
    fn new(tally: Tally, name: Name<'s>) -> Self {
        Self {
            count: tally.count,
            invalid: tally.invalid,
            name,
        }
    }
}

/// Writes lists with the same columns.
pub(super) struct Lists<W> {
    out: W,
    style: Style,
    top: Option<usize>,
    /// The width of the column of numbers.
    number_width: usize,
    /// Whether there is a column of invalid payloads.
    has_invalid: bool,
    /// The width of bars, if there are any.
    bar_width: usize,
}

impl<W: Write> Lists<W> {
    /// Creates the columns that fit all numbers and the style.
    pub(super) fn new(out: W, stats: &Stats, options: StatsOptions) -> Self {
        let StatsOptions { style, top } = options;
        let events = stats.events.values().map(|events| events.count);
        let codes = stats.codes.values().map(CodeTally::total);
        let greatest = events.chain(codes).chain([stats.payloads]).max();
        let number_width = grouped(greatest.unwrap_or_default()).len();
        let max_width = style.max_width().unwrap_or(usize::MAX);
        let mut bars = BAR_WIDTHS.into_iter();
        let bar = bars.find(|(min_width, _)| max_width >= *min_width);
        Self {
            out,
            style,
            top,
            number_width: number_width.max("payloads".len()),
            has_invalid: stats.invalid > 0,
            bar_width: bar.map_or(0, |(_, width)| width),
        }
    }

    /// Writes all lists.
    pub(super) fn write(&mut self, stats: &Stats) -> io::Result<()> {
        let kinds = self.names(&stats.kinds);
        self.write_top("payloads", "kind", kinds, Tally::default())?;
        let events = self.names(&stats.events);
        self.write_top("events", "event", events, stats.unnamed_events)?;
        for (noun, tallies) in [
            ("enterprise", &stats.enterprises),
            ("integration", &stats.integrations),
        ] {
            let lines = self.entities(tallies);
            let sum =
                |count: fn(&Line<'_>) -> u64| lines.iter().map(count).fold(0, u64::saturating_add);
            let others = Tally {
                count: stats.payloads.saturating_sub(sum(|line| line.count)),
                invalid: stats.invalid.saturating_sub(sum(|line| line.invalid)),
            };
            self.write_top("payloads", noun, lines, others)?;
        }
        self.write_periods(&Periods::of(stats))?;
        self.write_codes(stats)?;
        let captures = self.names(&stats.captures);
        self.write_top("payloads", "capture", captures, Tally::default())
    }

    /// Returns the lines of names.
    fn names<'s>(&self, tallies: &'s ByName<Tally>) -> Vec<Line<'s>> {
        let tallies = tallies.first_by_count(self.top(), |tally| tally.count);
        let tallies = tallies.into_iter();
        let lines = tallies.map(|(name, tally)| Line::new(*tally, Name::Counted(name, None)));
        lines.collect()
    }

    /// Returns the lines of enterprises or integrations: their ids, and their names if known.
    fn entities<'s>(&self, tallies: &'s ByName<EntityTally>) -> Vec<Line<'s>> {
        let tallies = tallies.first_by_count(self.top(), |tally| tally.payloads.count);
        let lines = tallies.into_iter().map(|(id, tally)| {
            let name = tally.name.as_ref().map(|known| &*known.name);
            Line::new(tally.payloads, Name::Counted(id, name))
        });
        lines.collect()
    }

    /// Returns the maximum number of lines of a list.
    fn top(&self) -> usize {
        self.top.unwrap_or(usize::MAX)
    }

    /// Returns a text from payloads as it is printed.
    fn shown(&self, text: &str) -> String {
        match self.style.max_width() {
            _ if text.is_empty() => "\"\"".to_owned(),
            Some(_) => display_text(text),
            None => escape_controls(text).into_owned(),
        }
    }

    /// Writes a list, the sum of the lines that are too many, and what has no name to be listed by.
    fn write_top(
        &mut self,
        unit: &str,
        noun: &str,
        mut lines: Vec<Line<'_>>,
        unnamed: Tally,
    ) -> io::Result<()> {
        if lines.is_empty() && unnamed.count == 0 {
            return Ok(());
        }
        let top = self.top().min(lines.len());
        let rest = lines.split_off(top);
        self.write_header(unit, noun)?;
        let greatest = lines.iter().map(|line| line.count).max();
        for line in &lines {
            self.write_line(line, greatest)?;
        }
        self.write_rest(&rest, "more")?;
        if unnamed.count > 0 {
            let line = Line::new(unnamed, Name::Truncated(format!("no {noun}")));
            self.write_line(&line, None)?;
        }
        Ok(())
    }

    /// Writes the last days or hours.
    fn write_periods(&mut self, periods: &Periods) -> io::Result<()> {
        if periods.payloads.is_empty() {
            return Ok(());
        }
        let lines = periods.payloads.iter();
        let lines = lines.map(|(start, tally)| Line::new(*tally, Name::Counted(start, None)));
        let mut earlier: Vec<_> = lines.collect();
        let limit = self.top.map_or(usize::MAX, |top| top.max(MAX_PERIODS));
        let lines = earlier.split_off(earlier.len().saturating_sub(limit));
        self.write_header("payloads", &format!("{} (UTC)", periods.unit))?;
        self.write_rest(&earlier, "earlier")?;
        let greatest = lines.iter().map(|line| line.count).max();
        for line in &lines {
            self.write_line(line, greatest)?;
        }
        Ok(())
    }

    /// Writes the codes, each with the place of its first diagnostic.
    fn write_codes(&mut self, stats: &Stats) -> io::Result<()> {
        let codes = stats
            .codes
            .first_by_count(self.top(), CodeTally::total)
            .into_iter();
        let lines = codes.map(|(code, tally)| {
            let severity = if tally.errors > 0 { "error" } else { "warning" };
            let mut name = format!("{severity}[{}]", self.shown(code));
            if let Some(example) = &tally.example {
                let (path, position) = (escape_controls(&example.path), example.position);
                name = format!("{name}  {path}:{}:{}", position.line, position.column);
            }
            Line {
                count: tally.total(),
                invalid: 0,
                name: Name::Wrapped(name),
            }
        });
        let lines = lines.collect();
        let has_invalid = std::mem::take(&mut self.has_invalid);
        self.write_top(
            "findings",
            "code, with the first place",
            lines,
            Tally::default(),
        )?;
        self.has_invalid = has_invalid;
        Ok(())
    }

    /// Writes an empty line and the names of the columns.
    fn write_header(&mut self, unit: &str, noun: &str) -> io::Result<()> {
        let width = self.number_width;
        let mut line = format!("{unit:>width$}");
        if self.has_invalid {
            line.push_str("  invalid");
        }
        if self.bar_width > 0 {
            line.push_str(&" ".repeat(2 + self.bar_width));
        }
        writeln!(self.out)?;
        writeln!(self.out, "{}", format!("{line}  {noun}").dimmed())
    }

    /// Writes the sum of lines that are not shown.
    fn write_rest(&mut self, rest: &[Line<'_>], word: &str) -> io::Result<()> {
        if rest.is_empty() {
            return Ok(());
        }
        let sum = |count: fn(&Line<'_>) -> u64| rest.iter().map(count).fold(0, u64::saturating_add);
        let line = Line {
            count: sum(|line| line.count),
            invalid: sum(|line| line.invalid),
            name: Name::Truncated(format!("… {} {word}", grouped(rest.len()))),
        };
        self.write_line(&line, None)
    }

    /// Writes a line, with a bar if the greatest number of its list is known.
    fn write_line(&mut self, line: &Line<'_>, greatest: Option<u64>) -> io::Result<()> {
        let number_width = self.number_width;
        let mut start = format!("{:>number_width$}  ", grouped(line.count));
        let mut width = start.len();
        if self.has_invalid {
            let invalid = format!("{:>INVALID_WIDTH$}", grouped(line.invalid));
            let invalid = match line.invalid {
                0 => invalid.normal(),
                _ => invalid.red(),
            };
            start = format!("{start}{invalid}  ");
            width += INVALID_WIDTH + 2;
        }
        if self.bar_width > 0 {
            let bar = greatest.map(|greatest| bar(line.count, greatest, self.bar_width));
            let bar = bar.unwrap_or_default();
            let padding = self.bar_width.saturating_sub(bar.chars().count());
            start = format!("{start}{}{:padding$}  ", bar.cyan(), "");
            width += self.bar_width + 2;
        }
        let max_width = self.style.max_width();
        let name = match &line.name {
            // A place that was truncated could not be found.
            Name::Wrapped(name) => return wrap::write(&mut self.out, max_width, &start, name),
            Name::Truncated(name) => name.clone(),
            Name::Counted(name, None) => self.shown(name),
            Name::Counted(id, Some(name)) => format!("{}  {}", self.shown(id), self.shown(name)),
        };
        match max_width {
            Some(max) => {
                let name = truncate(&name, max.saturating_sub(width));
                writeln!(self.out, "{start}{name}")
            }
            None => writeln!(self.out, "{start}{name}"),
        }
    }
}

/// Returns a bar for a number; that for the greatest one has this width. It is exact to an eighth of a
/// column, and only zero has none.
fn bar(count: u64, greatest: u64, width: usize) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let full = width * EIGHTHS.len();
    let length = u128::from(count) * full as u128;
    let length = length.div_ceil(u128::from(greatest.max(1)));
    let length = usize::try_from(length).map_or(full, |length| length.min(full));
    let (columns, rest) = (length / EIGHTHS.len(), length % EIGHTHS.len());
    "█".repeat(columns) + EIGHTHS[rest]
}

#[cfg(test)]
mod tests {
    use super::bar;

    #[test]
    fn bars_are_exact_to_an_eighth_of_a_column() {
        for (count, expected) in [
            (0, ""),
            (1, "▏"),
            (25, "█"),
            (26, "█▏"),
            (50, "██"),
            (100, "████"),
        ] {
            assert_eq!(bar(count, 100, 4), expected, "{count}");
        }
        assert_eq!(bar(0, 0, 4), "");
        assert_eq!(bar(u64::MAX, u64::MAX, 2), "██");
    }
}
