//! Checks the syntax of one JSON value as its bytes arrive.
//!
//! In text that is not JSON, a bracket may start an object or be anything else. A strict scan finds
//! out with the fewest bytes: it ends at the first byte that no JSON has at its place, so that a
//! stray bracket never hides the lines after it.
//!
//! A value that breaks is not scanned again. What the scan has learnt is kept: the objects inside of
//! it that are complete, the ones that are still open, and which names of payloads each of these
//! has.

#[cfg(test)]
mod tests;
mod token;

use crate::document::plain_length;
use crate::steps;

use super::names::Names;
use token::{Number, escape_length, skip_number};

/// Where a value ends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum JsonEnd {
    /// Not in the bytes that have arrived.
    #[default]
    Unknown,
    /// After this length.
    Complete(usize),
    /// It is not JSON: this is the offset of the first invalid byte.
    Broken(usize),
}

/// What may come next.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum State {
    /// The bracket of the value.
    #[default]
    Start,
    /// A name or `}`.
    FirstName,
    /// A name.
    Name,
    /// The rest of a name.
    InName,
    Colon,
    /// A value or `]`.
    FirstItem,
    Value,
    /// The rest of a string.
    InString,
    /// The rest of a word, `JsonScan::word`.
    InWord,
    InNumber(Number),
    /// A comma or a closing bracket.
    Separator,
}

/// An open bracket.
#[derive(Debug)]
struct Level {
    offset: usize,
    /// The number of complete objects when it was opened.
    inner_objects: usize,
    /// The offset of the first brace inside that starts a line.
    line_brace: Option<usize>,
    /// The names of an object, or those of the items of an array.
    names: Names,
    /// The name of the property that was scanned last.
    property: Names,
    is_array: bool,
}

/// The scan of a value that starts with a bracket.
#[derive(Debug, Default)]
pub(super) struct JsonScan {
    max_depth: usize,
    scanned: usize,
    state: State,
    end: JsonEnd,
    /// The bytes that must follow in a word.
    word: &'static [u8],
    levels: Vec<Level>,
    /// The start and the end of each object that is complete and in no other complete one.
    objects: Vec<(usize, usize)>,
    /// The offset of the string that was scanned last.
    last_string: usize,
    /// Whether a name with its colon was scanned.
    has_colon: bool,
    /// Whether the value is an object or array with nothing in it.
    is_empty: bool,
    /// The names of the outermost object, once that is complete.
    root_names: Names,
}

/// An object in a broken value, as the scan knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inner {
    /// Complete, with this end.
    Complete(usize),
    /// Open where the value breaks; the index of its level.
    Open(usize),
    /// None: the bracket is part of a string.
    String,
    /// Not known.
    Unknown,
}

/// Searches the objects of a broken value by ascending offsets.
#[derive(Debug, Default)]
pub(super) struct InnerCursor {
    level: usize,
    object: usize,
}

impl JsonScan {
    /// Creates the scan of a value with at most `max_depth` levels of brackets.
    pub(super) fn new(max_depth: usize) -> Self {
        Self {
            max_depth,
            ..Self::default()
        }
    }

    /// Starts the scan of another value, and keeps the memory.
    pub(super) fn reset(&mut self) {
        let (mut levels, mut objects) = (
            std::mem::take(&mut self.levels),
            std::mem::take(&mut self.objects),
        );
        levels.clear();
        objects.clear();
        *self = Self {
            max_depth: self.max_depth,
            levels,
            objects,
            ..Self::default()
        };
    }

    /// Continues the scan. `bytes` are those of the earlier calls and what has arrived since.
    pub(super) fn scan(&mut self, bytes: &[u8]) -> JsonEnd {
        if self.end == JsonEnd::Unknown {
            let before = self.scanned;
            self.end = self.find_end(bytes);
            steps::add(self.scanned - before);
            if matches!(self.end, JsonEnd::Broken(_)) {
                self.add_open_values();
            }
        }
        self.end
    }

    /// Ends the scan: no byte follows.
    pub(super) fn finish(&mut self, length: usize) -> JsonEnd {
        if self.end == JsonEnd::Unknown {
            self.end = JsonEnd::Broken(length);
            self.add_open_values();
        }
        self.end
    }

    /// Returns `true` if the complete value has nothing in its brackets.
    pub(super) fn is_empty(&self) -> bool {
        self.is_empty
    }

