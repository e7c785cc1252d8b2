//! What a search finds, before duplicates are removed.

use std::path::{Path, PathBuf};

use super::origin::{Origin, STDIN};

/// The error when a path stands for no input.
#[derive(Debug, thiserror::Error)]
#[error("{}: {message}", .path.display())]
pub struct NotFound {
    /// The path.
    pub path: PathBuf,
    /// Why there is no input.
    pub message: String,
}

/// An input that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundInput {
    /// Where the input comes from.
    pub origin: Origin,
    /// The length in bytes, if it was seen that this is a regular file.
    pub length: Option<usize>,
}

impl From<Origin> for FoundInput {
    /// Returns an input of unknown length.
    fn from(origin: Origin) -> Self {
        Self {
            origin,
            length: None,
        }
    }
}

/// What may be an input.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) input: Result<FoundInput, NotFound>,
    /// The absolute path without links, by which duplicates are recognized. Standard input has
    /// none.
    pub(super) real_path: Option<PathBuf>,
    pub(super) link: Link,
}

/// Which link led to a file. Of the paths of one file, one with a lesser link is preferred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Link {
    /// None.
    None,
    /// A link that was named as an argument.
    Named,
    /// A link that was found in a folder.
    InFolder,
}

/// Returns the bytes of an input's label, to sort by.
pub(super) fn label(input: &Result<FoundInput, NotFound>) -> &[u8] {
    let path = match input {
        Ok(found) => match &found.origin {
            Origin::File(path) => path,
            Origin::Stdin => return STDIN.as_bytes(),
        },
        Err(NotFound { path, .. }) => path,
    };
    path.as_os_str().as_encoded_bytes()
}

/// Returns a path without `./` at its start.
pub(super) fn without_dot(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}
