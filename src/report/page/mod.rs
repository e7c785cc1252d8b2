//! The `html` format: a page to look at, in one file that loads nothing.
//!
//! Workers count the payloads and serialize their rows. The reporter keeps the rows that come first
//! and writes the page at the end, when the counts are known. `askama` escapes all text; texts of
//! payloads and names are made visible as in other reports before.
//!
//! The pages of statistics and timelines are made of the same parts. A page consists of a [`Shell`]
//! and sections, each of which has a template beside the file that fills it in.

mod chart;
pub(super) mod filters;
mod findings;
mod marked;
mod row;
mod rows;
mod shell;

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use askama::Template;

use crate::input::Label;
use crate::query::{Overview, PayloadTime};
use crate::secrets::Masking;

use super::escape::{display_text, escape_controls};
use super::wording::{grouped, quantity, totals_line};
use super::{Chunk, Failure, Format, Formatter, Record, Reporter, Totals};

use chart::NUMBERS;
pub(super) use chart::{Bar, NameChart, TimeChart};
use findings::{Findings, FindingsSection};
use row::PayloadRow;
use rows::{MAX_ROWS, RowText, Rows};
pub(super) use shell::Shell;

pub(super) static FORMAT: Format = Format {
    name: "html",
    about: "A page to look at in a browser, in one file",
    reporter: |out, _| Box::new(PageReporter::new(out)),
};

/// The maximum number of inputs that are listed because they were not read or have no payload.
const MAX_FAILURES: usize = 100;

/// What a page shows of a part of a run, besides its rows.
#[derive(Debug, Default)]
pub(super) struct PageCounts {
    overview: Overview,
    findings: Findings,
    masking: Masking,
}

/// Counts payloads and serializes their rows.
struct PageFormatter {
    /// Whether no payload gets a row any more.
    is_full: Arc<AtomicBool>,
}

impl Formatter for PageFormatter {
    fn format(&self, record: &Record<'_>, chunk: &mut Chunk) -> io::Result<()> {
        let number = chunk.totals.payloads;
        let summary = record.summary();
        let delivery = record.found.delivery();
        let time = PayloadTime::of(delivery.as_ref(), &summary);
        let counts = chunk.page_counts.get_or_insert_default();
        counts.masking = record.masking;
        counts.overview.add(record.verdict, &summary, time);
        counts.findings.add(record, number);
        if number <= MAX_ROWS && !self.is_full.load(Ordering::Relaxed) {
            let row = PayloadRow::new(record, &summary, time);
            serde_json::to_writer(&mut *chunk.text, &row)?;
            chunk.text.push(b'\n');
        }
        Ok(())
    }
}

/// Collects what a page shows, and writes it at the end.
struct PageReporter<W> {
    out: W,
    is_full: Arc<AtomicBool>,
    /// The number of payloads.
    payloads: u64,
    counts: PageCounts,
    rows: Rows,
    /// The inputs that were not read or have no payload, with the reason.
    failures: Vec<(String, String)>,
    more_failures: u64,
}

impl<W: Write> PageReporter<W> {
    fn new(out: W) -> Self {
        let is_full = Arc::new(AtomicBool::new(false));
        Self {
            out,
            payloads: 0,
            counts: PageCounts::default(),
            rows: Rows::new(Arc::clone(&is_full)),
            is_full,
            failures: Vec::new(),
            more_failures: 0,
        }
    }

    fn add_problem(&mut self, path: &str, message: &str) {
        if self.failures.len() < MAX_FAILURES {
            let path = escape_controls(path).into_owned();
            self.failures.push((path, display_text(message)));
        } else {
            self.more_failures += 1;
        }
    }
}

impl<W: Write> Reporter for PageReporter<W> {
    fn formatter(&self) -> Arc<dyn Formatter> {
        Arc::new(PageFormatter {
            is_full: Arc::clone(&self.is_full),
        })
    }

    fn add(&mut self, mut chunk: Chunk) -> io::Result<()> {
        if let Some(part) = chunk.page_counts.take() {
            self.counts.overview.merge(&part.overview);
            self.counts.findings.merge(part.findings, self.payloads);
            self.counts.masking = part.masking;
        }
        self.payloads += chunk.totals.payloads;
        if self.rows.is_full() {
            return Ok(());
        }
        self.rows.add(chunk.read()?)
    }

