//! Finds secrets by the name before them in text that is not valid JSON: in members of broken
//! objects, headers, assignments, elements, form bodies, and prose.
//!
//! The search passes over the words of the text once. If a word may be the name of a secret,
//! [`separators`](super::separators) looks for the start of its value, and
//! [`values`](super::values) for the end. The search goes on after the value, so it takes linear
//! time.

use std::ops::Range;

use crate::document::MAX_DEPTH;
use crate::steps;

use super::escape_depth::EscapeDepth;
use super::name_occurrence::{NameOccurrence, Separator, is_name_byte};
use super::names::{ListClass, MAX_NAME_LENGTH, NameClass, NormalisedName, is_misspelling};
use super::unescape::UnescapedText;
use super::values::ValueFinder;
use super::{Finder, Notation, SecretClass};

/// The maximum distance between the name and the value of a pair, in bytes.
const MAX_PAIR_DISTANCE: usize = 300;

/// The maximum distance of a requestor's name or email address from the word `requestor`, in bytes,
/// where no bracket or tag ends the requestor's object.
const MAX_REQUESTOR_DISTANCE: usize = 400;

/// The name half of a pair whose value has not been found yet.
#[derive(Debug, Clone)]
struct PairName {
    class: SecretClass,
    end: usize,
}

/// The value half of a pair whose name has not been found yet. Its end is only searched for once it
/// has.
#[derive(Debug, Clone)]
struct PairValue {
    occurrence: NameOccurrence,
    separator: Separator,
    start: usize,
}

/// Finds the secrets of a text by the names before them. `is_query` tells whether the text is the
/// query of a URL or a form, in which a parameter may be the first word.
pub(super) fn find(text: &UnescapedText<'_>, is_query: bool, finder: &mut Finder) {
    steps::add(text.bytes().len());
    let mut scanner = Scanner {
        text,
        values: ValueFinder::new(text),
        is_query,
        finder,
        at: 0,
        outer_quote: None,
        previous_outer_quote: None,
        in_single_quotes: false,
        brackets_are_lists: Vec::new(),
        requestor_end: 0,
        requestor_limit: 0,
        list_end: 0,
        list: ListClass::Other,
        pair_name: None,
        pair_value: None,
    };
    while let Some(byte) = text.get(scanner.at) {
        scanner.scan_byte(byte);
    }
}

struct Scanner<'v> {
    text: &'v UnescapedText<'v>,
    values: ValueFinder<'v>,
    is_query: bool,
    finder: &'v mut Finder,
    at: usize,
    /// The opening quote of the current string, and its value before the last quote was read.
    outer_quote: Option<EscapeDepth>,
    previous_outer_quote: Option<EscapeDepth>,
    /// Whether the current position is in a string in single quotes.
    in_single_quotes: bool,
    /// For each open bracket up to the maximum depth, whether it opens a list.
    brackets_are_lists: Vec<bool>,
    /// The end of the requestor's object, and the end of the text after it that may still belong to
    /// the requestor unless another object starts: a superfluous bracket ends the object too early.
    requestor_end: usize,
    requestor_limit: usize,
    /// The end of the list of parameters that was found last, and what its items are.
    list_end: usize,
    list: ListClass,
    /// The halves of a pair whose other half has not been found yet.
    pair_name: Option<PairName>,
    pair_value: Option<PairValue>,
}

