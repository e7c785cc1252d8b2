//! Lays out JSON text anew. Only white space outside of strings changes, so values, numbers and
//! escapes stay as they are written, and invalid JSON stays invalid in the same way.

use std::io::{self, Write};
use std::ops::Range;

use crate::steps;

use super::plain_length;

/// Returns `true` if a text has a line break.
pub(crate) fn has_line_break(text: &[u8]) -> bool {
    memchr::memchr2(b'\n', b'\r', text).is_some()
}

/// Appends JSON text without its line breaks and the white space around them. The text is valid, so
/// that a line break is never inside of a string, and never the only thing that separates two values.
pub(crate) fn append_on_one_line(json: &[u8], line: &mut Vec<u8>) {
    let mut rest = json;
    steps::add(json.len());
    line.reserve(json.len() + 1);
    while let Some(at) = memchr::memchr2(b'\n', b'\r', rest) {
        let (before, after) = rest.split_at(at);
        line.extend_from_slice(before.trim_ascii_end());
        rest = after.trim_ascii_start();
    }
    line.extend_from_slice(rest);
}

/// A part of JSON text that is laid out with line breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LaidOut {
    /// A value, name, bracket, comma or colon: a byte range of the text.
    Token(Range<usize>),
    /// The space after a colon.
    Space,
    /// A line break, and the level of the next line.
    LineBreak(usize),
}

/// Writes JSON text with line breaks, and two spaces for each level.
pub(crate) fn write_indented(json: &[u8], out: &mut impl Write) -> io::Result<()> {
    lay_out(json, |part| match part {
        LaidOut::Token(range) => out.write_all(&json[range]),
        LaidOut::Space => out.write_all(b" "),
        LaidOut::LineBreak(level) => break_line(out, level),
    })
}

/// Lays out JSON text with line breaks. `emit` is called for each part in order.
pub(crate) fn lay_out<E>(
    json: &[u8],
    mut emit: impl FnMut(LaidOut) -> Result<(), E>,
) -> Result<(), E> {
    steps::add(json.len());
    let skip_blanks = |at: usize| json.len() - json[at.min(json.len())..].trim_ascii_start().len();
    let mut level = 0_usize;
    let mut at = skip_blanks(0);
    while let Some(&byte) = json.get(at) {
        let length = match byte {
            b'"' => string_length(&json[at..]),
            _ => 1,
        };
        let token = at..at + length;
        let next = skip_blanks(token.end);
        let is_closed = matches!(json.get(next), Some(b'}' | b']'));
        at = next;
        match byte {
            b'{' | b'[' if is_closed => {
                emit(LaidOut::Token(token))?;
                emit(LaidOut::Token(next..next + 1))?;
                at = skip_blanks(next + 1);
            }
            b'{' | b'[' => {
                level += 1;
                emit(LaidOut::Token(token))?;
                emit(LaidOut::LineBreak(level))?;
            }
            b'}' | b']' => {
                level = level.saturating_sub(1);
                emit(LaidOut::LineBreak(level))?;
                emit(LaidOut::Token(token))?;
            }
            b',' => {
                emit(LaidOut::Token(token))?;
                if !is_closed {
                    emit(LaidOut::LineBreak(level))?;
                }
            }
            b':' => {
                emit(LaidOut::Token(token))?;
                emit(LaidOut::Space)?;
            }
            _ => emit(LaidOut::Token(token))?,
        }
    }
    Ok(())
}

/// Returns the length of the string at the start, with its quotes.
fn string_length(text: &[u8]) -> usize {
    let mut length = 1;
    loop {
        length += plain_length(&text[length..]);
        match text.get(length) {
            None => return length,
            Some(b'"') => return length + 1,
            Some(b'\\') => length = (length + 2).min(text.len()),
            Some(_) => length += 1,
        }
    }
}

fn break_line(out: &mut impl Write, level: usize) -> io::Result<()> {
    const SPACES: [u8; 64] = [b' '; 64];
    out.write_all(b"\n")?;
    let mut width = 2 * level;
    while width > 0 {
        let length = width.min(SPACES.len());
        out.write_all(&SPACES[..length])?;
        width -= length;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn indented(json: &str) -> String {
        let mut out = Vec::new();
        write_indented(json.as_bytes(), &mut out).unwrap_or_else(|error| panic!("{error}"));
        String::from_utf8(out).unwrap_or_default()
    }

    #[test]
    fn valid_json_is_indented_as_by_serde_json() {
        let json = r#" {"a": [1, {"b": "x, {y\"\\"}], "c": {}, "d": [ ],"e":null} "#;
        let value: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
        assert_eq!(indented(json), format!("{value:#}"));
    }

    #[test]
    fn invalid_json_stays_invalid() {
        assert_eq!(indented(r#"{"a": 1,}"#), "{\n  \"a\": 1,\n}");
        assert_eq!(indented(r#"{"a": "\"#), "{\n  \"a\": \"\\");
    }

    #[test]
    fn numbers_and_escapes_stay_as_written() {
        let json = r#"[1e5,-0.0,"\u0041\/é  b"]"#;
        assert_eq!(
            indented(json),
            "[\n  1e5,\n  -0.0,\n  \"\\u0041\\/é  b\"\n]"
        );
    }

    #[test]
    fn line_breaks_go_with_the_blanks_around_them() {
        let mut line = b">".to_vec();
        append_on_one_line(
            b"{ \"a  b\":  1 , \r\n\t \"c\": [\n\n  2,\r3\n] }",
            &mut line,
        );
        assert_eq!(
            String::from_utf8_lossy(&line),
            r#">{ "a  b":  1 ,"c": [2,3] }"#
        );
    }
}
