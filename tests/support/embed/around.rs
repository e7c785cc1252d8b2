//! What stands around the outermost JSON value in a file.

use std::fmt::Write as _;

use super::dice::Dice;
use super::json::{self, Escapes};
use super::layer::object;
use super::written::Written;
use super::{Embedded, http};

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Around {
    /// The value alone.
    Nothing,
    /// A stream of values, of which only one has a payload.
    Stream,
    /// A log with a prefix before each record.
    Log,
    /// A page of Markdown.
    Markdown,
    /// A shell script.
    Script,
    /// A file of CSV.
    Csv,
    /// A log of nginx.
    Nginx,
    /// XML text.
    Xml,
    /// A log of Docker with lines that were split.
    Docker,
    /// A log of Kubernetes with lines that were split.
    Kubernetes,
    /// HTTP messages.
    Http,
    /// Requests of an editor's `.http` file.
    Requests,
    /// A record with a JSON string that is not escaped by JSON of its own: logfmt.
    Logfmt,
}

pub const AROUND: [Around; 13] = [
    Around::Nothing,
    Around::Stream,
    Around::Log,
    Around::Markdown,
    Around::Script,
    Around::Csv,
    Around::Nginx,
    Around::Xml,
    Around::Docker,
    Around::Kubernetes,
    Around::Http,
    Around::Requests,
    Around::Logfmt,
];

/// Writes the text, which is JSON, into a file.
#[expect(clippy::too_many_lines, reason = "an arm for each")]
pub fn write(embedded: &mut Embedded, around: Around, dice: &mut Dice) {
    // The items of an array are records, of which each is a payload or an error.
    let is_array = embedded.text.starts_with(b"[");
    if around == Around::Nothing && !is_array && !is_other_string(&embedded.text) {
        return;
    }
    object(embedded, dice);
    if around == Around::Nothing {
        return;
    }
    let is_line = match around {
        Around::Docker | Around::Kubernetes | Around::Stream => true,
        // The end of XML text of several lines is found by its braces.
        Around::Xml => !has_balanced_braces(&embedded.text),
        _ => false,
    };
    if is_line && embedded.text.contains(&b'\n') {
        let string = json::quoted(&embedded.text, Escapes::any(dice), dice);
        embedded.write_string(string);
        let mut record = Written::default();
        record.raw("{\"text\":");
        record.copy(&embedded.text);
        record.raw("}");
        embedded.write_value(record, &["text".into()]);
    }
    let text = embedded.text.clone();
    let mut out = Written::default();
    match around {
        Around::Nothing => {}
        Around::Stream => {
            out.raw(dice.pick(&["", "{\"level\":1,\"msg\":\"\u{e9}\"}\n", "\n \n"]));
            out.copy(&text);
            out.raw(dice.pick(&["", "\n", "\r\n{\"level\":1,\"msg\":\"x\"}\n"]));
        }
        Around::Log => {
            out.raw(dice.pick(&[
                "2026-01-01T00:00:00Z INFO [a] \u{1f3e8} received ",
                "[2026-01-01 00:00:00] x={y} \"q\" {\"a\":1} body=",
                "first line\n\nJan  1 00:00:00 host app[1]: it's ",
            ]));
            out.copy(&text);
            out.raw(dice.pick(&["", "\n", " in 12 ms {}\nnext {\"level\":1}\n"]));
        }
        Around::Markdown => {
            out.raw("# Title \u{e9}\n\nText with `{\"a\": 1}`:\n\n```json\n");
            out.copy(&text);
            out.raw("\n```\n\nMore {text}.\n");
        }
        Around::Script => {
            out.raw("#!/bin/sh\nID=${1:-x}\ncurl -H 'A: b' -d '");
            out.copy(&text);
            out.raw("' \"https://example.com/${ID}\"\n");
        }
        Around::Csv => {
            out.raw("id,\"a \"\"b\"\"\",body\r\n1,x,\"");
            for byte in &text {
                match byte {
                    b'"' => out.unit(1, "\"\""),
                    _ => out.copy(&[*byte]),
                }
            }
            out.raw("\"\r\n2,y,\"{}\"\r\n");
        }
        Around::Nginx => {
            out.raw("1.2.3.4 - - [01/Jan/2026:00:00:00 +0000] \"POST /a HTTP/1.1\" 200 0 \"-\" \"");
            for byte in &text {
                match byte {
                    b'"' | b'\\' | 0..0x20 | 0x7f.. => out.unit(1, format!("\\x{byte:02X}")),
                    _ => out.copy(&[*byte]),
                }
            }
            out.raw("\"\n1.2.3.4 - - [01/Jan/2026:00:00:00 +0000] \"GET /\" 200 0 \"-\" \"-\"\n");
        }
        Around::Xml => {
            out.raw("<?xml version=\"1.0\"?>\n<a b=\"c\"><body>");
            for byte in &text {
                match byte {
                    b'"' => out.unit(1, dice.pick(&["&quot;", "&#34;", "&#x22;"])),
                    b'<' => out.unit(1, "&lt;"),
                    b'>' => out.unit(1, "&gt;"),
                    b'&' => out.unit(1, "&amp;"),
                    _ => out.copy(&[*byte]),
                }
            }
            out.raw("</body></a>\n");
        }
        Around::Docker => return docker(embedded, dice),
        Around::Kubernetes => {
            out.raw("2026-01-01T00:00:00.1Z stdout F starting\n");
            let pieces = pieces(&text, 1 + dice.below(text.len()), dice);
            let last = pieces.len() - 1;
            for (index, piece) in pieces.into_iter().enumerate() {
                let tag = if index == last { "F" } else { "P" };
                let _ = write!(Text(&mut out), "2026-01-01T00:00:00.{index}Z stdout {tag} ");
                out.copy(piece);
                out.raw("\n");
                if dice.once_in(4) {
                    out.raw("2026-01-01T00:00:00.5Z stderr F other {x}\n");
                }
            }
        }
        Around::Http => {
            let message = http::message(&text, dice, false, true);
            embedded.write(message);
            let text = embedded.text.clone();
            out.raw(dice.pick(&["", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"]));
            out.copy(&text);
            out.raw(dice.pick(&["", "\r\n", "HTTP/1.1 204 No Content\r\n\r\n"]));
        }
        Around::Requests => {
            out.raw("@host = example.com\n\n### First\nGET https://{{host}}/a\n\n### Second\n");
            out.raw("POST https://{{host}}/b\nContent-Type: application/json\n\n");
            out.copy(&text);
            out.raw("\n\n### Third\nDELETE https://{{host}}/c\n");
        }
        Around::Logfmt => {
            let string = json::quoted(&text, dice.pick(&[Escapes::None, Escapes::Quotes]), dice);
            embedded.write_string(string);
            let text = embedded.text.clone();
            out.raw("level=info msg=\"a \\\"b\\\"\" body=");
            out.copy(&text);
            out.raw(" took=1ms\nlevel=info\n");
        }
    }
    embedded.write(out);
}

/// Whether a text has as many opening as closing braces.
fn has_balanced_braces(text: &[u8]) -> bool {
    let count = |brace| memchr::memchr_iter(brace, text).count();
    count(b'{') == count(b'}')
}

/// Whether a text is a JSON string that does not look like one of an object. It is text like any
/// other, unless a file is named as JSON.
fn is_other_string(text: &[u8]) -> bool {
    let is_object = [&b"\"{\\\""[..], b"\"{\\u0022"]
        .iter()
        .any(|start| text.starts_with(start));
    text.starts_with(b"\"") && !is_object
}

struct Text<'o>(&'o mut Written);

impl std::fmt::Write for Text<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.raw(text);
        Ok(())
    }
}

