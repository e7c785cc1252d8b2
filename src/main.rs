//! The command-line tool: streams in, exit status out.

mod cli;
mod commands;
mod files;
mod messages;
mod suggestion; // as in the library, where it is private

use std::io;
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    // Decided once, and before clap reads the command line, so that its messages follow it.
    commands::colour(&arguments).write_global();
    let colour = AutoStream::choice(&io::stdout()) != ColorChoice::Never;
    colored::control::set_override(colour);
    match commands::parse(&arguments) {
        Ok(cli) => commands::run(cli, colour).into(),
        Err(status) => status.into(),
    }
}
