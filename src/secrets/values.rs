//! Where the value of a name ends, in a text that is not JSON, or not quite.
//!
//! Where the notation says it, there; where it does not, rather too far than not far enough.

use std::ops::Range;

use crate::steps;

use super::labels::{Label, Separator, is_name_byte};
use super::names::LONGEST;
use super::quotes::opening_quote;
use super::view::View;
use super::{Form, What};

pub(super) struct Values<'v> {
    pub(super) text: &'v View<'v>,
    /// Up to where brackets were looked at that are never closed.
    pub(super) hopeless: usize,
    /// Whether there was an element that is never closed.
    pub(super) has_open_tag: bool,
}

/// How far the end of a requestor's object is looked for in a line, if its brackets do not match.
const REACH: usize = 4096;

impl<'v> Values<'v> {
    pub(super) fn new(text: &'v View<'v>) -> Self {
        Self {
            text,
            hopeless: 0,
            has_open_tag: false,
        }
    }

    pub(super) fn bytes(&self) -> &'v [u8] {
        self.text.bytes()
    }

    /// Returns the value that starts at a place, how it is written, and where it ends with its
    /// quotes; nothing if it is empty, or a word that stands for nothing.
    pub(super) fn value(
        &mut self,
        start: usize,
        separator: Separator,
        label: &Label,
        what: What,
    ) -> Option<(Range<usize>, Form, usize)> {
        if separator == Separator::Tag {
            let end = self.element(start, label);
            let content = self.trimmed(start..end);
            return is_something(&self.bytes()[content.clone()]).then_some((
                content,
                Form::Text,
                end,
            ));
        }
        // Of a header, quotes are a part.
        let is_line = what == What::Header
            && separator == Separator::Colon
            && !label.is_quoted
            && !self.is_in_list(label)
            && !self.lacks_quote(label, start);
        if let Some(block) = self.block(start) {
            let end = block.end;
            let content = self.trimmed(block);
            return is_something(&self.bytes()[content.clone()]).then_some((
                content,
                Form::Text,
                end,
            ));
        }
        if let Some(block) = self.indented(start, label) {
            let content = self.trimmed(block.clone());
            return Some((content, Form::Text, block.end));
        }
        let start = if label.is_quoted {
            start
        } else {
            self.on_next_line(start)?
        };
        if !is_line {
            let quote = self.skip(start, |byte| b"brufBRUF".contains(&byte));
            let closes = match self.text.get(quote) {
                Some(b'"') => {
                    let mark = self.text.mark(quote);
                    label.around.is_some_and(|around| mark.ends(around))
                }
                Some(b'\'') => label.is_single,
                _ => true,
            };
            let before = label.name.start.checked_sub(1);
            let before = before.and_then(|at| self.text.get(at));
            let is_url = matches!(before, Some(b'?' | b'&' | b'#' | b';'));
            let is_prefix = quote <= start + 2 && !is_url && !closes;
            let quote = if is_prefix { quote } else { start };
            for at in [start, quote] {
                let string = self.doubled(at, label).or_else(|| self.string(at, label));
                if let Some((content, end)) = string {
                    return is_something(&self.bytes()[content.clone()]).then_some((
                        content,
                        Form::Text,
                        end,
                    ));
                }
            }
            if matches!(self.text.get(start), Some(b'[' | b'{')) {
                let end = self.container(start, label, usize::MAX);
                return Some((start..end, Form::Container, end));
            }
        }
        let end = self.bare(start, separator, label, what);
        let content = self.trimmed(start..end);
        let written = &self.bytes()[content.clone()];
        let form = if label.is_quoted && is_number(written) {
            Form::Number
        } else {
            Form::Text
        };
        is_something(written).then_some((content, form, end))
    }

    /// Returns the word that starts at a place, without its quotes, if it could be a name.
    pub(super) fn word(&self, start: usize) -> Option<Range<usize>> {
        let bytes = self.bytes();
        let quote = opening_quote(&bytes[start..]).map_or(0, |(_, length)| length);
        let start = start + quote;
        let is_part = |byte: &&u8| is_name_byte(**byte) || **byte == b' ';
        let letters = bytes[start..].iter().take(LONGEST).take_while(is_part);
        let length = letters.count();
        (length > 0).then_some(start..start + length)
    }

    /// Returns where the object, array or element ends that starts at a place. Many may start in one
    /// line that does not end, so only so much of it is looked at.
    pub(super) fn group(
        &mut self,
        start: usize,
        separator: Separator,
        label: &Label,
    ) -> Option<usize> {
        if separator == Separator::Tag {
            return Some(self.element(start, label));
        }
        let is_open = matches!(self.text.get(start), Some(b'[' | b'{'));
        let end = is_open.then(|| self.container(start, label, REACH))?;
        // What is not closed may go on after its line.
        let is_closed = matches!(self.bytes()[end - 1], b']' | b'}');
        // Behind a bracket too many, members go on.
        let next = self.skip(end, |byte| {
            byte.is_ascii_whitespace() || matches!(byte, b'}' | b']')
        });
        let goes_on = matches!(self.text.get(next), Some(b'"' | b'\''));
        (is_closed && !goes_on).then_some(end)
    }

    /// Returns where a value without quotes ends.
    #[expect(clippy::match_same_arms, reason = "one arm for each rule")]
    fn bare(&self, start: usize, separator: Separator, label: &Label, what: What) -> usize {
        let bytes = self.bytes();
        let before = label.name.start.checked_sub(1).map(|at| bytes[at]);
        let layers = self.text.mark(label.end).layers;
        let wrapper = match before {
            _ if label.is_quoted => None,
            Some(quote @ (b'\'' | b'`')) => Some(quote),
            Some(b'(') => Some(b')'),
            _ => None,
        };
        let is_header = what == What::Header
            && separator == Separator::Colon
            && (label.is_quoted || !self.is_in_list(label));
        let is_url = matches!(before, Some(b'?' | b'&' | b'#'));
        let is_line = !is_url && self.starts_line(label);
        let is_flow = !label.is_quoted && !is_header && !is_line && self.is_in_list(label);
        let is_tight = matches!(
            separator,
            Separator::Equals { is_spaced: false } | Separator::Space
        );
        let mut at = start;
        while let Some(byte) = self.text.get(at) {
            // Letters end nothing, and most bytes are letters.
            if byte.is_ascii_alphanumeric() {
                at += 1;
                continue;
            }
            let mark = self.mark(at, label);
            let is_here = mark.layers <= layers;
            let ends = match byte {
                b'\n' | b'\r' => {
                    is_here
                        && (mark.slashes == 0
                            || (label.is_single || label.around.is_some())
                            || layers > 0)
                }
                byte if Some(byte) == wrapper => is_here,
                b'<' if !label.is_quoted && bytes[at + 1..].starts_with(b"/") => is_here,
                b'"' if label.around.is_some_and(|around| mark.ends(around)) => true,
                b'"' if label.is_quoted && self.ends_member(at + 1) => true,
                b'"' | b'\'' if label.is_quoted && (byte == b'"' || bytes[at - 1] == b' ') => {
                    at = self.string(at, label).map_or(at + 1, |(_, end)| end);
                    continue;
                }
                // An escape that is cut off with the text.
                b'\\' if at + 6 > bytes.len() => false,
                b'"' | b'\'' | b'<' | b'>' | b'`' | b'\\' if is_tight && !is_line => is_here,
                b'&' | b' ' | b'\t' if mark.layers < layers => true,
                b'&' if is_tight => is_here,
                b'#' | b';' if is_url => is_here,
                b'}' | b']' | b')' if is_flow => true,
                b'}' | b']' if label.is_quoted => self.ends_member(at + 1),
                b',' if is_flow => true,
                b',' if label.is_quoted => self.starts_next(at + 1),
                b' ' | b'\t' if is_tight && !is_line => is_here,
                b' ' | b'\t' | b',' | b';'
                    if !(is_header
                        || label.is_quoted
                        || (is_line && separator == Separator::Colon)) =>
                {
                    // Of several blanks, only after the last one.
                    is_here
                        && at > start
                        && !self.text.get(at + 1).is_some_and(is_blank)
                        && self.is_label(at + 1)
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

    /// Returns whether a closing bracket before a place ends an object or array.
    fn ends_member(&self, at: usize) -> bool {
        let at = self.skip(at, is_blank);
        matches!(
            self.text.get(at),
            None | Some(b',' | b'}' | b']' | b')' | b'"' | b'\'' | b'<' | b'\r' | b'\n' | b';')
        )
    }

    /// Returns whether a comma before a place is followed by a further member.
    fn starts_next(&self, at: usize) -> bool {
        let start = self.skip(at, is_blank);
        let is_end = matches!(
            self.text.get(start),
            None | Some(b'"' | b'\'' | b'{' | b'[' | b'\r' | b'\n')
        );
        is_end || self.is_label(start)
    }

    pub(super) fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let end = range.start + self.bytes()[range.clone()].trim_ascii_end().len();
        let start = end - self.bytes()[range.start..end].trim_ascii_start().len();
        start..end
    }

    /// Returns the first place from another on whose byte is not of a kind.
    pub(super) fn skip(&self, at: usize, is_kind: impl Fn(u8) -> bool) -> usize {
        let rest = self.bytes().get(at..).unwrap_or_default();
        let length = rest.iter().position(|byte| !is_kind(*byte));
        let length = length.unwrap_or(rest.len());
        steps::add(length + 1);
        at + length
    }
}

pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Returns whether a value is one, and no word that stands for nothing or for a choice.
pub(super) fn is_something(value: &[u8]) -> bool {
    const NOTHING: [&str; 8] = [
        "",
        "null",
        "true",
        "false",
        "None",
        "True",
        "False",
        "undefined",
    ];
    !NOTHING
        .iter()
        .any(|word| word.as_bytes() == value.trim_ascii())
}

/// Returns whether a value is a number in JSON's notation.
pub(super) fn is_number(value: &[u8]) -> bool {
    serde_json::from_slice::<f64>(value).is_ok()
}
