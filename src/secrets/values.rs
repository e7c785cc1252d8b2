//! Where the value of a name ends, in a text that is not JSON, or not quite.
//!
//! Where the notation says it, there; where it does not, rather too far than not far enough.

use std::ops::Range;

use super::labels::{Label, Separator, is_name_byte};
use super::names::{LONGEST, Name};
use super::view::{Mark, View};
use super::{Form, What};

/// The bytes between a name in quotes and its value, at most, white space included.
const GAP: usize = 120;

/// How many lines a string may have that JSON would not allow any line break.
const LINES: usize = 4;

/// How far the first name of a line may be from the line's start.
const MARGIN: usize = 12;

pub(super) struct Values<'v> {
    text: &'v View<'v>,
    /// Up to where brackets were looked at that are never closed.
    hopeless: usize,
    /// Whether there was an element that is never closed.
    has_open_tag: bool,
}

impl<'v> Values<'v> {
    pub(super) fn new(text: &'v View<'v>) -> Self {
        Self {
            text,
            hopeless: 0,
            has_open_tag: false,
        }
    }

    /// Returns how a quote is written; in single quotes, without the backslash before each backslash
    /// that Python and others write there.
    fn mark(&self, at: usize, label: &Label) -> Mark {
        let mark = self.text.mark(at);
        let is_doubled = label.is_single && mark.slashes.is_multiple_of(2);
        Mark {
            slashes: if is_doubled {
                mark.slashes / 2
            } else {
                mark.slashes
            },
            ..mark
        }
    }

