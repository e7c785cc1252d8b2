//! `mewshook redact`: captures without their secrets.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use mewshook::frame::{Frames, Limits};
use mewshook::input::{InputError, Origin, describe};
use mewshook::redact::{Classes, Key, KeyError, RedactedStream, Redactor, StreamStatus};

use crate::cli::{InputArgs, Keep, RedactArgs};
use crate::files::{AtomicFile, Identity, Target, Version, refuse_stdout, stdout};
use crate::messages::{self, chain, escaped, path_name, usage};

use super::inputs::{Inputs, file};
use super::{Status, so_far};

/// Why an input is not, or not wholly, redacted.
enum Trouble {
    /// Nothing else can be done either.
    Output(anyhow::Error),
    /// The next input can be.
    Input(String),
}

impl From<InputError> for Trouble {
    fn from(error: InputError) -> Self {
        Self::Input(error.to_string())
    }
}

pub(super) fn run(args: &RedactArgs) -> anyhow::Result<Status> {
    let inputs = inputs(args)?;
    let run = Run {
        redactor: Redactor::new(key(args)?, classes(args)),
        limits: Limits {
            payload: usize::from(args.max_payload) << 20,
            ..Limits::default()
        },
        links: inputs.links.iter().cloned().collect(),
        links_left: RefCell::default(),
    };
    let mut status = Status::Good;
    inputs.note(None);
    let done = run.all(&inputs, args, &mut status);
    for (origin, others) in run
        .links_left
        .take()
        .into_values()
        .filter(|left| left.1 > 0)
    {
        let others = match others {
            1 => "1 other name of this file (a hard link) still leads".to_owned(),
            others => format!("{others} other names of this file (hard links) still lead"),
        };
        let name = path_name(origin);
        messages::warning(format_args!("{name}: {others} to what it was"));
    }
    so_far(done, status)
}

/// Finds the inputs that are asked for.
fn inputs(args: &RedactArgs) -> anyhow::Result<Inputs> {
    let InputArgs {
        files, files_from, ..
    } = &args.inputs;
    let is_stdin = |path: &PathBuf| Origin::from_arg(path) == Origin::Stdin;
    let has_stdin = files.iter().any(is_stdin) || (files.is_empty() && files_from.is_none());
    if (args.in_place || args.check) && has_stdin {
        let option = if args.check { "--check" } else { "--in-place" };
        return Err(usage(format!("{option} is for files: name them")));
    }
    refuse_stdout(args.key_file.iter().map(|path| file(path)))?;
    let found = Inputs::in_order(&args.inputs)?;
    if args.in_place {
        let list = files_from
            .as_ref()
            .map(|list| (list, "the list of --files-from"));
        let key = args.key_file.as_ref().map(|key| (key, "the key"));
        for (path, role) in list.into_iter().chain(key) {
            let read = Identity::of_origin(&Origin::from_arg(path));
            let mut replaced = found.found.iter().flatten().map(Identity::of_origin);
            if read.is_some() && replaced.any(|file| file == read) {
                let name = path_name(path.display());
                return Err(usage(format!("{name} is {role}, and can't be replaced")));
            }
        }
    }
    Ok(found)
}

