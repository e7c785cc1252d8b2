//! Walks folders for inputs.
//!
//! Links are followed if they lead to a place inside of the folder that was named, or of its
//! repository. So the same files are found on every machine, and only files that were requested.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs::{self, DirEntry, Metadata};
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

use foldhash::fast::RandomState;

use super::candidate::{Candidate, FoundInput, Link, NotFound, label, without_dot};
use super::error::describe;
use super::globs::Globs;
use super::origin::{Origin, file_length};
use super::repository::{IgnoreRules, is_git};
use super::skipped::{SkipReason, Skipped};

const NO_INPUT: &str = "no input in this folder: expected files named *.json, *.ndjson or *.jsonl, or \
                        those that match --glob";

/// Whether a path without links is the only one of its file, except for hard links. On other systems, file
/// systems usually ignore letter case, and only the system knows how a name is stored.
const NAMES_ARE_EXACT: bool = cfg!(target_os = "linux");

/// The search for inputs, and what it has found so far.
pub(super) struct Walk<'g> {
    globs: &'g Globs,
    pub(super) candidates: Vec<Candidate>,
    pub(super) skipped: Vec<Skipped>,
    /// The absolute paths of the folders that were named.
    pub(super) folders: Vec<PathBuf>,
    /// The absolute paths without links of the folders that contain the files that were named.
    real_folders: HashMap<PathBuf, Option<PathBuf>, RandomState>,
}

/// A folder that is to be read.
struct Folder {
    /// The path, starting with that of the argument.
    label: PathBuf,
    /// The absolute path without links.
    real_path: PathBuf,
    ignore_rules: IgnoreRules,
    /// Whether a link led to it.
    is_link: bool,
    /// Why everything in it is skipped that git doesn't track, if it is.
    skip_reason: Option<SkipReason>,
}

/// A folder that is an argument.
struct Root {
    /// The path as it was named.
    label: PathBuf,
    /// The absolute path without links.
    real_path: PathBuf,
    /// The root of the repository around it.
    repository: Option<PathBuf>,
    /// The folders that were read or are to be read.
    visited: HashSet<PathBuf>,
    queue: Vec<Folder>,
    /// Links to folders. They are read last, so that files are found by a path without links where
    /// there is one.
    links: Vec<Folder>,
}

impl Root {
    /// Returns `true` if a link may lead to this path.
    fn contains(&self, real_path: &Path) -> bool {
        let contains = |root: &PathBuf| real_path.starts_with(root);
        contains(&self.real_path) || self.repository.as_ref().is_some_and(contains)
    }
}

/// What an entry of a folder is, or leads to. Paths are absolute and without links.
enum Target {
    File(PathBuf),
    Folder(PathBuf),
    /// A link that leads out of the argument and its repository.
    Outside,
    /// A pipe, a socket or a device.
    Special,
    /// A link to nothing, or something that can't be read.
    Broken(io::Error),
}

impl<'g> Walk<'g> {
    pub(super) fn new(globs: &'g Globs) -> Self {
        Self {
            globs,
            candidates: Vec::new(),
            skipped: Vec::new(),
            folders: Vec::new(),
            real_folders: HashMap::default(),
        }
    }

    /// Adds what an argument names: a file, a folder or standard input.
    pub(super) fn add_named(&mut self, origin: Origin) {
        let Origin::File(path) = &origin else {
            return self.candidates.push(Candidate {
                input: Ok(origin.into()),
                real_path: None,
                link: Link::None,
            });
        };
        let metadata = path.symlink_metadata().ok();
        let kind = metadata.as_ref().map(Metadata::file_type);
        let is_link = kind.is_some_and(|kind| kind.is_symlink());
        if kind.is_some_and(|kind| kind.is_dir()) || is_link && path.is_dir() {
            return self.add_folder(path);
        }
        let real_path = match kind {
            Some(_) if !is_link && NAMES_ARE_EXACT => self.in_real_folder(path),
            _ => None,
        };
        // The file may not exist, or it may be a pipe, which has no path without links.
        let real_path =
            real_path.unwrap_or_else(|| path.canonicalize().unwrap_or_else(|_| absolute(path)));
        let link = if is_link { Link::Named } else { Link::None };
        self.candidates.push(Candidate {
            input: Ok(FoundInput {
                length: metadata.as_ref().and_then(file_length),
                origin,
            }),
            real_path: Some(real_path),
            link,
        });
    }

