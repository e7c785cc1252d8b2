//! Finds the separator between a name and its value, which also tells whether a word is a name.

use super::name_occurrence::{NameOccurrence, Separator, is_name_byte};
use super::names::{MAX_NAME_LENGTH, NormalisedName};
use super::values::{ValueFinder, is_blank};

/// The maximum distance between a quoted name and its value, in bytes, white space included.
pub(super) const MAX_GAP: usize = 120;

impl ValueFinder<'_> {
    /// Returns the separator after a name and the start of the value, or `None` if the word is not
    /// a name.
    pub(super) fn separator(&self, occurrence: &NameOccurrence) -> Option<(Separator, usize)> {
        if occurrence.is_quoted {
            return self.separator_after_quotes(occurrence);
        }
        if self.is_tag(occurrence) {
            return self
                .content_start(occurrence.end)
                .map(|end| (Separator::Tag, end));
        }
        let bytes = self.bytes();
        let closed = self.skip(occurrence.end, |byte| matches!(byte, b']' | b')'));
        let mut at = self.skip(closed, is_blank);
        if bytes[at..].starts_with(b"/*") {
            at = self.skip(self.comment_end(at)?, is_blank);
        }
        if is_stray(self.text.get(at)?) {
            let next = self.skip(at, |byte| is_stray(byte) || is_blank(byte));
            if matches!(self.text.get(next), Some(b':' | b'=')) {
                at = next;
            }
        }
        let separator = match self.text.get(at)? {
            b':' => {
                at = self.skip(at, |byte| byte == b':');
                if bytes[at..].starts_with(b"//") {
                    return None;
                }
                at += usize::from(self.text.get(at) == Some(b'='));
                Separator::Colon
            }
            b'=' => {
                let end = self.skip(at, |byte| matches!(byte, b'=' | b'>'));
                let is_spaced = at > closed && self.text.get(end).is_some_and(is_blank);
                at = end;
                Separator::Equals { is_spaced }
            }
            _ if at > closed && is_option(&bytes[occurrence.name.clone()]) => Separator::Space,
            _ => return None,
        };
        let mut at = self.skip(at, is_blank);
        if bytes[at..].starts_with(b"/*") {
            at = self.skip(self.comment_end(at)?, is_blank);
        }
        let next = self.skip(at, |byte| is_stray(byte) || is_blank(byte));
        let is_after_stray = next > at && self.is_value(next, occurrence);
        Some((separator, if is_after_stray { next } else { at }))
    }

    /// Returns the start of a value. If the offset is at the end of a line, that is on the next
    /// line, or `None` if the next line is another assignment.
    pub(super) fn value_start(&self, at: usize) -> Option<usize> {
        let after = self.skip(at, |byte| byte == b'\r');
        if self.text.get(after) != Some(b'\n') {
            return Some(at);
        }
        let start = self.skip(after + 1, is_blank);
        let has_text = matches!(self.text.get(start), Some(byte) if byte > b' ');
        (has_text && !self.is_name(start)).then_some(start)
    }

    /// Returns the separator after a quoted name and the start of the value. Comments may stand in
    /// between, and in broken text a stray word or punctuation.
    pub(super) fn separator_after_quotes(
        &self,
        occurrence: &NameOccurrence,
    ) -> Option<(Separator, usize)> {
        let bytes = self.bytes();
        let before = bytes[..occurrence.name.start.saturating_sub(1)].trim_ascii_end();
        let is_member = !occurrence.in_list
            && matches!(
                before.last(),
                None | Some(b'{' | b',' | b';' | b'"' | b'}' | b']')
            );
        // A value is only a name if a separator follows at once.
        let is_value = matches!(before.last(), Some(b':' | b'=' | b'>'));
        let mut separator = Separator::Missing;
        let mut strays = 0;
        let mut at = occurrence.end;
        while at < occurrence.end + MAX_GAP && strays < 3 {
            at = self.skip(at, |byte| byte.is_ascii_whitespace());
            let lacks_separator = separator == Separator::Missing;
            match self.text.get(at)? {
                b':' => separator = Separator::Colon,
                b'=' | b'>' => separator = Separator::Equals { is_spaced: true },
                b'/' if matches!(bytes.get(at + 1), Some(b'/' | b'*')) => {
                    at = self.comment_end(at)?;
                    continue;
                }
                b'#' if lacks_separator => {
                    at = self.comment_end(at)?;
                    continue;
                }
                // Doubled, as in CSV.
                b'"' if lacks_separator && at == occurrence.end && bytes[at - 1] == b'"' => {}
                b'"' | b'\'' if lacks_separator => {
                    return (is_member && self.is_value(at, occurrence)).then_some((separator, at));
                }
                byte if !lacks_separator && is_stray(byte) && !matches!(byte, b'[' | b'{') => {
                    let next = self.skip(at, |byte| {
                        byte.is_ascii_whitespace() || (is_stray(byte) && byte != b'{')
                    });
                    let is_value =
                        self.is_value(next, occurrence) || self.text.get(next) == Some(b'{');
                    return is_value.then_some((separator, next));
                }
                _ if !lacks_separator => return Some((separator, at)),
                b'{' | b'[' if is_member && !self.is_separator(at + 1) => {
                    return Some((separator, at));
                }
                _ if is_value => return None,
                byte if is_name_byte(byte) => {
                    at = self.skip(at, is_name_byte);
                    strays += 1;
                    continue;
                }
                byte if byte.is_ascii_punctuation() => strays += 1,
                _ => return None,
            }
            at += 1;
        }
        None
    }

    /// Returns `true` if the next punctuation after an offset is a separator.
    pub(super) fn is_separator(&self, at: usize) -> bool {
        let next = self.skip(at, |byte| byte.is_ascii_whitespace() || is_stray(byte));
        matches!(self.text.get(next), Some(b':' | b'='))
    }

    /// Returns `true` if a word or a string at an offset is a value and not a name.
    pub(super) fn is_value(&self, at: usize, occurrence: &NameOccurrence) -> bool {
        let is_bare = self
            .text
            .get(at)
            .is_some_and(|byte| byte.is_ascii_alphanumeric());
        if is_bare {
            return !self.is_name(at);
        }
        self.string(at, occurrence).is_some_and(|(content, end)| {
            let next = self.skip(end, |byte| byte.is_ascii_whitespace());
            self.text.get(next) != Some(b':')
                && !NormalisedName::new(&self.bytes()[content]).is_secret()
        })
    }

    /// Returns the end of a comment.
    pub(super) fn comment_end(&self, start: usize) -> Option<usize> {
        let bytes = &self.bytes()[start..];
        let bytes = &bytes[..bytes.len().min(MAX_GAP)];
        let end: &[u8] = if bytes.starts_with(b"/*") {
            b"*/"
        } else {
            b"\n"
        };
        memchr::memmem::find(bytes, end).map(|found| start + found + end.len())
    }

    /// Returns `true` if a name and a separator are at an offset.
    pub(super) fn is_name(&self, at: usize) -> bool {
        let start = self.skip(at, |byte| matches!(byte, b'"' | b'\''));
        let word = self.bytes()[start..].iter().take(MAX_NAME_LENGTH);
        let length = word.take_while(|byte| is_name_byte(**byte)).count();
        let end = self.skip(start + length, |byte| matches!(byte, b'"' | b'\'' | b' '));
        length > 0 && matches!(self.text.get(end), Some(b':' | b'='))
    }
}

/// Returns `true` if a name is a command-line option that takes a value, unlike `--show-secrets`.
pub(super) fn is_option(name: &[u8]) -> bool {
    name.starts_with(b"--") && !name.starts_with(b"--show") && !name.starts_with(b"--no-")
}

/// Returns `true` if a byte is punctuation that broken text may have before or after a separator.
pub(super) fn is_stray(byte: u8) -> bool {
    matches!(byte, b',' | b';' | b'[' | b']' | b'{' | b'}' | b'(' | b')')
}
