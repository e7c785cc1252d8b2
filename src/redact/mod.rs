//! Replaces the secrets of captures, so that they can be committed and shared.
//!
//! Only secrets change; every other byte stays. A placeholder validates as its secret did, is the
//! same for the same secret, and cannot be traced back to it without the key. `secrets` finds what
//! to replace.

mod containers;
mod flows;
mod header_lists;
mod key;
mod lengths;
mod placeholder;
mod redactor;
mod stream;

pub use key::{Key, KeyError, MIN_KEY_LENGTH};
pub use redactor::Redactor;
pub use stream::{RedactedStream, StreamStatus};

/// The classes of secrets to replace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each class is independent of the others"
)]
pub struct Classes {
    /// Tokens and keys.
    pub tokens: bool,
    /// Secrets in URLs.
    pub urls: bool,
    /// HTTP headers with secret values.
    pub headers: bool,
    /// The name and the email address of the person who requested an integration.
    pub requestor: bool,
    /// Ids.
    pub ids: bool,
    /// Names of enterprises, services and integrations.
    pub names: bool,
}

impl Default for Classes {
    /// Enables all classes except for ids and names.
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
