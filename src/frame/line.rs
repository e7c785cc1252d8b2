//! A fast path for streams with one payload a line, and for pretty-printed payloads.
//!
//! Between payloads, a line is one payload, valid or not, if it starts with `{`, ends with `}`, and
//! is followed by the end or by a line that starts with a bracket. To see that takes a search for
//! the line break, which is many times faster than looking at each byte of the value. A line that is
//! only a `{` starts a pretty-printed payload: then the same applies to all lines up to the first one
//! that is not indented.
//!
//! The fast path cuts a valid payload exactly where a full scan does: if brackets were still open
//! at the end of these lines, the next line could not start with another one. Only several payloads in
//! them look the same, and there some closing bracket is followed by what can't follow it inside of
//! a payload.
//!
//! The next line may not have arrived yet, where a stream is read as it is written. It isn't needed
//! if the brackets are balanced by the line's end: then the line is one payload whatever follows.
//! So a payload can be shown as soon as its line break has arrived, and not one payload late. To see that takes
//! a full scan, for which a long payload first waits until more bytes, the end or a silence follow.

use crate::steps;

/// The length of white space in a line that ends what stands before it.
const MAX_SPACE: usize = 4096;

/// The maximum number of bytes after a closing bracket that decide whether it ends a payload.
const MAX_AFTER: usize = 2 * MAX_SPACE;

/// The number of bytes from which a full scan waits for the end of the lines, and for what follows it: few payloads
/// are longer, and the scan takes several times as long as a search for closing brackets. Tests try many texts, so it
/// is small there.
pub(super) const LONG: usize = if cfg!(any(test, fuzzing)) {
    128
} else {
    1 << 20
};

/// What the lines at the front of a stream are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineKind {
    /// One payload of this length.
    Payload(usize),
    /// One payload of this length, if its brackets are balanced there; otherwise a full scan is needed.
    PayloadIfBalanced(usize),
    /// Lines that start like a payload and whose end has yet to arrive.
    Unfinished,
    /// Lines that need a full scan.
    Other,
}

/// The scan of the lines at the front of a stream, as their bytes arrive.
#[derive(Debug, Default)]
pub(super) struct LineScan {
    /// The number of bytes that were scanned without finding the end.
    scanned: usize,
    /// The start of the line that was scanned last.
    line: usize,
    /// The number of lines before it.
    lines: u64,
    end: Option<LinesEnd>,
    several: SeveralScan,
}

/// Where the lines of a payload end.
#[derive(Debug, Clone, Copy)]
struct LinesEnd {
    /// The offset of the last line break.
    offset: usize,
    /// The number of lines.
    lines: u64,
    /// The length of the payload, if the lines look like one.
    payload: Option<usize>,
}

