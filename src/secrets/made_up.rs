//! Recognises text that looks like a secret but is not: published examples, and values that this
//! program has made up.

use super::words;

/// The example tokens that Mews has published: on the webhook pages of 2019 and of today, then the
/// tokens of the demo environments (`connector-api/guidelines/environments.md` and
/// `pos-api/guidelines/environments.md` of MewsSystems/open-api-docs, 2026-08-07).
const PUBLISHED: [&str; 16] = [
    "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D",
    "9E5E84E9974D4F169662AB2200F27CB1-00B343A0DDA725CACAC028E38E3EABF",
    "E0D439EE522F44368DC78E1BFB03710C-D24FB11DBE31D4621C4817E028D9E1D",
    "CC150C355D6A4048A220AD20015483AB-B6D09C0C84B09538077CB8FFBB907B4",
    "E916C341431C4D28A866AD200152DBD3-A046EB5583FFBE94DE1172237763712",
    "5F56B9903A834F199E28AD20015E58CA-5C6A1A00550634911534AD6A098E8B7",
    "2CC71B0660F345019882AD200155B4FE-4A1FC9080A4DD2A404734003674F77E",
    "39E301DD5A1C4A569087AD20015F60DD-50DC28896E9090CCA0995C9BBD90351",
    "07AB1F14B55C49B8BDD6AD200158423B-273A4497AFF5E20566D7199DB3DC2BA",
    "4D6C7ABE0E6A4681B0AFB16900AE5D86-DF50CBC89E1D4FF5859DDF021649ED5",
    "1AEFA58C55E74D65BDC7AD2001564C12-66633E0B736F523379B9E5966165A55",
    "682C235379B64D909941AD2001577525-BFC60A026081F1350FAA99CAB9F7510",
    "BFD4298010F54B069F3DAD20015D53EA-D5561FADFBA4EFC8EA4C179C6BC461F",
    "8F9296CEE7FF4FC3AD55AEB400EA916E-05652C5153CF2AEFC9A405BFF6E8912",
    "87835B7178CC47A8A648B23300F17B30-8A5AEDDDC7E0B190879D788CA1A96A6",
    "sk_test_bae7115405656f156ca6ca",
];

/// The start of a made-up value, which readers recognise.
const MARKER: &str = "facade";

/// The minimum number of hexadecimal digits after the marker.
pub(crate) const MIN_MADE_UP_DIGITS: usize = 8;

/// Returns `true` if a token is a published example.
pub(crate) fn is_published(token: &str) -> bool {
    PUBLISHED.contains(&token)
}

/// Returns `true` if all words of a secret are made up.
pub(crate) fn is_made_up(secret: &str) -> bool {
    let words = words(secret.as_bytes(), 0..secret.len());
    !words.is_empty() && words.iter().all(|word| is_made_up_word(&word.text))
}

/// Returns `true` if a word is made up: a token whose second half starts with the marker, or the
/// marker followed by hexadecimal digits.
pub(crate) fn is_made_up_word(word: &str) -> bool {
    let (first, second) = word.split_once('-').unwrap_or(("", word));
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let has_length = match first.len() {
        0 => !word.starts_with('-') && second.len() >= MARKER.len() + MIN_MADE_UP_DIGITS,
        length => length == 32 && second.len() == 31,
    };
    let start = second.get(..MARKER.len()).unwrap_or_default();
    has_length && is_hex(first) && is_hex(second) && start.eq_ignore_ascii_case(MARKER)
}
