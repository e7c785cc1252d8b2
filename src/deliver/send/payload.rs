//! The payloads that are sent, on their way from the pool: the exact bytes, and what reports say about them.
//!
//! A chunk holds, for each payload, a line of JSON about it and then its body.

use std::io::{self, BufRead, Read};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::checks::SummaryText;
use crate::contract::Kind;
use crate::extract::stray_text;
use crate::input::Label;
use crate::query::received;
use crate::report::{Chunk, Formatter, Record};

/// A payload that is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SentPayload {
    /// The label of the input: a path, or `<stdin>`.
    pub path: Label,
    /// Where the payload stands in the input.
    pub place: PayloadSource,
    /// The kind, if one was detected.
    pub kind: Option<Kind>,
    /// The event, if the payload has one, or several with one name.
    pub event: Option<String>,
    /// When the capture received the payload, if it says so.
    pub received: Option<DateTime<Utc>>,
    /// The exact bytes of the body.
    pub body: Vec<u8>,
}

/// Where a payload stands in its input, as in reports.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayloadSource {
    /// The line, from 1.
    pub line: u64,
    /// The column in characters, from 1.
    pub column: u64,
    /// The offset in bytes.
    pub offset: u64,
    /// The number of the frame that the payload was found in, from 1.
    pub record: u64,
}

impl SentPayload {
    /// Returns the name for people: the event, or the kind.
    pub fn name(&self) -> &str {
        let kind = self.kind.map(Kind::name);
        self.event.as_deref().or(kind).unwrap_or("unknown kind")
    }
}

/// What stands before each body in a chunk.
#[derive(Serialize, Deserialize)]
struct Head {
    place: PayloadSource,
    kind: Option<String>,
    event: Option<String>,
    received_micros: Option<i64>,
    length: u64,
}

/// Appends payloads to chunks, for [`read_payloads`].
#[derive(Debug)]
pub struct PayloadFormatter {
    /// Whether the times of deliveries are needed: to find them takes longer than to find the payload.
    pub needs_times: bool,
}

impl Formatter for PayloadFormatter {
    fn format(&self, record: &Record<'_>, chunk: &mut Chunk) -> io::Result<()> {
        let start = record.found.text.start;
        if let Some(reason) = stray_text(record) {
            chunk.left_out.add(start, || reason);
            return Ok(());
        }
        let body = record.found.body();
        let delivery = self.needs_times.then(|| record.delivery()).flatten();
        let event = record.summary().event().map(SummaryText::into_owned);
        let head = Head {
            place: PayloadSource {
                line: start.line,
                column: start.column,
                offset: record.found.offset,
                record: record.found.record,
            },
            kind: record.verdict.kind.map(|kind| kind.name().to_owned()),
            event: event.filter(|event| !event.is_empty()),
            received_micros: delivery
                .and_then(|delivery| received(&delivery))
                .map(|received| received.timestamp_micros()),
            length: body.len() as u64,
        };
        serde_json::to_writer(&mut *chunk.text, &head)?;
        chunk.text.push(b'\n');
        chunk.text.extend_from_slice(body);
        Ok(())
    }

    fn needs_checks(&self) -> bool {
        false
    }
}

/// Calls a function for each payload of a chunk that [`PayloadFormatter`] made.
///
/// # Errors
/// Those of the function, and of reading the chunk.
pub fn read_payloads(
    mut chunk: Chunk,
    mut call: impl FnMut(SentPayload) -> io::Result<()>,
) -> io::Result<()> {
    let path = chunk.path.clone();
    let mut text = chunk.read()?;
    let mut line = Vec::new();
    loop {
        line.clear();
        if text.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let head: Head = serde_json::from_slice(&line)?;
        let mut body = Vec::new();
        text.by_ref().take(head.length).read_to_end(&mut body)?;
        call(SentPayload {
            path: path.clone(),
            place: head.place,
            kind: head.kind.and_then(|kind| kind.parse().ok()),
            event: head.event,
            received: head
                .received_micros
                .and_then(DateTime::from_timestamp_micros),
            body,
        })?;
    }
}
