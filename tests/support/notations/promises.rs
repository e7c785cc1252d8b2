//! One generator for each promised line: texts with secrets that the line says are found.

use super::broken;
use super::encode::{self, Escapes, json, percent};
use super::leaves;
use super::marked::{Part, Planted, kept, mark, secret};
use super::tape::Tape;
use super::words::{Kind, Spelling};
use super::wraps;

/// Random texts for a promise.
pub type Generator = fn(&mut Tape) -> Planted;

/// Each promise of `docs/security.md`, with its generator.
pub const PROMISES: [(&str, Generator); 19] = [
    ("names", names),
    ("containers", containers),
    ("blocks", blocks),
    ("notations", notations),
    ("next line", next_line),
    ("encoded notations", encoded_notations),
    ("strings in strings", strings),
    ("tokens", tokens),
    ("cut tokens", cut_tokens),
    ("headers", headers),
    ("name and value apart", apart),
    ("URLs", urls),
    ("encoded URLs", encoded_urls),
    ("broken objects", broken_objects),
    ("text with one sign too many", with_one_too_many),
    ("cut text", cut_text),
    ("files and folders", files),
    ("property paths", paths),
    ("the requestor", requestor),
];

fn names(tape: &mut Tape) -> Planted {
    let text = leaves::json_object(tape);
    Planted::new(&text, tape)
}

fn containers(tape: &mut Tape) -> Planted {
    let mut text = leaves::container(tape);
    if tape.one_in(3) {
        text = wraps::wrapped(tape, &text);
    }
    Planted::new(&text, tape)
}

fn blocks(tape: &mut Tape) -> Planted {
    let text = leaves::block(tape);
    Planted::new(&text, tape)
}

/// A text of any promised notation but those of URLs and headers.
fn leaf(tape: &mut Tape) -> String {
    match tape.below(7) {
        0 | 1 => leaves::object(tape),
        2 => leaves::assignment(tape),
        3 => leaves::yaml(tape),
        4 => leaves::form(tape),
        5 => leaves::xml(tape),
        _ => leaves::json_object(tape),
    }
}

fn notations(tape: &mut Tape) -> Planted {
    let text = leaf(tape);
    let text = if tape.one_in(3) {
        let (before, behind) = (leaves::harmless_line(tape), leaves::harmless_line(tape));
        format!("{before}\n{text}\n{behind}\n")
    } else {
        text
    };
    Planted::new(&text, tape)
}

fn next_line(tape: &mut Tape) -> Planted {
    let text = leaves::next_line(tape);
    Planted::new(&text, tape)
}

fn encoded_notations(tape: &mut Tape) -> Planted {
    let text = leaves::encoded_json(tape);
    let text = if tape.one_in(3) {
        wraps::in_log(tape, &text)
    } else {
        text
    };
    Planted::new(&text, tape)
}

/// Notations nested in notations, to a depth of three.
fn strings(tape: &mut Tape) -> Planted {
    let mut text = leaf(tape);
    for _ in 0..=tape.below(3) {
        text = wraps::wrapped(tape, &text);
    }
    Planted::new(&text, tape)
}

fn planted_token(tape: &mut Tape) -> String {
    let token = tape.token();
    tape.planted.push(token.clone());
    token
}

fn tokens(tape: &mut Tape) -> Planted {
    let token = planted_token(tape);
    let escapes = tape.escapes();
    let (note, id) = (kept(&tape.harmless_value()), kept(&tape.harmless_value()));
    let marked = secret(&token);
    let text = match tape.below(12) {
        0 => format!(
            "{{\"Note\": \"{note}\", \"x\": \"{}\"}}",
            secret(&json(&token, escapes))
        ),
        1 => format!("{{\"{}\": \"{note}\"}}", secret(&json(&token, escapes))),
        2 => format!("see {marked}, it is of {note}"),
        3 => format!("https://example.com/{note}/{marked}/{id}"),
        4 => format!("/Data/{marked}/{note}"),
        5 => format!("Data.{marked}.{note}"),
        6 => format!("{note}_{marked}.json"),
        7 => format!("({marked})\n{note}\n"),
        8 => format!(
            "https://example.com/{note}?x={}&y={id}",
            secret(&token.replace('-', "%2D"))
        ),
        9 => format!("{{\"x\": {{\"{note}: {marked}\": [1]}}, \"Id\": \"{id}\"}}"),
        10 => format!("<x>{marked}</x><y>{note}</y>"),
        _ => format!("{note},{marked},{id}"),
    };
    let text = if tape.one_in(3) {
        wraps::wrapped(tape, &text)
    } else {
        text
    };
    Planted::new(&text, tape)
}