    /// Returns the names of the outermost object that were scanned so far.
    pub(super) fn root_names(&self) -> Names {
        self.levels
            .first()
            .map_or(self.root_names, |level| level.names)
    }

    /// Returns `true` if the value breaks where the first name of the outermost object is expected.
    pub(super) fn is_before_first_name(&self) -> bool {
        self.state == State::FirstName && self.levels.len() == 1
    }

    /// Returns `true` if the value breaks after the first name in it.
    pub(super) fn is_after_first_name(&self) -> bool {
        self.state == State::Colon && !self.has_colon
    }

    /// Returns `true` if the value breaks inside of a string.
    pub(super) fn is_in_string(&self) -> bool {
        matches!(self.state, State::InName | State::InString)
    }

    /// Returns the names of the open object.
    pub(super) fn names(&self, level: usize) -> Names {
        let level = &self.levels[level];
        if level.is_array {
            Names::NONE
        } else {
            level.names
        }
    }

    /// Returns the offset of the open bracket.
    pub(super) fn offset(&self, level: usize) -> usize {
        self.levels[level].offset
    }

    /// Returns the number of levels that are open from this one on.
    pub(super) fn open_levels(&self, level: usize) -> usize {
        self.levels.len() - level
    }

    /// Returns the offset of the first brace in the open object that starts a line.
    pub(super) fn line_brace(&self, level: usize) -> Option<usize> {
        self.levels[level].line_brace
    }

    /// Returns what the brace at an offset before the end of a broken value is. Offsets must
    /// ascend.
    pub(super) fn inner(&self, cursor: &mut InnerCursor, offset: usize) -> Inner {
        while let Some(level) = self.levels.get(cursor.level)
            && level.offset < offset
        {
            cursor.level += 1;
        }
        while let Some((start, _)) = self.objects.get(cursor.object)
            && *start < offset
        {
            cursor.object += 1;
        }
        if self
            .levels
            .get(cursor.level)
            .is_some_and(|level| level.offset == offset)
        {
            return Inner::Open(cursor.level);
        }
        match self.objects.get(cursor.object) {
            Some((start, end)) if *start == offset => Inner::Complete(*end),
            _ if offset < self.last_string => Inner::String,
            _ => Inner::Unknown,
        }
    }

    fn find_end(&mut self, bytes: &[u8]) -> JsonEnd {
        let (mut at, mut state) = (self.scanned, self.state);
        let end = loop {
            match state {
                State::InName | State::InString => {
                    at += plain_length(&bytes[at..]);
                    match bytes.get(at) {
                        None => break JsonEnd::Unknown,
                        Some(b'"') => {}
                        Some(b'\\') => match escape_length(&bytes[at..]) {
                            JsonEnd::Complete(length) => {
                                at += length;
                                continue;
                            }
                            JsonEnd::Unknown => break JsonEnd::Unknown,
                            JsonEnd::Broken(offset) => break JsonEnd::Broken(at + offset),
                        },
                        Some(_) => break JsonEnd::Broken(at),
                    }
                    let next = bytes.get(at + 1);
                    if state == State::InString {
                        at += 1;
                        state = State::Separator;
                        continue;
                    }
                    self.add_name(&bytes[self.last_string + 1..at]);
                    at += 1;
                    state = State::Colon;
                    // Nearly always the colon comes next.
                    if next == Some(&b':') {
                        at += 1;
                        self.has_colon = true;
                        state = State::Value;
                    }
                }
                State::InNumber(number) => {
                    let (end, number) = skip_number(number, &bytes[at..]);
                    match end {
                        JsonEnd::Complete(length) => {
                            at += length;
                            state = State::Separator;
                        }
                        JsonEnd::Unknown => {
                            at = bytes.len();
                            state = State::InNumber(number);
                            break JsonEnd::Unknown;
                        }
                        JsonEnd::Broken(length) => break JsonEnd::Broken(at + length),
                    }
                }
                State::InWord => match self.word.split_first() {
                    None => state = State::Separator,
                    Some((expected, rest)) => match bytes.get(at) {
                        None => break JsonEnd::Unknown,
                        Some(byte) if byte == expected => {
                            at += 1;
                            self.word = rest;
                        }
                        Some(_) => break JsonEnd::Broken(at),
                    },
                },
                _ => {
                    let Some(&byte) = bytes.get(at) else {
                        break JsonEnd::Unknown;
                    };
                    let Some(next) = self.next_state(state, byte, at, bytes) else {
                        break JsonEnd::Broken(at);
                    };
                    state = next;
                    at += 1;
                    if self.levels.is_empty() {
                        break JsonEnd::Complete(at);
                    }
                }
            }
        };
        (self.scanned, self.state) = (at, state);
        end
    }

