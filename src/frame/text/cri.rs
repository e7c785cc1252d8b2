//! Joins the lines of a Kubernetes log that a limit has split.
//!
//! In the format of CRI, each line starts with a time, the name of a stream, and `F`, or `P` if its
//! text goes on in the next line of that stream.

use crate::frame::limits::MAX_JOINED;
use crate::steps;

/// The maximum length of the time, the stream and the flag at the start of a line.
const MAX_START: usize = 64;

/// The start of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LineStart {
    is_stderr: bool,
    /// Whether the text goes on in the next line.
    pub(super) is_partial: bool,
}

/// Returns the start of the line that `bytes` start with: `Some(None)` if it is in another format, and
/// `None` if that depends on bytes that have yet to arrive.
#[expect(clippy::option_option, reason = "not known yet, none, one")]
pub(super) fn line_start(bytes: &[u8], is_complete: bool) -> Option<Option<LineStart>> {
    let start = &bytes[..bytes.len().min(MAX_START)];
    // Most lines differ in one of their first bytes.
    let is_date = |(index, byte): (usize, &u8)| match index {
        4 | 7 => *byte == b'-',
        10 => *byte == b'T',
        13 | 16 => *byte == b':',
        _ => byte.is_ascii_digit(),
    };
    if !start.iter().take(19).enumerate().all(is_date) {
        return Some(None);
    }
    // Then the time goes on without a space, and a stream follows.
    let time = start
        .iter()
        .position(|byte| *byte == b' ')
        .unwrap_or(start.len());
    let stream = &start[(time + 1).min(start.len())..];
    let known = stream.len().min(3);
    if stream[..known] != b"std"[..known] {
        return Some(None);
    }
    steps::add(start.len());
    let line = start
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let mut words = line.split(|byte| *byte == b' ');
    let (_, stream, flag) = (words.next(), words.next(), words.next());
    let is_ended = line.len() < start.len() || start.len() == MAX_START || is_complete;
    if !is_ended && words.next().is_none() {
        let may_follow = |word: Option<&[u8]>, names: [&[u8]; 2]| {
            word.is_none_or(|word| names.iter().any(|name| name.starts_with(word)))
        };
        let may_be = may_follow(stream, [b"stdout", b"stderr"]) && may_follow(flag, [b"P", b"F"]);
        return if may_be { None } else { Some(None) };
    }
    let is_stderr = match stream {
        Some(b"stdout") => false,
        Some(b"stderr") => true,
        _ => return Some(None),
    };
    Some(match flag {
        Some(b"P") => Some(LineStart {
            is_stderr,
            is_partial: true,
        }),
        Some(b"F") => Some(LineStart {
            is_stderr,
            is_partial: false,
        }),
        _ => None,
    })
}

/// The scan for the end of joined lines, as their bytes arrive.
#[derive(Debug)]
pub(super) struct CriScan {
    first: LineStart,
    /// The end of the lines that belong together.
    end: usize,
    /// The start of the current line.
    line: usize,
    scanned: usize,
    limit: usize,
}

impl CriScan {
    /// Creates the scan of lines, the first of which has this start.
    pub(super) fn new(first: LineStart, limit: usize) -> Self {
        Self {
            first,
            end: 0,
            line: 0,
            scanned: 0,
            limit: limit.min(MAX_JOINED),
        }
    }

    /// Continues the scan, and returns the length of the lines once it is known. `bytes` are those of
    /// the earlier calls and what has arrived since; `is_complete` says that no more follow.
    ///
    /// Lines of the other stream may stand between those of this one.
    pub(super) fn scan(&mut self, bytes: &[u8], is_complete: bool) -> Option<usize> {
        let bytes = &bytes[..bytes.len().min(self.limit)];
        let is_complete = is_complete || bytes.len() == self.limit;
        loop {
            let Some(start) = line_start(&bytes[self.line..], is_complete)? else {
                return Some(self.end);
            };
            let line_end = memchr::memchr(b'\n', &bytes[self.scanned..]);
            let line_end = line_end.map(|offset| self.scanned + offset);
            steps::add(line_end.unwrap_or(bytes.len()) - self.scanned);
            self.scanned = line_end.unwrap_or(bytes.len());
            let line_end = line_end.or(is_complete.then_some(bytes.len()))?;
            if start.is_stderr == self.first.is_stderr {
                self.end = line_end;
                if !start.is_partial {
                    return Some(self.end);
                }
            }
            if line_end == bytes.len() {
                return is_complete.then_some(self.end);
            }
            self.line = line_end + 1;
            self.scanned = self.line;
        }
    }
}
