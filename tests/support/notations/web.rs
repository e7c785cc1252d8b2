//! Secrets in headers, in URLs, and in lists of names and values as tools write them.

use super::choices::Choices;
use super::encode::{self, Escapes, json, percent};
use super::marked::{PlantedText, kept, secret, without_kept};
use super::nesting;
use super::words::{Charset, Spelling};

/// Returns the credentials of a `Bearer` or `Basic` header, which are longer than words of prose.
fn credentials(choices: &mut Choices) -> String {
    let word = format!("{}7{}", choices.word(8, 12), choices.word(8, 40));
    let end = choices.choose(&["", "", "=", "=="]);
    let credentials = format!("{word}{end}");
    choices.planted.push(credentials.clone());
    secret(&credentials)
}

fn header_name(choices: &mut Choices, names: &[&str]) -> String {
    let name = choices.choose(names);
    match choices.below(3) {
        0 => name.to_owned(),
        1 => name.to_lowercase(),
        _ => name.to_uppercase(),
    }
}

const HEADERS: [&str; 5] = [
    "Authorization",
    "Proxy-Authorization",
    "Cookie",
    "Set-Cookie",
    "X-Signature",
];

/// Returns the name of a header, and its value with the secret marked.
fn header(choices: &mut Choices) -> (String, String) {
    let name = header_name(choices, &HEADERS);
    let value = match name.to_lowercase().as_str() {
        "cookie" => {
            let (first, second) = (choices.word(8, 24), choices.word(8, 24));
            choices.planted.extend([first.clone(), second.clone()]);
            secret(&format!("a={first}; b={second}"))
        }
        "set-cookie" => {
            let value = choices.word(8, 24);
            choices.planted.push(value.clone());
            format!("{}; Path=/; Secure", secret(&format!("sid={value}")))
        }
        "x-signature" => format!(
            "{}{}",
            choices.choose(&["", "", "sha256="]),
            secret(&choices.plant(Charset::Bare))
        ),
        _ => {
            let scheme = choices.choose(&["Bearer ", "Basic ", "bearer ", "Token ", ""]);
            format!("{scheme}{}", credentials(choices))
        }
    };
    (name, value)
}

/// Returns a text with a secret header.
pub fn headers(choices: &mut Choices) -> PlantedText {
    let (note, id) = (
        kept(&choices.harmless_value()),
        kept(&choices.harmless_value()),
    );
    let (name, value) = header(choices);
    let line = choices.choose(&["\r\n", "\n"]);
    let text = match choices.below(11) {
        0 => format!(
            "POST /{note} HTTP/1.1{line}Host: example.com{line}{name}: {value}{line}X-Request-Id: {id}{line}{line}{{}}"
        ),
        1 => format!("> {name}: {value}{line}> X-Request-Id: {id}{line}"),
        2 => format!(
            "{{\"headers\": {{\"X-Request-Id\": \"{note}\", \"{name}\": \"{value}\", \"Note\": \"{id}\"}}}}"
        ),
        3 => format!("{{\"headers\": {{\"{name}\": [\"{value}\"], \"Note\": [\"{id}\"]}}}}"),
        4 => {
            format!("curl -H '{name}: {value}' -H 'X-Request-Id: {note}' https://example.com/{id}")
        }
        5 => format!("{{'{name}': '{value}', 'Note': '{id}'}}"),
        6 => format!("{note}{line}{name}:{value}{line}{id}{line}"),
        7 => format!("curl -H \"{name}: {value}\" https://example.com/{id}"),
        8 => format!("* {note}{line}<  {name}: {value}{line}< Note: {id}{line}"),
        9 => {
            // This text has no header, so it does not contain the first secret.
            choices.planted.clear();
            let scheme = choices.choose(&["Bearer", "bearer", "Basic", "BEARER"]);
            format!(
                "{note} sent {scheme} {}{line}{id}{line}",
                credentials(choices)
            )
        }
        _ => {
            choices.planted.clear();
            let scheme = choices.choose(&["Bearer", "Basic"]);
            format!(
                "{{\"Note\": \"{note}\", \"auth\": \"{scheme} {}\", \"Id\": \"{id}\"}}",
                credentials(choices)
            )
        }
    };
    let text = nesting::sometimes_in_json(choices, 3, text);
    PlantedText::new(&text, choices)
}

