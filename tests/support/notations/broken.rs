//! Breaks texts: truncates them, and adds or removes brackets, colons, commas, comments, words and
//! quotes.

use super::choices::Choices;
use super::encode::{Escapes, json, quoted};
use super::marked::{depths, is_mark, kept, secret, without_kept};
use super::words::{Charset, Spelling};

/// Returns the name, the value and the quote of a member.
fn parts(choices: &mut Choices, charset: Charset) -> (String, String, char) {
    let name = kept(&choices.name(Spelling::Quoted));
    let quote = choices.choose(&['"', '"', '\'']);
    let value = choices.plant(charset);
    let value = if quote == '"' {
        json(&value, Escapes::Few)
    } else {
        quoted(&value, quote)
    };
    (name, secret(&value), quote)
}

/// Returns a member of JSON, or of a similar notation, whose colon is broken.
pub fn member_with_broken_colon(choices: &mut Choices) -> String {
    let (name, value, quote) = parts(choices, Charset::Any);
    let word = choices.choose(&["oops", "undefined", "x", "new String", "b"]);
    let colon = match choices.below(14) {
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
            // A doubled quote before a value without quotes.
            let (name, value, quote) = parts(choices, Charset::Bare);
            return format!("{quote}{name}{quote}: {quote}{quote}{value}{quote}");
        }
    };
    format!("{quote}{name}{quote}{colon}{quote}{value}{quote}")
}

/// Returns a member that lacks a quote. Its value has several letters, since a single one could be
/// the prefix of a string, as in `b'x'`.
pub fn member_without_quote(choices: &mut Choices) -> String {
    let name = kept(&choices.name(Spelling::Quoted));
    let quote = choices.choose(&['"', '"', '\'']);
    let value = choices.word(6, 40);
    choices.planted.push(value.clone());
    let value = secret(&value);
    match choices.below(4) {
        0 => format!("{quote}{name}: {quote}{value}{quote}"),
        1 => format!("{name}{quote}: {quote}{value}{quote}"),
        2 => format!("{quote}{name}{quote}: {value}{quote}"),
        _ => format!("{quote}{name}{quote}: {value}"),
    }
}

/// Returns an object with a broken member, perhaps with broken commas, too.
pub fn object(choices: &mut Choices, member: fn(&mut Choices) -> String) -> String {
    let harmless = |choices: &mut Choices| {
        let (name, value) = (choices.harmless_name(), choices.harmless_value());
        format!("\"{name}\": \"{value}\"")
    };
    let mut members = Vec::new();
    for _ in 0..choices.below(3) {
        members.push(harmless(choices));
    }
    members.push(member(choices));
    for _ in 0..choices.below(3) {
        members.push(harmless(choices));
    }
    let comma = choices.choose(&[", ", ", ", " ", ",, ", "; ", "\n"]);
    format!("{{{}}}", members.join(comma))
}

/// Truncates a text within or after its first secret.
pub fn truncate(choices: &mut Choices, text: &str) -> String {
    let first = text.find('\u{e000}').unwrap_or_default();
    let places = text[first..].char_indices().map(|(at, _)| first + at);
    let places: Vec<usize> = places.skip(1).collect();
    let at = if places.is_empty() {
        text.len()
    } else {
        choices.choose(&places)
    };
    without_kept(&text[..at])
}

/// Inserts a bracket, a comma or a comment into a text with quoted names and values, but not into a
/// name or a value.
pub fn with_extra_character(choices: &mut Choices, text: &str) -> String {
    let insert = choices.choose(&["}", "]", "{", "[", ",", "}}", "/* x */"]);
    let places: Vec<usize> = depths(text)
        .filter(|(at, depth, _)| *depth == 0 && is_between(&text[..*at], &text[*at..]))
        .map(|(at, ..)| at)
        // A comment between a quote and a comma may be part of a name.
        .filter(|at| !insert.starts_with('/') || text[..*at].ends_with([',', ':', '{', ' ']))
        .collect();
    if places.is_empty() {
        return without_kept(text);
    }
    let at = choices.choose(&places);
    without_kept(&format!("{}{insert}{}", &text[..at], &text[at..]))
}

/// Removes the start of a text, but nothing of the name of its first secret.
pub fn remove_start(choices: &mut Choices, text: &str) -> String {
    // Names are marked as harmless and precede their secrets.
    let Some(first) = text.find('\u{e000}') else {
        return text.to_owned();
    };
    let Some(name) = text[..first].rfind('\u{e002}') else {
        return text.to_owned();
    };
    let places = text.char_indices().map(|(at, _)| at);
    let places: Vec<usize> = places.take_while(|at| *at <= name).collect();
    let at = choices.choose(&places);
    without_kept(&text[at..])
}

/// Returns `true` if a text can be split here without splitting a name, a value or an escape.
fn is_between(before: &str, after: &str) -> bool {
    let last = before.chars().rev().find(|character| !is_mark(*character));
    let next = after.chars().find(|character| !is_mark(*character));
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