    /// Returns the absolute path without links of a file that is not a link. Each folder is looked up only
    /// once, since thousands of files may be named.
    fn in_real_folder(&mut self, path: &Path) -> Option<PathBuf> {
        let (folder, name) = (path.parent()?, path.file_name()?);
        if !self.real_folders.contains_key(folder) {
            let real = Path::new(".").join(folder).canonicalize().ok();
            self.real_folders.insert(folder.to_path_buf(), real);
        }
        let real = self.real_folders.get(folder)?.as_ref()?;
        Some(real.join(name))
    }

    /// Adds the payload files of a folder and of the folders in it.
    pub(super) fn add_folder(&mut self, path: &Path) {
        let real_path = match path.canonicalize() {
            Ok(real_path) => real_path,
            Err(error) => return self.fail(path, absolute(path), describe(&error)),
        };
        let before = self.candidates.len();
        let ignore_rules = IgnoreRules::of(&real_path, None);
        let mut root = Root {
            label: path.to_path_buf(),
            real_path: real_path.clone(),
            repository: ignore_rules.repository_root().map(Path::to_path_buf),
            visited: HashSet::from([real_path.clone()]),
            queue: Vec::new(),
            links: Vec::new(),
        };
        self.folders.push(real_path.clone());
        root.queue.push(Folder {
            label: path.to_path_buf(),
            real_path: real_path.clone(),
            ignore_rules,
            is_link: false,
            skip_reason: None,
        });
        loop {
            if let Some(folder) = root.queue.pop() {
                self.read_folder(&folder, &mut root);
            } else if let Some(link) = root.links.pop() {
                // This ends loops of links.
                if root.visited.insert(link.real_path.clone()) {
                    root.queue.push(link);
                }
            } else {
                break;
            }
        }
        self.candidates[before..].sort_by(|a, b| label(&a.input).cmp(label(&b.input)));
        if self.candidates.len() == before {
            self.fail(path, real_path, NO_INPUT.into());
        }
    }

