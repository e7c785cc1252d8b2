//! The words that the contract knows: every name and every listed value in the bundled schemas,
//! numbered. Whatever else a payload says is, to the contract, one of a few sorts of text.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::RandomState;
use serde_json::Value;

use super::Kind;

type Words = HashMap<&'static str, u32, RandomState>;

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut words = Words::default();
    for kind in Kind::ALL {
        collect(kind.schema().value(), &mut words);
    }
    words
});

/// The number of a word, from 0; none for text that no schema has.
pub(crate) fn word(text: &str) -> Option<u32> {
    WORDS.get(text).copied()
}

/// How many words there are.
pub(crate) fn words() -> u32 {
    u32::try_from(WORDS.len()).unwrap_or(u32::MAX)
}

/// Numbers all strings and names of a schema; those that are no word of the contract, such as
/// descriptions, do no harm.
fn collect(schema: &'static Value, words: &mut Words) {
    match schema {
        Value::String(text) => add(text, words),
        Value::Array(items) => items.iter().for_each(|item| collect(item, words)),
        Value::Object(members) => {
            for (name, member) in members {
                add(name, words);
                collect(member, words);
            }
        }
        _ => {}
    }
}

fn add(text: &'static str, words: &mut Words) {
    let next = u32::try_from(words.len()).unwrap_or(u32::MAX);
    words.entry(text).or_insert(next);
}
