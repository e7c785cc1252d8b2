//! Splits a secret into words, which can be replaced whatever the notation around them.
//!
//! Words contain none of JSON's syntax: no brackets, quotes, commas, colons or white space, and no
//! bytes and escapes that JSON forbids. So replacing a word by another neither fixes invalid JSON
//! nor breaks valid JSON, and the frames of a stream stay the same.

use std::borrow::Cow;
use std::ops::Range;

use crate::steps;

use super::escapes::parse_hex;

/// A word of a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word<'t> {
    /// The byte range of the word.
    pub(crate) span: Range<usize>,
    /// The word without escapes.
    pub(crate) text: Cow<'t, str>,
}

/// Returns the words in a part of a text.
pub(crate) fn words(text: &[u8], part: Range<usize>) -> Vec<Word<'_>> {
    steps::add(part.len());
    let mut words = Vec::new();
    let mut at = part.start;
    let mut start = at;
    let mut content = String::new();
    let mut is_escaped = false;
    while at < part.end {
        let unit = read_unit(&text[at..part.end]);
        if let Unit::Letter { character, length } = unit {
            if content.is_empty() {
                start = at;
            }
            content.push(character);
            is_escaped |= text[at] == b'\\';
            at += length;
            continue;
        }
        push_word(&mut words, text, start..at, &mut content, &mut is_escaped);
        if let Unit::Separator { length } = unit {
            at += length;
        }
    }
    push_word(
        &mut words,
        text,
        start..at.min(part.end),
        &mut content,
        &mut is_escaped,
    );
    words
}

fn push_word<'t>(
    words: &mut Vec<Word<'t>>,
    text: &'t [u8],
    span: Range<usize>,
    content: &mut String,
    is_escaped: &mut bool,
) {
    let content = std::mem::take(content);
    // Hyphens alone are list markers.
    if content.bytes().all(|byte| byte == b'-') {
        return;
    }
    let text = match str::from_utf8(&text[span.clone()]) {
        Ok(text) if !std::mem::take(is_escaped) => Cow::Borrowed(text),
        _ => Cow::Owned(content),
    };
    words.push(Word { span, text });
}

enum Unit {
    Letter { character: char, length: usize },
    Separator { length: usize },
}

/// Reads the unit at the start of a text.
fn read_unit(text: &[u8]) -> Unit {
    let letter = |character, length| Unit::Letter { character, length };
    match text[0] {
        b'\\' => read_backslashes(text),
        byte if is_separator(byte) => Unit::Separator { length: 1 },
        byte @ 0..0x80 => letter(char::from(byte), 1),
        _ => {
            let sequence = &text[..text.len().min(4)];
            let valid = sequence.utf8_chunks().next().map(|chunk| chunk.valid());
            match valid.and_then(|valid| valid.chars().next()) {
                Some(character) => letter(character, character.len_utf8()),
                None => Unit::Separator { length: 1 },
            }
        }
    }
}

/// Reads the unit that the backslashes at the start of a text belong to.
fn read_backslashes(text: &[u8]) -> Unit {
    let backslash_count = text.iter().take_while(|byte| **byte == b'\\').count();
    let rest = &text[backslash_count..];
    let code = |at: usize| rest.get(at..at + 4).and_then(parse_hex);
    let separator = |length: usize| Unit::Separator {
        length: backslash_count + length.min(rest.len()),
    };
    match rest.first() {
        // Each pair stands for one backslash; an escape starts with the last one.
        Some(b'u' | b'/') if backslash_count % 2 == 1 && backslash_count > 1 => Unit::Separator {
            length: backslash_count - 1,
        },
        // An escaped slash of a string in a string: a word after its backslash would be an escape.
        Some(b'/') if backslash_count % 2 == 0 => separator(1),
        Some(b'/') if backslash_count % 2 == 1 => Unit::Letter {
            character: '/',
            length: backslash_count + 1,
        },
        Some(b'u') => {
            let Some(code) = code(1) else {
                // A word after a truncated escape must not complete it.
                let digits = rest[1..].iter().take_while(|b| b.is_ascii_hexdigit());
                let end = 1 + digits.count();
                // After pairs of backslashes it is text, and another escape may follow.
                let is_text = backslash_count % 2 == 0 && rest.get(end) == Some(&b'\\');
                return separator(end + usize::from(!is_text));
            };
            let is_separator =
                u8::try_from(code).is_ok_and(|byte| byte == b'\\' || is_separator(byte));
            match char::from_u32(code) {
                Some(character) if !is_separator => Unit::Letter {
                    character,
                    length: backslash_count + 5,
                },
                // Half of a surrogate pair, or JSON's own punctuation.
                _ => separator(5),
            }
        }
        // A line break or a tab of a string that is nested this deeply.
        Some(b'n' | b'r' | b't' | b'b' | b'f') => separator(1),
        Some(_) => separator(backslash_count % 2),
        None => separator(0),
    }
}

fn is_separator(byte: u8) -> bool {
    byte <= b' '
        || matches!(
            byte,
            b'"' | b'\'' | b'`' | b'{' | b'}' | b'[' | b']' | b'(' | b')' | b'<' | b'>'
        )
        || matches!(byte, b',' | b':' | b';' | 0x7f)
}

#[cfg(test)]
mod tests {
    use super::words;

    fn all(text: &str) -> Vec<String> {
        let words = words(text.as_bytes(), 0..text.len());
        words.into_iter().map(|word| word.text.into()).collect()
    }

    #[test]
    fn words_contain_no_json_syntax() {
        assert_eq!(all(r#"{"a b": ["c,d"]}"#), ["a", "b", "c", "d"]);
        assert_eq!(all(r"a\u0041b\/c \u0022d\n \\e"), ["aAb/c", "d", "e"]);
        assert_eq!(all(r"\u12Gx \ud83dy \xz"), ["x", "y", "z"]);
        assert_eq!(all("é\\u00e9"), ["éé"]);
        assert_eq!(all(r"a\\r\\nb\\\\tc"), ["a", "b", "c"]);
        assert_eq!(words(b"a\xffb", 0..3).len(), 2);
    }
}
