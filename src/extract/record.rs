//! Payloads as records: with the exact text, its source and its delivery.
//!
//! `docs/json.md` documents the properties, and `capture` reads such records again.

use std::io;

use data_encoding::BASE64;
use serde::{Serialize, Serializer};

use crate::capture::Delivery;
use crate::report::{Chunk, Formatter, Record, VERSION, body_sha256, escape_json};

use super::stray_text;

/// Appends a record for each payload, on a line of its own.
pub(super) struct RecordFormatter;

/// A record, as it is serialized.
#[derive(Debug, Serialize)]
struct ExtractedRecord<'r> {
    version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<RecordSource<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery: Option<&'r Delivery>,
    body_sha256: String,
    #[serde(flatten)]
    body: Body<'r>,
}

/// Where a payload was found.
#[derive(Debug, Serialize)]
struct RecordSource<'r> {
    path: &'r str,
    line: u64,
    column: u64,
    offset: u64,
    length: usize,
    record: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    capture: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<&'r str>,
}

/// The text of a payload.
#[derive(Debug, Serialize)]
enum Body<'r> {
    #[serde(rename = "body")]
    Text(&'r str),
    #[serde(rename = "body_base64", serialize_with = "in_base64")]
    Bytes(&'r [u8]),
}

fn in_base64<S: Serializer>(bytes: &&[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&BASE64.encode(bytes))
}

impl<'r> Body<'r> {
    fn new(bytes: &'r [u8]) -> Self {
        match str::from_utf8(bytes) {
            Ok(text) => Self::Text(text),
            Err(_) => Self::Bytes(bytes),
        }
    }
}

impl ExtractedRecord<'_> {
    /// Appends the record on a line of its own.
    fn append(&self, out: &mut Vec<u8>) -> io::Result<()> {
        let start = out.len();
        serde_json::to_writer(&mut *out, self)?;
        escape_json(out, start);
        out.push(b'\n');
        Ok(())
    }
}

/// Returns the record of a payload that was received and stands in no capture yet, as a line.
#[cfg(feature = "deliver")]
pub(crate) fn received_record(delivery: &Delivery, body: &[u8]) -> io::Result<Vec<u8>> {
    let record = ExtractedRecord {
        version: VERSION,
        source: None,
        delivery: Some(delivery),
        body_sha256: body_sha256(body),
        body: Body::new(body),
    };
    // The delivery, and the body with its quotes escaped.
    let mut line = Vec::with_capacity(512 + body.len() * 5 / 4);
    record.append(&mut line)?;
    Ok(line)
}

impl Formatter for RecordFormatter {
    fn format(&self, record: &Record<'_>, chunk: &mut Chunk) -> io::Result<()> {
        let found = record.found;
        let start = found.text.start;
        if let Some(reason) = stray_text(record) {
            chunk.left_out.add(start, || reason);
            return Ok(());
        }
        let (pointer, delivery) = (found.pointer(), found.delivery());
        let text = found.text.text;
        let extracted = ExtractedRecord {
            version: VERSION,
            source: Some(RecordSource {
                path: record.path,
                line: start.line,
                column: start.column,
                offset: found.offset,
                length: found.text.written().len(),
                record: found.record,
                capture: found.capture(),
                pointer: pointer.as_deref(),
            }),
            delivery: delivery.as_ref(),
            body_sha256: body_sha256(text),
            body: Body::new(text),
        };
        extracted.append(&mut chunk.text)
    }

    fn needs_checks(&self) -> bool {
        false
    }
}
