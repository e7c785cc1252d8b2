//! The first diagnostics of each rule and place, for reports for people: a mistake that is in every
//! payload of a capture is shown a few times, and then counted.
//!
//! Workers do not know what comes before their chunk. So a chunk contains the first diagnostics of each
//! rule and place in it, and the number of the others; the reporter, which gets the chunks in order,
//! leaves out those that are not among the first of the run. What is shown therefore depends neither on
//! the number of threads nor on where a chunk ends.
//!
//! In the text of a chunk, a line before each diagnostic says what it is and how long. It starts with a
//! control character, which no report contains, since all of them are escaped.

mod table;

use std::collections::HashMap;
use std::io::{self, BufRead, Read, Write};

use crate::checks::Verdict;
use crate::diagnostic::Diagnostic;
use crate::steps;

use super::Chunk;
use super::chunk::copy;
use super::escape::escape_controls;
use super::wording::omitted;
use table::Count;

/// The maximum number of rules and places that are counted in a chunk. Diagnostics of further ones are
/// all in its text.
const MAX_OF_CHUNK: usize = 1000;

/// The maximum number of rules and places that are counted in a run. Further ones count as one.
const MAX_OF_RUN: usize = 10_000;

/// The maximum number of bytes of a place.
const MAX_PLACE: usize = 200;

/// The character at the start of the line before an item.
const MARK: u8 = 0x1E;

/// The first diagnostic of a payload that is in the text.
const FIRST: char = '1';
/// Another one.
const NEXT: char = '+';
/// A note that is shown if a diagnostic of its payload is.
const NOTE: char = 'n';

/// The code and the place of the rules and places that are counted as one.
const OTHERS: (&str, &str) = ("others", "more than 10,000 other places");

