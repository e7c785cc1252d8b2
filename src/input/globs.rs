//! Globs as in `.gitignore`: one without a slash matches at any depth, one with a slash from the
//! base on, one that names a folder matches all in it, and `!` excludes what others include.
//!
//! The rules are those of `ignore::gitignore`. Not of `ignore::overrides`, though it is made for a
//! command line: it gives the same answer for a file that no glob matches and for one that `!`
//! excludes, so a glob that names a folder could not include what is in it.

use std::path::{Component, Path, PathBuf};
use std::slice;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::shorten::shorten;
use crate::steps;

use super::InputError;

/// The longest glob, in bytes: no path is longer, and compiling nested braces takes stack and time.
pub(super) const LONGEST: usize = 4096;

/// Some globs, and where they start.
#[derive(Debug, Clone)]
pub(crate) struct Globs {
    base: PathBuf,
    matcher: Gitignore,
}

impl Globs {
    /// Compiles globs that start at `base`.
    ///
    /// # Errors
    /// The first invalid glob.
    pub(crate) fn new(base: &Path, globs: &[impl AsRef<str>]) -> Result<Self, InputError> {
        let matcher = matcher(globs).map_err(|error| {
            // Some globs turn out to be invalid only when all are compiled.
            let mut each = globs.iter().map(slice::from_ref);
            each.find_map(|glob| matcher(glob).err()).unwrap_or(error)
        })?;
        let base = base.to_path_buf();
        Ok(Self { base, matcher })
    }

    /// Returns `true` if the globs include a file, which is relative or below the base.
    pub(crate) fn matches(&self, file: &Path) -> bool {
        self.match_one_of(&self.folders(file))
    }

    /// Returns the folders from the base down to a file, and the file.
    pub(crate) fn folders(&self, file: &Path) -> Vec<PathBuf> {
        let mut path = PathBuf::new();
        let file = self.relative(file);
        let parts = file.components().map(|part| {
            path.push(part);
            path.clone()
        });
        parts.collect()
    }

    /// Returns `true` if the globs include a file, given as the [`Globs::folders`] of globs of the
    /// same base.
    pub(crate) fn match_one_of(&self, folders: &[PathBuf]) -> bool {
        steps::add(folders.len());
        let mut is_included = false;
        for (number, path) in folders.iter().enumerate() {
            match self.matcher.matched(path, number + 1 < folders.len()) {
                Match::None => {}
                Match::Ignore(_) => is_included = true,
                Match::Whitelist(_) => return false,
            }
        }
        is_included
    }

    /// Returns `true` if the globs exclude a folder, and so all that is in it.
    pub(crate) fn excludes(&self, folder: &Path) -> bool {
        self.matcher
            .matched(self.relative(folder), true)
            .is_whitelist()
    }

    fn relative(&self, path: &Path) -> PathBuf {
        let path = path.strip_prefix(&self.base).unwrap_or(path);
        let parts = path.components();
        parts
            .filter(|part| matches!(part, Component::Normal(_) | Component::ParentDir))
            .collect()
    }
}

/// Builds one matcher of globs.
fn matcher(globs: &[impl AsRef<str>]) -> Result<Gitignore, InputError> {
    let invalid = |glob: &str, reason| InputError::Glob {
        glob: shorten(glob),
        reason,
    };
    let mut builder = GitignoreBuilder::new("");
    builder.allow_unclosed_class(false);
    for glob in globs.iter().map(AsRef::as_ref) {
        steps::add(glob.len());
        add(&mut builder, glob).map_err(|reason| invalid(glob, reason))?;
    }
    let last = globs.last().map_or("", AsRef::as_ref);
    let reason = match globs {
        [_] => "it is too long, or nested too deeply",
        _ => "the globs up to this one are too long together",
    };
    builder.build().map_err(|_| invalid(last, reason.into()))
}

