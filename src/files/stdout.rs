//! Standard output that fails if it is closed, instead of losing what is printed.

use std::io::{self, BufWriter, StdoutLock, Write};

/// The error message for a closed standard output.
pub const STDOUT_CLOSED: &str = "standard output is closed";

/// Standard output. If it is closed, writing fails; the standard library writes to `/dev/null` and
/// reports success.
pub enum Stdout {
    /// It can be written to.
    Open(StdoutLock<'static>),
    /// It was closed when the program started.
    Closed,
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Open(stdout) => stdout.write(bytes),
            Self::Closed => Err(io::Error::other(STDOUT_CLOSED)),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Open(stdout) => stdout.flush(),
            Self::Closed => Ok(()),
        }
    }
}

/// The size of the buffer in bytes: more than the rules at the start of a SARIF report have, so that
/// a reader that is gone is noticed only after small inputs were checked, in any format.
const CAPACITY: usize = 1 << 17;

/// Returns standard output, buffered.
pub fn stdout() -> BufWriter<Stdout> {
    let stdout = if super::closed::is_stdout_closed() {
        Stdout::Closed
    } else {
        Stdout::Open(io::stdout().lock())
    };
    BufWriter::with_capacity(CAPACITY, stdout)
}
