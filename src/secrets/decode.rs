//! What escapes stand for: those of JSON, sound or looked at from outside, of URLs, of HTML, and of
//! terminals.
//!
//! Each function reads the start of a text and returns how many bytes it has read, and the
//! character that they stand for, if they stand for one.

use crate::document;

use super::view::Mark;

/// What an escape stands for.
pub(super) struct Decoded {
    pub(super) character: char,
    pub(super) mark: Mark,
}

/// How many layers of percent-encoding or entities are told apart. More are counted as these, so
/// that what is looked at again for each layer is limited.
const LAYERS: u8 = 3;

/// Reads an escape of a sound JSON string.
pub(super) fn json(text: &[u8]) -> (usize, Option<Decoded>) {
    let longest = &text[..text.len().min(12)];
    let longest = match str::from_utf8(longest) {
        Ok(longest) => longest,
        Err(error) => str::from_utf8(&longest[..error.valid_up_to()]).unwrap_or_default(),
    };
    let (character, length) = document::escape(longest);
    let mark = Mark::default();
    (length.min(text.len()), Some(Decoded { character, mark }))
}

/// Reads backslashes and what is escaped by them, however deep the text is embedded.
pub(super) fn backslashes(text: &[u8]) -> (usize, Option<Decoded>) {
    let run = text.iter().take_while(|byte| **byte == b'\\').count();
    let mark = Mark {
        slashes: u32::try_from(run).unwrap_or(u32::MAX),
        ..Mark::default()
    };
    let is = |character, length| (length, Some(Decoded { character, mark }));
    // Each level doubles the backslashes before such an escape; before a quote, it adds one.
    let deep = Mark {
        slashes: mark.slashes.saturating_mul(2).saturating_sub(1),
        is_number: true,
        ..mark
    };
    match text.get(run) {
        Some(&byte @ (b'"' | b'/' | b'\'')) => is(char::from(byte), run + 1),
        Some(b'n') => is('\n', run + 1),
        Some(b'r') => is('\r', run + 1),
        Some(b't') => is('\t', run + 1),
        Some(b'u') => match text.get(run + 1..run + 5).and_then(hex) {
            // One half of a pair stands for no character.
            Some(code) => {
                let character = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
                let decoded = Decoded {
                    character,
                    mark: deep,
                };
                (run + 5, Some(decoded))
            }
            None => (run, None),
        },
        _ => (run, None),
    }
}

/// Reads a character that is percent-encoded once or more often.
pub(super) fn percent(text: &[u8]) -> (usize, Option<Decoded>) {
    let Some((first, mut length, layers)) = percent_byte(text) else {
        return (1, None);
    };
    let mut bytes = [first, 0, 0, 0];
    let mut count = 1;
    loop {
        let mark = Mark {
            layers: u8::try_from(layers).unwrap_or(LAYERS).min(LAYERS),
            ..Mark::default()
        };
        let character = str::from_utf8(&bytes[..count]).ok();
        if let Some(character) = character.and_then(|text| text.chars().next()) {
            return (length, Some(Decoded { character, mark }));
        }
        match percent_byte(&text[length..]) {
            Some((byte @ 0x80..0xc0, more, others)) if count < 4 && others == layers => {
                bytes[count] = byte;
                count += 1;
                length += more;
            }
            _ => return (length, None),
        }
    }
}

/// Reads a byte that is percent-encoded, how many bytes that takes, and how often it is encoded.
fn percent_byte(text: &[u8]) -> Option<(u8, usize, u32)> {
    let code = |at: usize| text.get(at..at + 2).and_then(hex);
    if text.first() != Some(&b'%') {
        return None;
    }
    let mut at = 1;
    while code(at) == Some(u32::from(b'%')) && code(at + 2).is_some() {
        at += 2;
    }
    let byte = u8::try_from(code(at)?).ok()?;
    Some((byte, at + 2, u32::try_from(at / 2 + 1).unwrap_or(u32::MAX)))
}

/// Reads an HTML entity that stands for an ASCII character, escaped once or more often.
pub(super) fn entity(text: &[u8]) -> (usize, Option<Decoded>) {
    const AMP: &[u8] = b"amp;";
    const NAMES: [(&[u8], char); 6] = [
        (b"quot;", '"'),
        (b"apos;", '\''),
        (b"lt;", '<'),
        (b"gt;", '>'),
        (b"nbsp;", ' '),
        (AMP, '&'),
    ];
    let mut layers = 1_u32;
    let mut at = 1;
    while text[at..].starts_with(AMP) && is_entity(&text[at + AMP.len()..]) {
        layers += 1;
        at += AMP.len();
    }
    let rest = &text[at..];
    let named = NAMES.iter().find(|(name, _)| rest.starts_with(name));
    let found = match named {
        Some((name, character)) => Some((name.len(), *character)),
        None => numbered(rest),
    };
    let Some((length, character)) = found else {
        return (at, None);
    };
    let mark = Mark {
        entities: u8::try_from(layers).unwrap_or(LAYERS).min(LAYERS),
        ..Mark::default()
    };
    (at + length, Some(Decoded { character, mark }))
}

/// Reads a sequence that sets a terminal's colours, such as `ESC [ 3 1 m`, and stands for nothing: a
/// space, so that words beside it stay apart.
pub(super) fn colour(text: &[u8]) -> (usize, Option<Decoded>) {
    const LONGEST: usize = 32;
    let parameters = text[1..].strip_prefix(b"[").unwrap_or_default();
    let is_part = |byte: &&u8| byte.is_ascii_digit() || matches!(**byte, b';' | b':');
    let length = parameters.iter().take(LONGEST).take_while(is_part).count();
    if parameters.get(length) != Some(&b'm') {
        return (1, None);
    }
    let decoded = Decoded {
        character: ' ',
        mark: Mark::default(),
    };
    (2 + length + 1, Some(decoded))
}

/// Returns whether what follows an ampersand makes it an entity.
fn is_entity(text: &[u8]) -> bool {
    [&b"quot;"[..], b"apos;", b"lt;", b"gt;", b"nbsp;", b"amp;"]
        .iter()
        .any(|name| text.starts_with(name))
        || numbered(text).is_some()
}

/// Reads the rest of an entity such as `&#34;` or `&#x22;`.
fn numbered(text: &[u8]) -> Option<(usize, char)> {
    const LONGEST: usize = 6;
    let number = text.strip_prefix(b"#")?;
    let hexadecimal = number
        .strip_prefix(b"x")
        .or_else(|| number.strip_prefix(b"X"));
    let (digits, radix, prefix) = match hexadecimal {
        Some(digits) => (digits, 16, 2),
        None => (number, 10, 1),
    };
    let length = digits.iter().take(LONGEST).position(|b| *b == b';')?;
    let digits = str::from_utf8(&digits[..length]).ok()?;
    let code = u8::from_str_radix(digits, radix).ok()?;
    let character = code.is_ascii().then_some(char::from(code))?;
    Some((prefix + length + 1, character))
}

/// Returns the number that hex digits write.
pub(super) fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| {
        Some(number * 16 + char::from(*digit).to_digit(16)?)
    })
}
