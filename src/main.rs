//! The command-line tool: streams in, exit status out.

mod cli;
mod commands;
mod files;
mod messages;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    match commands::parse(&arguments) {
        Ok(cli) => commands::run(cli).into(),
        Err(status) => status.into(),
    }
}