    fn bytes(&self) -> &'v [u8] {
        self.text.bytes()
    }

    /// Returns the separator behind a name, and where its value starts.
    pub(super) fn separator(&self, label: &Label) -> Option<(Separator, usize)> {
        if label.is_quoted {
            return self.separator_of_quoted(label);
        }
        if self.is_tag(label) {
            return self.end_of_tag(label.end).map(|end| (Separator::Tag, end));
        }
        let bytes = self.bytes();
        let closed = self.skip(label.end, |byte| matches!(byte, b']' | b')'));
        let mut at = self.skip(closed, is_blank);
        if bytes[at..].starts_with(b"/*") {
            at = self.skip(self.comment(at)?, is_blank);
        }
        if is_stray(self.text.get(at)?) {
            let next = self.skip(at + 1, is_blank);
            if matches!(self.text.get(next), Some(b':' | b'=')) {
                at = next;
            }
        }
        let separator = match self.text.get(at)? {
            b':' => {
                at = self.skip(at, |byte| byte == b':');
                if bytes[at..].starts_with(b"//") {
                    return None;
                }
                at += usize::from(self.text.get(at) == Some(b'='));
                Separator::Colon
            }
            b'=' => {
                let end = self.skip(at, |byte| matches!(byte, b'=' | b'>'));
                let is_spaced = at > closed && self.text.get(end).is_some_and(is_blank);
                at = end;
                Separator::Equals { is_spaced }
            }
            _ if at > closed && bytes[label.name.clone()].starts_with(b"--") => Separator::Space,
            _ => return None,
        };
        let at = self.skip(at, is_blank);
        let next = self.skip(at, |byte| is_stray(byte) || is_blank(byte));
        let is_behind = next > at && self.is_value(next, label);
        Some((separator, if is_behind { next } else { at }))
    }

    /// Returns where a value starts that may be on the line behind a place, if the place is at the
    /// end of its line; nothing if that line is about something else.
    fn on_next_line(&self, at: usize) -> Option<usize> {
        let behind = self.skip(at, |byte| byte == b'\r');
        if self.text.get(behind) != Some(b'\n') {
            return Some(at);
        }
        let start = self.skip(behind + 1, is_blank);
        let is_next = matches!(self.text.get(start), Some(byte) if byte > b' ');
        (is_next && !self.is_label(start)).then_some(start)
    }

    /// Returns the lines behind a name at the end of its line that are indented further than that.
    fn indented(&self, start: usize, label: &Label) -> Option<Range<usize>> {
        let bytes = self.bytes();
        let start = self.skip(start, |byte| byte == b'\r');
        if label.is_quoted || self.text.get(start) != Some(b'\n') || !self.starts_line(label) {
            return None;
        }
        let before = &bytes[..label.name.start];
        let margin = before
            .iter()
            .rev()
            .take(MARGIN)
            .take_while(|b| is_blank(**b));
        let margin = margin.count();
        let mut end = start + 1;
        loop {
            let text = self.skip(end, is_blank);
            let is_inside = text > end + margin || self.text.get(text) == Some(b'\n');
            if !is_inside || text >= bytes.len() {
                break;
            }
            let line = memchr::memchr(b'\n', &bytes[end..]);
            end = line.map_or(bytes.len(), |line| end + line + 1);
        }
        let has_text = !bytes[start..end].trim_ascii().is_empty();
        has_text.then_some(start + 1..end)
    }

    /// Returns the lines of a block of YAML whose first line, `>-` or the like, starts at a place.
    fn block(&self, start: usize) -> Option<Range<usize>> {
        let bytes = self.bytes();
        let mark = bytes[start..]
            .strip_prefix(b">")
            .or(bytes[start..].strip_prefix(b"|"))?;
        let mark = mark
            .strip_prefix(b"-")
            .or(mark.strip_prefix(b"+"))
            .unwrap_or(mark);
        if !mark.starts_with(b"\n") {
            return None;
        }
        let start = bytes.len() - mark.len() + 1;
        let mut end = start;
        while self
            .text
            .get(end)
            .is_some_and(|byte| is_blank(byte) || byte == b'\n')
        {
            let line = memchr::memchr(b'\n', &bytes[end..]);
            end = line.map_or(bytes.len(), |line| end + line + 1);
        }
        Some(start..end)
    }

    /// Returns the same behind a name in quotes, where other things may stand in between: comments,
    /// and in broken text a word or a sign that does not belong there.
    fn separator_of_quoted(&self, label: &Label) -> Option<(Separator, usize)> {
        let bytes = self.bytes();
        let before = bytes[..label.name.start.saturating_sub(1)].trim_ascii_end();
        let is_member = matches!(
            before.last(),
            None | Some(b'{' | b',' | b';' | b'"' | b'}' | b']')
        );
        let mut separator = Separator::Missing;
        let mut strays = 0;
        let mut at = label.end;
        while at < label.end + GAP && strays < 3 {
            at = self.skip(at, |byte| byte.is_ascii_whitespace());
            let is_missing = separator == Separator::Missing;
            match self.text.get(at)? {
                b':' => separator = Separator::Colon,
                b'=' | b'>' => separator = Separator::Equals { is_spaced: true },
                b'/' if matches!(bytes.get(at + 1), Some(b'/' | b'*')) => {
                    at = self.comment(at)?;
                    continue;
                }
                b'#' if is_missing => {
                    at = self.comment(at)?;
                    continue;
                }
                // Doubled, as in CSV.
                b'"' if is_missing && at == label.end && bytes[at - 1] == b'"' => {}
                b'"' | b'\'' if is_missing => {
                    return (is_member && self.is_value(at, label)).then_some((separator, at));
                }
                byte if !is_missing && is_stray(byte) && !matches!(byte, b'[' | b'{') => {
                    let next = self.skip(at, |byte| is_stray(byte) || byte.is_ascii_whitespace());
                    return self.is_value(next, label).then_some((separator, next));
                }
                _ if !is_missing => return Some((separator, at)),
                byte if is_name_byte(byte) => {
                    at = self.skip(at, is_name_byte);
                    strays += 1;
                    continue;
                }
                byte if byte.is_ascii_punctuation() => strays += 1,
                _ => return None,
            }
            at += 1;
        }
        None
    }

    /// Returns whether a string is at a place that is a value, not a name.
    fn is_value(&self, at: usize, label: &Label) -> bool {
        self.string(at, label).is_some_and(|(content, end)| {
            let next = self.skip(end, |byte| byte.is_ascii_whitespace());
            self.text.get(next) != Some(b':') && !Name::new(&self.bytes()[content]).is_secret()
        })
    }

    /// Returns the end of a comment.
    fn comment(&self, start: usize) -> Option<usize> {
        let bytes = &self.bytes()[start..];
        let bytes = &bytes[..bytes.len().min(GAP)];
        let end: &[u8] = if bytes.starts_with(b"/*") {
            b"*/"
        } else {
            b"\n"
        };
        memchr::memmem::find(bytes, end).map(|found| start + found + end.len())
    }

    /// Returns the value that starts at a place, how it is written, and where it ends with its
    /// quotes; nothing if it is empty, or a word that stands for nothing.
    pub(super) fn value(
        &mut self,
        start: usize,
        separator: Separator,
        label: &Label,
        what: What,
    ) -> Option<(Range<usize>, Form, usize)> {
        if separator == Separator::Tag {
            let end = self.element(start, label);
            let content = self.trimmed(start..end);
            return is_something(&self.bytes()[content.clone()]).then_some((
                content,
                Form::Text,
                end,
            ));
        }
        // Of a header, quotes are a part.
        let is_line = what == What::Header && !label.is_quoted;
        if let Some(block) = self.block(start) {
            let end = block.end;
            let content = self.trimmed(block);
            return is_something(&self.bytes()[content.clone()]).then_some((
                content,
                Form::Text,
                end,
            ));
        }
        if let Some(block) = self.indented(start, label) {
            let content = self.trimmed(block.clone());
            return Some((content, Form::Text, block.end));
        }
        let start = if label.is_quoted {
            start
        } else {
            self.on_next_line(start)?
        };
        if !is_line {
            let quote = self.skip(start, |byte| b"brufBRUF".contains(&byte));
            let quote = if quote <= start + 2 { quote } else { start };
            for at in [start, quote] {
                let string = self.doubled(at, label).or_else(|| self.string(at, label));
                if let Some((content, end)) = string {
                    return is_something(&self.bytes()[content.clone()]).then_some((
                        content,
                        Form::Text,
                        end,
                    ));
                }
            }
            if matches!(self.text.get(start), Some(b'[' | b'{')) {
                let end = self.container(start, label);
                return Some((start..end, Form::Container, end));
            }
        }
        let end = self.bare(start, separator, label, what);
        let content = self.trimmed(start..end);
        let written = &self.bytes()[content.clone()];
        let form = if label.is_quoted && is_number(written) {
            Form::Number
        } else {
            Form::Text
        };
        is_something(written).then_some((content, form, end))
    }

    /// Returns the word that starts at a place, without its quotes, if it could be a name.
    pub(super) fn word(&self, start: usize) -> Option<Range<usize>> {
        let bytes = self.bytes();
        let quote = opening_quote(&bytes[start..]).map_or(0, |(_, length)| length);
        let start = start + quote;
        let is_part = |byte: &&u8| is_name_byte(**byte) || **byte == b' ';
        let letters = bytes[start..].iter().take(LONGEST).take_while(is_part);
        let length = letters.count();
        (length > 0).then_some(start..start + length)
    }

    /// Returns where the object, array or element ends that starts at a place.
    pub(super) fn group(
        &mut self,
        start: usize,
        separator: Separator,
        label: &Label,
    ) -> Option<usize> {
        if separator == Separator::Tag {
            return Some(self.element(start, label));
        }
        let is_open = matches!(self.text.get(start), Some(b'[' | b'{'));
        let end = is_open.then(|| self.container(start, label))?;
        // What is not closed may go on behind its line.
        matches!(self.bytes()[end - 1], b']' | b'}').then_some(end)
    }

    /// Returns the content of the string that starts at a place, if one does, and its end.
    fn string(&self, start: usize, label: &Label) -> Option<(Range<usize>, usize)> {
        let bytes = self.bytes();
        let (closing, length) = opening_quote(bytes.get(start..)?)?;
        let opening = self.mark(start, label);
        let is_triple = length == 1 && bytes[start..].starts_with(&[bytes[start]; 3]);
        let start = start + if is_triple { 3 } else { length };
        let mut lines = 0;
        let mut at = start;
        while let Some(byte) = self.text.get(at) {
            let rest = &bytes[at..];
            let closes = closing.iter().find(|quote| rest.starts_with(quote));
            match byte {
                b'\n' if self.text.mark(at) == Mark::default() => {
                    lines += 1;
                    if lines == LINES || self.starts_member(at + 1) {
                        return Some((start..at, at));
                    }
                }
                b'"' if label
                    .around
                    .is_some_and(|around| self.text.mark(at).ends(around)) =>
                {
                    return Some((start..at, at));
                }
                _ => {}
            }
            if let Some(quote) = closes
                && self.closes(at, label, opening)
            {
                let end = at + quote.len();
                if self.is_member(end) {
                    // The closing quote is missing: this one opens the next name.
                    return Some((start..at, at));
                }
                let goes_on = self
                    .text
                    .get(end)
                    .is_some_and(|b| b.is_ascii_alphanumeric())
                    && self.mark(at, label) == opening;
                if !goes_on {
                    return Some((start..at, end));
                }
            }
            at += 1;
        }
        Some((start..at, at))
    }

    /// Returns the content of the string that starts at a place and its end, where quotes are
    /// doubled, as in CSV.
    fn doubled(&self, start: usize, label: &Label) -> Option<(Range<usize>, usize)> {
        const QUOTES: &[u8] = b"\"\"";
        let bytes = self.bytes();
        let is_doubled = label.is_quoted
            && bytes[label.end - 1..].starts_with(QUOTES)
            && bytes[start..].starts_with(QUOTES);
        if !is_doubled {
            return None;
        }
        let start = start + QUOTES.len();
        let ends = memchr::memmem::find_iter(&bytes[start..], QUOTES);
        let mut ends = ends.map(|at| start + at);
        let end = ends.find(|at| self.text.mark(*at).ends(Mark::default()));
        let end = end.unwrap_or(bytes.len());
        Some((start..end, (end + QUOTES.len()).min(bytes.len())))
    }

    /// Returns whether the rest of a name in quotes and a colon are at a place.
    fn is_member(&self, at: usize) -> bool {
        let word = self.bytes()[at..].iter().take(LONGEST);
        let length = word.take_while(|byte| is_name_byte(**byte)).count();
        let quote = matches!(self.text.get(at + length), Some(b'"' | b'\''));
        let colon = self.skip(at + length + 1, is_blank);
        length > 0 && quote && self.text.get(colon) == Some(b':')
    }

    /// Returns whether a quote closes a string. Only of double quotes is there one form for each
    /// depth; others stay as they are when they are embedded, unless they are content.
    fn closes(&self, at: usize, label: &Label, opening: Mark) -> bool {
        let mark = self.mark(at, label);
        mark.ends(opening) && (self.bytes()[at] == b'"' || mark.slashes <= opening.slashes)
    }

    /// Returns whether a line looks like the next member of an object, or its end.
    fn starts_member(&self, line: usize) -> bool {
        let start = self.skip(line, is_blank);
        match self.text.get(start) {
            None | Some(b'"' | b'\'' | b'{' | b'}' | b'[' | b']' | b',' | b'\r' | b'\n') => true,
            Some(_) => self.is_label(start),
        }
    }

    /// Returns where an array or object ends. If it is not closed, or by the wrong bracket, that is
    /// the end of its line: what belongs to it is unknown.
    fn container(&mut self, start: usize, label: &Label) -> usize {
        let bytes = self.bytes();
        let mut open = Vec::new();
        let mut at = start;
        while start >= self.hopeless && at < bytes.len() {
            match bytes[at] {
                bracket @ (b'[' | b'{') => open.push(bracket),
                bracket @ (b']' | b'}') => {
                    // In ASCII, each closing bracket is two behind its opening one.
                    if open.pop() != Some(bracket - 2) {
                        break;
                    }
                    if open.is_empty() {
                        return at + 1;
                    }
                }
                b'\'' if !self.starts_string(at) => {}
                b'"' | b'\'' => {
                    let mark = self.text.mark(at);
                    if bytes[at] == b'"' && label.around.is_some_and(|around| mark.ends(around)) {
                        break;
                    }
                    if let Some((_, end)) = self.string(at, label) {
                        at = end;
                        continue;
                    }
                }
                _ => {}
            }
            at += 1;
        }
        self.hopeless = self.hopeless.max(at);
        let rest = start + 1..bytes.len();
        let end = rest.clone().find(|&at| match bytes[at] {
            b'\n' => true,
            b'"' => {
                let around = label.around;
                around.is_some_and(|around| self.text.mark(at).ends(around))
            }
            b'\'' => {
                let next = self.text.get(at + 1);
                label.is_single && !next.is_some_and(|byte| byte.is_ascii_alphanumeric())
            }
            _ => false,
        });
        end.unwrap_or(rest.end)
    }

    /// Returns whether an apostrophe at a place is the first quote of a name or value.
    pub(super) fn starts_string(&self, at: usize) -> bool {
        let before = &self.bytes()[..at];
        let before = &before[before.len().saturating_sub(8)..];
        matches!(
            before.trim_ascii_end().last(),
            Some(b'[' | b'{' | b',' | b':' | b'=' | b'>' | b'(')
        )
    }

    /// Returns where a value without quotes ends.
    fn bare(&self, start: usize, separator: Separator, label: &Label, what: What) -> usize {
        let bytes = self.bytes();
        let before = label.name.start.checked_sub(1).map(|at| bytes[at]);
        let layers = self.text.mark(label.end).layers;
        let wrapper = match before {
            _ if label.is_quoted => None,
            Some(quote @ (b'\'' | b'`')) => Some(quote),
            Some(b'(') => Some(b')'),
            _ => None,
        };
        let is_header = what == What::Header;
        let is_url = matches!(before, Some(b'?' | b'&' | b'#'));
        let is_line = !is_url && self.starts_line(label);
        let is_flow = !label.is_quoted && !is_header && !is_line && self.is_in_list(label);
        let is_tight = matches!(
            separator,
            Separator::Equals { is_spaced: false } | Separator::Space
        );
        let mut at = start;
        while let Some(byte) = self.text.get(at) {
            // Letters end nothing, and most bytes are letters.
            if byte.is_ascii_alphanumeric() {
                at += 1;
                continue;
            }
            let mark = self.text.mark(at);
            let is_here = mark.layers <= layers;
            let ends = match byte {
                b'\n' | b'\r' => {
                    is_here
                        && (mark.slashes == 0
                            || (label.is_single || label.around.is_some())
                            || layers > 0)
                }
                byte if Some(byte) == wrapper => is_here,
                b'"' if label.around.is_some_and(|around| mark.ends(around)) => true,
                b'"' if label.is_quoted && self.ends_member(at + 1) => true,
                b'"' | b'\'' if label.is_quoted && (byte == b'"' || bytes[at - 1] == b' ') => {
                    at = self.string(at, label).map_or(at + 1, |(_, end)| end);
                    continue;
                }
                b'"' | b'\'' | b'<' | b'>' | b'`' | b'\\' if is_tight && !is_line => is_here,
                b'&' | b' ' | b'\t' if mark.layers < layers => true,
                b'&' if is_tight => is_here,
                b'#' | b';' if is_url => is_here,
                b'}' | b']' | b')' if is_flow => true,
                b'}' | b']' if label.is_quoted => self.ends_member(at + 1),
                b',' if is_flow => true,
                b',' if label.is_quoted => self.starts_next(at + 1),
                b' ' | b'\t' if is_tight && !is_line => is_here,
                b' ' | b'\t' | b',' | b';'
                    if !is_header
                        && !label.is_quoted
                        && !(is_line && separator == Separator::Colon) =>
                {
                    // Of several blanks, only behind the last one.
                    at > start
                        && !self.text.get(at + 1).is_some_and(is_blank)
                        && self.is_label(at + 1)
                }
                _ => false,
            };
            if ends {
                break;
            }
            at += 1;
        }
        at
    }

    /// Returns whether a closing bracket before a place ends an object or array.
    fn ends_member(&self, at: usize) -> bool {
        let at = self.skip(at, is_blank);
        matches!(
            self.text.get(at),
            None | Some(b',' | b'}' | b']' | b')' | b'"' | b'\'' | b'<' | b'\r' | b'\n' | b';')
        )
    }

    /// Returns whether a comma before a place is followed by a further member.
    fn starts_next(&self, at: usize) -> bool {
        let start = self.skip(at, is_blank);
        let is_end = matches!(
            self.text.get(start),
            None | Some(b'"' | b'\'' | b'{' | b'[' | b'\r' | b'\n')
        );
        is_end || self.is_label(start)
    }

    /// Returns whether a name and a separator are at a place.
    fn is_label(&self, at: usize) -> bool {
        let start = self.skip(at, |byte| matches!(byte, b'"' | b'\''));
        let word = self.bytes()[start..].iter().take(LONGEST);
        let length = word.take_while(|byte| is_name_byte(**byte)).count();
        let end = self.skip(start + length, |byte| matches!(byte, b'"' | b'\'' | b' '));
        length > 0 && matches!(self.text.get(end), Some(b':' | b'='))
    }

    /// Returns whether a name is the first of its line, or of the string that it stands in, margins
    /// aside that a transcript, a list or a script may have.
    fn starts_line(&self, label: &Label) -> bool {
        let bytes = self.bytes();
        let start = label.name.start - usize::from(label.is_quoted).min(label.name.start);
        let mut rest = &bytes[..start];
        for word in [&b"export "[..], b"set ", b"env "] {
            rest = rest.strip_suffix(word).unwrap_or(rest);
        }
        let is_margin = |byte: &&u8| b" \t><*-+|$\"'".contains(byte);
        let margin = rest.iter().rev().take(MARGIN).take_while(is_margin);
        let first = rest.len() - margin.count();
        first == 0
            || matches!(bytes[first - 1], b'\n' | b'\r')
            || (label.around.is_some() && rest.last() == Some(&b'"'))
    }

    /// Returns whether a name is in a list of names and values, such as `{a: b, c: d}`.
    fn is_in_list(&self, label: &Label) -> bool {
        let before = &self.bytes()[..label.name.start];
        let blanks = before.iter().rev().take(8);
        let blanks = blanks.take_while(|byte| is_blank(**byte)).count();
        matches!(
            before[..before.len() - blanks].last(),
            Some(b'{' | b',' | b'[' | b'(')
        )
    }

    /// Returns a name together with the word before it.
    pub(super) fn two_words(&self, label: &Label) -> Name {
        let before = &self.bytes()[..label.name.start];
        let before = before.strip_suffix(b" ").unwrap_or_default();
        let letters = before.iter().rev().take(LONGEST / 2);
        let length = letters.take_while(|byte| is_name_byte(**byte)).count();
        Name::new(
            &self.bytes()[label.name.start - usize::from(length > 0) - length..label.name.end],
        )
    }

    /// Returns whether a name is that of an element.
    fn is_tag(&self, label: &Label) -> bool {
        let before = &self.bytes()[..label.name.start];
        let before = match before.strip_suffix(b":") {
            Some(prefix) => {
                let letters = prefix.iter().rev().take(LONGEST);
                &prefix[..prefix.len() - letters.take_while(|b| is_name_byte(**b)).count()]
            }
            None => before,
        };
        // What is left of `&lt;` where the text was cut.
        let is_cut = before.len() < 4 && self.text.get(label.end) == Some(b'>');
        before.ends_with(b"<") || is_cut
    }

    /// Returns where the content of an element starts.
    fn end_of_tag(&self, at: usize) -> Option<usize> {
        let tag = &self.bytes()[at..];
        let tag = &tag[..tag.len().min(2 * GAP)];
        let end = memchr::memchr2(b'>', b'<', tag)?;
        let is_closed = tag[..end].ends_with(b"/");
        (tag[end] == b'>' && !is_closed).then_some(at + end + 1)
    }

    /// Returns where the content of an element ends.
    fn element(&mut self, start: usize, label: &Label) -> usize {
        let bytes = self.bytes();
        let name = &bytes[label.name.clone()];
        let rest = &bytes[start..];
        if !self.has_open_tag {
            for found in memchr::memmem::find_iter(rest, b"</") {
                let tag = &rest[found + 2..];
                let tag = &tag[..tag.len().min(2 * LONGEST)];
                let end = memchr::memchr(b'>', tag).unwrap_or(tag.len());
                let tag = tag[..end].trim_ascii_end();
                if tag.len() >= name.len()
                    && tag[tag.len() - name.len()..].eq_ignore_ascii_case(name)
                {
                    return start + found;
                }
            }
            self.has_open_tag = true;
        }
        let blank = rest.len() - rest.trim_ascii_start().len();
        let cdata = if rest[blank..].starts_with(CDATA) {
            CDATA.len()
        } else {
            0
        };
        let blank = blank + cdata;
        let end = memchr::memchr2(b'<', b'\n', &rest[blank..]);
        start + end.map_or(rest.len(), |end| blank + end)
    }

    /// Returns the credentials behind `Bearer` or `Basic`.
    pub(super) fn credentials(&self, word: &Range<usize>) -> Option<Range<usize>> {
        let bytes = self.bytes();
        let is = |scheme: &str| bytes[word.clone()].eq_ignore_ascii_case(scheme.as_bytes());
        let (is_bearer, is_basic) = (is("Bearer"), is("Basic"));
        if !is_bearer && !is_basic {
            return None;
        }
        let start = self.skip(word.end, |byte| {
            is_blank(byte) || matches!(byte, b':' | b'+')
        });
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~+/=:!$*|@%".contains(byte);
        let length = bytes[start..]
            .iter()
            .take_while(|byte| is_part(byte))
            .count();
        let value = &bytes[start..start + length];
        let value = &value[..value.len() - usize::from(value.ends_with(b"."))];
        let has = |is: fn(&u8) -> bool| value.iter().any(is);
        let is_prose = PROSE
            .iter()
            .any(|word| value.eq_ignore_ascii_case(word.as_bytes()));
        let is_encoded = value.len() >= 6
            && (has(u8::is_ascii_digit)
                || has(|byte| *byte == b'=')
                || value[1..].iter().any(u8::is_ascii_uppercase));
        let is_secret = start > word.end && !value.is_empty() && !is_prose;
        (is_secret && (is_bearer || is_encoded)).then_some(start..start + value.len())
    }

    fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let end = range.start + self.bytes()[range.clone()].trim_ascii_end().len();
        let start = end - self.bytes()[range.start..end].trim_ascii_start().len();
        start..end
    }

    /// Returns the first place from another on whose byte is not of a kind.
    fn skip(&self, at: usize, is_kind: impl Fn(u8) -> bool) -> usize {
        let rest = self.bytes().get(at..).unwrap_or_default();
        let length = rest.iter().position(|byte| !is_kind(*byte));
        at + length.unwrap_or(rest.len())
    }
}

