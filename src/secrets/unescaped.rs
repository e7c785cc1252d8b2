//! A text without its escapes, so that a secret is found however it is written: `\u006b` in JSON,
//! `\"` in JSON inside of a string, `%3D` in a URL.
//!
//! What stands for one character becomes one byte, and where it stood is kept. Nothing here needs
//! to know how deep a string is embedded, except where a quote does: see [`ends`].

use std::borrow::Cow;
use std::ops::Range;

/// What becomes of a character that is none of ASCII's: part of no name, and the end of nothing.
const OTHER: u8 = 0xff;

/// A text without its escapes. Places in it are counted in its own bytes.
pub(super) struct Unescaped<'t> {
    text: &'t [u8],
    bytes: Cow<'t, [u8]>,
    /// For each escape: its place here, and its end in the text as written.
    escapes: Vec<(usize, usize)>,
}

impl<'t> Unescaped<'t> {
    pub(super) fn new(text: &'t [u8]) -> Self {
        let mut bytes = Vec::new();
        let mut escapes = Vec::new();
        let mut copied = 0;
        let mut at = 0;
        while let Some(found) = memchr::memchr2(b'\\', b'%', &text[at..]) {
            let start = at + found;
            let (stands_for, length) = escape(&text[start..]);
            at = start + length;
            if let Some(byte) = stands_for {
                bytes.extend_from_slice(&text[copied..start]);
                escapes.push((bytes.len(), at));
                bytes.push(byte);
                copied = at;
            }
        }
        let bytes = if escapes.is_empty() {
            Cow::Borrowed(text)
        } else {
            bytes.extend_from_slice(&text[copied..]);
            Cow::Owned(bytes)
        };
        Self {
            text,
            bytes,
            escapes,
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where a byte starts in the text as written.
    pub(super) fn start(&self, at: usize) -> usize {
        let before = self.escapes.partition_point(|(place, _)| *place < at);
        match before.checked_sub(1).map(|last| self.escapes[last]) {
            Some((place, end)) => end + (at - place - 1),
            None => at,
        }
    }

    /// Where a range stands in the text as written.
    pub(super) fn written(&self, range: Range<usize>) -> Range<usize> {
        self.start(range.start)..self.start(range.end)
    }

    /// A byte as it is written.
    fn source(&self, at: usize) -> &'t [u8] {
        &self.text[self.written(at..at + 1)]
    }

    /// Whether a byte is written as it is.
    pub(super) fn is_plain(&self, at: usize) -> bool {
        self.source(at).len() == 1
    }

    /// Whether a byte is written as in URLs, which ends nothing.
    pub(super) fn is_percent(&self, at: usize) -> bool {
        matches!(self.source(at), [b'%', _, ..])
    }

    /// How many backslashes a byte is written with: those of a quote tell how deep it is embedded.
    pub(super) fn backslashes(&self, at: usize) -> usize {
        let source = self.source(at);
        source.iter().take_while(|byte| **byte == b'\\').count()
    }

    /// Where a byte starts, or the escape that is cut off before it, which another byte in its
    /// place could mend.
    pub(super) fn start_with_cut_escape(&self, at: usize) -> usize {
        let start = self.start(at);
        let before = &self.text[..start];
        let is_digit = |byte: &&u8| byte.is_ascii_hexdigit();
        let digits = before.iter().rev().take(3).take_while(is_digit).count();
        if before[..start - digits].ends_with(b"\\u") {
            start - digits - 2
        } else {
            start
        }
    }

    /// Whether a double quote stands here that could be one of JSON's.
    pub(super) fn is_quote(&self, at: usize) -> bool {
        self.bytes.get(at) == Some(&b'"') && !self.is_percent(at)
    }

    /// The string behind a quote, as written, and the place here where it ends: with its quote, with
    /// that of a string around it, or with the line.
    pub(super) fn string(&self, quote: usize) -> (Range<usize>, usize) {
        let opening = self.backslashes(quote);
        let start = self.start(quote + 1);
        for found in memchr::memchr2_iter(b'"', b'\n', &self.bytes[quote + 1..]) {
            let at = quote + 1 + found;
            if self.bytes[at] == b'\n' {
                if self.is_plain(at) {
                    return (start..self.start(at), at);
                }
            } else if self.is_quote(at) {
                let closing = self.backslashes(at);
                if ends(closing, opening) {
                    // Further backslashes are content.
                    let own = closing.min(opening);
                    return (start..self.start(at) + closing - own, at);
                }
            }
        }
        (start..self.text.len(), self.bytes.len())
    }
}

/// Whether a quote behind so many backslashes ends a string whose first quote stands behind
/// `opening` of them. JSON in a string has one before each quote, JSON in a string in that three,
/// then seven; a quote of less depth ends the string around it, and so this one.
pub(crate) fn ends(mut backslashes: usize, mut opening: usize) -> bool {
    loop {
        if backslashes.is_multiple_of(2) {
            return true;
        }
        if opening == 0 {
            return false;
        }
        backslashes /= 2;
        opening = (opening - 1) / 2;
    }
}

/// What an escape at the start of the text stands for, if it is one, and how many bytes it takes.
fn escape(text: &[u8]) -> (Option<u8>, usize) {
    if text[0] == b'%' {
        return match text.get(1..3).and_then(hex) {
            Some(code) if (0x21..0x7f).contains(&code) => (u8::try_from(code).ok(), 3),
            _ => (None, 1),
        };
    }
    let run = text.iter().take_while(|byte| **byte == b'\\').count();
    match text.get(run) {
        Some(&byte @ (b'"' | b'/' | b'\'')) => (Some(byte), run + 1),
        Some(b'n') => (Some(b'\n'), run + 1),
        Some(b'r') => (Some(b'\r'), run + 1),
        Some(b't') => (Some(b'\t'), run + 1),
        Some(b'u') => match text.get(run + 1..run + 5).and_then(hex) {
            Some(code) => {
                let ascii = u8::try_from(code).ok().filter(u8::is_ascii);
                (Some(ascii.unwrap_or(OTHER)), run + 5)
            }
            None => (None, run),
        },
        _ => (None, run),
    }
}

/// The number that hex digits write.
pub(crate) fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| {
        Some(number * 16 + char::from(*digit).to_digit(16)?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_become_what_they_stand_for_and_keep_their_place() {
        let text = r#"a\u0041\\\"b%3Dc\xd%zz"#;
        let unescaped = Unescaped::new(text.as_bytes());
        assert_eq!(unescaped.bytes(), br#"aA"b=c\xd%zz"#);
        let written = |range| &text[unescaped.written(range)];
        assert_eq!(written(0..1), "a");
        assert_eq!(written(1..2), r"\u0041");
        assert_eq!(written(2..4), r#"\\\"b"#);
        assert_eq!(written(4..5), "%3D");
        assert_eq!(written(5..6), "c");
    }

    #[test]
    fn strings_end_with_a_quote_of_their_depth_or_less() {
        for (text, inside) in [
            (r#""a\"b" c"#, r#"a\"b"#),
            (r#"\"a\\\"b\" c"#, r#"a\\\"b"#),
            (r#"\"a" c"#, "a"),
            (r#"\"a\\\\\" c"#, r"a\\\\"),
            (r#""a\\" c"#, r"a\\"),
            ("\"cut\nnext", "cut"),
        ] {
            let unescaped = Unescaped::new(text.as_bytes());
            assert_eq!(&text[unescaped.string(0).0], inside, "{text}");
        }
    }
}
