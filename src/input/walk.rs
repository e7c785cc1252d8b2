//! Walking folders.

use std::collections::HashSet;
use std::fs::{self, DirEntry};
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

use crate::Globs;

use super::find::{Candidate, Link, plain};
use super::repository::{Rules, is_git};
use super::skipped::{SkipReason, Skipped};
use super::{Origin, describe};

const NOTHING: &str = "no input in this folder: expected files named *.json, *.ndjson or *.jsonl, or \
                       those that match --glob";

/// What is found so far.
pub(super) struct Walk<'g> {
    globs: &'g Globs,
    pub(super) inputs: Vec<Candidate>,
    pub(super) skipped: Vec<Skipped>,
    pub(super) folders: Vec<PathBuf>,
}

/// A folder that is about to be read.
struct Folder {
    /// What it is called.
    label: PathBuf,
    /// Where it is, without links.
    place: PathBuf,
    rules: Rules,
    /// Whether a link leads to it.
    is_link: bool,
    /// Why everything in it is skipped that git does not track.
    skips: Option<SkipReason>,
}

/// One argument: which links stay inside of it, and what it has still to read.
struct Root {
    place: PathBuf,
    repository: Option<PathBuf>,
    label: PathBuf,
    seen: HashSet<PathBuf>,
    queue: Vec<Folder>,
    /// Links to folders, which are read last: what has a path of its own goes by that.
    links: Vec<Folder>,
}

impl Root {
    fn has(&self, place: &Path) -> bool {
        let has = |root: &PathBuf| place.starts_with(root);
        has(&self.place) || self.repository.as_ref().is_some_and(has)
    }
}

/// What is behind a name.
enum Target {
    File(PathBuf),
    Folder(PathBuf),
    /// A link that leads out of the argument.
    Outside,
    /// A pipe, a socket or a device.
    Special,
    Broken(io::Error),
}

impl<'g> Walk<'g> {
    pub(super) fn new(globs: &'g Globs) -> Self {
        Self {
            globs,
            inputs: Vec::new(),
            skipped: Vec::new(),
            folders: Vec::new(),
        }
    }

    /// Adds what was named itself.
    pub(super) fn named(&mut self, origin: Origin) {
        let (place, link) = match &origin {
            Origin::Stdin => (None, Link::None),
            Origin::File(path) => (
                // What isn't there, and what only the kernel has a name for, goes by its path.
                Some(path.canonicalize().unwrap_or_else(|_| absolute(path))),
                if path.is_symlink() {
                    Link::Named
                } else {
                    Link::None
                },
            ),
        };
        self.inputs.push(Candidate {
            found: Ok(origin),
            place,
            link,
        });
    }

    /// Adds the payload files of a folder and the folders in it.
    pub(super) fn folder(&mut self, label: &Path) {
        let place = match label.canonicalize() {
            Ok(place) => place,
            Err(error) => return self.fail(label, absolute(label), describe(&error)),
        };
        let before = self.inputs.len();
        let rules = Rules::of(&place, None);
        let mut root = Root {
            place: place.clone(),
            repository: rules.root().map(Path::to_path_buf),
            label: label.to_path_buf(),
            seen: HashSet::from([place.clone()]),
            queue: Vec::new(),
            links: Vec::new(),
        };
        self.folders.push(place.clone());
        root.queue.push(Folder {
            label: label.to_path_buf(),
            place: place.clone(),
            rules,
            is_link: false,
            skips: None,
        });
        loop {
            if let Some(folder) = root.queue.pop() {
                self.read(&folder, &mut root);
            } else if let Some(link) = root.links.pop() {
                // Loops end here.
                if root.seen.insert(link.place.clone()) {
                    root.queue.push(link);
                }
            } else {
                break;
            }
        }
        self.inputs[before..].sort_by_cached_key(|input| match &input.found {
            Ok(Origin::File(path)) | Err((path, _)) => Some(path.clone().into_os_string()),
            Ok(Origin::Stdin) => None,
        });
        if self.inputs.len() == before {
            self.fail(label, place, NOTHING.into());
        }
    }

    fn read(&mut self, folder: &Folder, root: &mut Root) {
        let entries = fs::read_dir(&folder.place).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        match entries {
            Ok(entries) => {
                for entry in entries {
                    self.entry(&entry, folder, root);
                }
            }
            Err(error) => self.fail(&folder.label, folder.place.clone(), describe(&error)),
        }
    }

