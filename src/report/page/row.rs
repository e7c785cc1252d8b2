//! A row of the table of payloads: what a payload says at a glance, and its text.

use std::borrow::Cow;

use askama::Template;
use serde::{Deserialize, Serialize};

use crate::checks::{EntitySummary, HIDDEN, Summary, SummaryText};
use crate::contract::Kind;
use crate::query::PayloadTime;
use crate::report::Record;
use crate::report::detail::time;
use crate::report::escape::{display_text, escape_controls};
use crate::report::wording::{omitted, quantity};

use super::filters;
use super::marked::{MarkedText, Part};

/// The maximum number of event names in a cell.
const MAX_NAMES: usize = 20;

/// A payload, as workers serialize it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PayloadRow {
    /// The path, line and column.
    place: String,
    time: Option<String>,
    kind: Cow<'static, str>,
    /// The names of the events, each with the number of its events.
    events: Vec<(String, usize)>,
    more_events: usize,
    enterprise: String,
    enterprise_id: String,
    is_valid: bool,
    has_passed: bool,
    errors: usize,
    warnings: usize,
    /// The codes of the diagnostics, each once.
    codes: Vec<Cow<'static, str>>,
    /// The length of the text, in bytes.
    size: u64,
    /// Further properties with their labels.
    fields: Vec<(Cow<'static, str>, String)>,
    text: MarkedText,
    /// What is said of diagnostics that are not reported.
    omitted: Option<String>,
}

impl PayloadRow {
    /// Creates the row of a payload.
    pub(super) fn new(
        record: &Record<'_>,
        summary: &Summary<'_>,
        payload_time: Option<PayloadTime>,
    ) -> Self {
        let verdict = record.verdict;
        let start = record.found.text.start;
        let path = escape_controls(record.path);
        let mut codes: Vec<Cow<'static, str>> = Vec::new();
        for diagnostic in verdict.reported() {
            if !codes.iter().any(|code| *code == diagnostic.code) {
                codes.push(Cow::Borrowed(diagnostic.code));
            }
        }
        let (events, more_events) = events(summary);
        let enterprise = summary.enterprise.as_ref();
        let part = |part: Option<&str>| part.map_or(String::new(), display_text);
        Self {
            place: format!("{path}:{}:{}", start.line, start.column),
            time: payload_time.map(|time| time.at.format("%Y-%m-%d %H:%M:%S").to_string()),
            kind: Cow::Borrowed(verdict.kind.map_or("unknown kind", Kind::name)),
            events,
            more_events,
            enterprise: part(enterprise.and_then(|enterprise| enterprise.name.as_deref())),
            enterprise_id: part(enterprise.and_then(|enterprise| enterprise.id.as_deref())),
            is_valid: verdict.valid,
            has_passed: verdict.passed,
            errors: verdict.errors,
            warnings: verdict.warnings,
            codes,
            size: record.found.text.text.len() as u64,
            fields: fields(record, summary),
            text: MarkedText::of(record),
            omitted: omitted(verdict.omitted),
        }
    }

    /// Returns the word for the verdict.
    fn verdict(&self) -> &'static str {
        match (self.is_valid, self.has_passed) {
            (true, _) => "valid",
            (false, true) => "invalid as expected",
            (false, false) => "invalid",
        }
    }

    /// Returns the number of errors and warnings: `2 errors, 1 warning`.
    fn findings(&self) -> String {
        let count = |count: usize, noun| (count > 0).then(|| quantity(count as u64, noun));
        let counts = [count(self.errors, "error"), count(self.warnings, "warning")];
        counts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// Returns a number that orders payloads by their errors, then by their warnings.
    fn rank(&self) -> usize {
        const WARNINGS: usize = 1_000_000;
        self.errors * WARNINGS + self.warnings.min(WARNINGS - 1)
    }

    fn codes(&self) -> String {
        self.codes.join(" ")
    }
}

/// A row with the number of the payload in the run.
#[derive(Template)]
#[template(path = "page/row.html")]
pub(super) struct NumberedRow<'r> {
    pub(super) number: u64,
    pub(super) row: &'r PayloadRow,
}

/// Returns the names of the first events, and the number of the other names.
fn events(summary: &Summary<'_>) -> (Vec<(String, usize)>, usize) {
    if let Some(action) = &summary.action {
        let count = summary.events.iter().count().max(1);
        return (vec![(display_text(action), count)], 0);
    }
    let groups = summary.events.by_name(0);
    let names = groups.iter().take(MAX_NAMES).map(|group| {
        let name = group.name.as_deref().unwrap_or("?");
        (display_text(name), group.count)
    });
    (names.collect(), groups.len().saturating_sub(MAX_NAMES))
}

/// Returns the labels and texts of the other properties of a payload and its delivery.
fn fields(record: &Record<'_>, summary: &Summary<'_>) -> Vec<(Cow<'static, str>, String)> {
    let mut fields = Vec::new();
    let mut add = |label: &'static str, texts: &[Option<String>]| {
        let text = texts.iter().flatten().filter(|text| !text.is_empty());
        let text = text.map(String::as_str).collect::<Vec<_>>().join(" ");
        if !text.is_empty() {
            fields.push((Cow::Borrowed(label), text));
        }
    };
    let text = |text: &Option<SummaryText<'_>>| text.as_deref().map(display_text);
    let named = |named: &Option<EntitySummary<'_>>| match named {
        Some(named) => [text(&named.name), text(&named.id)],
        None => [None, None],
    };
    let secret = |secret: &Option<SummaryText<'_>>| {
        secret.as_deref().map(|secret| match secret {
            HIDDEN => "present, hidden".to_owned(),
            secret => display_text(secret),
        })
    };
    add("service", &named(&summary.service));
    add("integration", &named(&summary.integration));
    if let Some(person) = &summary.requestor {
        add("requested by", &[text(&person.name), text(&person.email)]);
    }
    add("created", &[summary.created_utc.as_deref().map(time)]);
    add("deleted", &[summary.deleted_utc.as_deref().map(time)]);
    let enabled = |flag| if flag { "yes" } else { "no" }.to_owned();
    add("enabled", &[summary.enabled.map(enabled)]);
    add("access token", &[secret(&summary.access_token)]);
    add("API key", &[secret(&summary.api_key)]);
    let pointer = record.found.pointer().unwrap_or_default();
    let pointer = display_text(&record.masking.mask(&pointer));
    let capture = record.found.capture().map(str::to_owned);
    add("found in", &[capture, Some(pointer)]);
    let Some(delivery) = record.delivery() else {
        return fields;
    };
    let text = |text: &Option<String>| text.as_deref().map(display_text);
    add("received", &[delivery.time.as_deref().map(time)]);
    add("request", &[text(&delivery.method), text(&delivery.url)]);
    let status = delivery.status.map(|status| status.to_string());
    let duration = delivery.duration_ms;
    let duration = duration.map(|duration| format!("after {duration} ms"));
    add("answered", &[status, duration]);
    add(
        "attempt",
        &[delivery.attempt.map(|attempt| attempt.to_string())],
    );
    add("message id", &[text(&delivery.message_id)]);
    fields
}
