//! Writes files into a folder. Existing files are replaced with `--force` only.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use mewshook::input::describe;

use super::atomic::{AtomicFile, already_exists, cannot_write};
use crate::messages::path_name;

/// Writes files into a folder, which is created if it does not exist.
///
/// Without `force`, no file is written if one of them already exists, and a file that appears meanwhile
/// is not replaced. With `force`, only regular files are replaced, and not links: the user named the
/// folder, but not the links in it.
///
/// # Errors
/// A file already exists or can't be written.
pub fn write_all<'f>(
    folder: &Path,
    files: impl IntoIterator<Item = (String, &'f [u8])> + Clone,
    force: bool,
) -> anyhow::Result<()> {
    for (name, _) in files.clone() {
        let path = folder.join(name);
        match fs::symlink_metadata(&path) {
            Ok(_) if !force => return Err(already_exists(&path)),
            Ok(metadata) if !metadata.is_file() => {
                bail!(
                    "{} already exists, and --force replaces regular files only",
                    path_name(path.display())
                );
            }
            _ => {}
        }
    }
    create_folder(folder)?;
    for (name, contents) in files {
        write(AtomicFile::create_at, &folder.join(name), contents, force)?;
    }
    Ok(())
}

/// A folder that files with payloads are written to, one after the other. Only their owner may read
/// them.
#[derive(Debug)]
pub struct PrivateFolder {
    folder: PathBuf,
    force: bool,
}

impl PrivateFolder {
    /// Creates the folder if it does not exist. Without `force`, it must have no file whose name
    /// `is_own` says may be written.
    ///
    /// # Errors
    /// There is such a file, or the folder can't be created or read.
    pub fn create(
        folder: &Path,
        force: bool,
        is_own: impl Fn(&str) -> bool,
    ) -> anyhow::Result<Self> {
        create_folder(folder)?;
        if !force {
            let cannot_read = |error| cannot_read(folder, &error);
            let mut names = Vec::new();
            for entry in fs::read_dir(folder).map_err(cannot_read)? {
                names.push(entry.map_err(cannot_read)?.file_name());
            }
            let names = names.iter().filter_map(|name| name.to_str());
            if let Some(name) = names.filter(|name| is_own(name)).min() {
                return Err(already_exists(&folder.join(name)));
            }
        }
        Ok(Self {
            folder: folder.to_path_buf(),
            force,
        })
    }

    /// Writes a file, and returns its path.
    ///
    /// # Errors
    /// The file already exists or can't be written.
    pub fn write(&self, name: &str, contents: &[u8]) -> anyhow::Result<PathBuf> {
        let path = self.folder.join(name);
        write(AtomicFile::create_private_at, &path, contents, self.force)?;
        Ok(path)
    }
}

/// Writes a file that `create` creates.
fn write(
    create: fn(&Path) -> io::Result<AtomicFile>,
    path: &Path,
    contents: &[u8],
    force: bool,
) -> anyhow::Result<()> {
    let file = create(path).and_then(|file| {
        file.file().write_all(contents)?;
        Ok(file)
    });
    let file = file.map_err(|error| cannot_write(path, &error))?;
    if force {
        file.commit()
    } else {
        file.commit_new()
    }
}

/// Returns the error for a folder that can't be read.
fn cannot_read(folder: &Path, error: &io::Error) -> anyhow::Error {
    anyhow!(
        "{} can't be read: {}",
        path_name(folder.display()),
        describe(error)
    )
}

/// Creates a folder and its parents, unless they exist.
fn create_folder(folder: &Path) -> anyhow::Result<()> {
    let Err(error) = fs::create_dir_all(folder) else {
        return Ok(());
    };
    let folder = path_name(folder.display());
    if error.kind() == io::ErrorKind::AlreadyExists {
        bail!("{folder} already exists and is not a folder");
    }
    bail!("{folder} can't be created: {}", describe(&error))
}
