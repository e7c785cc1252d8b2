//! Tests the bytes of a text, several at a time.

use crate::steps;

/// Returns `true` if all bytes of a text pass a test, which is simple enough for vector instructions:
/// comparisons joined by `&` and `|`. The compiler turns a pattern of several bytes into a table, which can't be
/// read for several bytes at once.
#[inline]
pub(crate) fn all(text: &[u8], passes: impl Fn(u8) -> bool) -> bool {
    steps::add(text.len());
    // The last block overlaps the one before.
    if let Some(last) = text.last_chunk() {
        let (blocks, _) = text.as_chunks::<16>();
        let mut blocks = blocks.iter().chain([last]);
        return blocks.all(|block| all_of_block(block, &passes));
    }
    // Two blocks that overlap are 8 to 15 bytes.
    match (text.first_chunk::<8>(), text.last_chunk::<8>()) {
        (Some(first), Some(last)) => all_of_block(first, &passes) & all_of_block(last, &passes),
        _ => text.iter().all(|byte| passes(*byte)),
    }
}

/// Tests a block without an early exit, so that the compiler tests all bytes at once.
#[inline]
fn all_of_block<const N: usize>(block: &[u8; N], passes: impl Fn(u8) -> bool) -> bool {
    block.iter().fold(true, |all, byte| all & passes(*byte))
}

/// Returns `true` if a byte is between two others, or one of them.
#[inline]
pub(crate) const fn is_within(byte: u8, first: u8, last: u8) -> bool {
    byte.wrapping_sub(first) <= last - first
}

#[cfg(test)]
mod tests {
    #[test]
    fn each_byte_is_tested() {
        for length in 0..50 {
            let mut text = vec![b'a'; length];
            assert!(super::all(&text, |byte| byte == b'a'));
            for at in 0..length {
                text[at] = b'b';
                assert!(!super::all(&text, |byte| byte == b'a'), "{at} of {length}");
                text[at] = b'a';
            }
        }
    }
}
