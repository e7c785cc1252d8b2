//! Reads the bytes of one input.
//!
//! A regular file is read when its bytes are needed. A pipe or a terminal may be silent for hours
//! in the middle of a stream, and a call that reads from it doesn't return until then. So a thread
//! of its own reads it, and the reader waits for that thread only briefly: after a silence, its
//! caller can flush what is known so far.
//!
//! The first bytes of an input decide whether it is text. They are held back until that is known.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel};
use std::thread;
use std::time::Duration;

use super::encoding;
use super::error::InputError;
use super::origin::Origin;

/// The number of bytes of a file that are read at a time.
const FILE_CHUNK: usize = 512 * 1024;

/// The number of bytes that are read from a pipe at a time: as many as it can hold on Linux.
const PIPE_CHUNK: usize = 64 * 1024;

/// The number of chunks of a pipe that are read ahead.
const CHUNKS_AHEAD: usize = FILE_CHUNK / PIPE_CHUNK;

/// The length of a silence after which output is flushed. Nothing else depends on it.
const SILENCE: Duration = Duration::from_millis(100);

/// The interval at which a waiting reader checks whether it was stopped.
const STOP_INTERVAL: Duration = Duration::from_millis(50);

/// An open input.
pub(crate) struct Reader {
    source: Source,
    /// The first bytes, until they show whether the input is text.
    start: Option<Vec<u8>>,
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
            Origin::Stdin => return Ok(Self::from_reader(io::stdin())),
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
            Self::from_reader(file)
        })
    }

    /// Creates a reader of bytes in memory.
    pub(crate) fn from_bytes(bytes: Vec<u8>) -> Self {
        Source::Memory(bytes).into()
    }

    /// Creates a reader that reads from another one, in a thread of its own if one can be started.
    pub(crate) fn from_reader<R: Read + Send + 'static>(reader: R) -> Self {
        // The channel is bounded: when our own output is read slowly, so is our input.
        let (sender, chunks) = sync_channel(CHUNKS_AHEAD);
        // The reader is sent to the thread once that runs. If it were moved into the closure, it
        // would be lost when no thread can be started.
        let (reader_sender, readers) = sync_channel::<R>(1);
        let read = move || {
            if let Ok(reader) = readers.recv() {
                send_chunks(reader, &sender);
            }
        };
        let source = if thread::Builder::new().spawn(read).is_ok() {
            let _ = reader_sender.send(reader);
            Source::Thread {
                chunks,
                error: None,
                stop: None,
            }
        } else {
            Source::Blocking {
                reader: Box::new(reader),
                stop: None,
            }
        };
        source.into()
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
            return Ok(self.source.fill(buffer, waits)?);
        };
        let mut fill = self.source.fill(start, waits)?;
        while !encoding::check(start, fill.is_last())? {
            if fill == Fill::Idle {
                return Ok(fill);
            }
            fill = self.source.fill(start, false)?;
        }
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
                buffer.reserve(expected.min(FILE_CHUNK) + 1);
                let read = file.by_ref().take(FILE_CHUNK as u64).read_to_end(buffer)?;
                Ok(if read == 0 { Fill::End } else { Fill::Bytes })
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
        }
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

/// Reads once, and again when a signal interrupts the call.
fn read_chunk(reader: &mut impl Read, chunk: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(chunk) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}