impl Scanner<'_> {
    fn scan_byte(&mut self, byte: u8) {
        match byte {
            b'"' => {
                let depth = self.text.depth(self.at);
                self.previous_outer_quote = self.outer_quote;
                match self.outer_quote {
                    Some(outer_quote) if depth.ends(outer_quote) => self.outer_quote = None,
                    Some(_) => {}
                    None => self.outer_quote = Some(depth),
                }
            }
            b'\'' if self.in_single_quotes => {
                let next = self.text.get(self.at + 1);
                self.in_single_quotes = next.is_some_and(|byte| byte.is_ascii_alphanumeric());
            }
            b'\'' => self.in_single_quotes = self.values.starts_string(self.at),
            b'\n' if self.text.depth(self.at) == EscapeDepth::default() => {
                (self.outer_quote, self.in_single_quotes) = (None, false);
            }
            b'[' if self.brackets_are_lists.len() < MAX_DEPTH => self.brackets_are_lists.push(true),
            b']' => drop(self.brackets_are_lists.pop()),
            b'{' | b'}' | b'<' => {
                (self.pair_name, self.pair_value) = (None, None);
                if byte == b'}' {
                    self.brackets_are_lists.pop();
                } else if byte == b'{' && self.at >= self.requestor_end {
                    self.requestor_limit = 0;
                }
                if byte == b'{' && self.brackets_are_lists.len() < MAX_DEPTH {
                    self.brackets_are_lists.push(false);
                }
            }
            byte if is_name_byte(byte) => {
                let bytes = &self.text.bytes()[self.at..];
                let length = bytes.iter().position(|byte| !is_name_byte(*byte));
                let word = self.at..self.at + length.unwrap_or(bytes.len());
                self.at = word.end;
                self.scan_word(word);
                return;
            }
            _ => {}
        }
        self.at += 1;
    }

    fn scan_word(&mut self, word: Range<usize>) {
        let bytes = self.text.bytes();
        if word.end == bytes.len() {
            // A name at the end of the text has no value.
            return;
        }
        if let Some(value) = self.values.credentials(&word) {
            self.add(value.clone(), SecretClass::Header, Notation::Text);
            self.at = value.end;
            return;
        }
        let occurrence = self.occurrence(&word);
        let name = NormalisedName::new(&bytes[occurrence.name.clone()]);
        let class = self.class(&occurrence, &name);
        let is_pair = name.is_pair_name() || name.is_pair_value();
        let is_requestor_name = self.finder.includes_personal && is_requestor(name.as_str());
        let list = name.list_class();
        let is_list = matches!(list, ListClass::Query | ListClass::Fields);
        if class.is_none() && !is_pair && !is_requestor_name && !is_list {
            return;
        }
        let Some((separator, start)) = self.values.separator(&occurrence) else {
            return;
        };
        if is_requestor_name {
            // This word is part of a requestor's object that has already been measured.
            if start < self.requestor_end {
                return;
            }
            let end = self.values.group_end(start, separator, &occurrence);
            self.requestor_end = end.unwrap_or(start + MAX_REQUESTOR_DISTANCE);
            self.requestor_limit = self.requestor_end + MAX_REQUESTOR_DISTANCE;
        } else if is_list {
            if start >= self.list_end
                && let Some(end) = self.values.group_end(start, separator, &occurrence)
            {
                (self.list_end, self.list) = (end, list);
            }
        } else if let Some(class) = class {
            let Some((span, notation, end)) =
                self.values.value(start, separator, &occurrence, class)
            else {
                return;
            };
            self.add(span, class, notation);
            self.at = end;
            self.outer_quote = occurrence.outer_quote;
        } else {
            self.add_half(&name, start, separator, occurrence);
        }
    }

    /// Returns the class of the value after a name, or `None` if it is not secret.
    fn class(&self, occurrence: &NameOccurrence, name: &NormalisedName) -> Option<SecretClass> {
        if matches!(name.as_str(), "key" | "keys")
            && self.values.with_previous_word(occurrence).is_secret()
        {
            return Some(SecretClass::Token);
        }
        match name.class() {
            NameClass::Token => Some(SecretClass::Token),
            NameClass::Header | NameClass::Cookies => Some(SecretClass::Header),
            NameClass::Parameter => {
                let before = occurrence.name.start.checked_sub(1);
                let before = before.and_then(|at| self.text.get(at));
                let is_parameter = match before {
                    Some(byte) => matches!(byte, b'?' | b'&' | b';' | b'#'),
                    None => self.is_query,
                };
                let is_member = self.list == ListClass::Query && occurrence.end < self.list_end;
                let is_parameter = is_parameter || is_member && !name.is_pair_name();
                is_parameter.then_some(SecretClass::Url)
            }
            NameClass::Other if self.finder.includes_personal => {
                let is_requestors =
                    occurrence.name.start < self.requestor_end.max(self.requestor_limit);
                match name.as_str() {
                    "name" if is_requestors => Some(SecretClass::RequestorName),
                    "email" if is_requestors => Some(SecretClass::RequestorEmail),
                    name if name.ends_with("requestorname") => Some(SecretClass::RequestorName),
                    name if name.ends_with("requestoremail") => Some(SecretClass::RequestorEmail),
                    _ => None,
                }
            }
            NameClass::Other => None,
        }
    }

    /// Adds one half of a pair such as `{"name": "Authorization", "value": "x"}`, in any order.
    fn add_half(
        &mut self,
        name: &NormalisedName,
        start: usize,
        separator: Separator,
        occurrence: NameOccurrence,
    ) {
        if name.is_pair_value() {
            let value = PairValue {
                occurrence,
                separator,
                start,
            };
            match self.pair_name.take() {
                Some(name) if start < name.end + MAX_PAIR_DISTANCE => {
                    self.add_pair(&value, name.class);
                }
                _ => self.pair_value = Some(value),
            }
            return;
        }
        let Some(content) = self.values.word(start) else {
            return;
        };
        let class = match NormalisedName::new(&self.text.bytes()[content.clone()]).class() {
            NameClass::Token => SecretClass::Token,
            NameClass::Header => SecretClass::Header,
            NameClass::Parameter if content.end < self.list_end => SecretClass::Url,
            NameClass::Parameter | NameClass::Cookies | NameClass::Other => return,
        };
        match self.pair_value.take() {
            Some(value) if start < value.start + MAX_PAIR_DISTANCE => self.add_pair(&value, class),
            _ => {
                let end = content.end;
                self.pair_name = Some(PairName { class, end });
            }
        }
    }

    fn add_pair(&mut self, pair: &PairValue, class: SecretClass) {
        let PairValue {
            occurrence,
            separator,
            start,
        } = pair;
        if let Some((span, notation, end)) =
            self.values.value(*start, *separator, occurrence, class)
        {
            self.add(span, class, notation);
            self.at = self.at.max(end);
            self.outer_quote = occurrence.outer_quote;
        }
    }

    fn add(&mut self, span: Range<usize>, class: SecretClass, notation: Notation) {
        self.finder.add(self.text, span, class, notation);
    }

    /// Returns the occurrence of a name that ends with a word.
    fn occurrence(&self, word: &Range<usize>) -> NameOccurrence {
        let bytes = self.text.bytes();
        let bare = NameOccurrence {
            name: word.clone(),
            end: word.end,
            is_quoted: false,
            outer_quote: self.outer_quote,
            in_single_quotes: self.in_single_quotes,
            in_list: self.brackets_are_lists.last() == Some(&true),
        };
        let Some((opening, length)) = closing_quote(&bytes[word.end..]) else {
            return bare;
        };
        let from = word.start.saturating_sub(MAX_NAME_LENGTH);
        let before = &bytes[from..word.start];
        let found = opening
            .iter()
            .filter_map(|quote| memchr::memmem::rfind(before, quote).map(|at| at + quote.len()))
            .max();
        // The end of a longer name is enough.
        let start = match found {
            Some(start) => from + start,
            // The opening quote is missing, or too far away.
            None => word.start,
        };
        let is_open = bytes[word.end] == b'"' && start == word.start;
        let outer_quote = match bytes[word.end] {
            b'"' if is_open => self.previous_outer_quote,
            b'"' => None,
            _ => self.outer_quote,
        };
        NameOccurrence {
            name: start..word.end,
            end: word.end + length,
            is_quoted: true,
            outer_quote,
            in_single_quotes: self.in_single_quotes,
            in_list: self.brackets_are_lists.last() == Some(&true),
        }
    }
}

/// Returns the quotes that may open a string which the start of a text closes, and the length of
/// the closing quote.
fn closing_quote(text: &[u8]) -> Option<(&'static [&'static [u8]], usize)> {
    const PAIRS: [(&[u8], &[&[u8]]); 5] = [
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
    let (quote, opening) = PAIRS.iter().find(|(quote, _)| text.starts_with(quote))?;
    Some((opening, quote.len()))
}

fn is_requestor(name: &str) -> bool {
    const NAME: &str = "requestor";
    name == NAME || name == "requester" || is_misspelling(name, NAME)
}
