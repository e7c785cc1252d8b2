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

/// Looks at the line at the front of the bytes; `is_ended` if no more bytes come. The first
/// `looked` bytes have no line break, which is told anew.
pub(super) fn find(bytes: &[u8], looked: &mut usize, is_ended: bool) -> Line {
    if bytes.first() != Some(&b'{') {
        return Line::No;
    }
    let end = match memchr::memchr(b'\n', &bytes[*looked..]) {
        Some(end) => *looked + end,
        None if is_ended => bytes.len(),
        None => {
            *looked = bytes.len();
            return Line::Open;
        }
    };
    let line = bytes[..end].trim_ascii_end();
    if line.last() != Some(&b'}') || has_several(line) {
        return Line::No;
    }
    match bytes.get(end + 1) {
        Some(b'{' | b'[') => Line::Payload(line.len()),
        None if is_ended => Line::Payload(line.len()),
        _ => Line::IfBalanced(line.len()),
    }
}

/// Whether a value that ends with this bracket is a payload of its own, as shown by what stands
/// behind it in its line, which may have yet to end: something that can't follow a bracket inside
/// of a payload, or so much white space that nothing belongs to it any more. A broken payload may
/// end with the other kind of bracket.
pub(super) fn is_alone(close: u8, rest: &[u8]) -> bool {
    match rest[..rest.len().min(FAR)].trim_ascii_start().first() {
        None => rest.len() >= FAR,
        Some(b'{') => true,
        Some(b',' | b'}' | b']') => false,
        Some(_) => close == b'}',
    }
}

/// Whether one payload may end inside of the line, and another start.
fn has_several(line: &[u8]) -> bool {
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
    let rest = rest.trim_ascii_start().strip_prefix(b",");
    let next = rest.and_then(|rest| rest.trim_ascii_start().first());
    next.is_some_and(|byte| *byte != b'"')
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
        self.opened += memchr::memchr_iter(b'{', more).count();
        self.closed += memchr::memchr_iter(b'}', more).count();
        self.at = end + 1;
        self.closed >= self.opened
    }
}
