//! What is asked for, by whom, and what comes of it.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::sync::Arc;

use crate::checks::{CheckOptions, Policy, PolicyError};
use crate::contract::Kind;

/// Who asks for something.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Nobody.
    Default,
    /// A line of a file.
    File(Arc<str>, u64),
    /// The command line.
    CommandLine,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path, line) => write!(f, "{path}:{line}"),
            Self::CommandLine => f.write_str("command line"),
        }
    }
}

/// Something that is asked for.
pub type Asked<T> = Option<(T, Reason)>;

/// What one place asks for.
#[derive(Debug, Clone, Default)]
pub struct Layer {
    /// The kind of the payloads.
    pub kind: Asked<Kind>,
    /// Whether warnings count as errors.
    pub strict: Asked<bool>,
    /// The errors that each payload must have.
    pub expect: Asked<Vec<String>>,
    /// Warnings that are not reported.
    pub allow: Asked<Vec<String>>,
    /// Warnings that count as errors.
    pub deny: Asked<Vec<String>>,
}

impl Layer {
    /// Whether all codes are ones, and none is asked to be two things.
    ///
    /// # Errors
    /// What can't be.
    pub fn check(&self) -> Result<(), PolicyError> {
        let [expect, allow, deny] = [&self.expect, &self.allow, &self.deny].map(|asked| {
            let codes = asked.iter().flat_map(|(codes, _)| distinct(codes));
            codes.collect::<Vec<_>>()
        });
        let policy = Policy::new(false, &allow, &deny)?;
        policy.expecting(&expect).map(|_| ())
    }
}

/// Returns each code once, however often it is listed: what follows compares each with all others.
fn distinct(codes: &[String]) -> Vec<&str> {
    let mut seen = HashSet::new();
    let codes = codes.iter().map(String::as_str);
    codes.filter(|code| seen.insert(*code)).collect()
}

/// How a warning is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Taken {
    Allowed,
    Denied,
}

/// What all places together ask for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Settings {
    /// The kind of the payloads.
    pub kind: Asked<Kind>,
    /// Whether warnings count as errors.
    pub strict: Asked<bool>,
    /// The errors that each payload must have.
    pub expect: Vec<(String, Reason)>,
    taken: BTreeMap<String, (Taken, Reason)>,
}

impl Settings {
    /// Adds what a place asks for; where it speaks of the same, it wins.
    pub fn add(&mut self, layer: &Layer) {
        if layer.kind.is_some() {
            self.kind.clone_from(&layer.kind);
        }
        if layer.strict.is_some() {
            self.strict.clone_from(&layer.strict);
        }
        if let Some((codes, reason)) = &layer.expect {
            let codes = distinct(codes);
            self.taken.retain(|code, _| !codes.contains(&code.as_str()));
            let codes = codes.into_iter();
            self.expect = codes
                .map(|code| (code.to_owned(), reason.clone()))
                .collect();
        }
        for (asked, taken) in [(&layer.allow, Taken::Allowed), (&layer.deny, Taken::Denied)] {
            for code in asked.iter().flat_map(|(codes, _)| distinct(codes)) {
                let reason = asked
                    .as_ref()
                    .map_or(Reason::Default, |(_, reason)| reason.clone());
                if taken == Taken::Allowed {
                    self.expect.retain(|(expected, _)| expected != code);
                }
                self.taken.insert(code.to_owned(), (taken, reason));
            }
        }
    }

    /// The warnings that are not reported.
    pub fn allowed(&self) -> impl Iterator<Item = (&str, &Reason)> {
        self.taken(Taken::Allowed)
    }

    /// The warnings that count as errors.
    pub fn denied(&self) -> impl Iterator<Item = (&str, &Reason)> {
        self.taken(Taken::Denied)
    }

    fn taken(&self, wanted: Taken) -> impl Iterator<Item = (&str, &Reason)> {
        let all = self.taken.iter();
        all.filter(move |(_, (taken, _))| *taken == wanted)
            .map(|(code, (_, reason))| (code.as_str(), reason))
    }

    /// What payloads are checked by.
    pub fn options(&self) -> CheckOptions {
        let allowed: Vec<_> = self.allowed().map(|(code, _)| code).collect();
        let denied: Vec<_> = self.denied().map(|(code, _)| code).collect();
        let expected: Vec<_> = self.expect.iter().map(|(code, _)| code.as_str()).collect();
        let strict = self.strict.as_ref().is_some_and(|(strict, _)| *strict);
        let policy = Policy::new(strict, &allowed, &denied);
        CheckOptions {
            // Each layer was checked, and no code is two things in the sum.
            policy: policy
                .and_then(|policy| policy.expecting(&expected))
                .unwrap_or_default(),
            kind: self.kind.as_ref().map(|(kind, _)| *kind),
        }
    }
}