/// Returns a list of names and values, as in HAR files and Postman's, in any order and with other
/// members in between.
pub fn name_value_lists(choices: &mut Choices) -> PlantedText {
    let (name, value) = if choices.one_in(2) {
        header(choices)
    } else {
        let name = choices.name(Spelling::Quoted);
        let value = json(&choices.plant(Charset::Any), Escapes::Few);
        (name, secret(&value))
    };
    let (space, gap) = (choices.space(), choices.choose(&["", " ", "\n    "]));
    let name_key = choices.choose(&["name", "name", "key"]);
    let mut members = vec![
        format!("\"{name_key}\":{space}\"{}\"", kept(&name)),
        format!("\"value\":{space}\"{value}\""),
    ];
    if choices.one_in(2) {
        members.push(format!(
            "\"comment\":{space}\"{}\"",
            kept(&choices.harmless_value())
        ));
    }
    if choices.one_in(3) {
        members.push(format!("\"enabled\":{space}true"));
    }
    let turn = choices.below(members.len());
    members.rotate_left(turn);
    if choices.one_in(2) {
        members.reverse();
    }
    let object = format!("{{{gap}{}{gap}}}", members.join(&format!(",{gap}")));
    let other = |choices: &mut Choices| {
        format!(
            "{{\"{name_key}\": \"Host\", \"value\": \"{}\"}}",
            kept(&choices.harmless_value())
        )
    };
    let (before, after) = (other(choices), other(choices));
    let text = match choices.below(4) {
        0 => object,
        1 => format!("[{before}, {object}, {after}]"),
        2 => format!(
            "{{\"headers\": [{before},{gap}{object},{after}], \"Note\": \"{}\"}}",
            kept(&choices.harmless_value())
        ),
        _ => {
            let text = format!("{{\"headers\": [{before}, {object}]}}");
            nesting::in_json(choices, &text)
        }
    };
    PlantedText::new(&text, choices)
}

pub const PARAMETERS: [&str; 18] = [
    "token",
    "key",
    "sig",
    "code",
    "password",
    "client_secret",
    "subscription-key",
    "access_token",
    "apikey",
    "signature",
    "hmac",
    "pwd",
    "auth",
    "jwt",
    "session",
    "sid",
    "session_id",
    "pass",
];

/// Returns a URL with secrets and harmless parameters.
fn url(choices: &mut Choices) -> String {
    let name = if choices.one_in(3) {
        choices.name(Spelling::Word)
    } else {
        header_name(choices, &PARAMETERS)
    };
    let space = choices.choose(&["+", "%20"]);
    let value = percent(&choices.plant(Charset::Any), space, !choices.one_in(3));
    let value = secret(&value);
    let mut parameters = vec![format!("{}={value}", kept(&name))];
    for name in ["page", "note", "id"] {
        if choices.one_in(2) {
            let value = choices.harmless_value().replace(':', "%3A");
            let place = choices.below(parameters.len() + 1);
            parameters.insert(place, format!("{name}={}", kept(&value)));
        }
    }
    let parameters = parameters.join("&");
    let scheme = choices.choose(&["https", "wss", "http"]);
    let note = kept(&choices.harmless_value().replace(':', ""));
    match choices.below(5) {
        0 | 1 => format!("{scheme}://example.com/{note}?{parameters}"),
        2 => format!("{scheme}://example.com:8443/{note}?page=1#{parameters}"),
        3 => format!("{scheme}://example.com/{note}?{parameters}#top"),
        _ => {
            let (user, password) = (choices.word(6, 12), choices.word(8, 20));
            choices.planted.extend([user.clone(), password.clone()]);
            let user = secret(&format!("{user}:{password}"));
            format!("{scheme}://{user}@example.com/{note}?{parameters}")
        }
    }
}

/// Returns a text with a secret URL.
pub fn urls(choices: &mut Choices) -> PlantedText {
    let url = url(choices);
    let id = kept(&choices.harmless_value());
    let text = match choices.below(8) {
        0 => url,
        1 => format!("see {url} of {id}"),
        2 => format!("{{\"url\": \"{url}\", \"Id\": \"{id}\"}}"),
        3 => format!(
            "{{\"url\": \"{}\", \"Id\": \"{id}\"}}",
            json(&url, Escapes::Slashes)
        ),
        4 => format!(
            "{{\"url\": \"{}\", \"Id\": \"{id}\"}}",
            url.replace('&', "\\u0026")
        ),
        5 => format!("<a href=\"{}\">{id}</a>", encode::entities(&url, "&quot;")),
        6 => {
            let (_, path) = url.split_once("://").unwrap_or_default();
            let path = path.split_once('/').map_or(path, |(_, path)| path);
            // A relative URL has no user information.
            choices.planted.truncate(1);
            format!("GET /{path} HTTP/1.1\r\nX-Request-Id: {id}\r\n")
        }
        _ => format!("10.0.0.1 - - [{id}] '{url}' 200"),
    };
    let text = nesting::sometimes_in_json(choices, 4, text);
    PlantedText::new(&text, choices)
}

/// Returns a URL as a parameter of another, encoded once or twice.
pub fn encoded_urls(choices: &mut Choices) -> PlantedText {
    let inner = without_kept(&url(choices));
    let is_upper = !choices.one_in(3);
    let mut text = inner;
    for _ in 0..=choices.below(2) {
        let id = kept(&choices.harmless_value().replace(':', ""));
        let encoded = percent(&without_kept(&text), "%20", is_upper);
        let name = choices.choose(&["next", "returnUrl", "u"]);
        text = match choices.below(3) {
            0 => format!("https://example.com/{id}?{name}={encoded}"),
            1 => format!(
                "https://example.com/{id}?{name}={encoded}&page={}",
                kept(&choices.harmless_value().replace(':', ""))
            ),
            _ => encoded,
        };
    }
    let text = nesting::sometimes_in_json(choices, 3, text);
    PlantedText::new(&text, choices)
}

