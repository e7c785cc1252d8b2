//! The strings of a text that is JSON, or nearly, or has JSON in it: each with the name that it
//! stands under, and the name around that.
//!
//! This reads what no parser would, since captures are cut off and logged with text around them,
//! and looks into strings that hold JSON themselves. On sound JSON it finds what the parser finds.

use std::borrow::Cow;
use std::ops::Range;

use crate::document::MAX_DEPTH;
use crate::secrets::ends;

/// A string that is no name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text<'t> {
    /// The name of the object around it, or that the array stands under which that is in.
    pub(super) parent: Option<Cow<'t, str>>,
    /// The name that it stands under, itself or in an array.
    pub(super) name: Option<Cow<'t, str>>,
    /// Where it stands, without its quotes.
    pub(super) span: Range<usize>,
    /// The same as bytes.
    inside: &'t [u8],
    /// How many backslashes stand before its quotes.
    level: usize,
}

impl<'t> Text<'t> {
    /// What it says, if it is sound.
    pub(super) fn content(&self) -> Option<Cow<'t, str>> {
        content(self.inside, self.level)
    }
}

/// Visits all strings that are no names, and those in a string if the visit says so.
pub(super) fn strings<'t>(text: &'t [u8], visit: &mut impl FnMut(Text<'t>) -> bool) {
    walk(text, 0..text.len(), 0, visit);
}

/// Where one is in a text. Names are the places of what stands between their quotes.
#[derive(Default)]
struct Place {
    open: Vec<Open>,
    /// How many brackets are open beyond those that are kept.
    deeper: usize,
    name: Option<Range<usize>>,
}

struct Open {
    is_array: bool,
    name: Option<Range<usize>>,
    parent: Option<Range<usize>>,
}

impl Place {
    /// The names of the value that comes next, and of what is around it.
    fn names(&self) -> (Option<Range<usize>>, Option<Range<usize>>) {
        match self.open.last() {
            Some(open) if open.is_array => (open.name.clone(), open.parent.clone()),
            Some(open) => (self.name.clone(), open.name.clone()),
            None => (self.name.clone(), None),
        }
    }

    fn open(&mut self, is_array: bool) {
        if self.open.len() >= MAX_DEPTH {
            self.deeper += 1;
            return;
        }
        let (name, parent) = self.names();
        self.open.push(Open {
            is_array,
            name,
            parent,
        });
        self.name = None;
    }

    fn close(&mut self) {
        if self.deeper > 0 {
            self.deeper -= 1;
        } else {
            self.open.pop();
        }
        self.name = None;
    }
}

/// Visits the strings of a part, whose quotes stand behind so many backslashes.
fn walk<'t>(
    text: &'t [u8],
    part: Range<usize>,
    level: usize,
    visit: &mut impl FnMut(Text<'t>) -> bool,
) {
    let mut place = Place::default();
    let mut at = part.start;
    while at < part.end {
        let run = run(&text[at..part.end]);
        let byte = text.get(at + run).copied().unwrap_or_default();
        at = (at + run + 1).min(part.end);
        match byte {
            b'"' if run == level => {
                let (end, behind) = string(text, at..part.end, level);
                let span = at..end;
                at = behind;
                if is_name(&text[at..part.end]) {
                    place.name = Some(span);
                } else {
                    let (name, parent) = place.names();
                    let read = |name: Option<Range<usize>>| {
                        name.and_then(|span| content(&text[span], level))
                    };
                    let looks_inside = visit(Text {
                        parent: read(parent),
                        name: read(name),
                        span: span.clone(),
                        inside: &text[span.clone()],
                        level,
                    });
                    if looks_inside
                        && matches!(text[span.clone()].trim_ascii_start(), [b'{' | b'[', ..])
                    {
                        walk(text, span, 2 * level + 1, visit);
                    }
                }
            }
            b'{' | b'[' => place.open(byte == b'['),
            b'}' | b']' => place.close(),
            b',' => place.name = None,
            _ => {}
        }
    }
}

fn run(text: &[u8]) -> usize {
    text.iter().take_while(|byte| **byte == b'\\').count()
}

/// Where a string's content ends, and where what is behind it starts.
pub(super) fn string(text: &[u8], rest: Range<usize>, level: usize) -> (usize, usize) {
    let inside = &text[rest.clone()];
    for found in memchr::memchr2_iter(b'"', b'\n', inside) {
        let run = inside[..found]
            .iter()
            .rev()
            .take_while(|byte| **byte == b'\\')
            .count();
        let at = rest.start + found;
        if inside[found] == b'\n' {
            return (at, at + 1);
        }
        if ends(run, level) {
            return (at - run.min(level), at + 1);
        }
    }
    (rest.end, rest.end)
}

/// Whether a colon follows, behind white space, which may be escaped.
pub(super) fn is_name(mut text: &[u8]) -> bool {
    loop {
        text = text.trim_ascii_start();
        let run = run(text);
        match text.get(run) {
            Some(b'n' | b'r' | b't') if run > 0 => text = &text[run + 1..],
            Some(b':') => return run == 0,
            _ => return false,
        }
    }
}

/// What a string says that is embedded so deep, if it's sound.
fn content(inside: &[u8], level: usize) -> Option<Cow<'_, str>> {
    let mut content = Cow::Borrowed(str::from_utf8(inside).ok()?);
    let mut level = level;
    loop {
        if content.contains(|c: char| c == '\\' || c == '"' || c < ' ') {
            content = Cow::Owned(serde_json::from_str(&format!("\"{content}\"")).ok()?);
        }
        if level == 0 {
            return Some(content);
        }
        level /= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        let mut all = Vec::new();
        strings(text.as_bytes(), &mut |text| {
            let content = text.content();
            let [parent, name, content] =
                [text.parent, text.name, content].map(|part| part.unwrap_or("-".into()));
            all.push(format!("{parent} {name} {content}"));
            true
        });
        all
    }

    #[test]
    fn strings_know_the_names_around_them() {
        assert_eq!(
            all(r#"{"a": {"b" : "c"}, "d": ["e", {"f": "g\u0041"}], "h": 1, "i": "j"} "k""#),
            ["a b c", "- d e", "d f gA", "- i j", "- - k"]
        );
    }

    #[test]
    fn broken_json_and_json_in_strings_are_read() {
        assert_eq!(
            all(r#"body={"a": {"b": "c", "d": "cut"#),
            ["a b c", "a d cut"]
        );
        assert_eq!(
            all(r#"{"x": "{\"a\":{\n \"b\" : \"c\\u0041\\\"\"}}"}"#)[1..],
            ["a b cA\""]
        );
        assert_eq!(all(r#"["\ud800", "\x"]"#), ["- - -", "- - -"]);
    }
}
