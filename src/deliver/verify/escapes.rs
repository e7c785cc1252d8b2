//! The ways in which serializers of JSON write the characters of strings.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Which characters of a string are written as escapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Escapes {
    /// Those that are escapes already.
    AsWritten,
    /// Those that must be: JavaScript, Newtonsoft.Json, serde.
    Required,
    /// All that are not ASCII: Python.
    NonAscii,
    /// All that are not ASCII, and the slash: PHP.
    NonAsciiAndSlash,
    /// Those that HTML would read as markup: Ruby on Rails, Go.
    Html,
    /// All that are not ASCII, and those of HTML, with capital digits: `System.Text.Json` of .NET.
    DotNet,
}

impl Escapes {
    /// Returns a string with its quotes as a serializer writes it. One that is not valid stays as it is.
    pub(super) fn write(self, string: &[u8]) -> Cow<'_, [u8]> {
        if self == Self::AsWritten {
            return Cow::Borrowed(string);
        }
        let value = serde_json::from_slice::<String>(string);
        let required = value.and_then(|value| serde_json::to_string(&value));
        let Ok(required) = required else {
            return Cow::Borrowed(string);
        };
        if self == Self::Required {
            return Cow::Owned(required.into_bytes());
        }
        let inside = &required[1..required.len() - 1];
        let mut written = String::with_capacity(required.len());
        written.push('"');
        let mut characters = inside.chars();
        while let Some(character) = characters.next() {
            match character {
                '\\' => {
                    written.push(character);
                    let escaped = characters.next().unwrap_or_default();
                    match escaped {
                        // .NET writes this one as a number.
                        '"' if self == Self::DotNet => written.push_str("u0022"),
                        escaped => written.push(escaped),
                    }
                }
                '/' if self == Self::NonAsciiAndSlash => written.push_str("\\/"),
                character if self.is_number(character) => {
                    self.write_number(character, &mut written);
                }
                character => written.push(character),
            }
        }
        written.push('"');
        Cow::Owned(written.into_bytes())
    }

    /// Returns `true` if a character is written as an escape with its number.
    fn is_number(self, character: char) -> bool {
        let is_markup = matches!(character, '<' | '>' | '&');
        match self {
            Self::AsWritten | Self::Required => false,
            Self::NonAscii | Self::NonAsciiAndSlash => !character.is_ascii(),
            Self::Html => is_markup || matches!(character, '\u{2028}' | '\u{2029}'),
            Self::DotNet => {
                is_markup
                    || !character.is_ascii()
                    || matches!(character, '\'' | '+' | '`' | '\u{7f}')
            }
        }
    }

    fn write_number(self, character: char, written: &mut String) {
        for unit in character.encode_utf16(&mut [0; 2]) {
            // Writing to a string can't fail.
            let _ = match self {
                Self::DotNet => write!(written, "\\u{unit:04X}"),
                _ => write!(written, "\\u{unit:04x}"),
            };
        }
    }
}
