//! Converts entries of a document to paths: JSON Pointers, and dotted paths for people.
//!
//! Entries are converted in ascending order, in one pass over the document, so that fifty thousand
//! diagnostics of one payload cost one pass and not fifty thousand.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::document::{Document, Node, Tag};
use crate::secrets::{self, Masking};
use crate::steps;

/// The path from the root to a value, in two notations.
#[derive(Debug, Default)]
pub(crate) struct Path {
    /// The JSON Pointer (RFC 6901), such as `/Events/3/Value`; empty for the root. Secrets in names
    /// are masked.
    pub(crate) pointer: String,
    /// The dotted path, such as `Events[3].Value`; empty for the root. Secrets in names are masked,
    /// and long names truncated.
    pub(crate) dotted: String,
}

impl Path {
    /// Returns the pointer, or the longest start of it that leads to a value and has at most
    /// `max_length` bytes.
    pub(crate) fn pointer_within(&self, max_length: usize) -> &str {
        if self.pointer.len() <= max_length {
            return &self.pointer;
        }
        let end = memchr::memrchr(b'/', &self.pointer.as_bytes()[..=max_length]);
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

    fn push_name(&mut self, name: &str, is_secret: bool, masking: Masking) {
        steps::add(name.len());
        // The name is masked on its own and before it is truncated, since a part of a token may not
        // be recognised in a longer text.
        let masked = if is_secret && masking == Masking::On {
            Cow::Owned("*".repeat(name.chars().count().min(MAX_NAME_LENGTH)))
        } else {
            masking.mask(name)
        };
        self.pointer.push('/');
        for character in masked.chars() {
            match character {
                '~' => self.pointer.push_str("~0"),
                '/' => self.pointer.push_str("~1"),
                other => self.pointer.push(other),
            }
        }
        // A name of asterisks alone is quoted.
        let name = if is_secret { &masked } else { name };
        if masked.chars().nth(MAX_NAME_LENGTH).is_none() {
            return push_dotted(&mut self.dotted, name, &masked);
        }
        let end = masked.char_indices().nth(MAX_NAME_LENGTH);
        let start = end.map_or(&*masked, |(end, _)| &masked[..end]);
        push_dotted(&mut self.dotted, name, &format!("{start}…"));
    }
}

/// The maximum number of characters of a name in a dotted path.
const MAX_NAME_LENGTH: usize = 100;

/// Adds a property to a dotted path, written as `shown`. A name that could be misread is written as
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

/// Converts ascending entry indices of one document to paths.
#[derive(Debug)]
pub(crate) struct Paths<'d> {
    document: &'d Document<'d>,
    masking: Masking,
    /// The containers around the last entry, outermost first.
    containers: Vec<Container>,
    path: Path,
}

/// A container around the last entry.
#[derive(Debug)]
struct Container {
    /// The index of the entry after the container.
    end: u32,
    /// The index of the next child (in an object, of its name), and its number.
    child: u32,
    number: usize,
    is_object: bool,
    /// Whether the container is secret or nested in a secret value, so that its names are secret,
    /// too.
    is_secret: bool,
    /// The lengths of the container's path.
    lengths: (usize, usize),
}

impl<'d> Paths<'d> {
    pub(crate) fn new(document: &'d Document<'d>, masking: Masking) -> Self {
        let mut paths = Self {
            document,
            masking,
            containers: Vec::new(),
            path: Path::default(),
        };
        paths.enter(document.root(), false);
        paths
    }

    /// Returns the path of a value, or the path of the property if the entry is a name. The index
    /// must not be lower than that of an earlier call.
    pub(crate) fn path(&mut self, index: u32) -> &Path {
        while self.containers.len() > 1
            && self
                .containers
                .last()
                .is_some_and(|container| container.end <= index)
        {
            self.containers.pop();
        }
        while let Some(container) = self.containers.last_mut() {
            steps::add(1);
            self.path.truncate(container.lengths);
            if index < container.child || container.child >= container.end {
                break; // The entry is the container.
            }
            let first = self.document.node(container.child);
            let value = self
                .document
                .node(container.child + u32::from(container.is_object));
            if value.next_index() <= index {
                container.child = value.next_index();
                container.number += 1;
                continue;
            }
            let mut is_secret = container.is_secret;
            if container.is_object {
                let name = first.as_str().unwrap_or_default();
                self.path.push_name(&name, is_secret, self.masking);
                is_secret |= secrets::is_secret_name(&name);
            } else {
                self.path.push_item(container.number);
            }
            if index <= value.index() {
                break;
            }
            self.enter(value, is_secret);
        }
        &self.path
    }

    /// Returns the path of the last call.
    pub(crate) fn into_path(self) -> Path {
        self.path
    }

    fn enter(&mut self, node: Node<'d>, is_secret: bool) {
        self.containers.push(Container {
            end: node.next_index(),
            child: node.index() + 1,
            number: 0,
            is_object: node.tag() == Tag::Object,
            is_secret,
            lengths: self.path.lengths(),
        });
    }
}
