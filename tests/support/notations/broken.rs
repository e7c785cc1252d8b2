//! What goes wrong with texts: cuts, brackets, colons, commas, comments, words, quotes.

use super::encode::{Escapes, json, quoted};
use super::marked::{depths, is_mark, kept, secret, without_kept};
use super::tape::Tape;
use super::words::{Kind, Spelling};

/// Returns the name, the value and the quote of a member.
fn parts(tape: &mut Tape, kind: Kind) -> (String, String, char) {
    let name = kept(&tape.name(Spelling::Quoted));
    let quote = tape.pick(&['"', '"', '\'']);
    let value = tape.plant(kind);
    let value = if quote == '"' {
        json(&value, Escapes::Few)
    } else {
        quoted(&value, quote)
    };
    (name, secret(&value), quote)
}

/// Returns a member of JSON, or nearly JSON, that is broken about its colon.
pub fn colon(tape: &mut Tape) -> String {
    let (name, value, quote) = parts(tape, Kind::Any);
    let word = tape.pick(&["oops", "undefined", "x", "new String", "b"]);
    let colon = match tape.below(14) {
        0 => ":".to_owned(),
        1 => " ".to_owned(),
        2 => "::".to_owned(),
        3 => ": :".to_owned(),
        4 => "=".to_owned(),
        5 => " = ".to_owned(),
        6 => ": /* see below */ ".to_owned(),
        7 => ": // see below\n".to_owned(),
        8 => format!(": {word} "),
        9 => format!(" {word}: "),
        10 => ":}".to_owned(),
        11 => ": {".to_owned(),
        12 => ":, ".to_owned(),
        _ => {
            // A doubled quote, before a value that has none in it.
            let (name, value, quote) = parts(tape, Kind::Bare);
            return format!("{quote}{name}{quote}: {quote}{quote}{value}{quote}");
        }
    };
    format!("{quote}{name}{quote}{colon}{quote}{value}{quote}")
}

/// Returns a member that lacks a quote. Its value is no single letter, which could be the prefix of
/// a string, as in `b'x'`.
pub fn quotes(tape: &mut Tape) -> String {
    let name = kept(&tape.name(Spelling::Quoted));
    let quote = tape.pick(&['"', '"', '\'']);
    let value = tape.word(6, 40);
    tape.planted.push(value.clone());
    let value = secret(&value);
    match tape.below(4) {
        0 => format!("{quote}{name}: {quote}{value}{quote}"),
        1 => format!("{name}{quote}: {quote}{value}{quote}"),
        2 => format!("{quote}{name}{quote}: {value}{quote}"),
        _ => format!("{quote}{name}{quote}: {value}"),
    }
}

/// Returns an object with a member that is broken, perhaps with its commas missing too.
pub fn object(tape: &mut Tape, member: fn(&mut Tape) -> String) -> String {
    let harmless = |tape: &mut Tape| {
        let (name, value) = (tape.harmless_name(), tape.harmless_value());
        format!("\"{name}\": \"{value}\"")
    };
    let mut members = Vec::new();
    for _ in 0..tape.below(3) {
        members.push(harmless(tape));
    }
    members.push(member(tape));
    for _ in 0..tape.below(3) {
        members.push(harmless(tape));
    }
    let comma = tape.pick(&[", ", ", ", " ", ",, ", "; ", "\n"]);
    format!("{{{}}}", members.join(comma))
}

/// Cuts a text off, in a secret too, but not before it.
pub fn cut(tape: &mut Tape, text: &str) -> String {
    let first = text.find('\u{e000}').unwrap_or_default();
    let places = text[first..].char_indices().map(|(at, _)| first + at);
    let places: Vec<usize> = places.skip(1).collect();
    let at = if places.is_empty() {
        text.len()
    } else {
        tape.pick(&places)
    };
    without_kept(&text[..at])
}

/// Puts a bracket, a comma or a comment somewhere into a text with quoted names and values, but not
/// into a name or a value.
pub fn with_one_too_many(tape: &mut Tape, text: &str) -> String {
    let insert = tape.pick(&["}", "]", "{", "[", ",", "}}", "/* x */"]);
    let places: Vec<usize> = depths(text)
        .filter(|(at, depth, _)| *depth == 0 && is_between(&text[..*at], &text[*at..]))
        .map(|(at, ..)| at)
        // A comment between a quote and a comma could be part of a name.
        .filter(|at| !insert.starts_with('/') || text[..*at].ends_with([',', ':', '{', ' ']))
        .collect();
    if places.is_empty() {
        return without_kept(text);
    }
    let at = tape.pick(&places);
    without_kept(&format!("{}{insert}{}", &text[..at], &text[at..]))
}

/// Cuts the front off a text, but not off the name of a secret.
pub fn cut_front(tape: &mut Tape, text: &str) -> String {
    // Names are marked as harmless, and stand before their secrets.
    let Some(first) = text.find('\u{e000}') else {
        return text.to_owned();
    };
    let Some(name) = text[..first].rfind('\u{e002}') else {
        return text.to_owned();
    };
    let places = text.char_indices().map(|(at, _)| at);
    let places: Vec<usize> = places.take_while(|at| *at <= name).collect();
    let at = tape.pick(&places);
    without_kept(&text[at..])
}

/// Returns whether a text can be split here without a cut through a name, a value or an escape.
fn is_between(before: &str, behind: &str) -> bool {
    let last = before.chars().rev().find(|character| !is_mark(*character));
    let next = behind.chars().find(|character| !is_mark(*character));
    match last.unwrap_or('{') {
        '{' | '[' | ',' | ':' | '}' | ']' | ' ' | '\t' | '\n' => true,
        '"' | '\'' | '\u{201d}' | '\u{2019}' => {
            matches!(
                next.unwrap_or(','),
                ':' | ',' | '}' | ']' | ' ' | '\t' | '\n'
            )
        }
        _ => false,
    }
}
