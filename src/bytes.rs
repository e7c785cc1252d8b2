//! Tests the bytes of a text, several at a time.

use crate::steps;

/// Returns `true` if all bytes of a text pass a test, which is simple enough for vector instructions.
#[inline]
pub(crate) fn all(text: &[u8], passes: impl Fn(u8) -> bool) -> bool {
    const BLOCK: usize = 16;
    steps::add(text.len());
    // Without an early exit, the compiler tests all bytes of a block at once.
    let block_passes =
        |block: &[u8; BLOCK]| block.iter().fold(true, |all, byte| all & passes(*byte));
    let (blocks, _) = text.as_chunks();
    match text.last_chunk() {
        // The last block overlaps the one before.
        Some(last) => blocks.iter().all(block_passes) && block_passes(last),
        None => text.iter().all(|byte| passes(*byte)),
    }
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
