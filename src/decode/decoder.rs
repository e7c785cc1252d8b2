//! Reads encoded data from another reader, and yields what it contains.

use std::io::{self, Read};

use crate::steps;

use super::container::Encoding;
use super::error::DecodeError;
use super::gzip::Gzip;
use super::layer::{Fault, Layer};
use super::utf16::Utf16;
use super::zstd::Zstd;

/// The number of encoded bytes that are read at a time.
const CHUNK: usize = 64 * 1024;

/// A reader of what the encoded data of another reader contains.
///
/// A read returns what has arrived, and waits only if nothing has. Errors of the encoding are
/// [`DecodeError`]s in an [`io::Error`], and come after all that was decoded before them.
pub struct Decoder<R> {
    reader: R,
    encoding: Encoding,
    layer: Box<dyn Layer + Send>,
    chunk: Vec<u8>,
    /// The bytes of the chunk that were not decoded.
    start: usize,
    end: usize,
    /// The offset of the first of them in the data.
    offset: u64,
    /// Whether the reader has ended.
    has_ended: bool,
    /// The error to return next.
    fault: Option<Fault>,
}

impl<R: Read> Decoder<R> {
    /// Creates a decoder of one encoding.
    ///
    /// # Errors
    /// There is no memory for it.
    pub fn new(encoding: Encoding, reader: R) -> io::Result<Self> {
        Ok(Self {
            reader,
            encoding,
            layer: match encoding {
                Encoding::Gzip => Box::new(Gzip::new()),
                Encoding::Zstd => Box::new(Zstd::new()?),
                Encoding::Utf16Le => Box::new(Utf16::new(false)),
                Encoding::Utf16Be => Box::new(Utf16::new(true)),
            },
            chunk: vec![0; CHUNK],
            start: 0,
            end: 0,
            offset: 0,
            has_ended: false,
            fault: None,
        })
    }

    /// Returns the error for a fault at the current offset.
    fn error(&self, fault: Fault) -> DecodeError {
        let Self {
            encoding, offset, ..
        } = *self;
        match fault {
            Fault::Truncated => DecodeError::Truncated { encoding, offset },
            Fault::Corrupt(reason) => DecodeError::Corrupt {
                encoding,
                offset,
                reason,
            },
            Fault::Trailing => DecodeError::Trailing { encoding, offset },
            Fault::Memory => DecodeError::Memory,
            Fault::Dictionary => DecodeError::Dictionary,
        }
    }

    /// Reads the next chunk, and again when a signal interrupts the call.
    fn fill(&mut self) -> io::Result<()> {
        let length = loop {
            match self.reader.read(&mut self.chunk) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        (self.start, self.end) = (0, length);
        self.has_ended = length == 0;
        Ok(())
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, output: &mut [u8]) -> io::Result<usize> {
        if output.is_empty() {
            return Ok(0);
        }
        loop {
            if let Some(fault) = self.fault.take() {
                return Err(self.error(fault).into());
            }
            let input = &self.chunk[self.start..self.end];
            let step = self.layer.step(input, output, self.has_ended);
            steps::add(step.read + step.written);
            self.start += step.read;
            self.offset += step.read as u64;
            self.offset = self.offset.saturating_sub(step.back as u64);
            self.fault = step.fault;
            if step.written > 0 {
                return Ok(step.written);
            }
            if self.fault.is_none() && step.read == 0 {
                if self.has_ended {
                    return Ok(0);
                }
                self.fill()?;
            }
        }
    }
}
