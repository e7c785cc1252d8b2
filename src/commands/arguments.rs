//! Parses the command line, and reports what is wrong with it.
//!
//! Clap quotes arguments in its messages without escaping them: a line break in a file's name could
//! start a workflow command, and an escape sequence would reach the terminal. So an invalid command
//! line is parsed again with masked and escaped arguments, and the messages are about those.
//!
//! The default command `inspect` is implemented here. In clap, its arguments would be flattened
//! into those of the program. Then `--color never validate a.json` would be parsed as two files,
//! the error for `generate --count 3` would be "unexpected argument `--count`", and `mewshook
//! --help` would list all options of `inspect`.

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use anstream::ColorChoice;
use clap::{Command, CommandFactory, FromArgMatches};
use mewshook::input::describe;
use mewshook::report::{display_text, escape_controls};

use crate::cli::Cli;
use crate::files;
use crate::messages;

use super::{Status, print_help};

/// Returns the value of `--color`, even if clap will reject the command line.
pub fn colour(arguments: &[OsString]) -> ColorChoice {
    let mut choice = ColorChoice::Auto;
    let words = arguments.iter().skip(1).take_while(|word| *word != "--");
    let mut words = words.map(|word| word.to_str().unwrap_or_default());
    while let Some(word) = words.next() {
        let value = match word.strip_prefix("--color") {
            Some("") => words.next(),
            Some(value) => value.strip_prefix('='),
            None => continue,
        };
        choice = match value {
            Some("always") => ColorChoice::Always,
            Some("never") => ColorChoice::Never,
            _ => ColorChoice::Auto,
        };
    }
    choice
}

/// The reason why no command is run.
enum Refusal {
    /// The help or the version is requested, or clap rejects the command line.
    Clap(clap::Error),
    /// There is neither a command nor a file at the expected place.
    Misplaced(String),
    /// There are no arguments, and standard input is a terminal.
    Empty,
}

/// Parses the command line. Without a command, the command is `inspect`.
///
/// # Errors
/// The exit status, after the help or an error message was printed.
pub fn parse(arguments: &[OsString]) -> Result<Cli, Status> {
    // Clap prints the name by which the program was called, which can be any text.
    let mut arguments = arguments.to_vec();
    match arguments.first_mut() {
        Some(program) => *program = "mewshook".into(),
        None => arguments.push("mewshook".into()),
    }
    let refusal = match read(&arguments) {
        Ok(cli) => return Ok(cli),
        Err(refusal) => refusal,
    };
    if let Refusal::Clap(error) = &refusal
        && !error.use_stderr()
    {
        return Err(print(error));
    }
    let visible: Vec<_> = arguments.iter().map(visible_argument).collect();
    if visible == arguments {
        return Err(refuse(&refusal));
    }
    let is_refusal = |refusal: &Refusal| match refusal {
        Refusal::Clap(error) => error.use_stderr(),
        Refusal::Misplaced(_) | Refusal::Empty => true,
    };
    let again = read(&visible).err().filter(is_refusal);
    Err(refuse(again.as_ref().unwrap_or(&refusal)))
}

/// Returns an argument, masked and escaped.
fn visible_argument(argument: &OsString) -> OsString {
    display_text(&mewshook::mask(&argument.to_string_lossy())).into()
}

fn read(arguments: &[OsString]) -> Result<Cli, Refusal> {
    let Some((first, rest)) = arguments.split_first() else {
        return Err(Refusal::Empty);
    };
    if rest.is_empty() && io::stdin().is_terminal() {
        return Err(Refusal::Empty);
    }
    let mut program = Cli::command();
    let words = after_colour(rest);
    let is_command = words.first().is_some_and(|word| is_command(&program, word));
    let unknown = if is_command {
        unknown_topic(&program, words)
    } else {
        misplaced_command(&program, words)
    };
    if let Some(message) = unknown {
        return Err(Refusal::Misplaced(message));
    }
    let inspect = OsString::from("inspect");
    let default = (!is_command).then_some(&inspect);
    let arguments = [first].into_iter().chain(default).chain(rest);
    let matches = program.try_get_matches_from_mut(arguments);
    let mut matches = matches.map_err(Refusal::Clap)?;
    let cli = Cli::from_arg_matches_mut(&mut matches);
    cli.map_err(|error| Refusal::Clap(error.format(&mut program)))
}

/// Returns `true` if the first word is a command, or requests the program's own help or version.
fn is_command(program: &Command, word: &OsString) -> bool {
    const OWN: [&str; 5] = ["help", "--help", "-h", "--version", "-V"];
    OWN.iter().any(|own| word == own) || program.find_subcommand(word).is_some()
}

