//! Decodes notations in which a text embeds another one, such as JSON strings and base64.
//!
//! Each decoder takes the outer text and returns the decoded one with a [`SourceMap`], so that
//! diagnostics can point at the outer text. It returns `None` if the text is not in its notation;
//! where any text is in it, it returns no option. All take linear time.

use std::ops::Range;

use crate::document::SourceMap;

mod base64;
mod csv;
mod gzip;
mod hex_escapes;
mod json_string;
mod log_lines;
#[cfg(test)]
pub(crate) mod testing;
pub(crate) mod tnetstring;
mod urlencoded;
mod xml;

pub(crate) use base64::base64;
pub(crate) use csv::csv_field;
pub(crate) use gzip::gzip_prefix;
pub(crate) use hex_escapes::hex_escapes;
pub(crate) use json_string::{json_string, json_string_start};
pub(crate) use log_lines::{cri_lines, docker_lines};
pub(crate) use urlencoded::urlencoded_values;
pub(crate) use xml::xml_text;

/// A decoded text, and where it stands in the outer text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Decoded {
    pub(crate) text: Vec<u8>,
    pub(crate) map: SourceMap,
}

impl Decoded {
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self {
            text: Vec::with_capacity(capacity),
            map: SourceMap::new(),
        }
    }

    /// Adds a range of the outer text as it is.
    pub(crate) fn copy(&mut self, outer: &[u8], range: Range<usize>) {
        self.map.copy(range.start, range.len());
        self.text.extend_from_slice(&outer[range]);
    }

    /// Adds bytes that an outer range stands for, such as an escape.
    pub(crate) fn unit(&mut self, decoded: &[u8], outer: Range<usize>) {
        self.map.unit(decoded.len(), outer);
        self.text.extend_from_slice(decoded);
    }

    /// Adds a character that an outer range stands for.
    fn character(&mut self, character: char, outer: Range<usize>) {
        self.unit(character.encode_utf8(&mut [0; 4]).as_bytes(), outer);
    }
}

/// Returns the number that two hexadecimal digits at an offset stand for.
fn hex_byte(text: &[u8], at: usize) -> Option<u8> {
    let digit = |at: usize| char::from(*text.get(at)?).to_digit(16);
    u8::try_from(digit(at)? * 16 + digit(at + 1)?).ok()
}
