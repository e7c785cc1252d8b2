//! One generator for each promise, that is, for each line of the list of secrets in
//! `docs/security.md`. It generates texts with secrets that this line says are found.

use super::broken;
use super::choices::Choices;
use super::encode::json;
use super::encoded;
use super::marked::{PartClass, PlantedText, kept, mark, secret, without_kept};
use super::nesting;
use super::notation;
use super::single;
use super::web::{self, PARAMETERS};
use super::words::Spelling;

/// Generates a random text for a promise.
pub type Generator = fn(&mut Choices) -> PlantedText;

/// The promises of `docs/security.md`, each with its generator.
pub const PROMISES: [(&str, Generator); 24] = [
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
    ("name and value apart", web::name_value_lists),
    ("lists of cookies", web::cookie_lists),
    ("lists of parameters", web::parameter_lists),
    ("URLs", web::urls),
    ("encoded URLs", web::encoded_urls),
    ("random words in URLs", web::random_words),
    ("base64", encoded::base64_text),
    ("broken objects", broken_objects),
    ("broken quotes", broken_quotes),
    ("text with one sign too many", with_extra_character),
    ("cut text", cut_text),
    ("files and folders", files),
    ("property paths", paths),
    ("the requestor", requestor),
];

fn names(choices: &mut Choices) -> PlantedText {
    let text = notation::json_object(choices);
    PlantedText::new(&text, choices)
}

fn containers(choices: &mut Choices) -> PlantedText {
    choices.simple_secrets = true;
    let mut text = single::container(choices);
    if choices.one_in(3) {
        text = nesting::wrapped(choices, &text);
    }
    PlantedText::new(&text, choices)
}

fn blocks(choices: &mut Choices) -> PlantedText {
    let text = single::block(choices);
    PlantedText::new(&text, choices)
}

/// Returns text of any promised notation except for URLs and headers.
fn any_notation(choices: &mut Choices) -> String {
    match choices.below(7) {
        0 | 1 => notation::object(choices),
        2 => notation::assignment(choices),
        3 => notation::yaml(choices),
        4 => notation::form(choices),
        5 => single::xml(choices),
        _ => notation::json_object(choices),
    }
}

fn notations(choices: &mut Choices) -> PlantedText {
    let text = any_notation(choices);
    let text = if choices.one_in(3) {
        let (before, after) = (
            single::harmless_line(choices),
            single::harmless_line(choices),
        );
        format!("{before}\n{text}\n{after}\n")
    } else {
        text
    };
    PlantedText::new(&text, choices)
}

fn next_line(choices: &mut Choices) -> PlantedText {
    let text = notation::next_line(choices);
    PlantedText::new(&text, choices)
}

fn encoded_notations(choices: &mut Choices) -> PlantedText {
    let text = single::encoded_json(choices);
    let text = if choices.one_in(3) {
        nesting::in_log(choices, &text)
    } else {
        text
    };
    PlantedText::new(&text, choices)
}

/// Returns a notation that is nested in others, up to four levels deep.
fn strings(choices: &mut Choices) -> PlantedText {
    choices.simple_secrets = true;
    let mut text = any_notation(choices);
    for _ in 0..=choices.below(3) {
        text = nesting::wrapped(choices, &text);
    }
    PlantedText::new(&text, choices)
}

fn planted_token(choices: &mut Choices) -> String {
    let token = choices.token();
    choices.planted.push(token.clone());
    token
}

