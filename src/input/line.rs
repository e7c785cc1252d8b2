//! The short way for one payload a line: no look at what is inside.
//!
//! Between payloads, a line that starts with `{`, ends with `}` and is followed by a line that
//! starts with a bracket, or by the end, is one payload, sound or not. Nothing that is sound is cut
//! otherwise: if brackets were open at the line's end, the next line could not start with one. Only
//! several payloads in one line look alike, and there a closing bracket is followed by a `{`.

/// What the line at the front is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// One payload of this length.
    Payload(usize),
    /// Perhaps one of this length: that depends on what follows it.
    NotYet(usize),
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
        None => Line::NotYet(line.len()),
        Some(_) => Line::No,
    }
}

/// Whether one payload may end inside of the line, and another start. A broken one may end with the
/// other kind of bracket.
fn has_several(line: &[u8]) -> bool {
    memchr::memchr2_iter(b'}', b']', line).any(|end| match line.get(end + 1) {
        Some(b',' | b'}' | b']') | None => false,
        Some(_) => line[end + 1..].trim_ascii_start().starts_with(b"{"),
    })
}
