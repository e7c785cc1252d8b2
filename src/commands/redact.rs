//! `mewshook redact`: captures without their secrets.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use mewshook::input::{InputError, Limits, Origin, Payloads, describe};
use mewshook::redact::{Classes, Flow, Key, KeyError, Redactor, Stream};

use crate::cli::{InputArgs, Keep, RedactArgs};

use super::inputs::Inputs;
use super::output::refuse;
use super::{Status, complain, files, safe, so_far, stdout, usage};

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
    };
    let mut status = Status::Good;
    inputs.note(None);
    let done = run.all(&inputs, args, &mut status);
    so_far(done, status)
}

/// Finds the inputs that are asked for.
fn inputs(args: &RedactArgs) -> anyhow::Result<Inputs> {
    let InputArgs {
        files, files_from, ..
    } = &args.inputs;
    let is_stdin = |path: &PathBuf| Origin::named(path) == Origin::Stdin;
    let has_stdin = files.iter().any(is_stdin) || (files.is_empty() && files_from.is_none());
    if (args.in_place || args.check) && has_stdin {
        let option = if args.check { "--check" } else { "--in-place" };
        return Err(usage(format!("{option} is for files: name them")));
    }
    refuse(args.key_file.iter().map(PathBuf::as_path))?;
    Inputs::in_order(&args.inputs)
}

fn key(args: &RedactArgs) -> anyhow::Result<Key> {
    let Some(path) = &args.key_file else {
        return Ok(Key::random()?);
    };
    let name = path.display();
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
                        Ok(origin) => complain(format_args!("{origin}: {message}")),
                        Err(failure) => complain(format_args!("{}: {message}", failure.path)),
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
                let written = writeln!(out, "{}", safe(origin));
                let written = written.context("the output can't be written");
                written.map_err(Trouble::Output)
            }
            Origin::File(path) if args.in_place => self.replace(origin, path),
            _ => self.print(origin, out),
        }
    }

    fn open(&self, origin: &Origin) -> Result<Payloads, InputError> {
        Ok(Payloads::open(origin)?.within(self.limits))
    }

    /// Writes what an input becomes.
    fn print(&self, origin: &Origin, out: &mut impl Write) -> Result<(), Trouble> {
        let mut stream = Stream::new(&self.redactor, self.open(origin)?);
        let mut text = Vec::new();
        loop {
            text.clear();
            let flow = stream.next(&mut text)?;
            let written = out.write_all(&text);
            let written = written.and_then(|()| match flow {
                Flow::Idle => out.flush(),
                Flow::More | Flow::End => Ok(()),
            });
            let written = written.context("the output can't be written");
            written.map_err(Trouble::Output)?;
            if flow == Flow::End {
                return Ok(());
            }
        }
    }

    /// Whether an input would become another.
    fn changes(&self, origin: &Origin) -> Result<bool, Trouble> {
        let mut stream = Stream::new(&self.redactor, self.open(origin)?);
        let mut text = Vec::new();
        let mut flow = Flow::More;
        while flow != Flow::End && !stream.is_changed() {
            text.clear();
            flow = stream.next(&mut text)?;
        }
        Ok(stream.is_changed())
    }

    /// Puts what a file becomes in its place, in one go. A file that stays the same is not touched; a
    /// link stays one.
    fn replace(&self, origin: &Origin, path: &Path) -> Result<(), Trouble> {
        if path
            .metadata()
            .is_ok_and(|file| !file.is_file() && !file.is_dir())
        {
            let message = "only a regular file can be replaced";
            return Err(Trouble::Input(message.to_owned()));
        }
        if !self.changes(origin)? {
            return Ok(());
        }
        let failed = |error: io::Error| {
            Trouble::Input(format!("it cannot be replaced: {}", describe(&error)))
        };
        let target = fs::canonicalize(path).map_err(failed)?;
        let permissions = target.metadata().map_err(failed)?.permissions();
        let new = files::hidden(&target).map_err(failed)?;
        let mut out = io::BufWriter::new(&new);
        match self.print(origin, &mut out) {
            Err(Trouble::Output(error)) => return Err(Trouble::Input(format!("{error:#}"))),
            result => result?,
        }
        out.flush().map_err(failed)?;
        drop(out);
        files::place(new, &target, Some(permissions)).map_err(failed)?;
        Ok(())
    }
}
