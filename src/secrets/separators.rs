//! What stands between a name and its value, and whether that is a name at all.

use super::labels::{Label, Separator, is_name_byte};
use super::names::{LONGEST, Name};
use super::values::{Values, is_blank};

/// The bytes between a name in quotes and its value, at most, white space included.
pub(super) const GAP: usize = 120;

impl Values<'_> {
    /// Returns the separator after a name, and where its value starts.
    pub(super) fn separator(&self, label: &Label) -> Option<(Separator, usize)> {
        if label.is_quoted {
            return self.separator_of_quoted(label);
        }
        if self.is_tag(label) {
            return self.end_of_tag(label.end).map(|end| (Separator::Tag, end));
        }
        let bytes = self.bytes();
        let closed = self.skip(label.end, |byte| matches!(byte, b']' | b')'));
        let mut at = self.skip(closed, is_blank);
        if bytes[at..].starts_with(b"/*") {
            at = self.skip(self.comment(at)?, is_blank);
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
            _ if at > closed && is_option(&bytes[label.name.clone()]) => Separator::Space,
            _ => return None,
        };
        let mut at = self.skip(at, is_blank);
        if bytes[at..].starts_with(b"/*") {
            at = self.skip(self.comment(at)?, is_blank);
        }
        let next = self.skip(at, |byte| is_stray(byte) || is_blank(byte));
        let is_after = next > at && self.is_value(next, label);
        Some((separator, if is_after { next } else { at }))
    }

    /// Returns where a value starts that may be on the line after a place, if the place is at the
    /// end of its line; nothing if that line is about something else.
    pub(super) fn on_next_line(&self, at: usize) -> Option<usize> {
        let after = self.skip(at, |byte| byte == b'\r');
        if self.text.get(after) != Some(b'\n') {
            return Some(at);
        }
        let start = self.skip(after + 1, is_blank);
        let is_next = matches!(self.text.get(start), Some(byte) if byte > b' ');
        (is_next && !self.is_label(start)).then_some(start)
    }

    /// Returns the same after a name in quotes, where other things may stand in between: comments,
    /// and in broken text a word or a sign that does not belong there.
    pub(super) fn separator_of_quoted(&self, label: &Label) -> Option<(Separator, usize)> {
        let bytes = self.bytes();
        let before = bytes[..label.name.start.saturating_sub(1)].trim_ascii_end();
        let is_member = !label.is_item
            && matches!(
                before.last(),
                None | Some(b'{' | b',' | b';' | b'"' | b'}' | b']')
            );
        // A value is no name, unless a separator follows at once.
        let is_value = matches!(before.last(), Some(b':' | b'=' | b'>'));
        let mut separator = Separator::Missing;
        let mut strays = 0;
        let mut at = label.end;
        while at < label.end + GAP && strays < 3 {
            at = self.skip(at, |byte| byte.is_ascii_whitespace());
            let is_missing = separator == Separator::Missing;
            match self.text.get(at)? {
                b':' => separator = Separator::Colon,
                b'=' | b'>' => separator = Separator::Equals { is_spaced: true },
                b'/' if matches!(bytes.get(at + 1), Some(b'/' | b'*')) => {
                    at = self.comment(at)?;
                    continue;
                }
                b'#' if is_missing => {
                    at = self.comment(at)?;
                    continue;
                }
                // Doubled, as in CSV.
                b'"' if is_missing && at == label.end && bytes[at - 1] == b'"' => {}
                b'"' | b'\'' if is_missing => {
                    return (is_member && self.is_value(at, label)).then_some((separator, at));
                }
                byte if !is_missing && is_stray(byte) && !matches!(byte, b'[' | b'{') => {
                    let next = self.skip(at, |byte| {
                        byte.is_ascii_whitespace() || (is_stray(byte) && byte != b'{')
                    });
                    let is_value = self.is_value(next, label) || self.text.get(next) == Some(b'{');
                    return is_value.then_some((separator, next));
                }
                _ if !is_missing => return Some((separator, at)),
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

    /// Returns whether a separator is the next sign after a place.
    pub(super) fn is_separator(&self, at: usize) -> bool {
        let next = self.skip(at, |byte| byte.is_ascii_whitespace() || is_stray(byte));
        matches!(self.text.get(next), Some(b':' | b'='))
    }

    /// Returns whether a word or a string is at a place that is a value, not a name.
    pub(super) fn is_value(&self, at: usize, label: &Label) -> bool {
        let is_bare = self
            .text
            .get(at)
            .is_some_and(|byte| byte.is_ascii_alphanumeric());
        if is_bare {
            return !self.is_label(at);
        }
        self.string(at, label).is_some_and(|(content, end)| {
            let next = self.skip(end, |byte| byte.is_ascii_whitespace());
            self.text.get(next) != Some(b':') && !Name::new(&self.bytes()[content]).is_secret()
        })
    }

    /// Returns the end of a comment.
    pub(super) fn comment(&self, start: usize) -> Option<usize> {
        let bytes = &self.bytes()[start..];
        let bytes = &bytes[..bytes.len().min(GAP)];
        let end: &[u8] = if bytes.starts_with(b"/*") {
            b"*/"
        } else {
            b"\n"
        };
        memchr::memmem::find(bytes, end).map(|found| start + found + end.len())
    }

    /// Returns whether a name and a separator are at a place.
    pub(super) fn is_label(&self, at: usize) -> bool {
        let start = self.skip(at, |byte| matches!(byte, b'"' | b'\''));
        let word = self.bytes()[start..].iter().take(LONGEST);
        let length = word.take_while(|byte| is_name_byte(**byte)).count();
        let end = self.skip(start + length, |byte| matches!(byte, b'"' | b'\'' | b' '));
        length > 0 && matches!(self.text.get(end), Some(b':' | b'='))
    }
}

/// Returns whether a name is that of an option whose value follows, unlike `--show-secrets`.
pub(super) fn is_option(name: &[u8]) -> bool {
    name.starts_with(b"--") && !name.starts_with(b"--show") && !name.starts_with(b"--no-")
}

/// Returns whether a byte is a sign that broken text may have before or after a separator.
pub(super) fn is_stray(byte: u8) -> bool {
    matches!(byte, b',' | b';' | b'[' | b']' | b'{' | b'}' | b'(' | b')')
}
