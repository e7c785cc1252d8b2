//! A payload that was found in a capture.
//!
//! What encloses a payload is read only when it is asked for: most reports show it for few payloads,
//! or for none.

use std::cell::OnceCell;
use std::ops::Range;

use crate::checks::Damage;
use crate::document::PayloadText;
use crate::frame::{Frame, FrameKind};

use super::Delivery;
use super::body::{BYTE_ORDER_MARK, BodyFidelity, CapturedBody, captured_body};
use super::facts::{self, FactBudget};
use super::pointer;
use super::scope::{Enclosing, Scope};

/// A payload in a capture.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct FoundPayload<'b> {
    /// The text, its position and its limits.
    pub text: PayloadText<'b>,
    /// The offset in the input of the payload as it stands there, in bytes.
    pub offset: u64,
    /// The number of the frame that it was found in, from 1.
    pub record: u64,
    /// The last bytes before the payload, at most 256.
    pub before: &'b [u8],
    /// What the capture shows to have happened to the payload.
    pub damage: Vec<Damage>,
    /// Whether the capture lacks the payload, so that the text is that of its record.
    pub is_missing: bool,
    /// The name of the wrapper that the frame is, if it is a known one.
    pub(super) wrapper: Option<&'static str>,
    /// Whether the frame is a JSON value.
    pub(super) is_in_value: bool,
    /// The byte range of the payload in the text of the innermost decoding or message around it.
    pub(super) range: Range<usize>,
    /// What encloses the payload.
    pub(super) scope: Option<Scope<'b>>,
    /// What may be said about deliveries, if payloads share it.
    pub(super) budget: Option<&'b FactBudget>,
    /// What is known about the delivery, once it was asked for.
    pub(super) delivery: OnceCell<Option<Delivery>>,
}

impl<'b> FoundPayload<'b> {
    /// Returns the payload that is the whole frame.
    pub(crate) fn of_frame(frame: &Frame<'b>) -> Self {
        let is_in_text = matches!(frame.kind, FrameKind::Object | FrameKind::MissingBody);
        let line = Scope {
            enclosing: Enclosing::Line(frame.before),
            around: None,
        };
        let range = 0..frame.payload.text.len();
        Self {
            text: frame.payload.clone(),
            offset: frame.offset,
            record: frame.number,
            before: frame.before,
            damage: Vec::new(),
            is_missing: false,
            wrapper: (frame.kind == FrameKind::MissingBody).then_some("nginx"),
            is_in_value: false,
            range,
            scope: is_in_text.then_some(line),
            budget: None,
            delivery: OnceCell::new(),
        }
    }

    /// Returns the name of the tool or format that the payload is wrapped in, if it is in one.
    pub fn capture(&self) -> Option<&'static str> {
        let notation = || self.scope.as_ref()?.notation();
        // An object or array that no tool is known to write.
        let json = || self.is_in_value.then_some("JSON");
        self.wrapper.or_else(notation).or_else(json)
    }

    /// Returns the JSON pointer of the value that holds the payload, if that is part of a JSON value.
    pub fn pointer(&self) -> Option<String> {
        let pointer = pointer::pointer(self.scope.as_ref()?);
        pointer.or_else(|| self.is_in_value.then(String::new))
    }

    /// Returns the body of the request that delivered the payload, as far as the capture has it.
    pub fn captured_body(&self) -> CapturedBody<'b> {
        captured_body(self.text.text, &self.range, self.scope.as_ref())
    }

    /// Returns the bytes of the body of the request that delivered the payload, if they are known and have
    /// only white space and a byte-order mark around it; otherwise those of the payload itself.
    pub fn body(&self) -> &'b [u8] {
        let captured = self.captured_body();
        let text = captured.text;
        let json = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
        let is_alone = json.trim_ascii().len() == self.text.text.len();
        let is_longer = text.len() > self.text.text.len();
        // A line of a log ends with a line break, which was not in the request.
        let is_request = || {
            let delivery = self.delivery();
            delivery.is_some_and(|it| it.method.is_some() || !it.headers.is_empty())
        };
        let has_bytes = captured.fidelity == BodyFidelity::Bytes;
        if is_alone && is_longer && has_bytes && is_request() {
            text
        } else {
            self.text.text
        }
    }

    /// Returns what is known about the delivery, if anything is.
    pub fn delivery(&self) -> Option<Delivery> {
        let scope = self.scope.as_ref()?;
        let read = || facts::delivery(scope, self.budget);
        self.delivery.get_or_init(read).clone()
    }
}
