//! Files that appear complete or not at all.
//!
//! A file is written without a name, so that a run that is interrupted, even killed, leaves nothing
//! behind. When it is complete, it is linked to its path; if a file is there already, it gets a hidden
//! name and is renamed over that file in one step. Only its owner can open it until it is complete and
//! has the owner, group and mode of the file that it replaces.
//!
//! The crate `atomic-write-file` is no replacement: it sets the mode before the owner, which clears
//! bits of the mode, renames over anything, and leaves its hidden name behind if that fails.

use std::error::Error;
use std::fs::File;
use std::io::{self, ErrorKind, Seek};
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use mewshook::input::describe;
use tempfile::{NamedTempFile, TempPath};

use super::attributes::Attributes;
use super::signals::uninterrupted;
use super::target::{FileTarget, folder, open_stream};
use crate::messages::path_name;

/// The start of hidden names.
const PREFIX: &str = ".mewshook-";

/// A file that is being written, and the path that it will get.
#[derive(Debug)]
pub struct AtomicFile {
    /// The path as the user wrote it.
    path: PathBuf,
    target: FileTarget,
    file: File,
    /// Whether there was no file at the path when this one was created.
    is_new: bool,
    /// Whether only its owner may read it, whatever file it replaces.
    is_private: bool,
}

impl AtomicFile {
    /// Creates a file for a path, following links. If the path leads to a pipe or a device, that is
    /// opened instead.
    ///
    /// # Errors
    /// The path leads to a folder, or its folder can't be written to.
    pub fn create(path: &Path) -> anyhow::Result<Self> {
        let created = FileTarget::of(path).and_then(|target| Self::new(path, target, false));
        created.map_err(|error| cannot_write(path, &error))
    }

    /// Creates a file for exactly this path: a link that appears there is not followed.
    ///
    /// # Errors
    /// The folder can't be written to.
    pub fn create_at(path: &Path) -> io::Result<Self> {
        Self::new(path, FileTarget::File(path.to_path_buf()), false)
    }

    /// Creates a file for exactly this path that only its owner may read, also where it replaces one
    /// that others may read.
    ///
    /// # Errors
    /// The folder can't be written to.
    pub fn create_private_at(path: &Path) -> io::Result<Self> {
        Self::new(path, FileTarget::File(path.to_path_buf()), true)
    }

    fn new(path: &Path, target: FileTarget, is_private: bool) -> io::Result<Self> {
        let is_new = target
            .file()
            .is_some_and(|path| path.symlink_metadata().is_err());
        let file = match &target {
            FileTarget::File(path) => create_unnamed(folder(path), mode(is_new && !is_private))?,
            FileTarget::Stream(path) => open_stream(path)?,
        };
        Ok(Self {
            path: path.to_path_buf(),
            target,
            file,
            is_new,
            is_private,
        })
    }

    /// Returns the mode that the file was created with.
    fn mode(&self) -> u32 {
        mode(self.is_new && !self.is_private)
    }

    /// Returns the file to write to.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Returns another handle of the file to write to.
    ///
    /// # Errors
    /// The handle can't be duplicated.
    pub fn writer(&self) -> anyhow::Result<File> {
        let writer = self.file.try_clone();
        writer.map_err(|error| cannot_write(&self.path, &error))
    }

    /// Moves the file to its path, where it replaces a regular file. `check` is called last, directly
    /// before the rename.
    ///
    /// # Errors
    /// The file can't be written, or `check` fails. The file at the path is left as it was.
    pub fn replace(self, check: impl Fn() -> io::Result<()>) -> io::Result<()> {
        match &self.target {
            FileTarget::File(path) => {
                let access = if self.is_private {
                    Access::Owner
                } else {
                    Access::Kept
                };
                move_to(&self.file, path, self.mode(), access, check)
            }
            FileTarget::Stream(_) => Ok(()),
        }
    }

    /// Moves the file to its path, where it replaces a regular file.
    ///
    /// # Errors
    /// The file can't be written. The file at the path is left as it was.
    pub fn commit(self) -> anyhow::Result<()> {
        let path = self.path.clone();
        self.replace(|| Ok(()))
            .map_err(|error| cannot_write(&path, &error))
    }

    /// Moves the file to its path, unless something has appeared there meanwhile.
    ///
    /// # Errors
    /// The file can't be written, or the path already exists.
    pub fn commit_new(self) -> anyhow::Result<()> {
        let moved = match &self.target {
            FileTarget::File(path) => move_to_new(&self.file, path, self.mode()),
            FileTarget::Stream(_) => Err(ErrorKind::AlreadyExists.into()),
        };
        moved.map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => already_exists(&self.path),
            _ => cannot_write(&self.path, &error),
        })
    }
}

/// Returns the error for a file that is replaced with `--force` only.
pub fn already_exists(path: &Path) -> anyhow::Error {
    anyhow!(
        "{} already exists; --force replaces it",
        path_name(path.display())
    )
}

/// Returns the error for a file that can't be written.
pub fn cannot_write(path: &Path, error: &io::Error) -> anyhow::Error {
    anyhow!(
        "{} can't be written: {}",
        path_name(path.display()),
        describe(error)
    )
}

