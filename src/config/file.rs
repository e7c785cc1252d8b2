//! A configuration file, and the problems in it.

use std::fmt;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::de::DeTable;

use super::ConfigError;
use super::reader::{Contents, Reader};
use super::settings::Layer;
use super::tables::Tables;

/// The maximum size of a file, in bytes.
const MAX_SIZE: u64 = 1 << 20;

/// A configuration file.
#[derive(Debug)]
pub struct Config {
    path: PathBuf,
    base: PathBuf,
    base_layer: Layer,
    tables: Tables,
}

/// A problem in a configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The path of the file.
    pub path: Arc<str>,
    /// The line, counted from 1.
    pub line: u64,
    /// The column in characters, counted from 1.
    pub column: u64,
    /// The problem, and how to fix it.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            line,
            column,
            message,
        } = self;
        write!(f, "{path}:{line}:{column}: {message}")
    }
}

impl Config {
    /// Reads a file whose globs are relative to `base`.
    ///
    /// # Errors
    /// The file cannot be read, or is invalid.
    pub fn read(path: &Path, base: &Path) -> Result<Self, ConfigError> {
        let failed = |error| ConfigError::Io {
            path: path.to_path_buf(),
            error,
        };
        // Reading a pipe or a device may never end.
        if !fs::metadata(path).map_err(failed)?.is_file() {
            return Err(failed(io::Error::other("not a regular file")));
        }
        let mut bytes = Vec::new();
        let file = fs::File::open(path).map_err(failed)?;
        let mut limited = file.take(MAX_SIZE + 1);
        limited.read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() as u64 > MAX_SIZE {
            let message = format!(
                "the file is larger than {} MiB, the maximum",
                MAX_SIZE >> 20
            );
            let mut reader = Reader::new("", path, base);
            reader.report(0..0, message);
            return Err(ConfigError::Invalid(reader.into_problems()));
        }
        let valid = bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
        if valid.len() < bytes.len() {
            let mut reader = Reader::new(valid, path, base);
            reader.report(valid.len()..valid.len(), "bytes that are not UTF-8".into());
            return Err(ConfigError::Invalid(reader.into_problems()));
        }
        Self::parse(valid, path, base)
    }

    fn parse(text: &str, path: &Path, base: &Path) -> Result<Self, ConfigError> {
        let mut reader = Reader::new(text, path, base);
        let contents = match DeTable::parse(text) {
            Ok(root) => reader.root(root.get_ref()),
            Err(error) => {
                let span = error.span().unwrap_or_default();
                // Messages have one line.
                let message = error.message().replace('\n', "; ");
                reader.report(span, message);
                Contents::default()
            }
        };
        if reader.has_problems() {
            return Err(ConfigError::Invalid(reader.into_problems()));
        }
        Ok(Self {
            path: path.to_path_buf(),
            base: base.to_path_buf(),
            base_layer: contents.base_layer,
            tables: Tables::new(base, reader.with_problems(contents.tables)),
        })
    }

    /// Returns the path of the file as messages show it.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the folder that the globs are relative to.
    pub(super) fn base(&self) -> &Path {
        &self.base
    }

    /// Returns the indices of the tables whose globs match a file.
    pub(super) fn matching(&mut self, file: &Path) -> Vec<usize> {
        let file = file.strip_prefix(&self.base).unwrap_or(file);
        self.tables.matching(file)
    }

    /// Returns the globs that have not matched any file.
    pub(super) fn unmatched(&self) -> impl Iterator<Item = &Problem> {
        self.tables.unmatched()
    }

    /// Returns the layers of the file for the tables with these indices, in ascending precedence.
    pub(super) fn layers(&self, tables: &[usize]) -> impl Iterator<Item = &Layer> {
        std::iter::once(&self.base_layer).chain(self.tables.layers(tables))
    }
}
