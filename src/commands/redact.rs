//! `mewshook redact`: rewrites captures without their secrets.

mod matching;
mod output;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use mewshook::decode::Container;
use mewshook::frame::{CaptureMode, Frames, Limits};
use mewshook::input::{InputError, Origin, describe};
use mewshook::redact::{Classes, Key, KeyError, RedactedStream, Redactor, StreamStatus};

use crate::cli::{InputArgs, Keep, RedactArgs};
use crate::files::{AtomicFile, FileTarget, Identity, Version, refuse_stdout, stdout};
use crate::messages::{self, chain, escaped, path_name, usage};

use super::inputs::{Inputs, file};
use super::{Status, status_after_output};

pub(super) fn run(args: &RedactArgs) -> anyhow::Result<Status> {
    if let Some(filter) = args.filter.filter() {
        return matching::run(args, filter);
    }
    let inputs = find_inputs(args)?;
    let run = Run {
        redactor: Redactor::new(read_key(args)?, classes(args)),
        limits: limits(args),
        links: inputs.links.iter().cloned().collect(),
        remaining_links: RefCell::default(),
        printed: RefCell::default(),
    };
    let mut status = Status::Success;
    inputs.print_notes(None);
    let result = run.process_all(&inputs, args, &mut status);
    run.warn_about_remaining_links();
    if !args.check {
        note_changed_bodies(&run.redactor);
    }
    status_after_output(result, status)
}

fn note_changed_bodies(redactor: &Redactor) {
    if redactor.has_changed_signed_body() {
        messages::note(
            "the bodies of signed requests were changed, so their signatures no longer fit",
        );
    }
}

/// Returns the limits for each payload.
fn limits(args: &RedactArgs) -> Limits {
    Limits {
        payload: usize::from(args.max_payload) << 20,
        ..Limits::default()
    }
}

/// Finds the inputs, and checks that the options can be used for them.
fn find_inputs(args: &RedactArgs) -> anyhow::Result<Inputs> {
    let InputArgs {
        files, files_from, ..
    } = &args.inputs;
    let is_stdin = |path: &PathBuf| Origin::from_arg(path) == Origin::Stdin;
    let has_stdin = files.iter().any(is_stdin) || (files.is_empty() && files_from.is_none());
    if (args.in_place || args.check) && has_stdin {
        let option = if args.check { "--check" } else { "--in-place" };
        return Err(usage(format!(
            "{option} does not apply to standard input: name files"
        )));
    }
    refuse_stdout(args.key_file.iter().map(|path| file(path)))?;
    let inputs = Inputs::in_order(&args.inputs)?;
    if args.in_place {
        refuse_own_files(args, &inputs)?;
    }
    Ok(inputs)
}

/// Refuses to replace the list of inputs and the file of the key.
fn refuse_own_files(args: &RedactArgs, inputs: &Inputs) -> anyhow::Result<()> {
    let list = args.inputs.files_from.as_ref();
    let list = list.map(|path| (path, "the list of --files-from"));
    let key = args.key_file.as_ref().map(|path| (path, "the key"));
    for (path, role) in list.into_iter().chain(key) {
        let identity = Identity::of_origin(&Origin::from_arg(path));
        let mut replaced = inputs.origins().map(Identity::of_origin);
        if identity.is_some() && replaced.any(|file| file == identity) {
            let name = path_name(path.display());
            return Err(usage(format!("{name} is {role}, and can't be replaced")));
        }
    }
    Ok(())
}

/// Reads the key, or creates a random one.
fn read_key(args: &RedactArgs) -> anyhow::Result<Key> {
    let Some(path) = &args.key_file else {
        return Ok(Key::random()?);
    };
    let name = path_name(path.display());
    let bytes = fs::read(path);
    let bytes = bytes.map_err(|error| anyhow!("the key {name}: {}", describe(&error)))?;
    match Key::new(&bytes) {
        Err(error @ KeyError::Short(_)) => Err(usage(format!("the key {name}: {error}"))),
        key => Ok(key?),
    }
}

/// Returns what is replaced.
fn classes(args: &RedactArgs) -> Classes {
    let is_replaced = |class| !args.keep.contains(&class);
    Classes {
        tokens: is_replaced(Keep::Tokens),
        urls: is_replaced(Keep::Urls),
        headers: is_replaced(Keep::Headers),
        requestor: is_replaced(Keep::Requestor),
        ids: args.ids,
        names: args.names,
    }
}

/// An error while an input is redacted.
enum RedactError {
    /// The input can't be redacted, or not to its end. The other inputs can be.
    Input(String),
    /// The output can't be written, so the run ends.
    Output(anyhow::Error),
}

impl From<InputError> for RedactError {
    fn from(error: InputError) -> Self {
        Self::Input(error.to_string())
    }
}

/// A run over all inputs.
struct Run {
    redactor: Redactor,
    limits: Limits,
    /// The inputs that are links found in folders.
    links: HashSet<PathBuf>,
    /// For each replaced file that had several hard links: one of the inputs that name it, and the
    /// number of links that still lead to its original contents.
    remaining_links: RefCell<HashMap<Identity, (Origin, u64)>>,
    /// What encodes the text that was printed so far.
    printed: RefCell<Option<Container>>,
}