    fn read_folder(&mut self, folder: &Folder, root: &mut Root) {
        let entries =
            fs::read_dir(&folder.real_path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        match entries {
            Ok(entries) => {
                for entry in entries {
                    self.add_entry(&entry, folder, root);
                }
            }
            Err(error) => self.fail(&folder.label, folder.real_path.clone(), describe(&error)),
        }
    }

    fn add_entry(&mut self, entry: &DirEntry, folder: &Folder, root: &mut Root) {
        let name = entry.file_name();
        if is_git(&name) {
            return;
        }
        let label = folder.label.join(&name);
        let real_path = folder.real_path.join(&name);
        let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
        let target = target(entry, &real_path, root);
        let is_folder = matches!(target, Target::Folder(_));
        let is_selected = if is_folder || matches!(target, Target::Outside) && real_path.is_dir() {
            !self.globs.excludes(without_dot(&label))
        } else {
            self.globs.matches(without_dot(&label))
        };
        if !is_selected {
            return;
        }
        let mut skip_reason = None;
        if let Some(reason) = skip_reason_of(&name, &real_path, is_folder && !is_link, folder) {
            match folder.ignore_rules.tracks(&real_path) {
                Ok(true) => skip_reason = Some(reason),
                Ok(false) => return self.skip(&label, real_path, is_folder, reason),
                Err(error) => {
                    let here = std::env::current_dir().unwrap_or_default();
                    let index = error.path.strip_prefix(here).unwrap_or(&error.path);
                    self.fail(index, error.path.clone(), error.to_string());
                    return self.skip(&label, real_path, is_folder, reason);
                }
            }
        }
        let is_link = is_link || folder.is_link;
        match target {
            Target::File(target) => self.candidates.push(Candidate {
                input: Ok(Origin::File(without_dot(&label).to_path_buf()).into()),
                real_path: Some(target),
                link: if is_link { Link::InFolder } else { Link::None },
            }),
            Target::Folder(target) if target == real_path => {
                root.visited.insert(real_path.clone());
                root.queue.push(Folder {
                    label,
                    ignore_rules: folder.ignore_rules.inside(&real_path),
                    real_path,
                    is_link,
                    skip_reason,
                });
            }
            // A link to a folder that contains the argument: only the argument was requested.
            Target::Folder(target)
                if root.real_path != target && root.real_path.starts_with(&target) =>
            {
                let reason = SkipReason::Outside(root.label.clone());
                self.skip(&label, real_path, false, reason);
            }
            Target::Folder(target) => root.links.push(Folder {
                label,
                ignore_rules: IgnoreRules::of(&target, Some(&folder.ignore_rules)),
                real_path: target,
                is_link: true,
                skip_reason: None,
            }),
            Target::Outside => {
                let outer = match root.repository {
                    Some(_) => PathBuf::from("the repository"),
                    None => root.label.clone(),
                };
                self.skip(&label, real_path, false, SkipReason::Outside(outer));
            }
            Target::Special => self.skip(&label, real_path, false, SkipReason::Special),
            Target::Broken(error) if error.kind() == ErrorKind::NotFound => {
                let message = "a link to a file that does not exist";
                self.fail(without_dot(&label), real_path, message.into());
            }
            Target::Broken(error) => self.fail(without_dot(&label), real_path, describe(&error)),
        }
    }

    fn skip(&mut self, label: &Path, real_path: PathBuf, is_folder: bool, reason: SkipReason) {
        self.skipped.push(Skipped {
            path: without_dot(label).to_path_buf(),
            is_folder,
            reason,
            real_path,
        });
    }

    fn fail(&mut self, label: &Path, real_path: PathBuf, message: String) {
        self.candidates.push(Candidate {
            input: Err(NotFound {
                path: label.to_path_buf(),
                message,
            }),
            real_path: Some(real_path),
            link: Link::None,
        });
    }
}

/// Returns why an entry is skipped unless git tracks it, if it is.
fn skip_reason_of(
    name: &OsStr,
    real_path: &Path,
    is_folder: bool,
    folder: &Folder,
) -> Option<SkipReason> {
    if folder.skip_reason.is_some() {
        return folder.skip_reason.clone();
    }
    if let Some((file, pattern)) = folder.ignore_rules.ignoring(real_path, is_folder) {
        return Some(SkipReason::Ignored { file, pattern });
    }
    let is_hidden = name.as_encoded_bytes().starts_with(b".");
    is_hidden.then_some(SkipReason::Hidden)
}

/// Returns what an entry of a folder is, or leads to.
fn target(entry: &DirEntry, path: &Path, root: &Root) -> Target {
    let kind = match entry.file_type() {
        Ok(kind) => kind,
        Err(error) => return Target::Broken(error),
    };
    if kind.is_file() {
        return Target::File(path.to_path_buf());
    }
    if kind.is_dir() {
        return Target::Folder(path.to_path_buf());
    }
    if !kind.is_symlink() {
        return Target::Special;
    }
    let target = match path.canonicalize() {
        Ok(target) => target,
        // A link that leads outside is skipped whether or not its target exists, so that the result
        // is the same on every machine.
        Err(error) => match fs::read_link(path) {
            Ok(link) if !root.contains(&normalize(&path.with_file_name("").join(&link))) => {
                return Target::Outside;
            }
            _ => return Target::Broken(error),
        },
    };
    if !root.contains(&target) {
        return Target::Outside;
    }
    match fs::metadata(&target) {
        Ok(metadata) if metadata.is_dir() => Target::Folder(target),
        Ok(metadata) if metadata.is_file() => Target::File(target),
        Ok(_) => Target::Special,
        Err(error) => Target::Broken(error),
    }
}

/// Returns a path with `.` and `..` resolved, without looking at any file.
fn normalize(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => {
                normal.pop();
            }
            Component::CurDir => {}
            component => normal.push(component),
        }
    }
    normal
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}
