//! Encodes texts for use in other texts. Each encoding keeps the marks.

use std::fmt::Write as _;

use super::choices::Choices;
use super::marked::is_mark;

/// The characters that JSON escapes although it need not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escapes {
    /// None.
    Few,
    /// `/`.
    Slashes,
    /// All but ASCII.
    Ascii,
    /// HTML's special characters, as .NET does, with quotes as `\u0022`.
    Web,
    /// Every third character.
    Third,
}

impl Choices {
    /// Returns the escapes of JSON, mostly few.
    pub fn escapes(&mut self) -> Escapes {
        if self.simple_secrets {
            return self.choose(&[Escapes::Few, Escapes::Slashes, Escapes::Ascii]);
        }
        self.choose(&[
            Escapes::Few,
            Escapes::Few,
            Escapes::Few,
            Escapes::Slashes,
            Escapes::Ascii,
            Escapes::Web,
            Escapes::Third,
        ])
    }
}

/// Writes a text as the inside of a JSON string.
pub fn json(text: &str, escapes: Escapes) -> String {
    let mut out = String::new();
    for (number, character) in text.chars().enumerate() {
        let is_long = match escapes {
            Escapes::Few | Escapes::Slashes => false,
            Escapes::Ascii => !character.is_ascii(),
            Escapes::Web => !character.is_ascii() || "<>&'\"+".contains(character),
            Escapes::Third => number % 3 == 2,
        };
        match character {
            mark if is_mark(mark) => out.push(mark),
            _ if is_long => {
                let mut units = [0; 2];
                for unit in character.encode_utf16(&mut units) {
                    write!(out, "\\u{unit:04x}").unwrap();
                }
            }
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '/' if escapes == Escapes::Slashes => out.push_str("\\/"),
            control if control < ' ' => write!(out, "\\u{:04x}", u32::from(control)).unwrap(),
            other => out.push(other),
        }
    }
    out
}

/// Writes a text as the inside of a string in some quotes, with backslashes.
pub fn quoted(text: &str, quote: char) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            character => {
                if character == quote || character == '\\' {
                    out.push('\\');
                }
                out.push(character);
            }
        }
    }
    out
}

/// Writes a text for XML or HTML.
pub fn entities(text: &str, quote: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str(quote),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// Writes a text for a URL or a form.
pub fn percent(text: &str, space: &str, is_upper: bool) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            mark if is_mark(mark) => out.push(mark),
            ' ' => out.push_str(space),
            plain if plain.is_ascii_alphanumeric() || "-_.~".contains(plain) => out.push(plain),
            other => {
                let mut bytes = [0; 4];
                for byte in other.encode_utf8(&mut bytes).bytes() {
                    if is_upper {
                        write!(out, "%{byte:02X}").unwrap();
                    } else {
                        write!(out, "%{byte:02x}").unwrap();
                    }
                }
            }
        }
    }
    out
}

/// Decodes the escapes of all encodings of this module, at any depth.
pub fn decoded(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..4 {
        text = decoded_once(&text);
    }
    text
}

fn decoded_once(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut at = 0;
    let digits = |from: usize, count: usize| {
        let digits = text.get(from..from + count)?;
        u32::from_str_radix(digits, 16).ok()
    };
    while at < bytes.len() {
        let rest = &text.as_bytes()[at..];
        let entity = [
            ("&quot;", '"'),
            ("&#34;", '"'),
            ("&#x22;", '"'),
            ("&#39;", '\''),
            ("&lt;", '<'),
            ("&gt;", '>'),
            ("&amp;", '&'),
        ]
        .into_iter()
        .find(|(entity, _)| rest.starts_with(entity.as_bytes()));
        let (character, length) = if rest.starts_with(b"\\u")
            && let Some(character) = digits(at + 2, 4).and_then(char::from_u32)
        {
            (character, 6)
        } else if rest[0] == b'%'
            && let Some(byte) = digits(at + 1, 2).filter(|byte| *byte < 0x80)
        {
            (char::from_u32(byte).unwrap(), 3)
        } else if let Some((entity, character)) = entity {
            (character, entity.len())
        } else if rest[0] == b'\\' && rest.len() > 1 && b"\\/\"'".contains(&rest[1]) {
            (char::from(rest[1]), 2)
        } else {
            out.push(rest[0]);
            at += 1;
            continue;
        };
        let mut buffer = [0; 4];
        out.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
        at += length;
    }
    String::from_utf8_lossy(&out).into_owned()
}
