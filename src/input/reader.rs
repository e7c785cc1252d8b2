//! Bytes as they come: from a file at once, from anything else through a thread, so that one can
//! tell when nothing is coming.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, sync_channel};
use std::thread;
use std::time::Duration;

use super::{InputError, Origin};

/// How many bytes of a file are read at a time.
const CHUNK: usize = 512 * 1024;

/// As much as a pipe holds.
const PIPE: usize = 64 * 1024;

/// How many chunks of a pipe are read ahead.
const AHEAD: usize = CHUNK / PIPE;

/// How long an input may be silent before output is flushed. Nothing else depends on it.
const PATIENCE: Duration = Duration::from_millis(100);

/// How often a stream that can be stopped looks whether it is to stop.
const TICK: Duration = Duration::from_millis(50);

/// A source of bytes.
pub(crate) enum Reader {
    /// A regular file, and how long it was when it was opened.
    File(File, u64),
    /// A pipe, a terminal, a device: read by a thread of its own.
    Slow {
        chunks: Receiver<io::Result<Vec<u8>>>,
        /// What went wrong behind the bytes that were given last.
        error: Option<io::Error>,
        /// Says when to stop; what there is is then shown at once, too.
        stop: Option<Arc<AtomicBool>>,
    },
    /// The same where the system starts no more threads: read when its bytes are needed.
    Direct {
        reader: Box<dyn Read + Send>,
        stop: Option<Arc<AtomicBool>>,
    },
    /// Bytes in memory.
    Memory(Vec<u8>),
}

/// What a reader has.
pub(crate) enum Fill {
    /// Bytes, which were added to the buffer.
    Bytes,
    /// Nothing for now.
    Nothing,
    /// Nothing ever.
    End,
    /// Nothing any more, since the stream was stopped.
    Stopped,
}

impl Reader {
    pub(crate) fn open(origin: &Origin) -> Result<Self, InputError> {
        match origin {
            Origin::Stdin => Ok(Self::slow(io::stdin())),
            Origin::File(path) => {
                let file = File::open(path)?;
                let metadata = file.metadata()?;
                if metadata.is_dir() {
                    return Err(InputError::Folder(path.clone()));
                }
                Ok(if metadata.is_file() {
                    Self::File(file, metadata.len())
                } else {
                    Self::slow(file)
                })
            }
        }
    }

    pub(crate) fn slow<R: Read + Send + 'static>(reader: R) -> Self {
        // Some chunks ahead and no more: a slow reader of our output holds the writer still.
        let (sender, chunks) = sync_channel(AHEAD);
        // The thread gets its reader once it has been started: else that would be lost.
        let (give, given) = sync_channel::<R>(1);
        let read = move || {
            if let Ok(reader) = given.recv() {
                pump(reader, &sender);
            }
        };
        if thread::Builder::new().spawn(read).is_err() {
            return Self::direct(reader);
        }
        let _ = give.send(reader);
        Self::Slow {
            chunks,
            error: None,
            stop: None,
        }
    }

    fn direct(reader: impl Read + Send + 'static) -> Self {
        Self::Direct {
            reader: Box::new(reader),
            stop: None,
        }
    }

    /// The same until `stop` is set, if it is one that has to be waited for.
    pub(crate) fn until(mut self, until: Arc<AtomicBool>) -> Self {
        if let Self::Slow { stop, .. } | Self::Direct { stop, .. } = &mut self {
            *stop = Some(until);
        }
        self
    }

    /// Adds what there is to the buffer; waits, if `patient`, however long it takes.
    pub(crate) fn fill(&mut self, buffer: &mut Vec<u8>, patient: bool) -> io::Result<Fill> {
        match self {
            Self::File(file, length) => {
                // At once, for it would grow step by step; and one byte more, to see the end.
                let expected = usize::try_from(*length).unwrap_or(CHUNK).min(CHUNK);
                buffer.reserve(expected + 1);
                let read = file.by_ref().take(CHUNK as u64).read_to_end(buffer)?;
                Ok(if read == 0 { Fill::End } else { Fill::Bytes })
            }
            Self::Slow {
                chunks,
                error,
                stop,
            } => {
                if let Some(error) = error.take() {
                    return Err(error);
                }
                let chunk = match stop {
                    Some(stop) => receive_until(chunks, stop, patient),
                    None if patient => chunks.recv().map_err(|_| RecvTimeoutError::Disconnected),
                    None => chunks.recv_timeout(PATIENCE),
                };
                let is_stopped = stop
                    .as_ref()
                    .is_some_and(|stop| stop.load(Ordering::Relaxed));
                match chunk {
                    Ok(chunk) => buffer.extend_from_slice(&chunk?),
                    Err(_) if is_stopped => return Ok(Fill::Stopped),
                    Err(RecvTimeoutError::Timeout) => return Ok(Fill::Nothing),
                    Err(RecvTimeoutError::Disconnected) => return Ok(Fill::End),
                }
                // Pipes give little at a time; what is there already is taken along.
                for chunk in chunks.try_iter().take(AHEAD) {
                    match chunk {
                        Ok(chunk) => buffer.extend_from_slice(&chunk),
                        Err(failure) => *error = Some(failure),
                    }
                }
                Ok(Fill::Bytes)
            }
            // Whether more is coming can't be seen, and output may be flushed at any time.
            Self::Direct { .. } if !patient => Ok(Fill::Nothing),
            Self::Direct { reader, stop } => {
                let mut chunk = vec![0; PIPE];
                let read = loop {
                    match reader.read(&mut chunk) {
                        Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                        read => break read?,
                    }
                };
                buffer.extend_from_slice(&chunk[..read]);
                let stop = stop.as_ref();
                Ok(match read {
                    _ if stop.is_some_and(|stop| stop.load(Ordering::Relaxed)) => Fill::Stopped,
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

/// The next chunk, if there is one or, when `patient`, until there is one or the stream is stopped.
fn receive_until<T>(
    chunks: &Receiver<T>,
    stop: &AtomicBool,
    patient: bool,
) -> Result<T, RecvTimeoutError> {
    if !patient {
        return chunks.try_recv().map_err(|error| match error {
            TryRecvError::Empty => RecvTimeoutError::Timeout,
            TryRecvError::Disconnected => RecvTimeoutError::Disconnected,
        });
    }
    loop {
        match chunks.recv_timeout(TICK) {
            Err(RecvTimeoutError::Timeout) if !stop.load(Ordering::Relaxed) => {}
            received => return received,
        }
    }
}

/// Reads until the end, an error, or until nobody listens.
fn pump(mut reader: impl Read, sender: &SyncSender<io::Result<Vec<u8>>>) {
    let mut chunk = vec![0; PIPE];
    loop {
        let message = match reader.read(&mut chunk) {
            Ok(0) => return,
            Ok(read) => Ok(chunk[..read].to_vec()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => Err(error),
        };
        let is_last = message.is_err();
        if sender.send(message).is_err() || is_last {
            return;
        }
    }
}
