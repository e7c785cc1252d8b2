//! Reads the bytes of one input.
//!
//! A regular file is read when its bytes are needed. A pipe or a terminal may be silent for hours
//! in the middle of a stream, and a call that reads from it doesn't return until then. So a thread
//! of its own reads it, and the reader waits for that thread only briefly: after a silence, its
//! caller can flush what is known so far.
//!
//! The first bytes of an input decide whether it is text. They are held back until that is known. If
//! it is encoded, its bytes are decoded from then on, in a thread of its own too, beside whatever is
//! done with the text; and the first bytes of what it contains are examined in the same way.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use crate::decode::{Container, DecodeError, Decoder, Encoding};

use super::chunks::{
    CHUNKS_AHEAD, ChunkReader, PIPE_CHUNK, enlarge_pipe, read_chunk, receive_until, send_chunks,
    send_decoded,
};
use super::encoding::{self, Start};
use super::error::InputError;
use super::large_file;
use super::origin::Origin;
use super::small_file;

/// The number of bytes of a file that are read at a time.
const FILE_CHUNK: usize = 256 * 1024;

/// The size from which an encoded file gets a thread of its own. To start one takes longer than to
/// decode less.
const DECODED_BESIDE: u64 = 32 * 1024;

/// The maximum number of layers of compression.
const MAX_COMPRESSION: usize = 4;

/// The length of a silence after which output is flushed. Nothing else depends on it.
const SILENCE: Duration = Duration::from_millis(100);

/// An open input.
pub(crate) struct Reader {
    source: Source,
    /// The first bytes, until they show whether the input is text.
    start: Option<Vec<u8>>,
    /// The error that followed the first bytes.
    error: Option<io::Error>,
    /// What encodes the text, as known so far.
    container: Container,
}

/// What a reader gets its bytes from.
pub(crate) enum Source {
    /// A regular file, and its length when it was opened.
    File(File, u64),
    /// A pipe, a terminal or a device, which a thread of its own reads.
    Thread {
        chunks: Receiver<io::Result<Vec<u8>>>,
        /// The error that followed the chunk received last.
        error: Option<io::Error>,
        /// Set to `true` to stop. A stream that can be stopped never waits for more bytes while
        /// there is something to flush.
        stop: Option<Arc<AtomicBool>>,
    },
    /// A pipe, a terminal or a device, where no thread could be started.
    Blocking {
        reader: Box<dyn Read + Send>,
        stop: Option<Arc<AtomicBool>>,
    },
    /// Bytes in memory.
    Memory(Vec<u8>),
    /// The decoded bytes of a small file, or of bytes in memory.
    Decoded(Box<dyn Read + Send>),
}

/// The result of reading on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fill {
    /// There may be more bytes. Those that were read are in the buffer.
    Bytes,
    /// No bytes have arrived for a while.
    Idle,
    /// The input has ended. Its last bytes are in the buffer.
    End,
    /// The reader was stopped before the end of the input.
    Stopped,
}

impl Fill {
    /// Returns `true` if no more bytes follow.
    pub(crate) fn is_last(self) -> bool {
        matches!(self, Self::End | Self::Stopped)
    }
}

impl From<Source> for Reader {
    fn from(source: Source) -> Self {
        Self {
            source,
            start: Some(Vec::new()),
            error: None,
            container: Container::new(),
        }
    }
}

