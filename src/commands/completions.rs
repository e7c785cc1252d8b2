//! `mewshook completions`: prints completions for a shell.

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

pub(super) fn run(args: &CompletionsArgs) -> anyhow::Result<Status> {
    let mut text = Vec::new();
    let mut command = command();
    clap_complete::generate(args.shell, &mut command, "mewshook", &mut text);
    if args.shell == Shell::Fish {
        add_positional_values(&command, &mut text)?;
    }
    let mut out = stdout();
    out.write_all(&text)?;
    out.flush()?;
    Ok(Status::Success)
}

/// Adds the values of positional arguments to the completions for fish. Clap adds them for bash and
/// zsh only.
fn add_positional_values(command: &Command, text: &mut Vec<u8>) -> io::Result<()> {
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

/// Returns the command line with possible values for its arguments. The parser itself does not list
/// them where it accepts other values too, or has a better error message than clap.
fn command() -> Command {
    let mut command = Cli::command();
    let names: Vec<String> = command
        .get_subcommands()
        .map(|subcommand| subcommand.get_name().to_owned())
        .collect();
    // Before this, the commands have no arguments: clap adds them when a command is needed.
    command.build();
    command.mut_subcommands(|subcommand| {
        let name = subcommand.get_name().to_owned();
        subcommand.mut_args(
            |arg| match possible_values(&name, arg.get_id().as_str(), &names) {
                Some(values) => arg.value_parser(PossibleValuesParser::new(values)),
                None => arg,
            },
        )
    })
}

/// Returns the possible values of an argument, if they are listed.
fn possible_values(command: &str, argument: &str, commands: &[String]) -> Option<Vec<String>> {
    let codes = || rules().map(|rule| rule.code.to_owned());
    Some(match (command, argument) {
        ("sample", "names") => sample_names(),
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

/// Returns the names of kinds and events. An event whose name alone would stand for another one is
/// named with its kind.
fn sample_names() -> Vec<String> {
    let kinds = Kind::ALL.map(|kind| kind.name().to_owned()).into_iter();
    let events = sample::events().map(|event| {
        let is_unambiguous = sample::find(event.name) == Ok(sample::Selection::Event(event));
        if is_unambiguous {
            event.name.to_owned()
        } else {
            format!("{}/{}", event.kind, event.name)
        }
    });
    kinds.chain(events).collect()
}
