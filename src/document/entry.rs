//! The entry of a value or name in the tape of a document.
//!
//! A message of a million events has seven million entries. While they are made, nearly half of the time is spent by
//! the system to provide their memory. So an entry has only 12 bytes: the type of a value is known from its first byte
//! in the text, and the highest bits of offsets are flags.

/// The type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tag {
    Null,
    False,
    True,
    Number,
    String,
    Array,
    Object,
}

impl Tag {
    /// Returns the type of the valid value that starts with a byte.
    #[inline]
    pub(super) fn of(first: u8) -> Self {
        match first {
            b'"' => Self::String,
            b'{' => Self::Object,
            b'[' => Self::Array,
            b'n' => Self::Null,
            b'f' => Self::False,
            b't' => Self::True,
            _ => Self::Number,
        }
    }
}

/// The maximum length of a text in bytes: offsets have 31 bits. There are no more entries than bytes.
pub(super) const MAX_LENGTH: usize = FLAG as usize - 1;

/// The bit of an offset or index that is a flag.
const FLAG: u32 = 1 << 31;

/// A value or a property name, with its span in the text.
///
/// An array is followed by its items, an object by alternating names and values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The start, and whether this is a string with at least one backslash.
    start: u32,
    /// The end, and whether this is a string of a class that is plain.
    end: u32,
    /// The index of the next entry, and whether this is a name that is repeated later.
    next: u32,
}

const _: () = assert!(size_of::<Entry>() == 12);

impl Entry {
    /// Creates an entry without flags. The span includes quotes and brackets.
    #[inline]
    pub(super) fn new(start: u32, end: u32, next: u32) -> Self {
        Self { start, end, next }
    }

    /// Returns the offset of the first byte, including quotes and brackets.
    #[inline]
    pub(crate) fn start(self) -> usize {
        (self.start & !FLAG) as usize
    }

    /// Returns the offset of the end, including quotes and brackets.
    #[inline]
    pub(crate) fn end(self) -> usize {
        (self.end & !FLAG) as usize
    }

    /// Returns the index of the entry after this one and its descendants.
    #[inline]
    pub(super) fn next(self) -> u32 {
        self.next & !FLAG
    }

    /// Returns `true` if this is a name without a backslash, and has this number of bytes with its quotes.
    #[inline]
    pub(super) fn is_name_of_length(self, length: usize) -> bool {
        // With a backslash, the flag makes the difference too large. Names are never plain.
        self.end.wrapping_sub(self.start) as usize == length
    }

    /// Returns `true` if this is a string with at least one backslash.
    #[inline]
    pub(super) fn is_escaped(self) -> bool {
        self.start & FLAG != 0
    }

    /// Returns `true` if this is a string of a class that is plain: see [`Classify::is_plain`](super::Classify::is_plain).
    /// It is known only if the document was read by its layout.
    #[inline]
    pub(super) fn is_plain(self) -> bool {
        self.end & FLAG != 0
    }

    /// Returns `true` if this is a name that is repeated later in the same object, so that its value is ignored.
    #[inline]
    pub(super) fn is_shadowed(self) -> bool {
        self.next & FLAG != 0
    }

    /// Sets the end of an array or object, and the index of the next entry.
    #[inline]
    pub(super) fn close(&mut self, end: u32, next: u32) {
        (self.end, self.next) = (end, next);
    }

    /// Sets the end of a string without escapes, and whether its class is plain.
    #[inline]
    pub(super) fn end_string(&mut self, end: u32, is_plain: bool) {
        self.end = end | if is_plain { FLAG } else { 0 };
    }

    /// Marks a string with at least one backslash.
    pub(super) fn set_escaped(&mut self) {
        self.start |= FLAG;
    }

    /// Marks a name that is repeated later in the same object.
    pub(super) fn set_shadowed(&mut self) {
        self.next |= FLAG;
    }

    /// Returns the entry with its span moved by `offset`, and the index of the next one by `index`.
    #[inline]
    pub(super) fn moved(self, offset: u32, index: u32) -> Self {
        Self {
            start: offset + self.start,
            end: offset + self.end,
            next: index + self.next,
        }
    }

    /// Returns the entry with another index of the next one.
    pub(super) fn with_next(self, next: u32) -> Self {
        Self {
            next: next | self.next & FLAG,
            ..self
        }
    }

    /// Returns the entry as the parser makes it, for comparison with one that was made by a layout.
    #[cfg(test)]
    pub(crate) fn without_plain_flag(self) -> Self {
        Self {
            end: self.end & !FLAG,
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parser::offset;

    /// All combinations of flags, with the largest offsets.
    #[test]
    fn flags_change_nothing_else() {
        let max = offset(MAX_LENGTH);
        for flags in 0..8 {
            let [is_escaped, is_plain, is_shadowed] = [1, 2, 4].map(|flag| flags & flag != 0);
            let mut entry = Entry::new(max, 0, max);
            if is_escaped {
                entry.set_escaped();
            }
            entry.end_string(max, is_plain);
            if is_shadowed {
                entry.set_shadowed();
            }
            assert_eq!((entry.start(), entry.end()), (MAX_LENGTH, MAX_LENGTH));
            assert_eq!(entry.next(), max);
            let found = (entry.is_escaped(), entry.is_plain(), entry.is_shadowed());
            assert_eq!(found, (is_escaped, is_plain, is_shadowed));
            let with_next = entry.with_next(5);
            assert_eq!(
                (with_next.next(), with_next.is_shadowed()),
                (5, is_shadowed)
            );
        }
    }

    #[test]
    fn entries_are_moved_with_their_flags() {
        let mut entry = Entry::new(1, 2, 3);
        entry.set_escaped();
        entry.end_string(2, true);
        let moved = entry.moved(10, 20);
        assert_eq!((moved.start(), moved.end(), moved.next()), (11, 12, 23));
        assert!(moved.is_escaped() && moved.is_plain());
    }
}
