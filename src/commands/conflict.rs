//! What a run reads, held against the files that its reports go to.

use std::path::{Path, PathBuf};

use mewshook::input::Origin;

use super::identity::{Identity, of, of_path, stdout};
use super::target::{Target, folder};
use super::usage;

/// Something that is read.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) origin: Origin,
    /// What it is to the run: `an input`.
    pub(super) role: &'static str,
}

/// A file that a report goes to.
struct Written {
    /// As the user calls it.
    name: String,
    /// Where it is, or would be.
    place: PathBuf,
    identity: Option<Identity>,
    /// Whether another file takes its place.
    is_replaced: bool,
}

impl Written {
    fn new(path: &Path, name: String) -> Self {
        let target = Target::of(path);
        let file = target.as_ref().ok().and_then(Target::file);
        Self {
            name,
            place: place(file.unwrap_or(path)),
            identity: of_path(path),
            is_replaced: file.is_some(),
        }
    }

    fn is(&self, read: &Read) -> bool {
        let same = self.identity.is_some() && of(&read.origin) == self.identity;
        same || matches!(&read.origin, Origin::File(path) if place(path) == self.place)
    }
}

/// Refuses a report to a file that is read, that another report goes to, or that standard output
/// goes to. `summary` is a file that is only added to.
pub(super) fn refuse_outputs<'p>(
    outputs: impl Iterator<Item = &'p Path>,
    summary: Option<&Path>,
    reads: &[Read],
) -> anyhow::Result<()> {
    let mut all: Vec<Written> = Vec::new();
    let outputs = outputs.map(|path| Written::new(path, super::name(path.display())));
    let summary = summary.map(|path| Written {
        is_replaced: false,
        ..Written::new(
            path,
            format!(
                "{}, which GITHUB_STEP_SUMMARY names,",
                super::name(path.display())
            ),
        )
    });
    for output in summary.into_iter().chain(outputs) {
        let Written { name, place, .. } = &output;
        if all.iter().any(|other| other.place == *place) {
            return Err(usage(format!("two reports cannot both go to {name}")));
        }
        if is_of_git(place) {
            return Err(usage(format!(
                "{name} is read to see which files are meant: write the report elsewhere"
            )));
        }
        // `/dev/stdout` is written to, and a file that is replaced no longer has what was printed.
        if output.is_replaced && output.identity.is_some() && output.identity == stdout() {
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

/// Where a file is, or would be, however it is written.
fn place(file: &Path) -> PathBuf {
    let folder = folder(file).canonicalize();
    match (file.canonicalize(), folder, file.file_name()) {
        (Ok(place), ..) => place,
        (_, Ok(folder), Some(name)) => folder.join(name),
        _ => file.to_path_buf(),
    }
}

/// Returns whether a file says which files belong to a repository.
fn is_of_git(place: &Path) -> bool {
    place.ends_with(".gitignore") || place.components().any(|part| part.as_os_str() == ".git")
}