/// Returns the cookies of a capture, in each of the ways in which tools write them.
pub fn cookie_lists(choices: &mut Choices) -> PlantedText {
    let (first, second) = (choices.plant(Charset::Bare), choices.plant(Charset::Bare));
    let (first, second) = (secret(&first), secret(&second));
    let note = kept(&choices.harmless_value());
    let list = match choices.below(4) {
        0 => format!(
            "[{{\"name\": \"a\", \"value\": \"{first}\", \"domain\": \"{note}\"}}, {{\"value\": \"{second}\", \"name\": \"b\"}}]"
        ),
        1 => format!("{{\"a\": \"{first}\", \"b\": \"{second}\"}}"),
        2 => format!("{{\"a\": [\"{first}\", \"{second}\"]}}"),
        _ => format!(
            "[\"{}{first}\", \"{}{second}\"]",
            choices.choose(&["", "a="]),
            choices.choose(&["", "b="])
        ),
    };
    let name = choices.choose(&["cookies", "cookies", "Cookies"]);
    let text = format!("{{\"Note\": \"{note}\", \"{name}\": {list}, \"Id\": \"{note}\"}}");
    let text = nesting::sometimes_in_json(choices, 3, text);
    PlantedText::new(&text, choices)
}

/// Returns the parameters of a query or a form as a list, as an object, and as text.
pub fn parameter_lists(choices: &mut Choices) -> PlantedText {
    let name = header_name(choices, &PARAMETERS);
    // A longer one may be too far from its name.
    let word = choices.word(8, 60);
    choices.planted.push(word.clone());
    let value = secret(&word);
    let note = kept(&choices.harmless_value().replace(':', ""));
    // In broken text, a member `key` of an object may be the name of a pair.
    let is_key = name.eq_ignore_ascii_case("key");
    let how = match choices.below(7) {
        2..=4 if is_key => 0,
        how => how,
    };
    let text = match how {
        0 => format!(
            "{{\"queryString\": [{{\"name\": \"{name}\", \"value\": \"{value}\"}}, {{\"name\": \"page\", \"value\": \"{note}\"}}]}}"
        ),
        1 => format!(
            "{{\"postData\": {{\"params\": [{{\"name\": \"page\", \"value\": \"{note}\"}}, {{\"value\": \"{value}\", \"name\": \"{name}\"}}]}}}}"
        ),
        2 => format!(
            "{{\"queryStringParameters\": {{\"{name}\": \"{value}\", \"page\": \"{note}\"}}}}"
        ),
        3 => format!(
            "{{\"multiValueQueryStringParameters\": {{\"page\": [\"{note}\"], \"{name}\": [\"{value}\"]}}}}"
        ),
        4 => format!("{{\"query\": {{\"{name}\": [\"{value}\"], \"page\": [\"{note}\"]}}}}"),
        _ => {
            let value = secret(&percent(&word, "%20", true));
            let form = format!("{name}={value}&page={note}");
            if how == 5 {
                format!("{{\"rawQueryString\": \"{form}\", \"Id\": 1}}")
            } else {
                format!("POST /{note} HTTP/1.1\r\nHost: h\r\n\r\n{form}")
            }
        }
    };
    let text = nesting::sometimes_in_json(choices, 3, text);
    PlantedText::new(&text, choices)
}

/// Returns a URL with a random word in its path or query.
pub fn random_words(choices: &mut Choices) -> PlantedText {
    // Digits between letters, whatever the other letters are.
    let word = format!("{}a7B2c{}", choices.word(6, 12), choices.word(6, 12));
    choices.planted.push(word.clone());
    let word = secret(&word);
    let note = kept(&choices.harmless_value().replace(':', ""));
    let path = match choices.below(4) {
        0 => format!("/{word}"),
        1 => format!("/hooks/{note}/{word}/{note}?page=2"),
        2 => format!("/hooks?who={word}&note={note}"),
        _ => format!("/{note}/{word}?note={note}#top"),
    };
    let text = match choices.below(5) {
        0 => format!("https://example.com{path}"),
        1 => format!("{{\"url\": \"https://example.com{path}\", \"Note\": \"{note}\"}}"),
        2 => format!("{{\"path\": \"{path}\", \"Note\": \"{note}\"}}"),
        3 => format!("10.0.0.1 - - \"POST {path} HTTP/1.1\" 200 {note}"),
        _ => format!("POST {path} HTTP/1.1\r\nX-Request-Id: {note}\r\n\r\n{{}}"),
    };
    let text = nesting::sometimes_in_json(choices, 3, text);
    PlantedText::new(&text, choices)
}
