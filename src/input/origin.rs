//! Where an input comes from.

use std::fmt;
use std::fs::Metadata;
use std::path::{Path, PathBuf};

/// The label of standard input.
pub const STDIN: &str = "<stdin>";

/// Where an input comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
}

impl Origin {
    /// Returns `true` if a path on the command line stands for standard input.
    pub fn is_stdin_arg(path: &Path) -> bool {
        is_named(path, "-")
    }

    /// Returns what a path on the command line stands for: `-` is standard input.
    pub fn from_arg(path: &Path) -> Self {
        if Self::is_stdin_arg(path) {
            Self::Stdin
        } else {
            Self::File(path.to_path_buf())
        }
    }

    /// Returns the path as written on the command line: `-` for standard input.
    pub fn path(&self) -> &Path {
        match self {
            Self::Stdin => Path::new("-"),
            Self::File(path) => path,
        }
    }

    /// Returns the length in bytes, if this is a regular file.
    pub fn length(&self) -> Option<usize> {
        let Self::File(path) = self else {
            return None;
        };
        file_length(&path.metadata().ok()?)
    }
}

/// Returns `true` if this is the path `name`. The first bytes are compared first, since comparing the
/// components of paths takes much longer.
fn is_named(path: &Path, name: &str) -> bool {
    let bytes = path.as_os_str().as_encoded_bytes();
    bytes.starts_with(name.as_bytes()) && path == Path::new(name)
}

/// Returns the length in bytes of a regular file.
pub(super) fn file_length(file: &Metadata) -> Option<usize> {
    let length = file.is_file().then_some(file.len())?;
    usize::try_from(length).ok()
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdin => f.write_str(STDIN),
            // A file that is named `<stdin>` must not look like standard input.
            Self::File(path) if is_named(path, STDIN) => write!(f, "./{STDIN}"),
            Self::File(path) => path.display().fmt(f),
        }
    }
}
