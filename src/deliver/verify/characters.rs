//! Undoes what programs do that take bytes for characters of another encoding.

/// The characters of Windows-1252 from 0x80 on that Latin-1 does not have; `\0` where there is none.
const WINDOWS_1252: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘',
    '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

/// Returns the bytes that were taken for Latin-1 and converted to UTF-8.
pub(super) fn latin_1_from_utf8(body: &[u8]) -> Option<Vec<u8>> {
    bytes_of(body, |character| u8::try_from(u32::from(character)).ok())
}

/// Returns the bytes that were taken for Windows-1252 and converted to UTF-8.
pub(super) fn windows_1252_from_utf8(body: &[u8]) -> Option<Vec<u8>> {
    bytes_of(body, |character| {
        let special = WINDOWS_1252.iter().position(|known| *known == character);
        match special.filter(|_| character != '\0') {
            Some(at) => u8::try_from(0x80 + at).ok(),
            None => u8::try_from(u32::from(character)).ok(),
        }
    })
}

/// Returns the UTF-8 that was converted to Latin-1.
pub(super) fn utf8_from_latin_1(body: &[u8]) -> Option<Vec<u8>> {
    let text: String = body.iter().copied().map(char::from).collect();
    (!body.is_ascii()).then(|| text.into_bytes())
}

fn bytes_of(body: &[u8], byte: impl Fn(char) -> Option<u8>) -> Option<Vec<u8>> {
    let text = str::from_utf8(body).ok().filter(|text| !text.is_ascii())?;
    text.chars().map(byte).collect()
}
