//! The brackets that are open inside a value, and what was seen behind each of them.
//!
//! A broken value gives its text back up to the first line that could be the next payload, which may
//! have been read to the far end of the stream by then, and may be broken as well. To read it again
//! from there for each of a hundred such lines would take a hundred times as long. So what was seen
//! is kept for each open bracket, as if it were a value of its own: the next value takes that over.

/// An open bracket.
#[derive(Debug)]
struct Open {
    /// Where it is.
    at: usize,
    is_array: bool,
    /// Whether a line has ended behind it.
    has_lines: bool,
    /// The first place behind it where another payload could start.
    candidate: Option<usize>,
    /// The end of its line, if a string is not closed there.
    unclosed: Option<usize>,
}

/// The brackets that are open, the outermost first.
#[derive(Debug, Default)]
pub(super) struct Brackets {
    open: Vec<Open>,
    /// Those that are open around the value, by now broken and done with.
    outer: usize,
    /// How many brackets are open inside of these.
    deeper: usize,
    /// How many levels a value may have.
    levels: usize,
}

impl Brackets {
    /// No brackets, of values that may have so many levels.
    pub(super) fn within(levels: usize) -> Self {
        Self {
            levels,
            ..Self::default()
        }
    }

    /// Forgets all brackets, and keeps the memory for others.
    pub(super) fn clear(&mut self) {
        self.open.clear();
        self.outer = 0;
        self.deeper = 0;
    }

    /// How many levels are open in the value.
    pub(super) fn depth(&self) -> usize {
        self.open.len() - self.outer + self.deeper
    }

    /// Whether no further level may be opened.
    pub(super) fn is_full(&self) -> bool {
        self.depth() >= self.levels
    }

    pub(super) fn push(&mut self, at: usize, is_array: bool) {
        // A value inside of this one may be read on where this one is too deep. What would be too
        // deep even in the innermost of those is only counted: there may be millions of levels.
        if self.depth() >= 2 * self.levels {
            self.deeper += 1;
            return;
        }
        self.open.push(Open {
            at,
            is_array,
            has_lines: false,
            candidate: None,
            unclosed: None,
        });
    }

    pub(super) fn pop(&mut self) {
        if self.deeper > 0 {
            self.deeper -= 1;
        } else if self.open.len() > self.outer {
            self.open.pop();
        }
    }

    /// Whether the innermost bracket is an array's.
    pub(super) fn is_in_array(&self) -> bool {
        self.open.last().is_some_and(|open| open.is_array)
    }

    /// Notes the end of a line. Only the innermost brackets have not seen one before, here and below.
    pub(super) fn end_line(&mut self) {
        let inner = self.open.iter_mut().rev();
        inner
            .take_while(|open| !open.has_lines)
            .for_each(|open| open.has_lines = true);
    }

    /// Notes that a string is not closed at the end of its line.
    pub(super) fn unclosed(&mut self, at: usize) {
        let inner = self.open.iter_mut().rev();
        inner
            .take_while(|open| !open.has_lines)
            .for_each(|open| open.unclosed = Some(at));
    }

    /// Notes a place where another payload could start.
    pub(super) fn candidate(&mut self, at: usize) {
        let inner = self.open.iter_mut().rev();
        inner
            .take_while(|open| open.candidate.is_none())
            .for_each(|open| open.candidate = Some(at));
    }

    /// Whether a line has ended in the value.
    pub(super) fn has_lines(&self) -> bool {
        self.own().is_some_and(|open| open.has_lines)
    }

    /// Returns the first place in the value where another payload could start.
    pub(super) fn first_candidate(&self) -> Option<usize> {
        self.own()?.candidate
    }

    fn own(&self) -> Option<&Open> {
        self.open.get(self.outer)
    }

    /// Makes the bracket at a place that of the value, if it is open, and unless the value would end
    /// at the end of its first line, where a string is not closed: that is given.
    pub(super) fn enter(&mut self, at: usize, ends: impl FnOnce(usize) -> bool) -> bool {
        let number = self.open.binary_search_by_key(&at, |open| open.at);
        let Ok(number) = number else {
            return false;
        };
        if self.open[number].unclosed.is_some_and(ends) {
            return false;
        }
        self.outer = number;
        if self.outer > 2 * self.levels {
            self.open.drain(..self.outer);
            self.outer = 0;
        }
        true
    }
}
