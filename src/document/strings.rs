//! Scans the content of JSON strings and decodes its escapes.

use crate::steps;

/// Returns the number of bytes before the first quote, backslash or control character. Eight bytes
/// are tested at once. The subtractions may mark wrong bytes, but the lowest marked byte is always
/// right.
pub(crate) fn plain_length(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let (words, rest) = bytes.as_chunks::<8>();
    for (number, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let zero_where = |byte: u8| word ^ (ONES * u64::from(byte));
        let (quote, backslash) = (zero_where(b'"'), zero_where(b'\\'));
        let marked = (quote.wrapping_sub(ONES) & !quote)
            | (backslash.wrapping_sub(ONES) & !backslash)
            | (word.wrapping_sub(ONES * 0x20) & !word);
        let marked = marked & (ONES * 0x80);
        if marked != 0 {
            return number * 8 + marked.trailing_zeros() as usize / 8;
        }
    }
    let is_plain = |byte: &&u8| !matches!(byte, b'"' | b'\\' | 0..0x20);
    bytes.len() - rest.len() + rest.iter().take_while(is_plain).count()
}

/// Decodes the escapes of a string's content, which the parser has already validated.
pub(super) fn unescape(inner: &str) -> String {
    steps::add(inner.len());
    let mut content = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        content.push_str(&rest[..at]);
        let (character, length) = decode_escape(&rest[at..]);
        content.push(character);
        rest = &rest[at + length..];
    }
    content.push_str(rest);
    content
}

/// Returns the character that the escape at the start of `text` stands for, and the length of the
/// escape.
pub(crate) fn decode_escape(text: &str) -> (char, usize) {
    let simple = |character| (character, 2);
    match text.as_bytes().get(1) {
        Some(b'b') => simple('\u{8}'),
        Some(b'f') => simple('\u{c}'),
        Some(b'n') => simple('\n'),
        Some(b'r') => simple('\r'),
        Some(b't') => simple('\t'),
        Some(b'u') => decode_unicode(text),
        Some(&other) => simple(char::from(other)),
        None => (char::REPLACEMENT_CHARACTER, 1),
    }
}

fn decode_unicode(text: &str) -> (char, usize) {
    let unit = |at: usize| {
        text.get(at..at + 4)
            .and_then(|digits| u16::from_str_radix(digits, 16).ok())
    };
    let first = unit(2).unwrap_or_default();
    let units = [first, unit(8).unwrap_or_default()];
    match char::decode_utf16(units).next() {
        Some(Ok(character)) => (character, 6 * character.len_utf16()),
        _ => (char::REPLACEMENT_CHARACTER, 6),
    }
}
