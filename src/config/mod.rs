//! Reads `mewshook.toml`, the configuration of a tree of fixtures.
//!
//! The nearest file applies to a fixture, searched from the fixture's folder up to the root of its
//! repository. The settings of the file apply to all files below it, those of a `[[fixtures]]`
//! table to the files that its globs match. Later tables override earlier ones, and the command
//! line overrides all.

mod file;
mod reader;
mod settings;
mod tables;

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use foldhash::fast::RandomState;

use crate::checks::CheckOptions;
use crate::frame::CaptureMode;
use crate::input::Origin;
pub use crate::input::repository_root;

pub use file::{Config, Problem};
pub use settings::{Layer, Setting, SettingOrigin, Settings};

/// The name of a configuration file.
pub const FILE_NAME: &str = "mewshook.toml";

/// An error that occurs when a configuration is read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{}: {}", .path.display(), crate::input::describe(.error))]
    Io {
        /// The path of the file.
        path: PathBuf,
        /// The reason.
        error: io::Error,
    },
    /// The file is invalid.
    #[error("{}", describe_problems(.0).join("\n"))]
    Invalid(Vec<Problem>),
}

/// The maximum number of problems that are listed for a file.
const MAX_LISTED_PROBLEMS: usize = 100;

/// Returns a line for each of the first problems of a file, and one with the number of the others.
pub fn describe_problems(problems: &[Problem]) -> Vec<String> {
    let listed = problems
        .iter()
        .take(MAX_LISTED_PROBLEMS)
        .map(Problem::to_string);
    let more = problems.len().saturating_sub(MAX_LISTED_PROBLEMS);
    let more = (more > 0).then(|| format!("and {more} more problems in this file"));
    listed.chain(more).collect()
}

/// The choice of the configuration.
#[derive(Debug, Clone)]
pub enum ConfigChoice {
    /// The nearest file of each input.
    Nearest,
    /// This file for all inputs. Its globs are relative to the current folder.
    File(PathBuf),
    /// No configuration.
    Disabled,
}

/// The index of the file that applies to an input, and those of its tables that match the input.
type Matching = (Option<usize>, Vec<usize>);

/// The options for the payloads of an input, and how they are found.
type AppliedOptions = (Arc<CheckOptions>, CaptureMode);

/// The configurations of all inputs. Each file is read once.
#[derive(Debug)]
pub struct Configs {
    choice: ConfigChoice,
    command_line: Layer,
    /// The canonical path of the current folder.
    current_folder: PathBuf,
    files: Vec<Config>,
    /// The index of each file in `files`, by path.
    indices: HashMap<PathBuf, usize>,
    /// The canonical path of each folder, and the index of the file that applies to it.
    folders: HashMap<PathBuf, (PathBuf, Option<usize>), RandomState>,
    /// The options for each file and its matching tables.
    options: HashMap<Matching, AppliedOptions, RandomState>,
}

/// The configuration of one input.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ResolvedConfig {
    /// The file that applies, if there is one.
    pub file: Option<PathBuf>,
    /// The settings of the file and of the command line.
    pub settings: Settings,
}

impl Configs {
    /// Creates the configurations, with the command line as the last layer.
    ///
    /// # Errors
    /// The current folder cannot be determined.
    pub fn new(choice: ConfigChoice, command_line: Layer) -> io::Result<Self> {
        Ok(Self {
            choice,
            command_line,
            current_folder: std::env::current_dir()?.canonicalize()?,
            files: Vec::new(),
            indices: HashMap::new(),
            folders: HashMap::default(),
            options: HashMap::default(),
        })
    }

    /// Returns the options for the payloads of an input, and how they are found.
    ///
    /// # Errors
    /// A configuration file cannot be read, or is invalid.
    pub fn options(&mut self, origin: &Origin) -> Result<AppliedOptions, ConfigError> {
        let key = self.matching(origin)?;
        if let Some(entry) = self.options.get(&key) {
            return Ok(entry.clone());
        }
        let settings = self.settings(&key);
        let options = (Arc::new(settings.options()), settings.capture());
        self.options.insert(key, options.clone());
        Ok(options)
    }

