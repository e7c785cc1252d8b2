//! One file a command: arguments to engine to report.

mod arguments;
mod atomic;
mod attributes;
mod check;
mod config;
mod conflict;
mod explain;
mod files;
mod follow;
mod identity;
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
mod signals;
mod target;
mod validate;

use std::fmt::{Display, Write as _};
use std::io::{self, IsTerminal, Write as _};
use std::process::ExitCode;

use clap::CommandFactory;
use mewshook::input::describe;
use mewshook::report::{Style, visible};

use crate::cli::{Cli, Color, Command, InputArgs};

pub use arguments::parse;
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
                complain(chain(&error));
                Status::Failed
            }
        }
    }
}

/// What went wrong, and why, in one line: what the system says without its numbers.
fn chain(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for (number, cause) in error.chain().enumerate() {
        let separator = if number == 0 { "" } else { ": " };
        let _ = match cause.downcast_ref() {
            Some(error) => write!(text, "{separator}{}", describe(error)),
            None => write!(text, "{separator}{cause}"),
        };
    }
    text
}

/// Says on stderr what went wrong. If even that can't be written, nobody is there to read it.
fn complain(message: impl Display) {
    let _ = writeln!(io::stderr(), "error: {}", line(message));
}

/// Says on stderr what may need a change.
fn warn(message: impl Display) {
    let _ = writeln!(io::stderr(), "warning: {}", line(message));
}

/// Says on stderr what is worth knowing.
fn note(message: impl Display) {
    let _ = writeln!(io::stderr(), "note: {}", line(message));
}

/// Returns a path as messages name it: without the secrets in the names of folders and files.
fn name(path: impl Display) -> String {
    mewshook::mask_path(&path.to_string()).into_owned()
}

/// Text that may come from a file's name or from the command line, fit to be shown.
fn safe(text: impl Display) -> String {
    let text = text.to_string();
    visible(&mewshook::mask(&text)).into_owned()
}

/// The same for a message, whose middle is left out if it is longer than any path.
fn line(message: impl Display) -> String {
    const LONGEST: usize = 6000;
    const END: usize = 1000;
    let text = safe(message);
    let length = text.chars().count();
    if length <= LONGEST {
        return text;
    }
    let start: String = text.chars().take(LONGEST - END).collect();
    let end: String = text.chars().skip(length - END).collect();
    format!("{start}…{end}")
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
