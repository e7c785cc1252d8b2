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

/// The maximum number of rows of a chart by name.
const MAX_ROWS: usize = 20;

/// The length of the longest bar.
const LENGTH: u64 = 1000;

/// The minimum length of a bar that stands for something.
const MIN_LENGTH: u64 = 12;

/// A number of payloads, with the part of them that is invalid, as bars.
#[derive(Debug, PartialEq, Eq)]
struct Bar {
    /// What the bar is of: an hour, a name.
    label: String,
    /// What the label stands for, if it is an id.
    detail: String,
    counts: Counts,
    /// The length for the payloads that are not invalid.
    rest: u64,
    /// The length for those that are.
    invalid: u64,
}

impl Bar {
    /// Creates a bar, where the longest one is for `max` payloads.
    fn new(label: String, detail: String, counts: Counts, max: u64) -> Self {
        let length = |count: u64| count.saturating_mul(LENGTH) / max.max(1);
        let visible = |count: u64| {
            if count == 0 {
                0
            } else {
                length(count).max(MIN_LENGTH)
            }
        };
        let invalid = visible(counts.invalid);
        let rest = visible(counts.payloads - counts.invalid);
        Self {
            label,
            detail,
            counts,
            rest: rest.min(LENGTH - invalid),
            invalid,
        }
    }

    fn title(&self) -> String {
        let Counts {
            payloads, invalid, ..
        } = self.counts;
        format!(
            "{}: {}, {invalid} invalid",
            self.label,
            quantity(payloads, "payload")
        )
    }
}

/// A chart over time, with a bar for each period.
#[derive(Template)]
#[template(path = "page/time_chart.html")]
pub(super) struct TimeChart {
    unit: &'static str,
    bars: Vec<Bar>,
    /// The number of payloads that the longest bar stands for.
    max: u64,
    without_time: u64,
}

impl TimeChart {
    /// Creates the chart of all payloads with a time.
    pub(super) fn new(times: &TimeCounts, without_time: u64) -> Self {
        let (unit, periods) = times.periods(MAX_COLUMNS);
        let max = periods.iter().map(|(_, counts)| counts.payloads).max();
        let max = max.unwrap_or_default();
        let bars = periods
            .into_iter()
            .map(|(start, counts)| Bar::new(period(unit, start), String::new(), counts, max));
        Self {
            unit: unit.name(),
            bars: bars.collect(),
            max,
            without_time,
        }
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
        self.bars.iter().filter(|bar| bar.counts.payloads > 0)
    }

    fn summary(&self) -> String {
        let busiest = self.bars.iter().max_by_key(|bar| bar.counts.payloads);
        let busiest = busiest.map_or(String::new(), Bar::title);
        format!(
            "Payloads by {}. The most in one {}: {busiest}.",
            self.unit, self.unit
        )
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
pub(super) struct NameChart {
    /// The id of the section.
    id: &'static str,
    title: &'static str,
    /// The heading of the column of names.
    heading: &'static str,
    bars: Vec<Bar>,
    /// The number of names without a row.
    more: u64,
    /// What is said of payloads without a name.
    remainder: Option<String>,
}

impl NameChart {
    /// Creates the chart of the names with the most payloads.
    pub(super) fn new(
        id: &'static str,
        title: &'static str,
        heading: &'static str,
        names: &NameCounts,
        remainder: Option<String>,
    ) -> Self {
        let sorted = names.sorted();
        let max = sorted.first().map_or(0, |(_, count)| count.counts.payloads);
        let bars = sorted.iter().take(MAX_ROWS).map(|(name, count)| {
            let name = display_text(name);
            let (label, detail) = match &count.label {
                Some(label) if *label != name => (display_text(label), name),
                _ => (name, String::new()),
            };
            Bar::new(label, detail, count.counts, max)
        });
        Self {
            id,
            title,
            heading,
            bars: bars.collect(),
            more: sorted.len().saturating_sub(MAX_ROWS) as u64,
            remainder,
        }
    }
}
