//! Prints messages on standard error.
//!
//! Messages name files and quote arguments, which may contain secrets and control characters. So every
//! message is masked and escaped here.

use std::fmt::{Display, Write as _};
use std::io::{self, Write as _};

use mewshook::input::describe;
use mewshook::report::escape_controls;

/// An error in the arguments or the configuration, with one message for each problem.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct UsageError(pub Vec<String>);

/// Creates a usage error with one message.
pub fn usage(message: impl Into<String>) -> anyhow::Error {
    UsageError(vec![message.into()]).into()
}

/// Returns an error and its causes in one line. System errors have no number.
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

/// Returns text from a file's name or from the command line, masked and escaped.
pub fn escaped(text: impl Display) -> String {
    let text = text.to_string();
    escape_controls(&mewshook::mask(&text)).into_owned()
}

/// Returns a message, masked and escaped. If it is longer than any path, its middle is left out.
fn line(message: impl Display) -> String {
    const MAX_LENGTH: usize = 6000;
    const END_LENGTH: usize = 1000;
    let text = escaped(message);
    let length = text.chars().count();
    if length <= MAX_LENGTH {
        return text;
    }
    let start: String = text.chars().take(MAX_LENGTH - END_LENGTH).collect();
    let end: String = text.chars().skip(length - END_LENGTH).collect();
    format!("{start}…{end}")
}
