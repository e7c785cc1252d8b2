//! What a path leads to that something is written to: a link that the user names is followed and
//! stays, and what is neither a regular file nor missing is written to, never replaced.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// How many links may lead to each other, as on Linux.
const MOST_LINKS: usize = 40;

/// What is behind a path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A regular file, or a place where there is nothing yet. No link stands at this path itself.
    File(PathBuf),
    /// A pipe, a device, or an open file that the system names by a link, such as `/dev/stdout`.
    Stream(PathBuf),
}

impl Target {
    /// Follows a path.
    ///
    /// # Errors
    /// A folder is there, or the path can't be followed.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        if path.as_os_str().as_encoded_bytes().ends_with(b"/") {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let mut place = path.to_path_buf();
        for _ in 0..MOST_LINKS {
            let found = match place.symlink_metadata() {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    return Ok(if names_open_file(&place) {
                        Self::Stream(place)
                    } else {
                        Self::File(place)
                    });
                }
                found => found?,
            };
            if found.is_dir() {
                return Err(io::ErrorKind::IsADirectory.into());
            }
            if !found.is_symlink() {
                let is_stream = !found.is_file() || names_open_file(&place);
                return Ok(if is_stream {
                    Self::Stream(place)
                } else {
                    Self::File(place)
                });
            }
            if names_open_file(&place) {
                let is_folder = place.metadata()?.is_dir();
                return if is_folder {
                    Err(io::ErrorKind::IsADirectory.into())
                } else {
                    Ok(Self::Stream(place))
                };
            }
            if is_planted(&place, &found) {
                return Err(io::Error::other(
                    "it is a link that another user has put into a folder for all",
                ));
            }
            match place.metadata() {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            let link = fs::read_link(&place)?;
            place = folder(&place).join(link);
        }
        // The system says it first, unless the links are changed meanwhile.
        Err(io::Error::other("too many links"))
    }

    /// The file that another can take the place of.
    pub(super) fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Stream(_) => None,
        }
    }
}

/// The folder of a file.
pub(super) fn folder(path: &Path) -> &Path {
    let folder = path.parent();
    let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Whether a path is one of those by which the system names what a process has open. What such a
/// link says is where the file was, and may lead to another one by now, or to none.
#[cfg(target_os = "linux")]
fn names_open_file(path: &Path) -> bool {
    use rustix::fs::{PROC_SUPER_MAGIC, statfs};
    // Also where this file system is not at `/proc`.
    statfs(folder(path)).is_ok_and(|system| system.f_type == PROC_SUPER_MAGIC)
}

#[cfg(not(target_os = "linux"))]
fn names_open_file(path: &Path) -> bool {
    is_own_descriptor(path)
}

/// Whether a path names something that this process has open.
fn is_own_descriptor(path: &Path) -> bool {
    let Ok(place) = folder(path).canonicalize() else {
        return false;
    };
    let mut names = ["/proc/self/fd", "/dev/fd"].iter();
    names.any(|name| Path::new(name).canonicalize().is_ok_and(|own| own == place))
}

/// Whether a link may be a trap: whoever may write into a folder for all, such as `/tmp`, could lead
/// what is written to a name there anywhere. Linux refuses to follow such a link, if it is set so.
#[cfg(unix)]
fn is_planted(link: &Path, found: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    const FOR_ALL: u32 = 0o1002;
    let is_own = found.uid() == rustix::process::geteuid().as_raw();
    !is_own
        && folder(link)
            .metadata()
            .is_ok_and(|folder| folder.mode() & FOR_ALL == FOR_ALL && folder.uid() != found.uid())
}

#[cfg(not(unix))]
fn is_planted(_: &Path, _: &Metadata) -> bool {
    false
}

/// Opens a pipe, a device or an open file, to write to it where it is at.
pub(super) fn open_stream(path: &Path) -> io::Result<File> {
    if let Some(stream) = standard_stream(path) {
        return stream;
    }
    OpenOptions::new().append(true).open(path)
}

/// Standard output or standard error, if a path names it. Opened by its path, a file would be
/// written from its start, over what the shell or this program has written to it.
#[cfg(unix)]
fn standard_stream(path: &Path) -> Option<io::Result<File>> {
    use std::os::fd::AsFd;

    if !is_own_descriptor(path) {
        return None;
    }
    let stream = match path.file_name()?.to_str()? {
        "1" if crate::streams::is_stdout_closed() => {
            return Some(Err(io::Error::other(super::output::CLOSED)));
        }
        "1" => io::stdout().as_fd().try_clone_to_owned(),
        "2" => io::stderr().as_fd().try_clone_to_owned(),
        _ => return None,
    };
    Some(stream.map(File::from))
}

#[cfg(not(unix))]
fn standard_stream(_: &Path) -> Option<io::Result<File>> {
    None
}
