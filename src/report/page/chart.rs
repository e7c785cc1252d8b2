//! Charts: SVG for the eyes, and a table of the same numbers for everyone.
//!
//! A drawing has no text in it, so that it can be as wide as the window, and no style, so that the
//! page needs no inline style. Numbers stand in tables.

use askama::Template;
use chrono::{DateTime, Utc};

use crate::query::{Counts, NameCounts, TimeCounts, TimeUnit};
use crate::report::escape::display_text;
use crate::report::wording::quantity;

use super::filters;

/// The maximum number of columns of a chart over time.
const MAX_COLUMNS: usize = 370;

/// The length of the longest bar.
const LENGTH: u64 = 1000;

/// The minimum length of a bar that stands for something.
const MIN_LENGTH: u64 = 12;

/// A number of payloads or events, with the part of them that is invalid, as bars.
#[derive(Debug)]
pub(in crate::report) struct Bar {
    /// What the bar is of: an hour, a name.
    label: String,
    /// What the label stands for, if it is an id.
    detail: String,
    count: u64,
    count_invalid: u64,
    /// The numbers in the table.
    numbers: Vec<u64>,
    /// The length for the payloads that are not invalid.
    rest: u64,
    /// The length for those that are.
    invalid: u64,
}

impl Bar {
    /// Creates a bar of a name, with the numbers in its row.
    pub(in crate::report) fn new(
        label: String,
        detail: String,
        (count, count_invalid): (u64, u64),
        numbers: Vec<u64>,
    ) -> Self {
        Self {
            label,
            detail,
            count,
            count_invalid,
            numbers,
            rest: 0,
            invalid: 0,
        }
    }

    /// Sets the lengths, where the longest bar is for `max`.
    fn scale(&mut self, max: u64) {
        let visible = |count: u64| match count {
            0 => 0,
            count => (count.saturating_mul(LENGTH) / max.max(1)).max(MIN_LENGTH),
        };
        self.invalid = visible(self.count_invalid).min(LENGTH);
        self.rest = visible(self.count.saturating_sub(self.count_invalid));
        self.rest = self.rest.min(LENGTH - self.invalid);
    }

    fn title(&self) -> String {
        let payloads = quantity(self.count, "payload");
        format!("{}: {payloads}, {} invalid", self.label, self.count_invalid)
    }
}

/// Scales bars, and returns the greatest number.
fn scale(bars: &mut [Bar]) -> u64 {
    let max = bars.iter().map(|bar| bar.count).max().unwrap_or_default();
    for bar in bars {
        bar.scale(max);
    }
    max
}

/// The headings of [`numbers`].
pub(super) const NUMBERS: &[&str] = &["payloads", "events", "invalid", "errors"];

/// Returns the numbers of a row.
fn numbers(counts: Counts) -> Vec<u64> {
    vec![
        counts.payloads,
        counts.events,
        counts.invalid,
        counts.errors,
    ]
}

/// A chart over time, with a bar for each period.
#[derive(Template)]
#[template(path = "page/time_chart.html")]
pub(in crate::report) struct TimeChart {
    unit: &'static str,
    headings: &'static [&'static str],
    bars: Vec<Bar>,
    /// The number of payloads that the longest bar stands for.
    max: u64,
    without_time: u64,
}

impl TimeChart {
    /// Creates the chart of all payloads with a time. The table below it has `numbers`.
    pub(in crate::report) fn new(
        times: &TimeCounts,
        without_time: u64,
        headings: &'static [&'static str],
        numbers: impl Fn(Counts) -> Vec<u64>,
    ) -> Self {
        let (unit, periods) = times.periods(MAX_COLUMNS);
        let bars = periods.into_iter().map(|(start, counts)| {
            let count = (counts.payloads, counts.invalid);
            Bar::new(period(unit, start), String::new(), count, numbers(counts))
        });
        let mut bars: Vec<_> = bars.collect();
        Self {
            unit: unit.name(),
            headings,
            max: scale(&mut bars),
            bars,
            without_time,
        }
    }

    /// Creates the chart with all numbers.
    pub(super) fn with_all_numbers(times: &TimeCounts, without_time: u64) -> Self {
        Self::new(times, without_time, NUMBERS, numbers)
    }

    /// Returns `true` if the chart is narrow, since it has few bars.
    fn is_narrow(&self) -> bool {
        const FEW: usize = 12;
        self.bars.len() < FEW
    }

    /// Returns the width of the drawing: ten for each bar.
    fn width(&self) -> usize {
        10 * self.bars.len()
    }

    /// Returns the periods with payloads.
    fn rows(&self) -> impl Iterator<Item = &Bar> {
        self.bars.iter().filter(|bar| bar.count > 0)
    }

    fn summary(&self) -> String {
        let busiest = self.bars.iter().max_by_key(|bar| bar.count);
        let busiest = busiest.map_or(String::new(), Bar::title);
        let unit = self.unit;
        format!("Payloads by {unit}. The most in one {unit}: {busiest}.")
    }
}

/// Returns a period as text.
fn period(unit: TimeUnit, start: DateTime<Utc>) -> String {
    let pattern = match unit {
        TimeUnit::Hour => "%Y-%m-%d %H:00",
        TimeUnit::Day => "%Y-%m-%d",
        TimeUnit::Month => "%Y-%m",
        TimeUnit::Year => "%Y",
        TimeUnit::Century => "%Ys",
    };
    start.format(pattern).to_string()
}

/// A chart by name, with a row for each name.
#[derive(Template)]
#[template(path = "page/name_chart.html")]
pub(in crate::report) struct NameChart {
    /// The id of the section.
    id: &'static str,
    title: &'static str,
    /// The heading of the column of names.
    heading: &'static str,
    headings: &'static [&'static str],
    bars: Vec<Bar>,
    /// The number of names without a row.
    more: usize,
    /// What is said of payloads without a name.
    remainder: Option<String>,
}

impl NameChart {
    /// Creates a chart without bars.
    pub(in crate::report) fn new(
        id: &'static str,
        title: &'static str,
        heading: &'static str,
        headings: &'static [&'static str],
    ) -> Self {
        Self {
            id,
            title,
            heading,
            headings,
            bars: Vec::new(),
            more: 0,
            remainder: None,
        }
    }

    /// Adds bars, of which the first `max` are shown.
    pub(in crate::report) fn with_bars(
        mut self,
        bars: impl ExactSizeIterator<Item = Bar>,
        max: usize,
    ) -> Self {
        self.more = bars.len().saturating_sub(max);
        self.bars = bars.take(max).collect();
        scale(&mut self.bars);
        self
    }

    /// Adds the bars of names with all numbers.
    pub(super) fn with_names(self, names: &NameCounts) -> Self {
        /// The maximum number of rows.
        const MAX_ROWS: usize = 20;
        let sorted = names.sorted();
        let bars = sorted.iter().map(|(name, count)| {
            let name = display_text(name);
            let (label, detail) = match &count.label {
                Some(label) if *label != name => (display_text(label), name),
                _ => (name, String::new()),
            };
            let counts = count.counts;
            Bar::new(
                label,
                detail,
                (counts.payloads, counts.invalid),
                numbers(counts),
            )
        });
        self.with_bars(bars, MAX_ROWS)
    }

    /// Sets what is said of payloads without a name.
    pub(in crate::report) fn with_remainder(self, remainder: Option<String>) -> Self {
        Self { remainder, ..self }
    }
}
