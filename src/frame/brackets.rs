//! The open brackets of a value, and what was seen after each of them.
//!
//! The brackets of a broken value may never be closed. Such a value ends before the first line that
//! could start the next payload; but to learn that it is broken, it may have been scanned up to the
//! end of the stream, and the next payload may be broken as well. To scan again from there would
//! take a hundred times as long for a hundred broken payloads.
//!
//! So for each open bracket this keeps what a scan that had started there would know by now. The
//! scan of the next value continues with that.

/// An open bracket, and what was seen after it.
#[derive(Debug)]
struct Bracket {
    /// The offset of the bracket.
    offset: usize,
    is_array: bool,
    /// Whether a line break was seen.
    has_line_break: bool,
    /// The offset of the first bracket that could start the next payload.
    next_payload: Option<usize>,
    /// The end of the bracket's line, if that is inside of a string.
    unclosed_string: Option<usize>,
}

/// The open brackets of a value, the outermost first.
#[derive(Debug, Default)]
pub(super) struct Brackets {
    open: Vec<Bracket>,
    /// The number of brackets at the front of `open` that are not part of the value: those of
    /// broken values around it.
    outside: usize,
    /// The number of open brackets that are too deep to be kept in `open`.
    too_deep: usize,
    /// The maximum depth of a value.
    max_depth: usize,
}

impl Brackets {
    /// Creates an empty stack for a value of at most `max_depth` levels.
    pub(super) fn new(max_depth: usize) -> Self {
        Self {
            max_depth,
            ..Self::default()
        }
    }

    /// Removes all brackets, and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.open.clear();
        self.outside = 0;
        self.too_deep = 0;
    }

    /// Returns the number of open levels in the value.
    pub(super) fn depth(&self) -> usize {
        self.open.len() - self.outside + self.too_deep
    }

    /// Returns `true` if no further level may be opened.
    pub(super) fn is_full(&self) -> bool {
        self.depth() >= self.max_depth
    }

    /// Returns `true` if the innermost bracket is that of an array.
    pub(super) fn is_in_array(&self) -> bool {
        self.open.last().is_some_and(|bracket| bracket.is_array)
    }

    /// Returns `true` if the value has more than one line so far.
    pub(super) fn has_line_break(&self) -> bool {
        self.outermost()
            .is_some_and(|bracket| bracket.has_line_break)
    }

    /// Returns the offset of the first bracket in the value that could start the next payload.
    pub(super) fn next_payload(&self) -> Option<usize> {
        self.outermost()?.next_payload
    }

    /// Returns the bracket that the value starts with.
    fn outermost(&self) -> Option<&Bracket> {
        self.open.get(self.outside)
    }

    /// Adds an opening bracket.
    pub(super) fn push(&mut self, offset: usize, is_array: bool) {
        // A value inside of this one may go on where this one is too deep, so twice the maximum is
        // kept. What would be too deep even for such a value is only counted, since there may be
        // millions of levels.
        if self.depth() >= 2 * self.max_depth {
            self.too_deep += 1;
            return;
        }
        self.open.push(Bracket {
            offset,
            is_array,
            has_line_break: false,
            next_payload: None,
            unclosed_string: None,
        });
    }

    /// Removes the innermost bracket, if there is one in the value.
    pub(super) fn pop(&mut self) {
        if self.too_deep > 0 {
            self.too_deep -= 1;
        } else if self.open.len() > self.outside {
            self.open.pop();
        }
    }

    // What comes after a bracket comes after those around it too. So where a bracket has a record
    // already, those around it have one as well, and each bracket is visited once.

    /// Records a line break.
    pub(super) fn record_line_break(&mut self) {
        self.innermost_first()
            .take_while(|bracket| !bracket.has_line_break)
            .for_each(|bracket| bracket.has_line_break = true);
    }

    /// Records that a string is not closed at the end of its line.
    pub(super) fn record_unclosed_string(&mut self, line_end: usize) {
        self.innermost_first()
            .take_while(|bracket| !bracket.has_line_break)
            .for_each(|bracket| bracket.unclosed_string = Some(line_end));
    }

    /// Records a bracket that could start the next payload.
    pub(super) fn record_next_payload(&mut self, offset: usize) {
        self.innermost_first()
            .take_while(|bracket| bracket.next_payload.is_none())
            .for_each(|bracket| bracket.next_payload = Some(offset));
    }

    fn innermost_first(&mut self) -> impl Iterator<Item = &mut Bracket> {
        self.open.iter_mut().rev()
    }

    /// Makes the bracket at `offset` the one that the value starts with. Returns `false`, and
    /// changes nothing, if that bracket isn't open, or if its line ends inside of a string and
    /// `ends_value` returns `true` for the end of that line.
    pub(super) fn enter(&mut self, offset: usize, ends_value: impl FnOnce(usize) -> bool) -> bool {
        let index = self
            .open
            .binary_search_by_key(&offset, |bracket| bracket.offset);
        let Ok(index) = index else {
            return false;
        };
        if self.open[index].unclosed_string.is_some_and(ends_value) {
            return false;
        }
        self.outside = index;
        // Brackets outside are removed now and then, many at once.
        if self.outside > 2 * self.max_depth {
            self.open.drain(..self.outside);
            self.outside = 0;
        }
        true
    }
}
