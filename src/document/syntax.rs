//! The syntax errors of JSON text, and what to do about them.

use std::fmt;

use thiserror::Error;

/// A syntax error at the first invalid position of a text.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{kind}")]
#[non_exhaustive]
pub struct SyntaxError {
    /// The byte offset in the text.
    pub offset: usize,
    /// The length of the invalid span in bytes; 0 at the end of the text.
    pub length: usize,
    /// The kind of the error.
    pub kind: SyntaxErrorKind,
}

/// The kind of a syntax error.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SyntaxErrorKind {
    /// The text ends too early.
    #[error("the text ends where {expected} should be")]
    UnexpectedEnd {
        /// The description of what was expected.
        expected: &'static str,
    },
    /// A character that the grammar does not allow at its position.
    #[error("expected {expected}, found {}", quoted(*found))]
    Unexpected {
        /// The character.
        found: char,
        /// The description of what was expected.
        expected: &'static str,
    },
    /// A comma with nothing after it.
    #[error("a comma before `{close}`, with nothing between them")]
    TrailingComma {
        /// The bracket that follows.
        close: char,
    },
    /// A value in single quotes.
    #[error("a string in single quotes")]
    SingleQuotes,
    /// A value as a programming language prints it.
    #[error("{found}, as in {language} output")]
    Printed {
        /// The description of what is not JSON.
        found: &'static str,
        /// The language.
        language: Language,
    },
    /// A typographic quote instead of a straight one.
    #[error("the curly quote {}: JSON needs a straight quote", quoted(*found))]
    CurlyQuote {
        /// The quote.
        found: char,
    },
    /// A backslash before a quote that starts a name or value.
    #[error("a backslash before a quote: this is JSON escaped for use inside a string")]
    EscapedQuote,
    /// A value of another language, such as `None`.
    #[error("`{word}` is not a JSON value")]
    Word {
        /// The word.
        word: &'static str,
    },
    /// Any other word without quotes. The message does not show it, since it may be a secret.
    #[error("a word without quotes")]
    BareWord,
    /// `//`, `/*` or `#`.
    #[error("a comment, which JSON does not have")]
    Comment,
    /// A string that is not closed at the end of its line.
    #[error("a string is not closed before its line ends")]
    UnclosedString,
    /// An unescaped control character in a string.
    #[error("the control character U+{:04X} inside a string", u32::from(*found))]
    ControlCharacter {
        /// The character.
        found: char,
    },
    /// A backslash that does not start a valid escape.
    #[error("a backslash and {} do not make an escape", quoted(*found))]
    Escape {
        /// The character after the backslash.
        found: char,
    },
    /// `\u` without four hex digits.
    #[error("`\\u` needs four hex digits")]
    UnicodeEscape,
    /// Half of a surrogate pair.
    #[error("an escape of half a character (a lone surrogate)")]
    LoneSurrogate,
    /// An invalid number.
    #[error("a number {reason}")]
    Number {
        /// The reason, as the end of a sentence.
        reason: &'static str,
    },
    /// Arrays and objects that are nested too deeply.
    #[error("more than {max_depth} levels of brackets")]
    TooDeep {
        /// The maximum depth.
        max_depth: usize,
    },
    /// Text after the value.
    #[error("text after the value: {}", quoted(*found))]
    TextAfterValue {
        /// The first character of that text.
        found: char,
    },
    /// Bytes that are not UTF-8.
    #[error("bytes that are not UTF-8 (0x{byte:02X})")]
    Utf8 {
        /// The first such byte.
        byte: u8,
    },
    /// A text that is too long for the offsets of a document.
    #[error("a text of 2 GiB or more")]
    TooLong,
    /// A missing or superfluous comma between the payloads of an array.
    #[error("{0}")]
    Separator(&'static str),
}

/// A programming language whose notation of values resembles JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Language {
    /// `{'Action': None}`.
    Python,
    /// `{ Action: 'x' }`.
    Node,
    /// `{:Action=>"x"}` or `{Action: "x"}`.
    Ruby,
    /// `"Action" => "x"`, which is Ruby in braces, and PHP in brackets that were changed by hand.
    RubyOrPhp,
    /// `['Action' => 'x']`, `array ('Action' => 'x')` or `Array ( [Action] => x )`.
    Php,
    /// `{Action=x}`.
    Java,
    /// `map[Action:x]`.
    Go,
}

