//! Decodes single escapes: of JSON strings, of JSON nested in other text, of URLs, of HTML, and of
//! terminals.
//!
//! Each function reads the start of a text. It returns the number of bytes that it has read, and
//! the character that they stand for, if they stand for one.

use crate::document;

use super::escape_depth::EscapeDepth;

/// A character that is written as an escape.
pub(super) struct Decoded {
    pub(super) character: char,
    pub(super) depth: EscapeDepth,
}

/// The maximum number of layers of percent-encoding or entities that is counted. The cost of some
/// searches grows with the number of layers, so it needs a limit.
const MAX_LAYERS: u8 = 3;

/// Reads an escape of a valid JSON string.
pub(super) fn read_json(text: &[u8]) -> (usize, Option<Decoded>) {
    let longest = &text[..text.len().min(12)];
    let longest = match str::from_utf8(longest) {
        Ok(longest) => longest,
        Err(error) => str::from_utf8(&longest[..error.valid_up_to()]).unwrap_or_default(),
    };
    let (character, length) = document::decode_escape(longest);
    let depth = EscapeDepth::default();
    (length.min(text.len()), Some(Decoded { character, depth }))
}

/// Reads backslashes and the character that they escape, however deeply the text is nested in
/// strings.
pub(super) fn read_backslashes(text: &[u8]) -> (usize, Option<Decoded>) {
    let run = text.iter().take_while(|byte| **byte == b'\\').count();
    let depth = EscapeDepth {
        backslashes: u32::try_from(run).unwrap_or(u32::MAX),
        ..EscapeDepth::default()
    };
    let decoded_as = |character, length| (length, Some(Decoded { character, depth }));
    // Each level of nesting doubles the backslashes before such an escape; before a quote, it also
    // adds one.
    let code_depth = EscapeDepth {
        backslashes: depth.backslashes.saturating_mul(2).saturating_sub(1),
        is_code: true,
        ..depth
    };
    match text.get(run) {
        Some(&byte @ (b'"' | b'/' | b'\'')) => decoded_as(char::from(byte), run + 1),
        Some(b'n') => decoded_as('\n', run + 1),
        Some(b'r') => decoded_as('\r', run + 1),
        Some(b't') => decoded_as('\t', run + 1),
        Some(b'u') => match text.get(run + 1..run + 5).and_then(parse_hex) {
            // Half of a surrogate pair stands for no character.
            Some(code) => {
                let character = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
                let decoded = Decoded {
                    character,
                    depth: code_depth,
                };
                (run + 5, Some(decoded))
            }
            None => (run, None),
        },
        _ => (run, None),
    }
}

/// Reads a character that is percent-encoded once or more often.
pub(super) fn read_percent(text: &[u8]) -> (usize, Option<Decoded>) {
    let Some((first, mut length, percent_layers)) = read_percent_byte(text) else {
        return (1, None);
    };
    let mut bytes = [first, 0, 0, 0];
    let mut count = 1;
    loop {
        let depth = EscapeDepth {
            percent_layers: u8::try_from(percent_layers)
                .unwrap_or(MAX_LAYERS)
                .min(MAX_LAYERS),
            ..EscapeDepth::default()
        };
        let character = str::from_utf8(&bytes[..count]).ok();
        if let Some(character) = character.and_then(|text| text.chars().next()) {
            return (length, Some(Decoded { character, depth }));
        }
        match read_percent_byte(&text[length..]) {
            Some((byte @ 0x80..0xc0, more, others)) if count < 4 && others == percent_layers => {
                bytes[count] = byte;
                count += 1;
                length += more;
            }
            _ => return (length, None),
        }
    }
}

/// Reads a percent-encoded byte. Returns the byte, the length of its encoding and the number of
/// layers.
fn read_percent_byte(text: &[u8]) -> Option<(u8, usize, u32)> {
    let code = |at: usize| text.get(at..at + 2).and_then(parse_hex);
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

/// Reads an HTML entity for an ASCII character, in one or more layers.
pub(super) fn read_entity(text: &[u8]) -> (usize, Option<Decoded>) {
    const AMPERSAND: &[u8] = b"amp;";
    const NAMES: [(&[u8], char); 6] = [
        (b"quot;", '"'),
        (b"apos;", '\''),
        (b"lt;", '<'),
        (b"gt;", '>'),
        (b"nbsp;", ' '),
        (AMPERSAND, '&'),
    ];
    let mut layers = 1_u32;
    let mut at = 1;
    while text[at..].starts_with(AMPERSAND) && is_entity(&text[at + AMPERSAND.len()..]) {
        layers += 1;
        at += AMPERSAND.len();
    }
    let rest = &text[at..];
    let named = NAMES.iter().find(|(name, _)| rest.starts_with(name));
    let found = match named {
        Some((name, character)) => Some((name.len(), *character)),
        None => read_numeric_entity(rest),
    };
    let Some((length, character)) = found else {
        return (at, None);
    };
    let depth = EscapeDepth {
        entity_layers: u8::try_from(layers).unwrap_or(MAX_LAYERS).min(MAX_LAYERS),
        ..EscapeDepth::default()
    };
    (at + length, Some(Decoded { character, depth }))
}

/// Reads an escape sequence that sets a terminal's colours, such as `ESC [ 3 1 m`. It is replaced
/// by a space, so that the words on both sides stay separate.
pub(super) fn read_colour(text: &[u8]) -> (usize, Option<Decoded>) {
    const MAX_LENGTH: usize = 32;
    let parameters = text[1..].strip_prefix(b"[").unwrap_or_default();
    let is_parameter_byte = |byte: &&u8| byte.is_ascii_digit() || matches!(**byte, b';' | b':');
    let length = parameters
        .iter()
        .take(MAX_LENGTH)
        .take_while(is_parameter_byte)
        .count();
    if parameters.get(length) != Some(&b'm') {
        return (1, None);
    }
    let decoded = Decoded {
        character: ' ',
        depth: EscapeDepth::default(),
    };
    (2 + length + 1, Some(decoded))
}

/// Returns `true` if an ampersand before this text starts an entity.
fn is_entity(text: &[u8]) -> bool {
    [&b"quot;"[..], b"apos;", b"lt;", b"gt;", b"nbsp;", b"amp;"]
        .iter()
        .any(|name| text.starts_with(name))
        || read_numeric_entity(text).is_some()
}

/// Reads a numeric entity such as `&#34;` or `&#x22;` after its ampersand.
fn read_numeric_entity(text: &[u8]) -> Option<(usize, char)> {
    const MAX_LENGTH: usize = 6;
    let number = text.strip_prefix(b"#")?;
    let hexadecimal = number
        .strip_prefix(b"x")
        .or_else(|| number.strip_prefix(b"X"));
    let (digits, radix, prefix) = match hexadecimal {
        Some(digits) => (digits, 16, 2),
        None => (number, 10, 1),
    };
    let length = digits.iter().take(MAX_LENGTH).position(|b| *b == b';')?;
    let digits = str::from_utf8(&digits[..length]).ok()?;
    let code = u8::from_str_radix(digits, radix).ok()?;
    let character = code.is_ascii().then_some(char::from(code))?;
    Some((prefix + length + 1, character))
}

/// Parses hexadecimal digits; `None` if there is any other byte.
pub(super) fn parse_hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| {
        Some(number * 16 + char::from(*digit).to_digit(16)?)
    })
}
