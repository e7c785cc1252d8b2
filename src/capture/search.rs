//! The search for payloads in a frame.

use std::cell::OnceCell;
use std::io;
use std::ops::Range;

use crate::checks::Damage;
use crate::contract;
use crate::decode::text::{self as decode, Decoded};
use crate::document::{
    Array, Document, Node, Object, OuterText, PayloadText, Position, Positions, SyntaxError, Tag,
    Tape,
};
use crate::frame::{Frame, FrameKind, Limits};
use crate::steps;

use super::body::BodyCache;
use super::damage::{StatedSize, damage};
use super::extracted;
use super::facts::{FactBudget, Facts};
use super::found::FoundPayload;
use super::missing::missing_body;
use super::recognize::{has_marks, may_be_base64, may_be_urlencoded, may_hold_object};
use super::scope::{Decoding, Enclosing, Scope};
use super::text::Text;

mod frames;

/// The length of the shortest text that holds a payload: `{"Events":[],"EnterpriseId":0}` is longer.
const MIN_LENGTH: usize = 22;

/// The length of the text before a payload that is kept with it, in bytes.
const CONTEXT: usize = 256;

/// What a search has found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// The number of payloads.
    pub(crate) payloads: usize,
    /// The name of the wrapper that the frame's value is, if it is a known one.
    pub(crate) wrapper: Option<&'static str>,
    /// What shows that the frame lacks a payload, where none was found.
    pub(crate) missing: Option<Damage>,
    /// Whether compressed text was longer than the limit, so that not all of it was searched.
    pub(crate) is_too_large: bool,
}

