//! Reads a connection's bytes before a point in time.

use std::io::{self, ErrorKind, Read};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The number of bytes that are read at a time.
const READ_SIZE: usize = 16 << 10;

/// The bytes of a connection that were received, and not yet taken.
#[derive(Debug)]
pub(super) struct Reader {
    stream: Arc<TcpStream>,
    buffer: Vec<u8>,
    /// The offset in the buffer up to which bytes were taken.
    taken: usize,
}

impl Reader {
    pub(super) fn new(stream: Arc<TcpStream>) -> Self {
        Self {
            stream,
            buffer: Vec::new(),
            taken: 0,
        }
    }

    /// Returns the bytes that were received, and not yet taken.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.buffer[self.taken..]
    }

    /// Takes bytes.
    pub(super) fn take(&mut self, count: usize) -> &[u8] {
        let start = self.taken;
        self.taken = (start + count).min(self.buffer.len());
        &self.buffer[start..self.taken]
    }

    /// Waits for more bytes until a point in time. Returns how many were added: 0 at the end.
    pub(super) fn read_until(&mut self, deadline: Instant) -> io::Result<usize> {
        if self.taken > 0 {
            self.buffer.drain(..self.taken);
            self.taken = 0;
        }
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(ErrorKind::TimedOut.into());
            }
            self.stream
                .set_read_timeout(Some(left.max(Duration::from_millis(1))))?;
            let length = self.buffer.len();
            self.buffer.resize(length + READ_SIZE, 0);
            let read = (&*self.stream).read(&mut self.buffer[length..]);
            let count = *read.as_ref().unwrap_or(&0);
            self.buffer.truncate(length + count);
            match read {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    return Err(ErrorKind::TimedOut.into());
                }
                read => return read,
            }
        }
    }
}
