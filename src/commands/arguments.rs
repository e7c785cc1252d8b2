//! The command line: reading it, and saying what is wrong with it.
//!
//! What is wrong is often part of a file's name, and clap shows it as it is: a line break in it would
//! begin a workflow command, an escape would reach the terminal. So a command line that is refused is
//! read once more with its arguments as they can be shown, and clap says what is wrong with that.

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use mewshook::input::describe;
use mewshook::report::{shown, visible};

use crate::cli::Cli;
use crate::files;
use crate::messages;

use super::{Status, complain_with_help};

/// Why a command line can't be carried out.
enum Refusal {
    /// It asks for help or for the version, or clap refuses it.
    Clap(clap::Error),
    /// It has no command, and is not about files.
    Misplaced(String),
    /// There is nothing at all, on a terminal.
    Empty,
}

/// Reads the command line. Without a command, `inspect` is meant.
///
/// # Errors
/// The status to end with, after help or a complaint has been printed.
pub fn parse(arguments: &[OsString]) -> Result<Cli, Status> {
    // Clap shows the name by which the program was called, and that is anything.
    let mut arguments = arguments.to_vec();
    match arguments.first_mut() {
        Some(program) => *program = "mewshook".into(),
        None => arguments.push("mewshook".into()),
    }
    let refusal = match read(&arguments) {
        Ok(cli) => return Ok(cli),
        Err(refusal) => refusal,
    };
    if let Refusal::Clap(error) = &refusal
        && !error.use_stderr()
    {
        return Err(print(error));
    }
    let visible: Vec<_> = arguments.iter().map(visible_argument).collect();
    if visible == arguments {
        return Err(refuse(&refusal));
    }
    let is_refusal = |refusal: &Refusal| match refusal {
        Refusal::Clap(error) => error.use_stderr(),
        Refusal::Misplaced(_) | Refusal::Empty => true,
    };
    let again = read(&visible).err().filter(is_refusal);
    Err(refuse(again.as_ref().unwrap_or(&refusal)))
}

/// Returns an argument as it can be shown.
fn visible_argument(argument: &OsString) -> OsString {
    shown(&argument.to_string_lossy()).into()
}

fn read(arguments: &[OsString]) -> Result<Cli, Refusal> {
    let error = match Cli::try_parse_from(arguments) {
        Ok(cli) => return Ok(cli),
        Err(error) => error,
    };
    let is_asked_for = [ErrorKind::DisplayHelp, ErrorKind::DisplayVersion].contains(&error.kind());
    if is_asked_for
        || Cli::command()
            .get_subcommands()
            .any(|command| is_first(command, arguments))
    {
        return Err(Refusal::Clap(error));
    }
    if arguments.len() < 2 && io::stdin().is_terminal() {
        return Err(Refusal::Empty);
    }
    if let Some(message) = misplaced_command(&arguments[1..]) {
        return Err(Refusal::Misplaced(message));
    }
    let (program, rest) = arguments.split_at(arguments.len().min(1));
    let inspect = program
        .iter()
        .cloned()
        .chain(["inspect".into()])
        .chain(rest.iter().cloned());
    Cli::try_parse_from(inspect).map_err(Refusal::Clap)
}

/// Whether the first argument is a command.
fn is_first(command: &clap::Command, arguments: &[OsString]) -> bool {
    arguments
        .get(1)
        .is_some_and(|first| first == command.get_name())
}

/// Says why a command line is refused.
fn refuse(refusal: &Refusal) -> Status {
    match refusal {
        Refusal::Clap(error) => return print(error),
        Refusal::Misplaced(message) => messages::error(message),
        Refusal::Empty => complain_with_help(),
    }
    Status::Usage
}

/// Prints what clap has to say: with its colours, unless something of it has to be hidden.
fn print(error: &clap::Error) -> Status {
    if !error.use_stderr() && files::is_stdout_closed() {
        messages::error(files::STDOUT_CLOSED);
        return Status::Failed;
    }
    let text = error.render().to_string();
    let masked = mewshook::mask(&text);
    let lines: Vec<_> = masked.split('\n').map(visible).collect();
    let safe = lines.join("\n");
    let printed = if safe == text || !error.use_stderr() {
        error.print().and_then(|()| io::stdout().flush())
    } else {
        write!(io::stderr(), "{safe}")
    };
    if let Err(error) = printed
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        messages::error(describe(&error));
        return Status::Failed;
    }
    match error.exit_code() {
        0 => Status::Good,
        _ => Status::Usage,
    }
}

/// What commands are called elsewhere.
const SYNONYMS: [(&str, &[&str]); 6] = [
    ("validate", &["check", "lint", "verify", "test"]),
    (
        "sample",
        &["generate", "gen", "make", "create", "new", "example"],
    ),
    ("explain", &["doc", "docs", "describe", "why", "codes"]),
    ("inspect", &["show", "view", "cat", "print"]),
    (
        "redact",
        &["anonymize", "anonymise", "mask", "sanitize", "scrub"],
    ),
    ("config", &["settings", "configuration", "init"]),
];

/// Returns the command that an unknown word means.
fn meant<'n>(word: &str, names: &[&'n str]) -> Option<&'n str> {
    let synonym = SYNONYMS.iter().find(|(_, words)| words.contains(&word));
    let synonym = synonym.map(|(command, _)| *command);
    synonym.or_else(|| mewshook::nearest(word, names.iter().copied()))
}

/// Returns the arguments behind the one option that may stand before the command.
fn behind_colour(arguments: &[OsString]) -> &[OsString] {
    match arguments {
        [option, _, rest @ ..] if option == "--color" => behind_colour(rest),
        [option, rest @ ..] if option.as_encoded_bytes().starts_with(b"--color=") => {
            behind_colour(rest)
        }
        _ => arguments,
    }
}

/// Why a command line without a command is not about files: the command stands behind options, is
/// misspelt, or is called otherwise.
fn misplaced_command(arguments: &[OsString]) -> Option<String> {
    let arguments = behind_colour(arguments);
    let mut words = arguments
        .iter()
        .filter_map(|word| word.to_str())
        .filter(|word| !word.starts_with('-') && !Path::new(word).exists());
    let command = Cli::command();
    let names: Vec<_> = command.get_subcommands().collect();
    let names: Vec<_> = names.iter().map(|command| command.get_name()).collect();
    let first = arguments.first().and_then(|first| first.to_str());
    let mut candidates = words.clone();
    if let Some(first) = candidates.next().filter(|word| Some(*word) == first) {
        if first == "help" {
            let word = candidates.next()?;
            return Some(match meant(word, &names) {
                Some(meant) => format!("there is no command `{word}`; did you mean `{meant}`?"),
                None => format!("there is no command `{word}`; `mewshook help` lists them"),
            });
        }
        if let Some(meant) = meant(first, &names) {
            return Some(format!(
                "there is no command or file `{first}`; did you mean `{meant}`?"
            ));
        }
    }
    let late = words.find(|word| names.contains(word))?;
    Some(format!(
        "options go after the command: write `mewshook {late} …`"
    ))
}
