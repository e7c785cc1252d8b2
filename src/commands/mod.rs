//! One file a command: arguments to engine to report.

mod check;
mod config;
mod explain;
mod files;
mod inputs;
mod inspect;
mod man;
mod openapi;
mod progress;
mod redact;
mod reports;
mod sample;
mod schema;
mod shell;
mod validate;

use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use mewshook::report::{Style, visible};

use crate::cli::{CheckArgs, Cli, Color, Command};

/// What the exit status tells; the highest that applies wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// All well.
    Good = 0,
    /// A payload is invalid.
    Invalid = 1,
    /// Wrong usage.
    Usage = 2,
    /// Something could not be read or written, or there was no payload.
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

/// A command that stands behind options, or is misspelt, and is no file.
fn misplaced_command(arguments: &[OsString]) -> Option<String> {
    let mut words = arguments.iter().filter_map(|word| word.to_str());
    let command = Cli::command();
    let names: Vec<&str> = command
        .get_subcommands()
        .map(clap::Command::get_name)
        .collect();
    let first = words
        .clone()
        .next()
        .filter(|word| !Path::new(word).exists());
    if let Some(meant) = first.and_then(|first| mewshook::nearest(first, names.iter().copied())) {
        let first = first.unwrap_or_default();
        return Some(format!(
            "there is no command or file `{first}`; did you mean `{meant}`?"
        ));
    }
    let late = words.find(|word| names.contains(word) && !Path::new(word).exists())?;
    Some(format!(
        "options go behind the command: `mewshook {late} …`"
    ))
}

/// Carries a command out.
pub fn run(cli: Cli) -> Status {
    let style = style(cli.color);
    let result = match cli.command {
        Command::Inspect(args) if is_bare(&args.check) => return ask_for_input(),
        Command::Validate(args) if is_bare(&args.check) => return ask_for_input(),
        Command::Redact(args) if args.files.is_empty() && io::stdin().is_terminal() => {
            return ask_for_input();
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

/// Says on stderr what one should know.
fn warn(message: impl Display) {
    let _ = writeln!(io::stderr(), "warning: {}", safe(message));
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
fn is_bare(args: &CheckArgs) -> bool {
    let inputs = &args.inputs;
    inputs.files.is_empty() && inputs.files_from.is_none() && io::stdin().is_terminal()
}

fn ask_for_input() -> Status {
    complain_with_help();
    Status::Usage
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let cause = cause.downcast_ref::<io::Error>();
        cause.is_some_and(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
    })
}

/// Standard output, buffered.
fn stdout() -> BufWriter<StdoutLock<'static>> {
    BufWriter::with_capacity(1 << 16, io::stdout().lock())
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
    let terminal = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    let variable = || std::env::var("COLUMNS").ok()?.parse().ok();
    Style {
        colour,
        width: terminal.or_else(variable).unwrap_or(100).max(40),
    }
}
