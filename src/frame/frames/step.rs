//! From one payload to the next: what is a payload, what is an error of its own, and what is
//! skipped.
//!
//! What is broken between payloads is an error at its own place, and costs none of its neighbours:
//! stray text up to the next `{` of its line, a stray comma, a comma or a `]` that is missing.

use crate::document::{Document, SyntaxErrorKind};

use super::Frames;
use crate::frame::line::{self, Line};
use crate::frame::value::ValueEnd;
use crate::steps;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Where in the stream's own structure the front is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Between payloads.
    Outside,
    /// In a root array, before its first item.
    First,
    /// In a root array, behind an item.
    Behind,
    /// In a root array, behind a comma.
    Item,
    /// In a root array, behind something broken, which may have taken a comma along.
    Broken,
    /// Behind a root array that was not closed, or lacked a comma, which is reported: payloads
    /// follow as they do outside of arrays, and commas and the `]` may still come.
    Unclosed,
}

impl Place {
    /// Whether payloads follow one another without commas.
    pub(super) fn is_outside(self) -> bool {
        matches!(self, Self::Outside | Self::Unclosed)
    }
}

/// What is skipped behind text that is no payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Skip {
    /// All up to a payload in the same line, or to the line's end: stray text.
    Text,
    /// All up to the line's end: a line of its own such as a header, whose value is no payload.
    Line,
    /// Fill brackets, commas and colons: the text is the rest of something.
    Brackets,
    /// Fill commas.
    Commas,
    /// All up to the next line that starts with a bracket: the rest of something, with names.
    Rest,
}

/// What is known of a value whose end was found and of the text behind it, so that both are looked
/// at once however many bytes arrive one after another.
#[derive(Debug, Default)]
pub(super) struct Behind {
    /// Whether it is a value, and not stray text.
    is_value: Option<bool>,
    /// How many bytes behind stray text belong to it for sure.
    looked: usize,
}

impl Frames {
    /// Goes on to the next value; gives its length once its end is known.
    pub(super) fn step(&mut self) -> Option<usize> {
        while let Some(skip) = self.skip {
            self.skip(skip)?;
        }
        loop {
            self.skip_space();
            if self.may_be_byte_order_mark() {
                return None;
            }
            let place = match (self.place, *self.rest().first()?) {
                (Place::Outside | Place::Unclosed, b'[') => Place::First,
                (Place::First | Place::Behind | Place::Broken | Place::Unclosed, b']') => {
                    Place::Outside
                }
                (Place::Behind | Place::Broken, b',') => Place::Item,
                (Place::Unclosed, b',') => Place::Unclosed,
                (Place::Outside, b',') => {
                    return Some(self.comma("a comma outside an array"));
                }
                (Place::First | Place::Item, b',') => {
                    return Some(self.comma("a comma with no payload before it"));
                }
                (Place::Item, b']') => {
                    self.fault = Some(SyntaxErrorKind::TrailingComma { close: ']' });
                    self.place = Place::Outside;
                    return Some(1);
                }
                (Place::Behind, b'{' | b'[' | b'"') => {
                    let fault =
                        "expected `,` or `]` after a payload in an array, found another payload";
                    self.fault = Some(SyntaxErrorKind::Separator(fault));
                    self.place = Place::Unclosed;
                    return Some(0);
                }
                _ => break,
            };
            self.place = place;
            self.consume(1);
        }
        self.value()
    }

    /// A comma that separates nothing.
    fn comma(&mut self, fault: &'static str) -> usize {
        self.fault = Some(SyntaxErrorKind::Separator(fault));
        self.skip = Some(Skip::Commas);
        if !self.place.is_outside() {
            self.place = Place::Broken;
        }
        1
    }

    /// The length of the value at the front.
    fn value(&mut self) -> Option<usize> {
        if self.value_scan.looked() == 0 {
            self.take_over();
        }
        let front = &self.buffer[self.done..];
        let is_line = self.place.is_outside() && self.position.column == 1 && !self.is_stopped;
        let line = if is_line {
            line::find(front, &mut self.line_scan, self.is_ended)
        } else {
            Line::No
        };
        if let Line::Payload(length) = line {
            return Some(length);
        }
        let found = self.value_scan.find(front);
        match (line, found) {
            (Line::IfBalanced(length), ValueEnd::Whole(whole)) if whole <= length => {
                return Some(length);
            }
            (Line::Open, ValueEnd::Whole(whole))
                if line::is_alone(front[whole - 1], &front[whole..]) => {}
            (Line::Open, _) => return None,
            _ => {}
        }
        let (length, next) = match found {
            ValueEnd::Whole(length) => (length, Place::Behind),
            ValueEnd::Broken(length) => (length, Place::Broken),
            ValueEnd::NotYet if self.is_stopped => {
                self.consume(self.rest().len());
                return None;
            }
            ValueEnd::NotYet if self.is_ended => {
                (self.value_scan.give_up(front.len()), Place::Broken)
            }
            ValueEnd::NotYet => return None,
        };
        let (length, is_stray) = self.with_stray_text(length)?;
        if !self.place.is_outside() {
            self.place = if is_stray { Place::Broken } else { next };
        }
        Some(length)
    }

