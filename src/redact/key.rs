//! Derives placeholder digits from a key: the same digits for the same secret, which cannot be
//! traced back to it without the key.
//!
//! The digits are an HMAC-SHA-256 of the secret under the key. Its domain precedes the secret, so
//! that the placeholder of a name reveals nothing about a token with the same text.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The minimum length of a key, in bytes.
pub const MIN_KEY_LENGTH: usize = 16;

/// The key that placeholders are derived from.
#[derive(Clone)]
pub struct Key(Hmac<Sha256>);

/// An error that occurs when a key is created.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The key is too short, so that it may be guessed.
    #[error("a key needs {MIN_KEY_LENGTH} bytes or more, this one has {0}")]
    Short(usize),
    /// The system provides no random bytes.
    #[error("the system gives no random key: {0}")]
    Random(#[from] getrandom::Error),
}

/// The domain of a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Domain {
    /// The second half of a token.
    Token,
    /// A word of any other secret.
    Word,
    /// An id, which may be the first half of a token.
    Id,
    /// A name.
    Name,
    /// An email address.
    Email,
}

impl Key {
    /// Creates a key from given bytes, for the same placeholders in several runs.
    ///
    /// # Errors
    /// The key is too short.
    pub fn new(bytes: &[u8]) -> Result<Self, KeyError> {
        if bytes.len() < MIN_KEY_LENGTH {
            return Err(KeyError::Short(bytes.len()));
        }
        Hmac::new_from_slice(bytes)
            .map(Self)
            .map_err(|_| KeyError::Short(bytes.len()))
    }

    /// Creates a random key.
    ///
    /// # Errors
    /// The system provides no random bytes.
    pub fn random() -> Result<Self, KeyError> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Self::new(&bytes)
    }

    /// Returns `count` lower-case hexadecimal digits for a text.
    pub(super) fn digits(&self, domain: Domain, text: &str, count: usize) -> String {
        let name: &[u8] = match domain {
            Domain::Token => b"token",
            Domain::Word => b"word",
            Domain::Id => b"id",
            Domain::Name => b"name",
            Domain::Email => b"email",
        };
        let mut digits = String::with_capacity(count + 64);
        // A long text is read once only: further blocks are derived from the first.
        let mut seed = text.as_bytes().to_vec();
        for block in 0_u64.. {
            let mut mac = self.0.clone();
            for part in [name, &[0], &block.to_be_bytes(), &seed] {
                mac.update(part);
            }
            let bytes = mac.finalize().into_bytes();
            if block == 0 {
                seed = bytes.to_vec();
            }
            for byte in bytes {
                let _ = write!(digits, "{byte:02x}");
            }
            if digits.len() >= count {
                break;
            }
        }
        digits.truncate(count);
        digits
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}