    /// Returns the state after a byte outside of strings and other tokens, if it may stand there.
    #[inline]
    fn next_state(&mut self, state: State, byte: u8, at: usize, bytes: &[u8]) -> Option<State> {
        let next = match (state, byte) {
            (_, b' ' | b'\n' | b'\t' | b'\r') => state,
            (State::FirstName | State::Name, b'"') => {
                self.last_string = at;
                State::InName
            }
            (State::Value | State::FirstItem, b'"') => {
                self.last_string = at;
                State::InString
            }
            (State::Colon, b':') => {
                self.has_colon = true;
                State::Value
            }
            (State::Separator, b',') if self.is_in_array() => State::Value,
            (State::Separator, b',') => State::Name,
            (State::Start | State::Value | State::FirstItem, b'{' | b'[') => {
                if self.levels.len() >= self.max_depth {
                    return None;
                }
                self.open(byte, at, bytes);
                if byte == b'[' {
                    State::FirstItem
                } else {
                    State::FirstName
                }
            }
            (State::FirstItem, b']') | (State::FirstName, b'}') => {
                self.close(true, at + 1);
                State::Separator
            }
            (State::Separator, b'}' | b']') if self.is_in_array() == (byte == b']') => {
                self.close(false, at + 1);
                State::Separator
            }
            (State::Value | State::FirstItem, _) => return self.start_scalar(byte),
            _ => return None,
        };
        Some(next)
    }

    /// Returns the state after the first byte of a number or a word.
    fn start_scalar(&mut self, byte: u8) -> Option<State> {
        let number = match byte {
            b'-' => Number::Minus,
            b'0' => Number::Zero,
            b'1'..=b'9' => Number::Integer,
            _ => {
                self.word = match byte {
                    b't' => b"rue",
                    b'f' => b"alse",
                    b'n' => b"ull",
                    _ => return None,
                };
                return Some(State::InWord);
            }
        };
        Some(State::InNumber(number))
    }

    fn is_in_array(&self) -> bool {
        self.levels.last().is_some_and(|level| level.is_array)
    }

    /// Opens a bracket.
    fn open(&mut self, byte: u8, offset: usize, bytes: &[u8]) {
        if byte == b'{' && offset > 0 && bytes[offset - 1] == b'\n' {
            // Where a level has a brace already, those around it have one as well.
            self.levels
                .iter_mut()
                .rev()
                .take_while(|level| level.line_brace.is_none())
                .for_each(|level| level.line_brace = Some(offset));
        }
        self.levels.push(Level {
            offset,
            inner_objects: self.objects.len(),
            line_brace: None,
            names: Names::NONE,
            property: Names::NONE,
            is_array: byte == b'[',
        });
    }

    /// Closes the innermost bracket. The value ends at the offset `end`.
    fn close(&mut self, is_empty: bool, end: usize) {
        let Some(level) = self.levels.pop() else {
            return;
        };
        if let Some(outer) = self.levels.last_mut() {
            outer.add_value(level.names);
        } else {
            self.root_names = level.names;
            self.is_empty = is_empty;
        }
        if !level.is_array && !is_empty {
            self.objects.truncate(level.inner_objects);
            self.objects.push((level.offset, end));
        }
    }

    /// Adds the names of the open values to what is known of the values around them.
    fn add_open_values(&mut self) {
        let mut names = Names::NONE;
        for level in self.levels.iter_mut().rev() {
            level.add_value(names);
            names = level.names;
        }
        steps::add(self.levels.len());
    }

    /// Adds the name of a property to the innermost object.
    fn add_name(&mut self, name: &[u8]) {
        let name = Names::of(name);
        if let Some(level) = self.levels.last_mut() {
            level.property = name;
            level.names.add(name);
        }
    }
}

impl Level {
    /// Adds the names of a value inside of this one.
    fn add_value(&mut self, names: Names) {
        if self.is_array {
            self.names.add(names);
        } else {
            self.names.add_value(self.property, names);
        }
    }
}
