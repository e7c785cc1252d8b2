//! Standard output: never lost in silence, and never a file that is read.

use std::io::{self, BufWriter, StdoutLock, Write};
use std::path::Path;

use super::usage;

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

/// Refuses to read a file that standard output goes to: what is printed would be read again, or
/// has replaced what was to be read. `-` is standard input.
pub(super) fn refuse<'p>(paths: impl Iterator<Item = &'p Path>) -> anyhow::Result<()> {
    let Some(output) = identity::stdout() else {
        return Ok(());
    };
    for path in paths {
        if identity::of(path) == Some(output) {
            let name = match path.to_str() {
                Some("-") => "standard input".into(),
                _ => path.display().to_string(),
            };
            return Err(usage(format!(
                "{name} is both input and output: write the output to another file"
            )));
        }
    }
    Ok(())
}

/// Whether a file is read from standard input.
pub(super) fn is_stdin(path: &Path) -> bool {
    let stdin = identity::of(Path::new("-"));
    stdin.is_some() && identity::of(path) == stdin
}

/// What a regular file is, whatever it is called: its device and its number there.
#[cfg(unix)]
mod identity {
    use std::fs::{File, Metadata};
    use std::io;
    use std::os::fd::AsFd;
    use std::os::unix::fs::MetadataExt;
    use std::path::Path;

    pub(super) type Identity = (u64, u64);

    pub(super) fn stdout() -> Option<Identity> {
        stream(io::stdout().as_fd())
    }

    pub(super) fn of(path: &Path) -> Option<Identity> {
        if path == Path::new("-") {
            stream(io::stdin().as_fd())
        } else {
            regular(&path.metadata().ok()?)
        }
    }

    fn stream(stream: std::os::fd::BorrowedFd<'_>) -> Option<Identity> {
        let file = File::from(stream.try_clone_to_owned().ok()?);
        regular(&file.metadata().ok()?)
    }

    fn regular(file: &Metadata) -> Option<Identity> {
        file.is_file().then(|| (file.dev(), file.ino()))
    }
}

/// Elsewhere, the standard library does not say.
#[cfg(not(unix))]
mod identity {
    use std::path::Path;

    pub(super) type Identity = (u64, u64);

    pub(super) fn stdout() -> Option<Identity> {
        None
    }

    pub(super) fn of(_: &Path) -> Option<Identity> {
        None
    }
}