/// How text of an element starts that has no tags in it.
const CDATA: &[u8] = b"<![CDATA[";

/// Words that follow `Bearer` in prose.
const PROSE: [&str; 14] = [
    "token",
    "tokens",
    "auth",
    "authentication",
    "authorization",
    "scheme",
    "header",
    "of",
    "is",
    "and",
    "or",
    "in",
    "for",
    "the",
];

/// Returns what may close the quotes that a text starts with, and the length of the opening one.
fn opening_quote(text: &[u8]) -> Option<(&'static [&'static [u8]], usize)> {
    const KINDS: [(&[u8], &[&[u8]]); 7] = [
        (b"\"", &[b"\""]),
        (b"'", &[b"'"]),
        (b"`", &[b"`"]),
        ("“".as_bytes(), &["”".as_bytes(), b"\""]),
        ("„".as_bytes(), &["“".as_bytes(), "”".as_bytes(), b"\""]),
        ("‘".as_bytes(), &["’".as_bytes(), b"'"]),
        ("”".as_bytes(), &["”".as_bytes(), b"\""]),
    ];
    let (quote, closing) = KINDS.iter().find(|(quote, _)| text.starts_with(quote))?;
    Some((closing, quote.len()))
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Returns whether a byte is a sign that broken text may have before or behind a separator.
fn is_stray(byte: u8) -> bool {
    matches!(byte, b',' | b';' | b'[' | b']' | b'{' | b'}' | b'(' | b')')
}

/// Returns whether a value is one, and no word that stands for nothing or for a choice.
fn is_something(value: &[u8]) -> bool {
    const NOTHING: [&str; 8] = [
        "",
        "null",
        "true",
        "false",
        "None",
        "True",
        "False",
        "undefined",
    ];
    !NOTHING
        .iter()
        .any(|word| word.as_bytes() == value.trim_ascii())
}

/// Returns whether a value is a number in JSON's notation.
fn is_number(value: &[u8]) -> bool {
    serde_json::from_slice::<f64>(value).is_ok()
}
