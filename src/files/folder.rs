//! Writes files into a folder. Existing files are replaced with `--force` only.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::bail;
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
        let path = folder.join(name);
        let file = AtomicFile::create_at(&path).and_then(|file| {
            file.file().write_all(contents)?;
            Ok(file)
        });
        let file = file.map_err(|error| cannot_write(&path, &error))?;
        if force {
            file.commit()?;
        } else {
            file.commit_new()?;
        }
    }
    Ok(())
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
