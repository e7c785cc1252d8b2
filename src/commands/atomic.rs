//! A file that appears whole or not at all.
//!
//! Until it is done it has no name, so that a run that is interrupted, even killed, leaves nothing
//! behind. Then it gets its own name at once if there is nothing yet, and else a hidden one, under
//! which it takes the place of the other in one step. It is made for its owner alone, and only what
//! is done gets the owner, group and mode of what it replaces.
//!
//! `atomic-write-file` was looked at: it sets the mode before the owner, which clears bits of it,
//! renames over whatever is there, and leaves its hidden name behind if that fails.

use std::error::Error;
use std::fs::File;
use std::io::{self, ErrorKind, Seek};
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use mewshook::input::describe;
use tempfile::{NamedTempFile, TempPath};

use super::attributes::Attributes;
use super::signals::undisturbed;
use super::target::{Target, folder, open_stream};

/// What the hidden names start with.
const PREFIX: &str = ".mewshook-";

/// Something to write to.
#[derive(Debug)]
pub(super) struct AtomicFile {
    /// As the user calls it.
    path: PathBuf,
    target: Target,
    file: File,
    /// Whether there was nothing yet.
    is_new: bool,
}

impl AtomicFile {
    /// Begins a file; a pipe or a device is opened.
    pub(super) fn create(path: &Path) -> anyhow::Result<Self> {
        let begun = Target::of(path).and_then(|target| Self::new(path, target));
        begun.map_err(|error| cannot(path, &error))
    }

    /// Begins a file at this very path: a link that appears there is not followed.
    pub(super) fn at(path: &Path) -> io::Result<Self> {
        Self::new(path, Target::File(path.to_path_buf()))
    }

    fn new(path: &Path, target: Target) -> io::Result<Self> {
        let is_new = target
            .file()
            .is_some_and(|place| place.symlink_metadata().is_err());
        let file = match &target {
            Target::File(place) => unnamed(folder(place), mode(is_new))?,
            Target::Stream(place) => open_stream(place)?,
        };
        Ok(Self {
            path: path.to_path_buf(),
            target,
            file,
            is_new,
        })
    }

    /// What to write to.
    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// What to write to, for one who keeps it.
    pub(super) fn writer(&self) -> anyhow::Result<File> {
        let writer = self.file.try_clone();
        writer.map_err(|error| cannot(&self.path, &error))
    }

    /// Puts the file in its place. A regular file that is there is replaced.
    /// `check` is called last, directly before the rename.
    ///
    /// # Errors
    /// The file can't be written, or `check` fails. Whatever was there before is left as it was.
    pub(super) fn replace(self, check: impl Fn() -> io::Result<()>) -> io::Result<()> {
        match &self.target {
            Target::File(place) => put(&self.file, place, mode(self.is_new), check),
            Target::Stream(_) => Ok(()),
        }
    }

    /// Does the same, and names the file in its errors.
    pub(super) fn commit(self) -> anyhow::Result<()> {
        let path = self.path.clone();
        self.replace(|| Ok(()))
            .map_err(|error| cannot(&path, &error))
    }

    /// Puts the file in its place, unless anything has appeared there meanwhile.
    pub(super) fn commit_new(self) -> anyhow::Result<()> {
        let put = match &self.target {
            Target::File(place) => put_new(&self.file, place, mode(self.is_new)),
            Target::Stream(_) => Err(ErrorKind::AlreadyExists.into()),
        };
        put.map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => exists(&self.path),
            _ => cannot(&self.path, &error),
        })
    }
}

/// What to do about a file that is not to be replaced.
pub(super) fn exists(path: &Path) -> anyhow::Error {
    anyhow!(
        "{} already exists; --force replaces it",
        super::name(path.display())
    )
}

/// Why a file can't be written.
pub(super) fn cannot(path: &Path, error: &io::Error) -> anyhow::Error {
    anyhow!(
        "{} can't be written: {}",
        super::name(path.display()),
        describe(error)
    )
}

/// What replaces another is for its owner alone until it gets that one's attributes, what is new is
/// for those whom the umask lets in.
fn mode(is_new: bool) -> u32 {
    if is_new { 0o666 } else { 0o600 }
}

/// Creates a file without a name in a folder.
fn unnamed(folder: &Path, mode: u32) -> io::Result<File> {
    // Else the error would name a file that nobody asked for.
    folder.metadata()?;
    system::unnamed(folder, mode).or_else(|_| unlinked(folder))
}

/// Does the same where the system knows no files without a name: this one has lost it.
fn unlinked(folder: &Path) -> io::Result<File> {
    let named = tempfile::Builder::new().prefix(PREFIX).tempfile_in(folder);
    Ok(named.map_err(|error| plain(&error))?.into_file())
}

/// What the system says, without the name of a file that nobody asked for.
fn plain(error: &io::Error) -> io::Error {
    let source = error.source().and_then(|source| source.downcast_ref());
    let number = source.unwrap_or(error).raw_os_error();
    number.map_or_else(|| error.kind().into(), io::Error::from_raw_os_error)
}

/// Puts a file without a name in a place, over a regular file that may be there.
fn put(file: &File, place: &Path, mode: u32, check: impl Fn() -> io::Result<()>) -> io::Result<()> {
    if is_missing(place)? {
        match put_new(file, place, mode) {
            // Something has appeared.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => is_missing(place)?,
            result => return result,
        };
    }
    let attributes = Attributes::of(place)?;
    attributes.give(file)?;
    file.sync_all()?;
    undisturbed(|| {
        let name = name(file, folder(place)).or_else(|_| {
            let (copy, name) = copy(file, folder(place), 0o600)?.into_parts();
            attributes.give(&copy)?;
            io::Result::Ok(name)
        })?;
        check()?;
        name.persist(place).map_err(|error| error.error)
    })
}

