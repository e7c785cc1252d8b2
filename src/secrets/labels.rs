//! Secrets after a name, in a text that is not JSON, or not quite: members of broken objects,
//! headers, assignments, elements, form bodies, and prose.
//!
//! One pass over the words of the text. Each word that may be a name is looked at together with
//! what follows it; where its value ends is for [`values`](super::values) to say. What is found to
//! be a value is not looked at again, so the pass is linear.

use std::ops::Range;

use crate::document::MAX_DEPTH;
use crate::steps;

use super::names::{LONGEST, Meaning, Name, is_slip};
use super::values::Values;
use super::view::{Mark, View};
use super::{Finder, Form, What};

/// A name and what is around it.
#[derive(Debug, Clone)]
pub(super) struct Label {
    /// The name itself.
    pub(super) name: Range<usize>,
    /// Where it ends, with its closing quote.
    pub(super) end: usize,
    /// Whether it stands in quotes of its own.
    pub(super) is_quoted: bool,
    /// The first quote of the string that it stands in, if it stands in one.
    pub(super) around: Option<Mark>,
    /// Whether it stands in a string in single quotes.
    pub(super) is_single: bool,
    /// Whether it stands in a list, as an item.
    pub(super) is_item: bool,
}

/// What stands between a name and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Separator {
    Colon,
    /// An equals sign or an arrow.
    Equals {
        is_spaced: bool,
    },
    /// The end of an element's opening tag.
    Tag,
    /// A space, after an option of a command line.
    Space,
    /// Nothing that belongs there.
    Missing,
}

/// How far the value of a pair may stand from its name.
const PAIR: usize = 300;

/// How far the name and the address of a requestor may stand from that word, in a text where no
/// bracket or tag says where they end.
const PERSON: usize = 400;

/// The name of a pair whose value has not come yet.
#[derive(Debug, Clone)]
struct Named {
    what: What,
    end: usize,
}

/// The value of a pair whose name has not come yet; where it ends is looked for when it has.
#[derive(Debug, Clone)]
struct Unnamed {
    label: Label,
    separator: Separator,
    start: usize,
}

/// Finds secrets by the names before them.
pub(super) fn secrets(text: &View<'_>, finder: &mut Finder) {
    steps::add(text.bytes().len());
    let mut scan = Scan {
        text,
        values: Values::new(text),
        finder,
        at: 0,
        open: None,
        before: None,
        is_single: false,
        is_list: Vec::new(),
        person: 0,
        after_person: 0,
        name: None,
        value: None,
    };
    while let Some(byte) = text.get(scan.at) {
        scan.byte(byte);
    }
}

struct Scan<'v> {
    text: &'v View<'v>,
    values: Values<'v>,
    finder: &'v mut Finder,
    at: usize,
    /// The first quote of the string at hand, and what that was before the last quote.
    open: Option<Mark>,
    before: Option<Mark>,
    /// Whether a string in single quotes is at hand.
    is_single: bool,
    /// Of each bracket that is open, whether a list is in it; of no more than are needed.
    is_list: Vec<bool>,
    /// Up to where names are those of a requestor, and up to where they may still be if no other
    /// object starts: with a bracket too many, it ends too early.
    person: usize,
    after_person: usize,
    /// Halves of a pair whose other half has not come yet.
    name: Option<Named>,
    value: Option<Unnamed>,
}