/// Visits the payloads of a search.
pub(crate) type Visit<'v> = &'v mut dyn FnMut(&FoundPayload<'_>) -> io::Result<()>;

/// Visits the payloads in a JSON value that is not a payload itself.
///
/// # Errors
/// Those of `visit`.
pub(crate) fn search_value(
    frame: &Frame<'_>,
    document: &Document<'_>,
    limits: Limits,
    visit: Visit<'_>,
) -> io::Result<Outcome> {
    let root = document.root();
    let wrapper = contract::wrapper_name(root);
    let mut search = Search::new(frame, limits, wrapper, visit);
    let text = Text::of(frame);
    let line = Scope {
        enclosing: Enclosing::Line(frame.before),
        around: None,
    };
    let around = (frame.kind == FrameKind::Object).then_some(&line);
    search.root(text, root, around, limits.depth)?;
    let missing = match search.payloads {
        0 => missing_body(root),
        _ => None,
    };
    Ok(Outcome {
        payloads: search.payloads,
        wrapper,
        missing,
        is_too_large: search.is_too_large,
    })
}

/// Visits the payloads in a frame that is not a value of a JSON stream.
///
/// # Errors
/// Those of `visit`.
pub(crate) fn search_frame(
    frame: &Frame<'_>,
    limits: Limits,
    visit: Visit<'_>,
) -> io::Result<Outcome> {
    let mut search = Search::new(frame, limits, None, visit);
    let line = Scope {
        enclosing: Enclosing::Line(frame.before),
        around: None,
    };
    search.frame(Text::of(frame), frame, Some(&line), limits.depth)?;
    Ok(Outcome {
        payloads: search.payloads,
        wrapper: search.capture,
        missing: search.missing,
        is_too_large: search.is_too_large,
    })
}

/// A search in progress.
struct Search<'b, 'v> {
    frame: &'b Frame<'b>,
    limits: Limits,
    /// Converts the offsets of payloads in the frame, which are found in ascending order.
    positions: Positions<'b>,
    capture: Option<&'static str>,
    /// Whether the frame is a JSON value.
    is_value: bool,
    payloads: usize,
    /// What shows that the frame lacks a payload.
    missing: Option<Damage>,
    is_too_large: bool,
    /// The number of bytes that may still be decoded from compressed data.
    budget: usize,
    /// What may be said about deliveries.
    facts: FactBudget,
    /// The range of the last payload that people can't read in the frame, and the position of its
    /// end.
    last_encoded: Option<(Range<usize>, Position)>,
    visit: Visit<'v>,
}

impl<'b, 'v> Search<'b, 'v> {
    fn new(
        frame: &'b Frame<'b>,
        limits: Limits,
        capture: Option<&'static str>,
        visit: Visit<'v>,
    ) -> Self {
        Self {
            frame,
            limits,
            positions: Positions::new(frame.payload.text, frame.payload.start),
            capture,
            is_value: frame.kind == FrameKind::Value,
            payloads: 0,
            missing: None,
            is_too_large: false,
            budget: limits.payload,
            facts: FactBudget::new(frame.payload.text.len()),
            last_encoded: None,
            visit,
        }
    }

    /// Searches the root of a JSON text. If that is a record of `extract`, its body is the payload.
    fn root(
        &mut self,
        text: Text<'_>,
        root: Node<'_>,
        around: Option<&Scope<'_>>,
        depth: usize,
    ) -> io::Result<()> {
        let Some(body) = extracted::body(root).filter(|_| !has_marks(root)) else {
            return self.value(text, root, around, depth);
        };
        let facts = Facts::new();
        let enclosing = Enclosing::Property {
            object: root,
            name: body.name,
            value: body.value,
            facts: &facts,
            cache: &BodyCache::default(),
        };
        let property = Scope { enclosing, around };
        let span = body.value.span();
        let inside = span.start + 1..span.end - 1;
        let text = text.part(inside.start, &text.bytes[inside]);
        let Some(unescaped) = decode::json_string(text.bytes) else {
            return Ok(());
        };
        let map = text.map_of(&unescaped.map);
        let unescaped = Text::decoded(&unescaped.text, &map, text.encoding);
        let (stated_size, cache) = (StatedSize::new(), BodyCache::default());
        let scope = |name, text| Scope {
            enclosing: Enclosing::Decoding(Decoding {
                name,
                text,
                stated_size: &stated_size,
                cache: &cache,
            }),
            around: Some(&property),
        };
        if !body.is_base64 {
            let scope = scope("JSON string", unescaped.bytes);
            return self.payload(unescaped, None, false, Some(&scope));
        }
        let Some(decoded) = decode::base64(unescaped.bytes) else {
            return Ok(());
        };
        let map = unescaped.map_of(&decoded.map);
        let decoded = Text::decoded(&decoded.text, &map, Some("base64"));
        let scope = scope("base64", decoded.bytes);
        self.payload(decoded, None, false, Some(&scope))
    }

    /// Searches a JSON value. `depth` is the number of levels that may follow.
    fn value(
        &mut self,
        text: Text<'_>,
        node: Node<'_>,
        around: Option<&Scope<'_>>,
        depth: usize,
    ) -> io::Result<()> {
        if depth == 0 {
            return Ok(());
        }
        match node.tag() {
            Tag::Object if has_marks(node) => {
                let span = node.span();
                let payload = text.part(span.start, &text.bytes[span]);
                self.payload(payload, None, false, around)
            }
            Tag::Object => {
                let facts = &Facts::new();
                let members = node.as_object().into_iter();
                for (name, value) in members.flat_map(Object::members) {
                    let enclosing = Enclosing::Property {
                        object: node,
                        name,
                        value,
                        facts,
                        cache: &BodyCache::default(),
                    };
                    self.value(text, value, Some(&Scope { enclosing, around }), depth - 1)?;
                }
                Ok(())
            }
            Tag::Array => {
                let items = node.as_array().into_iter();
                let items = items.flat_map(Array::items);
                for (index, item) in items.enumerate() {
                    let enclosing = Enclosing::Item(index);
                    self.value(text, item, Some(&Scope { enclosing, around }), depth - 1)?;
                }
                Ok(())
            }
            Tag::String => {
                let span = node.span();
                let inside = span.start + 1..span.end - 1;
                let inside = text.part(inside.start, &text.bytes[inside]);
                self.string(inside, around, depth - 1)
            }
            Tag::Null | Tag::False | Tag::True | Tag::Number => Ok(()),
        }
    }

    /// Searches the inside of a JSON string.
    fn string(
        &mut self,
        text: Text<'_>,
        around: Option<&Scope<'_>>,
        depth: usize,
    ) -> io::Result<()> {
        if text.bytes.len() < MIN_LENGTH {
            return Ok(());
        }
        if may_be_base64(text.bytes) {
            return self.base64(text, around, depth);
        }
        if !may_hold_object(text.bytes) {
            return Ok(());
        }
        self.decoded(
            "JSON string",
            text,
            decode::json_string(text.bytes),
            around,
            depth,
        )
    }

    /// Searches a string that may be base64.
    fn base64(
        &mut self,
        text: Text<'_>,
        around: Option<&Scope<'_>>,
        depth: usize,
    ) -> io::Result<()> {
        // JSON may escape the slashes of base64, and its line breaks.
        let unescaped = match memchr::memchr(b'\\', text.bytes) {
            Some(_) => decode::json_string(text.bytes),
            None => None,
        };
        let Some(unescaped) = unescaped else {
            let encoded = text.encoded("base64");
            return self.decoded("base64", encoded, decode::base64(text.bytes), around, depth);
        };
        let map = text.map_of(&unescaped.map);
        let unescaped = Text::decoded(&unescaped.text, &map, Some("base64"));
        let decoded = decode::base64(unescaped.bytes);
        self.decoded("base64", unescaped, decoded, around, depth)
    }

    /// Searches what was decoded from a text, if it could be decoded.
    fn decoded(
        &mut self,
        notation: &'static str,
        text: Text<'_>,
        decoded: Option<Decoded>,
        around: Option<&Scope<'_>>,
        depth: usize,
    ) -> io::Result<()> {
        let Some(decoded) = decoded else {
            return Ok(());
        };
        let map = text.map_of(&decoded.map);
        let text = Text::decoded(&decoded.text, &map, text.encoding);
        let scope = Scope {
            enclosing: Enclosing::Decoding(Decoding {
                name: notation,
                text: text.bytes,
                stated_size: &StatedSize::new(),
                cache: &BodyCache::default(),
            }),
            around,
        };
        self.text(text, Some(&scope), depth)
    }

    /// Subtracts what was decoded of compressed text from the budget, all of it or a part.
    fn spend(&mut self, length: usize, is_complete: bool) {
        self.is_too_large |= !is_complete && length >= self.budget;
        self.budget -= length.min(self.budget);
    }

    /// Searches a text that may be anything.
    fn text(&mut self, text: Text<'_>, around: Option<&Scope<'_>>, depth: usize) -> io::Result<()> {
        if depth == 0 {
            return Ok(());
        }
        steps::add(text.bytes.len());
        match text.bytes.trim_ascii_start() {
            [0x1f, 0x8b, ..] => {
                let encoded = text.encoded("gzip");
                let gunzipped = decode::gzip_prefix(text.bytes, self.budget);
                let gunzipped = gunzipped.inspect(|gunzipped| {
                    self.spend(gunzipped.decoded.text.len(), gunzipped.is_complete);
                });
                let complete = gunzipped.filter(|gunzipped| gunzipped.is_complete);
                let decoded = complete.map(|gunzipped| gunzipped.decoded);
                return self.decoded("gzip", encoded, decoded, around, depth - 1);
            }
            [b'{' | b'[' | b'"', ..] => {
                if let Ok(json) = str::from_utf8(text.bytes)
                    && let Ok(document) = Document::parse_with(Tape::default(), json, depth)
                {
                    return self.root(text, document.root(), around, depth);
                }
            }
            _ => {}
        }
        if text.bytes.trim_ascii_start().starts_with(b"{\\") {
            // A string in a string whose quotes were cut off.
            let decoded = decode::json_string(text.bytes);
            return self.decoded("JSON string", text, decoded, around, depth - 1);
        }
        if may_be_urlencoded(text.bytes) {
            for decoded in decode::urlencoded_values(text.bytes) {
                self.decoded("form", text, Some(decoded), around, depth - 1)?;
            }
            return Ok(());
        }
        self.frames(text, around, depth)
    }

    /// Visits a payload.
    fn payload(
        &mut self,
        text: Text<'_>,
        syntax_error: Option<SyntaxError>,
        is_broken: bool,
        around: Option<&Scope<'_>>,
    ) -> io::Result<()> {
        self.payloads += 1;
        self.facts.add(text.bytes.len());
        let span = text.offset..text.offset + text.bytes.len();
        let damage = around.map(|scope| damage(text.bytes, span.clone(), is_broken, scope));
        let range = match text.map {
            None => span.clone(),
            Some(map) => map.range(span.clone()),
        };
        let part = text.map.map(|map| map.part(span));
        let start = self.positions.at(range.start);
        let written = &self.frame.payload.text[range.clone()];
        let outer = part
            .as_ref()
            .map(|map| OuterText::new(written, map, text.encoding))
            .map(|outer| match text.encoding {
                Some(_) => outer.ending_at(Some(self.end_of(&range, start))),
                None => outer,
            });
        let before = self.frame.payload.text;
        let before = match range.start {
            0 => self.frame.before,
            start => &before[start.saturating_sub(CONTEXT)..start],
        };
        let found = FoundPayload {
            text: PayloadText {
                text: text.bytes,
                start,
                outer,
                max_depth: self.limits.depth,
                syntax_error,
            },
            offset: self.frame.offset + range.start as u64,
            record: self.frame.number,
            before,
            damage: damage.unwrap_or_default(),
            is_missing: false,
            wrapper: self.capture,
            is_in_value: self.is_value,
            range: text.offset..text.offset + text.bytes.len(),
            scope: around.copied(),
            budget: Some(&self.facts),
            delivery: OnceCell::new(),
        };
        (self.visit)(&found)
    }

    /// Returns the position of the end of a range of the frame that starts at a position.
    fn end_of(&mut self, range: &Range<usize>, start: Position) -> Position {
        match &self.last_encoded {
            Some((last, end)) if last == range => *end,
            _ => {
                let end = start.after(&self.frame.payload.text[range.clone()]);
                self.last_encoded = Some((range.clone(), end));
                end
            }
        }
    }
}
