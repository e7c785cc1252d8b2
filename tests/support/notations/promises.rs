//! One generator for each promised line: texts with secrets that the line says are found.

use super::broken;
use super::encode::json;
use super::leaves;
use super::marked::{Part, Planted, kept, mark, secret, without_kept};
use super::notation;
use super::tape::Tape;
use super::web::{self, PARAMETERS};
use super::words::Spelling;
use super::wraps;

/// Random texts for a promise.
pub type Generator = fn(&mut Tape) -> Planted;

/// Each promise of `docs/security.md`, with its generator.
pub const PROMISES: [(&str, Generator); 20] = [
    ("names", names),
    ("containers", containers),
    ("blocks", blocks),
    ("notations", notations),
    ("next line", next_line),
    ("encoded notations", encoded_notations),
    ("strings in strings", strings),
    ("tokens", tokens),
    ("cut tokens", cut_tokens),
    ("headers", web::headers),
    ("name and value apart", web::apart),
    ("URLs", web::urls),
    ("encoded URLs", web::encoded_urls),
    ("broken objects", broken_objects),
    ("broken quotes", broken_quotes),
    ("text with one sign too many", with_one_too_many),
    ("cut text", cut_text),
    ("files and folders", files),
    ("property paths", paths),
    ("the requestor", requestor),
];

fn names(tape: &mut Tape) -> Planted {
    let text = notation::json_object(tape);
    Planted::new(&text, tape)
}

fn containers(tape: &mut Tape) -> Planted {
    tape.is_plain = true;
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
        0 | 1 => notation::object(tape),
        2 => notation::assignment(tape),
        3 => notation::yaml(tape),
        4 => notation::form(tape),
        5 => leaves::xml(tape),
        _ => notation::json_object(tape),
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
    let text = notation::next_line(tape);
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
    tape.is_plain = true;
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
    let mut rest = format!("{}-{}", &first[32 - before..], &second[..behind]);
    // Digits with an `e` among them may as well be a number.
    if !rest.contains(|digit: char| "abcdfABCDF".contains(digit)) {
        rest = token;
    }
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

fn broken_objects(tape: &mut Tape) -> Planted {
    let text = without_kept(&broken::object(tape, broken::colon));
    let text = wrapped_or_not(tape, text);
    Planted::new(&text, tape)
}

fn broken_quotes(tape: &mut Tape) -> Planted {
    let text = without_kept(&broken::object(tape, broken::quotes));
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
    tape.is_plain = true;
    let text = match tape.below(4) {
        0 | 1 => notation::json_object(tape),
        2 => notation::object(tape),
        _ => {
            let text = notation::json_object(tape);
            wraps::in_json(tape, &text)
        }
    };
    let text = broken::with_one_too_many(tape, &text);
    let text = wrapped_or_not(tape, text);
    Planted::new(&text, tape)
}

/// Texts that end or start anywhere.
fn cut_text(tape: &mut Tape) -> Planted {
    tape.is_plain = true;
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
                // A value may have a slash in it, so what stands behind one may be its rest.
                let before = tape.harmless_value().replace(':', "");
                let before = if path.contains('=') {
                    before
                } else {
                    kept(&before)
                };
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
    tape.is_plain = true;
    let (first, last) = (tape.word(6, 10), tape.word(6, 10));
    let (user, host) = (tape.word(6, 12), tape.word(6, 12));
    tape.planted
        .extend([first.clone(), last.clone(), user.clone(), host.clone()]);
    let escapes = tape.escapes();
    let name = tape.pick(&["Requestor", "Requestor", "requestor"]);
    let how = tape.below(7);
    // On several lines, a bracket too many ends what belongs together.
    let gaps: &[&str] = if how == 1 {
        &["", " ", "\t"]
    } else {
        &["", " ", "\n  ", "\t", "\r\n    "]
    };
    let gap = tape.pick(gaps);
    let person = |text: &str| mark(Part::Personal, &json(text, escapes));
    let mut members = [
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
    match how {
        0 => {}
        1 => {
            let broken = broken::with_one_too_many(tape, &text);
            // In an object that ends where it starts, nothing is the requestor's.
            if !broken.contains("{}") {
                text = broken;
            }
        }
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
