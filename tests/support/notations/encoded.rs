//! Texts that are encoded as base64.

use data_encoding::{BASE64, BASE64URL_NOPAD};

use super::choices::Choices;
use super::marked::{PartClass, PlantedText, kept, mark, without_kept};
use super::nesting;
use super::notation;

/// Returns a text and the ranges of its secrets in bytes, which are marked.
fn unmarked(marked: &str, choices: &Choices) -> (String, Vec<std::ops::Range<usize>>) {
    let planted = PlantedText::new(&without_kept(marked), choices);
    let parts = planted.parts.into_iter();
    let secrets = parts.filter(|(_, part)| *part == PartClass::Secret);
    (planted.text, secrets.map(|(span, _)| span).collect())
}

/// Returns a text as base64, in which the characters of the secrets are marked.
fn base64(choices: &mut Choices, marked: &str) -> String {
    let (text, mut secrets) = unmarked(marked, choices);
    secrets.sort_by_key(|span| span.start);
    let (width, line_break) = choices.choose(&[(0, ""), (0, ""), (76, "\r\n"), (64, "\n")]);
    let encoded = if width == 0 && choices.one_in(2) {
        BASE64URL_NOPAD.encode(text.as_bytes())
    } else {
        BASE64.encode(text.as_bytes())
    };
    let mut out = String::new();
    let mut pending = secrets.iter().peekable();
    let mut run = String::new();
    for (number, character) in encoded.chars().enumerate() {
        while pending
            .next_if(|span| (span.end * 8).div_ceil(6) <= number)
            .is_some()
        {}
        let is_secret = pending
            .peek()
            .is_some_and(|span| span.start * 8 / 6 <= number);
        if !is_secret && !run.is_empty() {
            out.push_str(&mark(PartClass::Secret, &run));
            run.clear();
        }
        if width > 0 && number > 0 && number % width == 0 {
            // Line breaks are masked only within a secret, so they end the mark.
            if !run.is_empty() {
                out.push_str(&mark(PartClass::Secret, &run));
                run.clear();
            }
            out.push_str(line_break);
        }
        if is_secret {
            run.push(character);
        } else {
            out.push(character);
        }
    }
    if !run.is_empty() {
        out.push_str(&mark(PartClass::Secret, &run));
    }
    out
}

/// Returns a notation or a request as base64 in other text.
pub fn base64_text(choices: &mut Choices) -> PlantedText {
    choices.simple_secrets = true;
    let mut text = notation::json_object(choices);
    if choices.one_in(2) {
        text = nesting::in_request(choices, &text);
    }
    // Shorter base64 is not searched for.
    let text = if unmarked(&text, choices).0.len() < 15 {
        text.replacen('{', "{\"Note\": \"a note\", ", 1)
    } else {
        text
    };
    let text = base64(choices, &text);
    let note = kept(&choices.harmless_value());
    let in_string = text.replace('\r', "\\r").replace('\n', "\\n");
    let text = match choices.below(5) {
        0 => {
            format!("{{\"body\": \"{in_string}\", \"isBase64Encoded\": true, \"Id\": \"{note}\"}}")
        }
        1 => format!("{{\"Note\": \"{note}\", \"data\": [\"{in_string}\"]}}"),
        2 => format!("{note} body={in_string} status=200"),
        3 => format!("<data>{text}</data><Note>{note}</Note>"),
        _ => text,
    };
    let text = nesting::sometimes_in_json(choices, 3, text);
    PlantedText::new(&text, choices)
}
