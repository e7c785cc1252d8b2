//! Which files are meant: those that are named, and in folders those that look like payloads.

use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use crate::Globs;

use super::Origin;

/// What is looked for in folders, unless something else is asked for.
const PAYLOADS: [&str; 3] = ["*.json", "*.ndjson", "*.jsonl"];

/// What an argument stands for, or why it stands for nothing.
pub type Found = Result<Origin, (PathBuf, String)>;

/// The globs that choose among the files of a folder: those that are given, with those for payloads
/// before them if all of them only take away.
pub fn chosen(globs: &[String]) -> Vec<String> {
    let only_excludes = globs.iter().all(|glob| glob.starts_with('!'));
    let usual = PAYLOADS.iter().filter(|_| only_excludes);
    usual
        .map(|glob| (*glob).to_owned())
        .chain(globs.iter().cloned())
        .collect()
}

/// The inputs that paths stand for: each once, in the order of their labels, byte by byte. `-` is
/// standard input.
pub fn find(paths: &[PathBuf], globs: &Globs) -> Vec<Found> {
    let mut found = Vec::with_capacity(paths.len());
    for path in paths {
        match Origin::named(path) {
            Origin::File(path) if path.is_dir() => folder(&path, globs, &mut found),
            origin => found.push(Ok(origin)),
        }
    }
    found.sort_by_cached_key(label);
    found.dedup_by(|next, one| label(next) == label(one));
    found
}

fn label(found: &Found) -> Vec<u8> {
    match found {
        Ok(Origin::File(path)) | Err((path, _)) => path.as_os_str().as_encoded_bytes().to_vec(),
        Ok(Origin::Stdin) => super::STDIN.into(),
    }
}

/// The files in a folder and the folders in it: hidden ones, those that `.gitignore` names and
/// links aside, which could lead out of the repository.
fn folder(folder: &Path, globs: &Globs, found: &mut Vec<Found>) {
    let before = found.len();
    let pruning = globs.clone();
    let walk = WalkBuilder::new(folder)
        // The same files with and without a repository around, and on every machine.
        .require_git(false)
        .git_global(false)
        .filter_entry(move |entry| {
            let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            entry.depth() == 0 || !is_folder || !pruning.excludes(plain(entry.path()))
        })
        .build();
    for entry in walk {
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                let path = plain(entry.path());
                if globs.matches(path) {
                    found.push(Ok(Origin::File(path.to_path_buf())));
                }
            }
            Ok(_) => {}
            Err(error) => found.push(Err(fault(folder, &error))),
        }
    }
    if found.len() == before {
        let message = "there is no file to check in this folder: files named *.json, *.ndjson or \
                       *.jsonl are looked for, or those that --glob asks for, hidden and ignored \
                       ones aside";
        found.push(Err((folder.to_path_buf(), message.into())));
    }
}

/// Without the `./` that tells nothing.
fn plain(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}

/// Where a folder can't be walked, and why.
fn fault(folder: &Path, error: &ignore::Error) -> (PathBuf, String) {
    match error {
        ignore::Error::WithPath { path, err } => (path.clone(), fault(folder, err).1),
        ignore::Error::WithDepth { err, .. } => fault(folder, err),
        ignore::Error::Io(error) => (folder.to_path_buf(), super::describe(error)),
        other => (folder.to_path_buf(), other.to_string()),
    }
}
