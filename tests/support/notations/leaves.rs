//! Names with their values in what is no list of members: XML, encodings, containers.

use super::encode::{Escapes, entities, json, percent, quoted};
use super::marked::{kept, secret};
use super::notation::json_object;
use super::tape::Tape;
use super::words::{Kind, Spelling};

/// Returns XML, with the secret in an element or in an attribute.
pub fn xml(tape: &mut Tape) -> String {
    let name = tape.name(Spelling::Word);
    let quote = tape.pick(&["&quot;", "&#34;", "&#x22;"]);
    let value = secret(&entities(&tape.plant(Kind::Any), quote));
    let (before, behind) = (kept(&tape.harmless_value()), kept(&tape.harmless_value()));
    let name = kept(&name);
    match tape.below(6) {
        0 => format!("<a><Note>{before}</Note><{name}>{value}</{name}><Id>{behind}</Id></a>"),
        1 => format!("<client Note=\"{before}\" {name}=\"{value}\" Id=\"{behind}\"/>"),
        2 => format!(
            "<a>\n  <m:Note>{before}</m:Note>\n  <m:{name}>{value}</m:{name}>\n  <m:Id>{behind}</m:Id>\n</a>"
        ),
        3 => format!(
            "<a><Note>{before}</Note><{name} type=\"string\">{value}</{name}><Id>{behind}</Id></a>"
        ),
        4 => format!("<client Note='{before}' {name}='{value}' Id='{behind}'></client>"),
        _ => {
            let plain = secret(&tape.plant(Kind::Line));
            format!("<a><{name}><![CDATA[{plain}]]></{name}><Id>{behind}</Id></a>")
        }
    }
}

/// Returns JSON in another writing: with entities, percent-encoded once or twice, with backslashes
/// before its quotes, or with its quotes doubled.
pub fn encoded_json(tape: &mut Tape) -> String {
    let text = json_object(tape);
    let is_upper = !tape.one_in(3);
    match tape.below(6) {
        0 => entities(&text, tape.pick(&["&quot;", "&#x22;"])),
        1 => percent(&text, "%20", is_upper),
        2 => percent(&percent(&text, "%20", is_upper), "%20", is_upper),
        3 => quoted(&text, '"'),
        4 => format!(
            "4711,\"{}\",{}",
            text.replace('"', "\"\""),
            kept(&tape.harmless_value())
        ),
        _ => entities(&text, "&#34;"),
    }
}

/// Returns a container that is secret as a whole: its names, and all values at any depth.
pub fn container(tape: &mut Tape) -> String {
    let base = tape.pick(&[
        "Api Keys",
        "Access Tokens",
        "Client Tokens",
        "secrets",
        "passwords",
        "Api Key",
        "access token",
    ]);
    let words: Vec<String> = base.split(' ').map(str::to_lowercase).collect();
    let quote = tape.pick(&['"', '"', '\'']);
    let name = tape.spelt(&words, Spelling::Quoted);
    let inside = contents(tape, quote, 2);
    let (before, behind) = (kept(&tape.harmless_value()), kept(&tape.harmless_value()));
    let gap = tape.pick(&["", " ", "\n  "]);
    format!(
        "{{{quote}Note{quote}: {quote}{before}{quote}, {quote}{}{quote}:{gap}{inside}, {quote}Id{quote}: {quote}{behind}{quote}}}",
        kept(&name)
    )
}

fn contents(tape: &mut Tape, quote: char, depth: usize) -> String {
    let mut items = Vec::new();
    let is_list = tape.one_in(3);
    let gap = tape.pick(&["", " ", "\n    "]);
    for number in 0..=tape.below(3) {
        let plant = |tape: &mut Tape| {
            // Brackets and quotes in it are part of it.
            let plain = tape.plant(Kind::Any);
            let escaped = if quote == '"' {
                json(&plain, Escapes::Few)
            } else {
                quoted(&plain, quote)
            };
            format!("{quote}{}{quote}", secret(&escaped))
        };
        let value = match tape.below(3) {
            2 if depth > 0 => contents(tape, quote, depth - 1),
            _ => plant(tape),
        };
        let name = if tape.one_in(2) {
            plant(tape)
        } else {
            format!("{quote}Key{number}{quote}")
        };
        items.push(if is_list {
            value
        } else {
            format!("{gap}{name}: {value}")
        });
    }
    let items = items.join(",");
    if is_list {
        format!("[{gap}{items}{gap}]")
    } else {
        format!("{{{items}{gap}}}")
    }
}

/// Returns a container as a block of YAML, or in XML.
pub fn block(tape: &mut Tape) -> String {
    let base = tape.pick(&["Api Keys", "Access Tokens", "Client Tokens", "secrets"]);
    let words: Vec<String> = base.split(' ').map(str::to_lowercase).collect();
    let name = kept(&tape.spelt(&words, Spelling::Identifier));
    let values = [tape.plant(Kind::Bare), tape.plant(Kind::Bare)].map(|value| secret(&value));
    let [first, second] = values;
    let (before, behind) = (kept(&tape.harmless_value()), kept(&tape.harmless_value()));
    match tape.below(3) {
        0 => format!("Note: {before}\n{name}:\n  one: {first}\n  two: {second}\nId: {behind}\n"),
        1 => format!("Note: {before}\n{name}:\n  - {first}\n  - {second}\nId: {behind}\n"),
        _ => format!(
            "<a><Note>{before}</Note><{name}><One>{first}</One><Two>{second}</Two></{name}><Id>{behind}</Id></a>"
        ),
    }
}

/// Returns a harmless line.
pub fn harmless_line(tape: &mut Tape) -> String {
    let value = kept(&tape.harmless_value());
    let text = tape.pick(&[
        "Note: ",
        "took ",
        "page=",
        "see https://example.com/",
        "level=info id=",
    ]);
    format!("{text}{value}")
}
