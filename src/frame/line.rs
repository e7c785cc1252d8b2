//! A fast path for streams with one payload a line.
//!
//! Between payloads, a line is one payload, valid or not, if it starts with `{`, ends with `}`, and
//! is followed by the end or by a line that starts with a bracket. To see that takes a search for
//! the line break, which is many times faster than looking at each byte of the value.
//!
//! The fast path cuts a valid payload exactly where a full scan does: if brackets were still open
//! at the line's end, the next line could not start with another one. Only several payloads on one
//! line look the same, and there some closing bracket is followed by what can't follow it inside of
//! a payload.
//!
//! The next line may not have arrived yet, where a stream is read as it is written. It isn't needed
//! if the brackets are balanced by the line's end: then the line is one payload whatever follows.
//! So a payload can be shown as soon as its line break has arrived, and not one payload late.

use crate::steps;

/// The length of white space in a line that ends what stands before it.
const MAX_SPACE: usize = 4096;

/// What the line at the front of a stream is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineKind {
    /// One payload of this length.
    Payload(usize),
    /// One payload of this length, if its brackets are balanced inside the line; otherwise it takes
    /// a full scan.
    PayloadIfBalanced(usize),
    /// A line that starts like a payload and whose end has yet to arrive.
    Unfinished,
    /// A line that takes a full scan.
    Other,
}

/// The scan of the line at the front of a stream, as its bytes arrive.
#[derive(Debug, Default)]
pub(super) struct LineScan {
    /// The number of bytes that contain no line break.
    scanned: usize,
    end: Option<LineEnd>,
}

/// Where a line ends.
#[derive(Debug, Clone, Copy)]
struct LineEnd {
    /// The offset of the line break.
    offset: usize,
    /// The length of the payload, if the line looks like one.
    payload: Option<usize>,
}

impl LineScan {
    /// Continues the scan. `bytes` are those of the earlier calls and what has arrived since;
    /// `is_complete` says that no more follow.
    pub(super) fn scan(&mut self, bytes: &[u8], is_complete: bool) -> LineKind {
        if bytes.first() != Some(&b'{') {
            return LineKind::Other;
        }
        let end = self.end.or_else(|| self.find_end(bytes, is_complete));
        let Some(LineEnd { offset, payload }) = end else {
            return LineKind::Unfinished;
        };
        let Some(length) = payload else {
            return LineKind::Other;
        };
        match bytes.get(offset + 1) {
            Some(b'{' | b'[') => LineKind::Payload(length),
            None if is_complete => LineKind::Payload(length),
            _ => LineKind::PayloadIfBalanced(length),
        }
    }

    /// Returns the length of the line with its line break, if the frame of `length` bytes at its start is
    /// its payload and only white space follows. `bytes` are those of the last call.
    pub(super) fn length_with_break(&self, bytes: &[u8], length: usize) -> Option<usize> {
        let LineEnd { offset, payload } = self.end?;
        let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r');
        let has_break = payload == Some(length)
            && bytes.get(offset) == Some(&b'\n')
            && bytes[length..offset].iter().all(is_space);
        has_break.then_some(offset + 1)
    }

    /// Finds the end of the line, and whether the line looks like one payload.
    fn find_end(&mut self, bytes: &[u8], is_complete: bool) -> Option<LineEnd> {
        let offset = memchr::memchr(b'\n', &bytes[self.scanned..]).map(|end| self.scanned + end);
        let offset = offset.or(is_complete.then_some(bytes.len()));
        steps::add(offset.unwrap_or(bytes.len()) - self.scanned);
        self.scanned = bytes.len();
        let offset = offset?;
        let line = bytes[..offset].trim_ascii_end();
        let is_payload = line.last() == Some(&b'}') && !has_several_payloads(line);
        self.end = Some(LineEnd {
            offset,
            payload: is_payload.then_some(line.len()),
        });
        self.end
    }
}

