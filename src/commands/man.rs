//! `mewshook man`: prints manual pages, made from the help texts of the command line.

mod after_help;

use std::fmt::Write as _;
use std::io::Write as _;

use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, italic, roman};

use crate::cli::{Cli, ManArgs};
use crate::files::stdout;
use crate::messages::usage;
use crate::suggestion::nearest;

use super::Status;
use after_help::AfterHelp;

/// The environment variables that the program reads.
const ENVIRONMENT: [(&str, &str); 6] = [
    (
        "NO_COLOR",
        "If set and not empty, no colour is used, except with --color always.",
    ),
    (
        "CLICOLOR_FORCE",
        "If set and not empty, colour is used even if the output is not a terminal. NO_COLOR takes precedence.",
    ),
    (
        "CLICOLOR",
        "If it is 0, no colour is used, except with --color always or CLICOLOR_FORCE.",
    ),
    (
        "TERM",
        "If it is dumb or not set, no colour is used, except with --color always or CLICOLOR_FORCE.",
    ),
    (
        "COLUMNS",
        "The width of cards, rows and diagnostics, if the output is not a terminal.",
    ),
    (
        "GITHUB_STEP_SUMMARY",
        "A file to which --format github appends a summary in Markdown. GitHub Actions sets it.",
    ),
];

/// The files that the program reads without being asked to.
const FILES: [(&str, &str); 2] = [
    (
        "mewshook.toml",
        "Settings for the payloads in a folder and its subfolders, used by inspect, validate, stats and config. It is searched for from the folder of each payload up to the root of the repository. --config FILE selects another file, and --no-config ignores it. mewshook config shows which settings apply.",
    ),
    (
        ".gitignore",
        "When folders are searched, files that it excludes are skipped.",
    ),
];

pub(super) fn run(args: &ManArgs) -> anyhow::Result<Status> {
    let mut program = Cli::command().disable_help_subcommand(true);
    // Passes the program's name and the global options on to the subcommands.
    program.build();
    let command = match args.command.as_deref() {
        None => program,
        Some(name) => program.find_subcommand(name).cloned().ok_or_else(|| {
            let names = program.get_subcommands().map(Command::get_name);
            let similar = nearest(name, names);
            let suggestion =
                similar.map_or(String::new(), |name| format!("; did you mean `{name}`?"));
            usage(format!("there is no command `{name}`{suggestion}"))
        })?,
    };
    let manual = manual(command)?;
    let mut out = stdout();
    out.write_all(&manual)?;
    out.flush()?;
    Ok(Status::Success)
}

/// Returns the page of a command.
fn manual(mut command: Command) -> anyhow::Result<Vec<u8>> {
    let title = command
        .get_display_name()
        .unwrap_or("mewshook")
        .to_uppercase();
    let after_help = AfterHelp::of(&command);
    let start = start(&mut command, &after_help);
    let end = end(&command, &after_help);

    // Not by clap_mangen, which drops an empty argument, here the date, and moves those after it.
    let version = env!("CARGO_PKG_VERSION");
    let mut manual = Vec::new();
    writeln!(
        manual,
        ".TH {title} 1 \"\" \"mewshook {version}\" \"User Commands\""
    )?;
    start.to_writer(&mut manual)?;
    let is_program = command.has_subcommands();
    let man = Man::new(command);
    man.render_options_section(&mut manual)?;
    if is_program {
        man.render_subcommands_section(&mut manual)?;
    }
    end.to_writer(&mut manual)?;
    Ok(portable(&String::from_utf8(manual)?).into_bytes())
}

/// Returns the sections before the options.
fn start(command: &mut Command, after_help: &AfterHelp) -> Roff {
    let name = command.get_display_name().unwrap_or("mewshook");
    let about = command.get_about().map(ToString::to_string);
    let about = about.unwrap_or_default();
    let mut manual = Roff::default();
    // No hyphens and no stretched spaces, with which commands could not be read or copied.
    manual.control("nh", []);
    manual.control("ad", ["l"]);
    manual.control("SH", ["NAME"]);
    manual.text([roman(format!("{name} - {}", about.trim_end_matches('.')))]);
    manual.control("SH", ["SYNOPSIS"]);
    for (number, line) in command.render_usage().to_string().lines().enumerate() {
        if number > 0 {
            manual.control("br", []);
        }
        let line = line.trim_start_matches("Usage:").trim();
        let (name, arguments) = line.split_at(name_length(line));
        manual.text([bold(name), roman(arguments)]);
    }
    manual.control("SH", ["DESCRIPTION"]);
    let long_about = command.get_long_about().map(ToString::to_string);
    paragraphs(&mut manual, long_about.as_deref().unwrap_or(&about));
    for paragraph in &after_help.paragraphs {
        manual.control("PP", []);
        paragraphs(&mut manual, paragraph);
    }
    manual
}