/// Prints why no command is run.
fn refuse(refusal: &Refusal) -> Status {
    match refusal {
        Refusal::Clap(error) => return print(error),
        Refusal::Misplaced(message) => messages::error(message),
        Refusal::Empty => print_help(),
    }
    Status::Usage
}

/// Prints a message of clap, in colour unless a part of it must be masked or escaped.
fn print(error: &clap::Error) -> Status {
    if !error.use_stderr() && files::is_stdout_closed() {
        messages::error(files::STDOUT_CLOSED);
        return Status::Failed;
    }
    let text = error.render().to_string();
    let masked = mewshook::mask(&text);
    let lines: Vec<_> = masked.split('\n').map(escape_controls).collect();
    let safe = lines.join("\n");
    let printed = if safe == text || !error.use_stderr() {
        error.print().and_then(|()| io::stdout().flush())
    } else {
        write!(io::stderr(), "{safe}")
    };
    if let Err(error) = printed
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        messages::error(describe(&error));
        return Status::Failed;
    }
    match error.exit_code() {
        0 => Status::Success,
        _ => Status::Usage,
    }
}

/// The names that other programs have for the commands.
const SYNONYMS: &[(&str, &[&str])] = &[
    ("validate", &["check", "lint", "verify", "test"]),
    (
        "sample",
        &["generate", "gen", "make", "create", "new", "example"],
    ),
    ("explain", &["doc", "docs", "describe", "why", "codes"]),
    ("inspect", &["show", "view", "cat", "print"]),
    (
        "redact",
        &["anonymize", "anonymise", "mask", "sanitize", "scrub"],
    ),
    ("extract", &["unwrap", "unpack", "payloads", "grep"]),
    ("timeline", &["history", "story", "stories"]),
    ("plan", &["fetch", "requests"]),
    ("config", &["settings", "configuration", "init"]),
    ("send", &["deliver", "post", "replay", "push"]),
    ("stats", &["statistics", "count", "summary", "summarize"]),
];

/// Returns the command that an unknown word probably means.
fn meant<'n>(word: &str, names: &[&'n str]) -> Option<&'n str> {
    // Without the feature `deliver`, some commands don't exist.
    let mut synonyms = SYNONYMS.iter();
    let synonym =
        synonyms.find(|(command, words)| words.contains(&word) && names.contains(command));
    let synonym = synonym.map(|(command, _)| *command);
    synonym.or_else(|| crate::suggestion::nearest(word, names.iter().copied()))
}

/// Returns the arguments after `--color`, which is the only option allowed before the command.
fn after_colour(arguments: &[OsString]) -> &[OsString] {
    match arguments {
        [option, _, rest @ ..] if option == "--color" => after_colour(rest),
        [option, rest @ ..] if option.as_encoded_bytes().starts_with(b"--color=") => {
            after_colour(rest)
        }
        _ => arguments,
    }
}

/// Returns the names of the commands.
fn names(program: &Command) -> Vec<&str> {
    program.get_subcommands().map(Command::get_name).collect()
}

/// Returns a message if the help of a command is requested that does not exist.
fn unknown_topic(program: &Command, words: &[OsString]) -> Option<String> {
    let [help, topic, ..] = words else {
        return None;
    };
    let topic = topic.to_str().filter(|word| !word.starts_with('-'))?;
    let names = names(program);
    if help != "help" || topic == "help" || names.contains(&topic) {
        return None;
    }
    Some(match meant(topic, &names) {
        Some(meant) => format!("there is no command `{topic}`; did you mean `{meant}`?"),
        None => format!("there is no command `{topic}`; `mewshook help` lists them"),
    })
}

/// Returns a message if the first argument is neither a command nor a file, but a misspelt command
/// or a synonym of one, or if a command comes after options.
fn misplaced_command(program: &Command, words: &[OsString]) -> Option<String> {
    let names = names(program);
    let is_unknown = |word: &&str| !word.starts_with('-') && !Path::new(word).exists();
    let first = words.first()?.to_str().filter(is_unknown);
    if let Some((first, meant)) = first.and_then(|word| Some((word, meant(word, &names)?))) {
        return Some(format!(
            "there is no command or file `{first}`; did you mean `{meant}`?"
        ));
    }
    let mut words = words.iter().filter_map(|word| word.to_str());
    let late = words.find(|word| is_unknown(word) && names.contains(word))?;
    Some(format!(
        "options go after the command: write `mewshook {late} …`"
    ))
}
