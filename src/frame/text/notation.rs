//! Recognizes the notation of an object that is not plain JSON by the bytes after its `{`.

use crate::steps;

/// The number of bytes after the brace that are examined.
const MAX_LENGTH: usize = 256;

/// The notation in which an object is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notation {
    /// JSON in a JSON string: `{\"`, at any depth.
    JsonString,
    /// JSON in a field of CSV: `{""`.
    CsvField,
    /// JSON with the escapes of nginx: `{\x22`.
    HexEscapes,
    /// JSON in XML: `{&quot;`.
    XmlText,
    /// The output of a programming language, with the name of a property of a payload: `{'Action'`,
    /// `{ Action:`, `{"Action" =>`, `{:Action =>`.
    Language,
    /// None of these.
    Other,
}

/// The names of the properties that a payload may start with.
const FIRST_NAMES: [&str; 8] = [
    "Action",
    "CreatedUtc",
    "Data",
    "EnterpriseId",
    "Entities",
    "Events",
    "IntegrationId",
    "IsEnabled",
];

/// Returns the notation of the object that `bytes` start with, or `None` if that depends on bytes
/// that have yet to arrive.
pub(super) fn of(bytes: &[u8], is_complete: bool) -> Option<Notation> {
    let start = &bytes[..bytes.len().min(MAX_LENGTH)];
    let mut rest = &start[1..];
    loop {
        let space = rest.trim_ascii_start();
        let escaped = skip_escaped_space(space);
        if escaped.len() == rest.len() {
            break;
        }
        rest = escaped;
    }
    steps::add(start.len() - rest.len());
    let notation = first_quote(rest);
    // The longest beginning is that of a name.
    let is_known = is_complete || rest.len() >= 24 || start.len() == MAX_LENGTH;
    (notation.is_some() || is_known || !may_be_notation(rest))
        .then_some(notation.unwrap_or(Notation::Other))
}

/// Returns the notation by what stands for the first quote.
fn first_quote(rest: &[u8]) -> Option<Notation> {
    let is_quote = |prefixes: &[&str]| {
        let mut prefixes = prefixes.iter();
        prefixes.any(|prefix| rest.starts_with(prefix.as_bytes()))
    };
    if is_quote(&["\\x22"]) {
        return Some(Notation::HexEscapes);
    }
    if is_quote(&["&quot;", "&#34;", "&#x22;"]) {
        return Some(Notation::XmlText);
    }
    match rest {
        [b'"', b'"', next, ..] if !matches!(next, b':' | b' ' | b'\t' | b'\r' | b'\n') => {
            return Some(Notation::CsvField);
        }
        [b'\\', ..] => {
            let unescaped = rest.iter().position(|byte| *byte != b'\\')?;
            let quote = &rest[unescaped..];
            if quote.starts_with(b"\"") || quote.starts_with(b"u0022") {
                return Some(Notation::JsonString);
            }
        }
        _ => {}
    }
    is_language(rest).then_some(Notation::Language)
}

/// Returns `true` if more bytes may make this the beginning of a notation.
fn may_be_notation(rest: &[u8]) -> bool {
    match rest.first() {
        None => true,
        Some(byte) => {
            matches!(byte, b'\\' | b'&' | b'"' | b'\'' | b':') || byte.is_ascii_uppercase()
        }
    }
}

/// Skips a line break or tab that is written as an escape.
fn skip_escaped_space(rest: &[u8]) -> &[u8] {
    let unescaped = rest.iter().take_while(|byte| **byte == b'\\').count();
    if unescaped == 0 {
        return rest;
    }
    match &rest[unescaped..] {
        [b'n' | b'r' | b't', rest @ ..]
        | [b'x', b'0', b'9' | b'A' | b'D' | b'a' | b'd', rest @ ..] => rest,
        _ => rest,
    }
}

/// Returns `true` if this is the name of a property in another notation than that of JSON.
fn is_language(rest: &[u8]) -> bool {
    let is_quoted = matches!(rest, [b'\'' | b'"' | b':', ..]);
    let name = if is_quoted { &rest[1..] } else { rest };
    let Some(found) = (FIRST_NAMES.iter()).find(|found| name.starts_with(found.as_bytes())) else {
        return false;
    };
    let after = &name[found.len()..];
    let after = after
        .strip_prefix(b"'")
        .or(after.strip_prefix(b"\""))
        .unwrap_or(after);
    let after = after.trim_ascii_start();
    match rest[0] {
        b'"' | b':' => after.starts_with(b"=>"),
        _ => after.starts_with(b":") || after.starts_with(b"=>"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notations_differ_in_what_stands_for_the_quote() {
        for (text, notation) in [
            (r#"{\"Action\": 1"#, Notation::JsonString),
            (r#"{\\\"Action\\\": 1"#, Notation::JsonString),
            (r#"{\n  \"Action\": 1"#, Notation::JsonString),
            (r#"{\\r\\n\\t\\\"Action"#, Notation::JsonString),
            ("{\\u0022Action\\u0022: 1", Notation::JsonString),
            (r#"{""Action"": 1"#, Notation::CsvField),
            ("{\n  \"\"Action\"\": 1", Notation::CsvField),
            (r#"{"": 1"#, Notation::Other),
            (r"{\x22Action\x22: 1", Notation::HexEscapes),
            (r"{\x0A  \x22Action\x22: 1", Notation::HexEscapes),
            ("{&quot;Action", Notation::XmlText),
            ("{\n &#34;Action", Notation::XmlText),
            ("{'Action': 1", Notation::Language),
            ("{ Action: 1", Notation::Language),
            ("{\n  EnterpriseId: 1", Notation::Language),
            (r#"{"Action" => 1"#, Notation::Language),
            (r#"{"IntegrationId"=>1"#, Notation::Language),
            ("{:Action=>1", Notation::Language),
            ("{Actions: 1", Notation::Other),
            ("{'action': 1", Notation::Other),
            (r"{\d+}", Notation::Other),
            ("{{x}}", Notation::Other),
            ("{", Notation::Other),
        ] {
            assert_eq!(of(text.as_bytes(), true), Some(notation), "{text}");
            // More bytes never change what fewer have shown.
            for length in 1..text.len() {
                let early = of(&text.as_bytes()[..length], false);
                assert!(
                    early.is_none() || early == Some(notation),
                    "{text} {length} {early:?}"
                );
            }
        }
    }
}
