//! The `html` format of statistics: a page with a chart for each list.

use std::io::{self, Write};

use askama::Template;
use chrono::{DateTime, Utc};

use crate::query::{ByName, CodeTally, Distinct, EntityTally, Stats, Tally, TimeCounts};
use crate::report::escape::{display_text, escape_controls};
use crate::report::page::{Bar, NameChart, Shell, TimeChart, filters};
use crate::report::wording::quantity;

use super::{StatsFormat, StatsOptions};

pub(super) static FORMAT: StatsFormat = StatsFormat {
    name: "html",
    about: "A page to look at in a browser, in one file",
    write,
};

/// The maximum number of names in a list. Other formats list all.
const MAX_NAMES: usize = 100;

/// The page of statistics.
#[derive(Template)]
#[template(path = "stats/page.html")]
struct StatsPage {
    shell: Shell,
    /// Labels and counts, each with a class that sets its colour.
    totals: Vec<(&'static str, u64, &'static str)>,
    /// The first and the last time.
    span: Option<(String, String)>,
    times: TimeChart,
    lists: Vec<NameChart>,
    codes: Vec<CodeRow>,
}

/// The diagnostics of a code.
struct CodeRow {
    code: String,
    errors: u64,
    warnings: u64,
    /// The place of an example.
    example: String,
}

fn write(mut out: &mut dyn Write, stats: &Stats, _: StatsOptions) -> io::Result<()> {
    let title = quantity(stats.payloads, "webhook payload");
    let invalid = match stats.invalid {
        0 => "none invalid".to_owned(),
        invalid => format!("{invalid} invalid"),
    };
    let mut times = TimeCounts::default();
    for (hour, tally) in &stats.hours {
        times.add_payloads(*hour, tally.count, tally.invalid);
    }
    let page = StatsPage {
        shell: Shell::new(title, format!("Statistics: {invalid}"), stats.masking),
        totals: totals(stats),
        span: stats
            .first
            .zip(stats.last)
            .map(|(first, last)| (time(first), time(last))),
        times: TimeChart::new(&times, stats.untimed, &["payloads", "invalid"], |counts| {
            vec![counts.payloads, counts.invalid]
        }),
        lists: lists(stats),
        codes: codes(stats),
    };
    page.write_into(&mut out)
}

fn time(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M:%S").to_string()
}

/// Returns the totals that are not zero, and those that matter even then.
fn totals(stats: &Stats) -> Vec<(&'static str, u64, &'static str)> {
    let rare = |label, count, class| (count > 0).then_some((label, count, class));
    let colour = |count, class| if count > 0 { class } else { "" };
    let distinct = stats.distinct.as_ref();
    let of_distinct = |label, count: Option<u64>| count.map(|count| (label, count, ""));
    let counts = [
        Some(("payloads", stats.payloads, "")),
        Some(("bytes", stats.bytes, "")),
        Some(("valid", stats.valid, "good")),
        rare("invalid as expected", stats.expected, ""),
        Some(("invalid", stats.invalid, colour(stats.invalid, "bad"))),
        Some(("errors", stats.errors, colour(stats.errors, "bad"))),
        Some(("warnings", stats.warnings, colour(stats.warnings, "warn"))),
        of_distinct("distinct entities", distinct.map(Distinct::entities)),
        of_distinct("duplicates", distinct.map(Distinct::duplicates)),
        rare("skipped records and lines", stats.skipped, ""),
        rare("inputs not read", stats.unreadable, "bad"),
        rare("inputs without payloads", stats.empty, "bad"),
    ];
    counts.into_iter().flatten().collect()
}

fn lists(stats: &Stats) -> Vec<NameChart> {
    let others = |noun: &str, tallies: &ByName<EntityTally>| {
        let named = tallies.values().map(|tally| tally.payloads.count);
        let others = stats
            .payloads
            .saturating_sub(named.fold(0, u64::saturating_add));
        (others > 0).then(|| format!("{} without an {noun}", quantity(others, "payload")))
    };
    let unnamed = stats.unnamed_events.count;
    let unnamed = (unnamed > 0).then(|| format!("{} without a name", quantity(unnamed, "event")));
    let payloads: &[&str] = &["payloads", "invalid"];
    vec![
        NameChart::new("events", "By event", "event", &["events", "invalid"])
            .with_bars(names(&stats.events), MAX_NAMES)
            .with_remainder(unnamed),
        NameChart::new("enterprises", "By enterprise", "enterprise", payloads)
            .with_bars(entities(&stats.enterprises), MAX_NAMES)
            .with_remainder(others("enterprise", &stats.enterprises)),
        NameChart::new("integrations", "By integration", "integration", payloads)
            .with_bars(entities(&stats.integrations), MAX_NAMES)
            .with_remainder(others("integration", &stats.integrations)),
        NameChart::new("kinds", "By kind", "kind", payloads)
            .with_bars(names(&stats.kinds), MAX_NAMES),
        NameChart::new("captures", "By capture", "capture", payloads)
            .with_bars(names(&stats.captures), MAX_NAMES),
    ]
}

fn bar(label: String, detail: String, tally: Tally) -> Bar {
    let Tally { count, invalid } = tally;
    Bar::new(label, detail, (count, invalid), vec![count, invalid])
}

fn names(tallies: &ByName<Tally>) -> impl ExactSizeIterator<Item = Bar> {
    let names = tallies.by_count(|tally| tally.count).into_iter();
    names.map(|(name, tally)| bar(display_text(name), String::new(), *tally))
}

fn entities(tallies: &ByName<EntityTally>) -> impl ExactSizeIterator<Item = Bar> {
    let entities = tallies.by_count(|tally| tally.payloads.count).into_iter();
    entities.map(|(id, tally)| {
        let id = display_text(id);
        let (label, detail) = match &tally.name {
            Some(known) => (display_text(&known.name), id),
            None => (id, String::new()),
        };
        bar(label, detail, tally.payloads)
    })
}

fn codes(stats: &Stats) -> Vec<CodeRow> {
    let codes = stats.codes.by_count(CodeTally::total).into_iter();
    let rows = codes.map(|(code, tally)| CodeRow {
        code: display_text(code),
        errors: tally.errors,
        warnings: tally.warnings,
        example: tally.example.as_ref().map_or(String::new(), |example| {
            let path = escape_controls(&example.path);
            let position = example.position;
            format!("{path}:{}:{}", position.line, position.column)
        }),
    });
    rows.collect()
}
