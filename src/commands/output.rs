//! Standard output, never lost in silence.

use std::io::{self, BufWriter, StdoutLock, Write};

/// Why nothing can be printed.
pub(super) const CLOSED: &str = "standard output is closed";

/// Standard output, which fails where it is closed. The standard library writes to `/dev/null`
/// then, and reports success.
pub(super) enum Stdout {
    Open(StdoutLock<'static>),
    Closed,
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Open(stdout) => stdout.write(bytes),
            Self::Closed => Err(io::Error::other(CLOSED)),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Open(stdout) => stdout.flush(),
            Self::Closed => Ok(()),
        }
    }
}

/// Standard output, buffered.
pub(super) fn stdout() -> BufWriter<Stdout> {
    let stdout = if crate::streams::is_stdout_closed() {
        Stdout::Closed
    } else {
        Stdout::Open(io::stdout().lock())
    };
    BufWriter::with_capacity(1 << 16, stdout)
}
