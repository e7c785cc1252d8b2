//! Recognizes what starts with a line: HTTP messages, and lines that a logger split.

use crate::steps;

use super::cri::{self, CriScan};
use super::http::HttpScan;
use super::http_head::{is_first_line, is_short_request, may_be_first_line};
use super::view::View;
use super::{Scan, TextCutter};

/// The maximum length of the first line of an HTTP message.
const MAX_FIRST_LINE: usize = 16 << 10;

impl TextCutter {
    /// Returns what may start at the start of a line: `Some(None)` if nothing does, and `None` if that
    /// depends on bytes that have yet to arrive.
    #[expect(clippy::option_option, reason = "not yet known, nothing, something")]
    pub(super) fn examine_line_start(&mut self, view: View<'_>) -> Option<Option<Scan>> {
        let text = view.from(self.at);
        let Some(first) = text.first() else {
            return view.is_complete.then_some(None);
        };
        // Blank lines, comments and variables may stand before a request.
        self.may_be_request[1] = match first {
            b'#' => {
                let is_known = view.is_complete || text.len() > 2 || text.contains(&b'\n');
                if !is_known {
                    return None;
                }
                self.may_be_request[0] || text.starts_with(b"###")
            }
            b'\r' | b'\n' | b'@' | b'/' => self.may_be_request[0],
            _ => false,
        };
        if first.is_ascii_digit() {
            let start = cri::line_start(text, view.is_complete)?;
            return Some(
                start
                    .filter(|start| start.is_partial)
                    .map(|start| Scan::Cri(self.at, CriScan::new(start, self.limits.payload))),
            );
        }
        if !may_be_first_line(text) {
            return Some(None);
        }
        let text = &text[..text.len().min(MAX_FIRST_LINE)];
        let line_break = memchr::memchr(b'\n', text);
        let Some(line_break) = line_break else {
            let is_known = view.is_complete || text.len() == MAX_FIRST_LINE;
            return is_known.then_some(None);
        };
        steps::add(line_break);
        let line = &text[..line_break];
        let is_message = is_first_line(line) || (self.may_be_request[0] && is_short_request(line));
        let scan = || HttpScan::new(line_break + 1, self.limits.depth, self.limits.payload);
        Some(is_message.then(|| Scan::Http(self.at, Box::new(scan()))))
    }
}
