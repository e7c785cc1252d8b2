//! Where things stand: byte offsets to lines and columns, entries to pointers.
//!
//! Both are found by walking forward once over what was asked for in text order, so that fifty
//! thousand findings in one payload cost one walk and not fifty thousand.

use std::fmt::Write as _;

use crate::secrets;

use super::{Document, Node, Tag};
use crate::steps;

/// A place in an input, both numbers from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: u64,
    /// The character in the line.
    pub column: u64,
}

impl Position {
    /// Where a text starts that nothing precedes.
    pub const START: Self = Self { line: 1, column: 1 };

    /// The place behind `text`, which starts here. Bytes that are not UTF-8 count as the
    /// replacement characters that stand for them.
    #[must_use]
    pub fn after(self, text: &[u8]) -> Self {
        steps::add(text.len());
        match memchr::memrchr(b'\n', text) {
            None => Self {
                column: self.column + characters(text),
                ..self
            },
            Some(last) => Self {
                line: self.line + memchr::memchr_iter(b'\n', text).count() as u64,
                column: 1 + characters(&text[last + 1..]),
            },
        }
    }
}

fn characters(text: &[u8]) -> u64 {
    if text.is_ascii() {
        return text.len() as u64;
    }
    text.utf8_chunks()
        .map(|chunk| {
            let valid = chunk.valid().chars().count();
            valid as u64 + u64::from(!chunk.invalid().is_empty())
        })
        .sum()
}

/// Turns ascending byte offsets of one text into positions.
#[derive(Debug)]
pub struct Positions<'t> {
    text: &'t [u8],
    offset: usize,
    position: Position,
}

impl<'t> Positions<'t> {
    /// For a text that starts at `start`.
    pub fn new(text: &'t [u8], start: Position) -> Self {
        Self {
            text,
            offset: 0,
            position: start,
        }
    }

    /// The position of a byte, which is not before any that was asked for earlier.
    pub fn at(&mut self, offset: usize) -> Position {
        let offset = offset.clamp(self.offset, self.text.len());
        self.position = self.position.after(&self.text[self.offset..offset]);
        self.offset = offset;
        self.position
    }
}

/// How a value is reached from the root, in both notations.
#[derive(Debug, Default)]
pub(crate) struct Path {
    /// The JSON pointer (RFC 6901): `/Events/3/Value`, empty for the root.
    pub(crate) pointer: String,
    /// As people write it: `Events[3].Value`, empty for the root. Of long names, which are masked,
    /// it has the first part.
    pub(crate) dotted: String,
}

impl Path {
    /// The pointer, or as much of it as leads to a value and has no more than `most` bytes.
    pub(crate) fn pointer_within(&self, most: usize) -> &str {
        if self.pointer.len() <= most {
            return &self.pointer;
        }
        let end = memchr::memrchr(b'/', &self.pointer.as_bytes()[..=most]);
        &self.pointer[..end.unwrap_or_default()]
    }

    fn truncate(&mut self, (pointer, dotted): (usize, usize)) {
        self.pointer.truncate(pointer);
        self.dotted.truncate(dotted);
    }

    fn lengths(&self) -> (usize, usize) {
        (self.pointer.len(), self.dotted.len())
    }

    fn push_item(&mut self, number: usize) {
        let _ = write!(self.pointer, "/{number}");
        let _ = write!(self.dotted, "[{number}]");
    }

    fn push_name(&mut self, name: &str, is_secret: bool) {
        steps::add(name.len());
        if is_secret && !secrets::are_shown() {
            let masked = "*".repeat(name.chars().count().min(LONGEST_NAME));
            return self.push_name(&masked, false);
        }
        self.pointer.push('/');
        for character in name.chars() {
            match character {
                '~' => self.pointer.push_str("~0"),
                '/' => self.pointer.push_str("~1"),
                other => self.pointer.push(other),
            }
        }
        // Masked as a name, and before it is cut: in a text around it, a part of a token may not be
        // known for one.
        let masked = secrets::mask(name);
        if name.chars().nth(LONGEST_NAME).is_none() {
            return push_dotted(&mut self.dotted, name, &masked);
        }
        let end = masked.char_indices().nth(LONGEST_NAME);
        let start = end.map_or(&*masked, |(end, _)| &masked[..end]);
        push_dotted(&mut self.dotted, name, &format!("{start}…"));
    }
}

/// How many characters of a name are in a dotted path.
const LONGEST_NAME: usize = 100;

/// Adds a property to a dotted path, as it is `shown`; a name that would be misread stands as
/// `["…"]`.
pub(crate) fn push_dotted(path: &mut String, name: &str, shown: &str) {
    let is_plain = |character: char| character.is_alphanumeric() || "_-$@".contains(character);
    if name.is_empty() || !name.chars().all(is_plain) {
        let _ = write!(path, "[{shown:?}]");
    } else {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(shown);
    }
}

/// Turns ascending entry indices of one document into paths.
#[derive(Debug)]
pub(crate) struct Paths<'d> {
    document: &'d Document<'d>,
    /// The containers that the last answer was found in, outermost first.
    open: Vec<Open>,
    path: Path,
}

#[derive(Debug)]
struct Open {
    /// The entry behind the container.
    end: u32,
    /// The next child to look at (a name, in an object), and its number.
    child: u32,
    number: usize,
    is_object: bool,
    /// Whether it is the value of a secret's name, or in such a value: then names are secret, too.
    is_secret: bool,
    /// The lengths of the container's own path.
    lengths: (usize, usize),
}

impl<'d> Paths<'d> {
    pub(crate) fn new(document: &'d Document<'d>) -> Self {
        let mut paths = Self {
            document,
            open: Vec::new(),
            path: Path::default(),
        };
        paths.enter(document.root(), false);
        paths
    }

    /// The path of a value, or of the property that a name names. Not before one asked earlier.
    pub(crate) fn of(&mut self, target: u32) -> &Path {
        while self.open.len() > 1 && self.open.last().is_some_and(|open| open.end <= target) {
            self.open.pop();
        }
        while let Some(open) = self.open.last_mut() {
            steps::add(1);
            self.path.truncate(open.lengths);
            if target < open.child || open.child >= open.end {
                break; // The container itself.
            }
            let first = self.document.node(open.child);
            let value = self.document.node(open.child + u32::from(open.is_object));
            if value.next_index() <= target {
                open.child = value.next_index();
                open.number += 1;
                continue;
            }
            let mut is_secret = open.is_secret;
            if open.is_object {
                let name = first.as_str().unwrap_or_default();
                self.path.push_name(&name, is_secret);
                is_secret |= secrets::is_secret_name(&name);
            } else {
                self.path.push_item(open.number);
            }
            if target <= value.index() {
                break;
            }
            self.enter(value, is_secret);
        }
        &self.path
    }

    fn enter(&mut self, container: Node<'d>, is_secret: bool) {
        self.open.push(Open {
            end: container.next_index(),
            child: container.index() + 1,
            number: 0,
            is_object: container.tag() == Tag::Object,
            is_secret,
            lengths: self.path.lengths(),
        });
    }
}