/// Whether there is nothing in a place.
///
/// # Errors
/// What is there is not to be replaced.
fn is_missing(place: &Path) -> io::Result<bool> {
    match place.symlink_metadata() {
        Ok(found) if found.is_file() => Ok(false),
        Ok(_) => Err(io::Error::other("it is no longer a regular file")),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

/// Puts a file without a name in a place where there is nothing.
fn put_new(file: &File, place: &Path, mode: u32) -> io::Result<()> {
    file.sync_all()?;
    match system::link(file, place) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => undisturbed(|| {
            let name = copy(file, folder(place), mode)?.into_temp_path();
            name.persist_noclobber(place).map_err(|error| error.error)
        }),
        result => result,
    }
}

/// Gives a file without a name a hidden one, which is gone with what is returned.
fn name(file: &File, folder: &Path) -> io::Result<TempPath> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX);
    let named = builder.make_in(folder, |path| system::link(file, path))?;
    if system::forgets_unnamed_files(file) {
        file.sync_all()?;
    }
    Ok(named.into_temp_path())
}

/// Copies a file without a name to one with a hidden name, where the system can't give it one.
fn copy(mut file: &File, folder: &Path, mode: u32) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Less what the umask takes.
        builder.permissions(std::fs::Permissions::from_mode(mode));
    }
    #[cfg(not(unix))]
    let _ = mode;
    let mut named = builder.tempfile_in(folder).map_err(|error| plain(&error))?;
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

    /// Creates a file without a name, which can get one.
    pub(super) fn unnamed(folder: &Path, mode: u32) -> io::Result<File> {
        let flags = OFlags::TMPFILE.bits().cast_signed();
        let mut options = OpenOptions::new();
        options
            .read(true)
            .write(true)
            .mode(mode)
            .custom_flags(flags);
        options.open(folder)
    }

    /// Gives it a name, at which there is nothing yet.
    pub(super) fn link(file: &File, path: &Path) -> io::Result<()> {
        let unnamed = format!("/proc/self/fd/{}", file.as_raw_fd());
        Ok(linkat(CWD, unnamed, CWD, path, AtFlags::SYMLINK_FOLLOW)?)
    }

    /// Whether a sync of a file without a name does nothing: on btrfs. After a power cut, what has
    /// taken the place of another file would be empty.
    pub(super) fn forgets_unnamed_files(file: &File) -> bool {
        const BTRFS: i128 = 0x9123_683E;
        fstatfs(file).is_ok_and(|system| i128::from(system.f_type) & 0xFFFF_FFFF == BTRFS)
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::fs::File;
    use std::io;
    use std::path::Path;

    pub(super) fn unnamed(_: &Path, _: u32) -> io::Result<File> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn link(_: &File, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn forgets_unnamed_files(_: &File) -> bool {
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

    /// A file that another program creates between the look and the end stays as it is.
    #[test]
    fn a_file_that_appears_meanwhile_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.json");
        let new = AtomicFile::at(&path).unwrap();
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

    /// Whatever has come there meanwhile, only a regular file is replaced.
    #[cfg(unix)]
    #[test]
    fn nothing_but_a_regular_file_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new.json");
        let replaced = |appear: &dyn Fn()| {
            let new = AtomicFile::at(&path).unwrap();
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

    /// Until it has the attributes of the other, what replaces a file is its owner's alone, with
    /// a name or without.
    #[cfg(unix)]
    #[test]
    fn what_is_not_done_is_nobody_else_s() {
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
            // As on a file system that knows files without a name, and on one that does not.
            let mut file = if is_linked {
                unnamed(folder, 0o600).unwrap()
            } else {
                unlinked(folder).unwrap()
            };
            file.write_all(b"new").unwrap();
            let found = file.metadata().unwrap();
            assert_eq!((mode(&found), found.nlink()), (0o600, 0));
            assert_eq!(names(folder), ["a.json"]);
            let copied = copy(&file, folder, 0o600).unwrap();
            assert_eq!(mode(&copied.as_file().metadata().unwrap()), 0o600);
            drop(copied);
            put(&file, &path, 0o600, || Ok(())).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), "new");
            assert_eq!(mode(&path.metadata().unwrap()), expected);
            assert_eq!(names(folder), ["a.json"]);
        }
        // What is new has what the umask leaves it, in both ways.
        fs::write(folder.join("plain"), "").unwrap();
        let plain = mode(&folder.join("plain").metadata().unwrap());
        for file in [unnamed(folder, 0o666).unwrap(), unlinked(folder).unwrap()] {
            let path = folder.join("new");
            put(&file, &path, 0o666, || Ok(())).unwrap();
            assert_eq!(mode(&path.metadata().unwrap()), plain);
            fs::remove_file(path).unwrap();
        }
    }

    /// What is found at the last instant leaves everything as it was.
    #[test]
    fn a_file_that_must_stay_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        fs::write(&path, "old").unwrap();
        for mut file in [
            unnamed(folder.path(), 0o600).unwrap(),
            unlinked(folder.path()).unwrap(),
        ] {
            file.write_all(b"new").unwrap();
            let put = put(&file, &path, 0o600, || {
                Err(io::Error::other("it has changed"))
            });
            assert_eq!(put.unwrap_err().to_string(), "it has changed");
            assert_eq!(fs::read_to_string(&path).unwrap(), "old");
            assert_eq!(names(folder.path()), ["a.json"]);
        }
    }
}
