//! `mewshook man`: manual pages, made of the command line's own help.
//!
//! What stands behind the options of a help text is written once, in `cli`, and read here by its
//! form: a block under `Examples:`, a line that starts with `Exit status:`, and other paragraphs.

use std::fmt::Write as _;
use std::io::Write as _;

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, italic, roman};

use crate::cli::{Cli, ManArgs};
use crate::files::stdout;
use crate::messages::usage;

use super::Status;

pub(super) fn run(args: &ManArgs) -> anyhow::Result<Status> {
    let mut program = Cli::command().disable_help_subcommand(true);
    // Now each command knows the program's name and what is common to all.
    program.build();
    let command = match args.command.as_deref() {
        None => program,
        Some(name) => program.find_subcommand(name).cloned().ok_or_else(|| {
            let names = program.get_subcommands().map(Command::get_name);
            let meant = crate::suggestion::nearest(name, names);
            let meant = meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"));
            usage(format!("there is no command `{name}`{meant}"))
        })?,
    };
    let page = page(command)?;
    let mut out = stdout();
    out.write_all(&page)?;
    out.flush()?;
    Ok(Status::Good)
}

/// The page of a command.
fn page(mut command: Command) -> anyhow::Result<Vec<u8>> {
    let title = command.get_display_name().unwrap_or("mewshook").to_owned();
    let about = command.get_about().map(ToString::to_string);
    let long = command.get_long_about().map(ToString::to_string);
    let usage = command.render_usage().to_string();
    let extra = command.get_after_help().map(ToString::to_string);
    let extra = Extra::read(extra.as_deref().unwrap_or_default());

    let mut head = Roff::default();
    // A command that is broken in two, or has gaps, can't be read or copied.
    head.control("nh", []);
    head.control("ad", ["l"]);
    head.control("SH", ["NAME"]);
    head.text([roman(format!(
        "{title} - {}",
        about.as_deref().unwrap_or_default().trim_end_matches('.')
    ))]);
    head.control("SH", ["SYNOPSIS"]);
    for (number, line) in usage.lines().enumerate() {
        if number > 0 {
            head.control("br", []);
        }
        let line = line.trim_start_matches("Usage:").trim();
        let (name, rest) = line.split_at(synopsis_name(line));
        head.text([bold(name), roman(rest)]);
    }
    head.control("SH", ["DESCRIPTION"]);
    paragraphs(&mut head, long.or(about).as_deref().unwrap_or_default());
    for note in &extra.notes {
        head.control("PP", []);
        paragraphs(&mut head, note);
    }

    let mut tail = Roff::default();
    if !extra.examples.is_empty() {
        tail.control("SH", ["EXAMPLES"]);
    }
    for (number, (code, what)) in extra.examples.iter().enumerate() {
        if number > 0 {
            tail.control("PP", []);
        }
        if let Some(what) = what {
            let colon = if what.ends_with('?') { "" } else { ":" };
            tail.text([roman(format!("{what}{colon}"))]);
        }
        preformatted(&mut tail, &[code]);
    }
    tail.control("SH", ["EXIT STATUS"]);
    for (status, what) in &extra.statuses {
        tagged(&mut tail, status, what);
    }
    tail.control("SH", ["ENVIRONMENT"]);
    for (name, what) in ENVIRONMENT {
        tagged(&mut tail, name, what);
    }
    tail.control("SH", ["FILES"]);
    for (name, what) in FILES {
        tagged(&mut tail, name, what);
    }
    see_also(&mut tail, &command);

    // By hand: the library drops an empty argument, here the date, and moves those behind it.
    let title = title.to_uppercase();
    let version = env!("CARGO_PKG_VERSION");
    let mut page = Vec::new();
    writeln!(
        page,
        ".TH {title} 1 \"\" \"mewshook {version}\" \"User Commands\""
    )?;
    head.to_writer(&mut page)?;
    let is_program = command.has_subcommands();
    let man = Man::new(command);
    man.render_options_section(&mut page)?;
    if is_program {
        man.render_subcommands_section(&mut page)?;
    }
    tail.to_writer(&mut page)?;
    Ok(portable(&String::from_utf8(page)?).into_bytes())
}

/// A page for every formatter: without bytes that need an option to be read, and without line
/// breaks around an empty line, of which formatters warn.
fn portable(page: &str) -> String {
    let page = page.replace("\n.br\n\n.br\n", "\n.sp\n");
    page.chars().fold(String::new(), |mut page, letter| {
        if letter.is_ascii() {
            page.push(letter);
        } else {
            let _ = write!(page, "\\[u{:04X}]", u32::from(letter));
        }
        page
    })
}

/// How long the program's and the command's names are at the start of a usage.
fn synopsis_name(usage: &str) -> usize {
    let end = usage.find(['[', '<', '-']).unwrap_or(usage.len());
    usage[..end].trim_end().len()
}

/// The other pages.
fn see_also(roff: &mut Roff, command: &Command) {
    roff.control("SH", ["SEE ALSO"]);
    let names: Vec<String> = if command.has_subcommands() {
        let commands = command.get_subcommands();
        commands
            .map(|command| format!("mewshook-{}(1)", command.get_name()))
            .collect()
    } else {
        vec!["mewshook(1)".into()]
    };
    roff.text([
        roman(format!("{}. Printed by", names.join(", "))),
        roman(" "),
        bold("mewshook man"),
        roman(" and "),
        bold("mewshook man"),
        roman(" "),
        italic("COMMAND"),
        roman("."),
    ]);
}

