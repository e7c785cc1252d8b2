//! Payloads one after the other, on lines of their own or indented.

use std::io::{self, Write};

use crate::document::layout::{append_on_one_line, has_line_break, write_indented};
use crate::frame::{CaptureMode, Frames, Limits, Next};
use crate::report::{Chunk, Formatter, Record};

use super::{stray_text, syntax_error};

/// How a payload is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    Line,
    Indented,
}

/// Appends the text of each payload, and a line break.
pub(super) struct StreamFormatter(pub(super) Layout);

impl Formatter for StreamFormatter {
    fn format(&self, record: &Record<'_>, chunk: &mut Chunk) -> io::Result<()> {
        let text = record.found.text.text;
        if record.document.is_none() {
            if let Some(reason) = self.reason_to_leave_out(record) {
                chunk.left_out.add(record.found.text.start, || reason);
                return Ok(());
            }
            chunk.text.extend_from_slice(text);
        } else if self.0 == Layout::Indented {
            write_indented(text, &mut SpooledText(chunk))?;
        } else if has_line_break(text) {
            append_on_one_line(text, &mut chunk.text);
        } else {
            chunk.text.extend_from_slice(text);
        }
        chunk.text.push(b'\n');
        Ok(())
    }

    fn needs_checks(&self) -> bool {
        false
    }
}

impl StreamFormatter {
    /// Returns why a payload that is not JSON is left out, if it is.
    fn reason_to_leave_out(&self, record: &Record<'_>) -> Option<String> {
        let stray = stray_text(record);
        let text = record.found.text.text;
        stray.or_else(|| {
            let reason = match self.0 {
                Layout::Line if has_line_break(text) => {
                    "a broken payload of several lines is left out"
                }
                _ if !is_read_back(text, record.found.text.max_depth) => {
                    "a broken payload is left out, since its end would not be found again"
                }
                _ => return None,
            };
            let error = syntax_error(record);
            Some(format!("{reason}: {error}; --out-dir writes it to a file"))
        })
    }
}

/// Returns `true` if a text that is not JSON, followed by another payload, is read as the same text.
fn is_read_back(text: &[u8], max_depth: usize) -> bool {
    const NEXT: &[u8] = b"{\"Action\":1}";
    let stream = [text, b"\n", NEXT, b"\n"].concat();
    let limits = Limits {
        depth: max_depth,
        payload: usize::MAX,
    };
    let mut frames = Frames::from_bytes(stream)
        .with_limits(limits)
        .with_mode(CaptureMode::Json);
    let mut expected = [text, NEXT].into_iter();
    while let Ok(Next::Batch(batch)) = frames.next() {
        for frame in batch.frames() {
            if expected.next() != Some(frame.payload.text) {
                return false;
            }
        }
    }
    expected.next().is_none()
}

/// Appends to the text of a chunk. Indentation can be many times as long as the payload, so the text
/// does not stay in memory until that is complete.
struct SpooledText<'c>(&'c mut Chunk);

impl Write for SpooledText<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.text.extend_from_slice(bytes);
        self.0.spool()?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