    /// The length of the front with what belongs to it if it's no value but stray text, and whether
    /// it is. In an array that goes up to the next comma or bracket, which may have yet to come;
    /// elsewhere it is skipped later.
    fn with_stray_text(&mut self, length: usize) -> Option<(usize, bool)> {
        let (front, more) = self.buffer[self.done..].split_at(length);
        let first = front[0];
        let is_value = *self.behind.is_value.get_or_insert_with(|| {
            matches!(first, b'{' | b'[')
                || str::from_utf8(front).is_ok_and(|text| Document::parse(text).is_ok())
        });
        if !self.place.is_outside() {
            if is_value {
                return Some((length, false));
            }
            let is_end = |byte: &u8| matches!(byte, b',' | b'[' | b']' | b'{' | b'\n');
            let looked = self.behind.looked;
            let end = more[looked..].iter().position(is_end);
            steps::add(end.unwrap_or(more.len() - looked));
            self.behind.looked = more.len();
            return match end {
                Some(end) => Some((length + looked + end, true)),
                None => self.is_ended.then_some((length + more.len(), true)),
            };
        }
        if is_value && (first != b'"' || !is_name(more, self.is_ended)?) {
            return Some((length, false));
        }
        let skip = match first {
            b'}' | b']' | b':' => Skip::Brackets,
            b'"' => Skip::Rest,
            _ if self.position.column == 1 && more.starts_with(b":") => Skip::Line,
            _ => Skip::Text,
        };
        let is_line = self.position.column == 1 && matches!(skip, Skip::Text | Skip::Line);
        let found = front.utf8_chunks().next();
        let found = found.as_ref().map(first_character);
        self.skip = Some(skip);
        if let Some(found) = found.filter(|_| !is_line && self.number > 0) {
            self.fault = Some(SyntaxErrorKind::TextAfterValue { found });
        }
        Some((length, true))
    }

    /// Skips what belongs to no payload, as far as it is there, and sets what is skipped next;
    /// nothing if the bytes that decide have yet to come.
    fn skip(&mut self, skip: Skip) -> Option<()> {
        let rest = self.rest();
        let end = match skip {
            Skip::Text => memchr::memchr3(b'{', b'[', b'\n', rest),
            Skip::Line | Skip::Rest => memchr::memchr(b'\n', rest),
            Skip::Brackets => {
                let may =
                    |byte: &u8| matches!(byte, b'}' | b']' | b',' | b':' | b' ' | b'\t' | b'\r');
                rest.iter().position(|byte| !may(byte))
            }
            Skip::Commas => {
                let may = |byte: &u8| matches!(byte, b',' | b' ' | b'\t' | b'\r' | b'\n');
                rest.iter().position(|byte| !may(byte))
            }
        };
        let Some(end) = end else {
            steps::add(rest.len());
            let length = if self.is_ended {
                rest.len()
            } else {
                whole_characters(rest)
            };
            self.consume(length);
            return None;
        };
        steps::add(end);
        self.consume(end);
        // Both the byte that ends it and, where there is one, the next.
        let (byte, next) = (self.rest()[0], self.rest().get(1).copied());
        let is_known = next.is_some() || self.is_ended;
        let is_over = match (skip, byte) {
            (Skip::Text, b'{' | b'[') | (Skip::Rest, _) if !is_known => return None,
            (Skip::Text, b'[') => next == Some(b'{'),
            (Skip::Text, b'{') => next.is_some_and(may_start_object),
            (Skip::Rest, _) => matches!(next, None | Some(b'{' | b'[')),
            _ => true,
        };
        if is_over {
            self.skip = match (skip, byte) {
                (Skip::Brackets, b'"' | b'\n') => Some(Skip::Rest),
                (Skip::Brackets, byte) if !matches!(byte, b'{' | b'[') => Some(Skip::Text),
                _ => None,
            };
        } else {
            self.consume(1);
        }
        Some(())
    }

    /// Whether the front is the start of a byte-order mark whose end has yet to come.
    fn may_be_byte_order_mark(&self) -> bool {
        let front = self.rest();
        let is_part = !front.is_empty() && front.len() < BYTE_ORDER_MARK.len();
        is_part && !self.is_ended && BYTE_ORDER_MARK.starts_with(front)
    }

    fn skip_space(&mut self) {
        loop {
            let front = self.rest();
            let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
            let space = front.iter().take_while(|byte| is_space(byte)).count();
            if space > 0 {
                self.consume(space);
            }
            // Files that start with a byte-order mark are also joined into streams.
            if !self.place.is_outside() || !self.rest().starts_with(BYTE_ORDER_MARK) {
                return;
            }
            let position = self.position;
            self.consume(BYTE_ORDER_MARK.len());
            self.position = position;
        }
    }
}

/// Returns the first character of a text, or the one that stands for bytes that are not UTF-8.
fn first_character(chunk: &std::str::Utf8Chunk<'_>) -> char {
    let first = chunk.valid().chars().next();
    first.unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Returns how many bytes are left without a character at the end of which the rest has yet to
/// come: counted in two parts, it would count as two columns.
fn whole_characters(bytes: &[u8]) -> usize {
    const LONGEST: usize = 4;
    let tail = bytes.len().saturating_sub(LONGEST - 1);
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

/// Whether a brace that is followed by this may be an object's, in the middle of text.
fn may_start_object(next: u8) -> bool {
    next.is_ascii_whitespace() || matches!(next, b'"' | b'}')
}

/// Whether a string is the name of a property, as shown by what follows it; nothing if that has yet
/// to come.
fn is_name(rest: &[u8], is_ended: bool) -> Option<bool> {
    const FAR: usize = 16;
    let near = &rest[..rest.len().min(FAR)];
    match near.trim_ascii_start().first() {
        Some(byte) => Some(*byte == b':'),
        None => (is_ended || near.len() == FAR).then_some(false),
    }
}