impl LineScan {
    /// Continues the scan. `bytes` are those of the earlier calls and what has arrived since;
    /// `is_complete` says that no more follow. `value` is the length of the value at the front, if a full
    /// scan has found its end.
    pub(super) fn scan(
        &mut self,
        bytes: &[u8],
        is_complete: bool,
        value: Option<usize>,
    ) -> LineKind {
        if bytes.first() != Some(&b'{') {
            return LineKind::Other;
        }
        let end = self
            .end
            .or_else(|| self.find_end(bytes, is_complete, value));
        let Some(LinesEnd {
            offset, payload, ..
        }) = end
        else {
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

    /// Returns `true` if lines whose end has yet to arrive are so long, and so clearly one payload, that a
    /// full scan can wait for the end. `bytes` are those of the last call.
    pub(super) fn is_long_payload(&mut self, bytes: &[u8]) -> bool {
        bytes.len() > LONG && !self.several.scan(bytes, false)
    }

    /// Returns the length of the lines with the last line break, and their number, if the frame of
    /// `length` bytes at their start is their payload and only white space follows. `bytes` are those of
    /// the last call.
    pub(super) fn length_with_break(&self, bytes: &[u8], length: usize) -> Option<(usize, u64)> {
        let LinesEnd {
            offset,
            lines,
            payload,
        } = self.end?;
        let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r');
        let has_break = payload == Some(length)
            && bytes.get(offset) == Some(&b'\n')
            && bytes[length..offset].iter().all(is_space);
        has_break.then_some((offset + 1, lines))
    }

    /// Finds the end of the lines, and whether they look like one payload.
    fn find_end(
        &mut self,
        bytes: &[u8],
        is_complete: bool,
        value: Option<usize>,
    ) -> Option<LinesEnd> {
        loop {
            let rest = &bytes[self.scanned..];
            let line_break = memchr::memchr(b'\n', rest).map(|length| self.scanned + length);
            let offset = line_break.unwrap_or(bytes.len());
            steps::add(offset - self.scanned);
            self.scanned = offset;
            if line_break.is_none() && !is_complete {
                return None;
            }
            let line = &bytes[self.line..offset];
            self.lines += 1;
            let is_inner = if self.line == 0 {
                line.trim_ascii_end() == b"{"
            } else {
                matches!(line.first(), None | Some(b' ' | b'\t' | b'\r'))
            };
            if !is_inner || line_break.is_none() {
                let lines = bytes[..offset].trim_ascii_end();
                let is_payload = lines.last() == Some(&b'}')
                    && (self.line == 0 || line.first() == Some(&b'}'))
                    && (value == Some(lines.len()) || !self.several.scan(&bytes[..offset], true));
                self.end = Some(LinesEnd {
                    offset,
                    lines: self.lines,
                    payload: is_payload.then_some(lines.len()),
                });
                return self.end;
            }
            self.line = offset + 1;
            self.scanned = self.line;
        }
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

/// The search for a place in lines where a payload may end and another one start, as their bytes arrive.
#[derive(Debug, Default)]
struct SeveralScan {
    /// The number of bytes that were searched for closing brackets.
    scanned: usize,
    depth: BraceDepth,
    is_found: bool,
}

impl SeveralScan {
    /// Continues the search, and returns `true` if there is such a place. `lines` are the bytes of the
    /// earlier calls and what has arrived since; `is_complete` says that no more follow.
    fn scan(&mut self, lines: &[u8], is_complete: bool) -> bool {
        // The bytes that follow a bracket decide.
        let after = if is_complete { 0 } else { MAX_AFTER };
        let end = lines.len().saturating_sub(after);
        let start = self.scanned;
        if self.is_found || end <= start {
            return self.is_found;
        }
        steps::add(end - start);
        self.scanned = end;
        let depth = &mut self.depth;
        self.is_found = any_closing_bracket(&lines[start..end], |at| {
            let bracket = start + at;
            match &lines[bracket + 1..] {
                [] | [b'}' | b']', ..] | [b',', b'"', ..] => false,
                [b',', b'{', ..] => depth.is_zero_after(lines, bracket),
                after => {
                    ends_payload(lines[bracket], after)
                        || (is_comma_before_value(after) && depth.is_zero_after(lines, bracket))
                }
            }
        });
        self.is_found
    }
}

/// Returns `true` if `test` returns `true` for the offset of a closing bracket. Offsets are tested in order.
fn any_closing_bracket(line: &[u8], mut test: impl FnMut(usize) -> bool) -> bool {
    const BLOCK: usize = 32;
    let (blocks, rest) = line.as_chunks::<BLOCK>();
    for (index, block) in blocks.iter().enumerate() {
        // Without a branch, so that several bytes are tested at once.
        let has_bracket = block
            .iter()
            .fold(false, |has, byte| has | is_closing(*byte));
        if has_bracket && any_closing_bracket_of(block, |at| test(index * BLOCK + at)) {
            return true;
        }
    }
    let first = line.len() - rest.len();
    any_closing_bracket_of(rest, |at| test(first + at))
}

/// Does the same as [`any_closing_bracket`] for a few bytes. Eight of them are searched at once; brackets
/// are too close to each other for a vectorized search.
fn any_closing_bracket_of(bytes: &[u8], mut test: impl FnMut(usize) -> bool) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const LOW: u64 = ONES * 0x7f;
    let (words, rest) = bytes.as_chunks::<8>();
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
    let first = bytes.len() - rest.len();
    (first..bytes.len()).any(|at| is_closing(bytes[at]) && test(at))
}

fn is_closing(byte: u8) -> bool {
    matches!(byte, b'}' | b']')
}

/// Returns `true` if a comma follows, and after it something other than a string, or much white space.
/// Inside of an object, the name of a property would follow.
fn is_comma_before_value(after: &[u8]) -> bool {
    let start = &after[..after.len().min(MAX_AFTER)];
    let comma = start.trim_ascii_start();
    let Some(next) = comma.strip_prefix(b",").map(<[u8]>::trim_ascii_start) else {
        steps::add(start.len() - comma.len());
        return false;
    };
    steps::add(start.len() - next.len());
    next.first()
        .map_or(start.len() == MAX_AFTER, |byte| *byte != b'"')
}

/// The number of open braces of a line, including those in strings. A comma between two objects is common
/// inside of payloads, and this is much faster than a full scan for each of them.
#[derive(Debug, Default)]
struct BraceDepth {
    depth: isize,
    /// The number of bytes in which braces were counted.
    scanned: usize,
}

impl BraceDepth {
    /// Returns `true` if no brace is open after the byte at `end`, which must not be before that of an
    /// earlier call.
    fn is_zero_after(&mut self, line: &[u8], end: usize) -> bool {
        /// The number of bytes whose braces an `i8` can count.
        const BLOCK: usize = 64;
        let added = &line[self.scanned..=end];
        steps::add(added.len());
        self.scanned = end + 1;
        let (blocks, rest) = added.as_chunks::<BLOCK>();
        let mut last = [0; BLOCK];
        last[..rest.len()].copy_from_slice(rest);
        for block in blocks.iter().chain([&last]) {
            // Without a branch, and of a fixed length, so that several bytes are counted at once.
            let change = block.iter().fold(0_i8, |sum, byte| {
                sum + i8::from(*byte == b'{') - i8::from(*byte == b'}')
            });
            self.depth += isize::from(change);
        }
        self.depth <= 0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    /// Parts of lines. The last ones are much white space.
    const PARTS: [&str; 12] = [
        "{", "{\"a\":", "}", "]", "},", ",", "\"", "x", " ", "\n", "_", "__",
    ];

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

        #[test]
        fn several_payloads_are_found_however_the_bytes_arrive(
            parts in prop::collection::vec(select(&PARTS[..]), 1..30),
            lengths in prop::collection::vec(any::<prop::sample::Index>(), 0..5),
        ) {
            let spaces = " ".repeat(MAX_SPACE - 1);
            let lines: Vec<_> = parts.iter().map(|part| part.replace('_', &spaces)).collect();
            let lines = lines.concat();
            let mut lengths: Vec<_> = lengths.iter().map(|index| index.index(lines.len())).collect();
            lengths.sort_unstable();
            let mut scan = SeveralScan::default();
            let mut is_found = false;
            for length in lengths {
                is_found |= scan.scan(&lines.as_bytes()[..length], false);
            }
            let at_once = SeveralScan::default().scan(lines.as_bytes(), true);
            prop_assert!(at_once || !is_found);
            prop_assert_eq!(scan.scan(lines.as_bytes(), true), at_once);
        }
    }
}
