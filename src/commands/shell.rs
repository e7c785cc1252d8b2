//! `mewshook completions`: what a shell offers for each argument.

use std::io::{self, Write};

use clap::builder::PossibleValuesParser;
use clap::{Arg, Command, CommandFactory};
use clap_complete::Shell;
use mewshook::checks::rules;
use mewshook::contract::Kind;
use mewshook::sample;

use crate::cli::{Cli, CompletionsArgs};
use crate::files::stdout;

use super::Status;

pub(super) fn completions(args: &CompletionsArgs) -> anyhow::Result<Status> {
    let mut text = Vec::new();
    let mut command = command();
    clap_complete::generate(args.shell, &mut command, "mewshook", &mut text);
    if args.shell == Shell::Fish {
        positional_values(&command, &mut text)?;
    }
    print(&text)
}

/// Has fish offer the values of arguments that are not options: clap does it for bash and zsh
/// alone.
fn positional_values(command: &Command, text: &mut Vec<u8>) -> io::Result<()> {
    for command in command.get_subcommands() {
        let values = command.get_positionals().flat_map(Arg::get_possible_values);
        let values: Vec<String> = values.map(|value| value.get_name().to_owned()).collect();
        if !values.is_empty() {
            writeln!(
                text,
                "complete -c mewshook -n \"__fish_mewshook_using_subcommand {}\" -f -a \"{}\"",
                command.get_name(),
                values.join(" ")
            )?;
        }
    }
    Ok(())
}

/// The command line, with the values that its arguments can have. Where the command line itself
/// takes more than these, or has a better message than clap for a wrong one, its own parser does
/// not list them.
fn command() -> Command {
    let mut command = Cli::command();
    let commands: Vec<String> = command
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .collect();
    let names: Vec<String> = commands
        .iter()
        .filter(|name| *name != "help")
        .cloned()
        .collect();
    for name in commands {
        command = command.mut_subcommand(&name, |command| {
            let ids: Vec<_> = command
                .get_arguments()
                .map(|arg| arg.get_id().clone())
                .collect();
            ids.into_iter().fold(command, |command, id| {
                match values(&name, id.as_str(), &names) {
                    Some(values) => command.mut_arg(id, |arg| {
                        arg.value_parser(PossibleValuesParser::new(values))
                    }),
                    None => command,
                }
            })
        });
    }
    command
}

/// What an argument of a command can be.
fn values(command: &str, argument: &str, commands: &[String]) -> Option<Vec<String>> {
    let codes = || rules().map(|rule| rule.code.to_owned());
    Some(match (command, argument) {
        ("sample", "names") => names(),
        ("sample", "invalid") => {
            let codes = sample::error_codes().map(str::to_owned);
            codes.chain(["all".into()]).collect()
        }
        ("explain", "code") | (_, "allow" | "deny" | "expect") => codes().collect(),
        (_, "kind") => Kind::ALL.map(|kind| kind.name().to_owned()).into(),
        ("man", "command") => commands.to_vec(),
        _ => return None,
    })
}

/// Kinds and events; with their kind those whose name alone means another one.
fn names() -> Vec<String> {
    let kinds = Kind::ALL.map(|kind| kind.name().to_owned()).into_iter();
    let events = sample::events().map(|event| {
        let is_meant = sample::find(event.name) == Ok(sample::Request::Event(event));
        if is_meant {
            event.name.to_owned()
        } else {
            format!("{}/{}", event.kind, event.name)
        }
    });
    kinds.chain(events).collect()
}

/// Written in one go, so that a reader who goes away is noticed as everywhere.
pub(super) fn print(text: &[u8]) -> anyhow::Result<Status> {
    let mut out = stdout();
    out.write_all(text)?;
    out.flush()?;
    Ok(Status::Good)
}
