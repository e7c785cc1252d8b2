//! Finds the inputs that the arguments name.

use std::borrow::Cow;
use std::env;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use bstr::ByteSlice;
use mewshook::Masking;
use mewshook::config::Configs;
use mewshook::input::{
    FoundInput, Label, NotFound, Origin, Search, SkipReason, Skipped, describe, find, summarize,
};
use mewshook::report::Failure;

use crate::cli::InputArgs;
use crate::files::refuse_stdout;
use crate::messages::{self, path_name, usage};

/// The message for a path that looks like an option, such as `--strict` after `--`, and does not exist.
const MISPLACED_OPTION: &str = "no such file or directory; options go before `--`";

/// The inputs that the arguments name, and what was skipped while they were searched for.
pub(super) struct Inputs {
    /// The inputs, and those that were not found.
    pub(super) found: Vec<Result<FoundInput, Failure>>,
    skipped: Vec<Skipped>,
    /// The absolute paths of the folders that were searched.
    folders: Vec<PathBuf>,
    /// The inputs to which links in folders led.
    pub(super) links: Vec<PathBuf>,
    /// Whether the command line has globs.
    has_globs: bool,
    /// Whether to name each skipped file.
    is_verbose: bool,
}

impl Inputs {
    /// Finds the inputs, sorted by their labels. A list without files is an error.
    pub(super) fn sorted(args: &InputArgs) -> anyhow::Result<Self> {
        Self::find(args, false, Search::sorted)
    }

    /// Finds the inputs, sorted by their labels. A list without files is an error unless inputs without
    /// payloads are accepted.
    pub(super) fn sorted_or_none(args: &InputArgs, allows_empty: bool) -> anyhow::Result<Self> {
        Self::find(args, allows_empty, Search::sorted)
    }

    /// Finds the inputs, in the order of the arguments. A list without files is an error.
    pub(super) fn in_order(args: &InputArgs) -> anyhow::Result<Self> {
        Self::find(args, false, |search| search)
    }

    /// Finds the inputs, in the order of the arguments. A list without files is an error unless inputs
    /// without payloads are accepted.
    pub(super) fn in_order_or_none(args: &InputArgs, allows_empty: bool) -> anyhow::Result<Self> {
        Self::find(args, allows_empty, |search| search)
    }

    fn find(
        args: &InputArgs,
        allows_empty: bool,
        order: fn(Search) -> Search,
    ) -> anyhow::Result<Self> {
        refuse_repeated_stdin(args.files.iter().chain(&args.files_from))?;
        let others = match &args.files_from {
            Some(list) => {
                let listed = read_list(list)?;
                if listed.is_empty() && !allows_empty {
                    anyhow::bail!("{} lists no file", list_name(list));
                }
                listed
            }
            None if args.files.is_empty() => vec!["-".into()],
            None => Vec::new(),
        };
        let search = find(args.files.iter().chain(&others), &args.glob)
            .map_err(|error| usage(error.to_string()))?;
        let search = order(search);
        let found = search.found.into_iter().map(|found| {
            let found = found.and_then(|found| match found.origin {
                Origin::File(path) if is_missing_option(&path) => Err(NotFound {
                    path,
                    message: MISPLACED_OPTION.to_owned(),
                }),
                _ => Ok(found),
            });
            found.map_err(|NotFound { path, message }| Failure {
                path: Label::new(path.display().to_string(), Masking::On),
                message,
            })
        });
        let inputs = Self {
            found: found.collect(),
            skipped: search.skipped,
            folders: search.folders,
            links: search.links,
            has_globs: !args.glob.is_empty(),
            is_verbose: args.verbose,
        };
        let list = args.files_from.as_deref().map(Origin::from_arg);
        let read = inputs.origins().map(Cow::Borrowed);
        refuse_stdout(read.chain(list.map(Cow::Owned)))?;
        Ok(inputs)
    }

    /// Returns where the inputs that were found come from.
    pub(super) fn origins(&self) -> impl Iterator<Item = &Origin> {
        self.found.iter().flatten().map(|found| &found.origin)
    }

    /// Prints what was skipped, and which globs of the configurations match nothing.
    pub(super) fn print_notes(&self, configs: Option<&Configs>) {
        let current_folder = env::current_dir().unwrap_or_default();
        let shortened = |reason: &SkipReason| match reason {
            SkipReason::Ignored { file, pattern } => SkipReason::Ignored {
                file: file
                    .strip_prefix(&current_folder)
                    .unwrap_or(file)
                    .to_path_buf(),
                pattern: pattern.clone(),
            },
            reason => reason.clone(),
        };
        if !self.skipped.is_empty() {
            let mut text = format!("skipped {}", summarize(&self.skipped));
            if !self.is_verbose {
                text.push_str("; --verbose names them");
            }
            messages::note(text);
        }
        for skipped in self.skipped.iter().filter(|_| self.is_verbose) {
            let path = path_name(skipped.path.display());
            messages::note(format_args!(
                "skipped {path}: {}",
                shortened(&skipped.reason)
            ));
        }
        // With globs on the command line, files that a configuration's globs match may be left out.
        if let Some(configs) = configs.filter(|_| !self.has_globs) {
            configs
                .unmatched(&self.folders)
                .iter()
                .for_each(messages::warning);
        }
    }
}

/// Returns the origin of a file with any name. Only on the command line, `-` is standard input.
pub(super) fn file(path: &Path) -> Origin {
    Origin::File(path.to_path_buf())
}

/// Returns `true` if a path looks like an option and does not exist.
fn is_missing_option(path: &Path) -> bool {
    path.as_os_str().as_encoded_bytes().starts_with(b"-") && path.symlink_metadata().is_err()
}

/// Refuses to read standard input more than once.
fn refuse_repeated_stdin<'p>(paths: impl Iterator<Item = &'p PathBuf>) -> anyhow::Result<()> {
    let stdins = paths.filter(|path| Origin::is_stdin_arg(path));
    if stdins.count() > 1 {
        let message = "`-` is given twice, and standard input can be read only once";
        return Err(usage(message));
    }
    Ok(())
}

/// Returns the paths in a list, which are separated by zero bytes if there are any, else by line breaks.
fn read_list(list: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut text = Vec::new();
    let read = if list == Path::new("-") {
        io::stdin().read_to_end(&mut text).map(|_| ())
    } else {
        fs::read(list).map(|bytes| text = bytes)
    };
    read.map_err(|error| anyhow!("{}: {}", list_name(list), describe(&error)))?;
    let separator = if text.contains(&0) { 0 } else { b'\n' };
    let names = text.split(|byte| *byte == separator);
    let names = names.map(|name| name.strip_suffix(b"\r").unwrap_or(name));
    let names = names.filter(|name| !name.is_empty());
    // A list contains paths of files only, so `-` is a file's name.
    let names = names.map(|name| if name == b"-" { b"./-" } else { name });
    let paths = names.map(|name| name.to_path_lossy().into_owned());
    Ok(paths.collect())
}

/// Returns the name of a list in messages.
fn list_name(list: &Path) -> String {
    if list == Path::new("-") {
        "<stdin>".into()
    } else {
        path_name(list.display())
    }
}
