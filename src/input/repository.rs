//! What git says of files: the repository around a folder, the files that it tracks, and the
//! `.gitignore` files that count.
//!
//! Only what is committed counts, so that the same files are checked on every machine: no
//! `.ignore`, no `.git/info/exclude`, no user's own excludes, and no `.gitignore` above the root
//! of the repository.

use std::cell::OnceCell;
use std::ffi::OsStr;
use std::fs;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use gix_index::File as Index;
use gix_index::hash::Kind;
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::describe;
use crate::globs;

const GIT: &str = ".git";
/// What an index begins with.
const MARK: &[u8; 4] = b"DIRC";
const GITIGNORE: &str = ".gitignore";

/// Returns the root of the repository around a folder.
pub fn repository(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|above| above.join(GIT).exists())
}

/// A repository.
#[derive(Debug)]
struct Repository {
    root: PathBuf,
    /// Read only where a file would be skipped. `None` is a repository that has none yet.
    index: OnceCell<Result<Option<Index>, IndexError>>,
}

/// The index of a repository that can't be read.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the git index cannot be read, so files that git tracks may be skipped: {reason}")]
pub(super) struct IndexError {
    pub(super) path: PathBuf,
    reason: String,
}

impl Repository {
    fn index(&self) -> Result<Option<&Index>, IndexError> {
        let index = self.index.get_or_init(|| read(&self.root.join(GIT)));
        match index {
            Ok(index) => Ok(index.as_ref()),
            Err(error) => Err(error.clone()),
        }
    }

    /// Whether git tracks a file, or files in a folder.
    fn tracks(&self, path: &Path) -> Result<bool, IndexError> {
        let (Some(index), Ok(path)) = (self.index()?, path.strip_prefix(&self.root)) else {
            return Ok(false);
        };
        let parts: Vec<_> = path.iter().map(OsStr::as_encoded_bytes).collect();
        let name = parts.join(&b'/');
        let folder = [&name[..], b"/"].concat();
        // Entries are in the order of their paths.
        let has = |wanted: &[u8], is_it: fn(&[u8], &[u8]) -> bool| {
            let entries = index.entries();
            let first = entries.partition_point(|entry| &**entry.path(index) < wanted);
            let entry = entries.get(first);
            entry.is_some_and(|entry| is_it(entry.path(index), wanted))
        };
        Ok(has(&name, |path, wanted| path == wanted) || has(&folder, <[u8]>::starts_with))
    }
}

/// Reads the index of a repository, whose `.git` is a folder, or in a worktree or submodule a file
/// that names one.
fn read(git: &Path) -> Result<Option<Index>, IndexError> {
    let failed = |path: &Path, reason: String| IndexError {
        path: path.to_path_buf(),
        reason,
    };
    let mut folder = git.to_path_buf();
    if git.is_file() {
        let text = fs::read_to_string(git).map_err(|error| failed(git, describe(&error)))?;
        let named = text.strip_prefix("gitdir:").map(str::trim);
        let named = named.ok_or_else(|| failed(git, "expected `gitdir: PATH`".into()))?;
        folder.pop();
        folder.push(named);
    }
    let path = folder.canonicalize().unwrap_or_else(|_| folder.clone());
    let path = path.join("index");
    let mut mark = [0; MARK.len()];
    let read = fs::File::open(&path).and_then(|mut file| file.read(&mut mark));
    match read {
        // A repository without a commit or an added file has no index.
        Err(error) if error.kind() == ErrorKind::NotFound && folder.is_dir() => return Ok(None),
        Err(error) => return Err(failed(&path, describe(&error))),
        Ok(_) if mark != *MARK => return Err(failed(&path, "it is not a git index".into())),
        Ok(_) => {}
    }
    let read = |kind| Index::at(&path, kind, false, gix_index::decode::Options::default());
    // What the library says of it is about its own reading.
    let reason = "it is damaged, or of a version of git that is not known here";
    let index = read(Kind::Sha1).or_else(|_| read(Kind::Sha256));
    let index = index.map_err(|_| failed(&path, reason.into()))?;
    Ok(Some(index))
}

/// What decides which files of a folder are ignored.
#[derive(Debug, Clone, Default)]
pub(super) struct Rules {
    repository: Option<Rc<Repository>>,
    /// From the outermost folder to the innermost.
    files: Vec<Rc<Gitignore>>,
}

impl Rules {
    /// Returns the rules of a folder, which is given without links; `known` has those of its
    /// repository, if it is the same.
    pub(super) fn of(folder: &Path, known: Option<&Self>) -> Self {
        let Some(root) = repository(folder) else {
            let mut rules = Self::default();
            rules.add(folder);
            return rules;
        };
        let known = known.and_then(|known| known.repository.as_ref());
        let known = known.filter(|known| known.root == root).map(Rc::clone);
        let repository = known.unwrap_or_else(|| {
            Rc::new(Repository {
                root: root.to_path_buf(),
                index: OnceCell::new(),
            })
        });
        let mut rules = Self {
            repository: Some(repository),
            files: Vec::new(),
        };
        let mut folders: Vec<_> = folder
            .ancestors()
            .take_while(|above| above.starts_with(root))
            .collect();
        folders.reverse();
        for folder in folders {
            rules.add(folder);
        }
        rules
    }

    /// Returns the rules of a folder inside the one that these are of.
    pub(super) fn inside(&self, folder: &Path) -> Self {
        if folder.join(GIT).exists() {
            return Self::of(folder, None);
        }
        let mut rules = self.clone();
        rules.add(folder);
        rules
    }

    fn add(&mut self, folder: &Path) {
        let file = folder.join(GITIGNORE);
        if !file.is_file() {
            return;
        }
        let mut builder = GitignoreBuilder::new(folder);
        // What can't be read ignores nothing, as in git; nor does what is longer than any path.
        let text = fs::read(&file).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        for line in text.trim_start_matches('\u{feff}').lines() {
            if line.len() <= globs::LONGEST {
                let _ = builder.add_line(Some(file.clone()), line);
            }
        }
        if let Ok(file) = builder.build() {
            self.files.push(Rc::new(file));
        }
    }

    /// Returns the `.gitignore` that ignores a path, and its pattern.
    pub(super) fn ignoring(&self, path: &Path, is_folder: bool) -> Option<(PathBuf, String)> {
        for file in self.files.iter().rev() {
            match file.matched(path, is_folder) {
                Match::Ignore(glob) => {
                    let file = glob.from().unwrap_or(Path::new(GITIGNORE));
                    return Some((file.to_path_buf(), glob.original().to_owned()));
                }
                Match::Whitelist(_) => return None,
                Match::None => {}
            }
        }
        None
    }

    /// Whether git tracks a file, or files in a folder.
    pub(super) fn tracks(&self, path: &Path) -> Result<bool, IndexError> {
        let repository = self.repository.as_ref();
        repository.map_or(Ok(false), |repository| repository.tracks(path))
    }

    /// Returns the root of the repository.
    pub(super) fn root(&self) -> Option<&Path> {
        self.repository.as_ref().map(|repository| &*repository.root)
    }
}

/// Whether a file's name is that of git's own folder.
pub(super) fn is_git(name: &OsStr) -> bool {
    name == GIT
}
