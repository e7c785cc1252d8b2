//! The insides of strings: how far they are plain, and what their escapes stand for.

use crate::steps;

/// How many bytes from the first on need no attention in a string: neither a quote nor a
/// backslash nor a control character. Eight are looked at together; of the bytes that the
/// subtractions mark, the lowest is always right.
pub(crate) fn plain(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let (words, rest) = bytes.as_chunks::<8>();
    for (number, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let zero_where = |byte: u8| word ^ (ONES * u64::from(byte));
        let (quote, backslash) = (zero_where(b'"'), zero_where(b'\\'));
        let marks = (quote.wrapping_sub(ONES) & !quote)
            | (backslash.wrapping_sub(ONES) & !backslash)
            | (word.wrapping_sub(ONES * 0x20) & !word);
        let marks = marks & (ONES * 0x80);
        if marks != 0 {
            return number * 8 + marks.trailing_zeros() as usize / 8;
        }
    }
    let is_plain = |byte: &&u8| !matches!(byte, b'"' | b'\\' | 0..0x20);
    bytes.len() - rest.len() + rest.iter().take_while(is_plain).count()
}

/// Replaces the escapes of a string's inner text, which the parser has already found sound.
pub(super) fn unescape(inner: &str) -> String {
    steps::add(inner.len());
    let mut content = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        content.push_str(&rest[..at]);
        let (character, length) = escape(&rest[at..]);
        content.push(character);
        rest = &rest[at + length..];
    }
    content.push_str(rest);
    content
}

/// The character that an escape at the start of `text` stands for, and the escape's length.
pub(crate) fn escape(text: &str) -> (char, usize) {
    let simple = |character| (character, 2);
    match text.as_bytes().get(1) {
        Some(b'b') => simple('\u{8}'),
        Some(b'f') => simple('\u{c}'),
        Some(b'n') => simple('\n'),
        Some(b'r') => simple('\r'),
        Some(b't') => simple('\t'),
        Some(b'u') => unicode(text),
        Some(&other) => simple(char::from(other)),
        None => (char::REPLACEMENT_CHARACTER, 1),
    }
}

fn unicode(text: &str) -> (char, usize) {
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
