//! Makes text from payloads and file names safe to print.
//!
//! A terminal acts on control characters, and the log of a CI server treats `##[…]` anywhere in a
//! line, and `::…` at its start, as a command. Both are escaped here. Secrets must be masked before,
//! since an escape inside one would hide it from the search.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;

use serde::Serialize;

use crate::{bytes, steps};

/// The maximum number of characters of a text that [`display_text`] keeps.
const MAX_LENGTH: usize = 200;

/// Returns text from a payload as reports quote it: at most 200 characters, with control characters
/// escaped. Secrets must have been masked before, since part of one may not be recognised.
pub fn display_text(text: &str) -> String {
    match text.char_indices().nth(MAX_LENGTH) {
        Some((end, _)) => escape_controls(&format!("{}…", &text[..end])).into_owned(),
        None => escape_controls(text).into_owned(),
    }
}

/// Returns the text with control characters, bidirectional controls and workflow commands escaped as
/// in Rust: `\u{1b}`.
pub fn escape_controls(text: &str) -> Cow<'_, str> {
    escape(text, |escaped, character| {
        escaped.extend(character.escape_unicode());
    })
}

/// Escapes the same characters in JSON text, as JSON does: `\u001b`. The text starts at offset
/// `start`.
pub(crate) fn escape_json(json: &mut Vec<u8>, start: usize) {
    let text = &json[start..];
    steps::add(text.len());
    // The common case, at several bytes a step.
    if text.is_ascii() && memchr::memchr2(b'#', 0x7F, text).is_none() {
        return;
    }
    let lines = escape_source(&String::from_utf8_lossy(text));
    json.truncate(start);
    json.extend_from_slice(lines.as_bytes());
}

/// Returns `true` if a text is ASCII without anything that JSON or this module escapes, or that may be part
/// of a workflow command.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "without branches, several bytes are tested at once"
)]
pub(super) fn is_plain_ascii(text: &str) -> bool {
    bytes::all(text.as_bytes(), |byte| {
        bytes::is_within(byte, b' ', b'~') & (byte != b'"') & (byte != b'\\') & (byte != b'#')
    })
}

/// Returns the text of a payload with the same characters escaped as in JSON. Line breaks stay: valid
/// JSON has no other control characters outside of escapes.
pub(super) fn escape_source(text: &str) -> String {
    let lines = text.split('\n').map(|line| {
        escape(line, |escaped, character| {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        })
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Writes a value as JSON with the same characters escaped.
pub(crate) fn write_json(out: &mut dyn io::Write, value: &impl Serialize) -> io::Result<()> {
    let mut json = serde_json::to_vec(value)?;
    escape_json(&mut json, 0);
    out.write_all(&json)
}

fn escape(text: &str, write_escaped: impl Fn(&mut String, char)) -> Cow<'_, str> {
    steps::add(text.len());
    let is_plain = |character| !is_unsafe(character) && character != '#';
    // A caller may print the text at the start of a line, where a server takes `::` for a command.
    let start = text.len() - text.trim_start().len();
    let is_command_line = text[start..].starts_with("::");
    if !is_command_line && (is_plain_ascii(text) || text.chars().all(is_plain)) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for (offset, character) in text.char_indices() {
        let is_command = (is_command_line && offset == start)
            || (character == '[' && starts_command(&text.as_bytes()[..offset]));
        if is_unsafe(character) || is_command {
            write_escaped(&mut escaped, character);
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(escaped)
}

/// Returns `true` if a `[` after this text starts a command of a CI server: `##[…]` for GitHub's
/// runner, `##vso[…]` and similar for others.
pub(super) fn starts_command(before: &[u8]) -> bool {
    const MAX_LETTERS: usize = 20;
    let letters = before.iter().rev().take(MAX_LETTERS);
    let letters = letters
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    before[..before.len() - letters].ends_with(b"##")
}

/// Returns `true` if a character moves the cursor, changes the terminal or reorders text.
pub(super) fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{feff}' | '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{2028}' | '\u{2029}'
                | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

#[cfg(test)]
mod tests {
    use super::{display_text, escape_controls, escape_json, is_plain_ascii};
    use crate::secrets::is_plain;

    #[test]
    fn controls_and_commands_are_escaped() {
        assert_eq!(
            escape_controls("\u{feff}a\u{1b}[31mb\u{9b}\u{202e}\n"),
            "\\u{feff}a\\u{1b}[31mb\\u{9b}\\u{202e}\\u{a}"
        );
        assert_eq!(escape_controls("Hôtel – 東京"), "Hôtel – 東京");
        assert_eq!(
            escape_controls("##[error]x ##vso[y] #[z] #"),
            "##\\u{5b}error]x ##vso\\u{5b}y] #[z] #"
        );
        assert_eq!(escape_controls(" ::error::x::"), " \\u{3a}:error::x::");
        assert_eq!(
            display_text(&"é".repeat(300)),
            format!("{}…", "é".repeat(200))
        );
    }

    /// Plain texts of summaries are written without a search for such characters.
    #[test]
    fn plain_texts_need_no_escapes() {
        let characters = (0..0x3000).filter_map(char::from_u32);
        let texts = characters.map(|character| format!("a{character}b"));
        let plain: Vec<_> = texts.filter(|text| is_plain(text.as_bytes())).collect();
        assert!(plain.iter().all(|text| is_plain_ascii(text)), "{plain:?}");
        assert!(plain.len() > 62, "letters and digits are plain: {plain:?}");
    }

    #[test]
    fn escaped_json_has_the_same_value() {
        let value = serde_json::json!({"##[a]": ["\u{7f}\u{9b}\u{202e}\n", "é ##vso[b]", "plain"]});
        for text in [value.to_string(), format!("{value:#}")] {
            let mut json = b"before ".to_vec();
            json.extend(text.bytes());
            escape_json(&mut json, 7);
            let json = String::from_utf8(json).unwrap_or_default();
            let parsed: Result<serde_json::Value, _> = serde_json::from_str(&json[7..]);
            assert_eq!(parsed.ok().as_ref(), Some(&value));
            assert!(!json.contains(['\u{7f}', '\u{9b}', '\u{202e}']) && !json.contains("##["));
            assert!(json.contains('é') && !json.contains("##vso["));
        }
    }
}
