//! The words of the contract, which are the names and listed values in the bundled schemas. Each
//! has a number. The contract distinguishes other texts only by a few types.
//!
//! Every name of every payload is looked up here, so this is a hash table of its own. The hash
//! consists of the length, the first bytes and the last bytes, which are also sufficient for most
//! comparisons.

use std::sync::LazyLock;

use serde_json::Value;

use super::Kind;

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut texts = Vec::new();
    for kind in Kind::ALL {
        collect(kind.schema().value(), &mut texts);
    }
    texts.sort_unstable();
    texts.dedup();
    Words::new(&texts)
});

/// Returns the number of a word, which is lower than [`WORD_COUNT`], or `None` if no schema
/// contains the text.
pub(crate) fn word(text: &[u8]) -> Option<u32> {
    WORDS.find(text)
}

/// An upper limit for the number of words.
pub(crate) const WORD_COUNT: u32 = 1 << 16;

/// A hash table with open addressing, which is at most a quarter full.
struct Words {
    slots: Vec<Option<Word>>,
}

#[derive(Clone, Copy)]
struct Word {
    ends: (u64, u64),
    text: &'static str,
    number: u32,
}

impl Words {
    #[expect(
        clippy::expect_used,
        reason = "the schemas are part of the program, and tested"
    )]
    fn new(texts: &[&'static str]) -> Self {
        let mut words = Self {
            slots: vec![None; texts.len().next_power_of_two() * 4],
        };
        for (number, text) in texts.iter().enumerate() {
            let ends = ends(text.as_bytes());
            let mut slot = words.slot(ends, text.len());
            while words.slots[slot].is_some() {
                slot = (slot + 1) % words.slots.len();
            }
            let number = u16::try_from(number).expect("the schemas have fewer words");
            words.slots[slot] = Some(Word {
                ends,
                text,
                number: number.into(),
            });
        }
        words
    }

    fn find(&self, text: &[u8]) -> Option<u32> {
        let ends = ends(text);
        let mut slot = self.slot(ends, text.len());
        while let Some(word) = &self.slots[slot] {
            if word.ends == ends
                && word.text.len() == text.len()
                && (text.len() <= 16 || word.text.as_bytes() == text)
            {
                return Some(word.number);
            }
            slot = (slot + 1) % self.slots.len();
        }
        None
    }

    /// Returns the first slot to search for a word.
    fn slot(&self, (first, last): (u64, u64), length: usize) -> usize {
        // Any odd number with well-mixed bits works. This one is derived from the golden ratio.
        let mixed =
            (first ^ last.rotate_left(23) ^ length as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed >> 32) as usize & (self.slots.len() - 1)
    }
}

/// Returns the first and the last eight bytes. With the length, they identify a short word.
fn ends(text: &[u8]) -> (u64, u64) {
    match text.len() {
        8.. => (read(&text[..8]), read(&text[text.len() - 8..])),
        4..8 => (read(&text[..4]), read(&text[text.len() - 4..])),
        _ => (read(text), 0),
    }
}

/// Returns up to eight bytes as a number.
fn read(bytes: &[u8]) -> u64 {
    match (bytes.first_chunk(), bytes.first_chunk()) {
        (Some(eight), _) => u64::from_le_bytes(*eight),
        (_, Some(four)) => u32::from_le_bytes(*four).into(),
        _ => bytes
            .iter()
            .fold(0, |number, byte| number << 8 | u64::from(*byte)),
    }
}

/// Collects all names and strings of a schema. They include texts that are not words of the
/// contract, such as descriptions, which does no harm.
fn collect(schema: &'static Value, words: &mut Vec<&'static str>) {
    match schema {
        Value::String(text) => words.push(text),
        Value::Array(items) => items.iter().for_each(|item| collect(item, words)),
        Value::Object(members) => {
            for (name, member) in members {
                words.push(name);
                collect(member, words);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_and_nothing_else_is() {
        let texts = [
            "",
            "a",
            "ab",
            "abc",
            "abcd",
            "abcdefgh",
            "abcdefghi",
            "0123456789abcdef",
            "0123456789abcdefX",
            "01234567Y9abcdefX",
        ];
        let words = Words::new(&texts);
        for (number, text) in (0..).zip(texts) {
            assert_eq!(words.find(text.as_bytes()), Some(number), "{text}");
        }
        for text in [
            "b",
            "ac",
            "abd",
            "abce",
            "abcdefg",
            "01234567Z9abcdefX",
            "\0",
        ] {
            assert_eq!(words.find(text.as_bytes()), None, "{text:?}");
        }
        assert!(word(b"EnterpriseId").is_some() && word(b"EnterpriseID").is_none());
    }
}
