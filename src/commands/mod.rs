//! One file a command: arguments to engine to report.

mod check;
mod config;
mod explain;
mod files;
mod follow;
mod inputs;
mod inspect;
mod man;
mod openapi;
mod output;
mod progress;
mod redact;
mod reports;
mod sample;
mod schema;
mod shell;
mod validate;

use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use mewshook::report::{Style, visible};

use crate::cli::{Cli, Color, Command, InputArgs};

use output::stdout;

/// What the exit status tells; the highest that applies wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// All well.
    Good = 0,
    /// A payload is invalid.
    Invalid = 1,
    /// Wrong usage.
    Usage = 2,
    /// Something could not be read or written, or an input holds no payload.
    Failed = 3,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}

/// A command line or a configuration that asks for what can't be.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
struct UsageError(Vec<String>);

fn usage(message: impl Into<String>) -> anyhow::Error {
    UsageError(vec![message.into()]).into()
}

/// Reads the command line. Without a command, `inspect` is meant.
///
/// # Errors
/// The status to end with, after help or a complaint has been printed.
pub fn parse(arguments: &[OsString]) -> Result<Cli, Status> {
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
        return Err(exit(&error));
    }
    if arguments.len() < 2 && io::stdin().is_terminal() {
        complain_with_help();
        return Err(Status::Usage);
    }
    if let Some(message) = misplaced_command(&arguments[1..]) {
        complain(message);
        return Err(Status::Usage);
    }
    let (program, rest) = arguments.split_at(arguments.len().min(1));
    let inspect = program
        .iter()
        .cloned()
        .chain(["inspect".into()])
        .chain(rest.iter().cloned());
    Cli::try_parse_from(inspect).map_err(|error| exit(&error))
}

/// Whether the first argument is a command.
fn is_first(command: &clap::Command, arguments: &[OsString]) -> bool {
    arguments
        .get(1)
        .is_some_and(|first| first == command.get_name())
}

/// Prints what clap has to say.
fn exit(error: &clap::Error) -> Status {
    if !error.use_stderr() && crate::streams::is_stdout_closed() {
        complain(output::CLOSED);
        return Status::Failed;
    }
    let text = error.render().to_string();
    let masked = mewshook::mask(&text);
    // Else with clap's colours.
    let _ = if masked == text {
        error.print()
    } else {
        write!(io::stderr(), "{masked}")
    };
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

/// Why a command line without a command is not about files: the command stands behind options, is
/// misspelt, or is called otherwise.
fn misplaced_command(arguments: &[OsString]) -> Option<String> {
    let mut words = arguments
        .iter()
        .filter_map(|word| word.to_str())
        .filter(|word| !Path::new(word).exists());
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

/// Carries a command out.
pub fn run(cli: Cli) -> Status {
    let style = style(cli.color);
    let result = match cli.command {
        Command::Inspect(args) if is_without_input(&args.check.inputs) => {
            return ask_for_input("inspect");
        }
        Command::Validate(args) if is_without_input(&args.check.inputs) => {
            return ask_for_input("validate");
        }
        Command::Redact(args) if is_without_input(&args.inputs) => {
            return ask_for_input("redact");
        }
        Command::Redact(args) => redact::run(&args),
        Command::Inspect(args) => inspect::run(&args, style),
        Command::Validate(args) => validate::run(&args, style),
        Command::Sample(args) => sample::run(&args, style),
        Command::Schema(args) => schema::run(&args, style),
        Command::Explain(args) => explain::run(&args),
        Command::Config(args) => config::run(&args),
        Command::Completions(args) => shell::completions(&args),
        Command::Man(args) => man::run(&args),
    };
    match result {
        Ok(status) => status,
        Err(error) if is_broken_pipe(&error) => Status::Good,
        Err(error) => {
            if let Some(UsageError(messages)) = error.downcast_ref() {
                messages.iter().for_each(complain);
                Status::Usage
            } else {
                complain(format_args!("{error:#}"));
                Status::Failed
            }
        }
    }
}

/// Says on stderr what went wrong. If even that can't be written, nobody is there to read it.
fn complain(message: impl Display) {
    let _ = writeln!(io::stderr(), "error: {}", safe(message));
}

/// Says on stderr what may need a change.
fn warn(message: impl Display) {
    let _ = writeln!(io::stderr(), "warning: {}", safe(message));
}

/// Says on stderr what is worth knowing.
fn note(message: impl Display) {
    let _ = writeln!(io::stderr(), "note: {}", safe(message));
}

/// Text that may come from a file's name or from the command line, fit to be shown.
fn safe(text: impl Display) -> String {
    let text = text.to_string();
    visible(&mewshook::mask(&text)).into_owned()
}

fn complain_with_help() {
    let help = Cli::command().render_help();
    let _ = write!(io::stderr(), "{help}");
}

/// Whether no file is named, and nobody pipes anything in.
fn is_without_input(inputs: &InputArgs) -> bool {
    inputs.files.is_empty() && inputs.files_from.is_none() && io::stdin().is_terminal()
}

/// Prints the help of a command that lacks its input, and how to paste one.
fn ask_for_input(name: &str) -> Status {
    let mut program = Cli::command();
    program.build();
    let help = program.find_subcommand_mut(name);
    let help = help.map(clap::Command::render_help).unwrap_or_default();
    let _ = writeln!(io::stderr(), "{help}");
    complain("no input: name a file, or pipe payloads to standard input");
    note(format_args!(
        "to paste a payload, run `mewshook {name} -`; Ctrl-D ends it"
    ));
    Status::Usage
}

/// Returns the status found so far, once all is written or nobody reads on.
fn so_far(written: anyhow::Result<()>, status: Status) -> anyhow::Result<Status> {
    match written {
        Err(error) if !is_broken_pipe(&error) => Err(error),
        _ => Ok(status),
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let cause = cause.downcast_ref::<io::Error>();
        cause.is_some_and(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
    })
}

/// The look of what is printed for people.
fn style(when: Color) -> Style {
    let is_set =
        |name| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let colour = match when {
        Color::Always => true,
        Color::Never => false,
        // https://no-color.org and https://bixense.com/clicolors
        Color::Auto if std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) => false,
        Color::Auto => is_set("CLICOLOR_FORCE") || (io::stdout().is_terminal() && !is_dumb),
    };
    colored::control::set_override(colour);
    Style {
        colour,
        width: columns().unwrap_or(100).max(40),
        is_fitted: io::stdout().is_terminal(),
    }
}

/// The width of the terminal, or the one that `COLUMNS` states where there is none.
fn columns() -> Option<usize> {
    let terminal = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    terminal.or_else(|| std::env::var("COLUMNS").ok()?.parse().ok())
}
