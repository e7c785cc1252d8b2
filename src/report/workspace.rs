//! Where files stand in their repository: what a service that shows findings beside the code wants
//! to know, wherever in it the program runs.

use std::path::{Component, Path, PathBuf};

use crate::input::STDIN;
use crate::secrets;

/// A repository, and the folder in it from which relative paths start.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    root: PathBuf,
    here: PathBuf,
}

impl Workspace {
    /// A workspace with the given root; both are absolute.
    pub fn new(root: PathBuf, here: PathBuf) -> Self {
        Self { root, here }
    }

    /// Returns the path of an input from the root on, with `/`; in whole, if it lies elsewhere.
    /// Secrets in it are masked: those in its label are, but not those in folders around it.
    pub fn path(&self, label: &str) -> String {
        if label == STDIN {
            return label.to_owned();
        }
        let mut path = PathBuf::new();
        for part in self.here.join(label).components() {
            match part {
                Component::CurDir => {}
                Component::ParentDir => drop(path.pop()),
                part => path.push(part),
            }
        }
        let inside = path.strip_prefix(&self.root).unwrap_or(&path);
        secrets::mask_path(&slashed(inside)).into_owned()
    }
}

fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        text.into_owned()
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

#[cfg(test)]
mod tests {
    use super::Workspace;

    #[test]
    fn paths_start_at_the_root() {
        let workspace = Workspace::new("/repo".into(), "/repo/api".into());
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
