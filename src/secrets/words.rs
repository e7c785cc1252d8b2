//! The words of a secret: what can be replaced in it, whatever it stands in.
//!
//! What JSON is made of is no part of a word: brackets, quotes, commas, colons, white space, and
//! bytes and escapes that JSON does not allow. So no other word in its place mends broken JSON, or
//! breaks sound JSON, or moves where a stream is cut into payloads.

use std::borrow::Cow;
use std::ops::Range;

use crate::steps;

use super::decode::hex;

/// A word of a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word<'t> {
    /// Where it stands.
    pub(crate) span: Range<usize>,
    /// What it says, without escapes.
    pub(crate) text: Cow<'t, str>,
}

/// The words in a part of a text.
pub(crate) fn words(text: &[u8], part: Range<usize>) -> Vec<Word<'_>> {
    steps::add(part.len());
    let mut words = Vec::new();
    let mut at = part.start;
    let mut start = at;
    let mut content = String::new();
    let mut is_escaped = false;
    while at < part.end {
        let piece = piece(&text[at..part.end]);
        if let Segment::Letter { character, length } = piece {
            if content.is_empty() {
                start = at;
            }
            content.push(character);
            is_escaped |= text[at] == b'\\';
            at += length;
            continue;
        }
        finish(&mut words, text, start..at, &mut content, &mut is_escaped);
        if let Segment::Sign { length } = piece {
            at += length;
        }
    }
    finish(
        &mut words,
        text,
        start..at.min(part.end),
        &mut content,
        &mut is_escaped,
    );
    words
}

fn finish<'t>(
    words: &mut Vec<Word<'t>>,
    text: &'t [u8],
    span: Range<usize>,
    content: &mut String,
    is_escaped: &mut bool,
) {
    let content = std::mem::take(content);
    // Hyphens alone are the marks of a list.
    if content.bytes().all(|byte| byte == b'-') {
        return;
    }
    let text = match str::from_utf8(&text[span.clone()]) {
        Ok(text) if !std::mem::take(is_escaped) => Cow::Borrowed(text),
        _ => Cow::Owned(content),
    };
    words.push(Word { span, text });
}

enum Segment {
    Letter { character: char, length: usize },
    Sign { length: usize },
}

/// What stands at the start of a text.
fn piece(text: &[u8]) -> Segment {
    let letter = |character, length| Segment::Letter { character, length };
    match text[0] {
        b'\\' => escape(text),
        byte if is_sign(byte) => Segment::Sign { length: 1 },
        byte @ 0..0x80 => letter(char::from(byte), 1),
        _ => {
            let sequence = &text[..text.len().min(4)];
            let valid = sequence.utf8_chunks().next().map(|chunk| chunk.valid());
            match valid.and_then(|valid| valid.chars().next()) {
                Some(character) => letter(character, character.len_utf8()),
                None => Segment::Sign { length: 1 },
            }
        }
    }
}

/// What backslashes at the start of a text are part of.
fn escape(text: &[u8]) -> Segment {
    let run = text.iter().take_while(|byte| **byte == b'\\').count();
    let rest = &text[run..];
    let code = |at: usize| rest.get(at..at + 4).and_then(hex);
    let sign = |length: usize| Segment::Sign {
        length: run + length.min(rest.len()),
    };
    match rest.first() {
        // Pairs of them stand for themselves; an escape starts with the last one.
        Some(b'u' | b'/') if run % 2 == 1 && run > 1 => Segment::Sign { length: run - 1 },
        Some(b'/') if run % 2 == 1 => Segment::Letter {
            character: '/',
            length: run + 1,
        },
        Some(b'u') => {
            let Some(code) = code(1) else {
                // No word may become part of it.
                let digits = rest[1..].iter().take_while(|b| b.is_ascii_hexdigit());
                let end = 1 + digits.count();
                // Behind pairs of backslashes it is text here, and another escape may follow.
                let is_text = run % 2 == 0 && rest.get(end) == Some(&b'\\');
                return sign(end + usize::from(!is_text));
            };
            let is_sign = u8::try_from(code).is_ok_and(|byte| byte == b'\\' || is_sign(byte));
            match char::from_u32(code) {
                Some(character) if !is_sign => Segment::Letter {
                    character,
                    length: run + 5,
                },
                // One half of a pair, or one of JSON's own signs.
                _ => sign(5),
            }
        }
        Some(_) => sign(run % 2),
        None => sign(0),
    }
}

fn is_sign(byte: u8) -> bool {
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
    fn what_json_is_made_of_is_no_part_of_a_word() {
        assert_eq!(all(r#"{"a b": ["c,d"]}"#), ["a", "b", "c", "d"]);
        assert_eq!(all(r"a\u0041b\/c \u0022d\n \\e"), ["aAb/c", "d", "e"]);
        assert_eq!(all(r"\u12Gx \ud83dy \xz"), ["x", "y", "z"]);
        assert_eq!(all("é\\u00e9"), ["éé"]);
        assert_eq!(words(b"a\xffb", 0..3).len(), 2);
    }
}
