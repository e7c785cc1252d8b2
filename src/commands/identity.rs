//! What a file is, whatever it is called: its device and its number there.

use std::borrow::Borrow;
use std::path::Path;
use std::time::SystemTime;

use mewshook::input::Origin;

use super::usage;

pub(super) use system::{Identity, names, of, of_path, stdout};

/// Refuses to read a file that standard output goes to: what is printed would be read again, or
/// has replaced what was to be read.
pub(super) fn refuse<O: Borrow<Origin>>(origins: impl Iterator<Item = O>) -> anyhow::Result<()> {
    let Some(output) = stdout() else {
        return Ok(());
    };
    for origin in origins {
        let origin = origin.borrow();
        if of(origin) == Some(output) {
            let name = match origin {
                Origin::Stdin => "standard input".to_owned(),
                Origin::File(_) => origin.to_string(),
            };
            return Err(usage(format!(
                "{name} is both input and output: write the output to another file"
            )));
        }
    }
    Ok(())
}

#[cfg(unix)]
mod system {
    use std::fs::{File, Metadata};
    use std::io;
    use std::os::fd::{AsFd, BorrowedFd};
    use std::os::unix::fs::{FileTypeExt, MetadataExt};
    use std::path::Path;

    use mewshook::input::Origin;

    /// Two files with the same identity are one file.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub(in crate::commands) struct Identity {
        device: u64,
        number: u64,
    }

    /// Returns the regular file that standard output goes to.
    pub(in crate::commands) fn stdout() -> Option<Identity> {
        let file = metadata(io::stdout().as_fd())?;
        file.is_file().then(|| Identity::new(&file))
    }

    /// Returns what standard input comes from, if what is written there is read again.
    fn stdin() -> Option<Identity> {
        Identity::of(&metadata(io::stdin().as_fd())?)
    }

    /// Returns what an input is.
    pub(in crate::commands) fn of(origin: &Origin) -> Option<Identity> {
        match origin {
            Origin::Stdin => stdin(),
            Origin::File(path) => of_path(path),
        }
    }

    /// Returns what a path leads to.
    pub(in crate::commands) fn of_path(path: &Path) -> Option<Identity> {
        Identity::of(&path.metadata().ok()?)
    }

    /// Returns how many names a file has.
    pub(in crate::commands) fn names(file: &Metadata) -> u64 {
        file.nlink()
    }

    fn metadata(stream: BorrowedFd<'_>) -> Option<Metadata> {
        let file = File::from(stream.try_clone_to_owned().ok()?);
        file.metadata().ok()
    }

    impl Identity {
        fn new(file: &Metadata) -> Self {
            Self {
                device: file.dev(),
                number: file.ino(),
            }
        }

        /// Nothing that is written to a terminal, to `/dev/null` or to a socket is read from it again.
        fn of(file: &Metadata) -> Option<Self> {
            let kind = file.file_type();
            let is_read_again = kind.is_file() || kind.is_fifo() || kind.is_block_device();
            is_read_again.then(|| Self::new(file))
        }
    }
}

/// What shows that a file is not what it was: another one, or with another content.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Version {
    identity: Option<Identity>,
    length: u64,
    changed: Option<SystemTime>,
    /// How many names it has.
    names: u64,
}

impl Version {
    /// Returns that of a file, if there is one.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let file = path.symlink_metadata().ok()?;
        Some(Self {
            identity: of_path(path),
            length: file.len(),
            changed: file.modified().ok(),
            names: names(&file),
        })
    }

    /// Returns which file it is and how many names it has.
    pub(super) fn names(&self) -> Option<(Identity, u64)> {
        Some((self.identity?, self.names))
    }
}

/// Elsewhere, the standard library does not say.
#[cfg(not(unix))]
mod system {
    use std::path::Path;

    use mewshook::input::Origin;

    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub(in crate::commands) struct Identity;

    pub(in crate::commands) fn stdout() -> Option<Identity> {
        None
    }

    pub(in crate::commands) fn of(_: &Origin) -> Option<Identity> {
        None
    }

    pub(in crate::commands) fn of_path(_: &Path) -> Option<Identity> {
        None
    }

    pub(in crate::commands) fn names(_: &std::fs::Metadata) -> u64 {
        1
    }
}
