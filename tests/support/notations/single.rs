//! Names with their values in XML, in encoded JSON, and in secret containers.

use super::choices::Choices;
use super::encode::{Escapes, entities, json, percent, quoted};
use super::marked::{kept, secret};
use super::notation::json_object;
use super::words::{Charset, Spelling};

/// Returns XML, with the secret in an element or in an attribute.
pub fn xml(choices: &mut Choices) -> String {
    let name = choices.name(Spelling::Word);
    let quote = choices.choose(&["&quot;", "&#34;", "&#x22;"]);
    let value = secret(&entities(&choices.plant(Charset::Any), quote));
    let (before, after) = (
        kept(&choices.harmless_value()),
        kept(&choices.harmless_value()),
    );
    let name = kept(&name);
    match choices.below(6) {
        0 => format!("<a><Note>{before}</Note><{name}>{value}</{name}><Id>{after}</Id></a>"),
        1 => format!("<client Note=\"{before}\" {name}=\"{value}\" Id=\"{after}\"/>"),
        2 => format!(
            "<a>\n  <m:Note>{before}</m:Note>\n  <m:{name}>{value}</m:{name}>\n  <m:Id>{after}</m:Id>\n</a>"
        ),
        3 => format!(
            "<a><Note>{before}</Note><{name} type=\"string\">{value}</{name}><Id>{after}</Id></a>"
        ),
        4 => format!("<client Note='{before}' {name}='{value}' Id='{after}'></client>"),
        _ => {
            let plain = secret(&choices.plant(Charset::Line));
            format!("<a><{name}><![CDATA[{plain}]]></{name}><Id>{after}</Id></a>")
        }
    }
}

/// Returns encoded JSON: with entities, percent-encoded once or twice, with backslashes before its
/// quotes, or with its quotes doubled.
pub fn encoded_json(choices: &mut Choices) -> String {
    let text = json_object(choices);
    let is_upper = !choices.one_in(3);
    match choices.below(6) {
        0 => entities(&text, choices.choose(&["&quot;", "&#x22;"])),
        1 => percent(&text, "%20", is_upper),
        2 => percent(&percent(&text, "%20", is_upper), "%20", is_upper),
        3 => quoted(&text, '"'),
        4 => format!(
            "4711,\"{}\",{}",
            text.replace('"', "\"\""),
            kept(&choices.harmless_value())
        ),
        _ => entities(&text, "&#34;"),
    }
}

/// Returns a container that is secret as a whole: all names and values at any depth.
pub fn container(choices: &mut Choices) -> String {
    let base = choices.choose(&[
        "Api Keys",
        "Access Tokens",
        "Client Tokens",
        "secrets",
        "passwords",
        "Api Key",
        "access token",
    ]);
    let words: Vec<String> = base.split(' ').map(str::to_lowercase).collect();
    let quote = choices.choose(&['"', '"', '\'']);
    let name = choices.spelt(&words, Spelling::Quoted);
    let inside = contents(choices, quote, 2);
    let (before, after) = (
        kept(&choices.harmless_value()),
        kept(&choices.harmless_value()),
    );
    let gap = choices.choose(&["", " ", "\n  "]);
    format!(
        "{{{quote}Note{quote}: {quote}{before}{quote}, {quote}{}{quote}:{gap}{inside}, {quote}Id{quote}: {quote}{after}{quote}}}",
        kept(&name)
    )
}

fn contents(choices: &mut Choices, quote: char, depth: usize) -> String {
    let mut items = Vec::new();
    let is_list = choices.one_in(3);
    let gap = choices.choose(&["", " ", "\n    "]);
    for number in 0..=choices.below(3) {
        let plant = |choices: &mut Choices| {
            // Brackets and quotes in a value are part of it.
            let plain = choices.plant(Charset::Any);
            let escaped = if quote == '"' {
                json(&plain, Escapes::Few)
            } else {
                quoted(&plain, quote)
            };
            format!("{quote}{}{quote}", secret(&escaped))
        };
        let value = match choices.below(3) {
            2 if depth > 0 => contents(choices, quote, depth - 1),
            _ => plant(choices),
        };
        let name = if choices.one_in(2) {
            plant(choices)
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
pub fn block(choices: &mut Choices) -> String {
    let base = choices.choose(&["Api Keys", "Access Tokens", "Client Tokens", "secrets"]);
    let words: Vec<String> = base.split(' ').map(str::to_lowercase).collect();
    let name = kept(&choices.spelt(&words, Spelling::Identifier));
    let values =
        [choices.plant(Charset::Bare), choices.plant(Charset::Bare)].map(|value| secret(&value));
    let [first, second] = values;
    let (before, after) = (
        kept(&choices.harmless_value()),
        kept(&choices.harmless_value()),
    );
    match choices.below(3) {
        0 => format!("Note: {before}\n{name}:\n  one: {first}\n  two: {second}\nId: {after}\n"),
        1 => format!("Note: {before}\n{name}:\n  - {first}\n  - {second}\nId: {after}\n"),
        _ => format!(
            "<a><Note>{before}</Note><{name}><One>{first}</One><Two>{second}</Two></{name}><Id>{after}</Id></a>"
        ),
    }
}

/// Returns a harmless line.
pub fn harmless_line(choices: &mut Choices) -> String {
    let value = kept(&choices.harmless_value());
    let text = choices.choose(&[
        "Note: ",
        "took ",
        "page=",
        "see https://example.com/",
        "level=info id=",
    ]);
    format!("{text}{value}")
}