fn tokens(choices: &mut Choices) -> PlantedText {
    let token = planted_token(choices);
    let escapes = choices.escapes();
    let (note, id) = (
        kept(&choices.harmless_value()),
        kept(&choices.harmless_value()),
    );
    let marked = secret(&token);
    let text = match choices.below(12) {
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
    let text = if choices.one_in(3) {
        nesting::wrapped(choices, &text)
    } else {
        text
    };
    PlantedText::new(&text, choices)
}

/// Returns a token whose start or end is missing, at the start or the end of a text.
fn cut_tokens(choices: &mut Choices) -> PlantedText {
    let token = choices.token();
    let (first, second) = token.split_once('-').unwrap();
    let (before, after) = match choices.below(4) {
        0 => (choices.below(32), 31),
        1 => (32, choices.below(31)),
        2 => (choices.below(32), 16 + choices.below(16).min(14)),
        _ => (16 + choices.below(16), choices.below(31)),
    };
    let mut rest = format!("{}-{}", &first[32 - before..], &second[..after]);
    // Digits with an `e` may be a number.
    if !rest.contains(|digit: char| "abcdfABCDF".contains(digit)) {
        rest = token;
    }
    choices.planted.push(rest.clone());
    let rest = secret(&rest);
    let note = kept(&choices.harmless_value());
    let text = match (before < 32, after < 31) {
        (true, true) => rest,
        (false, _) => match choices.below(4) {
            0 => format!("{{\"Note\": \"{note}\", \"x\": \"{rest}"),
            1 => format!("see {note} of {rest}"),
            2 => format!("{{\"x\": \"{{\\\"Note\\\": \\\"{note}\\\", \\\"y\\\": \\\"{rest}"),
            _ => format!("/Data/{note}/{rest}"),
        },
        (true, false) => match choices.below(4) {
            0 => format!("{rest}\", \"Note\": \"{note}\"}}"),
            1 => format!("{rest} is of {note}\n"),
            2 => format!("{rest}\\\", \\\"Note\\\": \\\"{note}\\\"}}\"}}"),
            _ => format!("{rest}/{note}/0"),
        },
    };
    PlantedText::new(&text, choices)
}

fn broken_objects(choices: &mut Choices) -> PlantedText {
    let text = without_kept(&broken::object(choices, broken::member_with_broken_colon));
    let text = wrapped_or_not(choices, text);
    PlantedText::new(&text, choices)
}

fn broken_quotes(choices: &mut Choices) -> PlantedText {
    let text = without_kept(&broken::object(choices, broken::member_without_quote));
    let text = wrapped_or_not(choices, text);
    PlantedText::new(&text, choices)
}

fn wrapped_or_not(choices: &mut Choices, text: String) -> String {
    match choices.below(4) {
        0 | 1 => text,
        2 => nesting::in_json(choices, &text),
        _ => nesting::wrapped(choices, &text),
    }
}

fn with_extra_character(choices: &mut Choices) -> PlantedText {
    choices.simple_secrets = true;
    let text = match choices.below(4) {
        0 | 1 => notation::json_object(choices),
        2 => notation::object(choices),
        _ => {
            let text = notation::json_object(choices);
            nesting::in_json(choices, &text)
        }
    };
    let text = broken::with_extra_character(choices, &text);
    let text = wrapped_or_not(choices, text);
    PlantedText::new(&text, choices)
}

/// Returns a text that is truncated at its start or end.
fn cut_text(choices: &mut Choices) -> PlantedText {
    choices.simple_secrets = true;
    let mut text = any_notation(choices);
    for _ in 0..choices.below(3) {
        text = nesting::wrapped(choices, &text);
    }
    let text = match choices.below(3) {
        0 | 1 => broken::truncate(choices, &text),
        _ => broken::remove_start(choices, &text),
    };
    PlantedText::new(&text, choices)
}

/// Returns a path with secrets in the names of files and folders.
pub fn files(choices: &mut Choices) -> PlantedText {
    let mut path = String::new();
    for _ in 0..=choices.below(3) {
        let name = match choices.below(4) {
            0 => secret(&planted_token(choices)),
            1 => {
                // A value may contain a slash, so the text after one may be part of it.
                let before = choices.harmless_value().replace(':', "");
                let before = if path.contains('=') {
                    before
                } else {
                    kept(&before)
                };
                format!("{before}_{}", secret(&planted_token(choices)))
            }
            how => {
                let name = if how == 2 {
                    choices.name(Spelling::Word)
                } else {
                    format!("hook?page=3&{}", choices.choose(&PARAMETERS))
                };
                let value = choices.word(8, 40);
                choices.planted.push(value.clone());
                format!("{name}={}", secret(&value))
            }
        };
        let has_value = path.contains('=') || name.contains('=');
        path.push_str(&name);
        path.push('/');
        if !has_value && choices.one_in(2) {
            path.push_str(&kept(&choices.harmless_value().replace(':', "")));
            path.push('/');
        }
    }
    path.truncate(path.len() - 1);
    PlantedText::new(&path, choices)
}

/// Returns a JSON Pointer or a dotted path with a token in a name.
fn paths(choices: &mut Choices) -> PlantedText {
    let between = choices.choose(&["/", "."]);
    let mut path = choices
        .choose(&["/Data", "`Data", "", "...", "\u{2026}"])
        .to_owned();
    for _ in 0..choices.below(12) {
        let name = choices.choose(&["Events", "0", "Data", "Integration", "a~1b", "Items"]);
        path = format!("{path}{between}{name}");
    }
    let token = secret(&planted_token(choices));
    let (before, after) = (
        choices.choose(&["", "x ", "key_"]),
        choices.choose(&["", " y", ".old"]),
    );
    path = format!("{path}{between}{before}{token}{after}");
    for _ in 0..choices.below(3) {
        path = format!(
            "{path}{between}{}",
            kept(&choices.harmless_value().replace(':', ""))
        );
    }
    PlantedText::new(&path, choices)
}

/// Returns a text with the requestor's name and email address, which `redact` replaces and cards
/// show.
fn requestor(choices: &mut Choices) -> PlantedText {
    choices.simple_secrets = true;
    let (first, last) = (choices.word(6, 10), choices.word(6, 10));
    let (user, host) = (choices.word(6, 12), choices.word(6, 12));
    choices
        .planted
        .extend([first.clone(), last.clone(), user.clone(), host.clone()]);
    let escapes = choices.escapes();
    let name = choices.choose(&["Requestor", "Requestor", "requestor"]);
    let how = choices.below(7);
    // On several lines, a superfluous bracket separates what belongs together.
    let gaps: &[&str] = if how == 1 {
        &["", " ", "\t"]
    } else {
        &["", " ", "\n  ", "\t", "\r\n    "]
    };
    let gap = choices.choose(gaps);
    let person = |text: &str| mark(PartClass::Personal, &json(text, escapes));
    let mut members = [
        format!("\"Name\":{gap}\"{}\"", person(&format!("{first} {last}"))),
        format!(
            "\"Email\":{gap}\"{}\"",
            person(&format!("{user}@{host}.com"))
        ),
    ];
    if choices.one_in(3) {
        members.reverse();
    }
    let (note, id) = (
        kept(&choices.harmless_value()),
        kept(&choices.harmless_value()),
    );
    let requestor = format!("\"{name}\":{gap}{{{}}}", members.join(&format!(",{gap}")));
    let mut text = match choices.below(3) {
        0 => format!("{{{requestor}}}"),
        1 => format!("{{\"Data\": {{\"Note\": \"{note}\", {requestor}, \"Id\": \"{id}\"}}}}"),
        _ => format!("{{\"Note\": \"{note}\", {requestor}}}"),
    };
    match how {
        0 => {}
        1 => {
            let broken = broken::with_extra_character(choices, &text);
            // If an object ends where it starts, nothing belongs to the requestor.
            if !broken.contains("{}") {
                text = broken;
            }
        }
        2 => text = format!("{}{text}", nesting::prefix(choices)),
        3 => text = format!("{text}{}", choices.choose(&["}", "]", "}}\n"])),
        _ => {
            for _ in 0..=choices.below(3) {
                text = match choices.below(4) {
                    0 => nesting::in_json(choices, &text),
                    1 => nesting::in_request(choices, &text),
                    2 => format!("{}{text}", nesting::prefix(choices)),
                    _ => {
                        let text = format!("{}{text}", nesting::prefix(choices));
                        nesting::in_json(choices, &text)
                    }
                };
            }
        }
    }
    PlantedText::new(&text, choices)
}
