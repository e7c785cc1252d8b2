//! Cuts a stream of bytes into frames: the JSON values in which payloads stand.
//!
//! An input is a stream of JSON values with white space between them: one payload, pretty ones in
//! a row, one a line; the elements of a root array are payloads too. [`Frames`] holds no more than
//! the frame at hand, so memory stays flat however long the stream is.

mod batch;
mod brackets;
mod frames;
mod line;
mod value;

pub use batch::{Batch, Frame, Segment};
pub use frames::{Frames, Next};
