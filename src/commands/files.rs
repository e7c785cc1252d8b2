//! Writing files: whole or not at all, and never over another unless asked.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use mewshook::input::describe;
use tempfile::NamedTempFile;

/// Writes files into a folder, which is made if need be. Unless `force`, none of them is written
/// if one is there already.
pub(super) fn write_all<'f>(
    folder: &Path,
    files: impl IntoIterator<Item = (String, &'f [u8])> + Clone,
    force: bool,
) -> anyhow::Result<()> {
    if !force {
        for (name, _) in files.clone() {
            let path = folder.join(name);
            if fs::symlink_metadata(&path).is_ok() {
                bail!("{} is there already; --force replaces it", path.display());
            }
        }
    }
    fs::create_dir_all(folder).with_context(|| format!("{} can't be made", folder.display()))?;
    for (name, content) in files {
        let whole = Whole::create(&folder.join(name))?;
        let written = whole.file().and_then(|mut file| file.write_all(content));
        written.map_err(|error| cannot(&whole.path, &error))?;
        whole.commit()?;
    }
    Ok(())
}

/// Why a file can't be written.
fn cannot(path: &Path, error: &io::Error) -> anyhow::Error {
    anyhow!("{} can't be written: {}", path.display(), describe(error))
}

/// A file that appears when it is done: until then it is written beside its place, and goes away
/// with this value.
#[derive(Debug)]
pub(super) struct Whole {
    path: PathBuf,
    target: Target,
}

#[derive(Debug)]
enum Target {
    Beside(NamedTempFile),
    /// A pipe or a device, which can't be replaced.
    Itself(File),
}

impl Whole {
    /// Begins a file.
    pub(super) fn create(path: &Path) -> anyhow::Result<Self> {
        let target = Target::of(path).map_err(|error| cannot(path, &error))?;
        Ok(Self {
            path: path.to_path_buf(),
            target,
        })
    }

    /// What to write to.
    pub(super) fn file(&self) -> io::Result<File> {
        match &self.target {
            Target::Beside(file) => file.as_file().try_clone(),
            Target::Itself(file) => file.try_clone(),
        }
    }

    /// Puts the file in its place.
    pub(super) fn commit(self) -> anyhow::Result<()> {
        if let Target::Beside(file) = self.target {
            let placed = file.persist(&self.path);
            placed.map_err(|error| cannot(&self.path, &error.error))?;
        }
        Ok(())
    }
}

impl Target {
    fn of(path: &Path) -> io::Result<Self> {
        match fs::metadata(path) {
            Ok(found) if found.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Ok(found) if !found.is_file() => {
                return Ok(Self::Itself(OpenOptions::new().write(true).open(path)?));
            }
            _ => {}
        }
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        // Else the error would name a file that nobody asked for.
        folder.metadata()?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(".mewshook-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // As any other new file, less what the umask takes.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let file = builder.tempfile_in(folder);
        // The error would name it here, too.
        let file = file.map_err(|error| io::Error::from(error.kind()))?;
        Ok(Self::Beside(file))
    }
}
