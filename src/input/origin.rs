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
    /// Returns what a path on the command line stands for: `-` is standard input.
    pub fn from_arg(path: &Path) -> Self {
        if path == Path::new("-") {
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
        let metadata = path.metadata().ok().filter(Metadata::is_file)?;
        usize::try_from(metadata.len()).ok()
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdin => f.write_str(STDIN),
            // A file that is named `<stdin>` must not look like standard input.
            Self::File(path) if path == Path::new(STDIN) => write!(f, "./{STDIN}"),
            Self::File(path) => path.display().fmt(f),
        }
    }
}