impl Run {
    /// Processes all inputs. `status` is kept up to date, so that it is right if the run ends early.
    fn process_all(
        &self,
        inputs: &Inputs,
        args: &RedactArgs,
        status: &mut Status,
    ) -> anyhow::Result<()> {
        let mut out = stdout();
        for input in &inputs.found {
            let result = match input {
                Ok(found) => self.process(&found.origin, args, &mut out, status),
                Err(failure) => Err(RedactError::Input(failure.message.clone())),
            };
            match result {
                Ok(()) => {}
                Err(RedactError::Output(error)) => return Err(error),
                Err(RedactError::Input(message)) => {
                    *status = (*status).max(Status::Failed);
                    // The output before the failure comes first.
                    let flushed = out.flush();
                    match input {
                        Ok(found) => {
                            let name = path_name(&found.origin);
                            messages::error(format_args!("{name}: {message}"));
                        }
                        Err(failure) => {
                            messages::error(format_args!("{}: {message}", failure.path));
                        }
                    }
                    flushed.context("the output can't be written")?;
                }
            }
        }
        out.flush().context("the output can't be written")
    }

    /// Processes an input: checks it, replaces it, or prints it redacted.
    fn process(
        &self,
        origin: &Origin,
        args: &RedactArgs,
        out: &mut impl Write,
        status: &mut Status,
    ) -> Result<(), RedactError> {
        match origin {
            _ if args.check => {
                if !self.would_change(origin)? {
                    return Ok(());
                }
                *status = (*status).max(Status::Invalid);
                let written = writeln!(out, "{}", escaped(path_name(origin)));
                let written = written.context("the output can't be written");
                written.map_err(RedactError::Output)
            }
            Origin::File(path) if args.in_place => self.replace(origin, path),
            _ => {
                let mut container = self.printed.borrow_mut();
                self.write(origin, out, |new| output::check_stdout(&mut container, new))
            }
        }
    }

    fn open(&self, origin: &Origin) -> Result<Frames, InputError> {
        Ok(Frames::open(origin)?
            .with_limits(self.limits)
            .with_mode(CaptureMode::Auto))
    }

    /// Writes an input redacted, in its own container, which `check` may refuse.
    fn write(
        &self,
        origin: &Origin,
        out: &mut impl Write,
        check: impl FnOnce(&Container) -> Result<(), RedactError>,
    ) -> Result<(), RedactError> {
        let stream = RedactedStream::new(&self.redactor, self.open(origin)?);
        output::write(stream, out, check)
    }

    /// Returns `true` if redacting an input changes it.
    fn would_change(&self, origin: &Origin) -> Result<bool, RedactError> {
        let mut stream = RedactedStream::new(&self.redactor, self.open(origin)?);
        let mut text = Vec::new();
        let mut status = StreamStatus::More;
        while status != StreamStatus::End && !stream.is_changed() {
            text.clear();
            status = stream.next(&mut text)?;
        }
        Ok(stream.is_changed())
    }

    /// Replaces a file with its redacted contents, all at once. A file without secrets is not touched.
    /// A link that the user named is followed and stays a link; one that was found in a folder is not
    /// followed.
    fn replace(&self, origin: &Origin, path: &Path) -> Result<(), RedactError> {
        let failed = |error: io::Error| {
            RedactError::Input(format!("the file can't be replaced: {}", describe(&error)))
        };
        if path.is_dir() || path.symlink_metadata().is_err() {
            // Fails with the error of reading it.
            return self.would_change(origin).map(drop);
        }
        let target = FileTarget::of(path).map_err(failed)?;
        let Some(target) = target.file() else {
            let message = "only a regular file can be replaced";
            return Err(RedactError::Input(message.to_owned()));
        };
        let before = Version::of(target);
        if !self.would_change(origin)? {
            return Ok(());
        }
        if self.links.contains(path) {
            let message = "--in-place does not follow links in folders: name the link, or the file \
                           that it leads to";
            return Err(RedactError::Input(message.to_owned()));
        }
        let new = AtomicFile::create_at(target).map_err(failed)?;
        let mut out = io::BufWriter::new(new.file());
        match self.write(origin, &mut out, |_| Ok(())) {
            Err(RedactError::Output(error)) => return Err(RedactError::Input(chain(&error))),
            result => result?,
        }
        out.flush().map_err(failed)?;
        drop(out);
        let message =
            "the file changed while it was read, and was not replaced: run the command again";
        let is_changed = || Version::of(target) != before;
        let check = || {
            if is_changed() {
                return Err(io::Error::other(message));
            }
            Ok(())
        };
        // Before the new contents are synced to the disk, and again after that, since it takes time.
        let replaced = check().and_then(|()| new.replace(check));
        if replaced.is_err() && is_changed() {
            return Err(RedactError::Input(message.to_owned()));
        }
        replaced.map_err(failed)?;
        if let Some((identity, links)) = before.and_then(|before| before.links()) {
            let mut all = self.remaining_links.borrow_mut();
            let (_, remaining) = all.entry(identity).or_insert((origin.clone(), links));
            *remaining = remaining.saturating_sub(1);
        }
        Ok(())
    }

    /// Warns about hard links that still lead to the original contents of replaced files.
    fn warn_about_remaining_links(&self) {
        let files = self.remaining_links.take();
        for (origin, remaining) in files.into_values().filter(|(_, remaining)| *remaining > 0) {
            let links = match remaining {
                1 => "1 other name of this file (a hard link) still leads".to_owned(),
                count => format!("{count} other names of this file (hard links) still lead"),
            };
            let name = path_name(origin);
            messages::warning(format_args!("{name}: {links} to its original contents"));
        }
    }
}
