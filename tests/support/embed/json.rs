//! Writes JSON in one of the many ways in which producers do.

use serde_json::Value;

use super::dice::Dice;
use super::written::Written;

/// The value of a string in a template for which another text is written.
pub const HOLE: &str = "@@";

/// How JSON is written.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Whether there are line breaks and indentation.
    pub is_pretty: bool,
    /// Which characters are escaped that need not be.
    pub escapes: Escapes,
}

/// Which characters of strings are escaped that need not be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escapes {
    None,
    /// All but ASCII, and slashes.
    NonAscii,
    /// Quotes as `\u0022`, as some web frameworks do.
    Quotes,
    /// Any, at random.
    Any,
}

impl Style {
    pub fn any(dice: &mut Dice) -> Self {
        Self {
            is_pretty: dice.once_in(3),
            escapes: Escapes::any(dice),
        }
    }
}

impl Escapes {
    pub fn any(dice: &mut Dice) -> Self {
        dice.pick(&[
            Self::None,
            Self::None,
            Self::NonAscii,
            Self::Quotes,
            Self::Any,
        ])
    }
}

/// Writes a value. `inner` stands for the hole.
pub fn write(value: &Value, style: Style, dice: &mut Dice, inner: &[u8]) -> Written {
    let mut out = Written::default();
    add(&mut out, value, style, dice, inner, 0);
    out
}

/// Writes a value without a hole.
pub fn text(value: &Value, style: Style, dice: &mut Dice) -> String {
    String::from_utf8(write(value, style, dice, b"").text).unwrap()
}

fn add(
    out: &mut Written,
    value: &Value,
    style: Style,
    dice: &mut Dice,
    inner: &[u8],
    level: usize,
) {
    match value {
        Value::String(text) if text == HOLE => out.copy(inner),
        Value::String(text) => string(out, text, style, dice),
        Value::Array(items) => {
            out.raw("[");
            for (index, item) in items.iter().enumerate() {
                out.raw(if index > 0 { "," } else { "" });
                space(out, style, dice, level + 1);
                add(out, item, style, dice, inner, level + 1);
            }
            space(out, style, dice, level);
            out.raw("]");
        }
        Value::Object(members) => {
            out.raw("{");
            for (index, (name, value)) in members.iter().enumerate() {
                out.raw(if index > 0 { "," } else { "" });
                space(out, style, dice, level + 1);
                string(out, name, style, dice);
                out.raw(if style.is_pretty { ": " } else { ":" });
                add(out, value, style, dice, inner, level + 1);
            }
            space(out, style, dice, level);
            out.raw("}");
        }
        other => out.raw(other.to_string()),
    }
}

fn space(out: &mut Written, style: Style, dice: &mut Dice, level: usize) {
    if style.is_pretty {
        out.raw("\n");
        out.raw("  ".repeat(level));
    } else if dice.once_in(8) {
        out.raw(" ");
    }
}

fn string(out: &mut Written, text: &str, style: Style, dice: &mut Dice) {
    let written = escape(text.as_bytes(), style.escapes, dice);
    out.raw("\"");
    out.raw(written.text);
    out.raw("\"");
}

/// Writes a text as a JSON string, with its quotes.
pub fn quoted(inner: &[u8], escapes: Escapes, dice: &mut Dice) -> Written {
    let inside = escape(inner, escapes, dice);
    let mut out = Written::default();
    out.raw("\"");
    out.raw(&inside.text);
    out.raw("\"");
    let places = inside.places.into_iter();
    out.places = places.map(|place| place.start + 1..place.end + 1).collect();
    let read: String = serde_json::from_slice(&out.text).unwrap();
    assert_eq!(read.as_bytes(), inner);
    out
}

/// Writes the inside of a JSON string.
fn escape(inner: &[u8], escapes: Escapes, dice: &mut Dice) -> Written {
    let mut out = Written::default();
    for character in std::str::from_utf8(inner).unwrap().chars() {
        let length = character.len_utf8();
        let short = match character {
            '"' => Some("\\\""),
            '\\' => Some("\\\\"),
            '\n' => Some("\\n"),
            '\r' => Some("\\r"),
            '\t' => Some("\\t"),
            '\u{8}' => Some("\\b"),
            '\u{c}' => Some("\\f"),
            '/' => Some("\\/"),
            _ => None,
        };
        let must = matches!(character, '"' | '\\' | '\0'..='\u{1f}');
        let is_escaped = match escapes {
            Escapes::None | Escapes::Quotes => must,
            Escapes::NonAscii => must || !character.is_ascii() || character == '/',
            Escapes::Any => must || dice.once_in(6),
        };
        let is_long = short.is_none()
            || (escapes == Escapes::Quotes && character == '"')
            || (escapes == Escapes::Any && dice.once_in(3));
        if !is_escaped {
            let mut buffer = [0; 4];
            out.copy(character.encode_utf8(&mut buffer).as_bytes());
        } else if is_long {
            let units = character.encode_utf16(&mut [0; 2]).to_vec();
            let is_upper = dice.once_in(2);
            let units = units.into_iter().map(|unit| match is_upper {
                true => format!("\\u{unit:04X}"),
                false => format!("\\u{unit:04x}"),
            });
            out.unit(length, units.collect::<String>());
        } else {
            out.unit(length, short.unwrap());
        }
    }
    out
}
