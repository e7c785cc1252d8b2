//! Cuts the text of an input into frames.
//!
//! A [`Frame`] is a part of the text that may hold payloads, with its place in the input. Which parts
//! that are depends on what the text is, which its first bytes decide (`decision.rs`):
//!
//! - A stream of JSON values with optional white space between them: a single payload,
//!   pretty-printed payloads in a row, or one payload a line. Each value is a frame, and so is each
//!   item of an array at the top level (`cutter.rs`).
//! - Other text in which JSON stands, such as a log. Each object, HTTP message, and piece of text in a
//!   notation that holds JSON is a frame, and the rest is skipped (`text`).
//! - Flows of mitmproxy (`flows.rs`).
//!
//! Captures may contain truncated and garbled payloads, which must not affect the valid payloads
//! around them. So the text is cut before it is parsed, in one pass: a broken payload ends before a
//! line that could be the start of the next one (`value.rs`), and any other text between the
//! values of a JSON stream is an error of its own (`cutter.rs`).
//!
//! Where a frame ends depends on the bytes of the stream alone, never on when they arrive: if the
//! bytes read so far don't decide it, the frame waits for more of them or for the end. And cutting
//! takes time linear in the length of the stream, whatever it contains: what was learnt about a
//! byte is kept, so that no byte is scanned again.
//!
//! [`Frames`] reads an input and holds little more than the current frame, so memory use does not
//! grow with the stream. It returns the frames in batches, which another thread can process.

mod batch;
mod brackets;
mod buffer;
mod cutter;
mod decision;
mod docker;
mod flows;
mod frames;
mod json_scan;
mod kind;
mod limits;
mod line;
mod memory;
mod mode;
mod names;
mod skip;
#[cfg(test)]
mod tests;
mod text;
mod value;

pub use batch::{Batch, Frame};
pub use frames::{Frames, Next, Start};
pub use kind::FrameKind;
pub use limits::Limits;
pub use mode::{CaptureMode, UnknownMode};