impl Scan<'_> {
    fn byte(&mut self, byte: u8) {
        match byte {
            b'"' => {
                let mark = self.text.mark(self.at);
                self.before = self.open;
                match self.open {
                    Some(open) if mark.ends(open) => self.open = None,
                    Some(_) => {}
                    None => self.open = Some(mark),
                }
            }
            b'\'' if self.is_single => {
                let next = self.text.get(self.at + 1);
                self.is_single = next.is_some_and(|byte| byte.is_ascii_alphanumeric());
            }
            b'\'' => self.is_single = self.values.starts_string(self.at),
            b'\n' if self.text.mark(self.at) == Mark::default() => {
                (self.open, self.is_single) = (None, false);
            }
            b'[' if self.is_list.len() < MAX_DEPTH => self.is_list.push(true),
            b']' => drop(self.is_list.pop()),
            b'{' | b'}' | b'<' => {
                (self.name, self.value) = (None, None);
                if byte == b'}' {
                    self.is_list.pop();
                } else if byte == b'{' && self.at >= self.person {
                    self.after_person = 0;
                }
                if byte == b'{' && self.is_list.len() < MAX_DEPTH {
                    self.is_list.push(false);
                }
            }
            byte if is_name_byte(byte) => {
                let bytes = &self.text.bytes()[self.at..];
                let length = bytes.iter().position(|byte| !is_name_byte(*byte));
                let word = self.at..self.at + length.unwrap_or(bytes.len());
                self.at = word.end;
                self.word(word);
                return;
            }
            _ => {}
        }
        self.at += 1;
    }

    fn word(&mut self, word: Range<usize>) {
        let bytes = self.text.bytes();
        let Some(is_candidate) = bytes
            .get(word.end)
            .map(|next| !next.is_ascii_alphanumeric())
        else {
            return;
        };
        if !is_candidate {
            return;
        }
        if let Some(value) = self.values.credentials(&word) {
            self.found(value.clone(), What::Header, Form::Text);
            self.at = value.end;
            return;
        }
        let label = self.label(&word);
        let name = Name::new(&bytes[label.name.clone()]);
        let what = self.meaning(&label, &name);
        let is_pair = name.names_a_pair() || name.is_value_of_pair();
        let is_person = self.finder.is_personal && is_requestor(name.as_str());
        if what.is_none() && !is_pair && !is_person {
            return;
        }
        let Some((separator, start)) = self.values.separator(&label) else {
            return;
        };
        if is_person {
            // What is around it was looked at to its end already.
            if start < self.person {
                return;
            }
            let end = self.values.group(start, separator, &label);
            self.person = end.unwrap_or(start + PERSON);
            self.after_person = self.person + PERSON;
        } else if let Some(what) = what {
            let Some((span, form, end)) = self.values.value(start, separator, &label, what) else {
                return;
            };
            self.found(span, what, form);
            self.at = end;
            self.open = label.around;
        } else {
            self.pair(&name, start, separator, label);
        }
    }

    /// Returns what the value of a name is, if it is to be found.
    fn meaning(&self, label: &Label, name: &Name) -> Option<What> {
        if matches!(name.as_str(), "key" | "keys") && self.values.two_words(label).is_secret() {
            return Some(What::Token);
        }
        match name.meaning() {
            Meaning::Token => Some(What::Token),
            Meaning::Header => Some(What::Header),
            Meaning::Parameter => {
                let before = label.name.start.checked_sub(1);
                let before = before.and_then(|at| self.text.get(at));
                let is_parameter = matches!(before, Some(b'?' | b'&' | b';' | b'#'));
                is_parameter.then_some(What::Url)
            }
            Meaning::Other if self.finder.is_personal => {
                let is_here = label.name.start < self.person.max(self.after_person);
                match name.as_str() {
                    "name" if is_here => Some(What::RequestorName),
                    "email" if is_here => Some(What::RequestorEmail),
                    name if name.ends_with("requestorname") => Some(What::RequestorName),
                    name if name.ends_with("requestoremail") => Some(What::RequestorEmail),
                    _ => None,
                }
            }
            Meaning::Other => None,
        }
    }

    /// Adds a half of a pair such as `{"name": "Authorization", "value": "x"}`, in any order.
    fn pair(&mut self, name: &Name, start: usize, separator: Separator, label: Label) {
        if name.is_value_of_pair() {
            let unnamed = Unnamed {
                label,
                separator,
                start,
            };
            match self.name.take() {
                Some(name) if start < name.end + PAIR => self.value_of_pair(&unnamed, name.what),
                _ => self.value = Some(unnamed),
            }
            return;
        }
        let Some(content) = self.values.word(start) else {
            return;
        };
        let what = match Name::new(&self.text.bytes()[content.clone()]).meaning() {
            Meaning::Token => What::Token,
            Meaning::Header => What::Header,
            Meaning::Parameter | Meaning::Other => return,
        };
        match self.value.take() {
            Some(value) if start < value.start + PAIR => self.value_of_pair(&value, what),
            _ => {
                let end = content.end;
                self.name = Some(Named { what, end });
            }
        }
    }

    fn value_of_pair(&mut self, half: &Unnamed, what: What) {
        let Unnamed {
            label,
            separator,
            start,
        } = half;
        if let Some((span, form, end)) = self.values.value(*start, *separator, label, what) {
            self.found(span, what, form);
            self.at = self.at.max(end);
            self.open = label.around;
        }
    }

    fn found(&mut self, span: Range<usize>, what: What, form: Form) {
        self.finder.add(self.text, span, what, form);
    }

    /// Returns the label that a word is the end of.
    fn label(&self, word: &Range<usize>) -> Label {
        let bytes = self.text.bytes();
        let bare = Label {
            name: word.clone(),
            end: word.end,
            is_quoted: false,
            around: self.open,
            is_single: self.is_single,
            is_item: self.is_list.last() == Some(&true),
        };
        let Some((opening, length)) = closing_quote(&bytes[word.end..]) else {
            return bare;
        };
        let from = word.start.saturating_sub(LONGEST);
        let before = &bytes[from..word.start];
        let found = opening
            .iter()
            .filter_map(|quote| memchr::memmem::rfind(before, quote).map(|at| at + quote.len()))
            .max();
        // Of a longer name, its end is enough.
        let start = match found {
            Some(start) => from + start,
            // Or it lacks its first one.
            None => word.start,
        };
        let is_open = bytes[word.end] == b'"' && start == word.start;
        let around = match bytes[word.end] {
            b'"' if is_open => self.before,
            b'"' => None,
            _ => self.open,
        };
        Label {
            name: start..word.end,
            end: word.end + length,
            is_quoted: true,
            around,
            is_single: self.is_single,
            is_item: self.is_list.last() == Some(&true),
        }
    }
}

/// Returns what may open the quotes that a text starts by closing, and the length of that.
fn closing_quote(text: &[u8]) -> Option<(&'static [&'static [u8]], usize)> {
    const KINDS: [(&[u8], &[&[u8]]); 5] = [
        (b"\"", &[b"\""]),
        (b"'", &[b"'"]),
        (
            "”".as_bytes(),
            &["“".as_bytes(), "„".as_bytes(), "”".as_bytes()],
        ),
        (
            "’".as_bytes(),
            &["‘".as_bytes(), "‚".as_bytes(), "’".as_bytes()],
        ),
        ("“".as_bytes(), &["„".as_bytes(), "“".as_bytes()]),
    ];
    let (quote, opening) = KINDS.iter().find(|(quote, _)| text.starts_with(quote))?;
    Some((opening, quote.len()))
}

pub(super) fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

fn is_requestor(name: &str) -> bool {
    const NAME: &str = "requestor";
    name == NAME || name == "requester" || is_slip(name.as_bytes(), NAME.as_bytes())
}
