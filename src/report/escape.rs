//! Text from payloads and file names, made fit for a terminal.

use std::borrow::Cow;

use crate::secrets;

/// The text with control characters and bidirectional controls as escapes that one can see.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_unsafe(character) {
            safe.extend(character.escape_unicode());
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
}

/// How much of a text from a payload is shown where there is no snippet to cut it.
const LONGEST: usize = 200;

/// A text from a payload for people: without secrets, visible, and of a sane length.
pub(super) fn shown(text: &str) -> String {
    let masked = secrets::mask(text);
    let cut = match masked.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &masked[..end]),
        None => masked.into_owned(),
    };
    visible(&cut).into_owned()
}

/// Whether a character moves the cursor, changes the terminal or reorders text.
pub(super) fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{2028}' | '\u{2029}'
                | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

#[cfg(test)]
mod tests {
    use super::{shown, visible};

    #[test]
    fn controls_become_visible() {
        assert_eq!(
            visible("a\u{1b}[31mb\u{9b}\u{202e}\n"),
            "a\\u{1b}[31mb\\u{9b}\\u{202e}\\u{a}"
        );
        assert_eq!(visible("Hôtel – 東京"), "Hôtel – 東京");
        assert_eq!(shown(&"é".repeat(300)), format!("{}…", "é".repeat(200)));
    }
}
