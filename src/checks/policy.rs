//! What counts: `--strict`, `--allow` and `--deny`.

use crate::diagnostic::{Level, Rule, Severity};

use super::rule;

/// How grave each code is taken.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    strict: bool,
    allowed: Vec<&'static str>,
    denied: Vec<&'static str>,
}

/// Codes that can't be moved as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// There is no such code.
    #[error("there is no code `{0}`")]
    Unknown(String),
    /// An error can't be allowed.
    #[error("`{0}` is an error, and only remarks can be allowed")]
    Error(&'static str),
    /// A code can't be both.
    #[error("`{0}` is both allowed and denied")]
    Both(&'static str),
}

impl Policy {
    /// Builds a policy: with `strict`, remarks count as errors; allowed remarks are not made at
    /// all; denied ones are errors.
    ///
    /// # Errors
    /// A code that does not exist, is both allowed and denied, or is an error to be allowed.
    pub fn new(strict: bool, allow: &[String], deny: &[String]) -> Result<Self, PolicyError> {
        let find = |code: &String| rule(code).ok_or_else(|| PolicyError::Unknown(code.clone()));
        let mut policy = Self {
            strict,
            ..Self::default()
        };
        for code in deny {
            policy.denied.push(find(code)?.code);
        }
        for code in allow {
            let rule = find(code)?;
            if rule.level == Level::Error {
                return Err(PolicyError::Error(rule.code));
            }
            if policy.denied.contains(&rule.code) {
                return Err(PolicyError::Both(rule.code));
            }
            policy.allowed.push(rule.code);
        }
        Ok(policy)
    }

    /// How grave a rule's findings are; nothing where it is not to be reported.
    pub fn severity(&self, rule: &Rule) -> Option<Severity> {
        if rule.level == Level::Error || self.denied.contains(&rule.code) {
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