    /// Returns the configuration of an input, with the origin of each setting.
    ///
    /// # Errors
    /// See [`options`](Self::options).
    pub fn applied(&mut self, origin: &Origin) -> Result<ResolvedConfig, ConfigError> {
        let key = self.matching(origin)?;
        Ok(ResolvedConfig {
            file: key.0.map(|index| self.files[index].path().to_path_buf()),
            settings: self.settings(&key),
        })
    }

    /// Returns the paths of the files that were read.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(Config::path)
    }

    /// Returns the globs that match no input, for configuration files in these folders or below.
    /// Elsewhere, only part of the files below a configuration may have been read, so a glob
    /// without a match is not a problem.
    pub fn unmatched(&self, folders: &[PathBuf]) -> Vec<&Problem> {
        let folders: HashSet<_> = folders.iter().map(PathBuf::as_path).collect();
        let is_inside = |base: &Path| base.ancestors().any(|above| folders.contains(above));
        let files = self.files.iter().filter(|file| is_inside(file.base()));
        files.flat_map(Config::unmatched).collect()
    }

    fn settings(&self, (file, tables): &Matching) -> Settings {
        let mut settings = Settings::default();
        if let Some(index) = file {
            for layer in self.files[*index].layers(tables) {
                settings.add(layer);
            }
        }
        settings.add(&self.command_line);
        settings
    }

    /// Returns the indices of the file that applies to an input and of its matching tables.
    fn matching(&mut self, origin: &Origin) -> Result<Matching, ConfigError> {
        let path = match origin {
            Origin::Stdin => None,
            Origin::File(path) => Some(path),
        };
        let folder = path.and_then(|path| path.parent());
        let folder = folder.unwrap_or(Path::new(""));
        if !self.folders.contains_key(folder) {
            let entry = self.resolve_folder(folder)?;
            self.folders.insert(folder.to_path_buf(), entry);
        }
        let (folder, index) = &self.folders[folder];
        // Most inputs have no configuration, and then their names are not looked at.
        let tables = match index {
            Some(index) => path
                .and_then(|path| path.file_name())
                .map_or_else(Vec::new, |name| {
                    self.files[*index].matching(&folder.join(name))
                }),
            None => Vec::new(),
        };
        Ok((*index, tables))
    }

    /// Returns the canonical path of a folder, and the index of the file that applies to it.
    fn resolve_folder(&mut self, folder: &Path) -> Result<(PathBuf, Option<usize>), ConfigError> {
        let folder = self.current_folder.join(folder);
        // A folder that does not exist has no configuration. Opening the input fails later.
        let folder = folder.canonicalize().unwrap_or(folder);
        let (path, base) = match &self.choice {
            ConfigChoice::Disabled => return Ok((folder, None)),
            ConfigChoice::File(path) => (path.clone(), self.current_folder.clone()),
            ConfigChoice::Nearest => match nearest_folder(&folder, &self.current_folder) {
                Some(base) => (self.label(&base), base),
                None => return Ok((folder, None)),
            },
        };
        let index = if let Some(index) = self.indices.get(&path) {
            *index
        } else {
            self.files.push(Config::read(&path, &base)?);
            self.indices.insert(path, self.files.len() - 1);
            self.files.len() - 1
        };
        Ok((folder, Some(index)))
    }

    /// Returns the path of a folder's file, relative to the current folder if possible.
    fn label(&self, base: &Path) -> PathBuf {
        base.strip_prefix(&self.current_folder)
            .unwrap_or(base)
            .join(FILE_NAME)
    }
}

/// Returns the nearest folder with a configuration, from a folder up to the root of its repository.
/// Without a repository, files above the current folder are ignored, since they may belong to
/// somebody else.
fn nearest_folder(folder: &Path, current_folder: &Path) -> Option<PathBuf> {
    let root = repository_root(folder);
    let root = root.unwrap_or(if folder.starts_with(current_folder) {
        current_folder
    } else {
        folder
    });
    let inside = folder
        .ancestors()
        .take_while(|above| above.starts_with(root));
    // Anything with this name counts, so that one that cannot be read is reported.
    let mut with_file = inside.filter(|above| above.join(FILE_NAME).symlink_metadata().is_ok());
    with_file.next().map(Path::to_path_buf)
}
