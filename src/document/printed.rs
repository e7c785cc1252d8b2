//! Recognizes values as programming languages print them, by the text around the error.
//!
//! People log a parsed payload more often than its text, and each language has its own notation.

use super::Language;

/// A length from the error on, the description of what is there, and the language.
type Printed = (usize, &'static str, Language);

/// The number of bytes after the error that are examined.
const MAX_LENGTH: usize = 64;

const UNQUOTED: &str = "a property name without quotes";
const SINGLE_QUOTED: &str = "a property name in single quotes";

/// Recognizes the name of a property, where JSON has one in double quotes.
pub(super) fn name(bytes: &[u8], at: usize) -> Option<Printed> {
    let rest = start(bytes, at);
    match rest.first()? {
        b'\'' => {
            // Python writes `{'a'`, and Node.js `{ 'a-b'`.
            let is_node = before(bytes, at) == Some(b'{') && bytes[at - 1] != b'{';
            let language = if is_node {
                Language::Node
            } else {
                Language::Python
            };
            Some((1, SINGLE_QUOTED, language))
        }
        b':' if word(&rest[1..]) > 0 => {
            let found = "a symbol as a property name";
            Some((1 + word(&rest[1..]), found, Language::Ruby))
        }
        _ => {
            let length = word(rest).min(32);
            let after = rest[length..].trim_ascii_start();
            let language = match after {
                _ if length == 0 => return None,
                [b'=', ..] => Language::Java,
                // Node.js prefers single quotes.
                [b':', b' ', b'"', ..] if bytes[at - 1] == b'{' => Language::Ruby,
                _ => Language::Node,
            };
            Some((length, UNQUOTED, language))
        }
    }
}

/// Recognizes the start of a value that JSON does not have.
pub(super) fn value(bytes: &[u8], at: usize) -> Option<Printed> {
    let rest = start(bytes, at);
    let length = word(rest);
    let (word, after) = rest.split_at(length);
    match (word, after.trim_ascii_start()) {
        (b"array" | b"Array", [b'(', ..]) => {
            Some((length, "the word `array` and a bracket", Language::Php))
        }
        (b"map", _) if after.first() == Some(&b'[') => {
            Some((length, "the word `map` and a bracket", Language::Go))
        }
        (b"", [b'\'', ..]) if before(bytes, at) == Some(b'[') => {
            let end = memchr::memchr(b'\'', &rest[1..])? + 2;
            let is_arrow = rest[end..].trim_ascii_start().starts_with(b"=>");
            is_arrow.then_some((1, SINGLE_QUOTED, Language::Php))
        }
        _ => None,
    }
}

/// Returns the first bytes after the error.
fn start(bytes: &[u8], at: usize) -> &[u8] {
    &bytes[at..bytes.len().min(at + MAX_LENGTH)]
}

/// Returns the length of the word at the start.
fn word(rest: &[u8]) -> usize {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    rest.iter().take_while(|byte| is_part(byte)).count()
}

/// Returns the last byte before the error that is not white space, if it is among those examined.
fn before(bytes: &[u8], at: usize) -> Option<u8> {
    let examined = &bytes[at.saturating_sub(MAX_LENGTH)..at];
    examined.trim_ascii_end().last().copied()
}

#[cfg(test)]
mod tests {
    use super::super::{Document, SyntaxErrorKind};
    use super::*;

    /// Each text with `‸` before and after what is pointed at.
    #[test]
    fn notations_of_languages_are_recognized() {
        for (marked, language) in [
            (
                "{‸'‸Action': 'IntegrationEnabled', 'Data': {}}",
                Language::Python,
            ),
            ("{\"Action\": {‸'‸Id': None}}", Language::Python),
            ("{\"Action\": 1,\n ‸'‸Data': 2}", Language::Python),
            (
                "{ ‸Action‸: 'IntegrationEnabled', Data: {} }",
                Language::Node,
            ),
            ("{\n  ‸Action‸: 'IntegrationEnabled'\n}", Language::Node),
            ("{ ‸'‸content-type': 'application/json' }", Language::Node),
            (
                "{\"Action\"‸=>‸\"IntegrationEnabled\"}",
                Language::RubyOrPhp,
            ),
            (
                "{\"Action\" ‸=>‸ \"IntegrationEnabled\"}",
                Language::RubyOrPhp,
            ),
            ("{‸:Action‸=>\"IntegrationEnabled\"}", Language::Ruby),
            ("{‸Action‸: \"IntegrationEnabled\"}", Language::Ruby),
            ("[\"Action\" ‸=>‸ \"IntegrationEnabled\"]", Language::Php),
            ("[\n  ‸'‸Action' => 'IntegrationEnabled',\n]", Language::Php),
            (
                "‸array‸ (\n  'Action' => 'IntegrationEnabled',\n)",
                Language::Php,
            ),
            (
                "‸Array‸\n(\n    [Action] => IntegrationEnabled\n)",
                Language::Php,
            ),
            ("{‸Action‸=IntegrationEnabled, Data={}}", Language::Java),
            ("‸map‸[Action:IntegrationEnabled Data:map[]]", Language::Go),
        ] {
            let parts: Vec<_> = marked.split('‸').collect();
            let text = parts.concat();
            let error = Document::parse(&text).err();
            let error = error.unwrap_or_else(|| panic!("{text} is JSON"));
            let place = error.offset..error.offset + error.length;
            assert_eq!(
                place,
                parts[0].len()..parts[0].len() + parts[1].len(),
                "{text}"
            );
            match error.kind {
                SyntaxErrorKind::Printed {
                    language: found, ..
                } => {
                    assert_eq!(found, language, "{text}");
                }
                other => panic!("{text}: {other}"),
            }
            assert!(
                error
                    .kind
                    .help()
                    .is_some_and(|help| help.contains("print it with"))
            );
        }
    }

    #[test]
    fn other_mistakes_are_no_notation() {
        for text in [
            "{\"a\": 'b'}",
            "['a', 'b']",
            "{\"a\" = 1}",
            "arrays",
            "{\"a\": map}",
            "{:}",
        ] {
            let error = Document::parse(text).err();
            assert!(
                !matches!(
                    error.map(|error| error.kind),
                    None | Some(SyntaxErrorKind::Printed { .. })
                ),
                "{text}"
            );
        }
    }
}
