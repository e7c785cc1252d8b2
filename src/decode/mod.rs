//! Decodes compressed data and UTF-16 to the text that it contains, and encodes text again.
//!
//! Captures are often kept as gzip or zstd, and some programs write UTF-16. A [`Decoder`] reads such
//! data from another reader and yields what it contains, as it arrives and in constant memory. An
//! [`Encoder`] writes the same [`Container`] again, for what changes a text and keeps its encoding.
//!
//! Nothing here decides what an input is: `input` recognizes the encoding by its first bytes, and
//! stacks decoders where encoded data contains encoded data.
//!
//! UTF-16 is decoded with the standard library. `encoding_rs` does not return an unpaired surrogate,
//! which is to be reported where it stands and to be kept by `redact`.

mod container;
mod decoder;
mod encoder;
mod error;
mod gzip;
mod layer;
pub(crate) mod text;
mod utf16;
mod zstd;

pub use container::{Container, Encoding};
pub use decoder::Decoder;
pub use encoder::{Encoder, encoder};
pub use error::DecodeError;
