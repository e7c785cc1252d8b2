//! One file a command: arguments to engine to report.

mod check;
mod explain;
mod files;
mod inspect;
mod sample;
mod schema;
mod validate;

use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use std::process::ExitCode;

use clap::CommandFactory;
use mewshook::report::Style;

use crate::cli::{Cli, Color, Command};

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

/// A command line that asks for what can't be.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct UsageError(String);

fn usage(message: impl Into<String>) -> anyhow::Error {
    UsageError(message.into()).into()
}

/// Carries a command out.
pub fn run(cli: Cli) -> Status {
    let style = style(cli.color);
    let result = match cli.command {
        None if is_bare(&cli.inspect) => {
            complain_with_help();
            return Status::Usage;
        }
        None => inspect::run(&cli.inspect, style),
        Some(Command::Inspect(args)) => inspect::run(&args, style),
        Some(Command::Validate(args)) => validate::run(&args, style),
        Some(Command::Sample(args)) => sample::run(&args),
        Some(Command::Schema(args)) => schema::run(&args),
        Some(Command::Explain(args)) => explain::run(&args),
    };
    match result {
        Ok(status) => status,
        Err(error) if is_broken_pipe(&error) => Status::Good,
        Err(error) => {
            complain(format_args!("{error:#}"));
            if error.is::<UsageError>() {
                Status::Usage
            } else {
                Status::Failed
            }
        }
    }
}

/// Says on stderr what went wrong. If even that can't be written, nobody is there to read it.
fn complain(message: impl Display) {
    let text = message.to_string();
    let _ = writeln!(io::stderr(), "error: {}", mewshook::report::visible(&text));
}

fn complain_with_help() {
    let help = Cli::command().render_help();
    let _ = write!(io::stderr(), "{help}");
}

/// Whether nothing was asked for, and nobody pipes anything in.
fn is_bare(args: &crate::cli::InspectArgs) -> bool {
    args.check.files.is_empty() && io::stdin().is_terminal()
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
        width: terminal.or_else(variable).unwrap_or(100).clamp(40, 200),
    }
}
