//! Writing files: whole or not at all, and never over another unless asked.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

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
        let path = folder.join(name);
        write(&path, content).with_context(|| format!("{} can't be written", path.display()))?;
    }
    Ok(())
}

/// Writes beside the file first, so that it is never seen half written.
fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part: PathBuf = path.with_file_name(name);
    let result = fs::write(&part, content).and_then(|()| fs::rename(&part, path));
    if result.is_err() {
        let _ = fs::remove_file(&part);
    }
    result
}
