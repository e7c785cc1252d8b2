//! Finds out what a path leads to before it is written to.
//!
//! A link that the user names is followed, and is still a link afterwards. A regular file is replaced.
//! Pipes and devices are written to.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// The maximum number of links to follow, as on Linux.
const MAX_LINKS: usize = 40;

/// What a path leads to.
#[derive(Debug, PartialEq, Eq)]
pub enum FileTarget {
    /// A regular file, or a path at which nothing exists. The path itself is not a link.
    File(PathBuf),
    /// A pipe, a device, or an open file that the system names by a link, such as `/dev/stdout`.
    Stream(PathBuf),
}

impl FileTarget {
    /// Follows a path.
    ///
    /// # Errors
    /// The path leads to a folder, or can't be followed.
    pub fn of(path: &Path) -> io::Result<Self> {
        if path.as_os_str().as_encoded_bytes().ends_with(b"/") {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let mut path = path.to_path_buf();
        for _ in 0..MAX_LINKS {
            let metadata = match path.symlink_metadata() {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    return Ok(if names_open_file(&path) {
                        Self::Stream(path)
                    } else {
                        Self::File(path)
                    });
                }
                metadata => metadata?,
            };
            if metadata.is_dir() {
                return Err(io::ErrorKind::IsADirectory.into());
            }
            if !metadata.is_symlink() {
                let is_stream = !metadata.is_file() || names_open_file(&path);
                return Ok(if is_stream {
                    Self::Stream(path)
                } else {
                    Self::File(path)
                });
            }
            if names_open_file(&path) {
                let is_folder = path.metadata()?.is_dir();
                return if is_folder {
                    Err(io::ErrorKind::IsADirectory.into())
                } else {
                    Ok(Self::Stream(path))
                };
            }
            if is_suspicious(&path, &metadata) {
                return Err(io::Error::other(
                    "it is another user's link in a folder that everyone may write to",
                ));
            }
            match path.metadata() {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            let link = fs::read_link(&path)?;
            path = folder(&path).join(link);
        }
        // Following the links above fails first, unless they are changed meanwhile.
        Err(io::Error::other("too many links"))
    }

    /// Returns the path of the file, unless the target is a stream.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Stream(_) => None,
        }
    }
}

/// Returns the folder that contains a file.
pub fn folder(path: &Path) -> &Path {
    let folder = path.parent();
    let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Returns `true` if a path names an open file of a process, as `/proc/self/fd/1` does. The link's text
/// is the path by which the file was opened. Another file may be there now, so it must not be followed.
#[cfg(target_os = "linux")]
fn names_open_file(path: &Path) -> bool {
    use rustix::fs::{PROC_SUPER_MAGIC, statfs};
    // The file system may be mounted at other paths than `/proc`.
    statfs(folder(path)).is_ok_and(|system| system.f_type == PROC_SUPER_MAGIC)
}

#[cfg(not(target_os = "linux"))]
fn names_open_file(path: &Path) -> bool {
    is_own_descriptor(path)
}

/// Returns `true` if a path names a descriptor of this process.
fn is_own_descriptor(path: &Path) -> bool {
    let Ok(folder) = folder(path).canonicalize() else {
        return false;
    };
    let mut names = ["/proc/self/fd", "/dev/fd"].iter();
    names.any(|name| {
        Path::new(name)
            .canonicalize()
            .is_ok_and(|own| own == folder)
    })
}

/// Returns `true` if a link may be a trap: in a folder that everyone may write to, such as `/tmp`,
/// another user can create a link that leads the output to any file. Linux refuses to follow such a
/// link if `fs.protected_symlinks` is set.
#[cfg(unix)]
fn is_suspicious(link: &Path, metadata: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    const STICKY_AND_WRITABLE: u32 = 0o1002;
    let is_own = metadata.uid() == rustix::process::geteuid().as_raw();
    !is_own
        && folder(link).metadata().is_ok_and(|folder| {
            folder.mode() & STICKY_AND_WRITABLE == STICKY_AND_WRITABLE
                && folder.uid() != metadata.uid()
        })
}

#[cfg(not(unix))]
fn is_suspicious(_: &Path, _: &Metadata) -> bool {
    false
}

/// Opens a pipe, a device or an open file for writing at its current position.
pub fn open_stream(path: &Path) -> io::Result<File> {
    if let Some(stream) = standard_stream(path) {
        return stream;
    }
    OpenOptions::new().append(true).open(path)
}

/// Returns standard output or standard error, if a path names one of them. Opening a file by that path
/// would write from its start, over what the shell or this program has already written to it.
#[cfg(unix)]
fn standard_stream(path: &Path) -> Option<io::Result<File>> {
    use std::os::fd::AsFd;

    if !is_own_descriptor(path) {
        return None;
    }
    let stream = match path.file_name()?.to_str()? {
        "1" if super::closed::is_stdout_closed() => {
            return Some(Err(io::Error::other(super::stdout::STDOUT_CLOSED)));
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
