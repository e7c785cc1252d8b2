//! Reads a stream in chunks, on a thread of its own that sends them to the reader.

use std::io::{self, Cursor, Read};
#[cfg(target_os = "linux")]
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError};
use std::time::Duration;

/// The number of bytes that are read from a pipe at a time.
pub(super) const PIPE_CHUNK: usize = 128 * 1024;

/// The number of bytes that a pipe is made to hold: the most that Linux allows by default.
#[cfg(target_os = "linux")]
const PIPE_SIZE: usize = 1024 * 1024;

/// The number of chunks of a pipe that are read ahead.
pub(super) const CHUNKS_AHEAD: usize = 4;

/// The number of decoded bytes that are sent at a time.
const DECODED_CHUNK: usize = 128 * 1024;

/// The interval at which a waiting reader checks whether it is to stop.
const STOP_INTERVAL: Duration = Duration::from_millis(50);

/// A reader of the chunks that a thread reads.
pub(super) struct ChunkReader {
    chunks: Receiver<io::Result<Vec<u8>>>,
    chunk: Cursor<Vec<u8>>,
}

impl ChunkReader {
    pub(super) fn new(chunks: Receiver<io::Result<Vec<u8>>>) -> Self {
        Self {
            chunks,
            chunk: Cursor::new(Vec::new()),
        }
    }
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

/// Receives a chunk. If `waits` is `true`, waits until one arrives or `stop` is set.
pub(super) fn receive_until<T>(
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

/// Reads chunks and sends them, until the end or an error, or until the receiver is dropped.
pub(super) fn send_chunks(mut reader: impl Read, sender: &SyncSender<io::Result<Vec<u8>>>) {
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

/// Decodes chunks and sends them, like [`send_chunks`]. They are not copied, since they are often full.
pub(super) fn send_decoded(mut reader: impl Read, sender: &SyncSender<io::Result<Vec<u8>>>) {
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
/// and this one wait for each other less often. Anything other than a pipe stays as it is.
#[cfg(target_os = "linux")]
pub(super) fn enlarge_pipe(pipe: &impl AsFd) {
    let _ = rustix::pipe::fcntl_setpipe_size(pipe, PIPE_SIZE);
}

#[cfg(not(target_os = "linux"))]
pub(super) fn enlarge_pipe<T>(_: &T) {}

/// Reads once, and again when a signal interrupts the call.
pub(super) fn read_chunk(reader: &mut impl Read, chunk: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(chunk) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read,
        }
    }
}
