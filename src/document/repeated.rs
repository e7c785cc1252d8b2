//! Finds repeated names in the objects for which the parser cannot rule them out.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::steps;

use super::{Document, Node, RepeatedName, Tape};

/// Finds the repeated names of the given objects, and marks all but the last of each name as
/// shadowed.
pub(super) fn find(text: &str, objects: &[u32], tape: &mut Tape) {
    let document = Document {
        text,
        tape: std::mem::take(tape),
    };
    let mut repeated = Vec::new();
    let mut shadowed = Vec::new();
    for &index in objects {
        // The first and the latest index of each name.
        let mut occurrences: HashMap<Cow<'_, str>, (u32, u32)> = HashMap::new();
        let Some(object) = document.node(index).as_object() else {
            continue;
        };
        for (name, _) in object.members() {
            let name_index = Node::index(name);
            let text = name.as_str().unwrap_or_default();
            steps::add(text.len());
            occurrences
                .entry(text)
                .and_modify(|(first, latest)| {
                    shadowed.push(*latest);
                    repeated.push(RepeatedName {
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
        tape.entries[index as usize].set_shadowed();
    }
    repeated.sort_unstable_by_key(|pair| pair.name);
    tape.repeated = repeated;
}