/// A token whose front or end is missing, where a text starts or ends.
fn cut_tokens(tape: &mut Tape) -> Planted {
    let token = tape.token();
    let (first, second) = token.split_once('-').unwrap();
    let (before, behind) = match tape.below(4) {
        0 => (tape.below(32), 31),
        1 => (32, tape.below(31)),
        2 => (tape.below(32), 16 + tape.below(16).min(14)),
        _ => (16 + tape.below(16), tape.below(31)),
    };
    let rest = format!("{}-{}", &first[32 - before..], &second[..behind]);
    tape.planted.push(rest.clone());
    let rest = secret(&rest);
    let note = kept(&tape.harmless_value());
    let text = match (before < 32, behind < 31) {
        (true, true) => rest,
        (false, _) => match tape.below(4) {
            0 => format!("{{\"Note\": \"{note}\", \"x\": \"{rest}"),
            1 => format!("see {note} of {rest}"),
            2 => format!("{{\"x\": \"{{\\\"Note\\\": \\\"{note}\\\", \\\"y\\\": \\\"{rest}"),
            _ => format!("/Data/{note}/{rest}"),
        },
        (true, false) => match tape.below(4) {
            0 => format!("{rest}\", \"Note\": \"{note}\"}}"),
            1 => format!("{rest} is of {note}\n"),
            2 => format!("{rest}\\\", \\\"Note\\\": \\\"{note}\\\"}}\"}}"),
            _ => format!("{rest}/{note}/0"),
        },
    };
    Planted::new(&text, tape)
}

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