fn key(args: &RedactArgs) -> anyhow::Result<Key> {
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

fn classes(args: &RedactArgs) -> Classes {
    let is_wanted = |what| !args.keep.contains(&what);
    Classes {
        tokens: is_wanted(Keep::Tokens),
        urls: is_wanted(Keep::Urls),
        headers: is_wanted(Keep::Headers),
        requestor: is_wanted(Keep::Requestor),
        ids: args.ids,
        names: args.names,
    }
}

/// What is replaced, and how much is taken in.
struct Run {
    redactor: Redactor,
    limits: Limits,
    /// Links that were met in folders.
    links: HashSet<PathBuf>,
    /// Of files that were replaced and had several names: an input, and how many of the names still
    /// lead to what it was.
    links_left: RefCell<HashMap<Identity, (Origin, u64)>>,
}

impl Run {
    /// Does what is asked for to all inputs. The status is that of what has been done so far.
    fn all(&self, inputs: &Inputs, args: &RedactArgs, status: &mut Status) -> anyhow::Result<()> {
        let mut out = stdout();
        for found in &inputs.found {
            let result = match found {
                Ok(origin) => self.one(origin, args, &mut out, status),
                Err(failure) => Err(Trouble::Input(failure.message.clone())),
            };
            match result {
                Ok(()) => {}
                Err(Trouble::Output(error)) => return Err(error),
                Err(Trouble::Input(message)) => {
                    *status = (*status).max(Status::Failed);
                    let written = out.flush();
                    match found {
                        Ok(origin) => {
                            let name = path_name(origin);
                            messages::error(format_args!("{name}: {message}"));
                        }
                        Err(failure) => {
                            messages::error(format_args!("{}: {message}", failure.path));
                        }
                    }
                    written.context("the output can't be written")?;
                }
            }
        }
        out.flush().context("the output can't be written")
    }

    fn one(
        &self,
        origin: &Origin,
        args: &RedactArgs,
        out: &mut impl Write,
        status: &mut Status,
    ) -> Result<(), Trouble> {
        match origin {
            _ if args.check => {
                if !self.changes(origin)? {
                    return Ok(());
                }
                *status = (*status).max(Status::Invalid);
                let written = writeln!(out, "{}", escaped(path_name(origin)));
                let written = written.context("the output can't be written");
                written.map_err(Trouble::Output)
            }
            Origin::File(path) if args.in_place => self.replace(origin, path),
            _ => self.print(origin, out),
        }
    }

    fn open(&self, origin: &Origin) -> Result<Frames, InputError> {
        Ok(Frames::open(origin)?.with_limits(self.limits))
    }

    /// Writes what an input becomes.
    fn print(&self, origin: &Origin, out: &mut impl Write) -> Result<(), Trouble> {
        let mut stream = RedactedStream::new(&self.redactor, self.open(origin)?);
        let mut text = Vec::new();
        loop {
            text.clear();
            let status = stream.next(&mut text)?;
            let written = out.write_all(&text);
            let written = written.and_then(|()| match status {
                StreamStatus::Idle => out.flush(),
                StreamStatus::More | StreamStatus::End => Ok(()),
            });
            let written = written.context("the output can't be written");
            written.map_err(Trouble::Output)?;
            if status == StreamStatus::End {
                return Ok(());
            }
        }
    }

    /// Whether an input would become another.
    fn changes(&self, origin: &Origin) -> Result<bool, Trouble> {
        let mut stream = RedactedStream::new(&self.redactor, self.open(origin)?);
        let mut text = Vec::new();
        let mut status = StreamStatus::More;
        while status != StreamStatus::End && !stream.is_changed() {
            text.clear();
            status = stream.next(&mut text)?;
        }
        Ok(stream.is_changed())
    }

    /// Puts what a file becomes in its place, in one go. A file that stays the same is not touched;
    /// a link that the user has named stays one, and one that was met in a folder is not followed.
    fn replace(&self, origin: &Origin, path: &Path) -> Result<(), Trouble> {
        let failed = |error: io::Error| {
            Trouble::Input(format!("it cannot be replaced: {}", describe(&error)))
        };
        // What can't be read is said when it is.
        if path.is_dir() || path.symlink_metadata().is_err() {
            return self.changes(origin).map(drop);
        }
        let target = Target::of(path).map_err(failed)?;
        let Some(target) = target.file() else {
            let message = "only a regular file can be replaced";
            return Err(Trouble::Input(message.to_owned()));
        };
        let before = Version::of(target);
        if !self.changes(origin)? {
            return Ok(());
        }
        if self.links.contains(path) {
            let message = "a link in a folder is not followed by --in-place: name it, or the file \
                           that it leads to";
            return Err(Trouble::Input(message.to_owned()));
        }
        let new = AtomicFile::create_at(target).map_err(failed)?;
        let mut out = io::BufWriter::new(new.file());
        match self.print(origin, &mut out) {
            Err(Trouble::Output(error)) => return Err(Trouble::Input(chain(&error))),
            result => result?,
        }
        out.flush().map_err(failed)?;
        drop(out);
        let message = "it has changed while it was read, and is left as it is: run this again";
        let is_changed = || Version::of(target) != before;
        // Before much is written to the disk, and again behind that, which takes its time.
        let check = || {
            if is_changed() {
                return Err(io::Error::other(message));
            }
            Ok(())
        };
        let replaced = check().and_then(|()| new.replace(check));
        if replaced.is_err() && is_changed() {
            return Err(Trouble::Input(message.to_owned()));
        }
        replaced.map_err(failed)?;
        if let Some((identity, links)) = before.and_then(|before| before.links()) {
            let mut all = self.links_left.borrow_mut();
            let (_, left) = all.entry(identity).or_insert((origin.clone(), links));
            *left = left.saturating_sub(1);
        }
        Ok(())
    }
}
