//! What stays where an array or object stands in the place of a secret: names, and values that are
//! no strings.

use std::ops::Range;

use super::strings;

/// Looks at the words of an array or object, in order.
pub(super) struct Parts<'t> {
    text: &'t [u8],
    level: usize,
    /// The end of the string that was looked at last, and whether that is a name.
    end: usize,
    is_name: bool,
}

impl<'t> Parts<'t> {
    /// One whose quotes stand behind so many backslashes.
    pub(super) fn new(text: &'t [u8], level: usize) -> Self {
        Self {
            text,
            level,
            end: 0,
            is_name: false,
        }
    }

    /// Whether a word is part of a name, or a value that is no string.
    pub(super) fn has(&mut self, span: &Range<usize>, word: &str) -> bool {
        if span.end > self.end {
            let rest = span.end..self.text.len();
            let (end, behind) = strings::string(self.text, rest, self.level);
            self.end = end;
            self.is_name = strings::is_name(&self.text[behind..]);
        }
        self.is_name || (is_value(word) && self.stands_alone(span))
    }

    fn stands_alone(&self, span: &Range<usize>) -> bool {
        let before = self.text[..span.start].trim_ascii_end().last();
        let behind = self.text[span.end..].trim_ascii_start().first();
        matches!(before, Some(b'[' | b',' | b':')) && matches!(behind, Some(b']' | b',' | b'}'))
    }
}

/// Whether a word is one of JSON's values without quotes.
fn is_value(word: &str) -> bool {
    matches!(word, "null" | "true" | "false") || word.parse::<f64>().is_ok_and(f64::is_finite)
}