fn headers(tape: &mut Tape) -> Planted {
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
fn apart(tape: &mut Tape) -> Planted {
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

const PARAMETERS: [&str; 16] = [
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

fn urls(tape: &mut Tape) -> Planted {
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
fn encoded_urls(tape: &mut Tape) -> Planted {
    let inner = super::marked::without_kept(&url(tape));
    let is_upper = !tape.one_in(3);
    let mut text = inner;
    for _ in 0..=tape.below(2) {
        let id = kept(&tape.harmless_value().replace(':', ""));
        let encoded = percent(&super::marked::without_kept(&text), "%20", is_upper);
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

fn broken_objects(tape: &mut Tape) -> Planted {
    let text = super::marked::without_kept(&broken::object(tape));
    let text = wrapped_or_not(tape, text);
    Planted::new(&text, tape)
}

fn wrapped_or_not(tape: &mut Tape, text: String) -> String {
    match tape.below(4) {
        0 | 1 => text,
        2 => wraps::in_json(tape, &text),
        _ => wraps::wrapped(tape, &text),
    }
}

fn with_one_too_many(tape: &mut Tape) -> Planted {
    let text = match tape.below(4) {
        0 | 1 => leaves::json_object(tape),
        2 => leaves::object(tape),
        _ => {
            let text = leaves::json_object(tape);
            wraps::in_json(tape, &text)
        }
    };
    let text = broken::with_one_too_many(tape, &text);
    let text = wrapped_or_not(tape, text);
    Planted::new(&text, tape)
}

/// Texts that end or start anywhere.
fn cut_text(tape: &mut Tape) -> Planted {
    let mut text = leaf(tape);
    for _ in 0..tape.below(3) {
        text = wraps::wrapped(tape, &text);
    }
    let text = match tape.below(3) {
        0 | 1 => broken::cut(tape, &text),
        _ => broken::cut_front(tape, &text),
    };
    Planted::new(&text, tape)
}

/// Paths of files, with secrets in the names of files and folders.
pub fn files(tape: &mut Tape) -> Planted {
    let mut path = String::new();
    for _ in 0..=tape.below(3) {
        let name = match tape.below(4) {
            0 => secret(&planted_token(tape)),
            1 => {
                let before = kept(&tape.harmless_value().replace(':', ""));
                format!("{before}_{}", secret(&planted_token(tape)))
            }
            how => {
                let name = if how == 2 {
                    tape.name(Spelling::Word)
                } else {
                    format!("hook?page=3&{}", tape.pick(&PARAMETERS))
                };
                let value = tape.word(8, 40);
                tape.planted.push(value.clone());
                format!("{name}={}", secret(&value))
            }
        };
        let has_value = path.contains('=') || name.contains('=');
        path.push_str(&name);
        path.push('/');
        // A value may have a slash in it, so what stands behind one may be taken for its rest.
        if !has_value && tape.one_in(2) {
            path.push_str(&kept(&tape.harmless_value().replace(':', "")));
            path.push('/');
        }
    }
    path.truncate(path.len() - 1);
    Planted::new(&path, tape)
}

/// JSON pointers, and paths with dots, that lead through names with a token in them.
fn paths(tape: &mut Tape) -> Planted {
    let between = tape.pick(&["/", "."]);
    let mut path = tape
        .pick(&["/Data", "`Data", "", "...", "\u{2026}"])
        .to_owned();
    for _ in 0..tape.below(12) {
        let name = tape.pick(&["Events", "0", "Data", "Integration", "a~1b", "Items"]);
        path = format!("{path}{between}{name}");
    }
    let token = secret(&planted_token(tape));
    let (before, behind) = (
        tape.pick(&["", "x ", "key_"]),
        tape.pick(&["", " y", ".old"]),
    );
    path = format!("{path}{between}{before}{token}{behind}");
    for _ in 0..tape.below(3) {
        path = format!(
            "{path}{between}{}",
            kept(&tape.harmless_value().replace(':', ""))
        );
    }
    Planted::new(&path, tape)
}

/// Who asked for an integration: `redact` replaces both, cards show them.
fn requestor(tape: &mut Tape) -> Planted {
    let (first, last) = (tape.word(6, 10), tape.word(6, 10));
    let (user, host) = (tape.word(6, 12), tape.word(6, 12));
    tape.planted
        .extend([first.clone(), last.clone(), user.clone(), host.clone()]);
    let escapes = tape.escapes();
    let name = tape.pick(&["Requestor", "Requestor", "requestor"]);
    let gap = tape.space();
    let person = |text: &str| mark(Part::Personal, &json(text, escapes));
    let mut members = vec![
        format!("\"Name\":{gap}\"{}\"", person(&format!("{first} {last}"))),
        format!(
            "\"Email\":{gap}\"{}\"",
            person(&format!("{user}@{host}.com"))
        ),
    ];
    if tape.one_in(3) {
        members.reverse();
    }
    let (note, id) = (kept(&tape.harmless_value()), kept(&tape.harmless_value()));
    let requestor = format!("\"{name}\":{gap}{{{}}}", members.join(&format!(",{gap}")));
    let mut text = match tape.below(3) {
        0 => format!("{{{requestor}}}"),
        1 => format!("{{\"Data\": {{\"Note\": \"{note}\", {requestor}, \"Id\": \"{id}\"}}}}"),
        _ => format!("{{\"Note\": \"{note}\", {requestor}}}"),
    };
    match tape.below(7) {
        0 => {}
        1 => text = broken::with_one_too_many(tape, &text),
        2 => text = format!("{}{text}", wraps::prefix(tape)),
        3 => text = format!("{text}{}", tape.pick(&["}", "]", "}}\n"])),
        _ => {
            for _ in 0..=tape.below(3) {
                text = match tape.below(4) {
                    0 => wraps::in_json(tape, &text),
                    1 => wraps::in_request(tape, &text),
                    2 => format!("{}{text}", wraps::prefix(tape)),
                    _ => {
                        let text = format!("{}{text}", wraps::prefix(tape));
                        wraps::in_json(tape, &text)
                    }
                };
            }
        }
    }
    Planted::new(&text, tape)
}
