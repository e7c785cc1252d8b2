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

/// What may be an input.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) input: Result<Origin, NotFound>,
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
pub(super) fn label(input: &Result<Origin, NotFound>) -> Vec<u8> {
    match input {
        Ok(Origin::File(path)) | Err(NotFound { path, .. }) => {
            path.as_os_str().as_encoded_bytes().to_vec()
        }
        Ok(Origin::Stdin) => STDIN.into(),
    }
}

/// Returns a path without `./` at its start.
pub(super) fn without_dot(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}
