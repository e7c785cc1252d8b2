//! Writes text in a container.

use std::io::{self, Error, ErrorKind, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use zstd::stream::write::Encoder as ZstdEncoder;

use super::container::{Container, Encoding};

/// A writer that encodes text. It is complete only after [`Encoder::finish`].
pub struct Encoder<'w>(Box<dyn Layer + 'w>);

/// A writer with an end.
trait Layer: Write {
    /// Writes what is left, and the ends of all layers.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// Creates a writer that encodes text and writes it to `out`. Compression is at the usual levels of
/// `gzip` and `zstd`, and in a single member or frame. Of text without encoding, nothing is buffered.
///
/// # Errors
/// There is no memory for it.
pub fn encoder<'w>(container: &Container, out: impl Write + 'w) -> io::Result<Encoder<'w>> {
    let mut writer: Box<dyn Layer + 'w> = Box::new(Plain(out));
    for layer in container.layers() {
        writer = match layer {
            Encoding::Gzip => Box::new(GzEncoder::new(writer, Compression::default())),
            Encoding::Zstd => {
                let mut encoder = ZstdEncoder::new(writer, zstd::DEFAULT_COMPRESSION_LEVEL)?;
                encoder.include_checksum(true)?;
                Box::new(encoder)
            }
            Encoding::Utf16Le | Encoding::Utf16Be => Box::new(Utf16 {
                out: writer,
                is_big_endian: *layer == Encoding::Utf16Be,
                rest: Vec::new(),
            }),
        };
    }
    Ok(Encoder(writer))
}

impl Encoder<'_> {
    /// Writes what is left, and the end of the container.
    ///
    /// # Errors
    /// It can't be written, or the text is not UTF-8 where its encoding requires that.
    pub fn finish(self) -> io::Result<()> {
        self.0.finish()
    }
}

impl Write for Encoder<'_> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.write(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

struct Plain<W>(W);

impl<W: Write> Write for Plain<W> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.write(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl<W: Write> Layer for Plain<W> {
    fn finish(self: Box<Self>) -> io::Result<()> {
        Ok(())
    }
}

impl Layer for GzEncoder<Box<dyn Layer + '_>> {
    fn finish(self: Box<Self>) -> io::Result<()> {
        (*self).finish()?.finish()
    }
}

impl Layer for ZstdEncoder<'static, Box<dyn Layer + '_>> {
    fn finish(self: Box<Self>) -> io::Result<()> {
        (*self).finish()?.finish()
    }
}

/// Encodes UTF-8 as UTF-16, and the code points of unpaired surrogates as these.
struct Utf16<'w> {
    out: Box<dyn Layer + 'w>,
    is_big_endian: bool,
    /// The first bytes of a character whose last ones have yet to be written.
    rest: Vec<u8>,
}

impl Utf16<'_> {
    /// Appends code units as bytes.
    fn push(&self, units: &[u16], bytes: &mut Vec<u8>) {
        bytes.extend(units.iter().flat_map(|unit| {
            if self.is_big_endian {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            }
        }));
    }
}

impl Write for Utf16<'_> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        let mut all = std::mem::take(&mut self.rest);
        all.extend_from_slice(text);
        let mut bytes = Vec::with_capacity(2 * all.len());
        let mut rest = &all[..];
        while !rest.is_empty() {
            let (valid, invalid) = match str::from_utf8(rest) {
                Ok(valid) => (valid, &[][..]),
                Err(error) => {
                    let (valid, invalid) = rest.split_at(error.valid_up_to());
                    (str::from_utf8(valid).unwrap_or_default(), invalid)
                }
            };
            let mut units = [0; 2];
            for character in valid.chars() {
                self.push(character.encode_utf16(&mut units), &mut bytes);
            }
            rest = match *invalid {
                [] => &[],
                [
                    0xED,
                    second @ 0xA0..=0xBF,
                    third @ 0x80..=0xBF,
                    ref rest @ ..,
                ] => {
                    let low = u16::from(second & 0x3F) << 6 | u16::from(third & 0x3F);
                    self.push(&[0xD000 | low], &mut bytes);
                    rest
                }
                [_, ref others @ ..] if others.len() < 3 && is_incomplete(invalid) => {
                    self.rest = invalid.to_vec();
                    &[]
                }
                _ => return Err(not_utf8()),
            };
        }
        self.out.write_all(&bytes)?;
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Layer for Utf16<'_> {
    fn finish(self: Box<Self>) -> io::Result<()> {
        if !self.rest.is_empty() {
            return Err(not_utf8());
        }
        self.out.finish()
    }
}

/// Returns `true` if more bytes could complete a character.
fn is_incomplete(bytes: &[u8]) -> bool {
    let is_surrogate = matches!(bytes, [0xED, 0xA0..=0xBF]);
    let error = str::from_utf8(bytes).err();
    is_surrogate || error.is_some_and(|error| error.error_len().is_none())
}

fn not_utf8() -> Error {
    Error::new(
        ErrorKind::InvalidData,
        "the redacted text is not UTF-8, and can't be encoded as UTF-16",
    )
}
