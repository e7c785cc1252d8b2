//! Paths relative to the root of a repository.
//!
//! CI services show diagnostics beside the code, and find a file by its path from the root of the
//! repository, whichever folder the program runs in.

use std::path::{Component, Path, PathBuf};

use crate::input::STDIN;
use crate::secrets::Masking;

/// A repository, and the folder to which the labels of inputs are relative.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    root: PathBuf,
    current_dir: PathBuf,
    masking: Masking,
}

impl Workspace {
    /// Creates a workspace from the root of a repository and the current folder. Both paths must be
    /// absolute.
    pub fn new(root: PathBuf, current_dir: PathBuf, masking: Masking) -> Self {
        Self {
            root,
            current_dir,
            masking,
        }
    }

    /// Returns the path of an input relative to the root, separated by `/`, or its absolute path if it
    /// is not below the root.
    pub fn path(&self, label: &str) -> String {
        if label == STDIN {
            return label.to_owned();
        }
        let mut path = PathBuf::new();
        for component in self.current_dir.join(label).components() {
            match component {
                Component::CurDir => {}
                Component::ParentDir => drop(path.pop()),
                component => path.push(component),
            }
        }
        let relative = path.strip_prefix(&self.root).unwrap_or(&path);
        // A label is masked already, but not the names of the folders around it.
        self.masking.mask_path(&with_slashes(relative)).into_owned()
    }
}

fn with_slashes(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        text.into_owned()
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

#[cfg(test)]
mod tests {
    use super::{Masking, Workspace};

    #[test]
    fn paths_are_relative_to_the_root() {
        let workspace = Workspace::new("/repo".into(), "/repo/api".into(), Masking::On);
        for (label, path) in [
            ("a.json", "api/a.json"),
            ("./fixtures//a.json", "api/fixtures/a.json"),
            ("../a.json", "a.json"),
            ("/repo/b/a.json", "b/a.json"),
            ("/elsewhere/a.json", "/elsewhere/a.json"),
            ("../../a.json", "/a.json"),
            ("<stdin>", "<stdin>"),
        ] {
            assert_eq!(workspace.path(label), path);
        }
    }
}