/// Returns `true` if the bytes after a closing bracket in its line, all of which may not have
/// arrived, show that the bracket ends a payload: something follows that can't follow the bracket
/// inside of a payload, or so much white space that nothing after it belongs to the payload.
pub(super) fn ends_payload(bracket: u8, after: &[u8]) -> bool {
    let start = &after[..after.len().min(MAX_SPACE)];
    let next = start.trim_ascii_start();
    steps::add(1 + start.len() - next.len());
    match next.first() {
        None => after.len() >= MAX_SPACE,
        // Even after a `]`, with which a broken payload may end.
        Some(b'{') => true,
        Some(b',' | b'}' | b']') => false,
        Some(_) => bracket == b'}',
    }
}

/// Returns `true` if a payload may end inside of the line and another one start.
fn has_several_payloads(line: &[u8]) -> bool {
    steps::add(line.len());
    let mut braces = BraceCount::default();
    any_closing_bracket(line, |end| {
        braces.closed += usize::from(line[end] == b'}');
        let after = &line[end + 1..];
        match after {
            [] | [b'}' | b']', ..] | [b',', b'"', ..] => false,
            _ => {
                ends_payload(line[end], after)
                    || (is_comma_before_value(after) && braces.is_balanced(line, end))
            }
        }
    })
}

/// Returns `true` if `test` does for the offset of a closing bracket, in order. Eight bytes are searched
/// at once; brackets are too close to each other for a vectorized search.
fn any_closing_bracket(line: &[u8], mut test: impl FnMut(usize) -> bool) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const LOW: u64 = ONES * 0x7f;
    let (words, rest) = line.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        // This bit is the difference between the two brackets.
        let other = (u64::from_le_bytes(*word) | (ONES * 0x20)) ^ (ONES * u64::from(b'}'));
        // The highest bit of each byte that is a bracket.
        let mut found = !(((other & LOW) + LOW) | other | LOW);
        while found != 0 {
            if test(index * 8 + found.trailing_zeros() as usize / 8) {
                return true;
            }
            found &= found - 1;
        }
    }
    let first = line.len() - rest.len();
    (first..line.len()).any(|at| matches!(line[at], b'}' | b']') && test(at))
}

/// Returns `true` if a comma follows, and after it something other than a string. Inside of an
/// object, the name of a property would follow.
fn is_comma_before_value(after: &[u8]) -> bool {
    let comma = after.trim_ascii_start();
    let Some(next) = comma.strip_prefix(b",").map(<[u8]>::trim_ascii_start) else {
        steps::add(after.len() - comma.len());
        return false;
    };
    steps::add(after.len() - next.len());
    next.first().is_some_and(|byte| *byte != b'"')
}

/// Counts the braces of a line, including those in strings: a comma between two objects is common
/// inside of payloads, and a full scan for each of those would take long.
#[derive(Default)]
struct BraceCount {
    opened: usize,
    closed: usize,
    /// The number of bytes in which opening ones were counted.
    scanned: usize,
}

impl BraceCount {
    /// Returns `true` if no brace is open after the one at `end`, up to which the closing ones are
    /// counted. It must not be before that of an earlier call.
    fn is_balanced(&mut self, line: &[u8], end: usize) -> bool {
        let added = &line[self.scanned..=end];
        steps::add(added.len());
        self.opened += memchr::memchr_iter(b'{', added).count();
        self.scanned = end + 1;
        self.closed >= self.opened
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn closing_brackets_are_found(line in prop::collection::vec(
            prop_oneof![Just(b'}'), Just(b']'), Just(b'='), Just(b'\xdd'), any::<u8>()], 0..40)) {
            let mut found = Vec::new();
            any_closing_bracket(&line, |at| { found.push(at); false });
            let brackets = memchr::memchr2_iter(b'}', b']', &line);
            prop_assert_eq!(found, brackets.collect::<Vec<_>>());
            let first = memchr::memchr2(b'}', b']', &line);
            prop_assert_eq!(any_closing_bracket(&line, |at| Some(at) == first), first.is_some());
        }
    }
}