impl Reader {
    /// Opens an input.
    ///
    /// # Errors
    /// The input can't be opened, or is a folder.
    pub(crate) fn open(origin: &Origin) -> Result<Self, InputError> {
        let path = match origin {
            Origin::Stdin => {
                let stdin = io::stdin();
                enlarge_pipe(&stdin);
                return Ok(Self::from_reader(stdin));
            }
            Origin::File(path) => path,
        };
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(InputError::Folder(path.clone()));
        }
        Ok(if metadata.is_file() {
            Source::File(file, metadata.len()).into()
        } else {
            enlarge_pipe(&file);
            Self::from_reader(file)
        })
    }

    /// Opens a file that was a regular one of `length` bytes when its metadata was read. It is read to its
    /// end even if it has changed since.
    ///
    /// # Errors
    /// The file can't be opened.
    pub(crate) fn open_file(path: &Path, length: usize) -> Result<Self, InputError> {
        Ok(Source::File(File::open(path)?, length as u64).into())
    }

    /// Creates a reader of bytes in memory.
    pub(crate) fn from_bytes(bytes: Vec<u8>) -> Self {
        Source::Memory(bytes).into()
    }

    /// Creates a reader that reads from another one, in a thread of its own if one can be started.
    pub(crate) fn from_reader<R: Read + Send + 'static>(reader: R) -> Self {
        let source = match read_beside(reader, None, send_chunks) {
            Ok(source) => source,
            Err(reader) => Source::Blocking {
                reader: Box::new(reader),
                stop: None,
            },
        };
        source.into()
    }

    /// Returns what encodes the text. It is known once there is text, or the input has ended.
    pub(crate) fn container(&self) -> &Container {
        &self.container
    }

    /// Stops reading as soon as `flag` is `true`. Files and bytes in memory are read to their end
    /// all the same, since that takes no waiting.
    pub(crate) fn stop_on(&mut self, flag: Arc<AtomicBool>) {
        if let Source::Thread { stop, .. } | Source::Blocking { stop, .. } = &mut self.source {
            *stop = Some(flag);
        }
    }

    /// Returns `true` if no thread could be started to read the input.
    pub(crate) fn is_blocking(&self) -> bool {
        matches!(self.source, Source::Blocking { .. })
    }

    /// Appends the next bytes to `buffer`. Waits for them as long as it takes if `waits` is `true`,
    /// and otherwise no longer than a short silence. The rest of a large file is read at once if
    /// it has at most `max_rest` bytes.
    ///
    /// # Errors
    /// The input can't be read on, or is not text.
    pub(crate) fn fill(
        &mut self,
        buffer: &mut Vec<u8>,
        waits: bool,
        max_rest: usize,
    ) -> Result<Fill, InputError> {
        let Some(start) = &mut self.start else {
            if let Some(error) = self.error.take() {
                return Err(error.into());
            }
            return Ok(self.source.fill(buffer, waits, max_rest)?);
        };
        let mut waits = waits;
        let fill = loop {
            let fill = match self.source.fill(start, waits, max_rest) {
                Ok(fill) => fill,
                Err(error) if start.is_empty() => return Err(error.into()),
                // What precedes the error comes first.
                Err(error) => {
                    self.error = Some(error);
                    Fill::Bytes
                }
            };
            let is_complete = fill.is_last() || self.error.is_some();
            // Text that was decoded is text, whatever it starts with.
            let layers = self.container.layers();
            let examined = if layers.last().is_some_and(|last| !last.is_compression()) {
                Ok(Start::Text)
            } else {
                encoding::check(start, is_complete)
            };
            if examined.is_err()
                && encoding::check(start, false).is_ok()
                && let Some(error) = self.error.take()
            {
                // What the input is would be seen only after the error.
                return Err(error.into());
            }
            match examined? {
                Start::Text => break fill,
                Start::Undecided if fill == Fill::Idle => return Ok(fill),
                Start::Undecided => waits = false,
                Start::Encoded(_) if fill == Fill::Stopped => return Ok(fill),
                Start::Encoded(encoding) => {
                    self.container.push(encoding);
                    let layers = self.container.layers().iter();
                    if layers.filter(|layer| layer.is_compression()).count() > MAX_COMPRESSION {
                        return Err(DecodeError::Depth(MAX_COMPRESSION).into());
                    }
                    let source = std::mem::replace(&mut self.source, Source::Memory(Vec::new()));
                    let start = std::mem::take(start);
                    self.source = source.decoded(encoding, start, self.error.take())?;
                }
            }
        };
        // The caller's buffer is empty, so nothing is copied.
        std::mem::swap(buffer, start);
        buffer.append(start);
        self.start = None;
        Ok(fill)
    }
}

impl Source {
    fn fill(&mut self, buffer: &mut Vec<u8>, waits: bool, max_rest: usize) -> io::Result<Fill> {
        match self {
            Self::File(file, length) => {
                let is_small = *length < DECODED_BESIDE;
                let expected = usize::try_from(*length).unwrap_or(FILE_CHUNK);
                let rest = large_file::rest(file, *length, buffer.len(), max_rest);
                let read = if is_small {
                    small_file::read(&*file, buffer, expected, FILE_CHUNK)?
                } else if let Some(rest) = rest {
                    large_file::read(file, buffer, rest)?
                } else {
                    // Reserved at once, since the buffer would grow step by step; and one byte more,
                    // which the last read needs to see the end.
                    reserve(buffer, expected.min(FILE_CHUNK) + 1);
                    file.take(FILE_CHUNK as u64).read_to_end(buffer)?
                };
                // With less than was requested, the end was seen. If the frames know that no more bytes follow, they
                // need no full scan of the last payload.
                Ok(if read < rest.unwrap_or(FILE_CHUNK) {
                    Fill::End
                } else {
                    Fill::Bytes
                })
            }
            Self::Thread {
                chunks,
                error,
                stop,
            } => {
                if let Some(error) = error.take() {
                    return Err(error);
                }
                let chunk = match stop {
                    Some(stop) => receive_until(chunks, stop, waits),
                    None if waits => chunks.recv().map_err(|_| RecvTimeoutError::Disconnected),
                    None => chunks.recv_timeout(SILENCE),
                };
                match chunk {
                    Ok(chunk) => buffer.extend_from_slice(&chunk?),
                    Err(_) if is_set(stop.as_ref()) => return Ok(Fill::Stopped),
                    Err(RecvTimeoutError::Timeout) => return Ok(Fill::Idle),
                    Err(RecvTimeoutError::Disconnected) => return Ok(Fill::End),
                }
                // Chunks of a pipe can be small: take what else has arrived.
                for chunk in chunks.try_iter().take(CHUNKS_AHEAD) {
                    match chunk {
                        Ok(chunk) => buffer.extend_from_slice(&chunk),
                        Err(read_error) => *error = Some(read_error),
                    }
                }
                Ok(Fill::Bytes)
            }
            // Reading could block, so output is flushed before.
            Self::Blocking { .. } if !waits => Ok(Fill::Idle),
            Self::Blocking { reader, stop } => {
                let mut chunk = vec![0; PIPE_CHUNK];
                let length = read_chunk(reader, &mut chunk)?;
                buffer.extend_from_slice(&chunk[..length]);
                Ok(match length {
                    _ if is_set(stop.as_ref()) => Fill::Stopped,
                    0 => Fill::End,
                    _ => Fill::Bytes,
                })
            }
            Self::Memory(bytes) => {
                let is_empty = bytes.is_empty();
                buffer.append(bytes);
                Ok(if is_empty { Fill::End } else { Fill::Bytes })
            }
            Self::Decoded(reader) => {
                let read = reader.take(FILE_CHUNK as u64).read_to_end(buffer)?;
                Ok(if read == 0 { Fill::End } else { Fill::Bytes })
            }
        }
    }