impl Language {
    /// Returns what to do about a value that the language printed.
    fn help(self) -> &'static str {
        match self {
            Self::Python => "in Python print it with `json.dumps`; by hand, use double quotes",
            Self::Node => {
                "in Node.js print it with `JSON.stringify`; by hand, put names in double quotes"
            }
            Self::Ruby => "in Ruby print it with `to_json`; by hand, put names in double quotes",
            Self::RubyOrPhp => "in Ruby print it with `to_json`, in PHP with `json_encode`",
            Self::Php => "in PHP print it with `json_encode`",
            Self::Java => "in Java print it with a JSON library; `toString` loses the quotes",
            Self::Go => "in Go print it with `json.Marshal`; `%v` loses the quotes",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Python => "Python",
            Self::Node => "Node.js",
            Self::Ruby => "Ruby",
            Self::RubyOrPhp => "Ruby or PHP",
            Self::Php => "PHP",
            Self::Java => "Java",
            Self::Go => "Go",
        })
    }
}

impl SyntaxErrorKind {
    /// Returns `true` if no text after the error can make it valid.
    pub(crate) fn is_certain(&self) -> bool {
        !matches!(self, Self::UnexpectedEnd { .. })
    }

    /// Returns what to do about the error, if there is more to say than the message does.
    pub fn help(&self) -> Option<&'static str> {
        Some(match self {
            Self::UnexpectedEnd { .. } => {
                "the payload was cut off, or a bracket or quote is not closed"
            }
            Self::TrailingComma { .. } => "remove the comma",
            Self::SingleQuotes => "use double quotes",
            Self::Printed { language, .. } => language.help(),
            Self::CurlyQuote { .. } => {
                "an editor or a chat replaced the quotes: write `\"` for each of them"
            }
            Self::EscapedQuote => "unescape it, as `jq fromjson` does, or remove the backslashes",
            Self::Word { word } => match *word {
                "None" => {
                    "this is how Python prints null: write `null`, or print with `json.dumps`"
                }
                "True" | "False" => {
                    "this is a Python boolean: write it in lower case, or print with `json.dumps`"
                }
                "TRUE" | "FALSE" | "Null" | "NULL" => "write it in lower case",
                "NaN" | "Infinity" => "JSON has no such number: write `null`",
                "nil" => "this is how Ruby and Go print null: write `null`",
                _ => "write `null`",
            },
            Self::BareWord => "put text in double quotes",
            Self::Comment => "remove the comment",
            Self::UnclosedString => {
                "close the quote; a line break inside a string is written `\\n`"
            }
            Self::ControlCharacter { .. } => "write it as an escape, such as `\\t` or `\\u001b`",
            Self::Escape { .. } => {
                "escapes are `\\\"`, `\\\\`, `\\/`, `\\b`, `\\f`, `\\n`, `\\r`, `\\t` and `\\uXXXX`; a backslash itself is `\\\\`"
            }
            Self::LoneSurrogate => {
                "characters beyond U+FFFF take two `\\u` escapes, D800 to DBFF then DC00 to DFFF"
            }
            Self::Utf8 { .. } => "JSON is UTF-8: convert the file, or find where it was damaged",
            Self::TextAfterValue { .. } | Self::Separator(_) => {
                "separate payloads with white space alone, or put them in one array with commas"
            }
            Self::TooDeep { .. } | Self::TooLong => {
                "no Mews payload is like that: is this one complete?"
            }
            _ => return None,
        })
    }
}

/// Formats a character for a message: in backticks, or as a code point if it is invisible.
fn quoted(character: char) -> String {
    if character == '`' {
        "a backtick".to_owned()
    } else if character.is_control() || (character.is_whitespace() && character != ' ') {
        format!("U+{:04X}", u32::from(character))
    } else {
        format!("`{character}`")
    }
}
