//! Refuses reports to files that the same run reads.

use std::path::{Path, PathBuf};

use mewshook::input::Origin;

use super::identity::Identity;
use super::target::{FileTarget, folder};
use crate::messages::{path_name, usage};

/// A file that the run reads.
#[derive(Debug)]
pub struct ReadFile {
    /// The file.
    pub origin: Origin,
    /// What the run reads it as, with its article: `an input`.
    pub role: &'static str,
}

/// A file that a report is written to.
struct WrittenFile {
    /// The path as the user wrote it.
    name: String,
    /// The path without links.
    canonical: PathBuf,
    identity: Option<Identity>,
    /// Whether it is replaced, rather than appended to.
    is_replaced: bool,
}

impl WrittenFile {
    fn new(path: &Path, name: String) -> Self {
        let target = FileTarget::of(path);
        let file = target.as_ref().ok().and_then(FileTarget::file);
        Self {
            name,
            canonical: canonical(file.unwrap_or(path)),
            identity: Identity::of_path(path),
            is_replaced: file.is_some(),
        }
    }

    fn is(&self, read: &ReadFile) -> bool {
        let same = self.identity.is_some() && Identity::of_origin(&read.origin) == self.identity;
        same || matches!(&read.origin, Origin::File(path) if canonical(path) == self.canonical)
    }
}

/// Refuses reports to a file that is read, that another report is written to, or that standard
/// output goes to. `summary` is a file that is only appended to.
///
/// # Errors
/// One of the outputs is such a file.
pub fn refuse_outputs<'p>(
    outputs: impl Iterator<Item = &'p Path>,
    summary: Option<&Path>,
    reads: &[ReadFile],
) -> anyhow::Result<()> {
    let mut all: Vec<WrittenFile> = Vec::new();
    let outputs = outputs.map(|path| WrittenFile::new(path, path_name(path.display())));
    let summary = summary.map(|path| WrittenFile {
        is_replaced: false,
        ..WrittenFile::new(
            path,
            format!(
                "{}, which GITHUB_STEP_SUMMARY names,",
                path_name(path.display())
            ),
        )
    });
    for output in summary.into_iter().chain(outputs) {
        let WrittenFile {
            name, canonical, ..
        } = &output;
        if all.iter().any(|other| other.canonical == *canonical) {
            return Err(usage(format!("two reports cannot both go to {name}")));
        }
        if is_of_git(canonical) {
            return Err(usage(format!(
                "{name} is read to find the inputs: write the report elsewhere"
            )));
        }
        // A file that is replaced loses what was printed to it; `/dev/stdout` is not replaced.
        if output.is_replaced
            && output.identity.is_some()
            && output.identity == Identity::of_stdout()
        {
            return Err(usage(format!(
                "{name} is also standard output: write the report to another file, or choose it \
                 with --format"
            )));
        }
        all.push(output);
    }
    if all.is_empty() {
        return Ok(());
    }
    for read in reads {
        if let Some(output) = all.iter().find(|output| output.is(read)) {
            return Err(usage(format!(
                "{} is also {}: write the report to another file",
                output.name, read.role
            )));
        }
    }
    Ok(())
}

/// Returns the path of a file without links, also if there is no such file yet.
fn canonical(file: &Path) -> PathBuf {
    let folder = folder(file).canonicalize();
    match (file.canonicalize(), folder, file.file_name()) {
        (Ok(path), ..) => path,
        (_, Ok(folder), Some(name)) => folder.join(name),
        _ => file.to_path_buf(),
    }
}

/// Returns `true` for files of git, by which folders are searched.
fn is_of_git(path: &Path) -> bool {
    path.ends_with(".gitignore") || path.components().any(|part| part.as_os_str() == ".git")
}
