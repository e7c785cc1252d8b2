//! From arguments to inputs: which files are meant, and what applies to each.

use std::borrow::Cow;
use std::env;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow};
use bstr::ByteSlice;
use mewshook::Masking;
use mewshook::config::{
    ConfigChoice, ConfigError, Configs, Layer, Setting, SettingOrigin, describe_problems,
};
use mewshook::frame::Limits;
use mewshook::input::{NotFound, Origin, Search, SkipReason, Skipped, describe, find, summarize};
use mewshook::pool::Input;
use mewshook::report::Failure;

use crate::cli::{CheckOptionsArgs, InputArgs, LimitArgs};
use crate::files::refuse_stdout;
use crate::messages::{self, UsageError, path_name, usage};

/// The inputs that are asked for, and what was found on the way to them.
pub(super) struct Inputs {
    /// The inputs, and what keeps others from being read.
    pub(super) found: Vec<Result<Origin, Failure>>,
    skipped: Vec<Skipped>,
    /// The folders that were walked, without links.
    folders: Vec<PathBuf>,
    /// Those of the inputs that links in these folders lead to.
    pub(super) links: Vec<PathBuf>,
    /// Whether globs were given.
    has_globs: bool,
    is_verbose: bool,
}

impl Inputs {
    /// Finds the inputs that are asked for, in the order of their labels.
    pub(super) fn sorted(args: &InputArgs) -> anyhow::Result<Self> {
        Self::new(args, Search::sorted)
    }

    /// Finds the inputs that are asked for, in the order in which they were asked for.
    pub(super) fn in_order(args: &InputArgs) -> anyhow::Result<Self> {
        Self::new(args, |search| search)
    }

    fn new(args: &InputArgs, order: fn(Search) -> Search) -> anyhow::Result<Self> {
        only_once(args.files.iter().chain(&args.files_from))?;
        let mut paths = args.files.clone();
        if let Some(list) = &args.files_from {
            paths.extend(listed_in(list)?);
        } else if paths.is_empty() {
            paths.push("-".into());
        }
        let search = find(&paths, &args.glob).map_err(|error| usage(error.to_string()))?;
        let search = order(search);
        let found = search.found.into_iter().map(|found| {
            let found = found.and_then(|origin| match origin {
                Origin::File(path) if is_like_option(&path) => Err(NotFound {
                    path,
                    message: BEHIND.to_owned(),
                }),
                origin => Ok(origin),
            });
            found.map_err(|NotFound { path, message }| Failure {
                path: path_name(path.display()).into(),
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
        let read = inputs.found.iter().flatten().map(Cow::Borrowed);
        refuse_stdout(read.chain(list.map(Cow::Owned)))?;
        Ok(inputs)
    }

    /// Says on stderr what was skipped, and which globs of the configurations match nothing.
    pub(super) fn note(&self, configs: Option<&Configs>) {
        let here = env::current_dir().unwrap_or_default();
        let short = |reason: &SkipReason| match reason {
            SkipReason::Ignored { file, pattern } => SkipReason::Ignored {
                file: file.strip_prefix(&here).unwrap_or(file).to_path_buf(),
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
        for one in self.skipped.iter().filter(|_| self.is_verbose) {
            let path = path_name(one.path.display());
            messages::note(format_args!("skipped {path}: {}", short(&one.reason)));
        }
        // Globs on the command line choose what the configuration may never see.
        if let Some(configs) = configs.filter(|_| !self.has_globs) {
            configs
                .unmatched(&self.folders)
                .iter()
                .for_each(messages::warning);
        }
    }
}

/// A file, whatever its name: only on the command line `-` is standard input.
pub(super) fn file(path: &Path) -> Origin {
    Origin::File(path.to_path_buf())
}

/// Why there is no such file as `--strict`.
const BEHIND: &str = "no such file or directory; options go before `--`";

/// Whether a path looks like an option, and there is no such file.
fn is_like_option(path: &Path) -> bool {
    path.as_os_str().as_encoded_bytes().starts_with(b"-") && path.symlink_metadata().is_err()
}

/// Refuses to read standard input more than once.
fn only_once<'p>(paths: impl Iterator<Item = &'p PathBuf>) -> anyhow::Result<()> {
    let stdins = paths.filter(|path| Origin::from_arg(path) == Origin::Stdin);
    if stdins.count() > 1 {
        let message = "`-` is given twice, and standard input can be read only once";
        return Err(usage(message));
    }
    Ok(())
}

/// The paths in a list.
fn listed_in(list: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut text = Vec::new();
    let (read, name) = if list == Path::new("-") {
        (
            io::stdin().read_to_end(&mut text).map(|_| ()),
            "<stdin>".into(),
        )
    } else {
        let read = fs::read(list).map(|bytes| text = bytes);
        (read, path_name(list.display()))
    };
    read.map_err(|error| anyhow!("{name}: {}", describe(&error)))?;
    let end = if text.contains(&0) { 0 } else { b'\n' };
    let names = text.split(|byte| *byte == end);
    let names = names.map(|name| name.strip_suffix(b"\r").unwrap_or(name));
    let names = names.filter(|name| !name.is_empty());
    // A list has names of files alone: standard input is on the command line.
    let names = names.map(|name| if name == b"-" { b"./-" } else { name });
    let paths: Vec<_> = names
        .map(|name| name.to_path_lossy().into_owned())
        .collect();
    if paths.is_empty() {
        anyhow::bail!("{name} lists no file");
    }
    Ok(paths)
}

/// What applies to inputs.
pub(super) fn configs(args: &CheckOptionsArgs) -> anyhow::Result<Configs> {
    let asked = |codes: &Vec<String>| -> Setting<Vec<String>> {
        (!codes.is_empty()).then(|| (codes.clone(), SettingOrigin::CommandLine))
    };
    let kind = args.kind.as_deref().map(str::parse).transpose()?;
    let layer = Layer {
        kind: kind.map(|kind| (kind, SettingOrigin::CommandLine)),
        strict: args.strict.then_some((true, SettingOrigin::CommandLine)),
        expect: asked(&args.expect),
        allow: asked(&args.allow),
        deny: asked(&args.deny),
    };
    layer.check().map_err(|error| usage(error.to_string()))?;
    let choice = match &args.config {
        _ if args.no_config => ConfigChoice::Disabled,
        Some(path) => ConfigChoice::File(path.clone()),
        None => ConfigChoice::Nearest,
    };
    Configs::new(choice, layer).context("the current folder cannot be determined")
}

/// A wrong configuration is wrong usage; one that can't be read is not.
pub(super) fn told(error: ConfigError) -> anyhow::Error {
    match error {
        ConfigError::Invalid(problems) => UsageError(describe_problems(&problems)).into(),
        ConfigError::Io { .. } => error.into(),
    }
}

/// An input with what applies to it.
pub(super) fn input(
    origin: Origin,
    configs: &mut Configs,
    limits: Limits,
    masking: Masking,
) -> anyhow::Result<Arc<Input>> {
    let options = configs.options(&origin).map_err(told)?;
    let label = masking.mask_path(&origin.to_string()).into();
    Ok(Arc::new(Input::new(origin, label, limits, options)))
}

impl LimitArgs {
    /// What a payload may take.
    pub(super) fn limits(&self) -> Limits {
        Limits {
            depth: self.depth.into(),
            payload: usize::from(self.payload) << 20,
        }
    }

    /// How many diagnostics of a payload are told.
    pub(super) fn diagnostics(&self) -> usize {
        match self.diagnostics {
            0 => usize::MAX,
            most => usize::try_from(most).unwrap_or(usize::MAX),
        }
    }
}
