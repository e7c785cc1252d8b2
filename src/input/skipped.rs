//! What a search skipped in folders, and why, so that nothing that looks like a payload is left out
//! in silence.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::shorten::shorten;

/// A file or folder that was found in a folder and skipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The path, starting with that of the folder as it was named.
    pub path: PathBuf,
    /// Whether this is a folder. Nothing in it was searched.
    pub is_folder: bool,
    /// Why it was skipped.
    pub reason: SkipReason,
    /// The absolute path, without links in that of its folder.
    pub(super) real_path: PathBuf,
}

/// Why something was skipped.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SkipReason {
    /// It matches a pattern of a `.gitignore`.
    Ignored {
        /// The path of the `.gitignore`.
        file: PathBuf,
        /// The pattern.
        pattern: String,
    },
    /// Its name starts with a dot.
    Hidden,
    /// It is a link that leads out of this folder.
    Outside(PathBuf),
    /// It is a pipe, a socket or a device.
    Special,
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ignored { file, pattern } => {
                let pattern = shorten(pattern);
                write!(f, "ignored by `{pattern}` in {}", file.display())
            }
            Self::Hidden => f.write_str("hidden"),
            Self::Outside(folder) => write!(f, "a link that leads out of {}", folder.display()),
            Self::Special => f.write_str("not a regular file"),
        }
    }
}

/// Returns how much was skipped, in one line: `2 files ignored by .gitignore, 1 hidden folder`.
pub fn summarize(skipped: &[Skipped]) -> String {
    let count = |is_folder: bool, matches: &dyn Fn(&SkipReason) -> bool| {
        skipped
            .iter()
            .filter(|skipped| skipped.is_folder == is_folder && matches(&skipped.reason))
            .count()
    };
    let mut parts = Vec::new();
    let mut add = |adjective: &str, suffix: &str, matches: &dyn Fn(&SkipReason) -> bool| {
        let (files, folders) = (count(false, matches), count(true, matches));
        let counted = [(files, "file"), (folders, "folder")].map(|(count, noun)| match count {
            0 => None,
            1 => Some(format!("1 {adjective}{noun}")),
            _ => Some(format!("{count} {adjective}{noun}s")),
        });
        let counted: Vec<_> = counted.into_iter().flatten().collect();
        if !counted.is_empty() {
            parts.push(format!("{}{suffix}", counted.join(" and ")));
        }
    };
    add("", " ignored by .gitignore", &|reason| {
        matches!(reason, SkipReason::Ignored { .. })
    });
    add("hidden ", "", &|reason| {
        matches!(reason, SkipReason::Hidden)
    });
    add("special ", "", &|reason| {
        matches!(reason, SkipReason::Special)
    });
    // The number of links out of each folder, in the order of the first link.
    let mut folders: Vec<(&Path, usize)> = Vec::new();
    let mut indices = HashMap::new();
    for Skipped { reason, .. } in skipped {
        if let SkipReason::Outside(folder) = reason {
            let index = *indices.entry(folder).or_insert(folders.len());
            match folders.get_mut(index) {
                Some((_, links)) => *links += 1,
                None => folders.push((folder, 1)),
            }
        }
    }
    for (folder, links) in folders {
        let links = match links {
            1 => "1 link that leads".to_owned(),
            count => format!("{count} links that lead"),
        };
        parts.push(format!("{links} out of {}", folder.display()));
    }
    parts.join(", ")
}