/// Adds a glob to a matcher, or says why it is invalid.
fn add(builder: &mut GitignoreBuilder, glob: &str) -> Result<(), String> {
    if glob.trim_start_matches('!').trim().is_empty() {
        return Err("it is empty".into());
    }
    if glob.len() > LONGEST {
        return Err(format!("it is longer than {LONGEST} bytes, as no path is"));
    }
    if glob.starts_with('#') {
        return Err("`#` begins a comment; write `\\#`".into());
    }
    if let Some(plain) = without_dots(glob) {
        let plain = shorten(&plain);
        return Err(format!(
            "paths are compared without `./`, so it matches nothing; write `{plain}`"
        ));
    }
    match builder.add_line(None, glob) {
        Ok(_) => Ok(()),
        Err(ignore::Error::Glob { err, .. }) => Err(err),
        Err(error) => Err(error.to_string()),
    }
}

/// Returns a glob without its `.` components, if it has any.
fn without_dots(glob: &str) -> Option<String> {
    let (sign, path) = match glob.strip_prefix('!') {
        Some(path) => ("!", path),
        None => ("", glob),
    };
    let parts: Vec<_> = path.split('/').collect();
    let plain: Vec<_> = parts.iter().copied().filter(|part| *part != ".").collect();
    if plain.len() == parts.len() {
        return None;
    }
    // One that started at the base still does.
    Some(match &plain[..] {
        [] | [""] => "*".to_owned(),
        [name] => format!("{sign}/{name}"),
        parts => format!("{sign}{}", parts.join("/")),
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Globs;

    #[test]
    fn globs_match_as_in_gitignore() {
        for (globs, meant, others) in [
            (
                &["*.json"][..],
                &["a.json", "b/c/a.json"][..],
                &["a.jsonl"][..],
            ),
            (
                &["bad/*.json"],
                &["bad/a.json", "/repo/bad/a.json"],
                &["x/bad/a.json", "bad/x/a.json"],
            ),
            (&["bad"], &["bad/a.json", "x/bad/y/a.json"], &["bad.json"]),
            (&["bad/"], &["bad/a.json", "x/bad/y/a.json"], &["bad"]),
            (&["/bad/"], &["bad/a.json"], &["x/bad/a.json"]),
            (&["bad/**"], &["bad/a.json", "bad/x/a.json"], &["a.json"]),
            (
                &["*.json", "!bad"],
                &["a.json"],
                &["bad/a.json", "x/bad/a.json"],
            ),
            (&["*.json", "!b.json"], &["x/a.json"], &["x/b.json"]),
            (&["{a,b}.json"], &["a.json", "b.json"], &["c.json"]),
        ] {
            let found = Globs::new(Path::new("/repo"), globs).unwrap_or_else(|e| panic!("{e}"));
            for path in meant {
                assert!(found.matches(Path::new(path)), "{globs:?} {path}");
            }
            for path in others {
                assert!(!found.matches(Path::new(path)), "{globs:?} {path}");
            }
        }
        let nested = "{*,".repeat(1000) + &"}".repeat(1000);
        let error = Globs::new(Path::new(""), &["*.json", &nested, "*.txt"]);
        let error = error.map_err(|error| error.to_string()).unwrap_err();
        assert!(
            error.starts_with("invalid glob `{*,{*,")
                && error.ends_with("`: it is too long, or nested too deeply"),
            "{error}"
        );
        for (glob, message) in [
            (
                "a[",
                "invalid glob `a[`: unclosed character class; missing ']'",
            ),
            ("[z-a]", "invalid glob `[z-a]`: invalid range; 'z' > 'a'"),
            ("a\\", "invalid glob `a\\`: dangling '\\'"),
            ("!", "invalid glob `!`: it is empty"),
            (
                "./a",
                "invalid glob `./a`: paths are compared without `./`, so it matches nothing; write `/a`",
            ),
            (
                "!a/./b",
                "invalid glob `!a/./b`: paths are compared without `./`, so it matches nothing; write `!a/b`",
            ),
        ] {
            let error = Globs::new(Path::new(""), &[glob]).map(|_| ());
            assert_eq!(
                error.map_err(|error| error.to_string()),
                Err(message.into())
            );
        }
    }
}
