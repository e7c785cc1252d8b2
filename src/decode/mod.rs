//! Decodes compressed data and UTF-16 to the text that it contains, and encodes text again.
//!
//! Captures are often kept as gzip or zstd, and some programs write UTF-16. A [`Decoder`] reads such
//! data from another reader and yields what it contains, as it arrives and in constant memory. An
//! [`Encoder`] writes the same [`Container`] again, for what changes a text and keeps its encoding.
//!
//! Nothing here decides what an input is: `input` recognizes the encoding by its first bytes, and
//! stacks decoders where encoded data contains encoded data.
//!
//! UTF-16 is decoded without `encoding_rs`: that replaces an unpaired surrogate by U+FFFD, after
//! which the text would be valid, and it brings the tables of forty other encodings along.

mod container;
mod decoder;
mod encoder;
mod error;
mod gzip;
mod layer;
mod utf16;
mod zstd;

pub use container::{Container, Encoding};
pub use decoder::Decoder;
pub use encoder::{Encoder, encoder};
pub use error::DecodeError;
