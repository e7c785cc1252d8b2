//! Globs as in `.gitignore`: one without a slash matches at any depth, one with a slash from the
//! base on, one that names a folder matches all in it, and `!` takes away what others give.

use std::path::{Component, Path, PathBuf};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::short::short;
use crate::steps;

/// The longest glob, in bytes: no path is longer, and compiling nested braces takes stack and time.
pub(crate) const LONGEST: usize = 4096;

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
        let base = base.to_path_buf();
        match matcher(globs) {
            Ok(matcher) => Ok(Self { base, matcher }),
            Err(fault) if fault.is_first => Err(fault.error),
            Err(fault) => Err(first_fault(&globs[..fault.number], fault.error)),
        }
    }

    /// Whether the globs speak of a file, which is relative or below the base.
    pub fn matches(&self, file: &Path) -> bool {
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

    /// Whether the globs speak of a file, given as [`Globs::folders`] of globs of the same base.
    pub(crate) fn match_one_of(&self, folders: &[PathBuf]) -> bool {
        steps::add(folders.len());
        let mut is_meant = false;
        for (number, path) in folders.iter().enumerate() {
            match self.matcher.matched(path, number + 1 < folders.len()) {
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

/// What is wrong with one of some globs.
struct Fault {
    error: GlobError,
    /// How many globs there are up to this one.
    number: usize,
    /// Whether nothing is wrong with those before it.
    is_first: bool,
}

/// Builds one matcher of globs.
fn matcher(globs: &[impl AsRef<str>]) -> Result<Gitignore, Fault> {
    let mut builder = GitignoreBuilder::new("");
    builder.allow_unclosed_class(false);
    let mut wrong = None;
    for (number, glob) in globs.iter().enumerate() {
        steps::add(glob.as_ref().len());
        if let Err(reason) = add(&mut builder, glob.as_ref()) {
            wrong = Some((number, reason));
            break;
        }
    }
    // Some faults show only here, those of the globs before a wrong one too.
    let built = builder.build();
    let is_first = built.is_ok();
    let (number, reason) = match (built, wrong) {
        (Ok(matcher), None) => return Ok(matcher),
        (_, Some(wrong)) => wrong,
        (Err(error), None) => (globs.len().saturating_sub(1), reason(&error)),
    };
    let glob = globs.get(number).map_or("", AsRef::as_ref);
    Err(Fault {
        error: GlobError {
            glob: short(glob),
            reason,
        },
        number: number + 1,
        is_first,
    })
}

/// Adds a glob to those of a matcher, or says why it can't be.
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
        let plain = short(&plain);
        return Err(format!(
            "paths are compared without `./`, so it matches nothing; write `{plain}`"
        ));
    }
    let added = builder.add_line(None, glob);
    added.map(|_| ()).map_err(|error| reason(&error))
}

/// Returns the fault of the first of these globs that has one, if not that of the last. It is sought
/// by halves, since a matcher of those up to it must be built to see it.
fn first_fault(globs: &[impl AsRef<str>], last: GlobError) -> GlobError {
    let (mut good, mut bad, mut found) = (0, globs.len(), last);
    while bad - good > 1 {
        let middle = good + (bad - good) / 2;
        match matcher(&globs[..middle]) {
            Ok(_) => good = middle,
            Err(fault) => {
                bad = middle;
                found = fault.error;
            }
        }
    }
    found
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
fn reason(error: &ignore::Error) -> String {
    let message = error.to_string();
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
        .map_or(&*message, |(_, fault)| fault);
    let fault = faults.iter().find(|(words, _)| fault.contains(words));
    fault
        .map_or("it is too long", |(_, reason)| reason)
        .to_owned()
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