/// Who may open a file that replaces another one.
#[derive(Debug, Clone, Copy)]
enum Access {
    /// Those who may open the other one.
    Kept,
    /// Its owner alone.
    Owner,
}

/// Returns the mode to create a file with. A file that replaces another one can be opened only by
/// its owner until it gets the attributes of the other one. For a new file, the umask applies.
fn mode(is_new: bool) -> u32 {
    if is_new { 0o666 } else { 0o600 }
}

/// Creates a file without a name in a folder.
fn create_unnamed(folder: &Path, mode: u32) -> io::Result<File> {
    // If the folder does not exist, the error must not name a temporary file.
    folder.metadata()?;
    system::create_unnamed(folder, mode).or_else(|_| create_unlinked(folder))
}

/// Creates a file and removes its name, for file systems without unnamed files.
fn create_unlinked(folder: &Path) -> io::Result<File> {
    let named = tempfile::Builder::new().prefix(PREFIX).tempfile_in(folder);
    Ok(named.map_err(|error| without_path(&error))?.into_file())
}

/// Returns the system's error without the path of the temporary file.
fn without_path(error: &io::Error) -> io::Error {
    let source = error.source().and_then(|source| source.downcast_ref());
    let number = source.unwrap_or(error).raw_os_error();
    number.map_or_else(|| error.kind().into(), io::Error::from_raw_os_error)
}

/// Moves an unnamed file to a path, where it replaces a regular file.
fn move_to(
    file: &File,
    path: &Path,
    mode: u32,
    access: Access,
    check: impl Fn() -> io::Result<()>,
) -> io::Result<()> {
    if is_missing(path)? {
        match move_to_new(file, path, mode) {
            // A file has appeared since; unless it is a regular one, this is an error.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => is_missing(path)?,
            result => return result,
        };
    }
    let attributes = match access {
        Access::Kept => Some(Attributes::of(path)?),
        Access::Owner => None,
    };
    let apply = |file: &File| {
        let attributes = attributes.as_ref();
        attributes.map_or(Ok(()), |attributes| attributes.apply(file))
    };
    apply(file)?;
    file.sync_all()?;
    uninterrupted(|| {
        let hidden = link_hidden(file, folder(path)).or_else(|_| {
            let (copy, hidden) = copy_hidden(file, folder(path), 0o600)?.into_parts();
            apply(&copy)?;
            io::Result::Ok(hidden)
        })?;
        check()?;
        hidden.persist(path).map_err(|error| error.error)
    })
}

/// Returns `true` if nothing is at a path, `false` if a regular file is.
///
/// # Errors
/// Something else is there, which must not be replaced.
fn is_missing(path: &Path) -> io::Result<bool> {
    match path.symlink_metadata() {
        Ok(found) if found.is_file() => Ok(false),
        Ok(_) => Err(io::Error::other("it is no longer a regular file")),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

/// Moves an unnamed file to a path that does not exist.
fn move_to_new(file: &File, path: &Path, mode: u32) -> io::Result<()> {
    file.sync_all()?;
    match system::link(file, path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => uninterrupted(|| {
            let hidden = copy_hidden(file, folder(path), mode)?.into_temp_path();
            hidden.persist_noclobber(path).map_err(|error| error.error)
        }),
        result => result,
    }
}

/// Links an unnamed file to a hidden name, which is removed when the returned path is dropped.
fn link_hidden(file: &File, folder: &Path) -> io::Result<TempPath> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX);
    let named = builder.make_in(folder, |path| system::link(file, path))?;
    if system::ignores_sync_of_unnamed(file) {
        file.sync_all()?;
    }
    Ok(named.into_temp_path())
}

/// Copies an unnamed file to a hidden name, for systems that can't link it.
fn copy_hidden(mut file: &File, folder: &Path, mode: u32) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The umask applies to this too.
        builder.permissions(std::fs::Permissions::from_mode(mode));
    }
    #[cfg(not(unix))]
    let _ = mode;
    let mut named = builder
        .tempfile_in(folder)
        .map_err(|error| without_path(&error))?;
    file.rewind()?;
    io::copy(&mut file, named.as_file_mut())?;
    named.as_file().sync_all()?;
    Ok(named)
}

#[cfg(target_os = "linux")]
mod system {
    use std::fs::{File, OpenOptions};
    use std::io;
    use std::os::fd::AsRawFd;
    use std::os::unix::fs::OpenOptionsExt;
    use std::path::Path;

    use rustix::fs::{AtFlags, CWD, OFlags, fstatfs, linkat};

    /// Creates a file without a name, which can be linked to one.
    pub fn create_unnamed(folder: &Path, mode: u32) -> io::Result<File> {
        let flags = OFlags::TMPFILE.bits().cast_signed();
        let mut options = OpenOptions::new();
        options
            .read(true)
            .write(true)
            .mode(mode)
            .custom_flags(flags);
        options.open(folder)
    }

    /// Links an unnamed file to a path that does not exist.
    pub fn link(file: &File, path: &Path) -> io::Result<()> {
        let unnamed = format!("/proc/self/fd/{}", file.as_raw_fd());
        Ok(linkat(CWD, unnamed, CWD, path, AtFlags::SYMLINK_FOLLOW)?)
    }

