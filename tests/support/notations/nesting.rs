//! Nests texts in other texts.

use super::choices::Choices;
use super::encode::{entities, json, percent, quoted};
use super::marked::kept;
use super::single;

/// The prefixes of log lines.
const PREFIXES: [&str; 7] = [
    "INFO ",
    "received: ",
    "2026-01-05 10:11:12,131 [main] DEBUG c.example.Hook - ",
    "[2026-01-05T10:11:12Z] body=",
    "webhook-1  | ",
    "<14>Jan  5 10:11:12 host app[12]: ",
    "W0105 10:11:12.131000 1 hook.go:42] payload ",
];

/// Returns the prefix of a log line.
pub fn prefix(choices: &mut Choices) -> &'static str {
    choices.choose(&PREFIXES)
}

/// Returns JSON with a text as a string.
pub fn in_json(choices: &mut Choices, text: &str) -> String {
    let escapes = choices.escapes();
    let inside = json(text, escapes);
    let name = choices.choose(&["log", "body", "message", "raw", "data", "0"]);
    let (before, after) = (
        kept(&choices.harmless_value()),
        kept(&choices.harmless_value()),
    );
    let space = choices.space();
    match choices.below(4) {
        0 => format!("{{\"{name}\":{space}\"{inside}\"}}"),
        1 => format!(
            "{{\"Note\":{space}\"{before}\", \"{name}\": \"{inside}\", \"Id\": \"{after}\"}}"
        ),
        2 => format!("[\"{before}\",{space}\"{inside}\"]"),
        _ => {
            format!("{{\n  \"{name}\": {{\"text\": \"{inside}\"}},\n  \"stream\": \"{after}\"\n}}")
        }
    }
}

/// Nests a text in JSON with a probability of one in `times`.
pub fn sometimes_in_json(choices: &mut Choices, times: usize, text: String) -> String {
    if choices.one_in(times) {
        in_json(choices, &text)
    } else {
        text
    }
}

/// Returns a request that has a text as its body.
pub fn in_request(choices: &mut Choices, text: &str) -> String {
    let line = choices.choose(&["\r\n", "\n"]);
    let kind = choices.choose(&[
        "application/json",
        "application/x-www-form-urlencoded",
        "text/plain",
    ]);
    let note = kept(&choices.harmless_value());
    format!(
        "POST /hook/{note} HTTP/1.1{line}Host: example.com{line}Content-Type: {kind}{line}{line}{text}"
    )
}

/// Returns a text after a log prefix.
pub fn in_log(choices: &mut Choices, text: &str) -> String {
    let before = if choices.one_in(2) {
        format!("{}\n", single::harmless_line(choices))
    } else {
        String::new()
    };
    let after = if choices.one_in(2) {
        format!("\n{}\n", single::harmless_line(choices))
    } else {
        String::new()
    };
    format!("{before}{}{text}{after}", prefix(choices))
}

/// Returns a text nested in another in any way.
pub fn wrapped(choices: &mut Choices, text: &str) -> String {
    match choices.below(9) {
        0 | 1 => in_json(choices, text),
        2 => {
            let text = format!("{}{text}", prefix(choices));
            in_json(choices, &text)
        }
        3 => {
            let text = in_request(choices, text);
            in_json(choices, &text)
        }
        4 => format!(
            "{{'body': '{}', 'Note': '{}'}}",
            quoted(text, '\''),
            kept(&choices.harmless_value())
        ),
        5 => format!(
            "<log><body>{}</body><Note>{}</Note></log>",
            entities(text, "&quot;"),
            kept(&choices.harmless_value())
        ),
        6 => in_log(choices, text),
        7 => format!(
            "page=3&payload={}&note={}",
            percent(text, "%20", true),
            kept("Breakfast77")
        ),
        _ => in_request(choices, text),
    }
}
