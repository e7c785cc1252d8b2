//! Skips the rest of text that is not a payload.
//!
//! After an error between payloads, the rest of what caused it would only cause more errors. So it
//! is skipped, up to where a payload could start.

use crate::steps;

use super::buffer::Buffer;

/// What is to be skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Skip {
    /// Stray text: up to a payload in the same line, or to the end of the line.
    Text,
    /// A line such as a header, whose value is no payload: up to the end of the line.
    Line,
    /// Closing brackets, commas and colons that remain of a value.
    Brackets,
    /// Commas.
    Commas,
    /// The lines that remain of a value: up to the next line that starts with a bracket.
    Lines,
}

/// Consumes what is to be skipped, as far as it has arrived. Returns `true` once all of it is
/// consumed, and `false` if that depends on bytes that have yet to arrive. `is_complete` says that
/// no more follow.
pub(super) fn run(skip: &mut Option<Skip>, buffer: &mut Buffer, is_complete: bool) -> bool {
    while let Some(current) = *skip {
        let Some(end) = current.find_end(buffer.rest()) else {
            let rest = buffer.rest();
            steps::add(rest.len());
            let length = if is_complete {
                rest.len()
            } else {
                complete_characters(rest)
            };
            buffer.consume(length);
            return false;
        };
        steps::add(end);
        buffer.consume(end);
        let rest = buffer.rest();
        let (byte, next) = (rest[0], rest.get(1).copied());
        let is_next_known = next.is_some() || is_complete;
        let is_done = match (current, byte) {
            (Skip::Text, b'{' | b'[') | (Skip::Lines, _) if !is_next_known => return false,
            (Skip::Text, b'[') => next == Some(b'{'),
            (Skip::Text, b'{') => next.is_some_and(may_follow_brace),
            (Skip::Lines, _) => matches!(next, None | Some(b'{' | b'[')),
            _ => true,
        };
        if !is_done {
            buffer.consume(1);
            continue;
        }
        *skip = match (current, byte) {
            (Skip::Brackets, b'"' | b'\n') => Some(Skip::Lines),
            (Skip::Brackets, byte) if !matches!(byte, b'{' | b'[') => Some(Skip::Text),
            _ => None,
        };
    }
    true
}

impl Skip {
    /// Returns the offset of the first byte that may not be skipped.
    fn find_end(self, rest: &[u8]) -> Option<usize> {
        match self {
            Self::Text => memchr::memchr3(b'{', b'[', b'\n', rest),
            Self::Line | Self::Lines => memchr::memchr(b'\n', rest),
            Self::Brackets => {
                let is_skipped =
                    |byte: &u8| matches!(byte, b'}' | b']' | b',' | b':' | b' ' | b'\t' | b'\r');
                rest.iter().position(|byte| !is_skipped(byte))
            }
            Self::Commas => {
                let is_skipped = |byte: &u8| matches!(byte, b',' | b' ' | b'\t' | b'\r' | b'\n');
                rest.iter().position(|byte| !is_skipped(byte))
            }
        }
    }
}

/// Returns `true` if a `{` before `next` may start an object, in the middle of text.
fn may_follow_brace(next: u8) -> bool {
    next.is_ascii_whitespace() || matches!(next, b'"' | b'}')
}

/// Returns the length of `bytes` without an incomplete character at the end, the rest of which has
/// yet to arrive: consumed in two parts, it would count as two columns.
fn complete_characters(bytes: &[u8]) -> usize {
    const MAX_LENGTH: usize = 4;
    let tail = bytes.len().saturating_sub(MAX_LENGTH - 1);
    let Some(lead) = bytes[tail..].iter().rposition(|byte| *byte >= 0xC0) else {
        return bytes.len();
    };
    let lead = tail + lead;
    let length = match bytes[lead] {
        0xF0.. => 4,
        0xE0.. => 3,
        _ => 2,
    };
    if lead + length > bytes.len() {
        lead
    } else {
        bytes.len()
    }
}
