//! What a walk skipped, and why: nothing that looks like a payload is left out in silence.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::short::short;

/// Something in a folder that was not looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// What it is called.
    pub path: PathBuf,
    /// Whether it is a folder, of which nothing was looked at.
    pub is_folder: bool,
    /// Why.
    pub reason: SkipReason,
    /// Where it is, without links in its folder's path.
    pub(super) place: PathBuf,
}

/// Why something was skipped.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SkipReason {
    /// A `.gitignore` names it.
    Ignored {
        /// The `.gitignore`.
        file: PathBuf,
        /// The line that names it.
        pattern: String,
    },
    /// Its name starts with a dot.
    Hidden,
    /// A link that leads out of this folder.
    Outside(PathBuf),
    /// A pipe, a socket or a device.
    Special,
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ignored { file, pattern } => {
                let pattern = short(pattern);
                write!(f, "ignored by `{pattern}` in {}", file.display())
            }
            Self::Hidden => f.write_str("hidden"),
            Self::Outside(folder) => write!(f, "a link that leads out of {}", folder.display()),
            Self::Special => f.write_str("not a regular file"),
        }
    }
}

/// Counts what was skipped, for one line: `2 files ignored by .gitignore, 1 hidden folder`.
pub fn summary(skipped: &[Skipped]) -> String {
    let count = |is_folder: bool, is_meant: &dyn Fn(&SkipReason) -> bool| {
        let all = skipped.iter();
        all.filter(|one| one.is_folder == is_folder && is_meant(&one.reason))
            .count()
    };
    let mut parts = Vec::new();
    let mut add = |adjective: &str, behind: &str, is_meant: &dyn Fn(&SkipReason) -> bool| {
        let (files, folders) = (count(false, is_meant), count(true, is_meant));
        let counted = [(files, "file"), (folders, "folder")].map(|(count, noun)| match count {
            0 => None,
            1 => Some(format!("1 {adjective}{noun}")),
            _ => Some(format!("{count} {adjective}{noun}s")),
        });
        let counted: Vec<_> = counted.into_iter().flatten().collect();
        if !counted.is_empty() {
            parts.push(format!("{}{behind}", counted.join(" and ")));
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
    // In the order of the first link out of each.
    let mut folders: Vec<(&Path, usize)> = Vec::new();
    let mut numbers = HashMap::new();
    for one in skipped {
        if let SkipReason::Outside(folder) = &one.reason {
            let number = *numbers.entry(folder).or_insert(folders.len());
            match folders.get_mut(number) {
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
