//! Random payloads with faults at known texts.

use mewshook::contract::Event;
use mewshook::sample;
use serde_json::{Value, json};

use super::dice::Dice;
use super::json::{self, Escapes, Style};

/// Names that are hard for some notation.
pub const NAMES: &[&str] = &[
    "Caf\u{e9} \"Zum L\u{f6}wen\"",
    "a\\b\\\"c",
    "line\nfeed\r\n\tand tab",
    "\u{1f3e8} \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} \u{4e2d}\u{6587}",
    "https://example.com/a?b=c&d=%7B%22%7D+e",
    "<b>&quot;&amp;</b> \\x22 \"\"",
    "{\"a\": [1, 2}",
    "}{][",
    "plain",
    "",
];

/// Returns a payload without white space around it.
pub fn any(dice: &mut Dice) -> String {
    let events: Vec<&Event> = sample::events().collect();
    let event = dice.pick(&events);
    let mut payload: Value = serde_json::from_str(event.sample).unwrap();
    for _ in 0..dice.below(4) {
        fault(&mut payload, dice);
    }
    let mut style = Style::any(dice);
    let is_broken = dice.once_in(12);
    if is_broken && style.escapes == Escapes::Any {
        // Broken JSON is known to be a payload by its names, as they are usually written.
        style.escapes = Escapes::Quotes;
    }
    let text = json::text(&payload, style, dice);
    match is_broken {
        true => broken(&text, dice),
        false => text,
    }
}

/// Changes a value of the payload: to an invalid one, or to a name that is hard to write.
fn fault(payload: &mut Value, dice: &mut Dice) {
    let name = dice.pick(NAMES);
    if dice.once_in(4)
        && let Some(root) = payload.as_object_mut()
    {
        root.insert(format!("zzMarker{}{name}", dice.below(100)), json!(name));
        return;
    }
    let mut leaves = Vec::new();
    collect(payload, String::new(), &mut leaves);
    let pointer = &leaves[dice.below(leaves.len())];
    let last = pointer.rsplit('/').next().unwrap();
    let new = match last {
        // What these are decides the kind.
        "Action" | "Discriminator" | "Type" | "eventType" | "type" => return,
        _ if last.ends_with("Id") => json!(format!("not-a-uuid-7f3a{name}")),
        _ if last.ends_with("Utc") => json!(format!("not-a-time-7f3a{name}")),
        "Name" => json!(name),
        "Email" => json!(format!("not-an-address{name}")),
        _ => dice.pick(&[&json!(name), &json!(7), &json!(null)]).clone(),
    };
    *payload.pointer_mut(pointer).unwrap() = new;
}

fn collect(value: &Value, here: String, leaves: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                collect(value, format!("{here}/{name}"), leaves);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, format!("{here}/{index}"), leaves);
            }
        }
        _ => leaves.push(here),
    }
}

/// Breaks the JSON of a payload behind its first property.
fn broken(text: &str, dice: &mut Dice) -> String {
    let last = text.rfind('}').unwrap();
    match dice.below(2) {
        0 => format!("{},}}", &text[..last]),
        _ => format!("{} nul }}", &text[..last]),
    }
}
