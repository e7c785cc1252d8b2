//! Globs as in `.gitignore`: one without a slash matches at any depth, one with a slash from the
//! base on, one that names a folder matches all in it, and `!` takes away what others give.

use std::path::{Component, Path, PathBuf};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Some globs, and where they start.
#[derive(Debug, Clone)]
pub struct Globs {
    base: PathBuf,
    matcher: Gitignore,
}

/// An invalid glob.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid glob `{glob}`: {reason}")]
pub struct GlobError {
    glob: String,
    reason: String,
}

impl Globs {
    /// Globs that start at `base`.
    ///
    /// # Errors
    /// The first invalid glob.
    pub fn new(base: &Path, globs: &[impl AsRef<str>]) -> Result<Self, GlobError> {
        let mut builder = GitignoreBuilder::new("");
        builder.allow_unclosed_class(false);
        let mut matcher = Ok(Gitignore::empty());
        for glob in globs {
            let glob = glob.as_ref();
            let fault = |reason: &str| GlobError {
                glob: glob.to_owned(),
                reason: reason.to_owned(),
            };
            if glob.trim_start_matches('!').trim().is_empty() {
                return Err(fault("it is empty"));
            }
            if glob.starts_with('#') {
                return Err(fault("`#` begins a comment; write `\\#`"));
            }
            if let Some(plain) = without_dots(glob) {
                return Err(fault(&format!(
                    "paths are compared without `./`, so it matches nothing; write `{plain}`"
                )));
            }
            let added = builder.add_line(None, glob).map(|_| ());
            added.map_err(|error| fault(reason(&error.to_string())))?;
            // Built each time, since some faults show only then.
            matcher = builder.build();
            if let Err(error) = &matcher {
                return Err(fault(reason(&error.to_string())));
            }
        }
        let base = base.to_path_buf();
        let matcher = matcher.unwrap_or_else(|_| Gitignore::empty());
        Ok(Self { base, matcher })
    }

    /// Whether the globs speak of a file, which is relative or below the base.
    pub fn matches(&self, file: &Path) -> bool {
        let file = self.relative(file);
        let parts: Vec<_> = file.components().collect();
        let mut path = PathBuf::new();
        let mut is_meant = false;
        for (number, part) in parts.iter().enumerate() {
            path.push(part);
            match self.matcher.matched(&path, number + 1 < parts.len()) {
                Match::None => {}
                Match::Ignore(_) => is_meant = true,
                Match::Whitelist(_) => return false,
            }
        }
        is_meant
    }

    /// Whether nothing in a folder can be meant.
    pub fn excludes(&self, folder: &Path) -> bool {
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

/// Says what the library says of an invalid glob.
fn reason(message: &str) -> &'static str {
    let faults = [
        ("unclosed character class", "a `[` has no `]`"),
        (
            "invalid range",
            "a range ends before it starts, as in `[z-a]`",
        ),
        ("unclosed alternate", "a `{` has no `}`"),
        (
            "unopened alternate",
            "a `}` has no `{`; write `[}]` for a brace",
        ),
        ("dangling", "a `\\` at its end stands before nothing"),
    ];
    // The glob itself stands before that.
    let fault = message
        .rsplit_once("': ")
        .map_or(message, |(_, fault)| fault);
    let fault = faults.iter().find(|(words, _)| fault.contains(words));
    fault.map_or("it is too long", |(_, reason)| reason)
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
        for (glob, message) in [
            ("a[", "invalid glob `a[`: a `[` has no `]`"),
            (
                "[z-a]",
                "invalid glob `[z-a]`: a range ends before it starts, as in `[z-a]`",
            ),
            ("a{b", "invalid glob `a{b`: a `{` has no `}`"),
            (
                "a}",
                "invalid glob `a}`: a `}` has no `{`; write `[}]` for a brace",
            ),
            (
                "a\\",
                "invalid glob `a\\`: a `\\` at its end stands before nothing",
            ),
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