/// What is written for a payload.
#[derive(Debug, Clone, Copy)]
pub(super) enum Item<'r> {
    Diagnostic(&'r Diagnostic),
    /// How many diagnostics `--max-diagnostics` left out.
    Note(&'r str),
}

/// The number of diagnostics of a chunk, by rule and place.
#[derive(Debug, Default)]
pub(super) struct ChunkCounts {
    /// Whether there are marks in the text.
    is_marked: bool,
    counts: HashMap<String, ChunkCount>,
    /// The rule and place of the current diagnostic, whose memory is used again.
    key: String,
}

#[derive(Debug, Default)]
struct ChunkCount {
    in_text: u64,
    /// The number of those that are not in the text.
    left_out: u64,
}

impl ChunkCounts {
    /// Counts a diagnostic. Returns its rule and place if it may be among the first of the run.
    fn add(&mut self, diagnostic: &Diagnostic, max: u64) -> Option<&str> {
        self.key.clear();
        write_key(&mut self.key, diagnostic);
        if !self.counts.contains_key(&self.key) && self.counts.len() < MAX_OF_CHUNK {
            self.counts.insert(self.key.clone(), ChunkCount::default());
        }
        if let Some(count) = self.counts.get_mut(&self.key) {
            if count.in_text == max {
                count.left_out += 1;
                return None;
            }
            count.in_text += 1;
        }
        Some(&self.key)
    }
}

/// Appends the diagnostics of a payload that may be among the first of the run, and a note if
/// `--max-diagnostics` left some out. Without a maximum for each rule and place, that is all of them.
pub(super) fn write_first(
    out: &mut Vec<u8>,
    counts: &mut ChunkCounts,
    max: Option<u64>,
    verdict: &Verdict,
    mut write: impl FnMut(&mut Vec<u8>, Item<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let note = omitted(verdict.omitted);
    let Some(max) = max else {
        for diagnostic in verdict.reported() {
            write(out, Item::Diagnostic(diagnostic))?;
        }
        let is_reported = verdict.reported().next().is_some();
        let note = note.filter(|_| is_reported);
        return note.map_or(Ok(()), |note| write(out, Item::Note(&note)));
    };
    let mut text = Vec::new();
    let mut kind = FIRST;
    for diagnostic in verdict.reported() {
        if let Some(key) = counts.add(diagnostic, max) {
            text.clear();
            write(&mut text, Item::Diagnostic(diagnostic))?;
            write_marked(out, kind, key, &text)?;
            kind = NEXT;
            counts.is_marked = true;
        }
    }
    match note.filter(|_| kind == NEXT) {
        Some(note) => {
            text.clear();
            write(&mut text, Item::Note(&note))?;
            write_marked(out, NOTE, "", &text)
        }
        None => Ok(()),
    }
}

fn write_marked(out: &mut Vec<u8>, kind: char, key: &str, text: &[u8]) -> io::Result<()> {
    out.push(MARK);
    writeln!(out, "{kind} {} {key}", text.len())?;
    out.extend_from_slice(text);
    Ok(())
}

/// Appends the code of a diagnostic and its place, in which array indexes are `*`. A name that is a
/// number looks the same.
fn write_key(key: &mut String, diagnostic: &Diagnostic) {
    let pointer = &*diagnostic.pointer;
    steps::add(pointer.len());
    let mut end = pointer.len().min(MAX_PLACE);
    while !pointer.is_char_boundary(end) {
        end -= 1;
    }
    key.push_str(diagnostic.code);
    let mut separator = " ";
    for token in pointer[..end].split('/') {
        key.push_str(separator);
        let is_index = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_digit());
        key.push_str(&if is_index {
            "*".into()
        } else {
            escape_controls(token)
        });
        separator = "/";
    }
    if diagnostic.encloses || end < pointer.len() {
        key.push('…');
    }
}

/// The number of diagnostics of a run, by rule and place.
#[derive(Debug, Default)]
pub(super) struct RunCounts {
    max: Option<u64>,
    counts: HashMap<String, u64>,
    /// The number of those of other rules and places, once there are many.
    others: u64,
    /// Whether a diagnostic of the current payload was shown.
    is_shown: bool,
}

impl RunCounts {
    /// Creates counts for a report that shows this many diagnostics of each rule and place, or all.
    pub(super) fn new(max: Option<u64>) -> Self {
        Self {
            max,
            ..Self::default()
        }
    }

    /// Writes the text of a chunk, without the diagnostics that are not among the first of the run.
    pub(super) fn write_chunk(
        &mut self,
        chunk: &mut Chunk,
        out: &mut impl Write,
    ) -> io::Result<()> {
        if !chunk.counts.is_marked {
            return chunk.write(out);
        }
        self.write_text(chunk.read()?, out)?;
        self.add(&chunk.counts);
        Ok(())
    }

    /// Writes the text of a chunk.
    pub(super) fn write_text(
        &mut self,
        mut text: impl BufRead,
        out: &mut impl Write,
    ) -> io::Result<()> {
        loop {
            let part = text.fill_buf()?;
            if part.is_empty() {
                return Ok(());
            }
            let length = memchr::memchr(MARK, part).unwrap_or(part.len());
            let is_marked = length < part.len();
            out.write_all(&part[..length])?;
            text.consume(length);
            if is_marked {
                self.write_item(&mut text, out)?;
            }
        }
    }

    /// Writes the item that starts with a mark, or skips it.
    fn write_item(&mut self, text: &mut impl BufRead, out: &mut impl Write) -> io::Result<()> {
        let mut line = Vec::new();
        text.read_until(b'\n', &mut line)?;
        let line = String::from_utf8_lossy(&line);
        let mut words = line[1..].trim_end_matches('\n').splitn(3, ' ');
        let kind = words.next().and_then(|word| word.chars().next());
        let length = words.next().and_then(|word| word.parse().ok());
        let key = words.next().unwrap_or_default();
        let is_first = |counts: &mut Self| {
            let max = counts.max;
            let count = counts.count(key);
            *count += 1;
            max.is_none_or(|max| *count <= max)
        };
        let is_shown = match kind {
            Some(FIRST) => {
                self.is_shown = false;
                is_first(self)
            }
            Some(NEXT) => is_first(self),
            Some(NOTE) => self.is_shown,
            _ => true,
        };
        self.is_shown |= is_shown;
        let item = text.by_ref().take(length.unwrap_or(0));
        if is_shown {
            copy(item, out)
        } else {
            copy(item, &mut io::sink())
        }
    }

    /// Adds the diagnostics that are not in the text of a chunk. Its text must have been written
    /// before, since that has the first ones of each rule and place.
    pub(super) fn add(&mut self, chunk: &ChunkCounts) {
        for (key, count) in &chunk.counts {
            if count.left_out > 0 {
                *self.count(key) += count.left_out;
            }
        }
    }

    fn count(&mut self, key: &str) -> &mut u64 {
        let is_known = self.counts.contains_key(key);
        if !is_known && self.counts.len() >= MAX_OF_RUN {
            return &mut self.others;
        }
        if !is_known {
            self.counts.insert(key.to_owned(), 0);
        }
        self.counts.get_mut(key).unwrap_or(&mut self.others)
    }

    /// Writes how many diagnostics of each rule and place were not shown, and a blank line, unless all
    /// were shown.
    pub(super) fn write_table(
        &self,
        out: &mut impl Write,
        max_width: Option<usize>,
    ) -> io::Result<()> {
        let Some(max) = self.max else {
            return Ok(());
        };
        let counts = self.counts.iter();
        let counts = counts.map(|(key, &total)| (key.split_once(' ').unwrap_or((key, "")), total));
        let counts = counts.chain([(OTHERS, self.others)]);
        let counts = counts.filter(|&(_, total)| total > max);
        let counts = counts.map(|((code, place), total)| Count {
            code,
            place,
            total,
            not_shown: total - max,
        });
        table::write(out, max_width, counts.collect())
    }
}
