//! Redacts what is encoded as a whole: base64, chunks of a body, and gzip. Each is decoded,
//! redacted, and encoded again in the same way, unless nothing in it is secret.

use std::borrow::Cow;
use std::io::{self, Write};
use std::ops::Range;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::decode::text::gzip_prefix;
use crate::secrets::{
    self, Container, Encoding, Notation, SecretClass, SecretMatch, is_gzip, write_chunks,
};

use super::redactor::{Edits, Redactor};

/// The maximum number of containers in each other.
const MAX_DEPTH: usize = 8;

/// How many times as large as the text around it decompressed data may be. Logs have about 20; a
/// text that is larger was made to exhaust the memory.
const MAX_RATIO: usize = 32;

/// The number of decompressed bytes that any text may have.
const MIN_DECOMPRESSED: usize = 1 << 20;

/// What decoding may cost, so that its time and memory stay proportional to the text.
#[derive(Debug)]
pub(super) struct Budget {
    depth: usize,
    decompressed: usize,
}

impl Budget {
    /// Creates the budget of a text.
    pub(super) fn new(text: &[u8]) -> Self {
        Self {
            depth: 0,
            decompressed: text.len().saturating_mul(MAX_RATIO).max(MIN_DECOMPRESSED),
        }
    }
}

impl Redactor {
    /// Returns the edits of the containers in a text. A container that can't be read is added to
    /// the secrets.
    pub(super) fn edit_containers(
        &self,
        text: &[u8],
        mut containers: Vec<Container>,
        secrets: &mut Vec<SecretMatch>,
        budget: &mut Budget,
    ) -> Edits {
        if containers.is_empty() {
            return Edits::new();
        }
        containers.sort_by_key(|container| container.span.start);
        let outer = self.replaced_spans(secrets);
        let mut edits = Edits::new();
        for container in containers {
            let enclosing = outer.partition_point(|span| span.end < container.span.end);
            let enclosing = outer.get(enclosing);
            let is_secret = enclosing.is_some_and(|span| span.start <= container.span.start);
            let overlaps = edits
                .last()
                .is_some_and(|(last, _)| last.end > container.span.start);
            if is_secret || overlaps {
                continue;
            }
            let span = container.span.clone();
            match self.redact_container(text, &container, budget) {
                Ok(Some(new)) => edits.push((span, Some(new))),
                Ok(None) => {}
                Err(_) => secrets.push(SecretMatch {
                    span,
                    class: SecretClass::Token,
                    notation: Notation::Text,
                    content: String::new(),
                }),
            }
        }
        edits
    }

    /// Returns the spans of all secrets, in ascending order. They are replaced with the containers
    /// in them.
    fn replaced_spans(&self, secrets: &[SecretMatch]) -> Vec<Range<usize>> {
        let replaced = secrets
            .iter()
            .filter(|secret| self.is_selected(secret.class));
        let mut spans: Vec<_> = replaced.map(|secret| secret.span.clone()).collect();
        spans.sort_by_key(|span| (span.start, span.end));
        spans.dedup_by(|next, span| {
            let overlaps = next.start < span.end;
            if overlaps {
                span.end = span.end.max(next.end);
            }
            overlaps
        });
        spans
    }

    /// Returns a container with its secrets replaced, or `None` if it has none.
    fn redact_container(
        &self,
        text: &[u8],
        container: &Container,
        budget: &mut Budget,
    ) -> io::Result<Option<Vec<u8>>> {
        let bytes = &container.bytes;
        if budget.depth >= MAX_DEPTH {
            return Ok(None);
        }
        budget.depth += 1;
        let redacted = if is_gzip(bytes) {
            self.redact_gzip(bytes, budget)
        } else {
            let found = secrets::find(bytes);
            Ok(changed(self.replace(bytes, found, budget)))
        };
        budget.depth -= 1;
        let Some(redacted) = redacted? else {
            return Ok(None);
        };
        Ok(Some(match &container.encoding {
            Encoding::Base64(format, signs) => {
                let encoded = format.encode(&redacted);
                let mut written = Vec::with_capacity(encoded.len());
                for character in encoded.chars() {
                    match signs.iter().find(|(sign, _)| *sign == character) {
                        Some((_, span)) => written.extend_from_slice(&text[span.clone()]),
                        None => written.extend(character.encode_utf8(&mut [0; 4]).bytes()),
                    }
                }
                written
            }
            Encoding::Chunked(chunks, level) => {
                let mut written = write_chunks(&redacted, chunks);
                for _ in 0..*level {
                    written = escaped(&written);
                }
                written
            }
            Encoding::Binary => redacted,
        }))
    }

    /// Returns gzip data with its secrets replaced, or `None` if it has none.
    ///
    /// # Errors
    /// The data is damaged, or decompresses to more than the budget.
    pub(super) fn redact_gzip(
        &self,
        bytes: &[u8],
        budget: &mut Budget,
    ) -> io::Result<Option<Vec<u8>>> {
        let gunzipped = gzip_prefix(bytes, budget.decompressed);
        let gunzipped = gunzipped.ok_or(io::ErrorKind::InvalidData)?;
        let text = gunzipped.decoded.text;
        budget.decompressed -= text.len();
        if !gunzipped.is_complete {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let found = secrets::find(&text);
        let Some(redacted) = changed(self.replace(&text, found, budget)) else {
            return Ok(None);
        };
        // The header has no time, so that the result is the same in each run.
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(&redacted)?;
        encoder.finish().map(Some)
    }
}

fn changed(redacted: Cow<'_, [u8]>) -> Option<Vec<u8>> {
    match redacted {
        Cow::Owned(redacted) => Some(redacted),
        Cow::Borrowed(_) => None,
    }
}

/// Escapes a text as the content of a JSON string.
fn escaped(text: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(text);
    let quoted = serde_json::to_string(&text).unwrap_or_default();
    quoted.as_bytes()[1..quoted.len().max(2) - 1].to_vec()
}
