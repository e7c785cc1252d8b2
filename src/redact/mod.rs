//! Captures without their secrets, fit to be committed and shared.
//!
//! Only secrets change; every other byte stays. What takes their place validates as they did, is
//! the same for the same secret, and can't be led back without the key. Where something is to be
//! replaced is for `secrets` to say.

mod edits;
mod key;
mod placeholder;
mod stream;

pub use edits::Redactor;
pub use key::{Key, KeyError, SHORTEST_KEY};
pub use stream::{Flow, Stream};

/// What is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a class of its own")]
pub struct Classes {
    /// Tokens and keys.
    pub tokens: bool,
    /// Secrets in URLs.
    pub urls: bool,
    /// Headers that hold secrets.
    pub headers: bool,
    /// Who asked for an integration: name and email.
    pub requestor: bool,
    /// Ids.
    pub ids: bool,
    /// Names of enterprises, services and integrations.
    pub names: bool,
}

impl Default for Classes {
    /// Secrets and people.
    fn default() -> Self {
        Self {
            tokens: true,
            urls: true,
            headers: true,
            requestor: true,
            ids: false,
            names: false,
        }
    }
}
