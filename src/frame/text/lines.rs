//! The current line of a text, and the number of lines that were skipped.

/// The current line, and the lines before it that no frame had a part of.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// The offset of the current line in the input.
    start: u64,
    /// The offset up to which the line is known to be blank.
    blank_end: u64,
    has_content: bool,
    has_frame: bool,
    skipped: u64,
}

impl Lines {
    /// Returns the offset of the current line.
    pub(super) fn start(&self) -> u64 {
        self.start
    }

    /// Returns `true` if a frame has a part of the current line.
    pub(super) fn has_frame(&self) -> bool {
        self.has_frame
    }

    /// Returns `true` if the line is blank up to the offset of which `text`, the bytes from `front`
    /// on, is the last that was seen.
    pub(super) fn is_blank(&mut self, text: &[u8], front: u64) -> bool {
        if self.has_content {
            return false;
        }
        let from = usize::try_from(self.blank_end.saturating_sub(front)).unwrap_or(text.len());
        let rest = text.get(from..).unwrap_or_default();
        let blank = rest
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count();
        crate::steps::add(blank);
        self.has_content |= blank < rest.len();
        self.blank_end = front + (from + blank) as u64;
        !self.has_content
    }

    /// Ends the current line, whose last bytes are `text`. The next one starts at `next`.
    pub(super) fn end(&mut self, text: &[u8], front: u64, next: u64) {
        if !self.has_frame && !self.is_blank(text, front) {
            self.skipped += 1;
        }
        self.start_at(next);
    }

    /// Starts a line at this offset.
    pub(super) fn start_at(&mut self, offset: u64) {
        self.start = offset;
        self.blank_end = offset;
        self.has_content = false;
        self.has_frame = false;
    }

    /// Records a frame that ends at this offset. The line of its end is the current one then.
    pub(super) fn record_frame(&mut self, frame: &[u8], end: u64) {
        if let Some(line_break) = memchr::memrchr(b'\n', frame) {
            self.start_at(end - (frame.len() - line_break - 1) as u64);
        }
        self.blank_end = end;
        // A frame may end with a line break, and have no part of the line after that.
        self.has_frame = self.start < end;
        self.has_content = self.has_frame;
    }

    /// Returns the number of lines that were skipped since the last call.
    pub(super) fn take_skipped(&mut self) -> u64 {
        std::mem::take(&mut self.skipped)
    }
}