/// What the environment changes, for all commands.
const ENVIRONMENT: [(&str, &str); 6] = [
    (
        "NO_COLOR",
        "If set and not empty, no colour is used, unless --color always asks for it.",
    ),
    (
        "CLICOLOR_FORCE",
        "If set and not empty, colour is used even where the output is not a terminal; NO_COLOR goes before it.",
    ),
    ("CLICOLOR", "If it is 0, no colour is used by itself."),
    (
        "TERM",
        "If it is dumb or not set, no colour is used by itself.",
    ),
    (
        "COLUMNS",
        "The width of what is printed for people, where the output is not a terminal that has a width of its own.",
    ),
    (
        "GITHUB_STEP_SUMMARY",
        "A file to which --format github appends a summary in Markdown. GitHub Actions sets it.",
    ),
];

/// The files that are read by themselves.
const FILES: [(&str, &str); 2] = [
    (
        "mewshook.toml",
        "What applies to the payloads of a folder and the folders in it. It is looked for from each payload's folder up to the root of the repository; mewshook config shows which one applies. It is read by inspect, validate and config; --config FILE names another one, --no-config ignores it.",
    ),
    (
        ".gitignore",
        "In folders, files that it excludes are skipped.",
    ),
];

/// What the exit statuses mean, where the help of a command says nothing else.
const STATUSES: [(&str, &str); 3] = [
    ("0", "All well."),
    ("2", "Wrong usage."),
    ("3", "Something could not be read or written."),
];

fn tagged(roff: &mut Roff, tag: &str, what: &str) {
    roff.control("TP", []);
    roff.text([bold(tag)]);
    roff.text([roman(what)]);
}

/// Paragraphs, in which lines that are indented stay as they are.
fn paragraphs(roff: &mut Roff, text: &str) {
    let mut code: Vec<&str> = Vec::new();
    for line in text.lines() {
        if line.starts_with("  ") {
            code.push(line.trim_start());
            continue;
        }
        preformatted(roff, &code);
        code.clear();
        match line {
            "" => roff.control("PP", []),
            line => roff.text([roman(line)]),
        };
    }
    preformatted(roff, &code);
}

/// Lines that are never filled.
fn preformatted(roff: &mut Roff, lines: &[&str]) {
    if lines.is_empty() {
        return;
    }
    roff.control("RS", ["4"]);
    roff.control("nf", []);
    for line in lines {
        roff.text([roman(*line)]);
    }
    roff.control("fi", []);
    roff.control("RE", []);
}

/// What stands behind the options in a help text.
#[derive(Debug, Default)]
struct Extra {
    /// Command lines, with what each is for.
    examples: Vec<(String, Option<String>)>,
    /// Exit statuses, with what each means.
    statuses: Vec<(String, String)>,
    /// The other paragraphs.
    notes: Vec<String>,
}

impl Extra {
    fn read(text: &str) -> Self {
        let mut extra = Self::default();
        for block in text.split("\n\n") {
            let block = block.trim_end();
            if let Some(lines) = block.strip_prefix("Examples:\n") {
                extra.examples.extend(lines.lines().map(example));
            } else if let Some(list) = block.strip_prefix("Exit status:") {
                extra.statuses = statuses(list);
            } else if !block.is_empty() {
                extra.notes.push(block.to_owned());
            }
        }
        if extra.statuses.is_empty() {
            let known = STATUSES.iter();
            extra.statuses = known
                .map(|(status, what)| ((*status).into(), (*what).into()))
                .collect();
        }
        extra
    }
}

/// A command line, and behind several spaces what it is for.
fn example(line: &str) -> (String, Option<String>) {
    let line = line.trim();
    match line.split_once("   ") {
        Some((code, what)) => {
            let mut letters = what.trim().chars();
            let first = letters.next().map(char::to_uppercase).into_iter().flatten();
            (code.trim().into(), Some(first.chain(letters).collect()))
        }
        None => (line.into(), None),
    }
}

/// Reads `0 all well, 1 …`: a status starts wherever a number stands behind a comma.
fn statuses(list: &str) -> Vec<(String, String)> {
    let mut statuses: Vec<(String, String)> = Vec::new();
    for part in list.trim().split(", ") {
        let number = part
            .split_once(' ')
            .filter(|(number, _)| number.parse::<u8>().is_ok());
        match (number, statuses.last_mut()) {
            (Some((number, what)), _) => statuses.push((number.into(), what.into())),
            (None, Some((_, what))) => {
                what.push_str(", ");
                what.push_str(part);
            }
            (None, None) => {}
        }
    }
    for (_, what) in &mut statuses {
        let mut letters = what.chars();
        let first = letters.next().map(char::to_uppercase).into_iter().flatten();
        *what = first.chain(letters).chain(['.']).collect();
    }
    statuses
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A paragraph whose form is not understood would be lost or filled.
    #[test]
    fn every_help_text_has_examples() {
        for command in Cli::command().get_subcommands() {
            let text = command.get_after_help().map(ToString::to_string);
            let extra = Extra::read(text.as_deref().unwrap_or_default());
            assert!(!extra.examples.is_empty(), "{}", command.get_name());
            assert!(
                extra.statuses.iter().any(|(status, _)| status == "2"),
                "{}",
                command.get_name()
            );
        }
    }

    #[test]
    fn statuses_are_cut_at_numbers() {
        let found = statuses(" 0 all well, 3 something, or nothing");
        assert_eq!(
            found,
            [
                ("0".into(), "All well.".into()),
                ("3".into(), "Something, or nothing.".into())
            ]
        );
    }
}
