//! Finds the end of the value of a name in text that is not valid JSON.
//!
//! Where the notation leaves the end open, the value is rather too long than too short, so that no
//! part of a secret is left out.

use std::ops::Range;

use crate::steps;

use super::name_occurrence::{NameOccurrence, Separator, is_name_byte};
use super::names::MAX_NAME_LENGTH;
use super::unescape::UnescapedText;
use super::{Notation, SecretClass};

pub(super) struct ValueFinder<'v> {
    pub(super) text: &'v UnescapedText<'v>,
    /// The end of the text that was searched for closing brackets in vain.
    pub(super) unclosed_until: usize,
    /// Whether an element was found that is never closed.
    pub(super) has_unclosed_tag: bool,
}

/// The maximum number of bytes of a line that are searched for the end of a requestor's object
/// whose brackets do not match.
const MAX_DISTANCE: usize = 4096;

impl<'v> ValueFinder<'v> {
    pub(super) fn new(text: &'v UnescapedText<'v>) -> Self {
        Self {
            text,
            unclosed_until: 0,
            has_unclosed_tag: false,
        }
    }

    pub(super) fn bytes(&self) -> &'v [u8] {
        self.text.bytes()
    }

    /// Returns the span and the notation of the value that starts at an offset, and its end with
    /// quotes included; `None` if the value is empty or a word such as `null`.
    pub(super) fn value(
        &mut self,
        start: usize,
        separator: Separator,
        occurrence: &NameOccurrence,
        class: SecretClass,
    ) -> Option<(Range<usize>, Notation, usize)> {
        if separator == Separator::Tag {
            let end = self.element_end(start, occurrence);
            let content = self.trimmed(start..end);
            return is_meaningful(&self.bytes()[content.clone()]).then_some((
                content,
                Notation::Text,
                end,
            ));
        }
        // In a header, quotes are part of the value.
        let ends_with_line = class == SecretClass::Header
            && separator == Separator::Colon
            && !occurrence.is_quoted
            && !self.is_in_list(occurrence)
            && !self.lacks_quote(occurrence, start);
        if let Some(block) = self.block(start) {
            let end = block.end;
            let content = self.trimmed(block);
            return is_meaningful(&self.bytes()[content.clone()]).then_some((
                content,
                Notation::Text,
                end,
            ));
        }
        if let Some(block) = self.indented(start, occurrence) {
            let content = self.trimmed(block.clone());
            return Some((content, Notation::Text, block.end));
        }
        let start = if occurrence.is_quoted {
            start
        } else {
            self.value_start(start)?
        };
        if !ends_with_line {
            let quote = self.skip(start, |byte| b"brufBRUF".contains(&byte));
            let closes = match self.text.get(quote) {
                Some(b'"') => {
                    let depth = self.text.depth(quote);
                    occurrence
                        .outer_quote
                        .is_some_and(|outer_quote| depth.ends(outer_quote))
                }
                Some(b'\'') => occurrence.in_single_quotes,
                _ => true,
            };
            let before = occurrence.name.start.checked_sub(1);
            let before = before.and_then(|at| self.text.get(at));
            let is_url = matches!(before, Some(b'?' | b'&' | b'#' | b';'));
            let is_prefix = quote <= start + 2 && !is_url && !closes;
            let quote = if is_prefix { quote } else { start };
            for at in [start, quote] {
                let string = self
                    .csv_string(at, occurrence)
                    .or_else(|| self.string(at, occurrence));
                if let Some((content, end)) = string {
                    return is_meaningful(&self.bytes()[content.clone()]).then_some((
                        content,
                        Notation::Text,
                        end,
                    ));
                }
            }
            if matches!(self.text.get(start), Some(b'[' | b'{')) {
                let end = self.container_end(start, occurrence, usize::MAX);
                return Some((start..end, Notation::Container, end));
            }
        }
        let end = self.unquoted_end(start, separator, occurrence, class);
        let content = self.trimmed(start..end);
        let written = &self.bytes()[content.clone()];
        let notation = if occurrence.is_quoted && is_number(written) {
            Notation::Number
        } else {
            Notation::Text
        };
        is_meaningful(written).then_some((content, notation, end))
    }

    /// Returns the word that starts at an offset, without its quotes, if it may be a name.
    pub(super) fn word(&self, start: usize) -> Option<Range<usize>> {
        let bytes = self.bytes();
        let quote = opening_quote(&bytes[start..]).map_or(0, |(_, length)| length);
        let start = start + quote;
        let is_word_byte = |byte: &&u8| is_name_byte(**byte) || **byte == b' ';
        let letters = bytes[start..]
            .iter()
            .take(MAX_NAME_LENGTH)
            .take_while(is_word_byte);
        let length = letters.count();
        (length > 0).then_some(start..start + length)
    }

    /// Returns the end of the object, array or element that starts at an offset. The search is
    /// limited, since many may start in one long line.
    pub(super) fn group_end(
        &mut self,
        start: usize,
        separator: Separator,
        occurrence: &NameOccurrence,
    ) -> Option<usize> {
        if separator == Separator::Tag {
            return Some(self.element_end(start, occurrence));
        }
        let is_open = matches!(self.text.get(start), Some(b'[' | b'{'));
        let end = is_open.then(|| self.container_end(start, occurrence, MAX_DISTANCE))?;
        // If it is not closed, it may continue on the next line.
        let is_closed = matches!(self.bytes()[end - 1], b']' | b'}');
        // After a superfluous bracket, more members follow.
        let next = self.skip(end, |byte| {
            byte.is_ascii_whitespace() || matches!(byte, b'}' | b']')
        });
        let continues = matches!(self.text.get(next), Some(b'"' | b'\''));
        (is_closed && !continues).then_some(end)
    }

    /// Returns the end of a value without quotes.
    #[expect(clippy::match_same_arms, reason = "one arm for each rule")]
    fn unquoted_end(
        &self,
        start: usize,
        separator: Separator,
        occurrence: &NameOccurrence,
        class: SecretClass,
    ) -> usize {
        let bytes = self.bytes();
        let before = occurrence.name.start.checked_sub(1).map(|at| bytes[at]);
        let percent_layers = self.text.depth(occurrence.end).percent_layers;
        let closing = match before {
            _ if occurrence.is_quoted => None,
            Some(quote @ (b'\'' | b'`')) => Some(quote),
            Some(b'(') => Some(b')'),
            _ => None,
        };
        let is_header = class == SecretClass::Header
            && separator == Separator::Colon
            && (occurrence.is_quoted || !self.is_in_list(occurrence));
        let is_url = matches!(before, Some(b'?' | b'&' | b'#'));
        let ends_with_line = !is_url && self.starts_line(occurrence);
        let is_in_flow_list =
            !occurrence.is_quoted && !is_header && !ends_with_line && self.is_in_list(occurrence);
        let is_one_word = matches!(
            separator,
            Separator::Equals { is_spaced: false } | Separator::Space
        );
        let mut at = start;
        while let Some(byte) = self.text.get(at) {
            // Fast path: most bytes are letters and digits, which never end a value.
            if byte.is_ascii_alphanumeric() {
                at += 1;
                continue;
            }
            let depth = self.depth(at, occurrence);
            let is_same_layer = depth.percent_layers <= percent_layers;
            let ends = match byte {
                b'\n' | b'\r' => {
                    is_same_layer
                        && (depth.backslashes == 0
                            || (occurrence.in_single_quotes || occurrence.outer_quote.is_some())
                            || percent_layers > 0)
                }
                byte if Some(byte) == closing => is_same_layer,
                b'<' if !occurrence.is_quoted && bytes[at + 1..].starts_with(b"/") => is_same_layer,
                b'"' if occurrence
                    .outer_quote
                    .is_some_and(|outer_quote| depth.ends(outer_quote)) =>
                {
                    true
                }
                b'"' if occurrence.is_quoted && self.ends_member(at + 1) => true,
                b'"' | b'\'' if occurrence.is_quoted && (byte == b'"' || bytes[at - 1] == b' ') => {
                    at = self.string(at, occurrence).map_or(at + 1, |(_, end)| end);
                    continue;
                }
                // An escape that is truncated at the end of the text.
                b'\\' if at + 6 > bytes.len() => false,
                b'"' | b'\'' | b'<' | b'>' | b'`' | b'\\' if is_one_word && !ends_with_line => {
                    is_same_layer
                }
                b'&' | b' ' | b'\t' if depth.percent_layers < percent_layers => true,
                b'&' if is_one_word => is_same_layer,
                b'#' | b';' if is_url => is_same_layer,
                b'}' | b']' | b')' if is_in_flow_list => true,
                b'}' | b']' if occurrence.is_quoted => self.ends_member(at + 1),
                b',' if is_in_flow_list => true,
                b',' if occurrence.is_quoted => self.starts_next(at + 1),
                b' ' | b'\t' if is_one_word && !ends_with_line => is_same_layer,
                b' ' | b'\t' | b',' | b';'
                    if !(is_header
                        || occurrence.is_quoted
                        || (ends_with_line && separator == Separator::Colon)) =>
                {
                    // Of several blanks, only the last one can end the value.
                    is_same_layer
                        && at > start
                        && !self.text.get(at + 1).is_some_and(is_blank)
                        && self.is_name(at + 1)
                }
                _ => false,
            };
            if ends {
                break;
            }
            at += 1;
        }
        steps::add(at - start);
        at
    }

    /// Returns `true` if a closing bracket before an offset ends an object or array.
    fn ends_member(&self, at: usize) -> bool {
        let at = self.skip(at, is_blank);
        matches!(
            self.text.get(at),
            None | Some(b',' | b'}' | b']' | b')' | b'"' | b'\'' | b'<' | b'\r' | b'\n' | b';')
        )
    }

    /// Returns `true` if a comma before an offset is followed by another member.
    fn starts_next(&self, at: usize) -> bool {
        let start = self.skip(at, is_blank);
        let is_end = matches!(
            self.text.get(start),
            None | Some(b'"' | b'\'' | b'{' | b'[' | b'\r' | b'\n')
        );
        is_end || self.is_name(start)
    }

    pub(super) fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let end = range.start + self.bytes()[range.clone()].trim_ascii_end().len();
        let start = end - self.bytes()[range.start..end].trim_ascii_start().len();
        start..end
    }

    /// Returns the offset of the first byte from `at` on for which `is_skipped` returns `false`.
    pub(super) fn skip(&self, at: usize, is_skipped: impl Fn(u8) -> bool) -> usize {
        let rest = self.bytes().get(at..).unwrap_or_default();
        let length = rest.iter().position(|byte| !is_skipped(*byte));
        let length = length.unwrap_or(rest.len());
        steps::add(length + 1);
        at + length
    }
}

pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Returns `true` if a value is neither empty nor a word such as `null` or `true`.
pub(super) fn is_meaningful(value: &[u8]) -> bool {
    const EMPTY_WORDS: [&str; 8] = [
        "",
        "null",
        "true",
        "false",
        "None",
        "True",
        "False",
        "undefined",
    ];
    !EMPTY_WORDS
        .iter()
        .any(|word| word.as_bytes() == value.trim_ascii())
}

/// Returns `true` if a value is a JSON number.
pub(super) fn is_number(value: &[u8]) -> bool {
    serde_json::from_slice::<f64>(value).is_ok()
}

/// Returns the quotes that may close a string which the start of a text opens, and the length of
/// the opening quote.
pub(super) fn opening_quote(text: &[u8]) -> Option<(&'static [&'static [u8]], usize)> {
    const PAIRS: [(&[u8], &[&[u8]]); 7] = [
        (b"\"", &[b"\""]),
        (b"'", &[b"'"]),
        (b"`", &[b"`"]),
        ("“".as_bytes(), &["”".as_bytes(), b"\""]),
        ("„".as_bytes(), &["“".as_bytes(), "”".as_bytes(), b"\""]),
        ("‘".as_bytes(), &["’".as_bytes(), b"'"]),
        ("”".as_bytes(), &["”".as_bytes(), b"\""]),
    ];
    let (quote, closing) = PAIRS.iter().find(|(quote, _)| text.starts_with(quote))?;
    Some((closing, quote.len()))
}
