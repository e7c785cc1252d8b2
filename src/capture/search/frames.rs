//! The search in frames that are not a value of a JSON stream: objects in text, messages, flows, and
//! notations that hold another text.

use std::io;

use crate::contract;
use crate::decode::text::{self as decode, Decoded};
use crate::document::{Document, Tape};
use crate::frame::{CaptureMode, Frame, FrameKind, Frames, Limits, Next};

use super::Search;
use crate::capture::body::BodyCache;
use crate::capture::delivery::Delivery;
use crate::capture::facts::Facts;
use crate::capture::http;
use crate::capture::line::{docker_time, line_facts};
use crate::capture::missing::{missing_body, missing_field};
use crate::capture::mitmproxy::read_flow;
use crate::capture::scope::{Enclosing, Scope};
use crate::capture::text::Text;

impl Search<'_, '_> {
    /// Searches the objects and messages in a text that is not JSON.
    pub(super) fn frames(
        &mut self,
        text: Text<'_>,
        around: Option<&Scope<'_>>,
        depth: usize,
    ) -> io::Result<()> {
        let limits = Limits {
            depth,
            ..self.limits
        };
        let mut frames = Frames::from_bytes(text.bytes.to_vec())
            .with_limits(limits)
            .with_mode(CaptureMode::Text);
        // Reading from memory fails only for binary data, which has no payload.
        while let Ok(Next::Batch(batch)) = frames.next() {
            for frame in batch.frames() {
                let offset = usize::try_from(frame.offset).unwrap_or(usize::MAX);
                let part = text.part(offset, frame.payload.text);
                self.frame(part, &frame, around, depth)?;
            }
        }
        Ok(())
    }

    /// Searches a frame of the text itself.
    pub(super) fn frame(
        &mut self,
        text: Text<'_>,
        frame: &Frame<'_>,
        around: Option<&Scope<'_>>,
        depth: usize,
    ) -> io::Result<()> {
        let bytes = text.bytes;
        let (notation, decoded) = match frame.kind {
            FrameKind::Value | FrameKind::Object | FrameKind::LogRecord => {
                return self.object(text, frame, around, depth);
            }
            FrameKind::MissingBody => {
                // In a text that was decoded, no record stands for it.
                if text.map.is_none() {
                    self.missing = Some(missing_field(text.bytes.len()));
                }
                return Ok(());
            }
            FrameKind::Http => return self.http(text, around, depth),
            FrameKind::Flow => return self.flow(text, around, depth),
            FrameKind::JsonString => ("JSON string", quoted_string(bytes)),
            FrameKind::CsvField => ("CSV", decode::csv_field(bytes)),
            FrameKind::HexEscapes => ("nginx", Some(decode::hex_escapes(bytes))),
            FrameKind::XmlText => ("XML", Some(decode::xml_text(bytes))),
            FrameKind::DockerLines => ("Docker", decode::docker_lines(bytes)),
            FrameKind::CriLines => ("Kubernetes", decode::cri_lines(bytes)),
        };
        // What was joined from lines has the time of the first one.
        let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or(bytes);
        let mut delivery = Delivery::default();
        match frame.kind {
            FrameKind::DockerLines => delivery.time = docker_time(first),
            FrameKind::CriLines => line_facts(first, &mut delivery),
            _ => {}
        }
        let first_line = Scope {
            enclosing: Enclosing::Delivery {
                capture: notation,
                delivery: &delivery,
            },
            around,
        };
        let around = match frame.kind {
            FrameKind::DockerLines | FrameKind::CriLines => Some(&first_line),
            _ => around,
        };
        self.decoded(notation, text, decoded, around, depth.saturating_sub(1))
    }

    /// Searches an object that was cut from a text, which may be broken.
    fn object(
        &mut self,
        text: Text<'_>,
        frame: &Frame<'_>,
        around: Option<&Scope<'_>>,
        depth: usize,
    ) -> io::Result<()> {
        let error = frame.payload.syntax_error.clone();
        let parsed = match (&error, str::from_utf8(text.bytes)) {
            (None, Ok(json)) => Document::parse_with(Tape::default(), json, depth).ok(),
            _ => None,
        };
        match parsed {
            Some(document) => {
                if self.capture.is_none() {
                    self.capture = contract::wrapper_name(document.root());
                }
                let before = self.payloads;
                self.root(text, document.root(), around, depth)?;
                if self.payloads == before && text.map.is_none() {
                    self.missing = missing_body(document.root());
                }
                Ok(())
            }
            None => self.payload(text, error, true, around),
        }
    }

    /// Searches the body of an HTTP message.
    fn http(&mut self, text: Text<'_>, around: Option<&Scope<'_>>, depth: usize) -> io::Result<()> {
        let Some(message) = http::parse_message(text.bytes, self.budget) else {
            return Ok(());
        };
        let body = &message.body;
        if body.coding.is_gzip {
            self.spend(body.decoded.text.len(), !body.is_truncated);
        }
        let map = text.map_of(&body.decoded.map);
        let encoding = if body.coding.is_gzip {
            Some("gzip")
        } else {
            text.encoding
        };
        let body = Text::decoded(&body.decoded.text, &map, encoding);
        let scope = Scope {
            enclosing: Enclosing::Message {
                message: &message,
                facts: &Facts::new(),
                cache: &BodyCache::default(),
            },
            around,
        };
        self.text(body, Some(&scope), depth.saturating_sub(1))
    }

    /// Searches what was sent in a flow of mitmproxy.
    fn flow(&mut self, text: Text<'_>, around: Option<&Scope<'_>>, depth: usize) -> io::Result<()> {
        let Some(flow) = read_flow(text.bytes) else {
            return self.frames(text, around, depth);
        };
        let scope = Scope {
            enclosing: Enclosing::Delivery {
                capture: "mitmproxy",
                delivery: &flow.delivery,
            },
            around,
        };
        for body in flow.bodies {
            let mut decoded = Decoded::default();
            decoded.copy(text.bytes, body);
            self.decoded(
                "mitmproxy",
                text,
                Some(decoded),
                Some(&scope),
                depth.saturating_sub(1),
            )?;
        }
        Ok(())
    }
}

/// Decodes a JSON string with its quotes.
fn quoted_string(text: &[u8]) -> Option<Decoded> {
    let inside = text.strip_prefix(b"\"")?;
    let inside = inside.strip_suffix(b"\"").unwrap_or(inside);
    let Decoded { text, map } = decode::json_string(inside)?;
    Some(Decoded {
        text,
        map: map.shifted(1),
    })
}
