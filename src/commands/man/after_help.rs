//! Parses the text after the options of a help text: a block of examples, a list of exit statuses, and
//! other paragraphs. They stand in one text in `cli`, and in sections of their own on a manual page.

use clap::Command;

/// The exit statuses of commands whose help does not list them.
const DEFAULT_STATUSES: [(&str, &str); 3] = [
    ("0", "Success."),
    ("2", "Wrong usage."),
    ("3", "Something could not be read or written."),
];

/// The parts of the text after the options.
#[derive(Debug, Default)]
pub(super) struct AfterHelp {
    /// Command lines, with their descriptions.
    pub(super) examples: Vec<(String, Option<String>)>,
    /// Exit statuses, with their meanings.
    pub(super) statuses: Vec<(String, String)>,
    /// All other paragraphs.
    pub(super) paragraphs: Vec<String>,
}

impl AfterHelp {
    /// Parses the text of a command.
    pub(super) fn of(command: &Command) -> Self {
        let text = command.get_after_help().map(ToString::to_string);
        let mut after_help = Self::default();
        for block in text.unwrap_or_default().split("\n\n") {
            let block = block.trim_end();
            if let Some(lines) = block.strip_prefix("Examples:\n") {
                after_help.examples.extend(lines.lines().map(example));
            } else if let Some(list) = block.strip_prefix("Exit status:") {
                after_help.statuses = statuses(list);
            } else if !block.is_empty() {
                after_help.paragraphs.push(block.to_owned());
            }
        }
        if after_help.statuses.is_empty() {
            let statuses =
                DEFAULT_STATUSES.map(|(status, meaning)| (status.into(), meaning.into()));
            after_help.statuses = statuses.into();
        }
        after_help
    }
}

/// Parses a command line and, after several spaces, its description.
fn example(line: &str) -> (String, Option<String>) {
    let line = line.trim();
    match line.split_once("   ") {
        Some((code, description)) => (code.trim().into(), Some(capitalized(description.trim()))),
        None => (line.into(), None),
    }
}

/// Parses `0 success, 1 …`. A comma separates statuses only if a number follows.
fn statuses(list: &str) -> Vec<(String, String)> {
    let mut statuses: Vec<(String, String)> = Vec::new();
    for part in list.trim().split(", ") {
        let number = part
            .split_once(' ')
            .filter(|(number, _)| number.parse::<u8>().is_ok());
        match (number, statuses.last_mut()) {
            (Some((number, meaning)), _) => statuses.push((number.into(), meaning.into())),
            (None, Some((_, meaning))) => {
                meaning.push_str(", ");
                meaning.push_str(part);
            }
            (None, None) => {}
        }
    }
    for (_, meaning) in &mut statuses {
        *meaning = capitalized(meaning) + ".";
    }
    statuses
}

/// Returns a text with an uppercase first letter.
fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    first.chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;

    // A block of examples that is not recognized would be joined into one paragraph.
    #[test]
    fn every_help_text_has_examples() {
        for command in Cli::command().get_subcommands() {
            let after_help = AfterHelp::of(command);
            assert!(!after_help.examples.is_empty(), "{}", command.get_name());
            assert!(
                after_help.statuses.iter().any(|(status, _)| status == "2"),
                "{}",
                command.get_name()
            );
        }
    }

    #[test]
    fn statuses_start_with_numbers() {
        let found = statuses(" 0 success, 3 something, or nothing");
        assert_eq!(
            found,
            [
                ("0".into(), "Success.".into()),
                ("3".into(), "Something, or nothing.".into())
            ]
        );
    }
}
