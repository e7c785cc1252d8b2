//! `mewshook.toml`: what a fixture tree says of itself.
//!
//! The file that is nearest to a fixture counts, from the fixture's folder up to the root of its
//! repository. Its settings are for all files below it, those of a `[[fixtures]]` table for the
//! files that its globs match; later ones add to earlier ones, and the command line to all.

mod file;
mod settings;
mod tables;

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::checks::CheckOptions;
use crate::input::Origin;
pub use crate::input::repository_root;

pub use file::{Config, Problem};
pub use settings::{Asked, Layer, Reason, Settings};

/// The file's name.
pub const FILE_NAME: &str = "mewshook.toml";

/// Why a configuration can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file can't be read.
    #[error("{}: {}", .path.display(), crate::input::describe(.error))]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The file says what can't be.
    #[error("{}", describe_problems(.0).join("\n"))]
    Wrong(Vec<Problem>),
}

/// How many problems of a file are named.
const NAMED: usize = 100;

/// Returns a line for each of the first problems of a file, and one that counts the others.
pub fn describe_problems(problems: &[Problem]) -> Vec<String> {
    let named = problems.iter().take(NAMED).map(Problem::to_string);
    let more = problems.len().saturating_sub(NAMED);
    let more = (more > 0).then(|| format!("and {more} more problems in this file"));
    named.chain(more).collect()
}

/// Which configuration counts.
#[derive(Debug, Clone)]
pub enum Choice {
    /// The nearest.
    Nearest,
    /// This file, for all inputs; its globs start at the current folder.
    File(PathBuf),
    /// None.
    Nothing,
}

/// What applies to inputs. Each file is read once.
#[derive(Debug)]
pub struct Configs {
    choice: Choice,
    command_line: Layer,
    /// The current folder, without links.
    here: PathBuf,
    files: Vec<Config>,
    /// Their numbers by path.
    numbers: HashMap<PathBuf, usize>,
    /// By folder: its path without links, and which file counts there.
    folders: HashMap<PathBuf, (PathBuf, Option<usize>)>,
    /// By file and its tables that match.
    options: HashMap<(Option<usize>, Vec<usize>), Arc<CheckOptions>>,
}

/// What applies to one input.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Applied {
    /// The file that counts, if there is one.
    pub file: Option<PathBuf>,
    /// What it and the command line ask for.
    pub settings: Settings,
}

impl Configs {
    /// Configurations as chosen, with what the command line asks for on top.
    ///
    /// # Errors
    /// The current folder cannot be determined.
    pub fn new(choice: Choice, command_line: Layer) -> io::Result<Self> {
        Ok(Self {
            choice,
            command_line,
            here: std::env::current_dir()?.canonicalize()?,
            files: Vec::new(),
            numbers: HashMap::new(),
            folders: HashMap::new(),
            options: HashMap::new(),
        })
    }

    /// What the payloads of an input are checked by.
    ///
    /// # Errors
    /// A configuration that can't be read or says what can't be.
    pub fn options(&mut self, origin: &Origin) -> Result<Arc<CheckOptions>, ConfigError> {
        let key = self.matching(origin)?;
        if let Some(known) = self.options.get(&key) {
            return Ok(Arc::clone(known));
        }
        let options = Arc::new(self.settings(&key).options());
        self.options.insert(key, Arc::clone(&options));
        Ok(options)
    }

    /// What applies to an input, with reasons.
    ///
    /// # Errors
    /// As for `options`.
    pub fn applied(&mut self, origin: &Origin) -> Result<Applied, ConfigError> {
        let key = self.matching(origin)?;
        Ok(Applied {
            file: key.0.map(|number| self.files[number].path().to_path_buf()),
            settings: self.settings(&key),
        })
    }

    /// The files that were read.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(Config::path)
    }

    /// The globs that match no input, in files that lie in one of these folders: where only part
    /// of what a file is about was looked at, that says nothing.
    pub fn unmatched(&self, folders: &[PathBuf]) -> Vec<&Problem> {
        let folders: HashSet<_> = folders.iter().map(PathBuf::as_path).collect();
        let is_inside = |base: &Path| base.ancestors().any(|above| folders.contains(above));
        let files = self.files.iter().filter(|file| is_inside(file.base()));
        files.flat_map(Config::unmatched).collect()
    }

    fn settings(&self, (file, tables): &(Option<usize>, Vec<usize>)) -> Settings {
        let mut settings = Settings::default();
        if let Some(number) = file {
            for layer in self.files[*number].layers(tables) {
                settings.add(layer);
            }
        }
        settings.add(&self.command_line);
        settings
    }

    /// The file that counts for an input, and which of its tables match.
    fn matching(&mut self, origin: &Origin) -> Result<(Option<usize>, Vec<usize>), ConfigError> {
        let (folder, name) = match origin {
            Origin::Stdin => (Path::new(""), None),
            Origin::File(path) => (path.parent().unwrap_or(Path::new("")), path.file_name()),
        };
        if !self.folders.contains_key(folder) {
            let known = self.look_up(folder)?;
            self.folders.insert(folder.to_path_buf(), known);
        }
        let (folder, number) = &self.folders[folder];
        let tables = match (number, name) {
            (Some(number), Some(name)) => self.files[*number].matching(&folder.join(name)),
            _ => Vec::new(),
        };
        Ok((*number, tables))
    }

    fn look_up(&mut self, folder: &Path) -> Result<(PathBuf, Option<usize>), ConfigError> {
        let folder = self.here.join(folder);
        // A folder that is not there has no configuration; reading the input will tell.
        let folder = folder.canonicalize().unwrap_or(folder);
        let (path, base) = match &self.choice {
            Choice::Nothing => return Ok((folder, None)),
            Choice::File(path) => (path.clone(), self.here.clone()),
            Choice::Nearest => match nearest(&folder, &self.here) {
                Some(base) => (self.label(&base), base),
                None => return Ok((folder, None)),
            },
        };
        let number = if let Some(number) = self.numbers.get(&path) {
            *number
        } else {
            self.files.push(Config::read(&path, &base)?);
            self.numbers.insert(path, self.files.len() - 1);
            self.files.len() - 1
        };
        Ok((folder, Some(number)))
    }

    /// The path of a folder's file, as short as it can be.
    fn label(&self, base: &Path) -> PathBuf {
        base.strip_prefix(&self.here)
            .unwrap_or(base)
            .join(FILE_NAME)
    }
}

/// The nearest folder with a configuration, from a folder up to the root of its repository. Where
/// there is none, files above the current folder may be anyone's and don't count.
fn nearest(folder: &Path, here: &Path) -> Option<PathBuf> {
    let root = repository_root(folder);
    let root = root.unwrap_or(if folder.starts_with(here) {
        here
    } else {
        folder
    });
    let inside = folder
        .ancestors()
        .take_while(|above| above.starts_with(root));
    // Whatever has the name is meant: what can't be read is told.
    let mut with_file = inside.filter(|above| above.join(FILE_NAME).symlink_metadata().is_ok());
    with_file.next().map(Path::to_path_buf)
}
