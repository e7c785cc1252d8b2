//! Texts inside of other texts.

use super::encode::{entities, json, percent, quoted};
use super::leaves;
use super::marked::kept;
use super::tape::Tape;

/// What a logger writes before what it logs.
const PREFIXES: [&str; 7] = [
    "INFO ",
    "received: ",
    "2026-01-05 10:11:12,131 [main] DEBUG c.example.Hook - ",
    "[2026-01-05T10:11:12Z] body=",
    "webhook-1  | ",
    "<14>Jan  5 10:11:12 host app[12]: ",
    "W0105 10:11:12.131000 1 hook.go:42] payload ",
];

/// Returns what a logger writes before what it logs.
pub fn prefix(tape: &mut Tape) -> &'static str {
    tape.pick(&PREFIXES)
}

/// Returns a text in JSON, as a string.
pub fn in_json(tape: &mut Tape, text: &str) -> String {
    let escapes = tape.escapes();
    let inside = json(text, escapes);
    let name = tape.pick(&["log", "body", "message", "raw", "data", "0"]);
    let (before, behind) = (kept(&tape.harmless_value()), kept(&tape.harmless_value()));
    let space = tape.space();
    match tape.below(4) {
        0 => format!("{{\"{name}\":{space}\"{inside}\"}}"),
        1 => format!(
            "{{\"Note\":{space}\"{before}\", \"{name}\": \"{inside}\", \"Id\": \"{behind}\"}}"
        ),
        2 => format!("[\"{before}\",{space}\"{inside}\"]"),
        _ => {
            format!("{{\n  \"{name}\": {{\"text\": \"{inside}\"}},\n  \"stream\": \"{behind}\"\n}}")
        }
    }
}

/// Returns a request that has a text as its body.
pub fn in_request(tape: &mut Tape, text: &str) -> String {
    let line = tape.pick(&["\r\n", "\n"]);
    let kind = tape.pick(&[
        "application/json",
        "application/x-www-form-urlencoded",
        "text/plain",
    ]);
    let note = kept(&tape.harmless_value());
    format!(
        "POST /hook/{note} HTTP/1.1{line}Host: example.com{line}Content-Type: {kind}{line}{line}{text}"
    )
}

/// Returns a text behind a log prefix.
pub fn in_log(tape: &mut Tape, text: &str) -> String {
    let before = if tape.one_in(2) {
        format!("{}\n", leaves::harmless_line(tape))
    } else {
        String::new()
    };
    let behind = if tape.one_in(2) {
        format!("\n{}\n", leaves::harmless_line(tape))
    } else {
        String::new()
    };
    format!("{before}{}{text}{behind}", prefix(tape))
}

/// Returns a text inside of another, in any way.
pub fn wrapped(tape: &mut Tape, text: &str) -> String {
    match tape.below(9) {
        0 | 1 => in_json(tape, text),
        2 => {
            let text = format!("{}{text}", prefix(tape));
            in_json(tape, &text)
        }
        3 => {
            let text = in_request(tape, text);
            in_json(tape, &text)
        }
        4 => format!(
            "{{'body': '{}', 'Note': '{}'}}",
            quoted(text, '\''),
            kept(&tape.harmless_value())
        ),
        5 => format!(
            "<log><body>{}</body><Note>{}</Note></log>",
            entities(text, "&quot;"),
            kept(&tape.harmless_value())
        ),
        6 => in_log(tape, text),
        7 => format!(
            "page=3&payload={}&note={}",
            percent(text, "%20", true),
            kept("Breakfast77")
        ),
        _ => in_request(tape, text),
    }
}
