//! A text that was written into another one, with the place of each byte.

use std::ops::Range;

/// A text that another one was written into.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// The text.
    pub text: Vec<u8>,
    /// For each byte of the inner text, where it stands.
    pub places: Vec<Range<usize>>,
}

impl Written {
    /// Adds bytes that are not of the inner text.
    pub fn raw(&mut self, text: impl AsRef<[u8]>) {
        self.text.extend_from_slice(text.as_ref());
    }

    /// Adds the next bytes of the inner text as they are.
    pub fn copy(&mut self, inner: &[u8]) {
        let start = self.text.len();
        self.places
            .extend((start..start + inner.len()).map(|at| at..at + 1));
        self.raw(inner);
    }

    /// Adds what stands for the next `length` bytes of the inner text.
    pub fn unit(&mut self, length: usize, outer: impl AsRef<[u8]>) {
        let start = self.text.len();
        self.raw(outer);
        let place = start..self.text.len();
        self.places.extend(std::iter::repeat_n(place, length));
    }

    /// Returns where a range of the inner text stands.
    pub fn place(&self, inner: Range<usize>) -> Range<usize> {
        if inner.is_empty() {
            let at = match inner.start.checked_sub(1) {
                Some(last) => self.places[last].end,
                None => self.places[0].start,
            };
            return at..at;
        }
        self.places[inner.start].start..self.places[inner.end - 1].end
    }
}
