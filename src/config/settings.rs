//! Settings, their origins, and how layers of them are combined.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::sync::Arc;

use crate::checks::{CheckOptions, Policy, PolicyError};
use crate::contract::Kind;
use crate::frame::CaptureMode;

/// The origin of a setting.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SettingOrigin {
    /// The default.
    Default,
    /// A line of a configuration file.
    File(Arc<str>, u64),
    /// The command line.
    CommandLine,
}

impl fmt::Display for SettingOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path, line) => write!(f, "{path}:{line}"),
            Self::CommandLine => f.write_str("command line"),
        }
    }
}

/// The value of a setting and its origin, if it is set.
pub type Setting<T> = Option<(T, SettingOrigin)>;

/// The settings of one table, file, or command line.
#[derive(Debug, Clone, Default)]
pub struct Layer {
    /// The expected kind of the payloads.
    pub kind: Setting<Kind>,
    /// How payloads are found.
    pub capture: Setting<CaptureMode>,
    /// Whether warnings count as errors.
    pub strict: Setting<bool>,
    /// The errors that each payload must have.
    pub expect: Setting<Vec<String>>,
    /// Warnings that are not reported.
    pub allow: Setting<Vec<String>>,
    /// Warnings that count as errors.
    pub deny: Setting<Vec<String>>,
}

impl Layer {
    /// Checks that all codes exist and none has contradicting settings.
    ///
    /// # Errors
    /// A code does not exist, or two settings contradict each other.
    pub fn check(&self) -> Result<(), PolicyError> {
        let [expect, allow, deny] = [&self.expect, &self.allow, &self.deny].map(|setting| {
            let codes = setting.iter().flat_map(|(codes, _)| distinct(codes));
            codes.collect::<Vec<_>>()
        });
        let policy = Policy::new(false, &allow, &deny)?;
        policy.expecting(&expect).map(|_| ())
    }
}

/// Returns the codes without repetitions, which keeps the comparisons of all pairs short.
fn distinct(codes: &[String]) -> Vec<&str> {
    let mut listed = HashSet::new();
    let codes = codes.iter().map(String::as_str);
    codes.filter(|code| listed.insert(*code)).collect()
}

/// How a warning is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum WarningLevel {
    Allowed,
    Denied,
}

/// The settings of all layers together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Settings {
    /// The expected kind of the payloads.
    pub kind: Setting<Kind>,
    /// How payloads are found.
    pub capture: Setting<CaptureMode>,
    /// Whether warnings count as errors.
    pub strict: Setting<bool>,
    /// The errors that each payload must have.
    pub expect: Vec<(String, SettingOrigin)>,
    warnings: BTreeMap<String, (WarningLevel, SettingOrigin)>,
}

impl Settings {
    /// Adds a layer, which overrides the settings before it.
    pub fn add(&mut self, layer: &Layer) {
        if layer.kind.is_some() {
            self.kind.clone_from(&layer.kind);
        }
        if layer.capture.is_some() {
            self.capture.clone_from(&layer.capture);
        }
        if layer.strict.is_some() {
            self.strict.clone_from(&layer.strict);
        }
        if let Some((codes, origin)) = &layer.expect {
            let codes = distinct(codes);
            self.warnings
                .retain(|code, _| !codes.contains(&code.as_str()));
            let codes = codes.into_iter();
            self.expect = codes
                .map(|code| (code.to_owned(), origin.clone()))
                .collect();
        }
        for (setting, level) in [
            (&layer.allow, WarningLevel::Allowed),
            (&layer.deny, WarningLevel::Denied),
        ] {
            for code in setting.iter().flat_map(|(codes, _)| distinct(codes)) {
                let origin = setting
                    .as_ref()
                    .map_or(SettingOrigin::Default, |(_, origin)| origin.clone());
                if level == WarningLevel::Allowed {
                    self.expect.retain(|(expected, _)| expected != code);
                }
                self.warnings.insert(code.to_owned(), (level, origin));
            }
        }
    }

    /// Returns the codes of warnings that are not reported.
    pub fn allowed(&self) -> impl Iterator<Item = (&str, &SettingOrigin)> {
        self.with_level(WarningLevel::Allowed)
    }

    /// Returns the codes of warnings that count as errors.
    pub fn denied(&self) -> impl Iterator<Item = (&str, &SettingOrigin)> {
        self.with_level(WarningLevel::Denied)
    }

    fn with_level(&self, level: WarningLevel) -> impl Iterator<Item = (&str, &SettingOrigin)> {
        let all = self.warnings.iter();
        all.filter(move |(_, (other, _))| *other == level)
            .map(|(code, (_, origin))| (code.as_str(), origin))
    }

    /// Returns how payloads are found.
    pub fn capture(&self) -> CaptureMode {
        self.capture
            .as_ref()
            .map_or(CaptureMode::Auto, |(mode, _)| *mode)
    }

    /// Returns the options for checking payloads.
    pub fn options(&self) -> CheckOptions {
        let allowed: Vec<_> = self.allowed().map(|(code, _)| code).collect();
        let denied: Vec<_> = self.denied().map(|(code, _)| code).collect();
        let expected: Vec<_> = self.expect.iter().map(|(code, _)| code.as_str()).collect();
        let strict = self.strict.as_ref().is_some_and(|(strict, _)| *strict);
        let policy = Policy::new(strict, &allowed, &denied);
        CheckOptions {
            // Each layer was checked, and `add` leaves no contradictions.
            policy: policy
                .and_then(|policy| policy.expecting(&expected))
                .unwrap_or_default(),
            kind: self.kind.as_ref().map(|(kind, _)| *kind),
        }
    }
}