    /// Returns a source of what this one contains. `start` was read from this one before, and `error`
    /// followed.
    fn decoded(
        self,
        encoding: Encoding,
        start: Vec<u8>,
        error: Option<io::Error>,
    ) -> io::Result<Self> {
        let start = Cursor::new(start).chain(Failing(error));
        let is_blocking = matches!(self, Self::Blocking { .. });
        let (rest, stop): (Box<dyn Read + Send>, _) = match self {
            Self::File(file, length) if length < DECODED_BESIDE => {
                let decoder = Decoder::new(encoding, start.chain(file))?;
                return Ok(Self::Decoded(Box::new(decoder)));
            }
            Self::Memory(bytes) => {
                let decoder = Decoder::new(encoding, start.chain(Cursor::new(bytes)))?;
                return Ok(Self::Decoded(Box::new(decoder)));
            }
            Self::Decoded(reader) => {
                let decoder = Decoder::new(encoding, start.chain(reader))?;
                return Ok(Self::Decoded(Box::new(decoder)));
            }
            Self::File(file, _) => (Box::new(file), None),
            Self::Blocking { reader, stop } => (reader, stop),
            Self::Thread {
                chunks,
                error,
                stop,
            } => {
                let reader = ChunkReader::new(chunks);
                (Box::new(Failing(error).chain(reader)), stop)
            }
        };
        let decoder = Decoder::new(encoding, start.chain(rest))?;
        if is_blocking {
            return Ok(Self::Blocking {
                reader: Box::new(decoder),
                stop,
            });
        }
        Ok(read_beside(decoder, stop, send_decoded)
            .unwrap_or_else(|decoder| Self::Decoded(Box::new(decoder))))
    }
}

/// A reader that fails once, if there is an error, and is empty otherwise.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// Creates a source that reads from `reader` in a thread of its own. Returns `reader` if no thread can
/// be started.
fn read_beside<R: Read + Send + 'static>(
    reader: R,
    stop: Option<Arc<AtomicBool>>,
    send: fn(R, &SyncSender<io::Result<Vec<u8>>>),
) -> Result<Source, R> {
    // The channel is bounded: when our own output is read slowly, so is our input.
    let (sender, chunks) = sync_channel(CHUNKS_AHEAD);
    // The reader is sent to the thread once that runs. If it were moved into the closure, it would be
    // lost when no thread can be started.
    let (reader_sender, readers) = sync_channel::<R>(1);
    let read = move || {
        if let Ok(reader) = readers.recv() {
            send(reader, &sender);
        }
    };
    if thread::Builder::new().spawn(read).is_err() {
        return Err(reader);
    }
    let _ = reader_sender.send(reader);
    Ok(Source::Thread {
        chunks,
        error: None,
        stop,
    })
}

/// Reserves memory for `length` more bytes. A small buffer gets exactly that, since many of them are in use
/// at a time; a larger one grows as vectors do.
fn reserve(buffer: &mut Vec<u8>, length: usize) {
    if buffer.len() < FILE_CHUNK {
        buffer.reserve_exact(length);
    } else {
        buffer.reserve(length);
    }
}

fn is_set(flag: Option<&Arc<AtomicBool>>) -> bool {
    flag.is_some_and(|flag| flag.load(Ordering::Relaxed))
}
