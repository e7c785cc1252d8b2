//! What the program prints on standard error, and errors of usage.
//!
//! Messages name files and quote arguments, which may hold secrets and control characters: all of
//! them are masked and escaped here.

use std::fmt::{Display, Write as _};
use std::io::{self, Write as _};

use mewshook::input::describe;
use mewshook::report::escape_controls;

/// Invalid arguments, or an invalid configuration.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct UsageError(pub Vec<String>);

/// Creates a usage error with one message.
pub fn usage(message: impl Into<String>) -> anyhow::Error {
    UsageError(vec![message.into()]).into()
}

/// Returns an error and its causes in one line; system errors without their numbers.
pub fn chain(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for (number, cause) in error.chain().enumerate() {
        let separator = if number == 0 { "" } else { ": " };
        let _ = match cause.downcast_ref() {
            Some(error) => write!(text, "{separator}{}", describe(error)),
            None => write!(text, "{separator}{cause}"),
        };
    }
    text
}

/// Prints an error. If that fails too, there is no way left to report it.
pub fn error(message: impl Display) {
    let _ = writeln!(io::stderr(), "error: {}", line(message));
}

/// Prints a warning.
pub fn warning(message: impl Display) {
    let _ = writeln!(io::stderr(), "warning: {}", line(message));
}

/// Prints a note.
pub fn note(message: impl Display) {
    let _ = writeln!(io::stderr(), "note: {}", line(message));
}

/// Returns a path with the secrets in the names of folders and files masked.
pub fn path_name(path: impl Display) -> String {
    mewshook::mask_path(&path.to_string()).into_owned()
}

/// Returns text from a file's name or the command line, masked and escaped.
pub fn escaped(text: impl Display) -> String {
    let text = text.to_string();
    escape_controls(&mewshook::mask(&text)).into_owned()
}

/// Returns a message, masked and escaped. The middle of one that is longer than any path is left out.
fn line(message: impl Display) -> String {
    const LONGEST: usize = 6000;
    const END: usize = 1000;
    let text = escaped(message);
    let length = text.chars().count();
    if length <= LONGEST {
        return text;
    }
    let start: String = text.chars().take(LONGEST - END).collect();
    let end: String = text.chars().skip(length - END).collect();
    format!("{start}…{end}")
}
