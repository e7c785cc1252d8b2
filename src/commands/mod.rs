//! The subcommands, one file each, and what several of them share.

mod arguments;
mod check;
mod completions;
mod config;
#[cfg(feature = "deliver")]
mod deliver;
mod explain;
mod extract;
mod filter;
mod find;
mod follow;
mod inputs;
mod inspect;
#[cfg(feature = "deliver")]
mod listen;
mod man;
mod openapi;
mod plan;
mod progress;
#[cfg(feature = "deliver")]
mod receiver_test;
mod redact;
mod reports;
mod sample;
mod schema;
#[cfg(feature = "deliver")]
mod send;
mod settings;
mod stats;
mod timeline;
mod validate;
#[cfg(feature = "deliver")]
mod verify;
mod wrap;

use std::io::{self, IsTerminal, Write as _};
use std::process::ExitCode;

use clap::CommandFactory;
use mewshook::report::Style;

use crate::cli::{Cli, Command, InputArgs};
use crate::messages::{self, UsageError, chain};

pub use arguments::{colour, parse};

/// The exit status. If several apply, the highest is returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Success.
    Success = 0,
    /// A finding: a payload is invalid or was not accepted, or a check failed.
    Invalid = 1,
    /// Wrong usage.
    Usage = 2,
    /// Something could not be read or written, or an input has no payload.
    Failed = 3,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}

/// Runs a command. `colour` says whether standard output is coloured.
pub fn run(cli: Cli, colour: bool) -> Status {
    let style = style(colour);
    let result = match cli.command {
        Command::Inspect(args) if is_without_input(&args.check.inputs) => {
            return ask_for_input("inspect", "-");
        }
        Command::Validate(args) if is_without_input(&args.check.inputs) => {
            return ask_for_input("validate", "-");
        }
        Command::Redact(args) if is_without_input(&args.inputs) => {
            return ask_for_input("redact", "-");
        }
        Command::Extract(args) if is_without_input(&args.inputs) => {
            return ask_for_input("extract", "-");
        }
        Command::Timeline(args) if is_without_input(&args.inputs) => {
            return ask_for_input("timeline", "-");
        }
        Command::Plan(args) if is_without_input(&args.inputs) => {
            return ask_for_input("plan", "-");
        }
        Command::Stats(args) if is_without_input(&args.inputs) => {
            return ask_for_input("stats", "-");
        }
        #[cfg(feature = "deliver")]
        Command::Send(args) if is_without_input(&args.to.inputs) => {
            return ask_for_input("send", "URL -");
        }
        #[cfg(feature = "deliver")]
        Command::Verify(args) if is_without_input(&args.inputs) => {
            return ask_for_input("verify", "-");
        }
        Command::Extract(args) => extract::run(&args),
        Command::Redact(args) => redact::run(&args),
        #[cfg(feature = "deliver")]
        Command::Verify(args) => verify::run(&args, style),
        #[cfg(feature = "deliver")]
        Command::Send(args) => send::run(&args, style),
        Command::Inspect(args) => inspect::run(&args, style),
        Command::Validate(args) => validate::run(&args, style),
        Command::Timeline(args) => timeline::run(&args, style),
        Command::Plan(args) => plan::run(&args, style),
        Command::Stats(args) => stats::run(&args, style),
        #[cfg(feature = "deliver")]
        Command::ReceiverTest(args) => receiver_test::run(&args, style),
        Command::Sample(args) => sample::run(&args, style),
        #[cfg(feature = "deliver")]
        Command::Listen(args) => listen::run(&args, style),
        Command::Schema(args) => schema::run(&args, style),
        Command::Explain(args) => explain::run(&args),
        Command::Config(args) => config::run(&args),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
    };
    match result {
        Ok(status) => status,
        Err(error) if is_broken_pipe(&error) => Status::Success,
        Err(error) => {
            if let Some(UsageError(messages)) = error.downcast_ref() {
                messages.iter().for_each(messages::error);
                Status::Usage
            } else {
                messages::error(chain(&error));
                Status::Failed
            }
        }
    }
}

fn print_help() {
    let help = Cli::command().render_help();
    let _ = write!(io::stderr(), "{help}");
}

/// Returns `true` if no input is named and standard input is a terminal.
fn is_without_input(inputs: &InputArgs) -> bool {
    inputs.files.is_empty() && inputs.files_from.is_none() && io::stdin().is_terminal()
}

/// Prints the help of a command that has no input, and the arguments with which a payload can be pasted.
fn ask_for_input(name: &str, arguments: &str) -> Status {
    let mut program = Cli::command();
    program.build();
    let help = program.find_subcommand_mut(name);
    let help = help.map(clap::Command::render_help).unwrap_or_default();
    let _ = writeln!(io::stderr(), "{help}");
    messages::error("no input: name a file, or pipe payloads to standard input");
    messages::note(format_args!(
        "to paste a payload, run `mewshook {name} {arguments}`; Ctrl-D ends it"
    ));
    Status::Usage
}

/// Returns the status so far, if everything was written or the reader of the output has closed it.
fn status_after_output(written: anyhow::Result<()>, status: Status) -> anyhow::Result<Status> {
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

/// Returns the style of output for people.
fn style(colour: bool) -> Style {
    Style {
        colour,
        width: columns().unwrap_or(100).max(40),
        is_fitted: io::stdout().is_terminal(),
    }
}

/// Returns the width of the terminal, or the value of `COLUMNS` if there is no terminal.
fn columns() -> Option<usize> {
    let terminal = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    terminal.or_else(|| std::env::var("COLUMNS").ok()?.parse().ok())
}
