//! Finds the inputs that the paths of a command line stand for: files that are named, and in
//! folders those that look like payloads.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use foldhash::fast::RandomState;

use super::candidate::{Candidate, FoundInput, Link, NotFound, label};
use super::error::InputError;
use super::globs::Globs;
use super::origin::Origin;
use super::skipped::Skipped;
use super::walk::Walk;

/// The globs of the files that are inputs in folders, unless others are given.
const PAYLOADS: [&str; 3] = ["*.json", "*.ndjson", "*.jsonl"];

/// The result of a search.
#[derive(Debug, Default)]
pub struct Search {
    /// The inputs, without duplicates, in the order of the paths that stand for them.
    pub found: Vec<Result<FoundInput, NotFound>>,
    /// What was skipped in folders.
    pub skipped: Vec<Skipped>,
    /// The absolute paths of the folders that were searched.
    pub folders: Vec<PathBuf>,
    /// The inputs to which a link in a folder led.
    pub links: Vec<PathBuf>,
}

impl Search {
    /// Sorts the inputs by their labels, byte by byte.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.found.sort_by(|a, b| label(a).cmp(label(b)));
        self
    }
}

/// Returns the globs that select files in folders: `globs`, after those for payloads if all of
/// `globs` only exclude files.
fn chosen(globs: &[String]) -> Vec<String> {
    let only_exclude = globs.iter().all(|glob| glob.starts_with('!'));
    let defaults = PAYLOADS.iter().filter(|_| only_exclude);
    defaults
        .map(|glob| (*glob).to_owned())
        .chain(globs.iter().cloned())
        .collect()
}

/// Finds the inputs that paths stand for. `-` is standard input. A file is one input, whatever
/// paths and symbolic links lead to it; its hard links are inputs of their own.
///
/// `globs` select files in folders, as in `.gitignore`, starting at the current folder. If none of
/// them includes files, those that look like payloads are selected.
///
/// # Errors
/// A glob is invalid.
pub fn find<'p>(
    paths: impl IntoIterator<Item = &'p PathBuf>,
    globs: &[String],
) -> Result<Search, InputError> {
    let globs = Globs::new(Path::new(""), &chosen(globs))?;
    let mut walk = Walk::new(&globs);
    for path in paths {
        walk.add_named(Origin::from_arg(path));
    }
    let Walk {
        candidates,
        mut skipped,
        folders,
        ..
    } = walk;
    let mut inputs: Vec<Candidate> = Vec::with_capacity(candidates.len());
    let mut indices = HashMap::with_capacity_and_hasher(candidates.len(), RandomState::default());
    for mut candidate in candidates {
        let real_path = candidate.real_path.take();
        let index = *indices.entry(real_path).or_insert(inputs.len());
        match inputs.get_mut(index) {
            None => inputs.push(candidate),
            // The file's own path says more than that of a link.
            Some(first) if first.link > candidate.link => *first = candidate,
            Some(_) => {}
        }
    }
    // What is skipped in the folder of one argument may be named by another.
    let searched: HashSet<_> = folders.iter().collect();
    skipped.retain(|skipped| {
        let real_path = Some(skipped.real_path.clone());
        !searched.contains(&skipped.real_path) && !indices.contains_key(&real_path)
    });
    skipped.sort_by(|a, b| a.real_path.cmp(&b.real_path));
    skipped.dedup_by(|a, b| a.real_path == b.real_path);
    let links = inputs.iter().filter(|input| input.link == Link::InFolder);
    let links = links.filter_map(|candidate| match &candidate.input.as_ref().ok()?.origin {
        Origin::File(path) => Some(path.clone()),
        Origin::Stdin => None,
    });
    Ok(Search {
        links: links.collect(),
        found: inputs
            .into_iter()
            .map(|candidate| candidate.input)
            .collect(),
        skipped,
        folders,
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_length_of_a_named_file_is_found_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("a.json"), "{}").unwrap();
        let named = [path("a.json"), path("missing.json"), "-".into()];
        let lengths = |paths: &[PathBuf]| -> Vec<_> {
            let found = find(paths, &[]).unwrap().found.into_iter().flatten();
            found.map(|found| found.length).collect()
        };
        assert_eq!(lengths(&named), [Some(2), None, None]);
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("a.json", path("link.json")).unwrap();
            assert_eq!(
                lengths(&[path("link.json")]),
                [None],
                "the length of a link is another"
            );
        }
    }
}
