//! What counts: `--strict`, `--allow`, `--deny` and `--expect`.

use crate::diagnostic::{Level, Rule, Severity};

use super::rule;

/// How grave each code is taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    strict: bool,
    allowed: Vec<&'static str>,
    denied: Vec<&'static str>,
    expected: Vec<&'static str>,
}

/// Codes that can't be moved as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// There is no such code.
    #[error("there is no code `{0}`{hint}", hint = meant(.0))]
    Unknown(String),
    /// An error can't be allowed.
    #[error("`{0}` is an error, and only warnings can be allowed")]
    Error(&'static str),
    /// A code can't be both.
    #[error("`{0}` is both allowed and {1}")]
    Both(&'static str, &'static str),
    /// What can't be expected.
    #[error("`{0}` says that an expectation is not met, and can't be expected itself")]
    Unexpectable(&'static str),
}

fn meant(code: &str) -> String {
    let codes = super::rules().map(|rule| rule.code);
    let meant = crate::suggestion::nearest(code, codes);
    meant.map_or(String::new(), |meant| format!("; did you mean `{meant}`?"))
}

impl Policy {
    /// Builds a policy: with `strict`, warnings count as errors; allowed warnings are not reported at
    /// all; denied ones are errors.
    ///
    /// # Errors
    /// A code that does not exist, is both allowed and denied, or is an error to be allowed.
    pub fn new(strict: bool, allow: &[&str], deny: &[&str]) -> Result<Self, PolicyError> {
        let denied = find_all(deny)?;
        let allowed = find_all(allow)?;
        for rule in &allowed {
            if rule.level.is_error() {
                return Err(PolicyError::Error(rule.code));
            }
        }
        let policy = Self {
            strict,
            allowed: allowed.iter().map(|rule| rule.code).collect(),
            denied: denied.iter().map(|rule| rule.code).collect(),
            expected: Vec::new(),
        };
        policy.consistent()
    }

    /// The same policy where each payload must have errors of just these codes. Warnings among them
    /// count as errors, as if denied.
    ///
    /// # Errors
    /// A code that does not exist, is allowed, or tells of expectations.
    pub fn expecting(mut self, codes: &[&str]) -> Result<Self, PolicyError> {
        for rule in find_all(codes)? {
            if matches!(rule.level, Level::Expectation | Level::Internal) {
                return Err(PolicyError::Unexpectable(rule.code));
            }
            if !self.expected.contains(&rule.code) {
                self.expected.push(rule.code);
            }
        }
        self.consistent()
    }

    fn consistent(self) -> Result<Self, PolicyError> {
        for code in &self.allowed {
            if self.denied.contains(code) {
                return Err(PolicyError::Both(code, "denied"));
            }
            if self.expected.contains(code) {
                return Err(PolicyError::Both(code, "expected"));
            }
        }
        Ok(self)
    }

    /// The codes of the errors that each payload must have; none where all must be valid.
    pub fn expected(&self) -> &[&'static str] {
        &self.expected
    }

    /// How grave a rule's findings are; nothing where it is not to be reported.
    pub fn severity(&self, rule: &Rule) -> Option<Severity> {
        if rule.level.is_error()
            || self.denied.contains(&rule.code)
            || self.expected.contains(&rule.code)
        {
            Some(Severity::Error)
        } else if rule.level == Level::OnDemand || self.allowed.contains(&rule.code) {
            None
        } else if self.strict {
            Some(Severity::Error)
        } else {
            Some(Severity::Warning)
        }
    }
}

fn find_all(codes: &[&str]) -> Result<Vec<&'static Rule>, PolicyError> {
    let find = |code: &str| rule(code).ok_or_else(|| PolicyError::Unknown(code.to_owned()));
    codes.iter().map(|code| find(code)).collect()
}
