//! Which files are meant: those that are named, and in folders those that look like payloads.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::Globs;

use super::skipped::Skipped;
use super::walk::Walk;
use super::{Origin, STDIN};

/// What is looked for in folders, unless something else is asked for.
const PAYLOADS: [&str; 3] = ["*.json", "*.ndjson", "*.jsonl"];

/// What an argument stands for, or why it stands for nothing.
pub type Found = Result<Origin, (PathBuf, String)>;

/// The inputs that were found, and what was skipped on the way.
#[derive(Debug, Default)]
pub struct Search {
    /// The inputs, each once, in the order of the paths that they were found by.
    pub found: Vec<Found>,
    /// What folders hold that was not looked at.
    pub skipped: Vec<Skipped>,
    /// The folders that were walked, without links.
    pub folders: Vec<PathBuf>,
    /// Those of the inputs that links in these folders lead to.
    pub links: Vec<PathBuf>,
}

impl Search {
    /// Sorts the inputs by their labels, byte by byte.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.found.sort_by_cached_key(label);
        self
    }
}

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

/// Finds the inputs that paths stand for. `-` is standard input. A file is one input however it is
/// written and whatever links lead to it; its hard links are inputs of their own.
pub fn find(paths: &[PathBuf], globs: &Globs) -> Search {
    let mut walk = Walk::new(globs);
    for path in paths {
        match Origin::named(path) {
            Origin::File(path) if path.is_dir() => walk.folder(&path),
            origin => walk.named(origin),
        }
    }
    let Walk {
        inputs,
        mut skipped,
        folders,
        ..
    } = walk;
    let mut kept: Vec<Candidate> = Vec::with_capacity(inputs.len());
    let mut known = HashMap::with_capacity(inputs.len());
    for input in inputs {
        let number = *known.entry(input.place.clone()).or_insert(kept.len());
        match kept.get_mut(number) {
            None => kept.push(input),
            // The file's own path says more than that of a link.
            Some(first) if first.link > input.link => *first = input,
            Some(_) => {}
        }
    }
    // What one argument skips, another may name.
    let walked: HashSet<_> = folders.iter().collect();
    skipped.retain(|one| {
        let place = Some(one.place.clone());
        !walked.contains(&one.place) && !known.contains_key(&place)
    });
    skipped.sort_by(|one, next| one.place.cmp(&next.place));
    skipped.dedup_by(|next, one| next.place == one.place);
    let links = kept.iter().filter(|input| input.link == Link::Met);
    let links = links.filter_map(|input| match &input.found {
        Ok(Origin::File(path)) => Some(path.clone()),
        _ => None,
    });
    Search {
        links: links.collect(),
        found: kept.into_iter().map(|input| input.found).collect(),
        skipped,
        folders,
    }
}

/// Something that may be an input.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) found: Found,
    /// What it is: a path without links; standard input has none.
    pub(super) place: Option<PathBuf>,
    pub(super) link: Link,
}

/// Whether a link leads to a file; that which says more about it comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Link {
    None,
    /// One that was named.
    Named,
    /// One that was met in a folder.
    Met,
}

fn label(found: &Found) -> Vec<u8> {
    match found {
        Ok(Origin::File(path)) | Err((path, _)) => path.as_os_str().as_encoded_bytes().to_vec(),
        Ok(Origin::Stdin) => STDIN.into(),
    }
}

/// Returns a path without the `./` that says nothing.
pub(super) fn plain(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}
