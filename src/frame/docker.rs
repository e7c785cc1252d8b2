//! Joins the lines of Docker's json-file log that a limit of 16 KiB has split.
//!
//! Each line is an object with the text in `log`, which ends in a line feed unless the text goes on
//! in the next line.

use crate::steps;

use super::limits::MAX_JOINED;

/// The least length of a line that may have been split.
const MIN_LENGTH: usize = 16 << 10;

/// The starts of a line: as Docker writes it, and as tools that copy it may.
const STARTS: [&[u8]; 2] = [b"{\"log\":\"", b"{\"log\": \""];

/// The scan for the end of joined lines, as their bytes arrive.
#[derive(Debug)]
pub(super) struct DockerScan {
    /// The end of the lines that belong together.
    end: usize,
    /// The number of bytes that were searched for the end of the next line.
    scanned: usize,
    limit: usize,
}

/// Returns `true` if `line`, an object, was split, and goes on in the next line.
pub(super) fn is_split(line: &[u8]) -> bool {
    line.len() > MIN_LENGTH
        && text_start(line, true)
            .flatten()
            .is_some_and(|at| !has_text_end(line, at))
}

impl DockerScan {
    /// Creates a scan for the lines after a first one of this length.
    pub(super) fn new(length: usize, limit: usize) -> Self {
        Self {
            end: length,
            scanned: length,
            limit: limit.min(MAX_JOINED),
        }
    }

    /// Continues the scan, and returns the length of the lines once it is known. `bytes` are those of
    /// the earlier calls and what has arrived since; `is_complete` says that no more follow.
    pub(super) fn scan(&mut self, bytes: &[u8], is_complete: bool) -> Option<usize> {
        let bytes = &bytes[..bytes.len().min(self.limit)];
        let is_complete = is_complete || bytes.len() == self.limit;
        loop {
            // The first bytes decide, so that nothing is held back for another line.
            let next = &bytes[self.end..];
            let space = next
                .iter()
                .take_while(|byte| matches!(byte, b'\r' | b'\n'))
                .count();
            let start = &next[space..];
            let Some(text_start) = text_start(start, is_complete)? else {
                return Some(self.end);
            };
            let from = self.scanned.max(self.end + space);
            let line_end = memchr::memchr(b'\n', &bytes[from..]).map(|offset| from + offset);
            steps::add(line_end.unwrap_or(bytes.len()) - from);
            let Some(line_end) = line_end.or(is_complete.then_some(bytes.len())) else {
                self.scanned = bytes.len();
                return None;
            };
            let line = bytes[self.end + space..line_end].trim_ascii_end();
            self.end += space + line.len();
            self.scanned = self.end;
            if has_text_end(line, text_start) {
                return Some(self.end);
            }
        }
    }
}

/// Returns the offset of the text in a line: `Some(None)` if the line is of another kind, and `None`
/// if that depends on bytes that have yet to arrive.
#[expect(clippy::option_option, reason = "not known yet, none, one")]
fn text_start(line: &[u8], is_complete: bool) -> Option<Option<usize>> {
    if let Some(start) = STARTS.iter().find(|start| line.starts_with(start)) {
        return Some(Some(start.len()));
    }
    let may_start = !is_complete && STARTS.iter().any(|start| start.starts_with(line));
    (!may_start).then_some(None)
}

/// Returns `true` if the text of a line, which starts at `at`, ends in a line feed. So does the text of a line that is
/// broken, to which nothing can be joined.
fn has_text_end(line: &[u8], mut at: usize) -> bool {
    let mut is_line_feed = false;
    while let Some(offset) = memchr::memchr2(b'"', b'\\', line.get(at..).unwrap_or_default()) {
        at += offset;
        if line[at] == b'"' {
            steps::add(at);
            return is_line_feed;
        }
        // After a run of escaped backslashes, an `n` is a letter.
        is_line_feed = line.get(at + 1) == Some(&b'n') && line.get(at + 2) == Some(&b'"');
        at += 2;
    }
    steps::add(line.len());
    true
}
