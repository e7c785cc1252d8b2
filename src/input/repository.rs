//! Which files git ignores, and which it tracks.
//!
//! Only what is committed decides, so that the same files are checked on every machine. Not read
//! are `.ignore`, `.git/info/exclude`, the user's own excludes, and a `.gitignore` above the root
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

use super::error::describe;
use super::globs;

const GIT: &str = ".git";

/// The first bytes of an index.
const INDEX_SIGNATURE: &[u8; 4] = b"DIRC";

const GITIGNORE: &str = ".gitignore";

/// Returns the root of the repository that a folder is in.
pub fn repository_root(folder: &Path) -> Option<&Path> {
    folder
        .ancestors()
        .find(|ancestor| ancestor.join(GIT).exists())
}

/// A repository.
#[derive(Debug)]
struct Repository {
    root: PathBuf,
    /// Read only when a file would be skipped. A repository without a commit has none.
    index: OnceCell<Result<Option<Index>, IndexError>>,
}

/// The error when the index of a repository can't be read.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the git index cannot be read, so files that git tracks may be skipped: {reason}")]
pub(super) struct IndexError {
    pub(super) path: PathBuf,
    reason: String,
}

impl Repository {
    fn index(&self) -> Result<Option<&Index>, IndexError> {
        let index = self.index.get_or_init(|| read_index(&self.root.join(GIT)));
        match index {
            Ok(index) => Ok(index.as_ref()),
            Err(error) => Err(error.clone()),
        }
    }

    /// Returns `true` if git tracks the file, or a file in the folder.
    fn tracks(&self, path: &Path) -> Result<bool, IndexError> {
        let (Some(index), Ok(path)) = (self.index()?, path.strip_prefix(&self.root)) else {
            return Ok(false);
        };
        let components: Vec<_> = path.iter().map(OsStr::as_encoded_bytes).collect();
        let file = components.join(&b'/');
        let folder = [&file[..], b"/"].concat();
        // The entries are sorted by their paths.
        let first_from = |path: &[u8]| {
            let entries = index.entries();
            let first = entries.partition_point(|entry| &**entry.path(index) < path);
            entries.get(first).map(|entry| &**entry.path(index))
        };
        Ok(first_from(&file).is_some_and(|path| path == file)
            || first_from(&folder).is_some_and(|path| path.starts_with(&folder)))
    }
}

/// Reads the index of a repository. Its `.git` is a folder or, in a worktree or a submodule, a file
/// with the path of one.
fn read_index(git: &Path) -> Result<Option<Index>, IndexError> {
    let failed = |path: &Path, reason: String| IndexError {
        path: path.to_path_buf(),
        reason,
    };
    let mut folder = git.to_path_buf();
    if git.is_file() {
        let text = fs::read_to_string(git).map_err(|error| failed(git, describe(&error)))?;
        let path = text.strip_prefix("gitdir:").map(str::trim);
        let path = path.ok_or_else(|| failed(git, "expected `gitdir: PATH`".into()))?;
        folder.pop();
        folder.push(path);
    }
    let path = folder.canonicalize().unwrap_or_else(|_| folder.clone());
    let path = path.join("index");
    let mut signature = [0; INDEX_SIGNATURE.len()];
    let read = fs::File::open(&path).and_then(|mut file| file.read(&mut signature));
    match read {
        // A repository without a commit or an added file has no index.
        Err(error) if error.kind() == ErrorKind::NotFound && folder.is_dir() => return Ok(None),
        Err(error) => return Err(failed(&path, describe(&error))),
        Ok(_) if signature != *INDEX_SIGNATURE => {
            return Err(failed(&path, "it is not a git index".into()));
        }
        Ok(_) => {}
    }
    let read = |kind| Index::at(&path, kind, false, gix_index::decode::Options::default());
    // The library's own message is about its implementation.
    let reason = "it is damaged, or of a version of git that is not known here";
    let index = read(Kind::Sha1).or_else(|_| read(Kind::Sha256));
    let index = index.map_err(|_| failed(&path, reason.into()))?;
    Ok(Some(index))
}

/// The rules by which the files of a folder are ignored.
#[derive(Debug, Clone, Default)]
pub(super) struct IgnoreRules {
    repository: Option<Rc<Repository>>,
    /// The `.gitignore` files, from the outermost folder to the innermost.
    files: Vec<Rc<Gitignore>>,
}

impl IgnoreRules {
    /// Returns the rules of a folder, whose path is absolute and without links. The index is shared
    /// with `known` if that is of the same repository.
    pub(super) fn of(folder: &Path, known: Option<&Self>) -> Self {
        let Some(root) = repository_root(folder) else {
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
            .take_while(|ancestor| ancestor.starts_with(root))
            .collect();
        folders.reverse();
        for folder in folders {
            rules.add(folder);
        }
        rules
    }

    /// Returns the rules of a folder directly inside the one that these rules are of.
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
        // As in git, a file that can't be read ignores nothing. Nor does a pattern that is longer
        // than any path.
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

    /// Returns `true` if git tracks the file, or a file in the folder.
    pub(super) fn tracks(&self, path: &Path) -> Result<bool, IndexError> {
        let repository = self.repository.as_ref();
        repository.map_or(Ok(false), |repository| repository.tracks(path))
    }

    /// Returns the root of the repository.
    pub(super) fn repository_root(&self) -> Option<&Path> {
        self.repository.as_ref().map(|repository| &*repository.root)
    }
}

/// Returns `true` if this is the name of git's own folder.
pub(super) fn is_git(name: &OsStr) -> bool {
    name == GIT
}
