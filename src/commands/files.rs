//! Writing files: whole or not at all, and never over another unless asked.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use mewshook::input::describe;
use tempfile::NamedTempFile;

/// Writes files into a folder, which is created if need be. Unless `force`, none of them is
/// written if one already exists, and a file that appears meanwhile is never replaced.
pub(super) fn write_all<'f>(
    folder: &Path,
    files: impl IntoIterator<Item = (String, &'f [u8])> + Clone,
    force: bool,
) -> anyhow::Result<()> {
    if !force {
        for (name, _) in files.clone() {
            let path = folder.join(name);
            if fs::symlink_metadata(&path).is_ok() {
                return Err(exists(&path));
            }
        }
    }
    create_folder(folder)?;
    for (name, content) in files {
        let whole = Whole::create(&folder.join(name))?;
        let written = whole.file().and_then(|mut file| file.write_all(content));
        written.map_err(|error| cannot(&whole.path, &error))?;
        if force {
            whole.commit()?;
        } else {
            whole.commit_new()?;
        }
    }
    Ok(())
}

/// Creates a folder and those above it, unless it exists.
fn create_folder(folder: &Path) -> anyhow::Result<()> {
    let Err(error) = fs::create_dir_all(folder) else {
        return Ok(());
    };
    let folder = folder.display();
    if error.kind() == io::ErrorKind::AlreadyExists {
        bail!("{folder} already exists and is not a folder");
    }
    bail!("{folder} can't be created: {}", describe(&error))
}

/// What to do about a file that is not to be replaced.
fn exists(path: &Path) -> anyhow::Error {
    anyhow!("{} already exists; --force replaces it", path.display())
}

/// Why a file can't be written.
fn cannot(path: &Path, error: &io::Error) -> anyhow::Error {
    anyhow!("{} can't be written: {}", path.display(), describe(error))
}

/// A file that appears when it is done. Until then it is written where nobody sees it, in a file
/// without a name, so that a run that is interrupted leaves nothing behind.
#[derive(Debug)]
pub(super) struct Whole {
    path: PathBuf,
    file: File,
    /// Whether that file is to get a name yet; a pipe or a device can't be replaced.
    is_hidden: bool,
}

impl Whole {
    /// Begins a file.
    pub(super) fn create(path: &Path) -> anyhow::Result<Self> {
        let found = fs::metadata(path);
        let is_hidden = match &found {
            Ok(found) if found.is_dir() => {
                let error = io::ErrorKind::IsADirectory.into();
                return Err(cannot(path, &error));
            }
            Ok(found) => found.is_file(),
            Err(_) => true,
        };
        let file = if is_hidden {
            hidden(path)
        } else {
            OpenOptions::new().write(true).open(path)
        };
        Ok(Self {
            path: path.to_path_buf(),
            file: file.map_err(|error| cannot(path, &error))?,
            is_hidden,
        })
    }

    /// What to write to.
    pub(super) fn file(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// Puts the file in its place.
    pub(super) fn commit(self) -> anyhow::Result<()> {
        if self.is_hidden {
            let placed = place(self.file, &self.path, None);
            placed.map_err(|error| cannot(&self.path, &error))?;
        }
        Ok(())
    }

    /// Puts the file in its place, unless anything has appeared there meanwhile.
    fn commit_new(self) -> anyhow::Result<()> {
        // A pipe or a device has been written to already, and can only have appeared meanwhile.
        if !self.is_hidden {
            return Err(exists(&self.path));
        }
        let named = named(self.file, &self.path, None);
        let named = named.map_err(|error| cannot(&self.path, &error))?;
        match named.persist_noclobber(&self.path) {
            Ok(_) => Ok(()),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                Err(exists(&self.path))
            }
            Err(error) => Err(cannot(&self.path, &error.error)),
        }
    }
}

/// The folder of a file.
fn folder(path: &Path) -> &Path {
    let folder = path.parent();
    let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// A file without a name, where another is to be.
pub(super) fn hidden(path: &Path) -> io::Result<File> {
    // Else the error would name a file that nobody asked for.
    folder(path).metadata()?;
    let file = tempfile::tempfile_in(folder(path));
    file.map_err(|error| io::Error::from(error.kind()))
}

/// Puts what was written to a hidden file in a place, in one go; with these permissions, or those of
/// any new file. What stands there is replaced.
pub(super) fn place(hidden: File, path: &Path, permissions: Option<Permissions>) -> io::Result<()> {
    let named = named(hidden, path, permissions)?;
    named.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Copies a hidden file to one with a temporary name beside its place, ready to be renamed.
fn named(
    mut hidden: File,
    path: &Path,
    permissions: Option<Permissions>,
) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".mewshook-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Less what the umask takes.
        builder.permissions(Permissions::from_mode(0o666));
    }
    let mut named = builder.tempfile_in(folder(path))?;
    hidden.rewind()?;
    io::copy(&mut hidden, named.as_file_mut())?;
    if let Some(permissions) = permissions {
        named.as_file().set_permissions(permissions)?;
    }
    named.as_file().sync_all()?;
    Ok(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file that another program creates between the look and the rename stays as it is.
    #[test]
    fn a_file_that_appears_meanwhile_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.json");
        let whole = Whole::create(&path).unwrap();
        whole.file().unwrap().write_all(b"ours").unwrap();
        fs::write(&path, "theirs").unwrap();
        let error = whole.commit_new().unwrap_err().to_string();
        assert!(
            error.ends_with("new.json already exists; --force replaces it"),
            "{error}"
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), "theirs");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