    fn add_failure(&mut self, failure: &Failure) -> io::Result<()> {
        self.add_problem(&failure.path, &failure.message);
        Ok(())
    }

    fn add_empty(&mut self, path: &Label, message: &str) -> io::Result<()> {
        self.add_problem(path, message);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn finish(&mut self, totals: &Totals) -> io::Result<()> {
        let rows = std::mem::replace(&mut self.rows, Rows::new(Arc::default()));
        let Overview {
            times,
            without_time,
            events,
            enterprises,
            without_enterprise,
        } = &self.counts.overview;
        let row_count = rows.count;
        let without_enterprise = (without_enterprise.payloads > 0).then(|| {
            let payloads = quantity(without_enterprise.payloads, "payload");
            format!("{payloads} without an enterprise")
        });
        let page = PayloadsPage {
            shell: Shell::new(title(totals), totals_line(totals), self.counts.masking),
            totals: total_counts(totals),
            failures: &self.failures,
            more_failures: self.more_failures,
            times: TimeChart::with_all_numbers(times, without_time.payloads),
            events: NameChart::new("events", "By event", "event", NUMBERS).with_names(events),
            enterprises: NameChart::new("enterprises", "By enterprise", "enterprise", NUMBERS)
                .with_names(enterprises)
                .with_remainder(without_enterprise),
            findings: self.counts.findings.section(row_count),
            shown: shown(row_count, self.payloads),
            row_count,
            rows: rows.into_text()?,
        };
        let written = page.write_into(&mut self.out);
        match page.rows.take_error() {
            Some(error) => Err(error),
            None => written.and_then(|()| self.out.flush()),
        }
    }
}

/// The page of `inspect` and `validate`.
#[derive(Template)]
#[template(path = "page/payloads.html")]
struct PayloadsPage<'p> {
    shell: Shell,
    /// Labels and counts, each with a class that sets its colour.
    totals: Vec<(&'static str, u64, &'static str)>,
    failures: &'p [(String, String)],
    more_failures: u64,
    times: TimeChart,
    events: NameChart,
    enterprises: NameChart,
    findings: FindingsSection<'p>,
    /// How many payloads have a row.
    shown: String,
    row_count: u64,
    rows: RowText,
}

fn title(totals: &Totals) -> String {
    let payloads = quantity(totals.payloads, "webhook payload");
    match totals.invalid {
        0 => payloads,
        invalid => format!("{payloads}, {invalid} invalid"),
    }
}

/// Returns the totals that are not zero, and those that matter even then.
fn total_counts(totals: &Totals) -> Vec<(&'static str, u64, &'static str)> {
    let rare = |label, count, class| (count > 0).then_some((label, count, class));
    let bad = |count| if count > 0 { "bad" } else { "" };
    let counts = [
        Some(("payloads", totals.payloads, "")),
        Some(("valid", totals.valid, "good")),
        rare("invalid as expected", totals.expected, ""),
        Some(("invalid", totals.invalid, bad(totals.invalid))),
        Some(("errors", totals.errors, bad(totals.errors))),
        Some((
            "warnings",
            totals.warnings,
            if totals.warnings > 0 { "warn" } else { "" },
        )),
        rare("skipped records and lines", totals.skipped, ""),
        rare("inputs not read", totals.unreadable, "bad"),
        rare("inputs without payloads", totals.empty, "bad"),
    ];
    counts.into_iter().flatten().collect()
}

/// Returns how many of the payloads have a row.
fn shown(rows: u64, payloads: u64) -> String {
    match payloads {
        0 => "There are none.".to_owned(),
        payloads if rows == payloads => format!("All {} are here.", quantity(payloads, "payload")),
        payloads => format!(
            "The first {} of {} payloads are here: a page has at most {} of them, and at most 16 MB. \
             The counts above are of all.",
            grouped(rows),
            grouped(payloads),
            grouped(MAX_ROWS),
        ),
    }
}
