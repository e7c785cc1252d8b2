//! Names that stand more than once in one object. The parser only suspects them.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::steps;

use super::{Document, Node, Repeated, Tape};

/// Looks closely at the objects that may repeat a name, and marks all but the last of each.
pub(super) fn find(text: &str, suspects: &[u32], tape: &mut Tape) {
    let document = Document {
        text,
        tape: std::mem::take(tape),
    };
    let mut repeated = Vec::new();
    let mut shadowed = Vec::new();
    for &index in suspects {
        // Name to its first and its latest occurrence.
        let mut seen: HashMap<Cow<'_, str>, (u32, u32)> = HashMap::new();
        let Some(object) = document.node(index).as_object() else {
            continue;
        };
        for (name, _) in object.members() {
            let name_index = Node::index(name);
            let text = name.as_str().unwrap_or_default();
            steps::add(text.len());
            seen.entry(text)
                .and_modify(|(first, latest)| {
                    shadowed.push(*latest);
                    repeated.push(Repeated {
                        name: name_index,
                        first: *first,
                    });
                    *latest = name_index;
                })
                .or_insert((name_index, name_index));
        }
    }
    *tape = document.into_tape();
    for index in shadowed {
        tape.entries[index as usize].shadowed = true;
    }
    repeated.sort_unstable_by_key(|pair| pair.name);
    tape.repeated = repeated;
}
