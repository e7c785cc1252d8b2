//! Secrets that a command needs: the key of signatures, or the token in a URL.
//!
//! They are read from a file or an environment variable, since other users of a machine can see the
//! arguments of a program.

use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

use crate::input::describe;

/// A secret and where it was read. `Debug` doesn't show it.
#[derive(Clone)]
pub struct SecretText {
    bytes: Vec<u8>,
    source: String,
}

/// The error when a secret can't be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SecretTextError {
    /// The file can't be read.
    #[error("{path}: {}", describe(.error))]
    Unreadable {
        /// The path of the file.
        path: String,
        /// Why it can't be read.
        error: io::Error,
    },
    /// The environment variable is not set, or not valid.
    #[error("the environment variable {0} is not set")]
    NotSet(String),
    /// There is nothing in the file or variable.
    #[error("{0} is empty: expected a secret")]
    Empty(String),
}

impl SecretText {
    /// Reads a secret from a file. One line break at the end is not part of it.
    ///
    /// # Errors
    /// The file can't be read or contains nothing.
    pub fn from_file(path: &Path) -> Result<Self, SecretTextError> {
        let name = path.display().to_string();
        let bytes = fs::read(path).map_err(|error| SecretTextError::Unreadable {
            path: name.clone(),
            error,
        })?;
        Self::new(bytes, name)
    }

    /// Reads a secret from an environment variable.
    ///
    /// # Errors
    /// The variable is not set or empty.
    pub fn from_env(name: &str) -> Result<Self, SecretTextError> {
        let text = std::env::var_os(name);
        let text = text.ok_or_else(|| SecretTextError::NotSet(name.to_owned()))?;
        Self::new(text.into_encoded_bytes(), format!("${name}"))
    }

    pub(super) fn new(mut bytes: Vec<u8>, source: String) -> Result<Self, SecretTextError> {
        if bytes.last() == Some(&b'\n') {
            bytes.pop();
            if bytes.last() == Some(&b'\r') {
                bytes.pop();
            }
        }
        if bytes.is_empty() {
            return Err(SecretTextError::Empty(source));
        }
        Ok(Self { bytes, source })
    }

    /// Creates a secret of any bytes.
    #[cfg(test)]
    pub(super) fn for_test(secret: &[u8], source: &str) -> Self {
        Self {
            bytes: secret.to_vec(),
            source: source.to_owned(),
        }
    }

    /// Returns the secret itself.
    pub fn expose(&self) -> &[u8] {
        &self.bytes
    }

    /// Returns the path of the file, or the name of the variable after a `$`.
    pub fn source(&self) -> &str {
        &self.source
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretText")
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_break_at_the_end_is_not_part_of_a_secret() {
        for (content, secret) in [
            ("abc", "abc"),
            ("abc\n", "abc"),
            ("abc\r\n", "abc"),
            ("abc\n\n", "abc\n"),
            (" abc \r", " abc \r"),
        ] {
            let read = SecretText::new(content.into(), "key".into()).unwrap();
            assert_eq!(read.expose(), secret.as_bytes());
            assert!(!format!("{read:?}").contains("abc"));
        }
        for content in ["", "\n", "\r\n"] {
            let error = SecretText::new(content.into(), "key".into()).unwrap_err();
            assert_eq!(error.to_string(), "key is empty: expected a secret");
        }
    }
}
