//! Writing files into a folder: all of them or none, and never over another unless asked.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::bail;
use mewshook::input::describe;

use super::atomic::{AtomicFile, cannot, exists};

/// Writes files into a folder, which is created if need be. Unless `force`, none of them is
/// written if one already exists, and a file that appears meanwhile is never replaced. Nothing but a
/// regular file is ever replaced: the user has named the folder, and no link in it.
pub(super) fn write_all<'f>(
    folder: &Path,
    files: impl IntoIterator<Item = (String, &'f [u8])> + Clone,
    force: bool,
) -> anyhow::Result<()> {
    for (name, _) in files.clone() {
        let path = folder.join(name);
        match fs::symlink_metadata(&path) {
            Ok(_) if !force => return Err(exists(&path)),
            Ok(found) if !found.is_file() => {
                bail!(
                    "{} already exists, and --force replaces regular files only",
                    super::name(path.display())
                );
            }
            _ => {}
        }
    }
    create_folder(folder)?;
    for (name, content) in files {
        let path = folder.join(name);
        let file = AtomicFile::at(&path).and_then(|file| {
            file.file().write_all(content)?;
            Ok(file)
        });
        let file = file.map_err(|error| cannot(&path, &error))?;
        if force {
            file.commit()?;
        } else {
            file.commit_new()?;
        }
    }
    Ok(())
}

/// Creates a folder and those above it, unless it exists.
fn create_folder(folder: &Path) -> anyhow::Result<()> {
    let Err(error) = fs::create_dir_all(folder) else {
        return Ok(());
    };
    let folder = super::name(folder.display());
    if error.kind() == io::ErrorKind::AlreadyExists {
        bail!("{folder} already exists and is not a folder");
    }
    bail!("{folder} can't be created: {}", describe(&error))
}
