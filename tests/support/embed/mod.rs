//! Writes payloads into the notations that captures are made of, and knows where each byte is
//! written.
//!
//! The writers share nothing with the decoders of the program. What they write is read back with
//! `serde_json` and `data-encoding`, so that they are right about the notation; and they note the
//! place of each byte as they write it, so that they are right about the places.

pub mod around;
pub mod container;
pub mod dice;
pub mod http;
pub mod json;
pub mod layer;
pub mod payload;
pub mod snippet;
pub mod written;

use written::Written;

/// A payload in a capture.
#[derive(Debug, Clone)]
pub struct Embedded {
    /// The capture.
    pub text: Vec<u8>,
    /// The places of what was written: the innermost first.
    pub steps: Vec<Written>,
    /// The names and indexes on the way from the outermost JSON value to the value that holds the
    /// payload.
    pub pointer: Vec<String>,
    /// The outermost JSON value.
    pub value: Vec<u8>,
    /// Whether the payload can be read in the capture: it is not in base64 or gzip.
    pub is_readable: bool,
}

impl Embedded {
    /// Starts with a payload that stands alone.
    pub fn new(payload: &str) -> Self {
        Self {
            text: payload.as_bytes().to_vec(),
            steps: Vec::new(),
            pointer: Vec::new(),
            value: payload.as_bytes().to_vec(),
            is_readable: true,
        }
    }

    /// Writes the text into another one.
    pub fn write(&mut self, written: Written) {
        self.text.clone_from(&written.text);
        self.steps.push(written);
    }

    /// Writes the text as JSON into another value, at a path of names and indexes.
    pub fn write_value(&mut self, written: Written, path: &[String]) {
        self.write(written);
        self.pointer.splice(0..0, path.iter().cloned());
        self.value.clone_from(&self.text);
    }

    /// Writes the text as a JSON string. What is inside of it has no pointer outside.
    pub fn write_string(&mut self, written: Written) {
        self.write(written);
        self.pointer.clear();
        self.value.clone_from(&self.text);
    }

    /// Writes the text behind another one.
    pub fn write_after(&mut self, before: &[u8]) {
        let mut written = Written::default();
        written.raw(before);
        written.copy(&self.text);
        self.write(written);
    }

    /// Returns where a range of the payload stands in the capture.
    pub fn place(&self, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
        let steps = self.steps.iter();
        steps.fold(range, |range, step| step.place(range))
    }

    /// Returns the pointer of the value that holds the payload.
    pub fn pointer(&self) -> String {
        let escaped = self.pointer.iter();
        escaped
            .map(|token| format!("/{}", token.replace('~', "~0").replace('/', "~1")))
            .collect::<Vec<_>>()
            .concat()
    }
}
