//! Decides the severity of each code: `--strict`, `--allow`, `--deny` and `--expect`.

use crate::diagnostic::{Level, Rule, Severity};

use super::rule;

/// The severity of each code, and the codes that are expected.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    strict: bool,
    allowed: Vec<&'static str>,
    denied: Vec<&'static str>,
    expected: Vec<&'static str>,
}

/// The reason why a policy can't be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// There is no such code.
    #[error("there is no code `{0}`{hint}", hint = suggestion(.0))]
    Unknown(String),
    /// An error can't be allowed.
    #[error("`{0}` is an error, and only warnings can be allowed")]
    Error(&'static str),
    /// A code is both allowed and denied or expected.
    #[error("`{0}` is both allowed and {1}")]
    Both(&'static str, &'static str),
    /// The code can't be expected.
    #[error("`{0}` reports unmet expectations and can't be expected itself")]
    Unexpectable(&'static str),
}

fn suggestion(code: &str) -> String {
    let codes = super::rules().map(|rule| rule.code);
    let nearest = crate::suggestion::nearest(code, codes);
    nearest.map_or(String::new(), |nearest| {
        format!("; did you mean `{nearest}`?")
    })
}

impl Policy {
    /// Creates a policy. With `strict`, all warnings count as errors; allowed warnings are not
    /// reported; denied ones count as errors.
    ///
    /// # Errors
    /// Returns an error if a code does not exist, is both allowed and denied, or is allowed but not a
    /// warning.
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
        policy.checked()
    }

    /// Requires each payload to have errors of exactly these codes. Warnings among them count as
    /// errors, as if denied.
    ///
    /// # Errors
    /// Returns an error if a code does not exist, is allowed, or is `unmet-expectation` itself.
    pub fn expecting(mut self, codes: &[&str]) -> Result<Self, PolicyError> {
        for rule in find_all(codes)? {
            if matches!(rule.level, Level::Expectation | Level::Internal) {
                return Err(PolicyError::Unexpectable(rule.code));
            }
            if !self.expected.contains(&rule.code) {
                self.expected.push(rule.code);
            }
        }
        self.checked()
    }

    fn checked(self) -> Result<Self, PolicyError> {
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

    /// Returns the codes of the errors that each payload must have; none if all must be valid.
    pub fn expected(&self) -> &[&'static str] {
        &self.expected
    }

    /// Returns the severity of a rule's findings, or `None` if they are not reported.
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
