//! `mewshook completions` and `mewshook man`: what a shell wants to know about the program.

use std::io::Write;

use clap::CommandFactory;
use clap_mangen::Man;

use crate::cli::{Cli, CompletionsArgs, ManArgs};

use super::{Status, stdout, usage};

pub(super) fn completions(args: &CompletionsArgs) -> anyhow::Result<Status> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "mewshook", &mut text);
    print(&text)
}

pub(super) fn man(args: &ManArgs) -> anyhow::Result<Status> {
    let mut program = Cli::command();
    // Now each command knows the program's name and what is common to all.
    program.build();
    let command = match args.command.as_deref() {
        None => program,
        Some(name) => {
            let command = program.find_subcommand(name).cloned();
            let command = command.filter(|command| command.get_name() != "help");
            command.ok_or_else(|| {
                let names = program.get_subcommands().map(clap::Command::get_name);
                let meant = mewshook::nearest(name, names);
                let meant =
                    meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
                usage(format!("there is no command `{name}`{meant}"))
            })?
        }
    };
    let mut text = Vec::new();
    let source = concat!("mewshook ", env!("CARGO_PKG_VERSION"));
    Man::new(command).source(source).render(&mut text)?;
    print(&text)
}

/// Written in one go, so that a reader who goes away is told of as everywhere.
fn print(text: &[u8]) -> anyhow::Result<Status> {
    let mut out = stdout();
    out.write_all(text)?;
    out.flush()?;
    Ok(Status::Good)
}
