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
    source: RecordSource<'r>,
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
            source: RecordSource {
                path: record.path,
                line: start.line,
                column: start.column,
                offset: found.offset,
                length: found.text.written().len(),
                record: found.record,
                capture: found.capture(),
                pointer: pointer.as_deref(),
            },
            delivery: delivery.as_ref(),
            body_sha256: body_sha256(text),
            body: match str::from_utf8(text) {
                Ok(text) => Body::Text(text),
                Err(_) => Body::Bytes(text),
            },
        };
        let start = chunk.text.len();
        serde_json::to_writer(&mut chunk.text, &extracted)?;
        escape_json(&mut chunk.text, start);
        chunk.text.push(b'\n');
        Ok(())
    }

    fn needs_checks(&self) -> bool {
        false
    }
}
