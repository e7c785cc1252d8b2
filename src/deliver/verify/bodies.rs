//! What may have been signed, given what a body has become: each change that tools make to a body is
//! undone, and those at its start, in its lines and at its end in each combination.

use std::borrow::Cow;
use std::ops::ControlFlow;

use crate::steps;

use super::BYTE_ORDER_MARK;
use super::SignatureCause as Cause;
use super::characters::{latin_1_from_utf8, utf8_from_latin_1, windows_1252_from_utf8};
use super::serializers;

/// Is called with a body that may have been signed, and what was done to it since.
pub(super) type Visit<'v> = &'v mut dyn FnMut(&[u8], &[Cause]) -> ControlFlow<()>;

/// A change of a body: the body before it, unless it can't have happened, and what it is.
type Undo = (fn(&[u8]) -> Option<Vec<u8>>, Cause);

const STARTS: [Undo; 2] = [
    (without_mark, Cause::ByteOrderMarkAdded),
    (with_mark, Cause::ByteOrderMarkRemoved),
];

const LINES: [Undo; 2] = [(with_lf, Cause::CrlfAdded), (with_crlf, Cause::CrlfRemoved)];

const ENDS: [Undo; 4] = [
    (without_line_break, Cause::NewlineAdded),
    (|body| Some([body, b"\n"].concat()), Cause::NewlineRemoved),
    (|body| Some([body, b"\r\n"].concat()), Cause::NewlineRemoved),
    (without_white_space, Cause::WhiteSpaceAdded),
];

const CHARACTERS: [Undo; 3] = [
    (latin_1_from_utf8, Cause::Reencoded),
    (windows_1252_from_utf8, Cause::Reencoded),
    (utf8_from_latin_1, Cause::Reencoded),
];

/// Visits what may have been signed: the body as it is, then with one and with several changes of its start,
/// lines and end undone, then serialized anew, then with other characters. What explains less comes first.
pub(super) fn visit(body: &[u8], visit: Visit<'_>) -> ControlFlow<()> {
    for count in 0..=3 {
        visit_changes(body, count, visit)?;
    }
    serializers::visit(body, visit)?;
    for (other, causes) in undone(&CHARACTERS, body, &[]) {
        visit(&other, &causes)?;
    }
    ControlFlow::Continue(())
}

/// Visits what a body was before this number of changes: at its start, of its line ends, at its end.
fn visit_changes(body: &[u8], count: usize, visit: Visit<'_>) -> ControlFlow<()> {
    for (body, causes) in unchanged_and(&STARTS, body, &[]) {
        // The line ends first, since a line break at the end may be one of them.
        for (body, causes) in unchanged_and(&LINES, &body, &causes) {
            if causes.len() == count {
                visit(&body, &causes)?;
            } else if causes.len() + 1 == count {
                for (body, causes) in undone(&ENDS, &body, &causes) {
                    visit(&body, &causes)?;
                }
            }
        }
    }
    ControlFlow::Continue(())
}

/// A body, and the causes that were undone.
type Undone<'b> = (Cow<'b, [u8]>, Vec<Cause>);

/// Returns a body as it is, and with each of the changes undone.
fn unchanged_and<'b>(
    undos: &'b [Undo],
    body: &'b [u8],
    causes: &'b [Cause],
) -> impl Iterator<Item = Undone<'b>> {
    let unchanged = (Cow::Borrowed(body), causes.to_vec());
    std::iter::once(unchanged).chain(undone(undos, body, causes))
}

/// Returns a body with each of the changes undone that may have happened.
fn undone<'b>(
    undos: &'b [Undo],
    body: &'b [u8],
    causes: &'b [Cause],
) -> impl Iterator<Item = Undone<'b>> {
    undos.iter().filter_map(move |(undo, cause)| {
        steps::add(body.len());
        let body = undo(body)?;
        Some((Cow::Owned(body), [causes, &[*cause]].concat()))
    })
}

fn without_mark(body: &[u8]) -> Option<Vec<u8>> {
    body.strip_prefix(BYTE_ORDER_MARK).map(<[u8]>::to_vec)
}

fn with_mark(body: &[u8]) -> Option<Vec<u8>> {
    let has_mark = body.starts_with(BYTE_ORDER_MARK);
    (!has_mark).then(|| [BYTE_ORDER_MARK, body].concat())
}

fn without_line_break(body: &[u8]) -> Option<Vec<u8>> {
    let line = body.strip_suffix(b"\n")?;
    Some(line.strip_suffix(b"\r").unwrap_or(line).to_vec())
}

fn without_white_space(body: &[u8]) -> Option<Vec<u8>> {
    let trimmed = body.trim_ascii();
    let is_shorter = trimmed.len() < body.len();
    is_shorter.then(|| trimmed.to_vec())
}

/// Returns the body with LF line ends, if it has CRLF.
fn with_lf(body: &[u8]) -> Option<Vec<u8>> {
    let mut other = Vec::with_capacity(body.len());
    for (at, byte) in body.iter().enumerate() {
        let is_crlf = *byte == b'\r' && body.get(at + 1) == Some(&b'\n');
        if !is_crlf {
            other.push(*byte);
        }
    }
    (other.len() < body.len()).then_some(other)
}

/// Returns the body with CRLF line ends, if it has LF alone.
fn with_crlf(body: &[u8]) -> Option<Vec<u8>> {
    let mut other = Vec::with_capacity(body.len());
    for (at, byte) in body.iter().enumerate() {
        if *byte == b'\n' && (at == 0 || body[at - 1] != b'\r') {
            other.push(b'\r');
        }
        other.push(*byte);
    }
    (other.len() > body.len()).then_some(other)
}
