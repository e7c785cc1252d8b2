//! Explains why a text cannot be parsed: finds the mistake behind an unexpected character.

#![expect(
    clippy::unnecessary_box_returns,
    reason = "the parser returns boxed errors"
)]

use super::parser::{Parser, error_at};
use super::{Language, SyntaxError, SyntaxErrorKind, printed};

/// Descriptions of what was expected, for messages.
const VALUE: &str = "a value";
const NAME: &str = "a property name in double quotes";

/// Values of other languages that are mistaken for JSON values.
const WORDS: [&str; 11] = [
    "None",
    "nil",
    "undefined",
    "NaN",
    "Infinity",
    "True",
    "TRUE",
    "False",
    "FALSE",
    "Null",
    "NULL",
];

impl Parser<'_> {
    /// Returns the error for a string that is not closed where a character was `found`.
    #[cold]
    pub(super) fn unclosed_string(&self, start: usize, found: Option<u8>) -> Box<SyntaxError> {
        match found {
            Some(b'\n' | b'\r') => {
                error_at(start, self.at - start, SyntaxErrorKind::UnclosedString)
            }
            Some(byte) => {
                let found = char::from(byte);
                self.error(SyntaxErrorKind::ControlCharacter { found })
            }
            None => self.unexpected("the closing quote of a string"),
        }
    }

    /// Returns the error for a missing value.
    pub(super) fn value_error(&self) -> Box<SyntaxError> {
        if let Some(error) = self.quote_error() {
            return error;
        }
        let word = self.word();
        if let Some((length, found, language)) = printed::value(self.bytes, self.at) {
            return error_at(
                self.at,
                length,
                SyntaxErrorKind::Printed { found, language },
            );
        }
        match self.found() {
            Some('\'') => self.error(SyntaxErrorKind::SingleQuotes),
            Some('/' | '#') => self.error(SyntaxErrorKind::Comment),
            Some(_) if !word.is_empty() => {
                let known = WORDS.into_iter().find(|known| *known == word);
                let kind = known.map_or(SyntaxErrorKind::BareWord, |word| SyntaxErrorKind::Word {
                    word,
                });
                error_at(self.at, word.len(), kind)
            }
            _ => self.unexpected(VALUE),
        }
    }

    /// Returns the error for a missing colon.
    pub(super) fn colon_error(&self) -> Box<SyntaxError> {
        if self.is_arrow() {
            let (found, language) = ("`=>` after a property name", Language::RubyOrPhp);
            return error_at(self.at, 2, SyntaxErrorKind::Printed { found, language });
        }
        self.unexpected("`:` after the property name")
    }

    /// Returns the error for a missing comma or bracket after an item of an array.
    pub(super) fn item_error(&self) -> Box<SyntaxError> {
        if self.is_arrow() {
            let (found, language) = ("`=>` in an array", Language::Php);
            return error_at(self.at, 2, SyntaxErrorKind::Printed { found, language });
        }
        self.unexpected("`,` or `]`")
    }

    fn is_arrow(&self) -> bool {
        self.bytes[self.at..].starts_with(b"=>")
    }

    /// Returns an error if there is a quote that JSON does not allow.
    fn quote_error(&self) -> Option<Box<SyntaxError>> {
        match self.found()? {
            found @ ('\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}' | '\u{ff02}') => {
                Some(self.error(SyntaxErrorKind::CurlyQuote { found }))
            }
            '\\' if self.bytes.get(self.at + 1) == Some(&b'"') => {
                Some(error_at(self.at, 2, SyntaxErrorKind::EscapedQuote))
            }
            _ => None,
        }
    }

    /// Returns the error for a missing property name.
    pub(super) fn name_error(&self) -> Box<SyntaxError> {
        if let Some(error) = self.quote_error() {
            return error;
        }
        if let Some((length, found, language)) = printed::name(self.bytes, self.at) {
            return error_at(
                self.at,
                length,
                SyntaxErrorKind::Printed { found, language },
            );
        }
        match self.found() {
            Some('/' | '#') => self.error(SyntaxErrorKind::Comment),
            _ => self.unexpected(NAME),
        }
    }

    /// Returns the word at the current position, truncated to 32 characters.
    fn word(&self) -> &str {
        let rest = &self.text[self.at..];
        let is_word_byte = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let length = rest.bytes().take(32).take_while(is_word_byte).count();
        &rest[..length]
    }
}
