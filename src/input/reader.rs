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
#[cfg(target_os = "linux")]
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel};
use std::thread;
use std::time::Duration;

use crate::decode::{Container, DecodeError, Decoder, Encoding};

use super::encoding::{self, Start};
use super::error::InputError;
use super::origin::Origin;

/// The number of bytes of a file that are read at a time.
const FILE_CHUNK: usize = 512 * 1024;

/// The number of bytes that are read from a pipe at a time.
const PIPE_CHUNK: usize = 128 * 1024;

/// The number of bytes that a pipe is made to hold: the most that Linux allows by default.
#[cfg(target_os = "linux")]
const PIPE_SIZE: usize = 1024 * 1024;

/// The number of chunks of a pipe that are read ahead.
const CHUNKS_AHEAD: usize = FILE_CHUNK / PIPE_CHUNK;

/// The number of decoded bytes that are sent at a time.
const DECODED_CHUNK: usize = 128 * 1024;

/// The size from which an encoded file gets a thread of its own. To start one takes longer than to
/// decode less.
const DECODED_BESIDE: u64 = 32 * 1024;

/// The maximum number of layers of compression.
const MAX_COMPRESSION: usize = 4;

/// The length of a silence after which output is flushed. Nothing else depends on it.
const SILENCE: Duration = Duration::from_millis(100);

/// The interval at which a waiting reader checks whether it was stopped.
const STOP_INTERVAL: Duration = Duration::from_millis(50);

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
    /// and otherwise no longer than a short silence.
    ///
    /// # Errors
    /// The input can't be read on, or is not text.
    pub(crate) fn fill(&mut self, buffer: &mut Vec<u8>, waits: bool) -> Result<Fill, InputError> {
        let Some(start) = &mut self.start else {
            if let Some(error) = self.error.take() {
                return Err(error.into());
            }
            return Ok(self.source.fill(buffer, waits)?);
        };
        let mut waits = waits;
        let fill = loop {
            let fill = match self.source.fill(start, waits) {
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
    fn fill(&mut self, buffer: &mut Vec<u8>, waits: bool) -> io::Result<Fill> {
        match self {
            Self::File(file, length) => {
                // Reserved at once, since the buffer would grow step by step; and one byte more,
                // which the last read needs to see the end.
                let expected = usize::try_from(*length).unwrap_or(FILE_CHUNK);
                reserve(buffer, expected.min(FILE_CHUNK) + 1);
                let read = file.by_ref().take(FILE_CHUNK as u64).read_to_end(buffer)?;
                if read == 0 {
                    return Ok(Fill::End);
                }
                if read < FILE_CHUNK && *length < DECODED_BESIDE {
                    // The end was seen, so a small file is not read again.
                    *self = Self::Memory(Vec::new());
                }
                Ok(Fill::Bytes)
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
                let reader = ChunkReader {
                    chunks,
                    chunk: Cursor::new(Vec::new()),
                };
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

/// A reader of the chunks that a thread reads.
struct ChunkReader {
    chunks: Receiver<io::Result<Vec<u8>>>,
    chunk: Cursor<Vec<u8>>,
}

impl Read for ChunkReader {
    fn read(&mut self, output: &mut [u8]) -> io::Result<usize> {
        loop {
            let length = self.chunk.read(output)?;
            if length > 0 {
                return Ok(length);
            }
            match self.chunks.recv() {
                Ok(chunk) => self.chunk = Cursor::new(chunk?),
                Err(_) => return Ok(0),
            }
        }
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

/// Reserves memory for `length` more bytes. A buffer with less than a chunk gets no more than that, since
/// many buffers are in use at a time; a larger one grows as vectors do.
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

/// Receives a chunk. If `waits` is `true`, waits until one arrives or `stop` is set.
fn receive_until<T>(
    chunks: &Receiver<T>,
    stop: &AtomicBool,
    waits: bool,
) -> Result<T, RecvTimeoutError> {
    if !waits {
        return chunks.try_recv().map_err(|error| match error {
            TryRecvError::Empty => RecvTimeoutError::Timeout,
            TryRecvError::Disconnected => RecvTimeoutError::Disconnected,
        });
    }
    loop {
        match chunks.recv_timeout(STOP_INTERVAL) {
            Err(RecvTimeoutError::Timeout) if !stop.load(Ordering::Relaxed) => {}
            received => return received,
        }
    }
}

/// Sends what is read in chunks, until the end or an error, or until nobody receives them.
fn send_chunks(mut reader: impl Read, sender: &SyncSender<io::Result<Vec<u8>>>) {
    let mut chunk = vec![0; PIPE_CHUNK];
    loop {
        let read = match read_chunk(&mut reader, &mut chunk) {
            Ok(0) => return,
            Ok(length) => Ok(chunk[..length].to_vec()),
            Err(error) => Err(error),
        };
        let is_last = read.is_err();
        if sender.send(read).is_err() || is_last {
            return;
        }
    }
}

/// Sends what is decoded, like [`send_chunks`]. The chunks are not copied, since they are often full.
fn send_decoded(mut reader: impl Read, sender: &SyncSender<io::Result<Vec<u8>>>) {
    loop {
        let mut chunk = vec![0; DECODED_CHUNK];
        let read = match reader.read(&mut chunk) {
            Ok(0) => return,
            Ok(length) => {
                chunk.truncate(length);
                Ok(chunk)
            }
            Err(error) => Err(error),
        };
        let is_last = read.is_err();
        if sender.send(read).is_err() || is_last {
            return;
        }
    }
}

/// Lets a pipe hold as much as the system allows by default, so that the program that writes to it
/// and this one wait for each other less often. Anything else than a pipe stays as it is.
#[cfg(target_os = "linux")]
fn enlarge_pipe(pipe: &impl AsFd) {
    let _ = rustix::pipe::fcntl_setpipe_size(pipe, PIPE_SIZE);
}

#[cfg(not(target_os = "linux"))]
fn enlarge_pipe<T>(_: &T) {}

/// Reads once, and again when a signal interrupts the call.
fn read_chunk(reader: &mut impl Read, chunk: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(chunk) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}
