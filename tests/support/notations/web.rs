//! Secrets of HTTP: headers, URLs, and lists of names and values as tools write them.

use super::encode::{self, Escapes, json, percent};
use super::marked::{Planted, kept, secret, without_kept};
use super::tape::Tape;
use super::words::{Kind, Spelling};
use super::wraps;

/// What a `Bearer` or `Basic` header holds: long enough to be no word of prose.
fn credentials(tape: &mut Tape) -> String {
    let word = format!("{}7{}", tape.word(8, 12), tape.word(8, 40));
    let end = tape.pick(&["", "", "=", "=="]);
    let credentials = format!("{word}{end}");
    tape.planted.push(credentials.clone());
    secret(&credentials)
}

fn header_name(tape: &mut Tape, names: &[&str]) -> String {
    let name = tape.pick(names);
    match tape.below(3) {
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

/// A header's name, and its value with the secret marked.
fn header(tape: &mut Tape) -> (String, String) {
    let name = header_name(tape, &HEADERS);
    let value = match name.to_lowercase().as_str() {
        "cookie" => {
            let (first, second) = (tape.word(8, 24), tape.word(8, 24));
            tape.planted.extend([first.clone(), second.clone()]);
            secret(&format!("a={first}; b={second}"))
        }
        "set-cookie" => {
            let value = tape.word(8, 24);
            tape.planted.push(value.clone());
            format!("{}; Path=/; Secure", secret(&format!("sid={value}")))
        }
        "x-signature" => format!(
            "{}{}",
            tape.pick(&["", "", "sha256="]),
            secret(&tape.plant(Kind::Bare))
        ),
        _ => {
            let scheme = tape.pick(&["Bearer ", "Basic ", "bearer ", "Token ", ""]);
            format!("{scheme}{}", credentials(tape))
        }
    };
    (name, value)
}

pub fn headers(tape: &mut Tape) -> Planted {
    let (note, id) = (kept(&tape.harmless_value()), kept(&tape.harmless_value()));
    let (name, value) = header(tape);
    let line = tape.pick(&["\r\n", "\n"]);
    let text = match tape.below(11) {
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
            // Without the header: the first secret is not in the text then.
            tape.planted.clear();
            let scheme = tape.pick(&["Bearer", "bearer", "Basic", "BEARER"]);
            format!("{note} sent {scheme} {}{line}{id}{line}", credentials(tape))
        }
        _ => {
            tape.planted.clear();
            let scheme = tape.pick(&["Bearer", "Basic"]);
            format!(
                "{{\"Note\": \"{note}\", \"auth\": \"{scheme} {}\", \"Id\": \"{id}\"}}",
                credentials(tape)
            )
        }
    };
    let text = if tape.one_in(3) {
        wraps::in_json(tape, &text)
    } else {
        text
    };
    Planted::new(&text, tape)
}

/// Lists of names and values, as in HAR files and Postman's: in any order, other members between.
pub fn apart(tape: &mut Tape) -> Planted {
    let (name, value) = if tape.one_in(2) {
        header(tape)
    } else {
        let name = tape.name(Spelling::Quoted);
        let value = json(&tape.plant(Kind::Any), Escapes::Few);
        (name, secret(&value))
    };
    let (space, gap) = (tape.space(), tape.pick(&["", " ", "\n    "]));
    let label = tape.pick(&["name", "name", "key"]);
    let mut members = vec![
        format!("\"{label}\":{space}\"{}\"", kept(&name)),
        format!("\"value\":{space}\"{value}\""),
    ];
    if tape.one_in(2) {
        members.push(format!(
            "\"comment\":{space}\"{}\"",
            kept(&tape.harmless_value())
        ));
    }
    if tape.one_in(3) {
        members.push(format!("\"enabled\":{space}true"));
    }
    let turn = tape.below(members.len());
    members.rotate_left(turn);
    if tape.one_in(2) {
        members.reverse();
    }
    let object = format!("{{{gap}{}{gap}}}", members.join(&format!(",{gap}")));
    let other = |tape: &mut Tape| {
        format!(
            "{{\"{label}\": \"Host\", \"value\": \"{}\"}}",
            kept(&tape.harmless_value())
        )
    };
    let (before, behind) = (other(tape), other(tape));
    let text = match tape.below(4) {
        0 => object,
        1 => format!("[{before}, {object}, {behind}]"),
        2 => format!(
            "{{\"headers\": [{before},{gap}{object},{behind}], \"Note\": \"{}\"}}",
            kept(&tape.harmless_value())
        ),
        _ => {
            let text = format!("{{\"headers\": [{before}, {object}]}}");
            wraps::in_json(tape, &text)
        }
    };
    Planted::new(&text, tape)
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

/// A URL's secrets, encoded so many times, and its harmless parameters.
fn url(tape: &mut Tape) -> String {
    let name = if tape.one_in(3) {
        tape.name(Spelling::Word)
    } else {
        header_name(tape, &PARAMETERS)
    };
    let space = tape.pick(&["+", "%20"]);
    let value = percent(&tape.plant(Kind::Any), space, !tape.one_in(3));
    let value = secret(&value);
    let mut parameters = vec![format!("{}={value}", kept(&name))];
    for name in ["page", "note", "id"] {
        if tape.one_in(2) {
            let value = tape.harmless_value().replace(':', "%3A");
            let place = tape.below(parameters.len() + 1);
            parameters.insert(place, format!("{name}={}", kept(&value)));
        }
    }
    let parameters = parameters.join("&");
    let scheme = tape.pick(&["https", "wss", "http"]);
    let note = kept(&tape.harmless_value().replace(':', ""));
    match tape.below(5) {
        0 | 1 => format!("{scheme}://example.com/{note}?{parameters}"),
        2 => format!("{scheme}://example.com:8443/{note}?page=1#{parameters}"),
        3 => format!("{scheme}://example.com/{note}?{parameters}#top"),
        _ => {
            let (user, password) = (tape.word(6, 12), tape.word(8, 20));
            tape.planted.extend([user.clone(), password.clone()]);
            let user = secret(&format!("{user}:{password}"));
            format!("{scheme}://{user}@example.com/{note}?{parameters}")
        }
    }
}

pub fn urls(tape: &mut Tape) -> Planted {
    let url = url(tape);
    let id = kept(&tape.harmless_value());
    let text = match tape.below(8) {
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
            // Of a relative URL, the user is not part.
            tape.planted.truncate(1);
            format!("GET /{path} HTTP/1.1\r\nX-Request-Id: {id}\r\n")
        }
        _ => format!("10.0.0.1 - - [{id}] '{url}' 200"),
    };
    let text = if tape.one_in(4) {
        wraps::in_json(tape, &text)
    } else {
        text
    };
    Planted::new(&text, tape)
}

/// URLs as parameters of others, encoded once or twice.
pub fn encoded_urls(tape: &mut Tape) -> Planted {
    let inner = without_kept(&url(tape));
    let is_upper = !tape.one_in(3);
    let mut text = inner;
    for _ in 0..=tape.below(2) {
        let id = kept(&tape.harmless_value().replace(':', ""));
        let encoded = percent(&without_kept(&text), "%20", is_upper);
        let name = tape.pick(&["next", "returnUrl", "u"]);
        text = match tape.below(3) {
            0 => format!("https://example.com/{id}?{name}={encoded}"),
            1 => format!(
                "https://example.com/{id}?{name}={encoded}&page={}",
                kept(&tape.harmless_value().replace(':', ""))
            ),
            _ => encoded,
        };
    }
    let text = if tape.one_in(3) {
        wraps::in_json(tape, &text)
    } else {
        text
    };
    Planted::new(&text, tape)
}
