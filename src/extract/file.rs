//! Payloads as files: a name and the exact bytes of each.
//!
//! Workers don't know how many payloads come before theirs, so the number in a file's name is added
//! where chunks are written. Until then a chunk holds the rest of the name and the length before each
//! payload.

use std::io::{self, BufRead, Read, Write};

use crate::report::{Chunk, Formatter, Record};

use super::stray_text;

/// The number of digits in the names of the first 999,999 files.
const DIGITS: usize = 6;

/// The maximum length of the part of a name that comes from the payload.
const MAX_LENGTH: usize = 80;

/// Appends the name, the length and the text of each payload, for [`read_files`].
#[derive(Debug)]
pub struct FileFormatter;

/// A payload that is written to a file.
#[derive(Debug)]
#[non_exhaustive]
pub struct ExtractedFile {
    /// The event or the kind, or the code of the error by which there is neither.
    pub label: String,
    /// The exact bytes of the payload.
    pub text: Vec<u8>,
}

impl ExtractedFile {
    /// Returns the name of the file of the payload with this number: `000001-IntegrationCreated.json`.
    pub fn name(&self, number: u64) -> String {
        format!("{number:0DIGITS$}-{}.json", self.label)
    }
}

/// Returns `true` if a file's name is one that [`ExtractedFile::name`] returns.
pub fn is_file_name(name: &str) -> bool {
    let digits = name.bytes().take_while(u8::is_ascii_digit).count();
    let rest = name[digits..].strip_prefix('-');
    digits >= DIGITS && rest.is_some_and(|rest| rest.strip_suffix(".json").is_some())
}

impl Formatter for FileFormatter {
    fn format(&self, record: &Record<'_>, chunk: &mut Chunk) -> io::Result<()> {
        if let Some(reason) = stray_text(record) {
            chunk.left_out.add(record.found.text.start, || reason);
            return Ok(());
        }
        let text = record.found.text.text;
        writeln!(chunk.text, "{} {}", label(record), text.len())?;
        chunk.text.extend_from_slice(text);
        Ok(())
    }

    fn needs_checks(&self) -> bool {
        false
    }
}

/// Calls a function for each file of a chunk that [`FileFormatter`] made.
///
/// # Errors
/// Those of the function, and of reading the chunk.
pub fn read_files<E: From<io::Error>>(
    mut chunk: Chunk,
    mut call: impl FnMut(ExtractedFile) -> Result<(), E>,
) -> Result<(), E> {
    let mut files = chunk.read()?;
    let mut head = String::new();
    loop {
        head.clear();
        if files.read_line(&mut head)? == 0 {
            return Ok(());
        }
        let head = head.trim_end().rsplit_once(' ');
        let head = head.and_then(|(label, length)| Some((label, length.parse().ok()?)));
        let (label, length) = head.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))?;
        let mut text = Vec::new();
        files.by_ref().take(length).read_to_end(&mut text)?;
        call(ExtractedFile {
            label: label.to_owned(),
            text,
        })?;
    }
}

/// Returns what a payload's file is named after, with only characters that every system allows.
fn label(record: &Record<'_>) -> String {
    let summary = record.summary();
    let event = summary.event();
    let kind = record.verdict.kind.map(crate::contract::Kind::name);
    let label = match (event.as_deref(), kind, record.document) {
        (Some(event), ..) if !event.is_empty() => event,
        (_, Some(kind), _) => kind,
        (_, _, Some(_)) => "unknown-kind",
        (_, _, None) => "json-syntax",
    };
    let is_safe = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let safe = label.chars().take(MAX_LENGTH);
    safe.map(|c| if is_safe(&c) { c } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_a_number_and_what_is_in_the_file() {
        let file = ExtractedFile {
            label: "CustomerAdded".to_owned(),
            text: Vec::new(),
        };
        assert_eq!(file.name(12), "000012-CustomerAdded.json");
        assert_eq!(file.name(12_345_678), "12345678-CustomerAdded.json");
        assert!(is_file_name(&file.name(1)) && is_file_name(&file.name(u64::MAX)));
        for other in ["1-a.json", "000001.json", "a000001-b.json", "000001-b.txt"] {
            assert!(!is_file_name(other), "{other}");
        }
    }
}