/// Splits a text into pieces of about some length, at the boundaries of characters.
fn pieces<'t>(text: &'t [u8], length: usize, dice: &mut Dice) -> Vec<&'t [u8]> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let mut end = (length + dice.below(3)).min(rest.len());
        while end < rest.len() && (rest[end] & 0xC0 == 0x80 || rest[..end].ends_with(b"\\n")) {
            end += 1;
        }
        pieces.push(&rest[..end]);
        rest = &rest[end..];
    }
    pieces
}

/// Writes a line of a container into records of 16 KiB.
fn docker(embedded: &mut Embedded, dice: &mut Dice) {
    let mut line = Written::default();
    line.raw("INFO ");
    line.raw("x".repeat((16 << 10) - 5 - dice.below(embedded.text.len())));
    line.raw(" ");
    line.copy(&embedded.text);
    line.raw("\n");
    embedded.write(line);
    let text = embedded.text.clone();
    let mut out = Written::default();
    out.raw("{\"log\":\"starting\\n\",\"stream\":\"stdout\",\"time\":\"2026-01-01T00:00:00Z\"}\n");
    for piece in pieces(&text, 16 << 10, dice) {
        let string = json::quoted(piece, Escapes::None, dice);
        out.raw("{\"log\":");
        let start = out.text.len();
        out.raw(&string.text);
        let places = string.places.iter();
        out.places
            .extend(places.map(|place| start + place.start..start + place.end));
        out.raw(",\"stream\":\"stdout\",\"time\":\"2026-01-01T00:00:00Z\"}\n");
    }
    embedded.write(out);
}