/// Returns the length of the program's and the command's names at the start of a usage line.
fn name_length(usage: &str) -> usize {
    let end = usage.find(['[', '<', '-']).unwrap_or(usage.len());
    usage[..end].trim_end().len()
}

/// Returns the sections after the options.
fn end(command: &Command, after_help: &AfterHelp) -> Roff {
    let mut manual = Roff::default();
    if !after_help.examples.is_empty() {
        manual.control("SH", ["EXAMPLES"]);
    }
    for (number, (code, description)) in after_help.examples.iter().enumerate() {
        if number > 0 {
            manual.control("PP", []);
        }
        if let Some(description) = description {
            let colon = if description.ends_with('?') { "" } else { ":" };
            manual.text([roman(format!("{description}{colon}"))]);
        }
        preformatted(&mut manual, &[code]);
    }
    manual.control("SH", ["EXIT STATUS"]);
    for (status, meaning) in &after_help.statuses {
        tagged(&mut manual, status, meaning);
    }
    manual.control("SH", ["ENVIRONMENT"]);
    for (variable, effect) in ENVIRONMENT {
        tagged(&mut manual, variable, effect);
    }
    manual.control("SH", ["FILES"]);
    for (file, effect) in FILES {
        tagged(&mut manual, file, effect);
    }
    see_also(&mut manual, command);
    manual
}

/// Adds the section with the names of other pages.
fn see_also(manual: &mut Roff, command: &Command) {
    manual.control("SH", ["SEE ALSO"]);
    let names: Vec<String> = if command.has_subcommands() {
        let commands = command.get_subcommands();
        commands
            .map(|command| format!("mewshook-{}(1)", command.get_name()))
            .collect()
    } else {
        vec!["mewshook(1)".into()]
    };
    manual.text([
        roman(format!("{}. Print them with", names.join(", "))),
        roman(" "),
        bold("mewshook man"),
        roman(" and "),
        bold("mewshook man"),
        roman(" "),
        italic("COMMAND"),
        roman("."),
    ]);
}

/// Adds a paragraph with a term and its description.
fn tagged(manual: &mut Roff, term: &str, description: &str) {
    manual.control("TP", []);
    manual.text([bold(term)]);
    manual.text([roman(description)]);
}

/// Adds paragraphs. Indented lines are not joined.
fn paragraphs(manual: &mut Roff, text: &str) {
    let mut code: Vec<&str> = Vec::new();
    for line in text.lines() {
        if line.starts_with("  ") {
            code.push(line.trim_start());
            continue;
        }
        preformatted(manual, &code);
        code.clear();
        match line {
            "" => manual.control("PP", []),
            line => manual.text([roman(line)]),
        };
    }
    preformatted(manual, &code);
}

/// Adds lines that are not joined.
fn preformatted(manual: &mut Roff, lines: &[&str]) {
    if lines.is_empty() {
        return;
    }
    manual.control("RS", ["4"]);
    manual.control("nf", []);
    for line in lines {
        manual.text([roman(*line)]);
    }
    manual.control("fi", []);
    manual.control("RE", []);
}

/// Makes a page that every formatter can read: in ASCII, since other bytes need an option, and
/// without line breaks around empty lines, which formatters warn about.
fn portable(manual: &str) -> String {
    let manual = manual.replace("\n.br\n\n.br\n", "\n.sp\n");
    manual.chars().fold(String::new(), |mut manual, letter| {
        if letter.is_ascii() {
            manual.push(letter);
        } else {
            let _ = write!(manual, "\\[u{:04X}]", u32::from(letter));
        }
        manual
    })
}
