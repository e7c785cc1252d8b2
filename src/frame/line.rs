//! The short way for one payload a line: no look at what is inside.
//!
//! Between payloads, a line that starts with `{`, ends with `}` and is followed by a line that
//! starts with a bracket, or by the end, is one payload, sound or not. Nothing that is sound is cut
//! otherwise: if brackets were open at the line's end, the next line could not start with one. Only
//! several payloads in one line look alike, and there a closing bracket is followed by what can't
//! follow it inside of a payload.
//!
//! What follows the line has yet to come when a stream is read as it is written. It is not needed
//! where the brackets are balanced by the line's end: then the line is one payload as well,
//! whatever follows it, so that lines are shown with their line break and not one late.

use crate::steps;

/// So much white space in a line ends what stands before it.
const FAR: usize = 4096;

/// What the line at the front is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// One payload of this length.
    Payload(usize),
    /// One payload of this length if its brackets are balanced inside the line; else that depends
    /// on what follows.
    IfBalanced(usize),
    /// A line whose end has yet to come.
    Open,
    /// Something that one has to look into.
    No,
}

/// What is known of the line at the front, so that it is looked at once however its bytes arrive.
#[derive(Debug, Default)]
pub(super) struct LineScan {
    /// How many bytes were seen to have no line break.
    looked: usize,
    /// Where the line ends, and how long its payload is, unless one has to look into it.
    line: Option<(usize, Option<usize>)>,
}

/// Looks at the line at the front of the bytes; `is_ended` if no more bytes come.
pub(super) fn find(bytes: &[u8], look: &mut LineScan, is_ended: bool) -> Line {
    if bytes.first() != Some(&b'{') {
        return Line::No;
    }
    let known = look.line.or_else(|| look.line(bytes, is_ended));
    let (end, length) = match known {
        None => return Line::Open,
        Some((_, None)) => return Line::No,
        Some((end, Some(length))) => (end, length),
    };
    match bytes.get(end + 1) {
        Some(b'{' | b'[') => Line::Payload(length),
        None if is_ended => Line::Payload(length),
        _ => Line::IfBalanced(length),
    }
}

impl LineScan {
    /// Looks for the end of the line, and at the line once that is there.
    fn line(&mut self, bytes: &[u8], is_ended: bool) -> Option<(usize, Option<usize>)> {
        let end = memchr::memchr(b'\n', &bytes[self.looked..]).map(|end| self.looked + end);
        let end = end.or(is_ended.then_some(bytes.len()));
        steps::add(end.unwrap_or(bytes.len()) - self.looked);
        self.looked = bytes.len();
        let end = end?;
        let line = bytes[..end].trim_ascii_end();
        let is_one = line.last() == Some(&b'}') && !has_several(line);
        self.line = Some((end, is_one.then_some(line.len())));
        self.line
    }
}

/// Whether a value that ends with this bracket is a payload of its own, as shown by what stands
/// behind it in its line, which may have yet to end: something that can't follow a bracket inside
/// of a payload, or so much white space that nothing belongs to it any more. A broken payload may
/// end with the other kind of bracket.
pub(super) fn is_alone(close: u8, rest: &[u8]) -> bool {
    let near = &rest[..rest.len().min(FAR)];
    let next = near.trim_ascii_start();
    steps::add(1 + near.len() - next.len());
    match next.first() {
        None => rest.len() >= FAR,
        Some(b'{') => true,
        Some(b',' | b'}' | b']') => false,
        Some(_) => close == b'}',
    }
}

/// Whether one payload may end inside of the line, and another start.
fn has_several(line: &[u8]) -> bool {
    steps::add(line.len());
    let mut depth = Depth::default();
    memchr::memchr2_iter(b'}', b']', line).any(|end| {
        let rest = &line[end + 1..];
        match rest {
            [] | [b'}' | b']', ..] | [b',', b'"', ..] => false,
            _ => is_alone(line[end], rest) || (is_joined(rest) && depth.is_closed(line, end)),
        }
    })
}

/// Whether a comma follows, and behind it what may not follow it in an object: the next member has
/// a name.
fn is_joined(rest: &[u8]) -> bool {
    let comma = rest.trim_ascii_start();
    let Some(next) = comma.strip_prefix(b",").map(<[u8]>::trim_ascii_start) else {
        steps::add(rest.len() - comma.len());
        return false;
    };
    steps::add(rest.len() - next.len());
    next.first().is_some_and(|byte| *byte != b'"')
}

/// How many braces are open, strings not told apart: objects are often joined by commas inside of
/// a payload, and looking into each of those would take long.
#[derive(Default)]
struct Depth {
    opened: usize,
    closed: usize,
    at: usize,
}

impl Depth {
    /// Whether no brace is open behind this place, which is not before the last one.
    fn is_closed(&mut self, line: &[u8], end: usize) -> bool {
        let more = &line[self.at..=end];
        steps::add(more.len());
        self.opened += memchr::memchr_iter(b'{', more).count();
        self.closed += memchr::memchr_iter(b'}', more).count();
        self.at = end + 1;
        self.closed >= self.opened
    }
}