    fn entry(&mut self, entry: &DirEntry, folder: &Folder, root: &mut Root) {
        let name = entry.file_name();
        if is_git(&name) {
            return;
        }
        let label = folder.label.join(&name);
        let place = folder.place.join(&name);
        let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
        let target = target(entry, &place, root);
        let is_folder = matches!(target, Target::Folder(_));
        let is_meant = if is_folder || matches!(target, Target::Outside) && place.is_dir() {
            !self.globs.excludes(plain(&label))
        } else {
            self.globs.matches(plain(&label))
        };
        if !is_meant {
            return;
        }
        let mut skips = None;
        if let Some(reason) = reason(&name, &place, is_folder && !is_link, folder) {
            match folder.rules.tracks(&place) {
                Ok(true) => skips = Some(reason),
                Ok(false) => return self.skip(&label, place, is_folder, reason),
                Err(error) => {
                    let here = std::env::current_dir().unwrap_or_default();
                    let index = error.path.strip_prefix(here).unwrap_or(&error.path);
                    self.fail(index, error.path.clone(), error.to_string());
                    return self.skip(&label, place, is_folder, reason);
                }
            }
        }
        let is_link = is_link || folder.is_link;
        match target {
            Target::File(target) => self.inputs.push(Candidate {
                found: Ok(Origin::File(plain(&label).to_path_buf())),
                place: Some(target),
                link: if is_link { Link::Met } else { Link::None },
            }),
            Target::Folder(target) if target == place => {
                root.seen.insert(place.clone());
                root.queue.push(Folder {
                    label,
                    rules: folder.rules.inside(&place),
                    place,
                    is_link,
                    skips,
                });
            }
            // All that is around the argument was not asked for.
            Target::Folder(target) if root.place != target && root.place.starts_with(&target) => {
                let reason = SkipReason::Outside(root.label.clone());
                self.skip(&label, place, false, reason);
            }
            Target::Folder(target) => root.links.push(Folder {
                label,
                rules: Rules::of(&target, Some(&folder.rules)),
                place: target,
                is_link: true,
                skips: None,
            }),
            Target::Outside => {
                let outer = match root.repository {
                    Some(_) => PathBuf::from("the repository"),
                    None => root.label.clone(),
                };
                self.skip(&label, place, false, SkipReason::Outside(outer));
            }
            Target::Special => self.skip(&label, place, false, SkipReason::Special),
            Target::Broken(error) if error.kind() == ErrorKind::NotFound => {
                let message = "a link to a file that does not exist";
                self.fail(plain(&label), place, message.into());
            }
            Target::Broken(error) => self.fail(plain(&label), place, describe(&error)),
        }
    }

    fn skip(&mut self, label: &Path, place: PathBuf, is_folder: bool, reason: SkipReason) {
        self.skipped.push(Skipped {
            path: plain(label).to_path_buf(),
            is_folder,
            reason,
            place,
        });
    }

    fn fail(&mut self, label: &Path, place: PathBuf, message: String) {
        self.inputs.push(Candidate {
            found: Err((label.to_path_buf(), message)),
            place: Some(place),
            link: Link::None,
        });
    }
}

/// Returns why an entry is skipped, unless git tracks it.
fn reason(
    name: &std::ffi::OsStr,
    place: &Path,
    is_folder: bool,
    folder: &Folder,
) -> Option<SkipReason> {
    if folder.skips.is_some() {
        return folder.skips.clone();
    }
    if let Some((file, pattern)) = folder.rules.ignoring(place, is_folder) {
        return Some(SkipReason::Ignored { file, pattern });
    }
    let is_hidden = name.as_encoded_bytes().starts_with(b".");
    is_hidden.then_some(SkipReason::Hidden)
}

/// Returns what is behind an entry of a folder.
fn target(entry: &DirEntry, place: &Path, root: &Root) -> Target {
    let kind = match entry.file_type() {
        Ok(kind) => kind,
        Err(error) => return Target::Broken(error),
    };
    if kind.is_file() {
        return Target::File(place.to_path_buf());
    }
    if kind.is_dir() {
        return Target::Folder(place.to_path_buf());
    }
    if !kind.is_symlink() {
        return Target::Special;
    }
    let target = match place.canonicalize() {
        Ok(target) => target,
        // Where it would lead is the same on every machine.
        Err(error) => match fs::read_link(place) {
            Ok(link) if !root.has(&normal(&place.with_file_name("").join(&link))) => {
                return Target::Outside;
            }
            _ => return Target::Broken(error),
        },
    };
    if !root.has(&target) {
        return Target::Outside;
    }
    match fs::metadata(&target) {
        Ok(found) if found.is_dir() => Target::Folder(target),
        Ok(found) if found.is_file() => Target::File(target),
        Ok(_) => Target::Special,
        Err(error) => Target::Broken(error),
    }
}

/// Returns a path without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                normal.pop();
            }
            Component::CurDir => {}
            part => normal.push(part),
        }
    }
    normal
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}
