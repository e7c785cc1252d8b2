//! The entry point of the program `mewshook`.

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
    // Decided once, before clap parses the command line, so that it applies to clap's messages too.
    commands::colour(&arguments).write_global();
    let colour = AutoStream::choice(&io::stdout()) != ColorChoice::Never;
    colored::control::set_override(colour);
    match commands::parse(&arguments) {
        Ok(cli) => commands::run(cli, colour).into(),
        Err(status) => status.into(),
    }
}
