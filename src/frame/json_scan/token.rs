//! The tokens of JSON that have a syntax of their own: numbers and escapes.

use super::JsonEnd;

/// What of a number has been seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    Minus,
    Zero,
    Integer,
    Point,
    Fraction,
    Exponent,
    ExponentSign,
    ExponentDigits,
}

/// Scans to the end of a number. Returns also what of it has been seen.
pub(super) fn skip_number(mut number: Number, bytes: &[u8]) -> (JsonEnd, Number) {
    for (length, byte) in bytes.iter().enumerate() {
        number = match (number, byte) {
            (Number::Minus, b'0') => Number::Zero,
            (Number::Minus | Number::Integer, b'0'..=b'9') => Number::Integer,
            (Number::Zero | Number::Integer, b'.') => Number::Point,
            (Number::Point | Number::Fraction, b'0'..=b'9') => Number::Fraction,
            (Number::Zero | Number::Integer | Number::Fraction, b'e' | b'E') => Number::Exponent,
            (Number::Exponent, b'+' | b'-') => Number::ExponentSign,
            (Number::Exponent | Number::ExponentSign | Number::ExponentDigits, b'0'..=b'9') => {
                Number::ExponentDigits
            }
            (Number::Zero | Number::Integer | Number::Fraction | Number::ExponentDigits, _) => {
                return (JsonEnd::Complete(length), number);
            }
            _ => return (JsonEnd::Broken(length), number),
        };
    }
    (JsonEnd::Unknown, number)
}

/// Returns the length of the escape that `bytes` start with.
pub(super) fn escape_length(bytes: &[u8]) -> JsonEnd {
    match bytes.get(1) {
        None => JsonEnd::Unknown,
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => JsonEnd::Complete(2),
        Some(b'u') => {
            let digits = &bytes[2..bytes.len().min(6)];
            match digits.iter().position(|digit| !digit.is_ascii_hexdigit()) {
                Some(offset) => JsonEnd::Broken(2 + offset),
                None if digits.len() == 4 => JsonEnd::Complete(6),
                None => JsonEnd::Unknown,
            }
        }
        Some(_) => JsonEnd::Broken(1),
    }
}