    /// Returns `true` on btrfs, where syncing an unnamed file does nothing: after a power cut, a file
    /// that has replaced another would be empty.
    pub fn ignores_sync_of_unnamed(file: &File) -> bool {
        const BTRFS: i128 = 0x9123_683E;
        fstatfs(file).is_ok_and(|system| i128::from(system.f_type) & 0xFFFF_FFFF == BTRFS)
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::fs::File;
    use std::io;
    use std::path::Path;

    pub fn create_unnamed(_: &Path, _: u32) -> io::Result<File> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub fn link(_: &File, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub fn ignores_sync_of_unnamed(_: &File) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.collect()
    }

    /// A file that another program creates between `create_at` and `commit_new` is not replaced.
    #[test]
    fn a_file_that_appears_meanwhile_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.json");
        let new = AtomicFile::create_at(&path).unwrap();
        new.file().write_all(b"ours").unwrap();
        fs::write(&path, "theirs").unwrap();
        let error = new.commit_new().unwrap_err().to_string();
        assert!(
            error.ends_with("new.json already exists; --force replaces it"),
            "{error}"
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), "theirs");
        assert_eq!(names(folder.path()), ["new.json"]);
    }

    /// Links and folders that appear meanwhile are not replaced.
    #[cfg(unix)]
    #[test]
    fn nothing_but_a_regular_file_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.json");
        let replaced = |appear: &dyn Fn()| {
            let new = AtomicFile::create_at(&path).unwrap();
            new.file().write_all(b"ours").unwrap();
            appear();
            new.replace(|| Ok(())).map_err(|error| error.to_string())
        };
        let refused = Err("it is no longer a regular file".to_owned());
        fs::write(folder.path().join("target"), "theirs").unwrap();
        let link = || std::os::unix::fs::symlink("target", &path).unwrap();
        assert_eq!(replaced(&link), refused);
        assert_eq!(fs::read_to_string(&path).unwrap(), "theirs");
        fs::remove_file(&path).unwrap();
        assert_eq!(replaced(&|| fs::create_dir(&path).unwrap()), refused);
        fs::remove_dir(&path).unwrap();
        assert_eq!(replaced(&|| fs::write(&path, "theirs").unwrap()), Ok(()));
        assert_eq!(fs::read_to_string(&path).unwrap(), "ours");
        assert_eq!(names(folder.path()).len(), 2);
    }

    /// Until it has the attributes of the file that it replaces, a file is its owner's alone, with a
    /// name or without.
    #[cfg(unix)]
    #[test]
    fn an_incomplete_file_is_its_owners_alone() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let path = folder.join("a.json");
        let mode = |file: &fs::Metadata| file.mode() & 0o7777;
        for (is_linked, expected) in [
            (true, 0o600),
            (false, 0o600),
            (true, 0o664),
            (false, 0o2640),
        ] {
            fs::write(&path, "old").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(expected)).unwrap();
            // As on a file system with unnamed files, and as on one without.
            let mut file = if is_linked {
                create_unnamed(folder, 0o600).unwrap()
            } else {
                create_unlinked(folder).unwrap()
            };
            file.write_all(b"new").unwrap();
            let found = file.metadata().unwrap();
            assert_eq!((mode(&found), found.nlink()), (0o600, 0));
            assert_eq!(names(folder), ["a.json"]);
            let copied = copy_hidden(&file, folder, 0o600).unwrap();
            assert_eq!(mode(&copied.as_file().metadata().unwrap()), 0o600);
            drop(copied);
            move_to(&file, &path, 0o600, Access::Kept, || Ok(())).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), "new");
            assert_eq!(mode(&path.metadata().unwrap()), expected);
            assert_eq!(names(folder), ["a.json"]);
        }
        // The umask applies to new files, either way.
        fs::write(folder.join("plain"), "").unwrap();
        let plain = mode(&folder.join("plain").metadata().unwrap());
        for file in [
            create_unnamed(folder, 0o666).unwrap(),
            create_unlinked(folder).unwrap(),
        ] {
            let path = folder.join("new");
            move_to(&file, &path, 0o666, Access::Kept, || Ok(())).unwrap();
            assert_eq!(mode(&path.metadata().unwrap()), plain);
            fs::remove_file(path).unwrap();
        }
    }

    /// If the check before the rename fails, the file at the path is left as it was.
    #[test]
    fn a_failed_check_leaves_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        fs::write(&path, "old").unwrap();
        for mut file in [
            create_unnamed(folder.path(), 0o600).unwrap(),
            create_unlinked(folder.path()).unwrap(),
        ] {
            file.write_all(b"new").unwrap();
            let moved = move_to(&file, &path, 0o600, Access::Kept, || {
                Err(io::Error::other("it has changed"))
            });
            assert_eq!(moved.unwrap_err().to_string(), "it has changed");
            assert_eq!(fs::read_to_string(&path).unwrap(), "old");
            assert_eq!(names(folder.path()), ["a.json"]);
        }
    }
}
