//! Identifies files by their device and inode number, independently of their names.

use std::borrow::Borrow;
use std::path::Path;
use std::time::SystemTime;

use mewshook::input::Origin;

use crate::messages::usage;

pub use system::{Identity, link_count};

/// Refuses to read a file that standard output goes to: the program would read what it prints, or
/// the shell has already emptied the file.
///
/// # Errors
/// One of `origins` is standard output too.
pub fn refuse_stdout<O: Borrow<Origin>>(origins: impl Iterator<Item = O>) -> anyhow::Result<()> {
    let Some(output) = Identity::of_stdout() else {
        return Ok(());
    };
    for origin in origins {
        let origin = origin.borrow();
        if Identity::of_origin(origin) == Some(output) {
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

/// The state of a file, to find out later whether it was replaced or changed.
#[derive(Debug, PartialEq, Eq)]
pub struct Version {
    identity: Option<Identity>,
    length: u64,
    modified: Option<SystemTime>,
    links: u64,
}

impl Version {
    /// Returns the version of the file at a path, if there is one.
    pub fn of(path: &Path) -> Option<Self> {
        let file = path.symlink_metadata().ok()?;
        Some(Self {
            identity: Identity::of_path(path),
            length: file.len(),
            modified: file.modified().ok(),
            links: link_count(&file),
        })
    }

    /// Returns the file's identity and the number of its hard links.
    pub fn links(&self) -> Option<(Identity, u64)> {
        Some((self.identity?, self.links))
    }
}

#[cfg(unix)]
mod system {
    use std::fs::{File, Metadata};
    use std::io;
    use std::os::fd::{AsFd, BorrowedFd};
    use std::os::unix::fs::{FileTypeExt, MetadataExt};
    use std::path::Path;

    use mewshook::input::Origin;

    /// The identity of a file. Two paths with the same identity lead to one file.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub struct Identity {
        device: u64,
        number: u64,
    }

    impl Identity {
        /// Returns the identity of the regular file that standard output goes to.
        pub fn of_stdout() -> Option<Self> {
            let file = metadata(io::stdout().as_fd())?;
            file.is_file().then(|| Self::new(&file))
        }

        /// Returns the identity of an input, unless what is written to it can't be read again.
        pub fn of_origin(origin: &Origin) -> Option<Self> {
            match origin {
                Origin::Stdin => Self::if_readable_again(&metadata(io::stdin().as_fd())?),
                Origin::File(path) => Self::of_path(path),
            }
        }

        /// Returns the identity of the file that a path leads to, unless what is written to it can't
        /// be read again.
        pub fn of_path(path: &Path) -> Option<Self> {
            Self::if_readable_again(&path.metadata().ok()?)
        }

        fn new(file: &Metadata) -> Self {
            Self {
                device: file.dev(),
                number: file.ino(),
            }
        }

        /// What is written to a terminal, to `/dev/null` or to a socket is never read from it again.
        fn if_readable_again(file: &Metadata) -> Option<Self> {
            let kind = file.file_type();
            let is_readable = kind.is_file() || kind.is_fifo() || kind.is_block_device();
            is_readable.then(|| Self::new(file))
        }
    }

    /// Returns the number of a file's hard links.
    pub fn link_count(file: &Metadata) -> u64 {
        file.nlink()
    }

    fn metadata(stream: BorrowedFd<'_>) -> Option<Metadata> {
        let file = File::from(stream.try_clone_to_owned().ok()?);
        file.metadata().ok()
    }
}

/// The implementation for other systems, on which the standard library provides no identity.
#[cfg(not(unix))]
mod system {
    use std::path::Path;

    use mewshook::input::Origin;

    /// The identity of a file, which is not available on this system.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
    pub struct Identity;

    impl Identity {
        /// Returns `None`.
        pub fn of_stdout() -> Option<Self> {
            None
        }

        /// Returns `None`.
        pub fn of_origin(_: &Origin) -> Option<Self> {
            None
        }

        /// Returns `None`.
        pub fn of_path(_: &Path) -> Option<Self> {
            None
        }
    }

    /// Returns 1.
    pub fn link_count(_: &std::fs::Metadata) -> u64 {
        1
    }
}
