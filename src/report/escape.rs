//! Text from payloads and file names, made fit for where it is shown: a terminal, or the log of a
//! CI server, which takes `##[…` anywhere in a line for a command.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;

use serde::Serialize;

use crate::{secrets, steps};

/// The text with control characters and bidirectional controls as escapes that one can see, and
/// without commands.
pub fn visible(text: &str) -> Cow<'_, str> {
    escaped(text, |safe, character| {
        safe.extend(character.escape_unicode());
    })
}

/// The same for JSON text that is written down already, from an offset on.
pub(super) fn escape_json(json: &mut Vec<u8>, from: usize) {
    let text = &json[from..];
    steps::add(text.len());
    // Most text is like this, and looked at many bytes at a time.
    if text.is_ascii() && memchr::memchr2(b'#', 0x7F, text).is_none() {
        return;
    }
    let text = String::from_utf8_lossy(text);
    // Between strings there is nothing that would be escaped, line breaks aside.
    let lines = text.split('\n').map(|line| {
        escaped(line, |safe, character| {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                let _ = write!(safe, "\\u{unit:04x}");
            }
        })
    });
    let lines = lines.collect::<Vec<_>>().join("\n");
    json.truncate(from);
    json.extend_from_slice(lines.as_bytes());
}

fn escaped(text: &str, escape: impl Fn(&mut String, char)) -> Cow<'_, str> {
    steps::add(text.len());
    let is_plain = |character| !is_unsafe(character) && character != '#';
    // At the start of a line, this is a command, too: and who knows what starts a line.
    let start = text.len() - text.trim_start().len();
    let is_command_line = text[start..].starts_with("::");
    if text.chars().all(is_plain) && !is_command_line {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for (at, character) in text.char_indices() {
        let is_command = (is_command_line && at == start)
            || (character == '[' && is_command(&text.as_bytes()[..at]));
        if is_unsafe(character) || is_command {
            escape(&mut safe, character);
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
}

/// Whether a bracket behind this would make it a command: `##[…]` for GitHub's runner, `##vso[…]`
/// and the like for others.
pub(super) fn is_command(before: &[u8]) -> bool {
    const LONGEST: usize = 20;
    let letters = before.iter().rev().take(LONGEST);
    let letters = letters
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    before[..before.len() - letters].ends_with(b"##")
}

/// Writes a value as JSON that is fit to be shown.
pub(super) fn write_json(out: &mut dyn io::Write, value: &impl Serialize) -> io::Result<()> {
    let mut json = serde_json::to_vec(value)?;
    escape_json(&mut json, 0);
    out.write_all(&json)
}

/// How much of a text from a payload is shown where there is no snippet to cut it.
const LONGEST: usize = 200;

/// A text from a payload for people: without secrets, visible, and of a sane length.
pub fn shown(text: &str) -> String {
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
            '\u{feff}' | '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{2028}' | '\u{2029}'
                | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

#[cfg(test)]
mod tests {
    use super::{escape_json, shown, visible};

    #[test]
    fn controls_become_visible() {
        assert_eq!(
            visible("\u{feff}a\u{1b}[31mb\u{9b}\u{202e}\n"),
            "\\u{feff}a\\u{1b}[31mb\\u{9b}\\u{202e}\\u{a}"
        );
        assert_eq!(visible("Hôtel – 東京"), "Hôtel – 東京");
        assert_eq!(
            visible("##[error]x ##vso[y] #[z] #"),
            "##\\u{5b}error]x ##vso\\u{5b}y] #[z] #"
        );
        assert_eq!(visible(" ::error::x::"), " \\u{3a}:error::x::");
        assert_eq!(shown(&"é".repeat(300)), format!("{}…", "é".repeat(200)));
    }

    #[test]
    fn json_means_the_same_without_controls() {
        let value = serde_json::json!({"##[a]": ["\u{7f}\u{9b}\u{202e}\n", "é ##vso[b]", "plain"]});
        for text in [value.to_string(), format!("{value:#}")] {
            let mut json = b"before ".to_vec();
            json.extend(text.bytes());
            escape_json(&mut json, 7);
            let json = String::from_utf8(json).unwrap_or_default();
            let found: Result<serde_json::Value, _> = serde_json::from_str(&json[7..]);
            assert_eq!(found.ok().as_ref(), Some(&value));
            assert!(!json.contains(['\u{7f}', '\u{9b}', '\u{202e}']) && !json.contains("##["));
            assert!(json.contains('é') && !json.contains("##vso["));
        }
    }
}
